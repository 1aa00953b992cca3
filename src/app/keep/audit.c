/* SPDX-License-Identifier: Apache-2.0 */
/* The audit with its places: what a commit was about, by whom and when, as far as it can be read.
 */
#include <string.h>

#include "app/keep/keep.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "base/json.h"

#define ROWS_SHOWN 6U
#define US_PER_S   1000000LL
#define S_PER_DAY  86400LL
#define CHINA_S    28800LL /* UTC+8 */
#define LINE_BYTES 65536U

void keep_moment(struct buf *b, int64_t at)
{
    char text[DATE_TEXT_BYTES];
    int64_t s = at / US_PER_S + CHINA_S;
    int64_t day = s >= 0 ? s / S_PER_DAY : -((S_PER_DAY - 1 - s) / S_PER_DAY);
    int64_t in_day = s - day * S_PER_DAY;
    bool sane = day > DATE_MIN.days && day < DATE_MAX.days;
    if (!sane) {
        buf_printf(b, "%lld", (long long)at);
        return;
    }
    buf_str(b, date_text((struct date){(int32_t)day}, text));
    buf_printf(b, " %02d:%02d:%02d", (int)(in_day / 3600), (int)(in_day / 60 % 60),
               (int)(in_day % 60));
}

int64_t keep_day_at(struct date day)
{
    return (day.days * S_PER_DAY - CHINA_S) * US_PER_S;
}

/* ---- places --------------------------------------------------------------------------------- */

struct looking {
    struct arena *a;
    struct keep_commit *c;
};

static enum rc on_entry(void *ctx, const struct log_entry *x, struct err *e)
{
    struct looking *l = ctx;
    (void)e;
    l->c->seq = x->seq;
    l->c->at = x->at;
    l->c->actor = str_dup(l->a, x->actor);
    l->c->act = str_dup(l->a, x->act);
    return RC_OK;
}

static enum rc on_row(void *ctx, uint32_t part, struct str unit, struct str what, struct err *e)
{
    struct looking *l = ctx;
    const struct keep_row row = {str_dup(l->a, unit), str_dup(l->a, what)};
    (void)part;
    (void)e;
    vec_push(l->a, &l->c->rows, row);
    return RC_OK;
}

/* The last commit up to this number. */
static enum rc last_upto(struct looking *l, struct store_reader *r, int64_t seq, struct err *e)
{
    const struct log_filter f = {.since = INT64_MIN,
                                 .until = INT64_MAX,
                                 .before = seq < INT64_MAX ? seq + 1 : seq,
                                 .limit = 1};
    return store_log(r, &f, on_entry, l, e);
}

static enum rc find_place(struct arena *a, struct store_reader *r, struct keep_finding *f,
                          struct err *e)
{
    struct looking l = {a, &f->commit};
    int64_t seq = f->f.seq;
    if (seq <= 0) {
        return RC_OK;
    }
    TRY(last_upto(&l, r, seq, e));
    if (f->commit.seq != seq) {
        f->before = f->commit;
        memset(&f->commit, 0, sizeof f->commit);
    }
    return store_log_parcels(r, seq, ROWS_SHOWN, on_row, &l, e);
}

struct collecting {
    struct arena *a;
    struct keep_audit *out;
};

static void on_finding(void *ctx, const struct audit_finding *f)
{
    struct collecting *c = ctx;
    if (c->out->list.n < KEEP_FINDINGS_MAX) {
        struct keep_finding x = {.f = *f};
        x.f.text = str_dup(c->a, f->text);
        vec_push(c->a, &c->out->list, x);
    }
}

enum rc keep_audit(struct arena *a, struct store_reader *r, const struct audit_options *o,
                   struct keep_audit *out, struct err *e)
{
    struct collecting c = {a, out};
    memset(out, 0, sizeof *out);
    TRY(store_end(a, r, &out->end, e));
    TRY(audit_verify(a, r, o, on_finding, &c, &out->result, e));
    for (uint32_t i = 0; i < out->list.n; i++) {
        TRY(find_place(a, r, &out->list.items[i], e));
    }
    return RC_OK;
}

/* ---- printing ------------------------------------------------------------------------------- */

static bool value_of(const void *ctx, struct str key, struct buf *out)
{
    const struct audit_finding *f = ctx;
    if (str_eq(key, STR("seq"))) {
        buf_printf(out, "%lld", (long long)f->seq);
    } else if (str_eq(key, STR("part"))) {
        buf_printf(out, "%u", f->part);
    } else if (str_eq(key, STR("text"))) {
        buf_str(out, f->text);
    } else {
        return false;
    }
    return true;
}

static struct str sentence(struct arena *a, const struct audit_finding *f, bool chinese)
{
    struct buf b;
    buf_init_in(&b, a, LINE_BYTES);
    buf_template(&b, str_from_cstr(audit_text(f->fault, chinese)), value_of, f);
    return buf_view(&b);
}

static void who_and_when(const struct keep_commit *c, struct buf *b)
{
    keep_moment(b, c->at);
    buf_printf(b, " %.*s %.*s", PS(c->actor), PS(c->act));
}

/* `2026-11-26 10:44:03 user/li report.submit: S1 fact, form/R1/S1 doc` */
static struct str place(struct arena *a, const struct keep_finding *f, bool chinese)
{
    struct buf b;
    buf_init_in(&b, a, LINE_BYTES);
    if (f->commit.seq > 0) {
        who_and_when(&f->commit, &b);
    } else if (f->before.seq > 0) {
        buf_printf(&b, chinese ? "第 %lld 次提交之后（" : "after commit %lld (",
                   (long long)f->before.seq);
        who_and_when(&f->before, &b);
        buf_puts(&b, chinese ? "）" : ")");
    }
    for (uint32_t i = 0; i < f->commit.rows.n; i++) {
        const struct keep_row *row = &f->commit.rows.items[i];
        buf_printf(&b, "%s%.*s %.*s",
                   i > 0     ? ", "
                   : b.n > 0 ? ": "
                             : "",
                   PS(row->unit), PS(row->sort));
    }
    buf_puts(&b, f->commit.rows.n == ROWS_SHOWN ? ", …" : "");
    return buf_view(&b);
}

static void line(struct arena *a, const struct keep_print *p, uint32_t indent, const char *head,
                 struct str text)
{
    text_print(str_cat(a, str_from_cstr(head), text), indent, p->width, p->out);
}

static void finding_text(struct arena *a, const struct keep_finding *f, const struct keep_print *p)
{
    struct buf head;
    struct str where = place(a, f, p->chinese);
    buf_init_in(&head, a, LINE_BYTES);
    buf_printf(&head, p->chinese ? "问题 %s：" : "finding %s: ", audit_code(f->f.fault));
    line(a, p, 0, buf_view(&head).p, sentence(a, &f->f, p->chinese));
    if (where.n > 0) {
        line(a, p, 2, p->chinese ? "位置：" : "where: ", where);
    }
    line(a, p, 2,
         p->chinese ? "处理：" : "remedy: ", str_from_cstr(audit_remedy(f->f.fault, p->chinese)));
}

static void audit_as_text(struct arena *a, const struct keep_audit *x, bool outside,
                          const struct keep_print *p)
{
    for (uint32_t i = 0; i < x->list.n; i++) {
        finding_text(a, &x->list.items[i], p);
    }
    if (x->result.n_findings > x->list.n) {
        buf_printf(p->out, p->chinese ? "另有 %u 个问题\n" : "%u further findings\n",
                   x->result.n_findings - x->list.n);
    }
    buf_printf(p->out,
               p->chinese ? "已核对提交 %lld 次、佐证文件 %lld 个、存证 %lld 份：%u 个问题\n"
                          : "%lld commits, %lld files, %lld anchors looked at: %u findings\n",
               (long long)x->result.events, (long long)x->result.files,
               (long long)x->result.anchors, x->result.n_findings);
    if (!outside && x->result.n_findings == 0) {
        text_print(p->chinese
                       ? STR("未提供另行存放的存证：能改写整个数据库者仍可能改写过日志。请定期用 "
                             "tizhi audit anchor 留存，并用 --anchor 核对。")
                       : STR("No anchor from elsewhere was given: whoever can write the whole "
                             "database could have rewritten the log. File anchors away (tizhi "
                             "audit anchor) and give them with --anchor."),
                   0, p->width, p->out);
    }
}

static void rows_json(const struct keep_commit *c, struct json *j)
{
    json_key(j, "rows");
    json_arr_begin(j);
    for (uint32_t i = 0; i < c->rows.n; i++) {
        json_obj_begin(j);
        json_kv_str(j, "unit", c->rows.items[i].unit);
        json_kv_str(j, "sort", c->rows.items[i].sort);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void finding_json(struct arena *a, const struct keep_finding *f, struct json *j)
{
    json_obj_begin(j);
    json_kv_cstr(j, "code", audit_code(f->f.fault));
    json_kv_int(j, "commit", f->f.seq);
    json_kv_int(j, "part", f->f.part);
    json_kv_str(j, "text", f->f.text);
    json_kv_int(j, "at", f->commit.at);
    json_kv_str(j, "actor", f->commit.actor);
    json_kv_str(j, "act", f->commit.act);
    json_kv_int(j, "after", f->before.seq);
    rows_json(&f->commit, j);
    json_kv_str(j, "en", sentence(a, &f->f, false));
    json_kv_str(j, "zh", sentence(a, &f->f, true));
    json_kv_cstr(j, "remedy_en", audit_remedy(f->f.fault, false));
    json_kv_cstr(j, "remedy_zh", audit_remedy(f->f.fault, true));
    json_obj_end(j);
}

static void audit_as_json(struct arena *a, const struct keep_audit *x, struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_kv_str(&j, "book", x->end.book);
    json_kv_int(&j, "commits", x->result.events);
    /* Not how many parcels: what a commit adds to them would be how many rows it has (C41). */
    json_kv_int(&j, "files", x->result.files);
    json_kv_int(&j, "anchors", x->result.anchors);
    json_kv_int(&j, "n_findings", x->result.n_findings);
    json_key(&j, "findings");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < x->list.n; i++) {
        finding_json(a, &x->list.items[i], &j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
}

void keep_audit_print(struct arena *a, const struct keep_audit *x, bool outside,
                      const struct keep_print *p)
{
    if (p->json) {
        audit_as_json(a, x, p->out);
    } else {
        audit_as_text(a, x, outside, p);
    }
}

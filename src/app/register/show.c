/* SPDX-License-Identifier: Apache-2.0 */
/* Registers as text and JSON. */
#include "app/register/register_int.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "model/mark.h"

#define SMALL "<10" /* C41 */

static struct str number(const struct desk *d, int64_t n)
{
    return rat_frac_str(d->a, rat_int(n));
}

static struct str day_text(const struct desk *d, struct date day)
{
    char text[DATE_TEXT_BYTES];
    return date_is_sentinel(day) ? STR("") : str_dup(d->a, date_text(day, text));
}

static void key_date(struct json *j, const char *key, struct date day)
{
    char text[DATE_TEXT_BYTES];
    json_kv_str(j, key, date_is_sentinel(day) ? STR("") : date_text(day, text));
}

/* ---- the registers of the plan -------------------------------------------------------------- */

const char *register_class_name(enum data_class c, bool chinese)
{
    static const char *const names[][2] = {[CLASS_PUBLIC] = {"public", "公开"},
                                           [CLASS_INTERNAL] = {"internal", "内部"},
                                           [CLASS_SENSITIVE] = {"sensitive", "敏感"},
                                           [CLASS_SEALED] = {"sealed", "密封"}};
    return names[c][chinese];
}

static struct str filing_text(const struct reg *g, bool chinese)
{
    return !g->filed ? STR("") : chinese ? period_kind_zh(g->filing) : period_kind_en(g->filing);
}

struct str register_owners(const struct desk *d, uint32_t reg)
{
    uint32_t kind = d->plan->regs[reg].owner_kind;
    return kind == NONE ? STR("") : d->plan->kinds[kind].name;
}

static struct str fields_text(const struct desk *d, const struct reg *g)
{
    struct buf b;
    buf_init_in(&b, d->a, LIMIT_STR_BYTES);
    for (uint32_t i = 0; i < g->n_fields; i++) {
        const struct field *f = &d->plan->fields[g->first_field + i];
        buf_printf(&b, "%s%.*s%s", i > 0 ? ", " : "", PS(f->d.name), f->key ? "*" : "");
    }
    return buf_view(&b);
}

void register_list_show(struct desk *d, const struct register_how *how, bool chinese,
                        uint32_t width, struct buf *out)
{
    struct table t = table_new(d->a, 7);
    const struct str zh[] = {STR("台账"), STR("登记单位"), STR("报送"),       STR("审核"),
                             STR("签字"), STR("密级"),     STR("字段（*键）")};
    const struct str en[] = {STR("register"),   STR("owners"), STR("filed"),        STR("reviewed"),
                             STR("signatures"), STR("class"),  STR("fields (*key)")};
    table_row(&t, chinese ? zh : en);
    for (uint32_t i = 0; i < d->plan->n_regs; i++) {
        const struct reg *g = &d->plan->regs[i];
        const char *review = how[i].by_row ? (chinese ? "逐行" : "by row")
                                           : (chinese ? "随报送" : "with its statement");
        const struct str cells[] = {
            g->name,
            register_owners(d, i),
            filing_text(g, chinese),
            str_from_cstr(review),
            how[i].signatures > 0 ? number(d, how[i].signatures) : STR(""),
            str_from_cstr(register_class_name(register_class(d->plan, i), chinese)),
            fields_text(d, g)};
        table_row(&t, cells);
    }
    table_print(&t, width, out);
}

void register_fields_json(const struct desk *d, uint32_t reg, struct json *j)
{
    const struct reg *g = &d->plan->regs[reg];
    json_arr_begin(j);
    for (uint32_t k = 0; k < g->n_fields; k++) {
        const struct field *f = &d->plan->fields[g->first_field + k];
        json_obj_begin(j);
        json_kv_str(j, "field", f->d.name);
        json_kv_str(j, "definition", mark_words(d->a, f->d.definition));
        datum_type_json(&f->d, j);
        json_kv_str(j, "measure", f->d.unit);
        json_kv_bool(j, "key", f->key);
        json_kv_cstr(j, "class", register_class_name(f->d.class_, false));
        json_obj_end(j);
    }
    json_arr_end(j);
}

void register_list_json(struct desk *d, const struct register_how *how, struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < d->plan->n_regs; i++) {
        const struct reg *g = &d->plan->regs[i];
        json_obj_begin(&j);
        json_kv_str(&j, "register", g->name);
        json_kv_str(&j, "owners", register_owners(d, i));
        json_kv_str(&j, "filed", filing_text(g, false));
        json_kv_cstr(&j, "review", how[i].by_row ? "rows" : "state");
        json_kv_int(&j, "signatures", how[i].signatures);
        json_kv_cstr(&j, "class", register_class_name(register_class(d->plan, i), false));
        json_key(&j, "fields");
        register_fields_json(d, i, &j);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_end(&j);
}

/* ---- a unit's register ---------------------------------------------------------------------- */

struct str register_waits_for(const struct submission *s)
{
    return s->state == REPORT_SUBMITTED ? s->tiers[s->at] : STR("");
}

/* What is said of a row where it is carried: by its own review, else by the statement. */
static struct str reasons(struct desk *d, const struct report_notes *notes, struct str id)
{
    struct buf b;
    struct str dotted = str_cat(d->a, id, STR("."));
    buf_init_in(&b, d->a, LIMIT_STR_BYTES);
    for (uint32_t i = 0; i < notes->list.n; i++) {
        const struct report_note *n = &notes->list.items[i];
        if (str_eq(n->about, id) || str_starts(n->about, dotted)) {
            struct str field = str_sub(n->about, dotted.n, n->about.n);
            buf_printf(&b, "%s%.*s%s%.*s", b.n > 0 ? "; " : "", PS(field), field.n > 0 ? ": " : "",
                       PS(n->text));
        }
    }
    return buf_view(&b);
}

static const struct register_review *statement_of(const struct register_carrier *c,
                                                  struct str period)
{
    for (uint32_t i = 0; i < c->statements.list.n; i++) {
        if (str_eq(c->statements.list.items[i].period, period)) {
            return &c->statements.list.items[i];
        }
    }
    return NULL;
}

struct register_carrier register_carrier_of(struct desk *d, const struct register_view *v)
{
    struct register_carrier c = {.d = d, .v = v};
    for (uint32_t i = 0; i < v->rows.n; i++) {
        struct str period = v->rows.items[i].doc.statement;
        struct register_review s;
        struct err none = {0};
        if (period.n > 0 && statement_of(&c, period) == NULL) {
            if (register_statement(d, v, period, &s, &none) != RC_OK) {
                s = (struct register_review){.sheet.review.state = REPORT_NONE};
            }
            s.period = period;
            vec_push(d->a, &c.statements.list, s);
        }
    }
    return c;
}

struct submission register_review_of(struct register_carrier *c, uint32_t ix)
{
    const struct entry *t = &c->v->rows.items[ix];
    struct register_review own;
    struct err none = {0};
    if (t->doc.statement.n == 0) {
        bool read = c->v->how.by_row && t->seen > 0 &&
                    register_entry_review(c->d, c->v, ix, &own, &none) == RC_OK;
        return read ? own.sheet.review : (struct submission){.state = REPORT_NONE};
    }
    return statement_of(c, t->doc.statement)->sheet.review;
}

struct str register_when(const struct desk *d, const struct reg_row *row)
{
    if (row->dated) {
        return day_text(d, row->day);
    }
    if (date_is_sentinel(row->since) && date_is_sentinel(row->until)) {
        return STR("");
    }
    struct str text = str_cat(d->a, day_text(d, row->since), STR(" – "));
    return str_cat(d->a, text, day_text(d, row->until));
}

struct str register_content(const struct desk *d, const struct register_view *v,
                            const struct reg_row *row, bool chinese)
{
    struct buf b;
    buf_init_in(&b, d->a, LIMIT_STR_BYTES);
    for (uint32_t i = 0; i < d->plan->regs[v->reg].n_fields; i++) {
        const struct datum *of = &register_field(d, v, i)->d;
        const struct value value = reg_row_value(row, i);
        if (value.has) {
            struct str text = cell_shown(d->a, of, &value, chinese);
            buf_printf(&b, "%s%.*s=%.*s", b.n > 0 ? ", " : "", PS(of->name), PS(text));
        }
    }
    return buf_view(&b);
}

static void show_head(struct desk *d, const struct register_view *v,
                      const struct register_review *s, bool chinese, struct buf *out)
{
    uint32_t n[2] = {0};
    for (uint32_t i = 0; i < v->rows.n; i++) {
        n[0] += v->rows.items[i].doc.stands > 0;
        n[1] += entry_pending(v->rows.items[i].doc.state);
    }
    buf_printf(out,
               chinese ? "台账 %.*s，%.*s：在册 %u 行，待定 %u 行，提交号 %lld\n"
                       : "register %.*s of %.*s: %u rows stand, %u are pending, commit %lld\n",
               PS(register_name(d, v->reg)), PS(desk_code(d, v->unit)), n[0] + v->unnamed, n[1],
               (long long)v->touched);
    if (v->unnamed > 0) {
        buf_printf(out,
                   chinese ? "其中 %u 行来自没有编号的数据表，不能在此变更\n"
                           : "%u of them came from tables without an id and cannot be changed\n",
                   v->unnamed);
    }
    if (s == NULL) {
        return;
    }
    const struct submission *r = &s->sheet.review;
    buf_printf(out,
               chinese ? "%.*s 报送：%s%s，第 %lld 版，提交号 %lld\n"
                       : "statement for %.*s: %s%s, version %lld, commit %lld\n",
               PS(s->period), report_state_text(r->state, chinese),
               !s->sheet.nil ? ""
               : chinese     ? "（无）"
                             : " (none)",
               (long long)r->version, (long long)s->seen);
    if (r->state == REPORT_SUBMITTED) {
        buf_printf(out, chinese ? "待 %.*s 审核\n" : "waits for %.*s\n", PS(register_waits_for(r)));
    }
    const struct report_note *whole = report_note_of(&r->returned, STR(""));
    if (whole != NULL) {
        buf_printf(out, chinese ? "整体退回：%.*s\n" : "returned as a whole: %.*s\n",
                   PS(whole->text));
    }
}

void register_show(struct desk *d, const struct register_view *v, const struct register_review *s,
                   bool chinese, uint32_t width, struct buf *out)
{
    struct register_carrier c = register_carrier_of(d, v);
    show_head(d, v, s, chinese, out);
    struct table t = table_new(d->a, 7);
    const struct str zh[] = {STR("编号"), STR("时间"),     STR("内容"), STR("状态"),
                             STR("原因"), STR("退回理由"), STR("关联")};
    const struct str en[] = {STR("id"),    STR("when"),     STR("content"), STR("state"),
                             STR("cause"), STR("returned"), STR("lineage")};
    table_row(&t, chinese ? zh : en);
    for (uint32_t i = 0; i < v->rows.n; i++) {
        const struct entry *x = &v->rows.items[i];
        const struct reg_row *row = entry_row(x);
        const struct submission r = register_review_of(&c, i);
        struct str state = str_from_cstr(entry_state_text(x->doc.state, chinese));
        struct str line = x->doc.before.n > 0 ? str_cat(d->a, STR("← "), x->doc.before) : STR("");
        if (x->doc.after.n > 0) {
            line = str_cat(d->a, str_cat(d->a, line, STR(" → ")), x->doc.after);
        }
        if (x->doc.offered.n > 0) {
            line = str_cat(d->a, str_cat(d->a, line, STR(" ⇢ ")), x->doc.offered);
        }
        if (x->doc.declined.n > 0) {
            line = str_cat(d->a, str_cat(d->a, line, STR(" ✕ ")), x->doc.declined);
        }
        const struct str cells[] = {x->id,
                                    row != NULL ? register_when(d, row) : STR(""),
                                    row != NULL ? register_content(d, v, row, chinese) : STR(""),
                                    state,
                                    entry_pending(x->doc.state) ? x->doc.cause : STR(""),
                                    reasons(d, &r.returned, x->id),
                                    line};
        table_row(&t, cells);
    }
    table_print(&t, width, out);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

void register_row_json(const struct desk *d, const struct register_view *v,
                       const struct reg_row *row, struct json *j)
{
    json_obj_begin(j);
    key_date(j, "date", row->dated ? row->day : DATE_MIN);
    key_date(j, "from", row->since);
    key_date(j, "to", row->until);
    key_date(j, "revoked", row->revoked);
    json_key(j, "fields");
    json_obj_begin(j);
    for (uint32_t i = 0; i < d->plan->regs[v->reg].n_fields; i++) {
        const struct datum *of = &register_field(d, v, i)->d;
        const struct value value = reg_row_value(row, i);
        json_key_str(j, of->name);
        json_str(j, cell_shown(d->a, of, &value, false));
    }
    json_obj_end(j);
    json_obj_end(j);
}

void register_notes_json(struct desk *d, const struct report_notes *notes, struct str id,
                         struct json *j)
{
    struct str dotted = str_cat(d->a, id, STR("."));
    json_arr_begin(j);
    for (uint32_t i = 0; i < notes->list.n; i++) {
        const struct report_note *n = &notes->list.items[i];
        if (str_eq(n->about, id) || str_starts(n->about, dotted)) {
            json_obj_begin(j);
            json_kv_str(j, "field", str_sub(n->about, dotted.n, n->about.n));
            json_kv_str(j, "text", n->text);
            json_kv_str(j, "actor", n->actor);
            json_obj_end(j);
        }
    }
    json_arr_end(j);
}

static void json_entry(struct register_carrier *c, uint32_t ix, struct json *j)
{
    struct desk *d = c->d;
    const struct register_view *v = c->v;
    const struct entry *t = &v->rows.items[ix];
    const struct submission r = register_review_of(c, ix);
    json_obj_begin(j);
    json_kv_str(j, "id", t->id);
    json_kv_cstr(j, "state", entry_state_name(t->doc.state));
    json_kv_int(j, "version", t->doc.version);
    json_kv_int(j, "stands", t->doc.stands);
    json_kv_bool(j, "strike", t->doc.strike);
    json_kv_str(j, "cause", t->doc.cause);
    json_kv_str(j, "before", t->doc.before);
    json_kv_str(j, "after", t->doc.after);
    json_kv_bool(j, "transfer", t->doc.transfer);
    json_kv_str(j, "offered", t->doc.offered);
    key_date(j, "offered_from", t->doc.from);
    json_kv_str(j, "declined", t->doc.declined);
    json_kv_str(j, "waits_for", register_waits_for(&r));
    json_kv_int(j, "seen", t->seen);
    if (t->doc.stands > 0) {
        json_key(j, "standing");
        register_row_json(d, v, &t->stands, j);
    }
    if (entry_pending(t->doc.state)) {
        json_key(j, "pending");
        register_row_json(d, v, &t->pending, j);
    }
    json_key(j, "returned");
    register_notes_json(d, &r.returned, t->id, j);
    json_obj_end(j);
}

void register_statement_json(const struct register_review *s, struct json *j)
{
    const struct submission *r = &s->sheet.review;
    const struct report_note *whole = report_note_of(&r->returned, STR(""));
    json_obj_begin(j);
    json_kv_str(j, "period", s->period);
    json_kv_cstr(j, "state", r->state == REPORT_NONE ? "silent" : report_state_name(r->state));
    json_kv_int(j, "version", r->version);
    json_kv_bool(j, "nil", s->sheet.nil);
    json_kv_int(j, "rows", s->sheet.rows);
    json_kv_int(j, "signatures", r->signatures.list.n);
    json_kv_str(j, "waits_for", register_waits_for(r));
    json_kv_str(j, "cause", r->cause);
    json_kv_str(j, "returned", whole != NULL ? whole->text : STR(""));
    json_kv_int(j, "seen", s->seen);
    json_obj_end(j);
}

void register_json(struct desk *d, const struct register_view *v, const struct register_review *s,
                   struct buf *out)
{
    struct json j;
    struct register_carrier c = register_carrier_of(d, v);
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_kv_str(&j, "register", register_name(d, v->reg));
    json_kv_str(&j, "unit", desk_code(d, v->unit));
    json_kv_cstr(&j, "review", v->how.by_row ? "rows" : "state");
    json_kv_int(&j, "unnamed", v->unnamed);
    if (s != NULL) {
        json_key(&j, "statement");
        register_statement_json(s, &j);
    }
    json_key(&j, "rows");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < v->rows.n; i++) {
        json_entry(&c, i, &j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
}

/* ---- what others offer ---------------------------------------------------------------------- */

void register_offers_show(struct desk *d, const struct register_offers *o, bool chinese,
                          uint32_t width, struct buf *out)
{
    struct table t = table_new(d->a, 5);
    const struct str zh[] = {STR("移交单位"), STR("编号"), STR("自"), STR("时间"), STR("内容")};
    const struct str en[] = {STR("offered by"), STR("id"), STR("from"), STR("when"),
                             STR("content")};
    table_row(&t, chinese ? zh : en);
    for (uint32_t i = 0; i < o->list.n; i++) {
        const struct register_view *of = &o->list.items[i].of;
        const struct entry *x = &of->rows.items[o->list.items[i].ix];
        const struct str cells[] = {desk_code(d, of->unit), x->id, day_text(d, x->doc.from),
                                    register_when(d, &x->stands),
                                    register_content(d, of, &x->stands, chinese)};
        table_row(&t, cells);
    }
    table_print(&t, width, out);
}

void register_offers_json(struct desk *d, const struct register_offers *o, struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < o->list.n; i++) {
        const struct register_view *of = &o->list.items[i].of;
        const struct entry *x = &of->rows.items[o->list.items[i].ix];
        json_obj_begin(&j);
        json_kv_str(&j, "of", desk_code(d, of->unit));
        json_kv_str(&j, "row", x->id);
        key_date(&j, "from", x->doc.from);
        json_kv_int(&j, "seen", x->seen);
        json_key(&j, "standing");
        register_row_json(d, of, &x->stands, &j);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_end(&j);
}

/* ---- what a table would do ------------------------------------------------------------------- */

void register_lines_show(struct desk *d, const struct register_view *v,
                         const struct register_lines *l, bool chinese, uint32_t width,
                         struct buf *out)
{
    for (uint32_t i = 0; i < LINE__SORTS; i++) {
        buf_printf(out, "%s %u  ", register_sort_text((enum register_sort)i, chinese), l->of[i]);
    }
    buf_putc(out, '\n');
    struct table t = table_new(d->a, 5);
    const struct str zh[] = {STR("行"), STR("处理"), STR("编号"), STR("时间"), STR("内容")};
    const struct str en[] = {STR("line"), STR("does"), STR("id"), STR("when"), STR("content")};
    table_row(&t, chinese ? zh : en);
    for (uint32_t i = 0; i < l->list.n; i++) {
        const struct register_line *x = &l->list.items[i];
        if (x->sort == LINE_UNCHANGED) {
            continue;
        }
        bool read = x->row.fields != NULL;
        const struct str cells[] = {x->line > 0 ? number(d, x->line) : STR(""),
                                    str_from_cstr(register_sort_text(x->sort, chinese)), x->id,
                                    read ? register_when(d, &x->row) : STR(""),
                                    read ? register_content(d, v, &x->row, chinese) : STR("")};
        table_row(&t, cells);
    }
    table_print(&t, width, out);
}

void register_lines_json(struct desk *d, const struct register_view *v,
                         const struct register_lines *l, struct json *j)
{
    for (uint32_t i = 0; i < LINE__SORTS; i++) {
        json_kv_int(j, register_sort_name((enum register_sort)i), l->of[i]);
    }
    json_key(j, "lines");
    json_arr_begin(j);
    for (uint32_t i = 0; i < l->list.n; i++) {
        const struct register_line *x = &l->list.items[i];
        json_obj_begin(j);
        json_kv_int(j, "line", x->line);
        json_kv_cstr(j, "sort", register_sort_name(x->sort));
        json_kv_str(j, "id", x->id);
        if (x->row.fields != NULL) {
            json_key(j, "row");
            register_row_json(d, v, &x->row, j);
        }
        json_obj_end(j);
    }
    json_arr_end(j);
}

/* ---- where the owners stand ----------------------------------------------------------------- */

static struct str count_text(const struct desk *d, const struct register_status_line *l)
{
    if (!l->hidden) {
        return number(d, l->standing);
    }
    return l->standing < 10 ? STR(SMALL) : STR("–");
}

struct table register_status_table(struct desk *d, uint32_t reg, const struct register_status *s,
                                   bool chinese)
{
    struct table t = table_new(d->a, 6);
    const struct str zh[] = {STR("机构"), STR("名称"), STR("报送"),
                             STR("在册"), STR("待定"), STR("审核单位")};
    const struct str en[] = {STR("unit"), STR("name"),    STR("statement"),
                             STR("rows"), STR("pending"), STR("waits for")};
    table_row(&t, chinese ? zh : en);
    for (uint32_t i = 0; i < s->n; i++) {
        const struct register_status_line *l = &s->lines[i];
        const struct tree_version *now = tree_version_at(d->tree, l->unit, d->today);
        struct str state = str_from_cstr(report_state_text(l->sheet.review.state, chinese));
        if (l->sheet.nil && !s->sealed) {
            state = str_cat(d->a, state, chinese ? STR("（无）") : STR(" (none)"));
        }
        const struct str cells[] = {desk_code(d, l->unit),
                                    now != NULL ? now->name : STR(""),
                                    d->plan->regs[reg].filed ? state : STR(""),
                                    count_text(d, l),
                                    s->sealed ? STR("") : number(d, l->pending),
                                    register_waits_for(&l->sheet.review)};
        table_row(&t, cells);
    }
    return t;
}

void register_status_show(struct desk *d, uint32_t reg, const struct register_status *s,
                          bool chinese, uint32_t width, struct buf *out)
{
    for (uint32_t i = 0; d->plan->regs[reg].filed && i < REPORT__STATES; i++) {
        if (s->of_state[i] > 0) {
            buf_printf(out, "%s %u  ", report_state_text((enum report_state)i, chinese),
                       s->of_state[i]);
        }
    }
    if (!s->hidden) {
        buf_printf(out, chinese ? "在册 %u 行" : "%u rows stand", s->standing);
    }
    if (!s->sealed) {
        buf_printf(out, chinese ? "，待定 %u 行" : ", %u are pending", s->pending);
    }
    buf_putc(out, '\n');
    struct table t = register_status_table(d, reg, s, chinese);
    table_print(&t, width, out);
}

static void json_count(struct json *j, uint32_t n, bool hidden)
{
    json_key(j, "rows");
    if (hidden) {
        json_null(j);
    } else {
        json_int(j, n);
    }
    json_kv_bool(j, "suppressed", hidden);
}

void register_status_json(struct desk *d, uint32_t reg, struct str period,
                          const struct register_status *s, struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_kv_str(&j, "register", register_name(d, reg));
    json_kv_str(&j, "period", period);
    json_kv_bool(&j, "sealed", s->sealed);
    json_count(&j, s->standing, s->hidden);
    if (!s->sealed) {
        json_kv_int(&j, "pending", s->pending);
    }
    for (uint32_t i = 0; period.n > 0 && i < REPORT__STATES; i++) {
        json_kv_int(&j, i == REPORT_NONE ? "silent" : report_state_name((enum report_state)i),
                    s->of_state[i]);
    }
    json_key(&j, "units");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < s->n; i++) {
        const struct register_status_line *l = &s->lines[i];
        const struct submission *r = &l->sheet.review;
        json_obj_begin(&j);
        json_kv_str(&j, "unit", desk_code(d, l->unit));
        json_kv_cstr(&j, "state", r->state == REPORT_NONE ? "silent" : report_state_name(r->state));
        json_kv_int(&j, "version", r->version);
        json_kv_str(&j, "waits_for", register_waits_for(r));
        json_count(&j, l->standing, l->hidden);
        if (!s->sealed) {
            json_kv_bool(&j, "nil", l->sheet.nil);
            json_kv_int(&j, "pending", l->pending);
        }
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
}

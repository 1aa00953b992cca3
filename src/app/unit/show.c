/* SPDX-License-Identifier: Apache-2.0 */
/* Units as people see them: operations, the tree of a day, the history of one. */
#include "app/listing.h"
#include "app/unit/desk.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "model/plan.h"

#define CELL_BYTES 65536U

static struct str day_text(struct arena *a, struct date d)
{
    char text[DATE_TEXT_BYTES];
    return date_is_sentinel(d) ? STR("") : str_dup(a, date_text(d, text));
}

/* ---- operations ----------------------------------------------------------------------------- */

static const struct {
    const char *word, *text[2];
} acts[UNIT__ACTS] = {
    [UNIT_CREATE] = {"create", {"create", "新设"}},
    [UNIT_RENAME] = {"rename", {"rename", "更名"}},
    [UNIT_MOVE] = {"move", {"move", "划转"}},
    [UNIT_CHANGE] = {"change", {"change", "变更类别"}},
    [UNIT_CLOSE] = {"close", {"close", "撤销"}},
    [UNIT_REOPEN] = {"reopen", {"reopen", "恢复"}},
    [UNIT_MERGE] = {"merge", {"merge", "并入"}},
    [UNIT_SPLIT] = {"split", {"split", "拆分"}},
    [UNIT_UNDO] = {"undo", {"undo", "撤回"}},
};

static struct str others_of(struct arena *a, const struct unit_op *op)
{
    struct buf b;
    buf_init_in(&b, a, CELL_BYTES);
    for (uint32_t i = 0; i < op->n_others; i++) {
        buf_printf(&b, "%s%.*s", i > 0 ? ", " : "", PS(op->others[i]));
    }
    return buf_view(&b);
}

void unit_ops_print(struct arena *a, const struct unit_op *ops, uint32_t n, int64_t seq,
                    const struct keep_print *p)
{
    static const struct listing_column columns[] = {
        {"act", {"act", "变更"}},       {"code", {"code", "代码"}},
        {"name", {"name", "名称"}},     {"kind", {"kind", "对象"}},
        {"parent", {"parent", "上级"}}, {"others", {"others", "其他机构"}},
        {"from", {"from", "生效日"}}};
    struct listing g = listing_new(a, columns, 7, p->json, p->chinese);
    if (p->json) {
        json_init(&g.json, p->out, true);
        json_obj_begin(&g.json);
        json_kv_int(&g.json, "commit", seq);
        json_key(&g.json, "changes");
        json_arr_begin(&g.json);
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct unit_op *op = &ops[i];
        const struct str cells[] = {
            str_from_cstr(p->json ? acts[op->act].word : acts[op->act].text[p->chinese]),
            op->code,
            op->name,
            op->kind,
            op->parent,
            others_of(a, op),
            day_text(a, op->day)};
        listing_row(&g, cells);
    }
    if (p->json) {
        json_arr_end(&g.json);
        json_obj_end(&g.json);
        json_end(&g.json);
        return;
    }
    if (n > 0) {
        table_print(&g.table, p->width, p->out);
    }
    if (seq > 0) {
        buf_printf(p->out,
                   p->chinese ? "已记入第 %lld 次提交：变更 %u 项\n"
                              : "recorded as commit %lld: %u changes\n",
                   (long long)seq, n);
    } else {
        buf_printf(p->out, p->chinese ? "变更 %u 项，未写入\n" : "%u changes, nothing recorded\n",
                   n);
    }
}

/* ---- the tree of a day ---------------------------------------------------------------------- */

enum rc unit_tree_print(struct arena *a, const struct plan *plan, const struct tree *tree,
                        struct date day, struct str within, const struct keep_print *p,
                        struct err *e)
{
    static const struct listing_column columns[] = {{"code", {"code", "代码"}},
                                                    {"name", {"name", "名称"}},
                                                    {"alias", {"alias", "别名"}},
                                                    {"kind", {"kind", "对象"}},
                                                    {"parent", {"parent", "上级"}}};
    const struct tree_snap *s = NULL;
    uint32_t unit = NONE;
    TRY(tree_at(a, tree, day, &s, e));
    if (within.n > 0 &&
        (!tree_unit_of_code(tree, within, &unit) || s->index_of[unit] == TREE_NONE)) {
        return err_set(e, RC_NOT_FOUND, "there is no unit %.*s on that day", "当日没有机构 %.*s",
                       PS(within));
    }
    uint32_t first = unit != NONE ? s->index_of[unit] : 0;
    uint32_t end = unit != NONE ? s->end[first] : s->n;
    struct listing g = listing_new(a, columns, 5, p->json, p->chinese);
    if (p->json) {
        json_init(&g.json, p->out, true);
        json_arr_begin(&g.json);
    }
    for (uint32_t i = first; i < end; i++) {
        const struct tree_version *v = &tree->versions[s->version[i]];
        const struct str cells[] = {v->code, v->name, v->alias, plan->kinds[v->kind].name,
                                    v->parent};
        listing_row(&g, cells);
    }
    if (p->json) {
        json_arr_end(&g.json);
        json_end(&g.json);
    } else if (p->rows != NULL) {
        table_write(&g.table, p->rows);
    } else {
        table_print(&g.table, p->width, p->out);
    }
    return RC_OK;
}

/* ---- the history of one --------------------------------------------------------------------- */

struct history {
    struct arena *a;
    struct store_reader *r;
    struct str code;
    const struct keep_print *p;
    struct listing g;
    VEC(int64_t) commits; /* that said something of the unit */
    struct units *said;   /* of the commit being read */
    struct str who, note, when, commit;
    uint32_t n;
};

static const char *const property_words[UNIT__PROPERTIES] = {
#define UNIT_PROPERTY(name, text) text,
#include "store/unit_property.def"
};
static const char *const property_zh[UNIT__PROPERTIES] = {
    [UNIT_STANDS] = "存续", [UNIT_NAME] = "名称",   [UNIT_ALIAS] = "别名",
    [UNIT_KIND] = "对象",   [UNIT_PARENT] = "上级",
};

static void history_row(struct history *h, struct str from, struct str what, struct str value)
{
    const struct str cells[] = {from, what, value, h->who, h->when, h->note, h->commit};
    listing_row(&h->g, cells);
    h->n++;
}

static void show_step(struct history *h, const struct unit_step *s)
{
    const struct keep_print *p = h->p;
    bool en = p->json || !p->chinese;
    struct str value = s->value;
    if (s->is_void) {
        value = en ? STR("(taken back)") : STR("（撤回）");
    }
    history_row(h, day_text(h->a, s->from),
                str_from_cstr(en ? property_words[s->property] : property_zh[s->property]), value);
}

static void show_tie(struct history *h, const struct unit_tie *t)
{
    const struct keep_print *p = h->p;
    bool en = p->json || !p->chinese;
    bool into = str_eq(t->from, h->code);
    static const char *const words[2][2][2] = {
        {{"merged from", "由其并入"}, {"merged into", "并入"}},
        {{"split from", "由其拆出"}, {"split into", "拆为"}}};
    history_row(h, day_text(h->a, t->day), str_from_cstr(words[t->is_split][into][!en]),
                into ? t->to : t->from);
}

static enum rc on_entry(void *ctx, const struct log_entry *x, struct err *e)
{
    struct history *h = ctx;
    struct buf b;
    (void)e;
    buf_init_in(&b, h->a, CELL_BYTES);
    keep_moment(&b, x->at);
    h->when = buf_view(&b);
    h->who = str_dup(h->a, x->actor);
    h->note = str_dup(h->a, x->note);
    h->commit = rat_frac_str(h->a, rat_int(x->seq));
    return RC_OK;
}

static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct history *h = ctx;
    return units_add(h->a, h->said, p, e);
}

/* What one commit says of the unit, and who it was. */
static enum rc show_commit(struct history *h, int64_t seq, struct err *e)
{
    struct units said = {.seq = 0};
    const struct log_filter one = {
        .since = INT64_MIN, .until = INT64_MAX, .before = seq + 1, .limit = 1};
    h->said = &said;
    TRY(store_log(h->r, &one, on_entry, h, e));
    TRY(store_parcels_of_tree(h->r, seq, seq, on_parcel, h, e));
    for (uint32_t i = 0; i < said.steps.n; i++) {
        if (str_eq(said.steps.items[i].code, h->code)) {
            show_step(h, &said.steps.items[i]);
        }
    }
    for (uint32_t i = 0; i < said.ties.n; i++) {
        if (str_eq(said.ties.items[i].from, h->code) || str_eq(said.ties.items[i].to, h->code)) {
            show_tie(h, &said.ties.items[i]);
        }
    }
    return RC_OK;
}

static enum rc on_tree_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct history *h = ctx;
    (void)e;
    if (h->commits.n == 0 || vec_last(&h->commits) != p->seq) {
        vec_push(h->a, &h->commits, p->seq);
    }
    return RC_OK;
}

enum rc unit_history_print(struct arena *a, struct store_reader *r, struct str code,
                           const struct keep_print *p, struct err *e)
{
    static const struct listing_column columns[] = {
        {"from", {"from", "自"}},      {"property", {"property", "事项"}},
        {"value", {"value", "内容"}},  {"actor", {"actor", "人员"}},
        {"time", {"time", "时间"}},    {"note", {"note", "原因"}},
        {"commit", {"commit", "提交"}}};
    struct history h = {
        .a = a, .r = r, .code = code, .p = p, .g = listing_new(a, columns, 7, p->json, p->chinese)};
    if (p->json) {
        json_init(&h.g.json, p->out, true);
        json_arr_begin(&h.g.json);
    }
    TRY(store_parcels_of_tree(r, 1, INT64_MAX, on_tree_parcel, &h, e));
    for (uint32_t i = 0; i < h.commits.n; i++) {
        TRY(show_commit(&h, h.commits.items[i], e));
    }
    if (h.n == 0) {
        return err_set(e, RC_NOT_FOUND, "there is no unit %.*s", "没有机构 %.*s", PS(code));
    }
    if (p->json) {
        json_arr_end(&h.g.json);
        json_end(&h.g.json);
    } else {
        table_print(&h.g.table, p->width, p->out);
    }
    return RC_OK;
}

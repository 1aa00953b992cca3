/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of a pack to commits of a book. */
#include "app/ledger.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sm3.h"
#include "store/parcel.h"
#include "store/units.h"

#define COMMIT_ROWS 50000U

static enum rc not_after(const struct dataset *d, struct provenance from, struct date today,
                         struct err *e)
{
    char day[DATE_TEXT_BYTES];
    if (date_is_sentinel(from.recorded) || date_cmp(from.recorded, today) <= 0) {
        return RC_OK;
    }
    enum rc rc = err_set(e, RC_INPUT, "%.*s:%u: the recorded day %.*s lies in the future",
                         "%.*s:%u：记录日 %.*s 在今天之后", PS(d->files[from.file]), from.line,
                         PS(date_text(from.recorded, day)));
    err_hint(e, "A book records what is known today: leave such rows out.",
             "账本只记录今天已知的内容：请去掉这些行。");
    return rc;
}

enum rc ledger_check(const struct pack *pack, struct date today, struct err *e)
{
    const struct dataset *d = pack->data;
#define EDIT(name, member, table, type)                                                            \
    for (uint32_t i = 0; i < d->n_##table; i++) {                                                  \
        TRY(not_after(d, d->table[i].from, today, e));                                             \
    }
#include "model/edit.def"
    return RC_OK;
}

/* ---- rights --------------------------------------------------------------------------------- */

/* Of each unit one more than the most closed class of its rows; 0: it has none. */
struct classes {
    uint8_t *of;
};

static void note(struct classes *c, uint32_t unit, enum data_class class_)
{
    uint8_t now = (uint8_t)((unsigned)class_ + 1);
    c->of[unit] = c->of[unit] < now ? now : c->of[unit];
}

static void note_row(struct classes *c, const struct plan *p, const struct reg_row *row)
{
    const struct reg *r = &p->regs[row->reg];
    note(c, row->owner, CLASS_INTERNAL);
    for (uint32_t i = 0; i < r->n_fields; i++) {
        note(c, row->owner, p->fields[r->first_field + i].d.class_);
    }
}

static void note_all(struct classes *c, const struct plan *p, const struct dataset *d)
{
    for (uint32_t i = 0; i < d->n_facts; i++) {
        note(c, d->facts[i].unit, p->items[d->facts[i].item].d.class_);
    }
    for (uint32_t i = 0; i < d->n_attrs; i++) {
        note(c, d->attrs[i].unit, p->attributes[d->attrs[i].attribute].d.class_);
    }
    for (uint32_t i = 0; i < d->n_rows; i++) {
        note_row(c, p, &d->rows[i]);
    }
#define INTERNAL(array, member)                                                                    \
    for (uint32_t i = 0; i < d->n_##array; i++) {                                                  \
        note(c, d->array[i].member, CLASS_INTERNAL);                                               \
    }
    INTERNAL(titles, unit)
    INTERNAL(relations, a)
    INTERNAL(relations, b)
    INTERNAL(activities, a)
    INTERNAL(activities, b)
    INTERNAL(evidence, unit)
    INTERNAL(filings, unit)
#undef INTERNAL
}

static enum rc may_not(struct str actor, struct str unit, struct err *e)
{
    return err_set(e, RC_DENIED, "%.*s may not do book.load at %.*s",
                   "%.*s 无权办理 book.load（机构 %.*s）", PS(actor), PS(unit));
}

enum rc ledger_allow(struct arena *a, const struct pack *pack, desk_may_fn *may, void *may_ctx,
                     struct str actor, struct err *e)
{
    const struct tree *t = pack->tree;
    struct classes c = {ARENA_ARRAY(a, uint8_t, t->n_units + 1U)};
    note_all(&c, pack->plan, pack->data);
    for (uint32_t i = 0; i < t->n_units; i++) {
        if (c.of[i] > 0 &&
            !may(may_ctx, actor, "book.load", t->units[i].code, (enum data_class)(c.of[i] - 1))) {
            return may_not(actor, t->units[i].code, e);
        }
    }
    /* Events are of the whole plan. */
    bool whole = pack->data->n_events > 0;
    return whole && !may(may_ctx, actor, "book.load", STR(""), CLASS_INTERNAL)
               ? may_not(actor, STR(""), e)
               : RC_OK;
}

enum rc ledger_units(struct arena *a, struct store *s, struct store_reader *r,
                     const struct pack *pack, struct str actor, struct err *e)
{
    const struct store_commit words = {.token = STR("ledger/units"), .actor = actor};
    struct store_receipt got;
    return units_import(a, s, r, pack->tree, pack->plan, &words, &got, e);
}

/* ---- rows as edits -------------------------------------------------------------------------- */

struct rows {
    struct edit *list; /* room for all rows of the dataset */
    uint32_t n;
};

static void add(struct rows *r, struct edit x)
{
    r->list[r->n++] = x;
}

static uint32_t rows_of(const struct dataset *d)
{
    uint32_t n = 0;
#define EDIT(name, member, table, type) n += d->n_##table;
#include "model/edit.def"
    return n;
}

/* By unit, so that a unit's rows share parcels; else as they stand. */
static int fact_cmp(const void *p, const void *q)
{
    const struct fact *x = &((const struct edit *)p)->u.fact;
    const struct fact *y = &((const struct edit *)q)->u.fact;
    if (x->unit != y->unit) {
        return x->unit < y->unit ? -1 : 1;
    }
    int c = str_cmp(x->from.source, y->from.source);
    c = c != 0 ? c : date_cmp(x->from.recorded, y->from.recorded);
    c = c != 0 ? c : period_cmp(x->period, y->period);
    return c != 0 ? c : (x->item > y->item) - (x->item < y->item);
}

static void edits_of(const struct dataset *d, struct rows *out)
{
#define EDIT(name, member, table, type)                                                            \
    for (uint32_t i = 0; i < d->n_##table; i++) {                                                  \
        add(out, (struct edit){.kind = EDIT_##name, .u.member = d->table[i]});                     \
    }
#include "model/edit.def"
    if (d->n_facts > 1) {
        qsort(out->list, d->n_facts, sizeof *out->list, fact_cmp); /* they stand first */
    }
}

/* ---- committing ----------------------------------------------------------------------------- */

/* LG1 */
static enum rc token_of(struct arena *a, struct str actor, const struct store_parcel *p, uint32_t n,
                        struct str *out, struct err *e)
{
    struct buf b;
    uint8_t hash[SM3_BYTES];
    buf_init_in(&b, a, STORE_COMMIT_BYTES * 2);
    buf_str(&b, actor);
    for (uint32_t i = 0; i < n; i++) {
        buf_printf(&b, " %.*s %d %.*s ", PS(p[i].unit), (int)p[i].what, PS(p[i].source));
        buf_str(&b, p[i].layout);
        buf_str(&b, p[i].body);
    }
    if (b.overflow || !sm3(buf_view(&b), hash)) {
        return err_set(e, RC_NO_SUPPORT, "libcrypto has no SM3", "libcrypto 不支持 SM3");
    }
    buf_init_in(&b, a, 256);
    buf_puts(&b, "ledger/");
    for (uint32_t i = 0; i < SM3_BYTES; i++) {
        buf_printf(&b, "%02x", hash[i]);
    }
    *out = buf_view(&b);
    return RC_OK;
}

static enum rc commit_rows(struct arena *a, struct store *s, const struct pack *pack,
                           struct str actor, const struct edit *rows, uint32_t n,
                           struct ledger_count *out, struct err *e)
{
    const struct store_expect plan = {STR(PLAN_SUBJECT), pack->seen};
    struct store_commit c = {
        .actor = actor, .act = STR("facts.load"), .looks = &plan, .n_looks = 1};
    struct store_receipt got;
    TRY(parcel_write(a, pack->plan, pack->tree, rows, n, &c.parcels, &c.n_parcels, e));
    TRY(token_of(a, actor, c.parcels, c.n_parcels, &c.token, e));
    TRY(store_commit(a, s, &c, &got, e));
    out->commits++;
    out->before += got.before;
    return RC_OK;
}

static enum rc known_units(struct arena *a, struct store_reader *r, const struct pack *pack,
                           struct err *e)
{
    struct units u;
    struct map known = {0};
    TRY(units_load(a, r, INT64_MAX, &u, e));
    for (uint32_t i = 0; i < u.steps.n; i++) {
        map_put(a, &known, u.steps.items[i].code, 1);
    }
    for (uint32_t i = 0; i < pack->tree->n_units; i++) {
        struct str code = pack->tree->units[i].code;
        if (!map_get(&known, code, NULL)) {
            return err_set(e, RC_NOT_FOUND, "the book has no unit %.*s", "账本中没有机构 %.*s",
                           PS(code));
        }
    }
    return RC_OK;
}

enum rc ledger_rows(struct arena *a, struct store *s, struct store_reader *r,
                    const struct pack *pack, struct str actor, struct ledger_count *out,
                    struct err *e)
{
    struct rows rows = {ARENA_ARRAY(a, struct edit, rows_of(pack->data) + 1U), 0};
    *out = (struct ledger_count){0};
    TRY(known_units(a, r, pack, e));
    edits_of(pack->data, &rows);
    out->rows = rows.n;
    for (uint32_t from = 0; from < rows.n; from += COMMIT_ROWS) {
        struct arena_mark mark = arena_mark(a);
        uint32_t n = rows.n - from < COMMIT_ROWS ? rows.n - from : COMMIT_ROWS;
        TRY(commit_rows(a, s, pack, actor, rows.list + from, n, out, e));
        arena_rewind(a, mark);
    }
    return RC_OK;
}

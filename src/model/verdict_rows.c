/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of rows, and of columns that rows are made of when they are looked at. */
#include "model/verdict_row.h"

#include "base/arena.h"

#define PAGE_MIN 16u
#define PAGE_MAX 4096u

/* ---- rows of columns ------------------------------------------------------------------------ */

static const struct verdict_row *whole_at(const struct row_column *c, uint32_t i)
{
    uint32_t lo = 0;
    uint32_t hi = c->n_whole;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (c->whole_at[mid] <= i) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return &c->whole[lo];
}

/* VR2 */
static void lowest_terms(int64_t *n, int64_t *d)
{
    int64_t g = (int64_t)u128_gcd((u128)i128_abs(*n), (u128)*d);
    if (g > 1) {
        *n /= g;
        *d /= g;
    }
}

/* A boolean that bounds decide, or leave open. */
static struct verdict_row silent_row(const struct row_column *c, uint32_t i)
{
    struct verdict_row r = c->model;
    enum truth truth = (enum truth)(c->code[i] >> 3 & 3u);
    verdict_row_number(&r, MV_BOOL, truth, 0, 1);
    r.hi = truth == T_UNKNOWN ? (struct slim){1, 1} : r.hi;
    r.value = (struct slim){0, 1};
    verdict_row_say(&r, MV_BOOL, truth, 0, (enum state)(c->code[i] & 7u), r.flags);
    verdict_row_withdraw_value(&r);
    r.unit = c->unit[i];
    r.reported = 0;
    return r;
}

struct verdict_row row_column_at(const struct row_column *c, uint32_t i)
{
    uint8_t code = c->code[i];
    if ((code >> 5 & 3u) == ROW_KIND_SILENT) {
        return silent_row(c, i);
    }
    struct verdict_row r = c->model;
    enum mval_kind kind = (enum mval_kind)(code >> 5 & 3u);
    enum truth truth = (enum truth)(code >> 3 & 3u);
    int64_t n = 0;
    int64_t d = 1;
    if (kind == MV_NUMBER) {
        n = c->x[i];
        d = c->y[i];
        lowest_terms(&n, &d);
    }
    verdict_row_number(&r, kind, truth, n, d);
    verdict_row_say(&r, kind, truth, 0, (enum state)(code & 7u),
                    r.flags | ((code & 0x80u) != 0 ? (uint32_t)VF_NON_BINDING : 0u));
    r.unit = c->unit[i];
    return r;
}

static struct verdict_row row_of(const struct row_column *c, uint32_t i)
{
    return c->code[i] == ROW_CODE_WHOLE ? *whole_at(c, i) : row_column_at(c, i);
}

static struct row_key key_of(const struct row_column *c, uint32_t i)
{
    bool whole = c->code[i] == ROW_CODE_WHOLE;
    return (struct row_key){whole ? whole_at(c, i)->head : c->model.head, c->unit[i]};
}

/* ---- pages ---------------------------------------------------------------------------------- */

/* The page that row i stands in; it is there. */
static uint32_t page_of(const struct verdict_rows *r, uint32_t i)
{
    uint32_t lo = 0;
    uint32_t hi = r->pages.n;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (r->pages.items[mid].first <= i) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return lo;
}

static bool stands_on(const struct verdict_rows *r, uint32_t i, uint32_t page)
{
    return page < r->pages.n && r->pages.items[page].first <= i &&
           (page + 1 == r->pages.n || r->pages.items[page + 1].first > i);
}

/* The same, near another one. */
static const struct verdict_page *page_near(const struct verdicts *vs, uint32_t i, uint32_t *page)
{
    const struct verdict_rows *r = &vs->rows;
    if (!stands_on(r, i, *page)) {
        *page = stands_on(r, i, *page + 1) ? *page + 1 : page_of(r, i);
    }
    return &r->pages.items[*page];
}

struct verdict_row verdicts_row(const struct verdicts *vs, uint32_t i, uint32_t *page)
{
    const struct verdict_page *p = page_near(vs, i, page);
    return p->column ? row_of(p->column, i - p->first) : p->rows[i - p->first];
}

struct row_key verdicts_key(const struct verdicts *vs, uint32_t i, uint32_t *page)
{
    const struct verdict_page *p = page_near(vs, i, page);
    if (p->column) {
        return key_of(p->column, i - p->first);
    }
    const struct verdict_row *r = &p->rows[i - p->first];
    return (struct row_key){r->head, r->unit};
}

const struct verdict_row *verdicts_hold(struct arena *a, const struct verdicts *vs, uint32_t i)
{
    const struct verdict_page *p = &vs->rows.pages.items[page_of(&vs->rows, i)];
    if (!p->column) {
        return &p->rows[i - p->first];
    }
    struct verdict_row *r = ARENA_NEW(a, struct verdict_row);
    *r = row_of(p->column, i - p->first);
    return r;
}

struct verdict verdicts_at(const struct verdicts *vs, uint32_t i)
{
    uint32_t page = page_of(&vs->rows, i);
    struct verdict_row r = verdicts_row(vs, i, &page);
    return verdict_unpack(&r);
}

/* ---- appending ------------------------------------------------------------------------------ */

static void new_page(struct arena *a, struct verdict_rows *r)
{
    uint32_t cap = r->pages.n > 0 ? vec_last(&r->pages).cap * 2 : PAGE_MIN;
    cap = cap < PAGE_MIN ? PAGE_MIN : cap > PAGE_MAX ? PAGE_MAX : cap;
    struct verdict_page p = {ARENA_ARRAY(a, struct verdict_row, cap), NULL, r->n, cap};
    vec_push(a, &r->pages, p);
}

void verdicts_put(struct arena *a, struct verdicts *vs, struct verdict_row row)
{
    struct verdict_rows *r = &vs->rows;
    if (r->pages.n == 0 || r->n - vec_last(&r->pages).first >= vec_last(&r->pages).cap) {
        new_page(a, r);
    }
    struct verdict_page *p = &vec_last(&r->pages);
    p->rows[r->n++ - p->first] = row;
}

void verdicts_push(struct arena *a, struct verdicts *vs, const struct verdict *v)
{
    verdicts_put(a, vs, verdict_pack(a, v, &vs->head));
}

void verdicts_put_column(struct arena *a, struct verdicts *vs, const struct row_column *c)
{
    if (c->n > 0) {
        verdicts_break(vs);
        vec_push(a, &vs->rows.pages, (struct verdict_page){NULL, c, vs->rows.n, c->n});
        vs->rows.n += c->n;
    }
}

void verdicts_break(struct verdicts *vs)
{
    if (vs->rows.pages.n > 0) {
        struct verdict_page *p = &vec_last(&vs->rows.pages);
        uint32_t used = vs->rows.n - p->first;
        p->cap = used < p->cap ? used : p->cap;
    }
}

void verdicts_take(struct arena *a, struct verdicts *vs, const struct verdicts *other,
                   uint32_t from, uint32_t n)
{
    verdicts_break(vs);
    for (uint32_t k = n > 0 ? page_of(&other->rows, from) : other->rows.pages.n;
         k < other->rows.pages.n && other->rows.pages.items[k].first < from + n; k++) {
        struct verdict_page p = other->rows.pages.items[k];
        p.first = vs->rows.n + (p.first - from);
        vec_push(a, &vs->rows.pages, p);
    }
    vs->rows.n += n;
    verdicts_break(vs);
}

/* ---- changing ------------------------------------------------------------------------------- */

/* A column becomes rows: one of them is to be another one. */
static void unfold(struct arena *a, struct verdict_page *p)
{
    struct verdict_row *rows = ARENA_ARRAY(a, struct verdict_row, p->cap);
    for (uint32_t i = 0; i < p->cap; i++) {
        rows[i] = row_of(p->column, i);
    }
    p->rows = rows;
    p->column = NULL;
}

void verdicts_set(struct arena *a, struct verdicts *vs, uint32_t i, const struct verdict *v)
{
    struct verdict_page *p = &vs->rows.pages.items[page_of(&vs->rows, i)];
    if (p->column) {
        unfold(a, p);
    }
    struct verdict_row *r = &p->rows[i - p->first];
    const struct row_head *head = r->head;
    *r = verdict_pack(a, v, &head);
}

void verdicts_filter(struct arena *a, struct verdicts *vs,
                     bool (*asked)(const void *ctx, struct row_key key), const void *ctx)
{
    struct verdicts left = {0};
    uint32_t page = 0;
    uint32_t to = 0;
    for (uint32_t from = 0; from < vs->rows.n; from = to) {
        const struct verdict_page *p = page_near(vs, from, &page);
        uint32_t n = 0;
        to = page + 1 < vs->rows.pages.n ? vs->rows.pages.items[page + 1].first : vs->rows.n;
        for (uint32_t i = from; i < to; i++) {
            n += asked(ctx, verdicts_key(vs, i, &page));
        }
        if (p->column && n == p->column->n) {
            verdicts_put_column(a, &left, p->column);
            continue;
        }
        for (uint32_t i = from; n > 0 && i < to; i++) {
            if (asked(ctx, verdicts_key(vs, i, &page))) {
                verdicts_put(a, &left, verdicts_row(vs, i, &page));
            }
        }
    }
    vs->rows = left.rows;
}

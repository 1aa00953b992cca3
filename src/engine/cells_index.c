/* SPDX-License-Identifier: Apache-2.0 */
/* The rows that count, by key: chosen among their versions (C30, C38), and kept up by edits. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "engine/cells_int.h"

uint64_t cells_key(uint32_t x, uint32_t y)
{
    return (uint64_t)x << 32 | y;
}

bool cells_visible(const struct cells *c, const struct provenance *from)
{
    return date_cmp(from->recorded, c->as_of) <= 0;
}

static int keyed_cmp(const void *x, const void *y)
{
    const struct keyed *p = x;
    const struct keyed *q = y;
    if (p->key != q->key) {
        return p->key < q->key ? -1 : 1;
    }
    return p->ix < q->ix ? -1 : p->ix > q->ix;
}

static void keyed_sort(struct keyed_list *l)
{
    if (l->n > 1) {
        qsort(l->items, l->n, sizeof l->items[0], keyed_cmp);
    }
}

/* Index of the first entry at or after the key. */
static uint32_t keyed_from(const struct keyed_list *l, uint64_t key)
{
    uint32_t lo = 0;
    uint32_t hi = l->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (l->items[mid].key < key) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

static struct keyed_list keyed_under(const struct keyed_list *l, uint64_t key)
{
    uint32_t from = keyed_from(l, key);
    uint32_t end = from;
    while (end < l->n && l->items[end].key == key) {
        end++;
    }
    return (struct keyed_list){l->items + from, end - from};
}

/* ---- versions ------------------------------------------------------------------------------- */

/* A candidate among the versions of one thing: the last of equal (key, id, since) counts. */
struct version_key {
    uint64_t key;
    uint64_t second;
    struct str id;
    struct date since;
    struct date recorded;
    uint32_t ix;
    bool alone;     /* not versioned: every row counts */
    bool withdrawn; /* as the last version it takes the thing away */
};

static int identity_cmp(const struct version_key *p, const struct version_key *q)
{
    if (p->key != q->key) {
        return p->key < q->key ? -1 : 1;
    }
    if (p->second != q->second) {
        return p->second < q->second ? -1 : 1;
    }
    int c = str_cmp(p->id, q->id);
    return c != 0 ? c : date_cmp(p->since, q->since);
}

static int version_cmp(const void *x, const void *y)
{
    const struct version_key *p = x;
    const struct version_key *q = y;
    int c = identity_cmp(p, q);
    if (c == 0) {
        c = date_cmp(p->recorded, q->recorded);
    }
    return c != 0 ? c : (p->ix < q->ix ? -1 : p->ix > q->ix);
}

/* The versions that count (C30) into out, in order of key and row; it has room for all. */
static void latest(struct version_key *v, uint32_t n, struct keyed_list *out)
{
    out->n = 0;
    if (n > 1) {
        qsort(v, n, sizeof v[0], version_cmp);
    }
    for (uint32_t i = 0; i < n; i++) {
        bool last = i + 1 == n || identity_cmp(&v[i], &v[i + 1]) != 0;
        if ((v[i].alone || last) && !v[i].withdrawn) {
            out->items[out->n++] = (struct keyed){v[i].key, v[i].ix};
        }
    }
    keyed_sort(out);
}

/* ---- the tables ----------------------------------------------------------------------------- */

/* Accepted versions count, withdrawn ones take away; the rest is as if not there (C38). */
static bool takes_part(enum row_status status)
{
    return status == ROW_ACCEPTED || status == ROW_WITHDRAWN;
}

static uint32_t attr_keys(const struct dataset *d, uint32_t ix, struct version_key out[2])
{
    const struct attr_value *v = &d->attrs[ix];
    out[0] = (struct version_key){.key = cells_key(v->attribute, v->unit), .alone = true};
    return 1;
}

static uint32_t row_keys(const struct dataset *d, uint32_t ix, struct version_key out[2])
{
    const struct reg_row *r = &d->rows[ix];
    out[0] = (struct version_key){.key = cells_key(r->reg, r->owner),
                                  .id = r->id,
                                  .since = DATE_MIN,
                                  .alone = r->id.n == 0,
                                  .withdrawn = r->status == ROW_WITHDRAWN};
    return takes_part(r->status) ? 1 : 0;
}

static uint32_t title_keys(const struct dataset *d, uint32_t ix, struct version_key out[2])
{
    const struct title_row *t = &d->titles[ix];
    out[0] = (struct version_key){.key = cells_key(t->title, t->unit),
                                  .since = t->since,
                                  .withdrawn = t->status == ROW_WITHDRAWN};
    return takes_part(t->status) ? 1 : 0;
}

/* A pair is unordered: it stands under both ends. */
static uint32_t partner_keys(const struct dataset *d, uint32_t ix, struct version_key out[2])
{
    const struct relation_row *r = &d->relations[ix];
    out[0] = (struct version_key){
        .key = cells_key(r->relation, r->a), .second = r->b, .since = r->since};
    out[1] = (struct version_key){
        .key = cells_key(r->relation, r->b), .second = r->a, .since = r->since};
    return r->a == r->b ? 1 : 2;
}

static uint32_t activity_keys(const struct dataset *d, uint32_t ix, struct version_key out[2])
{
    const struct activity *x = &d->activities[ix];
    out[0] = (struct version_key){.key = cells_key(x->relation, x->a < x->b ? x->a : x->b),
                                  .alone = true};
    return 1;
}

static uint32_t filing_keys(const struct dataset *d, uint32_t ix, struct version_key out[2])
{
    const struct filing *f = &d->filings[ix];
    out[0] = (struct version_key){.key = cells_key(f->reg, f->unit), .alone = true};
    return f->reg != NONE ? 1 : 0;
}

static uint32_t roll_keys(const struct dataset *d, uint32_t ix, struct version_key out[2])
{
    const struct filing *f = &d->filings[ix];
    out[0] = (struct version_key){.key = cells_key(f->roll, f->unit), .alone = true};
    return f->roll != NONE ? 1 : 0;
}

/* Under which keys a row stands, and where its table and its recorded day are. */
static const struct shelving {
    uint32_t (*keys)(const struct dataset *d, uint32_t ix, struct version_key out[2]);
    size_t rows, n, bytes, from;
    enum edit_kind table;
    uint32_t most; /* keys of a row */
} shelvings[SHELF__COUNT] = {
#define SHELVING(shelf, keys, most, kind, many, type)                                              \
    [shelf] = {keys,                                                                               \
               offsetof(struct dataset, many),                                                     \
               offsetof(struct dataset, n_##many),                                                 \
               sizeof(struct type),                                                                \
               offsetof(struct type, from),                                                        \
               kind,                                                                               \
               most}
    SHELVING(SHELF_ATTRS, attr_keys, 1, EDIT_ATTR, attrs, attr_value),
    SHELVING(SHELF_ROWS, row_keys, 1, EDIT_ROW, rows, reg_row),
    SHELVING(SHELF_TITLES, title_keys, 1, EDIT_TITLE, titles, title_row),
    SHELVING(SHELF_PARTNERS, partner_keys, 2, EDIT_RELATION, relations, relation_row),
    SHELVING(SHELF_ACTIVITIES, activity_keys, 1, EDIT_ACTIVITY, activities, activity),
    SHELVING(SHELF_FILINGS, filing_keys, 1, EDIT_FILING, filings, filing),
    SHELVING(SHELF_ROLLS, roll_keys, 1, EDIT_FILING, filings, filing),
#undef SHELVING
};

static uint32_t rows_in(const struct dataset *d, const struct shelving *s)
{
    uint32_t n;
    memcpy(&n, (const char *)d + s->n, sizeof n);
    return n;
}

/* The keys of a row that can be seen, complete. */
static uint32_t keys_of(const struct cells *c, const struct shelving *s, uint32_t ix,
                        struct version_key out[2])
{
    const char *rows;
    struct provenance from;
    memcpy(&rows, (const char *)c->data + s->rows, sizeof rows);
    memcpy(&from, rows + ix * s->bytes + s->from, sizeof from);
    uint32_t n = cells_visible(c, &from) ? s->keys(c->data, ix, out) : 0;
    for (uint32_t i = 0; i < n; i++) {
        out[i].recorded = from.recorded;
        out[i].ix = ix;
    }
    return n;
}

/* Every version in rows [0, end) of the table. */
static struct version_key *versions_of(struct cells *c, const struct shelving *s, uint32_t end,
                                       uint32_t *n)
{
    struct version_key *v = ARENA_ARRAY(c->arena, struct version_key, s->most * (size_t)end + 2);
    *n = 0;
    for (uint32_t i = 0; i < end; i++) {
        *n += keys_of(c, s, i, &v[*n]);
    }
    return v;
}

void cells_index_make(struct cells *c)
{
    for (uint32_t k = 0; k < SHELF__COUNT; k++) {
        const struct shelving *s = &shelvings[k];
        uint32_t end = rows_in(c->data, s);
        struct keyed_list *base = &c->shelves[k].base;
        base->items = ARENA_ARRAY(c->arena, struct keyed, s->most * (size_t)end);
        struct arena_mark mark = arena_mark(c->arena);
        uint32_t n;
        struct version_key *v = versions_of(c, s, end, &n);
        latest(v, n, base);
        arena_rewind(c->arena, mark);
    }
}

/* ---- questions ------------------------------------------------------------------------------ */

struct keyed_list cells_under(const struct cells *c, enum shelf_kind s, uint64_t key)
{
    const struct shelf *shelf = &c->shelves[s];
    uint32_t i = 0;
    if (shelf->buckets.n > 0 && map_u64_get(&shelf->touched, key, &i)) {
        const struct bucket *b = &shelf->buckets.items[i];
        return (struct keyed_list){b->counts.items, b->counts.n};
    }
    return keyed_under(&shelf->base, key);
}

struct keyed_list cells_under_all(struct arena *a, const struct cells *c, enum shelf_kind s,
                                  uint32_t x)
{
    const struct shelf *shelf = &c->shelves[s];
    VEC(struct keyed) out = {0};
    for (uint32_t i = keyed_from(&shelf->base, cells_key(x, 0));
         i < shelf->base.n && shelf->base.items[i].key >> 32 == x; i++) {
        if (shelf->buckets.n == 0 ||
            !map_u64_get(&shelf->touched, shelf->base.items[i].key, NULL)) {
            vec_push(a, &out, shelf->base.items[i]);
        }
    }
    for (uint32_t i = 0; i < shelf->buckets.n; i++) {
        const struct bucket *b = &shelf->buckets.items[i];
        for (uint32_t k = 0; k < b->counts.n && b->counts.items[k].key >> 32 == x; k++) {
            vec_push(a, &out, b->counts.items[k]);
        }
    }
    return (struct keyed_list){out.items, out.n};
}

struct key_list cells_keys(struct arena *a, const struct cells *c, enum shelf_kind s)
{
    const struct shelf *shelf = &c->shelves[s];
    struct key_list out = {0};
    for (uint32_t i = 0; i < shelf->base.n; i++) {
        uint64_t key = shelf->base.items[i].key;
        bool again = i > 0 && shelf->base.items[i - 1].key == key;
        if (!again && (shelf->buckets.n == 0 || !map_u64_get(&shelf->touched, key, NULL))) {
            vec_push(a, &out.list, key);
        }
    }
    for (uint32_t i = 0; i < map_u64_len(&shelf->touched); i++) {
        vec_push(a, &out.list, shelf->touched.entries[i].key);
    }
    return out;
}

/* ---- edits ---------------------------------------------------------------------------------- */

static void copy_list(struct arena *a, const struct keyed_list *from, struct bucket *b)
{
    for (uint32_t i = 0; i < from->n; i++) {
        vec_push(a, &b->all, from->items[i]);
    }
}

/* Every version in the table, the row `ix` and what comes after it left out. */
static void all_versions(struct cells *c, struct shelf *shelf, const struct shelving *s,
                         uint32_t ix)
{
    uint32_t n;
    shelf->all.items = ARENA_ARRAY(c->arena, struct keyed, s->most * (size_t)ix);
    struct arena_mark mark = arena_mark(c->arena);
    struct version_key *v = versions_of(c, s, ix, &n);
    for (uint32_t i = 0; i < n; i++) {
        shelf->all.items[i] = (struct keyed){v[i].key, v[i].ix};
    }
    shelf->all.n = n;
    arena_rewind(c->arena, mark);
    keyed_sort(&shelf->all);
    shelf->has_all = true;
}

static struct bucket *bucket_of(struct cells *c, struct shelf *shelf, uint64_t key)
{
    uint32_t i = 0;
    if (!map_u64_get(&shelf->touched, key, &i)) {
        struct keyed_list before = keyed_under(&shelf->all, key);
        struct bucket fresh = {0};
        copy_list(c->arena, &before, &fresh);
        i = shelf->buckets.n;
        vec_push(c->arena, &shelf->buckets, fresh);
        map_u64_put(c->arena, &shelf->touched, key, i);
    }
    return &shelf->buckets.items[i];
}

/* Chooses anew among all versions under one key. */
static void choose(struct cells *c, const struct shelving *s, uint64_t key, struct bucket *b)
{
    if (b->counts.cap < b->all.n) {
        b->counts.cap = b->all.n * 2;
        b->counts.items = ARENA_ARRAY(c->arena, struct keyed, b->counts.cap);
    }
    struct arena_mark mark = arena_mark(c->arena);
    struct version_key *v = ARENA_ARRAY(c->arena, struct version_key, b->all.n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < b->all.n; i++) {
        struct version_key both[2];
        uint32_t k = keys_of(c, s, b->all.items[i].ix, both);
        v[n++] = k == 2 && both[1].key == key ? both[1] : both[0];
    }
    struct keyed_list chosen = {.items = b->counts.items};
    latest(v, n, &chosen);
    b->counts.n = chosen.n;
    arena_rewind(c->arena, mark);
}

static void shelve(struct cells *c, enum shelf_kind k, uint32_t ix)
{
    const struct shelving *s = &shelvings[k];
    struct shelf *shelf = &c->shelves[k];
    struct version_key keys[2];
    uint32_t n = keys_of(c, s, ix, keys);
    if (n > 0 && !shelf->has_all) {
        all_versions(c, shelf, s, ix);
    }
    for (uint32_t i = 0; i < n; i++) {
        struct bucket *b = bucket_of(c, shelf, keys[i].key);
        vec_push(c->arena, &b->all, (struct keyed){keys[i].key, ix});
        choose(c, s, keys[i].key, b);
    }
}

/* The day is the new one; a shelf that has no list of all versions makes it with those of today. */
void cells_index_late(struct cells *c, enum edit_kind table, uint32_t ix)
{
    for (uint32_t k = 0; k < SHELF__COUNT; k++) {
        const struct shelving *s = &shelvings[k];
        struct shelf *shelf = &c->shelves[k];
        struct version_key keys[2];
        uint32_t n = s->table == table ? keys_of(c, s, ix, keys) : 0;
        if (n > 0 && !shelf->has_all) {
            all_versions(c, shelf, s, rows_in(c->data, s));
            shelf->of_today = true;
        }
        for (uint32_t i = 0; i < n; i++) {
            struct bucket *b = bucket_of(c, shelf, keys[i].key);
            if (!shelf->of_today) {
                vec_push(c->arena, &b->all, (struct keyed){keys[i].key, ix});
            }
            choose(c, s, keys[i].key, b);
        }
    }
}

void cells_index_ready(struct cells *c)
{
    for (uint32_t k = 0; k < SHELF__COUNT; k++) {
        c->shelves[k].of_today = false;
    }
}

static void begin_to_grow(struct cells *c)
{
    if (!c->grows) {
        grow_from(c->arena, c->data, &c->grown);
        c->grows = true;
    }
}

enum rc cells_ready(struct cells *c)
{
    begin_to_grow(c);
    TRY(grow_ready(&c->grown, EDIT_FACT));
    c->data = &c->grown.d;
    return RC_OK;
}

enum rc cells_apply(struct cells *c, const struct edit *e, uint32_t *ix)
{
    begin_to_grow(c);
    TRY(grow_add(&c->grown, e, ix));
    c->data = &c->grown.d;
    if (e->kind == EDIT_FACT && e->u.fact.status == ROW_ACCEPTED &&
        cells_visible(c, &e->u.fact.from)) {
        figures_take(&c->figures, c->data, *ix);
    }
    for (uint32_t k = 0; k < SHELF__COUNT; k++) {
        if (shelvings[k].table == e->kind) {
            shelve(c, (enum shelf_kind)k, *ix);
        }
    }
    cells_note_late(c, e->kind, *ix);
    return RC_OK;
}

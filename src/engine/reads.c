/* SPDX-License-Identifier: Apache-2.0 */
/* Bits per unit for what is read. */
#include "engine/reads.h"

#include "base/arena.h"
#include "base/assert.h"
#include "engine/ref.h"

void reads_init(struct arena *a, struct reads *r, struct read_table *table,
                const struct tree_snap *tree, uint32_t i)
{
    uint32_t n = i != TREE_NONE && tree->n > 0 ? tree->end[i] - i : 0;
    *r = (struct reads){.tree = tree, .from = i, .n = n, .table = table, .arena = a};
    r->units = ARENA_ARRAY(a, struct unit_reads, n);
}

uint32_t read_period(struct read_table *r, uint32_t code)
{
    for (uint32_t k = 0; k < r->n_periods; k++) {
        if (r->periods[k] == code) {
            return 1u << k;
        }
    }
    if (r->n_periods == READS_BITS) {
        r->full = true;
        return 0;
    }
    r->periods[r->n_periods] = code;
    return 1u << r->n_periods++;
}

uint32_t read_basis(struct read_table *r, uint32_t item, uint32_t hash)
{
    for (uint32_t k = 0; k < r->n_bases; k++) {
        if (r->bases[k].item == item && r->bases[k].hash == hash) {
            return 1u << k;
        }
    }
    if (r->n_bases == READS_BITS) {
        r->full = true;
        return 0;
    }
    r->bases[r->n_bases] = (struct basis){item, hash};
    return 1u << r->n_bases++;
}

/* Where a unit stands; NULL: nowhere yet, and it will be an extra. */
static struct unit_reads *find(const struct reads *r, uint32_t unit)
{
    uint32_t i = r->tree->index_of[unit];
    uint32_t k;
    if (i != TREE_NONE && i >= r->from && i - r->from < r->n) {
        return &r->units[i - r->from];
    }
    return map_u64_get(&r->extra_of, unit, &k) ? &r->extras.items[k].reads : NULL;
}

/* Valid until another unit is read. */
static struct unit_reads *place_of(struct reads *r, uint32_t unit)
{
    struct unit_reads *u = find(r, unit);
    if (u) {
        return u;
    }
    map_u64_put(r->arena, &r->extra_of, unit, r->extras.n);
    vec_push(r->arena, &r->extras, (struct extra_reads){.unit = unit});
    return &vec_last(&r->extras).reads;
}

void reads_note(struct reads *r, uint32_t unit, uint32_t period_bit, bool known, uint32_t basis_bit)
{
    unit_read(place_of(r, unit), period_bit, known, basis_bit);
}

bool read_ref(struct read_table *t, const struct ref_reads *from, uint32_t unit,
              struct unit_reads *out)
{
    *out = (struct unit_reads){0};
    for (uint32_t k = 0; k < map_u64_len(&from->pairs); k++) {
        const struct map_u64_entry *e = &from->pairs.entries[k];
        if ((uint32_t)(e->key >> 32) != unit) {
            return false;
        }
        unit_read(out, read_period(t, (uint32_t)e->key), e->value != 0, 0);
    }
    for (uint32_t k = 0; k < map_u64_len(&from->basis); k++) {
        uint64_t key = from->basis.entries[k].key;
        unit_read(out, 0, true, read_basis(t, (uint32_t)(key >> 32), (uint32_t)key));
    }
    return true;
}

void reads_note_ref(struct reads *r, const struct ref_reads *from)
{
    uint32_t any = TREE_NONE;
    for (uint32_t k = 0; k < map_u64_len(&from->pairs); k++) {
        const struct map_u64_entry *e = &from->pairs.entries[k];
        any = (uint32_t)(e->key >> 32);
        reads_note(r, any, read_period(r->table, (uint32_t)e->key), e->value != 0, 0);
    }
    for (uint32_t k = 0; k < map_u64_len(&from->basis); k++) {
        uint64_t key = from->basis.entries[k].key;
        ASSERT(any != TREE_NONE); /* an item is read at a pair */
        reads_note(r, any, 0, true, read_basis(r->table, (uint32_t)(key >> 32), (uint32_t)key));
    }
}

/* Bits of another table as bits of this one. */
struct translation {
    bool same;
    uint32_t periods[READS_BITS], bases[READS_BITS];
};

static struct translation translate(struct read_table *r, const struct read_table *from)
{
    struct translation t = {.same = true};
    for (uint32_t k = 0; k < from->n_periods; k++) {
        t.periods[k] = read_period(r, from->periods[k]);
        t.same = t.same && t.periods[k] == 1u << k;
    }
    for (uint32_t k = 0; k < from->n_bases; k++) {
        t.bases[k] = read_basis(r, from->bases[k].item, from->bases[k].hash);
        t.same = t.same && t.bases[k] == 1u << k;
    }
    return t;
}

static uint32_t translated(const uint32_t *table, uint32_t bits)
{
    uint32_t out = 0;
    for (uint32_t k = 0; bits >> k != 0 && k < READS_BITS; k++) {
        out |= (bits >> k & 1) != 0 ? table[k] : 0;
        if (k == READS_BITS - 1) {
            break;
        }
    }
    return out;
}

static struct unit_reads translated_reads(const struct translation *t, struct unit_reads x)
{
    if (t->same) {
        return x;
    }
    return (struct unit_reads){.read = translated(t->periods, x.read),
                               .silent = translated(t->periods, x.silent),
                               .basis = translated(t->bases, x.basis)};
}

static bool is_any(struct unit_reads x)
{
    return (x.read | x.basis) != 0; /* RD1 */
}

void reads_unite(struct reads *r, const struct read_table *table, const struct tree_snap *tree,
                 uint32_t i, uint32_t n, const struct unit_reads *units)
{
    r->table->full = r->table->full || table->full;
    struct translation t = translate(r->table, table);
    bool straight = tree == r->tree && i >= r->from && i + n <= r->from + r->n;
    for (uint32_t k = 0; k < n; k++) {
        if (is_any(units[k])) {
            struct unit_reads *to =
                straight ? &r->units[i - r->from + k] : place_of(r, tree->unit[i + k]);
            unit_reads_unite(to, translated_reads(&t, units[k]));
        }
    }
}

void reads_unite_extras(struct reads *r, const struct read_table *table,
                        const struct extra_reads *extras, uint32_t n)
{
    struct translation t = translate(r->table, table);
    for (uint32_t k = 0; k < n; k++) {
        unit_reads_unite(place_of(r, extras[k].unit), translated_reads(&t, extras[k].reads));
    }
}

bool reads_is_silent(const struct reads *r, uint32_t unit)
{
    const struct unit_reads *u = find(r, unit);
    return u && u->silent != 0;
}

/* One entry per item, ascending; the sum of hashes does not depend on their order. */
static void give_bases(struct arena *a, const struct read_table *r, uint32_t bits, struct mval *out)
{
    struct basis *list = ARENA_ARRAY(a, struct basis, reads_number(bits));
    uint32_t n = 0;
    for (uint32_t k = 0; k < r->n_bases; k++) {
        if ((bits >> k & 1) == 0) {
            continue;
        }
        uint32_t at = 0;
        while (at < n && list[at].item < r->bases[k].item) {
            at++;
        }
        if (at < n && list[at].item == r->bases[k].item) {
            list[at].hash += r->bases[k].hash;
            continue;
        }
        for (uint32_t q = n++; q > at; q--) {
            list[q] = list[q - 1];
        }
        list[at] = r->bases[k];
    }
    out->basis = list;
    out->n_basis = n;
}

void reads_give(struct arena *a, const struct read_table *t, uint32_t expected, uint32_t silent,
                uint32_t bases, struct mval *out)
{
    out->expected = expected;
    out->reported = expected - silent;
    give_bases(a, t, bases, out);
}

struct sums {
    uint32_t read, silent; /* numbers */
    uint32_t basis;        /* bits */
};

static void count(const struct unit_reads *u, struct sums *sums)
{
    sums->read += reads_number(u->read);
    sums->silent += reads_number(u->silent);
    sums->basis |= u->basis;
}

void reads_finish(struct arena *a, const struct reads *r, struct mval *out)
{
    struct sums sums = {0};
    for (uint32_t k = 0; k < r->n; k++) {
        count(&r->units[k], &sums);
    }
    for (uint32_t k = 0; k < r->extras.n; k++) {
        count(&r->extras.items[k].reads, &sums);
    }
    reads_give(a, r->table, sums.read, sums.silent, sums.basis, out);
}

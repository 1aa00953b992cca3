/* SPDX-License-Identifier: Apache-2.0 */
/* Targets become sums by county and expressions over them. */
#include "bench/sql.h"

#include <inttypes.h>
#include <stdarg.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/verdict.h"

#define SQL_BYTES_MAX (64u << 20)

struct maker {
    struct arena *a;
    const struct workload *w;
    enum sql_flavour flavour;
    struct map known;     /* text of an aggregate -> its number */
    VEC(struct str) sums; /* g0, g1 … */
};

static struct str text(struct arena *a, const char *form, ...) PRINTF_LIKE(2, 3);
static struct str text(struct arena *a, const char *form, ...)
{
    struct buf b;
    va_list ap;
    buf_init_in(&b, a, SQL_BYTES_MAX);
    va_start(ap, form);
    buf_vprintf(&b, form, ap);
    va_end(ap);
    ASSERT(!b.overflow);
    return buf_view(&b);
}

/* The column of node that holds the sum; equal ones are computed once. */
static struct str sum(struct maker *m, struct str aggregate)
{
    uint32_t ix = m->sums.n;
    if (!map_get(&m->known, aggregate, &ix)) {
        map_put(m->a, &m->known, aggregate, ix);
        vec_push(m->a, &m->sums, aggregate);
    }
    return text(m->a, "g%u", ix);
}

/* ---- conditions ----------------------------------------------------------------------------- */

enum side { SURE, POSSIBLE, SURELY_NOT, POSSIBLY_NOT };

static struct str cond_text(struct maker *m, struct cond c)
{
    switch (c.kind) {
    case COND_NONE:
        return STR("");
    case COND_PUBLIC:
        return STR("public");
    case COND_RURAL:
        return STR("rural");
    case COND_FLAG:
        return text(m->a, "i%u", c.item);
    case COND_SIZE:
        return text(m->a, "i%u >= %d", c.item, c.value);
    case COND_PUBLIC_FLAG:
        return text(m->a, "public AND i%u", c.item);
    }
    UNREACHABLE();
}

/* Three-valued logic is SQL's own: silence is NULL. */
static struct str side_text(struct maker *m, struct cond c, enum side side)
{
    static const char *const unsure[] = {[SURE] = "(%.*s) IS TRUE",
                                         [POSSIBLE] = "(%.*s) IS NOT FALSE",
                                         [SURELY_NOT] = "(%.*s) IS FALSE",
                                         [POSSIBLY_NOT] = "(%.*s) IS NOT TRUE"};
    static const char *const sure[] = {[SURE] = "%.*s",
                                       [POSSIBLE] = "%.*s",
                                       [SURELY_NOT] = "NOT %.*s",
                                       [POSSIBLY_NOT] = "NOT %.*s"};
    struct str t = cond_text(m, c);
    const char *form = cond_is_known(c.kind) ? sure[side] : unsure[side];
    if (t.n == 0) {
        ASSERT(side == SURE || side == POSSIBLE);
        return t;
    }
    struct buf b;
    buf_init_in(&b, m->a, SQL_BYTES_MAX);
    for (const char *p = form; *p != '\0'; p++) {
        if (*p == '%') {
            buf_str(&b, t);
            p += 3;
        } else {
            buf_putc(&b, *p);
        }
    }
    return buf_view(&b);
}

static struct str both(struct maker *m, struct str x, struct str y)
{
    if (x.n == 0 || y.n == 0) {
        return x.n == 0 ? y : x;
    }
    return text(m->a, "%.*s AND %.*s", PS(x), PS(y));
}

/* FILTER, except in DuckDB, where hundreds of them are eight times as slow as CASE. */
static struct str n_where(struct maker *m, struct str where)
{
    if (where.n == 0) {
        return sum(m, STR("count(*)"));
    }
    return sum(m, m->flavour == SQL_DUCKDB ? text(m->a, "count_if(%.*s)", PS(where))
                                           : text(m->a, "count(*) FILTER (WHERE %.*s)", PS(where)));
}

/* Σ and the number of those who reported. */
static struct str sum_where(struct maker *m, const char *function, uint32_t item, struct str where)
{
    if (where.n == 0) {
        return sum(m, text(m->a, "%s(i%u)", function, item));
    }
    return sum(m, m->flavour == SQL_DUCKDB
                      ? text(m->a, "%s(CASE WHEN %.*s THEN i%u END)", function, PS(where), item)
                      : text(m->a, "%s(i%u) FILTER (WHERE %.*s)", function, item, PS(where)));
}

/* ---- bounds --------------------------------------------------------------------------------- */

struct bounds {
    struct str lo_n, lo_d, hi_n, hi_d;
};

/* Bounds of Σ where φ: a bounded silent figure adds its bound, any other one no bound. */
struct reach {
    struct str lo, hi;
    struct str endless; /* condition; empty: never */
};

static struct reach reach_of(struct maker *m, uint32_t item, struct cond where)
{
    const struct bench_item *x = &m->w->items[item];
    struct str maybe = side_text(m, where, POSSIBLE);
    struct str most = sum_where(m, "sum", item, maybe);
    struct str silent =
        text(m->a, "%.*s - %.*s", PS(n_where(m, maybe)), PS(sum_where(m, "count", item, maybe)));
    struct reach r = {.lo = sum_where(m, "sum", item, side_text(m, where, SURE)), .hi = most};
    if (x->bound != NO_BOUND) {
        r.hi = text(m->a, "(%.*s + %d * (%.*s))", PS(most), x->bound, PS(silent));
    } else {
        r.endless = text(m->a, "%.*s > 0", PS(silent));
    }
    return r;
}

/* n/d, or inf when the condition holds. */
static void upper(struct maker *m, struct bounds *b, struct str endless, struct str n, struct str d)
{
    b->hi_n = n;
    b->hi_d = d;
    if (endless.n > 0) {
        b->hi_n = text(m->a, "CASE WHEN %.*s THEN 1 ELSE %.*s END", PS(endless), PS(n));
        b->hi_d = text(m->a, "CASE WHEN %.*s THEN 0 ELSE %.*s END", PS(endless), PS(d));
    }
}

static struct bounds of_sum(struct maker *m, const struct target *t)
{
    struct reach r = reach_of(m, t->a, t->where);
    struct bounds b = {.lo_n = r.lo, .lo_d = STR("1")};
    upper(m, &b, r.endless, r.hi, STR("1"));
    return b;
}

static struct bounds of_count(struct maker *m, const struct target *t)
{
    return (struct bounds){n_where(m, side_text(m, t->where, SURE)), STR("1"),
                           n_where(m, side_text(m, t->where, POSSIBLE)), STR("1")};
}

/* The base is known; nobody in it: no value. */
static struct bounds of_share(struct maker *m, const struct target *t)
{
    struct str base = side_text(m, t->where, SURE);
    struct str yes = n_where(m, both(m, base, side_text(m, t->satisfying, SURE)));
    struct str maybe = n_where(m, both(m, base, side_text(m, t->satisfying, POSSIBLE)));
    struct str all = text(m->a, "NULLIF(%.*s, 0)", PS(n_where(m, base)));
    ASSERT(cond_is_known(t->where.kind));
    return (struct bounds){yes, all, maybe, all};
}

/* Two sums that share no figure. */
static struct bounds of_loose_ratio(struct maker *m, const struct target *t)
{
    struct reach n = reach_of(m, t->a, t->where);
    struct reach d = reach_of(m, t->b, (struct cond){0});
    struct bounds b = {.lo_n = n.lo, .lo_d = d.hi};
    if (d.endless.n > 0) {
        b.lo_n = text(m->a, "CASE WHEN %.*s THEN 0 ELSE %.*s END", PS(d.endless), PS(n.lo));
        b.lo_d = text(m->a, "CASE WHEN %.*s THEN 1 ELSE %.*s END", PS(d.endless), PS(d.hi));
    }
    struct str endless =
        text(m->a, "%.*s = 0%s%.*s", PS(d.lo), n.endless.n > 0 ? " OR " : "", PS(n.endless));
    upper(m, &b, endless, n.hi, d.lo);
    return b;
}

/* part <= whole at each school: the best has the whole as small as the part allows. */
static struct bounds of_tied_ratio(struct maker *m, const struct target *t)
{
    int32_t bound = m->w->items[t->b].bound;
    struct reach d = reach_of(m, t->b, (struct cond){0});
    return (struct bounds){sum_where(m, "sum", t->a, STR("")), d.hi,
                           sum(m, text(m->a, "sum(COALESCE(i%u, i%u, %d))", t->a, t->b, bound)),
                           sum(m, text(m->a, "sum(COALESCE(i%u, i%u, %d))", t->b, t->a, bound))};
}

/* Σ(a where φ) / Σa: one silent figure is one unknown. */
static struct bounds of_part(struct maker *m, const struct target *t)
{
    const struct bench_item *x = &m->w->items[t->a];
    struct str in = sum_where(m, "sum", t->a, side_text(m, t->where, SURE));
    struct str out = sum_where(m, "sum", t->a, side_text(m, t->where, SURELY_NOT));
    struct str reach[2]; /* with what silence can add: inside, outside */
    struct str gap[2];
    for (uint32_t i = 0; i < 2; i++) {
        struct str side = side_text(m, t->where, i == 0 ? POSSIBLE : POSSIBLY_NOT);
        struct str most = sum_where(m, "sum", t->a, side);
        struct str silent = text(m->a, "(%.*s - %.*s)", PS(n_where(m, side)),
                                 PS(sum_where(m, "count", t->a, side)));
        reach[i] = text(m->a, "(%.*s + %d * %.*s)", PS(most), x->bound, PS(silent));
        gap[i] = x->bound != NO_BOUND ? STR("1 = 0") : text(m->a, "%.*s > 0", PS(silent));
    }
    /* Without a bound the limit is all or nothing; so it is when nothing else is there. */
    struct str hi_d = text(m->a, "(%.*s + %.*s)", PS(reach[0]), PS(out));
    struct str lo_d = text(m->a, "(%.*s + %.*s)", PS(in), PS(reach[1]));
    return (struct bounds){text(m->a, "CASE WHEN %.*s THEN 0 WHEN %.*s = 0 THEN 1 ELSE %.*s END",
                                PS(gap[1]), PS(lo_d), PS(in)),
                           text(m->a, "CASE WHEN %.*s OR %.*s = 0 THEN 1 ELSE %.*s END", PS(gap[1]),
                                PS(lo_d), PS(lo_d)),
                           text(m->a, "CASE WHEN %.*s THEN 1 WHEN %.*s = 0 THEN 0 ELSE %.*s END",
                                PS(gap[0]), PS(hi_d), PS(reach[0])),
                           text(m->a, "CASE WHEN %.*s OR %.*s = 0 THEN 1 ELSE %.*s END", PS(gap[0]),
                                PS(hi_d), PS(hi_d))};
}

/* ---- schools -------------------------------------------------------------------------------- */

static struct bounds of_school(struct maker *m, const struct target *t)
{
    uint32_t a = t->a;
    uint32_t b = t->b;
    if (t->form == FORM_SCHOOL_FLAGS) {
        return (struct bounds){
            text(m->a, "CASE WHEN (i%u AND i%u) IS TRUE THEN 1 ELSE 0 END", a, b), STR("1"),
            text(m->a, "CASE WHEN (i%u AND i%u) IS FALSE THEN 0 ELSE 1 END", a, b), STR("1")};
    }
    int32_t bound_a = m->w->items[a].bound;
    int32_t bound_b = m->w->items[b].bound;
    struct str endless = bound_a != NO_BOUND ? text(m->a, "i%u IS NULL", b)
                                             : text(m->a, "i%u IS NULL OR i%u IS NULL", a, b);
    struct bounds r = {
        .lo_n = bound_b != NO_BOUND
                    ? text(m->a, "COALESCE(i%u, 0)", a)
                    : text(m->a, "CASE WHEN i%u IS NULL THEN 0 ELSE COALESCE(i%u, 0) END", b, a),
        .lo_d = text(m->a, "COALESCE(i%u, %d)", b, bound_b != NO_BOUND ? bound_b : 1)};
    upper(m, &r, endless, text(m->a, "COALESCE(i%u, %d)", a, bound_a), text(m->a, "i%u", b));
    return r;
}

/* yes and no of a comparison: which bound decides, and how. */
static const struct {
    bool by_lo;
    const char *yes, *no;
} compares[] = {[GE] = {true, ">=", "<"},
                [GT] = {true, ">", "<="},
                [LE] = {false, "<=", ">"},
                [LT] = {false, "<", ">="}};

static struct str decides(struct maker *m, struct bounds b, bool lo, const char *sign,
                          const char *asked, const char *per)
{
    return text(m->a, "(%.*s) * %s %s %s * (%.*s)", PS(lo ? b.lo_n : b.hi_n), per, sign, asked,
                PS(lo ? b.lo_d : b.hi_d));
}

static struct str yes_text(struct maker *m, struct bounds b, enum cmp c, const char *asked,
                           const char *per)
{
    return decides(m, b, compares[c].by_lo, compares[c].yes, asked, per);
}

static struct str no_text(struct maker *m, struct bounds b, enum cmp c, const char *asked,
                          const char *per)
{
    return decides(m, b, !compares[c].by_lo, compares[c].no, asked, per);
}

/* What a school target asks, as literals: a condition is asked for 1. */
struct ask {
    enum cmp cmp;
    const char *asked, *per;
};

static struct ask school_ask(struct maker *m, const struct target *t)
{
    if (t->form == FORM_SCHOOL_FLAGS) {
        return (struct ask){GE, "1", "1"};
    }
    return (struct ask){t->cmp, str_to_cstr(m->a, text(m->a, "%" PRId64, t->asked[0])),
                        str_to_cstr(m->a, text(m->a, "%" PRId64, t->asked_per))};
}

/* The for-all rows above: how many comply, and how many may. */
static struct bounds of_all_schools(struct maker *m, const struct target *t)
{
    struct bounds b = of_school(m, t);
    struct ask k = school_ask(m, t);
    struct str who = side_text(m, t->where, SURE);
    struct str no = no_text(m, b, k.cmp, k.asked, k.per);
    struct str yes = n_where(m, both(m, who, yes_text(m, b, k.cmp, k.asked, k.per)));
    struct str base = n_where(m, who);
    struct str some = text(m->a, "NULLIF(%.*s, 0)", PS(base));
    struct str maybe = text(m->a, "(%.*s - %.*s)", PS(base), PS(n_where(m, both(m, who, no))));
    return (struct bounds){yes, some, maybe, some};
}

static struct bounds bounds_of(struct maker *m, const struct target *t)
{
    switch (t->form) {
    case FORM_SUM:
        return of_sum(m, t);
    case FORM_COUNT:
        return of_count(m, t);
    case FORM_SHARE:
        return of_share(m, t);
    case FORM_RATIO:
        return m->w->items[t->a].tied ? of_tied_ratio(m, t) : of_loose_ratio(m, t);
    case FORM_PART_OF:
        return of_part(m, t);
    case FORM_SCHOOL_RATIO:
    case FORM_SCHOOL_FLAGS:
        return of_all_schools(m, t);
    }
    UNREACHABLE();
}

/* ---- statements ----------------------------------------------------------------------------- */

/* In DuckDB and SQLite a prepared statement fills the table; in PostgreSQL only CREATE TABLE AS
 * reads in parallel. */
static const char *into(const struct maker *m, const char *table)
{
    return str_to_cstr(m->a, m->flavour == SQL_POSTGRES
                                 ? text(m->a, "CREATE TEMP TABLE %s AS ", table)
                                 : text(m->a, "INSERT INTO %s ", table));
}

/* g0 … gN from the sums by county, at a level. */
static void put_level(struct maker *m, struct buf *b, const char *node, const char *groups)
{
    buf_printf(b, "SELECT year, %s AS node", node);
    for (uint32_t i = 0; i < m->sums.n; i++) {
        buf_printf(b, ", CAST(COALESCE(sum(g%u), 0) AS BIGINT) AS g%u", i, i);
    }
    buf_printf(b, " FROM c GROUP BY year%s", groups);
}

/*
 * DuckDB computes the three grouping sets in one pass. PostgreSQL does so by one process only:
 * counties first, by all of them. SQLite knows no grouping sets.
 */
static struct str sums_step(struct maker *m)
{
    struct buf b;
    buf_init_in(&b, m->a, SQL_BYTES_MAX);
    if (m->flavour == SQL_DUCKDB) {
        buf_printf(&b, "%sSELECT year, COALESCE(county, city, 0)", into(m, "node"));
        for (uint32_t i = 0; i < m->sums.n; i++) {
            buf_printf(&b, ", CAST(COALESCE(%.*s, 0) AS BIGINT)", PS(m->sums.items[i]));
        }
        buf_puts(&b, " FROM school GROUP BY year, ROLLUP(city, county)");
        return buf_view(&b);
    }
    buf_printf(&b, "%sWITH c AS %s(SELECT year, city, county", into(m, "node"),
               m->flavour == SQL_SQLITE ? "MATERIALIZED " : "");
    for (uint32_t i = 0; i < m->sums.n; i++) {
        buf_printf(&b, ", %.*s AS g%u", PS(m->sums.items[i]), i);
    }
    buf_puts(&b, " FROM school GROUP BY year, city, county) ");
    if (m->flavour == SQL_POSTGRES) {
        put_level(m, &b, "COALESCE(county, city, 0)", ", ROLLUP(city, county)");
        return buf_view(&b);
    }
    put_level(m, &b, "county", ", county");
    buf_puts(&b, " UNION ALL ");
    put_level(m, &b, "city", ", city");
    buf_puts(&b, " UNION ALL ");
    put_level(m, &b, "0", "");
    return buf_view(&b);
}

/* A row for each node, year and target, with its bounds. */
static void put_long(struct maker *m, struct buf *b, const struct bounds *x)
{
    uint32_t n = m->w->n_targets;
    if (m->flavour == SQL_SQLITE) {
        for (uint32_t i = 0; i < n; i++) {
            buf_printf(b, "%sSELECT year, node, %u%s, %.*s%s, %.*s%s, %.*s%s, %.*s%s FROM node",
                       i > 0 ? " UNION ALL " : "", i, i > 0 ? "" : " AS t", PS(x[i].lo_n),
                       i > 0 ? "" : " AS lo_n", PS(x[i].lo_d), i > 0 ? "" : " AS lo_d",
                       PS(x[i].hi_n), i > 0 ? "" : " AS hi_n", PS(x[i].hi_d),
                       i > 0 ? "" : " AS hi_d");
        }
        return;
    }
    bool duck = m->flavour == SQL_DUCKDB;
    buf_puts(b, duck ? "SELECT year, node, unnest(["
                     : "SELECT year, node, v.* FROM node, unnest(ARRAY[");
    for (uint32_t i = 0; i < n; i++) {
        buf_printf(b, "%s%u", i > 0 ? "," : "", i);
    }
    static const char *const names[] = {"t", "lo_n", "lo_d", "hi_n", "hi_d"};
    for (uint32_t k = 0; k < 4; k++) {
        buf_printf(b, duck ? "]) AS %s, unnest([" : "], ARRAY[", names[k]);
        for (uint32_t i = 0; i < n; i++) {
            const struct str *parts = &x[i].lo_n;
            buf_printf(b, "%s%.*s", i > 0 ? "," : "", PS(parts[k]));
        }
    }
    buf_puts(b, duck ? "]) AS hi_d FROM node" : "]) AS v(t, lo_n, lo_d, hi_n, hi_d)");
}

/* By the comparator of the target. */
static const char yes_any[] =
    "CASE cmp WHEN 0 THEN lo_n * per >= n * lo_d WHEN 1 THEN hi_n * per <= n * hi_d "
    "WHEN 2 THEN lo_n * per > n * lo_d ELSE hi_n * per < n * hi_d END";
static const char no_any[] =
    "CASE cmp WHEN 0 THEN hi_n * per < n * hi_d WHEN 1 THEN lo_n * per > n * lo_d "
    "WHEN 2 THEN hi_n * per <= n * hi_d ELSE lo_n * per >= n * lo_d END";

/* The rows of areas that a target names: plain, against the year before, over the span. */
static void put_rows(struct buf *b)
{
    buf_puts(b, ", named AS MATERIALIZED (SELECT l.*, t.times, t.cmp, t.per, a.city FROM long l "
                "JOIN target t ON t.id = l.t JOIN area a ON a.node = l.node "
                "WHERE (a.level & t.levels) > 0)");
    buf_printf(b,
               ", plain AS (SELECT r.t, r.node, r.city, r.year, "
               "CASE WHEN lo_d IS NULL THEN 4 WHEN %s THEN 0 WHEN %s THEN 1 ELSE 3 END AS state, "
               "lo_n, lo_d, hi_n, hi_d FROM named r JOIN asked k ON k.target = r.t AND "
               "k.year = r.year WHERE r.times IN (%d, %d, %d))",
               yes_any, no_any, EVERY_YEAR, LADDER, LAST_YEAR);
    buf_printf(b,
               ", change AS (SELECT r.t, r.node, r.city, r.year, CASE "
               "WHEN r.lo_n > p.hi_n * r.lo_d AND p.hi_d > 0 THEN 0 "
               "WHEN r.times = %d AND r.lo_n = p.hi_n * r.lo_d AND p.hi_d > 0 THEN 0 "
               "WHEN r.hi_d > 0 AND r.hi_n < p.lo_n THEN 1 "
               "WHEN r.times = %d AND r.hi_d > 0 AND r.hi_n = p.lo_n THEN 1 ELSE 3 END AS state, "
               "r.lo_n, r.lo_d, r.hi_n, r.hi_d FROM named r JOIN named p ON p.t = r.t AND "
               "p.node = r.node AND p.year = r.year - 1 WHERE r.times IN (%d, %d))",
               NEVER_FALLS, RISES, NEVER_FALLS, RISES);
    buf_printf(b,
               ", ranked AS (SELECT r.*, k.n, "
               "row_number() OVER (PARTITION BY r.t, r.node ORDER BY "
               "CAST(lo_n AS DOUBLE PRECISION) / lo_d) AS by_lo, "
               "row_number() OVER (PARTITION BY r.t, r.node ORDER BY CASE WHEN hi_d = 0 THEN 1e300 "
               "ELSE CAST(hi_n AS DOUBLE PRECISION) / hi_d END) AS by_hi "
               "FROM named r JOIN asked k ON k.target = r.t AND k.year = %d WHERE r.times = %d)",
               YEARS - 1, HOLD);
    buf_printf(
        b,
        ", held AS (SELECT t, node, city, %d AS year, CASE "
        "WHEN count(*) FILTER (WHERE hi_n * per < n * hi_d) > 0 THEN 1 "
        "WHEN count(*) FILTER (WHERE lo_n * per >= n * lo_d) = %d THEN 0 ELSE 3 END AS state, "
        "max(lo_n) FILTER (WHERE by_lo = 1) AS lo_n, max(lo_d) FILTER (WHERE by_lo = 1) AS "
        "lo_d, max(hi_n) FILTER (WHERE by_hi = 1) AS hi_n, max(hi_d) FILTER (WHERE by_hi = "
        "1) AS hi_d FROM ranked GROUP BY t, node, city)",
        YEARS - 1, YEARS);
    buf_printf(
        b,
        ", total AS (SELECT t, node, city, cmp, per, CAST(sum(lo_n) AS BIGINT) AS lo_n, %d AS "
        "lo_d, CASE WHEN min(hi_d) = 0 THEN 1 ELSE CAST(sum(hi_n) AS BIGINT) END AS hi_n, "
        "CASE WHEN min(hi_d) = 0 THEN 0 ELSE %d END AS hi_d FROM named WHERE times = %d "
        "GROUP BY t, node, city, cmp, per)",
        YEARS, YEARS, MEAN);
    buf_printf(b,
               ", average AS (SELECT r.t, r.node, r.city, k.year, CASE WHEN %s THEN 0 WHEN %s THEN "
               "1 ELSE 3 END AS state, lo_n, lo_d, hi_n, hi_d FROM total r JOIN asked k ON "
               "k.target = r.t AND k.year = %d)",
               yes_any, no_any, YEARS - 1);
    /* State 5: a county that need not comply, and has no row of its own. */
    buf_puts(b,
             ", own AS MATERIALIZED (SELECT u.t, u.node, u.city, u.year, CASE WHEN t.border AND "
             "NOT a.border THEN 5 ELSE state END AS state, lo_n, lo_d, hi_n, hi_d FROM (SELECT * "
             "FROM plain UNION ALL SELECT * FROM change UNION ALL SELECT * FROM held UNION ALL "
             "SELECT * FROM average) u JOIN target t ON t.id = u.t JOIN area a ON a.node = "
             "u.node)");
}

static const char tally[] =
    "count(*) FILTER (WHERE state = 0) AS yes, count(*) FILTER (WHERE state = 1) AS no, "
    "count(*) FILTER (WHERE state = 3) AS open";

/* For-all rows above the units named. */
static void put_above(const struct maker *m, struct buf *b)
{
    static const char from[] = "FROM own o JOIN target t ON t.id = o.t WHERE (t.levels & 1) = 0";
    buf_puts(b, ", above AS (");
    if (m->flavour == SQL_SQLITE) {
        buf_printf(
            b,
            "SELECT o.t, o.city AS node, o.year, t.levels, %s %s GROUP BY o.t, t.levels, o.year, "
            "o.city UNION ALL SELECT o.t, 0, o.year, t.levels, %s %s GROUP BY o.t, t.levels, "
            "o.year",
            tally, from, tally, from);
    } else {
        buf_printf(b,
                   "SELECT o.t, COALESCE(o.city, 0) AS node, o.year, t.levels, %s %s GROUP BY o.t, "
                   "t.levels, o.year, ROLLUP(o.city)",
                   tally, from);
    }
    buf_printf(b,
               "), all_of AS (SELECT t, node, year, CASE WHEN no > 0 THEN 1 WHEN open > 0 THEN 3 "
               "WHEN yes > 0 THEN 0 ELSE 4 END AS state, yes AS lo_n, NULLIF(yes + no + open, 0) "
               "AS lo_d, yes + open AS hi_n, NULLIF(yes + no + open, 0) AS hi_d FROM above "
               "WHERE node = 0 OR (levels & %d) = 0)",
               AT_CITY);
}

static struct str verdict_step(struct maker *m, const struct bounds *x)
{
    struct buf b;
    buf_init_in(&b, m->a, SQL_BYTES_MAX);
    buf_printf(&b, "%sWITH long AS MATERIALIZED (", into(m, "verdict"));
    put_long(m, &b, x);
    buf_puts(&b, ")");
    put_rows(&b);
    put_above(m, &b);
    buf_puts(&b, " SELECT t, node, year, state, lo_n, lo_d, hi_n, hi_d FROM own WHERE state < "
                 "5 UNION ALL SELECT t, node, year, state, lo_n, lo_d, hi_n, hi_d FROM all_of");
    return buf_view(&b);
}

static struct str school_step(struct maker *m)
{
    struct buf b;
    buf_init_in(&b, m->a, SQL_BYTES_MAX);
    buf_printf(&b, "%sSELECT unit, year", into(m, "school_verdict"));
    uint32_t first = m->w->n_targets - m->w->n_school_targets;
    for (uint32_t i = 0; i < m->w->n_school_targets; i++) {
        const struct target *t = &m->w->targets[first + i];
        struct bounds x = of_school(m, t);
        struct ask k = school_ask(m, t);
        struct str who = side_text(m, t->where, SURE);
        buf_puts(&b, ", CASE ");
        if (who.n > 0) { /* NULL: no row */
            buf_printf(&b, "WHEN NOT %.*s THEN NULL ", PS(who));
        }
        buf_printf(&b,
                   "WHEN %.*s THEN 0 WHEN %.*s THEN 1 ELSE 3 END AS s%u, %.*s AS a%u, %.*s AS b%u, "
                   "%.*s AS c%u, %.*s AS d%u",
                   PS(yes_text(m, x, k.cmp, k.asked, k.per)),
                   PS(no_text(m, x, k.cmp, k.asked, k.per)), i, PS(x.lo_n), i, PS(x.lo_d), i,
                   PS(x.hi_n), i, PS(x.hi_d), i);
    }
    buf_puts(&b, " FROM school");
    return buf_view(&b);
}

/* ---- the tables ----------------------------------------------------------------------------- */

static struct str schema(struct maker *m)
{
    struct buf b;
    buf_init_in(&b, m->a, SQL_BYTES_MAX);
    bool postgres = m->flavour == SQL_POSTGRES;
    buf_printf(&b,
               "CREATE %sTABLE school (unit INTEGER, year SMALLINT, city INTEGER, county "
               "INTEGER, public BOOLEAN, rural BOOLEAN",
               postgres ? "UNLOGGED " : "");
    for (uint32_t i = 0; i < m->w->n_items; i++) {
        buf_printf(&b, ", i%u %s", i, m->w->items[i].class == ITEM_FLAG ? "BOOLEAN" : "INTEGER");
    }
    buf_puts(
        &b, ");\nCREATE TABLE area (node INTEGER PRIMARY KEY, city INTEGER, level INTEGER, "
            "border BOOLEAN);\nCREATE TABLE target (id INTEGER PRIMARY KEY, levels INTEGER, border "
            "BOOLEAN, times INTEGER, cmp INTEGER, per BIGINT);\nCREATE TABLE asked (target "
            "INTEGER, year INTEGER, n BIGINT, PRIMARY KEY (target, year));\n");
    if (postgres) {
        return buf_view(&b); /* the answers are made by CREATE TABLE AS */
    }
    buf_puts(&b, "CREATE TEMP TABLE node (year INTEGER, node INTEGER");
    for (uint32_t i = 0; i < m->sums.n; i++) {
        buf_printf(&b, ", g%u BIGINT", i);
    }
    buf_puts(&b, ");\nCREATE TEMP TABLE verdict (target INTEGER, node INTEGER, year INTEGER, state "
                 "INTEGER, lo_n BIGINT, lo_d BIGINT, hi_n BIGINT, hi_d BIGINT);\nCREATE TEMP TABLE "
                 "school_verdict (unit INTEGER, year INTEGER");
    for (uint32_t i = 0; i < m->w->n_school_targets; i++) {
        buf_printf(&b, ", s%u INTEGER, a%u BIGINT, b%u BIGINT, c%u BIGINT, d%u BIGINT", i, i, i, i,
                   i);
    }
    buf_puts(&b, ");\n");
    return buf_view(&b);
}

static const char *truth(bool x)
{
    return x ? "TRUE" : "FALSE";
}

static void fill_areas(const struct maker *m, struct buf *b)
{
    const struct workload *w = m->w;
    buf_printf(b, "INSERT INTO area VALUES (0, NULL, %d, FALSE)", AT_REGION);
    for (uint32_t i = 0; i < w->shape.cities; i++) {
        buf_printf(b, ", (%u, %u, %d, FALSE)", node_of_city(i), node_of_city(i), AT_CITY);
    }
    for (uint32_t i = 0; i < w->shape.counties; i++) {
        buf_printf(b, ", (%u, %u, %d, %s)", node_of_county(w, i), node_of_city(w->city_of[i]),
                   AT_COUNTY, truth(county_on_border(w, i)));
    }
    buf_puts(b, ";\n");
}

/* A target at schools is, at areas, one that all of them are asked for. */
static struct str fill(struct maker *m)
{
    struct buf b;
    buf_init_in(&b, m->a, SQL_BYTES_MAX);
    fill_areas(m, &b);
    for (uint32_t i = 0; i < m->w->n_targets; i++) {
        const struct target *t = &m->w->targets[i];
        bool schools = (t->at & AT_SCHOOL) != 0;
        uint32_t levels = AT_REGION | AT_CITY | AT_COUNTY;
        buf_printf(&b, "%s(%u, %u, %s, %u, %u, %" PRId64 ")",
                   i > 0 ? ", " : "INSERT INTO target VALUES ", i,
                   schools ? levels : t->at & levels, truth(t->at & ONLY_BORDER), t->times,
                   schools ? GE : t->cmp, schools ? 1 : t->asked_per);
    }
    const char *begin = ";\nINSERT INTO asked VALUES ";
    for (uint32_t i = 0; i < m->w->n_targets; i++) {
        const struct target *t = &m->w->targets[i];
        bool last_only = t->times == LAST_YEAR || t->times == HOLD || t->times == MEAN;
        for (uint32_t y = last_only ? YEARS - 1 : 0; y < YEARS; y++) {
            buf_printf(&b, "%s(%u, %u, %" PRId64 ")", begin, i, y,
                       (t->at & AT_SCHOOL) ? 1 : t->asked[y]);
            begin = ", ";
        }
    }
    buf_puts(&b, ";\n");
    return buf_view(&b);
}

struct sql sql_make(struct arena *a, const struct workload *w, enum sql_flavour f)
{
    static const char *const ready[] = {
        [SQL_DUCKDB] = "ANALYZE",
        [SQL_POSTGRES] = "CREATE INDEX ON school (year, county); VACUUM ANALYZE",
        [SQL_SQLITE] = "CREATE INDEX by_area ON school (year, city, county); ANALYZE"};
    static const char *const clear[] = {
        [SQL_DUCKDB] = "DELETE FROM node; DELETE FROM verdict; DELETE FROM school_verdict",
        [SQL_POSTGRES] = "DROP TABLE IF EXISTS node, verdict, school_verdict",
        [SQL_SQLITE] = "DELETE FROM node; DELETE FROM verdict; DELETE FROM school_verdict"};
    struct maker m = {.a = a, .w = w, .flavour = f};
    struct bounds *x = ARENA_ARRAY(a, struct bounds, w->n_targets);
    for (uint32_t i = 0; i < w->n_targets; i++) {
        x[i] = bounds_of(&m, &w->targets[i]);
    }
    return (struct sql){.schema = schema(&m),
                        .fill = fill(&m),
                        .ready = str_from_cstr(ready[f]),
                        .clear = str_from_cstr(clear[f]),
                        .steps = {sums_step(&m), verdict_step(&m, x), school_step(&m)},
                        .verdicts = STR("SELECT * FROM verdict"),
                        .school_verdicts = STR("SELECT * FROM school_verdict"),
                        .n_sums = m.sums.n};
}

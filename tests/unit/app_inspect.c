/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each detector on a town of thirty schools whose figures are drawn, with one school changed by
 * hand: it is asked, what is on the other side of the border is not, and few data are silent.
 */
#include "app/inspect/inspect.h"

#include <math.h>

#include "app/inspect/stat.h"
#include "app/pack/pack.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/rng.h"
#include "tests/lib/test.h"
#include "tests/lib/tmpdir.h"

#define ITEMS  12 /* numbers a0 … of a school */
#define POINTS 14
#define YEARS  3
#define FIRST  2024
#define MOST   40

static const char plan_text[] =
    "plan t { years 2024 to 2026 }\n"
    "levels realm > shire > school\n"
    "kind school in shire {\n"
    "  item a0 : persons yearly decimals 0\n  item a1 : persons yearly decimals 0\n"
    "  item a2 : persons yearly decimals 0\n  item a3 : persons yearly decimals 0\n"
    "  item a4 : persons yearly decimals 0\n  item a5 : persons yearly decimals 0\n"
    "  item a6 : persons yearly decimals 0\n  item a7 : persons yearly decimals 0\n"
    "  item a8 : persons yearly decimals 0\n  item a9 : persons yearly decimals 0\n"
    "  item a10 : persons yearly decimals 0\n  item a11 : persons yearly decimals 0\n"
    "  item b0 : boolean yearly\n  item b1 : boolean yearly\n  item b2 : boolean yearly\n"
    "  item b3 : boolean yearly\n  item b4 : boolean yearly\n  item b5 : boolean yearly\n"
    "  item b6 : boolean yearly\n  item b7 : boolean yearly\n  item b8 : boolean yearly\n"
    "  item b9 : boolean yearly\n  item b10 : boolean yearly\n  item b11 : boolean yearly\n"
    "  item b12 : boolean yearly\n  item b13 : boolean yearly\n"
    "  item s0 : persons yearly decimals 0 class sealed\n"
    "  item s1 : persons yearly decimals 0 class sealed\n"
    "}\n"
    "register stay in school { field person : text key }\n"
    "programme P { 对象 school grants model }\n"
    "target T1 t1 { basis A by 2026年 sum(school.a1) / sum(school.a0) at_least 60% }\n"
    "target T3 t3 { basis A by 2026年 sum(school.a1) / sum(school.a0) at_least 60.01% }\n"
    "target T2 t2 { basis A by 2026年 sum(school.s1) / sum(school.s0) at_least 60% }\n"
    "clause A 一(一)\n";

struct town {
    struct arena arena;
    const char *dir;
    uint32_t n;
    double x[YEARS][MOST][ITEMS], s[YEARS][MOST][2];
    bool b[YEARS][MOST][POINTS];
    struct buf facts, rows, titles; /* further lines */
    bool merged;                    /* S00 and S01 into M, at the end of 2025 */
    bool absorbed;                  /* S00 into S01, likewise */
    bool founded;                   /* N, in 2026 */
    bool asks_nothing;              /* a plan without targets */
    uint32_t closed;                /* ends with 2025; MOST: none does */
    uint32_t far;                   /* stands below E; MOST: none does */
    struct inspect_book book;
    struct pack pack;
    struct inspection found;
    struct err e;
};

/* Sizes, ratios and luck of schools: 200 to 900 pupils, other figures parts of them. */
static struct town *town(uint32_t n)
{
    struct town *t = test_malloc(sizeof *t);
    struct rng g;
    rng_seed(&g, 7);
    *t = (struct town){.n = n, .closed = MOST, .far = MOST};
    arena_init(&t->arena, 1UL << 30, "town");
    t->dir = tmpdir_make(&t->arena);
    buf_init(&t->facts, 1U << 20);
    buf_init(&t->rows, 1U << 20);
    buf_init(&t->titles, 1U << 20);
    for (uint32_t u = 0; u < n; u++) {
        double size = 200 + (double)rng_below(&g, 700);
        for (uint32_t y = 0; y < YEARS; y++) {
            size *= 0.9 + (double)rng_below(&g, 200) / 1000;
            for (uint32_t i = 0; i < ITEMS; i++) {
                double part = i == 0 ? 1 : 0.9 - 0.06 * i;
                t->x[y][u][i] = round(size * part * (0.97 + (double)rng_below(&g, 60) / 1000));
            }
            t->s[y][u][0] = t->x[y][u][0];
            t->s[y][u][1] = t->x[y][u][2];
            for (uint32_t i = 0; i < POINTS; i++) {
                t->b[y][u][i] = rng_below(&g, 10) < 7;
            }
        }
    }
    return t;
}

static void write(struct town *t, const char *name, const struct buf *b)
{
    (void)tmpdir_write(&t->arena, t->dir, name, buf_view(b));
}

static void tables(struct town *t)
{
    struct buf b;
    buf_init(&b, 1U << 24);
    buf_puts(&b, "code,name,kind,parent,from,to\nR,R,realm,,,\nD,D,shire,R,,\nE,E,shire,R,,\n"
                 "X1,X1,school,E,,\n");
    for (uint32_t u = 0; u < t->n; u++) {
        bool ends = (t->merged && u < 2) || (t->absorbed && u == 0) || u == t->closed;
        buf_printf(&b, "S%02u,school %u,school,%s,,%s\n", u, u, u == t->far ? "E" : "D",
                   ends ? "2025-12-31" : "");
    }
    buf_puts(&b, t->founded ? "N,founded,school,D,2026-01-01,\n" : "");
    buf_puts(&b, t->merged ? "M,merged,school,D,2026-01-01,\n" : "");
    write(t, "units.csv", &b);
    buf_clear(&b);
    buf_printf(&b, "event,date,from,to\n%s",
               t->merged     ? "merge,2026-01-01,S00,M\nmerge,2026-01-01,S01,M\n"
               : t->absorbed ? "merge,2026-01-01,S00,S01\n"
                             : "");
    write(t, "lineage.csv", &b);
    buf_clear(&b);
    buf_puts(&b, "unit,item,period,value,recorded\n");
    for (uint32_t u = 0; u < t->n; u++) {
        for (uint32_t y = 0; y < YEARS; y++) {
            uint32_t year = FIRST + y;
            for (uint32_t i = 0; i < ITEMS; i++) {
                buf_printf(&b, "S%02u,a%u,%u,%.0f,%u-12-31\n", u, i, year, t->x[y][u][i], year);
            }
            for (uint32_t i = 0; i < POINTS; i++) {
                buf_printf(&b, "S%02u,b%u,%u,%s,%u-12-31\n", u, i, year,
                           t->b[y][u][i] ? "yes" : "no", year);
            }
            for (uint32_t i = 0; i < 2; i++) {
                buf_printf(&b, "S%02u,s%u,%u,%.0f,%u-12-31\n", u, i, year, t->s[y][u][i], year);
            }
        }
    }
    buf_str(&b, buf_view(&t->facts));
    write(t, "facts.csv", &b);
    buf_clear(&b);
    buf_printf(&b, "register,owner,id,from,to,person\n%.*s", PS(buf_view(&t->rows)));
    write(t, "rows.csv", &b);
    buf_clear(&b);
    buf_printf(&b, "title,unit,from\n%.*s", PS(buf_view(&t->titles)));
    write(t, "titles.csv", &b);
    buf_release(&b);
    struct str plan = str_from_cstr(plan_text);
    size_t targets = str_find(plan, STR("target"), 0);
    (void)tmpdir_write(&t->arena, t->dir, "t.plan",
                       t->asks_nothing ? str_sub(plan, 0, (uint32_t)targets) : plan);
}

/* Asks, and gives the questions of one detector as "UNIT what period; …". */
static struct str asked(struct town *t, enum detector x)
{
    struct buf b;
    struct buf faults;
    tables(t);
    enum rc rc = pack_open_plan(&t->arena, t->dir, &t->pack, &t->e);
    rc = rc == RC_OK ? pack_open_tables(&t->arena, t->dir, NULL, 0, &t->pack, &t->e) : rc;
    if (rc != RC_OK) {
        buf_init(&faults, 1U << 20);
        pack_render_faults(&t->pack, false, &faults);
        print_error("%.*s %s\n", PS(buf_view(&faults)), t->e.primary_en);
        buf_release(&faults);
    }
    assert_int_equal(rc, RC_OK);
    struct date day;
    assert_true(date_parse(STR("2027-06-01"), &day));
    const struct inspect_wish w = {.as_of = day, .unit = NONE, .book = &t->book};
    rc = inspect(&t->arena, t->pack.plan, t->pack.data, &w, &t->found, &t->e);
    assert_int_equal(rc, RC_OK);
    buf_init_in(&b, &t->arena, 1U << 20);
    for (uint32_t i = 0; i < t->found.list.n; i++) {
        const struct question *q = &t->found.list.items[i];
        assert_true(q->text[0].n > 0 && q->text[1].n > 0);
        assert_int_equal(str_find(q->text[0], STR("{"), 0), STR_NONE);
        if (q->detector == x) {
            buf_printf(&b, "%s%.*s %.*s %.*s", b.n > 0 ? "; " : "",
                       PS(t->pack.tree->units[q->unit].code), PS(q->what), PS(q->period));
        }
    }
    return buf_view(&b);
}

static void done(struct town *t)
{
    tmpdir_remove(t->dir);
    buf_release(&t->facts);
    buf_release(&t->rows);
    buf_release(&t->titles);
    arena_release(&t->arena);
    test_free(t);
}

#define ASKED(t, detector, want)                                                                   \
    do {                                                                                           \
        ASSERT_STR(asked((t), DETECTOR_##detector), (want));                                       \
        done(t);                                                                                   \
    } while (0)

/* ---- statistics by hand ---------------------------------------------------------------------- */

static void test_statistics(void **state)
{
    (void)state;
    double odd[] = {9, 1, 5};
    double even[] = {4, 8, 1, 9};
    double same[] = {3, 3, 3, 3, 3};
    assert_true(stat_median(odd, 3) == 5);
    assert_true(stat_median(even, 4) == 6); /* of 4 and 8 */
    assert_true(stat_median(same, 5) == 3 && stat_spread(same, 5, 3) == 0);
    double x[] = {1, 2, 4, 9, 30};
    assert_true(stat_spread(x, 5, 4) == 3); /* of 3 2 0 5 26 */
    assert_true(fabs(stat_tail(3, 2, 0.5) - 0.5) < 1e-12);
    assert_true(fabs(stat_tail(12, 12, 0.2) / 4.096e-9 - 1) < 1e-9);
    assert_true(stat_tail(5, 0, 0.1) == 1 && stat_tail(5, 6, 0.1) == 0);
    assert_true(stat_tail(5, 1, 0) == 0 && stat_tail(5, 5, 1) == 1);
    struct rng g;
    rng_seed(&g, 3);
    for (uint32_t round = 0; round < 2000; round++) { /* against counting */
        double y[50];
        uint32_t n = 1 + (uint32_t)rng_below(&g, 50);
        for (uint32_t i = 0; i < n; i++) {
            y[i] = (double)rng_below(&g, 9);
        }
        double z[50];
        for (uint32_t i = 0; i < n; i++) {
            z[i] = y[i];
        }
        double m = stat_median(z, n);
        uint32_t below = 0;
        uint32_t above = 0;
        for (uint32_t i = 0; i < n; i++) {
            below += y[i] < m;
            above += y[i] > m;
        }
        assert_true(below <= n / 2 && above <= n / 2);
    }
}

/* ---- figures -------------------------------------------------------------------------------- */

static void test_a_plain_town_is_asked_nothing(void **state)
{
    (void)state;
    struct town *t = town(30);
    (void)asked(t, DETECTOR_CHANGE);
    assert_int_equal(t->found.list.n, 0);
    assert_int_equal(t->found.n_units, 30);
    done(t);
}

static void test_change(void **state)
{
    (void)state;
    struct town *t = town(30);
    t->x[1][4][3] *= 10; /* a wrong unit, right again the year after: one question */
    ASKED(t, CHANGE, "S04 a3 2025");
    t = town(30);
    t->x[2][4][3] = round(t->x[2][4][3] / 3);
    ASKED(t, CHANGE, "S04 a3 2026");
    t = town(30);
    t->x[1][4][3] = round(t->x[1][4][3] * 1.4); /* less than by half: may happen */
    ASKED(t, CHANGE, "");
    t = town(30);
    for (uint32_t i = 0; i < ITEMS; i++) { /* a school that grew is compared with itself */
        t->x[1][4][i] *= 3;
        t->x[2][4][i] *= 3;
    }
    ASKED(t, CHANGE, "");
    t = town(30);
    for (uint32_t u = 0; u < t->n; u++) { /* a figure that jumps everywhere */
        t->x[1][u][7] = round(t->x[1][u][7] * (u % 3 == 0 ? 2 : u % 3 == 1 ? 1 : 0.5));
    }
    ASKED(t, CHANGE, "");
    t = town(19); /* too few of its kind */
    t->x[1][4][3] *= 10;
    ASKED(t, CHANGE, "");
}

/* The merged school has the figures of both, one of them with a digit too many. */
static void test_change_after_a_merger(void **state)
{
    (void)state;
    struct town *t = town(30);
    t->merged = true;
    for (uint32_t i = 0; i < ITEMS; i++) {
        buf_printf(&t->facts, "M,a%u,2026,%.0f,2026-12-31\n", i,
                   (t->x[1][0][i] + t->x[1][1][i]) * (i == 3 ? 10 : 1));
    }
    ASKED(t, CHANGE, "M a3 2026");
}

static void test_peer(void **state)
{
    (void)state;
    struct town *t = town(30);
    for (uint32_t y = 0; y < YEARS; y++) {
        t->x[y][7][5] *= 10; /* always: no change to ask about */
    }
    ASKED(t, PEER, "S07 a5 2026");
    t = town(30);
    for (uint32_t y = 0; y < YEARS; y++) {
        t->x[y][7][5] *= 3;
    }
    ASKED(t, PEER, "");
}

static void test_shrunk(void **state)
{
    (void)state;
    struct town *t = town(30);
    t->x[2][9][0] = round(0.7 * t->x[2][9][0]); /* T1 divides by a0, a1 holds */
    ASKED(t, SHRUNK, "S09 a0 2026");
    t = town(30);
    t->x[2][9][0] = round(0.7 * t->x[2][9][0]);
    t->x[2][9][1] = round(0.7 * t->x[2][9][1]); /* falls with it */
    ASKED(t, SHRUNK, "");
    t = town(30);
    t->x[2][9][2] = round(0.7 * t->x[2][9][2]); /* nothing divides by a2 */
    ASKED(t, SHRUNK, "");
}

/* A school that always has so many heads, and all else in proportion. */
static void flat(struct town *t, uint32_t u, double heads)
{
    for (uint32_t y = 0; y < YEARS; y++) {
        for (uint32_t i = 0; i < ITEMS; i++) {
            t->x[y][u][i] = round(heads * (i == 0 ? 1 : 0.9 - 0.06 * i));
        }
        t->s[y][u][0] = heads;
    }
}

/* S09 has so many heads less in 2026, S10 so many more. */
static struct town *shifted(double from, double less, double to, double more)
{
    struct town *t = town(30);
    flat(t, 9, from);
    flat(t, 10, to);
    t->x[2][9][0] -= less;
    t->x[2][10][0] += more;
    return t;
}

static void moved_is(struct town *t, const char *want)
{
    ASKED(t, MOVED, want);
}

static void test_moved(void **state)
{
    (void)state;
    struct town *t = shifted(600, 120, 500, 120);
    ASSERT_STR(asked(t, DETECTOR_MOVED), "D a0 S09 → S10 2026");
    for (uint32_t i = 0; i < t->found.list.n; i++) { /* both are named, with their figures */
        const struct question *q = &t->found.list.items[i];
        if (q->detector == DETECTOR_MOVED) {
            assert_int_equal(q->n_about, 2);
            struct str was = STR("600 persons → 480 persons");
            assert_int_not_equal(str_find(q->text[0], was, 0), STR_NONE);
            struct str is = STR("500 persons → 620 persons");
            assert_int_not_equal(str_find(q->text[1], is, 0), STR_NONE);
        }
    }
    done(t);
    moved_is(shifted(600, 120, 500, 140), "D a0 S09 → S10 2026"); /* 20 of 120 is a sixth */
    moved_is(shifted(600, 120, 500, 170), "");                    /* 50 of 120 is no match */
    moved_is(shifted(600, 40, 500, 40), ""); /* 7 in a hundred: three spreads of the peers */
    moved_is(shifted(600, 120, 500, 0), ""); /* nobody has them */
    moved_is(shifted(60, 24, 60, 24), "D a0 S09 → S10 2026");
    moved_is(shifted(60, 17, 60, 17), "");      /* fewer than 20 heads */
    moved_is(shifted(600, 120, 500, -120), ""); /* both have fewer */
}

static void test_moved_is_of_one_area_and_of_heads(void **state)
{
    (void)state;
    struct town *t = shifted(600, 120, 500, 120);
    t->far = 10;
    ASKED(t, MOVED, "");
    t = shifted(600, 0, 500, 0);
    t->x[2][9][2] -= 120; /* nothing divides by a2 */
    t->x[2][10][2] += 120;
    t->s[2][9][0] -= 120; /* and s0 is sealed */
    t->s[2][10][0] += 120;
    ASKED(t, MOVED, "");
    t = shifted(600, 0, 500, 0);
    t->asks_nothing = true; /* a plan that divides by nothing: all heads */
    t->x[2][9][2] -= 120;
    t->x[2][10][2] += 120;
    ASKED(t, MOVED, "D a2 S09 → S10 2026");
    t = shifted(600, 0, 500, 0);
    for (uint32_t i = 0; i < ITEMS; i++) { /* teachers and all went along: a school that shrank */
        t->x[2][9][i] = round(0.8 * t->x[2][9][i]);
        t->x[2][10][i] = round(1.24 * t->x[2][10][i]);
    }
    ASKED(t, MOVED, "");
    t = shifted(600, 0, 500, 0);
    t->x[1][9][0] -= 120; /* there and back again: one question */
    t->x[1][10][0] += 120;
    ASKED(t, MOVED, "D a0 S09 → S10 2025");
    t = shifted(600, 120, 500, 120);
    t->n = 19; /* too few of their kind */
    ASKED(t, MOVED, "");
}

/* Of three the two that match best, whichever way the third one went. */
static void test_moved_takes_the_nearest(void **state)
{
    (void)state;
    struct town *t = shifted(600, 120, 500, 120);
    flat(t, 11, 700);
    t->x[2][11][0] += 145;
    ASKED(t, MOVED, "D a0 S09 → S10 2026");
    t = shifted(600, 120, 500, 120);
    flat(t, 11, 700);
    t->x[2][11][0] -= 130;
    ASKED(t, MOVED, "D a0 S09 → S10 2026");
}

static void test_moved_is_explained(void **state)
{
    (void)state;
    struct town *t = shifted(600, 120, 500, 120);
    flat(t, 5, 100);
    t->closed = 5; /* its hundred are most of what S10 has more */
    ASKED(t, MOVED, "");
    t = shifted(600, 120, 500, 120);
    flat(t, 5, 40);
    t->closed = 5; /* a third of them */
    ASKED(t, MOVED, "D a0 S09 → S10 2026");
    t = shifted(600, 120, 500, 120);
    t->founded = true;
    buf_puts(&t->facts, "N,a0,2026,100,2026-12-31\n");
    ASKED(t, MOVED, "");
    t = shifted(600, 120, 500, 120);
    t->merged = true; /* of two others: neither came from there */
    ASKED(t, MOVED, "D a0 S09 → S10 2026");
}

/* What S09 lacks is at S01, which took in S00 in the same year, or did not. */
static struct town *taken_in(bool absorbed)
{
    struct town *t = shifted(600, 120, 500, 0);
    flat(t, 0, 300);
    flat(t, 1, 200);
    t->absorbed = absorbed;
    for (uint32_t i = 0; absorbed && i < ITEMS; i++) {
        t->x[2][1][i] += t->x[2][0][i];
    }
    t->x[2][1][0] += 120;
    return t;
}

static void test_moved_after_a_merger(void **state)
{
    (void)state;
    moved_is(taken_in(true), "");
    moved_is(taken_in(false), "D a0 S09 → S01 2026");
}

static void test_zero(void **state)
{
    (void)state;
    struct town *t = town(30);
    t->x[0][3][8] = t->x[1][3][8] = 0;
    ASKED(t, ZERO, "S03 a8 2025");
    t = town(30);
    t->x[1][3][8] = t->x[1][5][8] = 0; /* two of thirty: not so rare */
    ASKED(t, ZERO, "");
}

/* Of T1 and T3 the same figure is the least. */
static void reach(struct town *t, uint32_t u, uint32_t years, double more)
{
    for (uint32_t y = YEARS - years; y < YEARS; y++) {
        t->x[y][u][0] = t->s[y][u][0] = 501 + y;
        t->x[y][u][1] = ceil(0.6 * t->x[y][u][0] - 1e-9) + more;
        t->s[y][u][1] = ceil(0.6 * t->s[y][u][0] - 1e-9) + more;
    }
}

static void test_bunched(void **state)
{
    (void)state;
    struct town *t = town(30);
    reach(t, 11, 3, 0);
    ASKED(t, BUNCHED, "S11 a1 2026; S11 s1 2026");
    t = town(30);
    reach(t, 11, 3, 1); /* one more than the least */
    ASKED(t, BUNCHED, "");
    t = town(30);
    reach(t, 11, 1, 0); /* once is nothing */
    ASKED(t, BUNCHED, "");
    t = town(30);
    for (uint32_t u = 0; u < 12; u++) { /* as many do: how it is done here */
        reach(t, u, 3, 0);
    }
    for (uint32_t y = 0; y < YEARS; y++) {
        for (uint32_t u = 0; u < 12; u++) {
            t->s[y][u][1] += 2;
        }
    }
    ASKED(t, BUNCHED, "");
}

/* ---- a unit as a whole ----------------------------------------------------------------------- */

static void copy(struct town *t, uint32_t u, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        t->x[1][u][i] = t->x[0][u][i];
    }
}

static void test_copied(void **state)
{
    (void)state;
    struct town *t = town(30);
    copy(t, 2, ITEMS);
    ASKED(t, COPIED, "S02  2025");
    t = town(30);
    copy(t, 2, ITEMS - 1); /* 11 of 12 is more than nine tenths */
    ASKED(t, COPIED, "S02  2025");
    t = town(30);
    copy(t, 2, ITEMS - 2);
    t->x[1][2][10] = t->x[0][2][10] + 3;
    t->x[1][2][11] = t->x[0][2][11] + 3;
    ASKED(t, COPIED, "");
    t = town(30);
    for (uint32_t u = 0; u < 20; u++) { /* where most figures stay, staying is no news */
        copy(t, u, ITEMS);
    }
    ASKED(t, COPIED, "");
}

static void test_heaped(void **state)
{
    (void)state;
    struct town *t = town(30);
    for (uint32_t y = 0; y < YEARS; y++) {
        for (uint32_t i = 0; i < ITEMS; i++) {
            t->x[y][6][i] = 10 * round(t->x[y][6][i] / 10);
        }
    }
    ASKED(t, HEAPED, "S06  2026");
    t = town(30);
    for (uint32_t i = 0; i < 11; i++) { /* a single year is too little: 11 of 36 */
        t->x[1][6][i] = 10 * round(t->x[1][6][i] / 10);
    }
    ASKED(t, HEAPED, "");
}

static void test_all_good(void **state)
{
    (void)state;
    struct town *t = town(30);
    for (uint32_t y = 0; y < YEARS; y++) {
        for (uint32_t i = 0; i < POINTS; i++) {
            t->b[y][1][i] = true;
        }
    }
    ASKED(t, ALL_GOOD, "S01  2026");
    t = town(30);
    for (uint32_t y = 0; y < YEARS; y++) {
        for (uint32_t i = 0; i < POINTS; i++) {
            t->b[y][1][i] = i != 3 || y != 1; /* one is enough */
        }
    }
    ASKED(t, ALL_GOOD, "");
}

/* ---- versions, titles, rows -------------------------------------------------------------------
 */

static void test_late_edit(void **state)
{
    (void)state;
    struct town *t = town(30);
    t->x[1][8][4] = 300;
    buf_puts(&t->facts, "S08,a4,2025,330,2026-04-01\n"); /* 91 days, a tenth */
    ASKED(t, LATE_EDIT, "S08 a4 2025");
    t = town(30);
    t->x[1][8][4] = 300;
    buf_puts(&t->facts, "S08,a4,2025,330,2026-03-30\n"); /* 89 days */
    ASKED(t, LATE_EDIT, "");
    t = town(30);
    t->x[1][8][4] = 300;
    buf_puts(&t->facts, "S08,a4,2025,315,2026-12-01\n"); /* a twentieth */
    ASKED(t, LATE_EDIT, "");
}

static void test_sealed_figures_are_not_printed(void **state)
{
    (void)state;
    struct town *t = town(30);
    t->s[1][8][0] = 777;
    buf_puts(&t->facts, "S08,s0,2025,888,2026-12-01\n");
    ASSERT_STR(asked(t, DETECTOR_LATE_EDIT), "S08 s0 2025");
    for (uint32_t i = 0; i < t->found.list.n; i++) {
        const struct question *q = &t->found.list.items[i];
        assert_true(q->detector != DETECTOR_LATE_EDIT || q->class_ == CLASS_SEALED);
        assert_int_equal(str_find(q->text[0], STR("777"), 0), STR_NONE);
        assert_int_equal(str_find(q->text[1], STR("888"), 0), STR_NONE);
    }
    done(t);
    t = town(30);
    t->s[1][8][0] *= 10; /* and not held against those of others */
    ASKED(t, CHANGE, "");
}

static void grant(struct town *t, uint32_t n, const char *day)
{
    static uint32_t who;
    for (uint32_t i = 0; i < n; i++) {
        buf_printf(&t->titles, "model,S%02u,%s\n", who++ % 30, day);
    }
}

static void test_title_burst(void **state)
{
    (void)state;
    struct town *t = town(30);
    grant(t, 6, "2025-05-01");
    grant(t, 5, "2025-12-24");
    ASSERT_STR(asked(t, DETECTOR_TITLE_BURST), "R model 2025");
    assert_int_equal(t->found.list.items[0].n_about, 5);
    done(t);
    t = town(30);
    grant(t, 6, "2025-05-01");
    grant(t, 5, "2025-12-20"); /* 11 days before the end */
    ASKED(t, TITLE_BURST, "");
    t = town(30);
    grant(t, 2, "2025-12-24"); /* two are no burst */
    ASKED(t, TITLE_BURST, "");
}

static void test_double_key(void **state)
{
    (void)state;
    struct town *t = town(30);
    buf_puts(&t->rows, "stay,S01,,2025-01-01,2025-06-30,li\nstay,S02,,2025-06-30,,li\n"
                       "stay,S03,,2025-07-01,,wu\nstay,S04,,2025-01-01,2025-06-30,wu\n");
    ASKED(t, DOUBLE_KEY, "S01 li 2025; S02 li 2025");
    t = town(30);
    for (uint32_t i = 0; i < 20; i++) { /* where many stand twice, that is how it is */
        buf_printf(&t->rows, "stay,S01,,2025-01-01,,p%u\n", i);
        if (i < 4) {
            buf_printf(&t->rows, "stay,S02,,2025-01-01,,p%u\n", i);
        }
    }
    ASKED(t, DOUBLE_KEY, "");
}

static void test_overlap(void **state)
{
    (void)state;
    struct town *t = town(30);
    buf_puts(&t->rows, "stay,S01,,2025-01-01,2025-06-30,li\nstay,S01,,2025-06-30,,li\n"
                       "stay,S02,,2025-01-01,2025-06-30,wu\nstay,S02,,2025-07-01,,wu\n"
                       "stay,S03,x,2025-01-01,,he\nstay,S03,x,2025-02-01,,he\n");
    ASKED(t, OVERLAP, "S01 li 2025"); /* x is one row, changed */
}

/* ---- what only a book knows -------------------------------------------------------------------
 */

/* Units are numbered by their codes: D, E, R, S00 … S29, and X1 below E. */
#define SCHOOL(n) ((uint32_t)(n) + 3)
#define MINUTES   INT64_C(60000000)

static void submit(struct town *t, uint32_t n, const char *actor, int64_t from, int64_t apart)
{
    for (uint32_t i = 0; i < n; i++) {
        vec_push(&t->arena, &t->book.filings,
                 (struct inspect_filing){SCHOOL(i % 25), STR("R1"), str_from_cstr(actor),
                                         1700000000000000 + from + (int64_t)i * apart});
    }
}

static void test_serial(void **state)
{
    (void)state;
    struct town *t = town(30);
    submit(t, 5, "li", 0, 2 * MINUTES);
    ASSERT_STR(asked(t, DETECTOR_SERIAL), "D R1 2023-11-14");
    assert_int_equal(t->found.list.items[0].n_about, 5);
    done(t);
    t = town(30);
    submit(t, 4, "li", 0, MINUTES); /* four, and the same four again */
    submit(t, 4, "li", 4 * MINUTES, MINUTES);
    ASKED(t, SERIAL, "");
    t = town(30);
    submit(t, 20, "li", 0, 3 * MINUTES); /* never five in ten minutes */
    ASKED(t, SERIAL, "");
    t = town(30);
    submit(t, 4, "li", 0, MINUTES);
    submit(t, 4, "wu", 0, MINUTES);
    ASKED(t, SERIAL, "");
    t = town(30);
    submit(t, 5, "li", 0, MINUTES);
    t->book.filings.items[2].unit = SCHOOL(30); /* below another one */
    ASKED(t, SERIAL, "");
}

static void claim(struct town *t, uint32_t unit, const char *task, const char *hash)
{
    vec_push(&t->arena, &t->book.claims,
             (struct inspect_claim){SCHOOL(unit), str_from_cstr(task), STR("a.pdf"),
                                    str_from_cstr(hash)});
}

static void test_evidence(void **state)
{
    (void)state;
    struct town *t = town(30);
    claim(t, 1, "K1", "abcdefabcdefabcdef");
    claim(t, 1, "K2", "abcdefabcdefabcdef");
    claim(t, 7, "K1", "abcdefabcdefabcdef");
    claim(t, 8, "K1", "0123");
    ASKED(t, EVIDENCE, "S01 abcdefabcdef ; S07 abcdefabcdef ");
    t = town(30);
    claim(t, 1, "K1", "abcdefabcdefabcdef");
    claim(t, 1, "K1", "abcdefabcdefabcdef"); /* filed again for the same */
    claim(t, 7, "K1", "abcdefabcdefabcdef");
    ASKED(t, EVIDENCE, "");
}

/* ---- identity ------------------------------------------------------------------------------- */

static void test_identity(void **state)
{
    (void)state;
    struct town *t = town(30);
    t->x[2][4][3] *= 10;
    (void)asked(t, DETECTOR_CHANGE);
    struct str first = question_id(&t->arena, t->pack.tree, &t->found.list.items[0]);
    assert_true(str_starts(first, STR("change-")) && first.n == 7 + 16);
    t->x[2][4][3] *= 2; /* other figures, the same question */
    (void)asked(t, DETECTOR_CHANGE);
    struct question q = t->found.list.items[0];
    assert_true(str_eq(first, question_id(&t->arena, t->pack.tree, &q)));
    q.period = STR("2025");
    assert_false(str_eq(first, question_id(&t->arena, t->pack.tree, &q)));
    done(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statistics),
        cmocka_unit_test(test_a_plain_town_is_asked_nothing),
        cmocka_unit_test(test_change),
        cmocka_unit_test(test_change_after_a_merger),
        cmocka_unit_test(test_peer),
        cmocka_unit_test(test_shrunk),
        cmocka_unit_test(test_moved),
        cmocka_unit_test(test_moved_is_of_one_area_and_of_heads),
        cmocka_unit_test(test_moved_takes_the_nearest),
        cmocka_unit_test(test_moved_is_explained),
        cmocka_unit_test(test_moved_after_a_merger),
        cmocka_unit_test(test_zero),
        cmocka_unit_test(test_bunched),
        cmocka_unit_test(test_copied),
        cmocka_unit_test(test_heaped),
        cmocka_unit_test(test_all_good),
        cmocka_unit_test(test_late_edit),
        cmocka_unit_test(test_sealed_figures_are_not_printed),
        cmocka_unit_test(test_title_burst),
        cmocka_unit_test(test_double_key),
        cmocka_unit_test(test_overlap),
        cmocka_unit_test(test_serial),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_identity),
    };
    return cmocka_run_group_tests_name("app_inspect", tests, NULL, NULL);
}

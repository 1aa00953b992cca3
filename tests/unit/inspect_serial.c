/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who submitted when, in generated rounds of forty counties: in some of them one hand fills in the
 * forms of all schools in a row; in the others schools file themselves, many of them on the last
 * day, or a clerk types in their papers one after the other. Precision and recall by county.
 */
#include <stdio.h>

#include "app/inspect/inspect.h"
#include "app/pack/pack.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/rng.h"
#include "tests/lib/test.h"
#include "tests/lib/tmpdir.h"

#define COUNTIES 40
#define SCHOOLS  12
#define ROUNDS   25
#define SECOND   INT64_C(1000000)
#define DAY      (86400 * SECOND)
#define START    (1700000000 * SECOND)

static const char plan_text[] =
    "plan t { years 2024 to 2026 }\n"
    "levels realm > shire > school\n"
    "kind school in shire { item pupils : persons yearly decimals 0 }\n";

/* How the forms of a county come in. */
enum habit {
    OWN_HANDS, /* each school by its own person, at any time of ten days */
    LAST_HOUR, /* so, but all within the last hour */
    CLERK,     /* one person types in papers, two to twelve minutes for each */
    ONE_HAND,  /* planted: one person, one after the other, a minute or so each */
    HABIT__COUNT
};

struct realm {
    struct arena arena;
    const char *dir;
    struct pack pack;
    struct rng rng;
    struct inspect_book book;
    enum habit habit[COUNTIES];
};

static void open_realm(struct realm *r)
{
    struct buf b;
    struct err e = {0};
    arena_init(&r->arena, 1UL << 30, "realm");
    r->dir = tmpdir_make(&r->arena);
    buf_init(&b, 1U << 20);
    buf_puts(&b, "code,name,kind,parent,from,to\nR,R,realm,,,\n");
    for (uint32_t c = 0; c < COUNTIES; c++) {
        buf_printf(&b, "C%02u,county %u,shire,R,,\n", c, c);
        for (uint32_t s = 0; s < SCHOOLS; s++) {
            buf_printf(&b, "C%02uS%02u,school %u of %u,school,C%02u,,\n", c, s, s, c, c);
        }
    }
    (void)tmpdir_write(&r->arena, r->dir, "units.csv", buf_view(&b));
    (void)tmpdir_write(&r->arena, r->dir, "t.plan", str_from_cstr(plan_text));
    buf_release(&b);
    assert_int_equal(pack_open_plan(&r->arena, r->dir, &r->pack, &e), RC_OK);
    assert_int_equal(pack_open_tables(&r->arena, r->dir, NULL, 0, &r->pack, &e), RC_OK);
}

static uint32_t unit_of(struct realm *r, uint32_t county, uint32_t school)
{
    char code[16];
    uint32_t unit = 0;
    (void)snprintf(code, sizeof code, "C%02uS%02u", county, school);
    assert_true(tree_unit_of_code(r->pack.tree, str_from_cstr(code), &unit));
    return unit;
}

static struct str person(struct realm *r, uint32_t county, uint32_t n)
{
    char name[24];
    (void)snprintf(name, sizeof name, "p%u-%u", county, n);
    return str_dup(&r->arena, str_from_cstr(name));
}

static int64_t below(struct realm *r, int64_t n)
{
    return (int64_t)rng_below(&r->rng, (uint64_t)n);
}

/* When the next form comes in, and by whom: 0 the clerk of the county. */
static void file_county(struct realm *r, uint32_t county)
{
    enum habit h = r->habit[county];
    int64_t at = START + below(r, 9 * DAY);
    for (uint32_t s = 0; s < SCHOOLS; s++) {
        switch (h) {
        case OWN_HANDS:
            at = START + below(r, 10 * DAY);
            break;
        case LAST_HOUR:
            at = START + 10 * DAY - below(r, 3600 * SECOND);
            break;
        case CLERK:
            at += (150 + below(r, 600)) * SECOND;
            break;
        case ONE_HAND:
            at += (20 + below(r, 100)) * SECOND;
            break;
        case HABIT__COUNT:
            break;
        }
        bool own = h == OWN_HANDS || h == LAST_HOUR;
        vec_push(&r->arena, &r->book.filings,
                 (struct inspect_filing){unit_of(r, county, s), STR("R1"),
                                         person(r, county, own ? s + 1 : 0), at});
    }
}

/* One round: adds up planted, found, and asked elsewhere. */
static void one_round(struct realm *r, uint32_t seed, uint32_t *planted, uint32_t *found,
                      uint32_t *clean)
{
    struct inspection out;
    struct err e = {0};
    struct date day;
    bool asked[COUNTIES] = {false};
    assert_true(date_parse(STR("2024-06-01"), &day));
    rng_seed(&r->rng, seed);
    r->book.filings.n = 0;
    for (uint32_t c = 0; c < COUNTIES; c++) {
        uint64_t lot = rng_below(&r->rng, 10); /* two in ten are planted */
        r->habit[c] = lot < 2 ? ONE_HAND : lot < 4 ? CLERK : lot < 6 ? LAST_HOUR : OWN_HANDS;
        file_county(r, c);
    }
    const struct inspect_wish w = {.as_of = day, .unit = NONE, .book = &r->book};
    assert_int_equal(inspect(&r->arena, r->pack.plan, r->pack.data, &w, &out, &e), RC_OK);
    for (uint32_t i = 0; i < out.list.n; i++) {
        struct str code = r->pack.tree->units[out.list.items[i].unit].code;
        assert_int_equal(out.list.items[i].detector, DETECTOR_SERIAL);
        asked[(code.p[1] - '0') * 10 + (code.p[2] - '0')] = true;
    }
    for (uint32_t c = 0; c < COUNTIES; c++) {
        *planted += r->habit[c] == ONE_HAND;
        *found += r->habit[c] == ONE_HAND && asked[c];
        *clean += r->habit[c] != ONE_HAND && asked[c];
    }
}

static void test_precision_and_recall(void **state)
{
    (void)state;
    struct realm *r = test_malloc(sizeof *r);
    uint32_t planted = 0;
    uint32_t found = 0;
    uint32_t clean = 0;
    *r = (struct realm){0};
    open_realm(r);
    for (uint32_t seed = 1; seed <= ROUNDS; seed++) {
        one_round(r, seed, &planted, &found, &clean);
    }
    print_message("# planted %u, found %u, asked elsewhere %u\n", planted, found, clean);
    assert_true(planted > 100);
    assert_true(found >= 0.98 * planted);
    assert_true(clean <= 0.1 * found);
    tmpdir_remove(r->dir);
    arena_release(&r->arena);
    test_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_precision_and_recall),
    };
    return cmocka_run_group_tests_name("inspect_serial", tests, NULL, NULL);
}

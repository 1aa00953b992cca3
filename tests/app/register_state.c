/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a row: random acts against a plain model that is written in another way (letters and
 * numbers, no table), documents that survive being written, every cell of states × acts reached.
 */
#include <string.h>

#include "app/register/register.h"
#include "tests/app/acts.h"

static const struct str units[] = {STR_INIT("S1"), STR_INIT("S2"), STR_INIT("S3")};

/* n nothing, d draft, u under review, r returned, s standing, x struck */
struct model {
    char state;
    int version, stands;
    int offered; /* unit, 0: to nobody (the owner is unit 0) */
    bool declined;
    bool strike, cause;
    bool transfer;
};

struct
try {
    enum entry_act_kind act;
    int unit, to;
    bool cause, day, beyond;
};

static bool open_now(const struct model *m)
{
    return m->state == 'd' || m->state == 'r';
}

/* A new version, or the one at work. */
static void begun(struct model *m, const struct try *t)
{
    bool fresh = !open_now(m);
    m->version += fresh;
    m->state = fresh ? 'd' : m->state;
    m->cause = t->cause || (!fresh && m->cause);
    m->strike = false;
    m->offered = 0;
    m->declined = false;
}

static bool by_owner(struct model *m, const struct try *t)
{
    if (t->unit != 0 || m->transfer) {
        return false;
    }
    bool caused = t->cause || m->stands == 0 || (open_now(m) && m->cause);
    switch (t->act) {
    case ENTRY_ACT_ADD:
        if (m->state != 'n' && m->state != 'x') {
            return false;
        }
        begun(m, t);
        m->transfer = t->beyond;
        return true;
    case ENTRY_ACT_CHANGE:
        if ((!open_now(m) && m->state != 's') || !caused) {
            return false;
        }
        begun(m, t);
        return true;
    case ENTRY_ACT_END:
        if (!open_now(m) && m->state != 's') {
            return false;
        }
        begun(m, t);
        return true;
    case ENTRY_ACT_STRIKE:
        if (m->state != 's' || !t->cause) {
            return false;
        }
        begun(m, t);
        m->strike = true;
        return true;
    case ENTRY_ACT_UNDO:
        if (!open_now(m)) {
            return false;
        }
        m->state = m->stands > 0 ? 's' : 'x';
        m->strike = false;
        return true;
    case ENTRY_ACT_OFFER:
        if (m->state != 's' || (t->to == 0 && m->offered == 0) || (t->to > 0 && !t->day)) {
            return false;
        }
        m->offered = t->to;
        m->declined = false;
        return true;
    case ENTRY_ACT_SUBMIT:
    case ENTRY_ACT_WITHDRAW:
    case ENTRY_ACT_APPROVE:
    case ENTRY_ACT_RETURN:
    case ENTRY_ACT_TAKE:
    case ENTRY_ACT_DECLINE:
    case ENTRY_ACT__COUNT:
        break;
    }
    return false;
}

static bool model_step(struct model *m, const struct try *t)
{
    switch ((unsigned)t->act) {
    case ENTRY_ACT_SUBMIT:
        if (!open_now(m)) {
            return false;
        }
        m->state = 'u';
        return true;
    case ENTRY_ACT_WITHDRAW:
    case ENTRY_ACT_RETURN:
        if (m->state != 'u') {
            return false;
        }
        m->state = t->act == ENTRY_ACT_RETURN ? 'r' : 'd';
        return true;
    case ENTRY_ACT_APPROVE:
        if (m->state != 'u') {
            return false;
        }
        m->state = m->strike ? 'x' : 's';
        m->stands = m->strike ? 0 : m->version;
        m->strike = false;
        m->transfer = false;
        return true;
    case ENTRY_ACT_TAKE:
    case ENTRY_ACT_DECLINE:
        if (m->state != 's' || t->unit == 0 || m->offered != t->unit || m->declined) {
            return false;
        }
        if (t->act == ENTRY_ACT_DECLINE) {
            m->declined = t->cause;
            return t->cause;
        }
        begun(m, t);
        m->transfer = true;
        return true;
    default:
        return by_owner(m, t);
    }
}

static struct entry_act act_of(const struct try *t)
{
    return (struct entry_act){.act = t->act,
                              .actor = STR("u1"),
                              .unit = units[t->unit],
                              .day = {20000},
                              .cause = t->cause ? STR("why") : STR(" "),
                              .before = STR("a"),
                              .transfer = t->beyond,
                              .after = t->act == ENTRY_ACT_TAKE ? STR("S2/a") : STR(""),
                              .to = t->to > 0 ? units[t->to] : STR(""),
                              .from = t->day ? (struct date){20001} : DATE_MIN,
                              .statement = STR("2025")};
}

static void compare(const struct entry_doc *d, const struct model *m)
{
    static const char letters[ENTRY__STATES] = {'n', 'd', 'u', 'r', 's', 'x'};
    assert_int_equal(letters[d->state], m->state);
    assert_int_equal(d->version, m->version);
    assert_int_equal(d->stands, m->stands);
    assert_int_equal(d->strike, m->strike);
    assert_true(str_eq(d->offered, m->offered > 0 ? units[m->offered] : STR("")));
    assert_int_equal(d->declined.n > 0, m->declined);
}

static const struct entry_doc nothing = {.from = {INT32_MIN}, .last.day = {INT32_MIN}};

static struct try draw(struct rng *g)
{
    struct try t = {.act = (enum entry_act_kind)rng_below(g, ENTRY_ACT__COUNT),
                    .cause = rng_below(g, 2) > 0,
                    .day = rng_below(g, 3) > 0,
                    .beyond = rng_below(g, 8) == 0};
    t.to = (int)rng_below(g, 3);
    bool taker = t.act == ENTRY_ACT_TAKE || t.act == ENTRY_ACT_DECLINE;
    t.unit = rng_below(g, 4) > 0 && !taker ? 0 : (int)rng_below(g, 3);
    return t;
}

static void test_random_acts(void **state)
{
    (void)state;
    static uint32_t did[ENTRY__STATES][ENTRY_ACT__COUNT][2];
    struct entry_doc doc = nothing;
    struct model m = {.state = 'n'};
    struct rng g;
    memset(did, 0, sizeof did);
    print_message("# seed 17\n");
    rng_seed(&g, 17);
    for (uint32_t i = 0; i < 4 * STEPS; i++) {
        struct try t = draw(&g);
        struct entry_act act = act_of(&t);
        struct entry_doc next = doc;
        struct err e = {0};
        enum rc rc = entry_step(units[0], &doc, &act, &next, &e);
        did[doc.state][t.act][rc == RC_OK]++;
        assert_int_equal(rc == RC_OK, model_step(&m, &t));
        assert_true(rc == RC_OK || (e.primary_zh[0] != 0 && e.primary_en[0] != 0));
        compare(&next, &m);
        if (rc == RC_OK) {
            SURVIVES(entry_write, entry_read, &next, &doc);
        }
        if (rng_below(&g, 100) == 0) {
            doc = nothing;
            m = (struct model){.state = 'n'};
        }
    }
    for (uint32_t s = 0; s < ENTRY__STATES; s++) {
        for (uint32_t k = 0; k < ENTRY_ACT__COUNT; k++) {
            bool may = entry_allows((enum entry_state)s, (enum entry_act_kind)k);
            assert_int_equal(did[s][k][1] > 0, may);
            assert_true(did[s][k][0] > 0 || may); /* some are never refused */
        }
    }
}

static void test_documents(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "{}",
        "{\"state\":\"draft\",\"act\":\"add\"}",
        "{\"state\":\"standing\",\"version\":1,\"stands\":0,\"act\":\"add\"}",
        "{\"state\":\"struck\",\"version\":1,\"stands\":1,\"act\":\"add\"}",
        "{\"state\":\"draft\",\"version\":1,\"stands\":2,\"act\":\"add\"}",
        "{\"state\":\"draft\",\"version\":1,\"act\":\"add\",\"from\":\"x\"}"};
    static const char *const sheets[] = {"", "{}", "{\"nil\":true,\"rows\":0}"};
    static const char *const offers[] = {"", "{}", "{\"open\":false,\"declined\":true}"};
    static const char *const hows[] = {"", "{\"by_row\":true,\"signatures\":4}"};
    DAMAGED(entry_read, entry_doc, rows);
    DAMAGED(register_sheet_read, register_sheet, sheets);
    DAMAGED(register_how_read, register_how, hows);
    DAMAGED(offer_read, offer_doc, offers);
    const struct offer_doc offer = {true, true};
    struct offer_doc same_offer;
    SURVIVES(offer_write, offer_read, &offer, &same_offer);
    const struct report_mark mark = {ACT_SUBMIT, STR("u"), STR("S1"), {20000}, STR("pkg")};
    const struct register_how how = {true, 2, mark};
    struct register_how same_how;
    SURVIVES(register_how_write, register_how_read, &how, &same_how);
    const struct register_sheet sheet = {
        .nil = true,
        .review = {.state = REPORT_DRAFT, .version = 1, .submitted = DATE_MIN, .last = mark}};
    struct register_sheet same = {0};
    SURVIVES(register_sheet_write, register_sheet_read, &sheet, &same);
    assert_true(same.nil && same.review.state == REPORT_DRAFT);
    assert_true(str_eq(entry_subject(&arena, STR("R"), STR("S1"), STR("")), STR("row/R/S1/")));
    assert_true(str_eq(statement_subject(&arena, STR("R"), STR(""), STR("")), STR("filing/R/")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ACTS_TEST(test_random_acts),
        ACTS_TEST(test_documents),
    };
    return cmocka_run_group_tests_name("register_state", tests, NULL, NULL);
}

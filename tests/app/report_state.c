/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of transitions: random acts against a plain model that is written in another way
 * (letters and counters, no table), documents that survive being written, and every cell of states
 * × acts reached.
 */
#include <string.h>

#include "app/report/report.h"
#include "tests/app/acts.h"

#define PEOPLE 8

/* ---- the model ------------------------------------------------------------------------------ */

/* n nothing, d draft, s submitted, r returned, a accepted, l locked */
struct model {
    char state;
    int version, tiers, at, signs;
    bool signed_by[PEOPLE], touched_by[PEOPLE]; /* touched: submitted or decided */
};

struct
try {
    enum report_act_kind act;
    int person, place; /* place: 0 the unit, 1.. tiers, 9 elsewhere */
    int tiers;
    bool said; /* a cause, cells */
};

static void forget(bool *people)
{
    memset(people, 0, PEOPLE * sizeof *people);
}

static int wanted(const struct model *m, int demanded)
{
    return m->version > 1 && demanded == 0 ? 1 : demanded;
}

static bool at_unit(struct model *m, const struct try *t, int demanded)
{
    bool open = m->state == 'd' || m->state == 'r';
    if (t->act == ACT_SAVE && (open || m->state == 'n')) {
        m->version += m->state == 'n';
        m->state = m->state == 'n' ? 'd' : m->state;
        m->signs = 0;
        forget(m->signed_by);
        return true;
    }
    if (t->act == ACT_SIGN && open && m->signs < wanted(m, demanded) && !m->signed_by[t->person]) {
        m->signed_by[t->person] = true;
        m->signs++;
        return true;
    }
    if (t->act == ACT_SUBMIT && open && m->signs >= wanted(m, demanded)) {
        m->state = 's';
        m->tiers = t->tiers;
        m->at = 0;
        forget(m->touched_by);
        m->touched_by[t->person] = true;
        return true;
    }
    if (t->act == ACT_WITHDRAW && m->state == 's' && m->at == 0) {
        m->state = 'd';
        forget(m->touched_by);
        return true;
    }
    if (t->act == ACT_CORRECT && (m->state == 'a' || m->state == 'l') && t->said) {
        m->state = 'd';
        m->version++;
        m->signs = 0;
        forget(m->signed_by);
        forget(m->touched_by);
        return true;
    }
    return false;
}

static bool at_tier(struct model *m, const struct try *t)
{
    if (m->state != 's' || t->place != m->at + 1 || m->signed_by[t->person] ||
        m->touched_by[t->person]) {
        return false;
    }
    if (t->act == ACT_RETURN) {
        if (!t->said) {
            return false;
        }
        m->state = 'r';
        m->signs = 0;
        forget(m->signed_by);
        return true;
    }
    m->touched_by[t->person] = true;
    m->at++;
    m->state = m->at == m->tiers ? 'a' : 's';
    return true;
}

static bool model_step(struct model *m, const struct try *t, int demanded)
{
    if (t->act == ACT_LOCK) { /* the issuer is the highest tier */
        bool may = m->state == 'a' && t->place == 3;
        m->state = may ? 'l' : m->state;
        return may;
    }
    if (t->act == ACT_APPROVE || t->act == ACT_RETURN) {
        return at_tier(m, t);
    }
    return t->place == 0 && at_unit(m, t, demanded);
}

/* ---- the program ---------------------------------------------------------------------------- */

static const struct str people[PEOPLE] = {STR_INIT("u0"), STR_INIT("u1"), STR_INIT("u2"),
                                          STR_INIT("u3"), STR_INIT("u4"), STR_INIT("u5"),
                                          STR_INIT("u6"), STR_INIT("u7")};
static const struct str places[] = {STR_INIT("school"), STR_INIT("county"), STR_INIT("city"),
                                    STR_INIT("region")};

static struct report_act act_of(const struct try *t)
{
    struct report_act x = {.act = t->act,
                           .actor = people[t->person],
                           .unit = t->place == 9 ? STR("elsewhere") : places[t->place],
                           .day = {20000},
                           .figures = STR("hash"),
                           .tiers = places + 1,
                           .n_tiers = (uint32_t)t->tiers};
    if (t->said) {
        x.cause = STR("cause");
        vec_push(&arena, &x.notes.list,
                 (struct report_note){STR("K.x"), STR("why"), people[t->person], STR("1")});
    }
    return x;
}

static struct submission again(const struct submission *s)
{
    struct submission out = {.round = s->round, .unit = s->unit};
    SURVIVES(submission_write, submission_read, s, &out);
    return out;
}

static void compare(const struct submission *s, const struct model *m)
{
    static const char letters[REPORT__STATES] = {'n', 'd', 's', 'r', 'a', 'l'};
    assert_int_equal(letters[s->state], m->state);
    assert_int_equal(s->version, m->version);
    assert_int_equal(s->signatures.list.n, m->signs);
    if (m->state == 's') {
        assert_int_equal(s->at, m->at);
        assert_int_equal(s->n_tiers, m->tiers);
    }
}

static struct try draw(struct rng *g)
{
    struct try t = {.act = (enum report_act_kind)rng_below(g, ACT__COUNT),
                    .person = (int)rng_below(g, PEOPLE),
                    .tiers = 1 + (int)rng_below(g, 3),
                    .said = rng_below(g, 4) > 0};
    t.place = (int)rng_below(g, 5);
    t.place = t.place == 4 ? 9 : t.place;
    if (rng_below(g, 2) == 0 && t.act != ACT_APPROVE && t.act != ACT_RETURN) {
        t.place = t.act == ACT_LOCK ? 3 : 0;
    }
    return t;
}

static void run(uint64_t seed, uint32_t demanded, uint32_t did[REPORT__STATES][ACT__COUNT][2])
{
    struct rng g;
    rng_seed(&g, seed);
    const struct round r = {.id = STR("R"), .signatures = demanded, .opened.unit = places[3]};
    struct submission s = {.unit = places[0], .round = STR("R"), .submitted = DATE_MIN};
    struct model m = {.state = 'n'};
    for (uint32_t i = 0; i < STEPS; i++) {
        struct arena_mark mark = arena_mark(&arena);
        struct try t = draw(&g);
        struct report_act act = act_of(&t);
        struct submission next = s;
        struct err e = {0};
        enum report_state from = s.state;
        enum rc rc = report_step(&arena, &r, &s, &act, &next, &e);
        bool want = model_step(&m, &t, (int)demanded);
        did[from][t.act][rc == RC_OK]++;
        assert_int_equal(rc == RC_OK, want);
        assert_true(rc == RC_OK || e.primary_zh[0] != 0);
        compare(&next, &m);
        if (rc == RC_OK) {
            s = again(&next);
        } else {
            arena_rewind(&arena, mark);
        }
        if (rng_below(&g, 200) == 0) {
            s = (struct submission){.unit = places[0], .round = STR("R"), .submitted = DATE_MIN};
            m = (struct model){.state = 'n'};
        }
    }
}

static void test_random_acts(void **state)
{
    (void)state;
    static uint32_t did[REPORT__STATES][ACT__COUNT][2];
    memset(did, 0, sizeof did);
    for (uint32_t demanded = 0; demanded <= SIGNER__COUNT; demanded++) {
        print_message("# seed %u\n", 7 + demanded);
        run(7 + demanded, demanded, did);
    }
    for (uint32_t s = 0; s < REPORT__STATES; s++) {
        for (uint32_t k = 0; k < ACT__COUNT; k++) {
            bool may = report_allows((enum report_state)s, (enum report_act_kind)k);
            assert_int_equal(did[s][k][1] > 0, may); /* each allowed one was done, no other */
            assert_true(did[s][k][0] > 0);           /* and each was refused */
        }
    }
}

static void test_damaged_documents(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "[]",
        "{\"state\":\"draft\"}",
        "{\"state\":\"gone\",\"last\":{\"act\":\"save\"}}",
        "{\"state\":\"submitted\",\"tiers\":[\"a\"],\"at\":1,\"last\":{\"act\":\"save\"}}",
        "{\"state\":\"draft\",\"at\":5,\"last\":{\"act\":\"save\"}}",
        "{\"state\":\"draft\",\"submitted\":\"2025-02-30\",\"last\":{\"act\":\"save\"}}"};
    DAMAGED(submission_read, submission, bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ACTS_TEST(test_random_acts),
        ACTS_TEST(test_damaged_documents),
    };
    return cmocka_run_group_tests_name("report_state", tests, NULL, NULL);
}

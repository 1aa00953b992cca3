/* SPDX-License-Identifier: Apache-2.0 */
/* Questions: random acts against a plain model; documents that survive being written. */
#include "app/question/question.h"

#include <string.h>

#include "tests/app/acts.h"

#define PEOPLE 3

struct model {
    char state;     /* n o r a x c */
    int replied_by; /* -1: nobody */
    int figures;
};

struct
try {
    enum question_act_kind act;
    int person, figures;
    bool text;
};

static bool model_step(struct model *m, const struct try *t)
{
    bool waits = m->state == 'o' || m->state == 'a';
    switch (t->act) {
    case QUESTION_ACT_ASK:
        if (m->state != 'n' && ((m->state != 'x' && m->state != 'c') || m->figures == t->figures)) {
            return false;
        }
        *m = (struct model){'o', -1, t->figures};
        return true;
    case QUESTION_ACT_REPLY:
        if (!waits || !t->text) {
            return false;
        }
        m->state = 'r';
        m->replied_by = t->person;
        return true;
    case QUESTION_ACT_ACCEPT:
    case QUESTION_ACT_AGAIN:
        if (m->state != 'r' || m->replied_by == t->person ||
            (t->act == QUESTION_ACT_AGAIN && !t->text)) {
            return false;
        }
        m->state = t->act == QUESTION_ACT_AGAIN ? 'a' : 'x';
        return true;
    case QUESTION_ACT_SETTLE:
        if (!waits && m->state != 'r') {
            return false;
        }
        m->state = 'c';
        return true;
    case QUESTION_ACT__COUNT:
        break;
    }
    return false;
}

static const struct question_doc nothing = {.last_day = {INT32_MIN}};

static void test_random_acts(void **state)
{
    (void)state;
    static const struct str people[PEOPLE] = {STR_INIT("a"), STR_INIT("b"), STR_INIT("c")};
    static const char letters[QUESTION__STATES] = {'n', 'o', 'r', 'a', 'x', 'c'};
    static uint32_t did[QUESTION__STATES][QUESTION_ACT__COUNT];
    struct question_doc doc = nothing;
    struct model m = {'n', -1, 0};
    struct rng g;
    rng_seed(&g, 5);
    for (uint32_t i = 0; i < STEPS; i++) {
        struct try t = {.act = (enum question_act_kind)rng_below(&g, QUESTION_ACT__COUNT),
                        .person = (int)rng_below(&g, PEOPLE),
                        .figures = (int)rng_below(&g, 2),
                        .text = rng_below(&g, 4) > 0};
        const struct question_put put = {.detector = STR("change"),
                                         .unit = STR("S1"),
                                         .text = {STR("?"), STR("问")},
                                         .figures = t.figures != 0 ? STR("1") : STR("2"),
                                         .class_ = CLASS_SENSITIVE,
                                         .known = 7};
        const struct question_act act = {.act = t.act,
                                         .actor = people[t.person],
                                         .day = {20000},
                                         .text = t.text ? STR("because") : STR(" "),
                                         .put = &put};
        struct question_doc next = doc;
        struct err e = {0};
        enum question_state from = doc.state;
        enum rc rc = question_step(&doc, &act, &next, &e);
        assert_int_equal(rc == RC_OK, model_step(&m, &t));
        did[from][t.act] += rc == RC_OK;
        assert_int_equal(letters[next.state], m.state);
        assert_true(rc == RC_OK || e.primary_zh[0] != 0);
        doc = next;
        if (rc == RC_OK) {
            SURVIVES(question_write, question_read, &next, &doc);
        }
        if (doc.state == QUESTION_ACCEPTED && rng_below(&g, 4) == 0) {
            doc = nothing;
            m = (struct model){'n', -1, 0};
        }
    }
    static const uint32_t want[QUESTION__STATES] = {1, 2 | 16, 4 | 8 | 16, 2 | 16, 1, 1};
    for (uint32_t s = 0; s < QUESTION__STATES; s++) { /* each cell of the table, and no other */
        for (uint32_t k = 0; k < QUESTION_ACT__COUNT; k++) {
            assert_int_equal(did[s][k] > 0, want[s] >> k & 1);
        }
    }
}

static void test_a_reply_has_a_limit(void **state)
{
    (void)state;
    struct question_doc open = {.state = QUESTION_OPEN, .last_day = {1}};
    struct question_doc out;
    struct err e = {0};
    char *text = arena_alloc(&arena, QUESTION_REPLY_BYTES + 1);
    memset(text, 'x', QUESTION_REPLY_BYTES + 1);
    struct question_act act = {.act = QUESTION_ACT_REPLY,
                               .actor = STR("a"),
                               .day = {1},
                               .text = str_make(text, QUESTION_REPLY_BYTES)};
    assert_int_equal(question_step(&open, &act, &out, &e), RC_OK);
    act.text = str_make(text, QUESTION_REPLY_BYTES + 1);
    assert_int_equal(question_step(&open, &act, &out, &e), RC_LIMIT);
}

static void test_damaged_documents(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "{}", "{\"state\":\"open\"}", "{\"state\":\"open\",\"act\":\"ask\",\"class\":9}",
        "{\"state\":\"open\",\"act\":\"ask\",\"class\":1,\"day\":\"x\"}"};
    DAMAGED(question_read, question_doc, bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ACTS_TEST(test_random_acts),
        ACTS_TEST(test_a_reply_has_a_limit),
        ACTS_TEST(test_damaged_documents),
    };
    return cmocka_run_group_tests_name("question_state", tests, NULL, NULL);
}

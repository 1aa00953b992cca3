/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks: random acts against a plain model; documents that survive being written. */
#include "app/task/task.h"
#include "tests/app/acts.h"

#define PEOPLE 4
#define DUE    20000

struct model {
    char state;          /* o f r d */
    uint32_t filed_by;   /* bits of people, all since ever: a task that is done stays so */
    int asked_by, asked; /* -1: nobody */
    int due;
    int contributed; /* documents of co-owners */
};

struct
try {
    enum task_act_kind act;
    int person, until;
    bool reason;
};

static bool model_step(struct model *m, const struct try *t)
{
    bool mine = (m->filed_by >> t->person & 1) != 0;
    if (m->state == 'd') {
        return false;
    }
    switch (t->act) {
    case TASK_ACT_FILE:
        m->state = 'f';
        m->filed_by |= 1U << t->person;
        return true;
    case TASK_ACT_CONTRIBUTE:
        if (m->state == 'f') {
            return false;
        }
        m->filed_by |= 1U << t->person;
        m->contributed++;
        return true;
    case TASK_ACT_SIGN_OFF:
    case TASK_ACT_RETURN:
        if (m->state != 'f' || mine || (t->act == TASK_ACT_RETURN && !t->reason)) {
            return false;
        }
        m->state = t->act == TASK_ACT_RETURN ? 'r' : 'd';
        return true;
    case TASK_ACT_EXTEND:
        if (!t->reason || t->until <= m->due) {
            return false;
        }
        m->asked = t->until;
        m->asked_by = t->person;
        return true;
    case TASK_ACT_GRANT:
    case TASK_ACT_REFUSE:
        if (m->asked < 0 || m->asked_by == t->person || (t->act == TASK_ACT_REFUSE && !t->reason)) {
            return false;
        }
        m->due = t->act == TASK_ACT_GRANT ? m->asked : m->due;
        m->asked = -1;
        return true;
    case TASK_ACT__COUNT:
        break;
    }
    return false;
}

static struct task_doc again(const struct task_doc *t)
{
    struct task_doc out;
    SURVIVES(task_write, task_read, t, &out);
    return out;
}

static int contributions(const struct task_doc *t)
{
    int n = 0;
    for (uint32_t i = 0; i < t->evidence.n; i++) {
        n += str_eq(t->evidence.items[i].unit, STR("C"));
    }
    return n;
}

static const struct task_doc nothing = {
    .due = {INT32_MIN}, .asked = {INT32_MIN}, .last_day = {INT32_MIN}};
static const struct model start = {.state = 'o', .asked = -1, .asked_by = -1, .due = DUE};

static void test_random_acts(void **state)
{
    (void)state;
    static const struct str people[PEOPLE] = {STR_INIT("a"), STR_INIT("b"), STR_INIT("c"),
                                              STR_INIT("d")};
    static const char letters[TASK__STATES] = {'o', 'f', 'r', 'd'};
    static uint32_t did[TASK__STATES][TASK_ACT__COUNT];
    struct task_doc doc = nothing;
    struct model m = start;
    struct rng g;
    rng_seed(&g, 11);
    for (uint32_t i = 0; i < STEPS; i++) {
        struct try t = {.act = (enum task_act_kind)rng_below(&g, TASK_ACT__COUNT),
                        .person = (int)rng_below(&g, PEOPLE),
                        .until = DUE - 10 + (int)rng_below(&g, 40),
                        .reason = rng_below(&g, 3) > 0};
        struct task_act act = {.act = t.act,
                               .actor = people[t.person],
                               .day = {DUE},
                               .reason = t.reason ? STR("why") : STR(" "),
                               .until = {t.until},
                               .evidence = {.day = {DUE}, .document = STR("x.pdf")}};
        act.evidence.unit = t.act == TASK_ACT_CONTRIBUTE ? STR("C") : STR("");
        struct task_doc next = doc;
        struct err e = {0};
        enum task_state from = doc.state;
        enum rc rc = task_step(&arena, &doc, (struct date){DUE}, &act, &next, &e);
        assert_int_equal(rc == RC_OK, model_step(&m, &t));
        did[from][t.act] += rc == RC_OK;
        assert_int_equal(letters[next.state], m.state);
        assert_int_equal(date_is_sentinel(next.due) ? DUE : next.due.days, m.due);
        assert_true(rc == RC_OK || e.primary_zh[0] != 0);
        doc = rc == RC_OK ? again(&next) : doc;
        assert_int_equal(contributions(&doc), m.contributed);
        if (doc.evidence.n > 6 || (doc.state == TASK_DONE && rng_below(&g, 4) == 0)) {
            doc = nothing;
            m = start;
        }
    }
    for (uint32_t k = 0; k < TASK_ACT__COUNT; k++) {
        assert_true(did[TASK_FILED][k] > 0 || k == TASK_ACT_CONTRIBUTE);
        assert_int_equal(did[TASK_DONE][k], 0);
    }
    assert_true(did[TASK_OPEN][TASK_ACT_CONTRIBUTE] > 0);
    assert_true(did[TASK_RETURNED][TASK_ACT_CONTRIBUTE] > 0);
    assert_int_equal(did[TASK_FILED][TASK_ACT_CONTRIBUTE], 0);
}

static void test_damaged_documents(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "{}", "{\"state\":\"open\"}",
                                      "{\"state\":\"open\",\"act\":\"file\",\"signed\":1}",
                                      "{\"state\":\"open\",\"act\":\"file\",\"due\":\"x\"}"};
    DAMAGED(task_read, task_doc, bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ACTS_TEST(test_random_acts),
        ACTS_TEST(test_damaged_documents),
    };
    return cmocka_run_group_tests_name("task_state", tests, NULL, NULL);
}

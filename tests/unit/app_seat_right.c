/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole matrix of rights. The expectation is written the other way round than the table of the
 * program: what somebody in a role may do, unit by unit and class by class, in words; and the laws
 * that hold for every row are asked of every cell.
 */
#include "app/seat/right.h"

#include "app/seat/port.h"
#include "tests/lib/test.h"

#define S(text) str_from_cstr(text)

/* Up to this class of a unit that stands so, these operations; nothing else. */
struct expected {
    const char *role, *relation, *class, *ops;
};

static const struct expected expectations[] = {
    {"filler", "own", "sealed",
     "fact.read count.read fact.fill fact.submit fact.correct fact.carry"},
    {"filler", "own", "sensitive", "task.file"},
    {"filler", "own", "internal", "verdict.read round.read task.read"},
    {"filler", "own", "public", "unit.read"},
    {"filler", "child", "public", "fact.read count.read verdict.read task.read unit.read"},
    {"filler", "sibling", "public", "fact.read count.read verdict.read task.read unit.read"},
    {"filler", "parent", "internal", "verdict.read"},
    {"filler", "parent", "public", "fact.read count.read task.read unit.read"},
    {"filler", "other", "public", "fact.read count.read verdict.read task.read unit.read"},

    {"reviewer", "own", "sealed", "fact.read count.read fact.check fact.review fact.carry"},
    {"reviewer", "own", "sensitive", "task.sign"},
    {"reviewer", "own", "internal", "verdict.read fact.export round.read task.read"},
    {"reviewer", "own", "public", "unit.read"},
    {"reviewer", "child", "sealed", "count.read"},
    {"reviewer", "child", "sensitive", "fact.read"},
    {"reviewer", "child", "internal",
     "verdict.read fact.export fact.carry fact.enter round.read task.read"},
    {"reviewer", "child", "public", "unit.read"},
    {"reviewer", "sibling", "internal", "verdict.read"},
    {"reviewer", "sibling", "public", "fact.read count.read fact.export task.read unit.read"},
    {"reviewer", "parent", "internal", "verdict.read"},
    {"reviewer", "parent", "public", "fact.read count.read task.read unit.read"},
    {"reviewer", "other", "public", "fact.read count.read verdict.read task.read unit.read"},

    {"head", "own", "sealed", "fact.read count.read fact.sign"},
    {"head", "own", "internal", "verdict.read fact.export round.read task.read seat.read"},
    {"head", "own", "public", "unit.read"},
    {"head", "child", "sealed", "count.read"},
    {"head", "child", "sensitive", "fact.read"},
    {"head", "child", "internal", "verdict.read fact.export round.read task.read seat.read"},
    {"head", "child", "public", "unit.read"},
    {"head", "sibling", "internal", "verdict.read"},
    {"head", "sibling", "public", "fact.read count.read fact.export task.read unit.read"},
    {"head", "parent", "internal", "verdict.read"},
    {"head", "parent", "public", "fact.read count.read task.read unit.read"},
    {"head", "other", "public", "fact.read count.read verdict.read task.read unit.read"},

    {"leader", "own", "sealed", "count.read"},
    {"leader", "own", "internal", "fact.read verdict.read fact.export round.read task.read"},
    {"leader", "own", "public", "unit.read"},
    {"leader", "child", "sealed", "count.read"},
    {"leader", "child", "internal", "fact.read verdict.read fact.export round.read task.read"},
    {"leader", "child", "public", "unit.read"},
    {"leader", "sibling", "internal", "verdict.read"},
    {"leader", "sibling", "public", "fact.read count.read fact.export task.read unit.read"},
    {"leader", "parent", "internal", "verdict.read"},
    {"leader", "parent", "public", "fact.read count.read task.read unit.read"},
    {"leader", "other", "public", "fact.read count.read verdict.read task.read unit.read"},

    {"inspector", "own", "sealed", "count.read"},
    {"inspector", "own", "internal", "fact.read verdict.read round.read task.read"},
    {"inspector", "own", "public", "unit.read"},
    {"inspector", "child", "sealed", "count.read"},
    {"inspector", "child", "internal", "fact.read verdict.read round.read task.read score.set"},
    {"inspector", "child", "public", "unit.read"},
    {"inspector", "sibling", "public", "fact.read count.read verdict.read task.read unit.read"},
    {"inspector", "parent", "public", "fact.read count.read verdict.read task.read unit.read"},
    {"inspector", "other", "public", "fact.read count.read verdict.read task.read unit.read"},

    {"issuer", "own", "sealed", "count.read"},
    {"issuer", "own", "sensitive", "fact.import"},
    {"issuer", "own", "internal",
     "fact.read verdict.read fact.export fact.carry round.set round.read task.read task.set "
     "plan.set"},
    {"issuer", "own", "public", "unit.read"},
    {"issuer", "child", "sealed", "count.read"},
    {"issuer", "child", "sensitive", "fact.import"},
    {"issuer", "child", "internal",
     "fact.read verdict.read fact.export fact.carry fact.enter round.set round.read task.read "
     "task.set"},
    {"issuer", "child", "public", "unit.read"},
    {"issuer", "sibling", "internal", "verdict.read"},
    {"issuer", "sibling", "public", "fact.read count.read fact.export task.read unit.read"},
    {"issuer", "parent", "internal", "verdict.read"},
    {"issuer", "parent", "public", "fact.read count.read task.read unit.read"},
    {"issuer", "other", "public", "fact.read count.read verdict.read task.read unit.read"},

    {"system", "own", "internal", "backup system.set"},
    {"system", "own", "public", "unit.read unit.set"},
    {"system", "child", "public", "unit.read unit.set"},
    {"system", "sibling", "public", "unit.read"},
    {"system", "parent", "public", "unit.read"},
    {"system", "other", "public", "unit.read"},

    {"security", "own", "sensitive", "user.read user.set"},
    {"security", "own", "internal", "seat.read seat.set"},
    {"security", "own", "public", "unit.read"},
    {"security", "child", "sensitive", "user.read user.set"},
    {"security", "child", "internal", "seat.read seat.set"},
    {"security", "child", "public", "unit.read"},
    {"security", "sibling", "public", "unit.read"},
    {"security", "parent", "public", "unit.read"},
    {"security", "other", "public", "unit.read"},

    {"audit", "own", "sensitive", "user.read log.read"},
    {"audit", "own", "internal", "seat.read"},
    {"audit", "own", "public", "unit.read"},
    {"audit", "child", "sensitive", "user.read log.read"},
    {"audit", "child", "internal", "seat.read"},
    {"audit", "child", "public", "unit.read"},
    {"audit", "sibling", "public", "unit.read"},
    {"audit", "parent", "public", "unit.read"},
    {"audit", "other", "public", "unit.read"},
};

#define N_EXPECTATIONS (sizeof expectations / sizeof expectations[0])

static bool names(const char *list, const char *word)
{
    struct str rest = S(list);
    struct str part;
    while (str_split(&rest, ' ', &part)) {
        if (str_eq(part, S(word))) {
            return true;
        }
    }
    return false;
}

static bool is_word(const char *word, const struct seat_word *table, unsigned i)
{
    return str_eq(S(word), S(table[i].word));
}

/* The most closed class that the words above give; SEAT_CLASSES: none. */
static unsigned expected_class(const struct seat_ask *q)
{
    for (size_t i = 0; i < N_EXPECTATIONS; i++) {
        const struct expected *x = &expectations[i];
        if (is_word(x->role, seat_roles, q->role) &&
            is_word(x->relation, seat_relations, q->relation) &&
            names(x->ops, seat_ops[q->op].word)) {
            return seat_word_of(seat_classes, SEAT_CLASSES, S(x->class));
        }
    }
    return SEAT_CLASSES;
}

static bool expected(const struct seat_ask *q)
{
    unsigned highest = expected_class(q);
    bool counted = is_word("count.read", seat_ops, q->op);
    bool own = is_word("own", seat_relations, q->relation);
    bool sealed = is_word("sealed", seat_classes, q->class);
    return highest < SEAT_CLASSES && q->class <= highest && q->class <= q->ceiling &&
           (!sealed || own || (counted && q->count >= 10));
}

typedef void each_fn(const struct seat_ask *q);

/* Every cell, with counts around the smallest one that may leave. */
static uint32_t each(each_fn *fn)
{
    static const uint64_t counts[] = {0, 1, 9, 10, 11, UINT64_MAX};
    uint32_t n = 0;
    struct seat_ask q;
    for (unsigned op = 0; op < OP__N; op++) {
        for (unsigned role = 0; role < ROLE__N; role++) {
            for (unsigned relation = 0; relation < RELATION__N; relation++) {
                for (unsigned class = 0; class < SEAT_CLASSES; class ++) {
                    for (unsigned at = 0; at < SEAT_CLASSES * 6; at++) {
                        q = (struct seat_ask){op, role, at / 6, relation, class, counts[at % 6]};
                        fn(&q);
                        n++;
                    }
                }
            }
        }
    }
    return n;
}

static void as_expected(const struct seat_ask *q)
{
    if (seat_allows(q) != expected(q)) {
        fail_msg("%s: %s, %s, class %s below %s, count %llu", expected(q) ? "denied" : "allowed",
                 seat_roles[q->role].word, seat_ops[q->op].word, seat_classes[q->class].word,
                 seat_relations[q->relation].word, (unsigned long long)q->count);
    }
}

static void test_matrix(void **state)
{
    (void)state;
    assert_int_equal(each(as_expected),
                     OP__N * ROLE__N * RELATION__N * SEAT_CLASSES * SEAT_CLASSES * 6);
}

/* Every word of the expectation is one of its axis: no typing error makes it silent. */
static void test_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_EXPECTATIONS; i++) {
        const struct expected *x = &expectations[i];
        struct str rest = S(x->ops);
        struct str op;
        assert_true(seat_word_of(seat_roles, ROLE__N, S(x->role)) < ROLE__N);
        assert_true(seat_word_of(seat_relations, RELATION__N, S(x->relation)) < RELATION__N);
        assert_true(seat_word_of(seat_classes, SEAT_CLASSES, S(x->class)) < SEAT_CLASSES);
        while (str_split(&rest, ' ', &op)) {
            assert_true(seat_word_of(seat_ops, OP__N, op) < OP__N);
        }
    }
    assert_int_equal(seat_word_of(seat_roles, ROLE__N, STR("审核")), ROLE_REVIEWER);
    assert_int_equal(seat_word_of(seat_roles, ROLE__N, STR("review")), ROLE__N);
    assert_int_equal(seat_word_of(seat_roles, ROLE__N, STR("")), ROLE__N);
}

/* RI2 to RI4 and a few sentences of the design, asked of every cell. */
static void obeys_the_laws(const struct seat_ask *q)
{
    struct seat_ask easier = *q;
    if (!seat_allows(q)) {
        return;
    }
    assert_true(q->class <= q->ceiling);
    easier.class = q->class > 0 ? q->class - 1 : 0;
    assert_true(seat_allows(&easier));
    easier = *q;
    easier.ceiling = CLASS_SEALED;
    assert_true(seat_allows(&easier));
    if (q->class == CLASS_SEALED && q->relation != RELATION_OWN) {
        assert_int_equal(q->op, OP_COUNT_READ);
        assert_int_equal(q->relation, RELATION_CHILD);
        assert_true(q->count >= 10);
    }
    if (q->role >= ROLE_SYSTEM) {
        assert_true(q->op > OP_FACT_EXPORT && !seat_ops[q->op].mark);
    }
    if (q->relation == RELATION_OTHER) {
        assert_int_equal(q->class, CLASS_PUBLIC);
    }
    if (q->role == ROLE_LEADER) { /* leaders have no write on facts */
        assert_true(q->op <= OP_VERDICT_READ || q->op == OP_FACT_EXPORT || q->op == OP_ROUND_READ ||
                    q->op == OP_TASK_READ || q->op == OP_UNIT_READ);
    }
}

static void test_laws(void **state)
{
    (void)state;
    (void)each(obeys_the_laws);
    /* Of users, seats and log, each belongs to one administrator alone. */
    for (unsigned op = OP_UNIT_SET; op < OP__N; op++) {
        uint32_t writers = 0;
        for (unsigned role = 0; role < ROLE__N; role++) {
            writers += seat_right(op, role, RELATION_OWN) > 0;
        }
        bool reads = op == OP_USER_READ || op == OP_SEAT_READ;
        assert_true(reads || writers == 1);
    }
}

/* RI1 */
static void test_out_of_range(void **state)
{
    (void)state;
    const struct seat_ask good = {OP_FACT_READ, ROLE_FILLER,  CLASS_SEALED,
                                  RELATION_OWN, CLASS_PUBLIC, 0};
    assert_true(seat_allows(&good));
    for (unsigned axis = 0; axis < 5; axis++) {
        for (unsigned beyond = 0; beyond < 2; beyond++) {
            struct seat_ask q = good;
            const unsigned sizes[] = {OP__N, ROLE__N, SEAT_CLASSES, RELATION__N, SEAT_CLASSES};
            unsigned bad = beyond == 0 ? sizes[axis] : UINT32_MAX;
            q.op = axis == 0 ? bad : q.op;
            q.role = axis == 1 ? bad : q.role;
            q.ceiling = axis == 2 ? bad : q.ceiling;
            q.relation = axis == 3 ? bad : q.relation;
            q.class = axis == 4 ? bad : q.class;
            assert_false(seat_allows(&q));
        }
    }
}

/* Each act of reporting, registers and tasks has its right (PO1: else nobody could do it). */
static void test_port(void **state)
{
    static const char *const acts[] = {
#define ACT(name, text, ...) "report." text,
#include "app/report/report.def"
#define ROLE(name, text, ...) "report.sign." text,
#include "app/report/report.def"
#define ROLE(name, text, ...) "register.sign." text,
#include "app/report/report.def"
#define ACT(name, text, ...) "task." text,
#include "app/task/task.def"
        "report.read",
        "round.try",
        "round.open",
        "round.read",
        "task.read",
        "register.list",
        "register.set",
        "register.read",
        "register.keep",
        "register.export",
        "register.submit",
        "register.withdraw",
        "register.correct",
        "register.approve",
        "register.return",
        "register.check",
        "register.check-return",
        "register.status"};
    (void)state;
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        bool sign = str_eq(S(acts[i]), STR("report.sign")); /* of whom is always said */
        if (seat_port_knows(acts[i]) == sign) {
            fail_msg("a right for %s", acts[i]);
        }
    }
    assert_false(seat_port_knows("report.forge"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matrix), cmocka_unit_test(test_words),
        cmocka_unit_test(test_laws),   cmocka_unit_test(test_out_of_range),
        cmocka_unit_test(test_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of units in the book: each operation, refusals, late news, and random changes against a
 * plain model: per unit, property and day a slot that may hold what was said for that day.
 */
#include "store/units.h"

#include <string.h>

#include "base/buf.h"
#include "base/rng.h"
#include "store/load.h"
#include "store/store_int.h"
#include "tests/store/fixture.h"

#define S(text) str_from_cstr(text)

static struct date day(const char *text)
{
    struct date d = DATE_MIN;
    assert_true(*text == '\0' || date_parse(S(text), &d));
    return d;
}

static enum rc change(struct book *b, const struct unit_op *ops, uint32_t n, int64_t *seq)
{
    struct store_reader *r = book_reader(b);
    struct store_commit words = {.token = S(book_text(b, "t%lld", (long long)b->clock)),
                                 .actor = STR("admin")};
    struct store_receipt got = {0};
    err_clear(&b->e);
    enum rc rc = units_commit(&b->arena, b->store, r, ops, n, &words, &got, &b->e);
    if (seq != NULL) {
        *seq = got.seq;
    }
    return rc;
}

static enum rc one(struct book *b, struct unit_op op)
{
    return change(b, &op, 1, NULL);
}

static struct unit_op create(const char *code, const char *kind, const char *parent,
                             const char *from)
{
    return (struct unit_op){.act = UNIT_CREATE,
                            .day = day(from),
                            .code = S(code),
                            .name = S(code),
                            .kind = S(kind),
                            .parent = S(parent)};
}

static const struct tree *tree_upto(struct book *b, int64_t upto)
{
    struct store_reader *r = book_reader(b);
    struct units u;
    const struct tree *t = NULL;
    BOOK_OK(b, units_load(&b->arena, r, upto, &u, &b->e));
    BOOK_OK(b, units_tree(&b->arena, &u, NULL, (struct tree_sink){0}, &t, &b->e));
    return t;
}

/* "A(B(C)D)" on the day: codes in pre-order. */
static void put_subtree(const struct tree_snap *s, uint32_t i, struct buf *out)
{
    buf_str(out, tree_snap_name(s, i));
    if (s->end[i] > i + 1) {
        buf_putc(out, '(');
        for (uint32_t c = i + 1; c < s->end[i]; c = s->end[c]) {
            put_subtree(s, c, out);
        }
        buf_putc(out, ')');
    }
}

static void expect(struct book *b, int64_t upto, const char *on, const char *want)
{
    const struct tree_snap *s = NULL;
    struct buf t;
    buf_init_in(&t, &b->arena, 65536);
    BOOK_OK(b, tree_at(&b->arena, tree_upto(b, upto), day(on), &s, &b->e));
    if (s->n > 0) {
        put_subtree(s, 0, &t);
    }
    ASSERT_STR(buf_view(&t), want);
}

/* A, below it B and C, below B the schools p and q, below C the school r. */
static void found(struct book *b)
{
    const struct unit_op ops[] = {
        create("A", "省", "", ""),  create("B", "县", "A", ""), create("C", "县", "A", ""),
        create("p", "校", "B", ""), create("q", "校", "B", ""), create("r", "校", "C", ""),
    };
    BOOK_OK(b, change(b, ops, 6, NULL));
}

static void test_life(void **state)
{
    struct book *b = *state;
    found(b);
    struct unit_op op = {
        .act = UNIT_RENAME, .day = day("2024-09-01"), .code = STR("p"), .name = STR("P")};
    BOOK_OK(b, one(b, op));
    op = (struct unit_op){
        .act = UNIT_MOVE, .day = day("2024-10-01"), .code = STR("q"), .parent = STR("C")};
    BOOK_OK(b, one(b, op));
    op = (struct unit_op){.act = UNIT_CLOSE, .day = day("2024-11-01"), .code = STR("r")};
    BOOK_OK(b, one(b, op));
    op = (struct unit_op){.act = UNIT_REOPEN, .day = day("2024-12-01"), .code = STR("r")};
    BOOK_OK(b, one(b, op));
    op = (struct unit_op){
        .act = UNIT_CHANGE, .day = day("2024-12-01"), .code = STR("r"), .kind = STR("园")};
    BOOK_OK(b, one(b, op));
    expect(b, INT64_MAX, "2020-01-01", "A(B(pq)C(r))");
    expect(b, INT64_MAX, "2024-08-31", "A(B(pq)C(r))");
    expect(b, INT64_MAX, "2024-09-01", "A(B(Pq)C(r))");
    expect(b, INT64_MAX, "2024-10-01", "A(B(P)C(qr))");
    expect(b, INT64_MAX, "2024-11-01", "A(B(P)C(q))");
    expect(b, INT64_MAX, "2024-12-01", "A(B(P)C(qr))");
    /* As it was known when only the rename was recorded. */
    expect(b, 2, "2024-12-01", "A(B(Pq)C(r))");
}

static void test_late_news(void **state)
{
    struct book *b = *state;
    found(b);
    struct unit_op op = {
        .act = UNIT_RENAME, .day = day("2024-09-01"), .code = STR("p"), .name = STR("P")};
    BOOK_OK(b, one(b, op));
    /* It had another name before that, learned later: the later name stays. */
    op.day = day("2024-03-01");
    op.name = STR("M");
    BOOK_OK(b, one(b, op));
    expect(b, INT64_MAX, "2024-02-29", "A(B(pq)C(r))");
    expect(b, INT64_MAX, "2024-03-01", "A(B(Mq)C(r))");
    expect(b, INT64_MAX, "2024-09-01", "A(B(Pq)C(r))");
    expect(b, 2, "2024-03-01", "A(B(pq)C(r))");
    /* The same day again: the later word counts. Then it is taken back. */
    op.name = STR("N");
    BOOK_OK(b, one(b, op));
    expect(b, INT64_MAX, "2024-03-01", "A(B(Nq)C(r))");
    op = (struct unit_op){
        .act = UNIT_UNDO, .day = day("2024-03-01"), .code = STR("p"), .property = UNIT_NAME};
    BOOK_OK(b, one(b, op));
    expect(b, INT64_MAX, "2024-03-01", "A(B(pq)C(r))");
    expect(b, 4, "2024-03-01", "A(B(Nq)C(r))");
    assert_int_equal(one(b, op), RC_NOT_FOUND);
}

static void test_merge(void **state)
{
    struct book *b = *state;
    found(b);
    const struct str both[] = {STR("B"), STR("C")};
    const struct unit_op ops[] = {
        create("D", "县", "A", "2025-01-01"),
        {.act = UNIT_MERGE,
         .day = day("2025-01-01"),
         .code = STR("D"),
         .others = both,
         .n_others = 2},
    };
    BOOK_OK(b, change(b, ops, 2, NULL));
    expect(b, INT64_MAX, "2024-12-31", "A(B(pq)C(r))");
    expect(b, INT64_MAX, "2025-01-01", "A(D(pqr))");
    const struct tree *t = tree_upto(b, INT64_MAX);
    const uint32_t *ids = NULL;
    uint32_t n = 0;
    uint32_t d = 0;
    assert_true(tree_unit_of_code(t, STR("D"), &d));
    assert_int_equal(tree_past(&b->arena, t, d, day("2024-06-01"), day("2025-06-01"), &ids, &n),
                     TREE_PAST_MERGED);
    assert_int_equal(n, 2);
}

/* C is merged into B, which stands. */
static void test_absorb(void **state)
{
    struct book *b = *state;
    found(b);
    const struct str c[] = {STR("C")};
    struct unit_op op = {
        .act = UNIT_MERGE, .day = day("2025-01-01"), .code = STR("B"), .others = c, .n_others = 1};
    BOOK_OK(b, one(b, op));
    expect(b, INT64_MAX, "2024-12-31", "A(B(pq)C(r))");
    expect(b, INT64_MAX, "2025-01-01", "A(B(pqr))");
}

static void test_split(void **state)
{
    struct book *b = *state;
    found(b);
    const struct str parts[] = {STR("E"), STR("F")};
    const struct unit_op half[] = {
        create("E", "县", "A", "2025-01-01"),
        create("F", "县", "A", "2025-01-01"),
        {.act = UNIT_SPLIT,
         .day = day("2025-01-01"),
         .code = STR("B"),
         .others = parts,
         .n_others = 2},
    };
    /* Where its schools go is not guessed. */
    assert_int_equal(change(b, half, 3, NULL), RC_INPUT);
    ASSERT_STR(S(b->e.primary_en), "the parent B is not valid during the whole validity of p");
    ASSERT_STR(S(b->e.primary_zh), "上级 B 并非在 p 的整个有效期内都有效");
    const struct unit_op whole[] = {
        half[0],
        half[1],
        half[2],
        {.act = UNIT_MOVE, .day = day("2025-01-01"), .code = STR("p"), .parent = STR("E")},
        {.act = UNIT_MOVE, .day = day("2025-01-01"), .code = STR("q"), .parent = STR("F")},
    };
    BOOK_OK(b, change(b, whole, 5, NULL));
    expect(b, INT64_MAX, "2025-01-01", "A(C(r)E(p)F(q))");
    const struct tree *t = tree_upto(b, INT64_MAX);
    const uint32_t *ids = NULL;
    uint32_t n = 0;
    uint32_t e = 0;
    assert_true(tree_unit_of_code(t, STR("E"), &e));
    assert_int_equal(tree_past(&b->arena, t, e, day("2024-06-01"), day("2025-06-01"), &ids, &n),
                     TREE_PAST_SPLIT);
}

static void test_refusals(void **state)
{
    struct book *b = *state;
    const struct str none[] = {STR("zz")};
    const struct str twice[] = {STR("B"), STR("B")};
    const struct str self[] = {STR("C")};
    const struct date d = day("2025-01-01");
    found(b);
    BOOK_OK(b, one(b, (struct unit_op){.act = UNIT_CLOSE, .day = d, .code = STR("q")}));
    const struct {
        struct unit_op op;
        enum rc rc;
    } cases[] = {
        {create("p", "校", "B", "2025-01-01"), RC_CONFLICT},
        {create("x", "", "B", "2025-01-01"), RC_INPUT},
        {create("", "校", "B", "2025-01-01"), RC_INPUT},
        {create("x", "校", "nobody", "2025-01-01"), RC_INPUT},
        {create("x", "校", "", "2025-01-01"), RC_INPUT}, /* a second root */
        {{.act = UNIT_RENAME, .day = d, .code = STR("zz"), .name = STR("n")}, RC_NOT_FOUND},
        {{.act = UNIT_RENAME, .day = d, .code = STR("q"), .name = STR("n")}, RC_CONFLICT},
        {{.act = UNIT_RENAME, .day = d, .code = STR("p")}, RC_INPUT},
        {{.act = UNIT_RENAME, .day = DATE_MIN, .code = STR("p"), .name = STR("n")}, RC_INPUT},
        {{.act = UNIT_MOVE, .day = d, .code = STR("B"), .parent = STR("p")}, RC_INPUT},
        {{.act = UNIT_CHANGE, .day = d, .code = STR("B")}, RC_INPUT},
        {{.act = UNIT_CLOSE, .day = d, .code = STR("B")}, RC_INPUT}, /* p is still there */
        {{.act = UNIT_CLOSE, .day = d, .code = STR("q")}, RC_CONFLICT},
        {{.act = UNIT_REOPEN, .day = d, .code = STR("p")}, RC_CONFLICT},
        {{.act = UNIT_REOPEN, .day = d, .code = STR("zz")}, RC_NOT_FOUND},
        {{.act = UNIT_MERGE, .day = d, .code = STR("C")}, RC_INPUT},
        {{.act = UNIT_MERGE, .day = d, .code = STR("C"), .others = none, .n_others = 1},
         RC_NOT_FOUND},
        {{.act = UNIT_MERGE, .day = d, .code = STR("C"), .others = twice, .n_others = 2}, RC_INPUT},
        {{.act = UNIT_MERGE, .day = d, .code = STR("C"), .others = self, .n_others = 1}, RC_INPUT},
    };
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum rc rc = one(b, cases[i].op);
        if (rc != cases[i].rc) {
            print_error("case %u gives %s: %s\n", i, rc_name(rc), b->e.primary_en);
        }
        assert_int_equal(rc, cases[i].rc);
    }
    expect(b, 3, "2025-06-01", "A(B(p)C(r))"); /* and nothing was recorded */
}

/* The answer was lost, and the change is sent again. */
static void test_again(void **state)
{
    struct book *b = *state;
    struct store_receipt first;
    struct store_receipt second;
    struct store_commit words = {.token = STR("again"), .actor = STR("a")};
    struct unit_op op = {.act = UNIT_CLOSE, .day = day("2025-01-01"), .code = STR("r")};
    found(b);
    BOOK_OK(b, units_commit(&b->arena, b->store, book_reader(b), &op, 1, &words, &first, &b->e));
    BOOK_OK(b, units_commit(&b->arena, b->store, book_reader(b), &op, 1, &words, &second, &b->e));
    assert_int_equal(second.seq, first.seq);
    assert_true(second.before);
}

/* Two change the tree, having seen the same: one of them is refused. */
static void test_two_hands(void **state)
{
    struct book *b = *state;
    struct store_reader *r = book_reader(b);
    struct units u;
    found(b);
    BOOK_OK(b, units_load(&b->arena, r, INT64_MAX, &u, &b->e));
    struct unit_op op = {.act = UNIT_CLOSE, .day = day("2025-01-01"), .code = STR("r")};
    struct store_expect seen = {STR(UNITS_SUBJECT), u.seq};
    struct store_commit c = {
        .token = STR("slow"), .actor = STR("a"), .act = STR("x"), .expects = &seen, .n_expects = 1};
    struct store_receipt got;
    BOOK_OK(b, units_apply(&b->arena, &u, &op, 1, &c.parcels, &c.n_parcels, &b->e));
    BOOK_OK(
        b, one(b, (struct unit_op){.act = UNIT_CLOSE, .day = day("2025-01-01"), .code = STR("q")}));
    assert_int_equal(store_commit(&b->arena, b->store, &c, &got, &b->e), RC_CONFLICT);
}

/* ---- official lists ------------------------------------------------------------------------- */

static struct unit_line line(const char *code, const char *name, const char *kind,
                             const char *parent)
{
    return (struct unit_line){
        .code = S(code), .name = S(name), .kind = S(kind), .parent = S(parent)};
}

/* "create x; rename p; …" */
static struct str ops_text(struct book *b, const struct unit_op *ops, uint32_t n)
{
    static const char *const names[UNIT__ACTS] = {"create", "rename", "move",  "change", "close",
                                                  "reopen", "merge",  "split", "undo"};
    struct buf t;
    buf_init_in(&t, &b->arena, 65536);
    for (uint32_t i = 0; i < n; i++) {
        buf_printf(&t, "%s %.*s;", names[ops[i].act], PS(ops[i].code));
    }
    return buf_view(&t);
}

static void diff(struct book *b, const struct unit_line *lines, uint32_t n, bool close_missing,
                 const char *within, const struct unit_op **ops, uint32_t *n_ops)
{
    struct units u;
    BOOK_OK(b, units_load(&b->arena, book_reader(b), INT64_MAX, &u, &b->e));
    BOOK_OK(b, units_diff(&b->arena, &u, lines, n, day("2025-01-01"), close_missing, S(within), ops,
                          n_ops, &b->e));
}

static void test_list(void **state)
{
    struct book *b = *state;
    const struct unit_op *ops = NULL;
    uint32_t n = 0;
    found(b);
    BOOK_OK(
        b, one(b, (struct unit_op){.act = UNIT_CLOSE, .day = day("2024-06-01"), .code = STR("q")}));
    const struct unit_line lines[] = {
        line("A", "A", "省", ""),  line("B", "B", "县", "A"), line("p", "P", "校", "C"),
        line("q", "q", "园", "B"), line("x", "x", "校", "B"),
    };
    diff(b, lines, 5, false, "", &ops, &n);
    ASSERT_STR(ops_text(b, ops, n), "rename p;move p;reopen q;change q;create x;");
    diff(b, lines, 5, true, "B", &ops, &n); /* C and r are not below B */
    ASSERT_STR(ops_text(b, ops, n), "rename p;move p;reopen q;change q;create x;");
    diff(b, lines, 5, true, "C", &ops, &n);
    ASSERT_STR(ops_text(b, ops, n), "rename p;move p;reopen q;change q;create x;close r;");
    BOOK_OK(b, change(b, ops, n, NULL));
    expect(b, INT64_MAX, "2025-01-01", "A(B(qx)C(P))");
    expect(b, INT64_MAX, "2024-12-31", "A(B(p)C(r))");
    /* What the list said is so now. */
    diff(b, lines, 5, true, "C", &ops, &n);
    assert_int_equal(n, 0);
    diff(b, lines, 5, true, "", &ops, &n);
    ASSERT_STR(ops_text(b, ops, n), "close C;");
    const struct unit_line bad[] = {lines[0], lines[0], line("y", "", "校", "B")};
    struct units u = {0};
    assert_int_equal(
        units_diff(&b->arena, &u, bad, 2, day("2025-01-01"), false, S(""), &ops, &n, &b->e),
        RC_INPUT);
    err_clear(&b->e);
    assert_int_equal(
        units_diff(&b->arena, &u, bad + 2, 1, day("2025-01-01"), false, S(""), &ops, &n, &b->e),
        RC_INPUT);
}

/* ---- random changes against a model --------------------------------------------------------- */

#define UNITS 12
#define DAYS  20
#define FIRST "2024-01-01"
#define STEPS 60

struct slot {
    bool said;
    char value[16]; /* "yes", "no", a code, a name */
};

/* Day 0 stands for ever before. */
struct model {
    bool known[UNITS];
    struct slot slots[UNITS][UNIT__PROPERTIES][DAYS];
};

static void code_of(uint32_t unit, char out[16])
{
    (void)snprintf(out, 16, "u%02u", unit);
}

static const char *model_at(const struct model *m, uint32_t unit, enum unit_property p, int d)
{
    while (d >= 0 && !m->slots[unit][p][d].said) {
        d--;
    }
    return d < 0 ? "" : m->slots[unit][p][d].value;
}

static bool model_stands(const struct model *m, uint32_t unit, int d)
{
    return strcmp(model_at(m, unit, UNIT_STANDS, d), "yes") == 0;
}

static uint32_t unit_named(const char *code)
{
    return *code == '\0' ? UNITS : (uint32_t)(code[1] - '0') * 10 + (uint32_t)(code[2] - '0');
}

static void model_say(struct model *m, uint32_t unit, enum unit_property p, int d,
                      const char *value)
{
    struct slot *s = &m->slots[unit][p][d];
    s->said = true;
    (void)snprintf(s->value, sizeof s->value, "%s", value);
}

/* On each day every unit has a parent that stands, but one; and there is no cycle. */
static bool model_valid(const struct model *m)
{
    for (int d = 0; d < DAYS; d++) {
        uint32_t roots = 0;
        for (uint32_t i = 0; i < UNITS; i++) {
            uint32_t at = i;
            for (uint32_t hops = 0; model_stands(m, i, d) && at < UNITS; hops++) {
                if (hops > UNITS || !model_stands(m, at, d)) {
                    return false;
                }
                uint32_t up = unit_named(model_at(m, at, UNIT_PARENT, d));
                roots += up == UNITS && at == i;
                at = up;
            }
        }
        if (roots > 1) {
            return false;
        }
    }
    return true;
}

struct random_op {
    struct unit_op op;
    uint32_t unit, other;
    int d;
    char code[16], parent[16], name[16];
    struct str others[1];
};

static void random_op(struct rng *g, struct random_op *x)
{
    static const enum unit_act acts[] = {UNIT_CREATE, UNIT_CREATE, UNIT_RENAME,
                                         UNIT_MOVE,   UNIT_MOVE,   UNIT_CLOSE,
                                         UNIT_REOPEN, UNIT_MERGE,  UNIT_UNDO};
    *x = (struct random_op){.unit = (uint32_t)rng_below(g, UNITS),
                            .other = (uint32_t)rng_below(g, UNITS),
                            .d = (int)rng_below(g, DAYS)};
    code_of(x->unit, x->code);
    code_of(x->other, x->parent);
    (void)snprintf(x->name, sizeof x->name, "n%u", (unsigned)rng_below(g, 100));
    x->others[0] = S(x->parent);
    enum unit_act act = acts[rng_below(g, sizeof acts / sizeof acts[0])];
    bool root = act == UNIT_CREATE && x->unit == 0;
    x->op = (struct unit_op){
        .act = act,
        .day = x->d == 0 ? DATE_MIN : date_add_days(day(FIRST), x->d),
        .code = S(x->code),
        .name = S(x->name),
        .kind = STR("k"),
        .parent = root ? STR("") : S(x->parent),
        .others = x->others,
        .n_others = act == UNIT_MERGE,
        .property = (enum unit_property)rng_below(g, UNIT__PROPERTIES),
    };
}

static bool model_create(struct model *m, const struct random_op *x)
{
    if (m->known[x->unit]) {
        return false;
    }
    m->known[x->unit] = true;
    model_say(m, x->unit, UNIT_STANDS, x->d, "yes");
    model_say(m, x->unit, UNIT_NAME, x->d, x->name);
    model_say(m, x->unit, UNIT_PARENT, x->d, x->unit == 0 ? "" : x->parent);
    model_say(m, x->unit, UNIT_KIND, x->d, "k");
    return true;
}

static bool model_merge(struct model *m, const struct random_op *x)
{
    bool was[UNITS];
    if (x->unit == x->other || !model_stands(m, x->other, x->d)) {
        return false;
    }
    for (uint32_t i = 0; i < UNITS; i++) {
        was[i] =
            model_stands(m, i, x->d) && strcmp(model_at(m, i, UNIT_PARENT, x->d), x->parent) == 0;
    }
    for (uint32_t i = 0; i < UNITS; i++) {
        if (was[i] && i != x->unit) {
            model_say(m, i, UNIT_PARENT, x->d, x->code);
        }
    }
    model_say(m, x->other, UNIT_STANDS, x->d, "no");
    return true;
}

/* false: the operation is refused. */
static bool model_apply(struct model *m, const struct random_op *x)
{
    const struct unit_op *op = &x->op;
    if (op->act == UNIT_CREATE) {
        return model_create(m, x);
    }
    if (op->act == UNIT_UNDO) {
        struct slot *s = &m->slots[x->unit][op->property][x->d];
        bool said = s->said;
        s->said = false;
        return said;
    }
    if (x->d == 0 || !m->known[x->unit] ||
        model_stands(m, x->unit, x->d) != (op->act != UNIT_REOPEN)) {
        return false;
    }
    if (op->act == UNIT_RENAME) {
        model_say(m, x->unit, UNIT_NAME, x->d, x->name);
        model_say(m, x->unit, UNIT_ALIAS, x->d, "");
    } else if (op->act == UNIT_MOVE) {
        model_say(m, x->unit, UNIT_PARENT, x->d, x->parent);
    } else if (op->act == UNIT_MERGE) {
        return model_merge(m, x);
    } else {
        model_say(m, x->unit, UNIT_STANDS, x->d, op->act == UNIT_REOPEN ? "yes" : "no");
    }
    return true;
}

static void compare(const struct model *m, const struct tree *t)
{
    for (int d = 0; d < DAYS; d++) {
        for (uint32_t i = 0; i < UNITS; i++) {
            char code[16];
            uint32_t id = 0;
            code_of(i, code);
            const struct tree_version *v =
                tree_unit_of_code(t, S(code), &id)
                    ? tree_version_at(t, id, date_add_days(day(FIRST), d))
                    : NULL;
            assert_int_equal(v != NULL, model_stands(m, i, d));
            if (v != NULL) {
                ASSERT_STR(v->name, model_at(m, i, UNIT_NAME, d));
                ASSERT_STR(v->parent, model_at(m, i, UNIT_PARENT, d));
            }
        }
    }
}

static void test_random(void **state)
{
    struct book *b = *state;
    struct model *states = ARENA_ARRAY(&b->arena, struct model, STEPS * 10);
    struct model now = {0};
    struct rng g;
    uint32_t n = 0;
    uint32_t tries = 0;
    rng_seed(&g, 20240315);
    while (n < STEPS && tries++ < STEPS * 40) {
        struct random_op x;
        struct model next = now;
        int64_t seq = 0;
        random_op(&g, &x);
        bool ok = model_apply(&next, &x) && model_valid(&next);
        enum rc rc = change(b, &x.op, 1, &seq);
        if ((rc == RC_OK) != ok) {
            print_error("act %d unit %u other %u day %d: %s, model %d\n", (int)x.op.act, x.unit,
                        x.other, x.d, b->e.primary_en, ok);
        }
        assert_int_equal(rc == RC_OK, ok);
        if (ok) {
            now = next;
            states[n++] = now;
            assert_int_equal(seq, n);
        }
    }
    assert_true(n >= STEPS / 2);
    for (uint32_t i = 0; i < n; i++) {
        compare(&states[i], tree_upto(b, (int64_t)i + 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_life),      BOOK_TEST(test_late_news), BOOK_TEST(test_merge),
        BOOK_TEST(test_absorb),    BOOK_TEST(test_split),     BOOK_TEST(test_refusals),
        BOOK_TEST(test_two_hands), BOOK_TEST(test_again),     BOOK_TEST(test_list),
        BOOK_TEST(test_random),
    };
    return BOOK_RUN(tests);
}

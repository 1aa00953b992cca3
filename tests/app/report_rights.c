/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The matrix of rights at the desk: every function of reporting, tasks, tables and reminders, asked
 * with a seat of every role, ceiling and unit, over data of every class. Each must do what the
 * table of rights says of the relation between the two units (which is told here by the parents,
 * not by the program's way), and what is refused leaves no trace in the book.
 *
 * An act that is allowed is stopped behind the question for the right: it says it has looked at a
 * commit that was never there.
 */
#include "app/ledger.h"
#include "app/report/desk.h"
#include "app/seat/duty.h"
#include "app/seat/port.h"
#include "app/task/task.h"
#include "base/buf.h"
#include "lang/diag.h"
#include "lang/lang.h"
#include "store/units.h"
#include "tests/lib/tmpdir.h"
#include "tests/store/fixture.h"

#define TODAY ((struct date){20089}) /* 2025-01-01, as the clock of the fixture */
#define NEVER INT64_C(999999)

static const char plan_text[] =
    "计划 p { 年度 2024 至 2040 }\n层级 省 > 县 > 学校 > 校区\n"
    "对象 学校 属于 县 {\n"
    "  数据 甲 : 人 每年 小数 0 密级 公开  数据 乙 : 人 每年 小数 0 密级 内部\n"
    "  数据 丙 : 人 每年 小数 0 密级 敏感  数据 丁 : 人 每年 小数 0 密级 密封 }\n"
    "报表 F0 公开 { 对象 学校 每年 项 甲 截止 10-15 }\n"
    "报表 F1 内部 { 对象 学校 每年 项 乙 截止 10-15 }\n"
    "报表 F2 敏感 { 对象 学校 每年 项 丙 截止 10-15 }\n"
    "报表 F3 密封 { 对象 学校 每年 项 丁 截止 10-15 }\n"
    "任务 K1 方案 { 于 2024年 每个 学校 交付 \"方案\" 协办 校区 }\n";

/* In the order of the tree. */
enum { R, A, S1, X, S2, B, T1, UNITS };
static const struct {
    const char *code, *kind;
    int parent;
} tree[UNITS] = {{"R", "省", -1},   {"A", "县", R}, {"S1", "学校", A}, {"X", "校区", S1},
                 {"S2", "学校", A}, {"B", "县", R}, {"T1", "学校", B}};

/* A report of S1 per class and stage. */
enum { SIGN0, SIGN1, SIGN2, WAITS, ACCEPTED, STAGES };

struct scene {
    struct book *b;
    struct arena *a;
    struct lang lang;
    struct desk free; /* may do everything */
    struct seat_desk seat;
    struct desk desk; /* of the seat */
    struct report report[SEAT_CLASSES][STAGES];
    struct round_view asked[SEAT_CLASSES]; /* against which something stands */
    struct task_lines tasks;
    struct dataset data[SEAT_CLASSES];
    unsigned class_; /* of the call at hand */
};

/* ---- the scene ------------------------------------------------------------------------------ */

static bool may_all(void *ctx, struct str actor, const char *operation, struct str unit,
                    enum data_class class_)
{
    (void)ctx;
    (void)actor;
    (void)unit;
    (void)class_;
    assert_true(seat_port_knows(operation)); /* what is asked for is in the table */
    return true;
}

static void make_units(struct scene *s)
{
    struct unit_op ops[UNITS];
    const struct store_commit words = {.token = STR("units"), .actor = STR("root")};
    struct store_receipt got;
    for (int i = 0; i < UNITS; i++) {
        const char *above = tree[i].parent < 0 ? "" : tree[tree[i].parent].code;
        ops[i] = (struct unit_op){.act = UNIT_CREATE,
                                  .day = {INT32_MIN},
                                  .code = str_from_cstr(tree[i].code),
                                  .name = str_from_cstr(tree[i].code),
                                  .kind = str_from_cstr(tree[i].kind),
                                  .parent = str_from_cstr(above)};
    }
    BOOK_OK(s->b,
            units_commit(s->a, s->b->store, book_reader(s->b), ops, UNITS, &words, &got, &s->b->e));
}

static struct round_wish wish(struct scene *s, const char *id, unsigned class_, int year)
{
    return (struct round_wish){.id = str_from_cstr(id),
                               .form = str_from_cstr(book_text(s->b, "F%u", class_)),
                               .period = str_from_cstr(book_text(s->b, "%d", year)),
                               .due = STR("2024-10-15"),
                               .minutes = 2,
                               .signatures = 3};
}

static void act(struct scene *s, struct report *r, const char *who, enum report_act_kind what)
{
    struct report_findings found = {0};
    s->free.actor = str_from_cstr(who);
    BOOK_OK(s->b, report_do(&s->free, r, what, (struct report_words){.seen = REPORT_JUST_READ},
                            &found, &s->b->e));
}

static void make_report(struct scene *s, unsigned class_, int stage)
{
    static const char *const signers[] = {"x", "y", "z"};
    struct round_view v;
    struct report *r = &s->report[class_][stage];
    const char *id = book_text(s->b, "C%u.%d", class_, stage);
    const struct round_wish w = wish(s, id, class_, 2030 + stage);
    s->free.actor = STR("issuer");
    BOOK_OK(s->b, round_try(&s->free, &w, &v, &s->b->e));
    BOOK_OK(s->b, round_open(&s->free, &v, &s->b->e));
    BOOK_OK(s->b, report_open(&s->free, w.id, STR("S1"), r, &s->b->e));
    r->cells[0] = (struct value){.has = true, .num = rat_int(7)};
    act(s, r, "x", ACT_SAVE);
    for (int i = 0; i < (stage < WAITS ? stage : 3); i++) {
        act(s, r, signers[i], ACT_SIGN);
    }
    if (stage >= WAITS) {
        act(s, r, "x", ACT_SUBMIT);
    }
    if (stage == ACCEPTED) {
        act(s, r, "p", ACT_APPROVE);
        act(s, r, "q", ACT_APPROVE);
    }
}

/* Number in the book's tree, which has an order of its own; and back. */
static uint32_t number_of(const struct scene *s, int unit)
{
    uint32_t n = NONE;
    BOOK_OK(s->b, desk_unit(&s->free, str_from_cstr(tree[unit].code), &n, &s->b->e));
    return n;
}

static int unit_of(const struct scene *s, uint32_t number)
{
    int i = 0;
    while (number_of(s, i) != number) {
        i++;
    }
    return i;
}

/* One fact of each class at S1, to be taken in. */
static void make_data(struct scene *s)
{
    static const struct str files[] = {STR_INIT("facts.csv")};
    for (unsigned k = 0; k < SEAT_CLASSES; k++) {
        struct fact *f = ARENA_ARRAY(s->a, struct fact, 1);
        *f = (struct fact){.unit = number_of(s, S1), .item = s->report[k][0].round.item[0]};
        s->data[k] = (struct dataset){
            .tree = s->free.tree, .files = files, .n_files = 1, .facts = f, .n_facts = 1};
    }
}

static struct scene *scene(struct book *b)
{
    struct scene *s = ARENA_ARRAY(&b->arena, struct scene, 1);
    struct seat_desk_act none = {0};
    struct diags ds;
    s->b = b;
    s->a = &b->arena;
    diags_init(&ds, s->a, NULL);
    (void)tmpdir_write(s->a, b->dir, "pack/a.plan", str_from_cstr(plan_text));
    BOOK_OK(b, lang_open(s->a, book_text(b, "%s/pack", b->dir), &ds, &s->lang, &b->e));
    make_units(s);
    s->free = (struct desk){.a = s->a,
                            .store = b->store,
                            .reader = book_reader(b),
                            .plan = s->lang.plan,
                            .today = TODAY,
                            .may = may_all};
    BOOK_OK(b, desk_open(&s->free, &b->e));
    for (unsigned k = 0; k < SEAT_CLASSES; k++) {
        for (int stage = 0; stage < STAGES; stage++) {
            make_report(s, k, stage);
        }
        const struct round_wish w = wish(s, "again", k, 2030);
        BOOK_OK(b, round_try(&s->free, &w, &s->asked[k], &b->e));
        assert_true(s->asked[k].against.list.n > 0);
    }
    make_data(s);
    BOOK_OK(b, task_list(&s->free, 0, NULL, &s->tasks, &b->e));
    s->seat = (struct seat_desk){
        .a = s->a, .store = b->store, .reader = s->free.reader, .now = b->clock, .actor = STR("u")};
    BOOK_OK(b, seat_desk_begin(&s->seat, &none, &b->e));
    const struct seat_user u = {.id = STR("u"), .name = STR("u")};
    map_put(s->a, &s->seat.roster.user_of, u.id, 0);
    vec_push(s->a, &s->seat.roster.users, u);
    vec_push(s->a, &s->seat.roster.seats, (struct seat){0});
    s->desk = s->free;
    s->desk.actor = STR("user/u");
    s->desk.may = seat_port_may;
    s->desk.may_ctx = &s->seat;
    return s;
}

/* ---- what is asked -------------------------------------------------------------------------- */

static enum rc do_report(struct scene *s, int stage, enum report_act_kind what)
{
    struct report_findings found = {0};
    struct report r = s->report[s->class_][stage];
    return report_do(&s->desk, &r, what, (struct report_words){.seen = NEVER}, &found, NULL);
}

#define REPORT_CALL(name, stage, act)                                                              \
    static enum rc name(struct scene *s)                                                           \
    {                                                                                              \
        return do_report(s, (stage), (act));                                                       \
    }
REPORT_CALL(call_save, SIGN0, ACT_SAVE)
REPORT_CALL(call_sign_filler, SIGN0, ACT_SIGN)
REPORT_CALL(call_sign_reviewer, SIGN1, ACT_SIGN)
REPORT_CALL(call_sign_head, SIGN2, ACT_SIGN)
REPORT_CALL(call_submit, SIGN0, ACT_SUBMIT)
REPORT_CALL(call_withdraw, WAITS, ACT_WITHDRAW)
REPORT_CALL(call_approve, WAITS, ACT_APPROVE)
REPORT_CALL(call_return, WAITS, ACT_RETURN)
REPORT_CALL(call_correct, ACCEPTED, ACT_CORRECT)

/* What comes is sealed from everybody who may not read that (RD4). */
static enum rc call_read(struct scene *s)
{
    struct report r;
    enum rc rc =
        report_open(&s->desk, s->report[s->class_][WAITS].round.round.id, STR("S1"), &r, NULL);
    const struct seat_want want = {OP_FACT_READ, STR("S1"), CLASS_SEALED, 0};
    bool may = seat_may(&s->seat.roster, STR("u"), &want) != NULL;
    assert_true(rc != RC_OK || r.hidden[0] == (s->class_ == CLASS_SEALED && !may));
    return rc;
}

static enum rc call_try(struct scene *s)
{
    struct round_view v;
    const struct round_wish w = wish(s, "new", s->class_, 2039);
    return round_try(&s->desk, &w, &v, NULL);
}

static enum rc call_open(struct scene *s)
{
    struct round_view v = s->asked[s->class_];
    return round_open(&s->desk, &v, NULL);
}

static enum rc call_lock(struct scene *s)
{
    uint32_t n = 0; /* nothing is accepted there */
    return round_lock(&s->desk, &s->report[s->class_][SIGN0].round, &n, NULL);
}

static enum rc call_waiting(struct scene *s)
{
    struct round_status none = {0};
    return round_waiting(&s->desk, STR("A"), &none, NULL);
}

static enum rc call_load(struct scene *s)
{
    const struct pack p = {.plan = s->lang.plan, .tree = s->desk.tree, .data = &s->data[s->class_]};
    return ledger_allow(s->a, &p, s->desk.may, s->desk.may_ctx, s->desk.actor, NULL);
}

static enum rc do_task(struct scene *s, enum task_act_kind what)
{
    struct task_act act = {
        .act = what, .reason = STR("why"), .until = {30000}, .evidence.unit = STR("X")};
    struct task_line *t = NULL;
    BOOK_OK(s->b, task_find(&s->free, &s->tasks, STR("K1"), STR(""), STR("S1"), 0, &t, &s->b->e));
    return task_do(&s->desk, t, &act, NEVER, STR("text"), NULL);
}

#define TASK_CALL(name, act)                                                                       \
    static enum rc name(struct scene *s)                                                           \
    {                                                                                              \
        return do_task(s, (act));                                                                  \
    }
TASK_CALL(call_file, TASK_ACT_FILE)
TASK_CALL(call_contribute, TASK_ACT_CONTRIBUTE)
TASK_CALL(call_extend, TASK_ACT_EXTEND)
TASK_CALL(call_sign_off, TASK_ACT_SIGN_OFF)
TASK_CALL(call_task_return, TASK_ACT_RETURN)
TASK_CALL(call_grant, TASK_ACT_GRANT)
TASK_CALL(call_refuse, TASK_ACT_REFUSE)

/* Of which class the data are: of the form but internal at least; the same of what is not sealed,
 * which is hidden; internal always; as they are. */
enum of { OF_FORM, OPEN_PART, INTERNAL, AS_IT_IS };

static const struct call {
    const char *name;
    enum seat_op op;
    int at;
    enum of of;
    enum rc (*run)(struct scene *s);
} calls[] = {
    {"read", OP_FACT_READ, S1, OPEN_PART, call_read},
    {"save", OP_FACT_FILL, S1, OF_FORM, call_save},
    {"sign as filler", OP_FACT_SUBMIT, S1, OF_FORM, call_sign_filler},
    {"sign as reviewer", OP_FACT_CHECK, S1, OF_FORM, call_sign_reviewer},
    {"sign as head", OP_FACT_SIGN, S1, OF_FORM, call_sign_head},
    {"submit", OP_FACT_SUBMIT, S1, OF_FORM, call_submit},
    {"withdraw", OP_FACT_SUBMIT, S1, OF_FORM, call_withdraw},
    {"correct", OP_FACT_CORRECT, S1, OF_FORM, call_correct},
    {"approve", OP_FACT_REVIEW, A, OF_FORM, call_approve},
    {"return", OP_FACT_REVIEW, A, OF_FORM, call_return},
    {"list reviews", OP_ROUND_READ, A, INTERNAL, call_waiting},
    {"try a round", OP_ROUND_SET, R, INTERNAL, call_try},
    {"open a round", OP_ROUND_SET, R, INTERNAL, call_open},
    {"lock a round", OP_ROUND_SET, R, INTERNAL, call_lock},
    {"load tables", OP_FACT_IMPORT, S1, AS_IT_IS, call_load},
    {"file evidence", OP_TASK_FILE, S1, INTERNAL, call_file},
    {"contribute evidence", OP_TASK_FILE, X, INTERNAL, call_contribute},
    {"ask to extend", OP_TASK_FILE, S1, INTERNAL, call_extend},
    {"sign off", OP_TASK_SIGN, A, INTERNAL, call_sign_off},
    {"return evidence", OP_TASK_SIGN, A, INTERNAL, call_task_return},
    {"grant", OP_TASK_SIGN, A, INTERNAL, call_grant},
    {"refuse", OP_TASK_SIGN, A, INTERNAL, call_refuse},
};

#define CALLS (sizeof calls / sizeof calls[0])

/* ---- what must come ------------------------------------------------------------------------- */

static bool is_above(int above, int unit)
{
    for (int i = tree[unit].parent; i >= 0; i = tree[i].parent) {
        if (i == above) {
            return true;
        }
    }
    return false;
}

/* What `unit` is to a seat at `seat`. */
static enum seat_relation relation(int seat, int unit)
{
    if (seat == unit) {
        return RELATION_OWN;
    }
    if (is_above(seat, unit)) {
        return RELATION_CHILD;
    }
    if (is_above(unit, seat)) {
        return RELATION_PARENT;
    }
    return tree[seat].parent == tree[unit].parent ? RELATION_SIBLING : RELATION_OTHER;
}

static bool allowed(const struct seat *seat, int seat_at, enum seat_op op, int unit,
                    unsigned class_)
{
    const struct seat_ask q = {
        op, seat->role, seat->ceiling, relation(seat_at, unit), (enum data_class)class_, 0};
    return seat_allows(&q);
}

static unsigned class_asked(const struct call *c, unsigned class_)
{
    unsigned of_form = class_ < CLASS_INTERNAL ? CLASS_INTERNAL : class_;
    const unsigned of[] = {[OF_FORM] = of_form,
                           /* of a form with one item, and that sealed, nothing else is left */
                           [OPEN_PART] = class_ == CLASS_SEALED ? CLASS_INTERNAL : of_form,
                           [INTERNAL] = CLASS_INTERNAL,
                           [AS_IT_IS] = class_};
    return of[c->of];
}

static int64_t end_of(struct scene *s)
{
    struct store_end end;
    BOOK_OK(s->b, store_end(s->a, s->free.reader, &end, &s->b->e));
    return end.seq;
}

/* ---- the tests ------------------------------------------------------------------------------ */

typedef void seat_fn(struct scene *s, const struct seat *seat, int at);

/* A seat of every role, ceiling and unit, one at a time. */
static void each_seat(struct scene *s, seat_fn *fn)
{
    for (unsigned role = 0; role < ROLE__N; role++) {
        for (unsigned ceiling = 0; ceiling < SEAT_CLASSES; ceiling++) {
            for (int at = 0; at < UNITS; at++) {
                struct seat *seat = &s->seat.roster.seats.items[0];
                *seat = (struct seat){.id = STR("seat"),
                                      .role = (enum seat_role)role,
                                      .ceiling = (enum data_class)ceiling,
                                      .unit = str_from_cstr(tree[at].code),
                                      .term = {STR("u"), DATE_MIN, DATE_MAX}};
                fn(s, seat, at);
            }
        }
    }
}

static uint32_t granted[CALLS];

static void ask_all(struct scene *s, const struct seat *seat, int at)
{
    for (unsigned i = 0; i < CALLS * SEAT_CLASSES; i++) {
        const struct call *c = &calls[i / SEAT_CLASSES];
        s->class_ = i % SEAT_CLASSES;
        unsigned class_ = class_asked(c, s->class_);
        /* What a unit below has written may be entered and submitted, too. */
        bool enters = c->run == call_save || c->run == call_submit;
        bool may = allowed(seat, at, c->op, c->at, class_) ||
                   (enters && allowed(seat, at, OP_FACT_ENTER, c->at, class_));
        enum rc rc = c->run(s);
        granted[c - calls] += may;
        if ((rc != RC_DENIED) != may) {
            fail_msg("%s at %s may%s %s at %s, class %s below %s: %s", seat_roles[seat->role].word,
                     tree[at].code, may ? "" : " not", c->name, tree[c->at].code,
                     seat_classes[s->class_].word, seat_classes[seat->ceiling].word, rc_name(rc));
        }
    }
}

static void test_matrix(void **state)
{
    struct scene *s = scene(*state);
    int64_t before = end_of(s);
    each_seat(s, ask_all);
    assert_true(end_of(s) == before);
    for (unsigned i = 0; i < CALLS; i++) {
        assert_true(granted[i] > 0); /* somebody may do each */
    }
}

/* Tasks of the schools, as owner; as co-owner that of S1 at X. */
static void look_at_tasks(struct scene *s, const struct seat *seat, int at,
                          const struct task_lines *tasks)
{
    static const int schools[] = {S1, S2, T1};
    uint32_t n = 0;
    for (int i = 0; i < 3; i++) {
        bool owner = allowed(seat, at, OP_TASK_READ, schools[i], CLASS_INTERNAL);
        bool shares = schools[i] == S1 && allowed(seat, at, OP_TASK_READ, X, CLASS_INTERNAL);
        if (owner || shares) {
            assert_true(tasks->list.items[n].unit == number_of(s, schools[i]));
            assert_true(tasks->list.items[n].shared == !owner);
            n++;
        }
    }
    assert_true(tasks->list.n == n);
}

/* Lists hold what the seat may see, all of it and nothing else. */
static void look_at_lists(struct scene *s, const struct seat *seat, int at)
{
    static const int schools[] = {S1, S2, T1};
    struct round_view v = s->report[CLASS_SEALED][WAITS].round;
    struct round_status st;
    struct task_lines tasks;
    struct reminders due;
    bool school = false;
    bool any = false;
    for (int i = 0; i < UNITS; i++) {
        bool sees = allowed(seat, at, OP_ROUND_READ, i, CLASS_INTERNAL);
        any |= sees;
        school |= sees && (i == S1 || i == S2 || i == T1);
    }
    bool asks = school || allowed(seat, at, OP_ROUND_READ, R, CLASS_INTERNAL);
    assert_int_equal(round_lines(&s->desk, &v, &st, NULL), asks ? RC_OK : RC_DENIED);
    /* The same roles, the same relations; who may look somewhere is told what is there: perhaps
     * nothing. */
    assert_int_equal(task_seen(&s->desk, &s->tasks, NONE, &tasks, NULL), any ? RC_OK : RC_DENIED);
    look_at_tasks(s, seat, at, &tasks);
    assert_int_equal(duty_remind(&s->desk, &s->seat.roster, 10, NONE, &due, NULL),
                     any ? RC_OK : RC_DENIED);
    if (!school) {
        return;
    }
    uint32_t n = 0;
    for (int i = 0; i < 3; i++) {
        bool sees = allowed(seat, at, OP_ROUND_READ, schools[i], CLASS_INTERNAL);
        assert_true(!sees || str_eq(st.lines[n].brief.unit, str_from_cstr(tree[schools[i]].code)));
        n += sees;
    }
    assert_true(st.n == n && v.n_units == n);
    for (uint32_t i = 0; i < due.list.n; i++) {
        int unit = unit_of(s, due.list.items[i].unit);
        assert_true(allowed(seat, at, OP_ROUND_READ, unit, CLASS_INTERNAL));
    }
    assert_true(due.list.n > 0);
}

static void test_lists(void **state)
{
    struct scene *s = scene(*state);
    int64_t before = end_of(s);
    each_seat(s, look_at_lists);
    assert_true(end_of(s) == before);
}

static void all_denied(struct scene *s)
{
    for (unsigned i = 0; i < CALLS * SEAT_CLASSES; i++) {
        s->class_ = i % SEAT_CLASSES;
        assert_int_equal(calls[i / SEAT_CLASSES].run(s), RC_DENIED);
    }
}

/* The best seats are worth nothing to who is not who he says. */
static void nobody(struct scene *s, const struct seat *seat, int at)
{
    struct seat_desk good = s->seat;
    if (seat->ceiling != CLASS_SEALED || (at != R && at != A && at != S1)) {
        return;
    }
    s->seat.stale = true;
    all_denied(s);
    s->seat = good;
    s->seat.actor = STR("");
    all_denied(s);
    s->seat = good;
    s->desk.actor = STR("user/other");
    all_denied(s);
    s->desk.actor = STR("user/u");
    s->seat.roster.users.items[0].closed = true;
    all_denied(s);
    s->seat.roster.users.items[0].closed = false;
    s->seat.roster.seats.items[0].term.to = date_add_days(TODAY, -1);
    all_denied(s);
}

static void test_nobody(void **state)
{
    struct scene *s = scene(*state);
    int64_t before = end_of(s);
    each_seat(s, nobody);
    assert_true(end_of(s) == before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_matrix),
        BOOK_TEST(test_lists),
        BOOK_TEST(test_nobody),
    };
    return BOOK_RUN(tests);
}

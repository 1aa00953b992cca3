/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users and seats on a book: the founding, separation of the administrators, hand-over by days, two
 * at once, login with slow-down, lock and codes. The clock is the test's.
 */
#include "app/seat/act.h"

#include "app/seat/login.h"
#include "app/seat/port.h"
#include "app/seat/ghost.h"
#include "app/seat/secret.h"
#include "app/seat/session.h"
#include "app/seat/token.h"
#include "app/seat/totp.h"
#include "base/buf.h"
#include "store/secret.h"
#include "store/units.h"
#include "tests/store/fixture.h"

#define S(text) str_from_cstr(text)
#define SECOND  1000000LL
#define DAY     (86400 * SECOND)
#define GOOD    "Kumis-9-lamp"

/* A book with units, three administrators who have changed their passwords, and some users. */
struct scene {
    struct book *b;
    int64_t now;
};

static struct seat_desk desk(struct scene *s)
{
    return (struct seat_desk){.a = &s->b->arena,
                              .store = s->b->store,
                              .reader = book_reader(s->b),
                              .cost = seat_cost_cheap(),
                              .now = s->now};
}

static struct str day_text(struct scene *s, int days)
{
    char text[DATE_TEXT_BYTES];
    struct seat_desk d = desk(s);
    return str_dup(d.a, date_text(date_add_days(seat_desk_today(&d), days), text));
}

static enum rc login_as(struct seat_desk *d, const char *user, const char *password, bool second)
{
    struct seat_typed typed = {.password = S(password)};
    struct seat_login got;
    return seat_login(d, S(user), &typed, second, &got, NULL);
}

/* A desk with the user at it; with "" a second one only where it is named. */
static struct seat_desk at(struct scene *s, const char *user, const char *second)
{
    struct seat_desk d = desk(s);
    assert_int_equal(login_as(&d, user, GOOD, false), RC_OK);
    assert_true(!*second || login_as(&d, second, GOOD, true) == RC_OK);
    return d;
}

/* The one-time password becomes the good one. */
static void settle(struct scene *s, const char *user, struct str once)
{
    struct seat_desk d = desk(s);
    struct seat_typed typed = {.password = once};
    struct seat_login got;
    BOOK_OK(s->b, seat_login(&d, S(user), &typed, false, &got, &s->b->e));
    assert_true(got.stale && d.stale);
    BOOK_OK(s->b, seat_user_password(&d, STR(GOOD), &s->b->e));
    assert_false(d.stale);
}

static void make_units(struct book *b)
{
    const struct unit_op ops[] = {
        {.act = UNIT_CREATE,
         .day = DATE_MIN,
         .code = STR("R"),
         .name = STR("区"),
         .kind = STR("省")},
        {.act = UNIT_CREATE,
         .day = DATE_MIN,
         .code = STR("A"),
         .name = STR("甲"),
         .kind = STR("市"),
         .parent = STR("R")},
        {.act = UNIT_CREATE,
         .day = DATE_MIN,
         .code = STR("B"),
         .name = STR("乙"),
         .kind = STR("市"),
         .parent = STR("R")},
        {.act = UNIT_CREATE,
         .day = DATE_MIN,
         .code = STR("A1"),
         .name = STR("甲一"),
         .kind = STR("校"),
         .parent = STR("A")},
        {.act = UNIT_CREATE,
         .day = DATE_MIN,
         .code = STR("A2"),
         .name = STR("甲二"),
         .kind = STR("校"),
         .parent = STR("A")},
    };
    struct store_commit words = {.token = STR("units"), .actor = STR("test")};
    struct store_receipt got;
    struct store_reader *r = book_reader(b);
    BOOK_OK(b, units_commit(&b->arena, b->store, r, ops, 5, &words, &got, &b->e));
}

static void add_user(struct scene *s, const char *id, const char *unit)
{
    struct seat_desk d = at(s, "sec", "");
    const struct seat_user u = {.id = S(id), .name = S(id), .unit = S(unit)};
    struct str once;
    BOOK_OK(s->b, seat_user_add(&d, &u, STR(""), &once, &s->b->e));
    settle(s, id, once);
}

static struct scene open_scene(struct book *b)
{
    struct scene s = {b, b->clock};
    struct seat_desk d = desk(&s);
    const struct str ids[] = {STR("sys"), STR("sec"), STR("aud")};
    struct str once[3];
    BOOK_OK(b, seat_found(&d, ids, once, &b->e));
    make_units(b);
    settle(&s, "sys", once[0]);
    settle(&s, "sec", once[1]);
    settle(&s, "aud", once[2]);
    add_user(&s, "li", "A");
    add_user(&s, "wu", "A");
    return s;
}

static struct seat seat_for(struct scene *s, const char *id, enum seat_role role, const char *unit,
                            const char *holder)
{
    struct seat_desk d = desk(s);
    return (struct seat){.id = S(id),
                         .role = role,
                         .unit = S(unit),
                         .ceiling = CLASS_SENSITIVE,
                         .term = {S(holder), seat_desk_today(&d), DATE_MAX}};
}

static enum rc give(struct scene *s, const char *by, const char *second, struct seat seat)
{
    struct seat_desk d = at(s, by, second);
    return seat_give(&d, &seat, STR("why"), NULL);
}

static enum rc hand(struct scene *s, const char *id, const char *to, int days)
{
    struct seat_desk d = at(s, "sec", "aud");
    const struct str duties[] = {STR("form/r1/A"), STR("key of the cabinet")};
    struct seat_term t = {S(to), date_add_days(seat_desk_today(&d), days), DATE_MAX};
    return seat_hand_over(&d, S(id), &t, duties, 2, STR("moved"), NULL);
}

static bool may_on(struct scene *s, int days, const char *user, enum seat_op op, const char *unit,
                   enum data_class class)
{
    struct seat_roster r;
    struct seat_desk d = desk(s);
    const struct seat_want want = {op, S(unit), class, 0};
    struct date day = date_add_days(seat_desk_today(&d), days);
    BOOK_OK(s->b, seat_roster_load(d.a, d.reader, INT64_MAX, day, &r, &s->b->e));
    return seat_may(&r, S(user), &want) != NULL;
}

/* "act actor note;" of the commits from the nth on. */
struct trail {
    struct buf text;
};

static enum rc on_event(void *ctx, const struct store_event *ev, const struct store_parcel *p,
                        struct err *e)
{
    struct trail *t = ctx;
    (void)p;
    (void)e;
    buf_printf(&t->text, "%.*s %.*s %.*s;", PS(ev->act), PS(ev->actor), PS(ev->note));
    return RC_OK;
}

static int64_t last_seq(struct scene *s)
{
    struct store_end end;
    struct store_reader *r = book_reader(s->b);
    BOOK_OK(s->b, store_end(&s->b->arena, r, &end, &s->b->e));
    return end.seq;
}

static struct str trail(struct scene *s, int64_t after)
{
    struct trail t;
    struct store_reader *r = book_reader(s->b);
    buf_init_in(&t.text, &s->b->arena, 65536);
    BOOK_OK(s->b, store_feed(r, after + 1, INT64_MAX, on_event, &t, &s->b->e));
    return buf_view(&t.text);
}

/* ---- the tests ------------------------------------------------------------------------------ */

static void test_founding(void **state)
{
    struct scene s = {*state, ((struct book *)*state)->clock};
    struct seat_desk d = desk(&s);
    const struct str ids[] = {STR("sys"), STR("sec"), STR("aud")};
    const struct str twice[] = {STR("sys"), STR("sec"), STR("sys")};
    const struct str bad[] = {STR("sys"), STR("Sec"), STR("aud")};
    struct str once[3];
    assert_int_equal(seat_found(&d, twice, once, NULL), RC_INPUT);
    assert_int_equal(seat_found(&d, bad, once, NULL), RC_INPUT);
    /* Nobody is there, and no password is known in advance. */
    static const char *const guesses[] = {"", "admin", "sys", "password"};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(login_as(&d, "sys", guesses[i], false), RC_DENIED);
    }
    BOOK_OK(s.b, seat_found(&d, ids, once, &s.b->e));
    assert_int_equal(seat_found(&d, ids, once, NULL), RC_CONFLICT);
    ASSERT_STR(trail(&s, 0), "user.found tizhi ;");
    /* DE1: with a password for one use nothing is done but changing it. */
    const struct seat_user u = {.id = STR("li"), .name = STR("li")};
    struct seat_typed typed = {.password = once[1]};
    struct seat_login got;
    struct str out;
    assert_int_equal(seat_user_add(&d, &u, STR(""), &out, NULL), RC_DENIED);
    BOOK_OK(s.b, seat_login(&d, STR("sec"), &typed, false, &got, &s.b->e));
    assert_int_equal(seat_user_add(&d, &u, STR(""), &out, NULL), RC_DENIED);
    assert_int_equal(seat_totp_offer(&d, &out, NULL), RC_DENIED);
    assert_false(seat_desk_may(&d, OP_USER_READ, STR(""), CLASS_PUBLIC));
    assert_int_equal(seat_user_password(&d, once[1], NULL), RC_INPUT);
    assert_int_equal(seat_user_password(&d, STR("short"), NULL), RC_INPUT);
    BOOK_OK(s.b, seat_user_password(&d, STR(GOOD), &s.b->e));
    assert_true(seat_desk_may(&d, OP_USER_READ, STR(""), CLASS_PUBLIC));
    BOOK_OK(s.b, seat_user_add(&d, &u, STR(""), &out, &s.b->e));
    assert_int_equal(seat_user_add(&d, &u, STR(""), &out, NULL), RC_CONFLICT);
}

/* AC1 to AC4: who is what, and what he is not. */
static void test_separation(void **state)
{
    struct scene s = open_scene(*state);
    int64_t before = last_seq(&s);
    BOOK_OK(s.b, give(&s, "sec", "", seat_for(&s, "a.fill", ROLE_FILLER, "A", "li")));
    ASSERT_STR(trail(&s, before), "seat.give user/sec why;");
    /* No administrator gets a seat, no holder of one becomes an administrator. */
    assert_int_equal(give(&s, "sec", "", seat_for(&s, "x", ROLE_FILLER, "A", "sys")), RC_CONFLICT);
    assert_int_equal(give(&s, "sec", "aud", seat_for(&s, "x", ROLE_AUDIT, "", "sys")), RC_CONFLICT);
    assert_int_equal(give(&s, "sec", "aud", seat_for(&s, "x", ROLE_AUDIT, "", "li")), RC_CONFLICT);
    /* Nobody gives to himself, and only the security administrator gives. */
    assert_int_equal(give(&s, "sec", "aud", seat_for(&s, "x", ROLE_SYSTEM, "", "sec")), RC_DENIED);
    static const char *const others[] = {"sys", "aud", "li", "wu"};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(give(&s, others[i], "", seat_for(&s, "x", ROLE_HEAD, "A", "wu")),
                         RC_DENIED);
    }
    /* AC4: not alone, not with himself, not with one who is no administrator. */
    struct seat deputy = seat_for(&s, "aud.2", ROLE_AUDIT, "", "wu");
    assert_int_equal(give(&s, "sec", "", deputy), RC_DENIED);
    assert_int_equal(give(&s, "sec", "sec", deputy), RC_DENIED);
    assert_int_equal(give(&s, "sec", "li", deputy), RC_DENIED);
    before = last_seq(&s);
    BOOK_OK(s.b, give(&s, "sec", "aud", deputy));
    ASSERT_STR(trail(&s, before), "seat.give user/sec [user/aud] why;");
    /* None of the three reads a fact. */
    static const char *const admins[] = {"sys", "sec", "aud", "wu"};
    for (int i = 0; i < 4; i++) {
        assert_false(may_on(&s, 0, admins[i], OP_FACT_READ, "A", CLASS_PUBLIC));
        assert_false(may_on(&s, 0, admins[i], OP_COUNT_READ, "", CLASS_PUBLIC));
    }
    assert_int_equal(give(&s, "sec", "", seat_for(&s, "y", ROLE_HEAD, "Q", "li")), RC_NOT_FOUND);
    assert_int_equal(give(&s, "sec", "", seat_for(&s, "y", ROLE_HEAD, "A", "no")), RC_NOT_FOUND);
    assert_int_equal(give(&s, "sec", "", seat_for(&s, "a.fill", ROLE_HEAD, "A", "li")),
                     RC_CONFLICT);
}

static void test_relations(void **state)
{
    struct scene s = open_scene(*state);
    BOOK_OK(s.b, give(&s, "sec", "", seat_for(&s, "a.rev", ROLE_REVIEWER, "A", "li")));
    assert_true(may_on(&s, 0, "li", OP_FACT_REVIEW, "A", CLASS_SENSITIVE));
    assert_false(may_on(&s, 0, "li", OP_FACT_REVIEW, "A", CLASS_SEALED));
    assert_false(may_on(&s, 0, "li", OP_FACT_REVIEW, "A1", CLASS_PUBLIC));
    assert_true(may_on(&s, 0, "li", OP_FACT_READ, "A1", CLASS_SENSITIVE));
    assert_false(may_on(&s, 0, "li", OP_FACT_REVIEW, "B", CLASS_PUBLIC));
    assert_true(may_on(&s, 0, "li", OP_VERDICT_READ, "B", CLASS_INTERNAL));
    assert_true(may_on(&s, 0, "li", OP_VERDICT_READ, "R", CLASS_INTERNAL));
    assert_false(may_on(&s, 0, "li", OP_FACT_READ, "A1", CLASS_SEALED));
    assert_false(may_on(&s, 0, "li", OP_FACT_READ, "nowhere", CLASS_INTERNAL));
    assert_false(may_on(&s, 0, "wu", OP_UNIT_READ, "A", CLASS_PUBLIC)); /* no seat */
    struct seat_roster r;
    struct seat_desk d = desk(&s);
    BOOK_OK(s.b, seat_roster_load(d.a, d.reader, INT64_MAX, seat_desk_today(&d), &r, &s.b->e));
    assert_int_equal(seat_relation_of(&r, STR(""), STR("R")), RELATION_OWN);
    assert_int_equal(seat_relation_of(&r, STR(""), STR("A1")), RELATION_CHILD);
    assert_int_equal(seat_relation_of(&r, STR("A1"), STR("")), RELATION_PARENT);
    assert_int_equal(seat_relation_of(&r, STR("A1"), STR("A2")), RELATION_SIBLING);
    assert_int_equal(seat_relation_of(&r, STR("A1"), STR("B")), RELATION_OTHER);
    assert_int_equal(seat_relation_of(&r, STR("B"), STR("A1")), RELATION_OTHER);
}

/* The callback of reporting. */
static void test_port(void **state)
{
    struct scene s = open_scene(*state);
    BOOK_OK(s.b, give(&s, "sec", "", seat_for(&s, "a.rev", ROLE_REVIEWER, "A", "li")));
    struct seat_desk d = at(&s, "li", "");
    const struct str li = STR("user/li");
    ASSERT_STR(seat_port_actor(&d), "user/li");
    assert_true(seat_port_may(&d, li, "report.approve", STR("A"), CLASS_INTERNAL));
    assert_true(seat_port_may(&d, li, "report.sign.reviewer", STR("A"), CLASS_INTERNAL));
    assert_false(seat_port_may(&d, li, "report.approve", STR("R"), CLASS_INTERNAL));
    assert_false(seat_port_may(&d, li, "report.save", STR("A"), CLASS_PUBLIC));
    assert_false(seat_port_may(&d, li, "report.forge", STR("A"), CLASS_PUBLIC)); /* PO1 */
    /* PO2 */
    assert_false(seat_port_may(&d, STR("user/wu"), "report.approve", STR("A"), CLASS_INTERNAL));
    assert_false(seat_port_may(&d, STR("li"), "report.approve", STR("A"), CLASS_INTERNAL));
    d.stale = true;
    assert_false(seat_port_may(&d, li, "report.approve", STR("A"), CLASS_INTERNAL));
    d = desk(&s);
    assert_false(seat_port_may(&d, STR("user/"), "report.approve", STR("A"), CLASS_INTERNAL));
}

static void test_hand_over(void **state)
{
    struct scene s = open_scene(*state);
    BOOK_OK(s.b, give(&s, "sec", "", seat_for(&s, "a.fill", ROLE_FILLER, "A", "li")));
    int64_t given = last_seq(&s);
    assert_int_equal(hand(&s, "a.fill", "wu", 0), RC_INPUT); /* li has begun today */
    assert_int_equal(hand(&s, "a.fill", "li", 5), RC_CONFLICT);
    assert_int_equal(hand(&s, "none", "wu", 5), RC_NOT_FOUND);
    BOOK_OK(s.b, hand(&s, "a.fill", "wu", 5));
    assert_int_equal(hand(&s, "a.fill", "li", 9), RC_CONFLICT); /* not yet in force */
    for (int day = 0; day < 10; day++) {
        assert_int_equal(may_on(&s, day, "li", OP_FACT_FILL, "A", CLASS_INTERNAL), day < 5);
        assert_int_equal(may_on(&s, day, "wu", OP_FACT_FILL, "A", CLASS_INTERNAL), day >= 5);
    }
    /* The new version names its predecessor and what was open. */
    struct seat_roster r;
    struct seat_desk d = desk(&s);
    BOOK_OK(s.b, seat_roster_load(d.a, d.reader, INT64_MAX, seat_desk_today(&d), &r, &s.b->e));
    const struct seat *got = seat_find(&r, STR("a.fill"));
    ASSERT_STR(got->before.holder, "li");
    assert_int_equal(got->before_seq, given);
    assert_int_equal(got->n_duties, 2);
    ASSERT_STR(got->duties[0], "form/r1/A");
    /* While he holds it he cannot be closed; after his last day he can. */
    d = at(&s, "sec", "");
    assert_int_equal(seat_user_close(&d, STR("li"), STR(""), NULL), RC_CONFLICT);
    s.now += 6 * DAY;
    s.b->clock += 6 * DAY;
    d = at(&s, "sec", "");
    BOOK_OK(s.b, seat_user_close(&d, STR("li"), STR("left"), &s.b->e));
    assert_int_equal(login_as(&d, "li", GOOD, false), RC_DENIED);
    assert_false(may_on(&s, -6, "li", OP_FACT_FILL, "A", CLASS_INTERNAL));
    /* The record is emptied. */
    struct secret secret;
    BOOK_OK(s.b, secret_get(d.a, d.reader, STR("user/li"), &secret, &s.b->e));
    assert_true(secret.body.n == 0 && secret.version > 0);
    ASSERT_STR(day_text(&s, 0), "2025-01-07");
}

/* AC5 */
static void test_last_admin(void **state)
{
    struct scene s = open_scene(*state);
    struct seat_desk d = at(&s, "sec", "sys");
    struct date today = seat_desk_today(&d);
    assert_int_equal(seat_end(&d, STR("audit"), today, STR(""), NULL), RC_CONFLICT);
    struct seat_term short_one = {STR("li"), date_add_days(today, 1), date_add_days(today, 9)};
    assert_int_equal(seat_hand_over(&d, STR("audit"), &short_one, NULL, 0, STR(""), NULL),
                     RC_CONFLICT);
    BOOK_OK(s.b, give(&s, "sec", "sys", seat_for(&s, "audit.2", ROLE_AUDIT, "", "li")));
    BOOK_OK(s.b, seat_end(&d, STR("audit"), today, STR("gone"), &s.b->e));
    assert_int_equal(seat_end(&d, STR("audit.2"), today, STR(""), NULL), RC_CONFLICT);
    assert_true(may_on(&s, 0, "aud", OP_LOG_READ, "A", CLASS_INTERNAL));
    assert_false(may_on(&s, 1, "aud", OP_LOG_READ, "A", CLASS_INTERNAL));
    /* At once: yesterday was the last day. */
    BOOK_OK(s.b, give(&s, "sec", "", seat_for(&s, "w", ROLE_HEAD, "A1", "wu")));
    assert_true(may_on(&s, 0, "wu", OP_FACT_SIGN, "A1", CLASS_INTERNAL));
    BOOK_OK(s.b, seat_end(&d, STR("w"), date_add_days(today, -1), STR(""), &s.b->e));
    assert_false(may_on(&s, 0, "wu", OP_FACT_SIGN, "A1", CLASS_INTERNAL));
}

/* AC3: the administrator of a part has no power over who sits higher. */
static void test_reach(void **state)
{
    struct scene s = open_scene(*state);
    struct seat part = seat_for(&s, "a.sec", ROLE_SECURITY, "A", "wu");
    struct str once;
    BOOK_OK(s.b, give(&s, "sec", "aud", part));
    BOOK_OK(s.b, give(&s, "sec", "", seat_for(&s, "r.lead", ROLE_LEADER, "R", "li")));
    struct seat_desk d = at(&s, "wu", "");
    assert_int_equal(seat_user_mend(&d, STR("li"), SEAT_RESET, STR(""), &once, NULL), RC_DENIED);
    assert_int_equal(seat_user_mend(&d, STR("sec"), SEAT_RESET, STR(""), &once, NULL), RC_DENIED);
    assert_int_equal(seat_user_mend(&d, STR("wu"), SEAT_UNLOCK, STR(""), &once, NULL), RC_DENIED);
    const struct seat_user u = {.id = STR("ma"), .name = STR("马"), .unit = STR("A2")};
    const struct seat_user v = {.id = STR("bo"), .name = STR("博"), .unit = STR("B")};
    BOOK_OK(s.b, seat_user_add(&d, &u, STR(""), &once, &s.b->e));
    assert_int_equal(seat_user_add(&d, &v, STR(""), &once, NULL), RC_DENIED);
    assert_int_equal(give(&s, "wu", "", seat_for(&s, "b.f", ROLE_FILLER, "B", "ma")), RC_DENIED);
    BOOK_OK(s.b, give(&s, "wu", "", seat_for(&s, "a2.f", ROLE_FILLER, "A2", "ma")));
    BOOK_OK(s.b, seat_user_mend(&d, STR("ma"), SEAT_RESET, STR("forgot"), &once, &s.b->e));
    /* AC4: the password of an administrator. */
    d = at(&s, "sec", "");
    assert_int_equal(seat_user_mend(&d, STR("aud"), SEAT_RESET, STR(""), &once, NULL), RC_DENIED);
    d = at(&s, "sec", "sys");
    BOOK_OK(s.b, seat_user_mend(&d, STR("aud"), SEAT_RESET, STR(""), &once, &s.b->e));
    assert_int_equal(login_as(&d, "aud", GOOD, false), RC_DENIED);
    s.now += SECOND;
    d = desk(&s);
    struct seat_typed typed = {.password = once};
    struct seat_login got;
    BOOK_OK(s.b, seat_login(&d, STR("aud"), &typed, false, &got, &s.b->e));
    assert_true(got.stale);
    /* The one before the reset is not taken again. */
    assert_int_equal(seat_user_password(&d, STR(GOOD), NULL), RC_INPUT);
}

/* Two acts that have looked at the same state: one is told. */
static void test_two_at_once(void **state)
{
    struct scene s = open_scene(*state);
    struct seat_desk d = at(&s, "sec", "aud");
    struct seat_desk_act slow = {.act = "seat.give"};
    struct seat seat = seat_for(&s, "a.fill", ROLE_FILLER, "A", "li");
    seat_desk_subject(&d, &slow, SEAT_PREFIX, seat.id);
    seat_desk_subject(&d, &slow, SEAT_USER_PREFIX, STR("li"));
    BOOK_OK(s.b, seat_desk_begin(&d, &slow, &s.b->e));
    /* Meanwhile li becomes an administrator. */
    BOOK_OK(s.b, give(&s, "sec", "aud", seat_for(&s, "sys.2", ROLE_SYSTEM, "", "li")));
    slow.docs[slow.n_docs++] = seat_parcel(d.a, &seat);
    assert_int_equal(seat_desk_commit(&d, &slow, "", NULL), RC_CONFLICT);
}

/* Whether the session still holds `seconds` from now on. */
static bool holds(struct scene *s, const char *user, struct str token, int64_t seconds)
{
    struct seat_desk d = desk(s);
    d.now += seconds * SECOND;
    enum rc rc = seat_session_resume(&d, S(user), token, NULL);
    assert_true(rc == RC_OK || rc == RC_DENIED);
    assert_true(str_eq(d.actor, rc == RC_OK ? S(user) : STR("")));
    return rc == RC_OK;
}

static struct str session_of(struct scene *s, const char *user)
{
    struct seat_desk d = at(s, user, "");
    struct str token;
    BOOK_OK(s->b, seat_session_begin(&d, &token, &s->b->e));
    assert_int_equal(token.n, SEAT_TOKEN_TEXT);
    return token;
}

/* SS2: each way a session ends. */
static void test_session(void **state)
{
    struct scene s = open_scene(*state);
    struct seat_desk d = desk(&s);
    struct str token = STR("");
    assert_int_equal(seat_session_begin(&d, &token, NULL), RC_DENIED);
    token = session_of(&s, "li");
    assert_true(holds(&s, "li", token, -60) && !holds(&s, "li", token, -61));
    assert_false(holds(&s, "wu", token, 0) || holds(&s, "no", token, 0));
    assert_false(holds(&s, "li", STR(""), 0) || holds(&s, "li", str_sub(token, 1, token.n), 0));
    /* Idle: used at the last moment it goes on, a second later it is over for good. */
    assert_false(holds(&s, "li", token, 1800));
    for (int64_t at = 1799; at < 36000; at += 1799) {
        assert_true(holds(&s, "li", token, at));
    }
    assert_true(holds(&s, "li", token, 35999));
    assert_false(holds(&s, "li", token, 36000));
    /* Each of eight holds; the ninth ends the first, and what has ended gives way before. */
    struct str tokens[SEAT_SESSIONS + 1];
    for (uint32_t i = 0; i <= SEAT_SESSIONS; i++) {
        tokens[i] = session_of(&s, "wu");
    }
    for (uint32_t i = 0; i <= SEAT_SESSIONS; i++) {
        assert_int_equal(holds(&s, "wu", tokens[i], 0), i > 0);
    }
    d = desk(&s);
    BOOK_OK(s.b, seat_session_end(&d, STR("wu"), tokens[1], &s.b->e));
    BOOK_OK(s.b, seat_session_end(&d, STR("wu"), tokens[1], &s.b->e));
    assert_true(!holds(&s, "wu", tokens[1], 0) && holds(&s, "wu", tokens[2], 0));
    /* A wrong try ends nothing, the lock does, and with it goes every one of them. */
    for (int i = 0; i < SEAT_TRIES; i++) {
        assert_true(holds(&s, "wu", tokens[2], 0));
        assert_int_equal(login_as(&d, "wu", "wrong", false), RC_DENIED);
        d.now += 8 * SECOND;
    }
    assert_false(holds(&s, "wu", tokens[2], 0) || holds(&s, "wu", tokens[8], 0));
}

/* SC3: what renews or empties the record. */
static void test_session_of_user(void **state)
{
    struct scene s = open_scene(*state);
    struct seat_desk d = at(&s, "sec", "");
    struct str once;
    struct str token = session_of(&s, "li");
    BOOK_OK(s.b, seat_user_mend(&d, STR("li"), SEAT_UNLOCK, STR(""), &once, &s.b->e));
    assert_true(holds(&s, "li", token, 0));
    BOOK_OK(s.b, seat_user_mend(&d, STR("li"), SEAT_NO_TOTP, STR(""), &once, &s.b->e));
    assert_false(holds(&s, "li", token, 0));
    token = session_of(&s, "li");
    BOOK_OK(s.b, seat_user_mend(&d, STR("li"), SEAT_RESET, STR(""), &once, &s.b->e));
    assert_false(holds(&s, "li", token, 0));
    /* With a password for one use there is none. */
    struct seat_desk own = desk(&s);
    struct seat_typed typed = {.password = once};
    struct seat_login got;
    BOOK_OK(s.b, seat_login(&own, STR("li"), &typed, false, &got, &s.b->e));
    assert_int_equal(seat_session_begin(&own, &token, NULL), RC_DENIED);
    token = session_of(&s, "wu");
    BOOK_OK(s.b, seat_user_close(&d, STR("wu"), STR(""), &s.b->e));
    assert_false(holds(&s, "wu", token, 0));
    BOOK_OK(s.b, seat_user_reopen(&d, STR("wu"), STR(""), &once, &s.b->e));
    assert_false(holds(&s, "wu", token, 0));
}

/* LO1, LO2, SC1 */
static void test_lock(void **state)
{
    struct scene s = open_scene(*state);
    static const int waits_s[] = {1, 2, 4, 8, 1800};
    struct seat_desk d = desk(&s);
    int64_t before = last_seq(&s);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(login_as(&d, "li", "wrong", false), RC_DENIED);
        /* The right one is not even looked at, and nothing is counted. */
        d.now += waits_s[i] * SECOND - 1;
        assert_int_equal(login_as(&d, "li", GOOD, false), RC_DENIED);
        d.now += i < 4 ? 1 : 0;
    }
    ASSERT_STR(trail(&s, before), "user.locked tizhi 5;");
    ASSERT_STR(d.actor, "");
    d.now += 1;
    struct seat_typed typed = {.password = STR(GOOD)};
    struct seat_login got;
    BOOK_OK(s.b, seat_login(&d, STR("li"), &typed, false, &got, &s.b->e));
    assert_int_equal(got.failures, 5);
    before = last_seq(&s);
    BOOK_OK(s.b, seat_login_record(&d, &got, &s.b->e));
    ASSERT_STR(trail(&s, before), "user.login user/li 5;");
    /* The count is taken back. An administrator can take it back, too. */
    for (int i = 0; i < 5; i++) {
        assert_int_equal(login_as(&d, "li", "wrong", false), RC_DENIED);
        d.now += waits_s[i] * SECOND - (i == 4 ? 1 : 0);
    }
    assert_int_equal(login_as(&d, "li", GOOD, false), RC_DENIED);
    struct seat_desk admin = at(&s, "sec", "");
    struct str none = STR("");
    BOOK_OK(s.b, seat_user_mend(&admin, STR("li"), SEAT_UNLOCK, STR(""), &none, &s.b->e));
    BOOK_OK(s.b, login_as(&d, "li", GOOD, false));
    assert_int_equal(login_as(&d, "nobody", GOOD, false), RC_DENIED);
}

static struct str code_at(struct scene *s, struct str secret, int64_t now)
{
    uint8_t key[SEAT_TOTP_KEY];
    uint32_t n = 0;
    uint32_t code = 0;
    assert_true(seat_base32_read(secret, key, sizeof key, &n));
    assert_true(seat_hotp(key, n, (uint64_t)(now / SECOND / SEAT_TOTP_S), 6, &code));
    return S(book_text(s->b, "%06u", code));
}

static enum rc login_code(struct seat_desk *d, const char *user, struct str code)
{
    struct seat_typed typed = {.password = STR(GOOD), .code = code};
    struct seat_login got;
    return seat_login(d, S(user), &typed, false, &got, NULL);
}

static void test_totp(void **state)
{
    struct scene s = open_scene(*state);
    struct seat_desk d = at(&s, "li", "");
    struct str secret;
    assert_int_equal(seat_totp_prove(&d, STR("000000"), NULL), RC_CONFLICT);
    BOOK_OK(s.b, seat_totp_offer(&d, &secret, &s.b->e));
    BOOK_OK(s.b, login_as(&d, "li", GOOD, false)); /* offered is not yet asked for */
    assert_int_equal(seat_totp_prove(&d, STR("12345"), NULL), RC_INPUT);
    BOOK_OK(s.b, seat_totp_prove(&d, code_at(&s, secret, d.now), &s.b->e));
    assert_int_equal(login_as(&d, "li", GOOD, false), RC_DENIED);
    d.now += 60 * SECOND;
    struct str code = code_at(&s, secret, d.now);
    BOOK_OK(s.b, login_code(&d, "li", code));
    assert_int_equal(login_code(&d, "li", code), RC_DENIED); /* TP2 */
    d.now += 60 * SECOND;
    BOOK_OK(s.b, login_code(&d, "li", code_at(&s, secret, d.now)));
    /* The telephone is lost. */
    struct seat_desk admin = at(&s, "sec", "");
    struct str none = STR("");
    BOOK_OK(s.b, seat_user_mend(&admin, STR("li"), SEAT_NO_TOTP, STR(""), &none, &s.b->e));
    BOOK_OK(s.b, login_as(&d, "li", GOOD, false));
}

static void test_passwords(void **state)
{
    struct scene s = open_scene(*state);
    struct seat_desk d = at(&s, "li", "");
    struct seat_login got;
    struct seat_typed typed = {.password = STR(GOOD)};
    assert_int_equal(seat_user_password(&d, STR(GOOD), NULL), RC_INPUT); /* the present one */
    for (int i = 0; i < 5; i++) {
        struct str next = S(book_text(s.b, "Kumis-%d-lamp!", i));
        BOOK_OK(s.b, seat_user_password(&d, next, &s.b->e));
        assert_int_equal(seat_user_password(&d, STR(GOOD), NULL), RC_INPUT);
    }
    BOOK_OK(s.b, seat_user_password(&d, STR("Kumis-5-lamp!"), &s.b->e));
    BOOK_OK(s.b, seat_user_password(&d, STR(GOOD), &s.b->e));
    /* It ages. */
    d.now += (SEAT_PASS_DAYS - 1) * DAY;
    BOOK_OK(s.b, seat_login(&d, STR("li"), &typed, false, &got, &s.b->e));
    assert_false(got.stale);
    d.now += DAY;
    BOOK_OK(s.b, seat_login(&d, STR("li"), &typed, false, &got, &s.b->e));
    assert_true(got.stale);
    /* A cheap hash is worth nothing in service. */
    d.cost = seat_cost_full();
    assert_int_equal(login_as(&d, "li", GOOD, false), RC_DENIED);
}

static void test_reopen(void **state)
{
    struct scene s = open_scene(*state);
    struct seat_desk d = at(&s, "sec", "");
    struct str once;
    assert_int_equal(seat_user_reopen(&d, STR("li"), STR(""), &once, NULL), RC_CONFLICT);
    BOOK_OK(s.b, seat_user_close(&d, STR("li"), STR(""), &s.b->e));
    assert_int_equal(seat_user_close(&d, STR("li"), STR(""), NULL), RC_CONFLICT);
    assert_int_equal(give(&s, "sec", "", seat_for(&s, "x", ROLE_HEAD, "A", "li")), RC_NOT_FOUND);
    BOOK_OK(s.b, seat_user_reopen(&d, STR("li"), STR(""), &once, &s.b->e));
    assert_int_equal(login_as(&d, "li", GOOD, false), RC_DENIED);
    s.now += 2 * SECOND;
    settle(&s, "li", once);
    assert_int_equal(seat_user_close(&d, STR("nobody"), STR(""), NULL), RC_NOT_FOUND);
}

/* ---- tokens --------------------------------------------------------------------------------- */

static struct str token_of(struct scene *s, const char *user, const char *ops, const char *unit)
{
    struct seat_desk d = at(s, user, "");
    struct seat_token want = {.name = STR("bot"), .until = date_add_days(seat_desk_today(&d), 10)};
    struct str text;
    BOOK_OK(s->b, seat_scope_read(S(ops), &want.scope, &s->b->e));
    if (*unit) {
        BOOK_OK(s->b, seat_scope_unit(d.a, &d.roster, S(unit), &want.scope, &s->b->e));
    }
    BOOK_OK(s->b, seat_token_add(&d, &want, &text, &s->b->e));
    return text;
}

/* A desk with the token at it; actor "": it does not hold. */
static struct seat_desk with_token(struct scene *s, struct str text)
{
    struct seat_desk d = desk(s);
    enum rc rc = seat_token_resume(&d, text, NULL);
    assert_true(rc == RC_OK ? d.actor.n > 0 && d.scope != NULL : rc == RC_DENIED && d.actor.n == 0);
    return d;
}

static bool token_holds(struct scene *s, struct str text)
{
    return with_token(s, text).actor.n > 0;
}

static bool token_may(struct scene *s, struct str text, enum seat_op op, const char *unit)
{
    struct seat_desk d = with_token(s, text);
    return seat_desk_may(&d, op, S(unit), CLASS_INTERNAL);
}

/* DE4: scope and seats, each alone and both; TO4. */
static void test_token(void **state)
{
    struct scene s = open_scene(*state);
    struct seat_token want = {.name = STR("more"), .scope = {1, STR("")}};
    struct str none;
    struct str text = token_of(&s, "li", "fact.read round.read", "A1");
    assert_false(token_may(&s, text, OP_FACT_READ, "A1")); /* he has no seat yet */
    BOOK_OK(s.b, give(&s, "sec", "", seat_for(&s, "a.rev", ROLE_REVIEWER, "A", "li")));
    assert_true(token_may(&s, text, OP_FACT_READ, "A1"));
    assert_false(token_may(&s, text, OP_FACT_READ, "A2")); /* not its unit */
    assert_false(token_may(&s, text, OP_FACT_READ, "A"));
    assert_false(token_may(&s, text, OP_VERDICT_READ, "A1")); /* not its operation */
    assert_false(token_may(&s, text, OP_FACT_FILL, "A1"));    /* nor his */
    struct seat_desk d = with_token(&s, text);
    assert_int_equal(seat_desk_need(&d, OP_VERDICT_READ, STR("A1"), CLASS_PUBLIC, NULL), RC_DENIED);
    want.until = seat_desk_today(&d);
    assert_int_equal(seat_token_add(&d, &want, &none, NULL), RC_DENIED);
    assert_int_equal(seat_token_end(&d, STR("bot"), NULL), RC_DENIED);
    /* It is nobody's secret but of who has it. */
    for (uint32_t i = 0; i < text.n; i++) {
        assert_false(token_holds(&s, str_sub(text, 0, i)));
    }
    assert_false(token_holds(&s, str_cat(d.a, str_sub(text, 0, text.n - 2), STR("wu"))));
    assert_true(token_holds(&s, text));
    struct seat_desk admin = at(&s, "sec", "");
    struct date yesterday = date_add_days(seat_desk_today(&admin), -1);
    BOOK_OK(s.b, seat_end(&admin, STR("a.rev"), yesterday, STR(""), &s.b->e));
    assert_true(token_holds(&s, text) && !token_may(&s, text, OP_FACT_READ, "A1"));
}

/* TO2, SC3: each way it ends, and what does not end it. */
static void test_token_ends(void **state)
{
    struct scene s = open_scene(*state);
    struct str once;
    struct str text = token_of(&s, "li", "unit.read", "");
    s.now += 10 * DAY;
    assert_true(token_holds(&s, text));
    s.now += DAY;
    assert_false(token_holds(&s, text));
    s.now -= 11 * DAY;
    struct seat_desk own = at(&s, "li", "");
    struct seat_token again = {.name = STR("bot"), .until = seat_desk_today(&own)};
    again.scope.ops = 1;
    assert_int_equal(seat_token_add(&own, &again, &once, NULL), RC_CONFLICT);
    again.name = STR("late");
    again.until = date_add_days(again.until, SEAT_TOKEN_DAYS + 1);
    assert_int_equal(seat_token_add(&own, &again, &once, NULL), RC_INPUT);
    BOOK_OK(s.b, seat_user_password(&own, STR("Airag-8-bowl"), &s.b->e));
    assert_true(token_holds(&s, text));
    for (int i = 0; i < SEAT_TRIES; i++) { /* refused while locked, and good again */
        own.now += 8 * SECOND;
        assert_int_equal(login_as(&own, "li", "wrong", false), RC_DENIED);
    }
    s.now = own.now;
    assert_false(token_holds(&s, text));
    s.now += 1800 * SECOND;
    assert_true(token_holds(&s, text));
    struct seat_desk d = at(&s, "sec", "");
    BOOK_OK(s.b, seat_user_mend(&d, STR("li"), SEAT_LOCK, STR(""), &once, &s.b->e));
    assert_false(token_holds(&s, text));
    assert_int_equal(login_as(&own, "li", "Airag-8-bowl", false), RC_DENIED);
    own.now += 400 * DAY;
    assert_int_equal(login_as(&own, "li", "Airag-8-bowl", false), RC_DENIED); /* SC4 */
    own.now = s.now;
    BOOK_OK(s.b, seat_user_mend(&d, STR("li"), SEAT_UNLOCK, STR(""), &once, &s.b->e));
    assert_false(token_holds(&s, text));
    BOOK_OK(s.b, login_as(&own, "li", "Airag-8-bowl", false));
    text = token_of(&s, "wu", "unit.read", "");
    BOOK_OK(s.b, seat_user_mend(&d, STR("wu"), SEAT_UNLOCK, STR(""), &once, &s.b->e));
    assert_true(token_holds(&s, text));
    assert_int_equal(seat_user_end(&d, STR("wu"), SEAT_END_TOKENS, STR("x"), STR(""), NULL),
                     RC_NOT_FOUND);
    BOOK_OK(s.b, seat_user_end(&d, STR("wu"), SEAT_END_TOKENS, STR("bot"), STR(""), &s.b->e));
    assert_false(token_holds(&s, text));
    text = token_of(&s, "wu", "unit.read", "");
    BOOK_OK(s.b, seat_user_mend(&d, STR("wu"), SEAT_RESET, STR(""), &once, &s.b->e));
    assert_false(token_holds(&s, text));
}

/* SO1 */
static void test_scope(void **state)
{
    struct scene s = open_scene(*state);
    static const char *const bad[] = {"", " ", "user.set", "seat.set", "fact.read user.set", "x"};
    struct seat_desk d = at(&s, "li", "");
    struct seat_scope scope = {0};
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(seat_scope_read(S(bad[i]), &scope, NULL), RC_INPUT);
    }
    BOOK_OK(s.b, seat_scope_read(STR(" log.read  fact.read"), &scope, &s.b->e));
    ASSERT_STR(seat_scope_words(d.a, &scope), "fact.read log.read");
    assert_int_equal(seat_scope_unit(d.a, &d.roster, STR("Q"), &scope, NULL), RC_NOT_FOUND);
    for (uint32_t i = 0; i < SEAT_SCOPE_UNITS; i++) {
        BOOK_OK(s.b, seat_scope_unit(d.a, &d.roster, STR("A"), &scope, &s.b->e));
    }
    assert_int_equal(seat_scope_unit(d.a, &d.roster, STR("A"), &scope, NULL), RC_LIMIT);
    assert_true(seat_scope_allows(&scope, &d.roster, OP_FACT_READ, STR("A2")));
    assert_false(seat_scope_allows(&scope, &d.roster, OP_FACT_READ, STR("B")));
    assert_false(seat_scope_allows(&scope, &d.roster, OP_FACT_READ, STR("")));
}

/* ---- devices, and nobody -------------------------------------------------------------------- */

static void test_devices(void **state)
{
    struct scene s = open_scene(*state);
    struct seat_sessions list;
    struct seat_desk d = at(&s, "li", "");
    struct str token = STR("");
    for (int i = 0; i < 3; i++) {
        d.device = (struct seat_device){S(book_text(s.b, "10.0.0.%d", i)), STR("Firefox/Linux")};
        BOOK_OK(s.b, seat_session_begin(&d, &token, &s.b->e));
    }
    BOOK_OK(s.b, seat_session_list(&d, STR("li"), &list, &s.b->e));
    assert_int_equal(list.n, 3);
    ASSERT_STR(list.list[1].at.address, "10.0.0.1");
    struct str id = str_sub(list.list[0].hash, 0, SEAT_SESSION_ID);
    assert_int_equal(seat_session_drop(&d, STR("li"), str_sub(id, 0, 3), NULL), RC_NOT_FOUND);
    BOOK_OK(s.b, seat_session_drop(&d, STR("li"), id, &s.b->e));
    assert_int_equal(seat_session_drop(&d, STR("li"), id, NULL), RC_NOT_FOUND);
    BOOK_OK(s.b, seat_session_drop(&d, STR("li"), STR(""), &s.b->e)); /* all but his own */
    BOOK_OK(s.b, seat_session_list(&d, STR("li"), &list, &s.b->e));
    assert_int_equal(list.n, 1);
    ASSERT_STR(list.list[0].at.address, "10.0.0.2");
    assert_true(holds(&s, "li", token, 0));
    struct seat_desk admin = at(&s, "sec", "");
    BOOK_OK(s.b, seat_user_end(&admin, STR("li"), SEAT_END_SESSIONS, STR(""), STR(""), &s.b->e));
    assert_false(holds(&s, "li", token, 0));
}

/* LO1: who is no user waits like one. */
static void test_ghosts(void **state)
{
    struct scene s = open_scene(*state);
    static const int waits_s[] = {0, 1, 1, 3, 7, 1799};
    struct err e[2];
    struct seat_desk d = desk(&s);
    d.ghosts = seat_ghosts_new(d.a);
    for (uint32_t i = 0; i < sizeof waits_s / sizeof waits_s[0]; i++) {
        static const char *const who[] = {"li", "ghost"};
        for (int round = 0; round < 2; round++) { /* the second one comes too early */
            for (int k = 0; k < 2; k++) {
                struct seat_typed typed = {.password = STR("wrong")};
                struct seat_login got;
                err_clear(&e[k]);
                assert_int_equal(seat_login(&d, S(who[k]), &typed, false, &got, &e[k]), RC_DENIED);
            }
            assert_string_equal(e[0].primary_en, e[1].primary_en);
        }
        d.now += (waits_s[i] + 1) * SECOND;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_founding),
        BOOK_TEST(test_separation),
        BOOK_TEST(test_relations),
        BOOK_TEST(test_session),
        BOOK_TEST(test_session_of_user),
        BOOK_TEST(test_hand_over),
        BOOK_TEST(test_last_admin),
        BOOK_TEST(test_reach),
        BOOK_TEST(test_lock),
        BOOK_TEST(test_two_at_once),
        BOOK_TEST(test_totp),
        BOOK_TEST(test_passwords),
        BOOK_TEST(test_reopen),
        BOOK_TEST(test_token),
        BOOK_TEST(test_token_ends),
        BOOK_TEST(test_scope),
        BOOK_TEST(test_devices),
        BOOK_TEST(test_ghosts),
        BOOK_TEST(test_port),
    };
    return BOOK_RUN(tests);
}

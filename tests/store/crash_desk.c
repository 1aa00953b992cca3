/* SPDX-License-Identifier: Apache-2.0 */
/* People at work, and what must hold of their work after a crash. */
#include "tests/store/crash_desk.h"

#include <stdio.h>
#include <time.h>

#include "app/register/desk.h"
#include "app/report/desk.h"
#include "app/seat/act.h"
#include "app/seat/secret.h"
#include "lang/diag.h"
#include "lang/lang.h"
#include "store/units.h"
#include "tests/lib/tmpdir.h"

#define S(text)    str_from_cstr(text)
#define TODAY      ((struct date){20089}) /* 2025-01-01, as the clock of the fixture */
#define NOW        1735660800000000LL
#define TIERS      2
#define ROWS       40 /* of the register */
#define WORK_BYTES (1UL << 28)
#define BOSS       "boss" /* who adds users */

static const char plan_text[] =
    "计划 p { 年度 2024 至 2026 }\n层级 省 > 县 > 学校\n"
    "对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0 数据 教师 : 人 每年 小数 0 }\n"
    "报表 F1 基本 { 对象 学校 每年 项 学生, 教师 截止 10-15 }\n"
    "台账 培训 属于 学校 { 字段 教师 : 文本 键 字段 学时 : 学时 }\n"
    "校验 K1 师生 { 对象 学校 教师 不超过 学生 硬性 提示 \"教师多于学生\" }\n";

struct desk_plan {
    struct lang lang;
};

static bool may(void *ctx, struct str actor, const char *operation, struct str unit,
                enum data_class class_)
{
    (void)ctx;
    (void)actor;
    (void)operation;
    (void)unit;
    (void)class_;
    return true;
}

const struct desk_plan *desk_plan_make(struct book *b)
{
    struct desk_plan *p = ARENA_NEW(&b->arena, struct desk_plan);
    struct diags ds;
    diags_init(&ds, &b->arena, NULL);
    (void)tmpdir_write(&b->arena, b->dir, "pack/a.plan", S(plan_text));
    BOOK_OK(b, lang_open(&b->arena, book_text(b, "%s/pack", b->dir), &ds, &p->lang, &b->e));
    return p;
}

static enum rc sit(struct arena *a, struct store *s, struct store_reader *r,
                   const struct desk_plan *p, const char *who, struct desk *out)
{
    *out = (struct desk){.a = a,
                         .store = s,
                         .reader = r,
                         .plan = p->lang.plan,
                         .actor = S(who),
                         .today = TODAY,
                         .may = may};
    return desk_open(out, NULL);
}

/* ---- beginning ------------------------------------------------------------------------------ */

static void add_units(struct book *b)
{
    struct unit_op ops[2 + DESK_CLERKS];
    struct store_receipt got;
    const struct store_commit words = {.token = STR("units"), .actor = STR("root")};
    const char *parents[] = {"", "R"};
    const char *kinds[] = {"省", "县"};
    const char *codes[] = {"R", "D"};
    for (uint32_t i = 0; i < 2 + DESK_CLERKS; i++) {
        bool school = i >= 2;
        ops[i] = (struct unit_op){.act = UNIT_CREATE,
                                  .day = DATE_MIN,
                                  .code = S(school ? book_text(b, "S%u", i - 2) : codes[i]),
                                  .kind = S(school ? "学校" : kinds[i]),
                                  .parent = S(school ? "D" : parents[i])};
        ops[i].name = ops[i].code;
    }
    BOOK_OK(b, units_commit(&b->arena, b->store, book_reader(b), ops, 2 + DESK_CLERKS, &words, &got,
                            &b->e));
}

static struct seat_desk admin(struct arena *a, struct store *s, struct store_reader *r)
{
    return (struct seat_desk){
        .a = a, .store = s, .reader = r, .cost = seat_cost_cheap(), .now = NOW, .actor = STR(BOSS)};
}

void desk_setup(struct book *b, const struct desk_plan *p)
{
    struct desk d;
    struct round_view v;
    struct str once[SEAT_ADMINS];
    const struct str three[SEAT_ADMINS] = {STR("sys"), STR(BOSS), STR("aud")};
    struct seat_desk sd = admin(&b->arena, b->store, book_reader(b));
    const struct round_wish wish = {.id = STR("R1"),
                                    .form = STR("F1"),
                                    .period = STR("2025"),
                                    .due = STR("2025-10-15"),
                                    .minutes = 2};
    add_units(b);
    BOOK_OK(b, sit(&b->arena, b->store, book_reader(b), p, "issuer", &d));
    BOOK_OK(b, round_try(&d, &wish, &v, &b->e));
    BOOK_OK(b, round_open(&d, &v, &b->e));
    sd.actor = STR("");
    BOOK_OK(b, seat_found(&sd, three, once, &b->e));
}

/* ---- working -------------------------------------------------------------------------------- */

static void set_figures(struct report *r, uint32_t n)
{
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        r->cells[i] = (struct value){.has = true, .num = rat_int(n)};
    }
}

/* What comes next for a form as it stands; the figures change from version to version. */
static enum report_act_kind next_act(struct report *r, uint32_t id)
{
    const struct submission *x = &r->doc;
    uint32_t n = (uint32_t)(r->seen * 7 + id + 10);
    uint32_t wanted = x->version > 1 ? 1 : 0;
    switch (x->state) {
    case REPORT_DRAFT:
    case REPORT_RETURNED:
        if (x->last.act == ACT_SAVE || x->last.act == ACT_SIGN) {
            return x->signatures.list.n < wanted ? ACT_SIGN : ACT_SUBMIT;
        }
        set_figures(r, n);
        return ACT_SAVE;
    case REPORT_SUBMITTED:
        return r->seen % 5 == 0 ? ACT_RETURN : ACT_APPROVE;
    case REPORT_ACCEPTED:
    case REPORT_LOCKED:
        return ACT_CORRECT;
    case REPORT_NONE:
    case REPORT__STATES:
        break;
    }
    set_figures(r, n);
    return ACT_SAVE;
}

/* Nobody decides on what he filled in, nor twice. */
static const char *actor_of(enum report_act_kind act, const struct report *r)
{
    static const char *const tiers[TIERS] = {"revD", "revR"};
    if (act == ACT_SIGN) {
        return "signer";
    }
    bool decides = act == ACT_APPROVE || act == ACT_RETURN;
    return decides ? tiers[r->doc.at < TIERS ? r->doc.at : TIERS - 1] : "clerk";
}

static enum rc report_some(struct arena *a, struct store_reader *reader,
                           const struct desk_worker *w, int64_t *seq)
{
    struct desk d;
    struct report r;
    struct report_findings found = {0};
    struct report_words words = {.seen = REPORT_JUST_READ, .cause = STR("crash")};
    char unit[16];
    (void)snprintf(unit, sizeof unit, "S%u", w->id);
    TRY(sit(a, w->store, reader, w->plan, "clerk", &d));
    TRY(report_open(&d, STR("R1"), S(unit), &r, NULL));
    enum report_act_kind act = next_act(&r, w->id);
    d.actor = S(actor_of(act, &r));
    vec_push(a, &words.cells.list, (struct report_note){.about = STR("学生"), .text = STR("x")});
    TRY(report_do(&d, &r, act, words, &found, NULL));
    *seq = r.seen;
    return RC_OK;
}

static enum rc add_user(struct arena *a, struct store_reader *reader, const struct desk_worker *w,
                        int64_t *seq)
{
    struct seat_desk d = admin(a, w->store, reader);
    struct str once;
    char id[64];
    struct seat_user u = {.name = STR("somebody")};
    struct store_end end;
    TRY(store_end(a, reader, &end, NULL));
    (void)snprintf(id, sizeof id, "u%u.%lld", w->round, (long long)end.seq);
    u.id = S(id);
    TRY(seat_user_add(&d, &u, STR(""), &once, NULL));
    return store_head(reader, str_cat(a, STR(SEAT_USER_PREFIX), u.id), seq, NULL);
}

/* A row that is new, or is there and stands: then it is changed. */
static enum rc keep_row(struct desk *d, struct register_view *v, int64_t n)
{
    struct problems problems = {0};
    struct report_findings found = {0};
    struct register_lines lines;
    char id[16];
    char csv[256];
    (void)snprintf(id, sizeof id, "r%u", (uint32_t)(n % ROWS));
    (void)snprintf(csv, sizeof csv, "教师,学时,日期\nt%u,%u,2024-03-01\n", (uint32_t)(n % ROWS),
                   (uint32_t)(n % 200));
    const struct register_words words = {.id = S(id),
                                         .fresh = !map_get(&v->index, S(id), NULL),
                                         .day = DATE_MIN,
                                         .seen = REPORT_JUST_READ,
                                         .cause = STR("crash")};
    TRY(register_read_text(d, v, "rows", S(csv), words, &lines, &problems, &found, NULL));
    return register_keep(d, v, &lines, &found, NULL);
}

/* The first row that waits for something. */
static const struct entry *waiting(const struct register_view *v)
{
    for (uint32_t i = 0; i < v->rows.n; i++) {
        enum entry_state s = v->rows.items[i].doc.state;
        if (s == ENTRY_DRAFT || s == ENTRY_SUBMITTED || s == ENTRY_RETURNED) {
            return &v->rows.items[i];
        }
    }
    return NULL;
}

/* The tier whose turn it is says so by not refusing. */
static enum rc review_row(struct desk *d, struct register_view *v, const struct entry *x)
{
    static const char *const tiers[TIERS] = {"revD", "revR"};
    struct report_findings found = {0};
    uint32_t n = 0;
    const struct register_filing f = {
        .ids = &x->id, .n_ids = 1, .cause = STR("crash"), .seen = REPORT_JUST_READ};
    if (x->doc.state != ENTRY_SUBMITTED) {
        return register_file(d, v, ACT_SUBMIT, &f, &n, &found, NULL);
    }
    enum rc rc = RC_DENIED;
    for (uint32_t t = 0; t < TIERS && rc != RC_OK; t++) {
        d->actor = S(tiers[t]);
        rc = register_file(d, v, ACT_APPROVE, &f, &n, &found, NULL);
    }
    return rc;
}

static enum rc register_some(struct arena *a, struct store_reader *reader,
                             const struct desk_worker *w, int64_t *seq)
{
    struct desk d;
    struct register_view v;
    struct store_end end;
    TRY(sit(a, w->store, reader, w->plan, "clerk", &d));
    TRY(store_end(a, reader, &end, NULL));
    TRY(register_open(&d, STR("培训"), STR("S0"), &v, NULL));
    const struct entry *x = waiting(&v);
    TRY(x == NULL ? keep_row(&d, &v, end.seq) : review_row(&d, &v, x));
    return store_head(reader, STR("register/培训/S0"), seq, NULL);
}

enum rc desk_step(struct arena *a, struct store_reader *r, const struct desk_worker *w,
                  int64_t *seq)
{
    *seq = 0;
    if (w->id < DESK_CLERKS) {
        return report_some(a, r, w, seq);
    }
    return w->id == DESK_CLERKS ? register_some(a, r, w, seq) : add_user(a, r, w, seq);
}

struct step {
    struct arena *a;
    struct store_reader **r;
    struct arena *mine;
    const struct desk_worker *w;
    int64_t seq;
    enum rc rc;
};

static void one_step(void *ctx)
{
    struct step *s = ctx;
    s->rc = *s->r != NULL ? RC_OK : store_reader_open(s->mine, s->w->store, s->r, NULL);
    s->rc = s->rc == RC_OK ? desk_step(s->a, *s->r, s->w, &s->seq) : s->rc;
}

void *desk_work(void *arg)
{
    const struct desk_worker *w = arg;
    struct arena mine; /* the reader */
    struct arena a;    /* one step */
    struct store_reader *r = NULL;
    arena_init(&mine, WORK_BYTES, "reader");
    arena_init(&a, WORK_BYTES, "work");
    for (bool on = true; on;) {
        struct step s = {&a, &r, &mine, w, 0, RC_OK};
        enum rc rc = arena_run(&a, one_step, &s);
        if (rc == RC_OK && s.rc == RC_OK && s.seq > 0) {
            on = w->ack(w->ctx, s.seq);
        } else {
            const struct timespec pause = {0, 5000000};
            (void)nanosleep(&pause, NULL);
        }
        arena_release(&a);
    }
    return NULL;
}

/* ---- looking afterwards --------------------------------------------------------------------- */

bool desk_is_theirs(const struct store_event *ev)
{
    return !str_eq(ev->act, STR("crash"));
}

/* What is saved of a returned form is a draft again; else its state says it. */
static enum row_status status_of(const struct submission *x)
{
    static const enum row_status of[REPORT__STATES] = {
        [REPORT_DRAFT] = ROW_DRAFT,       [REPORT_SUBMITTED] = ROW_SUBMITTED,
        [REPORT_RETURNED] = ROW_RETURNED, [REPORT_ACCEPTED] = ROW_ACCEPTED,
        [REPORT_LOCKED] = ROW_ACCEPTED,
    };
    return x->last.act == ACT_SAVE ? ROW_DRAFT : of[x->state];
}

/* Of a commit on a register: the rows have the status that their documents say. */
static void check_rows(struct book *b, const struct store_event *ev, const struct store_parcel *p)
{
    static const enum row_status of[ENTRY__STATES] = {
        [ENTRY_DRAFT] = ROW_DRAFT,       [ENTRY_SUBMITTED] = ROW_SUBMITTED,
        [ENTRY_RETURNED] = ROW_RETURNED, [ENTRY_STANDING] = ROW_ACCEPTED,
        [ENTRY_STRUCK] = ROW_WITHDRAWN,
    };
    struct entry_doc doc = {.state = ENTRY_NONE};
    uint32_t rows = 0;
    for (uint32_t i = 0; i < ev->n_parcels; i++) {
        if (p[i].what == STORE_DOC && str_starts(p[i].unit, STR("row/"))) {
            BOOK_OK(b, entry_read(&b->arena, str_dup(&b->arena, p[i].body), &doc, &b->e));
        }
    }
    for (uint32_t i = 0; i < ev->n_parcels; i++) {
        if (p[i].what == STORE_ROW) {
            rows++;
            assert_int_not_equal(doc.state, ENTRY_NONE);
            assert_int_equal(p[i].status, of[doc.state]);
        }
    }
    if (doc.state != ENTRY_NONE && rows == 0) {
        print_error("commit %lld: a document without its row\n", (long long)ev->seq);
        fail();
    }
}

void desk_check_event(struct book *b, const struct store_event *ev, const struct store_parcel *p)
{
    struct arena_mark m = arena_mark(&b->arena);
    struct submission doc = {.state = REPORT_NONE};
    struct str subject = STR("");
    uint32_t figures = 0;
    check_rows(b, ev, p);
    bool save = str_eq(ev->act, STR("report.save"));
    bool submit = str_eq(ev->act, STR("report.submit"));
    for (uint32_t i = 0; i < ev->n_parcels; i++) {
        if (p[i].what == STORE_DOC && str_starts(p[i].unit, STR("form/"))) {
            subject = str_dup(&b->arena, p[i].unit);
            BOOK_OK(b, submission_read(&b->arena, str_dup(&b->arena, p[i].body), &doc, &b->e));
        }
    }
    for (uint32_t i = 0; i < ev->n_parcels && doc.state != REPORT_NONE; i++) {
        if (p[i].what == STORE_FACT) {
            figures++;
            assert_int_equal(p[i].status, status_of(&doc));
            assert_true(str_ends(subject, p[i].unit));
            ASSERT_STR(p[i].source, "R1");
        }
    }
    bool accepts = doc.state == REPORT_ACCEPTED && str_eq(ev->act, STR("report.approve"));
    if (doc.state != REPORT_NONE && (save || submit || accepts) && figures == 0) {
        print_error("commit %lld: a document without its figures\n", (long long)ev->seq);
        fail();
    }
    arena_rewind(&b->arena, m);
}

/* The desk reads every form, and what it finds is what its document has the hash of: saving it as
 * it is would change nothing. */
static void check_forms(struct book *b, const struct desk_plan *p)
{
    struct desk d;
    BOOK_OK(b, sit(&b->arena, b->store, book_reader(b), p, "clerk", &d));
    for (uint32_t i = 0; i < DESK_CLERKS; i++) {
        struct report r;
        BOOK_OK(b, report_open(&d, STR("R1"), S(book_text(b, "S%u", i)), &r, &b->e));
        bool filled = r.doc.figures.n > 0 && r.round.round.n_items > 0;
        assert_true(!filled || r.cells[0].has);
        assert_true(!filled || rat_eq(r.cells[0].num, r.cells[1].num)); /* saved together */
    }
}

static void check_people(struct book *b)
{
    struct seat_roster roster;
    BOOK_OK(b, seat_roster_load(&b->arena, book_reader(b), INT64_MAX, TODAY, &roster, &b->e));
    assert_true(roster.users.n >= SEAT_ADMINS);
    for (uint32_t i = 0; i < roster.users.n; i++) {
        struct seat_secret s;
        struct str subject = str_cat(&b->arena, STR(SEAT_USER_PREFIX), roster.users.items[i].id);
        BOOK_OK(b, seat_secret_get(&b->arena, book_reader(b), subject, &s, &b->e));
        if (s.hash.n == 0) {
            print_error("%.*s cannot log in\n", PS(subject));
            fail();
        }
    }
}

void desk_check_book(struct book *b, const struct desk_plan *p)
{
    check_forms(b, p);
    check_people(b);
}

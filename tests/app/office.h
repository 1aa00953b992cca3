/* SPDX-License-Identifier: Apache-2.0 */
/* A small region on a book, on either engine, and people who sit down at it. */
#ifndef TESTS_APP_OFFICE_H
#define TESTS_APP_OFFICE_H

#include "app/report/desk.h"
#include "lang/diag.h"
#include "lang/lang.h"
#include "store/units.h"
#include "tests/lib/tmpdir.h"
#include "tests/store/fixture.h"

#define TODAY ((struct date){20089}) /* 2025-01-01, as the clock of the fixture */

struct office {
    struct book *b;
    struct arena *a;
    struct lang lang;
    const char *denied;     /* an operation that nobody may do */
    enum data_class class_; /* asked for last */
    struct str unit;
};

static inline bool may(void *ctx, struct str actor, const char *operation, struct str unit,
                       enum data_class class_)
{
    struct office *o = ctx;
    (void)actor;
    assert_true(unit.n > 0);
    o->class_ = class_;
    o->unit = unit;
    return o->denied == NULL || !str_eq(str_from_cstr(o->denied), str_from_cstr(operation));
}

static inline void units(struct office *o)
{
    static const struct unit_op ops[] = {
#define UNIT(c, k, p)                                                                              \
    {.act = UNIT_CREATE,                                                                           \
     .day = {INT32_MIN},                                                                           \
     .code = STR_INIT(c),                                                                          \
     .name = STR_INIT(c),                                                                          \
     .kind = STR_INIT(k),                                                                          \
     .parent = STR_INIT(p)}
        UNIT("R", "省", ""),
        UNIT("D", "县", "R"),
        UNIT("S1", "学校", "D"),
        UNIT("S2", "学校", "D"),
#undef UNIT
    };
    const struct store_commit words = {.token = STR("units"), .actor = STR("root")};
    struct store_receipt got;
    BOOK_OK(o->b,
            units_commit(o->a, o->b->store, book_reader(o->b), ops, 4, &words, &got, &o->b->e));
}

static inline struct office office(struct book *b, const char *plan_text)
{
    struct office o = {.b = b, .a = &b->arena};
    struct diags ds;
    diags_init(&ds, o.a, NULL);
    (void)tmpdir_write(o.a, b->dir, "pack/a.plan", str_from_cstr(plan_text));
    BOOK_OK(b, lang_open(o.a, book_text(b, "%s/pack", b->dir), &ds, &o.lang, &b->e));
    units(&o);
    return o;
}

/* A desk with a reader of its own. */
static inline struct desk sit(struct office *o, const char *who)
{
    struct desk d = {.a = o->a,
                     .store = o->b->store,
                     .plan = o->lang.plan,
                     .actor = str_from_cstr(who),
                     .today = TODAY,
                     .may = may,
                     .may_ctx = o};
    BOOK_OK(o->b, store_reader_open(o->a, o->b->store, &d.reader, &o->b->e));
    BOOK_OK(o->b, desk_open(&d, &o->b->e));
    return d;
}

static inline void rise(struct desk *d)
{
    store_reader_close(d->reader);
}

static inline void assert_text(const char *text, const char *part)
{
    if (str_find(str_from_cstr(text), str_from_cstr(part), 0) == STR_NONE) {
        print_error("%s\n", text);
        fail();
    }
}

#endif

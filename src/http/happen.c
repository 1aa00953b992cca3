/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts by the changes of the live engine, halls by their number, work by the log of the book.
 */
#include "http/happen.h"

#include "app/question/question.h"
#include "app/seal.h"
#include "base/err.h"
#include "base/vec.h"
#include "http/event.h"
#include "http/service.h"
#include "http/stream.h"

#define WORK_BYTES ((size_t)64 << 20)

struct happen {
    struct service *s;
    struct arena kept; /* of the reader */
    struct arena work; /* forgotten after each step */
    struct store_reader *reader;
    uint32_t halls; /* made so far */
    int64_t told;   /* up to this commit */
    /* The step. */
    const struct standing_step *step;
    int64_t from;
    VEC(struct event_place) places;
    bool many, news;
    enum rc rc;
    struct err e;
};

static void add(struct happen *h, struct str unit, struct str target)
{
    if (h->places.n > EVENT_PLACES_MAX) {
        h->many = true;
        return;
    }
    vec_push(&h->work, &h->places, (struct event_place){unit, target});
}

static void say(struct happen *h, const struct happening *e)
{
    events_put(h->s->events, e);
    h->news = true;
}

static void put(struct happen *h, enum event_kind kind)
{
    if (h->places.n > 0 || h->many) {
        const struct happening e = {kind, h->step->seq, h->many, h->places.items, h->places.n};
        say(h, &e);
    }
    vec_clear(&h->places);
    h->many = false;
}

/* ---- verdicts ------------------------------------------------------------------------------- */

/* Verdicts on rows of a sealed register are told to nobody: by what changes when, a row could be
 * known again. */
static bool is_sealed(const struct plan *p, const struct verdict_row *r)
{
    uint32_t reg = p->commitments[r->head->commitment].of_reg;
    return reg != NONE && seal_register(p, reg);
}

static void verdicts(struct happen *h)
{
    const struct live_changes *c = &h->step->changes;
    const struct plan *p = h->s->footing->pack->plan;
    const struct tree *now = standing_tree(h->s->footing->standing);
    const struct tree *before = h->step->before != NULL ? h->step->before : now;
    for (uint32_t i = 0; i < c->n && !h->many; i++) {
        const struct verdict_row *r = c->items[i].to != NULL ? c->items[i].to : c->items[i].from;
        const struct tree *t = c->items[i].to != NULL ? now : before;
        if (!is_sealed(p, r)) {
            add(h, r->unit == NONE ? STR("") : t->units[r->unit].code,
                p->commitments[r->head->commitment].id);
        }
    }
    h->many |= h->told + 1 != h->from; /* steps that could not be told */
    put(h, EVENT_VERDICT);
}

/* ---- people and units ----------------------------------------------------------------------- */

static void halls(struct happen *h)
{
    uint32_t made = halls_stats(h->s->footing->halls).halls;
    if (made != h->halls) {
        say(h, &(struct happening){.kind = EVENT_HALL, .seq = h->step->seq});
        h->halls = made;
    }
}

/* ---- work ----------------------------------------------------------------------------------- */

/* Acts that move what somebody has to do; those of rounds and of the plan are everybody's. */
static bool is_work(struct str act, bool *everywhere)
{
    static const char *const kinds[] = {"report.", "task.", "register.", "question.", "offline."};
    *everywhere = str_starts(act, STR("round.")) || str_starts(act, STR("question.ask"));
    for (uint32_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (str_starts(act, str_from_cstr(kinds[i]))) {
            return true;
        }
    }
    return *everywhere;
}

static void at_unit(struct happen *h, struct str code)
{
    uint32_t unit = 0;
    if (tree_unit_of_code(standing_tree(h->s->footing->standing), code, &unit)) {
        add(h, str_dup(&h->work, code), STR(""));
    }
}

/* Whom a question asks: its subject does not say. */
static void at_asked(struct happen *h, const struct store_parcel *p)
{
    struct question_doc q;
    if (question_read(&h->work, str_dup(&h->work, p->body), &q, NULL) == RC_OK) {
        at_unit(h, q.put.unit);
    }
}

/* At its own unit; a document at those that its subject names behind its sort, or at whom it asks.
 */
static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct happen *h = ctx;
    struct str rest = p->unit;
    struct str part = STR("");
    (void)e;
    if (p->what != STORE_DOC) {
        at_unit(h, p->unit);
        return RC_OK;
    }
    if (str_starts(p->unit, STR("question/"))) {
        at_asked(h, p);
        return RC_OK;
    }
    for (bool sort = true; str_split(&rest, '/', &part); sort = false) {
        if (!sort) {
            at_unit(h, part);
        }
    }
    return RC_OK;
}

static enum rc work_of(struct happen *h, int64_t seq)
{
    struct store_event who;
    bool everywhere = false;
    TRY(store_who(&h->work, h->reader, seq, &who, &h->e));
    if (!is_work(who.act, &everywhere)) {
        return RC_OK;
    }
    h->many |= everywhere;
    return everywhere ? RC_OK : store_parcels(h->reader, seq, seq, on_parcel, h, &h->e);
}

static enum rc work(struct happen *h)
{
    for (int64_t seq = h->told + 1; seq <= h->step->seq && !h->many; seq++) {
        TRY(work_of(h, seq));
    }
    return RC_OK;
}

static void run(void *ctx)
{
    struct happen *h = ctx;
    verdicts(h);
    halls(h);
    h->rc = work(h);
    h->many |= h->rc != RC_OK;
    put(h, EVENT_QUEUE);
}

void happen_step(struct happen *h, const struct standing_step *step, int64_t from)
{
    h->step = step;
    h->from = from;
    h->places.items = NULL;
    h->places.n = h->places.cap = 0;
    h->many = h->news = false;
    if (arena_run_two(&h->kept, &h->work, run, h) != RC_OK) {
        for (uint32_t kind = EVENT_VERDICT; kind <= EVENT_QUEUE; kind++) {
            say(h, &(struct happening){(enum event_kind)kind, step->seq, true, NULL, 0});
        }
    }
    h->told = step->seq;
    arena_release(&h->work);
    if (h->news && h->s->streams != NULL) {
        streams_wake(h->s->streams);
    }
}

void happen_anew(struct happen *h, int64_t seq)
{
    say(h, &(struct happening){.kind = EVENT_PLAN, .seq = seq});
    say(h, &(struct happening){.kind = EVENT_HALL, .seq = seq});
    for (uint32_t kind = EVENT_VERDICT; kind <= EVENT_QUEUE; kind++) {
        say(h, &(struct happening){(enum event_kind)kind, seq, true, NULL, 0});
    }
    h->told = seq;
    h->halls = halls_stats(h->s->footing->halls).halls;
    if (h->s->streams != NULL) {
        streams_wake(h->s->streams);
    }
}

enum rc happen_open(struct service *s, struct happen **out, struct err *e)
{
    struct happen *h = ARENA_NEW(&s->a, struct happen);
    *out = h;
    h->s = s;
    h->halls = halls_stats(s->footing->halls).halls;
    h->told = standing_seq(s->footing->standing);
    arena_init(&h->kept, READER_BYTES, "happen");
    arena_init(&h->work, WORK_BYTES, "happening");
    return store_reader_open(&h->kept, s->store, &h->reader, e);
}

void happen_close(struct happen *h)
{
    if (h == NULL) {
        return;
    }
    if (h->reader != NULL) {
        store_reader_close(h->reader);
    }
    arena_release(&h->work);
    arena_release(&h->kept);
}

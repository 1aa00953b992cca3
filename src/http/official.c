/* SPDX-License-Identifier: Apache-2.0 */
/* The official text as paragraphs, runs and what stands in the margin. */
#include "http/official.h"

#include "app/text/living.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "draft/outline.h"

#define OFFICIAL_BYTES (32U << 20)
#define TITLE_CHARS    40 /* a longer paragraph is not shown as a heading */

struct official {
    struct outline outline;
};

enum rc official_open(struct arena *a, const char *path, struct official **out, struct err *e)
{
    *out = NULL;
    if (path == NULL || path[0] == '\0') {
        return RC_OK;
    }
    *out = ARENA_NEW(a, struct official);
    return outline_read(a, path, &(*out)->outline, e);
}

/* ---- its answer ----------------------------------------------------------------------------- */

struct telling {
    const struct living *l;
    const struct outline *o;
    struct json j;
    uint32_t mark, sentence; /* the next ones */
};

static void run_json(struct telling *t, uint32_t beg, uint32_t end, const struct living_mark *m)
{
    if (beg == end) {
        return;
    }
    json_obj_begin(&t->j);
    json_kv_str(&t->j, "text", outline_source(t->o, beg, end));
    json_kv_bool(&t->j, "open", m != NULL && m->open);
    json_kv_bool(&t->j, "rest", m != NULL && !m->open && m->rest);
    json_key(&t->j, "by");
    json_arr_begin(&t->j);
    for (uint32_t i = 0; m != NULL && !m->silent && i < m->notes.n; i++) {
        const struct living_note *n = &t->l->notes.items[m->notes.items[i]];
        json_str(&t->j, t->l->answer->plan->commitments[n->commitment].id);
    }
    json_arr_end(&t->j);
    json_obj_end(&t->j);
}

static void runs_json(struct telling *t, const struct outline_paragraph *p)
{
    uint32_t from = p->beg;
    json_key(&t->j, "runs");
    json_arr_begin(&t->j);
    for (; t->mark < t->l->marks.n && t->l->marks.items[t->mark].beg < p->end; t->mark++) {
        const struct living_mark *m = &t->l->marks.items[t->mark];
        run_json(t, from, m->beg, NULL);
        run_json(t, m->beg, m->end, m);
        from = m->end;
    }
    run_json(t, from, p->end, NULL);
    json_arr_end(&t->j);
}

/* The sentences that end in the paragraph and that nothing judges. */
static void margin_json(struct telling *t, const struct outline_paragraph *p)
{
    const struct coverage *c = t->l->coverage;
    struct buf says;
    buf_init_in(&says, t->l->a, 1U << 16);
    json_key(&t->j, "margin");
    json_arr_begin(&t->j);
    for (; t->sentence < c->sentences.n && t->o->sentences.items[t->sentence].end <= p->end;
         t->sentence++) {
        const struct coverage_sentence *s = &c->sentences.items[t->sentence];
        const struct coverage_clause *k = &c->clauses.items[s->clause];
        if (s->state != COVERAGE_COVERED) {
            buf_clear(&says);
            living_open(t->l, s, &says);
            json_obj_begin(&t->j);
            json_kv_str(&t->j, "clause", k->code.n > 0 ? k->code : k->path);
            json_kv_int(&t->j, "sentence", s->number);
            json_kv_cstr(&t->j, "state", coverage_state_name(s->state));
            json_kv_str(&t->j, "says", buf_view(&says));
            json_obj_end(&t->j);
        }
    }
    json_arr_end(&t->j);
}

static void paragraph_json(struct telling *t, const struct outline_paragraph *p)
{
    struct str text = str_sub(t->o->text, p->beg, p->end);
    json_obj_begin(&t->j);
    json_kv_bool(&t->j, "heading",
                 p->heading && !outline_ends_sentence(text) && utf8_count(text) <= TITLE_CHARS);
    json_kv_bool(&t->j, "row", p->row);
    runs_json(t, p);
    margin_json(t, p);
    json_obj_end(&t->j);
}

static void text_json(struct telling *t)
{
    for (uint32_t i = 0; i < t->o->paragraphs.n; i++) {
        paragraph_json(t, &t->o->paragraphs.items[i]);
    }
}

struct str official_json(struct arena *a, const struct official *o, const struct pack *pack,
                         bool chinese)
{
    struct buf out;
    struct telling t = {0};
    struct answer answer = {.a = a, .plan = pack->plan, .chinese = chinese};
    buf_init_in(&out, a, OFFICIAL_BYTES);
    json_init(&t.j, &out, false);
    json_obj_begin(&t.j);
    json_kv_bool(&t.j, "there", o != NULL);
    json_key(&t.j, "paragraphs");
    json_arr_begin(&t.j);
    if (o != NULL) {
        struct living *l = NULL;
        t.o = &o->outline;
        living_place(a, coverage_of(a, pack, t.o), pack->lang.ast, &answer, &l);
        t.l = l;
        text_json(&t);
    }
    json_arr_end(&t.j);
    json_obj_end(&t.j);
    json_end(&t.j);
    return buf_view(&out);
}

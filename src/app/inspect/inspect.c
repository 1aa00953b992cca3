/* SPDX-License-Identifier: Apache-2.0 */
/* All detectors in turn, and how a question is put. */
#include "app/inspect/inspect.h"

#include <stdlib.h>

#include "app/inspect/inspect_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/sm3.h"
#include "engine/cells.h"

#define SENTENCE_BYTES 8192

static const struct {
    const char *word, *name[2], *ask[2], *usual[2];
} detectors[DETECTOR__COUNT] = {
#define DETECTOR(id, word, pattern, en, zh, ask_en, ask_zh, usual_en, usual_zh)                    \
    [DETECTOR_##id] = {word, {(en), (zh)}, {(ask_en), (ask_zh)}, {(usual_en), (usual_zh)}},
#include "app/inspect/inspect.def"
};

static const double params[PARAM__COUNT] = {
#define PARAM(id, x) [PARAM_##id] = (x),
#include "app/inspect/inspect.def"
};

const char *detector_word(enum detector x)
{
    return detectors[x].word;
}

const char *detector_name(enum detector x, bool chinese)
{
    return detectors[x].name[chinese];
}

const char *detector_usual(enum detector x, bool chinese)
{
    return detectors[x].usual[chinese];
}

double inspect_param(enum inspect_param x)
{
    return params[x];
}

/* ---- asking --------------------------------------------------------------------------------- */

struct filling {
    const struct asked *q;
    bool chinese;
};

static bool fill_in(const void *ctx, struct str key, struct buf *out)
{
    const struct filling *f = ctx;
    const struct {
        const char *key;
        struct str text;
    } known[] = {{"what", f->q->what},       {"period", f->q->period},
                 {"a", f->q->a[f->chinese]}, {"b", f->q->b[f->chinese]},
                 {"c", f->q->c[f->chinese]}, {"d", f->q->d[f->chinese]}};
    for (uint32_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_eq(key, str_from_cstr(known[i].key))) {
            buf_str(out, known[i].text);
            return true;
        }
    }
    return false;
}

static struct str figures_of(struct arena *a, const struct asked *q)
{
    struct buf b;
    buf_init_in(&b, a, SENTENCE_BYTES);
    buf_printf(&b, "%.*s|%.*s|%.*s|%.*s", PS(q->a[0]), PS(q->b[0]), PS(q->c[0]), PS(q->d[0]));
    return buf_view(&b);
}

void inspect_ask(struct grid *g, const struct asked *q)
{
    if (g->wish.unit != NONE && g->wish.unit != q->unit) {
        return;
    }
    struct question out = {.detector = q->detector,
                           .unit = q->unit,
                           .what = q->what,
                           .period = q->period,
                           .weight = q->weight,
                           .about = q->about,
                           .n_about = q->n_about,
                           .class_ = q->class_ > CLASS_INTERNAL ? q->class_ : CLASS_INTERNAL};
    for (uint32_t zh = 0; zh < 2; zh++) {
        struct buf b;
        const struct filling f = {q, zh != 0};
        buf_init_in(&b, g->a, SENTENCE_BYTES);
        buf_template(&b, str_from_cstr(detectors[q->detector].ask[zh]), fill_in, &f);
        out.text[zh] = buf_view(&b);
    }
    out.figures = figures_of(g->a, q);
    vec_push(g->a, &g->out->list, out);
}

struct str count_text(struct arena *a, uint64_t n)
{
    return rat_frac_str(a, rat_int((int64_t)n));
}

struct str percent_text(struct arena *a, double share)
{
    struct rat x = rat_frac((int64_t)round(share * 1000), 10);
    return str_cat(a, rat_dec_str(a, x, fabs(share) < 0.1 ? 1 : 0, NULL), STR("%"));
}

struct str question_id(struct arena *a, const struct tree *t, const struct question *q)
{
    uint8_t hash[SM3_BYTES];
    struct buf b;
    buf_init_in(&b, a, SENTENCE_BYTES);
    buf_printf(&b, "%s\n%.*s\n%.*s\n%.*s", detectors[q->detector].word, PS(t->units[q->unit].code),
               PS(q->what), PS(q->period));
    bool done = sm3(buf_view(&b), hash);
    buf_clear(&b);
    buf_printf(&b, "%s-", detectors[q->detector].word);
    for (uint32_t i = 0; done && i < 8; i++) {
        buf_printf(&b, "%02x", hash[i]);
    }
    return buf_view(&b);
}

/* ---- all ------------------------------------------------------------------------------------ */

static int question_cmp(const void *p, const void *q)
{
    const struct question *x = p;
    const struct question *y = q;
    int c = (x->detector > y->detector) - (x->detector < y->detector);
    c = c != 0 ? c : (y->weight > x->weight) - (y->weight < x->weight);
    c = c != 0 ? c : (x->unit > y->unit) - (x->unit < y->unit);
    c = c != 0 ? c : str_cmp(x->what, y->what);
    return c != 0 ? c : str_cmp(x->period, y->period);
}

/* Of several with one identity (thresholds of one figure) the most unusual. */
static void keep_first(struct grid *g)
{
    struct map seen = {0};
    uint32_t n = 0;
    for (uint32_t i = 0; i < g->out->list.n; i++) {
        const struct question *q = &g->out->list.items[i];
        struct str id = question_id(g->a, g->tree, q);
        if (!map_get(&seen, id, NULL)) {
            map_put(g->a, &seen, id, 0);
            g->out->list.items[n++] = *q;
        }
    }
    g->out->list.n = n;
}

enum rc inspect_look(struct arena *a, const struct cells *c, const struct tree *t,
                     const struct inspect_wish *w, struct inspect_look **out, struct err *e)
{
    struct inspect_look *look = ARENA_NEW(a, struct inspect_look);
    *look = (struct inspect_look){.g = {.a = a,
                                        .plan = cells_plan(c),
                                        .tree = t,
                                        .data = cells_dataset(c),
                                        .figures = cells_figures(c),
                                        .wish = *w}};
    look->g.out = &look->found;
    inspect_read_plan(&look->g);
    TRY(grid_make(&look->g, e));
    inspect_titles(&look->g);
    inspect_keys(&look->g);
    look->g.figures = NULL;
    *out = look;
    return RC_OK;
}

enum rc inspect_find(struct inspect_look *look, struct inspection *out, struct err *e)
{
    struct grid *g = &look->g;
    *out = look->found;
    g->out = out;
    for (uint32_t k = 0; k < g->plan->n_kinds; k++) {
        inspect_changes(g, &g->groups[k]);
        inspect_zeros(g, &g->groups[k]);
        inspect_bunched(g, &g->groups[k]);
        inspect_copied(g, &g->groups[k]);
        inspect_heaped(g, &g->groups[k]);
        inspect_all_good(g, &g->groups[k]);
    }
    inspect_moved(g);
    TRY(inspect_late(g, e));
    if (g->wish.book != NULL) {
        inspect_filings(g);
        inspect_claims(g);
    }
    if (out->list.n > 1) {
        qsort(out->list.items, out->list.n, sizeof *out->list.items, question_cmp);
    }
    keep_first(g);
    return RC_OK;
}

enum rc inspect(struct arena *a, const struct plan *p, const struct dataset *d,
                const struct inspect_wish *w, struct inspection *out, struct err *e)
{
    struct cells *c = NULL;
    struct inspect_look *look = NULL;
    TRY(cells_make(a, p, d, w->as_of, &c, e));
    TRY(inspect_look(a, c, d->tree, w, &look, e));
    return inspect_find(look, out, e);
}

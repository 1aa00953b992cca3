/* SPDX-License-Identifier: Apache-2.0 */
/* From entries to drafts of reports, and to a table of facts (decisions 11 and 12). */
#include "app/workbook/import_int.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "io/csv.h"

static bool same_text(const struct desk *d, const struct datum *of, const struct value *x,
                      const struct value *y)
{
    return str_eq(cell_text(d->a, of, x), cell_text(d->a, of, y));
}

/* 不适用: why a cell is blank, where nobody has said it yet. */
static bool say_not_for_us(const struct desk *d, struct report *r, uint32_t item)
{
    struct str about = r->round.round.items[item];
    if (report_note_of(&r->doc.explained, about) != NULL) {
        return false;
    }
    report_explain(d, &r->doc.explained, about, STR("不适用"));
    return true;
}

/* The entry over what the report has; how much of it changes. */
static uint32_t lay_over(const struct desk *d, struct report *r, const struct import_entry *e)
{
    static const struct value blank = {.has = false, .num = {0, 1, NULL}};
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        const struct import_kept *c = &e->cells[i];
        const struct datum *of = &d->plan->items[r->round.item[i]].d;
        struct value to = c->is == IMPORT_CELL_VALUE ? import_value(c) : blank;
        bool says = c->is == IMPORT_CELL_VALUE || c->is == IMPORT_CELL_CLEARED ||
                    c->is == IMPORT_CELL_NOT_FOR_US;
        bool changes = says && !same_text(d, of, &r->cells[i], &to);
        r->cells[i] = changes ? to : r->cells[i];
        changes |= c->is == IMPORT_CELL_NOT_FOR_US && say_not_for_us(d, r, i);
        n += changes ? 1 : 0;
    }
    for (uint32_t i = 0; i < e->said.n; i++) {
        const struct import_said *s = &e->said.items[i];
        const struct report_note *have = report_note_of(&r->doc.explained, s->about);
        if (!str_eq(have != NULL ? have->text : STR(""), s->text)) {
            report_explain(d, &r->doc.explained, s->about, s->text);
            n++;
        }
    }
    return n;
}

/* What a rehearsal can tell: the state of the report. */
static enum rc rehearse(const struct desk *d, const struct report *r, int64_t seen, struct err *e)
{
    if (seen != REPORT_JUST_READ) {
        return err_set(e, RC_CONFLICT, "the report of %.*s was changed since the export",
                       "%.*s 的报表在导出之后有改动", PS(desk_code(d, r->unit)));
    }
    if (!report_allows(r->doc.state, ACT_SAVE)) {
        return err_set(e, RC_CONFLICT, "the report of %.*s is %s%.0s", "%.*s 的报表%.0s%s",
                       PS(desk_code(d, r->unit)), report_state_text(r->doc.state, false),
                       report_state_text(r->doc.state, true));
    }
    return RC_OK;
}

/* A cell that changes, and that somebody has changed since it was exported. */
static bool overtaken(const struct desk *d, const struct report *r, const struct import_entry *x)
{
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        const struct import_kept *c = &x->cells[i];
        const struct value value = import_value(c);
        const struct datum *of = &d->plan->items[r->round.item[i]].d;
        bool says = c->is == IMPORT_CELL_VALUE || c->is == IMPORT_CELL_CLEARED;
        struct str now = cell_text(d->a, of, &r->cells[i]);
        if (says && !str_eq(now, c->was != NULL ? *c->was : STR("")) &&
            !(c->is == IMPORT_CELL_VALUE && str_eq(now, cell_text(d->a, of, &value))) &&
            !(c->is == IMPORT_CELL_CLEARED && now.n == 0)) {
            return true;
        }
    }
    return false;
}

/*
 * The commit that must have been the last (decision 14): of an exported form the one it was
 * exported at, when somebody else has meanwhile changed what it changes.
 */
static int64_t seen_of(const struct desk *d, const struct report *r, const struct import_entry *x)
{
    bool same = x->seen < 0 || x->seen == r->seen || str_eq(r->doc.last.actor, d->actor);
    return same || !overtaken(d, r, x) ? REPORT_JUST_READ : x->seen;
}

static enum rc save_entry(struct desk *d, const struct round_view *round, struct import_entry *x,
                          bool dry, struct err *e)
{
    struct report r;
    struct report_findings found = {0};
    TRY(report_open_in(d, round, x->unit, &r, e));
    /* Who may not save is not told what is the same, either: sealed figures could be tried. */
    TRY(desk_allow(d, "report.save", desk_code(d, r.unit), &r.round, e));
    const struct report_words w = {.seen = seen_of(d, &r, x)};
    x->n_changed = lay_over(d, &r, x);
    x->fate = IMPORT_FATE_SAME;
    if (x->n_changed == 0) {
        return RC_OK;
    }
    x->fate = IMPORT_FATE_SAVED;
    if (dry) {
        return rehearse(d, &r, w.seen, e);
    }
    return report_do(d, &r, ACT_SAVE, w, &found, e);
}

/* What concerns one unit alone. */
static bool is_of_unit(enum rc rc)
{
    return rc == RC_DENIED || rc == RC_CONFLICT || rc == RC_INPUT || rc == RC_NOT_FOUND ||
           rc == RC_FINDINGS;
}

static void keep_why(struct import_run *run, struct import_entry *x, struct err *e)
{
    x->fate = IMPORT_FATE_FAILED;
    x->why = str_dup(run->a, str_from_cstr(e->primary_en));
    x->why_zh = str_dup(run->a, str_from_cstr(e->primary_zh));
    err_clear(e);
}

enum rc import_allow(const struct desk *d, const struct round_view *round, struct err *e)
{
    for (uint32_t i = 0; i < round->n_units; i++) {
        if (d->may(d->may_ctx, d->actor, "report.save", desk_code(d, round->units[i]),
                   round_class(d, round))) {
            return RC_OK;
        }
    }
    enum rc rc = err_set(e, RC_DENIED, "%.*s may fill in for no unit of the round %.*s",
                         "%.*s 不能为轮次 %.*s 的任何机构填报", PS(d->actor), PS(round->round.id));
    err_hint(e, "The table of rights says who may do what (tizhi seat rights).",
             "各岗位可办的事见权限表（tizhi seat rights）。");
    return rc;
}

/* One unit, in an arena that goes again. */
struct saving {
    struct desk here;
    const struct round_view *round;
    struct import_entry *entry;
    bool dry;
    struct err *e;
    enum rc rc;
};

static void save_in_arena(void *ctx)
{
    struct saving *x = ctx;
    x->rc = save_entry(&x->here, x->round, x->entry, x->dry, x->e);
}

enum rc import_to_book(struct import_run *run, struct desk *d, const struct round_view *round,
                       bool dry, struct import_hear hear, struct err *e)
{
    (void)desk_names(d); /* beside the memory of an entry, which is used again */
    for (uint32_t i = 0; i < run->entries.n; i++) {
        struct import_entry *entry = &run->entries.items[i];
        struct saving x = {.here = *d, .round = round, .entry = entry, .dry = dry, .e = e};
        if (entry->clash || entry->joined) {
            continue;
        }
        import_begin(run);
        x.here.a = &run->work;
        enum rc rc = arena_run(&run->work, save_in_arena, &x);
        rc = rc == RC_OK ? x.rc : rc;
        if (is_of_unit(rc)) {
            keep_why(run, entry, e);
            rc = RC_OK;
        }
        import_rest(run);
        TRY(rc);
        if (hear.fn != NULL) {
            hear.fn(hear.ctx, i + 1, run->entries.n);
        }
    }
    return RC_OK;
}

/* ---- a table of facts ----------------------------------------------------------------------- */

static void put_facts(struct import_run *run, const struct import_entry *x, struct csv_writer *w)
{
    const struct import_asked *q = import_asked_of(run->names);
    char text[PERIOD_TEXT_BYTES];
    struct str period = period_text(q->period, text);
    for (uint32_t i = 0; i < q->n_datums; i++) {
        if (x->cells[i].is != IMPORT_CELL_VALUE) {
            continue;
        }
        struct value value = import_value(&x->cells[i]);
        csv_write_field(w, q->tree->units[x->unit].code);
        csv_write_field(w, q->ids[i]);
        csv_write_field(w, period);
        csv_write_field(w, cell_shown(&run->work, q->datums[i], &value, false));
        csv_write_end(w);
    }
}

void import_to_facts(struct import_run *run, struct buf *out)
{
    static const char *const names[] = {"unit", "item", "period", "value"};
    struct csv_writer w;
    csv_write_init(&w, out, true, false);
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++) {
        csv_write_field(&w, str_from_cstr(names[i]));
    }
    csv_write_end(&w);
    import_begin(run);
    for (uint32_t i = 0; i < run->entries.n; i++) {
        const struct import_entry *x = &run->entries.items[i];
        if (!x->clash && !x->joined) {
            put_facts(run, x, &w);
            import_rest(run);
        }
    }
}

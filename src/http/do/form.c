/* SPDX-License-Identifier: Apache-2.0 */
/* Forms as workbooks: to fill in without the service, taken in again, and given back with notes. */
#include "app/workbook/export.h"
#include "app/workbook/import.h"
#include "http/do/report.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/upload.h"

/* ---- out ------------------------------------------------------------------------------------ */

struct out {
    struct desk d;
    struct round_view v;
    struct export_page page;
    struct export_source from;
    struct export_round round;
};

static bool owes(const struct round_view *v, uint32_t unit)
{
    for (uint32_t i = 0; i < v->n_units; i++) {
        if (v->units[i] == unit) {
            return true;
        }
    }
    return false;
}

/* Its own form of who owes it, else a row for each of those below. */
static enum rc write_form(struct ask *q, struct out *x, uint32_t unit, const char *path)
{
    struct export_work *work = ARENA_NEW(q->a, struct export_work);
    q->hand->export = work;
    export_begin(work, q->a);
    if (unit == NONE || !owes(&x->v, unit)) {
        TRY(export_from_round(&x->round, unit, &x->from, &q->e));
        return export_units(work, &x->page, &x->from, path, &q->e);
    }
    struct export_values values = {0};
    export_from_units(&x->round, &unit, 1, &x->from);
    TRY(x->from.values(x->from.ctx, &work->step, 0, &values, &q->e));
    return export_unit(work, &x->page, &values, path, &q->e);
}

enum rc do_form_out(struct ask *q)
{
    struct out *x = ARENA_NEW(q->a, struct out);
    struct str under = ask_text(q, "unit");
    uint32_t unit = NONE;
    const char *path = NULL;
    TRY(ask_may(q, "report.read", under, CLASS_INTERNAL));
    TRY(ask_desk(q, &x->d));
    TRY(round_find(&x->d, ask_word(q, 0), &x->v, &q->e));
    if (under.n > 0) {
        TRY(desk_unit(&x->d, under, &unit, &q->e));
    }
    x->page = (struct export_page){.chinese = q->chinese};
    TRY(export_page_of_round(&x->d, &x->v, &x->page, &q->e));
    x->round = (struct export_round){.d = &x->d, .v = &x->v, .page = &x->page};
    TRY(ask_place(q, &path));
    TRY(write_form(q, x, unit, path));
    struct str name = str_cat(q->a, x->v.round.id, unit != NONE ? STR("-") : STR(""));
    name = str_cat(q->a, name, unit != NONE ? desk_code(&x->d, unit) : STR(""));
    q->head.name = str_cat(q->a, name, STR(".xlsx"));
    ask_file(q, path, PAGE_TYPE_XLSX);
    return RC_OK;
}

/* ---- in ------------------------------------------------------------------------------------- */

struct in {
    struct desk d;
    struct round_view v;
    struct import_asked asked;
    struct import_run *run;
};

/* Nothing outside the unit is taken, so there must be something to be taken below it. */
static enum rc keep_within(struct ask *q, struct in *x, struct str under)
{
    struct round_view inside = x->v;
    if (under.n == 0) {
        return RC_OK;
    }
    TRY(desk_unit(&x->d, under, &x->asked.within, &q->e));
    TRY(round_narrow(&x->d, &inside, x->asked.within, &q->e));
    return import_allow(&x->d, &inside, &q->e);
}

static enum rc read_upload(struct ask *q, struct in *x)
{
    struct str under = ask_text(q, "unit");
    struct str name = q->upload->name.n > 0 ? q->upload->name : STR("upload");
    TRY(ask_may(q, "report.read", under, CLASS_INTERNAL));
    TRY(ask_desk(q, &x->d));
    TRY(round_find(&x->d, ask_word(q, 0), &x->v, &q->e));
    TRY(import_ask_round(&x->d, &x->v, &x->asked, &q->e));
    TRY(keep_within(q, x, under));
    x->asked.match = ask_texts(q, "match", &x->asked.n_match);
    x->asked.percent = ask_texts(q, "percent", &x->asked.n_percent);
    TRY(import_answers(q->a, &x->asked, &q->e));
    x->run = ARENA_NEW(q->a, struct import_run);
    x->run->a = q->a;
    x->run->names = import_names_new(q->a, &x->asked);
    q->hand->import = x->run;
    TRY(import_file_as(x->run, q->upload->path, str_to_cstr(q->a, name), STR(""), &q->e));
    import_settle(x->run);
    return RC_OK;
}

enum rc do_form_in(struct ask *q)
{
    struct in *x = ARENA_NEW(q->a, struct in);
    bool dry = str_eq(ask_text(q, "dry"), STR("yes"));
    TRY(read_upload(q, x));
    TRY(import_to_book(x->run, &x->d, &x->v, dry, (struct import_hear){NULL, NULL}, &q->e));
    import_json(x->run, (struct import_view_words){q->chinese, dry, true}, q->out);
    return RC_OK;
}

enum rc do_form_notes(struct ask *q)
{
    struct in *x = ARENA_NEW(q->a, struct in);
    const char *place = NULL;
    const char *path = NULL;
    TRY(read_upload(q, x));
    const struct import_file *f = &x->run->files.items[0];
    if (f->rc != RC_OK) {
        return err_set(&q->e, RC_INPUT, "%s%.0s", "%.0s%s", str_to_cstr(q->a, f->why),
                       str_to_cstr(q->a, f->why_zh));
    }
    TRY(ask_place(q, &place));
    TRY(import_copy(x->run, 0, place, q->chinese, &path, &q->e));
    q->head.name = q->chinese ? STR("批注.xlsx") : STR("notes.xlsx");
    ask_file(q, path, PAGE_TYPE_XLSX);
    return RC_OK;
}

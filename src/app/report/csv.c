/* SPDX-License-Identifier: Apache-2.0 */
/* A form as a table: to fill in, and filled in. */
#include "app/load/load_int.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { FORM_ITEM, FORM_VALUE, FORM_EXPLAIN, FORM_MEASURE, FORM_BEFORE, FORM_STATUS, FORM__N };

static const struct csv_column form_columns[FORM__N] = {
    [FORM_ITEM] = {"item", "数据项", true},      [FORM_VALUE] = {"value", "值", true},
    [FORM_EXPLAIN] = {"explain", "说明", false}, [FORM_MEASURE] = {"measure", "单位", false},
    [FORM_BEFORE] = {"before", "上期", false},   [FORM_STATUS] = {"status", "情况", false},
};
static const struct csv_table form_table = {"form", "报表", form_columns, FORM__N};

/* ---- reading -------------------------------------------------------------------------------- */

struct form_reader {
    struct desk *d;
    struct report *r;
    struct report_findings *found;
    struct loader l; /* what the values of tables are read with */
    struct sheet s;
    uint32_t *line_of; /* by item: where it stood, 0: not yet */
    struct report_notes explained;
};

uint32_t report_check_named(const struct desk *d, struct str text)
{
    for (uint32_t i = 0; i < d->plan->n_commitments; i++) {
        const struct commitment *k = &d->plan->commitments[i];
        if (k->kind == CK_CHECK && (str_eq(k->id, text) || str_eq(k->name, text))) {
            return i;
        }
    }
    return NONE;
}

void report_explain(const struct desk *d, struct report_notes *notes, struct str about,
                    struct str text)
{
    struct report_notes all = {0};
    for (uint32_t i = 0; i < notes->list.n; i++) {
        if (!str_eq(notes->list.items[i].about, about)) {
            vec_push(d->a, &all.list, notes->list.items[i]);
        }
    }
    if (text.n > 0) {
        vec_push(d->a, &all.list,
                 (struct report_note){.about = about, .text = text, .actor = d->actor});
    }
    *notes = all;
}

static struct str field_text(const struct form_reader *f, const struct csv_field *fields,
                             uint32_t column)
{
    uint32_t i = f->s.index[column];
    return i == CSV_ABSENT ? STR("") : csv_trim(fields[i].text);
}

static void explain(struct form_reader *f, struct str about, const struct report_line *x)
{
    if (x->explains) {
        report_explain(f->d, &f->explained, about, x->explain);
    }
}

/* value: with its place. */
static void form_line(struct form_reader *f, const struct report_line *x,
                      const struct csv_field *value)
{
    struct desk *d = f->d;
    struct row row = {&f->l, &f->s, value, false};
    uint32_t at = round_item_of(d, &f->r->round, x->about);
    uint32_t check = at == NONE ? report_check_named(d, x->about) : NONE;
    if (check != NONE) {
        explain(f, d->plan->commitments[check].id, x);
        return;
    }
    if (at == NONE) {
        found_add(d, f->found, FAULT_NOT_ASKED, x->about, STR(""));
        return;
    }
    if (f->line_of[at] > 0) {
        found_add(d, f->found, FAULT_TWICE, x->about, rat_frac_str(d->a, rat_int(f->line_of[at])));
        return;
    }
    f->line_of[at] = value->line;
    if (x->values) {
        const struct value said = row_value(&row, value, &d->plan->items[f->r->round.item[at]].d);
        f->r->cells[at] = row.bad ? (struct value){.num = rat_zero()} : said;
    }
    explain(f, f->r->round.round.items[at], x);
}

static void form_row(struct form_reader *f, const struct csv_field *fields)
{
    const struct report_line x = {.about = field_text(f, fields, FORM_ITEM),
                                  .explain = field_text(f, fields, FORM_EXPLAIN),
                                  .values = true,
                                  .explains = true};
    struct csv_field value = fields[f->s.index[FORM_VALUE]];
    value.line = fields[0].line;
    form_line(f, &x, &value);
}

/* Of one file. */
static struct form_reader reader_of(struct desk *d, struct report *r, struct str file,
                                    struct problems *problems, struct report_findings *found)
{
    struct str *files = ARENA_ARRAY(d->a, struct str, 1);
    struct load_input *in = ARENA_NEW(d->a, struct load_input);
    *in = (struct load_input){.plan = d->plan, .n = 1};
    files[0] = file;
    return (struct form_reader){.d = d,
                                .r = r,
                                .found = found,
                                .l = {.a = d->a,
                                      .plan = d->plan,
                                      .in = in,
                                      .problems = problems,
                                      .files = files,
                                      .per_file = ARENA_ARRAY(d->a, uint32_t, 1)},
                                .line_of = ARENA_ARRAY(d->a, uint32_t, r->round.round.n_items + 1U),
                                .explained = r->doc.explained};
}

enum rc report_read_lines(struct desk *d, struct report *r, const struct report_line *lines,
                          uint32_t n, struct problems *problems, struct report_findings *found)
{
    struct form_reader f = reader_of(d, r, STR(""), problems, found);
    for (uint32_t i = 0; i < n; i++) {
        form_line(&f, &lines[i], &(struct csv_field){.text = lines[i].value, .line = i + 1});
    }
    r->doc.explained = f.explained;
    return problems->n > 0 || found->list.n > 0 ? RC_INPUT : RC_OK;
}

enum rc report_read_csv(struct desk *d, struct report *r, const char *path,
                        struct problems *problems, struct report_findings *found, struct err *e)
{
    struct csv_reader csv;
    struct csv_row row = {0};
    struct form_reader f = reader_of(d, r, str_from_cstr(path), problems, found);
    f.s.path = path;
    TRY(csv_open(d->a, &csv, path, LOAD_FILE_BYTES, e));
    TRY(csv_bind(&csv, &form_table, NULL, f.s.index, e));
    do {
        TRY(csv_next_unguarded(&csv, &row, e));
        if (row.n > 0) {
            form_row(&f, row.fields);
        }
    } while (row.n > 0);
    r->doc.explained = f.explained;
    return problems->n > 0 || found->list.n > 0 ? RC_INPUT : RC_OK;
}

/* ---- writing -------------------------------------------------------------------------------- */

/* RD4: the row of a figure that is not shown. */
static void sealed_row(struct csv_writer *w, struct str item, struct str unit, bool chinese)
{
    const struct str fields[FORM__N] = {item, STR(""), STR(""),
                                        unit, STR(""), chinese ? STR("密封") : STR("sealed")};
    for (uint32_t i = 0; i < FORM__N; i++) {
        csv_write_field(w, fields[i]);
    }
    csv_write_end(w);
}

static struct str status_of(const struct desk *d, const struct report *r, uint32_t i, bool copied,
                            bool chinese)
{
    char period[PERIOD_TEXT_BYTES];
    struct period before = r->round.round.period;
    const struct report_note *back = report_note_of(&r->doc.returned, r->round.round.items[i]);
    struct buf b;
    buf_init_in(&b, d->a, STORE_NOTE_BYTES);
    if (back != NULL) {
        buf_printf(&b, chinese ? "退回：%.*s" : "returned: %.*s", PS(back->text));
    } else if (copied && period_prev(before, &before)) {
        buf_printf(&b, chinese ? "沿用 %.*s" : "as in %.*s", PS(period_text(before, period)));
    }
    return buf_view(&b);
}

void report_write_csv(const struct desk *d, const struct report *r, bool chinese, struct buf *out)
{
    struct csv_writer w;
    csv_write_init(&w, out, true, true);
    for (uint32_t c = 0; c < FORM__N; c++) {
        csv_write_field(&w,
                        str_from_cstr(chinese ? form_columns[c].name_zh : form_columns[c].name_en));
    }
    csv_write_end(&w);
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        const struct datum *of = &d->plan->items[r->round.item[i]].d;
        const struct value *before = r->before != NULL ? &r->before[i] : &r->cells[i];
        bool copied = r->doc.state == REPORT_NONE && before->has;
        const struct value *now = copied ? before : &r->cells[i];
        const struct report_note *said = report_note_of(&r->doc.explained, r->round.round.items[i]);
        if (r->hidden[i]) {
            sealed_row(&w, r->round.round.items[i], of->unit, chinese);
            continue;
        }
        csv_write_field(&w, r->round.round.items[i]);
        csv_write_field(&w, cell_shown(d->a, of, now, chinese));
        csv_write_field(&w, said != NULL ? said->text : STR(""));
        csv_write_field(&w, of->unit);
        csv_write_field(&w, r->before != NULL ? cell_shown(d->a, of, before, chinese) : STR(""));
        csv_write_field(&w, status_of(d, r, i, copied, chinese));
        csv_write_end(&w);
    }
}

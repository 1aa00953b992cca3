/* SPDX-License-Identifier: Apache-2.0 */
/* Files to sheets, sheets to dataset; problems and how they are shown. */
#include "app/load/load.h"

#include <assert.h>
#include <stdlib.h>

#include "app/load/load_int.h"
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/diag.h"

static const struct {
    const char *code, *en, *zh;
} faults[] = {
#define LOAD_FAULT(name, code, en, zh) {code, en, zh},
#include "app/load/fault.def"
};

const char *load_fault_code(enum load_fault f)
{
    ASSERT(f < LOAD_FAULT__COUNT);
    return faults[f].code;
}

void load_problem(struct loader *l, uint32_t file, uint32_t line, uint32_t column,
                  enum load_fault fault, struct str a, struct str b)
{
    l->problems->n++;
    if (file < l->in->n && l->per_file[file]++ >= LOAD_SHOWN) {
        return; /* LO2 */
    }
    struct problem p = {.fault = fault, .line = line, .column = column, .a = a, .b = b};
    p.file = file < l->in->n ? l->files[file] : STR("");
    vec_push(l->a, &l->problems->list, p);
}

static void leave_out(struct loader *l, uint32_t file, uint32_t line, uint32_t column,
                      enum load_fault fault, struct str a, struct str b)
{
    struct problems *out = l->in->left_out;
    vec_push(l->a, &out->list, (struct problem){fault, l->files[file], line, column, a, b});
    out->n++;
}

void row_problem(struct row *r, const struct csv_field *at, enum load_fault fault, struct str a,
                 struct str b)
{
    r->bad = true;
    const struct csv_field *f = at ? at : &r->fields[0];
    if (r->l->in->left_out) {
        leave_out(r->l, r->s->file, f->line, f->column, fault, a, b);
        return;
    }
    load_problem(r->l, r->s->file, f->line, f->column, fault, a, b);
}

struct str load_nearest(struct loader *l, struct str text, const struct str *names, uint32_t n)
{
    uint32_t near = diag_nearest(text, names, n);
    if (near >= n) {
        return STR("");
    }
    return str_cat(l->a, str_cat(l->a, STR(" → "), names[near]), STR("?"));
}

/* ---- reading files -------------------------------------------------------------------------- */

static struct str with_hint(struct loader *l, const char *what, const char *stop, const char *hint)
{
    struct str text = str_dup(l->a, str_from_cstr(what));
    if (hint[0] == 0) {
        return text;
    }
    text = str_cat(l->a, text, str_from_cstr(stop));
    return str_cat(l->a, text, str_from_cstr(hint));
}

static void csv_problem(struct loader *l, uint32_t file, const struct csv_place *place,
                        const struct err *e)
{
    load_problem(l, file, place->line, place->column, LOAD_CSV,
                 with_hint(l, e->primary_en, ". ", e->hint_en),
                 with_hint(l, e->primary_zh, "。", e->hint_zh));
}

struct binding {
    struct loader *l;
    struct sheet *s;
};

/* Further columns are attributes of units, or fields of registers. */
static bool accept(void *ctx, struct str name, uint32_t index)
{
    struct binding *b = ctx;
    const struct map *known =
        b->s->table == TABLE_units ? &b->l->attributes.first : &b->l->fields.first;
    if (!io_table_is_open(b->s->table)) {
        return false;
    }
    if (!map_get(known, csv_trim(name), NULL)) {
        if (b->l->in->left_out) {
            leave_out(b->l, b->s->file, 1, index + 1, LOAD_UNKNOWN_COLUMN,
                      str_dup(b->l->a, csv_trim(name)), STR(""));
        }
        return b->l->in->left_out != NULL;
    }
    vec_push(b->l->a, &b->s->extra, index);
    return true;
}

static void report(void *ctx, const struct csv_place *place, const struct err *e)
{
    struct binding *b = ctx;
    csv_problem(b->l, b->s->file, place, e);
}

static const struct csv_field *copy_row(struct loader *l, const struct csv_row *row)
{
    struct csv_field *out = ARENA_ARRAY(l->a, struct csv_field, row->n);
    for (uint32_t i = 0; i < row->n; i++) {
        out[i] = row->fields[i];
    }
    return out;
}

static enum rc read_rows(struct loader *l, struct csv_reader *r, struct sheet *s, struct err *e)
{
    for (;;) {
        struct csv_row row = {0};
        struct err fault = {0};
        enum rc rc = csv_next(r, &row, &fault);
        if (rc == RC_OK && row.n == 0) {
            return RC_OK;
        }
        if (rc == RC_OK) {
            vec_push(l->a, &s->rows, copy_row(l, &row));
            continue;
        }
        if (r->place.fault == CSV_FAULT_NONE) {
            *e = fault;
            return rc;
        }
        csv_problem(l, s->file, &r->place, &fault);
        if (r->place.fault != CSV_TOO_MANY_FIELDS && r->place.fault != CSV_TOO_FEW_FIELDS) {
            return RC_OK;
        }
    }
}

static enum rc read_sheet(struct loader *l, uint32_t file, struct err *e)
{
    struct sheet s = {.file = file, .path = l->in->paths[file]};
    struct csv_reader r;
    struct err fault = {0};
    if (!io_table_of_path(l->files[file], &s.table)) {
        load_problem(l, file, 0, 0, LOAD_UNKNOWN_TABLE, l->files[file], STR(""));
        return RC_OK;
    }
    enum rc rc = l->in->texts ? csv_open_text(l->a, &r, s.path, l->in->texts[file], &fault)
                              : csv_open(l->a, &r, s.path, LOAD_FILE_BYTES, &fault);
    if (rc != RC_OK) {
        if (r.place.fault == CSV_FAULT_NONE) {
            *e = fault;
            return rc;
        }
        csv_problem(l, file, &r.place, &fault);
        return RC_OK;
    }
    struct binding b = {l, &s};
    struct csv_binder how = {accept, report, &b};
    struct err binding_err = {0};
    if (csv_bind(&r, io_table_get(s.table), &how, s.index, &binding_err) != RC_OK) {
        return RC_OK; /* reported */
    }
    s.header = r.header;
    s.n_columns = r.n_columns;
    TRY(read_rows(l, &r, &s, e));
    vec_push(l->a, &l->sheets, s);
    return RC_OK;
}

/* ---- indexes of the plan -------------------------------------------------------------------- */

static struct name_index index_new(struct loader *l, uint32_t n)
{
    return (struct name_index){.next = ARENA_ARRAY(l->a, uint32_t, n + 1)};
}

static void index_add(struct loader *l, struct name_index *x, struct str name, uint32_t ix)
{
    uint32_t first = NONE;
    if (!map_get(&x->first, name, &first)) {
        first = NONE;
    }
    x->next[ix] = first;
    map_put(l->a, &x->first, name, ix);
}

static void index_commitments(struct loader *l)
{
    for (uint32_t i = 0; i < l->plan->n_commitments; i++) {
        map_put(l->a, &l->commitments, l->plan->commitments[i].id, i);
    }
    for (uint32_t i = 0; i < l->plan->n_commitments; i++) {
        struct str name = l->plan->commitments[i].name;
        if (!map_get(&l->commitments, name, NULL)) {
            map_put(l->a, &l->commitments, name, i);
        }
    }
}

static void index_plan(struct loader *l)
{
    const struct plan *p = l->plan;
    l->items = index_new(l, p->n_items);
    l->attributes = index_new(l, p->n_attributes);
    l->fields = index_new(l, p->n_fields);
    for (uint32_t i = 0; i < p->n_items; i++) {
        index_add(l, &l->items, p->items[i].d.name, i);
    }
    for (uint32_t i = 0; i < p->n_attributes; i++) {
        index_add(l, &l->attributes, p->attributes[i].d.name, i);
    }
    for (uint32_t i = 0; i < p->n_fields; i++) {
        index_add(l, &l->fields, p->fields[i].d.name, i);
    }
#define INDEX(map, array)                                                                          \
    for (uint32_t i = 0; i < p->n_##array; i++) {                                                  \
        map_put(l->a, &l->map, p->array[i].name, i);                                               \
    }
    INDEX(kinds, kinds)
    INDEX(regs, regs)
    INDEX(titles, titles)
    INDEX(relations, relations)
    INDEX(events, events)
#undef INDEX
    index_commitments(l);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void read_contents(struct loader *l)
{
    static void (*const readers[])(struct loader *, const struct sheet *) = {
        [TABLE_units] = load_unit_attributes, [TABLE_attributes] = load_attributes,
        [TABLE_facts] = load_facts,           [TABLE_rows] = load_rows,
        [TABLE_titles] = load_titles,         [TABLE_relations] = load_relations,
        [TABLE_activities] = load_activities, [TABLE_events] = load_events,
        [TABLE_evidence] = load_evidence,     [TABLE_filings] = load_filings,
    };
    for (uint32_t i = 0; i < l->sheets.n; i++) {
        const struct sheet *s = &l->sheets.items[i];
        if (s->table != TABLE_lineage) {
            readers[s->table](l, s);
        }
    }
    load_facts_finish(l);
}

static const struct dataset *give_out(struct loader *l)
{
    struct dataset *d = ARENA_NEW(l->a, struct dataset);
    *d = (struct dataset){
        .tree = l->tree,
        .files = l->files,
        .facts = l->facts.items,
        .attrs = l->attrs.items,
        .rows = l->rows.items,
        .titles = l->title_rows.items,
        .relations = l->pairs.items,
        .activities = l->activities.items,
        .events = l->event_rows.items,
        .evidence = l->evidence.items,
        .filings = l->filings.items,
        .n_files = l->in->n,
        .n_facts = l->facts.n,
        .n_attrs = l->attrs.n,
        .n_rows = l->rows.n,
        .n_titles = l->title_rows.n,
        .n_relations = l->pairs.n,
        .n_activities = l->activities.n,
        .n_events = l->event_rows.n,
        .n_evidence = l->evidence.n,
        .n_filings = l->filings.n,
    };
    return d;
}

static int problem_cmp(const void *p, const void *q)
{
    const struct problem *x = p;
    const struct problem *y = q;
    int c = str_cmp(x->file, y->file);
    if (c != 0) {
        return c;
    }
    if (x->line != y->line) {
        return x->line < y->line ? -1 : 1;
    }
    return x->column < y->column ? -1 : x->column > y->column;
}

static enum rc run(struct loader *l, struct err *e)
{
    for (uint32_t i = 0; i < l->in->n; i++) {
        TRY(read_sheet(l, i, e));
    }
    enum rc rc = RC_OK;
    load_units(l, e, &rc);
    TRY(rc);
    if (l->tree) {
        read_contents(l);
    }
    return RC_OK;
}

enum rc load_tables(struct arena *a, const struct load_input *in, struct problems *out,
                    const struct tree **tree, const struct dataset **data, struct err *e)
{
    struct loader l = {.a = a, .plan = in->plan, .in = in, .problems = out};
    l.files = ARENA_ARRAY(a, struct str, in->n + 1);
    l.per_file = ARENA_ARRAY(a, uint32_t, in->n + 1);
    for (uint32_t i = 0; i < in->n; i++) {
        l.files[i] = str_from_cstr(in->names[i]);
    }
    index_plan(&l);
    TRY(run(&l, e));
    if (out->n > 0) {
        if (out->list.n > 1) {
            qsort(out->list.items, out->list.n, sizeof out->list.items[0], problem_cmp);
        }
        return RC_INPUT;
    }
    *tree = l.tree;
    *data = give_out(&l);
    return RC_OK;
}

/* ---- showing -------------------------------------------------------------------------------- */

static bool name_of(const void *ctx, struct str key, struct buf *out)
{
    const struct problem *p = ctx;
    bool a = str_eq(key, STR("a"));
    bool known = a || str_eq(key, STR("b"));
    if (known) {
        buf_str(out, a ? p->a : p->b);
    }
    return known;
}

void problem_text(const struct problem *p, bool chinese, struct buf *out)
{
    const char *text = chinese ? faults[p->fault].zh : faults[p->fault].en;
    buf_template(out, str_from_cstr(text), name_of, p);
}

void problems_render(const struct problems *p, bool chinese, struct buf *out)
{
    for (uint32_t i = 0; i < p->list.n; i++) {
        const struct problem *x = &p->list.items[i];
        buf_str(out, x->file);
        if (x->line > 0) {
            buf_printf(out, ":%u:%u", x->line, x->column);
        }
        buf_printf(out, "%s%s %s%s", x->file.n > 0 ? ": " : "", chinese ? "错误" : "error",
                   load_fault_code(x->fault), chinese ? "：" : ": ");
        problem_text(x, chinese, out);
        buf_putc(out, '\n');
    }
    if (p->n > p->list.n) {
        buf_printf(out, chinese ? "另有 %u 处错误未列出\n" : "and %u more\n", p->n - p->list.n);
    }
}

void problems_json(const struct problems *p, struct json *j)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    json_arr_begin(j);
    for (uint32_t i = 0; i < p->list.n; i++) {
        const struct problem *x = &p->list.items[i];
        json_obj_begin(j);
        json_kv_cstr(j, "code", load_fault_code(x->fault));
        json_kv_str(j, "file", x->file);
        json_kv_int(j, "line", x->line);
        json_kv_int(j, "column", x->column);
        for (int zh = 0; zh < 2; zh++) {
            buf_clear(&text);
            problem_text(x, zh == 1, &text);
            json_kv_str(j, zh == 1 ? "zh" : "en", buf_view(&text));
        }
        json_obj_end(j);
    }
    json_arr_end(j);
    buf_release(&text);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a register as a table: to fill in, and filled in. */
#include <stdlib.h>

#include "app/load/load_int.h"
#include "app/register/register_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { ROW_ID, ROW_DATE, ROW_FROM, ROW_TO, ROW_REVOKED, ROW_STATE, ROW__N };

static const struct csv_column row_columns[ROW__N] = {
    [ROW_ID] = {"id", "编号", false},
    [ROW_DATE] = {"date", "日期", false},
    [ROW_FROM] = {"from", "起", false},
    [ROW_TO] = {"to", "止", false},
    [ROW_REVOKED] = {"revoked", "撤销日", false},
    [ROW_STATE] = {"state", "登记状态", false},
};
static const struct csv_table row_table = {"register", "台账", row_columns, ROW__N};

/* ---- days and keys -------------------------------------------------------------------------- */

struct row_days row_days(const struct reg_row *r)
{
    struct row_days days = {r->dated ? r->day : r->since, r->dated ? r->day : r->until};
    if (date_cmp(r->revoked, DATE_MAX) != 0) {
        days.last = date_earlier(days.last, date_add_days(r->revoked, -1));
    }
    return days;
}

static void put_part(const struct desk *d, const struct datum *of, const struct value *v,
                     struct buf *b)
{
    struct str text = cell_text(d->a, of, v);
    buf_printf(b, "%u:%.*s", text.n, PS(text));
}

struct str row_key(const struct desk *d, const struct register_view *v, const struct reg_row *r)
{
    struct buf b;
    bool whole = r->fields != NULL;
    buf_init_in(&b, d->a, LIMIT_STR_BYTES);
    for (uint32_t i = 0; whole && i < d->plan->regs[v->reg].n_fields; i++) {
        const struct field *f = register_field(d, v, i);
        if (f->key) {
            const struct value value = reg_row_value(r, i);
            whole = value.has;
            put_part(d, &f->d, &value, &b);
        }
    }
    return whole ? buf_view(&b) : STR("");
}

static void put_date(struct date d, struct buf *b)
{
    char text[DATE_TEXT_BYTES];
    struct str s = date_is_sentinel(d) ? STR("") : date_text(d, text);
    buf_printf(b, "%u:%.*s", s.n, PS(s));
}

struct str row_text_of(const struct desk *d, const struct register_view *v, const struct reg_row *r)
{
    struct buf b;
    buf_init_in(&b, d->a, LIMIT_STR_BYTES);
    put_date(r->dated ? r->day : DATE_MIN, &b);
    put_date(r->since, &b);
    put_date(r->until, &b);
    put_date(r->revoked, &b);
    for (uint32_t i = 0; i < d->plan->regs[v->reg].n_fields; i++) {
        const struct value value = reg_row_value(r, i);
        put_part(d, &register_field(d, v, i)->d, &value, &b);
    }
    return buf_view(&b);
}

/* ---- reading -------------------------------------------------------------------------------- */

struct rows_reader {
    struct desk *d;
    const struct register_view *v;
    struct register_words w;
    struct register_lines *out;
    struct report_findings *found;
    struct loader l; /* what the values of tables are read with */
    struct sheet s;
    uint32_t *field_at;    /* by field: its column, or CSV_ABSENT */
    bool is_field[ROW__N]; /* the column of that name is a field of the register */
    uint32_t *line_of;     /* by row of the view: where it stood, 0: not yet */
    struct map ids;        /* of new rows -> line */
    struct map keys;       /* key -> row of the view, chained by next */
    uint32_t *next;
};

static uint32_t field_named(const struct rows_reader *x, struct str name)
{
    uint32_t n = x->d->plan->regs[x->v->reg].n_fields;
    uint32_t i = 0;
    while (i < n && !str_eq(register_field(x->d, x->v, i)->d.name, csv_trim(name))) {
        i++;
    }
    return i < n ? i : NONE;
}

static bool accept(void *ctx, struct str name, uint32_t index)
{
    struct rows_reader *x = ctx;
    (void)index;
    return field_named(x, name) != NONE;
}

/* A header that is the name of a field means the field; days of the row are both. */
static void bind_fields(struct rows_reader *x)
{
    uint32_t n = x->d->plan->regs[x->v->reg].n_fields;
    x->field_at = ARENA_ARRAY(x->d->a, uint32_t, n + 1U);
    for (uint32_t i = 0; i < n; i++) {
        x->field_at[i] = CSV_ABSENT;
    }
    for (uint32_t c = 0; c < x->s.n_columns; c++) {
        uint32_t f = field_named(x, x->s.header[c].text);
        if (f == NONE) {
            continue;
        }
        x->field_at[f] = c;
        for (uint32_t k = 0; k < ROW__N; k++) {
            x->is_field[k] |= x->s.index[k] == c && (k == ROW_ID || k >= ROW_STATE);
        }
    }
}

static void index_keys(struct rows_reader *x)
{
    x->next = ARENA_ARRAY(x->d->a, uint32_t, x->v->rows.n + 1U);
    x->line_of = ARENA_ARRAY(x->d->a, uint32_t, x->v->rows.n + 1U);
    for (uint32_t i = 0; i < x->v->rows.n; i++) {
        const struct reg_row *r = entry_row(&x->v->rows.items[i]);
        struct str key = r != NULL ? row_key(x->d, x->v, r) : STR("");
        uint32_t before = NONE;
        if (key.n > 0) {
            (void)map_get(&x->keys, key, &before);
            map_put(x->d->a, &x->keys, key, i);
        }
        x->next[i] = before;
    }
}

static struct str place(const struct rows_reader *x, uint32_t line, struct str id)
{
    struct buf b;
    buf_init_in(&b, x->d->a, 4096);
    if (line > 0) {
        buf_printf(&b, "%s:%u", x->s.path, line);
    }
    buf_printf(&b, "%s%.*s", line > 0 && id.n > 0 ? " " : "", PS(id));
    return buf_view(&b);
}

static void fault(struct rows_reader *x, struct register_line *l, enum report_fault f, struct str b)
{
    l->sort = LINE_WRONG;
    found_add(x->d, x->found, f, place(x, l->line, l->id), b);
}

static bool fit_id(struct str id)
{
    bool fits = id.n > 0 && id.n <= REGISTER_ID_BYTES;
    for (uint32_t i = 0; i < id.n; i++) {
        fits &= (unsigned char)id.p[i] >= 0x20 && id.p[i] != 0x7f && id.p[i] != '/';
    }
    return fits;
}

/* What the line says of a row whose content so far is `row`. */
static void read_line(struct row *r, const struct rows_reader *x, struct reg_row *row)
{
    uint32_t n = x->d->plan->regs[x->v->reg].n_fields;
    struct value *fields = ARENA_ARRAY(x->d->a, struct value, n + 1U);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t c = x->field_at[i];
        bool blank = row->fields == NULL;
        fields[i] =
            blank ? (struct value){.num = rat_zero(), .text = STR("")} : reg_row_value(row, i);
        if (c != CSV_ABSENT) {
            fields[i] = row_value(r, &r->fields[c], &register_field(x->d, x->v, i)->d);
        }
    }
    row->fields = values_pack(x->d->a, fields, n);
    bool says[ROW__N];
    for (uint32_t k = 0; k < ROW__N; k++) {
        says[k] = x->s.index[k] != CSV_ABSENT && !x->is_field[k];
    }
    if (says[ROW_DATE]) {
        row->day = row_date(r, ROW_DATE, DATE_MIN);
        row->dated = row_text(r, ROW_DATE).n > 0;
    }
    row->since = says[ROW_FROM] ? row_date(r, ROW_FROM, DATE_MIN) : row->since;
    row->until = says[ROW_TO] ? row_date(r, ROW_TO, DATE_MAX) : row->until;
    row->revoked = says[ROW_REVOKED] ? row_date(r, ROW_REVOKED, DATE_MAX) : row->revoked;
    row_dates(r, says[ROW_TO] ? ROW_TO : ROW_FROM, row->since, row->until);
}

static struct reg_row blank_row(const struct rows_reader *x)
{
    return (struct reg_row){.reg = x->v->reg,
                            .owner = x->v->unit,
                            .day = DATE_MIN,
                            .since = DATE_MIN,
                            .until = DATE_MAX,
                            .revoked = DATE_MAX};
}

static bool meet(struct row_days x, struct row_days y)
{
    return date_cmp(x.first, y.last) <= 0 && date_cmp(y.first, x.last) <= 0 &&
           date_cmp(x.first, x.last) <= 0 && date_cmp(y.first, y.last) <= 0;
}

/* The one row with the key that stands on a day of the line's; NONE, or several: *many. */
static uint32_t by_key(const struct rows_reader *x, const struct reg_row *row, bool *many)
{
    struct str key = row_key(x->d, x->v, row);
    uint32_t ix = NONE;
    uint32_t hit = NONE;
    if (key.n == 0 || !map_get(&x->keys, key, &ix)) {
        return NONE;
    }
    for (; ix != NONE; ix = x->next[ix]) {
        if (meet(row_days(row), row_days(entry_row(&x->v->rows.items[ix])))) {
            *many |= hit != NONE;
            hit = ix;
        }
    }
    return hit;
}

/* Made of the key and the first day; without a key of everything. The same row, the same id. */
static enum rc own_id(const struct rows_reader *x, const struct reg_row *row, struct str *out,
                      struct err *e)
{
    struct buf b;
    struct str key = row_key(x->d, x->v, row);
    buf_init_in(&b, x->d->a, LIMIT_STR_BYTES);
    if (key.n > 0) {
        put_date(row_days(row).first, &b);
        buf_str(&b, key);
    } else {
        buf_str(&b, row_text_of(x->d, x->v, row));
    }
    TRY(hex_sm3(x->d->a, buf_view(&b), out, e));
    *out = str_cat(x->d->a, STR("r"), str_sub(*out, 0, 12));
    return RC_OK;
}

/* What the line does to the row it is about. */
static void classify(struct rows_reader *x, struct register_line *l)
{
    const struct reg_row *now = l->entry == NONE ? NULL : entry_row(&x->v->rows.items[l->entry]);
    l->act = ENTRY_ACT_ADD;
    l->sort = LINE_ADDED;
    if (now == NULL) {
        return;
    }
    if (x->w.fresh) {
        fault(x, l, FAULT_EXISTS, x->v->rows.items[l->entry].id);
        return;
    }
    struct reg_row as_before = l->row;
    as_before.until = now->until;
    bool other = !str_eq(row_text_of(x->d, x->v, &as_before), row_text_of(x->d, x->v, now));
    int end = date_cmp(l->row.until, now->until);
    l->sort = other || end > 0 ? LINE_CHANGED : end < 0 ? LINE_ENDED : LINE_UNCHANGED;
    l->act = l->sort == LINE_ENDED ? ENTRY_ACT_END : ENTRY_ACT_CHANGE;
}

/* What can be known before it is kept: what the state of the row refuses. */
static void refuse(struct rows_reader *x, struct register_line *l)
{
    const struct entry *t = l->entry == NONE ? NULL : &x->v->rows.items[l->entry];
    struct entry_doc after;
    struct err ignored = {0};
    const struct entry_act act = {.act = l->act,
                                  .actor = x->d->actor,
                                  .unit = desk_code(x->d, x->v->unit),
                                  .cause = l->cause};
    if (t == NULL || l->sort == LINE_UNCHANGED || l->sort == LINE_WRONG) {
        return;
    }
    enum rc rc = entry_step(act.unit, &t->doc, &act, &after, &ignored);
    /* From a day on it is another row: no correction, no cause (register_follow). */
    bool follows = rc == RC_INPUT && x->w.id.n > 0 && !date_is_sentinel(x->w.day);
    if (rc != RC_OK && !follows) {
        fault(x, l, rc == RC_INPUT ? FAULT_NEEDS_CAUSE : FAULT_BUSY, t->id);
    }
}

static void check_row(struct rows_reader *x, struct register_line *l)
{
    bool timed = date_cmp(l->row.since, DATE_MIN) != 0 || date_cmp(l->row.until, DATE_MAX) != 0;
    for (uint32_t i = 0; i < x->d->plan->regs[x->v->reg].n_fields; i++) {
        const struct field *f = register_field(x->d, x->v, i);
        const struct value v = reg_row_value(&l->row, i);
        if (f->key && !v.has) {
            fault(x, l, FAULT_NO_KEY, f->d.name);
        }
        if (f->d.type == VT_TEXT && v.has && v.text.n > REGISTER_TEXT_BYTES) {
            fault(x, l, FAULT_LONG, f->d.name);
        }
    }
    if (l->row.dated && timed) {
        fault(x, l, FAULT_TWO_TIMES, STR(""));
    }
    if (l->row.dated && date_cmp(l->row.day, x->d->today) > 0) {
        char text[DATE_TEXT_BYTES];
        fault(x, l, FAULT_FUTURE, str_dup(x->d->a, date_text(l->row.day, text)));
    }
}

static enum rc find_row(struct rows_reader *x, struct row *r, struct register_line *l,
                        struct err *e)
{
    bool many = false;
    bool written = x->s.index[ROW_ID] != CSV_ABSENT && !x->is_field[ROW_ID];
    l->id = x->w.id.n > 0 ? x->w.id : written ? row_text(r, ROW_ID) : STR("");
    if (l->id.n > 0) {
        (void)map_get(&x->v->index, l->id, &l->entry);
        if (l->entry == NONE && !fit_id(l->id)) {
            fault(x, l, FAULT_BAD_ID, STR(""));
        }
        return RC_OK;
    }
    struct reg_row probe = blank_row(x);
    struct row quiet = *r;
    read_line(&quiet, x, &probe);
    r->bad = quiet.bad;
    if (r->bad) {
        return RC_OK;
    }
    l->entry = by_key(x, &probe, &many);
    if (many) {
        fault(x, l, FAULT_MANY, STR(""));
    } else if (l->entry == NONE) {
        TRY(own_id(x, &probe, &l->id, e));
        (void)map_get(&x->v->index, l->id, &l->entry);
    } else {
        l->id = x->v->rows.items[l->entry].id;
    }
    return RC_OK;
}

static void seen_twice(struct rows_reader *x, struct register_line *l)
{
    uint32_t first = l->entry == NONE ? 0 : x->line_of[l->entry];
    if (l->entry == NONE && !map_get(&x->ids, l->id, &first)) {
        map_put(x->d->a, &x->ids, l->id, l->line);
    }
    if (l->entry != NONE && first == 0) {
        x->line_of[l->entry] = l->line;
    }
    if (first > 0) {
        fault(x, l, FAULT_TWICE, rat_frac_str(x->d->a, rat_int(first)));
    }
}

static enum rc take_line(struct rows_reader *x, const struct csv_row *csv, struct err *e)
{
    struct row r = {&x->l, &x->s, csv->fields, false};
    struct register_line l = {
        .entry = NONE, .line = csv->line, .cause = x->w.cause, .from = DATE_MIN};
    TRY(find_row(x, &r, &l, e));
    if (!r.bad && l.sort != LINE_WRONG) {
        const struct reg_row *now = l.entry == NONE ? NULL : entry_row(&x->v->rows.items[l.entry]);
        l.row = now != NULL ? *now : blank_row(x);
        read_line(&r, x, &l.row);
    }
    if (!r.bad && l.sort != LINE_WRONG) {
        classify(x, &l);
        seen_twice(x, &l);
        check_row(x, &l);
        refuse(x, &l);
    }
    l.sort = r.bad ? LINE_WRONG : l.sort;
    x->out->of[l.sort]++;
    vec_push(x->d->a, &x->out->list, l);
    return RC_OK;
}

/* Rows that the table leaves out end on the day. */
static void end_others(struct rows_reader *x)
{
    for (uint32_t i = 0; i < x->v->rows.n; i++) {
        const struct entry *t = &x->v->rows.items[i];
        const struct reg_row *row = entry_row(t);
        if (x->line_of[i] > 0 || row == NULL || row->dated || date_cmp(row->since, x->w.day) > 0 ||
            date_cmp(row->until, x->w.day) <= 0) {
            continue;
        }
        struct register_line l = {.entry = i, .id = t->id, .row = *row, .from = DATE_MIN};
        l.row.until = x->w.day;
        l.sort = LINE_ENDED;
        l.act = ENTRY_ACT_END;
        refuse(x, &l);
        x->out->of[l.sort]++;
        vec_push(x->d->a, &x->out->list, l);
    }
}

static enum rc read_all(struct rows_reader *x, struct csv_reader *csv, struct err *e)
{
    struct csv_row row = {0};
    const struct csv_binder how = {accept, NULL, x};
    x->s.header = csv->header;
    x->s.n_columns = csv->n_columns;
    TRY(csv_bind(csv, &row_table, &how, x->s.index, e));
    bind_fields(x);
    index_keys(x);
    do {
        TRY(csv_next_unguarded(csv, &row, e));
        if (row.n > 0 && x->out->list.n == REGISTER_ROWS_MAX) {
            return err_set(e, RC_LIMIT, "a table of rows has at most %u lines",
                           "一张台账表至多 %u 行", REGISTER_ROWS_MAX);
        }
        if (row.n > 0) {
            TRY(take_line(x, &row, e));
        }
    } while (row.n > 0);
    if (x->w.id.n == 0 && !date_is_sentinel(x->w.day)) {
        end_others(x);
    }
    return x->l.problems->n > 0 || x->found->list.n > 0 ? RC_INPUT : RC_OK;
}

static enum rc read_with(struct desk *d, const struct register_view *v, const char *path,
                         const struct str *text, struct register_words w,
                         struct register_lines *out, struct problems *problems,
                         struct report_findings *found, struct err *e)
{
    struct csv_reader csv;
    struct str file = str_from_cstr(path);
    uint32_t per_file = 0;
    const struct load_input in = {.plan = d->plan, .paths = &path, .names = &path, .n = 1};
    struct rows_reader x = {.d = d,
                            .v = v,
                            .w = w,
                            .out = out,
                            .found = found,
                            .l = {.a = d->a,
                                  .plan = d->plan,
                                  .in = &in,
                                  .problems = problems,
                                  .files = &file,
                                  .per_file = &per_file},
                            .s = {.path = path}};
    *out = (struct register_lines){0};
    TRY(text != NULL ? csv_open_text(d->a, &csv, path, *text, e)
                     : csv_open(d->a, &csv, path, LOAD_FILE_BYTES, e));
    return read_all(&x, &csv, e);
}

enum rc register_read_csv(struct desk *d, const struct register_view *v, const char *path,
                          struct register_words w, struct register_lines *out,
                          struct problems *problems, struct report_findings *found, struct err *e)
{
    return read_with(d, v, path, NULL, w, out, problems, found, e);
}

enum rc register_read_table(struct desk *d, const struct register_view *v, const char *name,
                            struct str text, struct register_words w, struct register_lines *out,
                            struct problems *problems, struct report_findings *found, struct err *e)
{
    return read_with(d, v, name, &text, w, out, problems, found, e);
}

enum rc register_read_text(struct desk *d, const struct register_view *v, const char *name,
                           struct str text, struct register_words w, struct register_lines *out,
                           struct problems *problems, struct report_findings *found, struct err *e)
{
    uint32_t ix = NONE;
    if (!w.fresh) {
        TRY(register_entry(v, w.id, &ix, e));
        if (w.seen != REPORT_JUST_READ && v->rows.items[ix].seen != w.seen) {
            return register_stale(&v->rows.items[ix], w.seen, e);
        }
    }
    return read_with(d, v, name, &text, w, out, problems, found, e);
}

/* ---- writing -------------------------------------------------------------------------------- */

static bool is_name(uint32_t k, bool chinese, struct str name)
{
    return str_eq(name, str_from_cstr(chinese ? row_columns[k].name_zh : row_columns[k].name_en));
}

static bool is_day(uint32_t k)
{
    return k != ROW_ID && k < ROW_STATE;
}

/*
 * In the language asked for, unless a field of the register has the name: then the field is that
 * column for a day, which is both, and the column takes the other language for the rest.
 */
static struct str header(const struct desk *d, const struct register_view *v, uint32_t k,
                         bool chinese)
{
    for (uint32_t i = 0; i < d->plan->regs[v->reg].n_fields; i++) {
        struct str name = register_field(d, v, i)->d.name;
        if (is_day(k) && (is_name(k, true, name) || is_name(k, false, name))) {
            return name;
        }
        chinese = is_name(k, chinese, name) ? !chinese : chinese;
    }
    return str_from_cstr(chinese ? row_columns[k].name_zh : row_columns[k].name_en);
}

/* The field has a column of its own. */
static bool stands_alone(const struct datum *of)
{
    bool alone = true;
    for (uint32_t k = 0; k < ROW__N; k++) {
        alone &= !is_day(k) || (!is_name(k, true, of->name) && !is_name(k, false, of->name));
    }
    return alone;
}

static void write_date(struct csv_writer *w, struct date d)
{
    char text[DATE_TEXT_BYTES];
    csv_write_field(w, date_is_sentinel(d) ? STR("") : date_text(d, text));
}

static void write_row(const struct desk *d, const struct register_view *v, const struct entry *t,
                      bool chinese, struct csv_writer *w)
{
    const struct reg_row *row = entry_row(t);
    csv_write_field(w, t->id);
    write_date(w, row->dated ? row->day : DATE_MIN);
    write_date(w, row->since);
    write_date(w, row->until);
    write_date(w, row->revoked);
    for (uint32_t i = 0; i < d->plan->regs[v->reg].n_fields; i++) {
        const struct datum *of = &register_field(d, v, i)->d;
        if (stands_alone(of)) {
            const struct value value = reg_row_value(row, i);
            csv_write_field(w, cell_shown(d->a, of, &value, chinese));
        }
    }
    csv_write_field(w, str_from_cstr(entry_state_text(t->doc.state, chinese)));
    csv_write_end(w);
}

void register_write_csv(const struct desk *d, const struct register_view *v, bool chinese,
                        struct buf *out)
{
    struct csv_writer w;
    csv_write_init(&w, out, true, true);
    for (uint32_t k = ROW_ID; k < ROW_STATE; k++) {
        csv_write_field(&w, header(d, v, k, chinese));
    }
    for (uint32_t i = 0; i < d->plan->regs[v->reg].n_fields; i++) {
        if (stands_alone(&register_field(d, v, i)->d)) {
            csv_write_field(&w, register_field(d, v, i)->d.name);
        }
    }
    csv_write_field(&w, header(d, v, ROW_STATE, chinese));
    csv_write_end(&w);
    for (uint32_t i = 0; i < v->rows.n; i++) {
        if (entry_row(&v->rows.items[i]) != NULL) {
            write_row(d, v, &v->rows.items[i], chinese, &w);
        }
    }
}

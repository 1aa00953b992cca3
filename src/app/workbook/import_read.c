/* SPDX-License-Identifier: Apache-2.0 */
/* One workbook to entries: its sheets one after the other, each cell cleaned and kept. */
#include "app/workbook/import_int.h"
#include "app/load/load.h"
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "model/uom.h"

#define GUESSES_MAX 50U /* units that are looked for by likeness, of a workbook */

/* ---- saying --------------------------------------------------------------------------------- */

static const struct {
    enum import_level level;
    const char *code, *en, *zh, *mend_en, *mend_zh;
} texts[] = {
    {IMPORT_TOLD, "cell", "", "", "", ""},
#define IMPORT_SAYS(name, level, code, en, zh, mend_en, mend_zh)                                   \
    {IMPORT_##level, code, en, zh, mend_en, mend_zh},
#include "app/workbook/import.def"
};

enum import_level import_says_level(enum import_says s)
{
    return texts[s].level;
}

const char *import_says_code(const struct import_note *n)
{
    return n->says != IMPORT_SAYS_CELL  ? texts[n->says].code
           : n->fault != CLEAN_FAULT_OK ? clean_fault_words(n->fault).word
                                        : "cleaned";
}

struct import_place import_at(const struct import_reader *r, uint32_t row, uint32_t column)
{
    return (struct import_place){r->sheet, row, column};
}

void import_keep_note(struct import_run *run, uint32_t file, struct import_note n)
{
    struct import_file *f = &run->files.items[file];
    bool grave = n.level >= IMPORT_ASKED;
    uint32_t most = grave ? IMPORT_REFUSED_MAX : IMPORT_TOLD_MAX;
    uint32_t have = grave ? f->n_of[IMPORT_ASKED] + f->n_of[IMPORT_REFUSED]
                          : f->n_of[IMPORT_TOLD] + f->n_of[IMPORT_CLEANED];
    f->n_of[n.level]++;
    if (have < most) {
        n.a = str_dup(run->a, n.a);
        n.b = str_dup(run->a, n.b);
        vec_push(run->a, &f->notes, n);
    }
}

void import_say_of(struct import_reader *r, struct import_place at, enum import_says says,
                   struct str a, struct str b, uint32_t unit, uint32_t datum)
{
    bool guess = says == IMPORT_SAYS_UNIT_UNKNOWN && b.n == 0 && a.n > 0;
    if (guess && !str_eq(a, r->guess_of) && r->n_guesses < GUESSES_MAX) {
        r->guess = import_unit_near(r->n, a);
        r->guess_of = str_dup(r->work, a);
        r->n_guesses++;
    }
    b = guess && str_eq(a, r->guess_of) ? r->guess : b;
    import_keep_note(r->run, r->file,
                     (struct import_note){.at = at,
                                          .level = texts[says].level,
                                          .says = says,
                                          .a = a,
                                          .b = b,
                                          .unit = unit,
                                          .datum = datum});
    if (unit != NONE && datum != NONE && texts[says].level >= IMPORT_ASKED) {
        struct import_kept *c = &import_entry_of(r, unit, at)->cells[datum];
        c->is = IMPORT_CELL_REFUSED;
        c->at = at;
    }
}

void import_say(struct import_reader *r, struct import_place at, enum import_says says,
                struct str a, struct str b)
{
    import_say_of(r, at, says, a, b, NONE, NONE);
}

struct filling {
    struct str a, b;
};

static bool fill(const void *ctx, struct str key, struct buf *out)
{
    const struct filling *f = ctx;
    bool known = str_eq(key, STR("a")) || str_eq(key, STR("b"));
    if (known) {
        buf_str(out, str_eq(key, STR("a")) ? f->a : f->b);
    }
    return known;
}

/* A remark in brackets that would say nothing is left out. */
static void put_text(struct str text, const struct import_note *n, struct buf *out)
{
    struct filling f = {n->a, n->b};
    static const struct str idle[] = {STR_INIT(" (near: {b})"), STR_INIT("（相近：{b}）")};
    for (uint32_t i = 0; i < 2 && n->b.n == 0; i++) {
        uint32_t at = str_find(text, idle[i], 0);
        text = at != STR_NONE ? str_sub(text, 0, at) : text;
    }
    buf_template(out, text, fill, &f);
}

static void put_cleaned(const struct import_note *n, bool chinese, struct buf *out)
{
    uint32_t k = 0;
    for (uint32_t i = 0; i < CLEAN_DID__COUNT; i++) {
        if ((n->did >> i & 1) != 0) {
            struct clean_words w = clean_did_words((enum clean_did)i);
            buf_printf(out, "%s%s", k++ == 0 ? "" : chinese ? "；" : "; ", chinese ? w.zh : w.en);
        }
    }
}

void import_note_text(const struct import_run *run, const struct import_note *n, bool chinese,
                      struct buf *out)
{
    (void)run;
    if (n->says != IMPORT_SAYS_CELL) {
        put_text(str_from_cstr(chinese ? texts[n->says].zh : texts[n->says].en), n, out);
        return;
    }
    if (n->fault == CLEAN_FAULT_OK) {
        put_cleaned(n, chinese, out);
        return;
    }
    struct clean_words w = clean_fault_words(n->fault);
    buf_printf(out, chinese ? "%s：%.*s" : "%s: %.*s", chinese ? w.zh : w.en, PS(n->a));
}

void import_note_mend(const struct import_run *run, const struct import_note *n, bool chinese,
                      struct buf *out)
{
    (void)run;
    if (n->says != IMPORT_SAYS_CELL) {
        put_text(str_from_cstr(chinese ? texts[n->says].mend_zh : texts[n->says].mend_en), n, out);
        return;
    }
    if (n->fault == CLEAN_FAULT_OK) {
        return;
    }
    struct clean_words w = clean_fault_words(n->fault);
    buf_puts(out, chinese ? w.mend_zh : w.mend_en);
    if (n->b.n > 0) {
        buf_printf(out, chinese ? "（可填：%.*s）" : " (maybe: %.*s)", PS(n->b));
    }
}

struct str import_place_text(const struct import_run *run, uint32_t file, struct import_place at,
                             bool with_file, struct arena *a)
{
    const struct import_file *f = &run->files.items[file];
    char cell[CELL_NAME_BYTES];
    struct buf b;
    buf_init_in(&b, a, 1 << 16);
    if (with_file) {
        buf_printf(&b, "%.*s ", PS(f->path));
    }
    if (f->n_sheets > 1 && at.sheet < f->n_sheets) {
        buf_printf(&b, "%.*s!", PS(f->sheets[at.sheet]));
    }
    if (at.row != NONE && at.column != NONE) {
        buf_puts(&b, cell_name(at.row, at.column, cell));
    } else if (at.row != NONE) {
        buf_printf(&b, "%u:%u", at.row + 1, at.row + 1);
    }
    return str_trim(buf_view(&b));
}

/* ---- keeping -------------------------------------------------------------------------------- */

struct import_entry *import_entry_of(struct import_reader *r, uint32_t unit, struct import_place at)
{
    struct import_run *run = r->run;
    uint32_t k = 0;
    if (!map_u64_get(&run->by_unit, unit, &k)) {
        uint32_t n = import_asked_of(run->names)->n_datums;
        vec_push(run->a, &run->entries,
                 (struct import_entry){.unit = unit,
                                       .file = r->file,
                                       .at = at,
                                       .cells = ARENA_ARRAY(run->a, struct import_kept, n + 1U),
                                       .seen = -1});
        k = run->entries.n - 1;
        run->n_values += n;
        run->files.items[r->file].n_units++;
        map_u64_put(run->a, &run->by_unit, unit, k);
    }
    return &run->entries.items[k];
}

/* Two cells for one figure: equal ones are one; of different ones none is taken (decision 10). */
static void merge_cell(struct import_reader *r, const struct import_claim *c,
                       struct import_kept cell)
{
    const struct datum *d = import_asked_of(r->n)->datums[c->datum];
    struct import_entry *e = import_entry_of(r, c->unit, cell.at);
    struct import_kept *have = &e->cells[c->datum];
    bool said = have->is == IMPORT_CELL_VALUE || have->is == IMPORT_CELL_NOT_FOR_US;
    bool says = cell.is == IMPORT_CELL_VALUE || cell.is == IMPORT_CELL_NOT_FOR_US;
    if (have->is == IMPORT_CELL_ABSENT || have->is == IMPORT_CELL_BLANK ||
        (have->is == IMPORT_CELL_CLEARED && cell.is == IMPORT_CELL_CLEARED)) {
        *have = cell.is == IMPORT_CELL_BLANK && have->is == IMPORT_CELL_BLANK ? *have : cell;
        return;
    }
    if (said && says && import_same_value(d, have, &cell)) {
        import_say(r, cell.at, IMPORT_SAYS_TWICE_EQUAL, d->name,
                   import_place_text(r->run, r->file, have->at, false, r->work));
        return;
    }
    if (!says && cell.is != IMPORT_CELL_REFUSED) {
        return;
    }
    struct import_place first = have->at;
    struct str other = import_place_text(r->run, r->file, first, false, r->work);
    struct str this = import_place_text(r->run, r->file, cell.at, false, r->work);
    have->is = IMPORT_CELL_REFUSED;
    if (said || says) {
        import_say_of(r, first, IMPORT_SAYS_TWICE, d->name, this, c->unit, c->datum);
        import_say_of(r, cell.at, IMPORT_SAYS_TWICE, d->name, other, c->unit, c->datum);
        import_entry_of(r, c->unit, cell.at)->clash = true;
    }
}

/* ---- cleaning ------------------------------------------------------------------------------- */

static enum clean_want want_of(const struct datum *d)
{
    switch (d->type) {
    case VT_NUMBER:
        return d->decimals == 0 ? CLEAN_WHOLE : CLEAN_NUMBER;
    case VT_BOOL:
        return CLEAN_BOOL;
    case VT_CHOICE:
        return CLEAN_CHOICE;
    case VT_DATE:
        return CLEAN_DATE;
    case VT_TEXT:
        break;
    }
    return CLEAN_TEXT;
}

static enum clean_percent percent_of(const struct import_reader *r, const struct datum *d)
{
    const struct import_asked *q = import_asked_of(r->n);
    enum clean_percent p = CLEAN_PERCENT_UNASKED;
    for (uint32_t i = 0; i < q->n_percent; i++) {
        struct str rest = q->percent[i];
        struct str name = STR("");
        (void)str_split(&rest, '=', &name);
        if (str_eq(import_fold(r->work, name), import_fold(r->work, d->name))) {
            p = str_eq(rest, STR("share")) ? CLEAN_PERCENT_SHARE : CLEAN_PERCENT_HUNDRED;
        }
    }
    return p;
}

bool import_next_measure(struct import_reader *r, struct str *rest, struct str *one,
                         struct dim *dim)
{
    struct rat factor;
    if (rest->n == 0) {
        return false;
    }
    uint32_t at = str_find(*rest, STR("、"), 0);
    uint32_t comma = str_find(*rest, STR(","), 0);
    uint32_t end = at < comma ? at : comma;
    *one = str_trim(str_sub(*rest, 0, end));
    *rest = end == STR_NONE ? STR("") : str_sub(*rest, end + (end == at ? 3 : 1), rest->n);
    if (!uom_parse_suffix(r->work, &import_asked_of(r->n)->plan->uom, *one, &factor, dim, NULL)) {
        *one = STR("");
    }
    return true;
}

/* Of `单位：人、万元` the one that measures what the item does (decision 9). */
static struct str table_measure(struct import_reader *r, const struct datum *d)
{
    struct str rest = r->measures;
    struct str found = STR("");
    struct str one;
    struct dim dim;
    while (import_next_measure(r, &rest, &one, &dim)) {
        if (one.n > 0 && (dim_eq(dim, d->dim) || dim_is_none(dim))) {
            found = one;
        }
    }
    return found;
}

/* What a number has to keep to beside its type; IMPORT_SAYS_CELL: it does. */
static enum import_says number_fault(struct import_reader *r, const struct datum *d,
                                     struct rat number, struct import_cell *cell, struct str *b)
{
    struct rat ten = rat_int(1);
    for (uint32_t i = 0; i < d->decimals; i++) {
        ten = rat_mul(r->work, ten, rat_int(10));
    }
    *b = d->name;
    cell->value.num = rat_dup(r->run->a, rat_mul(r->run->a, number, d->factor)); /* C34 */
    if (rat_cmp(rat_abs(r->work, number), rat_int(LOAD_MAGNITUDE_MAX)) > 0) {
        return IMPORT_SAYS_TOO_LARGE;
    }
    if (!rat_is_int(rat_mul(r->work, number, ten))) {
        *b = rat_frac_str(r->work, rat_int(d->decimals));
        return IMPORT_SAYS_DECIMALS;
    }
    bool within = rat_cmp(cell->value.num, d->lo) >= 0 && rat_cmp(cell->value.num, d->hi) <= 0;
    return within ? IMPORT_SAYS_CELL : IMPORT_SAYS_BOUNDS;
}

static enum import_says value_of(struct import_reader *r, const struct datum *d,
                                 const struct clean_value *v, struct import_cell *cell,
                                 struct str *b)
{
    cell->is = IMPORT_CELL_VALUE;
    cell->value = (struct value){.has = true, .num = rat_zero(), .text = STR("")};
    switch (d->type) {
    case VT_NUMBER:
        return number_fault(r, d, v->number, cell, b);
    case VT_BOOL:
        cell->value.num = rat_int(v->yes);
        break;
    case VT_CHOICE:
        cell->value.num = rat_int(v->choice);
        cell->value.text = d->choices[v->choice];
        break;
    case VT_DATE:
        cell->value.num = rat_int(v->date.days);
        break;
    case VT_TEXT:
        cell->value.text = str_dup(r->run->a, v->text);
        return v->text.n > IMPORT_TEXT_MAX ? IMPORT_SAYS_TOO_LONG : IMPORT_SAYS_CELL;
    }
    return IMPORT_SAYS_CELL;
}

/* As the CSV of a form has them, texts of yes and no included. */
static struct str shown_of(struct import_reader *r, const struct sheet_cell *c)
{
    return c != NULL ? str_dup(r->work, str_trim(c->text)) : STR("");
}

/* Of an exported form: unchanged, or taken away since. */
static bool is_as_exported(struct import_reader *r, const struct import_claim *c,
                           struct import_cell *cell)
{
    const struct datum *d = import_asked_of(r->n)->datums[c->datum];
    if (cell->is == IMPORT_CELL_BLANK) {
        cell->is = c->was->n > 0 ? IMPORT_CELL_CLEARED : cell->is;
        return c->was->n == 0;
    }
    return cell->is == IMPORT_CELL_VALUE && str_eq(cell_text(r->work, d, &cell->value), *c->was);
}

static struct import_cell judge(struct import_reader *r, const struct import_claim *c,
                                const struct sheet_cell *from, const struct clean_value *v)
{
    const struct datum *d = import_asked_of(r->n)->datums[c->datum];
    struct import_cell cell = {.is = IMPORT_CELL_BLANK, .at = import_at(r, c->row, c->column)};
    struct import_note note = {.at = cell.at,
                               .says = IMPORT_SAYS_CELL,
                               .did = v->did,
                               .fault = v->fault,
                               .a = shown_of(r, from),
                               .b = v->suggestion,
                               .unit = c->unit,
                               .datum = c->datum};
    struct str b = STR("");
    cell.value.num = rat_zero();
    if (c->was != NULL) {
        cell.was = str_dup(r->run->a, *c->was);
    }
    if (v->state == CLEAN_QUESTION || v->state == CLEAN_REFUSED) {
        note.level = v->state == CLEAN_QUESTION ? IMPORT_ASKED : IMPORT_REFUSED;
        cell.is = IMPORT_CELL_REFUSED;
        import_keep_note(r->run, r->file, note);
    } else if (v->state == CLEAN_VALUE) {
        enum import_says says = value_of(r, d, v, &cell, &b);
        if (says != IMPORT_SAYS_CELL) {
            cell.is = IMPORT_CELL_REFUSED;
            import_say_of(r, cell.at, says, note.a, b, NONE, c->datum);
        }
    } else if (v->state == CLEAN_NOT_APPLICABLE) {
        cell.is = IMPORT_CELL_NOT_FOR_US;
        import_say(r, cell.at, IMPORT_SAYS_NOT_FOR_US, note.a, STR(""));
    }
    if (c->was != NULL && is_as_exported(r, c, &cell)) {
        cell.is = IMPORT_CELL_ABSENT;
        return cell;
    }
    uint32_t worth = v->did & ~(1U << CLEAN_DID_NOT_FOR_US);
    if (worth != 0 && cell.is != IMPORT_CELL_REFUSED && v->state != CLEAN_NOT_APPLICABLE) {
        note.level = IMPORT_CLEANED;
        note.did = worth;
        import_keep_note(r->run, r->file, note);
    }
    return cell;
}

struct import_cell import_clean(struct import_reader *r, const struct import_claim *c)
{
    const struct import_asked *q = import_asked_of(r->n);
    const struct datum *d = q->datums[c->datum];
    struct arena_mark mark = arena_mark(r->work);
    struct clean_value v;
    struct clean_ask ask = {.want = want_of(d),
                            .units = &q->plan->uom,
                            .unit = d->unit,
                            .header_unit = c->measure,
                            .percent = percent_of(r, d),
                            .choices = d->choices,
                            .n_choices = d->n_choices,
                            .date1904 = r->grid->book.date1904,
                            .csv = r->grid->book.kind == WORKBOOK_CSV};
    if (ask.header_unit.n == 0 && d->type == VT_NUMBER && r->measures.n > 0) {
        ask.header_unit = table_measure(r, d);
        if (ask.header_unit.n > 0 && !r->measure_told[c->datum]) {
            r->measure_told[c->datum] = true;
            import_say(r, import_at(r, NONE, NONE), IMPORT_SAYS_TABLE_MEASURE, ask.header_unit,
                       d->name);
        }
    }
    const struct sheet_cell *cell =
        c->cell != NULL ? c->cell : view_shown(&r->v, c->row, c->column);
    /* A text as it was exported is unchanged, whatever cleaning would make of it. */
    bool same_text =
        c->was != NULL && d->type == VT_TEXT && cell != NULL && str_eq(cell->text, *c->was);
    struct import_cell out = {.is = IMPORT_CELL_ABSENT};
    if (!same_text) {
        cell_clean(r->work, cell, &ask, &v);
        out = judge(r, c, cell, &v);
    }
    arena_rewind(r->work, mark);
    return out;
}

void import_take(struct import_reader *r, const struct import_claim *c)
{
    struct import_cell cell = import_clean(r, c);
    if (cell.is != IMPORT_CELL_ABSENT) {
        merge_cell(r, c, import_keep(r->run->a, &cell));
    }
}

/* ---- a workbook ----------------------------------------------------------------------------- */

static void read_sheet(struct import_reader *r)
{
    const struct workbook_sheet *s = &r->grid->book.sheets[r->sheet];
    r->found = false;
    if (!s->table || r->grid->sheets[r->sheet].rows.n == 0) {
        return;
    }
    if (s->visible != WORKBOOK_VISIBLE) {
        import_say(r, import_at(r, NONE, NONE), IMPORT_SAYS_HIDDEN_SHEET, s->name, STR(""));
        return;
    }
    if (import_view_make(r->work, &r->grid->sheets[r->sheet], s, &r->v) != RC_OK) {
        import_say(r, import_at(r, NONE, NONE), IMPORT_SAYS_TOO_MUCH, STR(""), STR(""));
        return;
    }
    if (!import_surroundings(r)) {
        r->found = true; /* of another period, which is said */
        return;
    }
    bool *taken = ARENA_ARRAY(r->work, bool, r->v.n_rows + 1U);
    import_across(r, taken);
    import_down(r, taken);
}

static void read_sheets(struct import_reader *r)
{
    bool found = false;
    if (import_form(r)) {
        return;
    }
    for (r->sheet = 0; r->sheet < r->grid->book.n_sheets; r->sheet++) {
        struct import_file *f = &r->run->files.items[r->file];
        uint32_t before = f->notes.n;
        read_sheet(r);
        found |= r->found;
        if (!r->found && r->grid->sheets[r->sheet].rows.n > 0 && f->notes.n >= before) {
            import_say(r, import_at(r, NONE, NONE), IMPORT_SAYS_NO_TABLE,
                       r->grid->book.sheets[r->sheet].name, STR(""));
        }
    }
    r->sheet = 0;
    if (!found) {
        import_say(r, import_at(r, NONE, NONE), IMPORT_SAYS_NOTHING, STR(""), STR(""));
    }
}

static uint64_t cells_of(const struct grid *g)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < g->book.n_sheets; i++) {
        for (uint32_t k = 0; k < g->sheets[i].rows.n; k++) {
            n += g->sheets[i].rows.items[k].n;
        }
    }
    return n;
}

/* The name of a file without folders and extension. */
static struct str stem_of(struct str path)
{
    uint32_t from = 0;
    uint32_t dot = path.n;
    for (uint32_t i = 0; i < path.n; i++) {
        from = path.p[i] == '/' ? i + 1 : from;
    }
    for (uint32_t i = from + 1; i < path.n; i++) {
        dot = path.p[i] == '.' ? i : dot;
    }
    return str_sub(path, from, dot);
}

static uint32_t area_of_folder(struct import_reader *r, struct str folder)
{
    struct str rest = folder;
    struct str part = STR("");
    uint32_t found = NONE;
    while (str_split(&rest, '/', &part)) {
        uint32_t area = part.n > 0 ? import_area(r->work, r->n, part) : NONE;
        found = area != NONE ? area : found;
    }
    return found;
}

/* Names of sheets, and what path and folders say. */
void import_open(struct import_reader *r, const struct grid *g, struct str folder)
{
    struct import_run *run = r->run;
    struct import_file *f = &run->files.items[r->file];
    struct str *names = ARENA_ARRAY(run->a, struct str, g->book.n_sheets + 1U);
    for (uint32_t i = 0; i < g->book.n_sheets; i++) {
        names[i] = str_dup(run->a, g->book.sheets[i].name);
    }
    f->sheets = names;
    f->n_sheets = g->book.n_sheets;
    r->grid = g;
    r->stem = stem_of(f->path);
    r->unit = r->area = NONE;
    r->measure_told = ARENA_ARRAY(r->work, bool, import_asked_of(r->n)->n_datums + 1U);
    r->folder_area = area_of_folder(r, folder);
}

static void count(struct import_run *run, uint32_t first)
{
    const struct import_asked *q = import_asked_of(run->names);
    for (uint32_t i = first; i < run->entries.n; i++) {
        const struct import_entry *e = &run->entries.items[i];
        struct import_file *f = &run->files.items[e->file];
        f->n_values += import_given(q, e);
        for (uint32_t k = 0; k < q->n_datums; k++) {
            f->n_blank += e->cells[k].is == IMPORT_CELL_BLANK ? 1 : 0;
        }
    }
}

/* What went wrong with a file as a whole stays with it (IM3). */
static void failed(struct import_run *run, uint32_t file, enum rc rc, struct err *e)
{
    struct import_file *f = &run->files.items[file];
    f->rc = rc;
    f->why = str_dup(run->a, str_from_cstr(e->primary_en));
    f->why_zh = str_dup(run->a, str_from_cstr(e->primary_zh));
    err_clear(e);
}

static enum rc too_much(const struct import_run *run, struct err *e)
{
    enum rc rc = err_set(e, RC_LIMIT, "too much for one import: %u files, %u figures",
                         "一次导入的内容过多：%u 个文件，%u 项数据", run->files.n, run->n_values);
    err_hint(e, "Import in parts, for example county by county.", "请分批导入，例如逐个旗县。");
    return rc;
}

/* A workbook that was read, or why it was not. */
static void take_grid(struct import_run *run, struct arena *work, const struct grid *g,
                      struct str folder)
{
    uint32_t first = run->entries.n;
    struct import_reader r = {.run = run, .n = run->names, .work = work, .file = run->files.n - 1};
    run->by_unit = (struct map_u64){0};
    run->names->cache->here.a = &run->texts;
    import_open(&r, g, folder);
    if (cells_of(g) > IMPORT_CELLS_MAX) {
        import_say(&r, import_at(&r, NONE, NONE), IMPORT_SAYS_TOO_MUCH, STR(""), STR(""));
    } else {
        read_sheets(&r);
        count(run, first);
    }
}

void import_begin(struct import_run *run)
{
    size_t most = run->a->limit_bytes;
    if (!run->working) {
        arena_init(&run->work, most < IMPORT_WORK_BYTES ? most : IMPORT_WORK_BYTES, "import");
        arena_init_below(&run->texts, &run->work, "texts of an import");
        run->working = true;
    }
}

/* Its first block stays with it (base/arena.h): thousands of workbooks need not clear new ones. */
void import_rest(struct import_run *run)
{
    const struct arena_mark empty = {0};
    if (run->names != NULL) {
        run->names->cache->here = (struct import_texts){0};
    }
    arena_rewind(&run->texts, empty);
    arena_rewind(&run->work, empty);
}

void import_drop(struct import_run *run)
{
    if (run->working) {
        import_rest(run);
        arena_release(&run->texts);
        arena_release(&run->work);
        run->working = false;
    }
}

/* What is done with one workbook, in an arena that may stop it. */
struct reading {
    struct import_run *run;
    const char *path, *from; /* as it is called, and where it lies */
    struct str folder;
    const struct grid *grid; /* NULL: to be read */
    struct err *e;
    enum rc rc;
};

static void read_workbook(void *ctx)
{
    struct reading *x = ctx;
    struct import_run *run = x->run;
    const struct grid *g = x->grid;
    if (g == NULL) {
        struct grid *own = ARENA_NEW(&run->work, struct grid);
        struct str bytes;
        x->rc = file_read(&run->work, x->from, WORKBOOK_BYTES_MAX, &bytes, x->e);
        x->rc = x->rc == RC_OK ? grid_read_bytes(&run->work, x->path, bytes, own, x->e) : x->rc;
        g = own;
    }
    if (x->rc == RC_OK) {
        take_grid(run, &run->work, g, x->folder);
    }
}

static enum rc read_in_arena(struct reading *x)
{
    struct import_run *run = x->run;
    if (run->files.n >= IMPORT_FILES_MAX || run->n_values >= IMPORT_VALUES_MAX) {
        return too_much(run, x->e);
    }
    vec_push(run->a, &run->files,
             (struct import_file){.path = str_dup(run->a, str_from_cstr(x->path)),
                                  .from = str_dup(run->a, str_from_cstr(x->from))});
    import_begin(run);
    enum rc rc = arena_run(&run->work, read_workbook, x);
    import_rest(run);
    if (rc != RC_OK) {
        err_clear(x->e);
        x->rc = err_set(x->e, RC_LIMIT, "the workbook needs more than %u MiB of memory",
                        "该工作簿需要超过 %u MiB 内存", (uint32_t)(IMPORT_WORK_BYTES >> 20));
    }
    if (x->rc != RC_OK) {
        failed(run, run->files.n - 1, x->rc, x->e);
    }
    return RC_OK;
}

enum rc import_grid(struct import_run *run, const char *path, const struct grid *g,
                    struct str folder, struct err *e)
{
    struct reading x = {
        .run = run, .path = path, .from = path, .folder = folder, .grid = g, .e = e};
    return read_in_arena(&x);
}

enum rc import_file(struct import_run *run, const char *path, struct str folder, struct err *e)
{
    return import_file_as(run, path, path, folder, e);
}

enum rc import_file_as(struct import_run *run, const char *from, const char *path,
                       struct str folder, struct err *e)
{
    struct reading x = {.run = run, .path = path, .from = from, .folder = folder, .e = e};
    return read_in_arena(&x);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A grid as a plain .xlsx, which then is annotated: what an .xls or a table of text becomes.
 * Numbers keep their digits as stored; a library would take them as binary fractions.
 */
#include <string.h>

#include "base/utf8.h"
#include "io/note_int.h"

#define MAIN           "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE         "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define SHEET_TYPE     "application/vnd.openxmlformats-officedocument.spreadsheetml."
#define DECLARATION    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define NAME_MAX_UTF16 31U /* of a sheet */
#define WIDTH_LEAST    9U
#define WIDTH_MOST     50U
#define DECIMALS_MAX   10U

/* An archive with one empty part, `[Content_Types].xml`, of the first day of 1980. */
static const char empty_archive[] =
    "PK\003\004\024\000\000\000\000\000\000\000!\000\000\000\000\000\000\000\000\000\000\000"
    "\000\000\023\000\000\000"
    "[Content_Types].xml"
    "PK\001\002\024\003\024\000\000\000\000\000\000\000!\000\000\000\000\000\000\000\000\000"
    "\000\000\000\000\023\000\000\000\000\000\000\000\000\000\000\000\200\001\000\000\000\000"
    "[Content_Types].xml"
    "PK\005\006\000\000\000\000\001\000\001\000A\000\000\000\061\000\000\000\000\000";

struct format {
    struct str code; /* empty: as it is */
    bool apostrophe;
};

struct making {
    struct xlsx x;
    struct note_package p;
    const struct grid *g;
    VEC(struct format) formats;
    struct str out;
    enum rc rc;
};

static void put(struct making *m, struct str name, struct buf *b)
{
    note_part_write(&m->p, name, buf_view(b));
    m->rc = b->overflow && m->rc == RC_OK
                ? xlsx_too_much(&m->x, "bytes in a part", "字节（单个部件）", NOTE_PART_BYTES_MAX)
                : m->rc;
}

/* ---- formats -------------------------------------------------------------------------------- */

/* Digits behind the point of a number as stored, UINT32_MAX: it has an exponent. */
static uint32_t decimals_of(struct str number)
{
    uint32_t point = str_find(number, STR("."), 0);
    bool exponent = number.n > 0 && (memchr(number.p, 'E', number.n) != NULL ||
                                     memchr(number.p, 'e', number.n) != NULL);
    return exponent ? UINT32_MAX : point == STR_NONE ? 0 : number.n - point - 1;
}

/* `0.00` with so many decimals, and what stands behind. */
static struct str digits_code(struct making *m, uint32_t decimals, const char *behind)
{
    decimals = decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals;
    return note_text(m->x.a, "0%s%.*s%s", decimals > 0 ? "." : "", (int)decimals, "0000000000",
                     behind);
}

/* A code of the class of the cell's format, that shows all of its digits. */
static struct str code_of(struct making *m, const struct sheet_cell *c)
{
    uint32_t decimals = c->kind == CELL_NUMBER ? decimals_of(c->text) : 0;
    switch (c->format) {
    case NF_NUMBER:
        if (c->zeros > 0) {
            return note_text(m->x.a, "%0*d", c->zeros, 0);
        }
        return decimals == UINT32_MAX ? STR("0.00E+00") : digits_code(m, decimals, "");
    case NF_PERCENT:
        return digits_code(m, decimals == UINT32_MAX || decimals < 2 ? 0 : decimals - 2, "%");
    case NF_DATE:
        return decimals == 0 ? STR("yyyy-mm-dd") : STR("yyyy-mm-dd hh:mm:ss");
    case NF_TIME:
        return STR("[h]:mm:ss");
    case NF_TEXT:
        return STR("@");
    case NF_SCALED:
        return STR("0!.0,\"万\"");
    case NF_MISLEADS:
        return STR("#,##0,");
    case NF_OTHER:
        return STR("# ?/?");
    default:
        return STR("");
    }
}

static uint32_t format_of(struct making *m, const struct sheet_cell *c)
{
    struct format format = {code_of(m, c), (c->flags & CELL_APOSTROPHE) != 0};
    for (uint32_t i = 0; i < m->formats.n; i++) {
        const struct format *have = &m->formats.items[i];
        if (str_eq(have->code, format.code) && have->apostrophe == format.apostrophe) {
            return i;
        }
    }
    vec_push(m->x.a, &m->formats, format);
    return m->formats.n - 1;
}

static void put_styles(struct making *m)
{
    struct buf b;
    buf_init_in(&b, m->x.a, NOTE_PART_BYTES_MAX);
    buf_printf(&b, DECLARATION "<styleSheet xmlns=\"" MAIN "\"><numFmts count=\"%u\">",
               m->formats.n);
    for (uint32_t i = 0; i < m->formats.n; i++) {
        struct str code = m->formats.items[i].code;
        buf_printf(&b, "<numFmt numFmtId=\"%u\" formatCode=\"", 164 + i);
        note_put_text(&b, code.n > 0 ? code : STR("General"));
        buf_puts(&b, "\"/>");
    }
    buf_printf(&b,
               "</numFmts><fonts count=\"1\"><font><sz val=\"11\"/><name val=\"宋体\"/>"
               "<charset val=\"134\"/></font></fonts><fills count=\"2\"><fill><patternFill "
               "patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>"
               "</fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/>"
               "</border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" "
               "fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"%u\">",
               m->formats.n);
    for (uint32_t i = 0; i < m->formats.n; i++) {
        const struct format *f = &m->formats.items[i];
        buf_printf(&b,
                   "<xf numFmtId=\"%u\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
                   "applyNumberFormat=\"1\"%s/>",
                   f->code.n > 0 ? 164 + i : 0, f->apostrophe ? " quotePrefix=\"1\"" : "");
    }
    buf_puts(&b, "</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" "
                 "builtinId=\"0\"/></cellStyles></styleSheet>");
    put(m, STR("xl/styles.xml"), &b);
}

/* ---- a sheet -------------------------------------------------------------------------------- */

struct column {
    uint32_t width;
    bool hidden;
};

/* How wide the columns are that have something in them; *n of them. */
static struct column *columns_of(struct making *m, uint32_t sheet, uint32_t *n)
{
    const struct grid_sheet *s = &m->g->sheets[sheet];
    const struct workbook_sheet *told = &m->g->book.sheets[sheet];
    struct column *columns = ARENA_ARRAY(m->x.a, struct column, WORKBOOK_COLUMNS_MAX);
    *n = 0;
    for (uint32_t i = 0; i < s->rows.n; i++) {
        const struct workbook_row *row = &s->rows.items[i];
        for (uint32_t k = 0; k < row->n; k++) {
            struct column *c = &columns[row->cells[k].column];
            uint32_t width = row->cells[k].format == NF_DATE
                                 ? 2 * WIDTH_LEAST
                                 : utf8_width(utf8_cut(row->cells[k].text, 2 * WIDTH_MOST)) + 1;
            c->width = width > c->width ? width : c->width;
            *n = row->cells[k].column >= *n ? row->cells[k].column + 1 : *n;
        }
    }
    for (uint32_t i = 0; i < told->hidden_columns.n; i++) {
        const struct workbook_range *r = &told->hidden_columns.items[i];
        for (uint32_t k = r->column; k <= r->last_column && k < WORKBOOK_COLUMNS_MAX; k++) {
            columns[k].hidden = true;
        }
        *n = r->last_column >= *n ? r->last_column + 1 : *n;
    }
    *n = *n < WORKBOOK_COLUMNS_MAX ? *n : WORKBOOK_COLUMNS_MAX;
    return columns;
}

static void put_columns(struct making *m, uint32_t sheet, struct buf *b)
{
    uint32_t n = 0;
    struct column *columns = columns_of(m, sheet, &n);
    for (uint32_t i = 0, end = 0; i < n; i = end) {
        struct column c = columns[i];
        for (end = i + 1;
             end < n && columns[end].width == c.width && columns[end].hidden == c.hidden; end++) {
        }
        uint32_t width = c.width < WIDTH_LEAST  ? WIDTH_LEAST
                         : c.width > WIDTH_MOST ? WIDTH_MOST
                                                : c.width;
        buf_printf(b, "%s<col min=\"%u\" max=\"%u\" width=\"%u\" customWidth=\"1\"%s/>",
                   i == 0 ? "<cols>" : "", i + 1, end, width, c.hidden ? " hidden=\"1\"" : "");
    }
    buf_puts(b, n > 0 ? "</cols>" : "");
}

static void put_cell(struct making *m, uint32_t row, const struct sheet_cell *c, struct buf *b)
{
    static const char *const types[] = {[CELL_NUMBER] = "",
                                        [CELL_BOOL] = " t=\"b\"",
                                        [CELL_ERROR] = " t=\"e\"",
                                        [CELL_DATE] = " t=\"d\""};
    char name[CELL_NAME_BYTES];
    bool text = c->kind == CELL_TEXT || c->kind == CELL_ODD;
    if (c->kind == CELL_BLANK || c->text.n == 0) {
        return;
    }
    buf_printf(b, "<c r=\"%s\" s=\"%u\"%s>", cell_name(row, c->column, name), format_of(m, c),
               text ? " t=\"inlineStr\"" : types[c->kind]);
    buf_puts(b, text ? "<is><t xml:space=\"preserve\">" : "<v>");
    note_put_text(b, c->text);
    buf_puts(b, text ? "</t></is></c>" : "</v></c>");
}

static void put_merged(const struct workbook_sheet *s, struct buf *b)
{
    char first[CELL_NAME_BYTES];
    char last[CELL_NAME_BYTES];
    if (s->merged.n == 0) {
        return;
    }
    buf_printf(b, "<mergeCells count=\"%u\">", s->merged.n);
    for (uint32_t i = 0; i < s->merged.n; i++) {
        const struct workbook_range *r = &s->merged.items[i];
        buf_printf(b, "<mergeCell ref=\"%s:%s\"/>", cell_name(r->row, r->column, first),
                   cell_name(r->last_row, r->last_column, last));
    }
    buf_puts(b, "</mergeCells>");
}

static struct str sheet_part(struct making *m, uint32_t sheet)
{
    return note_text(m->x.a, "xl/worksheets/sheet%u.xml", sheet + 1);
}

static void put_sheet(struct making *m, uint32_t sheet)
{
    const struct grid_sheet *s = &m->g->sheets[sheet];
    struct buf b;
    buf_init_in(&b, m->x.a, NOTE_PART_BYTES_MAX);
    buf_puts(&b, DECLARATION "<worksheet xmlns=\"" MAIN "\">");
    put_columns(m, sheet, &b);
    buf_puts(&b, "<sheetData>");
    for (uint32_t i = 0; i < s->rows.n; i++) {
        const struct workbook_row *row = &s->rows.items[i];
        buf_printf(&b, "<row r=\"%u\"%s>", row->row + 1, row->hidden ? " hidden=\"1\"" : "");
        for (uint32_t k = 0; k < row->n; k++) {
            put_cell(m, row->row, &row->cells[k], &b);
        }
        buf_puts(&b, "</row>");
    }
    buf_puts(&b, "</sheetData>");
    put_merged(&m->g->book.sheets[sheet], &b);
    buf_puts(&b, "</worksheet>");
    put(m, sheet_part(m, sheet), &b);
}

/* ---- the workbook --------------------------------------------------------------------------- */

/* A name that a spreadsheet takes: short, without the marks of references, not said before. */
static struct str name_of(struct making *m, struct map *names, uint32_t sheet)
{
    struct str name = m->g->book.sheets[sheet].name;
    struct buf b;
    uint32_t units = 0;
    uint32_t n = 0;
    buf_init_in(&b, m->x.a, 4 * (NAME_MAX_UTF16 + 1));
    for (uint32_t i = 0; i < name.n && units < NAME_MAX_UTF16 - 1; i += n) {
        uint32_t cp = 0;
        n = utf8_decode(name, i, &cp);
        bool odd = cp < 0x20 || (cp < 0x80 && memchr("[]:*?/\\'", (int)cp, 8) != NULL);
        buf_put_cp(&b, odd ? '_' : cp);
        units += cp > 0xffff ? 2 : 1;
    }
    struct str out = buf_view(&b);
    if (out.n == 0 || map_get(names, out, NULL)) {
        out = note_text(m->x.a, "Sheet%u", sheet + 1);
    }
    map_put(m->x.a, names, out, sheet);
    return out;
}

/* Spreadsheets want one sheet to be seen. */
static bool none_visible(const struct workbook *book)
{
    for (uint32_t i = 0; i < book->n_sheets; i++) {
        if (book->sheets[i].visible == WORKBOOK_VISIBLE) {
            return false;
        }
    }
    return true;
}

static void put_book(struct making *m)
{
    static const char *const states[] = {[WORKBOOK_VISIBLE] = "",
                                         [WORKBOOK_HIDDEN] = " state=\"hidden\"",
                                         [WORKBOOK_VERY_HIDDEN] = " state=\"veryHidden\""};
    const struct workbook *book = &m->g->book;
    struct map names = {0};
    struct buf b;
    buf_init_in(&b, m->x.a, NOTE_PART_BYTES_MAX);
    buf_printf(&b,
               DECLARATION "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE
                           "\"><workbookPr%s/><sheets>",
               book->date1904 ? " date1904=\"1\"" : "");
    for (uint32_t i = 0; i < book->n_sheets; i++) {
        bool shown = i == 0 && none_visible(book);
        buf_puts(&b, "<sheet name=\"");
        note_put_text(&b, name_of(m, &names, i));
        buf_printf(&b, "\" sheetId=\"%u\"%s r:id=\"rId%u\"/>", i + 1,
                   shown ? "" : states[book->sheets[i].visible], i + 1);
    }
    buf_puts(&b, "</sheets></workbook>");
    put(m, STR("xl/workbook.xml"), &b);
}

static void put_relations(struct making *m)
{
    uint32_t n = m->g->book.n_sheets;
    struct buf b;
    buf_init_in(&b, m->x.a, NOTE_PART_BYTES_MAX);
    buf_puts(&b, DECLARATION "<Relationships "
                             "xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                             "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
                             "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
    put(m, STR("_rels/.rels"), &b);
    buf_init_in(&b, m->x.a, NOTE_PART_BYTES_MAX);
    buf_puts(&b, DECLARATION "<Relationships "
                             "xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                             "relationships\">");
    for (uint32_t i = 0; i < n; i++) {
        buf_printf(&b,
                   "<Relationship Id=\"rId%u\" Type=\"" OFFICE
                   "/worksheet\" Target=\"worksheets/sheet%u.xml\"/>",
                   i + 1, i + 1);
    }
    buf_printf(&b,
               "<Relationship Id=\"rId%u\" Type=\"" OFFICE
               "/styles\" Target=\"styles.xml\"/></Relationships>",
               n + 1);
    put(m, STR("xl/_rels/workbook.xml.rels"), &b);
}

static void put_types(struct making *m)
{
    struct buf b;
    buf_init_in(&b, m->x.a, NOTE_PART_BYTES_MAX);
    buf_puts(&b, DECLARATION
             "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
             "<Default Extension=\"rels\" "
             "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
             "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
             "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" SHEET_TYPE
             "sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"" SHEET_TYPE
             "styles+xml\"/>");
    for (uint32_t i = 0; i < m->g->book.n_sheets; i++) {
        buf_printf(&b, "<Override PartName=\"/%.*s\" ContentType=\"" SHEET_TYPE "worksheet+xml\"/>",
                   PS(sheet_part(m, i)));
    }
    buf_puts(&b, "</Types>");
    put(m, STR("[Content_Types].xml"), &b);
}

static void run(void *ctx)
{
    struct making *m = ctx;
    struct str base = str_make(empty_archive, sizeof empty_archive - 1);
    enum rc rc = xlsx_zip_open(&m->x, base);
    put_types(m);
    put_relations(m);
    put_book(m);
    for (uint32_t i = 0; i < m->g->book.n_sheets; i++) {
        put_sheet(m, i);
    }
    put_styles(m);
    m->rc = rc != RC_OK ? rc : m->rc;
    m->rc = m->rc == RC_OK ? note_pack(&m->p, base, &m->out) : m->rc;
}

enum rc note_from_grid(struct arena *a, const char *path, const struct grid *g, struct str *out,
                       struct err *e)
{
    struct making *m = ARENA_NEW(a, struct making);
    m->x.a = a;
    m->x.path = path;
    m->x.e = e;
    m->p.x = &m->x;
    m->g = g;
    vec_push(a, &m->formats, (struct format){STR(""), false});
    enum rc rc = arena_run(a, run, m);
    note_release(&m->p);
    xlsx_release(&m->x);
    *out = m->out;
    return rc != RC_OK ? rc : m->rc;
}

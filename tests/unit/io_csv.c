/* SPDX-License-Identifier: Apache-2.0 */
/* The CSV reader with every fault and limit, binding, the tables, and the writer. */
#include "io/csv.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/rng.h"
#include "io/tables.h"
#include "tests/lib/test.h"
#include "tests/lib/tmpdir.h"

static struct arena arena;
static struct err err;
static struct csv_reader reader;
static struct csv_row row;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 256 << 20, "t");
    err_clear(&err);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static enum rc open_text(struct str text)
{
    err_clear(&err);
    return csv_open_text(&arena, &reader, "t.csv", text, &err);
}

static enum rc next(void)
{
    err_clear(&err);
    return csv_next(&reader, &row, &err);
}

static void assert_place(enum csv_fault fault, uint32_t line, uint32_t column)
{
    assert_int_equal(reader.place.fault, fault);
    assert_int_equal(reader.place.line, line);
    assert_int_equal(reader.place.column, column);
}

static void assert_end(void)
{
    assert_int_equal(next(), RC_OK);
    assert_int_equal(row.n, 0);
}

static void test_rows(void **state)
{
    (void)state;
    assert_int_equal(open_text(STR("代码, name \r\n1, 二 \n\"a,\"\"b\"\"\r\nc\",\"\"\n\r\n\n")),
                     RC_OK);
    assert_int_equal(reader.n_columns, 2);
    ASSERT_STR(reader.header[0].text, "代码");
    ASSERT_STR(reader.header[1].text, "name");
    assert_int_equal(next(), RC_OK);
    assert_int_equal(row.n, 2);
    assert_int_equal(row.row, 1);
    assert_int_equal(row.line, 2);
    ASSERT_STR(row.fields[0].text, "1");
    ASSERT_STR(row.fields[1].text, " 二 ");
    ASSERT_STR(csv_trim(row.fields[1].text), "二");
    assert_int_equal(row.fields[1].line, 2);
    assert_int_equal(row.fields[1].column, 3);
    assert_int_equal(next(), RC_OK);
    assert_int_equal(row.row, 2);
    assert_int_equal(row.line, 3);
    ASSERT_STR(row.fields[0].text, "a,\"b\"\r\nc");
    ASSERT_STR(row.fields[1].text, "");
    assert_int_equal(row.fields[1].line, 4); /* the line break within the quotes counts */
    assert_int_equal(row.fields[1].column, 4);
    assert_end();
    assert_end();
}

static void test_small_files(void **state)
{
    (void)state;
    assert_int_equal(open_text(STR("a,b")), RC_OK);
    assert_end();
    assert_int_equal(open_text(STR("a,b\n,")), RC_OK); /* no line end; two empty fields */
    assert_int_equal(next(), RC_OK);
    assert_int_equal(row.n, 2);
    assert_int_equal(row.fields[1].text.n, 0);
    assert_end();
    assert_int_equal(open_text(STR("a\n\nx\n\n")), RC_OK); /* one column: an empty line is a row */
    assert_int_equal(next(), RC_OK);
    assert_int_equal(row.n, 1);
    assert_int_equal(row.fields[0].text.n, 0);
    assert_int_equal(next(), RC_OK);
    ASSERT_STR(row.fields[0].text, "x");
    assert_end();
    ASSERT_STR(csv_trim(STR("\xe3\x80\x80 甲\t\xe3\x80\x80")), "甲");
}

/* Faults that end the reading: in the header, or in the one data row. */
static void test_fatal_faults(void **state)
{
    (void)state;
    static const struct {
        struct str text;
        enum csv_fault fault;
        enum rc rc;
        uint32_t line;
        uint32_t column;
        bool in_header;
    } cases[] = {
        {STR_INIT(""), CSV_EMPTY_FILE, RC_INPUT, 1, 1, true},
        {STR_INIT("\xef\xbb\xbf\r\n\n"), CSV_EMPTY_FILE, RC_INPUT, 1, 1, true},
        {STR_INIT("甲,乙\n1,\0"), CSV_NUL_BYTE, RC_INPUT, 2, 3, true},
        {STR_INIT("a,b\n1\xff,2"), CSV_BAD_ENCODING, RC_ENCODING, 2, 2, true},
        {STR_INIT("\xef\xbb\xbf\xb4\xfa"), CSV_BAD_ENCODING, RC_ENCODING, 1, 4, true},
        {STR_INIT("a,\n"), CSV_EMPTY_HEADER, RC_INPUT, 1, 3, true},
        {STR_INIT("甲, a,甲 "), CSV_DUPLICATE_HEADER, RC_INPUT, 1, 6, true},
        {STR_INIT("a,\"b\n1,2\n"), CSV_OPEN_QUOTE, RC_INPUT, 1, 3, true},
        {STR_INIT("a,b\n二,\"x\n\"\"y\n"), CSV_OPEN_QUOTE, RC_INPUT, 2, 3, false},
        {STR_INIT("a,b\n1,\"二\"x\n"), CSV_AFTER_QUOTE, RC_INPUT, 2, 6, false},
        {STR_INIT("a,b\n1,\"二\" \n"), CSV_AFTER_QUOTE, RC_INPUT, 2, 6, false},
        {STR_INIT("a,b\n1,二\"\n"), CSV_STRAY_QUOTE, RC_INPUT, 2, 4, false},
        {STR_INIT("a,b\n1,2\r3,4\n"), CSV_BARE_CR, RC_INPUT, 2, 4, false},
        {STR_INIT("a,b\n1,\"2\"\r"), CSV_BARE_CR, RC_INPUT, 2, 6, false},
    };
    for (uint32_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum rc rc = open_text(cases[i].text);
        if (!cases[i].in_header) {
            assert_int_equal(rc, RC_OK);
            rc = next();
            assert_int_equal(next(), rc); /* for ever */
        }
        assert_int_equal(rc, cases[i].rc);
        assert_place(cases[i].fault, cases[i].line, cases[i].column);
        assert_int_equal(err.rc, cases[i].rc);
    }
}

static void test_texts(void **state)
{
    (void)state;
    assert_int_equal(open_text(STR("甲,甲")), RC_INPUT);
    assert_string_equal(err.primary_en, "the column name stands twice \"甲\"");
    assert_string_equal(err.primary_zh, "列名重复 \"甲\"");
    assert_string_equal(err.detail_en, "reading t.csv:1:3");
    assert_string_equal(err.detail_zh, "读取 t.csv 第 1 行第 3 列");
    assert_int_equal(open_text(STR("a\n1\xff")), RC_ENCODING);
    assert_non_null(strstr(err.detail_en, "byte offset 3"));
    assert_non_null(strstr(err.detail_zh, "字节偏移 3"));
    assert_true(err.hint_zh[0] != '\0');
}

static void test_ragged_rows(void **state)
{
    (void)state;
    assert_int_equal(open_text(STR("a,b\n1\n1,2,3,4\n\n1,2\n")), RC_OK);
    assert_int_equal(next(), RC_INPUT);
    assert_place(CSV_TOO_FEW_FIELDS, 2, 2);
    assert_int_equal(row.n, 0);
    assert_int_equal(next(), RC_INPUT);
    assert_place(CSV_TOO_MANY_FIELDS, 3, 5);
    assert_int_equal(next(), RC_INPUT);
    assert_place(CSV_TOO_FEW_FIELDS, 4, 1);
    assert_int_equal(next(), RC_OK); /* the reader goes on behind them */
    assert_int_equal(row.row, 4);
    assert_int_equal(row.line, 5);
    ASSERT_STR(row.fields[1].text, "2");
    assert_end();
}

static void test_encodings(void **state)
{
    (void)state;
    assert_int_equal(open_text(STR("\xef\xbb\xbf代码\n1")), RC_OK);
    ASSERT_STR(reader.header[0].text, "代码");
    assert_int_equal(reader.header[0].column, 1);
    assert_int_equal(open_text(STR("\xb4\xfa\xc2\xeb,b\n\xc3\xfb,1")), RC_OK);
    ASSERT_STR(reader.header[0].text, "代码");
    assert_int_equal(next(), RC_OK);
    ASSERT_STR(row.fields[0].text, "名");
    assert_int_equal(row.fields[1].column, 3);
    const char *dir = tmpdir_make(&arena);
    const char *path = tmpdir_write(&arena, dir, "facts.csv", STR("\xb4\xfa\xc2\xeb\n1"));
    assert_int_equal(csv_open(&arena, &reader, path, 6, &err), RC_OK);
    ASSERT_STR(reader.header[0].text, "代码");
    assert_int_equal(csv_open(&arena, &reader, path, 5, &err), RC_LIMIT);
    err_clear(&err);
    assert_int_equal(csv_open(&arena, &reader, dir, 5, &err), RC_INPUT);
    tmpdir_remove(dir);
}

/* A text of count times unit, between head and tail. */
static struct str repeated(const char *head, const char *unit, uint32_t count, const char *tail)
{
    struct buf b;
    buf_init(&b, 64 << 20);
    buf_puts(&b, head);
    for (uint32_t i = 0; i < count; i++) {
        buf_puts(&b, unit);
    }
    buf_puts(&b, tail);
    assert_false(b.overflow);
    struct str text = buf_move(&arena, &b);
    return text;
}

static void test_field_limit(void **state)
{
    (void)state;
    const uint32_t max = CSV_FIELD_BYTES_MAX;
    assert_int_equal(open_text(repeated("a\n", "x", max, "")), RC_OK);
    assert_int_equal(next(), RC_OK);
    assert_int_equal(row.fields[0].text.n, max);
    assert_int_equal(open_text(repeated("a\n", "x", max + 1, "")), RC_OK);
    assert_int_equal(next(), RC_LIMIT);
    assert_place(CSV_LONG_FIELD, 2, 1);
    assert_int_equal(open_text(repeated("a\n\"", "\"\"", max, "\"")), RC_OK);
    assert_int_equal(next(), RC_OK); /* quotes are counted once they are resolved */
    assert_int_equal(row.fields[0].text.n, max);
    assert_int_equal(open_text(repeated("a\n\"", "\"\"", max + 1, "\"")), RC_OK);
    assert_int_equal(next(), RC_LIMIT);
    assert_place(CSV_LONG_FIELD, 2, 1);
}

static void test_column_limit(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    for (uint32_t i = 1; i < CSV_COLUMNS_MAX; i++) {
        buf_printf(&b, "c%03u,", i);
    }
    uint32_t n = b.n;
    buf_puts(&b, "last\n");
    assert_int_equal(open_text(buf_view(&b)), RC_OK);
    assert_int_equal(reader.n_columns, CSV_COLUMNS_MAX);
    buf_truncate(&b, n);
    buf_puts(&b, "last,more\n");
    assert_int_equal(open_text(buf_view(&b)), RC_LIMIT);
    assert_place(CSV_MANY_COLUMNS, 1, n + 6);
    buf_release(&b);
}

static void test_row_limit(void **state)
{
    (void)state;
    for (uint32_t extra = 0; extra < 2; extra++) {
        struct str text = repeated("a", "\n1", CSV_ROWS_MAX + extra, "\n\n");
        assert_int_equal(open_text(text), RC_OK);
        for (uint32_t i = 0; i < CSV_ROWS_MAX; i++) {
            if (csv_next(&reader, &row, NULL) != RC_OK || row.n != 1) {
                fail_msg("row %u", i + 1);
            }
        }
        assert_int_equal(next(), extra == 0 ? RC_OK : RC_LIMIT);
    }
    assert_place(CSV_MANY_ROWS, CSV_ROWS_MAX + 2, 1);
}

static void test_memory_limit(void **state)
{
    (void)state;
    struct arena small;
    arena_init(&small, 1024, "small");
    assert_int_equal(csv_open_text(&small, &reader, "t", STR("a\n"), &err), RC_LIMIT);
    assert_place(CSV_NO_ROOM, 1, 1);
    arena_release(&small);
}

/* -- binding ------------------------------------------------------------------------------------
 */

struct heard {
    struct csv_place places[8];
    struct err last;
    uint32_t n;
    struct str accepted;
};

static void hear(void *ctx, const struct csv_place *place, const struct err *e)
{
    struct heard *h = ctx;
    assert_true(h->n < 8);
    h->places[h->n++] = *place;
    h->last = *e;
}

static bool accept_open(void *ctx, struct str name, uint32_t index)
{
    struct heard *h = ctx;
    assert_int_equal(index, 3);
    h->accepted = name;
    return str_eq(name, STR("公办"));
}

static enum rc bind(const char *header, enum io_table t, struct heard *h, uint32_t *index)
{
    assert_int_equal(open_text(str_from_cstr(header)), RC_OK);
    *h = (struct heard){.n = 0};
    const struct csv_binder how = {io_table_is_open(t) ? accept_open : NULL, hear, h};
    return csv_bind(&reader, io_table_get(t), &how, index, &err);
}

static void test_bind(void **state)
{
    (void)state;
    struct heard h;
    uint32_t index[IO_COLUMNS_MAX];
    assert_int_equal(bind("对象,code,名称,公办,to", TABLE_units, &h, index), RC_OK);
    assert_int_equal(index[COL_units_kind], 0);
    assert_int_equal(index[COL_units_code], 1);
    assert_int_equal(index[COL_units_name], 2);
    assert_int_equal(index[COL_units_to], 4);
    assert_int_equal(index[COL_units_from], CSV_ABSENT);
    ASSERT_STR(h.accepted, "公办");
    assert_int_equal(h.n, 0);
    assert_int_equal(csv_bind(&reader, io_table_get(TABLE_units), NULL, index, &err), RC_INPUT);
}

static void test_bind_faults(void **state)
{
    (void)state;
    struct heard h;
    uint32_t index[IO_COLUMNS_MAX];
    assert_int_equal(bind("Unit,机构,unit,数据项,period,valeu", TABLE_facts, &h, index), RC_INPUT);
    assert_int_equal(h.n, 4);
    static const enum csv_fault want[] = {CSV_UNKNOWN_COLUMN, CSV_DUPLICATE_HEADER,
                                          CSV_UNKNOWN_COLUMN, CSV_MISSING_COLUMN};
    static const uint32_t columns[] = {1, 9, 25, 1};
    for (uint32_t i = 0; i < h.n; i++) {
        assert_int_equal(h.places[i].fault, want[i]);
        assert_int_equal(h.places[i].line, 1);
        assert_int_equal(h.places[i].column, columns[i]);
    }
    assert_non_null(strstr(h.last.primary_zh, "value 值"));
    assert_string_equal(err.primary_en, "unknown column \"Unit\"");
    assert_non_null(strstr(err.hint_en, "\"unit\""));
    assert_int_equal(bind("event,date,recoded", TABLE_events, &h, index), RC_INPUT);
    assert_non_null(strstr(h.last.hint_zh, "“recorded”"));
    assert_int_equal(bind("事件,日期,莱源", TABLE_events, &h, index), RC_INPUT);
    assert_non_null(strstr(h.last.hint_en, "\"来源\""));
    assert_int_equal(bind("event,date,xyzzy", TABLE_events, &h, index), RC_INPUT);
    assert_string_equal(h.last.hint_en, ""); /* nothing near */
}

static void test_tables(void **state)
{
    (void)state;
    enum io_table t = IO_TABLE__COUNT;
    assert_true(io_table_of_path(STR("data/2024/facts-2024.csv"), &t));
    assert_int_equal(t, TABLE_facts);
    assert_true(io_table_of_path(STR("机构_旗县.csv"), &t));
    assert_int_equal(t, TABLE_units);
    assert_true(io_table_of_path(STR("x-y/filings.csv"), &t));
    assert_int_equal(t, TABLE_filings);
    assert_false(io_table_of_path(STR("factsheet.csv"), &t));
    assert_false(io_table_of_path(STR("facts/other.csv"), &t));
    assert_false(io_table_of_path(STR(""), &t));
    for (uint32_t i = 0; i < IO_TABLE__COUNT; i++) {
        const struct csv_table *table = io_table_get((enum io_table)i);
        assert_true(io_table_of_path(str_from_cstr(table->name_zh), &t));
        assert_int_equal(t, i);
        for (uint32_t c = 0; c < table->n_columns; c++) {
            for (uint32_t d = 0; d < c; d++) {
                assert_string_not_equal(table->columns[c].name_en, table->columns[d].name_en);
                assert_string_not_equal(table->columns[c].name_zh, table->columns[d].name_zh);
            }
        }
    }
}

/* -- writing ------------------------------------------------------------------------------------
 */

static void test_write(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 16);
    struct csv_writer w;
    csv_write_init(&w, &b, true, false);
    csv_write_field(&w, STR("代码"));
    csv_write_field(&w, STR("a\"b"));
    csv_write_end(&w);
    csv_write_field(&w, STR(""));
    csv_write_end(&w);
    csv_write_field(&w, STR("=1+1"));
    csv_write_field(&w, STR("x\ny"));
    csv_write_field(&w, STR(" z"));
    csv_write_end(&w);
    ASSERT_STR(buf_view(&b), "\xef\xbb\xbf代码,\"a\"\"b\"\r\n\"\"\r\n=1+1,\"x\ny\",\" z\"\r\n");
    buf_clear(&b);
    csv_write_init(&w, &b, false, false);
    csv_write_field(&w, STR("\xef\xbb\xbfx")); /* not a byte order mark, so it must survive */
    csv_write_end(&w);
    assert_int_equal(open_text(buf_view(&b)), RC_OK);
    ASSERT_STR(reader.header[0].text, "\xef\xbb\xbfx");
    buf_clear(&b);
    csv_write_init(&w, &b, false, true);
    static const char *const fields[] = {"=1+1",  "-1.5", "-",    "-1.5.",
                                         "+1+A1", "＝A1", "@x,y", "a-b"};
    for (uint32_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        csv_write_field(&w, str_from_cstr(fields[i]));
    }
    csv_write_end(&w);
    ASSERT_STR(buf_view(&b), "'=1+1,-1.5,'-,'-1.5.,'+1+A1,'＝A1,\"'@x,y\",a-b\r\n");
    buf_release(&b);
}

#define TRIP_COLUMNS 3U

/* What is written reads back unchanged, whatever the bytes between. */
static void test_round_trip(void **state)
{
    (void)state;
    static const char *const pieces[] = {",", "\"", "\n", "\r\n", "甲", "x", " ",  "",
                                         "'", "=",  "-",  "\t",   "1",  "'", "＝", "'"};
    struct rng g;
    rng_seed(&g, 20240315);
    for (uint32_t trip = 0; trip < 300; trip++) {
        struct buf b;
        buf_init(&b, 1 << 16);
        struct csv_writer w;
        bool guard = trip % 3 == 0;
        csv_write_init(&w, &b, trip % 2 == 0, guard);
        struct str want[TRIP_COLUMNS];
        uint32_t n = 1 + trip % TRIP_COLUMNS;
        for (uint32_t i = 0; i < n; i++) {
            csv_write_field(&w, str_sub(STR("abc"), i, i + 1));
        }
        csv_write_end(&w);
        for (uint32_t i = 0; i < n; i++) {
            want[i] = STR("");
            for (uint32_t k = 0; k < 4; k++) {
                want[i] = str_cat(&arena, want[i], str_from_cstr(pieces[rng_below(&g, 16)]));
            }
            csv_write_field(&w, want[i]);
        }
        csv_write_end(&w);
        assert_int_equal(open_text(buf_view(&b)), RC_OK);
        assert_int_equal(next(), RC_OK);
        assert_int_equal(row.n, n);
        for (uint32_t i = 0; i < n; i++) {
            struct str got = row.fields[i].text;
            assert_true(str_eq(guard ? csv_unguard(got) : got, want[i]));
        }
        assert_end();
        buf_release(&b);
    }
}

/* Rows as people leave them: title rows, ragged ones, empty ones, other separators, stray quotes.
 */
static void test_loose(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char separator;
        const char *rows; /* fields in brackets, a row a line */
    } tables[] = {
        {"标题\n\na,a,,\nb\n", ',', "[标题]\n[]\n[a][a][][]\n[b]\n"},
        {"a;\"b;c\";12\"\r\n", ';', "[a][b;c][12\"]\n"},
        {"1,2\t\t\"x\"\"y\"", '\t', "[1,2][][x\"y]\n"},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct buf b;
        buf_init(&b, 1 << 12);
        struct str text = str_from_cstr(tables[i].text);
        assert_int_equal(csv_open_loose(&arena, &reader, "t", text, tables[i].separator, NULL),
                         RC_OK);
        while (csv_next_loose(&reader, &row, NULL) == RC_OK && row.n > 0) {
            for (uint32_t k = 0; k < row.n; k++) {
                buf_printf(&b, "[%.*s]", PS(row.fields[k].text));
            }
            buf_putc(&b, '\n');
        }
        ASSERT_STR(buf_view(&b), tables[i].rows);
        buf_release(&b);
    }
    assert_int_equal(csv_open_loose(&arena, &reader, "t", STR("a,\"b"), ',', NULL), RC_OK);
    assert_int_equal(csv_next_loose(&reader, &row, NULL), RC_INPUT);
    assert_int_equal(reader.place.fault, CSV_OPEN_QUOTE);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_rows),         CASE(test_small_files),  CASE(test_fatal_faults),
        CASE(test_texts),        CASE(test_ragged_rows),  CASE(test_encodings),
        CASE(test_field_limit),  CASE(test_column_limit), CASE(test_row_limit),
        CASE(test_memory_limit), CASE(test_bind),         CASE(test_bind_faults),
        CASE(test_loose),        CASE(test_tables),       CASE(test_write),
        CASE(test_round_trip),
    };
    return cmocka_run_group_tests_name("io_csv", tests, NULL, NULL);
}

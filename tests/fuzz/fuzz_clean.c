/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text in any cell as any type. The first bytes choose kind, format, type and units. No crash;
 * C1 and C2 of cell_clean.h; and a value that was cleaned is clean: read again as it is printed, it
 * is itself.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/utf8.h"
#include "io/cell_clean.h"
#include "model/uom.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD 6

static const struct str units[] = {STR_INIT(""),     STR_INIT("人"), STR_INIT("元"),
                                   STR_INIT("万元"), STR_INIT("%"),  STR_INIT("平方米")};
static const struct str choices[] = {STR_INIT("优秀"), STR_INIT("良好"), STR_INIT("A类")};
static const enum cell_kind kinds[] = {CELL_TEXT, CELL_NUMBER, CELL_DATE, CELL_TEXT};

#define LEN(table) (sizeof(table) / sizeof(table)[0])

static void check(const struct clean_ask *ask, const struct clean_value *v)
{
    bool faulty = v->state == CLEAN_QUESTION || v->state == CLEAN_REFUSED;
    ASSERT(faulty == (v->fault != CLEAN_FAULT_OK)); /* C1, C2 */
    ASSERT(clean_fault_state(v->fault) == (faulty ? v->state : CLEAN_VALUE));
    ASSERT(utf8_valid(v->suggestion, NULL) && utf8_valid(v->text, NULL));
    if (v->state == CLEAN_VALUE) {
        ASSERT(ask->want != CLEAN_WHOLE || rat_is_int(v->number));
        ASSERT(ask->want != CLEAN_CHOICE || v->choice < ask->n_choices);
        ASSERT(ask->want != CLEAN_CODE || v->text.n > 0);
    }
}

/* Dates and plain numbers, written canonically, are themselves and nothing is done to them. */
static void again(struct arena *a, const struct clean_ask *ask, const struct clean_value *v)
{
    struct clean_ask plain = *ask;
    struct sheet_cell cell = {.kind = CELL_TEXT};
    struct clean_value w;
    char text[DATE_TEXT_BYTES];
    if (ask->want == CLEAN_DATE) {
        cell.text = date_text(v->date, text);
        cell_clean(a, &cell, &plain, &w);
        ASSERT(w.state == CLEAN_VALUE && date_cmp(w.date, v->date) == 0 && w.did == 0);
    }
    bool exact = false;
    struct str number = rat_dec_str(a, v->number, 12, &exact);
    if (ask->want == CLEAN_NUMBER && exact && number.n < 28) {
        plain.csv = true;
        plain.header_unit = STR("");
        plain.percent = CLEAN_PERCENT_HUNDRED;
        cell.text = number;
        cell_clean(a, &cell, &plain, &w);
        ASSERT(w.state == CLEAN_VALUE && rat_eq(w.number, v->number) && w.did == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct uom_table table;
    struct clean_value v;
    struct str text = {(const char *)data + HEAD, (uint32_t)(size - HEAD)};
    if (size < HEAD || size > 4096 || !utf8_valid(text, NULL)) {
        return 0;
    }
    arena_init(&a, (size_t)1 << 26, "fuzz");
    uom_init(&a, &table);
    struct sheet_cell cell = {.text = text,
                              .kind = (uint8_t)kinds[data[0] % LEN(kinds)],
                              .format = data[1] % (NF_OTHER + 1),
                              .zeros = data[1] / (NF_OTHER + 1)};
    struct clean_ask ask = {.want = (enum clean_want)(data[2] % CLEAN__WANTS),
                            .units = &table,
                            .unit = units[data[3] % LEN(units)],
                            .header_unit = units[data[4] % LEN(units)],
                            .percent = (enum clean_percent)(data[5] % 3),
                            .choices = choices,
                            .n_choices = LEN(choices),
                            .date1904 = (data[5] & 8) != 0,
                            .csv = (data[5] & 16) != 0};
    cell_clean(&a, &cell, &ask, &v);
    check(&ask, &v);
    if (v.state == CLEAN_VALUE) {
        again(&a, &ask, &v);
    }
    (void)clean_header_unit(&a, &table, text);
    (void)number_format_of(text);
    (void)number_format_zeros(text);
    arena_release(&a);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any workbook with any notes: no crash; a copy that is made can be read, and has the cells of the
 * original. The first byte says what follows the notes: the bytes of a file, or the texts of the
 * parts of an .xlsx with 0xff between, which packing would hide from the fuzzer.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zip.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "base/rng.h"
#include "io/workbook_note.h"
#include "tests/lib/same_grid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOTES_MAX 16U
#define REL       "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define RELATED                                                                                    \
    "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"

/* Those given take the place of the first ones here. */
static const struct {
    const char *name, *text;
} parts[] = {
    {"xl/worksheets/a.xml", "<worksheet><sheetData/></worksheet>"},
    {"xl/styles.xml", "<styleSheet/>"},
    {"xl/comments1.xml", "<comments><authors/><commentList/></comments>"},
    {"xl/drawings/v.vml", "<xml></xml>"},
    {"xl/worksheets/_rels/a.xml.rels",
     RELATED "<Relationship Id='c' Type='" REL "/comments' Target='/xl/comments1.xml'/>"
             "<Relationship Id='v' Type='" REL "/vmlDrawing' Target='/xl/drawings/v.vml'/>"
             "</Relationships>"},
    {"[Content_Types].xml", "<Types/>"},
    {"xl/workbook.xml", "<workbook><sheets><sheet name='a' id='s'/></sheets></workbook>"},
    {"_rels/.rels", RELATED "<Relationship Id='b' Type='" REL
                            "/officeDocument' Target='xl/workbook.xml'/></Relationships>"},
    {"xl/_rels/workbook.xml.rels",
     RELATED "<Relationship Id='s' Type='" REL "/worksheet' Target='worksheets/a.xml'/>"
             "<Relationship Id='t' Type='" REL "/styles' Target='styles.xml'/></Relationships>"},
};
#define N_PARTS (sizeof parts / sizeof parts[0])

static struct str taken(zip_source_t *source, struct arena *a)
{
    zip_stat_t st;
    zip_stat_init(&st);
    ASSERT(zip_source_stat(source, &st) == 0 && zip_source_open(source) == 0);
    char *p = arena_alloc(a, st.size);
    ASSERT(zip_source_read(source, p, st.size) == (zip_int64_t)st.size);
    (void)zip_source_close(source);
    return str_make(p, st.size);
}

/* An archive of the parts. */
static struct str packed(struct arena *a, struct str texts)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &why);
    ASSERT(zip);
    zip_source_keep(source);
    for (size_t i = 0; i < N_PARTS; i++) {
        struct str text = str_from_cstr(parts[i].text);
        struct str given;
        text = str_split(&texts, '\xff', &given) && given.n > 0 ? given : text;
        zip_source_t *part = zip_source_buffer(zip, text.p, text.n, 0);
        zip_int64_t at = zip_file_add(zip, parts[i].name, part, 0);
        ASSERT(at >= 0 && zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0);
    }
    ASSERT(zip_close(zip) == 0);
    struct str out = taken(source, a);
    zip_source_free(source);
    return out;
}

static struct note_list some_notes(struct arena *a, uint64_t seed, uint32_t n)
{
    struct rng r;
    struct workbook_note *items = ARENA_ARRAY(a, struct workbook_note, NOTES_MAX);
    rng_seed(&r, seed);
    for (uint32_t i = 0; i < n; i++) {
        items[i] = (struct workbook_note){.sheet = seed == UINT8_MAX,
                                          .row = (uint32_t)rng_below(&r, 9),
                                          .column = (uint32_t)rng_below(&r, 9),
                                          .tone = (enum note_tone)rng_below(&r, 4),
                                          .text = rng_one_in(&r, 4) ? STR("") : STR("约\n<&")};
    }
    return (struct note_list){items, n, seed % 2 == 0};
}

static void check(struct arena *a, struct str bytes, const struct note_list *notes)
{
    struct err e;
    struct annotated copy;
    struct grid before;
    struct grid after;
    char where[CELL_NAME_BYTES];
    err_clear(&e);
    enum rc rc = workbook_annotate(a, "fuzz", bytes, notes, &copy, &e);
    ASSERT((rc == RC_OK) == (e.rc == RC_OK));
    if (rc == RC_OK) {
        ASSERT(grid_read_bytes(a, "fuzz", bytes, &before, NULL) == RC_OK);
        ASSERT(grid_read_bytes(a, "fuzz", copy.bytes, &after, NULL) == RC_OK);
        ASSERT(same_grid(&before, &after, where));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    if (size < 3) {
        return 0;
    }
    arena_init(&a, (size_t)1 << 30, "fuzz");
    struct str rest = str_make((const char *)data + 3, size - 3);
    struct note_list notes = some_notes(&a, data[1], data[2] % NOTES_MAX);
    check(&a, data[0] % 2 == 0 ? packed(&a, rest) : rest, &notes);
    arena_release(&a);
    return 0;
}

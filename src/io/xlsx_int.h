/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to the readers of workbooks: the archive, its parts as XML, and what an .xlsx says about
 * all its sheets.
 *
 * What is held outside of arenas (archive, parser, buffers) hangs on struct xlsx, whose owner lets
 * go of it (arena.h, A5); within handlers of the parser only arena_try is used.
 */
#ifndef IO_XLSX_INT_H
#define IO_XLSX_INT_H

#include <expat.h>
#include <zip.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "io/workbook.h"

#define XLSX_NAME_BYTES 32

struct xlsx_name {
    uint8_t n;
    char text[XLSX_NAME_BYTES];
};

struct xlsx_style {
    uint8_t format; /* enum number_format */
    uint8_t zeros;  /* number_format_zeros */
    bool apostrophe;
};

/* A relation of a part to another one. */
struct xlsx_relation {
    struct str id;
    struct str type;   /* its last word: "worksheet" */
    struct str target; /* canonical name of the part; empty when external */
};

struct xlsx {
    struct arena *a;
    const char *path;
    struct err *e;
    /* the archive */
    zip_t *zip;
    struct map parts;  /* canonical name, in lower case -> index */
    uint64_t unpacked; /* of all parts so far */
    /* the part being read */
    zip_file_t *file;
    uint64_t part_packed, part_unpacked;
    struct str plain; /* for tests: read instead of any part */
    XML_Parser xml;
    const struct xlsx_handlers *handlers;
    uint64_t fed;        /* bytes given to the parser */
    bool careful;        /* by expat; false: by the scanner, as long as that knows what it sees */
    bool always_careful; /* tests: without the scanner */
    bool muted;          /* expat is told what the scanner has read */
    char *chunk;         /* bytes of the part: the scanner has seen scan_at of scan_n */
    uint32_t scan_at, scan_n;
    uint64_t passed; /* bytes of the part before the chunk */
    bool scan_begun, root_ended;
    struct xlsx_name open[WORKBOOK_XML_DEPTH_MAX]; /* elements, depth of them */
    struct str part;                               /* its name, for messages */
    enum rc rc;                                    /* set by a handler: stop */
    uint32_t depth;
    struct buf text;     /* of the element being read */
    uint32_t text_depth; /* of the element whose text is collected; 0: none */
    void *ctx;           /* of the part's handlers */
    /* the workbook */
    struct workbook *book;
    struct str book_part, strings_part, styles_part;
    struct str *sheet_parts; /* as book->sheets */
    VEC(struct xlsx_style) styles;
    VEC(struct str) strings;
    uint64_t string_bytes;
    uint32_t n_cells;
    /* the sheet: cells and texts of rows that wait to be handed out */
    struct arena rows;
    struct buf row_texts;
};

enum xlsx_scan {
    XLSX_SCAN_OK,
    XLSX_SCAN_MORE, /* the token is cut off */
    XLSX_SCAN_OTHER /* nothing the scanner knows */
};

/* How the elements of a part are met. name is local; depth counts from 1. */
struct xlsx_handlers {
    void (*start)(struct xlsx *x, struct str name, const char **attributes);
    void (*end)(struct xlsx *x, struct str name);
    /* After each piece of the part, outside of the parser; may be NULL. */
    enum rc (*between)(struct xlsx *x);
};

/* -- container (xlsx_zip.c, xlsx_directory.c) -- */

/* An entry of the directory, in its order. */
struct xlsx_entry {
    struct str name;
    uint64_t begin, end; /* of header and data */
    uint64_t size;       /* of the data */
};

/* The directory of an archive, which must say what the entries say, and they may not overlap. */
NODISCARD enum rc xlsx_directory_read(struct xlsx *x, struct str bytes,
                                      const struct xlsx_entry **list, uint32_t *n);
enum rc xlsx_contradicts(struct xlsx *x, struct str name);
/* Opens the archive and names its parts. */
NODISCARD enum rc xlsx_zip_open(struct xlsx *x, struct str bytes);
bool xlsx_zip_has(const struct xlsx *x, struct str part);
/* target as seen from the folder of `from`, canonical; false when it leaves the package. */
NODISCARD bool xlsx_zip_resolve(struct arena *a, struct str from, struct str target,
                                struct str *out);
/* Opens a part to be read by xlsx_zip_pull. */
NODISCARD enum rc xlsx_zip_part(struct xlsx *x, struct str part);
/* The next bytes, *n == 0 at the end, at which the sum was checked. */
NODISCARD enum rc xlsx_zip_pull(struct xlsx *x, char *chunk, uint32_t room, uint32_t *n);
void xlsx_zip_close_part(struct xlsx *x);
/* Lets go of everything held. */
void xlsx_release(struct xlsx *x);

/* -- XML (xlsx_xml.c) -- */

/* Reads a part to its end. */
NODISCARD enum rc xlsx_xml_read(struct xlsx *x, struct str part, const struct xlsx_handlers *h,
                                void *ctx);
/* Events, from expat or from the scanner. */
void xlsx_on_start(void *ctx, const char *name, const char **attributes);
void xlsx_on_end(void *ctx, const char *name);
void xlsx_on_text(void *ctx, const char *s, int n);
/* Passes the next token of the chunk on (xlsx_scan.c). */
enum xlsx_scan xlsx_scan(struct xlsx *x);
/* The character of a reference, what stands within & and ;. 0: none that XML knows. */
uint32_t xlsx_entity(struct str name);
/* Ends the reading from within a handler. */
void xlsx_stop(struct xlsx *x, enum rc rc);
/* From here to the end of the element its text is added to x->text. */
void xlsx_collect(struct xlsx *x);
/* The value of an attribute by its local name, or the empty str with p == NULL. */
struct str xlsx_attribute(const char **attributes, const char *name);
bool xlsx_is_true(struct str value);
/* A whole number up to max; false when it is none. */
NODISCARD bool xlsx_number(struct str s, uint32_t max, uint32_t *out);
/* s with _x000D_ and its like resolved, in place; its new length. */
uint32_t xlsx_unescape(char *p, uint32_t n);
/* "… is damaged: " and what; a remedy. */
enum rc xlsx_damaged(struct xlsx *x, const char *en, const char *zh);
enum rc xlsx_too_much(struct xlsx *x, const char *en, const char *zh, uint32_t limit);
enum rc xlsx_no_memory(struct xlsx *x);

/* -- what holds for all sheets -- */

typedef VEC(struct xlsx_relation) xlsx_relations;

/* What a part is related to; nothing when it has no relations. */
NODISCARD enum rc xlsx_relations_read(struct xlsx *x, struct str part, xlsx_relations *out);
/* The first of this type within the package, or NULL. */
const struct xlsx_relation *xlsx_relation_of_type(const xlsx_relations *list, struct str type);
const struct xlsx_relation *xlsx_relation_of_id(const xlsx_relations *list, struct str id);

NODISCARD enum rc xlsx_book_read(struct xlsx *x);   /* relations, names and states of sheets */
NODISCARD enum rc xlsx_styles_read(struct xlsx *x); /* number formats by style */
NODISCARD enum rc xlsx_strings_read(struct xlsx *x);
NODISCARD enum rc xlsx_sheet_read(struct xlsx *x, struct str part, struct workbook_sheet *sheet,
                                  const struct workbook_sink *sink);

#endif

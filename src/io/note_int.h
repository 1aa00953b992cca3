/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to annotated copies: places of tags in a part, edits of it, the package being changed.
 * All memory is of the arena of the work; what is not (archive, parser) hangs on struct xlsx.
 */
#ifndef IO_NOTE_INT_H
#define IO_NOTE_INT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "io/workbook_note.h"
#include "io/xlsx_int.h"

#define NOTE_PART_BYTES_MAX 0x20000000U /* of a part as it is or becomes: 512 MiB */
#define NOTE_AUTHOR         "tizhi"

/* -- places in XML that expat has found well formed (note_xml.c) -- */

struct note_tag {
    struct str name;     /* local */
    struct str prefix;   /* with its colon, or empty */
    uint32_t begin, end; /* of the tag */
    uint32_t depth;      /* of its element, from 1 */
    bool opens, closes;  /* both: <c/> */
};

struct note_lexer {
    struct str xml;
    uint32_t at, depth;
};

/* A stretch of a part. */
struct note_span {
    uint32_t begin, end;
};

/* The next tag; false at the end. What stands between tags is passed over. */
bool note_next(struct note_lexer *l, struct note_tag *t);
/*
 * The value of an attribute, references resolved; p == NULL: it has none. The name is whole, or
 * ":id": with any prefix or none.
 */
struct str note_attribute(struct arena *a, struct str xml, const struct note_tag *t,
                          const char *name);
/* Where that value stands, without quotes; false: nowhere. */
bool note_attribute_at(struct str xml, const struct note_tag *t, const char *name,
                       struct note_span *at);
/* Whether the part is well-formed XML in UTF-8 without a document type. */
NODISCARD enum rc note_check_xml(struct xlsx *x, struct str xml);
/* Text as it stands in elements and attributes; what XML cannot hold becomes U+FFFD or _xHHHH_. */
void note_put_text(struct buf *b, struct str text);

/* -- edits of a part -- */

struct note_edit {
    uint32_t at, drop; /* bytes taken away there … */
    uint32_t order;
    struct str put; /* … and put in their place */
};

struct note_edits {
    struct arena *a;
    struct str xml;
    VEC(struct note_edit) list;
};

void note_edit(struct note_edits *e, uint32_t at, uint32_t drop, struct str put);
/* Sets an attribute without prefix. */
void note_set_attribute(struct note_edits *e, const struct note_tag *t, const char *name,
                        struct str value);
/* Puts something at the end of an element: open is its tag, close_at where its end tag begins. */
void note_append(struct note_edits *e, const struct note_tag *open, uint32_t close_at,
                 struct str put);
/* The part with its edits, which do not overlap. */
struct str note_apply(struct note_edits *e);

/* A text put together in the arena. */
struct str note_text(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* -- the package being changed (note_package.c) -- */

struct note_part {
    struct str name; /* as in the archive */
    struct str bytes;
};

struct note_package {
    struct xlsx *x;              /* its a is the arena of all of this */
    VEC(struct note_part) parts; /* that differ from the archive */
    struct map by_name;          /* in lower case */
    bool strict;                 /* other names of the same things */
    zip_source_t *source;        /* while it is packed; of whom note_release lets go */
    zip_t *zip;
};

/* A part as it is by now. */
NODISCARD enum rc note_part_read(struct note_package *p, struct str name, struct str *out);
void note_part_write(struct note_package *p, struct str name, struct str bytes);
bool note_part_is(const struct note_package *p, struct str name);
/* A name of this form (with a %u) that no part has. */
struct str note_part_new(struct note_package *p, const char *before, const char *after);
/* Tells the type of a part; extension: of all parts with it, unless that says something else. */
NODISCARD enum rc note_declare(struct note_package *p, struct str part, const char *type,
                               const char *extension);
/* Relates a part to a new one: its id. kind: the last word of the type. */
NODISCARD enum rc note_relate(struct note_package *p, struct str from, struct str to,
                              const char *kind, struct str *id);
/* The archive with what has changed. base: the bytes of the original. */
NODISCARD enum rc note_pack(struct note_package *p, struct str base, struct str *out);
void note_release(struct note_package *p);

/* -- formats of cells (note_style.c) -- */

/* An xf of the cells. */
struct note_format {
    uint32_t begin, end;
    bool ours; /* it has a colour of ours: from an annotated copy that came back */
};

struct note_styles {
    struct str part; /* its name */
    struct str xml;
    VEC(struct note_format) formats;
    struct map_u64 our_fills;
    struct map_u64 made; /* format * 4 + tone -> index in `wanted` */
    VEC(uint64_t) wanted;
};

NODISCARD enum rc note_styles_read(struct note_package *p, struct note_styles *s);
bool note_style_is_ours(const struct note_styles *s, uint32_t format);
/* The format that is `format` in the colour of the tone; plain: without fill. */
NODISCARD enum rc note_style(struct note_package *p, struct note_styles *s, uint32_t format,
                             enum note_tone tone, uint32_t *out);
NODISCARD enum rc note_styles_write(struct note_package *p, struct note_styles *s);

/* -- one sheet (note_sheet.c) -- */

/* Sizes in pixels of the columns or rows of a sheet. */
struct note_size {
    uint32_t first, last, pixels;
};
struct note_axis {
    uint32_t usual; /* pixels */
    uint32_t limit; /* how many there are */
    VEC(struct note_size) sizes;
};

struct note_sheet {
    struct str part;
    uint32_t index;
    const struct workbook_note *notes; /* by row and column, one of a cell */
    uint32_t n;
    struct note_axis columns, rows;
    struct note_edits edits;
    struct str prefix;  /* of its elements */
    struct str drawing; /* relation of the legacyDrawing there is, p == NULL: none */
    uint32_t draw_at;   /* where one would stand */
};

/* Colours the cells; nothing is written before note_sheet_write. */
NODISCARD enum rc note_sheet_read(struct note_package *p, struct note_styles *styles,
                                  struct note_sheet *s);
/* drawing: relation of a legacyDrawing to be put there, or p == NULL. */
void note_sheet_write(struct note_package *p, struct note_sheet *s, struct str drawing);

/* -- notes and their boxes (note_comment.c, note_box.c) -- */

typedef VEC(const struct workbook_note *) note_refs;

struct note_drawn {
    note_refs fresh;                 /* notes that need a box of their own */
    VEC(struct workbook_note) grown; /* of others, with ours behind: whose box has to grow */
    struct map_u64 grown_at;         /* row * columns + column -> index */
    struct map_u64 gone; /* row * columns + column: whose note of an earlier copy is taken away */
    struct map_u64 kept; /* … but whose box could not be */
};

/* Puts the notes into the comments of the sheet. */
NODISCARD enum rc note_comments(struct note_package *p, const struct note_sheet *s,
                                const xlsx_relations *relations, struct note_drawn *drawn);
/* Draws the boxes; *drawing: relation of the new drawing, p == NULL: the sheet had one. */
NODISCARD enum rc note_boxes(struct note_package *p, struct note_sheet *s,
                             const xlsx_relations *relations, struct note_drawn *drawn,
                             struct str *drawing);

/* -- a workbook of our own (note_grid.c) -- */

NODISCARD enum rc note_from_grid(struct arena *a, const char *path, const struct grid *g,
                                 struct str *out, struct err *e);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics: what is wrong with the user's plan, where, and what to do about it.
 *
 *     struct diag *d = diag_add(ds, DIAG_unknown_name, name_span);
 *     diag_arg(ds, d, "name", text);
 *     diag_suggest(ds, d, text, known, n_known);
 *     diag_label(ds, d, decl_span, "declared here", "声明在此");
 *
 * The table diag.def gives each diagnostic its stable code, severity, and texts in both languages
 * with {placeholders}; E01xx lexical, E02xx syntax, E03xx names, E04xx types, units and grain,
 * E05xx structure of the plan, Wxxxx warnings.
 *
 * Invariants
 *   D1  At most LIMIT_DIAG_SHOWN of a severity are kept per file; further ones are only counted.
 *       diag_add still returns a diag to fill in; it is thrown away.
 *   D2  Two diagnostics with the same code and primary span are kept once.
 *   D3  Texts are made when rendering: the kept form is language-neutral.
 * Ownership: everything a diag holds is copied into the arena of the sink.
 */
#ifndef LANG_DIAG_H
#define LANG_DIAG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "lang/source.h"

struct arena;
struct buf;
struct json;

#define LIMIT_DIAG_SHOWN 20 /* per file and severity */
#define DIAG_MAX_ARGS    6
#define DIAG_MAX_LABELS  4

enum diag_severity { DIAG_SEV_ERROR, DIAG_SEV_WARNING, DIAG_SEV__COUNT };

enum diag_lang { DIAG_ZH, DIAG_EN };

enum diag_code {
#define DIAG(code, severity, name, en, zh, hint_en, hint_zh) DIAG_##name,
#include "lang/diag.def"
    DIAG__COUNT
};

struct diag_arg {
    const char *key; /* literal: the word between braces in diag.def */
    struct str zh;
    struct str en;
};

struct diag_label {
    struct span at;
    const char *en; /* literals */
    const char *zh;
};

struct diag {
    enum diag_code code;
    struct span at;
    struct diag_arg args[DIAG_MAX_ARGS];
    uint32_t n_args;
    struct diag_label labels[DIAG_MAX_LABELS];
    uint32_t n_labels;
    struct str suggestion; /* nearest known name; empty: none */
    bool has_fix;
    struct span fix_at;  /* replace this ... */
    struct str fix_text; /* ... by this */
};

struct diags {
    struct arena *a;
    const struct sources *sources; /* for rendering; may be set after diags_init */
    VEC(struct diag *) list;       /* in order of reporting */
    struct map_u64 per_file;       /* file * DIAG_SEV__COUNT + severity -> number reported */
    struct map_u64 seen;           /* D2 */
    struct diag spill;             /* D1: the one thrown away */
    uint32_t n_errors;             /* all, kept or not */
    uint32_t n_warnings;
};

/* An empty sink. Both pointers are borrowed and must outlive it. */
void diags_init(struct diags *ds, struct arena *a, const struct sources *sources);

/* Reports. Never NULL. */
struct diag *diag_add(struct diags *ds, enum diag_code code, struct span at);
/* Fills {key}. The key must be a literal; text is copied. Same text in both languages. */
void diag_arg(struct diags *ds, struct diag *d, const char *key, struct str text);
/* The same with a text per language. */
void diag_arg2(struct diags *ds, struct diag *d, const char *key, struct str en, struct str zh);
void diag_arg_int(struct diags *ds, struct diag *d, const char *key, int64_t value);
/* A further place with a short remark (literals); beyond DIAG_MAX_LABELS it is dropped. */
void diag_label(struct diags *ds, struct diag *d, struct span at, const char *en, const char *zh);
/* The edit that would cure it. */
void diag_fix(struct diags *ds, struct diag *d, struct span at, struct str replacement);
/*
 * "did you mean": the nearest of n names when it is near enough (diag_nearest); also becomes the
 * fix-it for the primary span when there is none yet.
 */
void diag_suggest(struct diags *ds, struct diag *d, struct str name, const struct str *known,
                  uint32_t n);

/*
 * The candidate with the smallest edit distance to name, by code point, if it is at most a third of
 * the longer name (at least 1); ties go to the first. n (index none) otherwise.
 */
uint32_t diag_nearest(struct str name, const struct str *known, uint32_t n);
/* Insertions, deletions, substitutions, swaps of neighbours; stops at `max`, giving max + 1. */
uint32_t diag_distance(struct str x, struct str y, uint32_t max);

/* "E0101", "unknown_name". */
const char *diag_code_text(enum diag_code code);
const char *diag_code_name(enum diag_code code);
enum diag_severity diag_severity_of(enum diag_code code);

/* The sentence or the hint of a diagnostic, placeholders filled in. */
void diag_message(const struct diag *d, enum diag_lang lang, struct buf *out);
void diag_hint(const struct diag *d, enum diag_lang lang, struct buf *out);

/*
 * Everything kept, for a terminal: header, source line with a caret line that aligns by display
 * width, labels, hint, suggestion, and at the end how many more there were. Sorted by file and
 * place.
 */
void diags_render_text(const struct diags *ds, enum diag_lang lang, bool colour, struct buf *out);
/* The same as a JSON array of objects; j stands where a value may stand. */
void diags_render_json(const struct diags *ds, struct json *j);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of the grammar (words.def, and those that a clerk adds), found by longest match.
 *
 * Invariants
 *   WO1  A spelling is one word; it may be of several classes, and has one value in each.
 *   WO2  words_match looks at no more than WORD_CHARS_MAX characters.
 * Ownership: the arena given to words_init.
 */
#ifndef DRAFT_WORDS_H
#define DRAFT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/map.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;
struct err;

#define WORD_CHARS_MAX 16
#define WORD_NONE      UINT32_MAX

enum word_class {
#define WORD_CLASS(name, zh) WORD_##name,
#include "draft/words.def"
    WORD__COUNT
};

/* The values of all classes; each class uses some. */
enum word_value {
    VALUE_NONE,
#define WORD_VALUE(name) VALUE_##name,
#include "draft/words.def"
    VALUE__COUNT
};

struct word {
    struct str text;
    uint32_t classes;           /* bits 1 << WORD_… */
    uint8_t value[WORD__COUNT]; /* enum word_value, by class */
};

struct vocabulary {
    struct arena *a;
    struct map index; /* spelling -> all */
    VEC(struct word) all;
    uint8_t longest[4096]; /* characters, by the low bits of the first code point */
};

/* The standard words. */
void words_init(struct arena *a, struct vocabulary *w);
/*
 * More words: CSV with a head line 类,值,词 (class,value,word). RC_INPUT names the line that is
 * wrong and what would be right.
 */
NODISCARD enum rc words_add_csv(struct vocabulary *w, const char *path, struct str text,
                                struct err *e);

/* The longest word that begins at byte `at`; WORD_NONE when there is none. */
uint32_t words_match(const struct vocabulary *w, struct str s, uint32_t at);
/* The longest word of one class. */
uint32_t words_match_class(const struct vocabulary *w, struct str s, uint32_t at,
                           enum word_class c);
/* The value of a word in a class; VALUE_NONE when it is not of it. */
enum word_value words_value(const struct vocabulary *w, uint32_t word, enum word_class c);

#endif

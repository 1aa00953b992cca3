/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to the writing of a pack: names are given out by the pack, so that no two things share
 * one; a block asks for what it needs and writes itself.
 */
#ifndef DRAFT_PACK_INT_H
#define DRAFT_PACK_INT_H

#include "base/buf.h"
#include "base/map.h"
#include "draft/draft.h"

/* An item, title or event that has been named. */
struct named {
    struct str kind, name; /* kind empty: a title or an event */
    struct str type;
    uint32_t section;
    bool accepted; /* of a declaration; else of a comment, which may never be accepted */
    bool declared;
};

struct pack_writer {
    const struct draft *d;
    struct arena *a;
    struct map index; /* kind, a line feed, name -> all */
    VEC(struct named) all;
    struct map tried;   /* kind, name, section -> how often a name had to be made */
    uint32_t done;      /* findings that are written */
    struct map numbers; /* code of a clause -> blocks so far */
    struct map kinds;   /* kinds that are no level */
    struct map units;   /* measure words that the language does not know */
};

struct block {
    struct pack_writer *pack;
    struct arena *a;
    struct buf *out;
    bool accepted;
    uint32_t section;
    struct str id, basis;
    struct str kind;                    /* of whom it is asked */
    struct str title;                   /* of a programme; empty: none */
    struct str title_kind;              /* who can hold it */
    struct str item, base, cond, event; /* names, when they are known */
};

/*
 * The name of an item: as wanted, when it is the same item of the same section (UINT32_MAX: of
 * all); else with something behind it.
 */
struct str pack_item(struct pack_writer *w, bool accepted, struct str kind, struct str wanted,
                     struct str type, uint32_t section);
/* Whether it still has to be declared; then it counts as declared. */
bool pack_declares(struct pack_writer *w, struct str kind, struct str name);

/* block.c */
bool printable(uint32_t cp);
struct str plain_name(struct arena *a, struct str s);
struct str unit_name(const struct drafted *f, const struct amount *x);
void put_name(struct buf *out, struct str name);
void put_text(struct buf *out, struct arena *a, struct str s);
void put_time(struct buf *out, const struct time *t);
void put_comparison(struct buf *out, const struct drafted *f, enum word_value cmp,
                    const struct amount *x);
/* n findings of one subject in several years, or one, perhaps with what is nested in it. */
void block_put(struct block *b, const struct drafted *f, uint32_t n, const struct drafted *nested);

#endif

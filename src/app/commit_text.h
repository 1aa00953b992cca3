/* SPDX-License-Identifier: Apache-2.0 */
/* Who stands behind a commit of a book, in a sentence: number, act, person, moment. */
#ifndef APP_COMMIT_TEXT_H
#define APP_COMMIT_TEXT_H

#include <stdbool.h>

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;
struct seat_roster;
struct store_reader;

/* Remembers what it has said. */
struct commit_texts {
    struct arena *a;
    struct store_reader *reader;
    const struct seat_roster *roster; /* names of users; NULL: ids only */
    bool chinese;
    struct map_u64 known; /* commit -> texts */
    VEC(struct str) texts;
};

/* "commit 12: report.approve by user/li (Li) at 2026-11-26 10:33:01"; of a commit that cannot be
 * read only its number. Moments are those of UTC+8, as recorded days are. */
struct str commit_text(struct commit_texts *t, int64_t seq);
/* Whether a report brought what it says: its source is the round then. */
bool commit_is_report(struct commit_texts *t, int64_t seq);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The story of one operational failure.
 *
 *     NODISCARD enum rc pack_open(..., struct err *e)
 *     {
 *         TRY(file_read(a, path, max, &text, e));
 *         if (text.n == 0) {
 *             return err_set(e, RC_INPUT, "%s is empty", "%s 是空文件", path);
 *         }
 *
 * Invariants
 *   E1  The first err_set (or err_set_errno) is the origin and records code, texts,
 *       file:line and errno; a later one on the same struct is ignored, so
 *       that clean-up code cannot hide the cause. err_clear starts anew.
 *   E2  Texts come in pairs, English and Chinese, over the same arguments in the same order.
 *       Primary: short, lower-case, no full stop. Hint: a full sentence that says what to do.
 *   E3  Texts are cut at a code point border to LIMIT_ERR_TEXT_BYTES.
 * Ownership: self-contained, no pointers to free; a local variable is fine. e may be
 * NULL everywhere: then only the code travels.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/attr.h"
#include "base/limits.h"
#include "base/rc.h"

struct buf;

struct err {
    enum rc rc;       /* RC_OK: nothing happened */
    int saved_errno;  /* 0 when the operating system was not involved */
    const char *file; /* where the failure was first seen */
    int line;
    char primary_en[LIMIT_ERR_TEXT_BYTES]; /* what happened */
    char primary_zh[LIMIT_ERR_TEXT_BYTES];
    char detail_en[LIMIT_ERR_TEXT_BYTES]; /* what was being done, innermost first, "; " between */
    char detail_zh[LIMIT_ERR_TEXT_BYTES];
    char hint_en[LIMIT_ERR_TEXT_BYTES]; /* what to do about it; may be empty */
    char hint_zh[LIMIT_ERR_TEXT_BYTES];
};

enum err_lang { ERR_LANG_ZH, ERR_LANG_EN };

void err_clear(struct err *e);

/* Records the origin and returns rc, so that `return err_set(...)` reads well. rc != RC_OK. */
#define err_set(e, rc, ...) err_set_at((e), (rc), 0, __FILE__, __LINE__, __VA_ARGS__)
/* The same, keeping the value of errno at the call. */
#define err_set_errno(e, rc, ...) err_set_at((e), (rc), errno, __FILE__, __LINE__, __VA_ARGS__)

enum rc err_set_at(struct err *e, enum rc rc, int saved_errno, const char *file, int line,
                   const char *en, const char *zh, ...) PRINTF_LIKE(6, 8) PRINTF_LIKE(7, 8);

/* Adds what was being done: err_ctx(e, "importing %s", "导入 %s", path). */
void err_ctx(struct err *e, const char *en, const char *zh, ...) PRINTF_LIKE(2, 4)
    PRINTF_LIKE(3, 4);

/* Sets the advice; the last one set wins, being nearest to the user. */
void err_hint(struct err *e, const char *en, const char *zh, ...) PRINTF_LIKE(2, 4)
    PRINTF_LIKE(3, 4);

/*
 * Appends the story for a human: primary, the reason of the operating system, detail and
 * hint, one per line. Where the primary is empty the text of the code stands in.
 */
void err_render(const struct err *e, enum err_lang lang, struct buf *out);

/* Passes a failure on. The only macro that hides control flow besides ASSERT. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum rc try_rc_ = (call);                                                                  \
        if (try_rc_ != RC_OK) {                                                                    \
            return try_rc_;                                                                        \
        }                                                                                          \
    } while (0)

#endif

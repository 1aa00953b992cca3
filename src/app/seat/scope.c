/* SPDX-License-Identifier: Apache-2.0 */
/* Operations and units of a token. */
#include "app/seat/scope.h"

#include "app/seat/act.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define WORDS_BYTES 4096U

_Static_assert(OP__N <= 64, "a bit per operation");

static uint64_t bit(enum seat_op op)
{
    return (uint64_t)1 << op;
}

/* SO1 */
static bool may_be_held(uint32_t op)
{
    return op < OP__N && op != OP_USER_SET && op != OP_SEAT_SET;
}

enum rc seat_scope_read(struct str words, struct seat_scope *out, struct err *e)
{
    struct str word;
    out->ops = 0;
    while (words.n > 0 && str_split(&words, ' ', &word)) {
        if (word.n == 0) {
            continue;
        }
        uint32_t op = seat_word_of(seat_ops, OP__N, word);
        if (!may_be_held(op)) {
            (void)err_set(e, RC_INPUT, "a token cannot be for %.*s", "令牌不能用于“%.*s”",
                          PS(word));
            err_hint(e, "tizhi seat rights lists operations; user.set and seat.set are for people.",
                     "可用操作见 tizhi seat rights；user.set、seat.set 须由本人办理。");
            return RC_INPUT;
        }
        out->ops |= bit((enum seat_op)op);
    }
    return out->ops != 0 ? RC_OK
                         : err_set(e, RC_INPUT, "a token is for one operation at least",
                                   "令牌至少须写一项操作");
}

struct str seat_scope_words(struct arena *a, const struct seat_scope *s)
{
    struct buf b;
    buf_init_in(&b, a, WORDS_BYTES);
    for (uint32_t op = 0; op < OP__N; op++) {
        if ((s->ops & bit((enum seat_op)op)) != 0) {
            buf_printf(&b, "%s%s", b.n > 0 ? " " : "", seat_ops[op].word);
        }
    }
    return buf_view(&b);
}

enum rc seat_scope_unit(struct arena *a, const struct seat_roster *r, struct str unit,
                        struct seat_scope *out, struct err *e)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < out->units.n; i++) {
        n += out->units.p[i] == '\n' ? 1 : 0;
    }
    if (n == SEAT_SCOPE_UNITS) {
        return err_set(e, RC_LIMIT, "a token is for %d units at most", "令牌最多写 %d 个机构",
                       SEAT_SCOPE_UNITS);
    }
    if (unit.n == 0 || !seat_unit_stands(r, unit)) {
        return seat_no_unit(unit, e);
    }
    out->units = str_cat(a, out->units, str_cat(a, unit, STR("\n")));
    return RC_OK;
}

bool seat_scope_allows(const struct seat_scope *s, const struct seat_roster *r, enum seat_op op,
                       struct str unit)
{
    struct str rest = s->units;
    struct str one;
    if (!may_be_held((uint32_t)op) || (s->ops & bit(op)) == 0) {
        return false;
    }
    bool reaches = rest.n == 0 || op == OP_UNIT_READ;
    while (!reaches && str_split(&rest, '\n', &one) && one.n > 0) {
        enum seat_relation relation = seat_relation_of(r, one, unit);
        reaches = relation == RELATION_OWN || relation == RELATION_CHILD;
    }
    return reaches;
}

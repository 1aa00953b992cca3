/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed anchors. A signature does not make the chain stronger: it lets an anchor be kept where
 * others could change it (a bulletin, a mail, the same machine), since without the key nobody can
 * make one that fits a rewritten log.
 */
#include "app/keep/keep.h"
#include "app/keep/key.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

#define ANCHOR_HEAD   "tizhi-anchor "
#define SIGNED_WORD   " ed25519 "
#define TEXT_BYTES    4096U
#define ANCHORS_BYTES (1U << 20)

enum rc keep_anchor_sign(struct arena *a, struct str line, const char *key_path, struct str *out,
                         struct err *e)
{
    struct key_signature by;
    struct buf b;
    TRY(key_sign(a, line, key_path, &by, e));
    buf_init_in(&b, a, TEXT_BYTES);
    buf_printf(&b, "%.*s" SIGNED_WORD "%.*s %.*s", PS(line), PS(by.public_key), PS(by.signature));
    *out = buf_view(&b);
    return RC_OK;
}

/* ---- reading -------------------------------------------------------------------------------- */

struct reading {
    struct arena *a;
    struct keep_anchors *out;
    bool is_signed; /* wanted: by public_key */
    struct str public_key;
};

/* Whether the end of a line, `PUBLIC SIGNATURE`, is the key's signature of the line before. */
static bool is_signature(const struct reading *r, struct str line, struct str end)
{
    struct str signature = end;
    struct str key = STR("");
    return str_split(&signature, ' ', &key) && str_eq(key, r->public_key) &&
           key_verifies(line, (struct key_signature){key, signature});
}

static enum rc add_line(struct reading *r, struct str text, struct err *e)
{
    struct str given = str_trim(text);
    uint32_t cut = str_find(given, STR(SIGNED_WORD), 0);
    struct str line = cut == STR_NONE ? given : str_sub(given, 0, cut);
    if (given.n == 0 || given.p[0] == '#') {
        return RC_OK;
    }
    if (r->is_signed &&
        (cut == STR_NONE ||
         !is_signature(r, line, str_sub(given, cut + (uint32_t)sizeof SIGNED_WORD - 1, given.n)))) {
        enum rc rc = err_set(e, RC_INPUT, "the anchor is not signed by this key: %.*s",
                             "存证不是由此密钥签名的：%.*s", PS(line));
        err_hint(e, "It proves nothing: find out where it comes from.",
                 "它不能作为证明：请查明来源。");
        return rc;
    }
    vec_push(r->a, &r->out->lines, line);
    return RC_OK;
}

static enum rc add_given(struct reading *r, const char *given, struct err *e)
{
    struct str rest = str_from_cstr(given);
    struct str line;
    if (!str_starts(rest, STR(ANCHOR_HEAD))) {
        TRY(file_read(r->a, given, ANCHORS_BYTES, &rest, e));
    }
    while (str_split(&rest, '\n', &line)) {
        TRY(add_line(r, line, e));
    }
    return RC_OK;
}

enum rc keep_anchors_read(struct arena *a, const char *const *given, uint32_t n,
                          const char *public_path, struct keep_anchors *out, struct err *e)
{
    struct reading r = {.a = a, .out = out, .is_signed = public_path != NULL};
    *out = (struct keep_anchors){0};
    if (public_path != NULL) {
        TRY(key_read_public(a, public_path, &r.public_key, e));
    }
    for (uint32_t i = 0; i < n; i++) {
        TRY(add_given(&r, given[i], e));
    }
    return RC_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Formatting a pack: all of it is made before the first file is touched. */
#include "app/pack/format.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "lang/fmt.h"

static enum rc make(struct arena *a, const struct pack *pack, uint32_t file, enum diag_lang lang,
                    struct str *out, struct err *e)
{
    struct buf text;
    buf_init(&text, 4 * LIMIT_SOURCE_BYTES);
    fmt_file(pack->lang.sources, pack->lang.ast, file, lang, &text);
    bool whole = !text.overflow;
    *out = buf_move(a, &text);
    return whole
               ? RC_OK
               : err_set(e, RC_LIMIT, "the formatted file is too large: %.*s",
                         "格式化后的文件过大：%.*s", PS(source_at(pack->lang.sources, file)->path));
}

enum rc format_pack(struct arena *a, const char *pack_dir, enum diag_lang lang, bool write,
                    const struct pack *pack, struct buf *out, struct err *e)
{
    uint32_t n = pack->lang.sources->files.n;
    struct str *texts = ARENA_ARRAY(a, struct str, n);
    const char **paths = ARENA_ARRAY(a, const char *, n);
    for (uint32_t i = 0; i < n; i++) {
        TRY(make(a, pack, i, lang, &texts[i], e));
        paths[i] = path_join(a, pack_dir, str_to_cstr(a, source_at(pack->lang.sources, i)->path));
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!write) {
            buf_str(out, texts[i]);
        } else if (!str_eq(texts[i], source_at(pack->lang.sources, i)->text)) {
            TRY(file_write(paths[i], texts[i], e));
        }
    }
    return RC_OK;
}

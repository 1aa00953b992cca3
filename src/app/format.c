/* SPDX-License-Identifier: Apache-2.0 */
/* Formatting a pack: a plan with errors is not touched. */
#include "app/format.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "lang/fmt.h"

static enum rc one_file(struct arena *a, const char *pack_dir, const struct pack *pack,
                        uint32_t file, enum diag_lang lang, bool write, struct buf *out,
                        struct err *e)
{
    const struct source *s = source_at(pack->lang.sources, file);
    struct buf text;
    buf_init(&text, 4 * LIMIT_SOURCE_BYTES);
    fmt_file(pack->lang.sources, pack->lang.ast, file, lang, &text);
    enum rc rc = RC_OK;
    if (text.overflow) {
        rc = err_set(e, RC_LIMIT, "the formatted file is too large", "格式化后的文件过大");
    } else if (!write) {
        buf_str(out, buf_view(&text));
    } else if (!str_eq(buf_view(&text), s->text)) {
        rc = file_write(path_join(a, pack_dir, str_to_cstr(a, s->path)), buf_view(&text), e);
    }
    buf_release(&text);
    return rc;
}

enum rc format_pack(struct arena *a, const char *pack_dir, enum diag_lang lang, bool write,
                    struct pack *pack, struct buf *out, struct err *e)
{
    TRY(pack_open_plan(a, pack_dir, pack, e));
    for (uint32_t i = 0; i < pack->lang.sources->files.n; i++) {
        TRY(one_file(a, pack_dir, pack, i, lang, write, out, e));
    }
    return RC_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The archive of an .xlsx: its parts by canonical name, and the bytes of one, counted as they are
 * unpacked. What the headers say about sizes is used for nothing.
 */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "io/xlsx_int.h"

#define NAME_MAX_BYTES 1024U

/* ---- names ---------------------------------------------------------------------------------- */

static char canonical(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (char)(c - 'A' + 'a');
    }
    return c == '\\' ? '/' : c; /* some writers are no friends of the standard */
}

/* Appends one step of a path to out[0..n); false when it climbs out. */
static bool append_step(char *out, uint32_t *n, struct str step)
{
    if (step.n == 0 || str_eq(step, STR("."))) {
        return true;
    }
    if (str_eq(step, STR(".."))) {
        bool climbs = *n == 0;
        while (*n > 0 && out[--*n] != '/') {
        }
        return !climbs;
    }
    if (*n > 0) {
        out[(*n)++] = '/';
    }
    memcpy(out + *n, step.p, step.n);
    *n += step.n;
    return true;
}

bool xlsx_zip_resolve(struct arena *a, struct str from, struct str target, struct str *out)
{
    struct str whole = target;
    if (target.n == 0 || from.n + target.n > NAME_MAX_BYTES) {
        return false;
    }
    char *text = arena_try(a, from.n + target.n + 2);
    char *path = arena_try(a, from.n + target.n + 2);
    if (!text || !path) {
        return false;
    }
    uint32_t n = 0;
    if (target.p[0] != '/' && target.p[0] != '\\') {
        uint32_t folder = from.n;
        while (folder > 0 && from.p[folder - 1] != '/') {
            folder--;
        }
        memcpy(text, from.p, folder);
        n = folder;
    }
    for (uint32_t i = 0; i < target.n; i++) {
        text[n++] = canonical(target.p[i]);
    }
    whole = str_make(text, n);
    struct str step;
    uint32_t used = 0;
    bool inside = true;
    while (inside && str_split(&whole, '/', &step)) {
        inside = append_step(path, &used, step);
    }
    *out = str_make(path, used);
    return inside && used > 0;
}

/* ---- opening -------------------------------------------------------------------------------- */

static enum rc hostile(struct xlsx *x, const char *en, const char *zh, struct str name)
{
    enum rc rc = err_set(x->e, RC_INPUT, "%s is not accepted: %s%.0s: %.*s",
                         "不接受 %s：%.0s%s：%.*s", x->path, en, zh, PS(utf8_cut(name, 100)));
    err_hint(x->e, "Open it in a spreadsheet program and save it as a new .xlsx.",
             "请用表格软件打开，另存为新的 .xlsx 文件。");
    return rc;
}

static uint64_t packed_size(struct xlsx *x, uint32_t index)
{
    zip_stat_t st;
    zip_stat_init(&st);
    bool known = zip_stat_index(x->zip, index, 0, &st) == 0 && (st.valid & ZIP_STAT_COMP_SIZE) != 0;
    return known ? st.comp_size : 0;
}

static bool climbs(struct str name)
{
    struct str step;
    while (str_split(&name, '/', &step)) {
        if (str_eq(step, STR(".."))) {
            return true;
        }
    }
    return false;
}

/* Takes entry i among the parts. */
static enum rc take_entry(struct xlsx *x, uint32_t i, const struct xlsx_entry *listed)
{
    struct str name = str_from_cstr(zip_get_name(x->zip, i, ZIP_FL_ENC_RAW));
    if (!str_eq(name, listed->name) || packed_size(x, i) != listed->size) {
        return xlsx_contradicts(x, listed->name); /* the library has found another directory */
    }
    if (name.n == 0 || name.n > NAME_MAX_BYTES || !utf8_valid(name, NULL)) {
        name = utf8_valid(name, NULL) ? name : STR("?");
        return hostile(x, "a part with no proper name", "其中有名称不合规的部件", name);
    }
    char *p = arena_try(x->a, name.n);
    if (!p) {
        return xlsx_no_memory(x);
    }
    for (uint32_t k = 0; k < name.n; k++) {
        p[k] = canonical(name.p[k]);
    }
    struct str part = str_make(p, name.n);
    if (part.p[0] == '/' || climbs(part)) {
        return hostile(x, "a part outside of the package", "其中有指向包外的部件", name);
    }
    if (map_get(&x->parts, part, NULL)) {
        return hostile(x, "two parts of one name", "其中有同名部件", name);
    }
    return map_try_put(x->a, &x->parts, part, i) ? RC_OK : xlsx_no_memory(x);
}

enum rc xlsx_zip_open(struct xlsx *x, struct str bytes)
{
    zip_error_t why;
    const struct xlsx_entry *listed = NULL;
    uint32_t n = 0;
    TRY(xlsx_directory_read(x, bytes, &listed, &n));
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &why);
    x->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    zip_error_fini(&why);
    if (!x->zip) {
        zip_source_free(source);
        return xlsx_damaged(x, "it is no complete zip archive", "不是完整的压缩包");
    }
    if (zip_get_num_entries(x->zip, 0) != (zip_int64_t)n) {
        return xlsx_contradicts(x, STR(""));
    }
    for (uint32_t i = 0; i < n; i++) {
        TRY(take_entry(x, i, &listed[i]));
    }
    return RC_OK;
}

bool xlsx_zip_has(const struct xlsx *x, struct str part)
{
    return map_get(&x->parts, part, NULL);
}

/* ---- reading -------------------------------------------------------------------------------- */

static enum rc check_method(struct xlsx *x, uint32_t index, struct str part)
{
    zip_stat_t st;
    zip_stat_init(&st);
    if (zip_stat_index(x->zip, index, 0, &st) != 0) {
        return xlsx_damaged(x, "a part cannot be found", "有部件无法读取");
    }
    if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE) {
        return hostile(x, "an encrypted part", "其中有加密的部件", part);
    }
    if (st.comp_method != ZIP_CM_STORE && st.comp_method != ZIP_CM_DEFLATE) {
        return hostile(x, "a part packed in an unusual way", "其中有压缩方式不常见的部件", part);
    }
    return RC_OK;
}

enum rc xlsx_zip_part(struct xlsx *x, struct str part)
{
    uint32_t index = 0;
    if (!map_get(&x->parts, part, &index)) {
        return hostile(x, "a part is missing", "缺少部件", part);
    }
    TRY(check_method(x, index, part));
    x->file = zip_fopen_index(x->zip, index, 0);
    if (!x->file) {
        return xlsx_damaged(x, "a part cannot be opened", "有部件无法打开");
    }
    x->part_packed = packed_size(x, index);
    x->part_unpacked = 0;
    return RC_OK;
}

static enum rc check_amount(struct xlsx *x)
{
    if (x->unpacked > WORKBOOK_UNPACKED_MAX) {
        return xlsx_too_much(x, "bytes unpacked", "字节（解压后）", WORKBOOK_UNPACKED_MAX);
    }
    uint64_t beyond =
        x->part_unpacked > WORKBOOK_RATIO_FREE ? x->part_unpacked - WORKBOOK_RATIO_FREE : 0;
    if (beyond / WORKBOOK_RATIO_MAX > x->part_packed) {
        return xlsx_too_much(x, "times its packed size", "倍（解压后与解压前之比）",
                             WORKBOOK_RATIO_MAX);
    }
    return RC_OK;
}

enum rc xlsx_zip_pull(struct xlsx *x, char *chunk, uint32_t room, uint32_t *n)
{
    int64_t got = zip_fread(x->file, chunk, room);
    if (got < 0) {
        return xlsx_damaged(x, "its contents cannot be unpacked", "内容无法解压");
    }
    *n = (uint32_t)got;
    x->unpacked += *n;
    x->part_unpacked += *n;
    return check_amount(x);
}

void xlsx_zip_close_part(struct xlsx *x)
{
    if (x->file) {
        (void)zip_fclose(x->file);
        x->file = NULL;
    }
}

void xlsx_release(struct xlsx *x)
{
    if (x->xml) {
        XML_ParserFree(x->xml);
        x->xml = NULL;
    }
    xlsx_zip_close_part(x);
    if (x->zip) {
        zip_discard(x->zip);
        x->zip = NULL;
    }
    buf_release(&x->text);
    buf_release(&x->row_texts);
    arena_release(&x->rows);
}

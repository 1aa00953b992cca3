/* SPDX-License-Identifier: Apache-2.0 */
/* What kind of file it is, by its first bytes; what is none of ours is refused with a remedy. */
#include "io/workbook.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "io/workbook_int.h"

#define LOOKED_AT 4096U

typedef enum rc reader(struct arena *a, const char *path, struct str bytes,
                       const struct workbook_sink *sink, struct workbook *out, struct err *e);

/* By the first bytes; read == NULL: refused as the named thing. */
static const struct {
    struct str mark;
    reader *read;
    const char *en, *zh;
} kinds[] = {
    {STR_INIT("PK\003\004"), xlsx_read, "", ""},
    {STR_INIT("PK\005\006"), NULL, "an empty zip archive", "空压缩包"},
    {STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), xls_read, "", ""},
    {STR_INIT("%PDF"), NULL, "a pdf", " pdf 文件"},
    {STR_INIT("{\\rtf"), NULL, "an rtf text", " rtf 文档"},
    {STR_INIT("Rar!"), NULL, "a rar archive", " rar 压缩包"},
    {STR_INIT("7z\xbc\xaf"), NULL, "a 7z archive", " 7z 压缩包"},
    {STR_INIT("\x89PNG"), NULL, "a picture", "图片"},
    {STR_INIT("\xff\xd8\xff"), NULL, "a picture", "图片"},
    {STR_INIT("\x1f\x8b"), NULL, "a gzip archive", " gzip 压缩包"},
};

/* Signs of pages that programs write and call .xls, in lower case. */
static const struct str page_signs[] = {STR_INIT("<html"), STR_INIT("<table"),
                                        STR_INIT("<!doctype"), STR_INIT("<?xml"),
                                        STR_INIT("<workbook")};

static bool is_page(struct str bytes)
{
    char head[LOOKED_AT];
    uint32_t n = 0;
    uint32_t begin = str_starts(bytes, STR("\xef\xbb\xbf")) ? 3 : 0;
    for (uint32_t i = begin; i < bytes.n && n < LOOKED_AT; i++) {
        char c = bytes.p[i];
        if (n > 0 || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) {
            head[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
    }
    for (size_t i = 0; i < sizeof page_signs / sizeof page_signs[0]; i++) {
        if (str_starts(str_make(head, n), page_signs[i])) {
            return true;
        }
    }
    return false;
}

static enum rc refuse(const char *path, const char *en, const char *zh, struct err *e)
{
    enum rc rc = err_set(e, RC_NO_SUPPORT, "%s is %s%.0s, not a workbook that can be read",
                         "%s 是%.0s%s，不是可以读取的工作簿", path, en, zh);
    err_hint(e, "Open it in a spreadsheet program and save it as .xlsx.",
             "请用表格软件打开后另存为 .xlsx。");
    return rc;
}

enum rc workbook_read_bytes(struct arena *a, const char *path, struct str bytes,
                            const struct workbook_sink *sink, struct workbook *out, struct err *e)
{
    *out = (struct workbook){.kind = WORKBOOK_CSV, .encoding = ""};
    if (bytes.n > WORKBOOK_BYTES_MAX) {
        return err_set(e, RC_LIMIT, "%s has more than %u bytes", "%s 超过 %u 字节", path,
                       WORKBOOK_BYTES_MAX);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (str_starts(bytes, kinds[i].mark)) {
            out->kind = kinds[i].read == xls_read ? WORKBOOK_XLS : WORKBOOK_XLSX;
            return kinds[i].read ? kinds[i].read(a, path, bytes, sink, out, e)
                                 : refuse(path, kinds[i].en, kinds[i].zh, e);
        }
    }
    return is_page(bytes) ? refuse(path, "a page of markup", "网页或 XML", e)
                          : workbook_csv_read(a, path, bytes, sink, out, e);
}

enum rc workbook_read(struct arena *a, const char *path, const struct workbook_sink *sink,
                      struct workbook *out, struct err *e)
{
    struct str bytes;
    *out = (struct workbook){.kind = WORKBOOK_CSV, .encoding = ""};
    TRY(file_read(a, path, WORKBOOK_BYTES_MAX, &bytes, e));
    return workbook_read_bytes(a, path, bytes, sink, out, e);
}

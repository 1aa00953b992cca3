/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of a pdf, as pdftotext of Poppler lays it out: a program of its own, so that a crafted
 * file can take neither our memory nor our time. decisions/0001 says why not its library.
 */
#include "base/arena.h"
#include "base/child.h"
#include "base/err.h"
#include "io/text_int.h"

#define PDF_PAGES_MAX 2000U
/* One page more than is allowed, so that nothing is cut off silently. */
#define PDF_PAGES_ASKED "2001"

static const struct child_limits limits = {
    .memory_bytes = (uint64_t)1 << 30, .seconds = 30, .out_bytes = TEXT_BYTES_MAX};

static const char *const places[] = {"/usr/bin/pdftotext", "/usr/local/bin/pdftotext",
                                     "/opt/homebrew/bin/pdftotext"};

static enum rc run(struct arena *a, struct str bytes, struct child_result *out, struct err *e)
{
    enum rc rc = RC_OK;
    out->missing = true;
    for (uint32_t i = 0; rc == RC_OK && out->missing && i < sizeof places / sizeof *places; i++) {
        const char *const argv[] = {places[i],       "-q", "-layout", "-enc", "UTF-8", "-l",
                                    PDF_PAGES_ASKED, "-",  "-",       NULL};
        rc = child_run(a, argv, limits, bytes, out, e);
    }
    return rc;
}

static uint32_t pages(struct str s)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s.n; i++) {
        n += s.p[i] == '\f';
    }
    return n;
}

static enum rc no_program(const char *path, struct err *e)
{
    enum rc rc = err_set(e, RC_NO_SUPPORT, "%s is a pdf, and pdftotext, which reads it, is missing",
                         "%s 是 pdf 文件，本机没有读取它的 pdftotext", path);
    err_hint(e, "Install poppler-utils and poppler-data, or give a docx or a text.",
             "请安装 poppler-utils 和 poppler-data，或改用 docx 或文本。");
    return rc;
}

/* Why nothing came out, or not all. */
static enum rc judge(const char *path, const struct child_result *r, struct err *e)
{
    if (r->missing) {
        return no_program(path, e);
    }
    if (r->slow) {
        return err_set(e, RC_LIMIT, "%s takes longer than %u s to read", "%s 读取时间超过 %u 秒",
                       path, limits.seconds);
    }
    if (r->verbose || pages(r->out) > PDF_PAGES_MAX) {
        return err_set(e, RC_LIMIT, "%s has more than %u pages or %u bytes of text",
                       "%s 超过 %u 页或 %u 字节文字", path, PDF_PAGES_MAX, TEXT_BYTES_MAX);
    }
    if (r->status != 0) {
        enum rc rc = err_set(e, RC_INPUT, "%s cannot be read: damaged, encrypted or too large",
                             "%s 无法读取：已损坏、已加密或过大", path);
        err_hint(e, "Save it again without a password, or give a docx or a text.",
                 "请取消密码后重新保存，或改用 docx 或文本。");
        return rc;
    }
    return RC_OK;
}

enum rc pdf_text(struct arena *a, const char *path, struct str bytes, struct str *out,
                 struct err *e)
{
    struct child_result r = {0};
    TRY(run(a, bytes, &r, e));
    TRY(judge(path, &r, e));
    *out = r.out;
    return RC_OK;
}

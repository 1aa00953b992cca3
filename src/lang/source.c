/* SPDX-License-Identifier: Apache-2.0 */
/* Files of a pack: checking text at the border, and finding lines and columns. */
#include "lang/source.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/utf8.h"
#include "lang/diag.h"

static struct span span_of(uint32_t file, uint32_t beg, uint32_t end)
{
    return (struct span){.file = file, .beg = beg, .end = end};
}

static void report_char(struct diags *ds, enum diag_code code, struct span at, uint32_t cp)
{
    char name[16];
    (void)snprintf(name, sizeof name, "U+%04X", (unsigned)cp);
    struct diag *d = diag_add(ds, code, at);
    diag_arg(ds, d, "code", str_from_cstr(name));
    diag_fix(ds, d, at, STR(""));
}

/* The code of the fault of a character, or DIAG__COUNT when it may stand in a plan. */
static enum diag_code char_fault(uint32_t cp)
{
    if (cp == '\n' || cp == '\r' || cp == '\t' || (cp >= 0x20 && cp < 0x7f)) {
        return DIAG__COUNT;
    }
    if (utf8_is_bidi_control(cp)) {
        return DIAG_bidi_control;
    }
    if (utf8_is_control(cp)) {
        return DIAG_control_char;
    }
    return utf8_is_private(cp) || utf8_is_unassigned(cp) ? DIAG_private_char : DIAG__COUNT;
}

/* Reports every fault of the characters; true when there is none. */
static bool text_check(struct diags *ds, uint32_t file, struct str text)
{
    uint32_t bad_at = 0;
    if (!utf8_valid(text, &bad_at)) {
        (void)diag_add(ds, DIAG_bad_utf8, span_of(file, bad_at, bad_at + 1));
        return false;
    }
    bool ok = true;
    for (uint32_t at = 0; at < text.n;) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(text, at, &cp);
        enum diag_code fault = char_fault(cp);
        if (fault != DIAG__COUNT) {
            report_char(ds, fault, span_of(file, at, at + n), cp);
            ok = false;
        }
        at += n;
    }
    return ok;
}

/* The byte behind a line end that starts at `at`, or `at` when none starts there. */
static uint32_t line_end_skip(struct str text, uint32_t at)
{
    if (text.p[at] == '\n') {
        return at + 1;
    }
    if (text.p[at] == '\r') {
        return at + 1 < text.n && text.p[at + 1] == '\n' ? at + 2 : at + 1;
    }
    return at;
}

/* Two passes, so that the table has exactly its size. */
static bool lines_index(struct arena *a, struct source *f)
{
    for (int pass = 0; pass < 2; pass++) {
        uint32_t n = 1;
        for (uint32_t at = 0; at < f->text.n;) {
            uint32_t next = line_end_skip(f->text, at);
            if (next == at) {
                at++;
                continue;
            }
            if (pass == 1) {
                f->line_beg[n] = next;
            }
            n++;
            at = next;
        }
        if (pass == 0) {
            f->line_beg = ARENA_TRY_ARRAY(a, uint32_t, n);
            if (!f->line_beg) {
                return false;
            }
        }
        f->n_lines = n;
    }
    return true;
}

static bool text_copy(struct arena *a, struct str from, struct str *to)
{
    char *p = arena_try(a, (size_t)from.n + 1);
    if (!p) {
        return false;
    }
    for (uint32_t i = 0; i < from.n; i++) {
        p[i] = from.p[i];
    }
    *to = str_make(p, from.n);
    return true;
}

static void report_size(struct diags *ds, enum diag_code code, uint32_t file, int64_t n,
                        int64_t max)
{
    struct diag *d = diag_add(ds, code, span_of(file, 0, 0));
    diag_arg_int(ds, d, "n", n);
    diag_arg_int(ds, d, "max", max);
}

enum rc sources_add(struct arena *a, struct sources *s, struct str path, struct str bytes,
                    struct diags *ds, uint32_t *file)
{
    struct source f = {.text = STR("")};
    uint32_t index = s->files.n;
    bool file_fits = bytes.n <= LIMIT_SOURCE_BYTES;
    bool pack_fits = s->total_bytes + bytes.n <= LIMIT_PACK_BYTES;
    if (!text_copy(a, path, &f.path) ||
        (file_fits && pack_fits && !text_copy(a, utf8_strip_bom(bytes), &f.text)) ||
        !lines_index(a, &f) || !vec_try_push(a, &s->files, f)) {
        return RC_LIMIT;
    }
    *file = index;
    if (!file_fits || !pack_fits) {
        /* Kept as an empty file, so that the report has a path to point to. */
        report_size(ds, file_fits ? DIAG_pack_too_big : DIAG_file_too_big, index, bytes.n,
                    file_fits ? LIMIT_PACK_BYTES : LIMIT_SOURCE_BYTES);
        return RC_LIMIT;
    }
    s->total_bytes += bytes.n;
    s->files.items[index].ok = text_check(ds, index, f.text);
    return RC_OK;
}

const struct source *source_at(const struct sources *s, uint32_t file)
{
    ASSERT(file < s->files.n);
    return &s->files.items[file];
}

struct str source_text(const struct sources *s, struct span at)
{
    return str_sub(source_at(s, at.file)->text, at.beg, at.end);
}

uint32_t source_line_of(const struct source *f, uint32_t at)
{
    uint32_t lo = 0;
    uint32_t hi = f->n_lines;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (f->line_beg[mid] <= at) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return lo;
}

struct str source_line(const struct source *f, uint32_t line)
{
    ASSERT(line < f->n_lines);
    uint32_t beg = f->line_beg[line];
    uint32_t end = line + 1 < f->n_lines ? f->line_beg[line + 1] : f->text.n;
    while (end > beg && (f->text.p[end - 1] == '\n' || f->text.p[end - 1] == '\r')) {
        end--;
    }
    return str_sub(f->text, beg, end);
}

struct place source_place(const struct source *f, uint32_t at)
{
    uint32_t line = source_line_of(f, at);
    struct place p = {.line = line + 1, .column = 1, .display = 1};
    for (uint32_t i = f->line_beg[line]; i < at && i < f->text.n;) {
        uint32_t cp = 0;
        i += utf8_decode(f->text, i, &cp);
        p.column++;
        if (cp == '\t') {
            p.display += SOURCE_TAB_WIDTH - (p.display - 1) % SOURCE_TAB_WIDTH;
        } else {
            p.display += utf8_cp_width(cp);
        }
    }
    return p;
}

struct span span_join(struct span x, struct span y)
{
    ASSERT(x.file == y.file);
    return span_of(x.file, x.beg < y.beg ? x.beg : y.beg, x.end > y.end ? x.end : y.end);
}

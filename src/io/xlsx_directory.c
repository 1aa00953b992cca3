/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The directory of an archive held against the entries themselves, before anything is unpacked: an
 * archive that tells one reader one thing and another reader another is refused, and so is one
 * whose entries lie within each other, which is how a small file unpacks to a giant one without
 * any part of it being packed well.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"
#include "io/xlsx_int.h"

enum {
    END_BYTES = 22,
    ENTRY_BYTES = 46,
    LOCAL_BYTES = 30,
    LOCATOR_BYTES = 20,
    WIDE_BYTES = 76,
    COMMENT_MAX = 65535
};

struct directory {
    struct str bytes;
    uint64_t begin, end; /* of the directory */
    VEC(struct xlsx_entry) entries;
};

static uint32_t number(struct str s, uint64_t at, uint32_t bytes)
{
    uint32_t n = 0;
    for (uint32_t i = bytes; i-- > 0;) {
        n = n << 8 | (unsigned char)s.p[at + i];
    }
    return n;
}

static bool is_mark(struct str s, uint64_t at, struct str mark)
{
    return at + mark.n <= s.n && memcmp(s.p + at, mark.p, mark.n) == 0;
}

/* Where the record at the end of the archive is; false: nowhere. */
static bool find_end(struct str s, uint64_t *at)
{
    uint64_t least = s.n > END_BYTES + COMMENT_MAX ? s.n - END_BYTES - COMMENT_MAX : 0;
    for (uint64_t i = s.n >= END_BYTES ? s.n - END_BYTES + 1 : 0; i-- > least;) {
        if (is_mark(s, i, STR("PK\005\006"))) {
            *at = i;
            return true;
        }
    }
    return false;
}

static uint64_t wide_at(struct str s, uint64_t at)
{
    return number(s, at, 4) | (uint64_t)number(s, at + 4, 4) << 32;
}

/* A number of 64 bits among the additions of an entry: those that 32 bits cannot hold, in order. */
static uint64_t wide_number(struct str extra, uint32_t index)
{
    for (uint32_t i = 0; i + 4 <= extra.n;) {
        uint32_t kind = number(extra, i, 2);
        uint32_t n = number(extra, i + 2, 2);
        if (kind == 1 && 8 * index + 8 <= n && i + 4 + n <= extra.n) {
            return wide_at(extra, i + 4 + (uint64_t)8 * index);
        }
        i += 4 + n;
    }
    return UINT64_MAX;
}

enum rc xlsx_contradicts(struct xlsx *x, struct str name)
{
    enum rc rc = err_set(x->e, RC_INPUT,
                         "%s is not accepted: its directory and its parts contradict "
                         "each other: %.*s",
                         "不接受 %s：压缩包的目录与内容互相矛盾：%.*s", x->path,
                         PS(utf8_valid(name, NULL) ? utf8_cut(name, 100) : STR("?")));
    err_hint(x->e, "Open it in a spreadsheet program and save it as a new .xlsx.",
             "请用表格软件打开，另存为新的 .xlsx 文件。");
    return rc;
}

/* An entry of the directory at *at, which moves behind it, and the part it speaks of. */
static enum rc take_entry(struct xlsx *x, struct directory *d, uint64_t *at)
{
    struct str s = d->bytes;
    uint64_t i = *at;
    if (i + ENTRY_BYTES > d->end || !is_mark(s, i, STR("PK\001\002"))) {
        return xlsx_damaged(x, "its directory is cut off", "目录不完整");
    }
    uint32_t n_name = number(s, i + 28, 2);
    uint32_t n_extra = number(s, i + 30, 2);
    uint64_t next = i + ENTRY_BYTES + n_name + n_extra + number(s, i + 32, 2);
    if (next > d->end) {
        return xlsx_damaged(x, "its directory is cut off", "目录不完整");
    }
    struct str name = str_make(s.p + i + ENTRY_BYTES, n_name);
    struct str extra = str_make(s.p + i + ENTRY_BYTES + n_name, n_extra);
    uint64_t size = number(s, i + 20, 4);
    uint64_t local = number(s, i + 42, 4);
    uint32_t wide = number(s, i + 24, 4) == UINT32_MAX;
    size = size == UINT32_MAX ? wide_number(extra, wide++) : size;
    local = local == UINT32_MAX ? wide_number(extra, wide) : local;
    if (local > d->begin || local + LOCAL_BYTES > d->begin ||
        !is_mark(s, local, STR("PK\003\004")) || number(s, local + 26, 2) != n_name ||
        !is_mark(s, local + LOCAL_BYTES, name)) {
        return xlsx_contradicts(x, name);
    }
    uint64_t data = local + LOCAL_BYTES + n_name + number(s, local + 28, 2);
    if (data > d->begin || size > d->begin - data) {
        return xlsx_contradicts(x, name);
    }
    *at = next;
    return vec_try_push(x->a, &d->entries, (struct xlsx_entry){name, local, data + size, size})
               ? RC_OK
               : xlsx_no_memory(x);
}

static int by_begin(const void *x, const void *y)
{
    const struct xlsx_entry *a = x;
    const struct xlsx_entry *b = y;
    return a->begin < b->begin ? -1 : a->begin > b->begin;
}

/* The numbers of the last record, or of the one for archives too large for it. */
static uint64_t read_end(struct directory *d, uint64_t end)
{
    struct str s = d->bytes;
    uint64_t n = number(s, end + 10, 2);
    d->begin = number(s, end + 16, 4);
    d->end = d->begin + number(s, end + 12, 4);
    bool wide = n == UINT16_MAX || d->begin == UINT32_MAX;
    if (!wide || end < WIDE_BYTES || !is_mark(s, end - LOCATOR_BYTES, STR("PK\006\007"))) {
        return n;
    }
    uint64_t at = wide_at(s, end - LOCATOR_BYTES + 8);
    if (at > end - WIDE_BYTES || !is_mark(s, at, STR("PK\006\006"))) {
        return n;
    }
    d->begin = wide_at(s, at + 48);
    d->end = d->begin + wide_at(s, at + 40);
    d->end = d->end < d->begin ? UINT64_MAX : d->end;
    return wide_at(s, at + 32);
}

/* Entries lie behind each other. list: in the order of the directory. */
static enum rc check_overlap(struct xlsx *x, const struct xlsx_entry *list, uint32_t n)
{
    struct xlsx_entry *sorted = ARENA_TRY_ARRAY(x->a, struct xlsx_entry, n + 1);
    if (!sorted) {
        return xlsx_no_memory(x);
    }
    for (uint32_t i = 0; i < n; i++) {
        sorted[i] = list[i];
    }
    qsort(sorted, n, sizeof *sorted, by_begin);
    for (uint32_t i = 1; i < n; i++) {
        if (sorted[i].begin < sorted[i - 1].end) {
            return xlsx_contradicts(x, sorted[i].name);
        }
    }
    return RC_OK;
}

enum rc xlsx_directory_read(struct xlsx *x, struct str bytes, const struct xlsx_entry **list,
                            uint32_t *n)
{
    struct directory d = {.bytes = bytes};
    uint64_t end = 0;
    if (!find_end(bytes, &end)) {
        return xlsx_damaged(x, "it is no complete zip archive", "不是完整的压缩包");
    }
    uint64_t told = read_end(&d, end);
    if (told > WORKBOOK_ENTRIES_MAX) {
        return xlsx_too_much(x, "entries in the archive", "个部件", WORKBOOK_ENTRIES_MAX);
    }
    if (d.end > end) {
        return xlsx_damaged(x, "its directory is cut off", "目录不完整");
    }
    uint64_t at = d.begin;
    while (at < d.end) {
        if (d.entries.n == told) {
            return xlsx_contradicts(x, STR(""));
        }
        TRY(take_entry(x, &d, &at));
    }
    *list = d.entries.items;
    *n = d.entries.n;
    return *n == told ? check_overlap(x, *list, *n) : xlsx_contradicts(x, STR(""));
}

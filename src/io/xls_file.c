/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compound file (OLE2) around an .xls: sectors in chains, a directory of streams. Every chain
 * is followed for at most as many steps as the file has sectors.
 */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/xls_int.h"

#define HEADER_BYTES 512U
#define ENTRY_BYTES  128U
#define MINI_SHIFT   6U
#define HEADER_FATS  109U

struct ole {
    struct xls *x;
    struct str bytes;
    uint32_t shift; /* of a sector */
    uint32_t n_sectors;
    uint32_t *fat;
    uint32_t n_fat;
    struct str directory, mini_fat, mini_stream;
};

uint32_t xls_u16(struct str s, uint32_t at)
{
    const unsigned char *p = (const unsigned char *)s.p;
    return at + 2 <= s.n ? (uint32_t)p[at] | (uint32_t)p[at + 1] << 8 : 0;
}

uint32_t xls_u32(struct str s, uint32_t at)
{
    return at + 4 <= s.n ? xls_u16(s, at) | xls_u16(s, at + 2) << 16 : 0;
}

enum rc xls_damaged(struct xls *x, const char *en, const char *zh)
{
    enum rc rc = err_set(x->e, RC_INPUT, "%s is damaged or cut off: %s%.0s",
                         "%s 已损坏或不完整：%.0s%s", x->path, en, zh);
    err_hint(x->e, "Open it in a spreadsheet program, look at it, and save it as .xlsx.",
             "请用表格软件打开检查后另存为 .xlsx。");
    return rc;
}

enum rc xls_too_much(struct xls *x, const char *en, const char *zh, uint32_t limit)
{
    enum rc rc = err_set(x->e, RC_LIMIT, "%s has more than %u %s%.0s", "%s 超过上限：%u %.0s%s",
                         x->path, limit, en, zh);
    err_hint(x->e, "Copy the cells that matter into a new workbook.",
             "请只把需要的单元格复制到新的工作簿。");
    return rc;
}

/* ---- chains --------------------------------------------------------------------------------- */

/* The bytes of a sector, fewer at the end of the file. */
static struct str sector(const struct ole *o, uint32_t i)
{
    uint64_t at = ((uint64_t)i + 1) << o->shift;
    return at < o->bytes.n ? str_sub(o->bytes, (uint32_t)at, (uint32_t)at + (1U << o->shift))
                           : STR("");
}

/* The sectors of a chain, one behind the other, up to max bytes. */
static struct str chain(const struct ole *o, uint32_t first, uint32_t max)
{
    uint64_t room = (uint64_t)o->n_sectors << o->shift;
    room = room < max ? room : max;
    char *p = arena_alloc(o->x->a, (size_t)room + 1);
    uint32_t n = 0;
    for (uint32_t i = first; i < o->n_fat && n < room; i = o->fat[i]) {
        struct str s = sector(o, i);
        uint32_t take = s.n < room - n ? s.n : (uint32_t)room - n;
        if (take == 0) {
            break;
        }
        memcpy(p + n, s.p, take);
        n += take;
    }
    return str_make(p, n);
}

/* The same within the stream of small sectors. */
static struct str mini_chain(const struct ole *o, uint32_t first, uint32_t size)
{
    uint32_t room = size < o->mini_stream.n ? size : o->mini_stream.n;
    char *p = arena_alloc(o->x->a, (size_t)room + 1);
    uint32_t n = 0;
    uint32_t steps = 0;
    uint32_t limit = o->mini_fat.n / 4;
    for (uint32_t i = first; i < limit && n < room && steps++ <= limit;
         i = xls_u32(o->mini_fat, i * 4)) {
        struct str s = str_sub(o->mini_stream, i << MINI_SHIFT, (i + 1) << MINI_SHIFT);
        uint32_t take = s.n < room - n ? s.n : room - n;
        if (take == 0) {
            break;
        }
        memcpy(p + n, s.p, take);
        n += take;
    }
    return str_make(p, n);
}

/* Adds the entries of a sector of the allocation table. */
static void add_fat(struct ole *o, uint32_t i)
{
    struct str s = i < o->n_sectors ? sector(o, i) : STR("");
    for (uint32_t k = 0; k + 4 <= s.n && o->n_fat < o->n_sectors; k += 4) {
        o->fat[o->n_fat++] = xls_u32(s, k);
    }
}

static void read_fat(struct ole *o)
{
    o->fat = ARENA_ARRAY(o->x->a, uint32_t, o->n_sectors + 1);
    for (uint32_t i = 0; i < HEADER_FATS && o->n_fat < o->n_sectors; i++) {
        add_fat(o, xls_u32(o->bytes, 0x4c + i * 4));
    }
    uint32_t next = xls_u32(o->bytes, 0x44);
    uint32_t entries = (1U << o->shift) / 4 - 1;
    for (uint32_t step = 0; next < o->n_sectors && step < o->n_sectors; step++) {
        struct str s = sector(o, next);
        for (uint32_t i = 0; i < entries && o->n_fat < o->n_sectors; i++) {
            add_fat(o, xls_u32(s, i * 4));
        }
        next = xls_u32(s, entries * 4);
    }
}

/* ---- directory ------------------------------------------------------------------------------ */

/* The name of an entry, which is UTF-16; other characters than those of ASCII become '?'. */
static struct str entry_name(struct str entry, char out[33])
{
    uint32_t bytes = xls_u16(entry, 0x40);
    uint32_t n = bytes >= 2 && bytes <= 64 ? bytes / 2 - 1 : 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t unit = xls_u16(entry, i * 2);
        out[i] = unit >= ' ' && unit < 127 ? (char)unit : '?';
    }
    return str_make(out, n);
}

static struct str entry_at(const struct ole *o, uint32_t i)
{
    uint32_t n = o->directory.n / ENTRY_BYTES;
    return i < n ? str_sub(o->directory, i * ENTRY_BYTES, (i + 1) * ENTRY_BYTES) : STR("");
}

/* The entry of a name among the children of the root; embedded files have their own. */
static bool find_entry(const struct ole *o, struct str name, struct str *out)
{
    uint32_t n = o->directory.n / ENTRY_BYTES;
    uint32_t *stack = ARENA_ARRAY(o->x->a, uint32_t, n + 2);
    bool *seen = ARENA_ARRAY(o->x->a, bool, n + 1);
    uint32_t depth = 0;
    stack[depth++] = xls_u32(entry_at(o, 0), 0x4c);
    while (depth > 0) {
        uint32_t i = stack[--depth];
        char text[33];
        if (i >= n || seen[i]) {
            continue;
        }
        seen[i] = true;
        *out = entry_at(o, i);
        if (str_eq(entry_name(*out, text), name)) {
            return true;
        }
        stack[depth++] = xls_u32(*out, 0x44);
        if (depth <= n) {
            stack[depth++] = xls_u32(*out, 0x48);
        }
    }
    return false;
}

static struct str entry_stream(const struct ole *o, struct str entry)
{
    uint32_t first = xls_u32(entry, 0x74);
    uint32_t size = xls_u32(entry, 0x78);
    bool small = size < xls_u32(o->bytes, 0x38);
    return small ? mini_chain(o, first, size) : chain(o, first, size);
}

/* ---- what it is ----------------------------------------------------------------------------- */

static enum rc refuse(struct xls *x, const char *en, const char *zh)
{
    enum rc rc = err_set(x->e, RC_NO_SUPPORT, "%s is %s%.0s, not a workbook that can be read",
                         "%s 是%.0s%s，不是可以读取的工作簿", x->path, en, zh);
    err_hint(x->e, "Open it in a spreadsheet program and save it as .xlsx.",
             "请用表格软件打开后另存为 .xlsx。");
    return rc;
}

static enum rc locked(struct xls *x)
{
    enum rc rc =
        err_set(x->e, RC_DENIED, "%s is protected by a password", "%s 设有打开密码", x->path);
    err_hint(x->e, "Open it with the password and save it without one.",
             "请用密码打开后取消密码再保存。");
    return rc;
}

static enum rc tell(struct ole *o)
{
    static const struct {
        struct str name;
        const char *en, *zh;
    } others[] = {
        {STR_INIT("Book"), "a workbook of Excel 95 or older", " Excel 95 或更早的工作簿"},
        {STR_INIT("WordDocument"), "a Word document", " Word 文档"},
        {STR_INIT("PowerPoint Document"), "a PowerPoint file", " PowerPoint 文件"},
    };
    struct str entry;
    if (find_entry(o, STR("EncryptedPackage"), &entry)) {
        return locked(o->x);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (find_entry(o, others[i].name, &entry)) {
            return refuse(o->x, others[i].en, others[i].zh);
        }
    }
    return refuse(o->x, "a compound file without a workbook", "不含工作簿的复合文件");
}

enum rc xls_file_open(struct xls *x, struct str bytes)
{
    struct ole o = {.x = x, .bytes = bytes, .shift = xls_u16(bytes, 0x1e)};
    struct str entry;
    if (bytes.n < HEADER_BYTES || (o.shift != 9 && o.shift != 12)) {
        return xls_damaged(x, "its header is not right", "文件头不对");
    }
    o.n_sectors = (bytes.n >> o.shift) + 1;
    read_fat(&o);
    o.directory = chain(&o, xls_u32(bytes, 0x30), bytes.n);
    if (o.directory.n < ENTRY_BYTES) {
        return xls_damaged(x, "its directory is missing", "缺少目录");
    }
    o.mini_fat = chain(&o, xls_u32(bytes, 0x3c), bytes.n);
    o.mini_stream = chain(&o, xls_u32(entry_at(&o, 0), 0x74), xls_u32(entry_at(&o, 0), 0x78));
    if (!find_entry(&o, STR("Workbook"), &entry)) {
        return tell(&o);
    }
    x->book->macros = find_entry(&o, STR("_VBA_PROJECT_CUR"), &(struct str){0});
    x->stream = entry_stream(&o, entry);
    return x->stream.n == xls_u32(entry, 0x78)
               ? RC_OK
               : xls_damaged(x, "sectors of the workbook are missing", "工作簿的部分内容缺失");
}

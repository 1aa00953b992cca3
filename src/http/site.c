/* SPDX-License-Identifier: Apache-2.0 */
/* The web application as files in memory. */
#include "http/site.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "http/gzip.h"

#define FILES_MAX  2000U
#define FILE_BYTES (8U << 20)
#define PACK_FROM  1024U
#define PACK_LEVEL 9 /* once */
#define INDEX      "/index.html"

struct site_file {
    const char *type;
    const struct answer_rules *rules;
    struct str plain, packed; /* packed "": it does not get smaller */
};

struct site {
    struct map paths; /* "/assets/a-1f.js" to its file */
    struct site_file *files;
    const struct site_file *index;
};

/* ---- what a browser may do with it ---------------------------------------------------------- */

#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

static const struct answer_rules page_rules = {POLICY, "no-cache", "Accept-Encoding"};
/* Names below /assets have a hash of the content in them. */
static const struct answer_rules asset_rules = {POLICY, "public, max-age=31536000, immutable",
                                                "Accept-Encoding"};

static const struct {
    const char *suffix, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
};

static const char *type_of(struct str path)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (str_ends(path, str_from_cstr(types[i].suffix))) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}

/* ---- reading -------------------------------------------------------------------------------- */

static struct str packed(struct arena *a, struct str plain)
{
    struct buf b;
    struct str out = STR("");
    if (plain.n < PACK_FROM) {
        return out;
    }
    buf_init(&b, plain.n);
    buf_put(&b, plain.p, plain.n);
    if (!b.overflow && gzip_pack(&b, PACK_LEVEL)) {
        out = str_dup(a, buf_view(&b));
    }
    buf_release(&b);
    return out;
}

static enum rc read_file(struct arena *a, const char *folder, const char *name, struct site *w,
                         struct err *e)
{
    struct str path = str_cat(a, STR("/"), str_from_cstr(name));
    uint32_t i = map_len(&w->paths);
    struct site_file *f = &w->files[i];
    TRY(file_read(a, path_join(a, folder, name), FILE_BYTES, &f->plain, e));
    f->type = type_of(path);
    f->rules = str_starts(path, STR("/assets/")) ? &asset_rules : &page_rules;
    f->packed = packed(a, f->plain);
    map_put(a, &w->paths, path, i);
    return RC_OK;
}

enum rc site_open(struct arena *a, const char *folder, struct site **out, struct err *e)
{
    struct dir_list list;
    uint32_t index = 0;
    *out = NULL;
    if (folder[0] == '\0') {
        return RC_OK;
    }
    TRY(dir_list(a, folder, STR(""), &list, e));
    if (list.n > FILES_MAX) {
        return err_set(e, RC_LIMIT, "%s has more than %u files", "%s 中的文件超过 %u 个", folder,
                       FILES_MAX);
    }
    struct site *w = ARENA_NEW(a, struct site);
    *w = (struct site){.files = ARENA_ARRAY(a, struct site_file, list.n + 1U)};
    for (uint32_t i = 0; i < list.n; i++) {
        TRY(read_file(a, folder, list.paths[i], w, e));
    }
    if (!map_get(&w->paths, STR(INDEX), &index)) {
        enum rc rc =
            err_set(e, RC_INPUT, "there is no web application in %s", "%s 中没有网页应用", folder);
        err_hint(e, "Build it with ./x web, which makes build/web.",
                 "请先运行 ./x web 生成 build/web。");
        return rc;
    }
    w->index = &w->files[index];
    *out = w;
    return RC_OK;
}

/* ---- answering ------------------------------------------------------------------------------ */

static bool is_below(struct str path, struct str folder)
{
    return str_starts(path, folder) && (path.n == folder.n || path.p[folder.n] == '/');
}

static const struct site_file *find(const struct site *w, const struct request *in)
{
    uint32_t i = 0;
    if (map_get(&w->paths, in->path, &i)) {
        return &w->files[i];
    }
    bool page = str_starts(in->path, STR("/")) && !is_below(in->path, STR("/api")) && /* WS2 */
                !is_below(in->path, STR("/assets")) &&
                str_find(in->header.accept, STR("text/html"), 0) != STR_NONE;
    return page || str_eq(in->path, STR("/")) ? w->index : NULL;
}

bool site_answer(const struct site *site, const struct request *in, struct answer_head *head,
                 struct buf *out)
{
    const struct site_file *f =
        site != NULL && in->verb == VERB_GET ? find(site, in) : NULL; /* WS1 */
    if (f == NULL) {
        return false;
    }
    bool pack = f->packed.n > 0 && request_takes_gzip(in);
    struct str body = pack ? f->packed : f->plain;
    *head = (struct answer_head){.status = 200,
                                 .type = f->type,
                                 .cookie = STR(""),
                                 .allow = STR(""),
                                 .rules = f->rules,
                                 .packed = pack};
    buf_put(out, body.p, body.n);
    return true;
}

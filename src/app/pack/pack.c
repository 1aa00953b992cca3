/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a pack: the plan first, then every table. */
#include "app/pack/pack.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"

struct paths {
    VEC(const char *) real;
    VEC(const char *) shown;
};

enum rc pack_open_plan(struct arena *a, const char *pack_dir, struct pack *out, struct err *e)
{
    *out = (struct pack){0};
    diags_init(&out->diags, a, NULL);
    enum rc rc = lang_open(a, pack_dir, &out->diags, &out->lang, e);
    out->plan = out->lang.plan;
    return rc;
}

static int by_path(const void *x, const void *y)
{
    return str_cmp(((const struct lang_text *)x)->path, ((const struct lang_text *)y)->path);
}

enum rc pack_open_texts(struct arena *a, const struct lang_text *texts, uint32_t n,
                        struct pack *out, struct err *e)
{
    struct lang_text *sorted = ARENA_ARRAY(a, struct lang_text, n + 1U);
    *out = (struct pack){0};
    for (uint32_t i = 0; i < n; i++) {
        sorted[i] = texts[i];
    }
    if (n > 1) {
        qsort(sorted, n, sizeof *sorted, by_path);
    }
    diags_init(&out->diags, a, NULL);
    enum rc rc = lang_load_texts(a, sorted, n, &out->diags, &out->lang, e);
    out->plan = out->lang.plan;
    return rc;
}

/* Tables below a folder; only those directly in it when `flat`. */
static enum rc collect(struct arena *a, const char *dir, bool flat, struct paths *out,
                       struct err *e)
{
    struct dir_list list = {0};
    TRY(dir_list(a, dir, STR(".csv"), &list, e));
    for (uint32_t i = 0; i < list.n; i++) {
        bool deep = str_find(str_from_cstr(list.paths[i]), STR("/"), 0) != STR_NONE;
        if (!flat || !deep) {
            vec_push(a, &out->real, path_join(a, dir, list.paths[i]));
            vec_push(a, &out->shown, vec_last(&out->real));
        }
    }
    return RC_OK;
}

enum rc pack_open_tables(struct arena *a, const char *pack_dir, const char *const *data_dirs,
                         uint32_t n_dirs, struct pack *out, struct err *e)
{
    return pack_open_what_fits(a, pack_dir, data_dirs, n_dirs, NULL, out, e);
}

enum rc pack_open_what_fits(struct arena *a, const char *pack_dir, const char *const *data_dirs,
                            uint32_t n_dirs, struct problems *left_out, struct pack *out,
                            struct err *e)
{
    struct paths paths = {0};
    TRY(collect(a, pack_dir, true, &paths, e));
    for (uint32_t i = 0; i < n_dirs; i++) {
        TRY(collect(a, data_dirs[i], false, &paths, e));
    }
    const char *own = path_join(a, pack_dir, "data");
    if (n_dirs == 0 && file_is_dir(own)) {
        TRY(collect(a, own, false, &paths, e));
    }
    struct load_input in = {.plan = out->plan,
                            .paths = paths.real.items,
                            .names = paths.shown.items,
                            .n = paths.real.n,
                            .left_out = left_out};
    return load_tables(a, &in, &out->problems, &out->tree, &out->data, e);
}

void pack_render_faults(const struct pack *p, bool chinese, struct buf *out)
{
    diags_render_text(&p->diags, chinese ? DIAG_ZH : DIAG_EN, false, out);
    problems_render(&p->problems, chinese, out);
}

void pack_faults_json(const struct pack *p, struct json *j)
{
    json_obj_begin(j);
    json_key(j, "diagnostics");
    diags_render_json(&p->diags, j);
    json_key(j, "problems");
    problems_json(&p->problems, j);
    json_obj_end(j);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders to an import, its progress, and what comes back. */
#include "cli/import.h"

#include <stdio.h>
#include <unistd.h>

#include "app/workbook/import.h"
#include "app/report/desk.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/map.h"
#include "cli/desk.h"
#include "cli/session.h"
#include "io/workbook.h"

#define FACTS_BYTES 0x10000000U /* of a table of facts: 256 MiB */

/* A file to read, and where it lies below what was named. */
struct table_file {
    const char *path;
    struct str below;  /* relative to the folder that was named */
    struct str folder; /* names of the folders it lies in */
};

struct importing {
    struct session *s;
    struct desk d;
    struct round_view round;
    struct import_asked asked;
    struct import_run run;
    VEC(struct table_file) sources;
    bool terminal; /* progress is shown */
};

/* ---- files ---------------------------------------------------------------------------------- */

static bool is_table_name(struct str name)
{
    static const struct str ends[] = {STR_INIT(".xlsx"), STR_INIT(".xlsm"), STR_INIT(".xls"),
                                      STR_INIT(".et"),   STR_INIT(".csv"),  STR_INIT(".XLSX"),
                                      STR_INIT(".XLS"),  STR_INIT(".CSV"),  STR_INIT(".xlsb"),
                                      STR_INIT(".ods"),  STR_INIT(".ET"),   STR_INIT(".txt")};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (str_ends(name, ends[i])) {
            return true;
        }
    }
    return false;
}

static struct str file_name(struct str path)
{
    uint32_t from = 0;
    for (uint32_t i = 0; i < path.n; i++) {
        from = path.p[i] == '/' ? i + 1 : from;
    }
    return str_sub(path, from, path.n);
}

static struct str folder_name(struct str path)
{
    struct str name = file_name(path);
    return str_sub(path, 0, path.n > name.n ? path.n - name.n - 1 : 0);
}

static enum rc add_folder(struct importing *m, const char *root, struct err *e)
{
    struct dir_list list;
    struct arena *a = &m->s->arena;
    TRY(dir_list(a, root, STR(""), &list, e));
    for (uint32_t i = 0; i < list.n; i++) {
        struct str below = str_from_cstr(list.paths[i]);
        /* ~$ is what a spreadsheet program leaves beside an open file. */
        if (!is_table_name(below) || str_starts(file_name(below), STR("~$"))) {
            m->run.n_skipped++;
            continue;
        }
        struct str folder = folder_name(below);
        folder = str_cat(a, str_cat(a, file_name(str_from_cstr(root)), STR("/")), folder);
        vec_push(a, &m->sources,
                 (struct table_file){path_join(a, root, list.paths[i]), below, folder});
    }
    return RC_OK;
}

static enum rc find_files(struct importing *m, struct err *e)
{
    const struct words *w = &m->s->o.tables;
    for (uint32_t i = 0; i < w->n; i++) {
        struct str path = str_from_cstr(w->list[i]);
        while (path.n > 1 && path.p[path.n - 1] == '/') {
            path.n--;
        }
        const char *z = str_to_cstr(&m->s->arena, path);
        if (file_is_dir(z)) {
            TRY(add_folder(m, z, e));
        } else {
            vec_push(&m->s->arena, &m->sources,
                     (struct table_file){z, file_name(path), file_name(folder_name(path))});
        }
    }
    if (m->sources.n == 0) {
        return err_set(e, RC_INPUT, "there are no workbooks in %s", "%s 中没有工作簿", w->list[0]);
    }
    return RC_OK;
}

static void progress(void *ctx, uint32_t done, uint32_t of)
{
    const struct importing *m = ctx;
    if (m->terminal && (done == of || done % 16 == 0)) {
        (void)fprintf(stderr, done == of ? "\r\033[K" : "\r%u/%u", done, of);
        (void)fflush(stderr);
    }
}

static enum rc read_all(struct importing *m, struct err *e)
{
    for (uint32_t i = 0; i < m->sources.n; i++) {
        TRY(import_file(&m->run, m->sources.items[i].path, m->sources.items[i].folder, e));
        progress(m, i + 1, m->sources.n);
    }
    import_settle(&m->run);
    return RC_OK;
}

/* ---- what is asked -------------------------------------------------------------------------- */

static const struct str *texts_of(struct session *s, const struct words *w)
{
    struct str *list = ARENA_ARRAY(&s->arena, struct str, w->n + 1U);
    for (uint32_t i = 0; i < w->n; i++) {
        list[i] = str_from_cstr(w->list[i]);
    }
    return list;
}

/* What people have answered beforehand. */
static void take_answers(struct importing *m)
{
    struct session *s = m->s;
    m->asked.match = texts_of(s, &s->o.matches);
    m->asked.n_match = s->o.matches.n;
    m->asked.percent = texts_of(s, &s->o.percents);
    m->asked.n_percent = s->o.percents.n;
}

static enum rc find_unit(const struct importing *m, const struct tree *tree, uint32_t *unit,
                         struct err *e)
{
    struct str text = option_text(m->s->o.unit);
    *unit = NONE;
    if (text.n == 0 || tree_find(tree, text, DATE_MIN, DATE_MAX, unit) == TREE_FOUND_ONE) {
        return RC_OK;
    }
    return err_set(e, RC_NOT_FOUND, "there is no one unit %.*s", "没有唯一的机构“%.*s”", PS(text));
}

static enum rc ask_of_book(struct importing *m, struct err *e)
{
    struct session *s = m->s;
    TRY(round_find(&m->d, option_text(s->o.round), &m->round, e));
    TRY(import_ask_round(&m->d, &m->round, &m->asked, e));
    take_answers(m);
    TRY(find_unit(m, m->d.tree, &m->asked.within, e));
    return import_answers(&m->s->arena, &m->asked, e);
}

static uint32_t form_named(const struct plan *p, struct str text)
{
    uint32_t i = 0;
    while (i < p->n_commitments &&
           (p->commitments[i].kind != CK_FORM ||
            (!str_eq(p->commitments[i].id, text) && !str_eq(p->commitments[i].name, text)))) {
        i++;
    }
    return i;
}

static enum rc ask_of_pack(struct importing *m, struct err *e)
{
    struct session *s = m->s;
    const struct plan *p = s->pack.plan;
    VEC(uint32_t) units = {0};
    struct str text = option_text(s->o.form);
    uint32_t form = form_named(p, text);
    if (form == p->n_commitments) {
        return err_set(e, RC_NOT_FOUND, "the plan has no form %.*s", "计划中没有报表“%.*s”",
                       PS(text));
    }
    import_ask_items(&s->arena, p, form, p->commitments[form].items, p->commitments[form].n_items,
                     &m->asked);
    take_answers(m);
    TRY(period_parse(option_text(s->o.period), &m->asked.period, e));
    TRY(tree_at(&s->arena, s->pack.tree, period_last(m->asked.period), &m->asked.snap, e));
    for (uint32_t i = 0; i < m->asked.snap->n; i++) {
        if (plan_is_a(p, m->asked.snap->kind[i], p->commitments[form].of_kind)) {
            vec_push(&s->arena, &units, m->asked.snap->unit[i]);
        }
    }
    m->asked.tree = s->pack.tree;
    m->asked.units = units.items;
    m->asked.n_units = units.n;
    TRY(find_unit(m, s->pack.tree, &m->asked.within, e));
    return import_answers(&m->s->arena, &m->asked, e);
}

/* ---- copies with notes ---------------------------------------------------------------------- */

static enum rc make_folders(struct arena *a, struct str path, struct err *e)
{
    for (uint32_t i = 1; i < path.n; i++) {
        if (path.p[i] == '/') {
            TRY(file_make_dir(str_to_cstr(a, str_sub(path, 0, i)), e));
        }
    }
    return RC_OK;
}

/* Where the copy goes, without its ending; no two of a run are the same, and none is an original.
 */
static struct str copy_name(struct importing *m, const struct table_file *f, struct map *taken)
{
    struct session *s = m->s;
    struct str name = f->below;
    uint32_t dot = name.n;
    for (uint32_t i = name.n; i-- > 0 && name.p[i] != '/';) {
        if (name.p[i] == '.') {
            dot = i;
            break;
        }
    }
    struct str to = str_from_cstr(
        path_join(&s->arena, s->o.out, str_to_cstr(&s->arena, str_sub(name, 0, dot))));
    to = str_cat(&s->arena, to, s->o.chinese ? STR("-批注") : STR("-notes"));
    for (uint32_t n = 2; map_get(taken, to, NULL); n++) {
        struct buf b;
        buf_init_in(&b, &s->arena, LIMIT_PATH_BYTES);
        buf_printf(&b, "%.*s-%u", PS(to), n);
        to = buf_view(&b);
    }
    map_put(&s->arena, taken, to, 0);
    return to;
}

static enum rc write_copies(struct importing *m, struct err *e)
{
    struct session *s = m->s;
    struct map taken = {0};
    for (uint32_t i = 0; s->o.out != NULL && i < m->run.files.n; i++) {
        const char *path = NULL;
        if (m->run.files.items[i].rc != RC_OK) {
            continue;
        }
        struct str to = copy_name(m, &m->sources.items[i], &taken);
        TRY(make_folders(&s->arena, to, e));
        TRY(import_copy(&m->run, i, str_to_cstr(&s->arena, to), s->o.chinese, &path, e));
        progress(m, i + 1, m->run.files.n);
    }
    return RC_OK;
}

/* ---- the command ---------------------------------------------------------------------------- */

static int answer(struct importing *m)
{
    struct session *s = m->s;
    struct import_view_words w = {s->o.chinese, s->o.dry_run, s->o.book != NULL};
    uint32_t unread = 0;
    for (uint32_t i = 0; i < m->run.files.n; i++) {
        unread += m->run.files.items[i].rc != RC_OK ? 1 : 0;
    }
    switch (s->o.format) {
    case FORMAT_JSON:
        import_json(&m->run, w, &s->out);
        break;
    case FORMAT_CSV:
        import_csv(&m->run, s->o.chinese, &s->out);
        break;
    case FORMAT_XLSX: /* is not offered */
    case FORMAT_TEXT:
        import_show(&m->run, w, &s->out);
        break;
    }
    return unread == m->run.files.n       ? rc_exit_status(RC_INPUT)
           : import_has_findings(&m->run) ? rc_exit_status(RC_FINDINGS)
                                          : 0;
}

static enum rc into_facts(struct importing *m, struct err *e)
{
    struct session *s = m->s;
    struct buf b;
    if (s->o.dry_run || s->o.to == NULL) {
        return RC_OK;
    }
    buf_init_in(&b, &s->arena, FACTS_BYTES);
    import_to_facts(&m->run, &b);
    return file_write(s->o.to, buf_view(&b), e);
}

static enum rc work(struct importing *m, struct err *e)
{
    struct session *s = m->s;
    bool book = s->o.book != NULL;
    struct import_hear hear = {progress, m};
    TRY(book ? ask_of_book(m, e) : ask_of_pack(m, e));
    s->import = &m->run;
    m->run.a = &s->arena;
    m->run.names = import_names_new(&s->arena, &m->asked);
    TRY(find_files(m, e));
    TRY(read_all(m, e));
    TRY(book ? import_to_book(&m->run, &m->d, &m->round, s->o.dry_run, hear, e) : into_facts(m, e));
    return write_copies(m, e);
}

static int open_all(struct session *s, struct importing *m)
{
    if (s->o.book != NULL) {
        if (s->o.round == NULL) {
            return session_complain(s, 2, "请用 --round 写明填报轮次",
                                    "say for which round: --round", "");
        }
        return sit_down(s, &m->d);
    }
    if (s->o.form == NULL || s->o.period == NULL) {
        return session_complain(s, 2, "请用 --book 和 --round，或用 --form、--period 和 --facts",
                                "say where to: --book and --round, or --form, --period and --facts",
                                "");
    }
    return session_open_pack(s);
}

int import_command(struct session *s)
{
    struct importing *m = ARENA_NEW(&s->arena, struct importing);
    m->s = s;
    m->terminal = isatty(STDERR_FILENO) != 0;
    int status = open_all(s, m);
    if (status != 0) {
        return status;
    }
    s->phase = PHASE_ANSWER;
    enum rc rc = work(m, &s->e);
    return rc == RC_OK ? answer(m) : session_failed(s, rc);
}

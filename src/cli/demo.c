/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of a demonstration: tables, then a book of them. */
#include "cli/demo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/demo/town.h"
#include "base/file.h"
#include "cli/desk.h"
#include "cli/session.h"

#define PERCENT 5 /* of the region of the pack: some hundred schools */

/* ---- where ---------------------------------------------------------------------------------- */

/* The pack that comes with the program, from a source tree or installed. */
static const char *bundled_pack(void)
{
    static const char *const places[] = {"plans/nmg-2024", "/usr/share/tizhi/plans/nmg-2024"};
    uint32_t i = 0;
    while (i + 1 < sizeof places / sizeof *places && !file_is_dir(places[i])) {
        i++;
    }
    return places[i];
}

static const char *temporary(struct session *s)
{
    // No other thread is there to change it: NOLINTNEXTLINE(concurrency-mt-unsafe)
    const char *tmp = getenv("TMPDIR");
    const char *in = path_join(&s->arena, tmp != NULL ? tmp : "/tmp", "tizhi-demo-XXXXXX");
    size_t n = strlen(in) + 1;
    char *path = arena_alloc(&s->arena, n);
    memcpy(path, in, n);
    char *made = mkdtemp(path);
    if (made == NULL) {
        (void)err_set_errno(&s->e, RC_IO, "cannot make the folder %s", "无法创建目录 %s", in);
    }
    return made;
}

/* ---- making it ------------------------------------------------------------------------------ */

static enum rc make_tables(struct session *s, const char *folder)
{
    struct demo_summary n;
    const struct demo_options o = {.seed = s->o.seed > 0 ? s->o.seed : 1,
                                   .percent = s->o.percent > 0 ? s->o.percent : PERCENT,
                                   .as_of = seat_desk_today(&(struct seat_desk){.now = sit_now()})};
    enum rc rc = demo_write(&s->arena, &s->pack, s->o.pack, folder, o, &s->demo, &n, &s->e);
    demo_files_release(&s->demo);
    if (rc == RC_OK) {
        (void)fprintf(stderr,
                      s->o.chinese ? "示例地区：机构 %u 个，数据 %u 项\n"
                                   : "generated region: %u units, %u facts\n",
                      n.units, n.facts);
    }
    return rc;
}

static enum rc fill(struct session *s)
{
    TRY(sit_open(s, true));
    struct demo_town town = {
        .a = &s->arena, .pack = &s->pack, .store = s->store, .reader = s->reader, .now = sit_now()};
    return demo_town_fill(&town, &s->e);
}

/* Under another name until it is complete: what was stopped half-way is begun anew. */
static int make_book(struct session *s, const char *folder, const char *book)
{
    const char *half = path_join(&s->arena, folder, "half.book");
    int status = session_open_pack(s);
    if (status != 0) {
        return status;
    }
    enum rc rc = make_tables(s, folder);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    const char *data = path_join(&s->arena, folder, "data");
    s->pack = (struct pack){0};
    s->o.data.n = 1;
    s->o.data.list[0] = data;
    status = session_open_pack(s);
    if (status != 0) {
        return status;
    }
    file_drop(half);
    s->o.book = half;
    rc = fill(s);
    sit_end(s);
    s->reader = NULL;
    s->store = NULL;
    rc = rc == RC_OK ? file_finish(half, book, &s->e) : rc;
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

/* In a process of its own: making it takes several times the memory that serving it does. */
static int make_apart(struct session *s, const char *folder, const char *book)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        status = make_book(s, folder, book);
        (void)fwrite(s->message.p, 1, s->message.n, stderr);
        (void)fflush(stderr);
        _exit(status);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
        (void)err_set_errno(&s->e, RC_IO, "the region was not made", "示例地区未能生成");
        return session_failed(s, RC_IO);
    }
    return WEXITSTATUS(status);
}

/* ---- the settings --------------------------------------------------------------------------- */

/* What nobody has set. */
static enum rc set(struct session *s, struct settings *t, enum setting which, const char *pair)
{
    return t->from[which].n > 0 ? RC_OK
                                : settings_set(t, str_from_cstr(pair), STR("--demo"), &s->e);
}

static enum rc settle(struct session *s, struct settings *t, const char *book)
{
    struct buf pack;
    struct buf path;
    buf_init_in(&pack, &s->arena, 4096);
    buf_init_in(&path, &s->arena, 4096);
    buf_printf(&pack, "pack=%s", s->o.pack);
    buf_printf(&path, "book=%s", book);
    TRY(set(s, t, SETTING_PACK, buf_view(&pack).p));
    TRY(settings_set(t, buf_view(&path), STR("--demo"), &s->e));
    TRY(set(s, t, SETTING_DEMO, "demo=yes"));
    TRY(set(s, t, SETTING_PUBLIC, "public=yes"));
    return set(s, t, SETTING_PLAIN, "plain=yes");
}

int demo_prepare(struct session *s, struct settings *t)
{
    struct str pack = setting_text(t, SETTING_PACK);
    const char *folder = s->o.out != NULL ? s->o.out : temporary(s);
    int status = 0;
    if (folder == NULL) {
        return session_failed(s, RC_IO);
    }
    s->o.pack = pack.n > 0 ? str_to_cstr(&s->arena, pack) : bundled_pack();
    const char *book = path_join(&s->arena, folder, "demo.book");
    if (!file_exists(book)) {
        (void)fprintf(stderr, s->o.chinese ? "正在生成示例地区……\n" : "making a region …\n");
        status = make_apart(s, folder, book);
    }
    if (status != 0) {
        return status;
    }
    enum rc rc = settle(s, t, book);
    (void)fprintf(stderr,
                  s->o.chinese ? "示例数据在 %s，演示账号见 /api/v1/demo\n"
                               : "the data are in %s, the accounts at /api/v1/demo\n",
                  folder);
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

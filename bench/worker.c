/* SPDX-License-Identifier: Apache-2.0 */
/* Orders are one letter: r run, a answers, q quit. */
#include "bench/worker.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

#define WORKER_BYTES ((size_t)64 << 30) /* the machine is the limit */

/* ---- the worker ----------------------------------------------------------------------------- */

static void say(int fd, struct reply *r, enum rc rc, const struct err *e)
{
    struct rusage use;
    r->rc = rc;
    if (rc != RC_OK) {
        memcpy(r->text, e->primary_en,
               sizeof r->text < sizeof e->primary_en ? sizeof r->text : sizeof e->primary_en);
        r->text[sizeof r->text - 1] = '\0';
    }
    getrusage(RUSAGE_SELF, &use);
    r->peak_kib = use.ru_maxrss;
    if (write(fd, r, sizeof *r) != (ssize_t)sizeof *r) {
        _exit(1);
    }
}

static void obey(int fd, const struct contestant *who, void *ctx, struct answers *answers)
{
    char order = 0;
    while (read(fd, &order, 1) == 1 && order != 'q') {
        struct reply r = {0};
        struct err e = {0};
        enum rc rc = order == 'r' ? who->run(ctx, r.seconds, &e) : who->answers(ctx, answers, &e);
        say(fd, &r, rc, &e);
    }
}

static void work(int fd, const struct contestant *who, const struct workload *w,
                 const struct setting *s, struct answers *answers)
{
    struct arena a;
    struct err e = {0};
    struct reply r = {0};
    void *ctx = NULL;
    arena_init(&a, WORKER_BYTES, "worker");
    double begin = seconds_now();
    enum rc rc = who->open(&a, w, s, &ctx, &e);
    r.seconds[0] = seconds_now() - begin;
    if (rc == RC_OK) {
        const char *version = who->version(ctx);
        memcpy(r.text, version, strnlen(version, sizeof r.text - 1));
    }
    say(fd, &r, rc, &e);
    if (rc == RC_OK) {
        obey(fd, who, ctx, answers);
        who->close(ctx);
    }
    _exit(0);
}

/* ---- the other side ------------------------------------------------------------------------- */

static struct answer *shared(size_t n)
{
    void *p = mmap(NULL, n * sizeof(struct answer) + 1, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

/* It said nothing any more: 9 is what the system sends when memory is out. */
static enum rc died(struct worker *k, struct err *e)
{
    int status = 0;
    bool known = k->pid > 0 && waitpid(k->pid, &status, 0) == k->pid;
    k->pid = 0;
    int sig = known && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return err_set(e, RC_IO, "%s ended early, by signal %d", "%s 提前结束，信号 %d", k->who->name,
                   sig);
}

static enum rc hear(struct worker *k, struct reply *r, struct err *e)
{
    size_t got = 0;
    while (got < sizeof *r) {
        ssize_t n = read(k->fd, (char *)r + got, sizeof *r - got);
        if (n <= 0) {
            return died(k, e);
        }
        got += (size_t)n;
    }
    if (r->rc != RC_OK) {
        return err_set(e, r->rc, "%s: %s", "%s：%s", k->who->name, r->text);
    }
    return RC_OK;
}

static enum rc order(struct worker *k, char what, struct reply *r, struct err *e)
{
    if (send(k->fd, &what, 1, MSG_NOSIGNAL) != 1) {
        return died(k, e);
    }
    return hear(k, r, e);
}

enum rc worker_start(struct worker *k, const struct contestant *who, const struct workload *w,
                     const struct setting *s, struct reply *reply, struct err *e)
{
    int ends[2];
    *k = (struct worker){
        .who = who, .fd = -1, .answers = {shared(answers_areas(w)), shared(answers_schools(w))}};
    if (!k->answers.areas || !k->answers.schools ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
        return err_set(e, RC_NO_MEMORY, "%s cannot start", "%s 无法启动", who->name);
    }
    fflush(NULL);
    k->pid = fork();
    if (k->pid == 0) {
        close(ends[0]);
        work(ends[1], who, w, s, &k->answers);
    }
    close(ends[1]);
    k->fd = ends[0];
    return hear(k, reply, e);
}

enum rc worker_run(struct worker *k, struct reply *reply, struct err *e)
{
    return order(k, 'r', reply, e);
}

enum rc worker_answers(struct worker *k, struct reply *reply, struct err *e)
{
    return order(k, 'a', reply, e);
}

void worker_stop(struct worker *k)
{
    ssize_t told = send(k->fd, "q", 1, MSG_NOSIGNAL); /* one that failed has gone already */
    (void)told;
    close(k->fd);
    if (k->pid > 0) {
        waitpid(k->pid, NULL, 0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A child between fork and exec calls nothing but what is safe after a fork of threads. */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"

#define STATUS_MISSING 127
#define STATUS_SIGNAL  128
#define CHUNK_BYTES    65536

/* What is held while the child runs. */
struct running {
    FILE *in; /* a file without a name */
    int from; /* what it writes */
    int to;   /* the child's end of that pipe */
    pid_t pid;
    struct buf out;
};

static void let_go(struct running *r)
{
    if (r->in) {
        (void)fclose(r->in);
    }
    if (r->from >= 0) {
        (void)close(r->from);
    }
    if (r->to >= 0) {
        (void)close(r->to);
    }
    buf_release(&r->out);
}

static bool fill(FILE *f, struct str in)
{
    return fwrite(in.n > 0 ? in.p : "", 1, in.n, f) == in.n && fflush(f) == 0 &&
           fseek(f, 0, SEEK_SET) == 0;
}

/* ---- in the child --------------------------------------------------------------------------- */

static bool limit(int what, rlim_t n)
{
    struct rlimit r = {n, n};
    return setrlimit(what, &r) == 0;
}

static bool set_limits(struct child_limits l)
{
    return limit(RLIMIT_AS, l.memory_bytes) && limit(RLIMIT_CPU, l.seconds) &&
           limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0);
}

static void become(const struct running *r, const char *const *argv, struct child_limits l)
{
    char locale[] = "LC_ALL=C.UTF-8";
    char *environment[] = {locale, NULL};
    /* execve takes its arguments by char * but does not write to them. */
    union {
        const char *const *readable;
        char *const *declared;
    } args = {.readable = argv};
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0 && dup2(fileno(r->in), STDIN_FILENO) >= 0 && dup2(r->to, STDOUT_FILENO) >= 0 &&
        dup2(nowhere, STDERR_FILENO) >= 0 && set_limits(l)) {
        (void)execve(argv[0], args.declared, environment);
    }
    _exit(STATUS_MISSING);
}

/* ---- in the parent -------------------------------------------------------------------------- */

/* Reads until the child closes its end, or a limit is passed. */
static void listen_to(struct running *r, struct child_limits l, struct child_result *out)
{
    double until = seconds_now() + l.seconds;
    char chunk[CHUNK_BYTES];
    while (!out->slow && !out->verbose) {
        double left = until - seconds_now();
        struct pollfd p = {.fd = r->from, .events = POLLIN};
        int ready = left > 0 ? poll(&p, 1, (int)(left * 1000) + 1) : 0;
        ssize_t n = ready > 0 ? read(r->from, chunk, sizeof chunk) : -1;
        if (ready == 0) {
            out->slow = true;
        } else if (n == 0 || (n < 0 && errno != EINTR)) {
            return;
        } else if (n > 0) {
            buf_put(&r->out, chunk, (size_t)n);
            out->verbose = r->out.overflow;
        }
    }
}

static int wait_for(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return STATUS_MISSING;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_SIGNAL + WTERMSIG(status);
}

static enum rc start(struct running *r, const char *const *argv, struct child_limits l,
                     struct str in, struct err *e)
{
    int ends[2];
    r->in = tmpfile();
    if (!r->in || !fill(r->in, in)) {
        return err_set_errno(e, RC_IO, "cannot write a temporary file", "无法写入临时文件");
    }
    if (pipe(ends) != 0) {
        return err_set_errno(e, RC_IO, "cannot start %s", "无法启动 %s", argv[0]);
    }
    r->from = ends[0];
    r->to = ends[1];
    if (fcntl(r->from, F_SETFD, FD_CLOEXEC) != 0 || fcntl(r->to, F_SETFD, FD_CLOEXEC) != 0) {
        return err_set_errno(e, RC_IO, "cannot start %s", "无法启动 %s", argv[0]);
    }
    r->pid = fork();
    if (r->pid < 0) {
        return err_set_errno(e, RC_IO, "cannot start %s", "无法启动 %s", argv[0]);
    }
    if (r->pid == 0) {
        become(r, argv, l);
    }
    (void)close(r->to);
    r->to = -1;
    return RC_OK;
}

enum rc child_run(struct arena *a, const char *const *argv, struct child_limits limits,
                  struct str in, struct child_result *out, struct err *e)
{
    struct running r = {.from = -1, .to = -1};
    *out = (struct child_result){.missing = access(argv[0], X_OK) != 0};
    if (out->missing) {
        return RC_OK;
    }
    buf_init(&r.out, limits.out_bytes);
    enum rc rc = start(&r, argv, limits, in, e);
    if (rc == RC_OK) {
        listen_to(&r, limits, out);
        if (out->slow || out->verbose) {
            (void)kill(r.pid, SIGKILL);
        }
        out->status = wait_for(r.pid);
        struct str s = buf_view(&r.out);
        char *copy = arena_try(a, (size_t)s.n + 1);
        out->out = (struct str){copy, copy ? s.n : 0};
        if (copy && s.n > 0) {
            memcpy(copy, s.p, s.n);
        }
        rc = copy ? RC_OK : err_set(e, RC_LIMIT, "no memory", "内存不足");
    }
    let_go(&r);
    return rc;
}

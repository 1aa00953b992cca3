/* SPDX-License-Identifier: Apache-2.0 */
/* Starting and killing PostgreSQL. */
#include "tests/store/server.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "tests/lib/test.h"
#include "tests/lib/tmpdir.h"

#define VERSION_FIRST 15
#define VERSION_LAST  30
#define TRIES         600 /* of 50 ms until it answers */

static void must(bool ok, const char *what)
{
    if (!ok) {
        /* Some of this runs outside of a test. */
        (void)fprintf(stderr, "PostgreSQL for the tests: %s: %s\n", what, strerror(errno));
        exit(1);
    }
}

static const char *text(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

static const char *text(struct arena *a, const char *fmt, ...)
{
    struct buf b;
    va_list ap;
    buf_init_in(&b, a, 65536);
    va_start(ap, fmt);
    buf_vprintf(&b, fmt, ap);
    va_end(ap);
    return buf_view(&b).p;
}

/* Debian keeps the programs of each version apart. */
static const char *find_bin(struct arena *a)
{
    for (int v = VERSION_FIRST; v <= VERSION_LAST; v++) {
        const char *dir = text(a, "/usr/lib/postgresql/%d/bin", v);
        if (file_exists(path_join(a, dir, "initdb"))) {
            return dir;
        }
    }
    return "/usr/bin";
}

/* The server refuses to run as root. */
static void choose_user(struct server *s)
{
    s->uid = geteuid();
    s->gid = getegid();
    if (s->uid == 0) {
        const struct passwd *p = getpwnam("postgres");
        p = p != NULL ? p : getpwnam("nobody");
        must(p != NULL, "there is no user to run it");
        s->uid = p->pw_uid;
        s->gid = p->pw_gid;
    }
}

static pid_t spawn(struct server *s, const char *const *argv)
{
    (void)fflush(NULL);
    pid_t child = fork();
    must(child >= 0, "fork");
    if (child == 0) {
        int log = open(path_join(s->a, s->dir, "log"), O_WRONLY | O_CREAT | O_APPEND, 0666);
        (void)dup2(log, 1);
        (void)dup2(log, 2);
        if (geteuid() == 0 && (setgid(s->gid) != 0 || setuid(s->uid) != 0)) {
            _exit(3);
        }
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (chdir(s->dir) != 0) {
            _exit(3);
        }
        char locale[] = "LC_ALL=C";
        char path[] = "PATH=/usr/bin:/bin";
        char *const env[] = {locale, path, NULL};
        union {
            const char *const *in;
            char *const *out;
        } args = {argv};
        (void)execve(argv[0], args.out, env);
        _exit(4);
    }
    return child;
}

static void show_log(struct server *s)
{
    struct str log = {0};
    if (file_read(s->a, path_join(s->a, s->dir, "log"), 1U << 20, &log, NULL) == RC_OK) {
        (void)fprintf(stderr, "%.*s\n", PS(log));
    }
}

static bool answers(struct server *s)
{
    const char *where = text(s->a, "host=%s user=tizhi dbname=postgres", s->dir);
    PGconn *c = PQconnectdb(where);
    bool ok = PQstatus(c) == CONNECTION_OK;
    PQfinish(c);
    return ok;
}

void server_run(struct server *s)
{
    const char *argv[] = {path_join(s->a, s->bin, "postgres"),
                          "-D",
                          path_join(s->a, s->dir, "data"),
                          "-c",
                          "listen_addresses=",
                          "-c",
                          text(s->a, "unix_socket_directories=%s", s->dir),
                          "-c",
                          "shared_buffers=64MB",
                          "-c",
                          "max_connections=250",
                          NULL};
    s->pid = spawn(s, argv);
    for (int i = 0; !answers(s); i++) {
        const struct timespec pause = {0, 50000000};
        (void)nanosleep(&pause, NULL);
        if (i == TRIES) {
            show_log(s);
            must(false, "it does not start");
        }
        /* The children of one that was killed hold its shared memory for a while: then again. */
        if (waitpid(s->pid, NULL, WNOHANG) != 0) {
            s->pid = spawn(s, argv);
        }
    }
}

void server_start(struct arena *a, struct server *s)
{
    /* Short, as the path of a socket has few bytes; in memory where there is such a place, as the
     * server flushes at every commit. */
    char in_memory[] = "/dev/shm/tizhi-pg-XXXXXX";
    char on_disk[] = "/tmp/tizhi-pg-XXXXXX";
    char *dir = access("/dev/shm", W_OK | X_OK) == 0 ? in_memory : on_disk;
    *s = (struct server){.a = a};
    choose_user(s);
    s->bin = find_bin(a);
    must(mkdtemp(dir) != NULL, "no temporary folder");
    s->dir = arena_strndup(a, dir, strlen(dir));
    must(chown(s->dir, s->uid, s->gid) == 0, "chown");
    const char *argv[] = {path_join(a, s->bin, "initdb"),
                          "-D",
                          path_join(a, s->dir, "data"),
                          "-U",
                          "tizhi",
                          "-A",
                          "trust",
                          "-E",
                          "UTF8",
                          "--locale=C",
                          "--no-sync",
                          "--no-instructions",
                          NULL};
    int status = 0;
    pid_t child = spawn(s, argv);
    must(waitpid(child, &status, 0) == child, "wait");
    if (status != 0) {
        show_log(s);
        must(false, "initdb failed");
    }
    server_run(s);
}

void server_kill(struct server *s)
{
    if (s->pid > 0) {
        /* Its other processes see the end of the first and leave at once. */
        (void)kill(s->pid, SIGKILL);
        (void)waitpid(s->pid, NULL, 0);
        s->pid = 0;
    }
}

void server_stop(struct server *s)
{
    if (s->pid > 0) {
        (void)kill(s->pid, SIGQUIT);
        (void)waitpid(s->pid, NULL, 0);
        s->pid = 0;
    }
    tmpdir_remove(s->dir);
}

void server_quiet(struct server *s)
{
    const char *where = text(s->a, "host=%s user=tizhi dbname=postgres", s->dir);
    PGconn *c = PQconnectdb(where);
    for (int i = 0; PQstatus(c) == CONNECTION_OK && i < TRIES; i++) {
        PGresult *r = PQexec(c, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = "
                                "'client backend' AND pid <> pg_backend_pid()");
        bool quiet = PQntuples(r) == 1 && strcmp(PQgetvalue(r, 0, 0), "0") == 0;
        PQclear(r);
        if (quiet) {
            break;
        }
        const struct timespec pause = {0, 50000000};
        (void)nanosleep(&pause, NULL);
    }
    PQfinish(c);
}

void server_sql(struct server *s, const char *place, const char *sql)
{
    (void)s;
    PGconn *c = PQconnectdb(place);
    PGresult *r = PQexec(c, sql);
    ExecStatusType status = PQresultStatus(r);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        (void)fprintf(stderr, "%s\n%s\n", sql, PQerrorMessage(c));
        must(false, "a statement failed");
    }
    PQclear(r);
    PQfinish(c);
}

const char *server_place(struct server *s)
{
    uint32_t n = s->n_places++;
    const char *all = text(s->a, "host=%s user=tizhi dbname=postgres", s->dir);
    server_sql(s, all, text(s->a, "CREATE SCHEMA p%u", n));
    return text(s->a, "%s options='-c search_path=p%u'", all, n);
}

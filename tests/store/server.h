/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A PostgreSQL server of one's own: a private socket in a temporary folder, no port, no password,
 * an unprivileged user. It is a child of the test and dies with it.
 */
#ifndef TESTS_STORE_SERVER_H
#define TESTS_STORE_SERVER_H

#include <sys/types.h>

#include "base/arena.h"

struct server {
    struct arena *a;
    const char *bin; /* folder of the programs */
    const char *dir;
    pid_t pid; /* 0: not running */
    uid_t uid; /* who it runs as */
    gid_t gid;
    uint32_t n_places;
};

/* Makes and starts it; failing ends the test program. */
void server_start(struct arena *a, struct server *s);
/* Ends it and removes its folder. */
void server_stop(struct server *s);
/* SIGKILL to all of it, as a loss of power to the machine of the server. */
void server_kill(struct server *s);
/* Waits until nobody is served any more: what a killed program has sent whole, its COMMIT with it,
 * is still carried out after its death. */
void server_quiet(struct server *s);
/* Starts it again where it was. */
void server_run(struct server *s);
/* A connection text to a new empty schema. */
const char *server_place(struct server *s);
/* Runs SQL as the owner. */
void server_sql(struct server *s, const char *place, const char *sql);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The wire from within: shared by door*.c. */
#ifndef HTTP_DOOR_INT_H
#define HTTP_DOOR_INT_H

#include <microhttpd.h>

#include "base/arena.h"
#include "http/crew.h"
#include "http/door.h"
#include "http/gate.h"
#include "http/message.h"
#include "http/patience.h"
#include "http/route.h"
#include "http/stream.h"
#include "http/upload.h"

#define LISTEN_MAX   8
#define ANSWER_BYTES (64U << 20)

struct door {
    struct service *s;
    struct door_options o;
    struct crew *crews[LANE__N];
    struct gate *gate, *open; /* open: of the public */
    struct patience *patience;
    struct MHD_Daemon *daemons[LISTEN_MAX];
    uint16_t ports[LISTEN_MAX];
    uint32_t n;
    _Atomic uint64_t numbers;
    pthread_mutex_t lock; /* of calls */
    pthread_cond_t fewer;
    uint32_t calls; /* that are not over */
};

/* ADMITTING: an upload, of which nothing is read before it is known who sends it. */
enum phase { READING_HEAD, ADMITTING, READING_BODY, WORKING, ANSWERED };

/* One request. */
struct call {
    struct arena a;
    struct door *w;
    struct MHD_Connection *connection;
    struct guest *guest;
    _Atomic int phase;
    struct request in;
    struct buf body, out;
    bool admitted;
    struct upload upload;  /* its body, when its route takes one */
    uint64_t bytes;        /* of the answer */
    struct stream *stream; /* the answer is what comes of it */
    const char *route;     /* of it */
    int64_t began;
    int status;
    struct MHD_Response *response;
};

/* Makes c->response of what has been written and what stands in the head. Its texts may lie in a.
 */
void door_respond(struct call *c, struct arena *a, const struct answer_head *head);
void door_header(struct call *c, const char *name, const char *value);
/* A line in the log, and the counts. */
void door_note(struct call *c, const char *route, struct str user);

/* A socket that listens at "127.0.0.1:8080" or "[::1]:8080", and its port. */
NODISCARD enum rc door_listen(struct arena *a, struct str address, int *fd, uint16_t *port,
                              struct err *e);

#endif

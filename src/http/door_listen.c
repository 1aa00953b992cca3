/* SPDX-License-Identifier: Apache-2.0 */
/* From texts to sockets that listen. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "http/door_int.h"

#define BACKLOG 1024

static enum rc broken(struct str address, struct err *e)
{
    enum rc rc =
        err_set(e, RC_INPUT, "%.*s is no address to listen at", "“%.*s”不是监听地址", PS(address));
    err_hint(e, "Write 127.0.0.1:8080 or [::1]:8080.", "请写 127.0.0.1:8080 或 [::1]:8080。");
    return rc;
}

static enum rc resolve(struct arena *a, struct str address, struct addrinfo **out, struct err *e)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    uint32_t colon = address.n;
    while (colon > 0 && address.p[colon - 1] != ':') {
        colon--;
    }
    if (colon < 2) {
        return broken(address, e);
    }
    struct str host = str_sub(address, 0, colon - 1);
    if (host.p[0] == '[' && host.p[host.n - 1] == ']') {
        host = str_sub(host, 1, host.n - 1);
    }
    return getaddrinfo(str_to_cstr(a, host), str_to_cstr(a, str_sub(address, colon, address.n)),
                       &hints, out) == 0
               ? RC_OK
               : broken(address, e);
}

static int open_socket(const struct addrinfo *x)
{
    int yes = 1;
    int fd = socket(x->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return fd;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (x->ai_family == AF_INET6) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    }
    if (bind(fd, x->ai_addr, x->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        int saved = errno;
        (void)close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

static uint16_t port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } at = {0};
    socklen_t n = sizeof at;
    if (getsockname(fd, &at.any, &n) != 0) {
        return 0;
    }
    return ntohs(at.any.sa_family == AF_INET ? at.four.sin_port : at.six.sin6_port);
}

enum rc door_listen(struct arena *a, struct str address, int *fd, uint16_t *port, struct err *e)
{
    struct addrinfo *x = NULL;
    TRY(resolve(a, address, &x, e));
    *fd = open_socket(x);
    freeaddrinfo(x);
    if (*fd < 0) {
        return err_set_errno(e, RC_IO, "cannot listen at %.*s", "无法监听 %.*s", PS(address));
    }
    *port = port_of(*fd);
    return RC_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* `tizhi serve`: the service over a book, until it is told to stop (docs/internals/service.md). */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

struct session;

int serve_command(struct session *s);

#endif

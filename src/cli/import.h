/* SPDX-License-Identifier: Apache-2.0 */
/* The command `import`: workbooks and folders of them, into a book or a table of facts. */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

struct session;

int import_command(struct session *s);

#endif

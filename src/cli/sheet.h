/* SPDX-License-Identifier: Apache-2.0 */
/* The command `sheet`: what the reader sees in a workbook, before anything is made of it. */
#ifndef CLI_SHEET_H
#define CLI_SHEET_H

struct session;

int sheet_command(struct session *s);

#endif

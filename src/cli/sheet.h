/* SPDX-License-Identifier: Apache-2.0 */
/* The command `sheet`: what the reader sees in a workbook, before anything is made of it. */
#ifndef CLI_SHEET_H
#define CLI_SHEET_H

#include <stdbool.h>

#include "io/cell_clean.h"

struct arena;
struct session;

int sheet_command(struct session *s);

/* The type that a word of --want names; false: none. */
bool sheet_want(const char *word, enum clean_want *out);
/* A value as it is shown. */
struct str sheet_value_text(struct arena *a, enum clean_want want, const struct clean_value *v);
/* With --annotate: a copy with what cleaning says as notes. want: NULL: none was named. */
int sheet_annotate(struct session *s, const enum clean_want *want);

#endif

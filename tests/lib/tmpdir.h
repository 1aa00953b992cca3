/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A private directory for one test, below TMPDIR or /tmp, removed with everything in it. Failures
 * to create or remove fail the test.
 */
#ifndef TESTS_LIB_TMPDIR_H
#define TESTS_LIB_TMPDIR_H

#include "base/arena.h"
#include "base/str.h"

/* Path of a fresh empty directory, in the arena. */
const char *tmpdir_make(struct arena *a);
/* Writes a file below dir, creating the folders of rel; gives its path. */
const char *tmpdir_write(struct arena *a, const char *dir, const char *rel, struct str text);
void tmpdir_remove(const char *dir);

#endif

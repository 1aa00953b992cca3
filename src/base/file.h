/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files and directories: whole, bounded, or not at all.
 *
 * Paths are UTF-8 C strings. Every failure names the path in both languages.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;

/*
 * The whole of a regular file, NUL-terminated behind its n bytes. RC_NOT_FOUND, RC_DENIED,
 * RC_INPUT (a directory, device or pipe), RC_LIMIT (more than max_bytes, or the arena's limit),
 * RC_CHANGED (size or modification time moved while reading), RC_IO.
 */
NODISCARD enum rc file_read(struct arena *a, const char *path, uint32_t max_bytes, struct str *out,
                            struct err *e);

/*
 * The same of a file that holds a secret: nobody but its owner may read it (RC_DENIED), and that is
 * whoever runs this, or root. A symbolic link is no regular file here.
 */
NODISCARD enum rc file_read_secret(struct arena *a, const char *path, uint32_t max_bytes,
                                   struct str *out, struct err *e);

/*
 * Replaces path by text: written beside it, flushed to disk, renamed over it. A reader sees the old
 * content or the new one, never a part; on failure the old content stays.
 */
NODISCARD enum rc file_write(const char *path, struct str text, struct err *e);

/* Makes an empty file for its owner alone. RC_CONFLICT: something is there. */
NODISCARD enum rc file_reserve(const char *path, struct err *e);

/*
 * The same where somebody else writes the content by name: file_begin makes an empty file beside
 * path and gives its name, file_finish flushes it and renames it over path; after a failure, or
 * file_drop, it is gone and the old content stays.
 */
NODISCARD enum rc file_begin(const char *path, char temp[LIMIT_PATH_BYTES], struct err *e);
NODISCARD enum rc file_finish(const char *temp, const char *path, struct err *e);
void file_drop(const char *temp);
/* Makes the directory, unless it is there. */
NODISCARD enum rc file_make_dir(const char *path, struct err *e);

/* Whether something is there, and whether it is a directory. Follows symbolic links. */
bool file_exists(const char *path);
bool file_is_dir(const char *path);

/* dir / name, in the arena; no doubled slash. */
const char *path_join(struct arena *a, const char *dir, const char *name);

struct dir_list {
    const char **paths; /* relative to the root, '/' between, sorted bytewise */
    uint32_t n;
};

/*
 * Regular files below root whose name ends in suffix (empty: all), recursively.
 * Symbolic links are not followed (no loops, no way out of the root); names starting with '.' are
 * skipped. RC_LIMIT beyond LIMIT_DIR_DEPTH or LIMIT_DIR_ENTRIES or when a path gets
 * too long, RC_ENCODING for a name that is not UTF-8, RC_NOT_FOUND, RC_INPUT (not a directory).
 */
NODISCARD enum rc dir_list(struct arena *a, const char *root, struct str suffix,
                           struct dir_list *out, struct err *e);

#endif

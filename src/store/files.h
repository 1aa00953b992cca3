/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence files, named by the SM3 of their content.
 *
 * Invariants
 *   FI1 A name in the book has its file: files_put has flushed file and folder before it returns,
 *       and store_commit refuses a name without file. Not the other way round: a crash in between
 *       leaves a file nobody names.
 *   FI2 The same content is stored once.
 *   FI3 The type is told by the content; a content that tells none is refused.
 *
 * The folder is made when it is not there. Threads: any number, also of several processes.
 */
#ifndef STORE_FILES_H
#define STORE_FILES_H

#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;
struct store;

#define FILES_BYTES_MAX (64U * 1024 * 1024)

enum file_type {
#define FILE_TYPE(name, text) FILE_##name,
#include "store/file_type.def"
    FILE__TYPES
};

struct file_info {
    struct str hash;
    int64_t size;
    enum file_type type;
};

/* "pdf" */
const char *file_type_name(enum file_type t);
/* What the content is; false: none of the types that are accepted. */
NODISCARD bool file_type_of(struct str content, enum file_type *out);

/*
 * Stores the content, durably. RC_INPUT: empty, or of no accepted type; RC_LIMIT: larger than
 * FILES_BYTES_MAX; RC_NO_SUPPORT: the book was opened without a folder; RC_IO, RC_DENIED.
 */
NODISCARD enum rc files_put(struct arena *a, const struct store *s, struct str content,
                            struct file_info *out, struct err *e);
/* The same, for a folder that no open book stands for. */
NODISCARD enum rc files_put_in(struct arena *a, const char *folder, struct str content,
                               struct file_info *out, struct err *e);
/* The content, checked against its name. RC_NOT_FOUND; RC_DB: it was changed. */
NODISCARD enum rc files_get(struct arena *a, const struct store *s, struct str hash,
                            struct str *out, struct err *e);
/* The same as files_look, of an open book. */
NODISCARD enum rc files_look_in(struct arena *a, const struct store *s, struct str hash,
                                struct file_info *out, struct err *e);
/* Size and type without reading all of it. folder may be NULL. RC_NOT_FOUND. */
NODISCARD enum rc files_look(struct arena *a, const char *folder, struct str hash,
                             struct file_info *out, struct err *e);

#endif

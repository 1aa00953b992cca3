/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target over the files of its corpus, one TAP case per file, where libFuzzer is not
 * linked. A crash ends the program, which the runner counts as a failure.
 */
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

#define INPUT_BYTES_MAX (16U * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int fail(const struct err *e)
{
    struct buf text;
    buf_init(&text, LIMIT_STR_BYTES);
    err_render(e, ERR_LANG_EN, &text);
    printf("not ok - replay\n# %.*s\n", PS(buf_view(&text)));
    buf_release(&text);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: fuzz_replay CORPUS_DIRECTORY\n", stderr);
        return 2;
    }
    struct arena a;
    arena_init(&a, (size_t)2 * INPUT_BYTES_MAX, "replay");
    struct err e;
    err_clear(&e);
    struct dir_list files;
    if (dir_list(&a, argv[1], STR(""), &files, &e) != RC_OK) {
        return fail(&e);
    }
    printf("1..%u\n", files.n);
    for (uint32_t i = 0; i < files.n; i++) {
        struct arena_mark m = arena_mark(&a);
        struct str text;
        if (file_read(&a, path_join(&a, argv[1], files.paths[i]), INPUT_BYTES_MAX, &text, &e) !=
            RC_OK) {
            return fail(&e);
        }
        (void)LLVMFuzzerTestOneInput((const uint8_t *)text.p, text.n);
        printf("ok %u - %s\n", i + 1, files.paths[i]);
        (void)fflush(stdout);
        arena_rewind(&a, m);
    }
    arena_release(&a);
    return 0;
}

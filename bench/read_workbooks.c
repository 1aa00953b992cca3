/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads every workbook below a folder, row by row, and says what it took:
 *     read-workbooks FOLDER          {"files", "cells", "seconds", "mib"} as JSON: seconds of CPU
 *                                    time, and the most memory that was resident
 *     read-workbooks FOLDER --cells  file, sheet, place, kind and text of each cell, tabs between
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "bench/usage.h"
#include "io/workbook.h"

struct reading {
    const char *path;
    const struct workbook *book;
    uint32_t sheet;
    bool print;
    uint64_t n_cells;
};

static enum rc on_sheet(void *ctx, const struct workbook *w, uint32_t sheet, bool *skip)
{
    struct reading *r = ctx;
    *skip = false;
    r->book = w;
    r->sheet = sheet;
    return RC_OK;
}

static void print_text(struct str s)
{
    for (uint32_t i = 0; i < s.n; i++) {
        (void)putchar(s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]);
    }
}

static enum rc on_row(void *ctx, const struct workbook_row *row)
{
    struct reading *r = ctx;
    r->n_cells += row->n;
    for (uint32_t i = 0; r->print && i < row->n; i++) {
        char name[CELL_NAME_BYTES];
        (void)printf("%s\t%.*s\t%s\t%u\t", r->path, PS(r->book->sheets[r->sheet].name),
                     cell_name(row->row, row->cells[i].column, name), row->cells[i].kind);
        print_text(row->cells[i].text);
        (void)putchar('\n');
    }
    return RC_OK;
}

static int read_one(struct reading *r, const char *folder, const char *file)
{
    struct arena a;
    struct err e;
    struct workbook book;
    struct workbook_sink sink = {.ctx = r, .sheet = on_sheet, .row = on_row};
    arena_init(&a, (size_t)1 << 30, "workbook");
    err_clear(&e);
    r->path = file;
    enum rc rc = workbook_read(&a, path_join(&a, folder, file), &sink, &book, &e);
    if (rc != RC_OK) {
        (void)fprintf(stderr, "%s\n", e.primary_en);
    }
    arena_release(&a);
    return rc == RC_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct arena a;
    struct dir_list files;
    struct reading r = {.print = argc > 2 && strcmp(argv[2], "--cells") == 0};
    int failed = 0;
    arena_init(&a, (size_t)1 << 30, "files");
    if (argc < 2 || dir_list(&a, argv[1], STR(""), &files, NULL) != RC_OK) {
        (void)fprintf(stderr, "usage: read-workbooks FOLDER [--cells]\n");
        return 2;
    }
    double begin = cpu_seconds();
    for (uint32_t i = 0; i < files.n; i++) {
        failed |= read_one(&r, argv[1], files.paths[i]);
    }
    double seconds = cpu_seconds() - begin;
    if (!r.print) {
        (void)printf("{\"files\": %u, \"cells\": %llu, \"seconds\": %.6f, \"mib\": %.1f}\n",
                     files.n, (unsigned long long)r.n_cells, seconds, (double)peak_kib() / 1024);
    }
    arena_release(&a);
    return failed;
}

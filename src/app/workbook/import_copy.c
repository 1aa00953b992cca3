/* SPDX-License-Identifier: Apache-2.0 */
/* The notes of a workbook laid into a copy of it. */
#include "app/workbook/import_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "io/workbook_note.h"

static enum note_tone tone_of(enum import_level level)
{
    static const enum note_tone tones[] = {
        [IMPORT_TOLD] = NOTE_PLAIN,
        [IMPORT_CLEANED] = NOTE_GREEN,
        [IMPORT_ASKED] = NOTE_AMBER,
        [IMPORT_REFUSED] = NOTE_RED,
    };
    return tones[level];
}

static struct str text_of(const struct import_run *run, struct arena *a,
                          const struct import_note *n, bool chinese)
{
    struct buf says;
    struct buf mend;
    buf_init_in(&says, a, WORKBOOK_NOTE_TEXT_MAX * 2);
    buf_init_in(&mend, a, WORKBOOK_NOTE_TEXT_MAX);
    import_note_text(run, n, chinese, &says);
    import_note_mend(run, n, chinese, &mend);
    if (buf_view(&mend).n > 0) {
        buf_printf(&says, chinese ? "\n改法：%.*s" : "\nto mend: %.*s", PS(buf_view(&mend)));
    }
    return buf_view(&says);
}

struct copying {
    struct import_run *run;
    uint32_t file;
    const char *path;
    bool chinese;
    struct annotated done;
    struct err *e;
    enum rc rc;
};

/* What came of the workbook, for its first cell. */
static struct str summary(const struct copying *c)
{
    const struct import_file *f = &c->run->files.items[c->file];
    struct buf b;
    buf_init_in(&b, &c->run->work, 4096);
    buf_printf(&b,
               c->chinese
                   ? "导入结果：%u 个机构，读取 %u 项，清洗 %u 处，需确认 %u 处，未采纳 %u 处"
                   : "import: %u units, %u figures taken, %u cells cleaned, %u to be "
                     "answered, %u refused",
               f->n_units, f->n_values, f->n_of[IMPORT_CLEANED], f->n_of[IMPORT_ASKED],
               f->n_of[IMPORT_REFUSED]);
    return buf_view(&b);
}

static void copy(void *ctx)
{
    struct copying *c = ctx;
    struct arena *a = &c->run->work;
    const struct import_file *f = &c->run->files.items[c->file];
    struct workbook_note *notes = ARENA_ARRAY(a, struct workbook_note, f->notes.n + 1U);
    struct note_list list = {.items = notes, .n = 1, .chinese = c->chinese};
    struct str bytes;
    notes[0] = (struct workbook_note){.tone = NOTE_PLAIN, .text = summary(c)};
    for (uint32_t i = 0; i < f->notes.n && list.n < WORKBOOK_NOTES_MAX; i++) {
        const struct import_note *n = &f->notes.items[i];
        notes[list.n++] =
            (struct workbook_note){.sheet = n->at.sheet,
                                   .row = n->at.row != NONE ? n->at.row : 0,
                                   .column = n->at.column != NONE ? n->at.column : 0,
                                   .tone = n->at.row != NONE ? tone_of(n->level) : NOTE_PLAIN,
                                   .text = text_of(c->run, a, n, c->chinese)};
    }
    c->rc = file_read(a, c->path, WORKBOOK_BYTES_MAX, &bytes, c->e);
    c->rc = c->rc == RC_OK ? workbook_annotate(a, c->path, bytes, &list, &c->done, c->e) : c->rc;
}

enum rc import_copy(struct import_run *run, uint32_t file, const char *to, bool chinese,
                    const char **path, struct err *e)
{
    struct copying c = {.run = run,
                        .file = file,
                        .path = str_to_cstr(run->a, run->files.items[file].from),
                        .chinese = chinese,
                        .e = e};
    import_begin(run);
    enum rc rc = arena_run(&run->work, copy, &c);
    rc = rc == RC_OK ? c.rc
                     : err_set(e, RC_LIMIT, "%s: no room for the copy with notes",
                               "%s：内存不够，无法生成批注副本", c.path);
    if (rc == RC_OK) {
        *path = str_cat(run->a, str_from_cstr(to), str_from_cstr(c.done.extension)).p;
        rc = file_write(*path, c.done.bytes, e);
    }
    import_rest(run);
    return rc;
}

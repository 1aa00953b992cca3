/* SPDX-License-Identifier: Apache-2.0 */
/* Notes from what cleaning found. */
#include "io/cell_note.h"

#include "base/arena.h"
#include "base/buf.h"

static void put_fault(struct buf *b, const struct clean_value *v, bool chinese)
{
    struct clean_words fault = clean_fault_words(v->fault);
    buf_puts(b, chinese ? fault.zh : fault.en);
    buf_puts(b, chinese ? "\n改法：" : "\nMend: ");
    buf_puts(b, chinese ? fault.mend_zh : fault.mend_en);
    if (v->suggestion.n > 0) {
        buf_puts(b, chinese ? "\n可能是：" : "\nPerhaps: ");
        buf_str(b, v->suggestion);
    }
}

static void put_did(struct buf *b, const struct clean_value *v, struct str shown, bool chinese)
{
    const char *before = chinese ? "已清洗：" : "Cleaned: ";
    for (uint32_t i = 0; i < CLEAN_DID__COUNT; i++) {
        struct clean_words did = clean_did_words((enum clean_did)i);
        if ((v->did >> i & 1) != 0) {
            buf_puts(b, before);
            buf_puts(b, chinese ? did.zh : did.en);
            before = chinese ? "；" : "; ";
        }
    }
    if (shown.n > 0) {
        buf_puts(b, chinese ? "\n读作：" : "\nRead as: ");
        buf_str(b, shown);
    }
}

bool cell_note(struct arena *a, const struct clean_value *v, struct str shown, bool chinese,
               struct workbook_note *note)
{
    struct buf b;
    bool faulty = v->state == CLEAN_QUESTION || v->state == CLEAN_REFUSED;
    if (!faulty && v->did == 0) {
        return false;
    }
    buf_init_in(&b, a, WORKBOOK_NOTE_TEXT_MAX);
    if (faulty) {
        put_fault(&b, v, chinese);
    } else {
        put_did(&b, v, shown, chinese);
    }
    note->tone = v->state == CLEAN_REFUSED    ? NOTE_RED
                 : v->state == CLEAN_QUESTION ? NOTE_AMBER
                                              : NOTE_GREEN;
    note->text = buf_view(&b);
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Drafting a pack from a plan document. */
#include "cli/draft.h"

#include "app/draft/drafting.h"
#include "cli/session.h"

int draft_command(struct session *s)
{
    struct drafting *x = ARENA_NEW(&s->arena, struct drafting);
    struct drafting_asked asked = {s->o.file, s->o.vocabulary, s->o.period};
    if (!s->o.out) {
        return session_complain(s, 2, "请用 --out 写明写入的目录", "say where to: --out DIR", "");
    }
    s->phase = PHASE_TEXT;
    enum rc rc = drafting_make(&s->arena, &asked, x, &s->e);
    rc = rc == RC_OK ? drafting_write(&s->arena, x, s->o.out, &s->e) : rc;
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    s->phase = PHASE_ANSWER;
    if (s->o.format == FORMAT_JSON) {
        drafting_json(x, s->o.chinese, &s->out);
        return 0;
    }
    if (s->o.why) {
        drafting_why(x, s->o.chinese, &s->out);
        buf_puts(&s->out, "\n");
    }
    drafting_text(x, s->o.out, s->o.chinese, &s->out);
    return 0;
}

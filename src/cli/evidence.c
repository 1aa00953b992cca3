/* SPDX-License-Identifier: Apache-2.0 */
/* The commands on documents of evidence. */
#include "app/task/evidence.h"
#include "base/arena.h"
#include "cli/desk.h"
#include "cli/keep.h"
#include "cli/session.h"

static int print(struct session *s, const struct desk *d, const struct evidence_list *x)
{
    const struct keep_print p = {.json = s->o.format == FORMAT_JSON,
                                 .chinese = s->o.chinese,
                                 .width = session_width(),
                                 .out = &s->out};
    evidence_print(d, x, &p);
    return 0;
}

static int cmd_list(struct session *s)
{
    struct desk d;
    struct evidence_list x;
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    struct str unit = s->o.unit != NULL ? str_from_cstr(s->o.unit) : STR("");
    enum rc rc = evidence_list(&d, unit, &x, &s->e);
    return rc == RC_OK ? print(s, &d, &x) : session_failed(s, rc);
}

static int cmd_get(struct session *s)
{
    struct desk d;
    struct evidence_row row;
    struct evidence_list one = {0};
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc = evidence_get(&d, str_from_cstr(s->o.ids[0]), s->o.to, &row, &s->e);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    vec_push(&s->arena, &one.list, row);
    return print(s, &d, &one);
}

int (*evidence_command(enum command c))(struct session *s)
{
    return c == COMMAND_EVIDENCE_LIST  ? cmd_list
           : c == COMMAND_EVIDENCE_GET ? cmd_get
                                       : offline_command(c);
}

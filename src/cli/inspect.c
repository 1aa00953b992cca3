/* SPDX-License-Identifier: Apache-2.0 */
/* What looks unlike the others in the tables of a pack. */
#include "cli/inspect.h"

#include "app/inspect.h"
#include "base/json.h"
#include "cli/session.h"

static struct inspect_view view_of(struct session *s, struct date day)
{
    return (struct inspect_view){&s->arena, s->pack.tree, day, s->o.chinese, session_width()};
}

static void show(struct session *s, const struct inspect_view *v, const struct inspection *found,
                 const struct inspect_score *scores)
{
    if (s->o.format == FORMAT_JSON) {
        struct json j;
        json_init(&j, &s->out, true);
        json_obj_begin(&j);
        json_kv_int(&j, "units", found->n_units);
        json_key(&j, "questions");
        inspect_json(v, found, &j);
        if (scores != NULL) {
            json_key(&j, "scores");
            inspect_scores_json(scores, &j);
        }
        json_obj_end(&j);
        json_end(&j);
        return;
    }
    inspect_show(v, found, &s->out);
    if (scores != NULL) {
        inspect_scores_show(v, scores, found->n_units, &s->out);
    }
}

static int of_tables(struct session *s)
{
    struct inspection found;
    struct inspect_score scores[DETECTOR__COUNT];
    struct judge_query q = {NONE, NONE, 0};
    struct date as_of = DATE_MIN;
    int status = session_open_pack(s);
    status = status == 0 ? session_query(s, &q, &as_of) : status;
    if (status != 0) {
        return status;
    }
    s->phase = PHASE_JUDGE;
    struct inspect_view v = view_of(s, as_of);
    enum rc rc = inspect(&s->arena, s->pack.plan, s->pack.data,
                         (struct inspect_wish){as_of, q.unit}, &found, &s->e);
    if (rc == RC_OK && s->o.key != NULL) {
        rc = inspect_against(&s->arena, s->pack.tree, &found, s->o.key, scores, &s->e);
    }
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    s->phase = PHASE_ANSWER;
    show(s, &v, &found, s->o.key != NULL ? scores : NULL);
    return 0;
}

int inspect_command(struct session *s)
{
    return of_tables(s);
}

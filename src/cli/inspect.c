/* SPDX-License-Identifier: Apache-2.0 */
/* What looks unlike the others in tables or in a book; questions of a book. */
#include "cli/inspect.h"

#include "app/inspect/inspect.h"
#include "app/question/question.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/desk.h"
#include "cli/session.h"
#include "store/files.h"

static struct inspect_view view_of(struct session *s, const struct tree *t, struct date day)
{
    return (struct inspect_view){&s->arena, t, day, s->o.chinese, session_width()};
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
    if (s->o.round != NULL || s->o.actor != NULL || s->o.session != NULL) {
        return session_complain(s, 2, "请用 --book 写明账本", "which book? Write --book BOOK",
                                "--round, --as, --session");
    }
    int status = session_open_pack(s);
    status = status == 0 ? session_query(s, &q, &as_of) : status;
    if (status != 0) {
        return status;
    }
    s->phase = PHASE_JUDGE;
    struct inspect_view v = view_of(s, s->pack.tree, as_of);
    enum rc rc = inspect(&s->arena, s->pack.plan, s->pack.data,
                         &(struct inspect_wish){.as_of = as_of, .unit = q.unit}, &found, &s->e);
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

/* The unit of --unit, or NONE. */
static enum rc unit_asked(struct session *s, const struct desk *d, uint32_t *out)
{
    *out = NONE;
    return s->o.unit != NULL ? desk_unit(d, option_text(s->o.unit), out, &s->e) : RC_OK;
}

/* Nothing is recorded: a private run. */
static enum rc find_in_book(struct session *s, struct desk *d, struct inspection *found)
{
    struct report draft;
    uint32_t unit = NONE;
    TRY(unit_asked(s, d, &unit));
    if (s->o.round != NULL) {
        TRY(report_open(d, option_text(s->o.round), option_text(s->o.unit), &draft, &s->e));
    }
    return question_inspect(d, unit, s->o.round != NULL ? &draft : NULL, found, &s->e);
}

static int of_book(struct session *s)
{
    struct desk d;
    struct inspection found;
    if (s->o.data.n > 0 || s->o.key != NULL || s->o.as_of != NULL) {
        return session_complain(s, 2, "--book 不能与这些选项同用", "not together with --book",
                                "--data, --key, --as-of");
    }
    if (s->o.round != NULL && s->o.unit == NULL) {
        return session_complain(s, 2, "--round 须同时写明 --unit", "--round wants --unit, too",
                                s->o.round);
    }
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc = find_in_book(s, &d, &found);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    struct inspect_view v = view_of(s, d.tree, d.today);
    show(s, &v, &found, NULL);
    if (s->o.format == FORMAT_TEXT) {
        buf_puts(&s->out, s->o.chinese ? "以上为自查，账本未作任何记录\n"
                                       : "this was a private run: nothing of it is recorded\n");
    }
    return 0;
}

int inspect_command(struct session *s)
{
    return s->o.book != NULL ? of_book(s) : of_tables(s);
}

/* ---- questions of a book --------------------------------------------------------------------- */

static int cmd_ask(struct session *s)
{
    struct desk d;
    struct question_run run;
    uint32_t within = NONE;
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc =
        s->o.within != NULL ? desk_unit(&d, option_text(s->o.within), &within, &s->e) : RC_OK;
    rc = rc == RC_OK ? question_ask(&d, within, NULL, &run, &s->e) : rc;
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (s->o.format == FORMAT_JSON) {
        struct json j;
        json_init(&j, &s->out, true);
        json_obj_begin(&j);
        json_kv_int(&j, "asked", run.asked);
        json_kv_int(&j, "again", run.again);
        json_kv_int(&j, "settled", run.settled);
        json_kv_int(&j, "left", run.left);
        json_obj_end(&j);
        json_end(&j);
        return 0;
    }
    buf_printf(
        &s->out,
        s->o.chinese
            ? "新提出 %u 条，数据变化后再提 %u 条，已更正办结 %u 条，此前提出仍未办结 %u 条\n"
            : "%u asked, %u put again with other figures, %u settled by a "
              "correction, %u still waiting\n",
        run.asked, run.again, run.settled, run.left);
    return 0;
}

static int show_lines(struct session *s, struct desk *d, const struct question_lines *all)
{
    if (s->o.format == FORMAT_JSON) {
        question_list_json(d, all, &s->out);
    } else {
        question_list_show(d, all, s->o.chinese, session_width(), &s->out);
    }
    return 0;
}

static int cmd_list(struct session *s)
{
    struct desk d;
    struct question_lines all;
    struct question_lines seen;
    uint32_t unit = NONE;
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc = unit_asked(s, &d, &unit);
    rc = rc == RC_OK ? question_all(&d, &all, &s->e) : rc;
    rc = rc == RC_OK ? question_seen(&d, &all, unit, s->o.settled, &seen, &s->e) : rc;
    return rc == RC_OK ? show_lines(s, &d, &seen) : session_failed(s, rc);
}

/* One question, and an act on it or (ASK) none. */
static enum rc at_one(struct session *s, struct desk *d, enum question_act_kind what,
                      struct question_lines *one)
{
    struct question_lines all;
    struct question_line *q = NULL;
    struct question_act act = {.act = what, .text = option_text(s->o.cause)};
    struct str content = STR("");
    int64_t seen = s->o.seen > 0 ? (int64_t)s->o.seen : REPORT_JUST_READ;
    TRY(question_all(d, &all, &s->e));
    TRY(question_find(d, &all, option_text(s->o.ids[0]), &q, &s->e));
    if (s->o.file != NULL) {
        TRY(file_read(&s->arena, s->o.file, FILES_BYTES_MAX, &content, &s->e));
    }
    if (what != QUESTION_ACT_ASK) {
        TRY(question_do(d, q, &act, seen, content, &s->e));
    }
    vec_push(&s->arena, &one->list, *q);
    return RC_OK;
}

static int act_on(struct session *s, enum question_act_kind what)
{
    struct desk d;
    struct question_lines one = {0};
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc = at_one(s, &d, what, &one);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (s->o.format == FORMAT_JSON) {
        question_list_json(&d, &one, &s->out);
    } else {
        question_show(&d, &one.list.items[0], s->o.chinese, session_width(), &s->out);
    }
    return 0;
}

static int cmd_show(struct session *s)
{
    return act_on(s, QUESTION_ACT_ASK);
}

static int cmd_reply(struct session *s)
{
    return act_on(s, QUESTION_ACT_REPLY);
}

static int cmd_accept(struct session *s)
{
    return act_on(s, QUESTION_ACT_ACCEPT);
}

static int cmd_again(struct session *s)
{
    return act_on(s, QUESTION_ACT_AGAIN);
}

static int cmd_stats(struct session *s)
{
    struct desk d;
    struct question_lines all;
    struct question_count counts[DETECTOR__COUNT];
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc = question_all(&d, &all, &s->e);
    rc = rc == RC_OK ? question_stats(&d, &all, counts, &s->e) : rc;
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (s->o.format == FORMAT_JSON) {
        question_stats_json(counts, &s->out);
    } else {
        question_stats_show(&d, counts, s->o.chinese, session_width(), &s->out);
    }
    return 0;
}

int (*question_command(enum command c))(struct session *s)
{
    static int (*const run[COMMAND__N])(struct session *) = {
        [COMMAND_QUESTION_ASK] = cmd_ask,       [COMMAND_QUESTION_LIST] = cmd_list,
        [COMMAND_QUESTION_SHOW] = cmd_show,     [COMMAND_QUESTION_REPLY] = cmd_reply,
        [COMMAND_QUESTION_ACCEPT] = cmd_accept, [COMMAND_QUESTION_AGAIN] = cmd_again,
        [COMMAND_QUESTION_STATS] = cmd_stats,
    };
    return run[c];
}

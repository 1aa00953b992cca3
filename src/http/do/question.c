/* SPDX-License-Identifier: Apache-2.0 */
/* Questions: listed, replied to, decided, counted, asked; and a private look at what would be. */
#include "app/question/question.h"
#include "app/answer.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/people.h"
#include "http/upload.h"
#include "store/files.h"

struct questions {
    struct ask *q;
    struct desk d;
    struct question_lines all, seen;
};

static struct str key(void *ctx, uint32_t i)
{
    return ((const struct questions *)ctx)->seen.list.items[i].id;
}

static struct str name_of(const struct desk *d, struct str code)
{
    uint32_t unit = 0;
    return tree_unit_of_code(d->tree, code, &unit) ? answer_unit_name(d->tree, unit, d->today)
                                                   : STR("");
}

static void row(void *ctx, uint32_t i, struct page *p)
{
    const struct questions *x = ctx;
    const struct question_line *t = &x->seen.list.items[i];
    const struct question_doc *doc = &t->doc;
    page_text(p, "question", t->id);
    page_word(p, "state", question_state_name(doc->state), question_state_text(doc->state, true));
    page_text(p, "detector", doc->put.detector);
    page_text(p, "unit", doc->put.unit);
    page_text(p, "name", name_of(&x->d, doc->put.unit));
    page_text(p, "what", doc->put.what);
    page_text(p, "period", doc->put.period);
    page_text(p, "en", doc->put.text[0]);
    page_text(p, "zh", doc->put.text[1]);
    page_text(p, "reply", doc->reply);
    page_text(p, "replied_by", doc->replied_by);
    page_text(p, "replied_name", people_actor_name(x->q, doc->replied_by));
    page_text(p, "file", doc->file);
    page_text(p, "reason", doc->reason);
    page_text(p, "actor", doc->last_actor);
    page_text(p, "actor_name", people_actor_name(x->q, doc->last_actor));
    page_day(p, "day", doc->last_day);
    page_int(p, "seen", t->seen);
}

static enum rc open_questions(struct ask *q, struct questions *x)
{
    *x = (struct questions){.q = q};
    TRY(ask_desk(q, &x->d));
    return question_all(&x->d, &x->all, &q->e);
}

static enum rc unit_asked(struct ask *q, const struct desk *d, struct str code, uint32_t *out)
{
    *out = NONE;
    return code.n > 0 ? desk_unit(d, code, out, &q->e) : RC_OK;
}

enum rc do_questions(struct ask *q)
{
    struct questions x;
    uint32_t unit = NONE;
    bool all = str_eq(ask_text(q, "all"), STR("yes"));
    TRY(open_questions(q, &x));
    TRY(unit_asked(q, &x.d, ask_text(q, "unit"), &unit));
    TRY(question_seen(&x.d, &x.all, unit, all, &x.seen, &q->e));
    return page_answer(
        q,
        &(struct page_list){
            .ctx = &x, .n = x.seen.list.n, .title = {"questions", "疑问"}, .key = key, .row = row});
}

/* ---- one question --------------------------------------------------------------------------- */

static enum rc find(struct ask *q, struct questions *x, struct question_line **line)
{
    TRY(open_questions(q, x));
    return question_find(&x->d, &x->all, ask_word(q, 0), line, &q->e);
}

static enum rc show(struct ask *q, struct questions *x, const struct question_line *line)
{
    vec_push(q->a, &x->seen.list, *line);
    return page_item(q, SHAPE_QUESTION, row, x, 0);
}

enum rc do_question(struct ask *q)
{
    struct questions x;
    struct question_line *line = NULL;
    TRY(find(q, &x, &line));
    return show(q, &x, line);
}

static enum rc act(struct ask *q, struct question_act *act, int64_t seen, struct str content)
{
    struct questions x;
    struct question_line *line = NULL;
    TRY(find(q, &x, &line));
    TRY(question_do(&x.d, line, act, seen, content, &q->e));
    return show(q, &x, line);
}

static enum rc decide(struct ask *q, enum question_act_kind kind)
{
    struct question_act x = {.act = kind, .text = ask_member(q, "text")};
    return act(q, &x, json_number(json_get(q->body, "seen")), STR(""));
}

enum rc do_question_reply(struct ask *q)
{
    return decide(q, QUESTION_ACT_REPLY);
}

enum rc do_question_evidence(struct ask *q)
{
    struct question_act x = {.act = QUESTION_ACT_REPLY, .text = ask_text(q, "text")};
    return act(q, &x, ask_count(q, "seen", REPORT_JUST_READ), q->upload->bytes);
}

/* Of any name: the book keeps what it is and not what it was called. */
enum rc do_question_file(struct ask *q)
{
    struct questions x;
    struct question_line *line = NULL;
    struct file_info info;
    struct str content;
    const char *path = NULL;
    TRY(find(q, &x, &line));
    if (line->doc.file.n == 0) {
        return err_set(&q->e, RC_NOT_FOUND, "no document came with the reply", "答复没有附文件");
    }
    TRY(ask_place(q, &path));
    TRY(files_look_in(q->a, x.d.store, line->doc.file, &info, &q->e));
    TRY(files_get(q->a, x.d.store, line->doc.file, &content, &q->e));
    TRY(file_reserve(path, &q->e));
    TRY(file_write(path, content, &q->e));
    q->head.name =
        str_cat(q->a, str_cat(q->a, line->id, STR(".")), str_from_cstr(file_type_name(info.type)));
    ask_file(q, path, "application/octet-stream");
    return RC_OK;
}

enum rc do_question_accept(struct ask *q)
{
    return decide(q, QUESTION_ACT_ACCEPT);
}

enum rc do_question_again(struct ask *q)
{
    return decide(q, QUESTION_ACT_AGAIN);
}

/* ---- all of them ---------------------------------------------------------------------------- */

struct counts {
    struct question_count of[DETECTOR__COUNT];
};

static struct str count_key(void *ctx, uint32_t i)
{
    (void)ctx;
    return str_from_cstr(detector_word((enum detector)i));
}

static void count_row(void *ctx, uint32_t i, struct page *p)
{
    const struct question_count *c = &((const struct counts *)ctx)->of[i];
    page_word(p, "detector", detector_word((enum detector)i),
              detector_name((enum detector)i, true));
    for (uint32_t s = QUESTION_OPEN; s < QUESTION__STATES; s++) {
        page_int(p, question_state_name((enum question_state)s), c->of[s]);
    }
}

enum rc do_question_counts(struct ask *q)
{
    struct questions x;
    struct counts c;
    TRY(open_questions(q, &x));
    TRY(question_stats(&x.d, &x.all, c.of, &q->e));
    return page_answer(q, &(struct page_list){.ctx = &c,
                                              .n = DETECTOR__COUNT,
                                              .title = {"questions", "疑问统计"},
                                              .key = count_key,
                                              .row = count_row});
}

enum rc do_inspect(struct ask *q)
{
    struct desk d;
    struct report draft;
    struct inspection found;
    struct json j;
    uint32_t unit = NONE;
    struct str round = ask_text(q, "round");
    TRY(ask_desk(q, &d));
    TRY(unit_asked(q, &d, ask_text(q, "unit"), &unit));
    if (round.n > 0 && unit == NONE) {
        q->at = STR("?unit");
        return err_set(&q->e, RC_USAGE, "with a round the unit is wanted, too",
                       "写明轮次时须同时写明机构");
    }
    TRY(round.n > 0 ? report_open(&d, round, desk_code(&d, unit), &draft, &q->e) : RC_OK);
    TRY(question_inspect(&d, unit, round.n > 0 ? &draft : NULL, &found, &q->e));
    const struct inspect_view v = {q->a, d.tree, d.today, q->chinese, 0};
    ask_json(q, &j);
    json_kv_int(&j, "units", found.n_units);
    json_key(&j, "questions");
    inspect_json(&v, &found, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

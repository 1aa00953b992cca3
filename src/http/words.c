/* SPDX-License-Identifier: Apache-2.0 */
/* Words of the tables of app and model, set by set. */
#include "http/words.h"

#include <string.h>

#include "app/seat/right.h"
#include "base/json.h"
#include "model/plan.h"
#include "model/verdict.h"

#define LEN(table) (sizeof(table) / sizeof(table)[0])

/* ---- words of .def tables ------------------------------------------------------------------- */

struct word {
    const char *of, *word;
    const char *text[2];
};

static const struct word listed[] = {
#define STATE(name, word, en, zh) {"report", word, {en, zh}},
#include "app/report/report.def"
#define STATE(name, word, en, zh) {"register", word, {en, zh}},
#include "app/register/register.def"
#define STATE(name, word, en, zh) {"task", word, {en, zh}},
#include "app/task/task.def"
#define STATE(name, word, en, zh) {"question", word, {en, zh}},
#include "app/question/question.def"
#define ACT(name, word, begins, where, en, zh) {"report_act", word, {en, zh}},
#include "app/report/report.def"
#define ROLE(name, word, en, zh) {"report_role", word, {en, zh}},
#include "app/report/report.def"
#define ACT(name, word, begins, by, en, zh) {"register_act", word, {en, zh}},
#include "app/register/register.def"
#define ACT(name, word, begins, above, en, zh) {"task_act", word, {en, zh}},
#include "app/task/task.def"
#define ACT(name, word, begins, en, zh) {"question_act", word, {en, zh}},
#include "app/question/question.def"
#define ROLE(name, word, admin, en, zh) {"role", word, {en, zh}},
#include "app/seat/role.def"
#define CLASS(name, word, en, zh) {"class", word, {en, zh}},
#include "app/seat/class.def"
#define SORT(name, en, zh) {"change_sort", en, {en, zh}},
#include "app/pack/diff.def"
#define PROP(name, en, zh) {"change_property", en, {en, zh}},
#include "app/pack/diff.def"
};

static void pair(struct json *j, const char *word, const char *zh, const char *en)
{
    json_key(j, word);
    json_arr_begin(j);
    json_cstr(j, zh);
    json_cstr(j, en);
    json_arr_end(j);
}

static void listed_json(struct json *j)
{
    for (uint32_t i = 0; i < LEN(listed); i++) {
        bool first = i == 0 || strcmp(listed[i].of, listed[i - 1].of) != 0;
        if (first) {
            json_key(j, listed[i].of);
            json_obj_begin(j);
        }
        pair(j, listed[i].word, listed[i].text[1], listed[i].text[0]);
        if (i + 1 == LEN(listed) || strcmp(listed[i].of, listed[i + 1].of) != 0) {
            json_obj_end(j);
        }
    }
}

/* ---- words that have functions -------------------------------------------------------------- */

#define NUMBERED(of, type, name, zh)                                                               \
    static const char *of##_word(uint32_t i)                                                       \
    {                                                                                              \
        return name((type)i);                                                                      \
    }                                                                                              \
    static const char *of##_chinese(uint32_t i)                                                    \
    {                                                                                              \
        return zh((type)i);                                                                        \
    }

NUMBERED(state, enum state, state_name, state_zh)
NUMBERED(light, enum light, light_name, light_zh)
NUMBERED(flag, uint32_t, verdict_flag_name, verdict_flag_zh)
NUMBERED(kind, enum commitment_kind, commitment_kind_name, commitment_kind_zh)

static const struct {
    const char *of;
    uint32_t first, n;
    const char *(*name)(uint32_t), *(*chinese)(uint32_t);
} numbered[] = {
    {"state", 0, ST_NA + 1, state_word, state_chinese},
    {"light", LIGHT_NONE + 1, LIGHT_GREY + 1, light_word, light_chinese},
    {"flag", 0, VF__N, flag_word, flag_chinese},
    {"kind", 0, CK_UNMEASURABLE + 1, kind_word, kind_chinese},
};

void words_json(struct json *j)
{
    json_key(j, "x-words");
    json_obj_begin(j);
    listed_json(j);
    for (uint32_t s = 0; s < LEN(numbered); s++) {
        json_key(j, numbered[s].of);
        json_obj_begin(j);
        for (uint32_t i = numbered[s].first; i < numbered[s].n; i++) {
            pair(j, numbered[s].name(i), numbered[s].chinese(i), numbered[s].name(i));
        }
        json_obj_end(j);
    }
    json_obj_end(j);
}

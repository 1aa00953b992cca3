/* SPDX-License-Identifier: Apache-2.0 */
/* Questions against the answer key of demonstration data: precision and recall. */
#include "app/inspect/inspect_int.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/map.h"
#include "io/csv.h"

static const char *const patterns[DETECTOR__COUNT] = {
#define DETECTOR(id, word, pattern, en, zh, ask_en, ask_zh, usual_en, usual_zh)                    \
    [DETECTOR_##id] = (pattern),
#include "app/inspect/inspect.def"
};

#define OTHER (UINT32_C(1) << 31) /* a pattern that no detector is made for */
_Static_assert(DETECTOR__COUNT < 31, "a bit for each detector");

static uint32_t bit_of(struct str pattern)
{
    for (uint32_t i = 0; i < DETECTOR__COUNT; i++) {
        if (patterns[i][0] != 0 && str_eq(pattern, str_from_cstr(patterns[i]))) {
            return UINT32_C(1) << i;
        }
    }
    return OTHER;
}

struct key {
    struct arena *a;
    const struct tree *tree;
    uint32_t *planted;  /* by unit: bits of detectors whose pattern is there */
    struct map steered; /* "unit what": the generator's checks have made it odd */
};

static struct str place(struct arena *a, struct str unit, struct str what)
{
    return str_cat(a, str_cat(a, unit, STR(" ")), what);
}

static enum rc read_key(struct key *k, const char *path, struct err *e)
{
    struct csv_reader r;
    struct csv_row row;
    TRY(csv_open(k->a, &r, path, LIMIT_STR_BYTES, e));
    if (r.n_columns < 4 || !str_eq(r.header[0].text, STR("pattern")) ||
        !str_eq(r.header[1].text, STR("unit")) || !str_eq(r.header[3].text, STR("what"))) {
        return err_set(e, RC_INPUT,
                       "%s is no answer key: its columns are pattern, unit, name, what",
                       "%s 不是答案表：各列应为 pattern、unit、name、what", path);
    }
    for (;;) {
        uint32_t unit = 0;
        TRY(csv_next(&r, &row, e));
        if (row.n == 0) {
            return RC_OK;
        }
        struct str pattern = row.fields[0].text;
        if (str_eq(pattern, STR("steered"))) {
            map_put(k->a, &k->steered, place(k->a, row.fields[1].text, row.fields[3].text), 1);
        } else if (tree_unit_of_code(k->tree, row.fields[1].text, &unit)) {
            k->planted[unit] |= bit_of(pattern);
        }
    }
}

/* Who is asked: about something of the generator's making, or not. */
static void mark(const struct key *k, uint32_t *asked, uint32_t *steered, const struct question *q)
{
    uint32_t bit = UINT32_C(1) << q->detector;
    bool of_others = /* an area is asked about them */
        q->detector == DETECTOR_TITLE_BURST || q->detector == DETECTOR_MOVED;
    struct str at = place(k->a, k->tree->units[q->unit].code, q->what);
    for (uint32_t i = 0; of_others && i < q->n_about; i++) {
        asked[q->about[i]] |= bit;
    }
    if (!of_others) {
        (map_get(&k->steered, at, NULL) ? steered : asked)[q->unit] |= bit;
    }
}

enum rc inspect_against(struct arena *a, const struct tree *t, const struct inspection *found,
                        const char *path, struct inspect_score out[DETECTOR__COUNT], struct err *e)
{
    struct key k = {.a = a, .tree = t, .planted = ARENA_ARRAY(a, uint32_t, t->n_units + 1U)};
    uint32_t *asked = ARENA_ARRAY(a, uint32_t, t->n_units + 1U);
    uint32_t *steered = ARENA_ARRAY(a, uint32_t, t->n_units + 1U);
    TRY(read_key(&k, path, e));
    for (uint32_t i = 0; i < found->list.n; i++) {
        mark(&k, asked, steered, &found->list.items[i]);
    }
    for (uint32_t i = 0; i < DETECTOR__COUNT; i++) {
        uint32_t bit = UINT32_C(1) << i;
        out[i] = (struct inspect_score){0};
        for (uint32_t u = 0; u < t->n_units; u++) {
            bool is = (k.planted[u] & bit) != 0;
            bool does = (asked[u] & bit) != 0;
            bool made = (steered[u] & bit) != 0;
            out[i].planted += is;
            out[i].found += is && (does || made);
            out[i].other += !is && ((does && k.planted[u] != 0) || (!does && made));
            out[i].clean += does && k.planted[u] == 0;
        }
    }
    return RC_OK;
}

/* "": of none. */
static struct str share(struct arena *a, uint32_t part, uint32_t whole)
{
    return whole == 0 ? STR("") : rat_dec_fixed(a, rat_frac(part, whole), 2, RAT_NEAREST);
}

void inspect_scores_show(const struct inspect_view *v, const struct inspect_score *s,
                         uint32_t n_units, struct buf *out)
{
    struct arena *a = v->a;
    const struct str zh[] = {STR("线索"),   STR("植入"),   STR("找到"),  STR("其他植入"),
                             STR("未植入"), STR("查准率"), STR("查全率")};
    const struct str en[] = {STR("detector"), STR("planted"),   STR("found"), STR("other"),
                             STR("clean"),    STR("precision"), STR("recall")};
    struct table t = table_new(a, 7);
    uint32_t clean = 0;
    table_row(&t, v->chinese ? zh : en);
    for (uint32_t i = 0; i < DETECTOR__COUNT; i++) {
        const struct str cells[] = {str_from_cstr(detector_word((enum detector)i)),
                                    count_text(a, s[i].planted),
                                    count_text(a, s[i].found),
                                    count_text(a, s[i].other),
                                    count_text(a, s[i].clean),
                                    share(a, s[i].found, s[i].found + s[i].clean),
                                    share(a, s[i].found, s[i].planted)};
        table_row(&t, cells);
        clean += s[i].clean;
    }
    table_print(&t, v->width, out);
    struct str rate =
        n_units == 0 ? STR("0") : rat_dec_str(a, rat_frac(1000 * (int64_t)clean, n_units), 2, NULL);
    buf_printf(out,
               v->chinese ? "未植入而被问及：每 1000 个机构 %.*s 次\n"
                          : "%.*s questions per 1,000 units where nothing was planted\n",
               PS(rate));
}

void inspect_scores_json(const struct inspect_score *s, struct json *j)
{
    json_arr_begin(j);
    for (uint32_t i = 0; i < DETECTOR__COUNT; i++) {
        json_obj_begin(j);
        json_kv_cstr(j, "detector", detector_word((enum detector)i));
        json_kv_cstr(j, "pattern", patterns[i]);
        json_kv_int(j, "planted", s[i].planted);
        json_kv_int(j, "found", s[i].found);
        json_kv_int(j, "other", s[i].other);
        json_kv_int(j, "clean", s[i].clean);
        json_obj_end(j);
    }
    json_arr_end(j);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of eval as JSON, CSV and text. */
#include "app/answer.h"

#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "io/csv.h"

struct str answer_unit_name(const struct tree *t, uint32_t unit, struct date day)
{
    const struct tree_version *v = unit == NONE ? NULL : tree_version_at(t, unit, day);
    if (v) {
        return v->name;
    }
    return unit == NONE ? STR("") : t->versions[t->units[unit].first + t->units[unit].n - 1].name;
}

static struct str code_of(const struct tree *t, uint32_t unit)
{
    return unit == NONE ? STR("") : t->units[unit].code;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void json_number(struct json *j, struct arena *a, struct rat x, const struct rat *t)
{
    struct str s = rat_is_inf(x) ? STR("") : print_decimal(a, x, t, 0);
    if (s.n == 0 || s.p[0] == '<' || s.p[0] == '>') {
        s = rat_is_inf(x) ? s : rat_dec_str(a, x, LIMIT_RAT_DECIMALS, NULL);
    } else {
        struct rat y;
        /* Not fewer decimals than people need to read it. */
        if (!rat_parse_decimal(a, s, &y) || !rat_eq(y, x)) {
            s = print_decimal(a, x, t, 6);
        }
    }
    if (s.n == 0) {
        json_null(j);
    } else {
        json_raw_num(j, s);
    }
}

struct figure {
    const char *key, *exact;
    bool there;
    struct rat x;
};

static void json_figure(struct json *j, const struct answer *x, const struct verdict *v,
                        struct figure f)
{
    bool root = (v->measure.flags & MF_ROOT) != 0;
    const struct rat *t = v->has_threshold ? &v->threshold : NULL;
    json_key(j, f.key);
    if (!f.there) {
        json_null(j);
    } else if (root && !rat_is_inf(f.x)) {
        struct str s = print_root(x->a, f.x, t);
        if (s.p[0] == '>') {
            s = str_sub(s, 1, s.n);
        }
        json_raw_num(j, s);
    } else {
        json_number(j, x->a, f.x, t);
    }
    json_key(j, f.exact);
    if (!f.there) {
        json_null(j);
        return;
    }
    struct str frac = rat_frac_str(x->a, f.x);
    if (root && !rat_is_inf(f.x)) {
        frac = str_cat(x->a, str_cat(x->a, STR("sqrt("), frac), STR(")"));
    }
    json_str(j, frac);
}

static void json_units(struct json *j, const struct answer *x, const char *key, const uint32_t *ids,
                       uint32_t n)
{
    json_key(j, key);
    json_arr_begin(j);
    for (uint32_t i = 0; i < n; i++) {
        json_str(j, code_of(x->tree, ids[i]));
    }
    json_arr_end(j);
}

void answer_flags_json(struct json *j, uint32_t flags)
{
    json_key(j, "flags");
    json_arr_begin(j);
    for (uint32_t i = 0; i < VF__N; i++) {
        if ((flags >> i & 1) != 0) {
            json_cstr(j, verdict_flag_name(i));
        }
    }
    json_arr_end(j);
}

static void json_measure(struct json *j, const struct answer *x, const struct verdict *v,
                         const struct mval *m, enum withheld w)
{
    bool shown = w == SHOWN; /* C41 */
    bool there = shown && (m->kind == MV_NUMBER || (m->kind == MV_BOOL && m->truth != T_NA));
    json_figure(j, x, v, (struct figure){"lo", "lo_exact", there, m->lo});
    json_figure(j, x, v, (struct figure){"hi", "hi_exact", there, m->hi});
    json_figure(j, x, v, (struct figure){"value", "value_exact", shown && m->has_value, m->value});
    json_kv_int(j, "reported", m->reported);
    json_kv_int(j, "expected", m->expected);
}

static const char *truth_name(enum truth t)
{
    static const char *const names[] = {
        [T_NO] = "no", [T_YES] = "yes", [T_UNKNOWN] = "unknown", [T_NA] = "na"};
    return names[t];
}

static void json_proposals(struct json *j, const struct answer *x, const struct verdict *v)
{
    json_key(j, "proposals");
    json_arr_begin(j);
    for (uint32_t i = 0; i < v->n_proposals; i++) {
        const struct proposal *p = &v->proposals[i];
        json_obj_begin(j);
        struct str item = p->item == NONE ? STR("")
                          : p->is_field   ? x->plan->fields[p->item].d.name
                                          : x->plan->items[p->item].d.name;
        json_kv_str(j, "item", item);
        json_kv_int(j, "year", p->year);
        json_kv_str(j, "text", p->text);
        json_kv_int(j, "days", p->days);
        json_key(j, "from");
        if (p->has_amount) {
            json_number(j, x->a, p->from, NULL);
        } else {
            json_null(j);
        }
        json_key(j, "to");
        if (p->has_amount) {
            json_number(j, x->a, p->to, NULL);
        } else {
            json_null(j);
        }
        json_obj_end(j);
    }
    json_arr_end(j);
    json_key(j, "proposal");
    if (v->n_proposals > 0 && v->proposals[0].has_amount) {
        json_number(j, x->a, v->proposals[0].to, NULL);
    } else {
        json_null(j);
    }
}

static void json_sample(struct json *j, const struct sample *s)
{
    json_key(j, "sample");
    json_arr_begin(j);
    for (uint32_t i = 0; i < s->n; i++) {
        json_str(j, s->ids[i]);
    }
    json_arr_end(j);
    json_kv_int(j, "population", s->population);
    json_key(j, "strata");
    json_arr_begin(j);
    for (uint32_t i = 0; i < s->n_strata; i++) {
        json_obj_begin(j);
        json_kv_str(j, "stratum", s->strata[i].name);
        json_kv_int(j, "population", s->strata[i].population);
        json_kv_int(j, "drawn", s->strata[i].drawn);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void json_extras(struct json *j, const struct answer *x, const struct verdict *v)
{
    if (v->is_rule) {
        json_kv_cstr(j, "fires", truth_name(v->fires));
        json_proposals(j, x, v);
    }
    if (v->has_cap) {
        const struct figure caps[] = {{"used", "used_exact", true, v->used},
                                      {"base", "base_exact", true, v->base},
                                      {"cap", "cap_exact", true, v->cap},
                                      {"remaining", "remaining_exact", true, v->remaining}};
        for (uint32_t i = 0; i < 4; i++) {
            json_key(j, caps[i].key);
            json_number(j, x->a, caps[i].x, NULL);
        }
    }
    if (v->sample) {
        json_sample(j, v->sample);
    }
    if (v->has_score) {
        json_key(j, "score");
        json_arr_begin(j);
        json_number(j, x->a, v->score_lo, NULL);
        json_number(j, x->a, v->score_hi, NULL);
        json_arr_end(j);
        json_key(j, "score_base");
        json_number(j, x->a, v->score_base, NULL);
    }
}

void answer_verdict_json(struct json *j, const struct answer *x, const struct verdict *v,
                         bool lists)
{
    struct printer p;
    struct verdict like = *v;
    printer_init(&p, x->a, x->plan, x->chinese);
    json_kv_str(j, "target", x->plan->commitments[v->commitment].id);
    json_kv_str(j, "name", x->plan->commitments[v->commitment].name);
    json_kv_str(j, "part", v->part);
    json_kv_str(j, "unit", code_of(x->tree, v->unit));
    json_kv_str(j, "unit_name", answer_unit_name(x->tree, v->unit, v->snapshot));
    json_kv_int(j, "year", v->year);
    json_kv_cstr(j, "state", state_name(v->state));
    json_measure(j, x, v, &v->measure, v->withheld);
    json_kv_str(j, "definition", v->definition);
    answer_flags_json(j, v->flags);
    json_kv_cstr(j, "light", light_name(v->light));
    json_kv_str(j, "text", print_measure(&p, v));
    json_kv_bool(j, "for_all", v->for_all);
    if (lists) {
        json_units(j, x, "counterexamples", v->counter, v->n_counter);
        json_units(j, x, "undecided", v->undecided, v->n_undecided);
    }
    json_key(j, "alternatives");
    json_arr_begin(j);
    for (uint32_t i = 0; i < v->n_alternatives; i++) {
        json_obj_begin(j);
        json_kv_str(j, "definition", v->alternatives[i].definition);
        json_kv_cstr(j, "state", state_name(v->alternatives[i].state));
        json_measure(j, x, v, &v->alternatives[i].measure, v->alternatives[i].withheld);
        like.measure = v->alternatives[i].measure;
        like.withheld = v->alternatives[i].withheld;
        json_kv_str(j, "text", print_measure(&p, &like));
        json_obj_end(j);
    }
    json_arr_end(j);
    json_extras(j, x, v);
}

/* A finding within its answer. */
struct noticed {
    const struct answer *x;
    const struct finding *f;
};

static bool word_of(const void *ctx, struct str key, struct buf *out)
{
    const struct answer *x = ((const struct noticed *)ctx)->x;
    const struct finding *f = ((const struct noticed *)ctx)->f;
    if (str_eq(key, STR("unit"))) {
        buf_str(out, answer_unit_name(x->tree, f->unit, x->as_of));
    } else if (str_eq(key, STR("item"))) {
        buf_str(out, f->item == NONE ? STR("") : x->plan->items[f->item].d.name);
    } else if (str_eq(key, STR("year"))) {
        buf_printf(out, "%d", f->year);
    } else {
        buf_str(out, f->text);
    }
    return true;
}

static void sentence(const struct answer *x, const struct finding *f, bool chinese, struct buf *out)
{
    const char *text = chinese ? finding_zh(f->kind) : finding_en(f->kind);
    buf_template(out, str_from_cstr(text), word_of, &(struct noticed){x, f});
}

static void json_findings(struct json *j, const struct answer *x)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    json_key(j, "findings");
    json_arr_begin(j);
    for (uint32_t i = 0; i < x->verdicts.findings.n; i++) {
        const struct finding *f = &x->verdicts.findings.items[i];
        json_obj_begin(j);
        json_kv_cstr(j, "code", finding_name(f->kind));
        json_kv_str(j, "target",
                    f->commitment == NONE ? STR("") : x->plan->commitments[f->commitment].id);
        json_kv_str(j, "unit", code_of(x->tree, f->unit));
        json_kv_int(j, "year", f->year);
        json_kv_str(j, "file", f->file);
        json_kv_int(j, "line", f->line);
        for (int zh = 0; zh < 2; zh++) {
            buf_clear(&text);
            sentence(x, f, zh == 1, &text);
            json_kv_str(j, zh == 1 ? "zh" : "en", buf_view(&text));
        }
        json_obj_end(j);
    }
    json_arr_end(j);
    buf_release(&text);
}

void answer_json(const struct answer *x, struct buf *out)
{
    struct json j;
    char day[DATE_TEXT_BYTES];
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_kv_str(&j, "plan", x->plan->id);
    json_kv_str(&j, "as_of", date_text(x->as_of, day));
    json_key(&j, "verdicts");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < x->verdicts.rows.n; i++) {
        struct verdict v = verdicts_at(&x->verdicts, i);
        json_obj_begin(&j);
        answer_verdict_json(&j, x, &v, true);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_findings(&j, x);
    json_obj_end(&j);
    json_end(&j);
}

/* ---- tables --------------------------------------------------------------------------------- */

#define COLUMNS ANSWER_COLUMNS
#define YEAR    3

static const char *const headers[2][COLUMNS] = {
    {"target", "part", "unit", "year", "state", "light", "measure", "required", "reported",
     "flags"},
    {"目标", "部分", "机构", "年度", "结论", "灯", "数值", "要求", "已报/应报", "标记"},
};

static struct str flags_text(const struct answer *x, uint32_t flags)
{
    struct str out = STR("");
    for (uint32_t i = 0; i < VF__N; i++) {
        if ((flags >> i & 1) != 0) {
            const char *word = x->chinese ? verdict_flag_zh(i) : verdict_flag_name(i);
            out = out.n > 0 ? str_cat(x->a, out, STR(" ")) : out;
            out = str_cat(x->a, out, str_from_cstr(word));
        }
    }
    return out;
}

void answer_cells(const struct answer *x, struct printer *p, const struct verdict *v,
                  struct str out[COLUMNS])
{
    struct arena *a = x->a;
    out[0] = x->plan->commitments[v->commitment].id;
    out[1] = v->part;
    out[2] = answer_unit_name(x->tree, v->unit, v->snapshot);
    out[3] = rat_frac_str(a, rat_int(v->year));
    out[4] = str_from_cstr(x->chinese ? state_zh(v->state) : state_name(v->state));
    out[5] = str_from_cstr(x->chinese ? light_zh(v->light) : light_name(v->light));
    out[6] = print_measure(p, v);
    out[7] = print_required(p, v);
    out[8] = str_cat(a, str_cat(a, rat_frac_str(a, rat_int(v->measure.reported)), STR("/")),
                     rat_frac_str(a, rat_int(v->measure.expected)));
    out[9] = flags_text(x, v->flags);
}

void answer_csv(const struct answer *x, struct csv_writer *w)
{
    struct printer p;
    struct str cells[COLUMNS];
    printer_init(&p, x->a, x->plan, x->chinese);
    for (uint32_t k = 0; k < COLUMNS; k++) {
        csv_write_field(w, str_from_cstr(headers[x->chinese][k]));
    }
    csv_write_end(w);
    for (uint32_t i = 0; i < x->verdicts.rows.n; i++) {
        struct verdict v = verdicts_at(&x->verdicts, i);
        answer_cells(x, &p, &v, cells);
        for (uint32_t k = 0; k < COLUMNS; k++) {
            (k == YEAR ? csv_write_number : csv_write_field)(w, cells[k]);
        }
        csv_write_end(w);
    }
}

static void summary(const struct answer *x, struct buf *out)
{
    uint32_t n[ST_NA + 1] = {0};
    uint32_t page = 0;
    for (uint32_t i = 0; i < x->verdicts.rows.n; i++) {
        n[verdicts_row(&x->verdicts, i, &page).state]++;
    }
    buf_printf(out, x->chinese ? "\n共 %u 项结论：" : "\n%u verdicts: ", x->verdicts.rows.n);
    for (int s = 0; s <= ST_NA; s++) {
        const char *word = x->chinese ? state_zh((enum state)s) : state_name((enum state)s);
        buf_printf(out, "%s%s %u", s > 0 ? (x->chinese ? "，" : ", ") : "", word, n[s]);
    }
    buf_putc(out, '\n');
}

static bool is_shown(const struct answer *x, const struct verdict *v)
{
    enum commitment_kind kind = x->plan->commitments[v->commitment].kind;
    /* A rule that does not fire and a check that holds are no news. */
    bool quiet = (kind == CK_RULE || kind == CK_CHECK) && v->state == ST_MET;
    return !x->decided || (v->state != ST_PENDING && v->state != ST_UNKNOWN && !quiet);
}

void answer_text(const struct answer *x, struct buf *out)
{
    struct printer p;
    struct str cells[COLUMNS];
    struct table t = table_new(x->a, COLUMNS);
    printer_init(&p, x->a, x->plan, x->chinese);
    for (uint32_t k = 0; k < COLUMNS; k++) {
        cells[k] = str_from_cstr(headers[x->chinese][k]);
    }
    table_row(&t, cells);
    for (uint32_t i = 0; i < x->verdicts.rows.n; i++) {
        struct verdict v = verdicts_at(&x->verdicts, i);
        if (is_shown(x, &v)) {
            answer_cells(x, &p, &v, cells);
            table_row(&t, cells);
        }
    }
    table_print(&t, x->width, out);
    summary(x, out);
    answer_findings(x, out);
}

void answer_findings(const struct answer *x, struct buf *out)
{
    for (uint32_t i = 0; i < x->verdicts.findings.n; i++) {
        const struct finding *f = &x->verdicts.findings.items[i];
        struct buf line;
        buf_init(&line, 1 << 20);
        buf_puts(&line, x->chinese ? "注意：" : "note: ");
        sentence(x, f, x->chinese, &line);
        if (f->file.n > 0) {
            buf_printf(&line, " (%.*s:%u)", PS(f->file), f->line);
        }
        text_print(buf_view(&line), 0, x->width, out);
        buf_release(&line);
    }
}

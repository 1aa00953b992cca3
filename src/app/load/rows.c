/* SPDX-License-Identifier: Apache-2.0 */
/* Registers, titles, relations, activities, events, evidence, filings. */
#include "app/load/load_int.h"
#include "base/arena.h"

static void check_kind(struct row *r, uint32_t column, uint32_t unit, uint32_t kind, struct str of)
{
    if (unit != NONE && kind != NONE && !load_unit_is(r->l, unit, kind)) {
        row_problem(r, row_field(r, column), LOAD_WRONG_KIND, row_text(r, column), of);
    }
}

/* ---- registers ------------------------------------------------------------------------------ */

static uint32_t field_of(const struct loader *l, uint32_t reg, struct str name)
{
    uint32_t ix = NONE;
    if (!map_get(&l->fields.first, name, &ix)) {
        return NONE;
    }
    while (ix != NONE && l->plan->fields[ix].reg != reg) {
        ix = l->fields.next[ix];
    }
    return ix;
}

/* For each column the field of the register that it holds, or NONE. A sheet may hold the rows of
 * all registers side by side, so this is worked out once for each of them. */
static const uint32_t *field_columns(const struct loader *l, const struct sheet *s, uint32_t reg,
                                     const uint32_t **known)
{
    if (!known[reg]) {
        uint32_t *of = ARENA_ARRAY(l->a, uint32_t, s->n_columns + 1);
        for (uint32_t i = 0; i < s->n_columns; i++) {
            of[i] = field_of(l, reg, csv_trim(s->header[i].text));
        }
        known[reg] = of;
    }
    return known[reg];
}

static const struct packed_value *read_fields(struct row *r, uint32_t reg, const uint32_t *of)
{
    struct loader *l = r->l;
    const struct reg *g = &l->plan->regs[reg];
    struct packed_value *out = ARENA_ARRAY(l->a, struct packed_value, g->n_fields + 1);
    for (uint32_t column = 0; column < r->s->n_columns; column++) {
        if (of[column] != NONE) {
            const struct value v = row_value(r, &r->fields[column], &l->plan->fields[of[column]].d);
            out[of[column] - g->first_field] = value_pack(l->a, &v);
        }
    }
    for (uint32_t i = 0; i < r->s->extra.n; i++) {
        uint32_t column = r->s->extra.items[i];
        const struct csv_field *f = &r->fields[column];
        if (of[column] == NONE && csv_trim(f->text).n > 0) {
            row_problem(r, f, LOAD_NOT_A_FIELD, csv_trim(r->s->header[column].text), g->name);
        }
    }
    return out;
}

/* A header that is the name of a field too, 编号 say, means the field; NONE then. */
static uint32_t unless_field(const struct row *r, const uint32_t *of, uint32_t column)
{
    uint32_t at = r->s->index[column];
    return at != CSV_ABSENT && of && of[at] != NONE ? NONE : column;
}

void load_rows(struct loader *l, const struct sheet *s)
{
    const uint32_t **known = ARENA_ARRAY(l->a, const uint32_t *, l->plan->n_regs + 1);
    for (uint32_t i = 0; i < l->plan->n_regs; i++) {
        known[i] = NULL;
    }
    for (uint32_t k = 0; k < s->rows.n; k++) {
        struct row r = {l, s, s->rows.items[k], false};
        uint32_t reg = row_name(&r, COL_rows_register, &l->regs, "register", "台账");
        const uint32_t *of = reg != NONE ? field_columns(l, s, reg, known) : NULL;
        uint32_t id = unless_field(&r, of, COL_rows_id);
        uint32_t status = unless_field(&r, of, COL_rows_status);
        struct reg_row x = {
            .reg = reg,
            .owner = row_unit(&r, COL_rows_owner),
            .id = id == NONE ? STR("") : row_text(&r, id),
            .dated = row_text(&r, COL_rows_date).n > 0,
            .day = row_date(&r, COL_rows_date, DATE_MIN),
            .since = row_date(&r, COL_rows_from, DATE_MIN),
            .until = row_date(&r, COL_rows_to, DATE_MAX),
            .revoked = row_date(&r, COL_rows_revoked, DATE_MAX),
            .status = status == NONE ? ROW_ACCEPTED : row_status(&r, status),
            .from = row_from(&r, COL_rows_recorded, unless_field(&r, of, COL_rows_source),
                             unless_field(&r, of, COL_rows_grade)),
        };
        row_dates(&r, COL_rows_from, x.since, x.until);
        if (x.reg != NONE) {
            const struct reg *g = &l->plan->regs[x.reg];
            check_kind(&r, COL_rows_owner, x.owner, g->owner_kind, g->name);
            x.fields = read_fields(&r, x.reg, of);
        }
        if (!r.bad) {
            vec_push(l->a, &l->rows, x);
        }
    }
}

void load_titles(struct loader *l, const struct sheet *s)
{
    for (uint32_t k = 0; k < s->rows.n; k++) {
        struct row r = {l, s, s->rows.items[k], false};
        struct title_row x = {
            .title = row_name(&r, COL_titles_title, &l->titles, "title", "称号"),
            .unit = row_unit(&r, COL_titles_unit),
            .since = row_date(&r, COL_titles_from, DATE_MIN),
            .until = row_date(&r, COL_titles_to, DATE_MAX),
            .revoked = row_date(&r, COL_titles_revoked, DATE_MAX),
            .status = row_status(&r, COL_titles_status),
            .from = row_from(&r, COL_titles_recorded, COL_titles_source, COL_titles_grade),
        };
        row_dates(&r, COL_titles_from, x.since, x.until);
        if (x.title != NONE) {
            const struct title *t = &l->plan->titles[x.title];
            check_kind(&r, COL_titles_unit, x.unit, t->kind, t->name);
        }
        if (!r.bad) {
            vec_push(l->a, &l->title_rows, x);
        }
    }
}

/* ---- relations ------------------------------------------------------------------------------ */

static void check_pair(struct row *r, uint32_t column, uint32_t a, uint32_t b)
{
    if (a != NONE && a == b) {
        row_problem(r, row_field(r, column), LOAD_SELF_PAIR, row_text(r, column), STR(""));
    }
}

void load_relations(struct loader *l, const struct sheet *s)
{
    for (uint32_t k = 0; k < s->rows.n; k++) {
        struct row r = {l, s, s->rows.items[k], false};
        struct relation_row x = {
            .relation = row_name(&r, COL_relations_relation, &l->relations, "relation", "关系"),
            .a = row_unit(&r, COL_relations_a),
            .b = row_unit(&r, COL_relations_b),
            .since = row_date(&r, COL_relations_from, DATE_MIN),
            .until = row_date(&r, COL_relations_to, DATE_MAX),
            .ended = row_date(&r, COL_relations_ended, DATE_MAX),
            .confirmed = row_bool(&r, COL_relations_confirmed, false),
            .from = row_from(&r, COL_relations_recorded, COL_relations_source, COL_relations_grade),
        };
        row_dates(&r, COL_relations_from, x.since, x.until);
        check_pair(&r, COL_relations_b, x.a, x.b);
        if (!r.bad) {
            vec_push(l->a, &l->pairs, x);
        }
    }
}

void load_activities(struct loader *l, const struct sheet *s)
{
    for (uint32_t k = 0; k < s->rows.n; k++) {
        struct row r = {l, s, s->rows.items[k], false};
        struct activity x = {
            .relation = row_name(&r, COL_activities_relation, &l->relations, "relation", "关系"),
            .a = row_unit(&r, COL_activities_a),
            .b = row_unit(&r, COL_activities_b),
            .day = row_date(&r, COL_activities_date, DATE_MIN),
            .from = row_from(&r, COL_activities_recorded, COL_activities_source, NONE),
        };
        check_pair(&r, COL_activities_b, x.a, x.b);
        if (!r.bad) {
            vec_push(l->a, &l->activities, x);
        }
    }
}

/* ---- events, evidence, filings -------------------------------------------------------------- */

static void required_date(struct row *r, uint32_t column)
{
    if (row_text(r, column).n == 0) {
        row_problem(r, row_field(r, column), LOAD_EMPTY, STR("date"), STR("日期"));
    }
}

void load_events(struct loader *l, const struct sheet *s)
{
    for (uint32_t k = 0; k < s->rows.n; k++) {
        struct row r = {l, s, s->rows.items[k], false};
        struct event_row x = {
            .event = row_name(&r, COL_events_event, &l->events, "event", "事件"),
            .day = row_date(&r, COL_events_date, DATE_MIN),
            .from = row_from(&r, COL_events_recorded, COL_events_source, NONE),
        };
        required_date(&r, COL_events_date);
        if (!r.bad) {
            vec_push(l->a, &l->event_rows, x);
        }
    }
}

static uint32_t root_unit(const struct loader *l)
{
    for (uint32_t i = 0; i < l->tree->n_versions; i++) {
        if (l->tree->versions[i].parent.n == 0) {
            return l->tree->versions[i].unit;
        }
    }
    return NONE;
}

static uint32_t stage_of(struct row *r, uint32_t commitment)
{
    struct str part = row_text(r, COL_evidence_part);
    const struct commitment *c = &r->l->plan->commitments[commitment];
    for (uint32_t i = 0; i < c->n_stages; i++) {
        if (str_eq(c->stages[i].name, part)) {
            return i;
        }
    }
    if (part.n > 0 || c->kind == CK_STAGES) {
        row_problem(r, row_field(r, part.n > 0 ? COL_evidence_part : COL_evidence_target),
                    LOAD_UNKNOWN_NAME, str_cat(r->l->a, STR("stage "), part),
                    str_cat(r->l->a, str_cat(r->l->a, STR("阶段“"), part), STR("”")));
    }
    return NONE;
}

void load_evidence(struct loader *l, const struct sheet *s)
{
    for (uint32_t k = 0; k < s->rows.n; k++) {
        struct row r = {l, s, s->rows.items[k], false};
        struct evidence x = {
            .commitment =
                row_name(&r, COL_evidence_target, &l->commitments, "task or stages", "任务或阶段"),
            .stage = NONE,
            .unit = row_text(&r, COL_evidence_unit).n > 0 ? row_unit(&r, COL_evidence_unit)
                                                          : root_unit(l),
            .day = row_date(&r, COL_evidence_date, DATE_MIN),
            .document = row_text(&r, COL_evidence_document),
            .from = row_from(&r, COL_evidence_recorded, COL_evidence_source, NONE),
        };
        required_date(&r, COL_evidence_date);
        if (x.commitment != NONE) {
            x.stage = stage_of(&r, x.commitment);
        }
        if (!r.bad) {
            vec_push(l->a, &l->evidence, x);
        }
    }
}

/* 是, or the word itself (C35). */
static bool is_nil(struct row *r)
{
    return str_eq(row_text(r, COL_filings_nil), STR("无")) || row_bool(r, COL_filings_nil, false);
}

/* A register, the roll of a kind, or a form. */
static void what_is_filed(struct row *r, struct filing *x)
{
    struct loader *l = r->l;
    struct str name = row_text(r, COL_filings_form);
    if (map_get(&l->regs, name, &x->reg)) {
        return;
    }
    x->reg = NONE;
    if (map_get(&l->kinds, name, &x->roll) && l->plan->kinds[x->roll].filed) {
        return;
    }
    x->roll = NONE;
    x->form = row_name(r, COL_filings_form, &l->commitments, "register, roll or form",
                       "台账、名册或报表");
}

void load_filings(struct loader *l, const struct sheet *s)
{
    for (uint32_t k = 0; k < s->rows.n; k++) {
        struct row r = {l, s, s->rows.items[k], false};
        struct filing x = {
            .reg = NONE,
            .form = NONE,
            .roll = NONE,
            .unit = row_unit(&r, COL_filings_unit),
            .period = row_period(&r, COL_filings_period),
            .nil = is_nil(&r),
            .from = row_from(&r, COL_filings_recorded, NONE, NONE),
        };
        what_is_filed(&r, &x);
        enum period_kind kind = x.reg != NONE    ? l->plan->regs[x.reg].filing
                                : x.roll != NONE ? l->plan->kinds[x.roll].filing
                                : x.form != NONE ? l->plan->commitments[x.form].period
                                                 : x.period.kind;
        if (!r.bad && x.period.kind != kind) {
            row_problem(&r, row_field(&r, COL_filings_period), LOAD_PERIOD_KIND,
                        row_text(&r, COL_filings_period), row_text(&r, COL_filings_form));
        }
        if (!r.bad) {
            vec_push(l->a, &l->filings, x);
        }
    }
}

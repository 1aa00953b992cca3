/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of the linter as text, JSON and CSV. */
#include "app/pack/lint.h"

#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "base/utf8.h"
#include "io/csv.h"

#define INDENT     6
#define TEXT_BYTES (1U << 24)

static struct str clause_path(const struct plan *p, struct str code)
{
    for (uint32_t i = 0; i < p->n_clause_codes; i++) {
        if (str_eq(p->clause_codes[i].code, code)) {
            return p->clause_codes[i].path;
        }
    }
    return STR("");
}

static struct str text_of(const struct lint_answer *x, const struct lint_finding *f, bool chinese,
                          bool mending)
{
    struct buf b;
    buf_init_in(&b, x->a, TEXT_BYTES);
    if (mending) {
        lint_mending(f, chinese, &b);
    } else {
        lint_reason(f, chinese, &b);
    }
    return buf_move(x->a, &b);
}

/* "B1.3 (20-basic.plan:71)"; a clause without commitment has no place. */
static struct str place_text(const struct lint_answer *x, const struct lint_place *p)
{
    if (p->at.line == 0) {
        return p->name;
    }
    struct str out = str_cat(x->a, str_cat(x->a, p->name, STR(" (")), p->at.file);
    out = str_cat(x->a, str_cat(x->a, out, STR(":")), rat_frac_str(x->a, rat_int(p->at.line)));
    return str_cat(x->a, out, STR(")"));
}

static struct str places_text(const struct lint_answer *x, const struct lint_finding *f)
{
    struct str out = STR("");
    for (uint32_t i = 0; i < f->places.n; i++) {
        out = i > 0 ? str_cat(x->a, out, STR(", ")) : out;
        out = str_cat(x->a, out, place_text(x, &f->places.items[i]));
    }
    return out;
}

/* ---- text ----------------------------------------------------------------------------------- */

static void heading(const struct lint_answer *x, struct str clause, struct buf *out)
{
    struct str path = clause_path(x->plan, clause);
    if (out->n > 0) {
        buf_putc(out, '\n');
    }
    if (clause.n == 0) {
        buf_puts(out, x->chinese ? "整个计划" : "the plan as a whole");
    } else {
        buf_str(out, clause);
    }
    if (path.n > 0) {
        buf_puts(out, "  ");
        buf_str(out, path);
    }
    buf_putc(out, '\n');
}

/* A place is not broken. */
static void places(const struct lint_answer *x, const struct lint_finding *f, struct buf *out)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < f->places.n; i++) {
        struct str text = place_text(x, &f->places.items[i]);
        uint32_t width = utf8_width(text) + 2;
        if (at > 0 && x->width > 0 && at + width > x->width) {
            buf_putc(out, '\n');
            at = 0;
        }
        buf_fill(out, ' ', at == 0 ? INDENT : 2);
        buf_str(out, text);
        at = (at == 0 ? INDENT - 2 : at) + width;
    }
    buf_putc(out, '\n');
}

static void one_finding(const struct lint_answer *x, const struct lint_finding *f, struct buf *out)
{
    struct str code = str_cat(x->a, str_from_cstr(lint_code_text(f->code)), STR(" "));
    text_print(str_cat(x->a, code, text_of(x, f, x->chinese, false)), INDENT - 4, x->width, out);
    text_print(str_cat(x->a, STR("→ "), text_of(x, f, x->chinese, true)), INDENT, x->width, out);
    if (f->places.items[0].at.line != 0) {
        places(x, f, out);
    }
}

static void summary(const struct lint_answer *x, struct buf *out)
{
    uint32_t n[LINT__COUNT] = {0};
    for (uint32_t i = 0; i < x->findings.list.n; i++) {
        n[x->findings.list.items[i]->code]++;
    }
    struct str text = STR("");
    for (uint32_t c = 0; c < LINT__COUNT; c++) {
        if (n[c] > 0) {
            struct str count = rat_frac_str(x->a, rat_int(n[c]));
            struct str code = str_from_cstr(lint_code_text((enum lint_code)c));
            text = text.n > 0 ? str_cat(x->a, text, STR(", ")) : text;
            text = str_cat(x->a, str_cat(x->a, str_cat(x->a, text, code), STR("×")), count);
        }
    }
    const char *colon = text.n == 0 ? "" : x->chinese ? "：" : ": ";
    struct buf b;
    buf_init_in(&b, x->a, TEXT_BYTES);
    buf_printf(&b, x->chinese ? "共 %u 处%s" : "%u findings%s", x->findings.list.n, colon);
    buf_str(&b, text);
    buf_puts(out, x->findings.list.n > 0 ? "\n" : "");
    text_print(buf_view(&b), 0, x->width, out);
}

void lint_text(const struct lint_answer *x, struct buf *out)
{
    struct str clause = STR("");
    for (uint32_t i = 0; i < x->findings.list.n; i++) {
        const struct lint_finding *f = x->findings.list.items[i];
        if (i == 0 || !str_eq(f->clause, clause)) {
            heading(x, f->clause, out);
            clause = f->clause;
        }
        one_finding(x, f, out);
    }
    summary(x, out);
}

/* ---- machines ------------------------------------------------------------------------------- */

static void json_places(const struct lint_answer *x, const struct lint_finding *f, struct json *j)
{
    json_key(j, "places");
    json_arr_begin(j);
    for (uint32_t i = 0; i < f->places.n; i++) {
        const struct lint_place *p = &f->places.items[i];
        json_obj_begin(j);
        json_kv_str(j, "id", p->name);
        json_kv_str(j, "name",
                    p->commitment == NONE ? p->name : x->plan->commitments[p->commitment].name);
        json_kv_bool(j, "commitment", p->commitment != NONE);
        json_kv_str(j, "file", p->at.file);
        json_kv_int(j, "line", p->at.line);
        json_obj_end(j);
    }
    json_arr_end(j);
}

/* Every clause that one of the commitments carries, each once, that of the finding first. */
static void json_clauses(const struct lint_answer *x, const struct lint_finding *f, struct json *j)
{
    struct map seen = {0};
    json_key(j, "clauses");
    json_arr_begin(j);
    if (f->clause.n > 0) {
        map_put(x->a, &seen, f->clause, 0);
        json_str(j, f->clause);
    }
    for (uint32_t i = 0; i < f->places.n; i++) {
        uint32_t k = f->places.items[i].commitment;
        for (uint32_t b = 0; k != NONE && b < x->plan->commitments[k].n_basis; b++) {
            struct str code = x->plan->commitments[k].basis[b].code;
            if (!map_get(&seen, code, NULL)) {
                map_put(x->a, &seen, code, 0);
                json_str(j, code);
            }
        }
    }
    json_arr_end(j);
}

void lint_list_json(const struct lint_answer *x, struct json *j)
{
    json_arr_begin(j);
    for (uint32_t i = 0; i < x->findings.list.n; i++) {
        const struct lint_finding *f = x->findings.list.items[i];
        json_obj_begin(j);
        json_kv_cstr(j, "code", lint_code_text(f->code));
        json_kv_cstr(j, "name", lint_code_name(f->code));
        json_kv_str(j, "clause", f->clause);
        json_clauses(x, f, j);
        json_places(x, f, j);
        json_kv_str(j, "en", text_of(x, f, false, false));
        json_kv_str(j, "zh", text_of(x, f, true, false));
        json_kv_str(j, "mend_en", text_of(x, f, false, true));
        json_kv_str(j, "mend_zh", text_of(x, f, true, true));
        json_obj_end(j);
    }
    json_arr_end(j);
}

void lint_json(const struct lint_answer *x, struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_kv_str(&j, "plan", x->plan->id);
    json_key(&j, "findings");
    lint_list_json(x, &j);
    json_obj_end(&j);
    json_end(&j);
}

void lint_csv(const struct lint_answer *x, struct csv_writer *w)
{
    static const char *const headers[2][5] = {
        {"code", "clause", "places", "reason", "mending"},
        {"代码", "条款", "位置", "问题", "建议"},
    };
    for (uint32_t k = 0; k < 5; k++) {
        csv_write_field(w, str_from_cstr(headers[x->chinese][k]));
    }
    csv_write_end(w);
    for (uint32_t i = 0; i < x->findings.list.n; i++) {
        const struct lint_finding *f = x->findings.list.items[i];
        csv_write_field(w, str_from_cstr(lint_code_text(f->code)));
        csv_write_field(w, f->clause);
        csv_write_field(w, places_text(x, f));
        csv_write_field(w, text_of(x, f, x->chinese, false));
        csv_write_field(w, text_of(x, f, x->chinese, true));
        csv_write_end(w);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Care: clauses that nothing carries, and what a commitment does not say about itself. */
#include "base/arena.h"
#include "base/map.h"
#include "lang/lint_int.h"

static void uncovered(struct lint *x)
{
    struct map carried = {0};
    for (uint32_t i = 0; i < x->p->n_commitments; i++) {
        const struct commitment *k = &x->p->commitments[i];
        for (uint32_t c = 0; c < k->n_basis; c++) {
            map_put(x->a, &carried, k->basis[c].code, i);
        }
    }
    for (uint32_t i = 0; i < x->p->n_clause_codes; i++) {
        const struct clause_code *c = &x->p->clause_codes[i];
        if (!map_get(&carried, c->code, NULL)) {
            struct lint_finding *f = lint_add(x->a, x->out, LINT_uncovered);
            f->clause = c->code;
            lint_place_name(x->a, f, c->code, (struct origin){STR(""), 0, 0});
        }
    }
}

static void counted(struct lint *x, enum lint_code code, uint32_t commitment)
{
    struct lint_finding *f = lint_group(x, code, commitment);
    lint_arg_int(x->a, f, "n", f->places.n);
}

/* Somebody has to do it. */
static bool is_work(enum commitment_kind k)
{
    return k <= CK_QUOTA || k == CK_PROGRAMME || k == CK_SAMPLE;
}

/* The figures that a measure reads and that nobody has defined. */
static void sources(struct lint *x, uint32_t k)
{
    const struct commitment *m = &x->p->commitments[k];
    expr_list reads = {0};
    struct str names = STR("");
    lint_reads(x, commitment_measure(m), &reads);
    for (uint32_t t = 0; t < m->n_targets; t++) {
        expr_list more = {0};
        lint_reads(x, m->targets[t].measure, &more);
        for (uint32_t i = 0; i < more.n; i++) {
            vec_push(x->a, &reads, more.items[i]);
        }
    }
    for (uint32_t i = 0; i < reads.n; i++) {
        const struct expr *n = &x->p->exprs[reads.items[i]];
        const struct datum *d = n->op == EX_ITEM ? &x->p->items[n->ref].d : NULL;
        if (d && d->source.n == 0 && d->definition.n == 0 &&
            str_find(names, d->name, 0) == STR_NONE) {
            names = lint_join(x, names, d->name);
        }
    }
    if (names.n > 0) {
        struct lint_finding *f = lint_group(x, LINT_no_source, k);
        struct str before = f->n_args > 0 ? f->args[0].zh : STR("");
        lint_arg_text(f, "list", lint_join(x, before, names));
        lint_arg_int(x->a, f, "n", f->places.n);
    }
}

static void unmeasurable(struct lint *x, uint32_t i)
{
    const struct commitment *k = &x->p->commitments[i];
    bool reason = str_trim(k->deliverable).n > 0;
    struct lint_finding *f = lint_add(x->a, x->out, reason ? LINT_unmeasurable : LINT_no_reason);
    lint_place(x->a, x->p, f, i, k->at);
    lint_arg_text(f, "reason", k->deliverable);
}

/* The next clause of a note, up to a full stop or semicolon of either script. */
static struct str note_part(struct str note, uint32_t from)
{
    static const struct str stops[] = {STR_INIT("。"), STR_INIT("；"), STR_INIT(";")};
    uint32_t end = note.n;
    for (uint32_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        uint32_t at = str_find(note, stops[i], from);
        end = at < end ? at : end;
    }
    return str_sub(note, from, end);
}

/* What a note marks as assumed (docs/commands.md), without the mark. */
static void assumptions(struct lint *x, uint32_t i)
{
    const struct commitment *k = &x->p->commitments[i];
    for (uint32_t from = 0; from < k->note.n;) {
        struct str part = note_part(k->note, from);
        uint32_t mark = str_find(part, STR("[K]"), 0);
        from += part.n + 1;
        while (from < k->note.n && ((unsigned char)k->note.p[from] & 0xc0U) == 0x80U) {
            from++;
        }
        struct str text = str_trim(str_sub(part, 0, mark == STR_NONE ? 0 : mark));
        if (mark == STR_NONE || text.n == 0) {
            continue;
        }
        struct lint_finding *f = lint_group(x, LINT_assumption, i);
        struct str before = f->n_args > 0 ? f->args[0].zh : STR("");
        text = str_cat(x->a, str_cat(x->a, k->id, STR(" ")), text);
        lint_arg_text(f, "list",
                      before.n == 0 ? text : str_cat(x->a, str_cat(x->a, before, STR("; ")), text));
    }
}

void lint_care(struct lint *x)
{
    uncovered(x);
    for (uint32_t i = 0; i < x->p->n_commitments; i++) {
        const struct commitment *k = &x->p->commitments[i];
        bool task = k->kind == CK_TASK || k->kind == CK_STAGES;
        if (k->kind == CK_UNMEASURABLE) {
            unmeasurable(x, i);
        }
        if (is_work(k->kind) && k->owner.n == 0) {
            counted(x, LINT_no_owner, i);
        }
        if (task && k->evidence.n == 0) {
            counted(x, LINT_no_evidence, i);
        }
        if (k->kind == CK_INDICATOR || k->kind == CK_TARGET) {
            sources(x, i);
        }
        assumptions(x, i);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What workbooks of forms share: the lines above the table, the machine sheet's head, checks as
 * colours. */
#include "app/workbook/export_int.h"
#include "base/arena.h"
#include "base/err.h"

#define HEAD_WIDTH 130.0 /* digits that the lines above a table take at most */

/* ---- the lines above a table ------------------------------------------------------------------
 */

struct str page_title(const struct export_page *p)
{
    const struct commitment *k = &p->plan->commitments[p->form];
    struct str name = k->name.n > 0 ? k->name : k->id;
    return p->demo ? str_cat(p->a, name, p->chinese ? STR("（示例数据）") : STR(" (demonstration)"))
                   : name;
}

static struct str period_shown(const struct export_page *p, struct arena *a)
{
    char text[PERIOD_TEXT_BYTES];
    return p->has_period ? str_dup(a, period_text(p->period, text)) : STR("");
}

static void put_part(const struct kit *k, struct buf *b, const char *zh, const char *en,
                     struct str text)
{
    if (text.n > 0) {
        buf_puts(b, b->n > 0 ? "　　" : "");
        buf_str(b, kit_say(k, zh, en));
        buf_str(b, text);
    }
}

/* Round, period, due day. */
struct str page_about(const struct kit *k, const struct export_page *p, struct str state)
{
    char day[DATE_TEXT_BYTES];
    struct buf b;
    buf_init_in(&b, k->a, LIMIT_STR_BYTES);
    put_part(k, &b, "填报轮次：", "round: ", p->round);
    put_part(k, &b, "时期：", "period: ", period_shown(p, k->a));
    if (!date_is_sentinel(p->until)) {
        put_part(k, &b, "截止：", "due: ", str_dup(k->a, date_text(p->until, day)));
    }
    put_part(k, &b, "状态：", "state: ", state);
    return buf_view(&b);
}

struct str page_footer(const struct kit *k, const struct export_page *p)
{
    struct buf b;
    buf_init_in(&b, k->a, LIMIT_STR_BYTES);
    buf_str(&b, page_title(p));
    put_part(k, &b, "轮次 ", "round ", p->round);
    return buf_view(&b);
}

static const char how_zh[] = "浅黄色格填写，其余已锁定（无密码，可取消保护）；"
                             "灰色为上期数，仅供对照，不自动沿用；"
                             "百分比填 95 即 95%；没有数据请留空并说明。";
static const char how_en[] =
    "Fill in the yellow cells; the rest is locked without a password. Grey: the period before, "
    "to compare with. 95 in a percentage means 95%. Leave blank what is not known, and explain.";
static const char rows_zh[] =
    "每行一条，带*的必填。新行的编号留空，由系统生成；"
    "已有的行请勿删除，终止的填“止”。"
    "浅黄色格填写，其余已锁定（无密码，可取消保护）；百分比填 95 即 95%。";
static const char rows_en[] =
    "A row each; what has a * is needed. Leave the id of new rows blank; do not delete rows: say "
    "in `to` until when they stood. 95 in a percentage means 95%.";

struct str page_how(const struct kit *k, enum form_layout layout)
{
    return layout == FORM_LAYOUT_REGISTER ? kit_say(k, rows_zh, rows_en)
                                          : kit_say(k, how_zh, how_en);
}

uint32_t page_head_rows(const struct export_page *p, const struct page_lines *l)
{
    return 2U + (l->whose.n > 0) + (l->about.n > 0) + p->demo;
}

/* The columns of a page: the lines above the table are centred over them. */
static uint32_t columns_of_page(const struct kit *k, uint32_t columns)
{
    double width = k->widths[0].width;
    uint32_t n = 1;
    while (n < columns && width + k->widths[n].width <= HEAD_WIDTH) {
        width += k->widths[n++].width;
    }
    return n;
}

enum rc page_head(struct kit *k, const struct export_page *p, const struct page_lines *l,
                  uint32_t columns, struct err *e)
{
    const struct {
        struct str text;
        enum write_look look;
        double height;
    } lines[] = {
        {l->title, LOOK_TITLE, 30},
        {l->whose, LOOK_PLAIN, 18},
        {l->about, LOOK_PLAIN, 18},
        {l->how, LOOK_QUIET, 30},
        {p->demo ? kit_say(k, "示例数据：由程序生成，不是真实数据，不得报送。",
                           "Demonstration data: made up by the program.")
                 : STR(""),
         LOOK_DEMO, 18},
    };
    uint32_t row = 0;
    columns = columns_of_page(k, columns);
    for (uint32_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (lines[i].text.n > 0) {
            TRY(kit_line(k, k->main, row, columns, lines[i].text, lines[i].look, e));
            TRY(workbook_row_height(k->w, k->main, row, lines[i].height, e));
            row++;
        }
    }
    return RC_OK;
}

enum rc page_signatures(struct kit *k, uint32_t row, uint32_t columns, struct err *e)
{
    static const char *const roles[2][4] = {
        {"填表人：", "审核人：", "负责人：", "填报日期："},
        {"filler: ", "reviewer: ", "head: ", "date: "},
    };
    struct buf b;
    buf_init_in(&b, k->a, 512);
    for (uint32_t i = 0; i < 4; i++) {
        buf_printf(&b, "%s________________　　", roles[k->chinese ? 0 : 1][i]);
    }
    columns = columns_of_page(k, columns);
    TRY(kit_line(k, k->main, row, columns, buf_view(&b), LOOK_SIGN, e));
    return workbook_row_height(k->w, k->main, row, 24, e);
}

struct form_sheet page_sheet(const struct kit *k, const struct export_page *p,
                             enum form_layout layout)
{
    char day[DATE_TEXT_BYTES];
    struct str book = p->book > 0 ? rat_frac_str(k->a, rat_int(p->book)) : STR("");
    return (struct form_sheet){.layout = layout,
                               .plan = p->plan->id,
                               .plan_digest = p->digest,
                               .form = p->plan->commitments[p->form].id,
                               .round = p->round,
                               .period = period_shown(p, k->a),
                               .book = book,
                               .made = str_dup(k->a, date_text(p->today, day)),
                               .demo = p->demo ? STR("yes") : STR("")};
}

const struct datum *page_datum(const struct export_page *p, uint32_t i)
{
    return &p->plan->items[p->items[i]].d;
}

/* An item is named by its own name where no other has it. */
struct str page_label(const struct export_page *p, uint32_t i)
{
    for (uint32_t k = 0; k < p->n_items; k++) {
        if (k != i && str_eq(page_datum(p, k)->name, page_datum(p, i)->name)) {
            return p->names[i];
        }
    }
    return page_datum(p, i)->name;
}

enum rc page_begin(struct kit *k, struct export_work *x, const struct export_page *p,
                   const char *path, struct err *e)
{
    *k = (struct kit){.a = &x->whole, .w = &x->writer, .plan = p->plan, .chinese = p->chinese};
    k->main_name = workbook_sheet_name(k->a, page_title(p), NULL, 0);
    return workbook_begin(k->w, path, p->today, page_title(p), e);
}

struct str page_other_name(struct kit *k, const char *zh, const char *en)
{
    return workbook_sheet_name(k->a, kit_say(k, zh, en), &k->main_name, 1);
}

enum rc page_lists(struct kit *k, const struct export_page *p, struct err *e)
{
    const struct datum **of = ARENA_ARRAY(k->a, const struct datum *, p->n_items + 1U);
    for (uint32_t i = 0; i < p->n_items; i++) {
        of[i] = page_datum(p, i);
    }
    return kit_lists(k, of, p->n_items, e);
}

struct str values_explanation(const struct export_values *v, struct str about)
{
    const struct report_note *n =
        v != NULL && v->explained != NULL ? report_note_of(v->explained, about) : NULL;
    return n != NULL ? n->text : STR("");
}

bool values_hidden(const struct export_values *v, uint32_t i)
{
    return v != NULL && v->hidden != NULL && v->hidden[i];
}

/* ---- checks over cells ----------------------------------------------------------------------- */

static uint32_t item_index(const struct export_page *p, uint32_t item)
{
    uint32_t i = 0;
    while (i < p->n_items && p->items[i] != item) {
        i++;
    }
    return i;
}

static bool find_item(void *ctx, const struct expr *x, bool before, struct formula_cell *out)
{
    struct cells_of *c = ctx;
    uint32_t i = x->op == EX_ITEM ? item_index(c->p, x->ref) : c->p->n_items;
    if (i == c->p->n_items || values_hidden(c->v, i)) {
        return false;
    }
    uint32_t column = before ? c->before[i] : c->at[i];
    bool yearly = c->p->plan->items[x->ref].period == PERIOD_YEAR ||
                  c->p->plan->items[x->ref].period == PERIOD_SCHOOL_YEAR;
    if (column == UINT32_MAX || (before && !yearly)) {
        return false;
    }
    struct str place = kit_place(c->a, c->row + (c->down ? i : 0), column);
    out->of = page_datum(c->p, i);
    out->place = place;
    if (c->down) { /* `$D$7` */
        uint32_t digits = place.n;
        while (digits > 0 && place.p[digits - 1] >= '0' && place.p[digits - 1] <= '9') {
            digits--;
        }
        struct str head = str_cat(c->a, str_sub(place, 0, digits), STR("$"));
        out->place = str_cat(c->a, head, str_sub(place, digits, place.n));
    }
    c->used[i] = c->used[i] || !before;
    return true;
}

/* Colours what the check reads; says where that is. */
static enum rc colour_check(struct kit *k, struct cells_of *c, const struct commitment *check,
                            uint32_t last_row, struct str *where, struct err *e)
{
    struct str broken;
    struct buf b;
    char name[CELL_NAME_BYTES];
    *where = STR("");
    for (uint32_t i = 0; i < c->p->n_items; i++) {
        c->used[i] = false;
    }
    if (!formula_broken(k->a, k->plan, check->condition, find_item, c, &broken)) {
        return RC_OK;
    }
    buf_init_in(&b, k->a, LIMIT_STR_BYTES);
    for (uint32_t i = 0; i < c->p->n_items; i++) {
        uint32_t row = c->row + (c->down ? i : 0);
        struct workbook_range r = {row, c->at[i], c->down ? row : last_row, c->at[i]};
        if (!c->used[i]) {
            continue;
        }
        TRY(workbook_put_colour(k->w, k->main, r, broken, check->soft ? COLOUR_AMBER : COLOUR_RED,
                                e));
        struct str shown = str_from_cstr(cell_name(row, c->at[i], name));
        shown.n -= c->down ? 0 : 1 + (uint32_t)(row >= 9) + (uint32_t)(row >= 99);
        buf_printf(&b, "%s%.*s", b.n > 0 ? "、" : "", PS(shown));
    }
    *where = buf_view(&b);
    return RC_OK;
}

/* Those that may be told. */
enum rc page_colour_checks(struct kit *k, struct cells_of *c, const struct export_values *v,
                           uint32_t last_row, struct kit_check **out, uint32_t *n, struct err *e)
{
    const struct export_page *p = c->p;
    *out = ARENA_ARRAY(k->a, struct kit_check, p->n_checks + 1U);
    *n = 0;
    c->used = ARENA_ARRAY(k->a, bool, p->n_items + 1U);
    for (uint32_t i = 0; i < p->n_checks; i++) {
        const struct commitment *check = &p->plan->commitments[p->checks[i]];
        struct str where = STR("");
        if (v != NULL && v->told != NULL && !v->told[i]) {
            continue;
        }
        TRY(colour_check(k, c, check, last_row, &where, e));
        (*out)[(*n)++] = (struct kit_check){check, where, values_explanation(v, check->id)};
    }
    return RC_OK;
}

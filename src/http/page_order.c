/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows of a list are on a page, and in which order. */
#include <stdlib.h>

#include "base/i128.h"
#include "base/rat.h"
#include "http/page_int.h"

static enum rc gone(struct ask *q)
{
    q->at = STR("?after");
    return err_set(&q->e, RC_CONFLICT, "the list has changed: begin at the first page",
                   "列表已变化，请从第一页重新开始");
}

enum rc page_too_many(struct page *p)
{
    enum rc rc = err_set(&p->q->e, RC_LIMIT, "the list has more than %u rows",
                         "列表超过 %u 行，不能排序或导出为文件", PAGE_FILE_MAX);
    err_hint(&p->q->e, "Filter it, or read it page by page in its own order.",
             "请加筛选条件，或按原有顺序逐页读取。");
    return rc;
}

static bool shows(const struct page *p, uint32_t i)
{
    return p->list->shows == NULL || p->list->shows(p->list->ctx, i);
}

static uint32_t find(const struct page *p, struct str key)
{
    const struct page_list *l = p->list;
    if (l->find != NULL) {
        return l->find(l->ctx, key);
    }
    for (uint32_t i = 0; i < l->n; i++) {
        struct arena_mark m = arena_mark(p->q->a);
        bool found = str_eq(l->key(l->ctx, i), key);
        arena_rewind(p->q->a, m);
        if (found) {
            return i;
        }
    }
    return UINT32_MAX;
}

static void choose(struct page *p, uint32_t i)
{
    p->chosen[p->n_chosen++] = i;
}

static uint32_t room(const struct page *p)
{
    return (uint32_t)p->limit < p->list->n ? (uint32_t)p->limit : p->list->n;
}

/* ---- in the order of the list --------------------------------------------------------------- */

static enum rc in_order(struct page *p)
{
    const struct page_list *l = p->list;
    uint32_t i = 0;
    if (p->after.n > 0) {
        i = find(p, p->after);
        if (i == UINT32_MAX) {
            return gone(p->q);
        }
        i++;
    }
    for (; i < l->n; i++) {
        if (!shows(p, i)) {
            continue;
        }
        if (p->n_chosen == room(p)) {
            p->next = l->key(l->ctx, p->chosen[p->n_chosen - 1]);
            break;
        }
        choose(p, i);
    }
    return RC_OK;
}

/* ---- sorted --------------------------------------------------------------------------------- */

struct page_value {
    bool there;
    bool is_number;
    struct rat n;
    struct str text; /* as it is written */
};

struct sorted {
    struct page_value value;
    uint32_t i;
    bool down;
};

/* PG3. */
static int order(const struct sorted *x, const struct sorted *y)
{
    int by = 0;
    if (x->value.there != y->value.there) {
        return x->value.there ? -1 : 1;
    }
    if (x->value.there) {
        by = x->value.is_number && y->value.is_number ? rat_cmp(x->value.n, y->value.n)
                                                      : str_cmp(x->value.text, y->value.text);
    }
    by = x->down ? -by : by;
    return by != 0 ? by : x->i < y->i ? -1 : x->i > y->i;
}

static int by_value(const void *x, const void *y)
{
    return order(x, y);
}

static bool is_number(const struct shape_field *f)
{
    return f->sort == FIELD_COUNT || f->sort == FIELD_INT || f->sort == FIELD_DECIMAL;
}

static struct page_value value_of(struct page *p, struct str text)
{
    struct page_value v = {.there = text.n > 0, .text = text};
    v.is_number = v.there && is_number(p->sort) && rat_parse_decimal(p->q->a, text, &v.n);
    return v;
}

/* What the row took is given back at once, but for the value. */
static struct sorted entry(struct page *p, uint32_t i)
{
    struct arena_mark m = arena_mark(p->q->a);
    p->n_seen = 0;
    p->doing = PAGE_LOOK;
    page_row(p, i);
    arena_rewind(p->q->a, m);
    return (struct sorted){value_of(p, str_dup(p->q->a, str_make(p->seen, p->n_seen))), i, p->down};
}

/* `after` of a sorted list: the value's bytes, the value, the key; "-:" for no value. */
static struct str token(struct page *p, const struct sorted *x)
{
    struct buf b;
    struct str key = p->list->key(p->list->ctx, x->i);
    buf_init_in(&b, p->q->a, 1U << 20);
    if (x->value.there) {
        buf_printf(&b, "%u:%.*s", x->value.text.n, PS(x->value.text));
    } else {
        buf_puts(&b, "-:");
    }
    buf_str(&b, key);
    return buf_view(&b);
}

static bool read_token(struct page *p, struct sorted *out)
{
    struct str rest = p->after;
    struct str length;
    i128 n = 0;
    *out = (struct sorted){.down = p->down};
    if (!str_split(&rest, ':', &length)) {
        return false;
    }
    if (!str_eq(length, STR("-"))) {
        if (!i128_parse(length, &n) || n < 1 || n > rest.n) {
            return false;
        }
        out->value = value_of(p, str_sub(rest, 0, (uint32_t)n));
        rest = str_sub(rest, (uint32_t)n, rest.n);
    }
    out->i = find(p, rest);
    return out->i != UINT32_MAX;
}

static enum rc in_order_of_value(struct page *p)
{
    uint32_t most = p->list->n < PAGE_FILE_MAX ? p->list->n : PAGE_FILE_MAX;
    struct sorted *all = ARENA_ARRAY(p->q->a, struct sorted, most + 1U);
    struct sorted after = {.i = 0};
    uint32_t n = 0;
    uint32_t i = 0;
    if (p->after.n > 0 && !read_token(p, &after)) {
        return gone(p->q);
    }
    for (uint32_t k = 0; k < p->list->n; k++) {
        if (!shows(p, k)) {
            continue;
        }
        if (n == PAGE_FILE_MAX) {
            return page_too_many(p);
        }
        all[n++] = entry(p, k);
    }
    qsort(all, n, sizeof *all, by_value);
    while (p->after.n > 0 && i < n && order(&all[i], &after) <= 0) {
        i++;
    }
    for (; i < n && p->n_chosen < room(p); i++) {
        choose(p, all[i].i);
    }
    if (i < n) {
        p->next = token(p, &all[i - 1]);
    }
    return RC_OK;
}

enum rc page_choose(struct page *p)
{
    p->chosen = ARENA_ARRAY(p->q->a, uint32_t, room(p) + 1U);
    p->n_chosen = 0;
    p->next = STR("");
    return p->sort != NULL ? in_order_of_value(p) : in_order(p);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of a parcel of facts as an array of numbers, in one pass over its bytes. Takes only what
 * parcel_write writes for numbers and booleans; at anything else the plain reader is asked.
 */
#include "base/arena.h"
#include "store/parcel_int.h"

#define DIGITS_MAX 18 /* fit in 64 bits */

struct scan {
    const char *p, *end;
};

static bool take(struct scan *s, char c)
{
    if (s->p == s->end || *s->p != c) {
        return false;
    }
    s->p++;
    return true;
}

static bool take_word(struct scan *s, const char *word, uint32_t n)
{
    if ((size_t)(s->end - s->p) < n) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (s->p[i] != word[i]) {
            return false;
        }
    }
    s->p += n;
    return true;
}

/* Without leading zeros. */
static bool digits(struct scan *s, int64_t *out)
{
    const char *from = s->p;
    int64_t n = 0;
    while (s->p < s->end && *s->p >= '0' && *s->p <= '9' && s->p - from < DIGITS_MAX) {
        n = n * 10 + (*s->p++ - '0');
    }
    *out = n;
    return s->p > from && (*from != '0' || s->p == from + 1);
}

static bool whole(struct scan *s, int64_t *out)
{
    bool minus = take(s, '-');
    if (!digits(s, out) || (minus && *out == 0)) {
        return false;
    }
    *out = minus ? -*out : *out;
    return true;
}

static bool number(struct scan *s, struct parcel_number *out)
{
    out->d = 1;
    if (!take(s, '"')) {
        return whole(s, &out->n);
    }
    return whole(s, &out->n) && take(s, '/') && digits(s, &out->d) && out->d > 1 && take(s, '"');
}

static bool boolean(struct scan *s, struct parcel_number *out)
{
    bool yes = take_word(s, "true", 4);
    *out = (struct parcel_number){yes, 1};
    return yes || take_word(s, "false", 5);
}

static bool value(struct scan *s, const struct plan *plan, const struct parcel_place *p,
                  struct parcel_number *out)
{
    if (take_word(s, "null", 4)) {
        *out = (struct parcel_number){0, 0};
        return true;
    }
    if (p->item == NONE) {
        return number(s, out) || boolean(s, out);
    }
    return plan->items[p->item].d.type == VT_BOOL ? boolean(s, out) : number(s, out);
}

static bool body(const struct plan *plan, struct str text, const struct parcel_form *f,
                 struct parcel_number *out)
{
    struct scan s = {text.p, text.p + text.n};
    uint32_t i = 0;
    if (!take(&s, '[')) {
        return false;
    }
    while (i < f->n && (i == 0 || take(&s, ','))) {
        if (!value(&s, plan, &f->places[i], &out[i])) {
            return false;
        }
        i++;
    }
    return i == f->n && take(&s, ']') && s.p == s.end;
}

bool parcel_figures(struct parcel_reader *r, const struct store_parcel *p,
                    struct parcel_figures *out)
{
    if (p->what != STORE_FACT) {
        return false;
    }
    r->p = p;
    const struct layout *l = parcel_layout(r);
    if (l->n > r->n_numbers) {
        r->n_numbers = l->n;
        r->numbers = ARENA_ARRAY(r->a, struct parcel_number, l->n);
    }
    out->form = &l->form;
    out->numbers = r->numbers;
    return l->plain && body(r->plan, p->body, &l->form, r->numbers);
}

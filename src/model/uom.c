/* SPDX-License-Identifier: Apache-2.0 */
/* The table of units and the algebra of dimensions; see uom.h. */
#include "model/uom.h"

#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/err.h"

struct builtin_unit {
    int base; /* enum dim_base, or DIM_NONE */
    int64_t num;
    int64_t den;
    struct str zh;
    struct str en;
    struct str more;
};

enum { DIM_NONE = -1 }; /* the name UOM rows use for "dimensionless" */

static const struct builtin_unit UNITS[] = {
#define UOM(dim, num, den, zh, en, more)                                                           \
    {DIM_##dim, (num), (den), STR_INIT(zh), STR_INIT(en), STR_INIT(more)},
#include "model/uom.def"
};

static const struct uom_dim_name DIMS[] = {
#define UOM_DIM(name, zh, en) {STR_INIT(zh), STR_INIT(en)},
#include "model/uom.def"
};

struct scale {
    struct str prefix;
    int64_t factor;
};

static const struct scale SCALES[] = {
#define UOM_SCALE(prefix, factor) {STR_INIT(prefix), (factor)},
#include "model/uom.def"
};

/* -- the table -----------------------------------------------------------------------------------
 */

static void add_unit(struct uom_table *t, struct str name, struct rat factor, struct dim dim)
{
    struct uom_unit u = {.name = name, .factor = factor, .dim = dim};
    map_put(t->arena, &t->index, name, t->units.n);
    vec_push(t->arena, &t->units, u);
}

static void add_builtin(struct uom_table *t, struct str name, const struct builtin_unit *b)
{
    if (name.n == 0) {
        return;
    }
    ASSERT(!map_get(&t->index, name, NULL)); /* U1 */
    struct dim dim = b->base == DIM_NONE ? dim_none() : dim_of((uint32_t)b->base);
    add_unit(t, name, rat_frac(b->num, b->den), dim);
}

void uom_init(struct arena *a, struct uom_table *t)
{
    *t = (struct uom_table){.arena = a, .n_dims = DIM__BUILTIN};
    memcpy(t->dims, DIMS, sizeof DIMS);
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
        const struct builtin_unit *b = &UNITS[i];
        add_builtin(t, b->zh, b);
        add_builtin(t, b->en, b);
        struct str rest = b->more;
        struct str part;
        while (str_split(&rest, ' ', &part)) {
            add_builtin(t, part, b);
        }
    }
    t->n_builtin_units = t->units.n;
}

bool uom_lookup(const struct uom_table *t, struct str s, struct uom_unit *out)
{
    uint32_t i = 0;
    if (!map_get(&t->index, s, &i)) {
        return false;
    }
    *out = t->units.items[i];
    return true;
}

static const struct scale *scale_of(struct str s)
{
    for (size_t i = 0; i < sizeof SCALES / sizeof *SCALES; i++) {
        if (str_starts(s, SCALES[i].prefix)) {
            return &SCALES[i];
        }
    }
    return NULL;
}

bool uom_is_bare(const struct uom_table *t, struct str suffix)
{
    struct uom_unit unit;
    const struct scale *scale = scale_of(suffix);
    return suffix.n == 0 || (scale && scale->prefix.n == suffix.n && !uom_lookup(t, suffix, &unit));
}

/* One part of a compound: a unit, a scaled unit, or (when allowed) a scale alone. */
static bool parse_part(struct arena *a, const struct uom_table *t, struct str s, bool bare_scale,
                       struct uom_unit *out)
{
    if (uom_lookup(t, s, out)) {
        return true;
    }
    const struct scale *scale = scale_of(s);
    if (scale == NULL) {
        return false;
    }
    struct str rest = str_sub(s, scale->prefix.n, s.n);
    struct rat by = rat_int(scale->factor);
    if (rest.n == 0 && bare_scale) {
        *out = (struct uom_unit){.name = s, .factor = by};
        return true;
    }
    if (!uom_lookup(t, rest, out)) {
        return false;
    }
    out->factor = rat_mul(a, by, out->factor);
    return true;
}

bool uom_parse_suffix(struct arena *a, const struct uom_table *t, struct str suffix,
                      struct rat *factor, struct dim *dim, struct str *bad)
{
    struct rat f = rat_one();
    struct dim d = dim_none();
    uint32_t beg = 0;
    for (uint32_t part = 0; suffix.n != 0; part++) {
        uint32_t end = str_find(suffix, STR("/"), beg);
        struct str s = str_sub(suffix, beg, end == STR_NONE ? suffix.n : end);
        struct uom_unit u;
        bool ok = part < UOM_PARTS_MAX && parse_part(a, t, s, part == 0, &u) &&
                  (part == 0 ? dim_mul(d, u.dim, &d) : dim_div(d, u.dim, &d));
        if (!ok) {
            if (bad != NULL) {
                *bad = s;
            }
            return false;
        }
        f = part == 0 ? u.factor : rat_div(a, f, u.factor);
        if (end == STR_NONE) {
            break;
        }
        beg = end + 1;
    }
    *factor = f;
    *dim = d;
    return true;
}

static enum rc may_declare(const struct uom_table *t, struct str name, struct err *e)
{
    if (name.n == 0) {
        return err_set(e, RC_INPUT, "the unit of measure has no name", "计量单位没有名称");
    }
    if (name.n > UOM_NAME_BYTES) {
        return err_set(e, RC_LIMIT, "the name of a unit of measure is longer than %d bytes",
                       "计量单位名称超过 %d 字节", UOM_NAME_BYTES);
    }
    if (str_find(name, STR("/"), 0) != STR_NONE) {
        return err_set(e, RC_INPUT, "the unit of measure \"%.*s\" contains `/`",
                       "计量单位“%.*s”含有“/”", PS(name));
    }
    if (map_get(&t->index, name, NULL)) {
        return err_set(e, RC_CONFLICT, "the unit of measure \"%.*s\" exists already",
                       "计量单位“%.*s”已经存在", PS(name));
    }
    if (t->units.n - t->n_builtin_units >= UOM_PACK_UNITS) {
        return err_set(e, RC_LIMIT, "a pack declares at most %d units of measure",
                       "一个计划包最多声明 %d 个计量单位", UOM_PACK_UNITS);
    }
    return RC_OK;
}

enum rc uom_declare_base(struct uom_table *t, struct str name, struct err *e)
{
    TRY(may_declare(t, name, e));
    if (t->n_dims == DIM_MAX) {
        return err_set(e, RC_LIMIT, "a pack declares at most %d units without a definition",
                       "一个计划包最多声明 %d 个不带换算的计量单位", UOM_PACK_DIMS);
    }
    struct str own = str_dup(t->arena, name);
    t->dims[t->n_dims] = (struct uom_dim_name){own, own};
    add_unit(t, own, rat_one(), dim_of(t->n_dims));
    t->n_dims++;
    return RC_OK;
}

enum rc uom_declare(struct uom_table *t, struct str name, struct rat factor, struct dim dim,
                    struct err *e)
{
    TRY(may_declare(t, name, e));
    if (rat_sign(factor) <= 0 || rat_is_inf(factor)) {
        return err_set(e, RC_INPUT, "the unit of measure \"%.*s\" must be a positive amount",
                       "计量单位“%.*s”必须是正数", PS(name));
    }
    add_unit(t, str_dup(t->arena, name), rat_dup(t->arena, factor), dim);
    return RC_OK;
}

/* -- dimensions ----------------------------------------------------------------------------------
 */

struct dim dim_none(void)
{
    return (struct dim){{0}};
}

struct dim dim_of(uint32_t base)
{
    ASSERT(base < DIM_MAX);
    struct dim d = {{0}};
    d.exp[base] = 1;
    return d;
}

bool dim_eq(struct dim x, struct dim y)
{
    return memcmp(x.exp, y.exp, sizeof x.exp) == 0;
}

bool dim_is_none(struct dim x)
{
    return dim_eq(x, dim_none());
}

/* x + sign * y, with each exponent checked. */
static bool combine(struct dim x, struct dim y, int sign, struct dim *out)
{
    struct dim d = dim_none();
    for (int i = 0; i < DIM_MAX; i++) {
        int v = x.exp[i] + sign * y.exp[i];
        if (v > DIM_EXP_MAX || v < -DIM_EXP_MAX) {
            return false;
        }
        d.exp[i] = (int8_t)v;
    }
    *out = d;
    return true;
}

struct dim dim_settle(struct dim x)
{
    int v = x.exp[DIM_THING] + x.exp[DIM_COUNT];
    /* Beyond U3 only in absurd products; an unsettled count is still refused everywhere. */
    if (v <= DIM_EXP_MAX && v >= -DIM_EXP_MAX) {
        x.exp[DIM_THING] = (int8_t)v;
        x.exp[DIM_COUNT] = 0;
    }
    return x;
}

bool dim_add(struct dim x, struct dim y, struct dim *out)
{
    struct dim sx = dim_settle(x);
    if (!dim_eq(sx, dim_settle(y))) {
        return false;
    }
    *out = sx;
    return true;
}

bool dim_mul(struct dim x, struct dim y, struct dim *out)
{
    return combine(x, y, 1, out);
}

bool dim_div(struct dim x, struct dim y, struct dim *out)
{
    return combine(x, y, -1, out);
}

/* May the count exponent c stand for the exponents p, t and h of persons, person-times, things? */
static bool count_covers(int c, int p, int t, int h)
{
    if (c > 0) {
        return p >= 0 && t >= 0 && h >= 0 && p + t + h == c;
    }
    /* A count below the line may also be read as nothing. */
    return p <= 0 && t <= 0 && h <= 0 && p + t + h >= c;
}

bool dim_comparable(struct dim x, struct dim y)
{
    for (int i = 0; i < DIM_MAX; i++) {
        bool wild = i == DIM_COUNT || i == DIM_PERSON || i == DIM_PERSON_TIME || i == DIM_THING;
        if (!wild && x.exp[i] != y.exp[i]) {
            return false;
        }
    }
    int p = y.exp[DIM_PERSON] - x.exp[DIM_PERSON];
    int t = y.exp[DIM_PERSON_TIME] - x.exp[DIM_PERSON_TIME];
    int h = y.exp[DIM_THING] - x.exp[DIM_THING];
    int cx = x.exp[DIM_COUNT];
    int cy = y.exp[DIM_COUNT];
    if (cx == cy) {
        return p == 0 && t == 0 && h == 0;
    }
    if ((cx > 0 && cy < 0) || (cx < 0 && cy > 0)) {
        return false;
    }
    /* What both sides count cancels; the rest of one side must be met by the other. */
    bool on_x = (cx > 0 || cy > 0) ? cx > cy : cx < cy;
    return on_x ? count_covers(cx - cy, p, t, h) : count_covers(cy - cx, -p, -t, -h);
}

/* -- text ----------------------------------------------------------------------------------------
 */

/* One factor of the text; the sign of the exponent is already written. */
static void put_power(struct buf *b, struct str name, int exp)
{
    buf_str(b, name);
    if (exp > 1) {
        buf_printf(b, "^%d", exp);
    }
}

struct str dim_text(struct arena *a, const struct uom_table *t, struct dim x, enum uom_lang lang)
{
    struct buf b;
    buf_init(&b, DIM_MAX * (UOM_NAME_BYTES + 8));
    for (uint32_t i = 0; i < t->n_dims; i++) {
        if (x.exp[i] > 0) {
            buf_puts(&b, b.n > 0 ? "·" : "");
            put_power(&b, lang == UOM_ZH ? t->dims[i].zh : t->dims[i].en, x.exp[i]);
        }
    }
    if (b.n == 0 && !dim_is_none(x)) {
        buf_putc(&b, '1');
    }
    for (uint32_t i = 0; i < t->n_dims; i++) {
        if (x.exp[i] < 0) {
            buf_putc(&b, '/');
            put_power(&b, lang == UOM_ZH ? t->dims[i].zh : t->dims[i].en, -x.exp[i]);
        }
    }
    return buf_move(a, &b);
}

struct str uom_amount(struct arena *a, struct str figure, struct str unit)
{
    char c = unit.n > 0 ? unit.p[0] : '%';
    bool latin = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return str_cat(a, latin ? str_cat(a, figure, STR(" ")) : figure, unit);
}

/* "persons", of one "person"; signs (Mbps) and words of packs are as they are. */
static void put_unit(struct buf *b, struct str name, bool one)
{
    bool plural = name.n > 2 && name.p[name.n - 1] == 's';
    for (uint32_t i = 0; i < name.n; i++) {
        plural = plural && (name.p[i] == '_' || (name.p[i] >= 'a' && name.p[i] <= 'z'));
    }
    for (uint32_t i = 0; i < name.n - (one && plural); i++) {
        buf_putc(b, name.p[i] == '_' ? ' ' : name.p[i]);
    }
}

static void put_power_en(struct buf *b, const struct uom_table *t, uint32_t base, int exp, bool one)
{
    if (base == DIM_AREA) {
        exp *= 2;
        base = DIM_LENGTH;
    }
    put_unit(b, t->dims[base].en, one);
    if (exp > 1) {
        buf_puts(b, exp == 2 ? "²" : "^");
    }
    if (exp > 2) {
        buf_printf(b, "%d", exp);
    }
}

struct str dim_amount_en(struct arena *a, const struct uom_table *t, struct str figure,
                         struct dim x)
{
    struct buf b;
    bool one = str_eq(figure, STR("1"));
    buf_init(&b, DIM_MAX * (UOM_NAME_BYTES + 8) + figure.n);
    buf_str(&b, figure);
    for (uint32_t i = 0; i < t->n_dims; i++) {
        if (x.exp[i] > 0 && i != DIM_THING) {
            buf_puts(&b, (unsigned char)t->dims[i].en.p[0] < 0x80 ? " " : ""); /* 6名次 */
            put_power_en(&b, t, i, x.exp[i], one);
        }
    }
    for (uint32_t i = 0; i < t->n_dims; i++) {
        if (x.exp[i] < 0 && i != DIM_THING) {
            buf_puts(&b, " per ");
            put_power_en(&b, t, i, -x.exp[i], true);
        }
    }
    if (x.exp[DIM_THING] < 0) {
        buf_puts(&b, " each");
    }
    return buf_move(a, &b);
}

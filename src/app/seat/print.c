/* SPDX-License-Identifier: Apache-2.0 */
/* Rosters and rights as tables and JSON. One description of the columns serves both. */
#include "app/seat/print.h"

#include "app/keep/keep.h"
#include "app/listing.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"

static struct listing begin(const struct seat_print *p, const struct listing_column *columns,
                            uint32_t n)
{
    struct listing l = listing_new(p->a, columns, n, p->json, p->chinese);
    if (p->json) {
        json_init(&l.json, p->out, true);
        json_arr_begin(&l.json);
    }
    return l;
}

static void end(const struct seat_print *p, struct listing *l)
{
    if (!p->json) {
        table_print(&l->table, p->width, p->out);
    } else {
        json_arr_end(&l->json);
        json_end(&l->json);
    }
}

/* In JSON the word that is stored, in text the one for people. */
static struct str word(const struct seat_print *p, const struct seat_word *w)
{
    return str_from_cstr(p->json || !p->chinese ? w->word : w->text[1]);
}

static struct str day_text(const struct seat_print *p, struct date d)
{
    char text[DATE_TEXT_BYTES];
    return date_is_sentinel(d) ? STR("") : str_dup(p->a, date_text(d, text));
}

void seat_print_users(const struct seat_print *p, const struct seat_user *users, uint32_t n)
{
    static const struct listing_column columns[] = {{"id", {"id", "用户"}},
                                                    {"name", {"name", "姓名"}},
                                                    {"unit", {"unit", "机构"}},
                                                    {"state", {"state", "状态"}}};
    static const struct seat_word states[] = {{"open", {"open", "在用"}, false},
                                              {"closed", {"closed", "停用"}, false}};
    struct listing g = begin(p, columns, 4);
    for (uint32_t i = 0; i < n; i++) {
        const struct seat_user *u = &users[i];
        const struct str cells[] = {u->id, u->name, u->unit, word(p, &states[u->closed])};
        listing_row(&g, cells);
    }
    end(p, &g);
}

static struct str moment(const struct seat_print *p, int64_t at)
{
    struct buf b;
    buf_init_in(&b, p->a, 64);
    if (at > 0) {
        keep_moment(&b, at);
    }
    return buf_view(&b);
}

/* Codes with blanks between. */
static struct str units_of(const struct seat_print *p, struct str lines)
{
    char *z = str_to_cstr(p->a, str_trim(lines));
    for (char *c = z; *c != 0; c++) {
        *c = (char)(*c == '\n' ? ' ' : *c);
    }
    return str_from_cstr(z);
}

void seat_print_tokens(const struct seat_print *p, const struct seat_token *tokens, uint32_t n)
{
    static const struct listing_column columns[] = {
        {"name", {"token", "令牌"}},     {"operations", {"operations", "操作"}},
        {"units", {"units", "机构"}},    {"until", {"until", "至"}},
        {"since", {"made", "生成时间"}}, {"last", {"used last", "最近使用"}}};
    struct listing g = begin(p, columns, 6);
    for (uint32_t i = 0; i < n; i++) {
        const struct seat_token *t = &tokens[i];
        const struct str cells[] = {t->name,
                                    seat_scope_words(p->a, &t->scope),
                                    units_of(p, t->scope.units),
                                    day_text(p, t->until),
                                    moment(p, t->since),
                                    moment(p, t->last)};
        listing_row(&g, cells);
    }
    end(p, &g);
}

void seat_print_seats(const struct seat_print *p, const struct seat *seats, uint32_t n,
                      struct date day)
{
    static const struct listing_column columns[] = {{"id", {"seat", "岗位"}},
                                                    {"role", {"role", "角色"}},
                                                    {"unit", {"unit", "机构"}},
                                                    {"class", {"up to class", "数据级别"}},
                                                    {"holder", {"holder", "持有人"}},
                                                    {"from", {"from", "自"}},
                                                    {"to", {"to", "至"}},
                                                    {"before", {"before", "前任"}},
                                                    {"acting", {"acting", "当日履职"}}};
    struct listing g = begin(p, columns, 9);
    for (uint32_t i = 0; i < n; i++) {
        const struct seat *s = &seats[i];
        const struct str cells[] = {s->id,
                                    word(p, &seat_roles[s->role]),
                                    s->unit,
                                    word(p, &seat_classes[s->ceiling]),
                                    s->term.holder,
                                    day_text(p, s->term.from),
                                    day_text(p, s->term.to),
                                    s->before.holder,
                                    seat_holder(s, day)};
        listing_row(&g, cells);
    }
    end(p, &g);
}

void seat_print_duties(const struct seat_print *p, const struct seat *s)
{
    if (p->json || s->n_duties == 0) {
        return;
    }
    buf_puts(p->out, p->chinese ? "移交时未完成的事项：\n" : "open when it was handed over:\n");
    for (uint32_t i = 0; i < s->n_duties; i++) {
        text_print(s->duties[i], 2, p->width, p->out);
    }
}

/* In JSON the word that is stored. */
static struct str duty_name(const struct seat_print *p, enum duty_kind k)
{
    return str_from_cstr(p->json ? duty_word(k) : duty_text(k, p->chinese));
}

static struct str light_word(const struct seat_print *p, enum light l)
{
    return str_from_cstr(p->json || !p->chinese ? light_name(l) : light_zh(l));
}

static struct str unit_name(const struct desk *d, uint32_t unit)
{
    const struct tree_version *v = tree_version_at(d->tree, unit, d->today);
    return v != NULL ? v->name : STR("");
}

void seat_print_open(const struct seat_print *p, const struct desk *d, const struct duties *list)
{
    static const struct listing_column columns[] = {
        {"due", {"due", "期限"}},       {"light", {"light", "灯"}}, {"duty", {"duty", "事项"}},
        {"about", {"what", "内容"}},    {"unit", {"unit", "机构"}}, {"name", {"name", "名称"}},
        {"at", {"done at", "办理单位"}}};
    struct listing g = begin(p, columns, 7);
    for (uint32_t i = 0; i < list->list.n; i++) {
        const struct duty *x = &list->list.items[i];
        const struct str cells[] = {
            day_text(p, x->due),    light_word(p, x->light), duty_name(p, x->kind), x->id,
            desk_code(d, x->about), unit_name(d, x->about),  desk_code(d, x->at)};
        listing_row(&g, cells);
    }
    end(p, &g);
}

void seat_print_reminders(const struct seat_print *p, const struct desk *d,
                          const struct reminders *list)
{
    static const struct listing_column columns[] = {
        {"unit", {"unit", "机构"}},  {"name", {"name", "名称"}}, {"holders", {"who", "责任人"}},
        {"due", {"due", "期限"}},    {"light", {"light", "灯"}}, {"duty", {"duty", "事项"}},
        {"about", {"what", "内容"}}, {"of", {"of", "涉及机构"}}};
    struct listing g = begin(p, columns, 8);
    for (uint32_t k = 0; k < list->list.n; k++) {
        const struct reminder *r = &list->list.items[k];
        for (uint32_t i = 0; i < r->duties.list.n; i++) {
            const struct duty *x = &r->duties.list.items[i];
            const struct str cells[] = {desk_code(d, r->unit),
                                        unit_name(d, r->unit),
                                        r->holders[i],
                                        day_text(p, x->due),
                                        light_word(p, x->light),
                                        duty_name(p, x->kind),
                                        x->id,
                                        desk_code(d, x->about)};
            listing_row(&g, cells);
        }
    }
    end(p, &g);
}

void seat_print_rights(const struct seat_print *p)
{
    struct listing_column columns[2 + RELATION__N] = {{"operation", {"operation", "操作"}},
                                                      {"role", {"role", "角色"}}};
    for (uint32_t i = 0; i < RELATION__N; i++) {
        const struct seat_word *w = &seat_relations[i];
        columns[2 + i] = (struct listing_column){w->word, {w->word, w->text[1]}};
    }
    struct listing g = begin(p, columns, 2 + RELATION__N);
    for (unsigned cell = 0; cell < OP__N * ROLE__N; cell++) {
        enum seat_op op = (enum seat_op)(cell / ROLE__N);
        enum seat_role role = (enum seat_role)(cell % ROLE__N);
        struct str cells[2 + RELATION__N] = {word(p, &seat_ops[op]), word(p, &seat_roles[role])};
        bool any = false;
        for (unsigned i = 0; i < RELATION__N; i++) {
            uint32_t right = seat_right(op, role, (enum seat_relation)i);
            cells[2 + i] = right > 0 ? word(p, &seat_classes[right - 1]) : STR("");
            any = any || right > 0;
        }
        if (any) {
            listing_row(&g, cells);
        }
    }
    end(p, &g);
}

/* Names and values of pairs as they stand in JSON, and in Chinese. Others are as they are. */
static struct str pair_word(const struct seat_print *p, struct str word)
{
    static const char *const words[][2] = {{"done", "已办理"},
                                           {"user", "用户"},
                                           {"password", "密码"},
                                           {"secret", "密钥"},
                                           {"url", "链接"},
                                           {"wrong tries before", "此前输错次数"},
                                           {"password to be changed", "须更改密码"},
                                           {"session", "会话文件"},
                                           {"allowed", "允许"},
                                           {"seat", "岗位"},
                                           {"yes", "是"},
                                           {"no", "否"}};
    for (uint32_t i = 0; p->chinese && i < sizeof words / sizeof *words; i++) {
        if (str_eq(word, str_from_cstr(words[i][0]))) {
            return str_from_cstr(words[i][1]);
        }
    }
    return word;
}

static bool is_yes_or_no(struct str value)
{
    return str_eq(value, STR("yes")) || str_eq(value, STR("no"));
}

void seat_print_pairs(const struct seat_print *p, const struct str (*pairs)[2], uint32_t n)
{
    struct json j;
    if (!p->json) {
        for (uint32_t i = 0; i < n; i++) {
            struct str value = is_yes_or_no(pairs[i][1]) ? pair_word(p, pairs[i][1]) : pairs[i][1];
            buf_str(p->out, pair_word(p, pairs[i][0]));
            buf_printf(p->out, "%s%.*s\n", p->chinese ? "：" : ": ", PS(value));
        }
        return;
    }
    json_init(&j, p->out, true);
    json_obj_begin(&j);
    for (uint32_t i = 0; i < n; i++) {
        json_key_str(&j, pairs[i][0]);
        json_str(&j, pairs[i][1]);
    }
    json_obj_end(&j);
    json_end(&j);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings of the service: defaults, then a file, then the environment, then what is set by hand;
 * the later one wins.
 *
 *     settings_init(&s, a);
 *     TRY(settings_file(&s, "tizhi.conf", e));      name = value, # begins a remark
 *     TRY(settings_environment(&s, e));             TIZHI_NAME
 *     TRY(settings_set(&s, STR("rate=20"), e));
 *
 * Invariants
 *   SE1 A setting that is not in setting.def, or a value out of its bounds, is refused with where
 * it stands; so what can be read is right.
 */
#ifndef HTTP_SETTING_H
#define HTTP_SETTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;

enum setting {
#define SETTING(name, word, kind, otherwise, low, high, en, zh) SETTING_##name,
#include "http/setting.def"
    SETTING__N
};

struct settings {
    struct arena *a;
    struct str value[SETTING__N];
    struct str from[SETTING__N]; /* "": the default */
};

void settings_init(struct settings *s, struct arena *a);
NODISCARD enum rc settings_file(struct settings *s, const char *path, struct err *e);
NODISCARD enum rc settings_environment(struct settings *s, struct err *e);
/* name=value. RC_INPUT. */
NODISCARD enum rc settings_set(struct settings *s, struct str pair, struct str from, struct err *e);

struct str setting_text(const struct settings *s, enum setting which);
int64_t setting_count(const struct settings *s, enum setting which);
bool setting_on(const struct settings *s, enum setting which);

/* One as it stands. */
struct setting_line {
    const char *word, *text[2]; /* text: English, Chinese */
    struct str value, from;     /* from "": the default */
};
struct setting_line setting_line(const struct settings *s, enum setting which);
/* All of them: value, where it comes from, what it is. */
void settings_print(const struct settings *s, bool chinese, struct buf *out);

#endif

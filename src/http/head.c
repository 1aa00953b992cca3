/* SPDX-License-Identifier: Apache-2.0 */
/* Each header in turn, against the few that are looked at. */
#include "http/head.h"

#include <string.h>

#include "base/i128.h"

struct look {
    struct request *in;
    struct str length, transfer, coding;
    bool odd, twice;
};

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* Whether the name begins like this, in capitals or not. */
static bool begins(struct str name, const char *want)
{
    uint32_t i = 0;
    while (want[i] != 0 && i < name.n && lower(name.p[i]) == lower(want[i])) {
        i++;
    }
    return want[i] == 0;
}

static bool is_same(struct str name, const char *want)
{
    return name.n == strlen(want) && begins(name, want);
}

/* The library appends a folded line to the name of the header above it. Where the body ends must
 * not be said in a header that nobody recognizes. */
static bool is_folded(struct str name)
{
    static const char *const frames[] = {"Content-Length", "Transfer-Encoding", "Content-Encoding"};
    for (uint32_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        if (begins(name, frames[i]) && !is_same(name, frames[i])) {
            return true;
        }
    }
    return false;
}

/* HD2, RFC 9110, 5.6.2. */
static bool is_token(struct str name)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    for (uint32_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && (c == 0 || strchr(others, c) == NULL)) {
            return false;
        }
    }
    return name.n > 0;
}

static bool is_text(struct str value)
{
    for (uint32_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return true;
}

static struct str *field_of(struct look *l, struct str name)
{
    const struct {
        const char *name;
        struct str *field;
    } fields[] = {
#define HEADER(field, name) {name, &l->in->header.field},
        HTTP_HEADERS(HEADER)
#undef HEADER
            {"Content-Length", &l->length},
        {"Transfer-Encoding", &l->transfer},
        {"Content-Encoding", &l->coding},
    };
    for (uint32_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (is_same(name, fields[i].name)) {
            return fields[i].field;
        }
    }
    return NULL;
}

static enum MHD_Result each(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_n,
                            const char *text, size_t text_n)
{
    struct look *l = cls;
    struct str name = str_make(key, key_n);
    struct str value = text != NULL ? str_make(text, text_n) : STR("");
    struct str *field = field_of(l, name);
    (void)kind;
    l->odd |= !is_token(name) || is_folded(name) || !is_text(value);
    if (field != NULL) {
        l->twice |= field->p != NULL;
        *field = value;
    }
    return MHD_YES;
}

/* Digits alone. */
static bool read_length(struct str text, i128 *n)
{
    for (uint32_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return false;
        }
    }
    return text.n > 0 && i128_parse(text, n);
}

int head_read(struct MHD_Connection *connection, uint32_t body_bytes, struct request *in)
{
    struct look l = {.in = in};
    i128 n = 0;
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, each, &l);
    bool measured = l.length.p == NULL || read_length(l.length, &n);
    in->length = measured && n < (i128)UINT32_MAX ? (uint32_t)n : UINT32_MAX;
    bool doubtful = l.odd || l.twice || !measured || (l.transfer.p != NULL && l.length.p != NULL);
    return doubtful               ? 400
           : l.transfer.p != NULL ? 411
           : l.coding.p != NULL   ? 415
           : n > (i128)body_bytes ? 413
                                  : 0;
}

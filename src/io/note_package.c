/* SPDX-License-Identifier: Apache-2.0 */
/* The package of an annotated copy: parts as they are by now, types, relations, the archive. */
#include "base/err.h"
#include "base/limits.h"
#include "io/note_int.h"

#define TYPES "[Content_Types].xml"
#define NO_TYPES                                                                                   \
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types "                       \
    "xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default "             \
    "Extension=\"rels\" "                                                                          \
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"                   \
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
#define PACKAGE_TYPE  "http://schemas.openxmlformats.org/package/2006/"
#define OFFICE        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define OFFICE_STRICT "http://purl.oclc.org/ooxml/officeDocument/relationships/"
#define NAMES_MAX     100000U
#define DEFLATE_LEVEL 6
#define READ_BYTES    65536U

/* ---- parts ---------------------------------------------------------------------------------- */

static struct str lower(struct arena *a, struct str name)
{
    char *p = arena_alloc(a, (size_t)name.n + 1);
    for (uint32_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        p[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return str_make(p, name.n);
}

static enum rc unpack(struct xlsx *x, struct str part, struct str *out)
{
    struct buf b;
    char *chunk = ARENA_RAW(x->a, char, READ_BYTES);
    uint32_t n = 0;
    buf_init_in(&b, x->a, NOTE_PART_BYTES_MAX);
    TRY(xlsx_zip_part(x, part));
    do {
        TRY(xlsx_zip_pull(x, chunk, READ_BYTES, &n));
        buf_put(&b, chunk, n);
    } while (n > 0 && !b.overflow);
    xlsx_zip_close_part(x);
    *out = buf_view(&b);
    return b.overflow ? xlsx_too_much(x, "bytes in a part", "字节（单个部件）", NOTE_PART_BYTES_MAX)
                      : RC_OK;
}

bool note_part_is(const struct note_package *p, struct str name)
{
    struct str key = lower(p->x->a, name);
    return map_get(&p->by_name, key, NULL) || xlsx_zip_has(p->x, key);
}

enum rc note_part_read(struct note_package *p, struct str name, struct str *out)
{
    uint32_t i = 0;
    struct xlsx *x = p->x;
    struct str key = lower(x->a, name);
    if (map_get(&p->by_name, key, &i)) {
        *out = p->parts.items[i].bytes;
        return RC_OK;
    }
    x->part = key;
    TRY(unpack(x, key, out));
    bool drawing = str_ends(key, STR(".vml")); /* need not be XML */
    TRY(drawing ? RC_OK : note_check_xml(x, *out));
    x->part = STR("");
    return RC_OK;
}

void note_part_write(struct note_package *p, struct str name, struct str bytes)
{
    uint32_t i = 0;
    struct str key = lower(p->x->a, name);
    if (map_get(&p->by_name, key, &i)) {
        p->parts.items[i].bytes = bytes;
        return;
    }
    map_put(p->x->a, &p->by_name, key, p->parts.n);
    vec_push(p->x->a, &p->parts, (struct note_part){name, bytes});
}

struct str note_part_new(struct note_package *p, const char *before, const char *after)
{
    struct str name = STR("");
    for (uint32_t i = 1; i < NAMES_MAX; i++) {
        name = note_text(p->x->a, "%s%u%s", before, i, after);
        if (!note_part_is(p, name)) {
            break;
        }
    }
    return name;
}

/* ---- what stands at the root of a small part ------------------------------------------------- */

/* Puts something at the end of the root, `%.*s` being its prefix. */
static struct str append_to_root(struct arena *a, struct str xml, const char *element,
                                 const char *attributes, bool first)
{
    struct note_lexer l = {.xml = xml};
    struct note_edits e = {.a = a, .xml = xml};
    struct note_tag root = {.name = STR("")};
    struct note_tag t = {.name = STR("")};
    bool any = note_next(&l, &root);
    while (any && !(root.closes || (t.closes && t.depth == 1)) && note_next(&l, &t)) {
    }
    struct str put = note_text(a, "<%.*s%s %s/>", PS(root.prefix), element, attributes);
    if (first && !root.closes) {
        note_edit(&e, root.end, 0, put);
    } else if (any) {
        note_append(&e, &root, t.begin, put);
    }
    return note_apply(&e);
}

/* ---- types ---------------------------------------------------------------------------------- */

/* The element of this name whose attribute has this value, in any letters; false: there is none. */
static bool find_type(struct arena *a, struct str xml, const char *element, const char *attribute,
                      struct str value, struct note_tag *t)
{
    struct note_lexer l = {.xml = xml};
    while (note_next(&l, t)) {
        if (t->depth == 2 && t->opens && str_eq(t->name, str_from_cstr(element)) &&
            str_eq(lower(a, note_attribute(a, xml, t, attribute)), lower(a, value))) {
            return true;
        }
    }
    return false;
}

enum rc note_declare(struct note_package *p, struct str part, const char *type,
                     const char *extension)
{
    struct arena *a = p->x->a;
    struct str xml = STR(NO_TYPES);
    struct note_tag t;
    if (note_part_is(p, STR(TYPES))) {
        TRY(note_part_read(p, STR(TYPES), &xml));
    }
    bool known =
        extension && find_type(a, xml, "Default", "Extension", str_from_cstr(extension), &t);
    if (known && str_eq(note_attribute(a, xml, &t, "ContentType"), str_from_cstr(type))) {
        return RC_OK;
    }
    bool whole = extension && !known;
    struct str name = note_text(a, "/%.*s", PS(part));
    if (!whole && find_type(a, xml, "Override", "PartName", name, &t)) {
        struct note_edits e = {.a = a, .xml = xml}; /* of a part that is gone */
        note_set_attribute(&e, &t, "ContentType", str_from_cstr(type));
        note_part_write(p, STR(TYPES), note_apply(&e));
        return RC_OK;
    }
    struct str of = whole ? note_text(a, "Extension=\"%s\"", extension)
                          : note_text(a, "PartName=\"%.*s\"", PS(name));
    struct str attributes = note_text(a, "%.*s ContentType=\"%s\"", PS(of), type);
    note_part_write(p, STR(TYPES),
                    append_to_root(a, xml, whole ? "Default" : "Override", attributes.p, whole));
    return RC_OK;
}

/* ---- relations ------------------------------------------------------------------------------ */

/* xl/worksheets/sheet1.xml: xl/worksheets/_rels/sheet1.xml.rels, in the letters of the archive */
static struct str relations_name(struct note_package *p, struct str part)
{
    struct arena *a = p->x->a;
    uint32_t index = 0;
    if (map_get(&p->x->parts, part, &index)) {
        part = str_dup(a, str_from_cstr(zip_get_name(p->x->zip, index, ZIP_FL_ENC_RAW)));
    }
    uint32_t at = part.n;
    while (at > 0 && part.p[at - 1] != '/') {
        at--;
    }
    return note_text(a, "%.*s_rels/%.*s.rels", PS(str_sub(part, 0, at)),
                     PS(str_sub(part, at, part.n)));
}

/* An id that no relation has. */
static struct str free_id(struct arena *a, struct str xml)
{
    struct note_lexer l = {.xml = xml};
    struct note_tag t;
    struct map ids = {0};
    struct str id = STR("");
    while (note_next(&l, &t)) {
        struct str have = t.opens ? note_attribute(a, xml, &t, "Id") : (struct str){NULL, 0};
        if (have.p) {
            map_put(a, &ids, have, 0);
        }
    }
    for (uint32_t i = 1; i <= map_len(&ids) + 1; i++) {
        id = note_text(a, "rId%u", i);
        if (!map_get(&ids, id, NULL)) {
            break;
        }
    }
    return id;
}

enum rc note_relate(struct note_package *p, struct str from, struct str to, const char *kind,
                    struct str *id)
{
    struct arena *a = p->x->a;
    struct str name = relations_name(p, from);
    struct str xml = STR("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                         "<Relationships xmlns=\"" PACKAGE_TYPE "relationships\"></Relationships>");
    if (note_part_is(p, name)) {
        TRY(note_part_read(p, name, &xml));
    }
    *id = free_id(a, xml);
    struct str attributes = note_text(a, "Id=\"%.*s\" Type=\"%s%s\" Target=\"/%.*s\"", PS(*id),
                                      p->strict ? OFFICE_STRICT : OFFICE, kind, PS(to));
    note_part_write(p, name, append_to_root(a, xml, "Relationship", attributes.p, false));
    return RC_OK;
}

/* ---- the archive ---------------------------------------------------------------------------- */

static enum rc cannot_pack(struct xlsx *x)
{
    return err_set(x->e, RC_INPUT, "%s: the copy cannot be packed", "%s：副本无法打包", x->path);
}

/* When the first part was last changed: new ones say the same, so that no clock is asked. */
static time_t time_of_first(zip_t *zip)
{
    zip_stat_t st;
    zip_stat_init(&st);
    return zip_stat_index(zip, 0, 0, &st) == 0 && (st.valid & ZIP_STAT_MTIME) != 0 ? st.mtime : 0;
}

static bool put_part(struct note_package *p, const struct note_part *part, time_t when)
{
    uint32_t index = 0;
    bool known = map_get(&p->x->parts, lower(p->x->a, part->name), &index);
    const char *name = str_to_cstr(p->x->a, part->name);
    zip_source_t *source = zip_source_buffer(p->zip, part->bytes.p, part->bytes.n, 0);
    if (!source) {
        return false;
    }
    zip_int64_t at = known && zip_file_replace(p->zip, index, source, 0) == 0 ? index
                     : known                                                  ? -1
                             : zip_file_add(p->zip, name, source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(source);
        return false;
    }
    zip_uint64_t i = (zip_uint64_t)at;
    return zip_set_file_compression(p->zip, i, ZIP_CM_DEFLATE, DEFLATE_LEVEL) == 0 &&
           zip_file_set_mtime(p->zip, i, when, 0) == 0;
}

static enum rc open_copy(struct note_package *p, struct str base)
{
    zip_error_t why;
    zip_error_init(&why);
    p->source = zip_source_buffer_create(base.p, base.n, 0, &why);
    p->zip = p->source ? zip_open_from_source(p->source, 0, &why) : NULL;
    zip_error_fini(&why);
    if (!p->zip) {
        return cannot_pack(p->x);
    }
    zip_source_keep(p->source); /* of the archive and of us */
    return RC_OK;
}

static enum rc take_bytes(struct note_package *p, struct str *out)
{
    zip_stat_t st;
    zip_stat_init(&st);
    if (zip_source_stat(p->source, &st) != 0 || st.size > LIMIT_STR_BYTES ||
        zip_source_open(p->source) != 0) {
        return cannot_pack(p->x);
    }
    char *bytes = arena_try(p->x->a, st.size + 1);
    zip_int64_t n = bytes ? zip_source_read(p->source, bytes, st.size) : 0;
    (void)zip_source_close(p->source);
    if (!bytes || n != (zip_int64_t)st.size) {
        return bytes ? cannot_pack(p->x) : xlsx_no_memory(p->x);
    }
    *out = str_make(bytes, st.size);
    return RC_OK;
}

enum rc note_pack(struct note_package *p, struct str base, struct str *out)
{
    TRY(open_copy(p, base));
    time_t when = time_of_first(p->zip);
    for (uint32_t i = 0; i < p->parts.n; i++) {
        if (!put_part(p, &p->parts.items[i], when)) {
            return cannot_pack(p->x);
        }
    }
    if (zip_close(p->zip) != 0) {
        return cannot_pack(p->x);
    }
    p->zip = NULL;
    return take_bytes(p, out);
}

void note_release(struct note_package *p)
{
    if (p->zip) {
        zip_discard(p->zip);
        p->zip = NULL;
    }
    zip_source_free(p->source);
    p->source = NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit reads rows as they are, not as parcels: what has been made unreadable must still be
 * named. A commit that does not fit is reported once, and the chain goes on from the hash that is
 * stored, so that one change is one finding and not one per later commit.
 */
#include "store/audit.h"

#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/i128.h"
#include "model/progress.h"
#include "store/files.h"
#include "store/store_int.h"
#include "store/wire.h"

#define EVENT_COLUMNS 12
#define GAP_SHOWN     100
#define ANCHOR_WORDS  5
#define ANCHOR_BYTES  4096U

#define PROGRESS_EVERY 1000

static const struct {
    const char *code;
    const char *text[2], *remedy[2]; /* English, Chinese */
} faults[] = {
#define AUDIT(name, code, en, zh, do_en, do_zh) {code, {en, zh}, {do_en, do_zh}},
#include "store/audit.def"
};

_Static_assert(sizeof faults / sizeof faults[0] == AUDIT__COUNT, "one row per fault");

const char *audit_code(enum audit_fault f)
{
    ASSERT((unsigned)f < AUDIT__COUNT);
    return faults[f].code;
}

const char *audit_text(enum audit_fault f, bool chinese)
{
    ASSERT((unsigned)f < AUDIT__COUNT);
    return faults[f].text[chinese];
}

const char *audit_remedy(enum audit_fault f, bool chinese)
{
    ASSERT((unsigned)f < AUDIT__COUNT);
    return faults[f].remedy[chinese];
}

struct anchor {
    int64_t seq;
    struct str hash;
};

/* A layout or file, and the first commit that names it. */
struct named {
    struct str hash;
    int64_t seq;
    bool listed; /* the table of them has it, as it should be */
    int64_t size;
};

struct audit {
    struct arena *a;
    struct store_reader *r;
    const struct audit_options *o;
    audit_fn *fn;
    void *ctx;
    struct audit_result *out;
    struct store_end end;
    VEC(struct anchor) anchors;
    int64_t rows; /* read, of events and parcels */
    /* The event being read. */
    int64_t seq;
    int64_t at;
    int64_t n_parcels, found_parcels;
    bool in_order; /* its parts are 0, 1, 2 … */
    struct str prev, hash, stored_content, subjects, files;
    struct buf texts;   /* what the views above look at */
    struct buf content; /* canonical bytes so far */
    struct buf recorded;
    /* The one before. */
    int64_t last, last_at;
    struct store_hex last_hash;
    /* Derived from all events. */
    struct map heads; /* subject -> index of head_seq */
    VEC(int64_t) head_seq;
    struct map file_of; /* hash -> files_named */
    VEC(struct named) files_named;
    struct map layout_of; /* hash -> layouts_named */
    VEC(struct named) layouts_named;
};

static void report(struct audit *x, enum audit_fault fault, int64_t seq, uint32_t part,
                   struct str text)
{
    const struct audit_finding f = {fault, seq, part, text};
    x->out->n_findings++;
    x->fn(x->ctx, &f);
}

/* ---- anchors -------------------------------------------------------------------------------- */

static bool parse_anchor(struct str line, struct str words[ANCHOR_WORDS])
{
    struct str rest = str_trim(line);
    uint32_t n = 0;
    struct str word;
    while (n < ANCHOR_WORDS && str_split(&rest, ' ', &word)) {
        words[n++] = word;
    }
    return n == ANCHOR_WORDS && str_eq(words[0], STR("tizhi-anchor")) &&
           words[3].n == STORE_HASH_CHARS;
}

static enum rc add_anchor(struct audit *x, struct str line, struct err *e)
{
    struct str words[ANCHOR_WORDS];
    i128 seq = 0;
    if (!parse_anchor(line, words) || !i128_parse(words[2], &seq)) {
        return err_set(e, RC_INPUT, "this is no anchor: %.*s", "这不是存证：%.*s", PS(line));
    }
    if (!str_eq(words[1], x->end.book)) {
        return err_set(e, RC_INPUT, "the anchor is of another book: %.*s",
                       "这是另一个账本的存证：%.*s", PS(line));
    }
    vec_push(x->a, &x->anchors, (struct anchor){(int64_t)seq, str_dup(x->a, words[3])});
    return RC_OK;
}

/* The file the writer keeps. It may be missing, torn in one slot, or of a book restored elsewhere.
 */
static void add_kept_anchors(struct audit *x)
{
    const char *folder = x->r->store->files;
    struct str text = STR("");
    struct str line;
    if (folder == NULL ||
        file_read(x->a, path_join(x->a, folder, "anchor"), ANCHOR_BYTES, &text, NULL) != RC_OK) {
        return;
    }
    while (str_split(&text, '\n', &line)) {
        (void)add_anchor(x, line, NULL);
    }
}

static enum rc collect_anchors(struct audit *x, struct err *e)
{
    for (uint32_t i = 0; i < x->o->n_anchors; i++) {
        TRY(add_anchor(x, x->o->anchors[i], e));
    }
    add_kept_anchors(x);
    x->out->anchors = x->anchors.n;
    return RC_OK;
}

static void check_anchors_at(struct audit *x, int64_t seq, struct str hash)
{
    for (uint32_t i = 0; i < x->anchors.n; i++) {
        if (x->anchors.items[i].seq == seq && !str_eq(x->anchors.items[i].hash, hash)) {
            report(x, AUDIT_ANCHOR, seq, 0, STR(""));
        }
    }
}

static void check_anchors_beyond(struct audit *x)
{
    for (uint32_t i = 0; i < x->anchors.n; i++) {
        if (x->anchors.items[i].seq > x->last) {
            report(x, AUDIT_ANCHOR_CUT, x->anchors.items[i].seq, 0, STR(""));
        }
    }
}

/* ---- the chain ------------------------------------------------------------------------------ */

static struct str keep(struct audit *x, struct str s)
{
    uint32_t from = x->texts.n;
    buf_str(&x->texts, s);
    return (struct str){NULL, from}; /* found again by kept(): the buffer may still move */
}

static struct str kept(const struct audit *x, struct str s, struct str next)
{
    return str_sub(buf_view(&x->texts), s.n, next.n);
}

static void begin_event(struct audit *x, const struct db_value *row)
{
    const struct chain_content c = {row[2].s, row[3].s, row[4].s, row[5].s, row[6].s, row[7].s};
    x->seq = row[0].n;
    x->at = row[1].n;
    x->n_parcels = row[8].n;
    x->found_parcels = 0;
    x->in_order = true;
    buf_clear(&x->texts);
    buf_clear(&x->content);
    buf_clear(&x->recorded);
    struct str ends[6];
    for (uint32_t i = 0; i < 6; i++) {
        const uint32_t columns[] = {6, 7, 9, 10, 11};
        ends[i] = keep(x, i < 5 ? row[columns[i]].s : STR(""));
    }
    x->subjects = kept(x, ends[0], ends[1]);
    x->files = kept(x, ends[1], ends[2]);
    x->stored_content = kept(x, ends[2], ends[3]);
    x->prev = kept(x, ends[3], ends[4]);
    x->hash = kept(x, ends[4], ends[5]);
    chain_content_begin(&x->content, &c);
}

static void name_it(struct audit *x, struct map *m, struct str hash, bool is_layout)
{
    if (map_get(m, hash, NULL)) {
        return;
    }
    struct named n = {str_dup(x->a, hash), x->seq, false, 0};
    if (is_layout) {
        map_put(x->a, m, n.hash, x->layouts_named.n);
        vec_push(x->a, &x->layouts_named, n);
    } else {
        map_put(x->a, m, n.hash, x->files_named.n);
        vec_push(x->a, &x->files_named, n);
    }
}

static void add_parcel(struct audit *x, const struct db_value *row)
{
    const uint32_t columns[] = {1, 2, 3, 4, 6, 7, 8, 9};
    for (uint32_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        chain_put(&x->content, row[columns[i]].s);
    }
    chain_event_parcel(&x->recorded, (struct date){(int32_t)row[5].n});
    if (row[8].s.n > 0) {
        name_it(x, &x->layout_of, row[8].s, true);
    }
    x->in_order &= row[0].n == x->found_parcels;
    x->found_parcels++;
}

static bool hashes_fit(struct audit *x)
{
    struct store_hex content;
    struct store_hex hash;
    if (!store_hash(buf_view(&x->content), &content)) {
        return false;
    }
    struct buf b;
    buf_init_in(&b, x->a, LIMIT_STR_BYTES);
    chain_event_begin(&b, x->end.book, x->seq, x->at, store_hex_str(&content));
    buf_str(&b, buf_view(&x->recorded));
    chain_event_end(&b, x->prev);
    return store_hash(buf_view(&b), &hash) && str_eq(store_hex_str(&hash), x->hash) &&
           str_eq(store_hex_str(&content), x->stored_content);
}

static void note_subjects(struct audit *x)
{
    struct wire w = wire_of(x->subjects);
    uint32_t at = 0;
    for (wire_open(&w); wire_more(&w);) {
        struct str s = wire_text(x->a, &w);
        if (!map_get(&x->heads, s, &at)) {
            at = x->head_seq.n;
            map_put(x->a, &x->heads, str_dup(x->a, s), at);
            vec_push(x->a, &x->head_seq, 0);
        }
        x->head_seq.items[at] = x->seq;
    }
}

static void note_files(struct audit *x)
{
    struct wire w = wire_of(x->files);
    for (wire_open(&w); wire_more(&w);) {
        name_it(x, &x->file_of, wire_text(x->a, &w), false);
    }
}

static void report_gap(struct audit *x)
{
    for (int64_t i = x->last + 1; i < x->seq && i <= x->last + GAP_SHOWN; i++) {
        report(x, AUDIT_REMOVED, i, 0, STR(""));
    }
}

static void end_event(struct audit *x)
{
    if (x->seq == 0) {
        return;
    }
    x->out->events++;
    x->out->parcels += x->found_parcels;
    report_gap(x);
    if (x->seq == x->last + 1 && !str_eq(x->prev, store_hex_str(&x->last_hash))) {
        report(x, AUDIT_UNLINKED, x->seq, 0, STR(""));
    }
    struct arena_mark m = arena_mark(x->a);
    bool fit = hashes_fit(x);
    arena_rewind(x->a, m);
    if (x->found_parcels != x->n_parcels) {
        report(x, AUDIT_PARCELS, x->seq, 0, rat_frac_str(x->a, rat_int(x->n_parcels)));
    } else if (!fit || !x->in_order) {
        report(x, AUDIT_CHANGED, x->seq, 0, STR(""));
    }
    check_anchors_at(x, x->seq, x->hash);
    note_subjects(x);
    note_files(x);
    x->last = x->seq;
    x->last_at = x->at;
    memset(x->last_hash.z, 0, sizeof x->last_hash.z);
    memcpy(x->last_hash.z, x->hash.p, x->hash.n < STORE_HASH_CHARS ? x->hash.n : STORE_HASH_CHARS);
    x->seq = 0;
}

static enum rc on_row(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct audit *x = ctx;
    (void)call;
    if (row[0].n != x->seq) {
        end_event(x);
        begin_event(x, row);
    }
    if (!row[EVENT_COLUMNS].is_text) {
        add_parcel(x, row + EVENT_COLUMNS);
    }
    return x->rows++ % PROGRESS_EVERY == 0
               ? progress_tell_book(x->o->progress, x->rows, x->end.parcels, e)
               : RC_OK;
}

static enum rc check_chain(struct audit *x, struct err *e)
{
    const struct db_value all[] = {DB_N(INT64_MIN), DB_N(INT64_MAX)};
    TRY(reader_run(x->r, ST_feed, all, on_row, x, e));
    end_event(x);
    if (x->last < x->end.seq) {
        report(x, AUDIT_CUT, x->last + 1, 0, STR(""));
    } else if (x->last > x->end.seq) {
        report(x, AUDIT_BEYOND, x->end.seq + 1, 0, STR(""));
    } else if (!str_eq(store_hex_str(&x->last_hash), x->end.hash) || x->end.at != x->last_at ||
               (x->out->n_findings == 0 && x->out->parcels != x->end.parcels)) {
        report(x, AUDIT_END, x->last, 0, STR(""));
    }
    check_anchors_beyond(x);
    return RC_OK;
}

/* ---- what is beside it ---------------------------------------------------------------------- */

/* Row: hash, body. */
static enum rc on_layout(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct audit *x = ctx;
    struct store_hex h;
    uint32_t at = 0;
    (void)call;
    (void)e;
    bool named = map_get(&x->layout_of, row[0].s, &at);
    struct named *n = named ? &x->layouts_named.items[at] : NULL;
    if (!store_hash(row[1].s, &h) || !str_eq(store_hex_str(&h), row[0].s) || !named ||
        row[2].n != n->seq) {
        report(x, AUDIT_LAYOUT, named ? n->seq : 0, 0, str_dup(x->a, row[0].s));
    }
    if (named) {
        n->listed = true;
    }
    return RC_OK;
}

static void report_lost_layouts(struct audit *x)
{
    for (uint32_t i = 0; i < x->layouts_named.n; i++) {
        const struct named *n = &x->layouts_named.items[i];
        if (!n->listed) {
            report(x, AUDIT_LAYOUT, n->seq, 0, n->hash);
        }
    }
}

static enum rc on_orphan(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct audit *x = ctx;
    (void)call;
    (void)e;
    report(x, AUDIT_ORPHAN, row[0].n, (uint32_t)row[1].n, STR(""));
    return RC_OK;
}

static enum rc on_head(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct audit *x = ctx;
    uint32_t at = 0;
    (void)call;
    (void)e;
    if (!map_get(&x->heads, row[0].s, &at)) {
        report(x, AUDIT_HEAD, 0, 0, str_dup(x->a, row[0].s));
        return RC_OK;
    }
    if (x->head_seq.items[at] != row[1].n) {
        report(x, AUDIT_HEAD, x->head_seq.items[at], 0, x->heads.entries[at].key);
    }
    x->head_seq.items[at] = 0; /* seen */
    return RC_OK;
}

static void report_lost_heads(struct audit *x)
{
    for (uint32_t i = 0; i < x->head_seq.n; i++) {
        if (x->head_seq.items[i] != 0) {
            report(x, AUDIT_HEAD, x->head_seq.items[i], 0, x->heads.entries[i].key);
        }
    }
}

/* Row: hash, seq, size, type. */
static enum rc on_file(void *ctx, uint32_t call, const struct db_value *row, struct err *e)
{
    struct audit *x = ctx;
    uint32_t at = 0;
    (void)call;
    (void)e;
    if (map_get(&x->file_of, row[0].s, &at)) {
        struct named *n = &x->files_named.items[at];
        n->listed = row[1].n == n->seq;
        n->size = row[2].n;
    }
    return RC_OK;
}

static void check_file(struct audit *x, const struct named *n)
{
    struct arena_mark m = arena_mark(x->a);
    struct str content = STR("");
    bool skip = x->o->skip_files;
    enum rc rc = skip ? RC_OK : files_get(x->a, x->r->store, n->hash, &content, NULL);
    int64_t size = skip || rc != RC_OK ? n->size : content.n;
    arena_rewind(x->a, m);
    x->out->files++;
    if (!n->listed || size != n->size) {
        report(x, AUDIT_FILE_LIST, n->seq, 0, n->hash);
    }
    if (rc != RC_OK) {
        report(x, rc == RC_NOT_FOUND ? AUDIT_FILE_GONE : AUDIT_FILE, n->seq, 0, n->hash);
    }
}

static enum rc check_files(struct audit *x, struct err *e)
{
    for (uint32_t i = 0; i < x->files_named.n; i++) {
        TRY(progress_tell(x->o->progress, PROGRESS_FILES, i, x->files_named.n, e));
        check_file(x, &x->files_named.items[i]);
    }
    return RC_OK;
}

static enum rc verify(struct audit *x, struct err *e)
{
    const struct db_value before_all[] = {DB_N(-1)};
    TRY(store_end(x->a, x->r, &x->end, e));
    TRY(collect_anchors(x, e));
    x->last_hash = store_hash_none();
    buf_init_in(&x->texts, x->a, LIMIT_STR_BYTES);
    buf_init_in(&x->content, x->a, LIMIT_STR_BYTES);
    buf_init_in(&x->recorded, x->a, LIMIT_STR_BYTES);
    TRY(check_chain(x, e));
    TRY(reader_run(x->r, ST_layouts, before_all, on_layout, x, e));
    report_lost_layouts(x);
    TRY(reader_run(x->r, ST_orphans, NULL, on_orphan, x, e));
    TRY(reader_run(x->r, ST_heads, NULL, on_head, x, e));
    report_lost_heads(x);
    TRY(reader_run(x->r, ST_files, NULL, on_file, x, e));
    return check_files(x, e);
}

enum rc audit_verify(struct arena *a, struct store_reader *r, const struct audit_options *o,
                     audit_fn *fn, void *ctx, struct audit_result *out, struct err *e)
{
    struct audit x = {.a = a, .r = r, .o = o, .fn = fn, .ctx = ctx, .out = out};
    *out = (struct audit_result){0};
    TRY(store_begin(r, e));
    enum rc rc = verify(&x, e);
    store_done(r);
    return rc;
}

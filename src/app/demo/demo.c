/* SPDX-License-Identifier: Apache-2.0 */
/* The passes of the generator, and the files. */
#include "app/demo/demo.h"

#include "app/demo/demo_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"

#define TABLE_BYTES   LIMIT_STR_BYTES
#define LOOK_BACK_MAX 20 /* years */

/* The columns of the table of rows behind its own ones. */
static void field_columns(struct demo *d)
{
    struct map seen = {0};
    uint32_t next = COL_rows__COUNT;
    d->columns = ARENA_ARRAY(d->a, uint32_t, d->plan->n_fields + 1);
    for (uint32_t f = 0; f < d->plan->n_fields; f++) {
        struct str name = d->plan->fields[f].d.name;
        if (!map_get(&seen, name, &d->columns[f])) {
            d->columns[f] = next++;
            map_put(d->a, &seen, name, d->columns[f]);
            csv_write_field(&d->writers[TABLE_rows], name);
        }
    }
}

/* Rows of the last N years are asked for: there are rows before the baseline year. */
static void look_back(struct demo *d)
{
    const struct plan *p = d->plan;
    d->rows_from = ARENA_ARRAY(d->a, int32_t, p->n_regs + 1);
    d->first_year = p->baseline_year;
    for (uint32_t g = 0; g < p->n_regs; g++) {
        d->rows_from[g] = p->baseline_year;
    }
    for (uint32_t e = 0; e < p->n_exprs; e++) {
        const struct expr *x = &p->exprs[e];
        int32_t from = p->first_year + 1 - (int32_t)(x->n < LOOK_BACK_MAX ? x->n : LOOK_BACK_MAX);
        if (x->op == EX_AGG && x->over == OVER_REGISTER && from < d->rows_from[x->over_ref]) {
            d->rows_from[x->over_ref] = from;
            d->first_year = from < d->first_year ? from : d->first_year;
        }
    }
}

static void begin_tables(struct demo *d)
{
    for (uint32_t t = 0; t < IO_TABLE__COUNT; t++) {
        const struct csv_table *table = io_table_get((enum io_table)t);
        buf_init(&d->files->tables[t], TABLE_BYTES);
        csv_write_init(&d->writers[t], &d->files->tables[t], false, false);
        for (uint32_t c = 0; c < table->n_columns; c++) {
            csv_write_field(&d->writers[t], str_from_cstr(table->columns[c].name_en));
        }
        if (t == TABLE_rows) { /* it is open: the fields of the registers, each name once */
            field_columns(d);
        }
        csv_write_end(&d->writers[t]);
    }
    static const char *const key[] = {"pattern", "unit", "name", "what", "when"};
    buf_init(&d->files->key, TABLE_BYTES);
    csv_write_init(&d->key_writer, &d->files->key, false, false);
    for (uint32_t i = 0; i < sizeof key / sizeof *key; i++) {
        csv_write_field(&d->key_writer, str_from_cstr(key[i]));
    }
    csv_write_end(&d->key_writer);
}

static enum rc write_tables(struct demo *d, const char *out_dir, struct err *e)
{
    const char *data = path_join(d->a, out_dir, "data");
    TRY(file_make_dir(out_dir, e));
    TRY(file_make_dir(data, e));
    for (uint32_t t = 0; t < IO_TABLE__COUNT; t++) {
        struct str name =
            str_cat(d->a, str_from_cstr(io_table_get((enum io_table)t)->name_en), STR("-demo.csv"));
        if (d->files->tables[t].overflow) {
            return err_set(e, RC_LIMIT,
                           "the table %s would pass 2 GiB: ask for a smaller --percent",
                           "数据表 %s 将超过 2 GiB，请减小 --percent", name.p);
        }
        TRY(file_write(path_join(d->a, data, name.p), buf_view(&d->files->tables[t]), e));
    }
    return file_write(path_join(d->a, out_dir, "answer-key.txt"), buf_view(&d->files->key), e);
}

void demo_files_release(struct demo_files *files)
{
    for (uint32_t t = 0; t < IO_TABLE__COUNT; t++) {
        buf_release(&files->tables[t]);
    }
    buf_release(&files->key);
}

enum rc demo_write(struct arena *a, const struct pack *p, const char *pack_dir, const char *out_dir,
                   struct demo_options o, struct demo_files *files, struct demo_summary *sum,
                   struct err *e)
{
    struct demo *d = ARENA_NEW(a, struct demo);
    *sum = (struct demo_summary){0};
    *d = (struct demo){
        .a = a, .pack = p, .plan = p->plan, .o = o, .files = files, .sum = sum, .e = e};
    TRY(demo_profile(d, pack_dir));
    look_back(d);
    begin_tables(d);
    demo_make_units(d);
    demo_choose_frauds(d);
    demo_make_figures(d);
    demo_make_rolls(d);
    return write_tables(d, out_dir, e);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes as a pack (tests/lib/random_pack.h), judged with every measure asked of the columns and of
 * the reference: they never crash and never differ.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "engine/columns.h"
#include "engine/judge.h"
#include "engine/ref.h"
#include "tests/lib/random_pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge_both(struct arena *a, const struct random_pack *pack)
{
    struct evaluator ref;
    struct evaluator columns;
    struct cells *cells = NULL;
    struct columns *k = NULL;
    struct verdicts out;
    if (cells_make(a, pack->plan, pack->data, pack->as_of, &cells, NULL) != RC_OK ||
        ref_make(a, cells, &ref, NULL) != RC_OK ||
        columns_make(a, cells, &k, &columns, NULL) != RC_OK) {
        abort();
    }
    struct paired p = {.pack = pack, .left = &columns, .right = &ref};
    struct evaluator both = paired_evaluator(&p);
    struct judge_query all = {NONE, NONE, 0};
    if (judge_plan(a, cells, &both, all, &out, NULL) != RC_OK) {
        abort();
    }
    columns_release(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct random_pack pack;
    struct chance c = chance_of_bytes(data, size);
    arena_init(&a, (size_t)1 << 30, "fuzz");
    if (random_pack(&a, &c, &pack)) {
        judge_both(&a, &pack);
    }
    arena_release(&a);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine answers: measured values and verdicts.
 *
 * Invariants
 *   V1  lo <= hi; a known value has lo == hi (C03). MV_NONE has no bounds (C06).
 *   V2  A boolean's bounds are [1,1], [0,0] or [0,1] (C11); truth says which, or n/a.
 *   V3  The key of a verdict is target, part, unit and year; rows come in the order of the plan.
 *   V4  light is LIGHT_NONE unless state is ST_PENDING (C42).
 * Ownership: the arena of the evaluation.
 */
#ifndef MODEL_VERDICT_H
#define MODEL_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rat.h"
#include "base/str.h"

enum truth { T_NO, T_YES, T_UNKNOWN, T_NA };

enum mval_kind { MV_NONE, MV_NUMBER, MV_BOOL };

enum mval_flags {
    MF_WIDE = 1u << 0,
    MF_DEFINITION_CHANGED = 1u << 1,
    MF_PROVISIONAL = 1u << 2,
    MF_DISPUTED = 1u << 3,
    MF_SEALED = 1u << 4, /* reads a sealed item (C41) */
    MF_ROOT = 1u << 5,   /* bounds and value are squares of the measure (C27) */
};

struct mval {
    enum mval_kind kind;
    enum truth truth; /* MV_BOOL */
    bool has_value;
    struct rat lo, hi;
    struct rat value;            /* over those who reported (C32) */
    uint32_t reported, expected; /* (reporting unit, period) pairs (C10) */
    uint32_t flags;              /* enum mval_flags */
};

enum state { ST_MET, ST_MISSED, ST_PENDING, ST_UNKNOWN, ST_NA };
enum light { LIGHT_NONE, LIGHT_GREEN, LIGHT_AMBER, LIGHT_RED, LIGHT_GREY };

enum verdict_flags {
    VF_EARLY = 1u << 0,
    VF_REVOCABLE = 1u << 1,
    VF_PROVISIONAL = 1u << 2,
    VF_UNDER = 1u << 3,
    VF_OVER = 1u << 4,
    VF_BREACH = 1u << 5,
    VF_STRIVE = 1u << 6,
    VF_DISPUTED = 1u << 7,
    VF_DEFINITION_CHANGED = 1u << 8,
    VF_WIDE = 1u << 9,
    VF_SUPPRESSED = 1u << 10,
    VF_NON_BINDING = 1u << 11,
};

#endif

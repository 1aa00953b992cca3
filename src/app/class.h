/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The most closed class of data that something in a plan reads: found by walking it, so that more
 * may be named than is read, never less.
 */
#ifndef APP_CLASS_H
#define APP_CLASS_H

#include "model/plan.h"

/* The highest class of the fields of a register: how many rows it has is told by that, too. */
enum data_class class_of_rows(const struct plan *p, uint32_t reg);
/* expr: NONE is public. */
enum data_class class_of_expr(const struct plan *p, uint32_t expr);
/* All that its verdicts depend on: formulas, conditions, what is asked, where it is asked. */
enum data_class class_of_commitment(const struct plan *p, uint32_t commitment);

#endif

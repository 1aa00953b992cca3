/* SPDX-License-Identifier: Apache-2.0 */
/* How handlers begin, see and cancel jobs, and what some jobs do. */
#ifndef HTTP_DO_JOB_H
#define HTTP_DO_JOB_H

#include "http/job.h"

struct ask;

/* By who may (a table of job.c). unit: where, "": everywhere. The answer is how it stands. */
NODISCARD enum rc job_begin(struct ask *q, enum job_kind kind, struct str unit);
NODISCARD enum rc job_see(struct ask *q, enum job_kind kind, struct str unit);
NODISCARD enum rc job_cancel(struct ask *q, enum job_kind kind, struct str unit);

job_fn job_effect; /* effect.c */

#endif

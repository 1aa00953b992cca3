/* SPDX-License-Identifier: Apache-2.0 */
/* What a number format of a spreadsheet makes of a number. */
#ifndef IO_NUMBER_FORMAT_H
#define IO_NUMBER_FORMAT_H

#include "base/str.h"

enum number_format {
    NF_GENERAL,
    NF_NUMBER,   /* digits */
    NF_SCALED,   /* shows another magnitude than it holds, and says so: `0!.0,"万"` */
    NF_PERCENT,  /* 0.95 shows as 95% */
    NF_DATE,     /* has a year, month or day */
    NF_TIME,     /* hours, minutes or seconds only */
    NF_TEXT,     /* @ */
    NF_MISLEADS, /* shows something else than it holds: `0,`, `0"万"`, `000-0000`, `;;;`, `"是"` */
    NF_OTHER     /* fractions */
};

/* The formats that have a number and no code; those of East Asia (27–36, 50–58) are dates. */
enum number_format number_format_builtin(uint32_t id);
/* By its code: `yyyy"年"m"月"d"日"`, `0.00%;[Red]-0.00%`. The first section counts. */
enum number_format number_format_of(struct str code);
/* Digits that it shows at least, with zeros before: 6 of `000000`; 0: as many as there are. */
uint8_t number_format_zeros(struct str code);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The readers by kind, between which workbook.c chooses. All as workbook_read_bytes. */
#ifndef IO_WORKBOOK_INT_H
#define IO_WORKBOOK_INT_H

#include "io/workbook.h"

NODISCARD enum rc xlsx_read(struct arena *a, const char *path, struct str bytes,
                            const struct workbook_sink *sink, struct workbook *out, struct err *e);
/* The parts of an .xlsx that are XML, when one is at hand: for tests. careful: by expat alone. */
enum xlsx_part { XLSX_STYLES, XLSX_STRINGS, XLSX_SHEET, XLSX__PARTS };
NODISCARD enum rc xlsx_read_part(struct arena *a, enum xlsx_part part, bool careful, struct str xml,
                                 const struct workbook_sink *sink, struct workbook *out,
                                 struct err *e);
NODISCARD enum rc xls_read(struct arena *a, const char *path, struct str bytes,
                           const struct workbook_sink *sink, struct workbook *out, struct err *e);
NODISCARD enum rc workbook_csv_read(struct arena *a, const char *path, struct str bytes,
                                    const struct workbook_sink *sink, struct workbook *out,
                                    struct err *e);

#endif

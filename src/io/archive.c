/* SPDX-License-Identifier: Apache-2.0 */
/* Writing zip archives by libzip. */
#include "io/archive.h"

#include <zip.h>

#include "base/err.h"

#define DAY_ONE                                                                                    \
    315619200 /* 1980-01-02, in every time zone a day that zip can say: no clock is asked */

static bool put(struct arena *a, zip_t *zip, const struct archive_file *f)
{
    zip_source_t *source = zip_source_buffer(zip, f->bytes.p, f->bytes.n, 0);
    zip_int64_t at =
        source ? zip_file_add(zip, str_to_cstr(a, f->name), source, ZIP_FL_ENC_UTF_8) : -1;
    if (source && at < 0) {
        zip_source_free(source);
    }
    return at >= 0 && zip_file_set_mtime(zip, (zip_uint64_t)at, DAY_ONE, 0) == 0;
}

enum rc archive_write(struct arena *a, const char *path, const struct archive_file *files,
                      uint32_t n, struct err *e)
{
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    bool whole = zip != NULL;
    for (uint32_t i = 0; whole && i < n; i++) {
        whole = put(a, zip, &files[i]);
    }
    if (whole && zip_close(zip) == 0) {
        return RC_OK;
    }
    if (zip) {
        zip_discard(zip);
    }
    return err_set(e, RC_IO, "cannot write the archive %s", "无法写入压缩包 %s", path);
}

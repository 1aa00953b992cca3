/* SPDX-License-Identifier: Apache-2.0 */
/* Temporary directories for tests. */
#include "tests/lib/tmpdir.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "tests/lib/test.h"

#define PATH_BYTES 4096U

const char *tmpdir_make(struct arena *a)
{
    const char *base = getenv("TMPDIR");
    char *path = str_to_cstr(
        a, str_cat(a, str_from_cstr(base != NULL ? base : "/tmp"), STR("/tizhi-test-XXXXXX")));
    assert_non_null(mkdtemp(path));
    return path;
}

const char *tmpdir_write(struct arena *a, const char *dir, const char *rel, struct str text)
{
    char *path = str_to_cstr(a, str_from_cstr(path_join(a, dir, rel)));
    for (char *slash = strchr(path + strlen(dir) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0777);
        *slash = '/';
    }
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    assert_int_equal(fclose(f), 0);
    return path;
}

void tmpdir_remove(const char *dir)
{
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *ent = readdir(d); ent != NULL; ent = readdir(d)) {
        if (strcmp(ent->d_name, ".") == 0 || strcmp(ent->d_name, "..") == 0) {
            continue;
        }
        char path[PATH_BYTES];
        int n = snprintf(path, sizeof path, "%s/%s", dir, ent->d_name);
        assert_true(n > 0 && (size_t)n < sizeof path);
        struct stat st;
        assert_int_equal(lstat(path, &st), 0);
        if (S_ISDIR(st.st_mode)) {
            tmpdir_remove(path);
        } else {
            assert_int_equal(unlink(path), 0);
        }
    }
    assert_int_equal(closedir(d), 0);
    assert_int_equal(rmdir(dir), 0);
}

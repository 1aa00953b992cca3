/* SPDX-License-Identifier: Apache-2.0 */
/* dlopen and dlsym, with a complaint. */
#include "bench/library.h"

#include <dlfcn.h>

enum rc library_open(const char *path, const struct symbol *symbols, size_t n, void *base,
                     struct err *e)
{
    void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL); /* until the process ends */
    if (!lib) {
        return err_set(e, RC_NO_SUPPORT, "no library %s", "没有程序库 %s", path);
    }
    for (size_t i = 0; i < n; i++) {
        void *address = dlsym(lib, symbols[i].name);
        if (!address) {
            return err_set(e, RC_NO_SUPPORT, "%s has no %s", "%s 中没有 %s", path, symbols[i].name);
        }
        memcpy((char *)base + symbols[i].offset, &address, sizeof address);
    }
    return RC_OK;
}

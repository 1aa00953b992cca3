/* SPDX-License-Identifier: Apache-2.0 */
/* One call of libcrypto's digest interface. */
#include "base/sm3.h"

#include <openssl/evp.h>

bool sm3(struct str data, uint8_t out[SM3_BYTES])
{
    unsigned int n = 0;
    return EVP_Digest(data.p, data.n, out, &n, EVP_sm3(), NULL) == 1 && n == SM3_BYTES;
}

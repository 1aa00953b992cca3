/* SPDX-License-Identifier: Apache-2.0 */
/* The hash SM3 (GB/T 32905-2016), by libcrypto. */
#ifndef BASE_SM3_H
#define BASE_SM3_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

#define SM3_BYTES 32

/* false: this libcrypto has no SM3. */
NODISCARD bool sm3(struct str data, uint8_t out[SM3_BYTES]);

#endif

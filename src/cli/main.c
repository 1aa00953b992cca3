/* SPDX-License-Identifier: Apache-2.0 */
/* Entry of the program. */
#include <stdio.h>

int main(void)
{
    return puts("tizhi " TIZHI_VERSION) < 0 ? 4 : 0;
}

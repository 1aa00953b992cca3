/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiler attributes under plain names.
 *
 * NODISCARD        the result must be looked at (every fallible function).
 * NORETURN         the function never comes back.
 * PRINTF_LIKE(f,v) argument f is a printf format for the arguments from v on.
 */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#define NODISCARD                    __attribute__((warn_unused_result))
#define NORETURN                     __attribute__((noreturn))
#define PRINTF_LIKE(fmt_ix, args_ix) __attribute__((format(printf, fmt_ix, args_ix)))

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A shared library, but no adapter. */
#define NAME "symbol"
#define SYMBOL minimal_adapter
#include "minimal.c"

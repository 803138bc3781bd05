/* SPDX-License-Identifier: Apache-2.0 */
/* Without a name. */
#define NAME NULL
#include "minimal.c"

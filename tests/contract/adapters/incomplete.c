/* SPDX-License-Identifier: Apache-2.0 */
/* One of the functions is missing. */
#define NAME "incomplete"
#define INCOMPLETE
#include "minimal.c"

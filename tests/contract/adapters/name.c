/* SPDX-License-Identifier: Apache-2.0 */
/* Its name is not its file's. */
#define NAME "sip"
#include "minimal.c"

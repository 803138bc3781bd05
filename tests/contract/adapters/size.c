/* SPDX-License-Identifier: Apache-2.0 */
/* Made for an earlier, shorter struct hg_adapter. */
#define NAME "size"
#define SIZE (sizeof(struct hg_adapter) - sizeof(void *))
#include "minimal.c"

/* SPDX-License-Identifier: Apache-2.0 */
/* Made for another version of the interface. */
#define NAME "abi"
#define ABI (HG_ABI + 1)
#include "minimal.c"

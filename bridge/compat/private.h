/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bridge/compat/compat.h"

/* The function of a shared library that ours stands in front of; ends the process if there is none.
 */
void *hg_compat_next(const char *symbol);

void hg_compat_steady_clock(void); /* sofia_clock.c */
bool hg_compat_clock_is_steady(void);

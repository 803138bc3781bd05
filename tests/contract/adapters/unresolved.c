/* SPDX-License-Identifier: Apache-2.0 */
/* It needs a function that nobody has: found when it is loaded, not when it is called. */
#define NAME "unresolved"
#include "minimal.c"

void hg_function_of_tomorrow(void);
void unresolved(void);

void unresolved(void)
{
	hg_function_of_tomorrow();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A computer of another name, which is what tells the devices of one user apart. */
#include "probe.h"

#include <dlfcn.h>

static const gchar *own_name;

void host_name(const gchar *name)
{
	own_name = name;
}

/* SIPE makes its endpoint's id of this, of the user and of the address of the computer.  Stands in
 * front of GLib's function.  Needs -rdynamic. */
const gchar *g_get_host_name(void)
{
	const gchar *(*real)(void) = dlsym(RTLD_NEXT, "g_get_host_name");

	return own_name ? own_name : real();
}

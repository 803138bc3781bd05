/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stock SIPE 1.25 needs to live on today's Debian 12; harmless where it is mended. */
#include "probe.h"

#include <dlfcn.h>
#include <libxml/parser.h>

/*
 * SIPE hands libxml2 a handler that claims to be of version 2 but has only the element callbacks
 * of version 1.  Since libxml2's repair of CVE-2023-39615 (in Debian 12 since
 * 2.9.14+dfsg-1.3~deb12u2) those are never called, and SIPE can read no document at all.  Stand
 * in front of the function and take back the claim.  Needs -rdynamic.
 */
int xmlSAXUserParseMemory(xmlSAXHandlerPtr handler, void *user_data, const char *text, int length)
{
	int (*parse)(xmlSAXHandlerPtr, void *, const char *, int) = dlsym(
		RTLD_NEXT, "xmlSAXUserParseMemory");
	xmlSAXHandler honest = *handler;

	if (handler->startElement && !handler->startElementNs)
		honest.initialized = 1;
	return parse(&honest, user_data, text, length);
}

static void (*group_remove)(PurpleConnection *gc, PurpleGroup *group);
static gboolean removed_by_user;

static void group_remove_guarded(PurpleConnection *gc, PurpleGroup *group)
{
	if (removed_by_user)
		group_remove(gc, group);
}

void group_guard_start(void)
{
	group_remove = probe_protocol()->remove_group;
	if (group_remove)
		probe_protocol()->remove_group = group_remove_guarded;
}

void group_remove_by_user(PurpleGroup *group)
{
	removed_by_user = TRUE;
	purple_blist_remove_group(group);
	removed_by_user = FALSE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libstrophe gives its handlers to expat by XML_SetElementHandler, which the executable takes
 * over: in front of libstrophe's own handler stands one that leaves out attributes of any
 * namespace but xml:lang, and sees to it that no stream error is empty.
 */
#include "plugins/xmpp/remedy_attributes.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <strophe.h>

#define SEPARATOR '\x1f' /* libstrophe's, between namespace and name */
#define XML_LANG "http://www.w3.org/XML/1998/namespace\x1flang"

#define STREAM_ERROR \
	"http://etherx.jabber.org/streams\x1f" \
	"error"

/* No stanza needs as many; what is beyond them is left out, too. */
enum { ATTRIBUTES_MAX = 64 };

/* As expat.h has them. */
typedef void (*start_handler)(void *user, const char *name, const char **attributes);
typedef void (*end_handler)(void *user, const char *name);
void XML_SetElementHandler(void *parser, start_handler, end_handler);

/* libstrophe's: one function for all its parsers */
static start_handler guarded;
static end_handler guarded_end;

/* Without a namespace of stream errors it is no condition. */
static void put_child(void *user)
{
	const char *none[] = { NULL };

	guarded(user, "any", none);
	guarded_end(user, "any");
}

static void guard(void *user, const char *name, const char **attributes)
{
	const char *kept[2 * ATTRIBUTES_MAX + 1];
	size_t n = 0;

	for (const char **a = attributes; *a && n < 2 * ATTRIBUTES_MAX; a += 2) {
		if (strchr(a[0], SEPARATOR) && strcmp(a[0], XML_LANG))
			continue;
		kept[n++] = a[0];
		kept[n++] = a[1];
	}
	kept[n] = NULL;
	guarded(user, name, kept);
	if (!strcmp(name, STREAM_ERROR))
		put_child(user);
}

static bool is_of_libstrophe(start_handler start)
{
	Dl_info info;
	void *address;

	memcpy(&address, &start, sizeof(address));
	return start && dladdr(address, &info) && info.dli_fname &&
		strstr(info.dli_fname, "libstrophe");
}

void XML_SetElementHandler(void *parser, start_handler start, end_handler end)
{
	static void (*next)(void *, start_handler, end_handler);

	if (!next) {
		void *found = dlsym(RTLD_NEXT, "XML_SetElementHandler");

		if (!found)
			abort();
		memcpy(&next, &found, sizeof(next));
	}
	if (is_of_libstrophe(start)) {
		guarded = start;
		guarded_end = end;
		start = guard;
	}
	next(parser, start, end);
}

bool hg_attributes_guarded(void)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);

	xmpp_conn_release(xmpp_conn_new(ctx)); /* has a parser from the beginning */
	xmpp_ctx_free(ctx);
	return guarded;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expat with reparse deferral (2.6.0; Debian 12 has it in 2.5.0-1+deb12u5) does not look again at a
 * token that was cut by the end of a read until twice as much has come. libstrophe 0.12.2 never
 * switches that off, so a stanza whose first tag lies across two reads is not delivered before the
 * next one comes: the last of a burst waits for ever. The two functions that set the default are
 * taken over.
 *
 * Deferral is a defence against one huge token in small reads (CVE-2023-52425). The peer is the
 * operator's own XMPP server, which limits stanzas, and plugins/xmpp counts what is not finished.
 */
#include "bridge/compat/private.h"

#include <expat.h>

/* Not in an expat without deferral. */
extern XML_Bool XML_SetReparseDeferralEnabled(XML_Parser, XML_Bool) __attribute__((weak));

static void deliver_at_once(XML_Parser parser)
{
	if (parser && XML_SetReparseDeferralEnabled)
		XML_SetReparseDeferralEnabled(parser, XML_FALSE);
}

XML_Parser XML_ParserCreate_MM(const XML_Char *encoding, const XML_Memory_Handling_Suite *memory,
	const XML_Char *separator)
{
	static XML_Parser (*next)(
		const XML_Char *, const XML_Memory_Handling_Suite *, const XML_Char *);

	if (!next)
		next = hg_compat_next("XML_ParserCreate_MM");
	XML_Parser parser = next(encoding, memory, separator);
	deliver_at_once(parser);
	return parser;
}

/* Restores the default. */
XML_Bool XML_ParserReset(XML_Parser parser, const XML_Char *encoding)
{
	static XML_Bool (*next)(XML_Parser, const XML_Char *);

	if (!next)
		next = hg_compat_next("XML_ParserReset");
	XML_Bool done = next(parser, encoding);
	deliver_at_once(parser);
	return done;
}

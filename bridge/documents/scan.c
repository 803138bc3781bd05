/* SPDX-License-Identifier: Apache-2.0 */
/* A first look at a body: only where tags begin and end, and how many attributes they hold. */
#include "bridge/documents/xml.h"

#include <errno.h>
#include <string.h>

/* Past the next `end`; to the end of the body when there is none, where the parser will complain.
 */
static void skip_past(struct hg_str *rest, const char *end)
{
	const char *at = memmem(rest->p, rest->n, end, strlen(end));
	size_t n = at ? (size_t)(at - rest->p) + strlen(end) : rest->n;

	rest->p += n;
	rest->n -= n;
}

/* From behind "<" to behind ">"; the number of "=" outside of quotes. */
static size_t skip_tag(struct hg_str *rest)
{
	size_t equals = 0;
	char quote = '\0';

	for (; rest->n; rest->p++, rest->n--) {
		char c = *rest->p;

		if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '=')
			equals++;
		else if (c == '>')
			break;
	}
	return equals;
}

int hg_xml_scan(struct hg_str body, struct hg_doc_err *err)
{
	while (body.n) {
		skip_past(&body, "<");
		if (hg_str_starts(body, HG_STR("!--")))
			skip_past(&body, "-->");
		else if (hg_str_starts(body, HG_STR("![CDATA[")))
			skip_past(&body, "]]>");
		else if (hg_str_starts(body, HG_STR("?")))
			skip_past(&body, "?>");
		else if (skip_tag(&body) > 2 * HG_DOC_ATTRIBUTES_MAX)
			return hg_doc_fail(err, -E2BIG, "an element has more than %d attributes",
				2 * HG_DOC_ATTRIBUTES_MAX);
	}
	return 0;
}

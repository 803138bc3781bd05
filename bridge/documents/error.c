/* SPDX-License-Identifier: Apache-2.0 */
/* What a peer is told about its document. */
#include "bridge/documents/xml.h"

#include <stdio.h>

/* Documents' own words are quoted in errors, and errors go into headers: nothing may end a header
 * or a string. */
static void sanitise(char *text)
{
	for (char *p = text; *p; p++) {
		if (*p == '"')
			*p = '\'';
		else if (*p < 0x20 || *p > 0x7e)
			*p = '?';
	}
}

static void write_text(struct hg_doc_err *err, struct hg_buf *text)
{
	snprintf(err->text, sizeof(err->text), "%s", text->p);
	sanitise(err->text);
	hg_buf_done(text);
}

static void HG_PRINTF(2, 0) add_message(struct hg_buf *text, const char *fmt, va_list args)
{
	char message[sizeof(((struct hg_doc_err *)NULL)->text)];

	vsnprintf(message, sizeof(message), fmt, args);
	hg_buf_adds(text, message);
}

int hg_doc_fail(struct hg_doc_err *err, int rc, const char *fmt, ...)
{
	struct hg_buf text = { 0 };
	va_list args;

	va_start(args, fmt);
	add_message(&text, fmt, args);
	va_end(args);
	write_text(err, &text);
	return rc;
}

static bool twins(const xmlNode *a, const xmlNode *b)
{
	return b->type == XML_ELEMENT_NODE && xmlStrEqual(a->name, b->name);
}

/* Which one of its name it is, from 1; 0 for an only child of that name. */
static size_t index_of(const xmlNode *node)
{
	size_t before = 0, after = 0;

	for (const xmlNode *n = node->prev; n; n = n->prev)
		before += twins(node, n);
	for (const xmlNode *n = node->next; n; n = n->next)
		after += twins(node, n);
	return before || after ? before + 1 : 0;
}

static const xmlNode *parent_of(const xmlNode *node)
{
	return node->parent && node->parent->type == XML_ELEMENT_NODE ? node->parent : NULL;
}

/* As much of the path as it takes to find the element: from the outermost that there are several
 * of. */
static void add_place(struct hg_buf *text, const xmlNode *node)
{
	const xmlNode *top = node;
	size_t index = index_of(node);

	for (const xmlNode *n = node; n; n = parent_of(n))
		top = index_of(n) ? n : top;
	if (top != node) {
		add_place(text, node->parent);
		hg_buf_addc(text, '/');
	}
	hg_buf_addf(text, "%.40s", (const char *)node->name);
	if (index)
		hg_buf_addf(text, "[%zu]", index);
}

int hg_doc_fail_at(struct hg_doc_err *err, int rc, const xmlNode *node, const char *fmt, ...)
{
	struct hg_buf text = { 0 };
	va_list args;

	add_place(&text, node);
	hg_buf_adds(&text, ": ");
	va_start(args, fmt);
	add_message(&text, fmt, args);
	va_end(args);
	write_text(err, &text);
	return rc;
}

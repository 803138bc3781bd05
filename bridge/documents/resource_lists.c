/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/resource_lists.h"
#include "bridge/documents/pidf_private.h"
#include "bridge/documents/xml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NS "urn:ietf:params:xml:ns:resource-lists"

struct reader {
	struct hg_resource_lists *ret;
	size_t cap, named; /* named: with those that were there already */
	struct hg_doc_err *err;
};

static int read_entry(struct reader *r, const xmlNode *node)
{
	struct hg_resource_lists *to = r->ret;

	if (++r->named > HG_BATCH_RESOURCES_MAX)
		return hg_doc_fail(
			r->err, -E2BIG, "more than %d resources", HG_BATCH_RESOURCES_MAX);
	hg_grow(&to->uri, &r->cap, to->n, sizeof(*to->uri));
	int rc = hg_xml_need_attr(node, "uri", HG_RESOURCE_URI_MAX, &to->uri[to->n], r->err);
	to->n += to->uri[to->n] != NULL;
	return rc;
}

static int read_list(struct reader *r, const xmlNode *list, unsigned depth)
{
	int rc = 0;

	for (const xmlNode *n = hg_xml_element(list); n && !rc; n = hg_xml_element_after(n)) {
		if (hg_xml_is(n, "entry", NS))
			rc = read_entry(r, n);
		else if (hg_xml_is(n, "external", NS) || hg_xml_is(n, "entry-ref", NS))
			rc = hg_doc_fail_at(
				r->err, -EINVAL, n, "refers to another list, which is not fetched");
		else if (hg_xml_is(n, "list", NS) && depth == HG_RESOURCE_LISTS_DEPTH)
			rc = hg_doc_fail_at(r->err, -EINVAL, n, "more than %d lists in each other",
				HG_RESOURCE_LISTS_DEPTH);
		else if (hg_xml_is(n, "list", NS))
			rc = read_list(r, n, depth + 1);
	}
	return rc;
}

struct place {
	char *uri;
	size_t at;
};

static int by_uri(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = strcmp(x->uri, y->uri);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* Who is named twice stays where he was named first. */
static void drop_doubles(struct hg_resource_lists *lists)
{
	struct place *sorted = hg_alloc((lists->n + 1) * sizeof(*sorted));
	size_t left = 0;

	for (size_t i = 0; i < lists->n; i++)
		sorted[i] = (struct place){ lists->uri[i], i };
	qsort(sorted, lists->n, sizeof(*sorted), by_uri);
	for (size_t i = 1; i < lists->n; i++)
		if (!strcmp(sorted[i].uri, sorted[i - 1].uri))
			lists->uri[sorted[i].at] = NULL;
	for (size_t i = 0; i < lists->n; i++)
		if (!lists->uri[sorted[i].at])
			free(sorted[i].uri);
	for (size_t i = 0; i < lists->n; i++)
		if (lists->uri[i])
			lists->uri[left++] = lists->uri[i];
	lists->n = left;
	free(sorted);
}

int hg_resource_lists_read(
	struct hg_str body, struct hg_resource_lists *ret, struct hg_doc_err *err)
{
	struct reader r = { .ret = ret, .err = err };
	struct hg_buf room = { 0 };
	struct hg_xml xml;

	*ret = (struct hg_resource_lists){ 0 };
	int rc = hg_xml_parse(hg_simple_body(body, &room), "resource-lists", NS, &xml, err);
	if (!rc)
		rc = read_list(&r, xml.root, 0);
	if (!rc && !ret->n)
		rc = hg_doc_fail_at(err, -EINVAL, xml.root, "names nobody");
	if (!rc)
		drop_doubles(ret);
	hg_xml_done(&xml);
	hg_buf_done(&room);
	return rc;
}

void hg_resource_lists_done(struct hg_resource_lists *lists)
{
	for (size_t i = 0; i < lists->n; i++)
		free(lists->uri[i]);
	free(lists->uri);
	*lists = (struct hg_resource_lists){ 0 };
}

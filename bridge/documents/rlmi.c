/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/rlmi.h"
#include "bridge/documents/write.h"
#include "bridge/documents/xml.h"

#include <stdio.h>

static bool has_document(const struct hg_rlmi *list, const struct hg_rlmi_resource *resource)
{
	if (list->exact)
		return resource->nfrags && !resource->reason && resource->standing != HG_NOBODY &&
			resource->standing != HG_PENDING;
	return resource->standing != HG_NOBODY &&
		(resource->standing != HG_PENDING || resource->nfrags);
}

static void add_state(
	struct hg_buf *out, const struct hg_rlmi *list, const struct hg_rlmi_resource *resource)
{
	const char *over = resource->reason       ? resource->reason
		: resource->standing == HG_NOBODY ? "noresource"
						  : NULL;

	if (over) {
		hg_buf_adds(out, " state=\"terminated\"");
		hg_write_attr(out, "reason", hg_str(over));
		hg_buf_adds(out, list->exact ? "" : " statusCode=\"404\"");
	} else if (resource->standing == HG_PENDING)
		hg_buf_adds(out, " state=\"pending\"");
	else
		hg_buf_adds(out, " state=\"active\"");
}

/* Every instance has a state: pidgin-sipe does not survive one without (EP 4.4.4). */
static void add_resource(
	struct hg_buf *out, const struct hg_rlmi *list, size_t index, struct hg_str boundary)
{
	const struct hg_rlmi_resource *resource = &list->resource[index];
	bool document = has_document(list, resource);
	bool unknown = list->exact && !document && !resource->reason &&
		resource->standing != HG_NOBODY && resource->standing != HG_PENDING;

	hg_buf_adds(out, "<resource");
	if (list->exact)
		hg_write_attr(out, "uri", resource->uri);
	else
		hg_write_sip_attr(out, "uri", resource->uri);
	if (unknown) {
		hg_buf_adds(out, "/>");
		return;
	}
	hg_buf_adds(out, "><instance id=\"0\"");
	add_state(out, list, resource);
	if (boundary.n && document)
		hg_buf_addf(out, " cid=\"%zu@%.*s\"", index + 1, HG_STR_ARG(boundary));
	hg_buf_adds(out, "/></resource>");
}

void hg_rlmi_write(struct hg_buf *out, const struct hg_rlmi *list, struct hg_str boundary)
{
	hg_buf_adds(out, "<list xmlns=\"" HG_NS_RLMI "\"");
	hg_write_sip_attr(out, "uri", list->uri);
	hg_buf_addf(out, " version=\"%u\" fullState=\"%s\">", (unsigned)list->version,
		list->full ? "true" : "false");
	for (size_t i = 0; i < list->n; i++)
		add_resource(out, list, i, boundary);
	hg_buf_adds(out, "</list>");
}

/* With what ends the part before. libpurple cuts four bytes off every part, so an empty line stands
 * before each delimiter; others do not mind. */
static void open_part(struct hg_buf *out, struct hg_str boundary, bool first)
{
	hg_buf_addf(out, "%s--%.*s\r\nContent-Transfer-Encoding: binary\r\n",
		first ? "" : "\r\n\r\n", HG_STR_ARG(boundary));
}

/* "<name@boundary>", or as Lync writes it. */
static void add_content_id(
	struct hg_buf *out, const struct hg_rlmi *list, const char *name, struct hg_str boundary)
{
	hg_buf_addf(out, list->exact ? "Content-ID: <%s@%.*s>\r\n" : "Content-ID: %s@%.*s\r\n",
		name, HG_STR_ARG(boundary));
}

static void add_documents(struct hg_buf *out, const struct hg_rlmi *list, struct hg_str boundary)
{
	char name[24];

	for (size_t i = 0; i < list->n; i++) {
		const struct hg_rlmi_resource *resource = &list->resource[i];

		if (!has_document(list, resource))
			continue;
		snprintf(name, sizeof(name), "%zu", i + 1);
		open_part(out, boundary, false);
		add_content_id(out, list, name, boundary);
		hg_buf_addf(out, "Content-Type: %s\r\n\r\n", list->type);
		list->write(out, resource->uri, resource->frag, resource->nfrags);
	}
}

void hg_multipart_write(struct hg_buf *out, const struct hg_rlmi *list, struct hg_str boundary)
{
	open_part(out, boundary, true);
	if (list->exact)
		add_content_id(out, list, "list", boundary);
	else
		hg_buf_adds(out, "Content-ID: resourceList\r\n");
	hg_buf_adds(out, "Content-Type: " HG_TYPE_RLMI "\r\n\r\n");
	hg_rlmi_write(out, list, boundary);
	add_documents(out, list, boundary);
	hg_buf_addf(out, "\r\n\r\n--%.*s--\r\n", HG_STR_ARG(boundary));
}

void hg_multipart_write_type(struct hg_buf *out, const struct hg_rlmi *list, struct hg_str boundary)
{
	hg_buf_adds(out, "multipart/related;type=\"" HG_TYPE_RLMI "\";start=");
	if (list->exact)
		hg_buf_addf(out, "\"<list@%.*s>\"", HG_STR_ARG(boundary));
	else
		hg_buf_adds(out, "resourceList");
	hg_buf_addf(out, ";boundary=%.*s", HG_STR_ARG(boundary));
}

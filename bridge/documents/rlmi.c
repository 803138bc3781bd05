/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/rlmi.h"
#include "bridge/documents/write.h"
#include "bridge/documents/xml.h"

static bool has_document(const struct hg_rlmi_resource *resource)
{
	return resource->standing != HG_NOBODY &&
		(resource->standing != HG_PENDING || resource->nfrags);
}

/* Every instance has a state: pidgin-sipe does not survive one without (EP 4.4.4). */
static void add_resource(struct hg_buf *out, const struct hg_rlmi_resource *resource, size_t index,
	struct hg_str boundary)
{
	hg_buf_adds(out, "<resource");
	hg_write_sip_attr(out, "uri", resource->uri);
	hg_buf_adds(out, "><instance id=\"0\"");
	if (resource->standing == HG_NOBODY)
		hg_buf_adds(out, " state=\"terminated\" reason=\"noresource\" statusCode=\"404\"");
	else
		hg_buf_adds(out,
			resource->standing == HG_PENDING ? " state=\"pending\""
							 : " state=\"active\"");
	if (boundary.n && has_document(resource))
		hg_buf_addf(out, " cid=\"%zu@%.*s\"", index, HG_STR_ARG(boundary));
	hg_buf_adds(out, "/></resource>");
}

void hg_rlmi_write(struct hg_buf *out, const struct hg_rlmi *list, struct hg_str boundary)
{
	hg_buf_adds(out, "<list xmlns=\"" HG_NS_RLMI "\"");
	hg_write_sip_attr(out, "uri", list->uri);
	hg_buf_addf(out, " version=\"%u\" fullState=\"%s\">", (unsigned)list->version,
		list->full ? "true" : "false");
	for (size_t i = 0; i < list->n; i++)
		add_resource(out, &list->resource[i], i + 1, boundary);
	hg_buf_adds(out, "</list>");
}

/* With what ends the part before. libpurple cuts four bytes off every part, so an empty line stands
 * before each delimiter; others do not mind. */
static void open_part(struct hg_buf *out, struct hg_str boundary, bool first)
{
	hg_buf_addf(out, "%s--%.*s\r\nContent-Transfer-Encoding: binary\r\n",
		first ? "" : "\r\n\r\n", HG_STR_ARG(boundary));
}

void hg_multipart_write(struct hg_buf *out, const struct hg_rlmi *list, struct hg_str boundary)
{
	open_part(out, boundary, true);
	hg_buf_adds(out, "Content-ID: resourceList\r\nContent-Type: " HG_TYPE_RLMI "\r\n\r\n");
	hg_rlmi_write(out, list, boundary);
	for (size_t i = 0; i < list->n; i++) {
		const struct hg_rlmi_resource *resource = &list->resource[i];
		if (!has_document(resource))
			continue;
		open_part(out, boundary, false);
		hg_buf_addf(out, "Content-ID: %zu@%.*s\r\nContent-Type: %s\r\n\r\n", i + 1,
			HG_STR_ARG(boundary), list->type);
		list->write(out, resource->uri, resource->frag, resource->nfrags);
	}
	hg_buf_addf(out, "\r\n\r\n--%.*s--\r\n", HG_STR_ARG(boundary));
}

void hg_multipart_write_type(struct hg_buf *out, struct hg_str boundary)
{
	hg_buf_addf(out,
		"multipart/related;type=\"" HG_TYPE_RLMI "\";start=resourceList;boundary=%.*s",
		HG_STR_ARG(boundary));
}

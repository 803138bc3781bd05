/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that are put together of fragments, and the owner's own parts. */
#include "bridge/documents/categories.h"
#include "bridge/documents/write.h"
#include "bridge/documents/xml.h"

#include <errno.h>
#include <stdlib.h>

static void add_member(struct hg_buf *out, const struct hg_member *member)
{
	hg_buf_adds(out, "<member");
	hg_write_attr(out, "type", hg_str(hg_member_type_name(member->type)));
	if (member->value)
		hg_write_attr(out, "value", hg_bytes_str(member->value));
	hg_buf_adds(out, "/>");
}

/* All members of each container: clients replace what they had (EP 3.4). */
void hg_containers_write(struct hg_buf *out, const struct hg_view *view)
{
	hg_buf_adds(out, "<containers xmlns=\"" HG_NS_CONTAINERS "\">");
	for (size_t i = 0; i < view->self->ncontainers; i++) {
		const struct hg_container *container = &view->self->container[i];
		hg_buf_addf(out, "<container id=\"%u\" version=\"%u\">", (unsigned)container->id,
			(unsigned)container->version);
		for (size_t k = 0; k < container->n; k++)
			add_member(out, &container->member[k]);
		hg_buf_adds(out, "</container>");
	}
	hg_buf_adds(out, "</containers>");
}

void hg_waiting_name_write(struct hg_buf *out, const struct hg_waiting *w)
{
	if (w->name.n)
		hg_write_attr(out, "displayName", w->name);
}

void hg_subscribers_write(struct hg_buf *out, const struct hg_view *view)
{
	static const char *const type[] = {
		[HG_TRUST_NONE] = "unknown",
		[HG_SAME_ENTERPRISE] = "sameEnterprise",
		[HG_FEDERATED] = "federated",
		[HG_PUBLIC_CLOUD] = "publicCloud",
	};

	hg_buf_adds(out, "<subscribers xmlns=\"" HG_NS_SUBSCRIBERS "\">");
	for (size_t i = 0; i < view->self->nwaiting; i++) {
		const struct hg_waiting *w = &view->self->waiting[i];

		hg_buf_adds(out, "<subscriber");
		hg_write_attr(out, "user", w->user);
		hg_waiting_name_write(out, w);
		hg_buf_addf(out, " acknowledged=\"false\" type=\"%s\"/>", type[w->trust]);
	}
	hg_buf_adds(out, "</subscribers>");
}

static bool is_category(hg_part part)
{
	return part > HG_CAT_NONE && part < HG_CAT_COUNT;
}

void hg_categories_write(
	struct hg_buf *out, struct hg_str uri, const struct hg_frag *const *frag, size_t n)
{
	hg_buf_adds(out, "<categories xmlns=\"" HG_NS_CATEGORIES "\"");
	hg_write_sip_attr(out, "uri", uri);
	hg_buf_addc(out, '>');
	for (size_t i = 0; i < n; i++) {
		if (is_category(frag[i]->part))
			hg_buf_add(out, hg_bytes_str(frag[i]->bytes));
	}
	hg_buf_adds(out, "</categories>");
}

static bool holds_categories(const struct hg_frag *const *frag, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (is_category(frag[i]->part))
			return true;
	}
	return false;
}

/* The fragment of `part`, or `empty` when there is none. */
static void add_part(struct hg_buf *out, hg_part part, const struct hg_frag *const *frag, size_t n,
	const char *empty)
{
	for (size_t i = 0; i < n; i++) {
		if (frag[i]->part == part) {
			hg_buf_add(out, hg_bytes_str(frag[i]->bytes));
			return;
		}
	}
	hg_buf_adds(out, empty);
}

void hg_roaming_write(struct hg_buf *out, struct hg_str uri, const struct hg_roaming *always,
	const struct hg_frag *const *frag, size_t n)
{
	static const struct hg_roaming none;
	const struct hg_roaming *want = always ? always : &none;

	hg_buf_adds(out, "<roamingData xmlns=\"" HG_NS_ROAMING "\">");
	if (want->categories || holds_categories(frag, n))
		hg_categories_write(out, uri, frag, n);
	add_part(out, HG_PART_CONTAINERS, frag, n,
		want->containers ? "<containers xmlns=\"" HG_NS_CONTAINERS "\"></containers>" : "");
	add_part(out, HG_PART_SUBSCRIBERS, frag, n,
		want->subscribers ? "<subscribers xmlns=\"" HG_NS_SUBSCRIBERS "\"></subscribers>"
				  : "");
	add_part(out, HG_PART_DELEGATES, frag, n, "");
	hg_buf_adds(out, "</roamingData>");
}

static int read_part(const xmlNode *node, struct hg_roaming *ret, struct hg_doc_err *err)
{
	char *type;
	int rc = hg_xml_need_attr(node, "type", SIZE_MAX, &type, err);

	if (!rc) {
		ret->categories |= hg_str_is(hg_str(type), "categories");
		ret->containers |= hg_str_is(hg_str(type), "containers");
		ret->subscribers |= hg_str_is(hg_str(type), "subscribers");
		ret->delegates |= hg_str_is(hg_str(type), "delegates");
	}
	free(type);
	return rc;
}

/* Lync clients ask for what came later, delegates, by an element of its own. */
static int read_parts(const xmlNode *root, struct hg_roaming *ret, struct hg_doc_err *err)
{
	int rc = 0;

	HG_XML_EACH(node, root, "roaming", HG_NS_ROAMING)
	{
		if ((rc = read_part(node, ret, err)))
			return rc;
	}
	HG_XML_EACH(node, root, "roamingEx", HG_NS_ROAMING_MORE)
	{
		if ((rc = read_part(node, ret, err)))
			return rc;
	}
	return 0;
}

int hg_roaming_read(struct hg_str body, struct hg_roaming *ret, struct hg_doc_err *err)
{
	struct hg_xml xml;

	*ret = (struct hg_roaming){ 0 };
	int rc = hg_xml_parse(body, "roamingList", HG_NS_ROAMING, &xml, err);
	if (!rc)
		rc = read_parts(xml.root, ret, err);
	hg_xml_done(&xml);
	return rc;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/provision.h"

#include "bridge/documents/manifest.h"
#include "bridge/documents/write.h"
#include "bridge/documents/xml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int read_groups(const xmlNode *root, struct hg_provision *ret, struct hg_doc_err *err)
{
	size_t cap = 0;

	HG_XML_EACH(node, root, "provisioningGroup", HG_NS_PROVISION_ASK)
	{
		if (ret->n == HG_PROVISION_MAX)
			return hg_doc_fail(err, -E2BIG, "more than %d groups", HG_PROVISION_MAX);
		hg_grow(&ret->group, &cap, ret->n, sizeof(*ret->group));
		int rc = hg_xml_need_attr(
			node, "name", HG_PROVISION_NAME_MAX, &ret->group[ret->n++], err);
		if (rc)
			return rc;
	}
	return 0;
}

int hg_provision_read(struct hg_str body, struct hg_provision *ret, struct hg_doc_err *err)
{
	struct hg_xml xml;

	*ret = (struct hg_provision){ 0 };
	int rc = hg_xml_parse(body, "provisioningGroupList", HG_NS_PROVISION_ASK, &xml, err);
	if (!rc)
		rc = read_groups(xml.root, ret, err);
	hg_xml_done(&xml);
	return rc;
}

void hg_provision_done(struct hg_provision *provision)
{
	for (size_t i = 0; i < provision->n; i++)
		free(provision->group[i]);
	free(provision->group);
	*provision = (struct hg_provision){ 0 };
}

void hg_provision_group_done(struct hg_provision_group *group)
{
	for (size_t i = 0; i < group->n; i++) {
		free(group->property[i].name);
		free(group->property[i].value);
	}
	free(group->property);
	free(group->name);
	*group = (struct hg_provision_group){ 0 };
}

/* ---- groups that clients are known to ask for ---- */

#define WHOLE_GRAMMAR "publicationGrammar"

static const struct {
	const char *name;
	enum hg_provision_form form;
} known[] = {
	{ "ServerConfiguration", HG_PROVISION_ELEMENTS },
	{ "userSetting", HG_PROVISION_ELEMENTS },
	{ "ucPolicy", HG_PROVISION_INSTANCE },
	{ "meetingPolicy", HG_PROVISION_INSTANCE },
	{ "presencePolicyV2", HG_PROVISION_ENTRIES },
	{ "endpointConfiguration", HG_PROVISION_ENTRIES },
	{ "persistentChatConfiguration", HG_PROVISION_ENTRIES },
	{ "mediaConfiguration", HG_PROVISION_ENTRIES },
	{ "locationPolicy", HG_PROVISION_ENTRIES },
	{ "mobilityPolicy", HG_PROVISION_ENTRIES },
	{ WHOLE_GRAMMAR, HG_PROVISION_GRAMMAR },
	{ "privacyPublicationGrammar", HG_PROVISION_GRAMMAR },
};

enum { KNOWN = sizeof(known) / sizeof(known[0]) };

enum hg_provision_form hg_provision_form(struct hg_str group)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (hg_str_is(group, known[i].name))
			return known[i].form;
	return HG_PROVISION_ENTRIES;
}

const char *hg_provision_known(struct hg_str group)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (hg_str_ieq(group, hg_str(known[i].name)))
			return known[i].name;
	return NULL;
}

/* ---- the answer ---- */

static void write_named(struct hg_buf *out, const struct hg_property *p)
{
	hg_buf_adds(out, "<property");
	hg_write_attr(out, "name", hg_str(p->name));
	hg_buf_addc(out, '>');
	hg_buf_add_xml(out, hg_str(p->value));
	hg_buf_adds(out, "</property>");
}

static void write_element(struct hg_buf *out, const struct hg_property *p)
{
	hg_buf_addf(out, "<%s>", p->name);
	hg_buf_add_xml(out, hg_str(p->value));
	hg_buf_addf(out, "</%s>", p->name);
}

static void write_properties(struct hg_buf *out, const struct hg_provision_group *group)
{
	enum hg_provision_form form = hg_provision_form(hg_str(group->name));
	const char *around = form == HG_PROVISION_ENTRIES ? "propertyEntryList"
		: form == HG_PROVISION_INSTANCE           ? "instance"
							  : NULL;

	if (around && group->n)
		hg_buf_addf(out, "<%s>", around);
	for (size_t i = 0; i < group->n; i++)
		(around ? write_named : write_element)(out, &group->property[i]);
	if (around && group->n)
		hg_buf_addf(out, "</%s>", around);
}

/* With privacy mode nothing is published to anybody by default, so it has no rules for that (EP 3.6). */
static void write_grammar(
	struct hg_buf *out, struct hg_str name, const struct hg_provision_offer *offer)
{
	hg_container_manifest_write(out, offer->rule, offer->nrules);
	if (hg_str_is(name, WHOLE_GRAMMAR))
		hg_category_manifest_write(out, offer->rule, offer->nrules);
}

static void write_content(
	struct hg_buf *out, struct hg_str name, const struct hg_provision_offer *offer)
{
	if (hg_provision_form(name) == HG_PROVISION_GRAMMAR) {
		write_grammar(out, name, offer);
		return;
	}
	for (size_t i = 0; i < offer->ngroups; i++)
		if (hg_str_is(name, offer->group[i].name))
			write_properties(out, &offer->group[i]);
}

static bool asked_before(const struct hg_provision *asked, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(asked->group[i], asked->group[index]) == 0)
			return true;
	return false;
}

void hg_provision_write(struct hg_buf *out, const struct hg_provision *asked,
	const struct hg_provision_offer *offer)
{
	hg_buf_adds(out, "<provisionGroupList xmlns=\"" HG_NS_PROVISION "\">");
	for (size_t i = 0; i < asked->n; i++) {
		if (asked_before(asked, i))
			continue;
		hg_buf_adds(out, "<provisionGroup");
		hg_write_attr(out, "name", hg_str(asked->group[i]));
		hg_buf_addc(out, '>');
		write_content(out, hg_str(asked->group[i]), offer);
		hg_buf_adds(out, "</provisionGroup>");
	}
	hg_buf_adds(out, "</provisionGroupList>");
}

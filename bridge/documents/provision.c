/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/provision.h"
#include "bridge/documents/write.h"
#include "bridge/documents/xml.h"

#include <errno.h>
#include <stdlib.h>

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

void hg_provision_write(struct hg_buf *out, const struct hg_provision *provision)
{
	hg_buf_adds(out, "<provisionGroupList xmlns=\"" HG_NS_PROVISION "\">");
	for (size_t i = 0; i < provision->n; i++) {
		hg_buf_adds(out, "<provisionGroup");
		hg_write_attr(out, "name", hg_str(provision->group[i]));
		hg_buf_adds(out, "/>");
	}
	hg_buf_adds(out, "</provisionGroupList>");
}

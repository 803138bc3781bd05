/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/batch.h"
#include "bridge/documents/xml.h"

#include <errno.h>
#include <stdlib.h>

static int read_resources(
	const xmlNode *list, struct hg_batch_action *action, size_t *total, struct hg_doc_err *err)
{
	size_t cap = 0;

	HG_XML_EACH(node, list, "resource", HG_NS_BATCH)
	{
		if (++*total > HG_BATCH_RESOURCES_MAX)
			return hg_doc_fail(
				err, -E2BIG, "more than %d resources", HG_BATCH_RESOURCES_MAX);
		hg_grow(&action->resource, &cap, action->nresources, sizeof(*action->resource));
		struct hg_batch_resource *resource = &action->resource[action->nresources++];
		resource->context = hg_xml_child(node, "context", HG_NS_BATCH) != NULL;
		int rc = hg_xml_need_attr(node, "uri", SIZE_MAX, &resource->uri, err);
		if (rc)
			return rc;
	}
	return 0;
}

static void add_part(struct hg_batch_action *action, hg_part part)
{
	for (size_t i = 0; i < action->nparts; i++) {
		if (action->part[i] == part)
			return;
	}
	action->part[action->nparts++] = part;
}

static int read_categories(
	const xmlNode *list, struct hg_batch_action *action, struct hg_doc_err *err)
{
	HG_XML_EACH(node, list, "category", HG_NS_CATEGORY_LIST)
	{
		char *name;
		int rc = hg_xml_need_attr(node, "name", SIZE_MAX, &name, err);
		hg_part part = rc ? HG_CAT_NONE : hg_category_find(hg_str(name));
		if (part != HG_CAT_NONE)
			add_part(action, part);
		free(name);
		if (rc)
			return rc;
	}
	return 0;
}

static int read_name(const xmlNode *node, bool *ret_unsubscribe, struct hg_doc_err *err)
{
	char *name;
	int rc = hg_xml_need_attr(node, "name", SIZE_MAX, &name, err);

	if (!rc) {
		*ret_unsubscribe = hg_str_is(hg_str(name), "unsubscribe");
		if (!*ret_unsubscribe && !hg_str_is(hg_str(name), "subscribe"))
			rc = hg_doc_fail_at(err, -EINVAL, node,
				"action '%.24s' is not subscribe or unsubscribe", name);
	}
	free(name);
	return rc;
}

static int read_action(
	const xmlNode *node, struct hg_batch_action *action, size_t *total, struct hg_doc_err *err)
{
	xmlNode *resources, *categories;
	int rc = read_name(node, &action->unsubscribe, err);

	if (!rc)
		rc = hg_xml_need(node, "adhocList", HG_NS_BATCH, &resources, err);
	if (!rc)
		rc = read_resources(resources, action, total, err);
	if (rc || action->unsubscribe)
		return rc;
	rc = hg_xml_need(node, "categoryList", HG_NS_CATEGORY_LIST, &categories, err);
	return rc ? rc : read_categories(categories, action, err);
}

static int read_actions(const xmlNode *root, struct hg_batch *ret, struct hg_doc_err *err)
{
	size_t cap = 0, total = 0;
	char *uri = hg_xml_attr(root, "uri");

	ret->uri = uri ? uri : hg_str_dup(HG_STR(""));
	HG_XML_EACH(node, root, "action", HG_NS_BATCH)
	{
		if (ret->nactions == HG_BATCH_ACTIONS_MAX)
			return hg_doc_fail(
				err, -E2BIG, "more than %d actions", HG_BATCH_ACTIONS_MAX);
		hg_grow(&ret->action, &cap, ret->nactions, sizeof(*ret->action));
		int rc = read_action(node, &ret->action[ret->nactions++], &total, err);
		if (rc)
			return rc;
	}
	return ret->nactions ? 0
			     : hg_doc_fail_at(err, -EINVAL, root, "element 'action' is missing");
}

int hg_batch_read(struct hg_str body, struct hg_batch *ret, struct hg_doc_err *err)
{
	struct hg_xml xml;

	*ret = (struct hg_batch){ 0 };
	int rc = hg_xml_parse(body, "batchSub", HG_NS_BATCH, &xml, err);
	if (!rc)
		rc = read_actions(xml.root, ret, err);
	hg_xml_done(&xml);
	return rc;
}

void hg_batch_done(struct hg_batch *batch)
{
	for (size_t i = 0; i < batch->nactions; i++) {
		struct hg_batch_action *action = &batch->action[i];
		for (size_t k = 0; k < action->nresources; k++)
			free(action->resource[k].uri);
		free(action->resource);
	}
	free(batch->action);
	free(batch->uri);
	*batch = (struct hg_batch){ 0 };
}

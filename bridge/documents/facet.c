/* SPDX-License-Identifier: Apache-2.0 */
/* Which categories are computed with, and so looked into; of the others the name is enough (EP 1.1). */
#include "bridge/documents/facets_private.h"

#include <errno.h>

static const struct {
	const char *name, *ns;
	bool needed; /* else another element is kept as it is, and nothing is known of it */
} root[HG_CAT_COUNT] = {
	[HG_CAT_STATE] = { "state", HG_NS_STATE, true },
	[HG_CAT_NOTE] = { "note", HG_NS_NOTE, true },
	[HG_CAT_DEVICE] = { "device", HG_NS_DEVICE, false },
	[HG_CAT_CALENDAR_DATA] = { "calendarData", HG_NS_CALENDAR, false },
};

int hg_facet_read(
	const xmlNode *payload, const xmlNode *at, struct hg_change *change, struct hg_doc_err *err)
{
	hg_part category = change->key.category;

	if (!root[category].name)
		return 0;
	if (!hg_xml_is(payload, root[category].name, root[category].ns))
		return !root[category].needed
			? 0
			: hg_doc_fail_at(err, -EINVAL, at,
				  "payload is not element '%s'", root[category].name);
	if (category == HG_CAT_STATE)
		return hg_state_read(payload, &change->state, err);
	if (category == HG_CAT_NOTE)
		return hg_note_read(payload, &change->note, err);
	if (category == HG_CAT_CALENDAR_DATA)
		return hg_calendar_read(payload, &change->calendar);
	return hg_device_read(payload, &change->device, err);
}

int hg_facet_decode(struct hg_change *change, struct hg_doc_err *err)
{
	hg_part category = change->key.category;
	struct hg_xml xml;

	if (!root[category].name)
		return 0;
	int rc = hg_xml_parse_any(hg_bytes_str(change->payload), &xml, err);
	if (!rc)
		rc = hg_facet_read(xml.root, xml.root, change, err);
	hg_xml_done(&xml);
	return rc;
}

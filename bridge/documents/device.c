/* SPDX-License-Identifier: Apache-2.0 */
/* Categories `device` and `services` (EP 1.8, 1.9): what one device can do, and a person by all of them. */
#include "bridge/documents/facets_private.h"
#include "bridge/documents/write.h"

#include <ctype.h>
#include <stdlib.h>

static const char *const names[HG_CAPABILITIES] = {
	[HG_CAN_CCCP] = "CCCP",
	[HG_CAN_CALENDAR] = "calendar",
	[HG_CAN_REMOTE_CALL_CONTROL] = "remoteCallControl",
	[HG_CAN_VOICE] = "voice",
	[HG_CAN_VIDEO] = "video",
	[HG_CAN_TEXT] = "text",
	[HG_CAN_GIF_INK] = "gifInk",
	[HG_CAN_ISF_INK] = "isfInk",
	[HG_CAN_BREAKTHROUGH] = "breakthrough",
	[HG_CAN_APPLICATION_SHARING] = "applicationSharing",
	[HG_CAN_UCS] = "ucs",
	[HG_CAN_CONTAINER_INTEGRITY] = "containerIntegrity",
	[HG_CAN_WHITEBOARD] = "contentWhiteboard",
	[HG_CAN_POLL] = "contentPoll",
	[HG_CAN_POWERPOINT] = "contentPowerPoint",
	[HG_CAN_NATIVE_FILE] = "contentNativeFile",
	[HG_CAN_CONF_INVITE] = "confInvite",
};

/* What watchers are told of (EP 1.9). */
static const uint32_t shown = 1u << HG_CAN_TEXT | 1u << HG_CAN_GIF_INK | 1u << HG_CAN_ISF_INK |
	1u << HG_CAN_APPLICATION_SHARING | 1u << HG_CAN_VOICE | 1u << HG_CAN_VIDEO |
	1u << HG_CAN_WHITEBOARD | 1u << HG_CAN_POLL | 1u << HG_CAN_POWERPOINT |
	1u << HG_CAN_NATIVE_FILE;

static int read_flag(
	const xmlNode *node, const char *name, uint32_t bit, uint32_t *mask, struct hg_doc_err *err)
{
	bool is = false;
	int rc = hg_xml_bool(node, name, &is, err);

	if (!rc && is)
		*mask |= bit;
	return rc;
}

static int read_capability(const xmlNode *node, struct hg_device *d, struct hg_doc_err *err)
{
	int i = 0, rc;

	while (i < HG_CAPABILITIES && !hg_xml_is(node, names[i], HG_NS_DEVICE))
		i++;
	if (i == HG_CAPABILITIES)
		return 0; /* of a later schema, or an extension */
	d->named |= 1u << i;
	rc = read_flag(node, "capture", 1u << i, &d->capture, err);
	if (!rc)
		rc = read_flag(node, "render", 1u << i, &d->render, err);
	return rc ? rc : read_flag(node, "publish", 1u << i, &d->publish, err);
}

int hg_device_read(const xmlNode *node, struct hg_device **ret, struct hg_doc_err *err)
{
	struct hg_device d = { 0 };
	char *id = hg_xml_attr(node, "endpointId");
	int rc = 0;

	for (char *p = id; p && *p; p++)
		*p = (char)tolower((unsigned char)*p);
	if (id && *id)
		d.id = hg_bytes_new(hg_str(id));
	free(id);
	const xmlNode *all = hg_xml_child(node, "capabilities", HG_NS_DEVICE);
	for (const xmlNode *n = all ? hg_xml_element(all) : NULL; n && !rc;
		n = hg_xml_element_after(n))
		rc = read_capability(n, &d, err);
	if (!rc)
		*ret = hg_device_new(&d);
	hg_bytes_unref(d.id);
	return rc;
}

static void add_flag(struct hg_buf *out, const char *name, uint32_t mask, int i)
{
	hg_buf_addf(out, " %s=\"%s\"", name, mask & 1u << i ? "true" : "false");
}

void hg_services_write(
	struct hg_buf *out, const struct hg_services *s, struct hg_str uri, bool full)
{
	hg_buf_adds(out, "<services xmlns=\"" HG_NS_SERVICE "\"><service");
	hg_write_sip_attr(out, "uri", uri);
	hg_buf_adds(out, "><capabilities>");
	for (int i = 0; i < HG_CAPABILITIES; i++) {
		if (!(s->named & 1u << i) || (!full && !(shown & 1u << i)))
			continue;
		hg_buf_addf(out, "<%s", names[i]);
		add_flag(out, "capture", s->capture, i);
		add_flag(out, "render", s->render, i);
		if (full)
			add_flag(out, "publish", s->publish, i);
		hg_write_number_attr(out, "deviceAvailability", s->availability[i]);
		hg_buf_adds(out, "/>");
	}
	hg_buf_adds(out, "</capabilities></service></services>");
}

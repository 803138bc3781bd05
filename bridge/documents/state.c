/* SPDX-License-Identifier: Apache-2.0 */
/* Category `state` (EP 1.4). */
#include "bridge/documents/facets_private.h"
#include "bridge/documents/write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* xsi:type of each kind; aggregates are what HG_STATE_OTHER is written as. */
static const char *const kind_names[] = {
	[HG_STATE_OTHER] = "aggregateState",
	[HG_STATE_MACHINE] = "machineState",
	[HG_STATE_USER] = "userState",
	[HG_STATE_CALENDAR] = "calendarState",
	[HG_STATE_PHONE] = "phoneState",
	[HG_STATE_AGGREGATE] = "aggregateState",
	[HG_STATE_AGGREGATE_MACHINE] = "aggregateMachineState",
};

#define NKINDS (sizeof(kind_names) / sizeof(kind_names[0]))
#define LCID_FALLBACK 1033 /* what clients show when they have no text in their own language */

/* xsi:type, a QName; without a namespace too, as pidgin-sipe reads it itself. */
static enum hg_state_kind read_kind(const xmlNode *node)
{
	xmlChar *type = xmlGetNsProp(node, (const xmlChar *)"type", (const xmlChar *)HG_NS_XSI);
	enum hg_state_kind kind = HG_STATE_OTHER;

	if (!type)
		type = xmlGetNoNsProp(node, (const xmlChar *)"type");
	if (!type)
		return HG_STATE_OTHER;

	const char *colon = strchr((const char *)type, ':');
	struct hg_str name = hg_str_trim(hg_str(colon ? colon + 1 : (const char *)type));
	for (size_t i = HG_STATE_OTHER + 1; i < NKINDS; i++) {
		if (hg_str_is(name, kind_names[i]))
			kind = (enum hg_state_kind)i;
	}
	xmlFree(type);
	return kind;
}

/* One that is not a number is refused for the watchers' sake, of whatever namespace and wherever it
 * stands: pidgin-sipe looks at local names only, and does not survive reading an empty one. */
static int check_availabilities(const xmlNode *node, struct hg_doc_err *err)
{
	uint32_t number;
	int rc = 0;

	for (const xmlNode *n = hg_xml_element(node); n && !rc; n = hg_xml_element_after(n)) {
		if (strcmp((const char *)n->name, "availability") != 0)
			continue;
		char *text = hg_xml_text(n);
		if (!hg_str_u32(hg_str_trim(hg_str(text)), &number))
			rc = hg_doc_fail_at(err, -EINVAL, n, "'%.24s' is not a number", text);
		free(text);
	}
	return rc;
}

static int read_availability(const xmlNode *node, struct hg_state *state, struct hg_doc_err *err)
{
	const xmlNode *child = hg_xml_child(node, "availability", HG_NS_STATE);
	int rc = check_availabilities(node, err);

	if (!child || rc)
		return rc;
	char *text = hg_xml_text(child);
	hg_str_u32(hg_str_trim(hg_str(text)), &state->availability);
	free(text);
	return 0;
}

/* In whatever case it comes, clients know tokens in lower case only (IW T22). */
static int read_token(const xmlNode *activity, struct hg_state *state, struct hg_doc_err *err)
{
	char *token = hg_xml_attr(activity, "token");
	int rc = 0;

	if (token && strlen(token) >= sizeof(state->token))
		rc = hg_doc_fail_at(err, -E2BIG, activity,
			"attribute 'token' is longer than %zu bytes", sizeof(state->token) - 1);
	for (size_t i = 0; !rc && token && i <= strlen(token); i++)
		state->token[i] = token[i] >= 'A' && token[i] <= 'Z' ? token[i] - 'A' + 'a'
								     : token[i];
	free(token);
	return rc;
}

static int read_custom(const xmlNode *activity, struct hg_state *state, struct hg_doc_err *err)
{
	const xmlNode *custom = hg_xml_child(activity, "custom", HG_NS_STATE);

	if (!custom)
		return 0;
	char *text = hg_xml_text(custom);
	if (*text)
		state->custom = hg_bytes_new(hg_str(text));
	free(text);
	return hg_xml_u32(custom, "LCID", UINT32_MAX, &state->lcid, err);
}

static int read_activity(const xmlNode *node, struct hg_state *state, struct hg_doc_err *err)
{
	const xmlNode *activity = hg_xml_child(node, "activity", HG_NS_STATE);
	int rc;

	if (!activity)
		return 0;
	rc = read_token(activity, state, err);
	if (!rc)
		rc = hg_xml_u32(activity, "minAvailability", UINT32_MAX, &state->min, err);
	if (!rc)
		rc = hg_xml_u32(activity, "maxAvailability", UINT32_MAX, &state->max, err);
	return rc ? rc : read_custom(activity, state, err);
}

int hg_state_read(const xmlNode *node, struct hg_state *ret, struct hg_doc_err *err)
{
	int rc;

	ret->kind = read_kind(node);
	ret->max = UINT32_MAX;
	rc = hg_xml_bool(node, "manual", &ret->manual, err);
	if (!rc)
		rc = hg_xml_time(node, "startTime", &ret->start, err);
	if (!rc)
		rc = hg_xml_time(node, "lastActive", &ret->last_active, err);
	if (!rc)
		rc = read_availability(node, ret, err);
	return rc ? rc : read_activity(node, ret, err);
}

int hg_state_decode(struct hg_str payload, struct hg_state *ret, struct hg_doc_err *err)
{
	struct hg_xml xml;

	*ret = (struct hg_state){ 0 };
	int rc = hg_xml_parse(payload, "state", HG_NS_STATE, &xml, err);
	if (!rc)
		rc = hg_state_read(xml.root, ret, err);
	hg_xml_done(&xml);
	return rc;
}

static void add_activity(struct hg_buf *out, const struct hg_state *state)
{
	if (!state->token[0] && !state->custom)
		return;
	hg_buf_adds(out, "<activity");
	if (state->token[0])
		hg_write_attr(out, "token", hg_str(state->token));
	if (state->min)
		hg_buf_addf(out, " minAvailability=\"%u\"", (unsigned)state->min);
	if (state->max && state->max != UINT32_MAX)
		hg_buf_addf(out, " maxAvailability=\"%u\"", (unsigned)state->max);
	if (!state->custom) {
		hg_buf_adds(out, "/>");
		return;
	}
	hg_buf_addf(out, "><custom LCID=\"%u\">",
		(unsigned)(state->lcid ? state->lcid : LCID_FALLBACK));
	hg_buf_add_xml(out, hg_bytes_str(state->custom));
	hg_buf_adds(out, "</custom></activity>");
}

void hg_state_write(struct hg_buf *out, const struct hg_state *state)
{
	hg_buf_adds(out, "<state xmlns=\"" HG_NS_STATE "\" xmlns:xsi=\"" HG_NS_XSI "\"");
	/* Only what endpoints publish is the user's own doing or not. */
	if (state->kind >= HG_STATE_MACHINE && state->kind <= HG_STATE_PHONE)
		hg_buf_addf(out, " manual=\"%s\"", state->manual ? "true" : "false");
	hg_write_time_attr(out, "startTime", state->start);
	hg_write_time_attr(out, "lastActive", state->last_active);
	hg_buf_addf(out, " xsi:type=\"%s\"><availability>%u</availability>",
		kind_names[state->kind], (unsigned)state->availability);
	add_activity(out, state);
	hg_buf_adds(out, "</state>");
}

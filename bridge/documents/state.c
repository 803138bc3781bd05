/* SPDX-License-Identifier: Apache-2.0 */
/* Category `state` (EP 1.4). */
#include "bridge/base/lcid.h"
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

static int read_custom(const xmlNode *custom, struct hg_text *ret, struct hg_doc_err *err)
{
	char *text = hg_xml_text(custom);

	*ret = (struct hg_text){ .lcid = HG_LCID_ENGLISH,
		.text = *text ? hg_bytes_new(hg_str(text)) : NULL };
	free(text);
	return hg_xml_u32(custom, "LCID", UINT32_MAX, &ret->lcid, err);
}

/* One in each language. */
static int read_customs(const xmlNode *activity, struct hg_state *state, struct hg_doc_err *err)
{
	struct hg_text v[HG_TEXTS_MAX];
	size_t n = 0;
	int rc = 0;

	HG_XML_EACH(custom, activity, "custom", HG_NS_STATE)
	{
		if (n == HG_TEXTS_MAX)
			rc = hg_doc_fail_at(
				err, -E2BIG, activity, "more than %d texts", HG_TEXTS_MAX);
		else
			rc = read_custom(custom, &v[n], err);
		n += !rc && v[n].text;
		if (rc)
			break;
	}
	if (rc && n < HG_TEXTS_MAX)
		hg_bytes_unref(v[n].text);
	if (!rc)
		state->custom = hg_texts_new(v, n);
	while (n)
		hg_bytes_unref(v[--n].text);
	return rc;
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
	return rc ? rc : read_customs(activity, state, err);
}

/* Of the element's text; NULL when there is none. */
static struct hg_bytes *read_text(const xmlNode *node, const char *name)
{
	const xmlNode *child = hg_xml_child(node, name, HG_NS_STATE);
	struct hg_bytes *ret = NULL;

	if (!child)
		return NULL;
	char *text = hg_xml_text(child);
	struct hg_str s = hg_str_trim(hg_str(text));
	if (s.n)
		ret = hg_bytes_new(s);
	free(text);
	return ret;
}

/* A signed number of minutes; one that is none counts as not said: nobody computes with it. */
static int32_t read_bias(const xmlNode *node)
{
	struct hg_bytes *text = read_text(node, "timeZoneBias");
	uint32_t minutes = 0;
	bool behind = false;

	if (text) {
		struct hg_str s = hg_bytes_str(text);

		behind = s.p[0] == '-';
		if (behind)
			s.p++, s.n--;
		if (!hg_str_u32(s, &minutes) || minutes > 24 * 60)
			minutes = 0;
	}
	hg_bytes_unref(text);
	return behind ? -(int32_t)minutes : (int32_t)minutes;
}

/* What stands between <delimiter/> and <end/> is of the same namespace, and beside the rest. */
static void read_details(const xmlNode *node, struct hg_state *state)
{
	struct hg_bytes *device = read_text(node, "device");
	struct hg_details d = {
		.location = read_text(node, "endpointLocation"),
		.zone = read_text(node, "timeZoneName"),
		.subject = read_text(node, "meetingSubject"),
		.place = read_text(node, "meetingLocation"),
	};

	if (d.zone) {
		d.zone_abbreviation = read_text(node, "timeZoneAbbreviation");
		d.zone_bias = read_bias(node);
	}
	if (device && device->n < sizeof(d.device))
		memcpy(d.device, device->p, device->n);
	state->details = hg_details_new(&d);
	hg_bytes_unref(device);
	hg_bytes_unref(d.location);
	hg_bytes_unref(d.zone);
	hg_bytes_unref(d.zone_abbreviation);
	hg_bytes_unref(d.subject);
	hg_bytes_unref(d.place);
}

int hg_state_read(const xmlNode *node, struct hg_state *ret, struct hg_doc_err *err)
{
	int rc;

	ret->kind = read_kind(node);
	ret->max = UINT32_MAX;
	read_details(node, ret);
	rc = hg_xml_bool(node, "manual", &ret->manual, err);
	if (!rc)
		rc = hg_xml_time(node, "startTime", &ret->start, err);
	if (!rc)
		rc = hg_xml_time(node, "lastActive", &ret->last_active, err);
	if (!rc)
		rc = read_availability(node, ret, err);
	return rc ? rc : read_activity(node, ret, err);
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
	hg_buf_addc(out, '>');
	for (size_t i = 0; i < state->custom->n; i++) {
		const struct hg_text *t = &state->custom->v[i];

		hg_buf_addf(out, "<custom LCID=\"%u\">", (unsigned)t->lcid);
		hg_buf_add_xml(out, hg_bytes_str(t->text));
		hg_buf_adds(out, "</custom>");
	}
	hg_buf_adds(out, "</activity>");
}

static void add_text(struct hg_buf *out, const char *name, const struct hg_bytes *text)
{
	if (!text)
		return;
	hg_buf_addf(out, "<%s>", name);
	hg_buf_add_xml(out, hg_bytes_str(text));
	hg_buf_addf(out, "</%s>", name);
}

/* The later elements of the schema stand between markers (EP 1.3.3). */
static void add_details(struct hg_buf *out, const struct hg_details *d)
{
	if (!d)
		return;
	add_text(out, "endpointLocation", d->location);
	add_text(out, "meetingSubject", d->subject);
	add_text(out, "meetingLocation", d->place);
	if (!d->zone && !d->device[0])
		return;
	hg_buf_adds(out, "<delimiter xmlns=\"" HG_NS_COMMON "\"/>");
	if (d->zone)
		hg_buf_addf(out, "<timeZoneBias>%d</timeZoneBias>", (int)d->zone_bias);
	add_text(out, "timeZoneName", d->zone);
	if (d->zone)
		add_text(out, "timeZoneAbbreviation", d->zone_abbreviation);
	if (d->device[0]) {
		hg_buf_adds(out, "<device>");
		hg_buf_add_xml(out, hg_str(d->device));
		hg_buf_adds(out, "</device>");
	}
	hg_buf_adds(out, "<end xmlns=\"" HG_NS_COMMON "\"/>");
}

void hg_state_write(struct hg_buf *out, const struct hg_state *state)
{
	hg_buf_adds(out, "<state xmlns=\"" HG_NS_STATE "\" xmlns:xsi=\"" HG_NS_XSI "\"");
	/* Only what endpoints publish is the user's own doing or not. */
	if (state->kind >= HG_STATE_MACHINE && state->kind <= HG_STATE_PHONE)
		hg_buf_addf(out, " manual=\"%s\"", state->manual ? "true" : "false");
	hg_write_time_attr(out, "startTime", state->start);
	hg_write_time_attr(out, "lastActive", state->last_active);
	if (state->details && state->details->endpoint)
		hg_write_attr(out, "endpointId", hg_bytes_str(state->details->endpoint));
	hg_buf_addf(out, " xsi:type=\"%s\"><availability>%u</availability>",
		kind_names[state->kind], (unsigned)state->availability);
	add_activity(out, state);
	add_details(out, state->details);
	hg_buf_adds(out, "</state>");
}

void hg_legacy_write(struct hg_buf *out, const struct hg_state *state)
{
	hg_buf_adds(out, "<legacyInterop xmlns=\"" HG_NS_CATEGORIES "\"");
	hg_write_number_attr(out, "availability", state->availability);
	if (state->token[0])
		hg_write_attr(out, "token", hg_str(state->token));
	hg_buf_adds(out, "/>");
}

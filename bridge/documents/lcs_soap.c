/* SPDX-License-Identifier: Apache-2.0 */
/* setPresence and setACE as pidgin-sipe writes them. */
#include "bridge/documents/contacts.h"
#include "bridge/documents/lcs_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- setPresence ---- */

/* Of the method's own namespace, or of none. */
static char *read_attr(const xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNsProp(node, (const xmlChar *)name, (const xmlChar *)HG_NS_WINRTC);

	if (!value)
		return hg_xml_attr(node, name);
	char *copy = hg_str_dup(hg_str((const char *)value));
	xmlFree(value);
	return copy;
}

static int read_aggregate(
	const xmlNode *presentity, const char *name, uint32_t *ret, struct hg_doc_err *err)
{
	xmlNode *node;
	int rc = hg_xml_need(presentity, name, HG_NS_WINRTC, &node, err);

	if (rc)
		return rc;
	char *text = read_attr(node, "aggregate");
	if (!text || !hg_str_u32(hg_str_trim(hg_str(text)), ret))
		rc = hg_doc_fail_at(err, -EINVAL, node, "attribute 'aggregate' is no number");
	free(text);
	return rc;
}

static int read_choice(const xmlNode *info, struct hg_state *ret, struct hg_doc_err *err)
{
	const xmlNode *states = hg_xml_child(info, "states", HG_NS_LCS_PRESENCE);
	const xmlNode *node = hg_xml_child(states, "state", HG_NS_LCS_PRESENCE);
	bool nil = false;
	int rc = node ? hg_xml_bool(node, "nil", &nil, err) : 0;

	if (!node || nil || rc)
		return rc;
	rc = hg_xml_need_u32(node, "avail", 100000, &ret->availability, err);
	if (!rc && hg_band_of(ret->availability) == HG_BAND_UNKNOWN)
		rc = hg_doc_fail_at(err, -EINVAL, node, "attribute 'avail' is below 3000");
	ret->kind = HG_STATE_USER;
	ret->manual = true;
	ret->max = UINT32_MAX;
	return rc;
}

static int read_note(const xmlNode *info, struct hg_note *ret, struct hg_doc_err *err)
{
	const xmlNode *node = hg_xml_child(info, "note", HG_NS_LCS_PRESENCE);
	int rc = 0;

	if (!node)
		return 0;
	char *text = hg_xml_text(node);
	if (strlen(text) > HG_LCS_NOTE_MAX)
		rc = hg_doc_fail_at(
			err, -E2BIG, node, "longer than %d bytes", (int)HG_LCS_NOTE_MAX);
	else if (*text)
		ret->text = hg_bytes_new(hg_str(text));
	ret->oof = hg_xml_child(info, "oof", HG_NS_LCS_PRESENCE) != NULL;
	free(text);
	return rc;
}

static bool is_idle(const xmlNode *presentity)
{
	const xmlNode *device = hg_xml_child(presentity, "device", HG_NS_LCS_PRESENCE);
	const xmlNode *input = hg_xml_child(device, "userInput", HG_NS_LCS_PRESENCE);

	if (!input)
		return false;
	char *text = hg_xml_text(input);
	bool idle = hg_str_is(hg_str_trim(hg_str(text)), "idle");
	free(text);
	return idle;
}

int hg_lcs_presence_read(const xmlNode *method, struct hg_lcs_presence *ret, struct hg_doc_err *err)
{
	xmlNode *presentity;
	int rc = hg_xml_need(method, "presentity", HG_NS_WINRTC, &presentity, err);

	if (rc)
		return rc;
	ret->uri = read_attr(presentity, "uri");
	if (!ret->uri)
		return hg_doc_fail_at(err, -EINVAL, presentity, "attribute 'uri' is missing");
	ret->idle = is_idle(presentity);
	const xmlNode *info = hg_xml_child(presentity, "userInfo", HG_NS_LCS_PRESENCE);
	ret->person = info != NULL;
	rc = read_aggregate(presentity, "availability", &ret->availability, err);
	if (!rc)
		rc = read_aggregate(presentity, "activity", &ret->activity, err);
	if (!rc)
		rc = read_choice(info, &ret->choice, err);
	return rc ? rc : read_note(info, &ret->note, err);
}

void hg_lcs_presence_done(struct hg_lcs_presence *p)
{
	free(p->uri);
	hg_state_done(&p->choice);
	hg_note_done(&p->note);
	*p = (struct hg_lcs_presence){ 0 };
}

static bool is_away(uint32_t activity)
{
	return activity < 200 || (activity >= 700 && activity < 800);
}

/* [MS-SIP] 2.2.1: 100 and 700 are Away; 300 to 699 are of the person, who says it in his choice. pidgin-sipe is Away both when
 * its user is and when nobody has touched the keys for long. */
uint32_t hg_lcs_machine(const struct hg_lcs_presence *p)
{
	enum hg_band band = HG_BAND_AVAILABLE;

	if (p->availability < 100)
		band = HG_BAND_OFFLINE;
	else if (is_away(p->activity) && (p->idle || !p->choice.availability))
		band = HG_BAND_AWAY;
	else if (p->idle || (p->activity >= 200 && p->activity < 300))
		band = HG_BAND_AVAILABLE_IDLE;
	return hg_band_canonical(band);
}

/* ---- setACE ---- */

static char *read_text(const xmlNode *method, const char *name)
{
	const xmlNode *node = hg_xml_child(method, name, HG_NS_WINRTC);

	return node ? hg_xml_text(node) : hg_str_dup(HG_STR(""));
}

/* The first letter is about seeing, the second about speaking. Prompting for each request is nothing that the server could do. */
static int read_rights(const xmlNode *method, bool *ret_block, struct hg_doc_err *err)
{
	char *text = read_text(method, "rights");
	struct hg_str rights = hg_str_trim(hg_str(text));
	int rc = 0;

	if (!hg_str_is(rights, "AA") && !hg_str_is(rights, "BD"))
		rc = hg_doc_fail_at(err, -EINVAL, method,
			"rights '%.8s' are not served, but AA to allow and BD to block", text);
	else
		*ret_block = rights.p[0] == 'B';
	free(text);
	return rc;
}

/* Only looked at: what is asked for is absolute and of one user, clients do not ask again when they are told that their number
 * is old, and a block that gets lost is worse than one that is done twice. */
static int read_delta(const xmlNode *method, struct hg_doc_err *err)
{
	char *text = read_text(method, "deltaNum");
	uint32_t delta;
	int rc = 0;

	if (!hg_str_u32(hg_str_trim(hg_str(text)), &delta))
		rc = hg_doc_fail_at(
			err, -EINVAL, method, "element 'deltaNum' is missing, or no number");
	free(text);
	return rc;
}

int hg_lcs_ace_read(const xmlNode *method, struct hg_lcs_ace *ret, struct hg_doc_err *err)
{
	char *type = read_text(method, "type");
	int rc = 0;

	ret->mask = read_text(method, "mask");
	if (!hg_str_is(hg_str_trim(hg_str(type)), "USER"))
		rc = hg_doc_fail_at(
			err, -EINVAL, method, "type '%.24s' is not served, but USER", type);
	else if (!*ret->mask)
		rc = hg_doc_fail_at(err, -EINVAL, method, "element 'mask' is missing or empty");
	else if (strlen(ret->mask) > HG_CONTACT_URI_MAX)
		rc = hg_doc_fail_at(
			err, -E2BIG, method, "mask is longer than %d bytes", HG_CONTACT_URI_MAX);
	free(type);
	if (!rc)
		rc = read_rights(method, &ret->block, err);
	return rc ? rc : read_delta(method, err);
}

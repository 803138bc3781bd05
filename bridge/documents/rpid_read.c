/* SPDX-License-Identifier: Apache-2.0 */
/* RPID as it comes: of RFC 4480, and of the drafts before it that phones still speak. */
#include "bridge/documents/pidf_private.h"

#include <errno.h>
#include <stdlib.h>

/* ---- lists of names ---- */

/* <busy/>, or <activity>busy</activity> as drafts had it; <other>text</other>, or somebody's own element: its name. */
static int read_value(const xmlNode *node, enum hg_rpid_list list, struct hg_rpid_values *v,
	struct hg_doc_err *err)
{
	struct hg_bytes *word = NULL;
	int value = hg_rpid_find(list, hg_str((const char *)node->name)), rc = 0;
	bool draft = list == HG_RPID_ACTIVITIES && hg_named(node, "activity");

	if (value < 0 && (draft || hg_named(node, "other")))
		rc = hg_word_read(node, HG_RPID_TEXT_MAX, &word, err);
	else if (value < 0)
		word = hg_bytes_new(hg_str((const char *)node->name));
	if (draft && word)
		value = hg_rpid_find(list, hg_bytes_str(word));
	if (!rc && value < 0 && word->n > HG_RPID_TEXT_MAX)
		rc = hg_doc_fail_at(
			err, -E2BIG, node, "name is longer than %d bytes", HG_RPID_TEXT_MAX);
	if (!rc && value < 0 && !v->other)
		v->other = hg_bytes_ref(word);
	else if (!rc && value >= 0)
		v->set |= UINT64_C(1) << value;
	hg_bytes_unref(word);
	return rc;
}

static int read_values(const xmlNode *node, enum hg_rpid_list list, struct hg_rpid_values *v,
	struct hg_doc_err *err)
{
	int rc = hg_xml_time(node, "from", &v->from, err);

	if (!rc)
		rc = hg_xml_time(node, "until", &v->until, err);
	for (const xmlNode *n = hg_xml_element(node); n && !rc; n = hg_xml_element_after(n)) {
		if (hg_named(n, "note"))
			rc = hg_note_add(n, &v->notes, err);
		else
			rc = read_value(n, list, v, err);
	}
	return rc;
}

static int read_list(
	const xmlNode *node, enum hg_rpid_list list, struct hg_rpid *rpid, struct hg_doc_err *err)
{
	struct hg_rpid_spans *spans = &rpid->list[list];

	if (spans->n == HG_RPID_SPANS_MAX)
		return hg_doc_fail_at(err, -E2BIG, node->parent, "more than %d '%s' elements",
			HG_RPID_SPANS_MAX, hg_rpid_element[list]);
	spans->v = hg_realloc(spans->v, (spans->n + 1) * sizeof(*spans->v));
	spans->v[spans->n] = (struct hg_rpid_values){ 0 };
	return read_values(node, list, &spans->v[spans->n++], err);
}

/* ---- the others ---- */

static const char *const media[HG_RPID_MEDIA] = { "audio", "video", "text" };

static int read_place_is(const xmlNode *node, struct hg_rpid *rpid, struct hg_doc_err *err)
{
	struct hg_rpid_place_is *p = &rpid->place_is;
	int rc = hg_xml_time(node, "from", &p->from, err);

	if (!rc)
		rc = hg_xml_time(node, "until", &p->until, err);
	for (int medium = 0; medium < HG_RPID_MEDIA && !rc; medium++) {
		const xmlNode *kind = hg_xml_child(node, media[medium], HG_NS_RPID);
		const xmlNode *is = kind ? hg_xml_element(kind) : NULL;
		const char *name;

		for (uint8_t i = 1; is && (name = hg_rpid_place_is_name(medium, i)); i++)
			p->is[medium] = hg_named(is, name) ? i : p->is[medium];
	}
	return rc;
}

/* <work/>, <home/>, <unknown/>, somebody's own element, or a text. */
static int read_sphere(const xmlNode *node, struct hg_rpid *rpid, struct hg_doc_err *err)
{
	const xmlNode *child = hg_xml_element(node);
	struct hg_str name = hg_str(child ? (const char *)child->name : NULL);

	if (!child)
		return hg_word_read(node, HG_RPID_TEXT_MAX, &rpid->sphere, err);
	if (name.n > HG_RPID_TEXT_MAX)
		return hg_doc_fail_at(
			err, -E2BIG, child, "name is longer than %d bytes", HG_RPID_TEXT_MAX);
	if (!rpid->sphere)
		rpid->sphere = hg_bytes_new(name);
	return 0;
}

/* One that is no number of minutes counts as not said: nobody computes with it. */
static int read_offset(const xmlNode *node, struct hg_rpid *rpid, struct hg_doc_err *err)
{
	char *text = hg_xml_text(node);
	int64_t minutes;

	if (hg_str_i64(hg_str_trim(hg_str(text)), &minutes) && minutes >= -24 * 60 &&
		minutes <= 24 * 60) {
		rpid->has_offset = true;
		rpid->offset = (int32_t)minutes;
	}
	free(text);
	return 0;
}

/* `since` is what RFC 5025 calls `last-input`. */
static int read_input(const xmlNode *node, struct hg_rpid *rpid, struct hg_doc_err *err)
{
	char *text = hg_xml_text(node);
	struct hg_str word = hg_str_trim(hg_str(text));

	rpid->input = hg_str_is(word, "idle") ? HG_INPUT_IDLE
		: hg_str_is(word, "active")   ? HG_INPUT_ACTIVE
					      : HG_INPUT_NOT_SAID;
	free(text);
	int rc = hg_xml_u32(node, "idle-threshold", UINT32_MAX, &rpid->idle_threshold, err);
	if (!rc)
		rc = hg_xml_time(node, "since", &rpid->last_input, err);
	return rc ? rc : hg_xml_time(node, "last-input", &rpid->last_input, err);
}

static int read_class(const xmlNode *node, struct hg_rpid *rpid, struct hg_doc_err *err)
{
	return hg_word_read(node, HG_RPID_TEXT_MAX, &rpid->class, err);
}

static int read_device(const xmlNode *node, struct hg_rpid *rpid, struct hg_doc_err *err)
{
	return hg_word_read(node, HG_PIDF_URI_MAX, &rpid->device, err);
}

static int read_icon(const xmlNode *node, struct hg_rpid *rpid, struct hg_doc_err *err)
{
	return hg_word_read(node, HG_PIDF_URI_MAX, &rpid->status_icon, err);
}

static const struct {
	const char *name;
	int (*read)(const xmlNode *, struct hg_rpid *, struct hg_doc_err *);
} elements[] = {
	{ "class", read_class },
	{ "deviceID", read_device },
	{ "place-is", read_place_is },
	{ "sphere", read_sphere },
	{ "status-icon", read_icon },
	{ "time-offset", read_offset },
	{ "user-input", read_input },
};

int hg_rpid_read(const xmlNode *node, struct hg_rpid *rpid, bool *ret_known, struct hg_doc_err *err)
{
	bool model = hg_named(node, "deviceID") && hg_in_ns(node, HG_NS_DATA_MODEL);

	*ret_known = true;
	if (!hg_in_rpid(node) && !model)
		return *ret_known = false, 0;
	for (int list = 0; list < HG_RPID_LISTS; list++) {
		if (hg_named(node, hg_rpid_element[list]))
			return read_list(node, list, rpid, err);
	}
	for (size_t i = 0; i < sizeof(elements) / sizeof(*elements); i++) {
		if (hg_named(node, elements[i].name))
			return elements[i].read(node, rpid, err);
	}
	*ret_known = false;
	return 0;
}

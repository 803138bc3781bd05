/* SPDX-License-Identifier: Apache-2.0 */
/* RPID by the alphabet, notes first (RFC 4480 5), and only where its table allows it. */
#include "bridge/documents/pidf_private.h"
#include "bridge/documents/write.h"

#define R "rpid:"

/* ---- lists of names ---- */

static void add_names(struct hg_buf *out, enum hg_rpid_list list, const struct hg_rpid_values *v)
{
	const char *prefix = list == HG_RPID_PLACE_TYPE ? "lt:" : R, *name;

	for (unsigned value = 0; (name = hg_rpid_name(list, value)); value++) {
		if (!(v->set >> value & 1))
			continue;
		hg_buf_addc(out, '<');
		hg_buf_adds(out, prefix);
		hg_buf_adds(out, name);
		hg_buf_adds(out, "/>");
	}
	hg_write_text(out, list == HG_RPID_PLACE_TYPE ? "lt:other" : R "other", v->other);
}

static void add_span(struct hg_buf *out, enum hg_rpid_list list, const struct hg_rpid_values *v)
{
	if (!v->set && !v->other)
		return;
	hg_buf_adds(out, "<" R);
	hg_buf_adds(out, hg_rpid_element[list]);
	hg_write_time_attr(out, "from", v->from);
	hg_write_time_attr(out, "until", v->until);
	hg_buf_addc(out, '>');
	hg_notes_write(out, R "note", &v->notes);
	add_names(out, list, v);
	hg_buf_adds(out, "</" R);
	hg_buf_adds(out, hg_rpid_element[list]);
	hg_buf_addc(out, '>');
}

static void add_list(struct hg_buf *out, const struct hg_rpid *rpid, enum hg_rpid_list list)
{
	for (size_t i = 0; i < rpid->list[list].n; i++)
		add_span(out, list, &rpid->list[list].v[i]);
}

static void add_activities(struct hg_buf *out, const struct hg_rpid *rpid)
{
	add_list(out, rpid, HG_RPID_ACTIVITIES);
}

static void add_mood(struct hg_buf *out, const struct hg_rpid *rpid)
{
	add_list(out, rpid, HG_RPID_MOOD);
}

static void add_place_type(struct hg_buf *out, const struct hg_rpid *rpid)
{
	add_list(out, rpid, HG_RPID_PLACE_TYPE);
}

static void add_privacy(struct hg_buf *out, const struct hg_rpid *rpid)
{
	add_list(out, rpid, HG_RPID_PRIVACY);
}

static void add_relationship(struct hg_buf *out, const struct hg_rpid *rpid)
{
	add_list(out, rpid, HG_RPID_RELATIONSHIP);
}

static void add_service_class(struct hg_buf *out, const struct hg_rpid *rpid)
{
	add_list(out, rpid, HG_RPID_SERVICE_CLASS);
}

/* ---- the others ---- */

static void add_class(struct hg_buf *out, const struct hg_rpid *rpid)
{
	hg_write_text(out, R "class", rpid->class);
}

static void add_icon(struct hg_buf *out, const struct hg_rpid *rpid)
{
	hg_write_text(out, R "status-icon", rpid->status_icon);
}

static void add_place_is(struct hg_buf *out, const struct hg_rpid *rpid)
{
	static const char *const open[HG_RPID_MEDIA] = { "<" R "audio><" R, "<" R "video><" R,
		"<" R "text><" R };
	static const char *const close[HG_RPID_MEDIA] = { "/></" R "audio>", "/></" R "video>",
		"/></" R "text>" };
	const struct hg_rpid_place_is *p = &rpid->place_is;

	if (!p->is[HG_RPID_AUDIO] && !p->is[HG_RPID_VIDEO] && !p->is[HG_RPID_TEXT])
		return;
	hg_buf_adds(out, "<" R "place-is");
	hg_write_time_attr(out, "from", p->from);
	hg_write_time_attr(out, "until", p->until);
	hg_buf_addc(out, '>');
	for (int medium = 0; medium < HG_RPID_MEDIA; medium++) {
		const char *is = hg_rpid_place_is_name(medium, p->is[medium]);

		if (!is)
			continue;
		hg_buf_adds(out, open[medium]);
		hg_buf_adds(out, is);
		hg_buf_adds(out, close[medium]);
	}
	hg_buf_adds(out, "</" R "place-is>");
}

static void add_sphere(struct hg_buf *out, const struct hg_rpid *rpid)
{
	static const char *const known[] = { "home", "unknown", "work" };

	for (size_t i = 0; rpid->sphere && i < sizeof(known) / sizeof(*known); i++) {
		if (!hg_str_is(hg_bytes_str(rpid->sphere), known[i]))
			continue;
		hg_buf_adds(out, "<" R "sphere><" R);
		hg_buf_adds(out, known[i]);
		hg_buf_adds(out, "/></" R "sphere>");
		return;
	}
	hg_write_text(out, R "sphere", rpid->sphere);
}

static void add_offset(struct hg_buf *out, const struct hg_rpid *rpid)
{
	if (rpid->has_offset)
		hg_buf_addf(out, "<" R "time-offset>%d</" R "time-offset>", (int)rpid->offset);
}

static void add_input(struct hg_buf *out, const struct hg_rpid *rpid)
{
	if (!rpid->input)
		return;
	hg_buf_adds(out, "<" R "user-input");
	if (rpid->idle_threshold)
		hg_write_number_attr(out, "idle-threshold", rpid->idle_threshold);
	hg_write_time_attr(out, "last-input", rpid->last_input);
	hg_buf_adds(out, rpid->input == HG_INPUT_IDLE ? ">idle" : ">active");
	hg_buf_adds(out, "</" R "user-input>");
}

static void add_device(struct hg_buf *out, const struct hg_rpid *rpid)
{
	hg_write_text(out, "dm:deviceID", rpid->device);
}

static const struct {
	unsigned places; /* RFC 4480 3.1, table 1 */
	void (*add)(struct hg_buf *, const struct hg_rpid *);
} elements[] = {
	{ HG_RPID_PERSON, add_activities },
	{ HG_RPID_PERSON | HG_RPID_TUPLE | HG_RPID_DEVICE, add_class },
	{ HG_RPID_PERSON, add_mood },
	{ HG_RPID_PERSON, add_place_is },
	{ HG_RPID_PERSON, add_place_type },
	{ HG_RPID_PERSON | HG_RPID_TUPLE, add_privacy },
	{ HG_RPID_TUPLE, add_relationship },
	{ HG_RPID_TUPLE, add_service_class },
	{ HG_RPID_PERSON, add_sphere },
	{ HG_RPID_PERSON | HG_RPID_TUPLE, add_icon },
	{ HG_RPID_PERSON, add_offset },
	{ HG_RPID_PERSON | HG_RPID_TUPLE | HG_RPID_DEVICE, add_input },
	{ HG_RPID_TUPLE, add_device },
};

void hg_rpid_write(struct hg_buf *out, const struct hg_rpid *rpid, enum hg_rpid_place place)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(*elements); i++) {
		if (elements[i].places & place)
			elements[i].add(out, rpid);
	}
}

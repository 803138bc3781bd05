/* SPDX-License-Identifier: Apache-2.0 */
/* PIDF in the order of its schema. */
#include "bridge/address/tuple_id.h"
#include "bridge/documents/pidf_private.h"
#include "bridge/documents/write.h"

#include <string.h>

static void write_timestamp(struct hg_buf *out, const char *name, int64_t utc_ms)
{
	char text[HG_UTC_TEXT];

	if (!utc_ms)
		return;
	hg_utc_write(utc_ms, text);
	hg_buf_addc(out, '<');
	hg_buf_adds(out, name);
	hg_buf_addc(out, '>');
	hg_buf_adds(out, text);
	hg_buf_adds(out, "</");
	hg_buf_adds(out, name);
	hg_buf_addc(out, '>');
}

/* ---- ids ---- */

/* XML's NCName, as far as its first 128 characters go. */
static bool is_id(struct hg_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

		if (!letter && c != '_' && c < 0x80 &&
			(!i || !(c == '.' || c == '-' || (c >= '0' && c <= '9'))))
			return false;
	}
	return s.n && hg_utf8_valid(s);
}

/* One that cannot stand there is encoded as a resource of that name would be. */
static void write_id(struct hg_buf *out, const struct hg_bytes *id)
{
	if (is_id(hg_bytes_str(id)))
		hg_buf_add(out, hg_bytes_str(id));
	else
		hg_tuple_id_write(hg_bytes_str(id), out);
}

static void write_id_attr(struct hg_buf *out, struct hg_buf *id)
{
	hg_write_attr(out, "id", hg_buf_str(id));
	hg_buf_done(id);
}

static void write_tuple_id(struct hg_buf *out, const struct hg_pidf_tuple *tuple)
{
	struct hg_buf id = { 0 };

	if (tuple->id)
		write_id(&id, tuple->id);
	else
		hg_tuple_id_write(hg_bytes_str(tuple->resource), &id);
	write_id_attr(out, &id);
}

/* Of persons and devices: their own, else one that no tuple of ours has. */
static void write_component_id(
	struct hg_buf *out, const struct hg_bytes *id, const char *kind, size_t at)
{
	struct hg_buf made = { 0 };

	if (id)
		write_id(&made, id);
	else
		hg_buf_addf(&made, "%s-%zu", kind, at + 1);
	write_id_attr(out, &made);
}

/* ---- tuples ---- */

static void write_basic(struct hg_buf *out, const char *prefix, enum hg_pidf_basic basic)
{
	if (!basic)
		return;
	hg_buf_addc(out, '<');
	hg_buf_adds(out, prefix);
	hg_buf_adds(out, basic == HG_PIDF_OPEN ? "basic>open</" : "basic>closed</");
	hg_buf_adds(out, prefix);
	hg_buf_adds(out, "basic>");
}

static void write_status(struct hg_buf *out, const struct hg_pidf_tuple *tuple)
{
	const struct hg_extension_core core = hg_tuple_core(tuple);

	hg_buf_adds(out, "<status>");
	write_basic(out, "", tuple->basic);
	if (tuple->show) {
		hg_buf_adds(out, "<show xmlns=\"" HG_NS_JABBER "\">");
		hg_buf_adds(out, hg_pidf_show_name(tuple->show));
		hg_buf_adds(out, "</show>");
	}
	if (tuple->has_extension)
		hg_extension_write(out, &tuple->extension, &core);
	hg_buf_adds(out, "</status>");
}

static void write_timed(struct hg_buf *out, const struct hg_pidf_timed *timed)
{
	if (!timed->from)
		return;
	hg_buf_adds(out, "<ts:timed-status");
	hg_write_time_attr(out, "from", timed->from);
	hg_write_time_attr(out, "until", timed->until);
	hg_buf_addc(out, '>');
	write_basic(out, "ts:", timed->basic);
	hg_notes_write(out, "ts:note", &timed->notes);
	hg_rpid_write(out, &timed->rpid, HG_RPID_PERSON);
	hg_buf_adds(out, "</ts:timed-status>");
}

static void write_contact(struct hg_buf *out, const struct hg_pidf_tuple *tuple)
{
	if (!tuple->contact)
		return;
	hg_buf_adds(out, "<contact");
	if (tuple->priority >= 0) {
		hg_buf_adds(out, " priority=\"");
		hg_pidf_priority_write(out, tuple->priority);
		hg_buf_addc(out, '"');
	}
	hg_buf_addc(out, '>');
	hg_buf_add_xml(out, hg_bytes_str(tuple->contact));
	hg_buf_adds(out, "</contact>");
}

static void write_tuple(struct hg_buf *out, const struct hg_pidf_tuple *tuple)
{
	hg_buf_adds(out, "<tuple");
	write_tuple_id(out, tuple);
	hg_buf_addc(out, '>');
	write_status(out, tuple);
	hg_rpid_write(out, &tuple->rpid, HG_RPID_TUPLE);
	hg_cipid_write(out, &tuple->cipid);
	for (size_t i = 0; i < tuple->ntimed; i++)
		write_timed(out, &tuple->timed[i]);
	write_contact(out, tuple);
	hg_notes_write(out, "note", &tuple->notes);
	write_timestamp(out, "timestamp", tuple->timestamp);
	hg_buf_adds(out, "</tuple>");
}

static bool is_shown(const struct hg_pidf *pidf, const struct hg_bytes *resource, size_t before)
{
	for (size_t i = 0; i < before; i++) {
		if (hg_bytes_eq(pidf->tuple[i].resource, resource))
			return true;
	}
	return false;
}

/* ---- persons and devices ---- */

static void write_person(struct hg_buf *out, const struct hg_pidf_person *person, size_t at)
{
	hg_buf_adds(out, "<dm:person");
	write_component_id(out, person->id, "person", at);
	hg_buf_addc(out, '>');
	hg_rpid_write(out, &person->rpid, HG_RPID_PERSON);
	hg_cipid_write(out, &person->cipid);
	hg_notes_write(out, "dm:note", &person->notes);
	write_timestamp(out, "dm:timestamp", person->timestamp);
	hg_buf_adds(out, "</dm:person>");
}

static void write_device(struct hg_buf *out, const struct hg_pidf_device *device, size_t at)
{
	hg_buf_adds(out, "<dm:device");
	write_component_id(out, device->id, "device", at);
	hg_buf_addc(out, '>');
	hg_rpid_write(out, &device->rpid, HG_RPID_DEVICE);
	hg_write_text(out, "dm:deviceID", device->rpid.device);
	hg_notes_write(out, "dm:note", &device->notes);
	write_timestamp(out, "dm:timestamp", device->timestamp);
	hg_buf_adds(out, "</dm:device>");
}

/* ---- the document ---- */

/* Those that it uses: a "<" is never a text's. */
static void declare_namespaces(struct hg_buf *out, struct hg_str content)
{
	static const struct {
		const char *element, *declaration;
	} spaces[] = {
		{ "<dm:", " xmlns:dm=\"" HG_NS_DATA_MODEL "\"" },
		{ "<rpid:", " xmlns:rpid=\"" HG_NS_RPID "\"" },
		{ "<lt:", " xmlns:lt=\"" HG_NS_PLACE "\"" },
		{ "<ci:", " xmlns:ci=\"" HG_NS_CIPID "\"" },
		{ "<ts:", " xmlns:ts=\"" HG_NS_TIMED "\"" },
	};

	for (size_t i = 0; i < sizeof(spaces) / sizeof(*spaces) && content.n; i++) {
		if (memmem(content.p, content.n, spaces[i].element, strlen(spaces[i].element)))
			hg_buf_adds(out, spaces[i].declaration);
	}
}

void hg_pidf_write(struct hg_buf *out, const struct hg_pidf *pidf)
{
	struct hg_buf content = { 0 };

	for (size_t i = 0; i < pidf->ntuples; i++) {
		if (!is_shown(pidf, pidf->tuple[i].resource, i))
			write_tuple(&content, &pidf->tuple[i]);
	}
	hg_notes_write(&content, "note", &pidf->notes);
	for (size_t i = 0; i < pidf->npersons; i++)
		write_person(&content, &pidf->person[i], i);
	for (size_t i = 0; i < pidf->ndevices; i++)
		write_device(&content, &pidf->device[i], i);
	hg_buf_adds(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<presence xmlns=\"" HG_NS_PIDF "\"");
	declare_namespaces(out, hg_buf_str(&content));
	hg_write_attr(out, "entity", hg_bytes_str(pidf->entity));
	hg_buf_addc(out, '>');
	hg_buf_add(out, hg_buf_str(&content));
	hg_buf_adds(out, "</presence>");
	hg_buf_done(&content);
}

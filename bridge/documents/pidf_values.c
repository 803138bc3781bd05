/* SPDX-License-Identifier: Apache-2.0 */
/* Values that two protocols write differently, and building a document. */
#include "bridge/documents/pidf_private.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const shows[HG_PIDF_SHOWS] = { "", "away", "chat", "dnd", "xa" };

const char *hg_pidf_show_name(enum hg_pidf_show show)
{
	return shows[show];
}

enum hg_pidf_show hg_pidf_show_find(struct hg_str name)
{
	enum hg_pidf_show show = HG_PIDF_SHOWS - 1;

	while (show && !hg_str_is(name, shows[show]))
		show--;
	return show;
}

/* All 128 values of a resource fit into the 1001 of a contact; RFC 8048 rounds down. Others round: read is what is nearest. */
int hg_pidf_thousandths(int priority)
{
	return priority < 0 ? -1 : priority * 1000 / 127;
}

int hg_pidf_priority(int thousandths)
{
	return thousandths < 0 ? 0 : (thousandths * 127 + 500) / 1000;
}

/* Without a contact there is no place for a priority. */
struct hg_extension_core hg_tuple_core(const struct hg_pidf_tuple *tuple)
{
	static const enum hg_extension_type types[] = { [HG_PIDF_UNSPECIFIED] = HG_CORE_UNKNOWN,
		[HG_PIDF_OPEN] = HG_CORE_AVAILABLE,
		[HG_PIDF_CLOSED] = HG_CORE_UNAVAILABLE };

	return (struct hg_extension_core){ .type = types[tuple->basic],
		.show = hg_str(hg_pidf_show_name(tuple->show)),
		.priority = hg_pidf_priority(tuple->contact ? tuple->priority : -1),
		.text = hg_notes_first(&tuple->notes),
		.lang = tuple->notes.n ? tuple->notes.v[0].lang : NULL };
}

/* RFC 3863 4.1.5: 0..1, three digits at most behind the point; more of them are let go. */
int hg_pidf_priority_read(struct hg_str text)
{
	int value, unit = 100;

	text = hg_str_trim(text);
	if (!text.n || (text.p[0] != '0' && text.p[0] != '1'))
		return -1;
	value = (text.p[0] - '0') * 1000;
	if (text.n > 1 && text.p[1] != '.')
		return -1;
	for (size_t i = 2; i < text.n; i++, unit /= 10) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return -1;
		value += (text.p[i] - '0') * unit;
		if (value > 1000 || (value == 1000 && text.p[i] != '0'))
			return -1;
	}
	return value;
}

void hg_pidf_priority_write(struct hg_buf *out, int thousandths)
{
	hg_buf_addf(out, "%d.%03d", thousandths / 1000, thousandths % 1000);
	while (out->p[out->n - 1] == '0')
		out->p[--out->n] = '\0';
	if (out->p[out->n - 1] == '.')
		out->p[--out->n] = '\0';
}

int64_t hg_pidf_stamp(int64_t *last, int64_t now_utc_ms)
{
	*last = now_utc_ms > *last ? now_utc_ms : *last + 1;
	return *last;
}

struct hg_pidf_tuple *hg_pidf_add_tuple(struct hg_pidf *pidf, struct hg_str resource)
{
	for (size_t i = 0; i < pidf->ntuples; i++) {
		if (hg_str_eq(hg_bytes_str(pidf->tuple[i].resource), resource))
			return &pidf->tuple[i];
	}
	pidf->tuple = hg_realloc(pidf->tuple, (pidf->ntuples + 1) * sizeof(*pidf->tuple));
	struct hg_pidf_tuple *tuple = &pidf->tuple[pidf->ntuples++];
	*tuple = (struct hg_pidf_tuple){ .resource = hg_bytes_new(resource), .priority = -1 };
	return tuple;
}

void hg_pidf_set_language(struct hg_pidf *pidf, struct hg_str lang)
{
	if (!hg_lang_valid(lang))
		return;
	snprintf(pidf->lang, sizeof(pidf->lang), "%.*s", HG_STR_ARG(lang));
	hg_notes_set_lang(&pidf->notes, lang);
	for (size_t i = 0; i < pidf->npersons; i++)
		hg_notes_set_lang(&pidf->person[i].notes, lang);
	for (size_t i = 0; i < pidf->ntuples; i++)
		hg_notes_set_lang(&pidf->tuple[i].notes, lang);
}

/* ---- the end ---- */

void hg_cipid_done(struct hg_cipid *cipid)
{
	hg_notes_done(&cipid->display_name);
	for (int i = 0; i < HG_CIPID_URIS; i++)
		hg_bytes_unref(cipid->uri[i]);
}

static void tuple_done(struct hg_pidf_tuple *tuple)
{
	hg_bytes_unref(tuple->id);
	hg_bytes_unref(tuple->resource);
	hg_bytes_unref(tuple->contact);
	hg_notes_done(&tuple->notes);
	hg_rpid_done(&tuple->rpid);
	hg_cipid_done(&tuple->cipid);
	for (size_t i = 0; i < tuple->ntimed; i++) {
		hg_notes_done(&tuple->timed[i].notes);
		hg_rpid_done(&tuple->timed[i].rpid);
	}
	free(tuple->timed);
	hg_bytes_unref(tuple->digium.type);
	hg_bytes_unref(tuple->digium.subtype);
	hg_bytes_unref(tuple->digium.message);
}

static void person_done(struct hg_pidf_person *person)
{
	hg_bytes_unref(person->id);
	hg_notes_done(&person->notes);
	hg_rpid_done(&person->rpid);
	hg_cipid_done(&person->cipid);
}

static void device_done(struct hg_pidf_device *device)
{
	hg_bytes_unref(device->id);
	hg_notes_done(&device->notes);
	hg_rpid_done(&device->rpid);
}

void hg_pidf_done(struct hg_pidf *pidf)
{
	hg_bytes_unref(pidf->entity);
	for (size_t i = 0; i < pidf->ntuples; i++)
		tuple_done(&pidf->tuple[i]);
	for (size_t i = 0; i < pidf->npersons; i++)
		person_done(&pidf->person[i]);
	for (size_t i = 0; i < pidf->ndevices; i++)
		device_done(&pidf->device[i]);
	free(pidf->tuple);
	free(pidf->person);
	free(pidf->device);
	hg_notes_done(&pidf->notes);
	*pidf = (struct hg_pidf){ 0 };
}

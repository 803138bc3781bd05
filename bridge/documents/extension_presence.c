/* SPDX-License-Identifier: Apache-2.0 */
/* The extension of a presence, and the presence of an extension. */
#include "bridge/documents/extension.h"

#include <stdio.h>
#include <string.h>

/* Where a mapping table put the note; "" is in nothing. */
static bool find_note(struct hg_str text, struct hg_str note, uint32_t *ret_at)
{
	const char *at = note.n ? memmem(text.p ? text.p : "", text.n, note.p, note.n) : NULL;
	const char *next = at;

	/* what stands before it may hold the same words: the last place is the note's */
	while (next) {
		at = next;
		next = memmem(at + 1, text.n - (size_t)(at + 1 - text.p), note.p, note.n);
	}
	*ret_at = at ? (uint32_t)(at - text.p) : 0;
	return at != NULL;
}

void hg_extension_of(
	const struct hg_presence *p, const struct hg_extension_core *core, struct hg_extension *ret)
{
	struct hg_str note = hg_str_trim(hg_bytes_str(p->note.text));

	*ret = (struct hg_extension){ .availability = p->availability,
		.min = p->activity.min,
		.max = p->activity.max ? p->activity.max : UINT32_MAX,
		.manual = p->manual,
		.last_active = p->last_active };
	snprintf(ret->token, sizeof(ret->token), "%s", p->activity.token);
	snprintf(ret->device, sizeof(ret->device), "%s", hg_device_kind_name(p->device));
	if (find_note(core->text, note, &ret->note_at)) {
		ret->note = p->note.oof ? HG_EXTENSION_OOF : HG_EXTENSION_PERSONAL;
		ret->note_size = (uint32_t)note.n;
	}
}

void hg_extension_presence(
	const struct hg_extension *e, const struct hg_extension_core *core, struct hg_presence *ret)
{
	*ret = (struct hg_presence){ .availability = e->availability,
		.activity = { .kind = HG_STATE_AGGREGATE, .min = e->min, .max = e->max },
		.manual = e->manual,
		.device = hg_device_kind_of(hg_str(e->device)),
		.last_active = e->last_active };
	snprintf(ret->activity.token, sizeof(ret->activity.token), "%s", e->token);
	if (e->note)
		ret->note = (struct hg_note){ .oof = e->note == HG_EXTENSION_OOF,
			.text = hg_bytes_new(
				(struct hg_str){ core->text.p + e->note_at, e->note_size }) };
}

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

/* A text that was too long somewhere ends within the note. */
static uint32_t find_begin(struct hg_str text, struct hg_str note)
{
	size_t n = text.n < note.n ? text.n : note.n;

	while (n >= HG_EXTENSION_CUT_MIN &&
		(memcmp(text.p + text.n - n, note.p, n) != 0 ||
			(n < note.n && ((unsigned char)note.p[n] & 0xc0) == 0x80)))
		n--;
	return n < HG_EXTENSION_CUT_MIN ? 0 : (uint32_t)n;
}

bool hg_extension_of(const struct hg_presence *p, struct hg_str home,
	const struct hg_extension_core *core, struct hg_extension *ret)
{
	struct hg_str note = hg_str_trim(hg_bytes_str(p->note.text));

	if (core->type != HG_CORE_AVAILABLE || p->hops > HG_EXTENSION_HOPS_MAX)
		return false;
	*ret = (struct hg_extension){ .availability = p->availability,
		.min = p->activity.min,
		.max = p->activity.max ? p->activity.max : UINT32_MAX,
		.manual = p->manual,
		.last_active = p->last_active,
		.hops = p->hops };
	if (!hg_extension_read_origin(home, ret))
		ret->origin[0] = '\0';
	snprintf(ret->token, sizeof(ret->token), "%s", p->activity.token);
	snprintf(ret->device, sizeof(ret->device), "%s", hg_device_kind_name(p->device));
	if (p->activity.custom) { /* what is in his own words has no other place here */
		ret->note_size = (uint32_t)core->text.n;
	} else if (find_note(core->text, note, &ret->note_at)) {
		ret->note_size = (uint32_t)note.n;
	} else {
		ret->note_size = find_begin(core->text, note);
		ret->note_at = ret->note_size ? (uint32_t)core->text.n - ret->note_size : 0;
	}
	if (ret->note_size)
		ret->note = p->note.oof ? HG_EXTENSION_OOF : HG_EXTENSION_PERSONAL;
	return true;
}

void hg_extension_presence(
	const struct hg_extension *e, const struct hg_extension_core *core, struct hg_presence *ret)
{
	*ret = (struct hg_presence){ .availability = e->availability,
		.activity = { .kind = HG_STATE_AGGREGATE, .min = e->min, .max = e->max },
		.manual = e->manual,
		.device = hg_device_kind_of(hg_str(e->device)),
		.last_active = e->last_active,
		.hops = (uint8_t)(e->hops + 1) };
	snprintf(ret->activity.token, sizeof(ret->activity.token), "%s", e->token);
	if (e->note)
		ret->note = (struct hg_note){ .oof = e->note == HG_EXTENSION_OOF,
			.text = hg_bytes_new(
				(struct hg_str){ core->text.p + e->note_at, e->note_size }) };
	if (e->note && core->lang)
		snprintf(ret->note.lang, sizeof(ret->note.lang), "%s", core->lang);
}

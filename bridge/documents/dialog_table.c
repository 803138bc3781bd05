/* SPDX-License-Identifier: Apache-2.0 */
/* What a subscriber to dialog information knows after each document, and all of it as one call. */
#include "bridge/documents/dialog_info.h"

#include <errno.h>
#include <stdlib.h>

static void party_done(struct hg_dialog_party *p)
{
	hg_bytes_unref(p->identity);
	hg_bytes_unref(p->display);
	hg_bytes_unref(p->target);
}

static void dialog_done(struct hg_dialog *d)
{
	hg_bytes_unref(d->id);
	hg_bytes_unref(d->call_id);
	hg_bytes_unref(d->local_tag);
	hg_bytes_unref(d->remote_tag);
	party_done(&d->local);
	party_done(&d->remote);
	*d = (struct hg_dialog){ 0 };
}

void hg_dialog_info_done(struct hg_dialog_info *info)
{
	for (size_t i = 0; i < info->n; i++)
		dialog_done(&info->dialog[i]);
	free(info->dialog);
	hg_bytes_unref(info->entity);
	*info = (struct hg_dialog_info){ 0 };
}

static struct hg_dialog *find(struct hg_dialog_info *info, const struct hg_bytes *id)
{
	for (size_t i = 0; i < info->n; i++) {
		if (hg_bytes_eq(info->dialog[i].id, id))
			return &info->dialog[i];
	}
	return NULL;
}

/* It is moved, or gone. */
static void take_dialog(struct hg_dialog_info *known, struct hg_dialog *from)
{
	struct hg_dialog *d = find(known, from->id);

	if (!d && from->state) {
		known->dialog = hg_realloc(known->dialog, (known->n + 1) * sizeof(*known->dialog));
		d = &known->dialog[known->n++];
		*d = (struct hg_dialog){ 0 };
	}
	if (!d)
		return;
	dialog_done(d);
	if (!from->state) {
		*d = known->dialog[--known->n];
		return;
	}
	*d = *from;
	*from = (struct hg_dialog){ 0 };
}

static bool fits(struct hg_dialog_info *known, const struct hg_dialog_info *doc)
{
	size_t n = doc->full ? 0 : known->n;

	for (size_t i = 0; i < doc->n; i++)
		n += doc->dialog[i].state && (doc->full || !find(known, doc->dialog[i].id));
	return n <= HG_DIALOGS_MAX;
}

int hg_dialog_info_take(
	struct hg_dialog_table *table, struct hg_dialog_info *doc, enum hg_coherent *ret)
{
	struct hg_coherence seen = table->seen;

	*ret = hg_coherence_take(&seen, doc->full ? HG_WHOLE : HG_PARTIAL, doc->version);
	if (*ret == HG_COHERENT_DISCARD)
		return 0;
	if (!fits(&table->known, doc))
		return -E2BIG;
	table->seen = seen;
	if (doc->full)
		hg_dialog_info_done(&table->known);
	table->known.version = doc->version;
	table->known.full = true;
	if (!table->known.entity)
		table->known.entity = hg_bytes_ref(doc->entity);
	for (size_t i = 0; i < doc->n; i++)
		take_dialog(&table->known, &doc->dialog[i]);
	return 0;
}

struct hg_dialog_sum hg_dialog_info_sum(const struct hg_dialog_info *info)
{
	struct hg_dialog_sum sum = { 0 };
	size_t held = 0;

	for (size_t i = 0; i < info->n; i++) {
		const struct hg_dialog *d = &info->dialog[i];

		sum.state = d->state > sum.state ? d->state : sum.state;
		sum.ringing |= d->state == HG_DIALOG_EARLY && d->direction == HG_DIALOG_RECIPIENT;
		if (d->state != HG_DIALOG_CONFIRMED)
			continue;
		sum.confirmed++;
		held += d->local.mute;
		sum.conferences += d->local.focus || d->remote.focus;
	}
	sum.held = sum.confirmed && held == sum.confirmed;
	return sum;
}

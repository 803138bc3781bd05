/* SPDX-License-Identifier: Apache-2.0 */
/* Whether somebody is in a call, for the lamps of telephones (RFC 4235). */
#include "plugins/sip/simple.h"

#include "bridge/documents/dialog_info.h"

/* As mappings/dialog-info.yaml has it. */
static const char *const states[] = { "trying", "proceeding", "early", "confirmed", "terminated",
	NULL };
static const char *const focus[] = { "true", NULL };
static const struct hg_field_def fields[] = {
	{ .name = "dialog", .kind = HG_FIELD_TOKEN, .tokens = states },
	{ .name = "focus", .kind = HG_FIELD_TOKEN, .tokens = focus },
};
const struct hg_vocabulary hg_sip_calls_vocabulary = { "dialog-info", fields, 2 };

void hg_sip_calls_render(
	const struct hg_view *view, const struct hg_record *record, struct hg_buf *ret)
{
	const struct hg_value *dialog = record ? hg_record_get(record, 0) : NULL;

	/* A lamp is lit or it is not: nothing else is news. */
	if (dialog && view->standing == HG_KNOWN && hg_str_is(dialog->text, "confirmed"))
		hg_buf_add(ret, dialog->text);
}

void hg_sip_calls_write(
	struct hg_sip *sip, hg_addr whose, uint32_t version, bool in_a_call, struct hg_buf *doc)
{
	struct hg_buf uri = { 0 };
	struct hg_dialog_sum sum = { .state = in_a_call ? HG_DIALOG_CONFIRMED : HG_DIALOG_TERMINATED };
	sip->host->write_sip(sip->core, whose, &uri);
	hg_dialog_info_write(doc, hg_buf_str(&uri), version, &sum);
	hg_buf_done(&uri);
}

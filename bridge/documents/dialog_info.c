/* SPDX-License-Identifier: Apache-2.0 */
/* Dialog information as a document. */
#include "bridge/documents/dialog_info.h"
#include "bridge/documents/pidf_private.h"
#include "bridge/documents/write.h"

#include <errno.h>
#include <stdlib.h>

#define NS "urn:ietf:params:xml:ns:dialog-info"

static const char *const states[] = { [HG_DIALOG_TERMINATED] = "terminated",
	[HG_DIALOG_TRYING] = "trying",
	[HG_DIALOG_PROCEEDING] = "proceeding",
	[HG_DIALOG_EARLY] = "early",
	[HG_DIALOG_CONFIRMED] = "confirmed",
	NULL };

static const char *const events[] = { [HG_DIALOG_NO_EVENT] = "",
	[HG_DIALOG_CANCELLED] = "cancelled",
	[HG_DIALOG_REJECTED] = "rejected",
	[HG_DIALOG_REPLACED] = "replaced",
	[HG_DIALOG_LOCAL_BYE] = "local-bye",
	[HG_DIALOG_REMOTE_BYE] = "remote-bye",
	[HG_DIALOG_ERROR] = "error",
	[HG_DIALOG_TIMEOUT] = "timeout",
	NULL };

static const char *const directions[] = { [HG_DIALOG_NO_DIRECTION] = "",
	[HG_DIALOG_INITIATOR] = "initiator",
	[HG_DIALOG_RECIPIENT] = "recipient",
	NULL };

/* ---- reading ---- */

/* The index of the text; 0 when it is none of them. */
static unsigned choice(const char *text, const char *const *choices)
{
	for (unsigned i = 1; text && choices[i]; i++) {
		if (hg_str_ieq(hg_str_trim(hg_str(text)), hg_str(choices[i])))
			return i;
	}
	return 0;
}

static unsigned attr_choice(const xmlNode *node, const char *name, const char *const *choices)
{
	char *text = hg_xml_attr(node, name);
	unsigned found = choice(text, choices);

	free(text);
	return found;
}

static int read_state(const xmlNode *dialog, struct hg_dialog *d, struct hg_doc_err *err)
{
	xmlNode *node;
	int rc = hg_xml_need(dialog, "state", NS, &node, err);

	if (rc)
		return rc;
	char *text = hg_xml_text(node);
	d->state = choice(text, states);
	if (!d->state && !hg_str_ieq(hg_str_trim(hg_str(text)), hg_str(states[0])))
		rc = hg_doc_fail_at(err, -EINVAL, node, "'%.24s' is no state of a dialog", text);
	free(text);
	d->event = attr_choice(node, "event", events);
	return rc ? rc : hg_xml_u32(node, "code", 999, &d->code, err);
}

static bool is_param(const xmlNode *node, const char *name)
{
	char *text = hg_xml_attr(node, "pname");
	struct hg_str word = hg_str(text);

	if (hg_str_starts(word, HG_STR("+")))
		word = (struct hg_str){ word.p + 1, word.n - 1 };
	bool is = hg_str_ieq(word, hg_str(name));
	free(text);
	return is;
}

/* Asterisk writes `pvalue`. */
static bool param_says(const xmlNode *node, const char *value)
{
	char *text = hg_xml_attr(node, "pval");

	if (!text)
		text = hg_xml_attr(node, "pvalue");
	bool says = text && hg_str_ieq(hg_str_trim(hg_str(text)), hg_str(value));
	free(text);
	return says;
}

static int read_target(const xmlNode *node, struct hg_dialog_party *p, struct hg_doc_err *err)
{
	HG_XML_EACH(param, node, "param", NS)
	{
		if (is_param(param, "sip.rendering"))
			p->mute = param_says(param, "no");
		else if (is_param(param, "isfocus"))
			p->focus = !param_says(param, "false") && !param_says(param, "no");
	}
	return hg_attr_read(node, "uri", HG_DIALOG_URI_MAX, &p->target, err);
}

static int read_party(const xmlNode *node, struct hg_dialog_party *p, struct hg_doc_err *err)
{
	const xmlNode *identity = node ? hg_xml_child(node, "identity", NS) : NULL;
	const xmlNode *target = node ? hg_xml_child(node, "target", NS) : NULL;
	int rc = 0;

	if (identity)
		rc = hg_word_read(identity, HG_DIALOG_URI_MAX, &p->identity, err);
	if (identity && !rc)
		rc = hg_attr_read(identity, "display", HG_DIALOG_WORD_MAX, &p->display, err);
	return rc || !target ? rc : read_target(target, p, err);
}

/* A number that is none is not worth a call. */
static void read_duration(const xmlNode *dialog, struct hg_dialog *d)
{
	const xmlNode *node = hg_xml_child(dialog, "duration", NS);

	if (!node)
		return;
	char *text = hg_xml_text(node);
	hg_str_u32(hg_str_trim(hg_str(text)), &d->duration);
	free(text);
}

static int read_dialog(const xmlNode *node, struct hg_dialog *d, struct hg_doc_err *err)
{
	int rc = hg_word_need(node, "id", HG_DIALOG_WORD_MAX, &d->id, err);

	if (!rc)
		rc = hg_attr_read(node, "call-id", HG_DIALOG_WORD_MAX, &d->call_id, err);
	if (!rc)
		rc = hg_attr_read(node, "local-tag", HG_DIALOG_WORD_MAX, &d->local_tag, err);
	if (!rc)
		rc = hg_attr_read(node, "remote-tag", HG_DIALOG_WORD_MAX, &d->remote_tag, err);
	d->direction = attr_choice(node, "direction", directions);
	if (!rc)
		rc = read_state(node, d, err);
	read_duration(node, d);
	if (!rc)
		rc = read_party(hg_xml_child(node, "local", NS), &d->local, err);
	return rc ? rc : read_party(hg_xml_child(node, "remote", NS), &d->remote, err);
}

/* One of the RFC's own examples says `notify-state`, another one no entity (IW T11). */
static bool is_partial(const xmlNode *root)
{
	static const char *const partial[] = { "", "partial", NULL };

	return attr_choice(root, "state", partial) || attr_choice(root, "notify-state", partial);
}

static int read_root(const xmlNode *root, struct hg_dialog_info *ret, struct hg_doc_err *err)
{
	size_t cap = 0;
	int rc = hg_xml_need_u32(root, "version", UINT32_MAX, &ret->version, err);

	ret->full = !is_partial(root);
	if (!rc)
		rc = hg_attr_read(root, "entity", HG_DIALOG_URI_MAX, &ret->entity, err);
	for (const xmlNode *n = rc ? NULL : hg_xml_child(root, "dialog", NS); n && !rc;
		n = hg_xml_sibling(n, "dialog", NS)) {
		if (ret->n == HG_DIALOGS_MAX)
			return hg_doc_fail(err, -E2BIG, "more than %d dialogs", HG_DIALOGS_MAX);
		hg_grow(&ret->dialog, &cap, ret->n, sizeof(*ret->dialog));
		rc = read_dialog(n, &ret->dialog[ret->n++], err);
	}
	return rc;
}

int hg_dialog_info_read(struct hg_str body, struct hg_dialog_info *ret, struct hg_doc_err *err)
{
	struct hg_buf room = { 0 };
	struct hg_xml xml;

	*ret = (struct hg_dialog_info){ 0 };
	int rc = hg_xml_parse(hg_simple_body(body, &room), "dialog-info", NS, &xml, err);
	if (!rc)
		rc = read_root(xml.root, ret, err);
	hg_xml_done(&xml);
	hg_buf_done(&room);
	return rc;
}

/* ---- writing ---- */

void hg_dialog_info_write(
	struct hg_buf *out, struct hg_str entity, uint32_t version, const struct hg_dialog_sum *sum)
{
	hg_buf_adds(
		out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<dialog-info xmlns=\"" NS "\"");
	hg_write_number_attr(out, "version", version);
	hg_buf_adds(out, " state=\"full\"");
	hg_write_attr(out, "entity", entity);
	hg_buf_adds(out, "><dialog id=\"1\"");
	if (sum->ringing && sum->state == HG_DIALOG_EARLY)
		hg_buf_adds(out, " direction=\"recipient\"");
	hg_buf_adds(out, "><state>");
	hg_buf_adds(out, states[sum->state]);
	hg_buf_adds(out, "</state>");
	if (sum->held && sum->state == HG_DIALOG_CONFIRMED) {
		hg_buf_adds(out, "<local><target");
		hg_write_attr(out, "uri", entity);
		hg_buf_adds(out, "><param pname=\"+sip.rendering\" pval=\"no\"/></target></local>");
	}
	hg_buf_adds(out, "</dialog></dialog-info>");
}

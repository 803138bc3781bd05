/* SPDX-License-Identifier: Apache-2.0 */
/* Category `note` (EP 1.5). */
#include "bridge/documents/facets_private.h"
#include "bridge/base/lcid.h"
#include "bridge/documents/write.h"

#include <stdio.h>
#include <stdlib.h>

/* A number that is none, or that we do not know, is a note whose language was not said. */
static void read_lang(const xmlNode *body, struct hg_note *ret)
{
	char *text = hg_xml_attr(body, "LCID");
	uint32_t lcid;
	const char *lang = text && hg_str_u32(hg_str(text), &lcid) ? hg_lcid_lang(lcid) : NULL;

	snprintf(ret->lang, sizeof(ret->lang), "%s", lang ? lang : "");
	free(text);
}

int hg_note_read(const xmlNode *node, struct hg_note *ret, struct hg_doc_err *err)
{
	const xmlNode *body = hg_xml_child(node, "body", HG_NS_NOTE);
	int rc;

	if (!body)
		return 0;
	char *type = hg_xml_attr(body, "type");
	ret->oof = type && hg_str_ieq(hg_str(type), HG_STR("OOF"));
	free(type);

	char *text = hg_xml_text(body);
	if (*text)
		ret->text = hg_bytes_new(hg_str(text));
	free(text);
	read_lang(body, ret);

	rc = hg_xml_time(body, "startTime", &ret->from, err);
	return rc ? rc : hg_xml_time(body, "endTime", &ret->until, err);
}

void hg_note_write(struct hg_buf *out, const struct hg_note *note)
{
	hg_buf_adds(out, "<note xmlns=\"" HG_NS_NOTE "\">");
	if (note->text && note->text->n) {
		uint32_t lcid = note->lang[0] ? hg_lcid_of(hg_str(note->lang)) : 0;

		hg_buf_addf(out, "<body type=\"%s\" uri=\"\"", note->oof ? "OOF" : "personal");
		if (lcid)
			hg_buf_addf(out, " LCID=\"%u\"", (unsigned)lcid);
		hg_write_time_attr(out, "startTime", note->from);
		hg_write_time_attr(out, "endTime", note->until);
		hg_buf_addc(out, '>');
		hg_buf_add_xml(out, hg_bytes_str(note->text));
		hg_buf_adds(out, "</body>");
	}
	hg_buf_adds(out, "</note>");
}

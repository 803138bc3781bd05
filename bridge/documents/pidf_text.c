/* SPDX-License-Identifier: Apache-2.0 */
/* Texts, words, times and languages as PIDF's elements hold them. */
#include "bridge/documents/pidf_private.h"
#include "bridge/documents/write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

bool hg_in_ns(const xmlNode *node, const char *ns)
{
	return node->ns && strcmp((const char *)node->ns->href, ns) == 0;
}

bool hg_named(const xmlNode *node, const char *name)
{
	return strcmp((const char *)node->name, name) == 0;
}

bool hg_in_rpid(const xmlNode *node)
{
	struct hg_str ns = hg_str(node->ns ? (const char *)node->ns->href : NULL);

	return !ns.n || hg_str_is(ns, HG_NS_PIDF) || hg_str_is(ns, HG_NS_CISCO) ||
		hg_str_starts(ns, HG_STR(HG_NS_RPID)) ||
		hg_str_starts(ns, HG_STR(HG_NS_PIDF ":status:rpid"));
}

static int take(const xmlNode *node, struct hg_str text, const char *what, size_t max,
	struct hg_bytes **ret, struct hg_doc_err *err)
{
	if (text.n > max)
		return hg_doc_fail_at(err, -E2BIG, node, "%slonger than %zu bytes", what, max);
	if (!*ret)
		*ret = hg_bytes_new(text);
	return 0;
}

int hg_text_read(const xmlNode *node, size_t max, struct hg_bytes **ret, struct hg_doc_err *err)
{
	char *text = hg_xml_text(node);
	int rc = take(node, hg_str(text), "", max, ret, err);

	free(text);
	return rc;
}

int hg_word_read(const xmlNode *node, size_t max, struct hg_bytes **ret, struct hg_doc_err *err)
{
	char *text = hg_xml_text(node);
	int rc = take(node, hg_str_trim(hg_str(text)), "", max, ret, err);

	free(text);
	return rc;
}

int hg_attr_read(const xmlNode *node, const char *name, size_t max, struct hg_bytes **ret,
	struct hg_doc_err *err)
{
	char *text = hg_xml_attr(node, name);
	char what[80];

	if (!text)
		return 0;
	snprintf(what, sizeof(what), "attribute '%s' is ", name);
	int rc = take(node, hg_str_trim(hg_str(text)), what, max, ret, err);
	free(text);
	return rc;
}

int hg_word_need(const xmlNode *node, const char *name, size_t max, struct hg_bytes **ret,
	struct hg_doc_err *err)
{
	char *text;
	int rc = hg_xml_need_attr(node, name, max, &text, err);

	if (!rc)
		*ret = hg_bytes_new(hg_str(text));
	free(text);
	return rc;
}

int hg_choice_need(const xmlNode *node, const char *name, const char *const *choices, unsigned *ret,
	struct hg_doc_err *err)
{
	char *text;
	int rc = hg_xml_need_attr(node, name, SIZE_MAX, &text, err);

	for (*ret = 0; !rc && choices[*ret] && !hg_str_is(hg_str(text), choices[*ret]); ++*ret)
		;
	if (!rc && !choices[*ret])
		rc = hg_doc_fail_at(err, -EINVAL, node, "attribute '%s' is '%.24s'", name, text);
	free(text);
	return rc;
}

int hg_timestamp_read(const xmlNode *node, int64_t *ret_utc_ms, struct hg_doc_err *err)
{
	char *text = hg_xml_text(node);
	int rc = 0;

	if (!hg_utc_read(hg_str(text), ret_utc_ms))
		rc = hg_doc_fail_at(err, -EINVAL, node, "'%.40s' is not a dateTime", text);
	free(text);
	return rc;
}

int hg_note_add(const xmlNode *node, struct hg_notes *notes, struct hg_doc_err *err)
{
	struct hg_bytes *text = NULL;

	if (notes->n == HG_NOTES_MAX)
		return hg_doc_fail_at(err, -E2BIG, node->parent, "more than %d '%s' elements",
			HG_NOTES_MAX, (const char *)node->name);
	int rc = hg_text_read(node, HG_NOTE_TEXT_MAX, &text, err);
	if (rc)
		return rc;
	xmlChar *lang = xmlNodeGetLang((xmlNode *)node);
	hg_notes_add(notes, hg_str((const char *)lang), hg_bytes_str(text));
	xmlFree(lang);
	hg_bytes_unref(text);
	return 0;
}

/* ---- writing ---- */

void hg_write_text(struct hg_buf *out, const char *name, const struct hg_bytes *text)
{
	if (!text)
		return;
	hg_buf_addc(out, '<');
	hg_buf_adds(out, name);
	hg_buf_addc(out, '>');
	hg_buf_add_xml(out, hg_bytes_str(text));
	hg_buf_adds(out, "</");
	hg_buf_adds(out, name);
	hg_buf_addc(out, '>');
}

/* Another one of its language is there instead: the first that says something. */
static bool is_shadowed(const struct hg_notes *notes, size_t at)
{
	const struct hg_lang_text *note = &notes->v[at];

	for (size_t i = 0; i < notes->n; i++) {
		const struct hg_lang_text *other = &notes->v[i];
		bool first = i < at && (other->text->n || !note->text->n);
		bool fuller = i > at && other->text->n && !note->text->n;

		if ((first || fuller) && hg_str_ieq(hg_str(other->lang), hg_str(note->lang)))
			return true;
	}
	return false;
}

void hg_notes_write(struct hg_buf *out, const char *name, const struct hg_notes *notes)
{
	for (size_t i = 0; i < notes->n; i++) {
		const struct hg_lang_text *note = &notes->v[i];

		if (is_shadowed(notes, i))
			continue;
		hg_buf_addc(out, '<');
		hg_buf_adds(out, name);
		if (note->lang[0])
			hg_write_attr(out, "xml:lang", hg_str(note->lang));
		hg_buf_addc(out, '>');
		hg_buf_add_xml(out, hg_bytes_str(note->text));
		hg_buf_adds(out, "</");
		hg_buf_adds(out, name);
		hg_buf_addc(out, '>');
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers and writers of PIDF and its relatives share; private to this folder. */
#pragma once

#include "bridge/documents/pidf.h"
#include "bridge/documents/xml.h"

#define HG_NS_PIDF "urn:ietf:params:xml:ns:pidf"
#define HG_NS_PIDF_DIFF "urn:ietf:params:xml:ns:pidf-diff"
#define HG_NS_DATA_MODEL "urn:ietf:params:xml:ns:pidf:data-model"
#define HG_NS_RPID "urn:ietf:params:xml:ns:pidf:rpid"
#define HG_NS_PLACE "urn:ietf:params:xml:ns:location-type"
#define HG_NS_TIMED "urn:ietf:params:xml:ns:pidf:timed-status"
#define HG_NS_CIPID "urn:ietf:params:xml:ns:pidf:cipid"
#define HG_NS_CISCO "urn:cisco:params:xml:ns:pidf:rpid"
#define HG_NS_JABBER "jabber:client"

/* ---- bodies ---- */

/* A body without its XML declaration, as UTF-8; `room` needs hg_buf_done when the text is not needed any more. */
struct hg_str hg_simple_body(struct hg_str body, struct hg_buf *room);

/* ---- reading; all leave what is there when an element comes twice ---- */

bool hg_in_ns(const xmlNode *, const char *ns);
bool hg_named(const xmlNode *, const char *name); /* of any namespace */
/* Whether it is of RPID: of its RFC or one of its drafts, or of no namespace, PIDF's or Cisco's, as some send it. */
bool hg_in_rpid(const xmlNode *);

/* Its text, whole and as it stands; refused when it is longer. */
int hg_text_read(const xmlNode *, size_t max, struct hg_bytes **ret, struct hg_doc_err *);
/* The same without the blanks around it; an empty one is kept. */
int hg_word_read(const xmlNode *, size_t max, struct hg_bytes **ret, struct hg_doc_err *);
/* An attribute; NULL: not there. */
int hg_attr_read(
	const xmlNode *, const char *name, size_t max, struct hg_bytes **ret, struct hg_doc_err *);
/* The same, but it must be there, and not empty. */
int hg_word_need(
	const xmlNode *, const char *name, size_t max, struct hg_bytes **ret, struct hg_doc_err *);
/* An attribute that must be there, and one of these words, which end with NULL: its index. */
int hg_choice_need(const xmlNode *, const char *name, const char *const *choices, unsigned *ret,
	struct hg_doc_err *);
int hg_timestamp_read(const xmlNode *, int64_t *ret_utc_ms, struct hg_doc_err *);
/* With the language that it, or what is around it, says. */
int hg_note_add(const xmlNode *, struct hg_notes *, struct hg_doc_err *);
/* A child of a person, tuple, device, or a status in one of them; *ret_known: it is of RPID or CIPID. */
int hg_rpid_read(const xmlNode *, struct hg_rpid *, bool *ret_known, struct hg_doc_err *);
int hg_cipid_read(const xmlNode *, struct hg_cipid *, bool *ret_known, struct hg_doc_err *);
int hg_timed_read(const xmlNode *, struct hg_pidf_tuple *, struct hg_doc_err *);
void hg_status_read_basic(const xmlNode *, enum hg_pidf_basic *);
/* Whether there is something in an extension that must be understood and is not (RFC 3863 4.2.7): then it is as if the whole
 * extension were not there. */
bool hg_must_ignore(const xmlNode *extension);
/* `at`: which of the document's it is. */
int hg_tuple_read(const xmlNode *, size_t at, struct hg_pidf_tuple *, struct hg_doc_err *);

/* It is so at that time. */
static inline bool hg_rpid_holds(const struct hg_rpid_values *v, int64_t utc_ms)
{
	return (!v->from || v->from <= utc_ms) && (!v->until || utc_ms < v->until);
}

/* Of the person and the tuple, which may be NULL, what holds at that time, for people to read; nothing of whether he can be had. */
void hg_pidf_words(const struct hg_pidf *, const struct hg_pidf_tuple *, int64_t utc_ms, struct hg_buf *);

/* What a tuple says in PIDF's own words. */
struct hg_extension_core hg_tuple_core(const struct hg_pidf_tuple *);

/* ---- writing ---- */

/* <name>text</name>; nothing for NULL. */
void hg_write_text(struct hg_buf *, const char *name, const struct hg_bytes *text);
/* One a language, as <name xml:lang="">. */
void hg_notes_write(struct hg_buf *, const char *name, const struct hg_notes *);
void hg_rpid_write(struct hg_buf *, const struct hg_rpid *, enum hg_rpid_place);
void hg_cipid_write(struct hg_buf *, const struct hg_cipid *);

void hg_cipid_done(struct hg_cipid *);

/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of any script arrive whole or are refused, in everything that PIDF is written from and read into. */
#include "tests/unit/test_pidf_texts.h"

#include <errno.h>

/* ---- each place for a text ---- */

enum place {
	ENTITY,
	RESOURCE,
	CONTACT,
	DEVICE,
	CLASS,
	SPHERE,
	ICON,
	OTHER,
	ACTIVITY_NOTE,
	NOTE,
	PERSON_NOTE,
	DOCUMENT_NOTE,
	NAME,
	HOMEPAGE,
	TIMED_NOTE,
	TOKEN,
	PLACES
};

static struct hg_pidf new_document(void)
{
	struct hg_pidf p = { .entity = hg_bytes_new(HG_STR("sip:a@b")) };

	p.person = hg_alloc(sizeof(*p.person));
	p.npersons = 1;
	p.person->rpid.list[HG_RPID_ACTIVITIES].v = hg_alloc(sizeof(struct hg_rpid_values));
	p.person->rpid.list[HG_RPID_ACTIVITIES].n = 1;
	p.person->rpid.list[HG_RPID_ACTIVITIES].v->set = hg_rpid_bit(HG_RPID_ACTIVITIES, "busy");
	return p;
}

static struct hg_pidf_tuple *put_tuple(struct hg_pidf *p, enum place place, struct hg_str text)
{
	struct hg_pidf_tuple *t = hg_pidf_add_tuple(
		p, place == RESOURCE ? text : HG_STR("resource"));

	t->timed = hg_alloc(sizeof(*t->timed));
	t->ntimed = 1;
	t->timed->from = 1;
	if (place == CONTACT)
		t->contact = hg_bytes_new(text);
	else if (place == DEVICE)
		t->rpid.device = hg_bytes_new(text);
	else if (place == NOTE)
		hg_notes_add(&t->notes, HG_STR("en"), text);
	else if (place == TIMED_NOTE)
		hg_notes_add(&t->timed->notes, HG_STR_NONE, text);
	return t;
}

static void put_person(struct hg_pidf_person *who, enum place place, struct hg_str text)
{
	struct hg_rpid_values *doing = who->rpid.list[HG_RPID_ACTIVITIES].v;

	if (place == CLASS)
		who->rpid.class = hg_bytes_new(text);
	else if (place == SPHERE)
		who->rpid.sphere = hg_bytes_new(text);
	else if (place == ICON)
		who->rpid.status_icon = hg_bytes_new(text);
	else if (place == OTHER)
		doing->other = hg_bytes_new(text);
	else if (place == ACTIVITY_NOTE)
		hg_notes_add(&doing->notes, HG_STR("de"), text);
	else if (place == PERSON_NOTE)
		hg_notes_add(&who->notes, HG_STR_NONE, text);
	else if (place == NAME)
		hg_notes_add(&who->cipid.display_name, HG_STR_NONE, text);
	else if (place == HOMEPAGE)
		who->cipid.uri[HG_CIPID_HOMEPAGE] = hg_bytes_new(text);
}

static void put(struct hg_pidf *p, enum place place, struct hg_str text)
{
	struct hg_pidf_tuple *t = put_tuple(p, place, text);

	put_person(p->person, place, text);
	if (place == ENTITY) {
		hg_bytes_unref(p->entity);
		p->entity = hg_bytes_new(text);
	} else if (place == DOCUMENT_NOTE) {
		hg_notes_add(&p->notes, HG_STR_NONE, text);
	} else if (place == TOKEN && text.n < HG_TOKEN_MAX) {
		t->has_extension = true;
		t->basic = HG_PIDF_OPEN;
		t->extension = (struct hg_extension){ .availability = 3500, .max = UINT32_MAX };
		memcpy(t->extension.token, text.p, text.n);
	}
}

static struct hg_str get(const struct hg_pidf *p, enum place place)
{
	const struct hg_pidf_tuple *t = p->tuple;
	const struct hg_pidf_person *who = p->person;
	const struct hg_rpid_values *doing = who->rpid.list[HG_RPID_ACTIVITIES].v;

	switch (place) {
	case ENTITY:
		return hg_bytes_str(p->entity);
	case RESOURCE:
		return hg_bytes_str(t->resource);
	case CONTACT:
		return hg_bytes_str(t->contact);
	case DEVICE:
		return hg_bytes_str(t->rpid.device);
	case CLASS:
		return hg_bytes_str(who->rpid.class);
	case SPHERE:
		return hg_bytes_str(who->rpid.sphere);
	case ICON:
		return hg_bytes_str(who->rpid.status_icon);
	case OTHER:
		return hg_bytes_str(doing->other);
	case ACTIVITY_NOTE:
		return note(&doing->notes);
	case NOTE:
		return note(&t->notes);
	case PERSON_NOTE:
		return note(&who->notes);
	case DOCUMENT_NOTE:
		return note(&p->notes);
	case NAME:
		return note(&who->cipid.display_name);
	case HOMEPAGE:
		return hg_bytes_str(who->cipid.uri[HG_CIPID_HOMEPAGE]);
	case TIMED_NOTE:
		return note(&t->timed->notes);
	default:
		assert_true(t->has_extension);
		return hg_str(t->extension.token);
	}
}

/* No name of a resource is. */
static bool may_be_empty(enum place place)
{
	return place != RESOURCE;
}

/* 0 and it arrived whole, or the error. */
static int carry(enum place place, struct hg_str text)
{
	struct hg_pidf p = new_document(), back;
	struct hg_doc_err err = { "" };
	struct hg_buf b = { 0 };

	put(&p, place, text);
	hg_pidf_write(&b, &p);
	int rc = hg_pidf_read(hg_buf_str(&b), &back, &err);
	if (!rc)
		assert_true(hg_str_eq(get(&back, place), text));
	else
		assert_true(err.text[0]);
	hg_pidf_done(&back);
	hg_pidf_done(&p);
	hg_buf_done(&b);
	return rc;
}

static void in_pidf(void **state)
{
	for (enum place place = 0; place < PLACES; place++) {
		for (size_t i = 0; i < NTEXTS; i++) {
			if (!texts[i][0] && !may_be_empty(place))
				continue;
			if (carry(place, hg_str(texts[i])) != 0)
				fail_msg("place %d: '%s' was refused", (int)place, texts[i]);
		}
	}
}

/* As long as it may be it arrives, one octet longer it is refused. */
static void long_in_pidf(void **state)
{
	static const struct {
		enum place place;
		size_t most;
	} line[] = { { ENTITY, HG_PIDF_URI_MAX }, { RESOURCE, 1023 }, { CONTACT, HG_PIDF_URI_MAX },
		{ DEVICE, HG_PIDF_URI_MAX }, { CLASS, HG_RPID_TEXT_MAX },
		{ SPHERE, HG_RPID_TEXT_MAX }, { ICON, HG_PIDF_URI_MAX },
		{ OTHER, HG_RPID_TEXT_MAX }, { ACTIVITY_NOTE, HG_NOTE_TEXT_MAX },
		{ NOTE, HG_NOTE_TEXT_MAX }, { PERSON_NOTE, HG_NOTE_TEXT_MAX },
		{ DOCUMENT_NOTE, HG_NOTE_TEXT_MAX }, { NAME, HG_NOTE_TEXT_MAX },
		{ HOMEPAGE, HG_PIDF_URI_MAX }, { TIMED_NOTE, HG_NOTE_TEXT_MAX } };
	struct hg_buf b = { 0 };

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		fill(&b, line[i].most);
		assert_int_equal(carry(line[i].place, hg_buf_str(&b)), 0);
		fill(&b, line[i].most + 1);
		assert_int_equal(carry(line[i].place, hg_buf_str(&b)), -E2BIG);
	}
	fill(&b, HG_TOKEN_MAX - 1);
	assert_int_equal(carry(TOKEN, hg_buf_str(&b)), 0);
	hg_buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_pidf),
		cmocka_unit_test(long_in_pidf),
	};

	return cmocka_run_group_tests_name("texts of any script", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of what records say. */
#include "bridge/documents/pidf_private.h"
#include "bridge/documents/pidf_record.h"

#include <stdlib.h>
#include <string.h>

static struct hg_rpid_values *add_activities(struct hg_pidf_person *p)
{
	struct hg_rpid_spans *s = &p->rpid.list[HG_RPID_ACTIVITIES];

	if (!s->n) {
		s->v = hg_alloc(sizeof(*s->v));
		s->n = 1;
	}
	return s->v;
}

/* What somebody does, or whether he can be had. */
static void write_activity(struct hg_pidf_person *p, struct hg_str name)
{
	struct hg_rpid_values *v = add_activities(p);
	int value = hg_rpid_find(HG_RPID_ACTIVITIES, name);

	if (value >= 0)
		v->set |= UINT64_C(1) << value;
	else if (!v->other)
		v->other = hg_bytes_new(name);
}

static void write_value(const struct hg_value *v, struct hg_pidf_tuple *t, struct hg_pidf_person *p)
{
	int64_t number;

	switch (v->field) {
	case HG_PIDF_BASIC:
		t->basic = hg_str_is(v->text, "closed") ? HG_PIDF_CLOSED : HG_PIDF_OPEN;
		break;
	case HG_PIDF_SHOW:
		t->show = hg_pidf_show_find(v->text);
		break;
	case HG_PIDF_ACTIVITY:
	case HG_PIDF_REACH:
		write_activity(p, v->text);
		break;
	case HG_PIDF_INPUT:
		p->rpid.input = hg_str_is(v->text, "idle") ? HG_INPUT_IDLE : HG_INPUT_ACTIVE;
		break;
	case HG_PIDF_SINCE:
		if (hg_utc_read(v->text, &number))
			p->rpid.last_input = number;
		break;
	case HG_PIDF_NOTE:
		hg_notes_add(&t->notes, hg_str(v->lang), v->text);
		hg_notes_add(&p->notes, hg_str(v->lang), v->text);
		break;
	case HG_PIDF_PRIORITY:
		if (hg_str_i64(v->text, &number))
			t->priority = hg_pidf_thousandths((int)number);
		break;
	}
}

/* A resource without a name is the account alone. */
static struct hg_str name_of(const struct hg_face *face)
{
	return face->name.n ? face->name : HG_STR("account");
}

void hg_pidf_set_faces(struct hg_pidf *doc, const struct hg_face *face, size_t n)
{
	struct hg_pidf one = { .ntuples = doc->ntuples, .tuple = doc->tuple };

	if (!n)
		return;
	doc->tuple = NULL;
	doc->ntuples = 0;
	hg_pidf_done(&one);
	for (size_t i = 0; i < n && i < HG_PIDF_TUPLES_MAX; i++) {
		struct hg_pidf_tuple *t = hg_pidf_add_tuple(doc, name_of(&face[i]));
		struct hg_pidf_person nobody = { 0 };

		for (uint32_t k = 0; face[i].record && k < face[i].record->n; k++)
			write_value(&face[i].record->value[k], t, &nobody);
		/* A priority is the contact's (RFC 8048 6.2). None is the lowest, and so is 0. */
		t->priority = hg_pidf_thousandths(face[i].priority);
		if (t->priority > 0 && doc->entity)
			t->contact = hg_bytes_ref(doc->entity);
		hg_notes_done(&nobody.notes);
		hg_rpid_done(&nobody.rpid);
	}
}

void hg_pidf_set_extension(struct hg_pidf_tuple *t, const struct hg_presence *p, struct hg_str home)
{
	const struct hg_extension_core core = hg_tuple_core(t);

	t->has_extension = hg_extension_of(p, home, &core, &t->extension);
}

void hg_pidf_set_extensions(
	struct hg_pidf *doc, const struct hg_face *face, size_t n, struct hg_str home)
{
	for (size_t i = 0; i < n && i < HG_PIDF_TUPLES_MAX; i++)
		if (face[i].exact)
			hg_pidf_set_extension(
				hg_pidf_add_tuple(doc, name_of(&face[i])), face[i].exact, home);
}

static bool says_person(const struct hg_pidf_person *p)
{
	return p->notes.n || p->rpid.input || p->rpid.list[HG_RPID_ACTIVITIES].n;
}

void hg_pidf_of_record(const struct hg_record *r, struct hg_str resource, struct hg_pidf *ret)
{
	struct hg_pidf_tuple *t;
	struct hg_pidf_person *p;

	memset(ret, 0, sizeof(*ret));
	t = hg_pidf_add_tuple(ret, resource);
	t->priority = -1;
	p = ret->person = hg_alloc(sizeof(*p));
	ret->npersons = 1;
	for (uint32_t i = 0; r && i < r->n; i++)
		write_value(&r->value[i], t, p);
	if (p->rpid.last_input)
		p->rpid.input = HG_INPUT_IDLE;
	if (!says_person(p)) {
		free(p);
		ret->person = NULL;
		ret->npersons = 0;
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* contact list, add, del: of somebody's own contact list, as his client would. */

#include "bridge/ctl/verbs.h"

#include <stdlib.h>
#include <string.h>

static const char *group_name(const json_t *root, uint32_t id)
{
	const json_t *g;
	size_t i;

	json_array_foreach (json_object_get(root, "groups"), i, g)
		if (json_integer_value(json_object_get(g, "id")) == id)
			return hg_verb_text(g, "name");
	return "?";
}

static void write_groups(const json_t *root, const char *ids, struct hg_buf *out)
{
	struct hg_str rest = hg_str(ids), token;
	uint32_t id;

	while (hg_str_token(&rest, ' ', &token))
		if (hg_str_u32(token, &id))
			hg_buf_addf(
				out, " [%s]", id == 1 ? "Other Contacts" : group_name(root, id));
}

static void write_contacts(const json_t *root, struct hg_buf *out)
{
	const json_t *k;
	size_t i;

	json_array_foreach (json_object_get(root, "contacts"), i, k) {
		hg_buf_addf(out, "%-40s", hg_verb_text(k, "uri"));
		write_groups(root, hg_verb_text(k, "groups"), out);
		if (hg_verb_text(k, "name")[0])
			hg_buf_addf(out, " %s", hg_verb_text(k, "name"));
		if (!json_is_true(json_object_get(k, "subscribed")))
			hg_buf_adds(out, ", not subscribed");
		hg_buf_addc(out, '\n');
	}
}

int hg_verb_contact_list(void *ctx, const json_t *request, struct hg_buf *out)
{
	hg_addr owner = hg_verb_address(ctx, request, "owner", out);

	return owner ? hg_verb_list(ctx, request, owner, hg_core_contacts, write_contacts, out)
		     : HG_WRONG;
}

/* ---- changing ---- */

static void edit(struct hg_job *j, struct hg_contact_edit e)
{
	const struct hg_str scheme = HG_STR("sip:");
	struct hg_buf uri = { 0 };
	struct hg_address a;

	hg_addr_address(j->daemon->ids, j->whom, &a);
	hg_address_write_sip(&a, HG_BARE, &uri);
	e.addr = j->whom;
	e.uri = (struct hg_str){ uri.p + scheme.n, uri.n - scheme.n };
	hg_core_edit_contact(j->daemon->core, j->who, &e, hg_job_answered, j);
	hg_buf_done(&uri);
}

static void added(struct hg_job *j, const struct hg_answer *a)
{
	const char *owner = hg_verb_name(j->daemon, j->who);
	const char *whom = hg_verb_name(j->daemon, j->whom);

	hg_job_say(j,
		json_pack("{s:s, s:s, s:b}", "owner", owner, "address", whom, "added", !j->flag),
		"%s is %s contact of %s", whom, j->flag ? "still a" : "now a", owner);
	hg_job_end(j, HG_DONE);
}

static void set_contact(struct hg_job *j)
{
	const char *name = hg_verb_text(j->request, "name");
	char groups[16] = "";

	if (j->number)
		snprintf(groups, sizeof(groups), "%u", j->number);
	edit(j,
		(struct hg_contact_edit){ .op = HG_SET_CONTACT,
			.name = hg_str(name),
			.groups = j->number ? hg_str(groups) : HG_STR_NONE,
			.subscribed = true });
}

static void grouped(struct hg_job *j, const struct hg_answer *a)
{
	j->number = a->group;
	j->start = set_contact;
	j->done = added;
	j->again = false;
	set_contact(j);
}

/* One that is there already is found. */
static void add_group(struct hg_job *j)
{
	struct hg_contact_edit e = { .op = HG_ADD_GROUP,
		.name = hg_str(hg_verb_text(j->request, "group")) };

	hg_core_edit_contact(j->daemon->core, j->who, &e, hg_job_answered, j);
}

static struct hg_job *begin(struct hg_daemon *d, const json_t *request, struct hg_ctl_asker *asker)
{
	struct hg_job *j = hg_job_new(d, request, asker);

	j->who = hg_verb_address(d, request, "owner", &asker->out);
	j->whom = j->who ? hg_verb_address(d, request, "person", &asker->out) : 0;
	if (j->whom) {
		j->flag = hg_core_has_contact(d->core, j->who, j->whom);
		return j;
	}
	hg_job_end(j, HG_WRONG);
	return NULL;
}

void hg_verb_contact_add(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	struct hg_job *j = begin(ctx, request, asker);

	if (!j)
		return;
	j->start = hg_verb_text(request, "group") ? add_group : set_contact;
	j->done = hg_verb_text(request, "group") ? grouped : added;
	j->start(j);
}

static void delete_contact(struct hg_job *j)
{
	edit(j, (struct hg_contact_edit){ .op = HG_DELETE_CONTACT });
}

static void deleted(struct hg_job *j, const struct hg_answer *a)
{
	const char *owner = hg_verb_name(j->daemon, j->who);
	const char *whom = hg_verb_name(j->daemon, j->whom);

	hg_job_say(j,
		json_pack("{s:s, s:s, s:b}", "owner", owner, "address", whom, "deleted", true),
		"%s is no contact of %s any more", whom, owner);
	hg_job_end(j, HG_DONE);
}

void hg_verb_contact_del(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	struct hg_job *j = begin(ctx, request, asker);

	if (!j)
		return;
	j->start = delete_contact;
	j->done = deleted;
	if (hg_core_has_user(j->daemon->core, j->who) && !j->flag) {
		hg_verb_fail(request, &asker->out, HG_NOT_DONE, "%s is no contact of %s",
			hg_verb_name(j->daemon, j->whom), hg_verb_name(j->daemon, j->who));
		hg_job_end(j, HG_NOT_DONE);
		return;
	}
	delete_contact(j);
}

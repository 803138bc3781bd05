/* SPDX-License-Identifier: Apache-2.0 */
/* container list, add, remove: who is in which of somebody's containers, as his client would have it. */

#include "bridge/ctl/verbs.h"

#include "bridge/documents/members.h"

#include <stdlib.h>
#include <string.h>

static void write_containers(const json_t *root, struct hg_buf *out)
{
	const json_t *k, *m;
	size_t i, n;

	json_array_foreach (json_object_get(root, "containers"), i, k) {
		hg_buf_addf(out, "%5lld ", (long long)json_integer_value(json_object_get(k, "id")));
		json_array_foreach (json_object_get(k, "members"), n, m) {
			const char *value = hg_verb_text(m, "value");

			hg_buf_addf(out, " %s%s%s", hg_verb_text(m, "type"), value ? ":" : "",
				value ? value : "");
		}
		hg_buf_addc(out, '\n');
	}
}

static int list(struct hg_daemon *d, const json_t *request, hg_addr who, struct hg_buf *out)
{
	return hg_verb_list(d, request, who, hg_core_containers, write_containers, out);
}

int hg_verb_container_list(void *ctx, const json_t *request, struct hg_buf *out)
{
	hg_addr who = hg_verb_address(ctx, request, "person", out);

	return who ? list(ctx, request, who, out) : HG_WRONG;
}

/* ---- changing ---- */

static const char no_member[] =
	"is no member (user:a@b.example, domain:b.example, sameEnterprise, federated, publicCloud, everyone)";

static bool read_named(
	struct hg_job *j, const char *said, struct hg_str value, struct hg_member *ret)
{
	struct hg_str local;
	const char *reason = "";

	if (value.n > HG_MEMBER_MAX ||
		hg_host()->addr_sip(j->daemon->core, value, &ret->addr, &local, &reason) < 0 ||
		(hg_host()->addr_domain(j->daemon->core, ret->addr) == ret->addr) !=
			(ret->type == HG_MEMBER_DOMAIN)) {
		hg_verb_fail(j->request, &j->asker->out, HG_WRONG, "'%s' %s%s%s", said, no_member,
			reason[0] ? ": " : "", reason);
		return false;
	}
	ret->value = hg_bytes_new(value);
	return true;
}

/* "user:a@b.example", "federated" */
static bool read_member(struct hg_job *j, const char *said, struct hg_member *ret)
{
	struct hg_str value = hg_str(said), type = HG_STR_NONE;

	hg_str_token(&value, ':', &type);
	ret->type = hg_member_type_find(type);
	if (ret->type == HG_MEMBER_USER || ret->type == HG_MEMBER_DOMAIN)
		return read_named(j, said, value, ret);
	if (ret->type && !value.n)
		return true;
	hg_verb_fail(j->request, &j->asker->out, HG_WRONG, "'%s' %s", said ? said : "", no_member);
	return false;
}

/* The edits, to be ended; NULL after saying what is wrong. */
static struct hg_members read_edits(struct hg_job *j, bool *ret_good)
{
	const json_t *members = json_object_get(j->request, "members"), *said;
	const json_t *container = json_object_get(j->request, "container");
	json_int_t id = json_integer_value(container);
	struct hg_members r = { .edit = hg_alloc(json_array_size(members) * sizeof(*r.edit) + 1) };
	size_t i;

	*ret_good = id > HG_C_AGGREGATION_URGENT && id <= HG_C_MAX;
	if (!*ret_good)
		hg_verb_fail(j->request, &j->asker->out, HG_WRONG,
			"a container whose members can be changed has a number from %d to %d",
			HG_C_AGGREGATION_URGENT + 1, HG_C_MAX);
	else if (!json_array_size(members) || json_array_size(members) > HG_MEMBERS_MAX)
		*ret_good = !hg_verb_fail(j->request, &j->asker->out, HG_WRONG,
			"which members? From one to %d", HG_MEMBERS_MAX);
	json_array_foreach (members, i, said) {
		if (!*ret_good)
			break;
		r.edit[r.n] = (struct hg_member_edit){ .container = (uint16_t)id,
			.remove = j->flag };
		*ret_good = read_member(j, json_string_value(said), &r.edit[r.n++].member);
	}
	return r;
}

static void start(struct hg_job *j)
{
	bool good;
	struct hg_members m = read_edits(j, &good);

	hg_core_edit_members(j->daemon->core, j->who, m.edit, m.n, hg_job_answered, j);
	hg_members_done(&m);
}

static void done(struct hg_job *j, const struct hg_answer *a)
{
	hg_job_end(j, list(j->daemon, j->request, j->who, &j->asker->out));
}

void hg_verb_container_edit(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	struct hg_job *j = hg_job_new(ctx, request, asker);
	struct hg_members m;
	bool good;

	j->start = start;
	j->done = done;
	j->flag = strcmp(hg_verb_text(request, "verb"), "container remove") == 0;
	m = read_edits(j, &good);
	hg_members_done(&m);
	j->who = good ? hg_verb_address(ctx, request, "person", &asker->out) : 0;
	if (j->who)
		start(j);
	else
		hg_job_end(j, HG_WRONG);
}

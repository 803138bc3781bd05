/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/address/routes.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bridge/base/intern.h"

/* A rule for an address is named by its key, one for a domain by "@domain": no key begins so,
 * and the name of the domain's rule is then the tail of a user's key. */
struct hg_routes {
	struct hg_intern *names;
	struct hg_where *rules; /* by id of the name */
	size_t cap;
};

struct hg_routes *hg_routes_new(void)
{
	struct hg_routes *r = hg_alloc(sizeof(*r));

	r->names = hg_intern_new();
	return r;
}

void hg_routes_free(struct hg_routes *r)
{
	if (!r)
		return;
	hg_intern_free(r->names);
	free(r->rules);
	free(r);
}

static int add_rule(struct hg_routes *r, struct hg_str name, struct hg_where where)
{
	uint32_t id;

	if (hg_intern_find(r->names, name))
		return -EEXIST;
	id = hg_intern(r->names, name);
	hg_grow(&r->rules, &r->cap, id, sizeof(*r->rules));
	r->rules[id] = where;
	return 0;
}

static const struct hg_where *find_rule(const struct hg_routes *r, struct hg_str name)
{
	uint32_t id = hg_intern_find(r->names, name);

	return id ? &r->rules[id] : NULL;
}

static struct hg_str domain_rule(struct hg_str domain, char name[HG_DOMAIN_MAX + 2])
{
	assert(domain.n && domain.n <= HG_DOMAIN_MAX);
	name[0] = '@';
	memcpy(name + 1, domain.p, domain.n);
	return (struct hg_str){ name, domain.n + 1 };
}

int hg_routes_add_domain(struct hg_routes *r, struct hg_str domain, struct hg_where where)
{
	char name[HG_DOMAIN_MAX + 2];

	return add_rule(r, domain_rule(domain, name), where);
}

int hg_routes_add_address(struct hg_routes *r, const struct hg_address *a, struct hg_where where)
{
	char key[HG_ADDRESS_KEY_MAX + 1];

	return add_rule(r, hg_address_key(a, key), where);
}

struct hg_where hg_routes_find(const struct hg_routes *r, struct hg_str key)
{
	const struct hg_where *rule = find_rule(r, key);
	const char *at = key.n ? memrchr(key.p, '@', key.n) : NULL;
	char name[HG_DOMAIN_MAX + 2];

	if (!rule && at)
		rule = find_rule(r, (struct hg_str){ at, key.n - (size_t)(at - key.p) });
	else if (!rule && key.n)
		rule = find_rule(r, domain_rule(key, name));
	return rule ? *rule : (struct hg_where){ .kind = HG_WHERE_REFUSED };
}

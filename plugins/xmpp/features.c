/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody's client says of itself (XEP-0030), and whether a hash is of that (XEP-0115 5.4). */
#include "plugins/xmpp/iq.h"

#include <stdlib.h>
#include <string.h>

enum { IDENTITIES, FEATURES };

static void add_line(struct hg_xmpp_features *f, int kind, struct hg_buf *take)
{
	if (f->n[kind] < HG_XMPP_FEATURES_MAX)
		f->line[kind][f->n[kind]++] = hg_str_dup(hg_buf_str(take));
	else
		f->partly = true;
	hg_buf_done(take);
}

static void read_one(struct hg_xmpp_features *f, xmpp_stanza_t *e)
{
	struct hg_str name = hg_str(xmpp_stanza_get_name(e));
	struct hg_buf b = { 0 };

	if (hg_str_is(name, "feature")) {
		hg_buf_add(&b, hg_xmpp_attribute(e, "var"));
		f->wants |= hg_xmpp_wanted(hg_buf_str(&b));
		add_line(f, FEATURES, &b);
	} else if (hg_str_is(name, "identity")) {
		static const char *const parts[] = { "category", "type", "lang", "name" };

		for (int i = 0; i < 4; i++) {
			hg_buf_adds(&b, i ? "/" : "");
			hg_buf_add(&b, hg_xmpp_attribute(e, parts[i]));
		}
		add_line(f, IDENTITIES, &b);
	} else {
		f->partly = true; /* an extension (XEP-0128), of which we know nothing */
	}
}

static int by_octets(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool hg_xmpp_features_are(struct hg_xmpp_features *f, const char *ver)
{
	struct hg_buf b = { 0 };
	char its[HG_XMPP_VER_MAX];

	for (int kind = 0; kind < 2; kind++) {
		if (f->n[kind])
			qsort(f->line[kind], f->n[kind], sizeof(char *), by_octets);
		for (size_t i = 0; i < f->n[kind]; i++)
			hg_buf_addf(&b, "%s<", f->line[kind][i]);
	}
	hg_xmpp_ver(hg_buf_str(&b), its);
	hg_buf_done(&b);
	return !f->partly && !strcmp(its, ver);
}

void hg_xmpp_features_read(struct hg_xmpp_features *f, xmpp_stanza_t *query)
{
	for (xmpp_stanza_t *c = xmpp_stanza_get_children(query); c; c = xmpp_stanza_get_next(c))
		if (xmpp_stanza_is_tag(c))
			read_one(f, c);
}

void hg_xmpp_features_done(struct hg_xmpp_features *f)
{
	for (int kind = 0; kind < 2; kind++)
		for (size_t i = 0; i < f->n[kind]; i++)
			free(f->line[kind][i]);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* In-band provisioning, version 2 (EP 4.7). */
#pragma once

#include "bridge/documents/doc.h"

#include <heliograph/grammar.h>

#define HG_PROVISION_MAX 64       /* groups of one request */
#define HG_PROVISION_NAME_MAX 128 /* bytes */

/* ---- what a client asks for ---- */

struct hg_provision {
	char **group; /* names, as asked for */
	size_t n;
};

int hg_provision_read(struct hg_str body, struct hg_provision *ret, struct hg_doc_err *);
void hg_provision_done(struct hg_provision *);

/* ---- what there is for it ---- */

struct hg_property {
	char *name, *value;
};

struct hg_provision_group {
	char *name;
	struct hg_property *property;
	size_t n, cap;
};

void hg_provision_group_done(struct hg_provision_group *);

struct hg_provision_offer {
	const struct hg_provision_group *group;
	size_t ngroups;
	const struct hg_grammar_rule *rule; /* for the two groups that are the grammar */
	size_t nrules;
};

/* How clients expect the properties of a group ([MS-SIPREGE] 2.2.2.5). */
enum hg_provision_form {
	HG_PROVISION_ENTRIES, /* <propertyEntryList> with <property name="NAME">; of all that are not known */
	HG_PROVISION_INSTANCE, /* the same in <instance> */
	HG_PROVISION_ELEMENTS, /* <NAME> each, so names are XML names */
	HG_PROVISION_GRAMMAR   /* has no properties */
};

enum hg_provision_form hg_provision_form(struct hg_str group);
/* The name of a known group that is this one but for capitals; NULL. Clients look for exactly theirs. */
const char *hg_provision_known(struct hg_str group);

/* HG_TYPE_PROVISIONING: each group that was asked for, once; one that is not offered has nothing in it. */
void hg_provision_write(
	struct hg_buf *, const struct hg_provision *, const struct hg_provision_offer *);

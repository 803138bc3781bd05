/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/ctl/mapping_tables.h"

#include "bridge/address/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int open_folder(
	const struct hg_command *cmd, const struct hg_option *own, struct hg_site *ret)
{
	const char *given = own[HG_TABLES_MAPPINGS].value;
	char *folder = given ? hg_str_dup(hg_str(given)) : hg_site_mappings();
	struct hg_errs errs = { 0 };
	char where[64];
	int rc = HG_DONE;

	snprintf(where, sizeof(where), "heliograph %s", cmd->name);
	*ret = (struct hg_site){ 0 };
	hg_registry_init(&ret->registry);
	if (hg_site_load_mappings(folder, where, "name the one with grammar.yaml and xmpp.yaml",
		    ret, &errs) < 0) {
		rc = hg_site_complain(folder, &errs);
		hg_site_done(ret);
	}
	hg_errs_done(&errs);
	free(folder);
	return rc;
}

int hg_tables_open(const struct hg_command *cmd, const struct hg_options *o,
	const struct hg_option *own, struct hg_site *ret)
{
	struct hg_errs errs = { 0 };

	if (o->configured && own[HG_TABLES_MAPPINGS].value)
		return hg_misuse(
			cmd, "--config names the folder already: leave out --mappings", "");
	if (!o->configured && own[HG_TABLES_FOR].value)
		return hg_misuse(
			cmd, "--for needs --config: who has tables of his own stands there", "");
	if (!o->configured)
		return open_folder(cmd, own, ret);
	return hg_site_load(o->config, ret, &errs) < 0 ? hg_site_complain(o->config, &errs)
						       : HG_DONE;
}

const struct hg_table *hg_tables_asked(
	const struct hg_site *site, const struct hg_tables *t, const struct hg_option *own)
{
	const char *who = own[HG_TABLES_FOR].value;
	char key[HG_ADDRESS_KEY_MAX + 1];
	struct hg_address a;

	if (!who)
		return t->v[0];
	if (hg_address_from_sip(hg_str(who), site->settings.domains, &a, NULL) == 0) {
		hg_address_key(&a, key);
		who = key;
	}
	return hg_tables_find(t, who);
}

const struct hg_tables *hg_tables_named(
	const struct hg_command *cmd, const struct hg_site *site, const char *vocabulary)
{
	const char **name = hg_alloc(site->ntables * sizeof(*name));
	const struct hg_tables *found = NULL;

	for (size_t i = 0; i < site->ntables && !found; i++) {
		name[i] = hg_table_vocabulary(site->tables[i].v[0])->name;
		if (strcmp(name[i], vocabulary) == 0)
			found = &site->tables[i];
	}
	if (!found)
		hg_misuse_word(
			cmd, "there is no mapping table for ", vocabulary, name, site->ntables);
	free(name);
	return found;
}

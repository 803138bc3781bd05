/* SPDX-License-Identifier: Apache-2.0 */
/* `provisioning:` of the `sip:` section: the properties of groups that clients are given when they ask (EP 4.7). */
#include "plugins/sip/sip.h"

#include "bridge/documents/provision.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_MAX = 4096 };

/* A property of an administrator's own; written as it stands there. */
#define ANY_PROPERTY \
	{ \
		.name = HG_KEY_ANY, .kind = HG_KEY_STRING, \
		.help = "a property, as clients call it" \
	}
#define FLAG(name_, dflt_, help_) \
	{ \
		.name = (name_), .kind = HG_KEY_BOOL, .dflt = (dflt_), .help = (help_) \
	}

/* These and no others (EP 3.6): one that is misspelt would leave people less private than they think. Defaults are Lync's,
 * but for what a directory or a map would be needed for. */
static const struct hg_schema presence_policy = { (const struct hg_key[]){
	FLAG("EnablePrivacyMode", "off",
		"only contacts see anything, unless a user says otherwise"),
	FLAG("EnableLocationPrompt", "off", "clients ask where the user is"),
	FLAG("AutoInitiateContacts", "off", "manager and team become contacts by themselves"),
	FLAG("PublishLocationDataDefault", "on",
		"places are published until the user says otherwise"),
	FLAG("DisplayPublishedPhotoDefault", "on",
		"photos are shown until the user says otherwise"),
	{ .name = "PersonalNoteHistoryDepth",
		.kind = HG_KEY_INTEGER,
		.dflt = "3",
		.max = 100,
		.help = "earlier notes that clients keep" },
	{ 0 } } };

static const struct hg_schema endpoint_configuration = { (const struct hg_key[]){
	{ .name = "CustomStateURL",
		.kind = HG_KEY_STRING,
		.help = "where clients reach the presence states of custom-states:, as https://corp.example/custom-states.xml" },
	ANY_PROPERTY, { 0 } } };

static const struct hg_schema persistent_chat = { (const struct hg_key[]){
	FLAG("EnablePersistentChat", "off", "there are chat rooms"),
	{ .name = "DefaultPersistentChatPoolUri",
		.kind = HG_KEY_STRING,
		.help = "the SIP address of their server" },
	ANY_PROPERTY, { 0 } } };

static const struct hg_schema any_group = { (const struct hg_key[]){ ANY_PROPERTY, { 0 } } };

const struct hg_schema hg_sip_provisioning_schema = { (const struct hg_key[]){
	{ .name = "presencePolicyV2",
		.kind = HG_KEY_MAP,
		.dflt = "{}",
		.sub = &presence_policy,
		.help = "how private people are" },
	{ .name = "endpointConfiguration",
		.kind = HG_KEY_MAP,
		.sub = &endpoint_configuration,
		.help = "what clients show and do" },
	{ .name = "persistentChatConfiguration",
		.kind = HG_KEY_MAP,
		.dflt = "{}",
		.sub = &persistent_chat,
		.help = "chat rooms" },
	{ .name = HG_KEY_ANY,
		.kind = HG_KEY_MAP,
		.sub = &any_group,
		.help = "any other group, like ServerConfiguration, ucPolicy, meetingPolicy, userSetting" },
	{ 0 } } };

/* ---- what is wrong with it ---- */

static bool is_element_name(const char *name)
{
	static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	static const char more[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789-.";

	return name[0] && strchr(first, name[0]) && name[strspn(name, more)] == '\0';
}

static bool is_url(struct hg_str text)
{
	bool scheme = hg_str_istarts(text, HG_STR("https://")) ||
		hg_str_istarts(text, HG_STR("http://")) || hg_str_istarts(text, HG_STR("file://"));

	return scheme && !memchr(text.p, ' ', text.n) && text.p[text.n - 1] != '/';
}

static int check_group(const char *name, const struct hg_conf *group, struct hg_err *err)
{
	const char *known = hg_provision_known(hg_str(name));
	char hint[HG_PROVISION_NAME_MAX + 32];

	if (hg_provision_form(hg_str(name)) == HG_PROVISION_GRAMMAR)
		return hg_err_set(err, -EINVAL, hg_conf_where(group),
			"remove it, and change mappings/grammar.yaml instead",
			"provisioning: %s is written from the grammar", name);
	if (known && strcmp(known, name) != 0) {
		snprintf(hint, sizeof(hint), "write %s", known);
		return hg_err_set(err, -EINVAL, hg_conf_where(group), hint,
			"provisioning: no client asks for '%.128s'", name);
	}
	if (!name[0] || strlen(name) > HG_PROVISION_NAME_MAX || hg_str_has_control(hg_str(name)))
		return hg_err_set(err, -EINVAL, hg_conf_where(group),
			"write it as clients do, like ucPolicy",
			"provisioning: the name of a group is empty, has a control character or more than %d octets",
			HG_PROVISION_NAME_MAX);
	return 0;
}

static int check_name(
	const char *group, const char *name, const struct hg_conf *value, struct hg_err *err)
{
	bool element = hg_provision_form(hg_str(group)) == HG_PROVISION_ELEMENTS;

	if (element && !is_element_name(name))
		return hg_err_set(err, -EINVAL, hg_conf_where(value),
			"use letters, digits, '-', '_' and '.', and begin with a letter",
			"%s: '%.60s' cannot be the name of an XML element", group, name);
	if (!name[0] || strlen(name) > HG_PROVISION_NAME_MAX || hg_str_has_control(hg_str(name)))
		return hg_err_set(err, -EINVAL, hg_conf_where(value),
			"write it as clients do, like AllowCallForwarding",
			"%s: the name of a property is empty, has a control character or more than %d octets",
			group, HG_PROVISION_NAME_MAX);
	return 0;
}

static int check_value(
	const char *group, const char *name, const struct hg_conf *value, struct hg_err *err)
{
	struct hg_str text = hg_conf_text(value);

	if (text.n > VALUE_MAX)
		return hg_err_set(err, -EINVAL, hg_conf_where(value), "shorten it",
			"%s: %s has %zu octets; %d are the most", group, name, text.n, VALUE_MAX);
	if (hg_str_has_control(text))
		return hg_err_set(err, -EINVAL, hg_conf_where(value), "write it in one line",
			"%s: a control character in %s", group, name);
	if (strcmp(name, "CustomStateURL") == 0 && !is_url(text))
		return hg_err_set(err, -EINVAL, hg_conf_where(value),
			"write it like https://corp.example/custom-states.xml; http: and file: are possible too",
			"%s: CustomStateURL: '%.100s' is no address of a file", group, text.p);
	return 0;
}

/* ---- as data ---- */

/* What the schema takes for a word of YAML is written as clients read it. */
static char *value_of(const struct hg_schema *schema, const struct hg_conf *group, const char *name)
{
	const struct hg_key *key = schema->key;
	char number[32];

	while (key->name && strcmp(key->name, name) != 0 && strcmp(key->name, HG_KEY_ANY) != 0)
		key++;
	if (key->kind == HG_KEY_BOOL)
		return hg_str_dup(hg_str(hg_conf_bool(group, name) ? "true" : "false"));
	if (key->kind != HG_KEY_INTEGER)
		return hg_str_dup(hg_conf_str(group, name));
	snprintf(number, sizeof(number), "%lld", (long long)hg_conf_int(group, name));
	return hg_str_dup(hg_str(number));
}

static const struct hg_schema *schema_of(const char *group)
{
	const struct hg_key *key = hg_sip_provisioning_schema.key;

	while (strcmp(key->name, group) != 0 && strcmp(key->name, HG_KEY_ANY) != 0)
		key++;
	return key->sub;
}

static int read_group(
	struct hg_sip *sip, const char *name, const struct hg_conf *conf, struct hg_err *err)
{
	const char *property;
	int rc = check_group(name, conf, err);

	if (rc)
		return rc;
	hg_grow(&sip->group, &sip->group_cap, sip->ngroups, sizeof(*sip->group));
	struct hg_provision_group *group = &sip->group[sip->ngroups++];
	*group = (struct hg_provision_group){ .name = hg_str_dup(hg_str(name)) };
	for (size_t i = 0; (property = hg_conf_key(conf, i)) != NULL; i++) {
		const struct hg_conf *value = hg_conf_get(conf, property);

		rc = check_name(name, property, value, err);
		if (!rc)
			rc = check_value(name, property, value, err);
		if (rc)
			return rc;
		hg_grow(&group->property, &group->cap, group->n, sizeof(*group->property));
		group->property[group->n++] = (struct hg_property){ hg_str_dup(hg_str(property)),
			value_of(schema_of(name), conf, property) };
	}
	return 0;
}

int hg_sip_provisioning_read(struct hg_sip *sip, const struct hg_conf *conf, struct hg_err *err)
{
	const char *name;
	int rc = 0;

	for (size_t i = 0; !rc && (name = hg_conf_key(conf, i)) != NULL; i++)
		rc = read_group(sip, name, hg_conf_get(conf, name), err);
	return rc;
}

void hg_sip_provisioning_done(struct hg_sip *sip)
{
	for (size_t i = 0; i < sip->ngroups; i++)
		hg_provision_group_done(&sip->group[i]);
	free(sip->group);
	sip->group = NULL;
	sip->ngroups = sip->group_cap = 0;
}

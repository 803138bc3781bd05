/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completes a manual page: a line @KEYS@ becomes the configuration's keys, a line @METRICS@ the table of metrics, as the
 * program itself has them, and .Os names its version. Run while building; what it writes is mdoc(7).
 */
#include "bridge/conf/settings_schema.h"
#include "bridge/ctl/metrics.h"
#include "bridge/plugin/registry.h"
#include "plugins/loopback/loopback.h"

#include <stdio.h>
#include <string.h>

static void write_text(const char *text)
{
	if (text[0] == '.' || text[0] == '\'')
		fputs("\\&", stdout);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
	}
}

/* ---- keys ---- */

static void write_amount(enum hg_key_kind kind, int64_t n)
{
	static const struct {
		int64_t size;
		const char *name;
	} time[] = { { 3600000, "h" }, { 60000, "m" }, { 1000, "s" }, { 1, "ms" } },
	  size[] = { { 1 << 20, "M" }, { 1 << 10, "k" }, { 1, "" } };
	size_t i = 0;

	if (kind == HG_KEY_DURATION) {
		while (n % time[i].size)
			i++;
		printf("%lld%s", (long long)(n / time[i].size), n ? time[i].name : "");
	} else if (kind == HG_KEY_SIZE) {
		while (n % size[i].size)
			i++;
		printf("%lld%s", (long long)(n / size[i].size), n ? size[i].name : "");
	} else {
		printf("%lld", (long long)n);
	}
}

static void write_kind(const struct hg_key *key)
{
	static const char *const name[] = {
		[HG_KEY_STRING] = "Text",
		[HG_KEY_SECRET] = "Text that is never printed",
		[HG_KEY_BOOL] = "On or off",
		[HG_KEY_INTEGER] = "Number",
		[HG_KEY_DURATION] = "Duration",
		[HG_KEY_SIZE] = "Size",
		[HG_KEY_PATH] = "Path",
		[HG_KEY_MAP] = "Keys of its own",
		[HG_KEY_LIST] = "List",
	};

	if (key->kind == HG_KEY_ENUM) {
		fputs("One of", stdout);
		for (size_t i = 0; key->values[i]; i++)
			printf("%s %s", i ? "," : "", key->values[i]);
	} else {
		fputs(name[key->kind], stdout);
		if (key->alone)
			printf(", or one value: %s", key->alone);
	}
	if (key->min || key->max) {
		fputs(" from ", stdout);
		write_amount(key->kind, key->min);
		fputs(" to ", stdout);
		write_amount(key->kind, key->max);
	}
	if (key->required)
		fputs("; required", stdout);
	else if (key->dflt && key->kind != HG_KEY_MAP && key->kind != HG_KEY_LIST)
		printf("; default %s", key->dflt);
	if (key->live)
		fputs("; reload", stdout);
}

/* "Number from 1 to 9; default 5: what it is for." The help is no sentence of its own. */
static void write_meaning(const struct hg_key *key)
{
	write_kind(key);
	if (key->help) {
		fputs(": ", stdout);
		write_text(key->help);
	}
	puts(".");
}

static void write_keys(const struct hg_schema *schema, const char *above)
{
	char path[128];

	for (const struct hg_key *key = schema->key; key->name; key++) {
		const char *name = strcmp(key->name, HG_KEY_ANY) == 0 ? "NAME" : key->name;

		snprintf(path, sizeof(path), "%s%s", above, name);
		printf(".It Cm %s\n", path);
		write_meaning(key);
		if (!key->sub)
			continue;
		snprintf(path, sizeof(path), "%s%s%s", above, name,
			key->kind == HG_KEY_LIST ? "[]." : ".");
		write_keys(key->sub, path);
	}
}

static void write_section(const struct hg_key *key)
{
	printf(".Ss %s\n", key->name);
	write_meaning(key);
	if (!key->sub || !key->sub->key[0].name)
		return;
	puts(".Bl -tag -width Ds");
	write_keys(key->sub, key->kind == HG_KEY_LIST ? "[]." : "");
	puts(".El");
}

static void write_adapter(const struct hg_adapter *a, const char *help)
{
	struct hg_key key = { .name = a->name, .kind = HG_KEY_MAP, .sub = a->schema, .help = help };

	write_section(&key);
}

static void write_all_keys(void)
{
	struct hg_registry built_in;

	for (const struct hg_key *key = hg_settings_keys; key->name; key++)
		write_section(key);
	hg_registry_init(&built_in);
	for (size_t i = 0; i < built_in.n; i++)
		write_adapter(built_in.adapter[i], NULL);
	write_adapter(
		&hg_loopback_adapter, "the reference adapter; only with adapters: [loopback]");
}

/* ---- metrics ---- */

static void write_metrics(void)
{
	puts(".Bl -tag -width Ds");
	for (const struct hg_metric *f = hg_metric_families; f->name; f++) {
		printf(".It Sy heliograph_%s", f->name);
		if (f->labels[0])
			printf(" Brq Ar %s", f->labels);
		putchar('\n');
		write_text(f->help);
		putchar('\n');
	}
	puts(".El");
}

int main(int argc, char **argv)
{
	char line[4096];
	FILE *page = argc == 2 ? fopen(argv[1], "r") : NULL;

	if (!page) {
		fprintf(stderr, "usage: manual PAGE.in >PAGE\n");
		return 2;
	}
	while (fgets(line, sizeof(line), page)) {
		if (strcmp(line, "@KEYS@\n") == 0)
			write_all_keys();
		else if (strcmp(line, "@METRICS@\n") == 0)
			write_metrics();
		else if (strcmp(line, ".Os\n") == 0)
			puts(".Os Heliograph " HG_VERSION);
		else
			fputs(line, stdout);
	}
	fclose(page);
	return ferror(stdout) ? 1 : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

PurpleAccount *probe_account;

static GMainLoop *loop;

static gchar *opt_user, *opt_password, *opt_directory, *opt_host;
static gchar *opt_protocol = "prpl-sipe";
static gchar *opt_status = "available";
static gchar **opt_settings;
static gboolean opt_accept, opt_debug, opt_guard;

static GOptionEntry options[] = {
	{ "user", 'u', 0, G_OPTION_ARG_STRING, &opt_user,
		"Account name; for SIPE user@domain or user@domain,LOGIN", "NAME" },
	{ "password", 'p', 0, G_OPTION_ARG_STRING, &opt_password, "Password", "TEXT" },
	{ "protocol", 'P', 0, G_OPTION_ARG_STRING, &opt_protocol,
		"Protocol plugin, prpl-sipe unless given", "ID" },
	{ "option", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &opt_settings,
		"Account setting; the values true and false set a boolean", "KEY=VALUE" },
	{ "status", 's', 0, G_OPTION_ARG_STRING, &opt_status,
		"Status to sign on with, available unless given", "ID" },
	{ "directory", 'd', 0, G_OPTION_ARG_STRING, &opt_directory,
		"Where libpurple keeps its files, a new directory unless given", "DIR" },
	{ "host", 'H', 0, G_OPTION_ARG_STRING, &opt_host,
		"Name of the computer, as servers are told it; its own unless given", "NAME" },
	{ "accept", 'k', 0, G_OPTION_ARG_NONE, &opt_accept,
		"Answer questions with their first choice, such as accepting a certificate", NULL },
	{ "guard", 'g', 0, G_OPTION_ARG_NONE, &opt_guard,
		"Keep SIPE from dying when the server removes a group", NULL },
	{ "debug", 'v', 0, G_OPTION_ARG_NONE, &opt_debug, "Copy libpurple's debug log to stderr",
		NULL },
	{ NULL },
};

PurplePluginProtocolInfo *probe_protocol(void)
{
	PurplePlugin *plugin = purple_find_prpl(opt_protocol);

	return plugin ? PURPLE_PLUGIN_PROTOCOL_INFO(plugin) : NULL;
}

void probe_quit(void)
{
	g_main_loop_quit(loop);
}

static gboolean input_ready(GIOChannel *channel, GIOCondition condition, gpointer user_data)
{
	gchar *line = NULL;

	switch (g_io_channel_read_line(channel, &line, NULL, NULL, NULL)) {
	case G_IO_STATUS_NORMAL:
		command_run(line);
		g_free(line);
		return TRUE;
	case G_IO_STATUS_AGAIN:
		return TRUE;
	default:
		probe_quit();
		return FALSE;
	}
}

static void ui_start(void)
{
	report_start(opt_accept);
}

static PurpleCoreUiOps core_ops = { .ui_init = ui_start };

static void settings_apply(void)
{
	for (gchar **setting = opt_settings; setting && *setting; setting++) {
		gchar **pair = g_strsplit(*setting, "=", 2);
		const char *value = pair[1] ? pair[1] : "true";

		if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
			purple_account_set_bool(probe_account, pair[0], *value == 't');
		else
			purple_account_set_string(probe_account, pair[0], value);
		g_strfreev(pair);
	}
}

/* A saved status, as otherwise libpurple's own default overrides it. */
static gboolean status_start(void)
{
	PurpleStatusType *type = purple_account_get_status_type(probe_account, opt_status);
	PurpleSavedStatus *saved;

	if (!type) {
		emit("error", "text", "no such status", "status", opt_status, NULL);
		return FALSE;
	}
	saved = purple_savedstatus_new(NULL, purple_status_type_get_primitive(type));
	purple_savedstatus_set_substatus(saved, probe_account, type, NULL);
	purple_savedstatus_activate(saved);
	return TRUE;
}

static gboolean account_start(void)
{
	if (!probe_protocol()) {
		emit("error", "text", "no such protocol plugin", "protocol", opt_protocol, NULL);
		return FALSE;
	}
	if (opt_guard)
		group_guard_start();
	probe_account = purple_account_new(opt_user, opt_protocol);
	purple_account_set_password(probe_account, opt_password);
	/* Else it is forgotten on signing off, and "connect" does nothing. */
	purple_account_set_remember_password(probe_account, TRUE);
	/* Without this libpurple never takes anybody to be blocked. */
	probe_account->perm_deny = PURPLE_PRIVACY_DENY_USERS;
	/* Keeps SIPE from looking for the user's Exchange server. */
	purple_account_set_bool(probe_account, "dont-publish", TRUE);
	settings_apply();
	purple_accounts_add(probe_account);
	purple_account_set_enabled(probe_account, PROBE_UI, TRUE);
	return status_start();
}

static gboolean options_read(int argc, char **argv)
{
	GOptionContext *context = g_option_context_new(NULL);
	GError *error = NULL;
	gboolean good;

	g_option_context_add_main_entries(context, options, NULL);
	good = g_option_context_parse(context, &argc, &argv, &error);
	g_option_context_free(context);
	if (!good) {
		fprintf(stderr, "%s\n", error->message);
		g_error_free(error);
	} else if (!opt_user) {
		fprintf(stderr, "%s: no account name given, try --help\n", argv[0]);
		good = FALSE;
	}
	return good;
}

int main(int argc, char **argv)
{
	GIOChannel *input = g_io_channel_unix_new(0);
	int result = 1;

	setlocale(LC_ALL, "C.UTF-8");
	events_open();
	if (!options_read(argc, argv))
		return 2;
	host_name(opt_host);
	if (!opt_directory)
		opt_directory = g_dir_make_tmp("purple-probe-XXXXXX", NULL);

	loop = g_main_loop_new(NULL, FALSE);
	purple_util_set_user_dir(opt_directory);
	purple_debug_set_enabled(opt_debug);
	purple_debug_set_verbose(opt_debug);
	purple_core_set_ui_ops(&core_ops);
	purple_eventloop_set_ui_ops(&probe_loop_ops);
	if (!purple_core_init(PROBE_UI)) {
		fprintf(stderr, "%s: libpurple does not start\n", argv[0]);
		return 1;
	}
	purple_set_blist(purple_blist_new());
	purple_blist_load();
	report_signals();
	g_io_add_watch(input, G_IO_IN | G_IO_HUP, input_ready, NULL);
	if (account_start()) {
		g_main_loop_run(loop);
		result = 0;
	}
	purple_core_quit();
	return result;
}

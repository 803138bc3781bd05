/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user would click is a line of input. */
#include "probe.h"

#include <string.h>
#include <time.h>

static PurpleBuddy *buddy_named(const char *name)
{
	PurpleBuddy *buddy = purple_find_buddy(probe_account, name);

	if (!buddy)
		emit("error", "text", "no such buddy", "name", name, NULL);
	return buddy;
}

static PurpleGroup *group_named(const char *name)
{
	PurpleGroup *group = purple_find_group(name);

	if (!group)
		emit("error", "text", "no such group", "name", name, NULL);
	return group;
}

static void do_status(gchar **args)
{
	if (args[1])
		purple_account_set_status(probe_account, args[0], TRUE, "message", args[1], NULL);
	else
		purple_account_set_status(probe_account, args[0], TRUE, NULL);
}

static void do_note(gchar **args)
{
	PurpleStatus *status = purple_account_get_active_status(probe_account);

	purple_account_set_status(
		probe_account, purple_status_get_id(status), TRUE, "message", args[0], NULL);
}

static void do_idle(gchar **args)
{
	PurplePresence *presence = purple_account_get_presence(probe_account);
	gboolean idle = strcmp(args[0], "yes") == 0;

	purple_presence_set_idle(presence, idle, idle ? time(NULL) - 600 : 0);
}

static void do_add(gchar **args)
{
	const char *group_name = args[1] ? args[1] : "Other Contacts";
	PurpleBuddy *buddy = purple_buddy_new(probe_account, args[0], NULL);
	PurpleGroup *group = purple_find_group(group_name);

	if (!group) {
		group = purple_group_new(group_name);
		purple_blist_add_group(group, NULL);
	}
	purple_blist_add_buddy(buddy, NULL, group, NULL);
	purple_account_add_buddy(probe_account, buddy);
}

static void buddy_remove(PurpleBuddy *buddy)
{
	purple_account_remove_buddy(probe_account, buddy, purple_buddy_get_group(buddy));
	purple_blist_remove_buddy(buddy);
}

static void do_remove(gchar **args)
{
	PurpleBuddy *buddy = buddy_named(args[0]);

	if (buddy)
		buddy_remove(buddy);
}

static void do_alias(gchar **args)
{
	PurpleBuddy *buddy = buddy_named(args[0]);

	if (buddy) {
		purple_blist_alias_buddy(buddy, args[1]);
		serv_alias_buddy(buddy);
	}
}

static void do_group_rename(gchar **args)
{
	PurpleGroup *group = group_named(args[0]);

	if (group)
		purple_blist_rename_group(group, args[1]);
}

/* What a user interface does, which is to empty the group first. */
static void do_group_remove(gchar **args)
{
	PurpleGroup *group = group_named(args[0]);
	GSList *buddies = purple_find_buddies(probe_account, NULL);

	for (GSList *b = buddies; group && b; b = b->next)
		if (purple_buddy_get_group(b->data) == group)
			buddy_remove(b->data);
	g_slist_free(buddies);
	if (group)
		group_remove_by_user(group);
}

static void do_block(gchar **args)
{
	purple_privacy_deny_add(probe_account, args[0], FALSE);
}

static void do_allow(gchar **args)
{
	purple_privacy_deny_remove(probe_account, args[0], FALSE);
}

static void do_list(gchar **args)
{
	GSList *buddies = purple_find_buddies(probe_account, NULL);

	for (GSList *b = buddies; b; b = b->next)
		report_buddy(b->data, TRUE);
	g_slist_free(buddies);
	emit("list-end", NULL);
}

static void property_show(gpointer key, gpointer value, gpointer name)
{
	if (purple_value_get_type(value) == PURPLE_TYPE_STRING)
		emit("property", "name", name, "key", key, "value", purple_value_get_string(value),
			NULL);
}

static void do_show(gchar **args)
{
	PurpleBuddy *buddy = buddy_named(args[0]);

	/* What the plugin keeps of the contact's card. */
	if (buddy)
		g_hash_table_foreach(PURPLE_BLIST_NODE(buddy)->settings, property_show, args[0]);

	if (buddy && probe_protocol()->tooltip_text) {
		PurpleNotifyUserInfo *info = purple_notify_user_info_new();

		probe_protocol()->tooltip_text(buddy, info, TRUE);
		report_info(args[0], info);
		purple_notify_user_info_destroy(info);
	}
}

/* The answer comes later, as the server's. */
static void do_info(gchar **args)
{
	serv_get_info(purple_account_get_connection(probe_account), args[0]);
}

/* Chooses the entry of the account's menu whose label has this in it. */
static void choose_action(const char *wanted)
{
	PurpleConnection *gc = purple_account_get_connection(probe_account);
	GList *actions = PURPLE_PLUGIN_ACTIONS(gc->prpl, gc);
	gboolean found = FALSE;

	for (; actions; actions = g_list_delete_link(actions, actions)) {
		PurplePluginAction *action = actions->data;

		if (action && !found && strstr(action->label, wanted)) {
			action->plugin = gc->prpl;
			action->context = gc;
			action->callback(action);
			found = TRUE;
		}
		if (action)
			purple_plugin_action_free(action);
	}
	if (!found)
		emit("error", "text", "no such action", NULL);
}

/* SIPE refuses to reset the status of one who does not publish his calendar: for this click he does. */
static void do_action(gchar **args)
{
	purple_account_set_bool(probe_account, "dont-publish", FALSE);
	choose_action(args[0]);
	purple_account_set_bool(probe_account, "dont-publish", TRUE);
}

/* The questions that it asks are answered with these words. */
static void do_search(gchar **args)
{
	report_answers(args);
	choose_action("search");
}

/*
 * Walks a buddy's menu.  Prints every entry that can be chosen, or, when a path such as
 * "Access level/Personal" is wanted, chooses that entry.  Labels are compared without the marks
 * and blanks that SIPE draws in front.
 */
static gboolean menu_walk(GList *menu, const char *above, const char *wanted, PurpleBlistNode *node)
{
	gboolean found = FALSE;

	for (; menu; menu = g_list_delete_link(menu, menu)) {
		PurpleMenuAction *entry = menu->data;
		void (*choose)(PurpleBlistNode *,
			gpointer) = (void (*)(PurpleBlistNode *, gpointer))entry->callback;
		const char *label = entry->label;
		gchar *path;

		while (*label && !g_ascii_isalnum(*label))
			label++;
		path = *above ? g_strdup_printf("%s/%s", above, label) : g_strdup(label);
		if (choose && !wanted) {
			emit("menu", "path", path, "label", entry->label, NULL);
		} else if (choose && strcmp(path, wanted) == 0) {
			choose(node, entry->data);
			found = TRUE;
		}
		if (menu_walk(entry->children, path, wanted, node))
			found = TRUE;
		entry->children = NULL;
		purple_menu_action_free(entry);
		g_free(path);
	}
	return found;
}

static void do_menu(gchar **args)
{
	PurpleBuddy *buddy = buddy_named(args[0]);

	if (buddy) {
		PurpleBlistNode *node = PURPLE_BLIST_NODE(buddy);
		GList *menu = probe_protocol()->blist_node_menu(node);

		if (!menu_walk(menu, "", args[1], node) && args[1])
			emit("error", "text", "no such menu entry", NULL);
		emit("menu-end", NULL);
	}
}

static void do_connect(gchar **args)
{
	purple_account_connect(probe_account);
}

static void do_disconnect(gchar **args)
{
	purple_account_disconnect(probe_account);
}

/* Answers with the same words, so that a test can tell what came before from what came after. */
static void do_mark(gchar **args)
{
	emit("mark", "text", args[0], NULL);
}

static void do_quit(gchar **args)
{
	probe_quit();
}

static void do_help(gchar **args);

static const struct command {
	const char *name;
	guint arguments; /* how many of them must be there */
	gboolean online; /* whether it needs a connection */
	void (*run)(gchar **args);
	const char *usage;
} commands[] = {
	{ "status", 1, FALSE, do_status, "ID [MESSAGE]" },
	{ "note", 1, FALSE, do_note, "MESSAGE" },
	{ "idle", 1, TRUE, do_idle, "yes|no" },
	{ "add", 1, TRUE, do_add, "NAME [GROUP]" },
	{ "remove", 1, TRUE, do_remove, "NAME" },
	{ "alias", 2, TRUE, do_alias, "NAME ALIAS" },
	{ "group-rename", 2, TRUE, do_group_rename, "GROUP NAME" },
	{ "group-remove", 1, TRUE, do_group_remove, "GROUP" },
	{ "block", 1, TRUE, do_block, "NAME" },
	{ "allow", 1, TRUE, do_allow, "NAME" },
	{ "list", 0, FALSE, do_list, "" },
	{ "show", 1, TRUE, do_show, "NAME" },
	{ "info", 1, TRUE, do_info, "NAME" },
	{ "search", 1, TRUE, do_search, "FIELD=TEXT..." },
	{ "menu", 1, TRUE, do_menu, "NAME [PATH]" },
	{ "action", 1, TRUE, do_action, "LABEL" },
	{ "connect", 0, FALSE, do_connect, "" },
	{ "disconnect", 0, FALSE, do_disconnect, "" },
	{ "mark", 1, FALSE, do_mark, "TEXT" },
	{ "quit", 0, FALSE, do_quit, "" },
	{ "help", 0, FALSE, do_help, "" },
};

static void do_help(gchar **args)
{
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
		emit("help", "command", commands[i].name, "usage", commands[i].usage, NULL);
}

static void words_run(gchar **words, guint count)
{
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
		const struct command *command = &commands[i];

		if (strcmp(words[0], command->name) != 0)
			continue;
		if (count <= command->arguments)
			emit("error", "text", "too few words", "command", command->name, NULL);
		else if (command->online && !purple_account_is_connected(probe_account))
			emit("error", "text", "not connected", "command", command->name, NULL);
		else
			command->run(words + 1);
		return;
	}
	emit("error", "text", "no such command", "command", words[0], NULL);
}

void command_run(const gchar *line)
{
	GError *error = NULL;
	gchar **words;
	gint count;

	if (g_shell_parse_argv(line, &count, &words, &error)) {
		words_run(words, (guint)count);
		g_strfreev(words);
		return;
	}
	if (!g_error_matches(error, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING))
		emit("error", "text", error->message, NULL);
	g_error_free(error);
}

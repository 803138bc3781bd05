/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user interface would draw becomes an event. */
#include "probe.h"

static gboolean accept_all;

/*
 * A plugin may change what is shown for a buddy without a change of status (SIPE keeps personal
 * notes to itself, for one), so every redraw is looked at and reported when the line differs from
 * the last one.
 */
void report_buddy(PurpleBuddy *buddy, gboolean always)
{
	PurpleBlistNode *node = PURPLE_BLIST_NODE(buddy);
	PurplePresence *presence = purple_buddy_get_presence(buddy);
	const char *status = purple_status_get_id(purple_presence_get_active_status(presence));
	const char *name = purple_buddy_get_name(buddy);
	PurpleGroup *group = purple_buddy_get_group(buddy);
	const char *online = yes_no(purple_presence_is_online(presence));
	const char *idle = yes_no(purple_presence_is_idle(presence));
	const char *blocked = yes_no(!purple_privacy_check(probe_account, name));
	const char *alias = purple_buddy_get_local_buddy_alias(buddy);
	const char *server_alias = purple_buddy_get_server_alias(buddy);
	gchar *text = NULL, *seen;

	if (purple_account_is_connected(probe_account) && probe_protocol()->status_text)
		text = probe_protocol()->status_text(buddy);
	seen = g_strdup_printf(
		"%s\n%s\n%s\n%s\n%s\n%s%s", group ? purple_group_get_name(group) : "", status, text,
		alias, server_alias, idle, blocked);
	if (always || g_strcmp0(seen, node->ui_data) != 0)
		emit("buddy", "name", name, "group", group ? purple_group_get_name(group) : NULL,
			"status", status, "online", online, "idle", idle, "blocked", blocked,
			"text", text, "alias", alias, "server-alias", server_alias, NULL);
	g_free(node->ui_data);
	node->ui_data = seen;
	g_free(text);
}

/* A group that gets another name is updated itself; for the reader that is news of those who are in it. */
static void node_update(PurpleBuddyList *list, PurpleBlistNode *node)
{
	if (PURPLE_BLIST_NODE_IS_BUDDY(node))
		report_buddy((PurpleBuddy *)node, FALSE);
	else
		for (PurpleBlistNode *child = node->child; child; child = child->next)
			node_update(list, child);
}

/* Called when a buddy is no longer to be shown, such as after signing off. */
static void node_remove(PurpleBuddyList *list, PurpleBlistNode *node)
{
	if (PURPLE_BLIST_NODE_IS_BUDDY(node)) {
		g_free(node->ui_data);
		node->ui_data = NULL;
	}
}

static PurpleBlistUiOps list_ops = {
	.update = node_update,
	.remove = node_remove,
};

static void buddy_removed(PurpleBuddy *buddy)
{
	emit("buddy-removed", "name", purple_buddy_get_name(buddy), NULL);
}

static void privacy_changed(PurpleAccount *changed, const char *name)
{
	GSList *buddies = purple_find_buddies(changed, name);

	emit("privacy", "name", name, "blocked", yes_no(!purple_privacy_check(changed, name)),
		NULL);
	for (GSList *b = buddies; b; b = b->next)
		report_buddy(b->data, FALSE);
	g_slist_free(buddies);
}

static PurplePrivacyUiOps privacy_ops = {
	.permit_added = privacy_changed,
	.permit_removed = privacy_changed,
	.deny_added = privacy_changed,
	.deny_removed = privacy_changed,
};

static void own_status_changed(PurpleAccount *changed, PurpleStatus *status)
{
	emit("self", "status", purple_status_get_id(status), "message",
		purple_status_get_attr_string(status, "message"), NULL);
}

static void added_by(PurpleAccount *asked, const char *who, const char *id, const char *alias,
	const char *message)
{
	emit("added-by", "name", who, "alias", alias, NULL);
}

static void *authorization_requested(PurpleAccount *asked, const char *who, const char *id,
	const char *alias, const char *message, gboolean on_list,
	PurpleAccountRequestAuthorizationCb authorize, PurpleAccountRequestAuthorizationCb deny,
	void *user_data)
{
	emit("authorization", "name", who, "alias", alias, "granted", yes_no(accept_all), NULL);
	(accept_all ? authorize : deny)(user_data);
	return NULL;
}

static PurpleAccountUiOps account_ops = {
	.status_changed = own_status_changed,
	.request_add = added_by,
	.notify_added = added_by,
	.request_authorize = authorization_requested,
};

struct answer {
	PurpleRequestActionCb callback;
	void *data;
	int index;
};

static gboolean answer_give(gpointer user_data)
{
	struct answer *answer = user_data;

	if (answer->callback)
		answer->callback(answer->data, answer->index);
	g_free(answer);
	return FALSE;
}

/* Whoever asks does not expect the answer before the question is put. */
static void *question(const char *title, const char *primary, const char *secondary, int suggested,
	PurpleAccount *asking, const char *who, PurpleConversation *conversation, void *user_data,
	size_t count, va_list choices)
{
	struct answer *answer = g_new0(struct answer, 1);
	int chosen = accept_all ? 0 : (int)count - 1;
	const char *label = NULL;

	for (int i = 0; i <= chosen; i++) {
		label = va_arg(choices, const char *);
		answer->callback = va_arg(choices, PurpleRequestActionCb);
	}
	answer->data = user_data;
	answer->index = chosen;
	emit("question", "title", title, "primary", primary, "secondary", secondary, "answer",
		label, NULL);
	g_idle_add(answer_give, answer);
	return answer;
}

struct form {
	PurpleRequestFieldsCb send;
	void *data;
	PurpleRequestFields *fields;
};

static gchar **answers;

void report_answers(gchar **given)
{
	g_strfreev(answers);
	answers = g_strdupv(given);
}

static gboolean form_send(gpointer user_data)
{
	struct form *form = user_data;

	form->send(form->data, form->fields);
	purple_request_fields_destroy(form->fields);
	g_free(form);
	return FALSE;
}

/* Filled in and sent off, as soon as whoever put it up has returned. */
static void *form_shown(const char *title, const char *primary, const char *secondary,
	PurpleRequestFields *fields, const char *ok_text, GCallback ok, const char *cancel_text,
	GCallback cancel, PurpleAccount *asking, const char *who, PurpleConversation *conversation,
	void *user_data)
{
	struct form *form = g_new0(struct form, 1);

	for (gchar **a = answers; a && *a; a++) {
		gchar **pair = g_strsplit(*a, "=", 2);

		if (pair[1] && purple_request_fields_exists(fields, pair[0]))
			purple_request_field_string_set_value(
				purple_request_fields_get_field(fields, pair[0]), pair[1]);
		else
			emit("error", "text", "no such field", "field", pair[0], NULL);
		g_strfreev(pair);
	}
	form->send = (PurpleRequestFieldsCb)ok;
	form->data = user_data;
	form->fields = fields;
	g_idle_add(form_send, form);
	return form;
}

static PurpleRequestUiOps request_ops = {
	.request_action = question,
	.request_fields = form_shown,
};

static void *notice(
	PurpleNotifyMsgType type, const char *title, const char *primary, const char *secondary)
{
	static const char *const kinds[] = { "error", "warning", "info" };

	emit("notice", "kind", kinds[type], "title", title, "primary", primary, "secondary",
		secondary, NULL);
	return NULL;
}

void report_info(const char *who, PurpleNotifyUserInfo *info)
{
	for (GList *e = purple_notify_user_info_get_entries(info); e; e = e->next) {
		const char *label = purple_notify_user_info_entry_get_label(e->data);

		if (label)
			emit("info", "name", who, "label", label, "value",
				purple_notify_user_info_entry_get_value(e->data), NULL);
	}
	emit("info-end", "name", who, NULL);
}

static void *info_shown(PurpleConnection *gc, const char *who, PurpleNotifyUserInfo *info)
{
	report_info(who, info);
	return NULL;
}

/* A row is an event; its columns are named as their titles are. */
static void *found_shown(PurpleConnection *gc, const char *title, const char *primary,
	const char *secondary, PurpleNotifySearchResults *results, gpointer user_data)
{
	for (GList *row = results->rows; row; row = row->next) {
		GString *cells = g_string_new(NULL);

		for (GList *cell = row->data; cell; cell = cell->next)
			g_string_append_printf(cells, "%s%s", cells->len ? "|" : "",
				cell->data ? (const char *)cell->data : "");
		emit("found", "row", cells->str, NULL);
		g_string_free(cells, TRUE);
	}
	emit("found-end", "text", secondary, NULL);
	return results;
}

static PurpleNotifyUiOps notify_ops = {
	.notify_message = notice,
	.notify_userinfo = info_shown,
	.notify_searchresults = found_shown,
};

static void signed_on(PurpleConnection *gc)
{
	emit("signed-on", "account", purple_account_get_username(gc->account), NULL);
}

static void signed_off(PurpleConnection *gc)
{
	emit("signed-off", "account", purple_account_get_username(gc->account), NULL);
}

static void connection_failed(PurpleConnection *gc, PurpleConnectionError error, const char *text)
{
	gchar *code = g_strdup_printf("%d", error);

	emit("connection-error", "code", code, "text", text, NULL);
	g_free(code);
}

void report_start(gboolean accept)
{
	accept_all = accept;
	purple_blist_set_ui_ops(&list_ops);
	purple_privacy_set_ui_ops(&privacy_ops);
	purple_accounts_set_ui_ops(&account_ops);
	purple_request_set_ui_ops(&request_ops);
	purple_notify_set_ui_ops(&notify_ops);
}

void report_signals(void)
{
	static int handle;
	void *connections = purple_connections_get_handle();

	purple_signal_connect(connections, "signed-on", &handle, PURPLE_CALLBACK(signed_on), NULL);
	purple_signal_connect(
		connections, "signed-off", &handle, PURPLE_CALLBACK(signed_off), NULL);
	purple_signal_connect(
		connections, "connection-error", &handle, PURPLE_CALLBACK(connection_failed), NULL);
	purple_signal_connect(purple_blist_get_handle(), "buddy-removed", &handle,
		PURPLE_CALLBACK(buddy_removed), NULL);
}

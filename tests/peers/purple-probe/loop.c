/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe.h"

struct watch {
	PurpleInputFunction function;
	gpointer data;
};

static gboolean watch_ready(GIOChannel *channel, GIOCondition condition, gpointer user_data)
{
	struct watch *watch = user_data;
	int ready = 0;

	if (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR))
		ready |= PURPLE_INPUT_READ;
	if (condition & (G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL))
		ready |= PURPLE_INPUT_WRITE;
	watch->function(watch->data, g_io_channel_unix_get_fd(channel), ready);
	return TRUE;
}

static guint watch_add(
	gint fd, PurpleInputCondition wanted, PurpleInputFunction function, gpointer data)
{
	GIOChannel *channel = g_io_channel_unix_new(fd);
	struct watch *watch = g_new(struct watch, 1);
	GIOCondition condition = 0;
	guint id;

	*watch = (struct watch){ function, data };
	if (wanted & PURPLE_INPUT_READ)
		condition |= G_IO_IN | G_IO_HUP | G_IO_ERR;
	if (wanted & PURPLE_INPUT_WRITE)
		condition |= G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL;
	id = g_io_add_watch_full(
		channel, G_PRIORITY_DEFAULT, condition, watch_ready, watch, g_free);
	g_io_channel_unref(channel);
	return id;
}

PurpleEventLoopUiOps probe_loop_ops = {
	.timeout_add = g_timeout_add,
	.timeout_remove = g_source_remove,
	.input_add = watch_add,
	.input_remove = g_source_remove,
	.timeout_add_seconds = g_timeout_add_seconds,
};

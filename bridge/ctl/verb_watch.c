/* SPDX-License-Identifier: Apache-2.0 */
/* watch: what happens, as it happens. */

#include "bridge/ctl/verbs.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

enum { WATCHING_MOST = 8 };

struct hg_watching {
	struct hg_daemon *daemon;
	struct hg_ctl_asker *asker;
	hg_addr person; /* 0: everybody */
	bool json;
	struct hg_watching *next;
};

static void gone(void *arg)
{
	struct hg_watching *w = arg;

	LL_DELETE(w->daemon->watching, w);
	free(w);
}

void hg_verb_watch(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	struct hg_daemon *d = ctx;
	struct hg_watching *w;
	hg_addr person = 0;
	int n;

	LL_COUNT(d->watching, w, n);
	if (n >= WATCHING_MOST) {
		hg_verb_fail(request, &asker->out, HG_NOT_DONE, "%d watch already", n);
		hg_ctl_answer(asker, HG_NOT_DONE);
		return;
	}
	if (hg_verb_text(request, "person")) {
		person = hg_verb_address(d, request, "person", &asker->out);
		if (!person) {
			hg_ctl_answer(asker, HG_WRONG);
			return;
		}
	}
	w = hg_alloc(sizeof(*w));
	*w = (struct hg_watching){ d, asker, person, json_is_true(json_object_get(request, "json")),
		NULL };
	LL_PREPEND(d->watching, w);
	hg_ctl_stream(asker, gone, NULL, w);
}

/* ---- lines ---- */

static struct hg_str who(const struct hg_daemon *d, hg_addr addr)
{
	return hg_intern_text(d->ids, addr);
}

static void member(struct hg_buf *b, const char *key, struct hg_str value)
{
	if (!value.n)
		return;
	hg_buf_addf(b, ",\"%s\":", key);
	hg_buf_add_json(b, value);
}

static void write_json(
	const struct hg_daemon *d, const struct hg_event *e, const char *at, struct hg_buf *b)
{
	hg_buf_addf(b, "{\"at\":\"%s\",\"event\":\"%s\"", at, hg_event_name(e->kind));
	member(b, "person", who(d, e->person));
	member(b, "other", who(d, e->other));
	member(b, "detail", e->detail);
	member(b, "adapter", hg_str(e->adapter));
	if (e->kind == HG_EVENT_STATE) {
		member(b, "band", hg_str(hg_band_name(hg_band_of(e->availability))));
		hg_buf_addf(b, ",\"availability\":%u", e->availability);
	}
	hg_buf_adds(b, "}\n");
}

static void word(struct hg_buf *b, const char *before, struct hg_str value)
{
	if (value.n)
		hg_buf_addf(b, "%s%.*s", before, HG_STR_ARG(value));
}

static void write_line(
	const struct hg_daemon *d, const struct hg_event *e, const char *at, struct hg_buf *b)
{
	bool edge = e->kind == HG_EVENT_EDGE_IN || e->kind == HG_EVENT_EDGE_OUT;

	hg_buf_addf(b, "%s %-15s", at, hg_event_name(e->kind));
	word(b, " ", who(d, e->person));
	if (e->kind == HG_EVENT_STATE)
		hg_buf_addf(
			b, " %s (%u)", hg_band_name(hg_band_of(e->availability)), e->availability);
	word(b, " ", e->detail);
	word(b, edge ? ", watcher " : e->person ? ", as shown to " : " ", who(d, e->other));
	word(b, " via ", hg_str(e->adapter));
	hg_buf_addc(b, '\n');
}

void hg_watch_tell(void *daemon, const struct hg_event *e)
{
	struct hg_daemon *d = daemon;
	struct hg_watching *w, *tmp;
	char at[HG_UTC_TEXT];

	if (!d->watching)
		return;
	hg_utc_write(hg_loop_now(d->runtime.loop).utc, at);
	LL_FOREACH_SAFE (d->watching, w, tmp) {
		if (w->person && w->person != e->person && w->person != e->other)
			continue;
		(w->json ? write_json : write_line)(d, e, at, &w->asker->out);
		hg_ctl_flush(w->asker);
	}
}

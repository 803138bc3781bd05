/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /healthz says whether this process does its work: an orchestrator restarts one that does not. So
 * a route that is down is listed, but is no reason: a restart would not bring the other side back,
 * and would make people's clients sign in again. /readyz says whether people should be sent here.
 */
#include "bridge/ctl/http_pages.h"

#include "bridge/ctl/metrics_gather.h"
#include "bridge/documents/custom_states.h"
#include "bridge/base/lcid.h"
#include "bridge/mirror/route_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OK = 200, NOT_FOUND = 404, UNAVAILABLE = 503, PATIENCE_S = 10 };

static void write_route(void *arg, const struct hg_route_state *r)
{
	hg_buf_addf(arg, "route %s %.*s: %s\n", r->adapter, HG_STR_ARG(r->domain),
		r->up ? "up" : "down");
}

/* Writes the first line and the state of what is listed for information. */
static int write_health(struct hg_daemon *d, const char *unfit, struct hg_buf *out)
{
	int failing = hg_metrics_store_failing(d->store_door);

	if (failing < 0)
		hg_buf_addf(out, "store failing: %s\n", strerror(-failing));
	else
		hg_buf_addf(out, "%s\n", unfit ? unfit : "ok");
	hg_core_each_route(d->core, write_route, out);
	return failing < 0 || unfit ? UNAVAILABLE : OK;
}

static int metrics(struct hg_daemon *d, struct hg_buf *out, const char **ret_type)
{
	hg_metrics_gather(d);
	hg_metrics_write(d->metrics, out);
	*ret_type = "text/plain; version=0.0.4; charset=utf-8";
	return OK;
}

/* ---- presence states of the organisation ---- */

static const struct hg_conf *custom_states(const struct hg_daemon *d)
{
	const struct hg_conf *list = d->live->settings.custom_states;

	return hg_conf_count(list) ? list : NULL;
}

static void read_state(const struct hg_conf *conf, struct hg_custom_state *ret)
{
	const struct hg_conf *texts = hg_conf_get(conf, "texts");
	const char *tag;

	*ret = (struct hg_custom_state){ .availability = (enum hg_custom_availability)hg_conf_int(
						 conf, "availability") };
	for (size_t i = 0; (tag = hg_conf_key(texts, i)) != NULL; i++) {
		hg_grow(&ret->text, &ret->cap, ret->n, sizeof(*ret->text));
		ret->text[ret->n++] = (struct hg_custom_text){ hg_lcid_of(hg_str(tag)),
			hg_conf_str(texts, tag) };
	}
}

static int write_states(const struct hg_conf *list, struct hg_buf *out, const char **ret_type)
{
	size_t n = hg_conf_count(list);
	struct hg_custom_state *state = hg_alloc(n * sizeof(*state));

	for (size_t i = 0; i < n; i++)
		read_state(hg_conf_at(list, i), &state[i]);
	hg_custom_states_write(out, state, n);
	for (size_t i = 0; i < n; i++)
		free(state[i].text);
	free(state);
	*ret_type = HG_TYPE_CUSTOM_STATES;
	return OK;
}

static int page(struct hg_daemon *d, struct hg_str path, struct hg_buf *out, const char **ret_type)
{
	if (hg_str_is(path, "/metrics"))
		return metrics(d, out, ret_type);
	if (hg_str_is(path, "/healthz"))
		return write_health(d, NULL, out);
	if (hg_str_is(path, "/readyz"))
		return write_health(d, d->phase == HG_UP ? NULL : "stopping", out);
	if (custom_states(d) && hg_str_is(path, "/custom-states.xml"))
		return write_states(custom_states(d), out, ret_type);
	hg_buf_addf(out, "there are /metrics, /healthz%s/readyz\n",
		custom_states(d) ? ", /custom-states.xml and " : " and ");
	return NOT_FOUND;
}

static int get(void *ctx, struct hg_str path, struct hg_buf *out, const char **ret_type)
{
	struct hg_daemon *d = ctx;
	char series[48];
	int status = page(d, path, out, ret_type);

	snprintf(series, sizeof(series), "http_requests_total{code=\"%d\"}", status);
	hg_metrics_count(d->metrics, series, 1);
	return status;
}

int hg_http_pages_open(struct hg_daemon *d, struct hg_err *err)
{
	const struct hg_http_settings *s = &d->site->settings.http;
	struct hg_http_spec spec = {
		.address = s->address,
		.port = s->port,
		.connections = s->connections,
		.patience_s = PATIENCE_S,
		.get = get,
		.ctx = d,
	};
	int rc;

	if (!s->address)
		return 0;
	rc = hg_http_open(hg_loop_uv(d->runtime.loop), &spec, &d->http, err);
	if (rc == 0)
		hg_log(HG_INFO, "http-listening", "address=%s port=%u", s->address, s->port);
	return rc;
}

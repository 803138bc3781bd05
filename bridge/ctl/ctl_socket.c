/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/ctl/ctl_private.h"

#include <heliograph/log.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

#define CLIENTS_MOST 64
#define PATIENCE 10000 /* ms */

/* ---- the end ---- */

struct hg_ctl {
	uv_pipe_t pipe;
	const struct hg_ctl_verb *verb;
	void *ctx;
	uint64_t patience; /* ms */
	struct hg_ctl_client *client;
	size_t nclients;
	bool closed; /* its own handle; the last of all handles frees */
};

static void free_if_last(struct hg_ctl *ctl)
{
	if (ctl->closed && !ctl->nclients)
		free(ctl);
}

static void on_client_closed(uv_handle_t *handle)
{
	struct hg_ctl_client *c = handle->data;
	struct hg_ctl *ctl = c->ctl;

	if (--c->handles)
		return;
	hg_buf_done(&c->head);
	hg_buf_done(&c->out);
	free(c->request);
	free(c);
	ctl->nclients--;
	free_if_last(ctl);
}

static void free_asker(struct hg_ctl_asker *a)
{
	hg_buf_done(&a->out);
	free(a);
}

/* A verb that has begun may still answer, and then nobody listens; one that streams is told. */
void hg_ctl_part_from_asker(struct hg_ctl_client *c)
{
	struct hg_ctl_asker *a = c->asker;

	c->asker = NULL;
	if (!a)
		return;
	a->client = NULL;
	if (a->gone) {
		a->gone(a->arg);
		free_asker(a);
	}
}

void hg_ctl_client_close(struct hg_ctl_client *c)
{
	if (!c->at)
		return; /* is closing */
	hg_ctl_part_from_asker(c);
	*c->at = c->next;
	if (c->next)
		c->next->at = c->at;
	c->at = NULL;
	uv_close((uv_handle_t *)&c->pipe, on_client_closed);
	uv_close((uv_handle_t *)&c->timer, on_client_closed);
}

static void on_ctl_closed(uv_handle_t *handle)
{
	struct hg_ctl *ctl = handle->data;

	ctl->closed = true;
	free_if_last(ctl);
}

void hg_ctl_close(struct hg_ctl *ctl)
{
	if (!ctl)
		return;
	while (ctl->client)
		hg_ctl_client_close(ctl->client);
	uv_close((uv_handle_t *)&ctl->pipe, on_ctl_closed); /* unlinks */
}

void hg_ctl_patience(struct hg_ctl *ctl, uint64_t ms)
{
	ctl->patience = ms;
}

/* ---- answers ---- */

void hg_ctl_last_written(uv_write_t *write, int status)
{
	hg_ctl_client_close(write->data);
}

void hg_ctl_stalled(uv_timer_t *timer)
{
	struct hg_ctl_client *c = timer->data;

	hg_log(HG_WARN, "ctl-stalled", "pid=%d uid=%u", (int)c->who.pid, c->who.uid);
	hg_ctl_client_close(c);
}

void hg_ctl_start_patience(struct hg_ctl_client *c)
{
	uv_timer_start(&c->timer, hg_ctl_stalled, c->ctl->patience, 0);
}

/* Hands out c->out. */
static void answer(struct hg_ctl_client *c, int code)
{
	uv_read_stop((uv_stream_t *)&c->pipe);
	uv_update_time(c->pipe.loop); /* the verb's own time is not the asker's */
	hg_ctl_start_patience(c);
	hg_buf_addf(&c->head, "{\"exit\":%d,\"length\":%zu}\n", code, c->out.n);
	uv_buf_t part[] = { uv_buf_init(c->head.p, (unsigned)c->head.n),
		uv_buf_init(c->out.p, (unsigned)c->out.n) };
	c->write.data = c;
	if (uv_write(&c->write, (uv_stream_t *)&c->pipe, part, c->out.n ? 2 : 1,
		    hg_ctl_last_written))
		hg_ctl_client_close(c);
}

static void refuse(struct hg_ctl_client *c, int code, const char *why)
{
	hg_ctl_part_from_asker(c);
	hg_log(HG_WARN, "ctl-refused", "pid=%d uid=%u reason=\"%s\"", (int)c->who.pid, c->who.uid,
		why);
	hg_buf_reset(&c->out);
	hg_buf_addf(&c->out, "%s\n", why);
	answer(c, code);
}

static void on_no_answer(uv_timer_t *timer)
{
	refuse(timer->data, HG_CTL_REFUSED,
		"no answer in time, and it may still be done: look with `heliograph show`");
}

/* ---- answers that take their time ---- */

void hg_ctl_answer(struct hg_ctl_asker *a, int code)
{
	struct hg_ctl_client *c = a->client;

	if (c) {
		c->asker = NULL;
		hg_buf_done(&c->out);
		c->out = a->out;
		a->out = (struct hg_buf){ 0 };
		hg_log(HG_INFO, "ctl-request", "verb=%s pid=%d uid=%u exit=%d", c->verb,
			(int)c->who.pid, c->who.uid, code);
		answer(c, code);
	}
	free_asker(a);
}

/* Goes on reading, to notice when he leaves. */
static void begin(struct hg_ctl_client *c, const struct hg_ctl_verb *v, const json_t *request)
{
	c->verb = v->name;
	c->asker = hg_alloc(sizeof(*c->asker));
	c->asker->client = c;
	uv_update_time(c->pipe.loop);
	uv_timer_start(&c->timer, on_no_answer, c->ctl->patience, 0);
	v->begin(c->ctl->ctx, request, c->asker);
}

/* ---- requests ---- */

static void run_verb(struct hg_ctl_client *c, const char *name, const json_t *request)
{
	struct hg_ctl *ctl = c->ctl;

	for (const struct hg_ctl_verb *v = ctl->verb; v->name; v++) {
		if (strcmp(v->name, name))
			continue;
		if (v->begin) {
			begin(c, v, request);
			return;
		}
		int code = v->run(ctl->ctx, request, &c->out);
		hg_log(HG_INFO, "ctl-request", "verb=%s pid=%d uid=%u exit=%d", v->name,
			(int)c->who.pid, c->who.uid, code);
		answer(c, code);
		return;
	}
	refuse(c, HG_CTL_USAGE, "this daemon does not know that verb: is it of the same version?");
}

static void run_request(struct hg_ctl_client *c, size_t length)
{
	json_error_t error;
	json_t *request = json_loadb(c->request, length, JSON_REJECT_DUPLICATES, &error);
	const char *name = json_string_value(json_object_get(request, "verb"));

	if (!request)
		refuse(c, HG_CTL_USAGE, "the request is not JSON");
	else if (!name)
		refuse(c, HG_CTL_USAGE, "the request has no \"verb\"");
	else
		run_verb(c, name, request);
	json_decref(request);
}

/* libuv reads straight to where it belongs. There is room: a full request without its end was
 * refused. */
static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
	struct hg_ctl_client *c = handle->data;
	size_t want = c->n + suggested < REQUEST_MOST ? c->n + suggested : REQUEST_MOST;

	if (c->verb)
		c->n = 0; /* what comes now is not looked at */
	hg_grow(&c->request, &c->cap, want - 1, 1);
	*ret = uv_buf_init(c->request + c->n, (unsigned)(want - c->n));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct hg_ctl_client *c = stream->data;

	if (n == UV_EOF && c->asker && !c->asker->gone) {
		uv_read_stop(stream); /* he may still listen */
		return;
	}
	if (n < 0) {
		hg_ctl_client_close(c);
		return;
	}
	if (c->verb)
		return; /* one request a connection */
	c->n += (size_t)n;
	const char *end = memchr(c->request + c->n - n, '\n', (size_t)n);
	if (end)
		run_request(c, (size_t)(end - c->request));
	else if (c->n == REQUEST_MOST)
		refuse(c, HG_CTL_USAGE, "the request is too long");
}

/* ---- the socket ---- */

static void on_connection(uv_stream_t *listener, int status)
{
	struct hg_ctl *ctl = listener->data;
	struct hg_ctl_client *c;

	if (status < 0) {
		hg_log(HG_WARN, "ctl-failed", "error=\"%s\"", uv_strerror(status));
		return;
	}
	c = hg_alloc(sizeof(*c));
	c->ctl = ctl;
	c->handles = 2;
	uv_pipe_init(listener->loop, &c->pipe, 0);
	uv_timer_init(listener->loop, &c->timer);
	c->pipe.data = c->timer.data = c;
	c->next = ctl->client;
	if (c->next)
		c->next->at = &c->next;
	c->at = &ctl->client;
	ctl->client = c;
	ctl->nclients++;
	hg_ctl_start_patience(c);
	if (uv_accept(listener, (uv_stream_t *)&c->pipe))
		hg_ctl_client_close(c);
	else if (!hg_ctl_may_ask(c))
		refuse(c, HG_CTL_REFUSED,
			"only root, the daemon's user and members of the socket's group may ask");
	else if (ctl->nclients > 2 * CLIENTS_MOST)
		hg_ctl_client_close(c); /* does not even read that it is refused */
	else if (ctl->nclients > CLIENTS_MOST)
		refuse(c, HG_CTL_REFUSED, "too many requests at a time");
	else
		uv_read_start((uv_stream_t *)&c->pipe, on_room, on_read);
}

static int bind_and_listen(struct hg_ctl *ctl, const char *path)
{
	int rc = uv_pipe_bind(&ctl->pipe, path);

	/* libuv says EACCES for a folder that is not there, too. */
	if (rc == UV_EACCES && !hg_ctl_folder_exists(path))
		rc = UV_ENOENT;
	/* Nobody can connect before it listens, so nobody does with the wrong mode. */
	if (!rc && chmod(path, 0660))
		rc = -errno;
	return rc ? rc : uv_listen((uv_stream_t *)&ctl->pipe, CLIENTS_MOST, on_connection);
}

int hg_ctl_open(uv_loop_t *loop, const char *path, const struct hg_ctl_verb *verb, void *ctx,
	struct hg_ctl **ret, struct hg_err *err)
{
	struct sockaddr_un limit;
	struct hg_ctl *ctl;

	if (strlen(path) >= sizeof(limit.sun_path))
		return hg_err_set(err, -ENAMETOOLONG, path, NULL,
			"a socket's path has at most %zu octets", sizeof(limit.sun_path) - 1);
	int rc = hg_ctl_remove_stale(path, err);
	if (rc)
		return rc;
	ctl = hg_alloc(sizeof(*ctl));
	ctl->verb = verb;
	ctl->ctx = ctx;
	ctl->patience = PATIENCE;
	uv_pipe_init(loop, &ctl->pipe, 0);
	ctl->pipe.data = ctl;
	rc = bind_and_listen(ctl, path);
	if (rc) {
		hg_ctl_close(ctl);
		return hg_err_set(err, rc, path,
			"its directory must exist, and Heliograph be able to write there",
			"cannot make the control socket: %s", uv_strerror(rc));
	}
	*ret = ctl;
	return 0;
}

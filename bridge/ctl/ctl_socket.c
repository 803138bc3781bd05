/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/ctl/ctl_socket.h"

#include <heliograph/log.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define CLIENTS_MOST 16
#define REQUEST_MOST 4096 /* octets, the line feed included */
#define PATIENCE 10000    /* ms */

struct client {
	uv_pipe_t pipe;
	uv_timer_t timer;
	uv_write_t write;
	struct hg_ctl *ctl;
	struct client *next, **at; /* in the list of the open ones */
	int handles;               /* not closed yet */
	struct ucred who;
	char request[REQUEST_MOST];
	size_t n;
	struct hg_buf head, out;
};

struct hg_ctl {
	uv_pipe_t pipe;
	const struct hg_ctl_verb *verb;
	void *ctx;
	uint64_t patience; /* ms */
	struct client *client;
	size_t nclients;
	bool closed; /* its own handle; the last of all handles frees */
};

/* ---- the end ---- */

static void free_if_last(struct hg_ctl *ctl)
{
	if (ctl->closed && !ctl->nclients)
		free(ctl);
}

static void on_client_closed(uv_handle_t *handle)
{
	struct client *c = handle->data;
	struct hg_ctl *ctl = c->ctl;

	if (--c->handles)
		return;
	hg_buf_done(&c->head);
	hg_buf_done(&c->out);
	free(c);
	ctl->nclients--;
	free_if_last(ctl);
}

static void client_close(struct client *c)
{
	if (!c->at)
		return; /* is closing */
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
		client_close(ctl->client);
	uv_close((uv_handle_t *)&ctl->pipe, on_ctl_closed); /* unlinks */
}

void hg_ctl_patience(struct hg_ctl *ctl, uint64_t ms)
{
	ctl->patience = ms;
}

/* ---- answers ---- */

static void on_written(uv_write_t *write, int status)
{
	client_close(write->data);
}

static void on_time_up(uv_timer_t *timer)
{
	struct client *c = timer->data;

	hg_log(HG_WARN, "ctl-stalled", "pid=%d uid=%u", (int)c->who.pid, c->who.uid);
	client_close(c);
}

/* Hands out c->out. */
static void answer(struct client *c, int code)
{
	uv_read_stop((uv_stream_t *)&c->pipe);
	uv_update_time(c->pipe.loop); /* the verb's own time is not the asker's */
	uv_timer_start(&c->timer, on_time_up, c->ctl->patience, 0);
	hg_buf_addf(&c->head, "{\"exit\":%d,\"length\":%zu}\n", code, c->out.n);
	uv_buf_t part[] = { uv_buf_init(c->head.p, (unsigned)c->head.n),
		uv_buf_init(c->out.p, (unsigned)c->out.n) };
	c->write.data = c;
	if (uv_write(&c->write, (uv_stream_t *)&c->pipe, part, c->out.n ? 2 : 1, on_written))
		client_close(c);
}

static void refuse(struct client *c, int code, const char *why)
{
	hg_log(HG_WARN, "ctl-refused", "pid=%d uid=%u reason=\"%s\"", (int)c->who.pid, c->who.uid,
		why);
	hg_buf_reset(&c->out);
	hg_buf_addf(&c->out, "%s\n", why);
	answer(c, code);
}

/* ---- requests ---- */

static void run_verb(struct client *c, const char *name, const json_t *request)
{
	struct hg_ctl *ctl = c->ctl;

	for (const struct hg_ctl_verb *v = ctl->verb; v->name; v++) {
		if (strcmp(v->name, name))
			continue;
		int code = v->run(ctl->ctx, request, &c->out);
		hg_log(HG_INFO, "ctl-request", "verb=%s pid=%d uid=%u exit=%d", v->name,
			(int)c->who.pid, c->who.uid, code);
		answer(c, code);
		return;
	}
	refuse(c, HG_CTL_USAGE, "this daemon does not know that verb: is it of the same version?");
}

static void run_request(struct client *c, size_t length)
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
	struct client *c = handle->data;

	*ret = uv_buf_init(c->request + c->n, (unsigned)(sizeof(c->request) - c->n));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = stream->data;

	if (n < 0) {
		client_close(c);
		return;
	}
	c->n += (size_t)n;
	const char *end = memchr(c->request, '\n', c->n);
	if (end)
		run_request(c, (size_t)(end - c->request));
	else if (c->n == sizeof(c->request))
		refuse(c, HG_CTL_USAGE, "the request is too long");
}

/* ---- who asks ---- */

static bool in_group(int fd, gid_t group)
{
	gid_t *groups = NULL;
	socklen_t size = 0;
	bool found = false;

	/* The first call tells how much there is. A process's groups stay what they were when it
	 * connected. */
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &size) && errno != ERANGE)
		return false;
	groups = hg_alloc(size);
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size)) {
		for (size_t i = 0; i < size / sizeof(*groups) && !found; i++)
			found = groups[i] == group;
	}
	free(groups);
	return found;
}

static bool may_ask(struct client *c)
{
	socklen_t size = sizeof(c->who);
	struct sockaddr_un self;
	socklen_t self_size = sizeof(self);
	struct stat st;
	uv_os_fd_t fd;

	if (uv_fileno((uv_handle_t *)&c->pipe, &fd) ||
		getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c->who, &size))
		return false;
	if (c->who.uid == 0 || c->who.uid == geteuid())
		return true;
	if (getsockname(fd, (struct sockaddr *)&self, &self_size) || stat(self.sun_path, &st))
		return false;
	return c->who.gid == st.st_gid || in_group(fd, st.st_gid);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct hg_ctl *ctl = listener->data;
	struct client *c;

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
	uv_timer_start(&c->timer, on_time_up, c->ctl->patience, 0);
	if (uv_accept(listener, (uv_stream_t *)&c->pipe))
		client_close(c);
	else if (!may_ask(c))
		refuse(c, HG_CTL_REFUSED,
			"only root, the daemon's user and members of the socket's group may ask");
	else if (ctl->nclients > 2 * CLIENTS_MOST)
		client_close(c); /* does not even read that it is refused */
	else if (ctl->nclients > CLIENTS_MOST)
		refuse(c, HG_CTL_REFUSED, "too many requests at a time");
	else
		uv_read_start((uv_stream_t *)&c->pipe, on_room, on_read);
}

/* ---- the socket ---- */

/* 0: nobody is there any more, and it is removed. */
static int remove_stale(const char *path, struct hg_err *err)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct stat st;

	if (lstat(path, &st))
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return hg_err_set(err, -EEXIST, path, "give the control socket a path of its own",
			"what is there is no socket");
	strcpy(to.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int rc = connect(fd, (struct sockaddr *)&to, sizeof(to)) ? -errno : 0;
	close(fd);
	if (rc == -ECONNREFUSED && !unlink(path)) {
		hg_log(HG_INFO, "ctl-stale", "path=%s removed=yes", path);
		return 0;
	}
	return hg_err_set(err, rc == -ECONNREFUSED ? -errno : -EADDRINUSE, path,
		"stop the other one, or give this one a control socket of its own",
		rc == -ECONNREFUSED ? "a dead daemon's control socket cannot be removed"
				    : "another Heliograph answers on this control socket");
}

static bool folder_exists(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? hg_str_dup((struct hg_str){ path, (size_t)(slash - path) + 1 })
			     : NULL;
	bool exists = !folder || access(folder, F_OK) == 0;

	free(folder);
	return exists;
}

static int bind_and_listen(struct hg_ctl *ctl, const char *path)
{
	int rc = uv_pipe_bind(&ctl->pipe, path);

	/* libuv says EACCES for a folder that is not there, too. */
	if (rc == UV_EACCES && !folder_exists(path))
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
	int rc = remove_stale(path, err);
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

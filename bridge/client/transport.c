/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks does one thing, so it simply waits; a stream alone is looked at when something has come. */
#include "bridge/client/transport.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_S 30
#define CHUNK 16384

/* What has come and was not given out yet: from `from` on. */
struct hg_ctl_feed {
	int fd;
	struct hg_buf in;
	size_t from;
	size_t seen; /* so much behind `from` has no end of line */
};

static int connect_to(const char *path, struct hg_err *err)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(to.sun_path))
		return hg_err_set(err, -ENAMETOOLONG, path, NULL,
			"a socket's path has at most %zu octets", sizeof(to.sun_path) - 1);
	strcpy(to.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) &&
		!setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) &&
		!connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return fd;
	int rc = -errno;
	if (fd >= 0)
		close(fd);
	if (rc == -ENOENT || rc == -ECONNREFUSED)
		return hg_err_set(err, rc, path, "start it, or name its configuration file",
			"no Heliograph is running there");
	return hg_err_set(err, rc, path,
		rc == -EACCES
			? "only root, the daemon's user and members of the socket's group may ask"
			: NULL,
		"cannot reach the daemon: %s", strerror(-rc));
}

static int send_request(int fd, const json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	struct hg_buf line = { 0 };
	int rc = 0;

	hg_buf_addf(&line, "%s\n", text);
	for (size_t sent = 0; sent < line.n && !rc;) {
		ssize_t n = send(fd, line.p + sent, line.n - sent, MSG_NOSIGNAL);

		if (n >= 0)
			sent += (size_t)n;
		else if (errno != EINTR)
			rc = -errno;
	}
	free(text);
	hg_buf_done(&line);
	return rc;
}

/* ---- reading ---- */

/* Octets more; 0: it ended; or a negative errno. */
static ssize_t read_more(struct hg_ctl_feed *f, int flags)
{
	char chunk[CHUNK];
	ssize_t n;

	do
		n = recv(f->fd, chunk, sizeof(chunk), flags);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	hg_buf_add(&f->in, (struct hg_str){ chunk, (size_t)n });
	return n;
}

/* A line of what has come, or NULL. */
static char *take_line(struct hg_ctl_feed *f)
{
	size_t n = f->in.n - f->from;
	char *line = f->in.p + f->from;
	char *end = n > f->seen ? memchr(line + f->seen, '\n', n - f->seen) : NULL;

	f->seen = end ? 0 : n;
	if (!end)
		return NULL;
	*end = '\0';
	f->from += (size_t)(end - line) + 1;
	return line;
}

/* Gives up the room of what was taken. Lines that were given out are no more. */
static void forget_taken(struct hg_ctl_feed *f)
{
	if (!f->from)
		return;
	memmove(f->in.p, f->in.p + f->from, f->in.n - f->from);
	f->in.n -= f->from;
	f->from = 0;
}

/* {"exit":0,"length":1234} */
static int read_head(struct hg_ctl_feed *f, int *ret_code, size_t *ret_length, bool *ret_stream)
{
	json_error_t error;
	char *line;

	while (!(line = take_line(f)))
		if (read_more(f, 0) <= 0)
			return -EPIPE;
	json_t *head = json_loads(line, 0, &error);
	const json_t *code = json_object_get(head, "exit"),
		     *length = json_object_get(head, "length");
	*ret_stream = json_is_true(json_object_get(head, "stream"));
	int rc = json_is_integer(code) && (json_is_integer(length) || *ret_stream) ? 0 : -EBADMSG;
	*ret_code = (int)(json_integer_value(code) & 0xff);
	*ret_length = (size_t)json_integer_value(length);
	json_decref(head);
	return rc;
}

static int copy_octets(struct hg_ctl_feed *f, FILE *out, size_t left)
{
	while (left) {
		size_t n = f->in.n - f->from < left ? f->in.n - f->from : left;

		if (n && fwrite(f->in.p + f->from, 1, n, out) != n)
			return -errno;
		f->from += n;
		left -= n;
		forget_taken(f);
		if (left && read_more(f, 0) <= 0)
			return -EPIPE;
	}
	return 0;
}

/* ---- asking ---- */

static struct hg_ctl_feed *open_feed(int fd)
{
	struct hg_ctl_feed *f = hg_alloc(sizeof(*f));

	f->fd = fd;
	return f;
}

void hg_ctl_feed_free(struct hg_ctl_feed *f)
{
	if (!f)
		return;
	close(f->fd);
	hg_buf_done(&f->in);
	free(f);
}

/* An answer, whole, or the head of a stream. */
static int read_answer(struct hg_ctl_feed *f, FILE *out, int *ret_code, bool *ret_stream)
{
	size_t length;
	int rc = read_head(f, ret_code, &length, ret_stream);

	return rc || *ret_stream ? rc : copy_octets(f, out, length);
}

static int ask(const char *path, const json_t *request, FILE *out, struct hg_ctl_feed **ret,
	bool *ret_stream, struct hg_err *err)
{
	int fd = connect_to(path, err), code = 0;

	if (fd < 0)
		return fd;
	*ret = open_feed(fd);
	int rc = send_request(fd, request);
	/* Also after a failed send: a daemon that refuses says why, and hangs up. */
	int answered = read_answer(*ret, out, &code, ret_stream);
	if (!answered)
		return code;
	return hg_err_set(err, rc ? rc : answered, path, "its log says why",
		"the daemon gave no whole answer");
}

int hg_ctl_ask(const char *path, const json_t *request, FILE *out, struct hg_err *err)
{
	struct hg_ctl_feed *f = NULL;
	bool stream = false;
	int rc = ask(path, request, out, &f, &stream, err);

	hg_ctl_feed_free(f);
	return rc;
}

/* ---- streams ---- */

int hg_ctl_follow(const char *path, const json_t *request, FILE *refused, struct hg_ctl_feed **ret,
	struct hg_err *err)
{
	struct hg_ctl_feed *f = NULL;
	bool stream = false;
	int rc = ask(path, request, refused, &f, &stream, err);

	*ret = rc == 0 && stream ? f : NULL;
	if (!*ret)
		hg_ctl_feed_free(f);
	if (rc == 0 && !stream)
		return hg_err_set(err, -EPROTO, path, NULL, "the daemon's answer is no stream");
	return rc;
}

int hg_ctl_feed_fd(const struct hg_ctl_feed *f)
{
	return f->fd;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* 1: something may be read. */
static int await(int fd, int timeout, int64_t begun)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left = timeout < 0 ? -1 : timeout - (now_ms() - begun);

	int rc = poll(&p, 1, timeout >= 0 && left < 0 ? 0 : (int)left);
	return rc < 0 ? -errno : rc;
}

int hg_ctl_feed_next(struct hg_ctl_feed *f, int timeout, char **ret_line)
{
	int64_t begun = now_ms();

	forget_taken(f);
	while (!(*ret_line = take_line(f))) {
		ssize_t n = read_more(f, MSG_DONTWAIT);

		if (n == 0)
			return -EPIPE;
		if (n > 0)
			continue;
		if (n != -EAGAIN)
			return (int)n;
		int rc = await(f->fd, timeout, begun);
		if (rc <= 0 && rc != -EINTR)
			return rc;
	}
	return 1;
}

json_t *hg_ctl_texts(const char *const *text, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		if (json_array_append_new(list, json_string(text[i])) == 0)
			continue;
		json_decref(list);
		return NULL;
	}
	return list;
}

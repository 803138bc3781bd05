/* SPDX-License-Identifier: Apache-2.0 */
/* The asking side: a program that does one thing, so it simply waits. */
#include "bridge/ctl/ctl_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_S 30
#define HEAD_MOST 128

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

/* {"exit":0,"length":1234} */
static int read_head(FILE *in, int *ret_code, size_t *ret_length, bool *ret_stream)
{
	char line[HEAD_MOST];
	json_error_t error;

	if (!fgets(line, sizeof(line), in))
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

static int copy_octets(FILE *in, FILE *out, size_t left)
{
	char part[4096];

	while (left) {
		size_t n = fread(part, 1, left < sizeof(part) ? left : sizeof(part), in);

		if (!n)
			return -EPIPE;
		if (fwrite(part, 1, n, out) != n)
			return -errno;
		left -= n;
	}
	return 0;
}

static int copy_answer(FILE *in, FILE *out, int *ret_code)
{
	size_t length;
	bool stream;
	int rc = read_head(in, ret_code, &length, &stream);

	return rc ? rc : copy_octets(in, out, length);
}

static int copy_lines(FILE *in, FILE *out)
{
	char *line = NULL;
	size_t cap = 0;
	int rc = -EPIPE;

	while (getline(&line, &cap, in) > 0)
		if (fputs(line, out) < 0 || fflush(out)) {
			rc = -errno;
			break;
		}
	free(line);
	return rc;
}

int hg_ctl_ask(const char *path, const json_t *request, FILE *out, struct hg_err *err)
{
	int fd = connect_to(path, err), code = 0;

	if (fd < 0)
		return fd;
	FILE *in = fdopen(fd, "r");
	int rc = send_request(fd, request);
	/* Also after a failed send: a daemon that refuses says why, and hangs up. */
	int answered = copy_answer(in, out, &code);
	fclose(in);
	if (!answered)
		return code;
	return hg_err_set(err, rc ? rc : answered, path, "its log says why",
		"the daemon gave no whole answer");
}

static int copy_stream(int fd, FILE *in, FILE *out, FILE *refused, int *ret_code)
{
	const struct timeval forever = { 0 };
	size_t length;
	bool stream;
	int rc = read_head(in, ret_code, &length, &stream);

	if (rc)
		return rc;
	if (!stream)
		return copy_octets(in, refused, length);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &forever, sizeof(forever));
	return copy_lines(in, out);
}

int hg_ctl_watch(
	const char *path, const json_t *request, FILE *out, FILE *refused, struct hg_err *err)
{
	int fd = connect_to(path, err), code = 0;

	if (fd < 0)
		return fd;
	FILE *in = fdopen(fd, "r");
	send_request(fd, request);
	int rc = copy_stream(fd, in, out, refused, &code);
	fclose(in);
	if (!rc)
		return code;
	return hg_err_set(err, rc, path, "its log says why", "the daemon has hung up");
}

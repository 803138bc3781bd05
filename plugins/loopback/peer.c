/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver that the adapter has in the daemon: a Unix socket, where one peer at a time stands for all the servers behind the
 * route. While he is connected the link is up. Who else connects waits until he has gone.
 */

#include "plugins/loopback/text.h"

#include <heliograph/conf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	ROOM = 64,               /* parcels that are taken while nothing waits to be written */
	UNREAD_MAX = 1024 * 1024 /* what a peer who does not read may leave lying */
};

struct loopback_peer {
	void *self;
	const struct hg_host *host;
	struct hg_core *core;
	char *path, *where;
	hg_addr *domain;
	size_t ndomains, cap;
	hg_lane lane;
	int listen_fd, fd; /* -1 none */
	hg_poll *listening, *connected;
	struct hg_buf in, out;
	bool spent; /* some of the room was used */
};

static const struct hg_key keys[] = {
	{ .name = "socket",
		.kind = HG_KEY_PATH,
		.dflt = "./loopback.sock",
		.help = "a Unix socket; who connects to it speaks for everybody behind the route" },
	{ .name = "domains",
		.kind = HG_KEY_LIST,
		.required = true,
		.help = "domains of people here whom the peer may see" },
	{ .name = NULL }
};

const struct hg_schema loopback_schema = { keys };

/* ---- one peer ---- */

static void set_room(struct loopback_peer *p, uint32_t parcels)
{
	hg_loopback_room(p->self, p->lane, parcels, parcels);
}

static void hang_up(struct loopback_peer *p)
{
	if (p->fd < 0)
		return;
	p->host->poll_free(p->connected);
	close(p->fd);
	p->fd = -1;
	p->connected = NULL;
	hg_buf_reset(&p->in);
	hg_buf_reset(&p->out);
	hg_log(HG_INFO, "loopback-down", "socket=%s", hg_log_text(hg_str(p->path)));
	p->host->lane_up(p->core, p->lane, false);
	p->host->poll_set(p->listening, HG_READABLE);
}

static void write_out(struct loopback_peer *p)
{
	ssize_t n = p->out.n ? send(p->fd, p->out.p, p->out.n, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;

	if ((n < 0 && errno != EAGAIN && errno != EINTR) || p->out.n > UNREAD_MAX) {
		hang_up(p);
		return;
	}
	if (n > 0) {
		memmove(p->out.p, p->out.p + n, p->out.n - (size_t)n);
		p->out.n -= (size_t)n;
	}
	p->host->poll_set(p->connected, HG_READABLE | (p->out.n ? HG_WRITABLE : 0));
	if (p->out.n || !p->spent)
		return;
	p->spent = false;
	set_room(p, ROOM);
}

/* After each turn: all that it has made goes out in one piece. */
static void flush(void *arg)
{
	struct loopback_peer *p = arg;

	if (p->fd >= 0)
		write_out(p);
}

static void send_message(void *ctx, const struct hg_loopback_message *m)
{
	struct loopback_peer *p = ctx;

	if (p->fd < 0)
		return; /* an edge of a lane that is down; the core sends it again */
	p->spent |= m->parcel != NULL;
	loopback_message_write(m, &p->out);
}

static void hear(struct loopback_peer *p, struct hg_str message)
{
	const char *wrong = loopback_message_hear(p->self, p->host, p->core, p->lane, message);

	if (!wrong)
		return;
	hg_buf_adds(&p->out, "wrong");
	loopback_add_word(&p->out, hg_str(wrong));
	hg_buf_adds(&p->out, "\n\n");
}

/* Whole messages, off the front. */
static void hear_all(struct loopback_peer *p)
{
	size_t from = 0;
	char *end;

	for (;;) {
		while (from < p->in.n && p->in.p[from] == '\n')
			from++;
		end = memmem(p->in.p + from, p->in.n - from, "\n\n", 2);
		if (!end)
			break;
		hear(p, (struct hg_str){ p->in.p + from, (size_t)(end - p->in.p) - from });
		from = (size_t)(end - p->in.p) + 2;
	}
	memmove(p->in.p, p->in.p + from, p->in.n - from);
	p->in.n -= from;
}

static void on_peer(void *arg, int events)
{
	struct loopback_peer *p = arg;
	char chunk[4096];
	ssize_t n;

	if (!(events & HG_READABLE))
		return; /* the flusher writes */
	n = recv(p->fd, chunk, sizeof(chunk), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		hg_buf_add(&p->in, (struct hg_str){ chunk, (size_t)n });
		hear_all(p);
	}
	if (n <= 0 || p->in.n > LOOPBACK_MESSAGE_MAX)
		hang_up(p);
}

static void on_connect(void *arg, int events)
{
	struct loopback_peer *p = arg;
	int fd = accept4(p->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	p->fd = fd;
	p->connected = p->host->poll_new(p->core, fd, on_peer, p);
	p->host->poll_set(p->listening, 0);
	p->host->poll_set(p->connected, HG_READABLE);
	hg_log(HG_INFO, "loopback-up", "socket=%s", hg_log_text(hg_str(p->path)));
	p->host->lane_up(p->core, p->lane, true);
	p->spent = false;
	set_room(p, ROOM);
}

/* ---- life ---- */

static int add_domain(struct loopback_peer *p, const struct hg_conf *item, struct hg_err *err)
{
	const char *reason = "write the name of a domain";
	struct hg_str gruu;
	hg_addr addr = 0;

	if (p->host->addr_sip(p->core, hg_conf_text(item), &addr, &gruu, &reason) < 0 ||
		p->host->addr_domain(p->core, addr) != addr)
		return hg_err_set(err, -EINVAL, hg_conf_where(item), reason, "'%.*s' is no domain",
			HG_STR_ARG(hg_conf_text(item)));
	hg_grow(&p->domain, &p->cap, p->ndomains, sizeof(*p->domain));
	p->domain[p->ndomains++] = addr;
	return 0;
}

int loopback_peer_new(void *self, const struct hg_host *host, struct hg_core *core,
	const struct hg_conf *conf, struct loopback_peer **ret, struct hg_err *err)
{
	const struct hg_conf *domains = hg_conf_get(conf, "domains");
	struct loopback_peer *p = hg_alloc(sizeof(*p));
	int rc = 0;

	*p = (struct loopback_peer){ .self = self,
		.host = host,
		.core = core,
		.path = hg_str_dup(hg_conf_str(conf, "socket")),
		.where = hg_str_dup(hg_str(hg_conf_where(hg_conf_get(conf, "socket")))),
		.listen_fd = -1,
		.fd = -1 };
	for (size_t i = 0; i < hg_conf_count(domains) && rc == 0; i++)
		rc = add_domain(p, hg_conf_at(domains, i), err);
	if (rc < 0) {
		loopback_peer_free(p);
		return rc;
	}
	hg_loopback_drive(self, send_message, p);
	*ret = p;
	return 0;
}

/* The socket of a process that was killed is in the way; of one that runs, the control socket would be, too. */
static int open_socket(struct loopback_peer *p)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct stat st;

	if (strlen(p->path) >= sizeof(at.sun_path))
		return -ENAMETOOLONG;
	strcpy(at.sun_path, p->path);
	if (lstat(p->path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(p->path);
	p->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (p->listen_fd < 0 || bind(p->listen_fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		return -errno;
	/* nobody can connect before listen(2) */
	if (chmod(p->path, 0600) < 0 || listen(p->listen_fd, 4) < 0)
		return -errno;
	return 0;
}

int loopback_peer_start(struct loopback_peer *p, struct hg_err *err)
{
	int rc = open_socket(p);

	if (rc < 0)
		return hg_err_set(err, rc, p->where, "name a socket that can be made there",
			"loopback: cannot listen at %s: %s", p->path, strerror(-rc));
	p->lane = hg_loopback_link(p->self,
		&(struct hg_lane_spec){ .route = p->host->route_named(p->core, "loopback"),
			.domain = p->domain,
			.ndomains = p->ndomains,
			.in_order = true });
	p->listening = p->host->poll_new(p->core, p->listen_fd, on_connect, p);
	p->host->poll_set(p->listening, HG_READABLE);
	p->host->on_turn_end(p->core, flush, p);
	return 0;
}

void loopback_peer_stop(struct loopback_peer *p)
{
	if (!p)
		return;
	flush(p);
	hang_up(p);
	unlink(p->path);
}

void loopback_peer_free(struct loopback_peer *p)
{
	if (!p)
		return;
	if (p->listening)
		p->host->poll_free(p->listening);
	if (p->connected)
		p->host->poll_free(p->connected);
	if (p->fd >= 0)
		close(p->fd);
	if (p->listen_fd >= 0)
		close(p->listen_fd);
	hg_buf_done(&p->in);
	hg_buf_done(&p->out);
	free(p->domain);
	free(p->path);
	free(p->where);
	free(p);
}

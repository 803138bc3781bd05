/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets: what is to go out waits for the end of a turn, datagrams in batches. */
#include "gwbench.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 1 << 20, READ_LEAST = 65536, TURN_MOST = 8 };

struct conn *component;

static struct conn *gateway[CONNS_MOST], *closed;
static int ep, udp_fd, sip_listener, component_listener = -1;
static char udp_mark, sip_mark, component_mark; /* whose event it is, by their addresses */

static char out_data[BATCH][MESSAGE_MOST / 8], in_data[BATCH][MESSAGE_MOST / 4];
static struct iovec out_iov[BATCH], in_iov[BATCH];
static struct mmsghdr out_head[BATCH], in_head[BATCH];
static struct sockaddr_in out_to[BATCH], in_from[BATCH];
static int n_out;

static void watch(int how, int fd, uint32_t events, void *who)
{
	struct epoll_event event = { .events = events, .data.ptr = who };
	if (epoll_ctl(ep, how, fd, &event) < 0)
		die("epoll_ctl");
}

static struct conn *conn_new(int fd, bool is_component)
{
	struct conn *c = calloc(1, sizeof *c);
	int one = 1;
	c->fd = fd;
	c->is_component = is_component;
	c->in = malloc(c->in_size = BUFFER);
	c->out = malloc(c->out_size = BUFFER);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	watch(EPOLL_CTL_ADD, fd, EPOLLIN, c);
	return c;
}

/* The struct stays for now: pointers to it may still lie in the events of this turn. */
void conn_close(struct conn *c)
{
	close(c->fd);
	c->fd = -1;
	c->next = closed;
	closed = c;
	if (c == component)
		component = NULL;
	for (int i = 0; i < CONNS_MOST; i++)
		if (gateway[i] == c)
			gateway[i] = NULL;
}

static void free_closed(void)
{
	while (closed) {
		struct conn *c = closed;
		closed = c->next;
		free(c->in);
		free(c->out);
		free(c);
	}
}

void conn_flush(struct conn *c)
{
	if (c->fd < 0)
		return;
	while (c->out_done < c->out_len) {
		ssize_t wrote = send(
			c->fd, c->out + c->out_done, c->out_len - c->out_done, MSG_NOSIGNAL);
		if (wrote < 0 && errno == EAGAIN) {
			if (!c->want_out)
				watch(EPOLL_CTL_MOD, c->fd, EPOLLIN | EPOLLOUT, c);
			c->want_out = true;
			return;
		}
		if (wrote < 0) {
			conn_close(c);
			return;
		}
		c->out_done += (size_t)wrote;
	}
	c->out_done = c->out_len = 0;
	if (c->want_out)
		watch(EPOLL_CTL_MOD, c->fd, EPOLLIN, c);
	c->want_out = false;
}

void conn_put(struct conn *c, const char *data, size_t len)
{
	if (!c || c->fd < 0)
		return;
	while (c->out_len + len > c->out_size)
		c->out = realloc(c->out, c->out_size *= 2);
	memcpy(c->out + c->out_len, data, len);
	c->out_len += len;
}

static void udp_flush(void)
{
	for (int done = 0; done < n_out;) {
		int sent = sendmmsg(udp_fd, out_head + done, (unsigned)(n_out - done), 0);
		if (sent > 0)
			done += sent;
		else if (errno == EAGAIN || errno == ENOBUFS)
			usleep(50);
		else
			done++; /* ECONNREFUSED, from an ICMP message about an earlier one */
	}
	n_out = 0;
}

void udp_put(const struct sockaddr_in *to, const char *data, size_t len)
{
	if (len > sizeof out_data[0])
		return;
	if (n_out == BATCH)
		udp_flush();
	memcpy(out_data[n_out], data, len);
	out_to[n_out] = *to;
	out_iov[n_out] = (struct iovec){ out_data[n_out], len };
	out_head[n_out].msg_hdr = (struct msghdr){ .msg_name = &out_to[n_out],
		.msg_namelen = sizeof *to,
		.msg_iov = &out_iov[n_out],
		.msg_iovlen = 1 };
	n_out++;
}

static void flush_all(void)
{
	if (n_out)
		udp_flush();
	if (component && component->out_len && !component->want_out)
		conn_flush(component);
	for (int i = 0; i < CONNS_MOST; i++)
		if (gateway[i] && gateway[i]->out_len && !gateway[i]->want_out)
			conn_flush(gateway[i]);
}

struct conn *gateway_conn(int user)
{
	int which = user % opt.conns;
	if (!gateway[which]) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		struct sockaddr_in own = opt.sip_local; /* a gateway may know us by our address */
		own.sin_port = 0;
		if (bind(fd, (struct sockaddr *)&own, sizeof own) < 0 ||
			connect(fd, (struct sockaddr *)&opt.gw_sip, sizeof opt.gw_sip) < 0) {
			close(fd);
			return NULL;
		}
		gateway[which] = conn_new(fd, false);
	}
	return gateway[which];
}

static void conn_in(struct conn *c)
{
	for (int k = 0; k < TURN_MOST && c->fd >= 0; k++) {
		if (c->in_size - c->in_len < READ_LEAST)
			c->in = realloc(c->in, c->in_size *= 2);
		ssize_t got = recv(c->fd, c->in + c->in_len, c->in_size - c->in_len, 0);
		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0) {
			conn_close(c);
			return;
		}
		c->in_len += (size_t)got;
		(c->is_component ? xmpp_eat : sip_eat)(c);
	}
}

static void udp_in(void)
{
	int got = BATCH;
	for (int k = 0; k < TURN_MOST && got == BATCH; k++) {
		for (int i = 0; i < BATCH; i++) {
			in_iov[i] = (struct iovec){ in_data[i], sizeof in_data[i] - 1 };
			in_head[i].msg_hdr = (struct msghdr){ .msg_name = &in_from[i],
				.msg_namelen = sizeof in_from[i],
				.msg_iov = &in_iov[i],
				.msg_iovlen = 1 };
		}
		got = recvmmsg(udp_fd, in_head, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < got; i++) {
			struct origin from = { .address = in_from[i] };
			in_data[i][in_head[i].msg_len] = 0;
			sip_take(&from, in_data[i], in_head[i].msg_len);
		}
	}
}

static int listen_at(const struct sockaddr_in *address)
{
	int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (const struct sockaddr *)address, sizeof *address) < 0 || listen(fd, 64) < 0)
		die("listen");
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

void component_listen(bool on)
{
	if (on && component_listener < 0) {
		component_listener = listen_at(&opt.component);
		watch(EPOLL_CTL_ADD, component_listener, EPOLLIN, &component_mark);
	} else if (!on && component_listener >= 0) {
		close(component_listener);
		component_listener = -1;
	}
}

void net_open(void)
{
	int big = 32 << 20;
	ep = epoll_create1(0);
	udp_fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (setsockopt(udp_fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof big) < 0)
		setsockopt(udp_fd, SOL_SOCKET, SO_RCVBUF, &big, sizeof big);
	setsockopt(udp_fd, SOL_SOCKET, SO_SNDBUF, &big, sizeof big);
	if (bind(udp_fd, (struct sockaddr *)&opt.sip_local, sizeof opt.sip_local) < 0)
		die("bind");
	fcntl(udp_fd, F_SETFL, O_NONBLOCK);
	watch(EPOLL_CTL_ADD, udp_fd, EPOLLIN, &udp_mark);
	sip_listener = listen_at(&opt.sip_local);
	watch(EPOLL_CTL_ADD, sip_listener, EPOLLIN, &sip_mark);
	component_listen(true);
}

static void accept_one(int listener, bool is_component)
{
	int fd = accept(listener, NULL, NULL);
	if (fd < 0)
		return;
	struct conn *c = conn_new(fd, is_component);
	if (!is_component)
		return;
	counts.component_accepts++;
	if (component)
		conn_close(component);
	component = c;
}

void net_pump(uint64_t wait_ns)
{
	struct epoll_event events[64];
	struct timespec wait = { (time_t)(wait_ns / 1000000000u), (long)(wait_ns % 1000000000u) };
	flush_all();
	int n = epoll_pwait2(ep, events, 64, &wait, NULL);
	for (int i = 0; i < n; i++) {
		void *who = events[i].data.ptr;
		if (who == &udp_mark)
			udp_in();
		else if (who == &sip_mark)
			accept_one(sip_listener, false);
		else if (who == &component_mark)
			accept_one(component_listener, true);
		else {
			struct conn *c = who;
			if (c->fd >= 0 && events[i].events & EPOLLOUT)
				conn_flush(c);
			if (c->fd >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
				conn_in(c);
		}
	}
	flush_all();
	free_closed();
}

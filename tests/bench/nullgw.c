/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nullgw: the least that a gateway could do, to find out what gwbench itself is capable of. It connects as
 * a component (gwbench takes any handshake), answers every NOTIFY and makes a presence of its marker, and
 * the other way round. Nothing is checked, no XML is read. Modes s2x-notify and x2s-watch, over UDP.
 *
 *     nullgw SIP_PORT COMPONENT_PORT GWBENCH_SIP_PORT      127.0.0.1, 127.0.0.1, 127.0.0.2
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 64, DATAGRAM = 4096, STREAM = 1 << 20 };

static char in[BATCH][DATAGRAM], out[BATCH][DATAGRAM], xmpp_in[STREAM], xmpp_out[STREAM];
static struct sockaddr_in in_from[BATCH], out_to[BATCH], peer;
static struct iovec in_iov[BATCH], out_iov[BATCH];
static struct mmsghdr in_head[BATCH], out_head[BATCH];
static size_t xmpp_in_len, xmpp_out_len;
static int n_out, udp, tcp, own_port;

struct span {
	const char *p;
	int n;
};

/* ---- SIP -------------------------------------------------------------------------------------- */

static void flush(void)
{
	for (int done = 0; done < n_out;) {
		int sent = sendmmsg(udp, out_head + done, (unsigned)(n_out - done), 0);
		done += sent > 0 ? sent : 1;
	}
	n_out = 0;
}

static char *next_out(const struct sockaddr_in *to)
{
	if (n_out == BATCH)
		flush();
	out_to[n_out] = *to;
	out_head[n_out].msg_hdr = (struct msghdr){ .msg_name = &out_to[n_out],
		.msg_namelen = sizeof *to,
		.msg_iov = &out_iov[n_out],
		.msg_iovlen = 1 };
	out_iov[n_out].iov_base = out[n_out];
	return out[n_out];
}

static void is_out(int len)
{
	out_iov[n_out++].iov_len = (size_t)len;
}

/* The line that begins so, without its end. */
static struct span line(const char *m, const char *name)
{
	const char *p = strstr(m, name), *end = p ? strstr(p, "\r\n") : NULL;
	return end ? (struct span){ p, (int)(end - p) } : (struct span){ "", 0 };
}

static void answer(const char *m, const struct sockaddr_in *to, const char *tag)
{
	static const char *const copied[] = { "Via:", "From:", "To:", "Call-ID:", "CSeq:" };
	char *o = next_out(to);
	int n = sprintf(o, "SIP/2.0 200 OK\r\n");
	for (int i = 0; i < 5; i++) {
		struct span of = line(m, copied[i]);
		n += snprintf(
			o + n, (size_t)(DATAGRAM - n), "%.*s%s\r\n", of.n, of.p, i == 2 ? tag : "");
	}
	n += snprintf(o + n, (size_t)(DATAGRAM - n),
		"Expires: 3600\r\nContact: <sip:127.0.0.1:%d>\r\nContent-Length: 0\r\n\r\n",
		own_port);
	is_out(n);
}

/* `user` are the digits of his name. */
static int request(char *o, const char *method, struct span user, struct span branch)
{
	return snprintf(o, DATAGRAM,
		"%s sip:u%.*s@127.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bKz%.*s\r\n"
		"From: <sip:x%.*s@127.0.0.3>;tag=g\r\nTo: <sip:u%.*s@127.0.0.2>%s\r\n"
		"Call-ID: %c%.*s\r\nCSeq: 1 %s\r\nEvent: presence\r\nContact: <sip:127.0.0.1:%d>\r\n",
		method, user.n, user.p, own_port, branch.n, branch.p, user.n, user.p, user.n,
		user.p, *method == 'N' ? ";tag=h" : "", *method, user.n, user.p, method, own_port);
}

static void notify(struct span user, struct span mark)
{
	char *o = next_out(&peer), body[1024];
	int len = snprintf(body, sizeof body,
		"<?xml version=\"1.0\"?><presence xmlns=\"urn:ietf:params:xml:ns:pidf\""
		" entity=\"pres:x%.*s@xmpp.test\"><tuple id=\"t\"><status><basic>open</basic></status>"
		"<note>%.*s</note></tuple></presence>",
		user.n, user.p, mark.n, mark.p);
	int n = request(o, "NOTIFY", user, mark);
	n += snprintf(o + n, (size_t)(DATAGRAM - n),
		"Subscription-State: active\r\nContent-Type: application/pidf+xml\r\n"
		"Content-Length: %d\r\n\r\n%s",
		len, body);
	is_out(n);
}

static void subscribe(struct span user)
{
	char *o = next_out(&peer);
	int n = request(o, "SUBSCRIBE", user, user);
	is_out(n +
		snprintf(o + n, (size_t)(DATAGRAM - n),
			"Expires: 3600\r\nContent-Length: 0\r\n\r\n"));
}

/* ---- what is in a message --------------------------------------------------------------------- */

static struct span digits(const char *p)
{
	return (struct span){ p, p ? (int)strspn(p, "0123456789") : 0 };
}

/* mk#1234#, as long as it is */
static struct span marker(const char *p, const char *end)
{
	const char *mark = memmem(p, (size_t)(end - p), "mk#", 3);
	return mark ? (struct span){ mark, (int)strspn(mark + 3, "0123456789") + 4 }
		    : (struct span){ NULL, 0 };
}

static struct span user_after(const char *m, const char *header, const char *start)
{
	const char *h = strstr(m, header), *user = h ? strstr(h, start) : NULL;
	return digits(user ? user + strlen(start) : NULL);
}

static void say(const char *kind, struct span user, const char *inside, struct span mark)
{
	xmpp_out_len += (size_t)snprintf(xmpp_out + xmpp_out_len, sizeof xmpp_out - xmpp_out_len,
		"<presence%s from='u%.*s@sip2.test' to='x%.*s@xmpp.test'>%s%.*s%s</presence>", kind,
		user.n, user.p, user.n, user.p, inside, mark.n, mark.p ? mark.p : "",
		*inside ? "</status>" : "");
}

static void take_sip(const char *m, size_t len, const struct sockaddr_in *from)
{
	if (!strncmp(m, "NOTIFY", 6)) {
		struct span user = user_after(m, "To: ", "sip:u"), mark = marker(m, m + len);
		answer(m, from, "");
		if (user.n && mark.n)
			say("", user, "<show>away</show><status>", mark);
	} else if (!strncmp(m, "SUBSCRIBE", 9)) {
		struct span user = user_after(m, "SUBSCRIBE", "sip:x");
		answer(m, from, ";tag=g");
		if (user.n) {
			notify(user, (struct span){ "initial", 7 });
			say(" type='subscribe'", user, "", (struct span){ NULL, 0 });
		}
	}
}

static void take_stanza(const char *p, const char *end)
{
	const char *from = memmem(p, (size_t)(end - p), "from='x", 7);
	struct span user = digits(from ? from + 7 : NULL), mark = marker(p, end);
	if (user.n && mark.n)
		notify(user, mark);
	else if (user.n && memmem(p, (size_t)(end - p), "'subscribe'", 11))
		subscribe(user);
}

/* ---- sockets ---------------------------------------------------------------------------------- */

static void read_sip(void)
{
	for (int i = 0; i < BATCH; i++) {
		in_iov[i] = (struct iovec){ in[i], sizeof in[i] - 1 };
		in_head[i].msg_hdr = (struct msghdr){ .msg_name = &in_from[i],
			.msg_namelen = sizeof in_from[i],
			.msg_iov = &in_iov[i],
			.msg_iovlen = 1 };
	}
	int n = recvmmsg(udp, in_head, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++) {
		in[i][in_head[i].msg_len] = 0;
		take_sip(in[i], in_head[i].msg_len, &in_from[i]);
	}
}

/* Stanzas begin with <presence, or what is before the next of them is nothing for us. */
static void eat_stanzas(void)
{
	char *p = xmpp_in, *open, *end;
	while ((open = strstr(p, "<presence"))) {
		char *tag = strchr(open, '>');
		if (!tag)
			break;
		end = tag[-1] == '/' ? tag + 1 : strstr(tag, "</presence>");
		if (!end)
			break;
		take_stanza(open, end);
		p = end;
	}
	size_t keep = open        ? (size_t)(xmpp_in + xmpp_in_len - open)
		: xmpp_in_len < 9 ? xmpp_in_len
				  : 9;
	memmove(xmpp_in, xmpp_in + xmpp_in_len - keep, keep);
	xmpp_in_len = keep;
	xmpp_in[keep] = 0;
}

static void read_xmpp(void)
{
	ssize_t got = recv(
		tcp, xmpp_in + xmpp_in_len, sizeof xmpp_in - xmpp_in_len - 1, MSG_DONTWAIT);
	if (got == 0 || (got < 0 && errno != EAGAIN))
		exit(0);
	xmpp_in_len += got > 0 ? (size_t)got : 0;
	xmpp_in[xmpp_in_len] = 0;
	eat_stanzas();
}

static void write_xmpp(void)
{
	for (size_t done = 0; done < xmpp_out_len;) {
		ssize_t wrote = send(tcp, xmpp_out + done, xmpp_out_len - done, MSG_NOSIGNAL);
		if (wrote <= 0)
			exit(0);
		done += (size_t)wrote;
	}
	xmpp_out_len = 0;
}

static struct sockaddr_in at(uint32_t address, const char *port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(address),
		.sin_port = htons((uint16_t)atoi(port)) };
}

static void reach(const struct sockaddr_in *server)
{
	static const char hello[] =
		"<stream:stream xmlns='jabber:component:accept'"
		" xmlns:stream='http://etherx.jabber.org/streams' to='sip.test'>"
		"<handshake>0</handshake>";
	int one = 1;
	for (int tries = 0;; tries++) {
		tcp = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(tcp, (const struct sockaddr *)server, sizeof *server) == 0)
			break;
		close(tcp);
		if (tries == 300) {
			perror("nullgw: connect");
			exit(1);
		}
		usleep(100000);
	}
	setsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	send(tcp, hello, sizeof hello - 1, MSG_NOSIGNAL);
}

int main(int argc, char **argv)
{
	int big = 8 << 20;
	if (argc != 4) {
		fprintf(stderr, "usage: nullgw SIP_PORT COMPONENT_PORT GWBENCH_SIP_PORT\n");
		return 2;
	}
	struct sockaddr_in own = at(INADDR_LOOPBACK, argv[1]),
			   server = at(INADDR_LOOPBACK, argv[2]);
	peer = at(INADDR_LOOPBACK + 1, argv[3]);
	own_port = atoi(argv[1]);
	udp = socket(AF_INET, SOCK_DGRAM, 0);
	setsockopt(udp, SOL_SOCKET, SO_RCVBUF, &big, sizeof big);
	if (bind(udp, (struct sockaddr *)&own, sizeof own) < 0) {
		perror("nullgw: bind");
		return 1;
	}
	reach(&server);
	for (;;) {
		struct pollfd ready[] = { { udp, POLLIN, 0 }, { tcp, POLLIN, 0 } };
		poll(ready, 2, -1);
		if (ready[0].revents)
			read_sip();
		if (ready[1].revents)
			read_xmpp();
		flush();
		write_xmpp();
	}
}

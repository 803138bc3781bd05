/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SIP adapter, whole, and a client of one TCP connection for each input: what the adapter
 * answers are whole SIP messages with well-formed documents, and the connection ends with the
 * client's. The adapter and its listener live as long as the process. One file, included once a
 * program.
 */
#pragma once

#include "tests/fuzz/fuzz.h"

#include "bridge/compat/compat.h"
#include "tests/contract/sip_host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROUNDS_MOST = 16 }; /* loopback is at once; nothing is waited for */

static struct hg_core core;
static struct hg_host host;
static struct hg_sip_listener listener = { .transport = HG_SIP_TCP,
	.address = (char *)"127.0.0.1" };
static struct sockaddr_in to = { .sin_family = AF_INET };

static void client_turn(void)
{
	uv_run(hg_loop_uv(core.loop), UV_RUN_NOWAIT);
}

static uint16_t listening_port(void)
{
	tport_t *tp = tport_primaries(nta_agent_tports(core.sip->agent));

	FUZZ_REQUIRE(tp != NULL);
	return (uint16_t)atoi(tport_name(tp)->tpn_port);
}

/* fake_request() tells what it is asked, and has no name for an acknowledgement. */
static void request(struct hg_core *c, const struct hg_principal *by, const struct hg_request *r,
	uint64_t cookie)
{
	struct hg_request told = *r;

	if (told.kind == HG_REQ_ACK)
		told.kind = HG_REQ_WATCH;
	fake_request(c, by, &told, cookie);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct hg_err err = { 0 };
	struct hg_sip *sip = hg_alloc(sizeof(*sip));

	fuzz_quiet();
	hg_compat_init();
	FUZZ_REQUIRE(hg_compat_check(&err) == 0);
	core.loop = hg_loop_new();
	core.sip = sip;
	core.standing = HG_PENDING;
	host = fake_host;
	host.request = request;
	sip->host = &host;
	sip->core = &core;
	sip->limit = (struct hg_sip_limits){ .body = 262144,
		.body_stranger = 32768,
		.connections = 200,
		.requests = 16,
		.dialogs = 16,
		.resources = 1000,
		.reg_min = 60,
		.reg_max = 86400,
		.reg_default = 7200,
		.sub_min = 1,
		.sub_max = 86400,
		.sub_default = 3600,
		.stall = 10000,
		.sign_in = 60000 };
	sip->listener = &listener;
	sip->nlisteners = 1;
	hg_loop_on_turn(core.loop, fake_turn, &core);
	FUZZ_REQUIRE(hg_sip_adapter.start(sip, &err) == 0);
	to.sin_port = htons(listening_port());
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return 0;
}

/* ---- the core, from one input to the next ---- */

static void core_begin(void)
{
	core.ids = hg_intern_new();
	core.delta = 1;
}

static void core_end(void)
{
	for (size_t i = 0; i < FAKE_OUTLETS; i++)
		FUZZ_REQUIRE(!core.outlet[i].used);
	fake_frags_drop();
	while (core.npubs)
		hg_bytes_unref(core.pub[--core.npubs].pub.payload);
	while (core.nanswers)
		free(core.answer[--core.nanswers]);
	hg_intern_free(core.ids);
}

/* ---- what comes back ---- */

static struct hg_str header(struct hg_str head, struct hg_str name)
{
	struct hg_str line, key;

	while (hg_str_token(&head, '\n', &line)) {
		if (hg_str_token(&line, ':', &key) && hg_str_ieq(key, name))
			return hg_str_trim(line);
	}
	return HG_STR_NONE;
}

/* Cuts the first message off; false: it is not whole. */
static bool take_message(struct hg_str *rest, struct hg_str *ret_head, struct hg_str *ret_body)
{
	const char *end = rest->n ? memmem(rest->p, rest->n, "\r\n\r\n", 4) : NULL;
	uint32_t length = 0;

	if (!end)
		return false;
	*ret_head = (struct hg_str){ rest->p, (size_t)(end - rest->p) };
	end += 4;
	FUZZ_REQUIRE(hg_str_u32(header(*ret_head, HG_STR("Content-Length")), &length));
	size_t left = (size_t)(rest->p + rest->n - end);
	if (length > left)
		return false;
	*ret_body = (struct hg_str){ end, length };
	*rest = (struct hg_str){ end + length, left - length };
	return true;
}

static void check_message(struct hg_str head, struct hg_str body)
{
	struct hg_str line, type = header(head, HG_STR("Content-Type")), media;

	FUZZ_REQUIRE(hg_str_starts(head, HG_STR("SIP/2.0 ")) ||
		hg_str_starts(head, HG_STR("NOTIFY ")) || hg_str_starts(head, HG_STR("BENOTIFY ")));
	hg_str_token(&head, '\n', &line);
	while (hg_str_token(&head, '\n', &line)) {
		/* the next line of a header of the client's, RFC 3261 7.3.1 */
		bool folded = line.p[-1] == ' ' || line.p[-1] == '\t';

		FUZZ_REQUIRE(folded || memchr(line.p, ':', line.n));
	}
	if (body.n && hg_str_token(&type, ';', &media) && media.n > 4 &&
		!memcmp(media.p + media.n - 4, "+xml", 4))
		FUZZ_REQUIRE_XML(body);
}

static void check_heard(struct hg_str heard)
{
	struct hg_str head, body;

	for (;;) {
		/* answers to keep-alives */
		while (heard.n && (heard.p[0] == '\r' || heard.p[0] == '\n')) {
			heard.p++;
			heard.n--;
		}
		if (!take_message(&heard, &head, &body))
			break;
		check_message(head, body);
	}
	FUZZ_REQUIRE(!heard.n);
}

/* ---- the connection ---- */

static int client_connect(void)
{
	struct linger reset = { .l_onoff = 1 }; /* leaves no port waiting */
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	int rc = connect(fd, (struct sockaddr *)&to, sizeof(to));

	/* libFuzzer's alarm: the connection is made all the same. */
	if (rc < 0 && errno == EINTR) {
		struct pollfd p = { .fd = fd, .events = POLLOUT };

		while ((rc = poll(&p, 1, -1)) < 0 && errno == EINTR)
			;
	}
	if (rc < 0) {
		perror("connect");
		exit(1); /* no fault of the input */
	}
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	return fd;
}

/* false: the other side has closed. */
static bool client_hear(int fd, struct hg_buf *heard)
{
	char part[4096];
	ssize_t n;

	client_turn();
	while ((n = recv(fd, part, sizeof(part), MSG_DONTWAIT)) > 0)
		hg_buf_add(heard, (struct hg_str){ part, (size_t)n });
	return n < 0 && errno == EAGAIN;
}

static bool client_say(int fd, struct hg_str text, struct hg_buf *heard)
{
	bool open = true;

	while (open && text.n) {
		ssize_t n = send(fd, text.p, text.n, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			return false;
		text.p += n > 0 ? n : 0;
		text.n -= n > 0 ? (size_t)n : 0;
		open = client_hear(fd, heard);
	}
	return open;
}

/* `first` is said and answered before the input; may be empty. */
static void client_run(struct hg_str first, struct hg_str input)
{
	struct hg_buf heard = { 0 };
	int fd = client_connect(), rounds = 0;
	bool open;

	core_begin();
	open = client_say(fd, first, &heard);
	while (open && first.n && !heard.n && rounds++ < ROUNDS_MOST)
		open = client_hear(fd, &heard);
	FUZZ_REQUIRE(!first.n || hg_str_starts(hg_buf_str(&heard), HG_STR("SIP/2.0 200 ")));
	open = client_say(fd, input, &heard);
	shutdown(fd, SHUT_WR);
	for (rounds = 0; open && rounds < ROUNDS_MOST; rounds++)
		open = client_hear(fd, &heard);
	/* sofia-sip waits for the rest of a message, whether or not it can come: not so long. */
	if (core.sip->conn)
		hg_sip_conn_doom(core.sip->conn, "fuzz");
	for (rounds = 0; core.sip->conn && rounds < ROUNDS_MOST; rounds++) {
		hg_sip_conns_sweep(core.sip);
		client_turn();
	}
	FUZZ_REQUIRE(!core.sip->conn);
	client_hear(fd, &heard);
	close(fd);
	check_heard(hg_buf_str(&heard));
	hg_buf_done(&heard);
	core_end();
}

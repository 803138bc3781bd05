/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The XMPP adapter, whole, and a server that says anything once the component's stream is open:
 * what the adapter answers is well-formed, and it ends when the server does.
 */
#include "tests/fuzz/fuzz.h"

#include "bridge/address/address.h"
#include "plugins/xmpp/remedy_attributes.h"
#include "plugins/xmpp/xmpp.h"
#include "tests/contract/xmpp_host.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER \
	"<stream:stream xmlns='jabber:component:accept' " \
	"xmlns:stream='http://etherx.jabber.org/streams' from='corp.example' id='1'>"
#define END "</stream:stream>"

enum { TURNS_MOST = 10000, TICK_MS = 50 };

static struct hg_core core;
static struct hg_host host;
static int listener;
static uint16_t port;

static int addr_jid(struct hg_core *c, struct hg_str jid, hg_addr *ret, struct hg_str *ret_resource,
	const char **ret_reason)
{
	char key[HG_ADDRESS_KEY_MAX + 1];
	struct hg_address a;
	int rc = hg_address_from_jid(jid, NULL, &a, ret_reason);

	if (rc < 0)
		return rc;
	if (c->naddrs + 4 > FAKE_ADDRS)
		return -E2BIG;
	*ret = fake_intern(c, hg_address_key(&a, key));
	*ret_resource = hg_xmpp_resource(jid);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(a);

	fuzz_quiet();
	signal(SIGPIPE, SIG_IGN);
	FUZZ_REQUIRE(hg_attributes_guarded());
	listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	FUZZ_REQUIRE(bind(listener, (struct sockaddr *)&a, size) == 0);
	FUZZ_REQUIRE(listen(listener, 8) == 0);
	FUZZ_REQUIRE(getsockname(listener, (struct sockaddr *)&a, &size) == 0);
	port = ntohs(a.sin_port);
	fake_core = &core;
	host = fake_host;
	host.addr_jid = addr_jid;
	return 0;
}

static struct hg_xmpp *start(void)
{
	struct hg_xmpp_component c = { HG_STR("corp.example"), HG_STR("127.0.0.1"),
		HG_STR("secret"), port, NULL };
	struct hg_xmpp *x = hg_xmpp_new(&host, &core);

	core.chance = 0x10; /* so that an input can answer what we ask */
	x->times = (struct hg_xmpp_times){ 3600000, 3600000, 3600000, 3600000 };
	x->stanza_limit = 10000;
	x->block_lists = true;
	FUZZ_REQUIRE(hg_xmpp_add(x, &c, "", NULL) == 0);
	FUZZ_REQUIRE(hg_xmpp_adapter.start(x, NULL) == 0);
	return x;
}

/* The core does what it is asked. */
static void answer_request(struct hg_xmpp *x)
{
	uint64_t cookie = core.cookie;

	if (!cookie)
		return;
	core.cookie = 0;
	hg_xmpp_adapter.answer(x, cookie, &(struct hg_answer){ .verdict = HG_OK, .reason = "" });
}

/* Deadlines of the handshake are not waited for. */
static void turn(struct hg_xmpp *x)
{
	core.skew += TICK_MS;
	fake_turn(&core, 0, -1);
	answer_request(x);
}

/* Somebody blocks others, and the account that is hers is to do so, too. */
static void block(struct hg_xmpp *x, struct hg_xmpp_stream *s)
{
	fake_block(&core, fake_intern(&core, HG_STR("carol@corp.example")), false);
	hg_xmpp_adapter.blocked(x, s->lane, fake_intern(&core, HG_STR("alice@corp.example")),
		fake_intern(&core, HG_STR("dave@xmpp.example")));
}

static int accept_one(struct hg_xmpp *x)
{
	struct linger reset = { .l_onoff = 1 }; /* leaves no port waiting */
	int fd = -1;

	for (int i = 0; i < TURNS_MOST && fd < 0; i++) {
		turn(x);
		fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	}
	FUZZ_REQUIRE(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	return fd;
}

static void hear(int fd, struct hg_buf *heard)
{
	char part[4096];
	ssize_t n;

	while ((n = recv(fd, part, sizeof(part), MSG_DONTWAIT)) > 0)
		hg_buf_add(heard, (struct hg_str){ part, (size_t)n });
}

static void say(struct hg_xmpp *x, int fd, struct hg_str text, struct hg_buf *heard)
{
	for (int i = 0; i < TURNS_MOST && text.n; i++) {
		ssize_t n = send(fd, text.p, text.n, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			return; /* it has had enough */
		text.p += n > 0 ? n : 0;
		text.n -= n > 0 ? (size_t)n : 0;
		turn(x);
		hear(fd, heard);
	}
}

static void check_heard(struct hg_buf *heard)
{
	struct hg_str all = hg_str_trim(hg_buf_str(heard));

	if (all.n < strlen(END) || memcmp(all.p + all.n - strlen(END), END, strlen(END)) != 0)
		hg_buf_adds(heard, END);
	FUZZ_REQUIRE_XML(hg_buf_str(heard));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_xmpp *x = start();
	struct hg_xmpp_stream *s = x->stream[0];
	struct hg_buf heard = { 0 };
	int fd = accept_one(x);

	say(x, fd, HG_STR(HEADER "<handshake/>"), &heard);
	for (int i = 0; i < TURNS_MOST && s->state != HG_XMPP_UP; i++)
		turn(x);
	FUZZ_REQUIRE(s->state == HG_XMPP_UP);
	block(x, s);
	say(x, fd, fuzz_text(data, size), &heard);
	shutdown(fd, SHUT_WR);
	for (int i = 0; i < TURNS_MOST && s->state != HG_XMPP_DOWN; i++) {
		turn(x);
		hear(fd, &heard);
	}
	FUZZ_REQUIRE(s->state == HG_XMPP_DOWN);
	hear(fd, &heard);
	check_heard(&heard);
	hg_xmpp_adapter.destroy(x);
	close(fd);
	fake_done(&core);
	hg_buf_done(&heard);
	return 0;
}

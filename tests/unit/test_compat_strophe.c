/* SPDX-License-Identifier: Apache-2.0 */
/* libstrophe as a component: it survives the handshake, high descriptors, and a stanza cut in two.
 */
#include "tests/support/support.h"

#include "plugins/xmpp/remedy_strophe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct link {
	int listener, peer, fd;
	uint16_t port;
	xmpp_ctx_t *ctx;
	xmpp_conn_t *conn;
	int up, down, stanzas;
};

static void on_connection(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
	xmpp_stream_error_t *stream_error, void *arg)
{
	struct link *l = arg;

	*(event == XMPP_CONN_CONNECT ? &l->up : &l->down) += 1;
}

static int on_presence(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *arg)
{
	((struct link *)arg)->stanzas++;
	return 1;
}

static int setup(void **state)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct link *l = hg_alloc(sizeof(*l));
	socklen_t n = sizeof(sa);

	xmpp_initialize();
	l->peer = -1;
	l->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(l->listener, (struct sockaddr *)&sa, n), 0);
	assert_int_equal(listen(l->listener, 5), 0);
	assert_int_equal(getsockname(l->listener, (struct sockaddr *)&sa, &n), 0);
	l->port = ntohs(sa.sin_port);
	*state = l;
	return 0;
}

static void hang_up(struct link *l)
{
	if (l->conn)
		xmpp_conn_release(l->conn);
	if (l->ctx)
		xmpp_ctx_free(l->ctx);
	if (l->peer >= 0)
		close(l->peer);
	l->conn = NULL;
	l->ctx = NULL;
	l->peer = -1;
}

static int teardown(void **state)
{
	struct link *l = *state;

	hang_up(l);
	close(l->listener);
	free(l);
	hg_strophe_reserve(0);
	xmpp_shutdown();
	return 0;
}

static int dial(struct link *l)
{
	l->up = l->down = l->stanzas = 0;
	l->ctx = xmpp_ctx_new(NULL, NULL);
	l->conn = xmpp_conn_new(l->ctx);
	xmpp_conn_set_jid(l->conn, "corp.example");
	xmpp_conn_set_pass(l->conn, "secret");
	xmpp_handler_add(l->conn, on_presence, NULL, "presence", NULL, l);
	return l->fd = hg_strophe_connect(l->conn, "127.0.0.1", l->port, on_connection, l);
}

static void say(struct link *l, const char *text)
{
	assert_int_equal(write(l->peer, text, strlen(text)), strlen(text));
}

/* Until `part` came in, or nothing for some seconds. */
static void expect(struct link *l, const char *part)
{
	char got[4096];
	size_t n = 0;

	for (time_t end = time(NULL) + 10; time(NULL) < end && n < sizeof(got) - 1;) {
		struct pollfd p = { l->peer, POLLIN, 0 };

		xmpp_run_once(l->ctx, 0);
		if (poll(&p, 1, 5) <= 0)
			continue;
		ssize_t more = read(l->peer, got + n, sizeof(got) - 1 - n);
		assert_true(more > 0);
		got[n += (size_t)more] = '\0';
		if (strstr(got, part))
			return;
	}
	fail_msg("no %s", part);
}

static void run_until(struct link *l, const int *what, int reached)
{
	for (time_t end = time(NULL) + 10; *what < reached && time(NULL) < end;)
		xmpp_run_once(l->ctx, 5);
	assert_int_equal(*what, reached);
}

static void shake_hands(struct link *l)
{
	xmpp_run_once(l->ctx, 0);
	l->peer = accept(l->listener, NULL, NULL);
	assert_true(l->peer >= 0);
	expect(l, "jabber:component:accept");
	say(l,
		"<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' from='corp.example' "
		"xmlns:stream='http://etherx.jabber.org/streams' id='1'>");
	expect(l, "</handshake>");
	say(l, "<handshake/>");
	run_until(l, &l->up, 1);
}

static void the_handshake_is_survived(void **state)
{
	struct link *l = *state;

	assert_true(dial(l) >= 0);
	shake_hands(l);
	say(l, "<presence from='a@b' to='c@d'/>");
	run_until(l, &l->stanzas, 1);
	close(l->peer);
	l->peer = -1;
	run_until(l, &l->down, 1);
}

static void a_server_that_is_not_there_is_told(void **state)
{
	struct link *l = *state;

	close(l->listener);
	l->listener = -1;
	if (dial(l) >= 0)
		run_until(l, &l->down, 1);
	hang_up(l);
	l->ctx = xmpp_ctx_new(NULL, NULL);
	l->conn = xmpp_conn_new(l->ctx);
	xmpp_conn_set_jid(l->conn, "corp.example");
	xmpp_conn_set_pass(l->conn, "secret");
	assert_int_equal(
		hg_strophe_connect(l->conn, "no such address", 1, on_connection, l), -ECONNREFUSED);
}

/* All descriptors below 1024 are in use by clients. */
static void high_descriptors_are_brought_down(void **state)
{
	static int taken[2000];
	struct link *l = *state;
	struct rlimit limit;
	int n = 0;

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max < 2000)
		skip();
	limit.rlim_cur = 2000;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(hg_strophe_reserve(1), 0);
	while ((taken[n] = dup(l->listener)) < 1100)
		n++;
	assert_true(taken[n++] >= 1024);

	for (int round = 0; round < 3; round++) {
		assert_in_range(dial(l), 0, 1023);
		assert_int_equal(fcntl(l->fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
		shake_hands(l);
		say(l, "<presence from='a@b' to='c@d'/>");
		run_until(l, &l->stanzas, 1);
		hang_up(l);
		assert_int_equal(hg_strophe_reserve(1), 0);
	}
	/* nothing in reserve and nothing free: an error, and the process lives */
	assert_int_equal(hg_strophe_reserve(2), -EMFILE);
	assert_in_range(dial(l), 0, 1023);
	struct link second = { .port = l->port };
	assert_int_equal(dial(&second), -EMFILE);
	second.peer = -1;
	hang_up(&second);
	while (n--)
		close(taken[n]);
}

/* bridge/compat/expat.c: cut in the first tag, the rest shorter than what came. */
static void a_stanza_in_two_reads_is_delivered_at_once(void **state)
{
	struct link *l = *state;

	assert_true(dial(l) >= 0);
	shake_hands(l);
	for (int i = 1; i <= 3; i++) {
		say(l, "<presence from='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b' to='c@d");
		for (int j = 0; j < 10; j++)
			xmpp_run_once(l->ctx, 2);
		assert_int_equal(l->stanzas, i - 1);
		say(l, "'><show>dnd</show></presence>");
		run_until(l, &l->stanzas, i);
	}
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(the_handshake_is_survived),
		T(a_server_that_is_not_there_is_told),
		T(a_stanza_in_two_reads_is_delivered_at_once),
		T(high_descriptors_are_brought_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

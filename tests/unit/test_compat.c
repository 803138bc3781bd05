/* SPDX-License-Identifier: Apache-2.0 */
/* The remedies in the executable are in place, and a flood of SIP headers costs nothing. */
#include "tests/support/support.h"

#include "bridge/compat/compat.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/su.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/tport.h>
#include <sofia-sip/tport_tag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void the_self_check(void **state)
{
	struct hg_err err = { 0 };

	assert_int_equal(hg_compat_check(&err), -ENOSYS);
	assert_string_equal(err.where, "_su_time");
	hg_compat_init();
	assert_int_equal(hg_compat_check(&err), 0);
}

/* ---- a SIP server with one connection ---- */

struct server {
	su_root_t *root;
	nta_agent_t *agent;
	int requests, fd;
	size_t body;
};

static int on_request(nta_agent_magic_t *magic, nta_agent_t *agent, msg_t *msg, sip_t *sip)
{
	struct server *s = (struct server *)magic;

	if (!sip || !sip->sip_request) {
		msg_destroy(msg);
		return 0;
	}
	s->requests++;
	s->body = sip->sip_payload ? sip->sip_payload->pl_len : 0;
	nta_incoming_t *irq = nta_incoming_create(agent, NULL, msg, sip, TAG_END());
	nta_incoming_treply(irq, SIP_200_OK, TAG_END());
	nta_incoming_destroy(irq);
	return 0;
}

static void silent(void *stream, const char *fmt, va_list args)
{
}

static int setup(void **state)
{
	struct server *s = hg_alloc(sizeof(*s));
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	hg_compat_init();
	su_init();
	su_log_redirect(NULL, silent, NULL);
	s->root = su_root_create(NULL);
	s->agent = nta_agent_create(s->root, URL_STRING_MAKE("sip:127.0.0.1:*;transport=TCP"),
		on_request, (nta_agent_magic_t *)s, NTATAG_MAXSIZE(300000), NTATAG_UA(0),
		TAG_END());
	assert_non_null(s->agent);
	tport_t *tp = tport_primaries(nta_agent_tports(s->agent));
	sa.sin_port = htons((uint16_t)atoi(tport_name(tp)->tpn_port));
	s->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(s->fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	fcntl(s->fd, F_SETFL, O_NONBLOCK);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct server *s = *state;

	close(s->fd);
	nta_agent_destroy(s->agent);
	su_root_destroy(s->root);
	su_deinit();
	free(s);
	return 0;
}

static void add_head(struct hg_buf *b, int n)
{
	hg_buf_addf(b,
		"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK%d\r\n"
		"From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: %d\r\nCSeq: 1 OPTIONS\r\n"
		"Max-Forwards: 70\r\n",
		n, n);
}

/* Writes all of it in pieces of `piece`, and returns the first status line's code; 0: closed
 * without. */
static int ask(struct server *s, struct hg_buf *b, size_t piece)
{
	char got[256];
	size_t sent = 0, n = 0;

	for (time_t end = time(NULL) + 60; time(NULL) < end;) {
		if (sent < b->n) {
			size_t left = b->n - sent;
			ssize_t w = send(
				s->fd, b->p + sent, left < piece ? left : piece, MSG_NOSIGNAL);

			if (w > 0)
				sent += (size_t)w;
			else if (errno != EAGAIN)
				sent = b->n;
		}
		su_root_step(s->root, sent < b->n ? 0 : 5);
		ssize_t r = recv(s->fd, got + n, sizeof(got) - 1 - n, 0);
		if (!r)
			return 0;
		n += r > 0 ? (size_t)r : 0;
		if (n > 12)
			return atoi(got + 8);
	}
	return -1;
}

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void flood(struct server *s, const char *line, size_t size, size_t piece)
{
	struct hg_buf b = { 0 };
	uint64_t before = hg_compat_header_floods();
	double start = cpu();

	add_head(&b, 1);
	while (b.n < size)
		hg_buf_adds(&b, line);
	hg_buf_adds(&b, "\r\nContent-Length: 0\r\n\r\n");
	assert_int_equal(ask(s, &b, piece), 413);
	assert_int_equal(s->requests, 0);
	assert_true(hg_compat_header_floods() > before);
	assert_true(cpu() - start < 1.0); /* without the guard: 4 s of an optimised library */
	hg_buf_done(&b);
}

static void short_lines_in_one_write(void **state)
{
	flood(*state, "X-A: b\r\n", 256000, 256000);
}

static void short_lines_in_segments(void **state)
{
	flood(*state, "X-A: b\r\n", 256000, 1460);
}

static void one_long_line(void **state)
{
	flood(*state, "X-A-very-long-header-name-that-goes-on", 100000, 4096);
}

static void folded_lines(void **state)
{
	flood(*state, "X-A: b\r\n c\r\n", 128000, 4096);
}

static void what_is_within_the_limits_passes(void **state)
{
	static const size_t piece[] = { 100000, 7 };
	struct server *s = *state;
	struct hg_buf b = { 0 };

	for (size_t i = 0; i < 2; i++) {
		hg_buf_reset(&b);
		add_head(&b, (int)i);
		for (int j = 0; j < 150; j++)
			hg_buf_addf(&b, "X-%d: b\r\n", j);
		hg_buf_adds(&b, "Content-Length: 0\r\n\r\n");
		assert_int_equal(ask(s, &b, piece[i]), 200);
	}
	hg_buf_done(&b);
}

/* Lines in a body are no headers. */
static void a_large_body_passes(void **state)
{
	struct server *s = *state;
	struct hg_buf b = { 0 };

	add_head(&b, 1);
	hg_buf_adds(&b, "Content-Type: text/plain\r\nContent-Length: 200000\r\n\r\n");
	for (int i = 0; i < 100000; i++)
		hg_buf_adds(&b, "x\n");
	uint64_t before = hg_compat_header_floods();
	assert_int_equal(ask(s, &b, 1460), 200);
	assert_int_equal(s->body, 200000);
	assert_int_equal(hg_compat_header_floods(), before);
	hg_buf_done(&b);
}

/* What sofia-sip takes for now goes with the monotonic clock: here its wall clock jumps. */
static void a_step_of_the_wall_clock_is_not_seen(void **state)
{
	extern void (*_su_time)(su_time_t *);
	su_time_t before = su_now(), jumped;

	su_time(&jumped);
	assert_true(labs((long)(jumped.tv_sec - before.tv_sec)) <= 1);
	jumped.tv_sec += 3600; /* what su_time() gives to its hook after such a step */
	_su_time(&jumped);
	assert_true(labs((long)(jumped.tv_sec - before.tv_sec)) <= 1);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_self_check),
		T(short_lines_in_one_write),
		T(short_lines_in_segments),
		T(one_long_line),
		T(folded_lines),
		T(what_is_within_the_limits_passes),
		T(a_large_body_passes),
		T(a_step_of_the_wall_clock_is_not_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

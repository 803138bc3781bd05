/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of every method arrive and can be sent: SERVICE above all
 * (plugins/sip/remedy_service.h). */
#include "tests/support/support.h"

#include "plugins/sip/remedy_service.h"

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_parser.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/su.h>
#include <sofia-sip/tport.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static msg_t *parse(const char *request_line, const char *cseq, sip_t **ret)
{
	char text[512];

	snprintf(text, sizeof(text),
		"%s\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
		"To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: %s\r\nContent-Length: 0\r\n\r\n",
		request_line, cseq);
	msg_t *msg = msg_make(hg_sip_mclass(), 0, text, -1);
	assert_non_null(msg);
	*ret = sip_object(msg);
	return msg;
}

static void every_method_is_read(void **state)
{
	static const char *const name[] = { "SERVICE", "S", "PING", "RFOO", "BENOTIFY", "NEGOTIATE",
		"service", "INVITED", "A", "x-%!*_+`'~.1" };
	char line[64], cseq[64];
	sip_t *sip;

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		snprintf(line, sizeof(line), "%s sip:alice@corp.example SIP/2.0", name[i]);
		snprintf(cseq, sizeof(cseq), "4294967295 %s", name[i]);
		msg_t *msg = parse(line, cseq, &sip);
		assert_non_null(sip->sip_request);
		assert_int_equal(sip->sip_request->rq_method, sip_method_unknown);
		assert_string_equal(sip->sip_request->rq_method_name, name[i]);
		assert_string_equal(sip->sip_request->rq_url->url_user, "alice");
		assert_non_null(sip->sip_cseq);
		assert_int_equal(sip->sip_cseq->cs_seq, 4294967295);
		assert_string_equal(sip->sip_cseq->cs_method_name, name[i]);
		assert_null(sip->sip_error);
		msg_destroy(msg);
	}
}

static void known_methods_are_what_they_were(void **state)
{
	static const char *const name[] = { "INVITE", "ACK", "REGISTER", "SUBSCRIBE", "NOTIFY",
		"PUBLISH" };
	char line[64], cseq[64];
	sip_t *sip;

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		snprintf(line, sizeof(line), "%s sip:a@b SIP/2.0", name[i]);
		snprintf(cseq, sizeof(cseq), "7  %s", name[i]);
		msg_t *msg = parse(line, cseq, &sip);
		assert_int_equal(sip->sip_request->rq_method, sip_method_code(name[i]));
		assert_int_equal(sip->sip_cseq->cs_method, sip_method_code(name[i]));
		assert_int_equal(sip->sip_cseq->cs_seq, 7);
		msg_destroy(msg);
	}
}

static void garbage_stays_garbage(void **state)
{
	static const char *const line[] = { "SER(VICE sip:a@b SIP/2.0", "SERVICE",
		"SERVICE sip:a@b", "SERVICE  SIP/2.0", "SERVICE sip:a@b HTTP/x y",
		"\x01 sip:a@b SIP/2.0" };
	static const char *const cseq[] = { "SERVICE", "1 SER VICE", "1", "", "4294967296 SERVICE",
		"-1 SERVICE" };
	sip_t *sip;

	for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
		msg_t *msg = parse(line[i], "1 SERVICE", &sip);
		assert_null(sip->sip_request);
		msg_destroy(msg);
	}
	for (size_t i = 0; i < sizeof(cseq) / sizeof(cseq[0]); i++) {
		msg_t *msg = parse("SERVICE sip:a@b SIP/2.0", cseq[i], &sip);
		assert_null(sip->sip_cseq);
		msg_destroy(msg);
	}
}

/* ---- over a connection: a client and a server of sofia-sip's transaction layer ---- */

struct wire {
	su_root_t *root;
	nta_agent_t *server, *client;
	char url[64];
	char got[32];
	int status;
};

static int on_request(nta_agent_magic_t *magic, nta_agent_t *agent, msg_t *msg, sip_t *sip)
{
	struct wire *w = (struct wire *)magic;

	if (!sip || !sip->sip_request) {
		msg_destroy(msg);
		return 0;
	}
	assert_string_equal(sip->sip_cseq->cs_method_name, sip->sip_request->rq_method_name);
	snprintf(w->got, sizeof(w->got), "%s", sip->sip_request->rq_method_name);
	nta_incoming_t *irq = nta_incoming_create(agent, NULL, msg, sip, TAG_END());
	assert_non_null(irq);
	nta_incoming_treply(irq, SIP_200_OK, TAG_END());
	nta_incoming_destroy(irq);
	return 0;
}

static int ignore_request(nta_agent_magic_t *magic, nta_agent_t *agent, msg_t *msg, sip_t *sip)
{
	msg_destroy(msg);
	return 0;
}

static int on_response(nta_outgoing_magic_t *magic, nta_outgoing_t *orq, const sip_t *sip)
{
	struct wire *w = (struct wire *)magic;

	w->status = sip ? sip->sip_status->st_status : 500;
	return 0;
}

static nta_agent_t *agent_new(struct wire *w, nta_message_f *callback)
{
	nta_agent_t *agent = nta_agent_create(w->root,
		URL_STRING_MAKE("sip:127.0.0.1:*;transport=TCP"), callback, (nta_agent_magic_t *)w,
		NTATAG_MCLASS(hg_sip_mclass()), NTATAG_UA(0), TAG_END());

	assert_non_null(agent);
	return agent;
}

static void send_request(struct wire *w, const char *method, nta_outgoing_t **ret)
{
	msg_t *msg = nta_msg_create(w->client, 0);
	su_home_t *home = msg_home(msg);
	sip_t *sip = sip_object(msg);

	assert_int_equal(sip_add_dup(msg, sip,
				 (sip_header_t *)hg_sip_request_create(
					 home, method, URL_STRING_MAKE(w->url))),
		0);
	assert_int_equal(
		sip_add_dup(msg, sip, (sip_header_t *)hg_sip_cseq_create(home, 9, method)), 0);
	sip_add_tl(msg, sip, SIPTAG_FROM_STR("<sip:a@b>;tag=1"), SIPTAG_TO_STR("<sip:a@b>"),
		SIPTAG_CALL_ID_STR("x"), SIPTAG_MAX_FORWARDS_STR("70"), SIPTAG_PAYLOAD_STR("body"),
		TAG_END());
	*ret = nta_outgoing_mcreate(
		w->client, on_response, (nta_outgoing_magic_t *)w, NULL, msg, TAG_END());
	assert_non_null(*ret);
}

static void requests_go_out_and_are_answered(void **state)
{
	static const char *const method[] = { "SERVICE", "BENOTIFY", "NOTIFY", "PINT" };
	struct wire w = { 0 };

	su_init();
	w.root = su_root_create(NULL);
	w.server = agent_new(&w, on_request);
	w.client = agent_new(&w, ignore_request);
	tport_t *tp = tport_primaries(nta_agent_tports(w.server));
	snprintf(w.url, sizeof(w.url), "sip:127.0.0.1:%s;transport=tcp", tport_name(tp)->tpn_port);
	for (size_t i = 0; i < sizeof(method) / sizeof(method[0]); i++) {
		nta_outgoing_t *orq;
		time_t end = time(NULL) + 10;

		w.status = 0;
		send_request(&w, method[i], &orq);
		while (!w.status && time(NULL) < end)
			su_root_step(w.root, 100);
		assert_int_equal(w.status, 200);
		assert_string_equal(w.got, method[i]);
		nta_outgoing_destroy(orq);
	}
	nta_agent_destroy(w.client);
	nta_agent_destroy(w.server);
	su_root_destroy(w.root);
	su_deinit();
}

static void what_is_no_method_is_not_created(void **state)
{
	su_home_t home[1] = { SU_HOME_INIT(home) };

	su_home_init(home);
	assert_null(hg_sip_request_create(home, "SER VICE", URL_STRING_MAKE("sip:a@b")));
	assert_null(hg_sip_request_create(home, "", URL_STRING_MAKE("sip:a@b")));
	assert_null(hg_sip_cseq_create(home, 1, "A\r\nB"));
	su_home_deinit(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_method_is_read),
		cmocka_unit_test(known_methods_are_what_they_were),
		cmocka_unit_test(garbage_stays_garbage),
		cmocka_unit_test(requests_go_out_and_are_answered),
		cmocka_unit_test(what_is_no_method_is_not_created),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

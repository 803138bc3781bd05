/* SPDX-License-Identifier: Apache-2.0 */
/* The section `xmpp:` of the configuration, from its text to streams. */
#include "plugins/xmpp/xmpp.h"

#include "bridge/conf/conf.h"
#include "tests/contract/xmpp_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static struct hg_core core;
static struct hg_err err;

static int set_up(void **state)
{
	core = (struct hg_core){ 0 };
	fake_core = &core;
	return 0;
}

static int tear_down(void **state)
{
	fake_done(&core);
	return 0;
}

static int make(const char *text, struct hg_xmpp **ret)
{
	struct hg_errs errs = { 0 };
	struct hg_conf *conf = NULL;
	void *self = NULL;
	int rc = hg_conf_load_text("x.yaml", hg_str(text), hg_xmpp_adapter.schema, &conf, &errs);

	err = errs.n ? errs.e[0] : (struct hg_err){ 0 };
	if (!rc)
		rc = hg_xmpp_adapter.create(&fake_host, &core, conf, &self, &err);
	*ret = self;
	hg_conf_free(conf);
	hg_errs_done(&errs);
	return rc;
}

static void defaults(void **state)
{
	struct hg_xmpp *x;

	assert_int_equal(
		make("components:\n  - domains: [corp.example, lab.example]\n    secret: s\n", &x),
		0);
	assert_int_equal(x->nstreams, 2);
	assert_string_equal(x->stream[0]->domain, "corp.example");
	assert_string_equal(x->stream[1]->domain, "lab.example");
	assert_string_equal(x->stream[1]->server, "127.0.0.1");
	assert_int_equal(x->stream[1]->port, 5347);
	assert_string_equal(x->stream[1]->secret, "s");
	assert_int_equal(x->times.keep_alive, 60000);
	assert_int_equal(x->times.retry, 200);
	assert_int_equal(x->times.retry_max, 30000);
	assert_int_equal(x->stanza_limit, 512 * 1024);
	hg_xmpp_adapter.destroy(x);
}

static void everything_said(void **state)
{
	struct hg_xmpp *x;

	assert_int_equal(make("keep-alive: 5s\nping-timeout: 2s\nreconnect: 1s\n"
			      "reconnect-max: 1m\nstanza-limit: 64k\n"
			      "components:\n  - domains: [corp.example]\n"
			      "    server: \"::1\"\n    port: 5275\n"
			      "    secret: s\n",
				 &x),
		0);
	assert_string_equal(x->stream[0]->server, "::1");
	assert_int_equal(x->stream[0]->port, 5275);
	assert_int_equal(x->times.answer, 2000);
	assert_int_equal(x->times.retry_max, 60000);
	assert_int_equal(x->stanza_limit, 65536);
	hg_xmpp_adapter.destroy(x);
}

static void faults_have_a_place(void **state)
{
	struct hg_xmpp *x;

	assert_int_equal(
		make("components:\n  - domains: [corp.example, Corp.example]\n    secret: s\n", &x),
		-EINVAL);
	assert_string_equal(err.where, "x.yaml:2");
	assert_int_equal(
		make("components:\n  - domains: [a@corp.example]\n    secret: s\n", &x), -EINVAL);
	assert_string_equal(err.where, "x.yaml:2");
	assert_int_equal(make("components:\n  - domains: []\n    secret: s\n", &x), -EINVAL);
	assert_int_equal(make("components:\n  - domains: [corp.example]\n", &x), -EINVAL);
	assert_int_equal(
		make("components:\n  - domains: [corp.example]\n    secret: s\n    port: 70000\n",
			&x),
		-EINVAL);
	assert_null(x);
}

/* What `secret-file` gives when the file holds that; NULL: refused. */
static char *from_file(const char *text, size_t n)
{
	char path[] = "/tmp/hg-secret-XXXXXX", conf[200], *secret = NULL;
	int fd = mkstemp(path);
	struct hg_xmpp *x;

	assert_int_equal(write(fd, text, n), n);
	close(fd);
	snprintf(conf, sizeof(conf),
		"components:\n  - domains: [corp.example]\n    secret-file: %s\n", path);
	if (!make(conf, &x)) {
		secret = strdup(x->stream[0]->secret);
		hg_xmpp_adapter.destroy(x);
	} else {
		assert_null(x);
		assert_string_equal(err.where, "x.yaml:2");
		assert_non_null(strstr(err.what, path));
		assert_null(strstr(err.what, "hush"));
	}
	unlink(path);
	return secret;
}

static void administrators(void **state)
{
	static const char *const bad[] = { "romeo", "xmpp.example", "romeo@xmpp.example/orchard", "a b@c" };
	struct hg_xmpp *x;
	char text[128];

	assert_int_equal(make("admins: [romeo@xmpp.example, Paris@other.example]\n", &x), 0);
	assert_int_equal(x->nadmins, 2);
	assert_int_equal(x->admin[1], fake_intern(&core, HG_STR("paris@other.example")));
	hg_xmpp_adapter.destroy(x);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "admins: [%s]\n", bad[i]);
		assert_int_equal(make(text, &x), -EINVAL);
		assert_null(x);
		assert_string_equal(err.where, "x.yaml:1");
		assert_true(err.what[0] && err.hint[0]);
	}
}

/* Looked into when it starts, not when it is checked. */
static void photos(void **state)
{
	struct hg_xmpp *x;

	assert_int_equal(make("photos: /nowhere/at/all\n", &x), 0);
	assert_int_equal(hg_xmpp_adapter.start(x, &err), -ENOENT);
	assert_string_equal(err.where, "x.yaml:1");
	assert_true(err.what[0] && err.hint[0]);
	hg_xmpp_adapter.destroy(x);
}

static void a_secret_of_its_own_file(void **state)
{
	static const char *const good[] = { "hush", "hush\n", "hush\r\n" };
	char big[2000];
	struct hg_xmpp *x;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		char *secret = from_file(good[i], strlen(good[i]));
		assert_string_equal(secret, "hush");
		free(secret);
	}
	memset(big, 'x', sizeof(big));
	assert_null(from_file(big, sizeof(big)));
	assert_null(from_file("\n", 1));
	assert_null(from_file("", 0));
	assert_null(from_file("hush\nhush\n", 10));
	assert_null(from_file("hu\0sh", 5));
	assert_int_equal(make("components:\n  - domains: [corp.example]\n    secret: s\n"
			      "    secret-file: /dev/null\n",
				 &x),
		-EINVAL);
	assert_int_equal(make("components:\n  - domains: [corp.example]\n"
			      "    secret-file: /nonexistent\n",
				 &x),
		-ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(defaults, set_up, tear_down),
		cmocka_unit_test_setup_teardown(everything_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(faults_have_a_place, set_up, tear_down),
		cmocka_unit_test_setup_teardown(administrators, set_up, tear_down),
		cmocka_unit_test_setup_teardown(photos, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_secret_of_its_own_file, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

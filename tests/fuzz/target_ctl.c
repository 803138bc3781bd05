/* SPDX-License-Identifier: Apache-2.0 */
/* The control socket of a daemon that nobody has signed in to: an asker says anything, and gets one
 * whole answer, or none if it did not end its request. */
#include "tests/fuzz/fuzz.h"

#include "bridge/address/ids.h"
#include "bridge/ctl/daemon.h"
#include "bridge/presence/grammar.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ROUNDS_MOST = 1000 };

static uv_loop_t loop;
static struct hg_site site;
static struct hg_daemon daemon_state = { .site = &site, .live = &site };
static char folder[] = "/tmp/hg-fuzz-XXXXXX";
static struct sockaddr_un at = { .sun_family = AF_UNIX };

/* ---- a core with a store that keeps nothing ---- */

static void (*commit_done)(void *arg, int rc);
static void *commit_arg;

/* One request at a time is under way. */
static void commit(struct hg_store *store, const struct hg_fact *f, size_t n,
	void (*done)(void *arg, int rc), void *arg)
{
	FUZZ_REQUIRE(!commit_done);
	commit_done = done;
	commit_arg = arg;
}

static const struct hg_store_ops store_ops = { commit };
static struct hg_store store = { &store_ops };

static struct hg_now now(void *ctx)
{
	return (struct hg_now){ 1000, INT64_C(1800000000000) };
}

static struct hg_core *make_core(void)
{
	static struct hg_grammar grammar;
	struct hg_core_env env = { .now = now,
		.store = &store,
		.routes = hg_routes_new(),
		.ids = daemon_state.ids,
		.policy = { .grammar = &grammar, .limits = hg_limits_default } };
	struct hg_where home = { .kind = HG_WHERE_HOME, .trust = HG_SAME_ENTERPRISE };

	hg_routes_add_domain((struct hg_routes *)env.routes, HG_STR("corp.example"), home);
	env.policy.limits.users = 16;
	return hg_core_new(&env);
}

static void turn(void)
{
	void (*done)(void *arg, int rc) = commit_done;

	commit_done = NULL;
	if (done)
		done(commit_arg, 0);
	hg_core_turn(daemon_state.core);
}

static void clean_up(void)
{
	unlink(at.sun_path);
	rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fuzz_quiet();
	FUZZ_REQUIRE(mkdtemp(folder) != NULL);
	atexit(clean_up);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/ctl", folder);
	uv_loop_init(&loop);
	daemon_state.ids = hg_intern_new();
	daemon_state.metrics = hg_metrics_new();
	site.config = hg_str_dup(HG_STR("nowhere.yaml")); /* nothing can be reloaded */
	daemon_state.core = make_core();
	return hg_ctl_open(
		&loop, at.sun_path, hg_daemon_verbs, &daemon_state, &daemon_state.ctl, NULL);
}

/* false: the other side has closed. */
static bool hear(int fd, struct hg_buf *heard)
{
	char part[4096];
	ssize_t n;

	uv_run(&loop, UV_RUN_NOWAIT);
	turn();
	while ((n = recv(fd, part, sizeof(part), MSG_DONTWAIT)) > 0)
		hg_buf_add(heard, (struct hg_str){ part, (size_t)n });
	return n < 0;
}

static void check_answer(const struct hg_buf *heard)
{
	const char *end = heard->n ? memchr(heard->p, '\n', heard->n) : NULL;

	FUZZ_REQUIRE(end != NULL);
	json_t *head = json_loadb(heard->p, (size_t)(end - heard->p), 0, NULL);
	FUZZ_REQUIRE(json_is_integer(json_object_get(head, "exit")));
	if (json_is_true(json_object_get(head, "stream"))) {
		json_decref(head);
		return;
	}
	FUZZ_REQUIRE(json_is_integer(json_object_get(head, "length")));
	json_int_t length = json_integer_value(json_object_get(head, "length"));
	FUZZ_REQUIRE(length == heard->p + heard->n - (end + 1));
	json_decref(head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), rc, rounds = 0;
	struct hg_buf heard = { 0 };
	bool open = true;

	/* Over a Unix socket an alarm (libFuzzer's) comes before the connection, or not at all. */
	while ((rc = connect(fd, (struct sockaddr *)&at, sizeof(at))) < 0 && errno == EINTR)
		;
	FUZZ_REQUIRE(rc == 0);
	/* What is longer than a request is not read to its end. */
	if (size)
		send(fd, data, size < 8192 ? size : 8192, MSG_DONTWAIT | MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
	while (open && rounds++ < ROUNDS_MOST)
		open = hear(fd, &heard);
	FUZZ_REQUIRE(!open);
	if (heard.n || (size && size <= 4096 && memchr(data, '\n', size)))
		check_answer(&heard);
	close(fd);
	hg_buf_done(&heard);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SIP adapter against raw sockets. Run without arguments it starts sip_contract.py, which tells the stories; for them it
 * runs again as
 *
 *     test_sip PORT [CERTIFICATE-FOLDER TLS-PORT]
 *
 * and is then the adapter with a core of its own: up-calls go to standard output, orders come by standard input:
 *
 *     state USER AVAILABILITY   everybody who watches USER is told
 *     maybe STANDING            pending, known, refused: of users whose name begins with "maybe"
 *     mute, unmute              answers wait; are given
 *     fail, mend                the store takes nothing; takes again
 *     end USER                  the core ends all outlets of USER
 *     quit
 */
#include "tests/contract/sip_host.h"

#include "bridge/compat/compat.h"

#include <unistd.h>

static struct hg_core core;

static hg_addr find(const char *user)
{
	struct hg_address a;
	const char *reason;
	if (hg_address_from_sip(hg_str(user), NULL, &a, &reason))
		abort();
	return hg_addr_of(core.ids, &a);
}

static void order_state(const char *user, uint32_t availability)
{
	core.state_of[core.nstates] = find(user);
	core.state[core.nstates++] = availability;
	for (size_t i = 0; i + 1 < core.nstates; i++) {
		if (core.state_of[i] == core.state_of[core.nstates - 1]) {
			core.state[i] = availability;
			core.nstates--;
		}
	}
	fake_dirty(&core, find(user), HG_SIP_FORMAT_CATEGORIES);
	fake_dirty(&core, find(user), HG_SIP_FORMAT_LCS);
}

static void order_maybe(const char *standing)
{
	core.standing = !strcmp(standing, "pending") ? HG_PENDING
		: !strcmp(standing, "known")         ? HG_KNOWN
						     : HG_REFUSED;
	for (size_t i = 0; i < FAKE_OUTLETS; i++)
		core.outlet[i].dirty |= hg_str_starts(
			fake_name(&core, core.outlet[i].presentity), HG_STR("maybe"));
}

static void order_end(const char *user)
{
	for (size_t i = 0; i < FAKE_OUTLETS; i++) {
		struct fake_outlet *o = &core.outlet[i];
		if (o->used && o->format == HG_SIP_FORMAT_CATEGORIES &&
			o->presentity == find(user)) {
			o->used = false;
			hg_sip_adapter.outlet_ended(core.sip, o->cookie);
		}
	}
}

static void order(char *line)
{
	char *word[3] = { NULL }, *rest = line;
	for (int i = 0; i < 3; i++)
		word[i] = strsep(&rest, " \n");
	if (!strcmp(word[0], "state"))
		order_state(word[1], (uint32_t)atoi(word[2]));
	else if (!strcmp(word[0], "maybe"))
		order_maybe(word[1]);
	else if (!strcmp(word[0], "end"))
		order_end(word[1]);
	else if (!strcmp(word[0], "mute") || !strcmp(word[0], "unmute"))
		core.mute = !strcmp(word[0], "mute");
	else if (!strcmp(word[0], "fail") || !strcmp(word[0], "mend"))
		core.failing = !strcmp(word[0], "fail");
	else
		hg_sip_adapter.stop(core.sip);
	printf("done %s\n", word[0]);
}

static void on_input(void *arg, int events)
{
	static char line[256];
	static size_t n;
	char c;
	while (read(0, &c, 1) == 1) {
		line[n++] = c;
		if (c != '\n' && n < sizeof(line) - 1)
			continue;
		line[n] = '\0';
		n = 0;
		order(line);
		return;
	}
	if (!core.stopped)
		hg_sip_adapter.stop(core.sip); /* whoever started us is gone */
}

static int serve(int argc, char **argv)
{
	struct hg_sip_listener listener[] = { { .transport = HG_SIP_TCP,
						      .address = (char *)"127.0.0.1",
						      .port = (uint16_t)atoi(argv[1]) },
		{ .transport = HG_SIP_TLS,
			.address = (char *)"127.0.0.1",
			.port = argc > 3 ? (uint16_t)atoi(argv[3]) : 0,
			.certificate = argc > 2 ? argv[2] : NULL } };
	struct hg_sip *sip = hg_alloc(sizeof(*sip));
	struct hg_err err = { 0 };
	hg_compat_init();
	core.loop = hg_loop_new();
	core.ids = hg_intern_new();
	core.sip = sip;
	core.delta = 1;
	core.standing = HG_PENDING;
	sip->host = &fake_host;
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
	sip->listener = listener;
	sip->nlisteners = argc > 3 ? 2 : 1;
	hg_loop_on_turn(core.loop, fake_turn, &core);
	if (hg_sip_adapter.start(sip, &err)) {
		fprintf(stderr, "%s: %s (%s)\n", err.where, err.what, err.hint);
		return 1;
	}
	hg_poll *in = hg_poll_new(core.loop, 0, on_input, NULL);
	hg_poll_set(in, HG_READABLE);
	printf("ready\n");
	fflush(stdout);
	hg_loop_run(core.loop);
	hg_poll_free(in);
	sip->nlisteners = 0;
	sip->listener = NULL;
	hg_sip_adapter.destroy(sip);
	fake_frags_drop();
	for (size_t i = 0; i < core.npubs; i++)
		hg_bytes_unref(core.pub[i].pub.payload);
	while (core.nanswers)
		free(core.answer[--core.nanswers]);
	hg_loop_free(core.loop);
	hg_intern_free(core.ids);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return serve(argc, argv);
	execl("/usr/bin/python3", "python3", "tests/contract/sip_contract.py", argv[0], NULL);
	perror("python3");
	return 1;
}

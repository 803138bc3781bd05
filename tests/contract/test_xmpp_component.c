/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The XMPP adapter against a real Prosody. Run without arguments it starts xmpp_component.py,
 * which tells the stories; for them it runs again as
 *
 *     test_xmpp_component PORT SECRET DOMAIN KEEP_ALIVE PING_TIMEOUT RETRY RETRY_MAX STANZA_LIMIT [PHOTOS]
 *
 * and is then the adapter with a core of its own: up-calls and log lines go to standard output,
 * orders come by standard input.
 */
#include "plugins/xmpp/iq.h"

#include "tests/contract/xmpp_host.h"

#include <signal.h>
#include <unistd.h>

static struct hg_core core;
static struct hg_xmpp *xmpp;

static void print(void *arg, const char *line)
{
	puts(line);
	fflush(stdout);
}

static void print_log(void *arg, enum hg_level level, const char *line)
{
	printf("log %s\n", line);
	fflush(stdout);
}

static char *word(char **rest)
{
	char *w = strsep(rest, " \n");

	return w ? w : (char *)"";
}

static void order_edge(char **rest)
{
	static const char *const names[] = { "subscribe", "subscribed", "unsubscribe",
		"unsubscribed", "probe" };
	const char *name = word(rest);
	struct hg_str watcher = hg_str(word(rest)), presentity = hg_str(word(rest));
	struct hg_pair p = { fake_intern(&core, watcher), fake_intern(&core, presentity), watcher,
		presentity };

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(names[i], name))
			hg_xmpp_adapter.edge(xmpp, 1, &p, (enum hg_edge)i);
	}
}

/* "watcher presentity condition [where he is now]" */
static void order_error(char **rest)
{
	struct hg_str watcher = hg_str(word(rest)), presentity = hg_str(word(rest));
	enum hg_condition condition = hg_condition_find(hg_str(word(rest)));
	struct hg_xmpp_error e = { .condition = condition, .type = hg_condition_type(condition) };
	struct hg_pair p = { fake_intern(&core, watcher), fake_intern(&core, presentity), watcher,
		presentity };
	struct hg_str instead = hg_str(word(rest));

	hg_xmpp_adapter.error(xmpp, 1, &p, &e, instead.n ? fake_intern(&core, instead) : 0);
}

/* "watcher presentity field=value...": one parcel, rendered from that record; `n` times. */
static void order_send(char **rest, size_t n)
{
	struct hg_str watcher = hg_str(word(rest)), presentity = hg_str(word(rest));
	struct hg_value values[HG_XMPP_FIELDS];
	size_t count = 0, taken = 0;

	for (char *w = word(rest); *w && count < HG_XMPP_FIELDS; w = word(rest)) {
		values[count] = (struct hg_value){ .field = (uint16_t)(w[0] - '0'),
			.text = hg_str(w + 2) };
		count++;
	}

	struct hg_record *r = hg_record_new(values, count);
	struct hg_view view = { .standing = HG_KNOWN };
	struct hg_pair pair = { fake_intern(&core, watcher), fake_intern(&core, presentity),
		watcher, presentity };
	struct hg_buf b = { 0 };

	fake_look(&core, 1, &pair, HG_PART_WHOLE, &view);
	view.part = HG_PART_WHOLE;

	hg_xmpp_adapter.render(xmpp, 0, &view, r, &b);
	struct hg_frag frag = { .part = HG_PART_WHOLE, .bytes = hg_buf_bytes(&b) };
	const struct hg_frag *frags[] = { &frag };
	struct hg_parcel parcel = { .pair = { fake_intern(&core, watcher),
					    fake_intern(&core, presentity), watcher, presentity },
		.frag = frags,
		.nfrags = 1 };

	while (n-- && hg_xmpp_adapter.deliver(xmpp, 1, &parcel, 1))
		taken++;
	printf("took %zu\n", taken);
	hg_bytes_unref(frag.bytes);
	hg_buf_done(&b);
	hg_record_unref(r);
}

/* "watcher presentity field=value|field=value": what he is shown; nothing behind them: nothing any more. */
static void order_card(char **rest)
{
	hg_addr watcher = fake_intern(&core, hg_str(word(rest)));
	hg_addr presentity = fake_intern(&core, hg_str(word(rest)));
	struct hg_str said = hg_str(*rest ? strsep(rest, "\n") : ""), pair, name;
	struct hg_card card = { 0 };

	while (hg_str_token(&said, '|', &pair)) {
		if (!hg_str_token(&pair, '=', &name))
			continue;
		card.field[hg_card_field_find(name)] = hg_bytes_new(pair);
	}
	fake_show_card(&core, watcher, presentity, &card);
}

/* "watcher presentity": a parcel of what he is shown of contact cards. */
static void order_cards(char **rest)
{
	struct hg_str watcher = hg_str(word(rest)), presentity = hg_str(word(rest));
	struct hg_pair pair = { fake_intern(&core, watcher), fake_intern(&core, presentity),
		watcher, presentity };
	struct hg_view view = { .part = HG_CAT_CONTACT_CARD };
	struct hg_frag frag = { .part = HG_CAT_CONTACT_CARD };
	const struct hg_frag *frags[] = { &frag };
	struct hg_parcel parcel = { .pair = pair, .frag = frags, .nfrags = 1 };
	struct hg_buf b = { 0 };

	fake_look(&core, 1, &pair, HG_CAT_CONTACT_CARD, &view);
	view.presentity = presentity;
	hg_xmpp_adapter.render(xmpp, 0, &view, NULL, &b);
	frag.bytes = hg_buf_bytes(&b);
	printf("took %zu\n", hg_xmpp_adapter.deliver(xmpp, 1, &parcel, 1));
	hg_bytes_unref(frag.bytes);
	hg_buf_done(&b);
}

/* "watcher presentity [general [specific [text [mood]]]]": what he is shown of that, and a parcel of it. */
static void order_does(char **rest)
{
	struct hg_str watcher = hg_str(word(rest)), presentity = hg_str(word(rest));
	struct hg_value v[HG_XMPP_ACTIVITY_FIELDS];
	uint16_t n = 0;
	struct hg_view view = { .part = HG_PART_ASPECT };
	struct hg_frag frag = { .part = HG_PART_ASPECT };
	const struct hg_frag *frags[] = { &frag };
	struct hg_pair pair = { fake_intern(&core, watcher), fake_intern(&core, presentity),
		watcher, presentity };
	struct hg_parcel parcel = { .pair = pair, .frag = frags, .nfrags = 1 };
	struct hg_buf b = { 0 };
	struct hg_record *r;

	for (char *w = word(rest); *w && n < HG_XMPP_ACTIVITY_FIELDS; w = word(rest), n++)
		v[n] = (struct hg_value){ .field = n, .text = hg_str(w) };
	r = hg_record_new(v, n);
	hg_xmpp_adapter.render(xmpp, HG_XMPP_FORMAT_ACTIVITY, &view, r, &b);
	fake_show_doing(&core, pair.watcher, pair.presentity, r);
	frag.bytes = hg_buf_bytes(&b);
	printf("took %zu\n", hg_xmpp_adapter.deliver(xmpp, 1, &parcel, 1));
	hg_bytes_unref(frag.bytes);
	hg_buf_done(&b);
}

/* "block user" or "unblock user": she does so at her own client. */
static void order_block(char **rest, bool remove)
{
	fake_block(&core, fake_intern(&core, hg_str(word(rest))), remove);
	hg_xmpp_adapter.blocked(xmpp, 1, fake_intern(&core, HG_STR("alice@corp.example")),
		fake_intern(&core, HG_STR("dave@xmpp.example")));
}

/* "grant [+user] [-user]" or "refuse VERDICT": of the request that waits; what it blocks, and does not any more. */
static void order_answer(char **rest, enum hg_verdict v)
{
	struct hg_answer a = { .verdict = v, .reason = v == HG_OK ? "" : "no" };

	for (char *w = word(rest); v == HG_OK && *w; w = word(rest))
		fake_block(&core, fake_intern(&core, hg_str(w + 1)), *w == '-');
	if (v == HG_OK && core.asked) {
		free(core.memo);
		core.memo = core.asked;
		core.asked = NULL;
	}
	hg_xmpp_adapter.answer(xmpp, core.cookie, &a);
}

/* "whose person": he has dave's accounts from now on. */
static void order_whose(char **rest)
{
	free(core.whose);
	core.whose = hg_str_dup(hg_str(word(rest)));
}

static void order(char *line)
{
	char *rest = line;
	const char *what = word(&rest);

	if (!strcmp(what, "edge"))
		order_edge(&rest);
	else if (!strcmp(what, "error"))
		order_error(&rest);
	else if (!strcmp(what, "send"))
		order_send(&rest, 1);
	else if (!strcmp(what, "flood"))
		order_send(&rest, 1000000);
	else if (!strcmp(what, "card"))
		order_card(&rest);
	else if (!strcmp(what, "cards"))
		order_cards(&rest);
	else if (!strcmp(what, "does"))
		order_does(&rest);
	else if (!strcmp(what, "block") || !strcmp(what, "unblock"))
		order_block(&rest, what[0] == 'u');
	else if (!strcmp(what, "grant"))
		order_answer(&rest, HG_OK);
	else if (!strcmp(what, "refuse"))
		order_answer(&rest, (enum hg_verdict)atoi(word(&rest)));
	else if (!strcmp(what, "later"))
		core.skew += atoi(word(&rest)) * INT64_C(1000);
	else if (!strcmp(what, "whose"))
		order_whose(&rest);
	else if (!strcmp(what, "admin"))
		hg_xmpp_add_admin(xmpp, hg_str(word(&rest)), "", NULL);
	else if (!strcmp(what, "faulty"))
		core.faulty = true;
	else if (!strcmp(what, "stop"))
		hg_xmpp_adapter.stop(xmpp);
	else if (!strcmp(what, "room"))
		printf("room %u\n", core.room);
	fflush(stdout);
}

static int serve(char **argv)
{
	struct hg_xmpp_component c = { hg_str(argv[3]), HG_STR("127.0.0.1"), hg_str(argv[2]),
		(uint16_t)atoi(argv[1]), NULL };
	struct hg_err err = { 0 };
	char line[65536];

	signal(SIGPIPE, SIG_IGN);
	srand((unsigned)getpid());
	fake_core = &core;
	core.say = print;
	hg_log_sink(print_log, NULL);
	xmpp = hg_xmpp_new(&fake_host, &core);
	xmpp->times = (struct hg_xmpp_times){ atoi(argv[4]), atoi(argv[5]), atoi(argv[6]),
		atoi(argv[7]) };
	xmpp->stanza_limit = (size_t)atoi(argv[8]);
	xmpp->block_lists = true;
	if ((argv[9] && hg_xmpp_photos_load(xmpp, hg_str(argv[9]), "", &err) < 0) ||
		hg_xmpp_add(xmpp, &c, "", &err) < 0 || hg_xmpp_adapter.start(xmpp, &err) < 0) {
		fprintf(stderr, "%s\n", err.what);
		return 2;
	}
	setvbuf(stdin, NULL, _IONBF, 0);
	while (!core.stopped) {
		if (fake_turn(&core, 1000, STDIN_FILENO)) {
			if (!fgets(line, sizeof(line), stdin))
				break;
			order(line);
		}
	}
	hg_xmpp_adapter.destroy(xmpp);
	fake_done(&core);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 9 || argc == 10)
		return serve(argv);
	execl("/usr/bin/python3", "python3", HG_SOURCE_DIR "/tests/contract/xmpp_component.py",
		argv[0], (char *)NULL);
	perror("python3");
	return 1;
}

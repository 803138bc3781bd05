/* SPDX-License-Identifier: Apache-2.0 */
/* The run: the gateway connects, subscriptions are set up, updates are sent. */
#include "gwbench.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { MS = 1000000 };

#define SECOND 1000000000u

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	stop = 1;
}

static double since(uint64_t start)
{
	return (double)(now_ns() - start) / 1e9;
}

static void pump_for(double seconds)
{
	uint64_t start = now_ns();
	while (!stop && since(start) < seconds)
		net_pump(10 * MS);
}

static double own_cpu(void)
{
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
		(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* ---- 1. the gateway connects as a component --------------------------------------------------- */

static double await_gateway(void)
{
	uint64_t start = now_ns();
	while (!stop && !(component && component->xmpp_open)) {
		net_pump(10 * MS);
		if (since(start) > 30) {
			fprintf(stderr, "gwbench: no component connection within 30 s\n");
			exit(1);
		}
	}
	double waited = since(start);
	pump_for(0.2);
	return waited;
}

/* ---- 2. the subscriptions --------------------------------------------------------------------- */

/* Those who are not there yet begin again: a datagram may have been lost. */
static void start_again(int next)
{
	for (int user = 0, burst = 0; user < next && burst < BATCH; user++) {
		if (!load.users[user].ready) {
			load_start_user(user);
			burst++;
		}
	}
}

/* Returns when the last of them was there. */
static uint64_t subscribe_all(uint64_t start)
{
	uint64_t progress = start, again = start;
	int next = 0, before = 0;
	while (!stop && load.ready < opt.users && since(start) <= opt.setup_timeout) {
		int due = opt.setup_rate > 0 ? (int)(since(start) * opt.setup_rate) + 1 : opt.users;
		for (int burst = 0; burst < BATCH && next < opt.users && next < due &&
			next - load.ready < opt.setup_window;
			burst++)
			load_start_user(next++);
		net_pump(MS);
		if (load.ready != before) {
			before = load.ready;
			progress = again = now_ns();
		}
		if (since(again) > 1) {
			start_again(next);
			again = now_ns();
		}
		if (next < opt.users && since(progress) > 5)
			opt.setup_window += 64; /* some were lost: on with the others */
		if (next == opt.users && since(progress) > 6)
			break;
	}
	return load.ready == opt.users ? now_ns() : progress;
}

static void set_up(double waited)
{
	tree_find();
	long before_kb = tree_kb("Pss");
	double cpu = tree_cpu();
	uint64_t start = now_ns(), end = subscribe_all(start);
	double took = (double)(end - start) / 1e9;
	cpu = tree_cpu() - cpu;
	pump_for(0.5 + opt.idle);
	tree_find();
	long after_kb = tree_kb("Pss");
	printf("{\"label\":\"%s\",\"phase\":\"setup\",\"mode\":\"%s\",\"transport\":\"%s\",\"users\":%d,"
	       "\"ready\":%d,\"setup_s\":%.3f,\"setup_per_s\":%.0f,\"setup_cpu_s\":%.3f,"
	       "\"pss_before_kb\":%ld,\"pss_after_kb\":%ld,\"rss_after_kb\":%ld,\"bytes_per_user\":%.0f,"
	       "\"component_wait_s\":%.2f,\"procs\":%d,\"x_subscribed\":%ld,\"subscribe_rx\":%ld,"
	       "\"x_subscribe\":%ld}\n",
		opt.label, mode_name(), transport_name(), opt.users, load.ready, took,
		took > 0 ? load.ready / took : 0.0, cpu, before_kb, after_kb, tree_kb("Rss"),
		load.ready ? (double)(after_kb - before_kb) * 1024 / load.ready : 0.0, waited,
		tree_count(), counts.x_subscribed, counts.subscribe_rx, counts.x_subscribe);
	fflush(stdout);
}

/* ---- 3. the load ------------------------------------------------------------------------------ */

enum fault { BEFORE, DURING, AFTER };

static bool moves(enum fault *fault, double at, double lasts, double now)
{
	enum fault is = lasts <= 0 || now < at ? BEFORE : now < at + lasts ? DURING : AFTER;
	bool moved = is != *fault;
	*fault = is;
	return moved;
}

/* True once there was one. */
static bool inject(double now)
{
	static enum fault drop, mute;
	if (moves(&drop, opt.drop_xmpp_at, opt.drop_xmpp_for, now)) {
		component_listen(drop == AFTER);
		if (component && drop == DURING)
			conn_close(component);
	}
	if (moves(&mute, opt.mute_sip_at, opt.mute_sip_for, now))
		load.sip_muted = mute == DURING;
	return drop != BEFORE || mute != BEFORE;
}

/* Returns how long there is nothing to send, as far as that is known. */
static uint64_t send_due(uint64_t start)
{
	if (opt.rate <= 0) {
		for (int burst = 0; burst < BATCH && load.outstanding < opt.window &&
			load.sent < opt.count && load_send();)
			burst++;
		return MS;
	}
	long due = (long)(since(start) * opt.rate) + 1 - load.sent - load.skipped;
	for (int burst = 0; burst < BATCH && due-- > 0 && load.sent < opt.count; burst++)
		load.skipped += !load_send();
	double next = (double)(load.sent + load.skipped) / opt.rate - since(start);
	return next <= 0 ? 0 : next > 0.001 ? MS : (uint64_t)(next * SECOND);
}

struct run {
	uint64_t start, sent, received; /* when it began, the last left, the last arrived */
	double cpu, own_cpu, user_instructions, kernel_instructions;
	int stale;
};

static void send_all(struct run *run)
{
	long before = 0;
	run->start = run->received = now_ns();
	while (!stop) {
		bool faulty = inject(since(run->start));
		uint64_t wait = MS;
		load_give_up(now_ns());
		if (load.sent < opt.count) {
			wait = send_due(run->start);
			run->sent = now_ns();
		} else if (since(run->sent) > opt.drain ||
			(load.outstanding == 0 && (!faulty || load_stale() == 0)))
			break;
		net_pump(wait);
		if (load.received != before) {
			before = load.received;
			run->received = now_ns();
		}
	}
}

static double percentile(const uint32_t *us, long n, double part)
{
	return n ? us[(long)((double)(n - 1) * part)] / 1000.0 : 0.0;
}

static void report(const struct run *run)
{
	uint32_t *us;
	long n = load_sorted(&us), got = load.received;
	double took = (double)(run->received - run->start) / 1e9;
	printf("{\"label\":\"%s\",\"phase\":\"load\",\"mode\":\"%s\",\"transport\":\"%s\",\"users\":%d,"
	       "\"window\":%d,\"rate_asked\":%.0f,\"sent\":%ld,\"received\":%ld,\"lost\":%ld,"
	       "\"late\":%ld,\"dup\":%ld,\"skipped\":%ld,\"elapsed_s\":%.3f,\"send_s\":%.3f,"
	       "\"per_s\":%.0f,\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,",
		opt.label, mode_name(), transport_name(), opt.users, opt.window, opt.rate,
		load.sent, got, load.sent - got - load.late, load.late, load.doubled, load.skipped,
		took, (double)(run->sent - run->start) / 1e9, took > 0 ? (double)got / took : 0.0,
		percentile(us, n, .5), percentile(us, n, .9), percentile(us, n, .99),
		percentile(us, n, 1));
	printf("\"gw_cpu_s\":%.3f,\"gw_cpu_s_per_10k\":%.4f,\"gw_user_instr_per_update\":%.0f,"
	       "\"gw_kernel_instr_per_update\":%.0f,\"harness_cpu_s\":%.3f,\"pss_kb\":%ld,"
	       "\"stale_users\":%d,",
		run->cpu, got ? run->cpu / (double)got * 10000 : 0.0,
		got ? run->user_instructions / (double)got : 0.0,
		got ? run->kernel_instructions / (double)got : 0.0, run->own_cpu, tree_kb("Pss"),
		run->stale);
	printf("\"err_responses\":%ld,\"r412\":%ld,\"r503\":%ld,\"x_presence\":%ld,"
	       "\"x_unavailable\":%ld,\"x_error\":%ld,\"x_unsub\":%ld,\"notify_rx\":%ld,"
	       "\"publish_rx\":%ld,\"subscribe_rx\":%ld,\"comp_reconnects\":%ld,"
	       "\"x_preauth_dropped\":%ld,\"x_not_sent\":%ld}\n",
		counts.refused, counts.refused_412, counts.refused_503, counts.x_presence,
		counts.x_unavailable, counts.x_error, counts.x_unsubscribe, counts.notify_rx,
		counts.publish_rx, counts.subscribe_rx, counts.component_accepts, counts.x_early,
		counts.x_not_sent);
	free(us);
}

static void put_under_load(void)
{
	struct run run = { 0 };
	memset(&counts, 0, sizeof counts);
	perf_open();
	double cpu = tree_cpu(), own = own_cpu(), user = perf_read(false), kernel = perf_read(true);
	load.running = true;
	send_all(&run);
	run.cpu = tree_cpu() - cpu;
	run.own_cpu = own_cpu() - own;
	run.user_instructions = user < 0 ? 0 : perf_read(false) - user;
	run.kernel_instructions = kernel < 0 ? 0 : perf_read(true) - kernel;
	run.stale = load_stale();
	tree_find();
	report(&run);
}

int main(int argc, char **argv)
{
	options_read(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	load_open();
	net_open();
	set_up(await_gateway());
	if (!opt.setup_only && load.ready > 0)
		put_under_load();
	return load.ready == opt.users ? 0 : 1;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The updates: who sends the next, when each left, and when it arrived. */
#include "gwbench.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* In place of a time that it took. */
enum { UNDER_WAY = UINT32_MAX - 2, CAME_LATE, GIVEN_UP };

struct load load;
struct counts counts;

static uint64_t *sent_ns; /* by its number; 0: it has arrived, or was given up */
static uint32_t *sender, *took_us;
static long oldest; /* that may still be under way */
static int turn;

uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void die(const char *what)
{
	perror(what);
	exit(2);
}

void replace(char **to, char *by)
{
	free(*to);
	*to = by;
}

void load_open(void)
{
	load.users = calloc((size_t)opt.users, sizeof *load.users);
	sent_ns = calloc((size_t)opt.count + 1, sizeof *sent_ns);
	sender = calloc((size_t)opt.count + 1, sizeof *sender);
	took_us = calloc((size_t)opt.count + 1, sizeof *took_us);
}

void load_arrived(const char *p, size_t n)
{
	uint64_t now = now_ns();
	if (load.running && opt.dump > 0) {
		opt.dump--;
		printf("<<< %.*s\n", (int)n, p);
	}
	const char *mark = memmem(p, n, "mk#", 3);
	long seq = mark ? strtol(mark + 3, NULL, 10) : -1;
	if (seq < 0 || seq >= load.sent)
		return;
	struct user *u = &load.users[sender[seq]];
	if (u->last_got < (uint32_t)seq + 1)
		u->last_got = (uint32_t)seq + 1;
	if (sent_ns[seq]) {
		uint64_t us = (now - sent_ns[seq]) / 1000;
		took_us[seq] = us < UNDER_WAY ? (uint32_t)us : UNDER_WAY - 1;
		sent_ns[seq] = 0;
		load.received++;
		load.outstanding--;
	} else if (took_us[seq] == GIVEN_UP) {
		load.late++;
		took_us[seq] = CAME_LATE;
	} else
		load.doubled++;
}

void load_ready(int user)
{
	struct user *u = &load.users[user];
	bool ready = false;
	switch (opt.mode) {
	case S2X_NOTIFY:
		ready = u->sub_ok && u->note_ok;
		break;
	case S2X_PUBLISH:
		ready = u->xmpp_ok;
		break;
	case X2S_WATCH:
		ready = u->sub_ok && u->note_ok && (u->xmpp_ok || opt.no_initial);
		break;
	case X2S_PUBLISH:
		ready = true;
		break;
	}
	load.ready += ready && !u->ready;
	u->ready |= ready;
}

/* Again, too, if something was lost on the way. */
void load_start_user(int user)
{
	switch (opt.mode) {
	case S2X_NOTIFY:
		if (load.users[user].sub_ok) { /* the notification was lost */
			sip_notify(user, -1);
			break;
		}
		/* fall through */
	case S2X_PUBLISH:
		xmpp_subscribe(user);
		break;
	case X2S_WATCH:
		sip_subscribe(user, opt.expires);
		break;
	case X2S_PUBLISH:
		load_ready(user);
		break;
	}
}

/* -1: all wait for something. At a rate only some are looked at, or the clock would run away. */
static int next_user(void)
{
	int looks = opt.rate > 0 && opt.users > 256 ? 256 : opt.users;
	while (looks-- > 0) {
		int user = turn;
		struct user *u = &load.users[user];
		turn = (turn + 1) % opt.users;
		if (u->busy && now_ns() - u->busy_since > (uint64_t)(opt.timeout * 1e9))
			u->busy = false;
		if (u->ready && !u->busy)
			return user;
	}
	return -1;
}

bool load_send(void)
{
	int user = next_user();
	if (user < 0)
		return false;
	long seq = load.sent++;
	sender[seq] = (uint32_t)user;
	took_us[seq] = UNDER_WAY;
	sent_ns[seq] = now_ns();
	load.users[user].last_sent = (uint32_t)seq + 1;
	load.outstanding++;
	switch (opt.mode) {
	case S2X_NOTIFY:
		sip_notify(user, seq);
		break;
	case S2X_PUBLISH:
		sip_publish(user, seq);
		break;
	case X2S_WATCH:
	case X2S_PUBLISH:
		xmpp_presence(user, seq);
		break;
	}
	return true;
}

void load_give_up(uint64_t now)
{
	uint64_t most = (uint64_t)(opt.timeout * 1e9);
	for (; oldest < load.sent; oldest++) {
		if (!sent_ns[oldest])
			continue;
		if (now < sent_ns[oldest] + most)
			return;
		sent_ns[oldest] = 0;
		took_us[oldest] = GIVEN_UP;
		load.outstanding--;
		load.given_up++;
	}
}

int load_stale(void)
{
	int stale = 0;
	for (int i = 0; i < opt.users; i++)
		stale += load.users[i].last_sent != load.users[i].last_got;
	return stale;
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

long load_sorted(uint32_t **ret_us)
{
	uint32_t *us = malloc(((size_t)load.sent + 1) * sizeof *us);
	long n = 0;
	for (long i = 0; i < load.sent; i++)
		if (took_us[i] < UNDER_WAY)
			us[n++] = took_us[i];
	qsort(us, (size_t)n, sizeof *us, by_size);
	*ret_us = us;
	return n;
}

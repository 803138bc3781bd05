/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A core for the XMPP adapter's tests: poll(2) for a loop, a table of strings for addresses, and
 * every up-call as one line of text. One file, included once a program.
 */
#pragma once

#include <heliograph/adapter.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct hg_timer {
	struct hg_timer *next;
	void (*fire)(void *);
	void *arg;
	int64_t at; /* mono ms; -1 stopped */
	bool dead;
};

struct hg_poll {
	struct hg_poll *next;
	int fd, events;
	void (*ready)(void *, int);
	void *arg;
	bool dead;
};

enum { FAKE_ADDRS = 4096, FAKE_CARDS = 8, FAKE_BLOCKED = 256 };

struct hg_core {
	struct hg_timer *timer;
	struct hg_poll *poll;
	void (*flush)(void *);
	void *flush_arg;
	char *addr[FAKE_ADDRS];
	uint32_t naddrs;
	int64_t skew;    /* added to the clocks: a test that cannot wait */
	uint32_t chance; /* what `random` gives next; 0: from rand() */
	hg_lane lanes;
	uint32_t room;
	bool up, stopped;
	bool faulty; /* the configuration is */
	unsigned long counted;                    /* sum of everything counted */
	void (*say)(void *arg, const char *line); /* each up-call */
	void *say_arg;
	struct fake_card {
		hg_addr watcher, presentity;
		struct hg_card card;
	} card[FAKE_CARDS]; /* what who is shown of whom */
	size_t ncards;
	struct fake_doing {
		hg_addr watcher, presentity;
		struct hg_record *does;
	} doing[FAKE_CARDS]; /* likewise */
	size_t ndoings;
	struct hg_record *looked; /* of the view that was made last; borrowed */
	struct hg_member blocked[FAKE_BLOCKED]; /* by everybody; users */
	struct hg_container blocking;           /* that they are in */
	char *memo, *asked;                     /* of every account: as it is, and as it is to be */
	uint64_t cookie;                        /* of the request that waits */
	const char *home; /* domain that is home beside those of components; NULL none */
	char *whose;      /* the accounts of "dave" are that person's; NULL: alice's */
};

static void fake_say(struct hg_core *c, const char *fmt, ...) HG_PRINTF(2, 3);
static void fake_say(struct hg_core *c, const char *fmt, ...)
{
	char line[8192];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (c->say)
		c->say(c->say_arg, line);
}

/* ---- loop ---- */

static struct hg_now fake_now(struct hg_core *c)
{
	struct timespec m, u;

	clock_gettime(CLOCK_MONOTONIC, &m);
	clock_gettime(CLOCK_REALTIME, &u);
	return (struct hg_now){
		.mono = m.tv_sec * INT64_C(1000) + m.tv_nsec / 1000000 + c->skew,
		.utc = u.tv_sec * INT64_C(1000) + u.tv_nsec / 1000000 + c->skew,
	};
}

static hg_timer *fake_timer_new(struct hg_core *c, void (*fire)(void *), void *arg)
{
	hg_timer *t = hg_alloc(sizeof(*t));

	*t = (hg_timer){ .next = c->timer, .fire = fire, .arg = arg, .at = -1 };
	c->timer = t;
	return t;
}

static struct hg_core *fake_core; /* timer_set has no core */

static void fake_timer_set(hg_timer *t, int64_t ms)
{
	t->at = ms < 0 ? -1 : fake_now(fake_core).mono + ms;
}

static void fake_timer_free(hg_timer *t)
{
	if (t)
		t->dead = true;
}

static hg_poll *fake_poll_new(struct hg_core *c, int fd, void (*ready)(void *, int), void *arg)
{
	hg_poll *p = hg_alloc(sizeof(*p));

	*p = (hg_poll){ .next = c->poll, .fd = fd, .ready = ready, .arg = arg };
	c->poll = p;
	return p;
}

static void fake_poll_set(hg_poll *p, int events)
{
	p->events = events;
}

static void fake_poll_free(hg_poll *p)
{
	if (p)
		p->dead = true;
}

static void fake_on_turn_end(struct hg_core *c, void (*flush)(void *), void *arg)
{
	c->flush = flush;
	c->flush_arg = arg;
}

static uint32_t fake_random(struct hg_core *c)
{
	return c->chance ? c->chance++ : (uint32_t)rand();
}

static int fake_queue_work(struct hg_core *c, void (*work)(void *), void (*done)(void *), void *arg)
{
	work(arg);
	done(arg);
	return 0;
}

static void fake_sweep(struct hg_core *c)
{
	for (hg_timer **t = &c->timer; *t;) {
		hg_timer *it = *t;

		if (it->dead) {
			*t = it->next;
			free(it);
		} else {
			t = &it->next;
		}
	}
	for (hg_poll **p = &c->poll; *p;) {
		hg_poll *it = *p;

		if (it->dead) {
			*p = it->next;
			free(it);
		} else {
			p = &it->next;
		}
	}
}

static int64_t fake_wait(struct hg_core *c, int64_t most)
{
	int64_t now = fake_now(c).mono;

	for (hg_timer *t = c->timer; t; t = t->next) {
		if (t->at >= 0 && t->at - now < most)
			most = t->at > now ? t->at - now : 0;
	}
	return most;
}

static void fake_timers(struct hg_core *c)
{
	int64_t now = fake_now(c).mono;

	for (hg_timer *t = c->timer; t; t = t->next) {
		if (!t->dead && t->at >= 0 && t->at <= now) {
			t->at = -1;
			t->fire(t->arg);
		}
	}
}

/* One turn. `extra` is a descriptor of the test's own, -1 none; true: it is readable. */
__attribute__((unused)) static bool fake_turn(struct hg_core *c, int64_t most, int extra)
{
	struct pollfd fds[32] = { { .fd = extra, .events = POLLIN } };
	hg_poll *of[32] = { 0 };
	nfds_t n = 1;

	for (hg_poll *p = c->poll; p && n < 32; p = p->next) {
		fds[n] = (struct pollfd){ .fd = p->events ? p->fd : -1,
			.events = (short)((p->events & HG_READABLE ? POLLIN : 0) |
				(p->events & HG_WRITABLE ? POLLOUT : 0)) };
		of[n++] = p;
	}
	poll(fds, n, (int)fake_wait(c, most));
	for (nfds_t i = 1; i < n; i++) {
		int bad = fds[i].revents & (POLLERR | POLLHUP);
		int events = (fds[i].revents & POLLIN || bad ? HG_READABLE : 0) |
			(fds[i].revents & POLLOUT || bad ? HG_WRITABLE : 0);

		if (events && !of[i]->dead)
			of[i]->ready(of[i]->arg, events);
	}
	fake_timers(c);
	if (c->flush)
		c->flush(c->flush_arg);
	fake_sweep(c);
	return extra >= 0 && fds[0].revents;
}

/* ---- addresses: lower case and no resource ---- */

static hg_addr fake_intern(struct hg_core *c, struct hg_str s)
{
	char text[2100];
	size_t n = s.n < sizeof(text) - 1 ? s.n : sizeof(text) - 1;

	for (size_t i = 0; i < n; i++)
		text[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] | 0x20 : s.p[i]);
	text[n] = '\0';
	for (uint32_t i = 0; i < c->naddrs; i++) {
		if (!strcmp(c->addr[i], text))
			return i + 1;
	}
	if (c->naddrs == FAKE_ADDRS)
		abort();
	c->addr[c->naddrs++] = hg_str_dup(hg_str(text));
	return c->naddrs;
}

static const char *fake_name(struct hg_core *c, hg_addr a)
{
	return a ? c->addr[a - 1] : "?";
}

static int fake_addr_jid(struct hg_core *c, struct hg_str jid, hg_addr *ret,
	struct hg_str *ret_resource, const char **ret_reason)
{
	const char *slash = jid.n ? memchr(jid.p, '/', jid.n) : NULL;
	struct hg_str bare = slash ? (struct hg_str){ jid.p, (size_t)(slash - jid.p) } : jid;

	*ret_reason = "not a JID";
	if (!bare.n || bare.p[0] == '@' || memchr(bare.p, ' ', bare.n) ||
		memchr(bare.p, ':', bare.n))
		return -EINVAL;
	*ret_resource = slash ? (struct hg_str){ slash + 1, jid.n - bare.n - 1 } : HG_STR_NONE;
	*ret = fake_intern(c, bare);
	return 0;
}

static int fake_addr_sip(struct hg_core *c, struct hg_str uri, hg_addr *ret, struct hg_str *ret_gr,
	const char **ret_reason)
{
	*ret_gr = HG_STR_NONE;
	return fake_addr_jid(c, (struct hg_str){ uri.p + 4, uri.n - 4 }, ret, ret_gr, ret_reason);
}

static void fake_write_jid(struct hg_core *c, hg_addr a, struct hg_buf *b)
{
	hg_buf_adds(b, fake_name(c, a));
}

static hg_addr fake_addr_domain(struct hg_core *c, hg_addr a)
{
	const char *at = strchr(fake_name(c, a), '@');

	return at ? fake_intern(c, hg_str(at + 1)) : a;
}

static bool fake_is_home(struct hg_core *c, hg_addr a)
{
	return c->home && fake_addr_domain(c, a) == fake_intern(c, hg_str(c->home));
}

static hg_route fake_route_named(struct hg_core *c, const char *name)
{
	return 1;
}

/* ---- lanes, edges, faces ---- */

static hg_lane fake_lane_open(struct hg_core *c, const struct hg_lane_spec *spec)
{
	fake_say(c, "lane %s", fake_name(c, spec->domain[0]));
	return ++c->lanes;
}

static void fake_lane_up(struct hg_core *c, hg_lane lane, bool up)
{
	c->up = up;
	c->room = up ? c->room : 0;
	fake_say(c, "%s %u", up ? "up" : "down", lane);
}

static void fake_lane_room(struct hg_core *c, hg_lane lane, uint32_t n)
{
	c->room = n;
}

static void fake_lane_close(struct hg_core *c, hg_lane lane)
{
	fake_say(c, "closed %u", lane);
}

static void fake_edge(struct hg_core *c, hg_lane lane, const struct hg_pair *p, enum hg_edge e)
{
	static const char *const names[] = { "subscribe", "subscribed", "unsubscribe",
		"unsubscribed", "probe" };

	fake_say(c, "edge %s %.*s %.*s", names[e], HG_STR_ARG(p->wire_watcher),
		HG_STR_ARG(p->wire_presentity));
}

static void fake_face(struct hg_core *c, hg_lane lane, const struct hg_pair *p, struct hg_str name,
	struct hg_record *r)
{
	struct hg_buf b = { 0 };

	hg_buf_addf(&b, "face %.*s %.*s '%.*s'", HG_STR_ARG(p->wire_watcher),
		HG_STR_ARG(p->wire_presentity), HG_STR_ARG(name));
	for (uint32_t i = 0; r && i < r->n; i++)
		hg_buf_addf(&b, " %u%s%s=%.*s", r->value[i].field, r->value[i].lang[0] ? ":" : "",
			r->value[i].lang, HG_STR_ARG(r->value[i].text));
	if (!r)
		hg_buf_adds(&b, " gone");
	fake_say(c, "%s", b.p);
	hg_buf_done(&b);
	hg_record_unref(r);
}

/* "watcher presentity": from now on he is shown this; takes the card, and an empty one takes away. */
__attribute__((unused)) static void fake_show_card(
	struct hg_core *c, hg_addr watcher, hg_addr presentity, struct hg_card *take)
{
	size_t i = 0;

	while (i < c->ncards &&
		(c->card[i].watcher != watcher || c->card[i].presentity != presentity))
		i++;
	if (i == FAKE_CARDS)
		abort();
	if (i == c->ncards)
		c->ncards++;
	else
		hg_card_done(&c->card[i].card);
	c->card[i] = (struct fake_card){ watcher, presentity, *take };
	*take = (struct hg_card){ 0 };
}

/* Likewise, what he does; takes the record. */
__attribute__((unused)) static void fake_show_doing(
	struct hg_core *c, hg_addr watcher, hg_addr presentity, struct hg_record *take)
{
	size_t i = 0;

	while (i < c->ndoings &&
		(c->doing[i].watcher != watcher || c->doing[i].presentity != presentity))
		i++;
	if (i == FAKE_CARDS)
		abort();
	if (i == c->ndoings)
		c->ndoings++;
	else
		hg_record_unref(c->doing[i].does);
	c->doing[i] = (struct fake_doing){ watcher, presentity, take };
}

static bool fake_look_at_doing(
	struct hg_core *c, const struct hg_pair *p, hg_part part, struct hg_view *ret)
{
	for (size_t i = 0; i < c->ndoings; i++) {
		if (c->doing[i].watcher != p->watcher || c->doing[i].presentity != p->presentity)
			continue;
		c->looked = c->doing[i].does;
		*ret = (struct hg_view){ .part = part, .standing = HG_KNOWN };
		return true;
	}
	return false;
}

/* Of the view that was just made. */
static struct hg_record *fake_record(struct hg_core *c, const struct hg_vocabulary *v, hg_addr who,
	const struct hg_presence *presence)
{
	return hg_record_ref(c->looked);
}

static bool fake_look(struct hg_core *c, hg_lane lane, const struct hg_pair *p, hg_part part,
	struct hg_view *ret)
{
	static struct hg_pub pub;
	static const struct hg_pub *const all[] = { &pub };

	if (part == HG_PART_ASPECT)
		return fake_look_at_doing(c, p, part, ret);

	for (size_t i = 0; i < c->ncards; i++) {
		if (c->card[i].watcher != p->watcher || c->card[i].presentity != p->presentity)
			continue;
		pub = (struct hg_pub){ .key = { HG_CAT_CONTACT_CARD, HG_C_EXTERNAL, 0 },
			.live = true,
			.card = &c->card[i].card,
			.card_fields = hg_card_has(&c->card[i].card) };
		*ret = (struct hg_view){ .part = part, .standing = HG_KNOWN, .pub = all, .npubs = 1 };
		return true;
	}
	return false;
}

static void fake_show_again(struct hg_core *c, hg_lane lane, const struct hg_pair *p)
{
	fake_say(c, "again %s %s", fake_name(c, p->watcher), fake_name(c, p->presentity));
}

/* "aspect watcher presentity xmpp-mood mood=happy en'Happy'" */
static void fake_aspect(
	struct hg_core *c, hg_lane lane, const struct hg_pair *p, const struct hg_aspect *a)
{
	struct hg_buf b = { 0 };

	hg_buf_addf(&b, "aspect %.*s %.*s %s", HG_STR_ARG(p->wire_watcher),
		HG_STR_ARG(p->wire_presentity), a->vocabulary->name);
	for (uint32_t i = 0; a->said && i < a->said->n; i++)
		hg_buf_addf(&b, " %s%s%s=%.*s",
			a->vocabulary->field[a->said->value[i].field].name,
			a->said->value[i].lang[0] ? ":" : "", a->said->value[i].lang,
			HG_STR_ARG(a->said->value[i].text));
	if (!a->said)
		hg_buf_adds(&b, " none");
	for (size_t i = 0; i < a->nwords; i++)
		hg_buf_addf(&b, " %s'%.*s'", a->words[i].lang, HG_STR_ARG(a->words[i].text));
	fake_say(c, "%s", b.p);
	hg_buf_done(&b);
	hg_record_unref(a->said);
}

static void fake_error(struct hg_core *c, hg_lane lane, const struct hg_pair *p,
	const struct hg_xmpp_error *e, hg_addr instead)
{
	fake_say(c, "error %.*s %.*s %s %s %s", HG_STR_ARG(p->wire_watcher),
		HG_STR_ARG(p->wire_presentity), hg_condition_name(e->condition),
		hg_error_type_name(e->type), instead ? fake_name(c, instead) : "-");
}

/* Whoever "dave" is on any server, he is alice@corp.example here, or who was ordered; "-": nobody. */
static hg_addr fake_linked_to(struct hg_core *c, hg_addr account)
{
	const char *whose = c->whose ? c->whose : "alice@corp.example";

	return hg_str_starts(hg_str(fake_name(c, account)), HG_STR("dave@")) && *whose != '-'
		? fake_intern(c, hg_str(whose))
		: 0;
}

static size_t fake_accounts(struct hg_core *c, hg_addr person, hg_addr *ret, size_t cap)
{
	ret[0] = fake_intern(c, HG_STR("dave@xmpp.example"));
	ret[1] = fake_intern(c, HG_STR("dave@other.example"));
	return 2;
}

/* Of everybody the card that was ordered, and that he is busy. */
static bool fake_shown(struct hg_core *c, hg_addr watcher, hg_addr person, hg_part part,
	struct hg_view *ret)
{
	struct hg_pair pair = { .watcher = watcher, .presentity = person };

	if (!fake_look(c, 1, &pair, part, ret))
		*ret = (struct hg_view){ .part = part };
	ret->person.availability = 6500;
	return true;
}

/* ---- requests: whom is blocked, and what is to be remembered of an account ---- */

static int fake_blocked_at(const struct hg_core *c, hg_addr who)
{
	for (size_t i = 0; i < c->blocking.n; i++)
		if (c->blocked[i].addr == who)
			return (int)i;
	return -1;
}

__attribute__((unused)) static void fake_block(struct hg_core *c, hg_addr who, bool remove)
{
	int at = fake_blocked_at(c, who);

	c->blocking.member = c->blocked;
	c->blocking.id = HG_C_BLOCKED;
	c->blocking.version++;
	if (remove && at >= 0)
		c->blocked[at] = c->blocked[--c->blocking.n];
	else if (!remove && at < 0)
		c->blocked[c->blocking.n++] =
			(struct hg_member){ .type = HG_MEMBER_USER, .addr = who };
}

/* "request members 3 +eve@else.example -carol@corp.example", "request memo dave@xmpp.example =eve@else.example" */
static void fake_request(struct hg_core *c, const struct hg_principal *by,
	const struct hg_request *r, uint64_t cookie)
{
	struct hg_buf b = { 0 };

	for (size_t i = 0; i < r->nmembers; i++)
		hg_buf_addf(&b, " %c%s", r->member[i].remove ? '-' : '+',
			fake_name(c, r->member[i].member.addr));
	c->cookie = cookie;
	free(c->asked);
	c->asked = r->kind == HG_REQ_MEMO ? hg_str_dup(r->memo) : NULL;
	if (c->asked)
		hg_buf_add(&b, r->memo);
	for (size_t i = 0; i < b.n; i++)
		b.p[i] = b.p[i] == '\n' ? ' ' : b.p[i];
	fake_say(c, "request %s %s %s%s", c->asked ? "memo" : "members",
		fake_name(c, r->target), c->asked ? fake_name(c, r->watched) : "",
		b.p ? b.p : "");
	hg_buf_done(&b);
}

static struct hg_str fake_memo(struct hg_core *c, hg_addr account)
{
	return hg_str(c->memo);
}

static void fake_write_sip(struct hg_core *c, hg_addr a, struct hg_buf *b)
{
	hg_buf_addf(b, "sip:%s", fake_name(c, a));
}

/* carol, whom she calls so, at work; romeo; her own account; and somebody who is not there any more. */
static bool fake_own(struct hg_core *c, hg_addr person, struct hg_self *ret)
{
	static struct hg_group group[2];
	static struct hg_contact contact[4];
	static const char *const who[] = { "carol@corp.example", "romeo@xmpp.example",
		"dave@xmpp.example", "gone@xmpp.example" };

	if (!group[0].name) {
		group[0] = (struct hg_group){ .id = 1, .name = hg_bytes_new(HG_STR("~")) };
		group[1] = (struct hg_group){ .id = 2, .name = hg_bytes_new(HG_STR("Work")) };
		contact[0].name = hg_bytes_new(HG_STR("Carol <&>"));
		for (int i = 0; i < 4; i++)
			contact[i].groups = hg_bytes_new(i ? HG_STR("1") : HG_STR("1 2"));
		contact[3].gone = true;
	}
	for (int i = 0; i < 4; i++)
		contact[i].addr = fake_intern(c, hg_str(who[i]));
	*ret = (struct hg_self){ .contact = contact,
		.ncontacts = 4,
		.group = group,
		.ngroups = 2,
		.container = &c->blocking,
		.ncontainers = 1 };
	return true;
}

static struct hg_totals fake_totals(struct hg_core *c)
{
	return (struct hg_totals){ 12, 5 };
}

static int fake_reload(struct hg_core *c)
{
	fake_say(c, "reload");
	return c->faulty ? -EINVAL : 0;
}

static void fake_stopped(struct hg_core *c, void *self)
{
	c->stopped = true;
	fake_say(c, "stopped");
}

static void fake_count(struct hg_core *c, const char *counter, uint64_t by)
{
	c->counted += by;
	fake_say(c, "count %s %lu", counter, (unsigned long)by);
}

static const struct hg_host fake_host = {
	.abi = HG_ABI,
	.size = sizeof(struct hg_host),
	.now = fake_now,
	.timer_new = fake_timer_new,
	.timer_set = fake_timer_set,
	.timer_free = fake_timer_free,
	.poll_new = fake_poll_new,
	.poll_set = fake_poll_set,
	.poll_free = fake_poll_free,
	.on_turn_end = fake_on_turn_end,
	.random = fake_random,
	.queue_work = fake_queue_work,
	.addr_sip = fake_addr_sip,
	.addr_jid = fake_addr_jid,
	.write_sip = fake_write_sip,
	.write_jid = fake_write_jid,
	.addr_domain = fake_addr_domain,
	.is_home = fake_is_home,
	.route_named = fake_route_named,
	.lane_open = fake_lane_open,
	.lane_up = fake_lane_up,
	.lane_room = fake_lane_room,
	.lane_close = fake_lane_close,
	.request = fake_request,
	.edge = fake_edge,
	.face = fake_face,
	.error = fake_error,
	.look = fake_look,
	.record = fake_record,
	.show_again = fake_show_again,
	.aspect = fake_aspect,
	.linked_to = fake_linked_to,
	.accounts = fake_accounts,
	.shown = fake_shown,
	.own = fake_own,
	.totals = fake_totals,
	.reload = fake_reload,
	.stopped = fake_stopped,
	.count = fake_count,
	.memo = fake_memo,
};

static void fake_done(struct hg_core *c)
{
	fake_sweep(c);
	for (uint32_t i = 0; i < c->naddrs; i++)
		free(c->addr[i]);
	c->naddrs = 0;
	free(c->memo);
	free(c->asked);
	free(c->whose);
	c->memo = c->asked = c->whose = NULL;
	c->cookie = 0;
	c->blocking.n = 0;
	for (size_t i = 0; i < c->ncards; i++)
		hg_card_done(&c->card[i].card);
	c->ncards = 0;
	for (size_t i = 0; i < c->ndoings; i++)
		hg_record_unref(c->doing[i].does);
	c->ndoings = 0;
}

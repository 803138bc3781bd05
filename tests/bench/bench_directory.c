/* SPDX-License-Identifier: Apache-2.0 */
/* How long a search of the directory holds up everybody else: 100,000 users with records, in the core as it is. */
#include "tests/unit/mirror_card.h"

#include <time.h>

enum { USERS = 100000, TIMES = 20 };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void load(struct rig *r, hg_addr addr, enum hg_card_field field, const char *value)
{
	struct hg_fact f = { HG_FACT_CARD, .owner = hg_intern_text(r->ids, addr),
		.name = hg_str(hg_card_field_name(field)), .value = hg_str(value), .number = { 1 },
		.time = 1 };

	hg_core_load(r->core, &f);
}

static void load_user(struct rig *r, int i)
{
	char text[64];
	hg_addr addr;

	snprintf(text, sizeof(text), "user%06d@h", i);
	addr = rig_addr(r, text);
	hg_core_load(
		r->core, &(struct hg_fact){ HG_FACT_USER, .owner = hg_intern_text(r->ids, addr) });
	snprintf(text, sizeof(text), "First%d Last%d", i % 1000, i / 1000);
	load(r, addr, HG_CARD_DISPLAY_NAME, text);
	snprintf(text, sizeof(text), "first.last%d@h.example", i);
	load(r, addr, HG_CARD_MAIL, text);
	load(r, addr, HG_CARD_TITLE, "Writer of Documentation");
	load(r, addr, HG_CARD_COMPANY, "Contoso Incorporated");
	load(r, addr, HG_CARD_CITY, "Friedrichshafen");
}

static void search(struct client *c, const char *what, const struct hg_search_term *term, size_t n)
{
	struct hg_search s = { term, n, 100 };
	double most = 0, all = 0;

	for (int i = 0; i < TIMES; i++) {
		double start = now_ms(), took;

		rig_request(c, &(struct hg_request){ .kind = HG_REQ_SEARCH, .search = &s });
		rig_turn(c->rig);
		took = now_ms() - start;
		most = took > most ? took : most;
		all += took;
		if (!strstr(c->rig->log.p, " ok"))
			printf("refused: %s", c->rig->log.p);
		hg_buf_reset(&c->rig->log);
	}
	printf("%-44s %6.2f ms, at most %6.2f ms\n", what, all / TIMES, most);
}

int main(void)
{
	static const struct hg_search_term one[] = { { HG_SEARCH_ADDRESS, HG_STR("user099999") } },
					   none[] = { { HG_CARD_DISPLAY_NAME, HG_STR("nobody") } },
					   many[] = { { HG_CARD_DISPLAY_NAME, HG_STR("f") } },
					   two[] = { { HG_CARD_DISPLAY_NAME, HG_STR("first") },
						   { HG_CARD_DISPLAY_NAME, HG_STR("zz") } };
	struct rig *r = rig_new();
	struct client carol;
	double start;

	r->env.policy.limits.users = USERS + 1;
	rig_again(r);
	for (int i = 0; i < USERS; i++)
		load_user(r, i);
	start = now_ms();
	rig_turn(r);
	printf("%d users, listed once in %.0f ms\n", USERS, now_ms() - start);
	carol = rig_sign_on(r, "carol@h", "desk");
	search(&carol, "one, by the end of the list", one, 1);
	search(&carol, "nobody", none, 1);
	search(&carol, "more than are shown", many, 1);
	search(&carol, "all fit the one term, nobody the other", two, 2);
	rig_free(r);
	return 0;
}

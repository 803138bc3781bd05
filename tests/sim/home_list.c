/* SPDX-License-Identifier: Apache-2.0 */
/* What a client learns of its owner's contact list: whole, or what came after the number that it knows. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

/* "1%204": a bit each. */
static uint64_t read_groups(const char *text)
{
	uint64_t mask = 0;
	unsigned id;
	int used;

	while (sscanf(text, "%u%n", &id, &used) == 1) {
		mask |= UINT64_C(1) << (id % 64);
		text += used;
		if (strncmp(text, "%20", 3) == 0)
			text += 3;
	}
	return mask;
}

static void learn_contact(struct sim *s, struct client *c, const char *line)
{
	char who[TEXT], name[TEXT], groups[TEXT];
	struct model_contact k = { 0 };
	unsigned subscribed;
	int i;

	if (sscanf(line, "contact %63s %u %63s %63s", who, &subscribed, name, groups) == 4) {
		k = (struct model_contact){ true, subscribed, "", read_groups(groups) };
		memcpy(k.name, name, sizeof(k.name));
	} else if (sscanf(line, "uncontact %63s", who) != 1) {
		return;
	}
	i = sim_person(s, hg_str(who));
	if (i >= 0)
		c->contact[i] = k;
}

static void learn_group(struct client *c, const char *line)
{
	char name[TEXT];
	unsigned id;

	if (sscanf(line, "group %u %63s", &id, name) == 2 && id < GROUPS)
		memcpy(c->group[id], name, sizeof(name));
	else if (sscanf(line, "ungroup %u", &id) == 1 && id < GROUPS)
		c->group[id][0] = '\0';
}

void home_learn_list(struct sim *s, struct client *c, const char *text)
{
	unsigned since, delta;

	if (sscanf(text, "list %u %u", &since, &delta) != 2)
		return;
	if (!since) {
		memset(c->contact, 0, sizeof(c->contact));
		memset(c->group, 0, sizeof(c->group));
	}
	c->delta = delta;
	for (const char *line = text; line && *line;
		line = strchr(line, '\n'), line += line != NULL) {
		learn_contact(s, c, line);
		learn_group(c, line);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/manifest.h"

#include "bridge/documents/write.h"
#include "bridge/documents/xml.h"

#include <stdlib.h>

/* The oldest client that knows the format: the one that it came with. */
#define SINCE " minSupportedClientVersion=\"2.0.0.0\">"

/* ---- what the rules come to ---- */

struct place {
	hg_part category;
	uint16_t container;
	enum hg_grammar_transform transform;
};

struct places {
	struct place *place;
	size_t n, cap;
};

/* The enumeration goes from what says most to what says least. */
static void add_place(struct places *p, const struct hg_grammar_rule *rule, uint16_t container)
{
	for (size_t i = 0; i < p->n; i++) {
		struct place *there = &p->place[i];

		if (there->category != rule->category || there->container != container)
			continue;
		if (there->transform < rule->transform)
			there->transform = rule->transform;
		return;
	}
	hg_grow(&p->place, &p->cap, p->n, sizeof(*p->place));
	p->place[p->n++] = (struct place){ rule->category, container, rule->transform };
}

static int compare(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	return a->category != b->category ? (int)a->category - (int)b->category
					  : (int)a->container - (int)b->container;
}

/* By category and container. */
static struct places places_of(const struct hg_grammar_rule *rule, size_t n)
{
	struct places p = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (!(rule[i].sources & ~(1u << HG_SOURCE_REMOTE)))
			continue;
		for (size_t c = 0; c < rule[i].ncontainers; c++)
			add_place(&p, &rule[i], rule[i].container[c]);
	}
	if (p.n)
		qsort(p.place, p.n, sizeof(*p.place), compare);
	return p;
}

/* ---- containers (EP 3.5) ---- */

static const uint16_t well_known[] = { HG_C_DEFAULT, HG_C_EXTERNAL, HG_C_COLLEAGUES, HG_C_WORKGROUP,
	HG_C_FRIENDS, HG_C_BLOCKED };
enum { WELL_KNOWN = sizeof(well_known) / sizeof(well_known[0]) };

/* Only the well-known ones have a name in a client, to be chosen by. */
static bool is_visible(uint16_t container)
{
	for (size_t i = 1; i < WELL_KNOWN; i++)
		if (well_known[i] == container)
			return true;
	return false;
}

static void write_flag(struct hg_buf *out, const char *name, bool on)
{
	hg_buf_addf(out, "<%s>%s</%s>", name, on ? "true" : "false", name);
}

static void write_container(struct hg_buf *out, uint16_t container)
{
	bool blocked = container == HG_C_BLOCKED, visible = is_visible(container);

	hg_buf_adds(out, "<container");
	hg_write_number_attr(out, "id", container);
	hg_buf_addc(out, '>');
	write_flag(out, "visible", visible);
	write_flag(out, "avoidRedundantMembers", visible && !blocked);
	if (blocked)
		write_flag(out, "blocked", true);
	hg_buf_adds(out, "</container>");
}

/* In the order of their numbers, each once; the owner's own and those for aggregation hold no watchers. */
static void write_containers(struct hg_buf *out, const struct places *p)
{
	hg_buf_adds(out, "<containers>");
	for (uint32_t next = 0; next <= HG_C_MAX; next++) {
		uint32_t found = HG_C_MAX + 1;

		for (size_t i = 0; i < WELL_KNOWN; i++)
			if (well_known[i] >= next && well_known[i] < found)
				found = well_known[i];
		for (size_t i = 0; i < p->n; i++) {
			uint16_t c = p->place[i].container;

			if (c >= next && c < found && c > HG_C_AGGREGATION_URGENT)
				found = c;
		}
		if (found <= HG_C_MAX)
			write_container(out, (uint16_t)found);
		next = found;
	}
	hg_buf_adds(out, "</containers>");
}

/* ---- who belongs where ---- */

#define DELIMITER "<delimiter xmlns=\"" HG_NS_COMMON "\"/>"
#define END "<end xmlns=\"" HG_NS_COMMON "\"/>"

struct role {
	const char *kind, *name; /* role="buddy", type="federated" */
	uint16_t usual;          /* its container; 0 none */
	bool only;               /* and no other */
	const char *networks;    /* of a role: where he comes from; NULL anywhere */
};

/* Where the core has them too, unless their owner says otherwise. */
static const struct role roles[] = {
	{ "role", "buddy", HG_C_EXTERNAL, false,
		"<sourceNetwork type=\"publicCloud\"/><sourceNetwork type=\"federated\"/>" },
	{ "role", "buddy", HG_C_COLLEAGUES, false, "<sourceNetwork type=\"sameEnterprise\"/>" },
	{ "type", "sameEnterprise", HG_C_COLLEAGUES, false, NULL },
	{ "type", "federated", HG_C_EXTERNAL, false, NULL },
	{ "type", "publicCloud", 0, false, NULL },
	{ "role", "delegate", HG_C_WORKGROUP, true, NULL },
};

static void write_id(struct hg_buf *out, const char *element, uint16_t container)
{
	hg_buf_addf(out, "<%s", element);
	hg_write_number_attr(out, "id", container);
	hg_buf_adds(out, "/>");
}

static void write_role(struct hg_buf *out, const struct role *r)
{
	hg_buf_adds(out, "<member");
	hg_write_attr(out, r->kind, hg_str(r->name));
	hg_buf_addc(out, '>');
	if (r->only) {
		hg_buf_adds(out, "<allowedContainers type=\"custom\">");
		write_id(out, "container", r->usual);
		hg_buf_adds(out, "</allowedContainers>");
	} else {
		hg_buf_adds(out, "<allowedContainers type=\"visibleContainers\"/>");
	}
	if (r->usual)
		write_id(out, "defaultContainer", r->usual);
	hg_buf_adds(out, "<occurrenceConstraint");
	hg_write_attr(out, "type", hg_str(r->usual ? "one" : "zeroOrOne"));
	hg_buf_adds(out, "/>");
	if (r->networks || r->only) {
		hg_buf_adds(out, DELIMITER);
		if (r->networks)
			hg_buf_addf(out, "<sourceNetworks>%s</sourceNetworks>", r->networks);
		hg_buf_adds(out,
			"<resolutionRules><resolutionRule type=\"moveToDefaultContainer\"/>"
			"</resolutionRules>" END);
	}
	hg_buf_adds(out, "</member>");
}

/* ---- what does not get through to the owner ---- */

static void write_block(
	struct hg_buf *out, const char *type, uint16_t container, const char *network)
{
	hg_buf_adds(out, "<blockRule");
	hg_write_attr(out, "type", hg_str(type));
	hg_buf_adds(out, "><containers type=\"custom\">");
	write_id(out, "container", container);
	hg_buf_adds(out, "</containers>");
	if (network) {
		hg_buf_adds(out, "<sourceNetworks><sourceNetwork");
		hg_write_attr(out, "type", hg_str(network));
		hg_buf_adds(out, "/></sourceNetworks>");
	}
	hg_buf_adds(out, "</blockRule>");
}

static void write_blocks(struct hg_buf *out)
{
	hg_buf_adds(out, "<blockRules>");
	write_block(out, "invites", HG_C_DEFAULT, "publicCloud");
	/* while he does not want to be disturbed */
	hg_buf_adds(out,
		"<blockRule type=\"invites\"><maxAvailability>11999</maxAvailability>"
		"<minAvailability>9000</minAvailability></blockRule>");
	write_block(out, "invites", HG_C_BLOCKED, NULL);
	write_block(out, "subscriberPrompt", HG_C_BLOCKED, NULL);
	hg_buf_adds(out, "</blockRules>");
}

void hg_container_manifest_write(struct hg_buf *out, const struct hg_grammar_rule *rule, size_t n)
{
	struct places p = places_of(rule, n);

	hg_buf_adds(out,
		"<containerManifestList xmlns=\"" HG_NS_CONTAINER_MANIFEST "\"" SINCE
		"<containerManifest>");
	write_containers(out, &p);
	hg_buf_adds(out, "<members>");
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		write_role(out, &roles[i]);
	hg_buf_adds(out, "</members>" DELIMITER);
	write_blocks(out);
	hg_buf_adds(out,
		"<rolePrecedence><rolePrecedenceEntry type=\"delegate\"/>"
		"<rolePrecedenceEntry type=\"buddy\"/></rolePrecedence>" END
		"</containerManifest></containerManifestList>");
	free(p.place);
}

/* ---- categories (EP 4.7.3) ---- */

#define STYLESHEET(name, ns) \
	"<xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\"" \
	" xmlns:in=\"" ns "\" xmlns:xsi=\"" HG_NS_XSI "\" exclude-result-prefixes=\"in xsi\">" \
	"<xsl:output method=\"xml\" encoding=\"utf-8\"/>" \
	"<xsl:template match=\"/\"><xsl:apply-templates select=\"//in:" name "\"/></xsl:template>"

static const char *const stylesheet[] = {
	[HG_TRANSFORM_COPY] = NULL,
	/* the element, and nothing in it */
	[HG_TRANSFORM_EMPTY] = STYLESHEET("note",
		HG_NS_NOTE) "<xsl:template match=\"in:note\"><xsl:copy/></xsl:template></xsl:stylesheet>",
	/* as hg_aggregate_urgent does it, EP 2.9 */
	[HG_TRANSFORM_URGENT] = STYLESHEET("state",
		HG_NS_STATE) "<xsl:template match=\"in:state\"><xsl:copy-of select=\".\"/></xsl:template>"
			     "<xsl:template match=\"in:state[@xsi:type='userState' and @manual='true'"
			     " and in:availability &gt;= 9000 and in:availability &lt; 12000]\">"
			     "<xsl:copy><xsl:copy-of select=\"@*\"/>"
			     "<availability xmlns=\"" HG_NS_STATE "\">6900</availability>"
			     "<activity xmlns=\"" HG_NS_STATE
			     "\" token=\"urgent-interruptions-only\""
			     " minAvailability=\"6900\" maxAvailability=\"8999\"/>"
			     "<xsl:copy-of select=\"*[not(self::in:availability or self::in:activity)]\"/>"
			     "</xsl:copy></xsl:template></xsl:stylesheet>",
};

/* Of what a category says, the owner's own client should read the copy that says most: the one that his state is computed
 * from, else the one for those closest to him. */
static const struct place *preferred(const struct places *p, hg_part category)
{
	const struct place *best = NULL;

	for (size_t i = 0; i < p->n; i++) {
		const struct place *x = &p->place[i];

		if (x->category != category || x->transform != HG_TRANSFORM_COPY ||
			x->container == HG_C_BLOCKED)
			continue;
		if (x->container == HG_C_AGGREGATION)
			return x;
		best = x;
	}
	return best;
}

static void write_rule(struct hg_buf *out, const struct places *p, const struct place *x)
{
	hg_buf_adds(out, "<publicationRule ruleType=\"transformation\"");
	hg_write_attr(out, "categoryName", hg_str(hg_category_name(x->category)));
	hg_write_number_attr(out, "containerId", x->container);
	if (x == preferred(p, x->category))
		hg_buf_adds(out, " preferredSelfConsumption=\"true\"");
	if (x->transform == HG_TRANSFORM_COPY) {
		hg_buf_adds(out, "/>");
		return;
	}
	hg_buf_adds(out, "><categoryData>");
	hg_buf_adds(out, stylesheet[x->transform]);
	hg_buf_adds(out, "</categoryData></publicationRule>");
}

void hg_category_manifest_write(struct hg_buf *out, const struct hg_grammar_rule *rule, size_t n)
{
	struct places p = places_of(rule, n);

	hg_buf_adds(out,
		"<categoryPublicationManifest xmlns=\"" HG_NS_CATEGORY_MANIFEST "\"" SINCE
		"<publicationList>");
	for (size_t i = 0; i < p.n; i++)
		write_rule(out, &p, &p.place[i]);
	hg_buf_adds(out, "</publicationList></categoryPublicationManifest>");
	free(p.place);
}

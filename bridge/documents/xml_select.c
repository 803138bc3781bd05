/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/xml_select.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct name {
	bool any;
	struct hg_str local;
	const char *ns; /* NULL none */
};

enum predicate_kind { POSITION, ATTRIBUTE, CHILD, SELF };

struct predicate {
	enum predicate_kind kind;
	uint32_t position;
	struct name name;
	struct hg_str value;
};

struct step {
	struct name name;
	struct predicate predicate[HG_SELECTOR_PREDICATES_MAX];
	size_t npredicates;
};

struct selector {
	struct step step[HG_SELECTOR_STEPS_MAX];
	size_t nsteps;
	bool text, attribute; /* of what the last step is */
	struct name last;
};

/* ---- reading ---- */

bool hg_xml_resolve(const xmlNode *op, struct hg_str qname, bool element, struct hg_str *ret_local,
	const char **ret_ns)
{
	const char *colon = qname.n ? memchr(qname.p, ':', qname.n) : NULL;
	size_t prefix = colon ? (size_t)(colon - qname.p) : 0;
	xmlChar name[64];

	*ret_ns = NULL;
	*ret_local = qname;
	if (!colon && !element)
		return qname.n > 0;
	if (prefix >= sizeof(name))
		return false;
	if (colon)
		*ret_local = (struct hg_str){ colon + 1, qname.n - prefix - 1 };
	memcpy(name, qname.p, prefix);
	name[prefix] = '\0';
	const xmlNs *ns = xmlSearchNs(op->doc, (xmlNode *)op, colon ? name : NULL);
	*ret_ns = ns ? (const char *)ns->href : NULL;
	return ret_local->n && (ns || !colon);
}

static bool take_char(struct hg_str *s, char c)
{
	if (!s->n || s->p[0] != c)
		return false;
	s->p++;
	s->n--;
	return true;
}

/* What can be in a name; what is none finds nothing. */
static struct hg_str take_word(struct hg_str *s)
{
	size_t n = 0;

	while (n < s->n && !strchr("/[]@=*'\" ()", s->p[n]))
		n++;
	struct hg_str word = { s->p, n };
	s->p += n;
	s->n -= n;
	return word;
}

static bool take_name(struct hg_str *s, const xmlNode *op, bool element, struct name *ret)
{
	*ret = (struct name){ .any = element && take_char(s, '*') };
	return ret->any || hg_xml_resolve(op, take_word(s), element, &ret->local, &ret->ns);
}

static bool take_quoted(struct hg_str *s, struct hg_str *ret)
{
	char quote = s->n ? s->p[0] : '\0';

	if (quote != '"' && quote != '\'')
		return false;
	const char *end = memchr(s->p + 1, quote, s->n - 1);
	if (!end)
		return false;
	*ret = (struct hg_str){ s->p + 1, (size_t)(end - s->p) - 1 };
	s->n -= ret->n + 2;
	s->p = end + 1;
	return true;
}

static bool take_value(struct hg_str *s, const xmlNode *op, struct predicate *p)
{
	if (take_char(s, '@'))
		p->kind = ATTRIBUTE;
	else
		p->kind = take_char(s, '.') ? SELF : CHILD;
	if (p->kind != SELF && !take_name(s, op, p->kind == CHILD, &p->name))
		return false;
	return !p->name.any && take_char(s, '=') && take_quoted(s, &p->value);
}

static bool take_predicate(struct hg_str *s, const xmlNode *op, struct predicate *p)
{
	if (s->n && s->p[0] >= '0' && s->p[0] <= '9') {
		if (!hg_str_u32(take_word(s), &p->position))
			return false;
	} else if (!take_value(s, op, p)) {
		return false;
	}
	return take_char(s, ']');
}

static bool take_step(struct hg_str *s, const xmlNode *op, struct selector *sel)
{
	struct step *step = &sel->step[sel->nsteps++];

	if (!take_name(s, op, true, &step->name))
		return false;
	while (take_char(s, '[')) {
		if (step->npredicates == HG_SELECTOR_PREDICATES_MAX ||
			!take_predicate(s, op, &step->predicate[step->npredicates++]))
			return false;
	}
	return true;
}

static bool read_selector(struct hg_str s, const xmlNode *op, struct selector *sel)
{
	if (s.n > HG_SELECTOR_MAX)
		return false;
	take_char(&s, '/');
	do {
		sel->text = hg_str_is(s, "text()");
		sel->attribute = !sel->text && take_char(&s, '@');
		if (sel->text)
			return sel->nsteps > 0;
		if (sel->attribute)
			return sel->nsteps && take_name(&s, op, false, &sel->last) && !s.n;
		if (sel->nsteps == HG_SELECTOR_STEPS_MAX || !take_step(&s, op, sel))
			return false;
	} while (take_char(&s, '/'));
	return !s.n;
}

/* ---- finding ---- */

static bool is_ns(const xmlNs *ns, const char *href)
{
	return ns && href ? strcmp((const char *)ns->href, href) == 0 : !ns && !href;
}

static bool is_named(const xmlNode *node, const struct name *name)
{
	return name->any ||
		(hg_str_is(name->local, (const char *)node->name) && is_ns(node->ns, name->ns));
}

static bool says(const xmlNode *node, struct hg_str value)
{
	xmlChar *text = xmlNodeGetContent(node);
	bool same = hg_str_is(value, text ? (const char *)text : "");

	xmlFree(text);
	return same;
}

static xmlAttr *find_attr(const xmlNode *node, const struct name *name)
{
	for (xmlAttr *a = node->properties; a; a = a->next) {
		if (hg_str_is(name->local, (const char *)a->name) && is_ns(a->ns, name->ns))
			return a;
	}
	return NULL;
}

static bool holds(const xmlNode *node, const struct predicate *p)
{
	if (p->kind == ATTRIBUTE) {
		const xmlAttr *attr = find_attr(node, &p->name);

		return attr && says((const xmlNode *)attr, p->value);
	}
	if (p->kind == SELF)
		return says(node, p->value);
	for (const xmlNode *n = hg_xml_element(node); n; n = hg_xml_element_after(n)) {
		if (is_named(n, &p->name) && says(n, p->value))
			return true;
	}
	return false;
}

/* `count`: of those that came to each predicate among their siblings. */
static bool passes(const xmlNode *node, const struct step *step, uint32_t *count)
{
	for (size_t i = 0; i < step->npredicates; i++) {
		const struct predicate *p = &step->predicate[i];

		if (p->kind == POSITION ? ++count[i] != p->position : !holds(node, p))
			return false;
	}
	return true;
}

struct search {
	const struct selector *sel;
	struct hg_selected found;
	size_t n;
};

static void found(struct search *search, xmlNode *node, xmlAttr *attr)
{
	search->found = (struct hg_selected){ node, attr };
	search->n++;
}

static void finish(struct search *search, xmlNode *node)
{
	if (search->sel->attribute) {
		xmlAttr *attr = find_attr(node, &search->sel->last);

		if (attr)
			found(search, node, attr);
		return;
	}
	if (!search->sel->text) {
		found(search, node, NULL);
		return;
	}
	for (xmlNode *n = node->children; n; n = n->next) {
		if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
			found(search, n, NULL);
	}
}

/* Deeper than a selector is long it does not go. */
static void descend(struct search *search, xmlNode *node, size_t at)
{
	const struct step *step = &search->sel->step[at];
	uint32_t count[HG_SELECTOR_PREDICATES_MAX] = { 0 };

	if (at == search->sel->nsteps) {
		finish(search, node);
		return;
	}
	for (xmlNode *n = hg_xml_element(node); n && search->n < 2; n = hg_xml_element_after(n)) {
		if (is_named(n, &step->name) && passes(n, step, count))
			descend(search, n, at + 1);
	}
}

int hg_xml_select(xmlNode *root, const xmlNode *op, struct hg_selected *ret, struct hg_doc_err *err)
{
	struct selector sel = { 0 };
	struct search search = { .sel = &sel };
	char *text;
	int rc = hg_xml_need_attr(op, "sel", HG_SELECTOR_MAX, &text, err);

	if (!rc && (!read_selector(hg_str_trim(hg_str(text)), op, &sel) || sel.step[0].npredicates))
		rc = hg_doc_fail_at(err, -EINVAL, op, "selector '%.60s' is not understood", text);
	if (!rc) {
		descend(&search, root, 1);
		if (search.n != 1)
			rc = hg_doc_fail_at(err, -EINVAL, op, "selector '%.60s' finds %s", text,
				search.n ? "more than one" : "nothing");
	}
	*ret = search.found;
	free(text);
	return rc;
}

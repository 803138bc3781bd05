/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/store/kinds.h"

#define TEXT(column, field) \
	{ \
		column, HG_COLUMN_TEXT, false, offsetof(struct hg_fact, field) \
	}
#define TEXT_KEY(column, field) \
	{ \
		column, HG_COLUMN_TEXT, true, offsetof(struct hg_fact, field) \
	}
#define U32(column, i) \
	{ \
		column, HG_COLUMN_U32, false, offsetof(struct hg_fact, number[i]) \
	}
#define U32_KEY(column, i) \
	{ \
		column, HG_COLUMN_U32, true, offsetof(struct hg_fact, number[i]) \
	}
#define TIME(column, field) \
	{ \
		column, HG_COLUMN_TIME, false, offsetof(struct hg_fact, field) \
	}

/*
 * There are no foreign keys to "user": the owner of a watch may be a person of another network, and
 * the order of the facts in a commit is the core's business. What belongs to a user goes with him
 * by HG_VERB_PURGE.
 */
const struct hg_kind hg_kinds[HG_FACT_KINDS] = {
	[HG_FACT_USER] = { "user", { { 0 } } },
	[HG_FACT_PUBLICATION] = { "publication",
		{ TEXT_KEY("category", name), U32_KEY("container", 0), U32_KEY("instance", 1),
			U32("version", 2), TIME("published", time), TEXT("payload", value) } },
	[HG_FACT_CONTAINER] = { "container", { U32_KEY("id", 0), U32("version", 1) } },
	[HG_FACT_MEMBER] = { "member",
		{ U32_KEY("container", 0), U32_KEY("type", 1), TEXT_KEY("value", name) } },
	[HG_FACT_LIST] = { "list", { U32("delta", 0) } },
	[HG_FACT_GROUP] = { "contact_group",
		{ U32_KEY("id", 0), TEXT("name", value), TEXT("external", extra) } },
	[HG_FACT_CONTACT] = { "contact",
		{ TEXT_KEY("address", name), TEXT("uri", value), TEXT("name", extra),
			TEXT("external", more), TEXT("groups", groups), U32("subscribed", 0) } },
	[HG_FACT_WATCH] = { "watch",
		{ TEXT_KEY("presentity", name), U32("half_out", 0), U32("half_in", 1), U32("prompt", 2),
			TEXT("wire_watcher", value), TEXT("wire_presentity", extra) } },
	[HG_FACT_LINK] = { "link", { TEXT_KEY("address", name), TEXT("memo", value) } },
	[HG_FACT_CARD] = { "card",
		{ TEXT_KEY("field", name), TEXT("value", value), U32("version", 0),
			TIME("said", time) } },
	[HG_FACT_DELEGATES] = { "delegates", { U32("version", 0) } },
	[HG_FACT_DELEGATE] = { "delegate",
		{ TEXT_KEY("address", name), U32("publish", 0), U32("redelegate", 1) } },
	[HG_FACT_ENDPOINT] = { "endpoint", { TEXT_KEY("instance", name), TIME("until", until) } },
	[HG_FACT_SOFT] = { "soft",
		{ TEXT_KEY("category", name), U32_KEY("container", 0), U32_KEY("instance", 1),
			U32("version", 2), TEXT("payload", value), TEXT("endpoint", extra),
			TEXT("expiry", more), TIME("published", time), TIME("until", until) } },
	[HG_FACT_KEPT] = { "kept",
		{ TEXT_KEY("name", name), TEXT("value", value), TIME("until", until) } },
};

enum how { NAMES, MARKS, TESTS };

static void write_column(const char *name, enum how how, struct hg_buf *b)
{
	static const char *const behind[] = { [NAMES] = "", [TESTS] = " = ?" };

	if (how == MARKS)
		hg_buf_addc(b, '?');
	else /* quoted: some are words of SQL */
		hg_buf_addf(b, "\"%s\"%s", name, behind[how]);
}

static void write_columns(const struct hg_kind *kind, bool keys_only, enum how how,
	const char *between, struct hg_buf *b)
{
	write_column("owner", how, b);
	for (const struct hg_column *c = kind->column; c->name; c++) {
		if (keys_only && !c->key)
			continue;
		hg_buf_adds(b, between);
		write_column(c->name, how, b);
	}
}

static void write_create(const struct hg_kind *kind, struct hg_buf *b)
{
	hg_buf_addf(b, "CREATE TABLE \"%s\" (\"owner\" TEXT NOT NULL CHECK (\"owner\" <> '')",
		kind->relation);
	for (const struct hg_column *c = kind->column; c->name; c++) {
		hg_buf_addf(b, ", \"%s\" %s NOT NULL", c->name,
			c->type == HG_COLUMN_TEXT ? "TEXT" : "INTEGER");
		if (c->type == HG_COLUMN_U32)
			hg_buf_addf(b, " CHECK (\"%s\" BETWEEN 0 AND 4294967295)", c->name);
	}
	hg_buf_adds(b, ", PRIMARY KEY (");
	write_columns(kind, true, NAMES, ", ", b);
	hg_buf_adds(b, ")) STRICT");
}

void hg_kind_sql(enum hg_fact_kind which, enum hg_verb verb, struct hg_buf *b)
{
	const struct hg_kind *kind = &hg_kinds[which];

	switch (verb) {
	case HG_VERB_CREATE:
		write_create(kind, b);
		break;
	case HG_VERB_PUT:
		hg_buf_addf(b, "REPLACE INTO \"%s\" (", kind->relation);
		write_columns(kind, false, NAMES, ", ", b);
		hg_buf_adds(b, ") VALUES (");
		write_columns(kind, false, MARKS, ", ", b);
		hg_buf_addc(b, ')');
		break;
	case HG_VERB_DROP:
		hg_buf_addf(b, "DELETE FROM \"%s\" WHERE ", kind->relation);
		write_columns(kind, true, TESTS, " AND ", b);
		break;
	case HG_VERB_PURGE:
		hg_buf_addf(b, "DELETE FROM \"%s\" WHERE \"owner\" = ?", kind->relation);
		break;
	case HG_VERB_LOAD:
		hg_buf_adds(b, "SELECT ");
		write_columns(kind, false, NAMES, ", ", b);
		hg_buf_addf(b, " FROM \"%s\" ORDER BY ", kind->relation);
		write_columns(kind, true, NAMES, ", ", b);
		break;
	case HG_VERBS:
		break;
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shipped tables, row for row as IW 4.3 (what is known here, written), 4.4 (what others say, read), 4.5 and 4.7 have it.
 * docs/decisions/0020-the-master-table.md says where they differ, and why.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/texts.h"
#include "tests/unit/mapping_shipped.h"

enum { XMPP, ACTIVITY, PIDF, DIALOG, DEVICE, PRESENCE, GRAPH, IRC, TABLES };

static const char *const names[TABLES] = { "xmpp", "xmpp-activity", "pidf", "dialog-info",
	"asterisk-device", "asterisk-presence", "graph", "irc" };

static struct hg_tables tables[TABLES];

static int setup(void **state)
{
	char path[256];

	for (int i = 0; i < TABLES; i++) {
		snprintf(path, sizeof(path), HG_SOURCE_DIR "/mappings/%s.yaml", names[i]);
		tables[i] = shipped_load(names[i], path);
	}
	return 0;
}

static int teardown(void **state)
{
	for (int i = 0; i < TABLES; i++)
		hg_tables_done(&tables[i]);
	return 0;
}

/* "field=value field=value", in the order of the fields; T for a time. */
static const char *written(int table, const struct hg_presence *p)
{
	const struct hg_table *t = tables[table].v[0];
	const struct hg_vocabulary *v = hg_table_vocabulary(t);
	struct hg_record *r = hg_table_out(t, p);
	static char text[512];

	text[0] = '\0';
	for (uint32_t i = 0; i < r->n; i++) {
		const struct hg_field_def *field = &v->field[r->value[i].field];
		struct hg_str value = field->kind == HG_FIELD_TIME ? HG_STR("T") : r->value[i].text;

		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s=%.*s",
			i ? " " : "", field->name, HG_STR_ARG(value));
	}
	hg_record_unref(r);
	return text;
}

/* "phone 6500 on-the-phone"; "none". */
static const char *said(int table, const char *fields)
{
	const struct hg_table *t = tables[table].v[0];
	const struct hg_vocabulary *v = hg_table_vocabulary(t);
	char *copy = hg_str_dup(hg_str(fields)), *rest = copy, *word;
	struct hg_value value[HG_FIELDS_MAX];
	struct hg_statement s;
	struct hg_record *r;
	static char text[128];
	size_t n = 0;

	memset(value, 0, sizeof(value));
	while ((word = strsep(&rest, " "))) {
		char *at = strchr(word, '=');

		for (uint16_t i = 0; at && i < v->nfields; i++)
			if (hg_str_is((struct hg_str){ word, (size_t)(at - word) },
				    v->field[i].name)) {
				value[n].field = i;
				value[n++].text = hg_str(at + 1);
			}
	}
	r = hg_record_new(value, n);
	hg_table_in(t, r, &s);
	if (hg_statement_says(&s))
		snprintf(text, sizeof(text), "%s %u%s%s",
			s.user               ? "user"
				: s.phone    ? "phone"
				: s.calendar ? "calendar"
					     : "machine",
			s.user + s.phone + s.calendar + s.machine, s.token[0] ? " " : "", s.token);
	else
		strcpy(text, "none");
	hg_statement_done(&s);
	hg_record_unref(r);
	free(copy);
	return text;
}

/* IW 4.3: a row of it each, and its columns in its order. */
static void outward(void **state)
{
	static const struct {
		const char *row;
		uint32_t availability;
		const char *token;
		bool idle;
		const char *record[TABLES];
	} rows[] = {
		{ "undefined", 0, "", false,
			{ "type=unavailable", "", "activity=unknown", "dialog=terminated",
				"device=UNKNOWN", "status=not_set",
				"availability=PresenceUnknown activity=PresenceUnknown",
				"state=gone" } },
		{ "3500", 3500, "", false,
			{ "type=available priority=0", "", "basic=open", "dialog=terminated",
				"device=NOT_INUSE", "status=available",
				"availability=Available activity=Available", "state=here" } },
		{ "4500 idle", 4500, "", true,
			{ "type=available show=away priority=0 idle=T", "",
				"basic=open show=away input=idle since=T", "dialog=terminated",
				"device=NOT_INUSE", "status=away",
				"availability=AvailableIdle activity=Inactive",
				"state=away text=Inactive." } },
		{ "6500", 6500, "", false,
			{ "type=available show=dnd priority=0", "",
				"basic=open show=dnd reach=busy", "dialog=terminated",
				"device=NOT_INUSE", "status=dnd subtype=busy",
				"availability=Busy activity=Busy", "state=away text=Busy." } },
		{ "6500 on-the-phone", 6500, "on-the-phone", false,
			{ "type=available show=dnd status=On the phone. priority=0",
				"general=talking specific=on_the_phone",
				"basic=open show=dnd activity=on-the-phone reach=busy",
				"dialog=confirmed", "device=INUSE", "status=dnd subtype=phone",
				"availability=Busy activity=InACall",
				"state=away text=In a call." } },
		{ "7000 in-a-conference", 7000, "in-a-conference", false,
			{ "type=available show=dnd status=In a conference. priority=0",
				"general=working specific=in_a_meeting text=In a conference",
				"basic=open show=dnd activity=on-the-phone reach=busy",
				"dialog=confirmed focus=true", "device=INUSE",
				"status=dnd subtype=phone",
				"availability=Busy activity=InAConferenceCall",
				"state=away text=In a conference." } },
		{ "6500 in-a-meeting", 6500, "in-a-meeting", false,
			{ "type=available show=dnd status=In a meeting. priority=0",
				"general=working specific=in_a_meeting",
				"basic=open show=dnd activity=meeting reach=busy",
				"dialog=terminated", "device=NOT_INUSE",
				"status=dnd subtype=meeting",
				"availability=Busy activity=InAMeeting",
				"state=away text=In a meeting." } },
		{ "6900 urgent-interruptions-only", 6900, "urgent-interruptions-only", false,
			{ "type=available show=dnd status=Urgent interruptions only. priority=0",
				"",
				"basic=open show=dnd activity=urgent-interruptions-only reach=busy",
				"dialog=terminated", "device=NOT_INUSE",
				"status=dnd subtype=urgent",
				"availability=DoNotDisturb activity=UrgentInterruptionsOnly",
				"state=away text=Urgent interruptions only." } },
		{ "7500 busy-idle", 7500, "", true,
			{ "type=available show=dnd priority=0 idle=T", "",
				"basic=open show=dnd reach=busy input=idle since=T",
				"dialog=terminated", "device=NOT_INUSE", "status=dnd subtype=busy",
				"availability=BusyIdle activity=Inactive",
				"state=away text=Busy." } },
		{ "9500", 9500, "", false,
			{ "type=available show=dnd priority=0", "",
				"basic=open show=dnd reach=busy", "dialog=terminated",
				"device=BUSY", "status=dnd",
				"availability=DoNotDisturb activity=DoNotDisturb",
				"state=away text=Do not disturb." } },
		{ "9000 in-presentation", 9000, "in-presentation", false,
			{ "type=available show=dnd status=Presenting. priority=0",
				"general=working text=Presenting",
				"basic=open show=dnd activity=presentation reach=busy",
				"dialog=terminated", "device=NOT_INUSE",
				"status=dnd subtype=presenting",
				"availability=DoNotDisturb activity=Presenting",
				"state=away text=Presenting." } },
		{ "12500 be-right-back", 12500, "", false,
			{ "type=available show=away status=Be right back. priority=0", "",
				"basic=open show=away reach=away", "dialog=terminated",
				"device=NOT_INUSE", "status=away subtype=brb",
				"availability=BeRightBack activity=BeRightBack",
				"state=away text=BRB." } },
		{ "15500 away", 15500, "", true,
			{ "type=available show=away priority=0 idle=T", "",
				"basic=open show=away reach=away input=idle since=T",
				"dialog=terminated", "device=NOT_INUSE", "status=away",
				"availability=Away activity=Away", "state=away text=Away." } },
		{ "15500 + out-of-office", 15500, "out-of-office", false,
			{ "type=available show=xa status=Out of office. priority=0",
				"general=inactive specific=on_vacation",
				"basic=open show=xa activity=vacation reach=away",
				"dialog=terminated", "device=NOT_INUSE", "status=xa subtype=oof",
				"availability=Away activity=OutOfOffice",
				"state=away text=Out of office." } },
		{ "15500 + off-work", 15500, "off-work", false,
			{ "type=available show=xa status=Off work. priority=0",
				"general=inactive specific=day_off",
				"basic=open show=xa activity=off-work reach=away",
				"dialog=terminated", "device=NOT_INUSE",
				"status=xa subtype=offwork", "availability=Away activity=OffWork",
				"state=away text=Off work." } },
		{ "out-to-lunch", 15500, "out-to-lunch", false,
			{ "type=available show=away priority=0",
				"general=eating specific=having_lunch",
				"basic=open show=away activity=lunch reach=away",
				"dialog=terminated", "device=NOT_INUSE",
				"status=away subtype=lunch", "availability=Away activity=Away",
				"state=away text=Out to lunch." } },
		{ ">=18000", 18500, "", false,
			{ "type=unavailable", "", "basic=closed", "dialog=terminated",
				"device=UNAVAILABLE", "status=unavailable",
				"availability=Offline activity=Offline", "state=gone" } },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int t = 0; t < TABLES; t++) {
			struct hg_presence p = { .availability = rows[i].availability,
				.circle = HG_CIRCLE_COLLEAGUES,
				.last_active = rows[i].idle ? 1 : 0 };

			strcpy(p.activity.token, rows[i].token);
			if (strcmp(written(t, &p), rows[i].record[t]) != 0)
				fail_msg("%s to %s: %s, not %s", rows[i].row, names[t],
					written(t, &p), rows[i].record[t]);
		}
}

/* IW 4.4. `iw`: what it has, where it is another. */
static void inward(void **state)
{
	static const struct {
		int table;
		const char *fields, *expected, *iw;
	} rows[] = {
		/* a client's show may be its own doing: it is the device's (design.md 2), and never stands for the person's choice */
		{ XMPP, "type=available", "machine 3500", "user 3500" },
		{ XMPP, "type=available show=chat", "machine 3500", "user 3500" },
		{ XMPP, "type=available show=away idle=2026-11-21T10:00:00Z", "machine 15500",
			"machine 3500" },
		{ XMPP, "type=available show=away", "machine 15500", "user 15500" },
		{ XMPP, "type=available show=xa", "machine 15500", "user 15500" },
		{ XMPP, "type=available show=dnd", "user 6500", NULL },
		{ XMPP, "type=unavailable", "none", NULL },
		{ ACTIVITY, "general=talking specific=on_the_phone", "phone 6500 on-the-phone",
			NULL },
		{ ACTIVITY, "general=talking specific=on_video_phone", "phone 6500 on-the-phone",
			NULL },
		{ ACTIVITY, "general=working specific=in_a_meeting", "calendar 6500 in-a-meeting",
			NULL },
		{ ACTIVITY, "general=inactive specific=on_vacation", "calendar 15500 out-of-office",
			NULL },
		{ ACTIVITY, "general=inactive specific=scheduled_holiday",
			"calendar 15500 out-of-office", NULL },
		{ ACTIVITY, "general=inactive specific=day_off", "user 15500 off-work", NULL },
		{ ACTIVITY, "general=working", "none", NULL },
		/* a meal, a journey and sleep are what RPID says of them (decision 0025) */
		{ ACTIVITY, "general=eating specific=having_lunch", "user 15500 out-to-lunch",
			"none" },
		{ ACTIVITY, "general=eating", "user 15500 meal", "none" },
		{ ACTIVITY, "general=eating specific=having_a_snack", "none", NULL },
		{ ACTIVITY, "general=traveling specific=on_a_train", "user 15500 in-transit",
			"none" },
		{ ACTIVITY, "general=traveling specific=walking", "none", NULL },
		{ ACTIVITY, "general=inactive specific=sleeping", "user 15500 sleeping", "none" },
		{ PIDF, "basic=open activity=on-the-phone", "phone 6500 on-the-phone", NULL },
		{ PIDF, "basic=open activity=on-the-phone reach=busy", "phone 6500 on-the-phone",
			NULL },
		{ PIDF, "basic=open activity=meeting", "calendar 6500 in-a-meeting", NULL },
		{ PIDF, "basic=open activity=appointment reach=busy", "calendar 6500 in-a-meeting",
			NULL },
		{ PIDF, "basic=open activity=presentation", "phone 9000 in-presentation", NULL },
		{ PIDF, "basic=open reach=away", "user 15500", NULL },
		{ PIDF, "basic=open reach=busy", "user 6500", NULL },
		{ PIDF, "basic=open activity=vacation", "calendar 15500 out-of-office", NULL },
		{ PIDF, "basic=open activity=holiday reach=away", "calendar 15500 out-of-office",
			NULL },
		{ PIDF, "basic=open activity=permanent-absence", "user 18500", NULL },
		{ PIDF, "basic=open show=dnd", "user 6500", NULL },
		{ PIDF, "basic=open input=idle", "machine 5000", NULL },
		{ PIDF, "basic=open", "machine 3500", NULL },
		{ PIDF, "basic=open show=chat activity=tv", "machine 3500", NULL },
		{ PIDF, "basic=closed", "none", NULL },
		{ PIDF, "activity=unknown", "none", NULL },
		{ DIALOG, "dialog=early", "none", NULL },
		{ DIALOG, "dialog=terminated", "none", NULL },
		{ DIALOG, "dialog=confirmed", "phone 6500 on-the-phone", NULL },
		{ DIALOG, "dialog=confirmed focus=true", "phone 7000 in-a-conference", NULL },
		{ DEVICE, "device=INUSE", "phone 6500 on-the-phone", NULL },
		{ DEVICE, "device=BUSY", "phone 6500 on-the-phone", NULL },
		{ DEVICE, "device=RINGINUSE", "phone 6500 on-the-phone", NULL },
		{ DEVICE, "device=ONHOLD", "phone 6500 on-the-phone", NULL },
		{ DEVICE, "device=NOT_INUSE", "none", NULL },
		{ DEVICE, "device=UNAVAILABLE", "none", NULL },
		{ DEVICE, "device=INVALID", "none", NULL },
		{ DEVICE, "device=UNKNOWN", "none", NULL },
		{ DEVICE, "device=RINGING", "none", NULL },
		{ PRESENCE, "status=dnd", "user 9500", NULL },
		{ PRESENCE, "status=away", "user 15500", NULL },
		{ PRESENCE, "status=xa", "user 15500", NULL },
		{ PRESENCE, "status=xa subtype=oof", "user 15500 out-of-office", NULL },
		{ PRESENCE, "status=xa subtype=offwork", "user 15500 off-work", NULL },
		{ PRESENCE, "status=chat", "user 3500", NULL },
		{ PRESENCE, "status=available", "user 3500", NULL },
		{ PRESENCE, "status=unavailable", "none", NULL },
		{ PRESENCE, "status=not_set", "none", NULL },
		{ GRAPH, "availability=Busy activity=InACall", "phone 6500 on-the-phone", NULL },
		{ GRAPH, "availability=Busy activity=InAMeeting", "calendar 6500 in-a-meeting",
			NULL },
		{ GRAPH, "availability=Busy activity=Focusing", "user 6500", NULL },
		{ GRAPH, "availability=DoNotDisturb activity=Presenting",
			"phone 9000 in-presentation", NULL },
		{ GRAPH, "availability=Away activity=OutOfOffice", "calendar 15500 out-of-office",
			NULL },
		{ GRAPH, "availability=BusyIdle activity=Inactive", "user 7500", NULL },
		{ GRAPH, "availability=Offline activity=OffWork", "none", NULL },
		{ IRC, "state=away text=lunch", "user 15500", NULL },
		{ IRC, "state=here", "machine 3500", NULL },
		{ IRC, "state=gone", "none", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(said(rows[i].table, rows[i].fields), rows[i].expected) != 0)
			fail_msg("%s: %s is %s, not %s", names[rows[i].table], rows[i].fields,
				said(rows[i].table, rows[i].fields), rows[i].expected);
		if (rows[i].iw)
			assert_string_not_equal(rows[i].iw, rows[i].expected);
	}
}

/* IW 4.7: what RPID says that somebody does, as XEP-0108 says it; by way of what is known here. `iw`: what it has, where it is
 * another. */
static void rpid_to_user_activity(void **state)
{
	static const struct {
		const char *rpid, *expected, *iw;
	} rows[] = {
		/* one word here for both: a meeting */
		{ "activity=appointment", "general=working specific=in_a_meeting",
			"general=having_appointment" },
		/* that somebody is away his presence says, and no activity */
		{ "reach=away", "", "general=inactive" },
		{ "activity=breakfast", "general=eating specific=having_breakfast", NULL },
		{ "activity=dinner", "general=eating specific=having_dinner", NULL },
		{ "activity=lunch", "general=eating specific=having_lunch", NULL },
		{ "activity=meal", "general=eating", NULL },
		{ "reach=busy", "", NULL },
		/* one word here for both: out of office */
		{ "activity=holiday", "general=inactive specific=on_vacation",
			"general=inactive specific=scheduled_holiday" },
		{ "activity=in-transit", "general=traveling", NULL },
		/* what says nothing of whether somebody can be had is no state here (decision 0017) */
		{ "activity=looking-for-work", "", "general=undefined text=looking-for-work" },
		{ "activity=meeting", "general=working specific=in_a_meeting", NULL },
		{ "activity=on-the-phone", "general=talking specific=on_the_phone", NULL },
		{ "activity=performance", "", "general=relaxing specific=going_out" },
		{ "activity=permanent-absence", "", NULL },
		{ "activity=playing", "", "general=relaxing specific=gaming" },
		{ "activity=presentation", "general=working text=Presenting",
			"general=working text=presentation" },
		{ "activity=shopping", "", "general=relaxing specific=shopping" },
		{ "activity=sleeping", "general=inactive specific=sleeping", NULL },
		{ "activity=spectator", "", "general=relaxing specific=other" },
		{ "activity=steering", "general=traveling specific=driving", NULL },
		{ "activity=travel", "general=traveling specific=on_a_trip", NULL },
		{ "activity=tv", "", "general=relaxing specific=watching_tv" },
		{ "activity=vacation", "general=inactive specific=on_vacation", NULL },
		{ "activity=working", "", "general=working" },
		{ "activity=worship", "", "general=inactive specific=praying" },
		/* of whom nothing is known nothing is told */
		{ "activity=unknown", "", "general=undefined" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hg_presence p = { 0 };
		char fields[64];

		snprintf(fields, sizeof(fields), "basic=open %s", rows[i].rpid);
		assert_int_equal(sscanf(said(PIDF, fields), "%*s %u %47s", &p.availability,
					 p.activity.token) >= 1,
			1);
		if (strcmp(written(ACTIVITY, &p), rows[i].expected) != 0)
			fail_msg("%s is %s, not %s", rows[i].rpid, written(ACTIVITY, &p),
				rows[i].expected);
		if (rows[i].iw)
			assert_string_not_equal(rows[i].iw, rows[i].expected);
	}
}

/* Both are kept: the standard words first, and what somebody says in his own behind them. */
static void t19_token_and_words(void **state)
{
	static const struct {
		const char *token, *words, *note, *xmpp, *pidf;
		uint32_t availability;
	} cases[] = {
		{ "on-the-phone", "Client call", "until 3",
			"show=dnd status=On the phone. Client call\nuntil 3",
			"show=dnd activity=on-the-phone reach=busy note=Client call\nuntil 3",
			6500 },
		{ "on-the-phone", "Client call", NULL, "show=dnd status=On the phone. Client call",
			"show=dnd activity=on-the-phone reach=busy note=Client call", 6500 },
		{ "on-the-phone", NULL, "until 3", "show=dnd status=On the phone. until 3",
			"show=dnd activity=on-the-phone reach=busy note=until 3", 6500 },
		{ "on-the-phone", NULL, NULL, "show=dnd status=On the phone.",
			"show=dnd activity=on-the-phone reach=busy", 6500 },
		{ "off-work", "On a boat", "call me not",
			"show=xa status=Off work. On a boat\ncall me not",
			"show=xa activity=off-work reach=away note=On a boat\ncall me not", 15500 },
		{ "", "Client call", "until 3", "show=dnd status=Client call\nuntil 3",
			"show=dnd reach=busy note=Client call\nuntil 3", 6500 },
		{ "", "At a desk", NULL, "status=At a desk", "note=At a desk", 3500 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hg_presence p = { .availability = cases[i].availability,
			.activity.max = UINT32_MAX };
		char expected[256];

		snprintf(p.activity.token, sizeof(p.activity.token), "%s", cases[i].token);
		if (cases[i].words)
			p.activity.custom = test_text(cases[i].words, 1033);
		if (cases[i].note)
			p.note.text = hg_bytes_new(hg_str(cases[i].note));
		snprintf(expected, sizeof(expected), "type=available %s priority=0", cases[i].xmpp);
		assert_string_equal(written(XMPP, &p), expected);
		snprintf(expected, sizeof(expected), "basic=open %s", cases[i].pidf);
		assert_string_equal(written(PIDF, &p), expected);
		hg_presence_done(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outward),
		cmocka_unit_test(inward),
		cmocka_unit_test(rpid_to_user_activity),
		cmocka_unit_test(t19_token_and_words),
	};

	return cmocka_run_group_tests_name("interworking", tests, setup, teardown);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The tables that bring their vocabulary along, row for row as docs say that presence is translated (IW 4.3, 4.4, 4.7). */
#include "bridge/conf/mapping_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/support.h"

static const char *const names[] = { "pidf", "dialog-info", "asterisk-device", "asterisk-presence",
	"graph", "irc", "xmpp-activity" };
enum { PIDF, DIALOG, DEVICE, PRESENCE, GRAPH, IRC, ACTIVITY, TABLES };

static struct hg_tables tables[TABLES];

static int setup(void **state)
{
	for (int i = 0; i < TABLES; i++) {
		struct hg_errs errs = { 0 };
		char path[256];

		snprintf(path, sizeof(path), HG_SOURCE_DIR "/mappings/%s.yaml", names[i]);
		assert_int_equal(hg_mapping_load_own(path, NULL, &tables[i], &errs), 0);
		hg_errs_done(&errs);
	}
	return 0;
}

static int teardown(void **state)
{
	for (int i = 0; i < TABLES; i++)
		hg_tables_done(&tables[i]);
	return 0;
}

/* "field=value field=value", in the order of the fields. */
static const char *written(int table, const struct hg_presence *p)
{
	const struct hg_table *t = tables[table].v[0];
	const struct hg_vocabulary *v = hg_table_vocabulary(t);
	struct hg_record *r = hg_table_out(t, p);
	static char text[512];

	text[0] = '\0';
	for (uint32_t i = 0; i < r->n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s=%.*s",
			i ? " " : "", v->field[r->value[i].field].name,
			HG_STR_ARG(r->value[i].text));
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

/* IW 4.3, one row a state; NULL: the table has no column for it. */
static void outward(void **state)
{
	static const struct {
		uint32_t availability;
		const char *token;
		const char *record[TABLES];
	} rows[] = {
		{ 0, "",
			{ "activity=unknown", "dialog=terminated", "device=UNKNOWN",
				"status=not_set",
				"availability=PresenceUnknown activity=PresenceUnknown",
				"state=gone", "" } },
		{ 3500, "",
			{ "basic=open", "dialog=terminated", "device=NOT_INUSE", "status=available",
				"availability=Available activity=Available", "state=here", "" } },
		{ 5000, "",
			{ "basic=open show=away input=idle", "dialog=terminated",
				"device=NOT_INUSE", "status=away",
				"availability=AvailableIdle activity=Inactive",
				"state=away text=Inactive.", "" } },
		{ 6500, "",
			{ "basic=open show=dnd reach=busy", "dialog=terminated", "device=NOT_INUSE",
				"status=dnd subtype=busy", "availability=Busy activity=Busy",
				"state=away text=Busy.", "" } },
		{ 6500, "on-the-phone",
			{ "basic=open show=dnd activity=on-the-phone reach=busy",
				"dialog=confirmed", "device=INUSE", "status=dnd subtype=phone",
				"availability=Busy activity=InACall", "state=away text=In a call.",
				"general=talking specific=on_the_phone" } },
		{ 7000, "in-a-conference",
			{ "basic=open show=dnd activity=on-the-phone reach=busy",
				"dialog=confirmed focus=true", "device=INUSE",
				"status=dnd subtype=phone",
				"availability=Busy activity=InAConferenceCall",
				"state=away text=In a conference.",
				"general=working specific=in_a_meeting text=In a conference" } },
		{ 6500, "in-a-meeting",
			{ "basic=open show=dnd activity=meeting reach=busy", "dialog=terminated",
				"device=NOT_INUSE", "status=dnd subtype=meeting",
				"availability=Busy activity=InAMeeting",
				"state=away text=In a meeting.",
				"general=working specific=in_a_meeting" } },
		{ 6900, "urgent-interruptions-only",
			{ "basic=open show=dnd activity=urgent-interruptions-only reach=busy",
				"dialog=terminated", "device=NOT_INUSE",
				"status=dnd subtype=urgent",
				"availability=DoNotDisturb activity=UrgentInterruptionsOnly",
				"state=away text=Urgent interruptions only.", "" } },
		{ 7500, "",
			{ "basic=open show=dnd reach=busy input=idle", "dialog=terminated",
				"device=NOT_INUSE", "status=dnd subtype=busy",
				"availability=BusyIdle activity=Inactive", "state=away text=Busy.",
				"" } },
		{ 9500, "",
			{ "basic=open show=dnd reach=busy", "dialog=terminated", "device=BUSY",
				"status=dnd", "availability=DoNotDisturb activity=DoNotDisturb",
				"state=away text=Do not disturb.", "" } },
		{ 9000, "in-presentation",
			{ "basic=open show=dnd activity=presentation reach=busy",
				"dialog=terminated", "device=NOT_INUSE",
				"status=dnd subtype=presenting",
				"availability=DoNotDisturb activity=Presenting",
				"state=away text=Presenting.",
				"general=working text=Presenting" } },
		{ 12500, "",
			{ "basic=open show=away reach=away", "dialog=terminated",
				"device=NOT_INUSE", "status=away subtype=brb",
				"availability=BeRightBack activity=BeRightBack",
				"state=away text=BRB.", "" } },
		{ 15500, "",
			{ "basic=open show=away reach=away input=idle", "dialog=terminated",
				"device=NOT_INUSE", "status=away",
				"availability=Away activity=Away", "state=away text=Away.", "" } },
		{ 15500, "out-of-office",
			{ "basic=open show=xa activity=vacation reach=away", "dialog=terminated",
				"device=NOT_INUSE", "status=xa",
				"availability=Away activity=OutOfOffice",
				"state=away text=Out of office.",
				"general=inactive specific=on_vacation" } },
		{ 15500, "off-work",
			{ "basic=open show=xa activity=off-work reach=away", "dialog=terminated",
				"device=NOT_INUSE", "status=xa",
				"availability=Away activity=OffWork", "state=away text=Off work.",
				"general=inactive specific=day_off" } },
		{ 15500, "out-to-lunch",
			{ "basic=open show=away activity=lunch reach=away", "dialog=terminated",
				"device=NOT_INUSE", "status=away subtype=lunch",
				"availability=Away activity=Away", "state=away text=Out to lunch.",
				"general=eating specific=having_lunch" } },
		{ 18500, "",
			{ "basic=closed", "dialog=terminated", "device=UNAVAILABLE",
				"status=unavailable", "availability=Offline activity=Offline",
				"state=gone", "" } },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int t = 0; t < TABLES; t++) {
			struct hg_presence p = { .availability = rows[i].availability };

			strcpy(p.activity.token, rows[i].token);
			assert_string_equal(written(t, &p), rows[i].record[t]);
		}
}

/* IW 4.4 */
static void inward(void **state)
{
	static const struct {
		int table;
		const char *fields, *expected;
	} rows[] = {
		{ ACTIVITY, "general=talking specific=on_the_phone", "phone 6500 on-the-phone" },
		{ ACTIVITY, "general=talking specific=on_video_phone", "phone 6500 on-the-phone" },
		{ ACTIVITY, "general=working specific=in_a_meeting", "calendar 6500 in-a-meeting" },
		{ ACTIVITY, "general=inactive specific=on_vacation",
			"calendar 15500 out-of-office" },
		{ ACTIVITY, "general=inactive specific=scheduled_holiday",
			"calendar 15500 out-of-office" },
		{ ACTIVITY, "general=inactive specific=day_off", "user 15500 off-work" },
		{ ACTIVITY, "general=working", "none" },
		{ ACTIVITY, "general=eating specific=having_lunch", "none" },
		{ PIDF, "basic=open activity=on-the-phone", "phone 6500 on-the-phone" },
		{ PIDF, "basic=open activity=on-the-phone reach=busy", "phone 6500 on-the-phone" },
		{ PIDF, "basic=open activity=meeting", "calendar 6500 in-a-meeting" },
		{ PIDF, "basic=open activity=appointment reach=busy",
			"calendar 6500 in-a-meeting" },
		{ PIDF, "basic=open activity=presentation", "phone 9000 in-presentation" },
		{ PIDF, "basic=open reach=away", "user 15500" },
		{ PIDF, "basic=open reach=busy", "user 6500" },
		{ PIDF, "basic=open activity=vacation", "calendar 15500 out-of-office" },
		{ PIDF, "basic=open activity=holiday reach=away", "calendar 15500 out-of-office" },
		{ PIDF, "basic=open activity=permanent-absence", "user 18500" },
		{ PIDF, "basic=open show=dnd", "user 6500" },
		{ PIDF, "basic=open input=idle", "machine 5000" },
		{ PIDF, "basic=open", "machine 3500" },
		{ PIDF, "basic=open show=chat activity=tv", "machine 3500" },
		{ PIDF, "basic=closed", "none" },
		{ PIDF, "activity=unknown", "none" },
		{ DIALOG, "dialog=early", "none" },
		{ DIALOG, "dialog=terminated", "none" },
		{ DIALOG, "dialog=confirmed", "phone 6500 on-the-phone" },
		{ DIALOG, "dialog=confirmed focus=true", "phone 7000 in-a-conference" },
		{ DEVICE, "device=INUSE", "phone 6500 on-the-phone" },
		{ DEVICE, "device=BUSY", "phone 6500 on-the-phone" },
		{ DEVICE, "device=RINGINUSE", "phone 6500 on-the-phone" },
		{ DEVICE, "device=ONHOLD", "phone 6500 on-the-phone" },
		{ DEVICE, "device=NOT_INUSE", "none" },
		{ DEVICE, "device=UNAVAILABLE", "none" },
		{ DEVICE, "device=INVALID", "none" },
		{ DEVICE, "device=UNKNOWN", "none" },
		{ DEVICE, "device=RINGING", "none" },
		{ PRESENCE, "status=dnd", "user 9500" },
		{ PRESENCE, "status=away", "user 15500" },
		{ PRESENCE, "status=xa", "user 15500 out-of-office" },
		{ PRESENCE, "status=chat", "user 3500" },
		{ PRESENCE, "status=available", "user 3500" },
		{ PRESENCE, "status=unavailable", "none" },
		{ PRESENCE, "status=not_set", "none" },
		{ GRAPH, "availability=Busy activity=InACall", "phone 6500 on-the-phone" },
		{ GRAPH, "availability=Busy activity=InAMeeting", "calendar 6500 in-a-meeting" },
		{ GRAPH, "availability=Busy activity=Focusing", "user 6500" },
		{ GRAPH, "availability=DoNotDisturb activity=Presenting",
			"phone 9000 in-presentation" },
		{ GRAPH, "availability=Away activity=OutOfOffice", "calendar 15500 out-of-office" },
		{ GRAPH, "availability=BusyIdle activity=Inactive", "user 7500" },
		{ GRAPH, "availability=Offline activity=OffWork", "none" },
		{ IRC, "state=away text=lunch", "user 15500" },
		{ IRC, "state=here", "machine 3500" },
		{ IRC, "state=gone", "none" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(said(rows[i].table, rows[i].fields), rows[i].expected) != 0)
			fail_msg("%s: %s is %s, not %s", names[rows[i].table], rows[i].fields,
				said(rows[i].table, rows[i].fields), rows[i].expected);
}

/* IW 4.7: what RPID says that somebody does, as XEP-0108 says it; by way of what is known here. */
static void rpid_to_user_activity(void **state)
{
	static const char *const rows[][2] = {
		{ "activity=on-the-phone", "general=talking specific=on_the_phone" },
		{ "activity=meeting", "general=working specific=in_a_meeting" },
		{ "activity=presentation", "general=working text=Presenting" },
		{ "activity=breakfast", "general=eating specific=having_breakfast" },
		{ "activity=dinner", "general=eating specific=having_dinner" },
		{ "activity=lunch", "general=eating specific=having_lunch" },
		{ "activity=meal", "general=eating" },
		{ "activity=in-transit", "general=traveling" },
		{ "activity=steering", "general=traveling specific=driving" },
		{ "activity=travel", "general=traveling specific=on_a_trip" },
		{ "activity=sleeping", "general=inactive specific=sleeping" },
		{ "activity=vacation", "general=inactive specific=on_vacation" },
		{ "reach=busy", "" },
		{ "reach=away", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hg_presence p = { 0 };
		char fields[64];

		snprintf(fields, sizeof(fields), "basic=open %s", rows[i][0]);
		assert_int_equal(sscanf(said(PIDF, fields), "%*s %u %47s", &p.availability,
					 p.activity.token) >= 1,
			1);
		assert_string_equal(written(ACTIVITY, &p), rows[i][1]);
	}
}

/* Nobody comes back more available than he went out, by whatever table. */
static void nobody_becomes_more_available(void **state)
{
	for (int t = 0; t < TABLES; t++) {
		/* a lamp, and what one does, say nothing of whether one is there */
		if (t == DIALOG || t == DEVICE || t == ACTIVITY)
			continue;
		for (uint32_t a = 0; a <= 20000; a += 250) {
			struct hg_presence p = { .availability = a };
			struct hg_record *r = hg_table_out(tables[t].v[0], &p);
			struct hg_statement s;
			uint32_t back;

			hg_table_in(tables[t].v[0], r, &s);
			back = s.user + s.machine;
			if (hg_band_of(a) == HG_BAND_UNKNOWN || hg_band_of(a) == HG_BAND_OFFLINE)
				assert_int_equal(back, 0);
			else if (back < (a >= 6000 ? 6000 : a >= 4500 ? 4500 : 3000))
				fail_msg("%s: %u comes back as %u", names[t], a, back);
			hg_statement_done(&s);
			hg_record_unref(r);
		}
	}
}

/* ---- vocabularies in files ---- */

static void faults(const char *text, const char *expected)
{
	char path[] = "/tmp/hg-own-XXXXXX";
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };
	struct hg_tables t;
	FILE *f = fdopen(mkstemp(path), "w");
	int rc;

	fputs(text, f);
	fclose(f);
	rc = hg_mapping_load_own(path, NULL, &t, &errs);
	remove(path);
	for (size_t i = 0; i < errs.n; i++)
		hg_buf_addf(&b, "%s: %s (%s)\n", strrchr(errs.e[i].where, ':') + 1, errs.e[i].what,
			errs.e[i].hint);
	hg_buf_adds(&b, "");
	assert_string_equal(b.p, expected);
	assert_int_equal(rc < 0, expected[0] != '\0');
	hg_tables_done(&t);
	hg_errs_done(&errs);
	hg_buf_done(&b);
}

static void vocabularies_of_files(void **state)
{
	faults("vocabulary: xmpp\nrules: []\n",
		""); /* an adapter's, which is not there: not looked at */
	faults("vocabulary: { name: x, fields: { a: [on, off, on], b: 5..3, c: text, d: time } }\nrules: []\n",
		"1: 'on' stands there already (let every word stand there once)\n"
		"1: '5..3' is no range (like -128..127)\n");
	faults("vocabulary: { name: x, fields: {} }\nrules: []\n",
		"1: a vocabulary without fields (like fields: { state: [on, off], note: text })\n");
	faults("vocabulary: { name: x, fields: { a: [on, off] } }\nrules:\n"
	       "  - { name: on, native: { a: onn }, canonical: { state: none } }\n"
	       "  - { name: rest, canonical: { state: none, availability: 0..4294967295 } }\n",
		"3: rule 'on': field 'a' is never 'onn' (did you mean 'on'?)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outward),
		cmocka_unit_test(inward),
		cmocka_unit_test(rpid_to_user_activity),
		cmocka_unit_test(nobody_becomes_more_available),
		cmocka_unit_test(vocabularies_of_files),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

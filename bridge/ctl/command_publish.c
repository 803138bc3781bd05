/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph publish: presence in somebody's name. */

#include "bridge/ctl/command_publish.h"

#include <stdlib.h>

bool hg_publish_time(const char *text, uint32_t *ret)
{
	struct hg_str s = hg_str(text);
	uint64_t each = 1;
	uint32_t n;

	switch (s.n ? s.p[s.n - 1] : '\0') {
	case 'd':
		each = 86400;
		break;
	case 'h':
		each = 3600;
		break;
	case 'm':
		each = 60;
		break;
	case 's':
		break;
	default:
		s.n++; /* no unit */
	}
	s.n -= s.n > 0;
	if (!hg_str_u32(s, &n) || n * each > UINT32_MAX)
		return false;
	*ret = (uint32_t)(n * each);
	return true;
}

/* NULL, or what is wrong. */
static const char *check(const struct hg_option *own)
{
	int what = !!own[HG_PUB_STATE].value + !!own[HG_PUB_NOTE].value + !!own[HG_PUB_CLEAR].value;

	if (what != 1)
		return "what? One of --state, --note, --category, --clear";
	for (int i = HG_PUB_INSTANCE; i <= HG_PUB_REMOVE; i++)
		if (own[i].value)
			return "--instance, --seconds, --file and --remove go with --category";
	if (own[HG_PUB_STATE].value ? !own[HG_PUB_AVAILABILITY].value
				    : own[HG_PUB_AVAILABILITY].value || own[HG_PUB_TOKEN].value)
		return "--availability goes with --state, and --token with both";
	if (own[HG_PUB_CLEAR].value &&
		(own[HG_PUB_EXPIRES].value || own[HG_PUB_ENDPOINT].value ||
			own[HG_PUB_CONTAINERS].value))
		return "--clear takes back all of it: no --expires, --endpoint or --containers";
	if (own[HG_PUB_EXPIRES].value && own[HG_PUB_ENDPOINT].value)
		return "when does it end? One of --expires, --endpoint";
	return NULL;
}

static int publish(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_option own[] = {
		[HG_PUB_STATE] = { "state", "one of user, machine, calendar, phone", NULL },
		[HG_PUB_AVAILABILITY] = { "availability", "a number, as 6500 for busy", NULL },
		[HG_PUB_TOKEN] = { "token", "an activity, as on-the-phone", NULL },
		[HG_PUB_NOTE] = { "note", "a text", NULL },
		[HG_PUB_CLEAR] = { "clear", "one of user, machine, calendar, phone, note, all",
			NULL },
		[HG_PUB_EXPIRES] = { "expires", "a time, as 90s, 15m, 8h", NULL },
		[HG_PUB_ENDPOINT] = { "endpoint", "a device, as 'heliograph show' lists it", NULL },
		[HG_PUB_CONTAINERS] = { "containers", "numbers, as 200,300,400", NULL },
		[HG_PUB_CATEGORY] = { "category", "the name of a category, as note", NULL },
		[HG_PUB_INSTANCE] = { "instance", "a number", NULL },
		[HG_PUB_SECONDS] = { "seconds", "a number", NULL },
		[HG_PUB_FILE] = { "file", "a file with the element, or -", NULL },
		[HG_PUB_REMOVE] = { "remove", NULL, NULL },
		[HG_PUB_OPTIONS] = { NULL, NULL, NULL },
	};
	uint32_t availability = 0, expires = 0;
	struct hg_options o;
	int rc = hg_options_read_own(argc, argv, "cj", cmd, &o, own);
	const char *wrong;

	if (rc != HG_DONE || o.help)
		return rc;
	if (o.first == argc)
		return hg_misuse(cmd, "for whom? Name a user, as user@domain", "");
	if (own[HG_PUB_CATEGORY].value)
		return hg_publish_category(cmd, &o, argv[o.first], own);
	wrong = check(own);
	if (wrong)
		return hg_misuse(cmd, wrong, "");
	if (own[HG_PUB_AVAILABILITY].value &&
		!hg_str_u32(hg_str(own[HG_PUB_AVAILABILITY].value), &availability))
		return hg_misuse(cmd, "no availability: ", own[HG_PUB_AVAILABILITY].value);
	if (own[HG_PUB_EXPIRES].value && !hg_publish_time(own[HG_PUB_EXPIRES].value, &expires))
		return hg_misuse(cmd, "no time, as 90s, 15m, 8h: ", own[HG_PUB_EXPIRES].value);
	json_t *request = json_pack("{s:s, s:s, s:b, s:s*, s:i, s:s*, s:s*, s:s*, s:s*, s:s*}",
		"verb", own[HG_PUB_CLEAR].value ? "publish clear" : "publish", "person",
		argv[o.first], "json", o.json, "state", own[HG_PUB_STATE].value, "availability",
		(int)availability, "token", own[HG_PUB_TOKEN].value, "note", own[HG_PUB_NOTE].value,
		"what", own[HG_PUB_CLEAR].value, "endpoint", own[HG_PUB_ENDPOINT].value,
		"containers", own[HG_PUB_CONTAINERS].value);
	if (request && own[HG_PUB_EXPIRES].value)
		json_object_set_new(request, "expires", json_integer(expires));
	return hg_command_ask(cmd, o.config, request);
}

const struct hg_command hg_command_publish = {
	.name = "publish",
	.summary = "publish presence in somebody's name",
	.help = "Usage: heliograph publish [--config FILE] [--json] PERSON --state KIND --availability N [--token TOKEN]\n"
		"                          [--expires TIME | --endpoint DEVICE] [--containers LIST]\n"
		"       heliograph publish [--config FILE] PERSON --note TEXT [--expires TIME | --endpoint DEVICE]\n"
		"                          [--containers LIST]\n"
		"       heliograph publish [--config FILE] PERSON --category NAME --container LIST --file FILE|-\n"
		"                          [--instance N] [--expires HOW | --expires time --seconds N] [--endpoint DEVICE]\n"
		"       heliograph publish [--config FILE] PERSON --category NAME --container LIST --remove [--instance N]\n"
		"       heliograph publish [--config FILE] PERSON --clear KIND\n\n"
		"Publishes a state or a note in a user's name, as an application: a telephone system, a calendar. It counts\n"
		"beside what his own devices say, and `show` marks it. Published again, it replaces what was there.\n"
		"With --category, the document of any category goes into any containers, as it is, in all of them or in none;\n"
		"with an --instance it is what was asked for, and bears no mark of an application.\n\n"
		"  PERSON              a user: user@domain\n"
		"  --state KIND        user, machine, calendar or phone\n"
		"  --availability N    3500 available, 6500 busy, 9500 do not disturb, 12500 right back, 15500 away\n"
		"  --token TOKEN       activity: on-the-phone, in-a-conference, in-a-meeting, out-of-office ...\n"
		"  --note TEXT         a personal note\n"
		"  --clear KIND        take back a kind of state, note, or all that applications published\n"
		"  --expires TIME      90s, 15m, 8h, 7d; else it stands until it is taken back, also over a restart\n"
		"  --endpoint DEVICE   bound to this device of his, named as `show` lists it: ends when it signs off or is lost\n"
		"  --containers LIST   numbers with commas; default 2,3 for states, 200,300,400 for notes\n"
		"  --category NAME     a category: state, note, contactCard, calendarData ...\n"
		"  --file FILE         the element of the category, as <note xmlns=...>; - is standard input\n"
		"  --instance N        which of several; else the application's own\n"
		"  --expires HOW       static, user (while he is signed in), endpoint (with --endpoint), or a time as above\n"
		"  --seconds N         with --expires time\n"
		"  --remove            take it out of these containers\n"
		"  --config FILE       the configuration of the daemon; default " HG_DEFAULT_CONFIG
		"\n"
		"  --json              for programs\n\n"
		"Exit status: 0 done, 1 no such user, nothing to take back, or not done, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph publish alice@corp.example --state phone --availability 6500 --token on-the-phone --expires 1h\n"
		"  heliograph publish alice@corp.example --note 'Back on Monday' --expires 3d\n"
		"  heliograph publish alice@corp.example --clear phone\n"
		"  heliograph publish alice@corp.example --category contactCard --container 300,400 --file card.xml\n",
	.words = 1,
	.run = publish,
};

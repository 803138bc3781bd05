/* SPDX-License-Identifier: Apache-2.0 */
/* The two tables of RFC 7247 7. */
#include <heliograph/errors.h>

/* ---- XMPP to SIP ---- */

static const struct condition {
	const char *name;
	enum hg_error_type type;
	unsigned bare, full;
} conditions[HG_CONDITIONS] = {
	[HG_COND_BAD_REQUEST] = { "bad-request", HG_ERROR_MODIFY, 400, 400 },
	[HG_COND_CONFLICT] = { "conflict", HG_ERROR_CANCEL, 400, 400 },
	[HG_COND_FEATURE_NOT_IMPLEMENTED] = { "feature-not-implemented", HG_ERROR_CANCEL, 501,
		405 },
	[HG_COND_FORBIDDEN] = { "forbidden", HG_ERROR_AUTH, 603, 403 },
	[HG_COND_GONE] = { "gone", HG_ERROR_CANCEL, 410, 410 },
	[HG_COND_INTERNAL_SERVER_ERROR] = { "internal-server-error", HG_ERROR_CANCEL, 500, 500 },
	[HG_COND_ITEM_NOT_FOUND] = { "item-not-found", HG_ERROR_CANCEL, 604, 404 },
	[HG_COND_JID_MALFORMED] = { "jid-malformed", HG_ERROR_MODIFY, 400, 400 },
	[HG_COND_NOT_ACCEPTABLE] = { "not-acceptable", HG_ERROR_MODIFY, 606, 406 },
	[HG_COND_NOT_ALLOWED] = { "not-allowed", HG_ERROR_CANCEL, 403, 403 },
	[HG_COND_NOT_AUTHORIZED] = { "not-authorized", HG_ERROR_AUTH, 401, 401 },
	[HG_COND_POLICY_VIOLATION] = { "policy-violation", HG_ERROR_MODIFY, 403, 403 },
	[HG_COND_RECIPIENT_UNAVAILABLE] = { "recipient-unavailable", HG_ERROR_WAIT, 600, 480 },
	[HG_COND_REDIRECT] = { "redirect", HG_ERROR_MODIFY, 302, 302 },
	[HG_COND_REGISTRATION_REQUIRED] = { "registration-required", HG_ERROR_AUTH, 407, 407 },
	[HG_COND_REMOTE_SERVER_NOT_FOUND] = { "remote-server-not-found", HG_ERROR_CANCEL, 404,
		404 },
	[HG_COND_REMOTE_SERVER_TIMEOUT] = { "remote-server-timeout", HG_ERROR_WAIT, 408, 408 },
	[HG_COND_RESOURCE_CONSTRAINT] = { "resource-constraint", HG_ERROR_WAIT, 500, 500 },
	/* of the two that there are: a device does not do it, a user may not have it */
	[HG_COND_SERVICE_UNAVAILABLE] = { "service-unavailable", HG_ERROR_CANCEL, 403, 405 },
	[HG_COND_SUBSCRIPTION_REQUIRED] = { "subscription-required", HG_ERROR_AUTH, 400, 400 },
	[HG_COND_UNDEFINED_CONDITION] = { "undefined-condition", HG_ERROR_CANCEL, 400, 400 },
	[HG_COND_UNEXPECTED_REQUEST] = { "unexpected-request", HG_ERROR_WAIT, 400, 400 },
};

unsigned hg_error_to_sip(const struct hg_xmpp_error *e)
{
	if (e->condition == HG_COND_GONE && e->address != HG_NO_ADDRESS)
		return 301;
	if (e->condition == HG_COND_REMOTE_SERVER_NOT_FOUND && e->unresolved)
		return 408;
	/* not now, but later: two requests met */
	if (e->condition == HG_COND_UNEXPECTED_REQUEST && e->type == HG_ERROR_WAIT)
		return 491;
	return e->full ? conditions[e->condition].full : conditions[e->condition].bare;
}

bool hg_error_is_nobody(const struct hg_xmpp_error *e)
{
	return e->condition == HG_COND_ITEM_NOT_FOUND || e->condition == HG_COND_GONE ||
		e->condition == HG_COND_JID_MALFORMED;
}

const char *hg_condition_name(enum hg_condition c)
{
	return conditions[c].name;
}

enum hg_condition hg_condition_find(struct hg_str name)
{
	int c = 0;

	while (c < HG_CONDITIONS && !hg_str_is(name, conditions[c].name))
		c++;
	return c < HG_CONDITIONS ? (enum hg_condition)c : HG_COND_UNDEFINED_CONDITION;
}

enum hg_error_type hg_condition_type(enum hg_condition c)
{
	return conditions[c].type;
}

const char *hg_error_type_name(enum hg_error_type type)
{
	static const char *const names[] = { [HG_ERROR_AUTH] = "auth",
		[HG_ERROR_CANCEL] = "cancel",
		[HG_ERROR_MODIFY] = "modify",
		[HG_ERROR_WAIT] = "wait" };

	return names[type];
}

/* ---- SIP to XMPP ---- */

static const struct status {
	unsigned status;
	enum hg_condition condition;
	enum hg_new_address address;
} statuses[] = {
	{ 301, HG_COND_GONE, HG_HAS_ADDRESS },
	{ 380, HG_COND_NOT_ACCEPTABLE, HG_NO_ADDRESS },
	{ 401, HG_COND_NOT_AUTHORIZED, HG_NO_ADDRESS },
	{ 403, HG_COND_FORBIDDEN, HG_NO_ADDRESS },
	{ 404, HG_COND_ITEM_NOT_FOUND, HG_NO_ADDRESS },
	{ 405, HG_COND_FEATURE_NOT_IMPLEMENTED, HG_NO_ADDRESS },
	{ 406, HG_COND_NOT_ACCEPTABLE, HG_NO_ADDRESS },
	{ 407, HG_COND_REGISTRATION_REQUIRED, HG_NO_ADDRESS },
	{ 408, HG_COND_REMOTE_SERVER_TIMEOUT, HG_NO_ADDRESS },
	{ 410, HG_COND_GONE, HG_NO_ADDRESS },
	{ 413, HG_COND_POLICY_VIOLATION, HG_NO_ADDRESS },
	{ 414, HG_COND_POLICY_VIOLATION, HG_NO_ADDRESS },
	{ 415, HG_COND_NOT_ACCEPTABLE, HG_NO_ADDRESS },
	{ 416, HG_COND_NOT_ACCEPTABLE, HG_NO_ADDRESS },
	{ 420, HG_COND_FEATURE_NOT_IMPLEMENTED, HG_NO_ADDRESS },
	{ 421, HG_COND_NOT_ACCEPTABLE, HG_NO_ADDRESS },
	{ 423, HG_COND_RESOURCE_CONSTRAINT, HG_NO_ADDRESS },
	{ 430, HG_COND_RECIPIENT_UNAVAILABLE, HG_NO_ADDRESS },
	{ 439, HG_COND_FEATURE_NOT_IMPLEMENTED, HG_NO_ADDRESS },
	{ 440, HG_COND_POLICY_VIOLATION, HG_NO_ADDRESS },
	{ 480, HG_COND_RECIPIENT_UNAVAILABLE, HG_NO_ADDRESS },
	{ 481, HG_COND_ITEM_NOT_FOUND, HG_NO_ADDRESS },
	{ 482, HG_COND_NOT_ACCEPTABLE, HG_NO_ADDRESS },
	{ 483, HG_COND_NOT_ACCEPTABLE, HG_NO_ADDRESS },
	{ 484, HG_COND_ITEM_NOT_FOUND, HG_NO_ADDRESS },
	{ 485, HG_COND_ITEM_NOT_FOUND, HG_NO_ADDRESS },
	{ 486, HG_COND_RECIPIENT_UNAVAILABLE, HG_NO_ADDRESS },
	{ 487, HG_COND_RECIPIENT_UNAVAILABLE, HG_NO_ADDRESS },
	{ 488, HG_COND_NOT_ACCEPTABLE, HG_NO_ADDRESS },
	{ 489, HG_COND_POLICY_VIOLATION, HG_NO_ADDRESS },
	{ 491, HG_COND_UNEXPECTED_REQUEST, HG_NO_ADDRESS },
	{ 501, HG_COND_FEATURE_NOT_IMPLEMENTED, HG_NO_ADDRESS },
	{ 502, HG_COND_REMOTE_SERVER_NOT_FOUND, HG_NO_ADDRESS },
	{ 504, HG_COND_REMOTE_SERVER_TIMEOUT, HG_NO_ADDRESS },
	{ 505, HG_COND_NOT_ACCEPTABLE, HG_NO_ADDRESS },
	{ 513, HG_COND_POLICY_VIOLATION, HG_NO_ADDRESS },
	{ 604, HG_COND_ITEM_NOT_FOUND, HG_NO_ADDRESS },
	{ 606, HG_COND_NOT_ACCEPTABLE, HG_NO_ADDRESS },
};

/* All others of a class are its first (RFC 3261 8.1.3.2). */
static const struct status classes[] = {
	{ 3, HG_COND_REDIRECT, HG_MAY_HAVE_ADDRESS },
	{ 4, HG_COND_BAD_REQUEST, HG_NO_ADDRESS },
	{ 5, HG_COND_INTERNAL_SERVER_ERROR, HG_NO_ADDRESS },
	{ 6, HG_COND_RECIPIENT_UNAVAILABLE, HG_NO_ADDRESS },
};

bool hg_error_to_xmpp(unsigned status, struct hg_xmpp_error *ret)
{
	const struct status *s = NULL;

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]) && !s; i++)
		s = statuses[i].status == status ? &statuses[i] : NULL;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]) && !s; i++)
		s = classes[i].status == status / 100 ? &classes[i] : NULL;
	if (!s)
		return false;
	*ret = (struct hg_xmpp_error){ .condition = s->condition,
		.type = hg_condition_type(s->condition),
		.address = s->address };
	return true;
}

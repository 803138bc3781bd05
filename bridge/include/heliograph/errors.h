/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one protocol calls an error, in the words of the other: RFC 7247 7, with the types of RFC 6120 8.3.3.
 *
 * Nothing is sent because of an error that answers an error. A Reason-Phrase and an XMPP <text/> say the same, if it is text that
 * the other protocol can carry.
 */
#pragma once

#include <heliograph/base.h>

/* Stanza error conditions, in the order of RFC 6120 8.3.3. */
enum hg_condition {
	HG_COND_BAD_REQUEST,
	HG_COND_CONFLICT,
	HG_COND_FEATURE_NOT_IMPLEMENTED,
	HG_COND_FORBIDDEN,
	HG_COND_GONE,
	HG_COND_INTERNAL_SERVER_ERROR,
	HG_COND_ITEM_NOT_FOUND,
	HG_COND_JID_MALFORMED,
	HG_COND_NOT_ACCEPTABLE,
	HG_COND_NOT_ALLOWED,
	HG_COND_NOT_AUTHORIZED,
	HG_COND_POLICY_VIOLATION,
	HG_COND_RECIPIENT_UNAVAILABLE,
	HG_COND_REDIRECT,
	HG_COND_REGISTRATION_REQUIRED,
	HG_COND_REMOTE_SERVER_NOT_FOUND,
	HG_COND_REMOTE_SERVER_TIMEOUT,
	HG_COND_RESOURCE_CONSTRAINT,
	HG_COND_SERVICE_UNAVAILABLE,
	HG_COND_SUBSCRIPTION_REQUIRED,
	HG_COND_UNDEFINED_CONDITION,
	HG_COND_UNEXPECTED_REQUEST,
	HG_CONDITIONS
};

enum hg_error_type { HG_ERROR_AUTH, HG_ERROR_CANCEL, HG_ERROR_MODIFY, HG_ERROR_WAIT };

const char *hg_condition_name(enum hg_condition); /* "bad-request" */
/* What is no condition of RFC 6120 is HG_COND_UNDEFINED_CONDITION. */
enum hg_condition hg_condition_find(struct hg_str name);
const char *hg_error_type_name(enum hg_error_type); /* "auth" */
/* The type that goes with the condition; where RFC 6120 has two, the first. */
enum hg_error_type hg_condition_type(enum hg_condition);

/* An address that the error says is to be used instead: Contact, or the content of <gone/> and <redirect/>. */
enum hg_new_address { HG_NO_ADDRESS, HG_MAY_HAVE_ADDRESS, HG_HAS_ADDRESS };

struct hg_xmpp_error {
	enum hg_condition condition;
	enum hg_error_type type;
	bool full;       /* it is about a full JID */
	bool unresolved; /* HG_COND_REMOTE_SERVER_NOT_FOUND: nobody could say whether there is one */
	enum hg_new_address address; /* HG_COND_GONE */
};

/* There is nobody at that address, until somebody says otherwise; not: nobody could say. */
bool hg_error_is_nobody(const struct hg_xmpp_error *);
/* The status of the response; never 503, which would condemn the whole server for one user. */
unsigned hg_error_to_sip(const struct hg_xmpp_error *);
/*
 * false: no error (1xx, 2xx), or no status at all. `ret->address`: HG_HAS_ADDRESS must be written with one (without one, it
 * is as for 410), HG_MAY_HAVE_ADDRESS with one if the response has it, HG_NO_ADDRESS never. `full` and `unresolved` are
 * false.
 */
bool hg_error_to_xmpp(unsigned status, struct hg_xmpp_error *ret);

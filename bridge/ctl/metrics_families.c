/* SPDX-License-Identifier: Apache-2.0 */
/* Every metric there is. The manual page's list is made from this; tests/check_events.py finds what
 * is missing. */
#include "bridge/ctl/metrics.h"

#define COUNT(name_, labels_, help_) \
	{ \
		.name = (name_), .kind = HG_COUNTER, .labels = (labels_), .help = (help_) \
	}
#define GAUGE(name_, labels_, help_) \
	{ \
		.name = (name_), .kind = HG_GAUGE, .labels = (labels_), .help = (help_) \
	}

const struct hg_metric hg_metric_families[] = {
	/* the process */
	GAUGE("build_info", "version", "Always 1; the version that runs."),
	GAUGE("uptime_seconds", "", "Since the start."),
	GAUGE("resident_memory_bytes", "", "Memory that the process occupies."),
	GAUGE("open_fds", "", "File descriptors in use."),
	GAUGE("max_fds", "", "File descriptors that the process may have open."),
	COUNT("log_events_total", "event, level",
		"Events of the log, whether or not their level is written."),
	COUNT("series_refused_total", "",
		"Counts that were lost: malformed, or too many different ones."),

	COUNT("reloads_total", "result",
		"Times that the configuration was read again, by whether it was good: ok, failed."),
	GAUGE("restart_needed", "",
		"1 if the configuration as last read says something that waits for a restart, else 0."),

	/* the core */
	GAUGE("persons", "", "People whose home is here."),
	GAUGE("endpoints", "", "Devices that are signed in."),
	GAUGE("watches", "", "Pairs of somebody who watches and somebody who is watched."),
	GAUGE("outlets", "",
		"Places where somebody is shown: subscriptions of clients, watchers behind a route."),
	GAUGE("publications", "", "Pieces of presence that people at home have published."),
	GAUGE("lanes", "", "Ways to peers: connections of clients, links of routes."),
	GAUGE("waiting", "", "Outlets that wait for their peer to take more."),
	GAUGE("route_up", "adapter, domain",
		"1 while the link of a route is up, 0 while it is down."),
	COUNT("renders_total", "", "Parts of views that were written in some format."),
	COUNT("renders_shared_total", "",
		"Parts of views that were there already for somebody else."),
	COUNT("renders_kept_total", "",
		"Parts of views that another mapping table would have written the same."),
	COUNT("parcels_handed_total", "",
		"Messages about presence that were handed to an adapter."),
	COUNT("presence_unasked_total", "",
		"Presence from a route that nobody here had asked for; dropped."),
	COUNT("route_forbidden_total", "",
		"What a route said of people that do not live behind it; dropped."),
	COUNT("directory_searches_total", "", "Searches of the directory by clients."),

	/* what reached a limit of the configuration, or was not there */
	COUNT("limit_users_total", "", "Sign-ins refused: limits, users."),
	COUNT("limit_addresses_total", "", "Addresses refused: limits, addresses."),
	COUNT("limit_watches_total", "", "Watches refused: limits, watches."),
	COUNT("limit_directed_total", "", "Directed presences dropped: limits, watches."),
	COUNT("limit_endpoints_total", "", "Devices refused: limits, endpoints."),
	COUNT("limit_publications_total", "", "Publications refused: limits, publications."),
	COUNT("limit_containers_total", "", "Containers refused: limits, containers."),
	COUNT("limit_members_total", "", "Members of containers refused: limits, members."),
	COUNT("limit_contacts_total", "", "Contacts refused: limits, contacts."),
	COUNT("limit_groups_total", "", "Groups of contacts refused: limits, groups."),
	COUNT("limit_delegates_total", "", "Delegates refused: limits, delegates."),
	COUNT("limit_aspects_total", "",
		"What remote people say beside their presence, left out: more than four kinds."),
	COUNT("limit_faces_total", "", "Resources of remote people left out: limits, faces."),
	COUNT("limit_prompts_total", "",
		"Watchers that were not brought before the person: limits, prompts."),
	COUNT("limit_watchers_total", "",
		"Lists of watchers that were cut short: limits, watchers."),
	COUNT("limit_queue_total", "", "Requests put off: limits, queue."),

	/* the store */
	GAUGE("store_failing", "", "1 if the last commit failed, else 0."),
	COUNT("store_commits_total", "result",
		"Commits, by whether they became durable: ok, failed."),
	COUNT("commits_failed_total", "",
		"Requests that were refused because their commit failed."),
	COUNT("hints_failed_total", "",
		"Times that soft facts could not be written for the next start."),

	/* sip */
	COUNT("sip_requests_total", "", "SIP requests received."),
	COUNT("sip_refused_total", "code",
		"SIP requests that were not answered with 200, by status code."),
	COUNT("sip_answers_not_kept_total", "",
		"Datagrams whose answer could not be kept for who did not get it, by sip: limits: answers."),
	COUNT("sip_sent_total", "kind", "SIP messages sent, by kind: request, response."),
	COUNT("sip_notifications_total", "", "Notifications sent to SIP clients."),
	COUNT("sip_publications_sent_total", "",
		"Publications of people's presence sent to SIP peers, refreshed ones among them."),
	COUNT("sip_publications_failed_total", "", "Publications that a SIP peer did not take."),
	COUNT("sip_publications_replaced_total", "",
		"Publications to us that a phone made anew, in place of changing the one that it had."),
	COUNT("sip_subscriptions_failed_total", "",
		"Subscriptions that a SIP peer refused, or did not answer."),
	COUNT("sip_documents_unread_total", "",
		"Presence documents of SIP peers that could not be read."),
	COUNT("sip_documents_of_others_total", "",
		"Presence documents of SIP peers about somebody else than was asked about."),
	COUNT("sip_closed_total", "why",
		"SIP connections that were closed from this side, by reason."),

	/* xmpp */
	COUNT("xmpp_connects_total", "", "Times that a component link came up."),
	COUNT("xmpp_presence_received_total", "", "Presence stanzas received."),
	COUNT("xmpp_presence_sent_total", "", "Presence stanzas sent."),
	COUNT("xmpp_presence_errors_total", "", "Presence stanzas of type error received."),
	COUNT("xmpp_presence_errors_sent_total", "",
		"Watchers told that somebody has moved, or is gone for good."),
	COUNT("xmpp_iq_received_total", "", "Queries received."),
	COUNT("xmpp_messages_received_total", "", "Messages received; they are not relayed."),
	COUNT("xmpp_events_received_total", "",
		"Activities, moods and places that people told their contacts of."),
	COUNT("xmpp_privileges_total", "",
		"Times that an XMPP server said what it lets us do in its users' names."),
	COUNT("xmpp_blocks_carried_total", "to",
		"Addresses blocked or not any more because a user has done so in a linked account, or here, by where: "
		"here, there."),
	COUNT("xmpp_block_lists_failed_total", "",
		"Block lists of linked accounts that could not be read, or not be changed."),
	COUNT("xmpp_refused_total", "", "Stanzas answered with an error."),
	COUNT("xmpp_dropped_total", "reason",
		"Stanzas dropped: bad-from, bad-to, foreign-to, own-from, bad-presence, stray-answer."),
	COUNT("xmpp_illegal_total", "element",
		"Elements with an illegal value, left out: show, priority, idle."),
	COUNT("xmpp_status_cut_total", "", "Status texts cut because they were too long."),
	COUNT("xmpp_status_dropped_total", "",
		"Status texts left out: too many languages, or not readable."),

	/* this port itself */
	COUNT("http_requests_total", "code",
		"GET and HEAD requests to the HTTP port, by status code."),
	{ .name = NULL },
};

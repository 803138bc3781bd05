/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libheliograph-client: presence for applications, over the control socket of a Heliograph on the same machine.
 * heliograph-client(3) has more of each function, and an example.
 *
 * Whoever may use the control socket (heliograph(8), FILES) may do all of this in everybody's name.
 *
 * Texts are UTF-8 and NUL-terminated; addresses are user@domain, also with "sip:". What is passed in is copied. Results belong
 * to the caller until the function of the same name that ends in _free; NULL is fine there. A handle is used by one thread at a
 * time. Functions wait for the daemon's answer, 30 s at most. Running out of memory ends the process.
 */
#ifndef HELIOGRAPH_CLIENT_H
#define HELIOGRAPH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HELIOGRAPH_API __attribute__((visibility("default")))

#define HELIOGRAPH_SOCKET "/run/heliograph/control.sock"

/* What functions return; after all but the first heliograph_client_error says why. */
enum heliograph_result {
	HELIOGRAPH_OK = 0,
	HELIOGRAPH_NOT_DONE = -1, /* no such user, a limit, the store fails: nothing has changed */
	HELIOGRAPH_WRONG = -2,    /* the request makes no sense, and will not tomorrow */
	HELIOGRAPH_UNREACHABLE =
		-3 /* no daemon, no permission, or no whole answer: it may be done or not */
};

/* ---- the handle ---- */

typedef struct heliograph_client heliograph_client;

/* Nothing is connected yet. NULL: HELIOGRAPH_SOCKET. */
HELIOGRAPH_API heliograph_client *heliograph_client_new(const char *socket_path);
HELIOGRAPH_API void heliograph_client_free(heliograph_client *);
/* What the daemon said, or what kept it from saying anything; "" after a success. Until the next call with this handle or a
 * subscription of it. */
HELIOGRAPH_API const char *heliograph_client_error(const heliograph_client *);

/* ---- publishing in a user's name ---- */

enum heliograph_expiry {
	HELIOGRAPH_STATIC,   /* until it is removed, also over a restart */
	HELIOGRAPH_ENDPOINT, /* until this device of his has signed off */
	HELIOGRAPH_USER,     /* until his last device has signed off */
	HELIOGRAPH_TIME      /* for so many seconds */
};

/* The application's own instance of a category, which `heliograph show` marks as such. Else a number from 0 to 4294967295. */
#define HELIOGRAPH_OWN_INSTANCE (-1)

struct heliograph_publication {
	const char *category;      /* "note", "contactCard" ... */
	const uint16_t *container; /* into each of these */
	size_t ncontainers;
	int64_t instance;
	enum heliograph_expiry expiry;
	uint32_t seconds; /* HELIOGRAPH_TIME: at most a year; else 0 */
	const char *xml;  /* the element of the category: at most 32 KiB. NULL: removed */
};

/* All of them or none, at most 256, a container each. What is there under the same category, container and instance is
 * replaced. `endpoint`: the device for HELIOGRAPH_ENDPOINT, as `heliograph show` names it; else NULL. */
HELIOGRAPH_API int heliograph_publish(heliograph_client *, const char *person, const char *endpoint,
	const struct heliograph_publication *, size_t n);
/* Removes them; category, containers and instance are looked at (of states the instance must be said).
 * HELIOGRAPH_NOT_DONE: none of them was there. */
HELIOGRAPH_API int heliograph_remove(
	heliograph_client *, const char *person, const struct heliograph_publication *, size_t n);

/* ---- views: what a watcher is shown ---- */

struct heliograph_document {
	const char *category;
	uint32_t instance;
	const char *published; /* "2026-11-21T19:42:54.123Z"; NULL: not known */
	const char *xml;
};

struct heliograph_view {
	const char *watcher, *person;
	/* "known"; "unknown": the way there is broken; "pending": not allowed yet; "refused"; "nobody"; of a subscription also
	 * "ended": there will be no more of this person */
	const char *standing;
	uint32_t
		availability; /* EP: 3500 available, 6500 busy, 9500 do not disturb, 15500 away, 18500 offline; 0 unknown */
	const char *band;        /* "available", "busy-idle" ... "unknown" */
	const char *activity;    /* "on-the-phone"; NULL none */
	const char *last_active; /* like `published`; NULL: active, or not known */
	const char *note;        /* NULL none */
	const struct heliograph_document *document; /* of one category the newest last */
	size_t ndocuments;
	const char *const *changed; /* of a subscription: "presence" and names of categories */
	size_t nchanged;
	const char *json; /* all of it, as the daemon wrote it: heliograph(8), view and watch */
};

/* As it is now, or would be if the watcher asked. `categories`: names with commas, "all", or NULL for no documents. */
HELIOGRAPH_API int heliograph_view_get(heliograph_client *, const char *watcher, const char *person,
	const char *categories, struct heliograph_view **ret);
HELIOGRAPH_API void heliograph_view_free(struct heliograph_view *);

/* ---- subscriptions ---- */

typedef struct heliograph_subscription heliograph_subscription;

/* What the watcher, a user, is shown of these persons: a view of each at once, then one whenever it changes. Each is the whole;
 * who does not look for a while gets the newest and not those between. */
HELIOGRAPH_API int heliograph_subscribe(heliograph_client *, const char *watcher,
	const char *const *person, size_t npersons, const char *categories,
	heliograph_subscription **ret);
/* For poll(2) and event loops: when it is readable call heliograph_subscription_next with timeout 0 until it returns 0. It is
 * neither read nor closed by anybody else. */
HELIOGRAPH_API int heliograph_subscription_fd(const heliograph_subscription *);
/* Waits at most so many ms, -1: for ever. 1 and a view; 0: none in that time; HELIOGRAPH_UNREACHABLE: it is over, subscribe
 * anew. The client must still be there. */
HELIOGRAPH_API int heliograph_subscription_next(
	heliograph_subscription *, int timeout, struct heliograph_view **ret);
HELIOGRAPH_API void heliograph_subscription_free(heliograph_subscription *);

/* ---- contact lists ---- */

struct heliograph_contact {
	const char *address;
	const char *name; /* "" none */
	const char *const *group;
	size_t ngroups;
	bool subscribed; /* the owner wants to see him */
};

struct heliograph_contacts {
	const struct heliograph_contact *contact;
	size_t n;
};

HELIOGRAPH_API int heliograph_contacts_list(
	heliograph_client *, const char *owner, struct heliograph_contacts **ret);
HELIOGRAPH_API void heliograph_contacts_free(struct heliograph_contacts *);
/* Adds him, or changes what is not NULL. The group is made if it is not there, and is then his only one. */
HELIOGRAPH_API int heliograph_contact_set(heliograph_client *, const char *owner,
	const char *address, const char *name, const char *group);
/* HELIOGRAPH_NOT_DONE: he is none. */
HELIOGRAPH_API int heliograph_contact_delete(
	heliograph_client *, const char *owner, const char *address);

/* ---- containers ---- */

struct heliograph_container {
	uint16_t id;
	uint32_t version; /* grows with each change */
	const char *const *
		member; /* "user:a@b.example", "domain:b.example", "sameEnterprise", "federated", "publicCloud", "everyone" */
	size_t nmembers;
};

struct heliograph_containers {
	const struct heliograph_container *container;
	size_t n;
};

HELIOGRAPH_API int heliograph_containers_list(
	heliograph_client *, const char *person, struct heliograph_containers **ret);
HELIOGRAPH_API void heliograph_containers_free(struct heliograph_containers *);
/* All of them or none, from 4 to 32767; a container that is not there is made, a member that is there or not there already is
 * passed over. */
HELIOGRAPH_API int heliograph_container_add(heliograph_client *, const char *person,
	uint16_t container, const char *const *member, size_t nmembers);
HELIOGRAPH_API int heliograph_container_remove(heliograph_client *, const char *person,
	uint16_t container, const char *const *member, size_t nmembers);

/* ---- relationships ---- */

/* The numbers of their containers. */
enum heliograph_level {
	HELIOGRAPH_DEFAULT = 0, /* by himself in none: what goes for his domain */
	HELIOGRAPH_EXTERNAL = 100,
	HELIOGRAPH_COLLEAGUES = 200,
	HELIOGRAPH_WORKGROUP = 300,
	HELIOGRAPH_FRIENDS = 400,
	HELIOGRAPH_BLOCKED = 32000
};

/* The container in which the watcher is, whatever brought him there; -1: the person lives elsewhere, and it is decided there. */
HELIOGRAPH_API int heliograph_relationship_get(
	heliograph_client *, const char *watcher, const char *person, int *ret_container);
HELIOGRAPH_API int heliograph_relationship_set(
	heliograph_client *, const char *watcher, const char *person, enum heliograph_level);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Every function of libheliograph-client, as an application calls it; test_client_library.py compiles it against what was
 * installed and runs it: SOCKET. Ends with 0, or says at which line the library did something else. */
#include <heliograph-client.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALICE "alice@corp.example"
#define CAROL "carol@corp.example"
#define ROMEO "romeo@xmpp.example"
#define NOTE(text) \
	"<note xmlns=\"http://schemas.microsoft.com/2006/09/sip/note\"><body>" text "</body></note>"

static heliograph_client *client;

static void check(int line, bool good)
{
	if (good)
		return;
	printf("client_calls.c:%d: not so; the last error: %s\n", line,
		heliograph_client_error(client));
	exit(1);
}

#define CHECK(what) check(__LINE__, what)
#define SAID(text) (strstr(heliograph_client_error(client), text) != NULL)

static const uint16_t to[] = { 200, 300 };

static struct heliograph_publication note(const char *xml)
{
	return (struct heliograph_publication){ .category = "note",
		.container = to,
		.ncontainers = 2,
		.instance = HELIOGRAPH_OWN_INSTANCE,
		.xml = xml };
}

static void publish(void)
{
	struct heliograph_publication p[2] = { note(NOTE("one")), note(NOTE("two")) };
	struct heliograph_view *view;

	p[1].instance = 7;
	p[1].expiry = HELIOGRAPH_TIME;
	p[1].seconds = 3600;
	CHECK(heliograph_publish(client, ALICE, NULL, p, 2) == HELIOGRAPH_OK);
	CHECK(heliograph_client_error(client)[0] == '\0');
	CHECK(heliograph_view_get(client, CAROL, ALICE, "note,contactCard", &view) ==
		HELIOGRAPH_OK);
	CHECK(strcmp(view->watcher, CAROL) == 0 && strcmp(view->person, ALICE) == 0);
	CHECK(strcmp(view->standing, "known") == 0 && strcmp(view->band, "offline") == 0);
	CHECK(view->availability == 18500 && !view->activity && strcmp(view->note, "two") == 0);
	CHECK(view->ndocuments == 2 && view->nchanged == 0);
	CHECK(strcmp(view->document[1].xml, NOTE("two")) == 0 && view->document[1].instance == 7);
	CHECK(strcmp(view->document[0].category, "note") == 0 && view->document[0].published);
	CHECK(strstr(view->json, "\"watcher\":\"" CAROL "\"") != NULL);
	heliograph_view_free(view);

	/* One goes, one comes, or neither. */
	p[0].xml = NULL;
	p[1].xml = "<wrong/>";
	CHECK(heliograph_publish(client, ALICE, NULL, p, 2) == HELIOGRAPH_WRONG);
	CHECK(SAID("payload is not element 'note'"));
	p[1].xml = NOTE("three");
	CHECK(heliograph_publish(client, ALICE, NULL, p, 2) == HELIOGRAPH_OK);
	CHECK(heliograph_view_get(client, CAROL, ALICE, "all", &view) == HELIOGRAPH_OK);
	CHECK(strcmp(view->note, "three") == 0);
	heliograph_view_free(view);
	CHECK(heliograph_remove(client, ALICE, &p[1], 1) == HELIOGRAPH_OK);
	CHECK(heliograph_remove(client, ALICE, &p[1], 1) == HELIOGRAPH_NOT_DONE);
	CHECK(SAID("nothing of that kind"));
	CHECK(heliograph_view_get(client, CAROL, ALICE, NULL, &view) == HELIOGRAPH_OK);
	CHECK(!view->note && view->ndocuments == 0);
	heliograph_view_free(view);
}

static void refusals(void)
{
	struct heliograph_publication p = note(NOTE("x"));
	struct heliograph_view *view;

	CHECK(heliograph_publish(client, "nobody@corp.example", NULL, &p, 1) ==
		HELIOGRAPH_NOT_DONE);
	CHECK(SAID("no such user"));
	CHECK(heliograph_publish(client, ALICE, NULL, &p, 0) == HELIOGRAPH_WRONG);
	p.expiry = HELIOGRAPH_USER;
	CHECK(heliograph_publish(client, ALICE, NULL, &p, 1) == HELIOGRAPH_NOT_DONE);
	CHECK(SAID("nobody is signed in"));
	p.expiry = HELIOGRAPH_ENDPOINT;
	CHECK(heliograph_publish(client, ALICE, "desk", &p, 1) == HELIOGRAPH_NOT_DONE);
	CHECK(SAID("there is no endpoint"));
	p.category = NULL;
	CHECK(heliograph_publish(client, ALICE, NULL, &p, 1) == HELIOGRAPH_WRONG);
	CHECK(heliograph_view_get(client, CAROL, "no\xff", NULL, &view) == HELIOGRAPH_WRONG &&
		!view);
	CHECK(SAID("not UTF-8"));
	CHECK(heliograph_view_get(client, CAROL, ALICE, "mood", &view) == HELIOGRAPH_WRONG &&
		!view);
	CHECK(SAID("no category 'mood'"));
}

static void next(heliograph_subscription *s, const char *person, const char *text)
{
	struct heliograph_view *view;

	CHECK(heliograph_subscription_next(s, 30000, &view) == 1);
	CHECK(strcmp(view->person, person) == 0);
	CHECK(text ? view->note && strcmp(view->note, text) == 0 : !view->note);
	CHECK(view->nchanged > 0 && strcmp(view->changed[0], "presence") == 0);
	heliograph_view_free(view);
}

static void subscribe(void)
{
	static const char *const both[] = { ALICE, CAROL }, *const bad[] = { ALICE, "x" };
	struct heliograph_publication p = note(NOTE("seen"));
	heliograph_subscription *s;
	struct heliograph_view *view;

	CHECK(heliograph_subscribe(client, CAROL, bad, 2, NULL, &s) == HELIOGRAPH_WRONG && !s);
	CHECK(SAID("'x' is no address"));
	CHECK(heliograph_subscribe(client, ROMEO, both, 2, NULL, &s) == HELIOGRAPH_NOT_DONE && !s);
	CHECK(SAID("is no user here"));
	CHECK(heliograph_subscribe(client, CAROL, both, 2, "note", &s) == HELIOGRAPH_OK);
	CHECK(heliograph_subscription_fd(s) >= 0);
	next(s, ALICE, NULL);
	next(s, CAROL, NULL);
	CHECK(heliograph_subscription_next(s, 0, &view) == 0 && !view);
	CHECK(heliograph_publish(client, ALICE, NULL, &p, 1) == HELIOGRAPH_OK);
	next(s, ALICE, "seen");
	CHECK(heliograph_remove(client, ALICE, &p, 1) == HELIOGRAPH_OK);
	next(s, ALICE, NULL);
	CHECK(heliograph_subscription_next(s, 1, &view) == 0 && !view);
	heliograph_subscription_free(s);
	heliograph_subscription_free(NULL);
}

static void contacts(void)
{
	struct heliograph_contacts *list;

	CHECK(heliograph_contact_set(client, ALICE, CAROL, NULL, NULL) == HELIOGRAPH_OK);
	CHECK(heliograph_contact_set(client, ALICE, ROMEO, "Romeo", "Verona") == HELIOGRAPH_OK);
	CHECK(heliograph_contacts_list(client, ALICE, &list) == HELIOGRAPH_OK && list->n == 2);
	for (size_t i = 0; i < list->n; i++) {
		const struct heliograph_contact *k = &list->contact[i];
		bool romeo = strcmp(k->address, ROMEO) == 0;

		CHECK(romeo || strcmp(k->address, CAROL) == 0);
		CHECK(strcmp(k->name, romeo ? "Romeo" : "") == 0 && k->subscribed);
		CHECK(k->ngroups == 1 && strcmp(k->group[0], romeo ? "Verona" : "~") == 0);
	}
	heliograph_contacts_free(list);
	CHECK(heliograph_contact_delete(client, ALICE, CAROL) == HELIOGRAPH_OK);
	CHECK(heliograph_contact_delete(client, ALICE, CAROL) == HELIOGRAPH_NOT_DONE);
	CHECK(heliograph_contacts_list(client, ALICE, &list) == HELIOGRAPH_OK && list->n == 1);
	heliograph_contacts_free(list);
	CHECK(heliograph_contacts_list(client, ROMEO, &list) == HELIOGRAPH_NOT_DONE && !list);
	heliograph_contacts_free(list);
}

/* The members of one, or NULL if there is no such container. */
static const struct heliograph_container *find(
	const struct heliograph_containers *list, uint16_t id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->container[i].id == id)
			return &list->container[i];
	return NULL;
}

static void containers(void)
{
	static const char *const members[] = { "user:" ROMEO, "domain:partner.example",
		"everyone" };
	static const char *const bad[] = { "everyone", "nobody" };
	struct heliograph_containers *list;
	const struct heliograph_container *k;

	CHECK(heliograph_container_add(client, ALICE, 500, members, 3) == HELIOGRAPH_OK);
	CHECK(heliograph_container_remove(client, ALICE, 500, members, 1) == HELIOGRAPH_OK);
	CHECK(heliograph_container_remove(client, ALICE, 500, bad, 2) == HELIOGRAPH_WRONG);
	CHECK(SAID("'nobody' is no member"));
	CHECK(heliograph_container_add(client, ALICE, 3, members, 1) == HELIOGRAPH_WRONG);
	CHECK(heliograph_containers_list(client, ALICE, &list) == HELIOGRAPH_OK);
	CHECK(find(list, 100) && strcmp(find(list, 100)->member[0], "federated") == 0);
	k = find(list, 500);
	CHECK(k && k->nmembers == 2 && k->version == 2);
	for (size_t i = 0; i < 2; i++)
		CHECK(strcmp(k->member[i], members[1]) == 0 ||
			strcmp(k->member[i], members[2]) == 0);
	heliograph_containers_free(list);
	CHECK(heliograph_containers_list(client, ROMEO, &list) == HELIOGRAPH_NOT_DONE && !list);
	heliograph_containers_free(list);
}

static void relationships(void)
{
	static const enum heliograph_level levels[] = { HELIOGRAPH_COLLEAGUES, HELIOGRAPH_WORKGROUP,
		HELIOGRAPH_FRIENDS, HELIOGRAPH_BLOCKED, HELIOGRAPH_EXTERNAL };
	int container;

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		CHECK(heliograph_relationship_set(client, ROMEO, ALICE, levels[i]) ==
			HELIOGRAPH_OK);
		CHECK(heliograph_relationship_get(client, ROMEO, ALICE, &container) ==
			HELIOGRAPH_OK);
		CHECK(container == (int)levels[i]);
	}
	CHECK(heliograph_relationship_set(client, ROMEO, ALICE, HELIOGRAPH_DEFAULT) ==
		HELIOGRAPH_OK);
	CHECK(heliograph_relationship_set(client, ROMEO, ALICE, (enum heliograph_level)5) ==
		HELIOGRAPH_WRONG);
	CHECK(heliograph_relationship_get(client, ROMEO, CAROL, &container) == HELIOGRAPH_OK);
	CHECK(container == 100);
	/* alice has him, and what he shows her is decided where he lives */
	CHECK(heliograph_relationship_get(client, ALICE, ROMEO, &container) == HELIOGRAPH_OK);
	CHECK(container == -1);
	CHECK(heliograph_relationship_get(client, CAROL, ROMEO, &container) == HELIOGRAPH_NOT_DONE);
}

static void nobody_there(void)
{
	int container;

	heliograph_client_free(client);
	client = heliograph_client_new("/nonexistent/control.sock");
	CHECK(heliograph_relationship_get(client, ROMEO, ALICE, &container) ==
		HELIOGRAPH_UNREACHABLE);
	CHECK(SAID("no Heliograph is running there"));
	heliograph_client_free(client);
	client = heliograph_client_new(NULL);
	heliograph_client_free(client);
	heliograph_client_free(NULL);
}

int main(int argc, char **argv)
{
	client = heliograph_client_new(argc > 1 ? argv[1] : "");
	publish();
	refusals();
	subscribe();
	contacts();
	containers();
	relationships();
	nobody_there();
	return 0;
}

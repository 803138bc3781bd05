/* SPDX-License-Identifier: Apache-2.0 */
/*
 * On call: while it runs, PERSON's colleagues read that he is on call, and it prints what WATCHER is shown of him.
 *
 *     cc -o on-call on-call.c $(pkg-config --cflags --libs heliograph-client)
 *     ./on-call /run/heliograph/control.sock alice@corp.example bob@corp.example
 *
 * It ends with its standard input.
 */
#include <heliograph-client.h>

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

static const uint16_t colleagues[] = { HELIOGRAPH_COLLEAGUES, HELIOGRAPH_WORKGROUP };

static const struct heliograph_publication on_call = {
	.category = "note",
	.container = colleagues,
	.ncontainers = sizeof(colleagues) / sizeof(colleagues[0]),
	.instance = HELIOGRAPH_OWN_INSTANCE,
	.expiry = HELIOGRAPH_TIME, /* should we die, it does not stand for ever */
	.seconds = 12 * 3600,
	.xml = "<note xmlns=\"http://schemas.microsoft.com/2006/09/sip/note\">"
	       "<body type=\"personal\">On call</body></note>",
};

static int complain(const heliograph_client *client)
{
	fprintf(stderr, "on-call: %s\n", heliograph_client_error(client));
	return 1;
}

/* All that has come. Negative: there will be no more. */
static int print_news(heliograph_subscription *subscription)
{
	struct heliograph_view *view;
	int rc;

	while ((rc = heliograph_subscription_next(subscription, 0, &view)) > 0) {
		printf("%s: %s, %s%s%s\n", view->person, view->standing, view->band,
			view->note ? ", " : "", view->note ? view->note : "");
		fflush(stdout);
		heliograph_view_free(view);
	}
	return rc;
}

/* Until there is no more input. */
static int follow(heliograph_subscription *subscription)
{
	struct pollfd fds[] = { { .fd = heliograph_subscription_fd(subscription),
					.events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN } };
	char ignored[256];
	int rc;

	while ((rc = print_news(subscription)) == 0) {
		if (poll(fds, 2, -1) < 0)
			break;
		if (fds[1].revents && read(STDIN_FILENO, ignored, sizeof(ignored)) <= 0)
			break;
	}
	return rc;
}

static int run(heliograph_client *client, const char *person, const char *watcher)
{
	heliograph_subscription *subscription;
	int rc;

	if (heliograph_publish(client, person, NULL, &on_call, 1) != HELIOGRAPH_OK)
		return complain(client);
	if (heliograph_subscribe(client, watcher, &person, 1, NULL, &subscription) != HELIOGRAPH_OK)
		return complain(client);
	rc = follow(subscription);
	if (rc < 0)
		complain(client);
	heliograph_subscription_free(subscription);
	if (heliograph_remove(client, person, &on_call, 1) != HELIOGRAPH_OK)
		return complain(client);
	return rc < 0;
}

int main(int argc, char **argv)
{
	heliograph_client *client;
	int status;

	if (argc != 4) {
		fprintf(stderr, "Usage: on-call SOCKET PERSON WATCHER\n");
		return 2;
	}
	client = heliograph_client_new(argv[1]);
	status = run(client, argv[2], argv[3]);
	heliograph_client_free(client);
	return status;
}

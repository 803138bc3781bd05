/* SPDX-License-Identifier: Apache-2.0 */
/* Who may ask over the control socket, what comes back, and what a bad asker gets. */
#include "tests/support/support.h"

#include "bridge/client/transport.h"
#include "bridge/ctl/ctl_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct fixture {
	uv_loop_t loop;
	char dir[32], path[48], answer[48];
	struct hg_ctl *ctl;
	int asked;
	struct hg_buf got;
	struct hg_ctl_asker *asker; /* of `later` and `news` */
	int gone, taken;
};

static int show(void *ctx, const json_t *request, struct hg_buf *ret_out)
{
	struct fixture *t = ctx;
	const char *person = json_string_value(json_object_get(request, "person"));

	t->asked++;
	if (!person) {
		hg_buf_adds(ret_out, "who?\n");
		return HG_CTL_USAGE;
	}
	hg_buf_addf(ret_out, "%s is there\n", person);
	return 0;
}

static int flood(void *ctx, const json_t *request, struct hg_buf *ret_out)
{
	for (int i = 0; i < 200000; i++)
		hg_buf_addf(ret_out, "%07d\n", i);
	return 3;
}

static int slow(void *ctx, const json_t *request, struct hg_buf *ret_out)
{
	usleep(600000);
	flood(ctx, request, ret_out);
	return 0;
}

static int nothing(void *ctx, const json_t *request, struct hg_buf *ret_out)
{
	return 0;
}

static void later(void *ctx, const json_t *request, struct hg_ctl_asker *a)
{
	struct fixture *t = ctx;

	t->asker = a;
}

static void gone(void *arg)
{
	struct fixture *t = arg;

	t->asker = NULL;
	t->gone++;
}

static void taken(void *arg)
{
	struct fixture *t = arg;

	t->taken++;
}

static void news(void *ctx, const json_t *request, struct hg_ctl_asker *a)
{
	struct fixture *t = ctx;

	t->asker = a;
	hg_buf_adds(&a->out, json_is_true(json_object_get(request, "hello")) ? "hello\n" : "");
	hg_ctl_stream(a, gone, taken, t);
}

static const struct hg_ctl_verb verbs[] = {
	{ "show", .run = show },
	{ "flood", .run = flood },
	{ "slow", .run = slow },
	{ "nothing", .run = nothing },
	{ "later", .begin = later },
	{ "news", .begin = news },
	{ .name = NULL },
};

static void open_socket(struct fixture *t)
{
	struct hg_err err = { 0 };

	assert_int_equal(hg_ctl_open(&t->loop, t->path, verbs, t, &t->ctl, &err), 0);
}

static int setup(void **state)
{
	struct fixture *t = hg_alloc(sizeof(*t));

	strcpy(t->dir, "/tmp/hg-ctl-XXXXXX");
	assert_non_null(mkdtemp(t->dir));
	chmod(t->dir, 0755);
	snprintf(t->path, sizeof(t->path), "%s/ctl", t->dir);
	snprintf(t->answer, sizeof(t->answer), "%s/answer", t->dir);
	uv_loop_init(&t->loop);
	test_log_start();
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *t = *state;

	hg_ctl_close(t->ctl);
	uv_run(&t->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&t->loop), 0);
	unlink(t->answer);
	assert_int_equal(rmdir(t->dir), 0); /* the socket is gone */
	hg_buf_done(&t->got);
	test_log_stop();
	free(t);
	return 0;
}

/* What a process of this user and these groups gets; exit code 100: an error, its text is in
 * t->got. */
static int ask_as(
	struct fixture *t, const char *request, uid_t uid, size_t ngroups, const gid_t *groups)
{
	FILE *out = fopen(t->answer, "w+");
	int status = -1;

	assert_non_null(out);
	pid_t pid = fork();
	if (!pid) {
		struct hg_err err = { 0 };
		json_t *json = json_loads(request, 0, NULL);

		if (uid && (setgroups(ngroups, groups) || setgid(uid) || setuid(uid)))
			_exit(101);
		int code = hg_ctl_ask(t->path, json, out, &err);
		if (code < 0)
			fprintf(out, "%s (%s)", err.what, err.hint);
		fflush(out);
		json_decref(json);
		_exit(code < 0 ? 100 : code);
	}
	for (time_t end = time(NULL) + 60;
		time(NULL) < end && waitpid(pid, &status, WNOHANG) == 0;) {
		uv_run(&t->loop, UV_RUN_NOWAIT);
		usleep(500);
	}
	rewind(out);
	hg_buf_reset(&t->got);
	for (int c; (c = fgetc(out)) != EOF;)
		hg_buf_addc(&t->got, (char)c);
	fclose(out);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int ask(struct fixture *t, const char *request)
{
	return ask_as(t, request, 0, 0, NULL);
}

static void a_verb_is_run(void **state)
{
	struct fixture *t = *state;
	struct stat st;

	open_socket(t);
	assert_int_equal(stat(t->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_int_equal(ask(t, "{\"verb\":\"show\",\"person\":\"al\\nice\"}"), 0);
	assert_str(hg_buf_str(&t->got), "al\nice is there\n");
	assert_true(test_log_has("info ctl-request verb=show pid="));
	assert_false(test_log_has("alice"));
	assert_int_equal(ask(t, "{\"verb\":\"show\"}"), HG_CTL_USAGE);
	assert_str(hg_buf_str(&t->got), "who?\n");
	assert_int_equal(ask(t, "{\"verb\":\"nothing\"}"), 0);
	assert_int_equal(t->got.n, 0);
	assert_int_equal(ask(t, "{\"verb\":\"flood\"}"), 3);
	assert_int_equal(t->got.n, 1600000);
	assert_int_equal(t->asked, 2);
}

static void an_unknown_verb_is_told(void **state)
{
	struct fixture *t = *state;

	open_socket(t);
	assert_int_equal(ask(t, "{\"verb\":\"dance\"}"), HG_CTL_USAGE);
	assert_non_null(strstr(t->got.p, "does not know that verb"));
	assert_int_equal(ask(t, "{\"verb\":7}"), HG_CTL_USAGE);
	assert_int_equal(ask(t, "[]"), HG_CTL_USAGE);
	assert_non_null(strstr(t->got.p, "no \"verb\""));
}

static void nobody_there_is_told(void **state)
{
	struct fixture *t = *state;

	assert_int_equal(ask(t, "{}"), 100);
	assert_non_null(strstr(t->got.p, "no Heliograph is running there"));
}

static void others_may_not_ask(void **state)
{
	static const char request[] = "{\"verb\":\"show\",\"person\":\"a\"}";
	const uid_t nobody = 65534;
	const gid_t staff[] = { 50, 51 };
	struct fixture *t = *state;

	if (geteuid())
		skip(); /* only root can be others */
	open_socket(t);
	assert_int_equal(chown(t->path, (uid_t)-1, 51), 0);
	assert_int_equal(ask_as(t, request, nobody, 0, NULL), 100); /* the mode */
	assert_non_null(strstr(t->got.p, "members of the socket's group may ask"));
	assert_int_equal(chmod(t->path, 0666), 0);
	assert_int_equal(ask_as(t, request, nobody, 0, NULL), HG_CTL_REFUSED); /* the credentials */
	assert_true(test_log_has("warn ctl-refused pid="));
	assert_true(test_log_has(" uid=65534 "));
	assert_int_equal(t->asked, 0);
	assert_int_equal(ask_as(t, request, nobody, 2, staff), 0); /* by a supplementary group */
	assert_int_equal(ask_as(t, request, 51, 0, NULL), 0);      /* by the primary one */
}

/* ---- bad askers ---- */

static int raw_connect(struct fixture *t)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	strcpy(to.sun_path, t->path);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static void turn(struct fixture *t)
{
	for (int i = 0; i < 10; i++)
		uv_run(&t->loop, UV_RUN_NOWAIT);
}

/* What has come by now; "closed" if the end of the stream is all. */
static const char *raw_answer(struct fixture *t, int fd)
{
	static char got[65536];
	turn(t);
	ssize_t n = read(fd, got, sizeof(got) - 1);
	if (n < 0)
		return errno == EAGAIN ? "nothing" : "reset";
	got[n] = '\0';
	return n ? got : "closed";
}

static void garbage_is_refused(void **state)
{
	static const char *const line[] = { "GET / HTTP/1.1\r\n", "{\"verb\":\"show\"\n", "\n",
		"\x80\xff\n", "{\"verb\":\"show\",\"verb\":\"flood\"}\n",
		"{\"verb\":\"sh\\u0000ow\"}\n" };
	struct fixture *t = *state;

	open_socket(t);
	for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
		int fd = raw_connect(t);
		assert_int_equal(write(fd, line[i], strlen(line[i])), strlen(line[i]));
		assert_non_null(strstr(raw_answer(t, fd), "{\"exit\":2,"));
		close(fd);
	}
	assert_int_equal(t->asked, 0);
}

static void a_long_request_is_refused(void **state)
{
	struct fixture *t = *state;
	static char much[512 * 1024];

	open_socket(t);
	int fd = raw_connect(t);
	memset(much, ' ', sizeof(much));
	for (size_t sent = 0; sent < sizeof(much); turn(t)) {
		ssize_t n = write(fd, much + sent, sizeof(much) - sent);
		assert_true(n > 0);
		sent += (size_t)n;
	}
	assert_non_null(strstr(raw_answer(t, fd), "the request is too long"));
	close(fd);
}

static void a_request_may_come_in_pieces(void **state)
{
	struct fixture *t = *state;
	static const char request[] = "{\"verb\":\"show\",\"person\":\"a\"}\n";

	open_socket(t);
	int fd = raw_connect(t);
	for (size_t i = 0; i < sizeof(request) - 1; i++) {
		assert_string_equal(raw_answer(t, fd), "nothing");
		assert_int_equal(write(fd, request + i, 1), 1);
	}
	assert_string_equal(raw_answer(t, fd), "{\"exit\":0,\"length\":11}\na is there\n");
	assert_string_equal(raw_answer(t, fd), "closed");
	close(fd);
}

static void who_stalls_is_cut_off(void **state)
{
	struct fixture *t = *state;

	open_socket(t);
	hg_ctl_patience(t->ctl, 50);
	int silent = raw_connect(t), deaf = raw_connect(t), gone = raw_connect(t);
	assert_int_equal(write(deaf, "{\"verb\":\"flood\"}\n", 17), 17);
	close(gone);
	turn(t);
	usleep(100000);
	turn(t);
	assert_string_equal(raw_answer(t, silent), "closed");
	assert_true(test_log_has("warn ctl-stalled pid="));
	/* the other gets what the kernel had taken */
	int reads = 0;
	while (strcmp(raw_answer(t, deaf), "closed"))
		assert_true(++reads < 10000);
	close(silent);
	close(deaf);
}

/* The time that a verb takes is not the asker's. */
static void a_slow_verb_is_answered(void **state)
{
	struct fixture *t = *state;

	open_socket(t);
	hg_ctl_patience(t->ctl, 500);
	int fd = raw_connect(t);
	assert_int_equal(write(fd, "{\"verb\":\"slow\"}\n", 16), 16);
	size_t n = 0;
	for (const char *part; strcmp(part = raw_answer(t, fd), "closed");) {
		assert_string_not_equal(part, "reset");
		n += strcmp(part, "nothing") ? strlen(part) : 0;
	}
	assert_int_equal(n, strlen("{\"exit\":0,\"length\":1600000}\n") + 1600000);
	close(fd);
}

/* ---- answers that take their time ---- */

static int begin(struct fixture *t, const char *request)
{
	int fd = raw_connect(t);

	assert_int_equal(write(fd, request, strlen(request)), strlen(request));
	turn(t);
	return fd;
}

static void an_answer_may_come_later(void **state)
{
	struct fixture *t = *state;

	open_socket(t);
	int fd = begin(t, "{\"verb\":\"later\"}\n");
	assert_string_equal(raw_answer(t, fd), "nothing");
	assert_int_equal(write(fd, "{\"verb\":\"show\"}\n", 16), 16); /* one request is all */
	assert_string_equal(raw_answer(t, fd), "nothing");
	hg_buf_adds(&t->asker->out, "so be it\n");
	hg_ctl_answer(t->asker, 1);
	assert_string_equal(raw_answer(t, fd), "{\"exit\":1,\"length\":9}\nso be it\n");
	assert_true(test_log_has("info ctl-request verb=later pid="));
	assert_int_equal(t->asked, 0);
	close(fd);
}

static void nobody_may_be_left_to_answer(void **state)
{
	struct fixture *t = *state;

	open_socket(t);
	int fd = begin(t, "{\"verb\":\"later\"}\n");
	close(fd);
	turn(t);
	hg_buf_adds(&t->asker->out, "hello?\n");
	hg_ctl_answer(t->asker, 0);
	fd = begin(t, "{\"verb\":\"later\"}\n");
	hg_ctl_close(t->ctl); /* the daemon ends first */
	t->ctl = NULL;
	turn(t);
	hg_ctl_answer(t->asker, 0);
	close(fd);
}

static void who_waits_too_long_is_told(void **state)
{
	struct fixture *t = *state;

	open_socket(t);
	hg_ctl_patience(t->ctl, 50);
	int fd = begin(t, "{\"verb\":\"later\"}\n");
	usleep(100000);
	turn(t);
	assert_non_null(strstr(raw_answer(t, fd), "no answer in time"));
	hg_ctl_answer(t->asker, 0);
	assert_string_equal(raw_answer(t, fd), "closed");
	close(fd);
}

static void tell(struct fixture *t, const char *text)
{
	hg_buf_adds(&t->asker->out, text);
	hg_ctl_flush(t->asker);
}

static void a_stream_lasts_until_he_leaves(void **state)
{
	struct fixture *t = *state;

	open_socket(t);
	hg_ctl_patience(t->ctl, 50);
	int fd = begin(t, "{\"verb\":\"news\"}\n");
	assert_string_equal(raw_answer(t, fd), "{\"exit\":0,\"stream\":true}\n");
	usleep(100000);
	tell(t, "one\n");
	tell(t, "two\n");
	assert_string_equal(raw_answer(t, fd), "one\ntwo\n");
	assert_int_equal(t->gone, 0);
	close(fd);
	turn(t);
	assert_int_equal(t->gone, 1);
}

static void a_stream_may_end(void **state)
{
	struct fixture *t = *state;

	open_socket(t);
	int fd = begin(t, "{\"verb\":\"news\",\"hello\":true}\n");
	tell(t, "one\n");
	hg_buf_adds(&t->asker->out, "the last\n");
	hg_ctl_end(t->asker);
	assert_int_equal(t->gone, 1);
	assert_string_equal(
		raw_answer(t, fd), "{\"exit\":0,\"stream\":true}\nhello\none\nthe last\n");
	assert_string_equal(raw_answer(t, fd), "closed");
	close(fd);
}

static void who_reads_is_known(void **state)
{
	struct fixture *t = *state;
	char line[4096];

	open_socket(t);
	int fd = begin(t, "{\"verb\":\"news\"}\n");
	assert_int_equal(t->taken, 1);
	memset(line, 'x', sizeof(line) - 2);
	strcpy(line + sizeof(line) - 2, "\n");
	for (int before = -1; before != t->taken;) { /* until the kernel takes no more */
		before = t->taken;
		for (int i = 0; i < 10; i++)
			tell(t, line);
		turn(t);
	}
	int stuck = t->taken;
	for (int reads = 0; stuck == t->taken; reads++) {
		raw_answer(t, fd);
		assert_true(reads < 10000);
	}
	assert_int_equal(t->gone, 0);
	close(fd);
}

static void a_slow_reader_of_a_stream_is_cut_off(void **state)
{
	struct fixture *t = *state;
	char line[1024];
	int lines = 0;

	open_socket(t);
	int fd = begin(t, "{\"verb\":\"news\"}\n");
	memset(line, 'x', sizeof(line) - 2);
	strcpy(line + sizeof(line) - 2, "\n");
	while (t->asker) {
		tell(t, line);
		turn(t);
		assert_true(++lines < 2000);
	}
	assert_true(lines > 256);
	assert_true(test_log_has("warn ctl-stalled pid="));
	assert_int_equal(t->gone, 1);
	close(fd);
}

static void a_stream_ends_with_the_socket(void **state)
{
	struct fixture *t = *state;

	open_socket(t);
	int fd = begin(t, "{\"verb\":\"news\"}\n");
	hg_ctl_close(t->ctl);
	t->ctl = NULL;
	assert_int_equal(t->gone, 1);
	close(fd);
}

static void there_is_a_limit_of_askers(void **state)
{
	struct fixture *t = *state;
	enum { MOST = 64, MANY = 3 * MOST };
	int fd[MANY];

	open_socket(t);
	for (int i = 0; i < MANY; i++) {
		fd[i] = raw_connect(t);
		turn(t);
	}
	assert_string_equal(raw_answer(t, fd[MOST - 1]), "nothing");
	assert_non_null(strstr(raw_answer(t, fd[MOST]), "too many requests"));
	for (int i = 0; i < MANY; i++)
		close(fd[i]);
	turn(t);
	assert_int_equal(ask(t, "{\"verb\":\"nothing\"}"), 0);
}

/* ---- whose socket it is ---- */

static void a_dead_daemons_socket_is_replaced(void **state)
{
	struct fixture *t = *state;
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(at.sun_path, t->path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	close(fd); /* as kill -9 does */
	open_socket(t);
	assert_int_equal(ask(t, "{\"verb\":\"nothing\"}"), 0);
}

static void a_live_daemons_socket_is_not(void **state)
{
	struct fixture *t = *state;
	struct hg_ctl *second = NULL;
	struct hg_err err = { 0 };

	open_socket(t);
	assert_int_equal(hg_ctl_open(&t->loop, t->path, verbs, t, &second, &err), -EADDRINUSE);
	assert_string_equal(err.where, t->path);
	assert_non_null(strstr(err.what, "another Heliograph answers"));
	assert_null(second);
	assert_int_equal(ask(t, "{\"verb\":\"nothing\"}"), 0);
}

static void what_is_no_socket_is_left_alone(void **state)
{
	struct fixture *t = *state;
	struct hg_ctl *ctl = NULL;
	struct hg_err err = { 0 };
	char path[200];

	fclose(fopen(t->path, "w"));
	assert_int_equal(hg_ctl_open(&t->loop, t->path, verbs, t, &ctl, &err), -EEXIST);
	assert_int_equal(unlink(t->path), 0);
	snprintf(path, sizeof(path), "%s/none/ctl", t->dir);
	assert_int_equal(hg_ctl_open(&t->loop, path, verbs, t, &ctl, &err), -ENOENT);
	assert_non_null(strstr(err.hint, "directory"));
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(hg_ctl_open(&t->loop, path, verbs, t, &ctl, &err), -ENAMETOOLONG);
	assert_null(ctl);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_verb_is_run),
		T(an_unknown_verb_is_told),
		T(nobody_there_is_told),
		T(others_may_not_ask),
		T(garbage_is_refused),
		T(a_long_request_is_refused),
		T(a_request_may_come_in_pieces),
		T(who_stalls_is_cut_off),
		T(a_slow_verb_is_answered),
		T(an_answer_may_come_later),
		T(nobody_may_be_left_to_answer),
		T(who_waits_too_long_is_told),
		T(a_stream_lasts_until_he_leaves),
		T(a_stream_may_end),
		T(who_reads_is_known),
		T(a_slow_reader_of_a_stream_is_cut_off),
		T(a_stream_ends_with_the_socket),
		T(there_is_a_limit_of_askers),
		T(a_dead_daemons_socket_is_replaced),
		T(a_live_daemons_socket_is_not),
		T(what_is_no_socket_is_left_alone),
	};

	signal(SIGPIPE, SIG_IGN); /* as the loop does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Turns come when they should and only then; handles may go in their own callbacks. */
#include "tests/support/support.h"

#include "bridge/loop/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct fixture {
	struct hg_loop *loop;
	struct hg_buf seen; /* a letter an event */
	hg_timer *timer, *end;
	hg_poll *poll;
	int fd[2];
	int turns, again, stop_at;
};

static void turn(void *arg)
{
	struct fixture *t = arg;

	t->turns++;
	hg_buf_addc(&t->seen, 'T');
	if (t->again) {
		t->again--;
		hg_loop_again(t->loop);
	}
	if (t->turns == t->stop_at)
		hg_loop_stop(t->loop);
}

static void flush(void *arg)
{
	struct fixture *t = arg;

	hg_buf_addc(&t->seen, 'f');
}

static void stop(void *arg)
{
	struct fixture *t = arg;

	hg_buf_addc(&t->seen, '.');
	hg_loop_stop(t->loop);
}

static int setup(void **state)
{
	struct fixture *t = hg_alloc(sizeof(*t));

	t->loop = hg_loop_new();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, t->fd), 0);
	hg_loop_on_turn(t->loop, turn, t);
	hg_loop_on_turn_end(t->loop, flush, t);
	t->end = hg_timer_new(t->loop, stop, t);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *t = *state;

	hg_timer_free(t->timer);
	hg_timer_free(t->end);
	hg_poll_free(t->poll);
	hg_loop_free(t->loop);
	close(t->fd[0]);
	close(t->fd[1]);
	hg_buf_done(&t->seen);
	free(t);
	return 0;
}

/* Ends with the turn of the timer, and the one that every run ends with. */
#define END ".TfTf"

static void run_for(struct fixture *t, int64_t ms)
{
	hg_buf_reset(&t->seen);
	t->turns = 0;
	hg_timer_set(t->end, ms);
	hg_loop_run(t->loop);
}

static void on_readable(void *arg, int events)
{
	struct fixture *t = arg;
	char c;

	assert_int_equal(events, HG_READABLE);
	assert_int_equal(read(t->fd[0], &c, 1), 1);
	hg_buf_addc(&t->seen, c);
}

static void an_idle_loop_does_not_turn(void **state)
{
	struct fixture *t = *state;

	t->poll = hg_poll_new(t->loop, t->fd[0], on_readable, t);
	hg_poll_set(t->poll, HG_READABLE);
	run_for(t, 100);
	/* before the first wait, and after the timer that ended it */
	assert_str(hg_buf_str(&t->seen), "Tf" END);
}

static void write_one(void *arg)
{
	struct fixture *t = arg;

	hg_buf_addc(&t->seen, 't');
	assert_int_equal(write(t->fd[1], "r", 1), 1);
}

static void each_callback_is_followed_by_a_turn(void **state)
{
	struct fixture *t = *state;

	t->poll = hg_poll_new(t->loop, t->fd[0], on_readable, t);
	hg_poll_set(t->poll, HG_READABLE);
	t->timer = hg_timer_new(t->loop, write_one, t);
	hg_timer_set(t->timer, 20);
	run_for(t, 80);
	assert_str(hg_buf_str(&t->seen),
		"Tf"
		"tTf"
		"rTf" END);
}

static void stopping_in_a_callback_finishes_the_turn(void **state)
{
	struct fixture *t = *state;

	t->poll = hg_poll_new(t->loop, t->fd[0], on_readable, t);
	hg_poll_set(t->poll, HG_READABLE);
	assert_int_equal(write(t->fd[1], "r", 1), 1);
	t->stop_at = 1; /* the first wait does not wait then, but looks */
	run_for(t, 10000);
	assert_str(hg_buf_str(&t->seen),
		"Tf"
		"rTf");
}

static void a_turn_can_ask_for_another(void **state)
{
	struct fixture *t = *state;

	t->again = 3;
	run_for(t, 30);
	assert_str(hg_buf_str(&t->seen), "TfTfTfTf" END);
}

/* With endless work of its own the loop still reads its descriptors, and timers fire. */
static void endless_turns_do_not_shut_out_peers(void **state)
{
	struct fixture *t = *state;

	t->poll = hg_poll_new(t->loop, t->fd[0], on_readable, t);
	hg_poll_set(t->poll, HG_READABLE);
	assert_int_equal(write(t->fd[1], "r", 1), 1);
	t->again = 1000000000;
	run_for(t, 20);
	assert_memory_equal(t->seen.p, "TfTfTfTfTfTfTfTfr", 17);
	assert_true(t->turns > 50);
	/* and it goes to sleep again when the work ends */
	t->again = 20;
	run_for(t, 50);
	assert_int_equal(t->turns, 23);
}

static void free_poll(void *arg, int events)
{
	struct fixture *t = arg;

	hg_poll_free(t->poll);
	t->poll = NULL;
	hg_buf_addc(&t->seen, 'p');
	/* the same descriptor may have a new one at once */
	t->poll = hg_poll_new(t->loop, t->fd[0], on_readable, t);
	hg_poll_set(t->poll, HG_READABLE);
}

static void free_timer(void *arg)
{
	struct fixture *t = arg;

	hg_timer_free(t->timer);
	t->timer = NULL;
	hg_buf_addc(&t->seen, 't');
}

static void handles_may_go_in_their_own_callback(void **state)
{
	struct fixture *t = *state;

	t->poll = hg_poll_new(t->loop, t->fd[0], free_poll, t);
	hg_poll_set(t->poll, HG_READABLE);
	t->timer = hg_timer_new(t->loop, free_timer, t);
	hg_timer_set(t->timer, 0);
	assert_int_equal(write(t->fd[1], "r", 1), 1);
	run_for(t, 30);
	assert_str(hg_buf_str(&t->seen),
		"tTf"
		"pTf"
		"rTf" END);
	assert_null(t->timer);
}

static void a_timer_counts_from_now(void **state)
{
	struct fixture *t = *state;

	run_for(t, 0);
	usleep(30000); /* libuv's idea of now is 30 ms old */
	int64_t before = hg_loop_now(t->loop).mono;
	run_for(t, 20);
	assert_true(hg_loop_now(t->loop).mono - before >= 20);
	t->timer = hg_timer_new(t->loop, free_timer, t);
	hg_timer_set(t->timer, 10);
	hg_timer_set(t->timer, -1);
	run_for(t, 30);
	assert_str(hg_buf_str(&t->seen), "Tf" END);
}

static void on_error(void *arg, int events)
{
	struct fixture *t = arg;
	int error = 0;
	socklen_t n = sizeof(error);

	assert_int_equal(events, HG_READABLE | HG_WRITABLE);
	getsockopt(t->fd[0], SOL_SOCKET, SO_ERROR, &error, &n);
	assert_int_equal(error, ECONNREFUSED);
	hg_poll_set(t->poll, 0);
	hg_loop_stop(t->loop);
}

static void an_error_is_readable_and_writable(void **state)
{
	struct fixture *t = *state;
	struct sockaddr_in nobody = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(nobody);

	/* bound but not listening: nobody else takes the port meanwhile */
	close(t->fd[0]);
	close(t->fd[1]);
	t->fd[1] = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(t->fd[1], (struct sockaddr *)&nobody, n), 0);
	assert_int_equal(getsockname(t->fd[1], (struct sockaddr *)&nobody, &n), 0);
	t->fd[0] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	t->poll = hg_poll_new(t->loop, t->fd[0], on_error, t);
	connect(t->fd[0], (struct sockaddr *)&nobody, n);
	hg_poll_set(t->poll, HG_WRITABLE);
	run_for(t, 5000);
	assert_null(strchr(t->seen.p, '.'));
}

static void what_cannot_be_polled_is_refused(void **state)
{
	struct fixture *t = *state;
	int file = open("/etc/passwd", O_RDONLY);

	test_log_start();
	assert_null(hg_poll_new(t->loop, file, on_readable, t));
	t->poll = hg_poll_new(t->loop, t->fd[0], on_readable, t);
	hg_poll_set(t->poll, HG_READABLE);
	assert_null(hg_poll_new(t->loop, t->fd[0], on_readable, t));
	assert_true(test_log_has("error poll-failed fd="));
	test_log_stop();
	close(file);
}

static void work(void *arg)
{
	*(pthread_t *)arg = pthread_self();
}

static struct fixture *worked_for;

static void worked(void *arg)
{
	hg_buf_addc(&worked_for->seen, 'w');
	hg_loop_stop(worked_for->loop);
}

static void work_comes_back_in_a_turn(void **state)
{
	pthread_t other = pthread_self();

	worked_for = *state;
	assert_int_equal(hg_loop_queue_work(worked_for->loop, work, worked, &other), 0);
	run_for(worked_for, 5000);
	assert_false(pthread_equal(other, pthread_self()));
	assert_str(hg_buf_str(&worked_for->seen),
		"Tf"
		"wTf");
}

static void caught(void *arg, int signum)
{
	struct fixture *t = arg;

	hg_buf_addc(&t->seen, signum == SIGTERM ? 'K' : signum == SIGINT ? 'I' : 'H');
	if (signum == SIGHUP)
		hg_loop_stop(t->loop);
}

static void signals_come_in_a_turn(void **state)
{
	struct fixture *t = *state;

	hg_loop_on_signal(t->loop, caught, t);
	hg_timer_set(t->end, 5000);
	raise(SIGTERM);
	raise(SIGINT);
	raise(SIGHUP);
	raise(SIGPIPE);
	hg_loop_run(t->loop);
	assert_str(hg_buf_str(&t->seen),
		"Tf"
		"KIHTf");
}

static struct hg_now fake(void *arg)
{
	return *(struct hg_now *)arg;
}

static void a_fake_clock_hooks_in(void **state)
{
	struct fixture *t = *state;
	struct hg_now now = { 12, 34 };
	struct timespec real;

	hg_loop_clock(t->loop, fake, &now);
	assert_int_equal(hg_loop_now(t->loop).mono, 12);
	assert_int_equal(hg_loop_now(t->loop).utc, 34);
	hg_loop_clock(t->loop, NULL, NULL);
	clock_gettime(CLOCK_REALTIME, &real);
	assert_in_range(hg_loop_now(t->loop).utc, real.tv_sec * 1000, real.tv_sec * 1000 + 60000);
}

static void forgotten(void *arg)
{
}

static void a_forgotten_handle_is_told(void **state)
{
	struct hg_loop *loop = hg_loop_new();
	hg_timer *t = hg_timer_new(loop, forgotten, NULL);

	hg_timer_set(t, 100000);
	test_log_start();
	hg_loop_free(loop);
	assert_true(test_log_has("error loop-handle-left type=timer"));
	test_log_stop();
	free(t);
	hg_loop_free(NULL);
	hg_timer_free(NULL);
	hg_poll_free(NULL);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(an_idle_loop_does_not_turn),
		T(each_callback_is_followed_by_a_turn),
		T(stopping_in_a_callback_finishes_the_turn),
		T(a_turn_can_ask_for_another),
		T(endless_turns_do_not_shut_out_peers),
		T(handles_may_go_in_their_own_callback),
		T(a_timer_counts_from_now),
		T(an_error_is_readable_and_writable),
		T(what_cannot_be_polled_is_refused),
		T(work_comes_back_in_a_turn),
		T(signals_come_in_a_turn),
		T(a_fake_clock_hooks_in),
		cmocka_unit_test(a_forgotten_handle_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

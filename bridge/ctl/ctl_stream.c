/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of the control socket that go on: somebody is told things until one side has enough. */
#include "bridge/ctl/ctl_private.h"

#include <heliograph/log.h>

#include <stdlib.h>

/* Octets of a stream that its reader has not taken when more come. */
#define UNREAD_MOST (256 * 1024)

struct part {
	uv_write_t write;
	struct hg_buf text;
};

static void on_part_written(uv_write_t *write, int status)
{
	struct part *p = write->data;
	struct hg_ctl_client *c = write->handle->data;
	struct hg_ctl_asker *a = c->asker;
	bool all = uv_stream_get_write_queue_size(write->handle) == 0;

	hg_buf_done(&p->text);
	free(p);
	if (a && a->taken && all && !status)
		a->taken(a->arg);
}

void hg_ctl_flush(struct hg_ctl_asker *a)
{
	struct hg_ctl_client *c = a->client;
	uv_stream_t *stream = (uv_stream_t *)&c->pipe;
	size_t unread = uv_stream_get_write_queue_size(stream);
	struct part *p = hg_alloc(sizeof(*p));
	uv_buf_t text = uv_buf_init(a->out.p, (unsigned)a->out.n);

	p->text = a->out;
	p->write.data = p;
	a->out = (struct hg_buf){ 0 };
	if (uv_write(&p->write, stream, &text, 1, on_part_written)) {
		hg_buf_done(&p->text);
		free(p);
		hg_ctl_client_close(c);
	} else if (unread > UNREAD_MOST) {
		hg_ctl_stalled(&c->timer);
	}
}

void hg_ctl_stream(
	struct hg_ctl_asker *a, void (*gone)(void *arg), void (*taken)(void *arg), void *arg)
{
	struct hg_ctl_client *c = a->client;
	struct hg_buf first = a->out;

	hg_log(HG_INFO, "ctl-request", "verb=%s pid=%d uid=%u exit=0", c->verb, (int)c->who.pid,
		c->who.uid);
	uv_timer_stop(&c->timer);
	a->gone = gone;
	a->taken = taken;
	a->arg = arg;
	a->out = (struct hg_buf){ 0 };
	hg_buf_adds(&a->out, "{\"exit\":0,\"stream\":true}\n");
	hg_buf_add(&a->out, hg_buf_str(&first));
	hg_buf_done(&first);
	hg_ctl_flush(a);
}

void hg_ctl_end(struct hg_ctl_asker *a)
{
	struct hg_ctl_client *c = a->client;

	hg_buf_done(&c->out);
	c->out = a->out;
	a->out = (struct hg_buf){ 0 };
	hg_ctl_part_from_asker(c);
	uv_read_stop((uv_stream_t *)&c->pipe);
	hg_ctl_start_patience(c);
	c->write.data = c;
	/* Writes are done in order: behind the last one. */
	uv_buf_t rest = uv_buf_init(c->out.p, (unsigned)c->out.n);
	if (uv_write(&c->write, (uv_stream_t *)&c->pipe, &rest, 1, hg_ctl_last_written))
		hg_ctl_client_close(c);
}

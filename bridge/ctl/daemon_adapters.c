/* SPDX-License-Identifier: Apache-2.0 */
/* The life of the adapters in the daemon; also of those that do not do as adapter.h says. */

#include "bridge/ctl/daemon.h"

#include <errno.h>
#include <string.h>

/* Who fails says why; if not, there is still to be read who it was. */
static int failed(
	const struct hg_adapter *a, const struct hg_conf *conf, int rc, struct hg_err *err)
{
	if (err->what[0])
		return rc;
	return hg_err_set(err, rc, hg_conf_where(conf), "ask its author: it should have said more",
		"adapter %s: %s", a->name, strerror(-rc));
}

static int create(struct hg_daemon *d, const struct hg_adapter *a, const struct hg_conf *conf,
	void **ret_self, struct hg_err *err)
{
	int rc = a->create(hg_host(), d->core, conf, ret_self, err);

	if (rc == 0 && !*ret_self)
		rc = -EPROTO; /* nothing to stand for it: it could never be asked to stop */
	return rc < 0 ? failed(a, conf, rc, err) : 0;
}

int hg_daemon_create_adapters(struct hg_daemon *d, struct hg_errs *errs)
{
	const struct hg_registry *r = &d->site->registry;
	int first = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct hg_adapter *a = r->adapter[i];
		const struct hg_conf *conf = hg_conf_get(d->site->settings.conf, a->name);
		struct hg_err err = { 0 };
		int rc = conf ? create(d, a, conf, &d->self[i], &err) : 0;

		if (rc < 0)
			*hg_errs_add(errs) = err;
		first = first < 0 ? first : rc;
	}
	return first;
}

int hg_daemon_start_adapters(struct hg_daemon *d, struct hg_err *err)
{
	const struct hg_registry *r = &d->site->registry;

	for (size_t i = 0; i < r->n; i++) {
		const struct hg_adapter *a = r->adapter[i];
		int rc;

		if (r->file[i])
			hg_log(HG_INFO, "adapter-loaded", "adapter=%s file=%s configured=%s",
				a->name, hg_log_text(hg_str(r->file[i])),
				d->self[i] ? "yes" : "no");
		if (!d->self[i])
			continue;
		rc = a->start(d->self[i], err);
		if (rc < 0)
			return failed(a, hg_conf_get(d->site->settings.conf, a->name), rc, err);
		d->up[i] = true;
		d->running++;
	}
	return 0;
}

bool hg_daemon_adapter_stopped(struct hg_daemon *d, void *self)
{
	for (size_t i = 0; i < d->site->registry.n; i++) {
		if (!d->up[i] || d->self[i] != self)
			continue;
		d->up[i] = false;
		d->running--;
		return true;
	}
	return false;
}

void hg_daemon_stop_adapters(struct hg_daemon *d)
{
	for (size_t i = 0; i < d->site->registry.n; i++)
		if (d->self[i])
			d->site->registry.adapter[i]->stop(d->self[i]);
}

void hg_daemon_destroy_adapters(struct hg_daemon *d)
{
	for (size_t i = 0; i < d->site->registry.n; i++)
		if (d->self[i])
			d->site->registry.adapter[i]->destroy(d->self[i]);
}

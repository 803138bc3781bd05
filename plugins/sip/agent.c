/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sofia-sip on the host's loop, with nothing but its public interface: its root waits in an epoll descriptor,
 * which the host polls; su_root_step does what is due; a timer of the host stands for the root's next timer.
 */
#include "plugins/sip/remedy_service.h"
#include "plugins/sip/simple.h"

#include <dirent.h>
#include <errno.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/tport_tag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * What a burst of datagrams finds room in while we are at something else: by default the kernel would keep no more than
 * 160 small ones, and drop the rest in silence. It gives no more than net.core.rmem_max.
 */
#define UDP_ROOM (4 << 20)

#define SIP_STEPS_MAX 64 /* a root hands out four events a step; the rest waits for the next turn */

/* ---- the loop ---- */

static void step(struct hg_sip *sip)
{
	if (sip->stepping || !sip->root)
		return;
	su_duration_t wait;
	int n = 0;
	sip->stepping = true;
	do {
		wait = su_root_step(sip->root, 0);
	} while (wait == 0 && ++n < SIP_STEPS_MAX);
	sip->stepping = false;
	sip->host->timer_set(sip->step_timer, wait < 0 ? -1 : (int64_t)wait);
}

static void on_timer(void *arg)
{
	step(arg);
}

static void on_ready(void *arg, int events)
{
	step(arg);
}

void hg_sip_kick(struct hg_sip *sip)
{
	if (!sip->stepping && sip->step_timer)
		sip->host->timer_set(sip->step_timer, 0);
}

static void on_sweep(void *arg)
{
	hg_sip_conns_sweep(arg);
}

/* The root does not tell its descriptor; it is the epoll descriptor that was not there before. */
static size_t epoll_fds(int *fd, size_t cap)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;
	if (!dir)
		return 0;
	for (struct dirent *e; n < cap && (e = readdir(dir));) {
		char path[300], target[64];
		snprintf(path, sizeof(path), "/proc/self/fd/%s", e->d_name);
		ssize_t len = readlink(path, target, sizeof(target) - 1);
		if (len <= 0)
			continue;
		target[len] = '\0';
		if (!strcmp(target, "anon_inode:[eventpoll]"))
			fd[n++] = atoi(e->d_name);
	}
	closedir(dir);
	return n;
}

static int root_create(struct hg_sip *sip, struct hg_err *err)
{
	enum { MOST = 256 };
	int before[MOST], after[MOST], found = -1;
	su_init();
	hg_sip_remedy_tls();
	hg_sip_remedy_reset();
	su_port_prefer(su_epoll_port_create, NULL);
	size_t nbefore = epoll_fds(before, MOST);
	sip->root = su_root_create(NULL);
	size_t nafter = epoll_fds(after, MOST);
	for (size_t i = 0; i < nafter && found < 0; i++) {
		size_t j = 0;
		while (j < nbefore && before[j] != after[i])
			j++;
		if (j == nbefore)
			found = after[i];
	}
	if (!sip->root || found < 0)
		return hg_err_set(err, -EIO, "sip",
			"is /proc mounted, and are there descriptors left?",
			"sofia-sip's event loop did not start");
	sip->poll = sip->host->poll_new(sip->core, found, on_ready, sip);
	sip->host->poll_set(sip->poll, HG_READABLE);
	sip->step_timer = sip->host->timer_new(sip->core, on_timer, sip);
	sip->sweep_timer = sip->host->timer_new(sip->core, on_sweep, sip);
	return 0;
}

/* ---- sofia-sip's own log: what it finds worth telling, never a message ---- */

static void on_log(void *stream, char const *fmt, va_list ap)
{
	char line[256];
	vsnprintf(line, sizeof(line), fmt, ap);
	hg_log(HG_DEBUG, "sip-library", "text=%s", hg_log_text(hg_str_trim(hg_str(line))));
}

/* ---- listeners ---- */

static int listen_on(struct hg_sip *sip, const struct hg_sip_listener *l, struct hg_err *err)
{
	char url[128], port[8] = "*", ident[24];
	bool v6 = strchr(l->address, ':');
	if (l->port)
		snprintf(port, sizeof(port), "%u", l->port);
	snprintf(url, sizeof(url), "%s:%s%.64s%s:%s;transport=%s",
		l->transport == HG_SIP_TLS ? "sips" : "sip", v6 ? "[" : "", l->address,
		v6 ? "]" : "", port, hg_sip_transport_name[l->transport]);
	/* By its number the listener of a connection is found (hg_sip_conn_listener). */
	snprintf(ident, sizeof(ident), "%zu", (size_t)(l - sip->listener));
	/* SDWN_ERROR: pending clients of a connection are told of every kind of end, not of resets alone. */
	if (nta_agent_add_tport(sip->agent, (url_string_t *)url, TPTAG_IDENT(ident),
		    TPTAG_SDWN_ERROR(1), TPTAG_IDLE((sip->limit.reg_max + 120) * 1000),
		    TPTAG_QUEUESIZE(64),
		    TAG_IF(l->transport == HG_SIP_UDP, TPTAG_UDP_RMEM(UDP_ROOM)),
		    TAG_IF(l->transport == HG_SIP_TLS, TPTAG_CERTIFICATE(l->certificate)),
		    TAG_END()) < 0)
		return hg_err_set(err, -errno, hg_conf_where(l->conf),
			"is another program using that port?", "cannot listen on %.64s port %s: %s",
			l->address, port, strerror(errno));
	hg_log(HG_INFO, "sip-listening", "transport=%s address=%s port=%s",
		hg_sip_transport_name[l->transport], l->address, port);
	return 0;
}

int hg_sip_agent_start(struct hg_sip *sip, struct hg_err *err)
{
	int rc = root_create(sip, err);
	if (rc)
		return rc;
	su_log_redirect(su_log_default, on_log, NULL);
	hg_sip_mark(sip);
	const msg_mclass_t *mclass = hg_sip_mclass();
	if (!mclass)
		return hg_err_set(err, -ENOSYS, "sip",
			"install libsofia-sip-ua0 1.12.11 of Debian 12",
			"this sofia-sip is none that SERVICE can be taught to");
	sip->agent = nta_agent_create(sip->root, (url_string_t *)-1, hg_sip_on_message, sip,
		NTATAG_MCLASS(mclass), NTATAG_UA(0), NTATAG_MERGE_482(1), NTATAG_USE_SRV(0),
		NTATAG_USE_NAPTR(0), NTATAG_MAXSIZE(HG_SIP_HEADER_MAX + sip->limit.body),
		TAG_END());
	if (!sip->agent)
		return hg_err_set(
			err, -EIO, "sip", NULL, "sofia-sip's transaction layer did not start");
	for (size_t i = 0; i < sip->nlisteners; i++) {
		rc = listen_on(sip, &sip->listener[i], err);
		if (rc)
			return rc;
	}
	rc = hg_sip_peers_start(sip, err);
	if (rc)
		return rc;
	hg_sip_kept_read(sip);
	step(sip);
	hg_sip_conns_sweep_soon(sip);
	return 0;
}

void hg_sip_agent_stop(struct hg_sip *sip)
{
	const struct hg_host *host = sip->host;
	sip->stopping = true;
	hg_sip_peers_stop(sip);
	hg_sip_entities_done(sip);
	hg_sip_conns_done(sip);
	if (sip->agent)
		nta_agent_destroy(sip->agent);
	sip->agent = NULL;
	host->timer_free(sip->step_timer);
	host->timer_free(sip->sweep_timer);
	if (sip->poll)
		host->poll_free(sip->poll);
	sip->step_timer = sip->sweep_timer = NULL;
	sip->poll = NULL;
	if (sip->root) {
		su_root_destroy(sip->root);
		su_log_redirect(su_log_default, NULL, NULL);
		su_deinit();
	}
	sip->root = NULL;
}

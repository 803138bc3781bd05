/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins/xmpp/remedy_strophe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/select.h>
#include <unistd.h>

#define RESERVE_MOST 64

static int reserved[RESERVE_MOST];
static unsigned nreserved;

/* The callback for a new socket has no user data in this version; it is called from within the
 * connect functions. */
static struct {
	bool refuse;
	int fd; /* of the socket; negative errno: refused */
} connecting;

static int low_descriptor(void)
{
	return nreserved ? reserved[--nreserved] : -EMFILE;
}

/* The same socket under a number below 1024; the old number is closed. */
static int bring_down(int fd)
{
	int low = fcntl(fd, F_DUPFD_CLOEXEC, 0); /* the lowest that is free */

	if (low >= FD_SETSIZE) {
		close(low);
		low = -1;
	}
	if (low < 0) {
		low = low_descriptor();
		if (low < 0)
			return low;
		dup3(fd, low, O_CLOEXEC);
	}
	close(fd);
	return low;
}

static int on_socket(xmpp_conn_t *conn, void *socket)
{
	int fd = *(int *)socket;

	if (connecting.refuse)
		return -1;
	connecting.fd = fd < FD_SETSIZE ? fd : bring_down(fd);
	if (connecting.fd < 0)
		return -1;
	*(int *)socket = connecting.fd;
	return 0;
}

/* A client's connect makes the state that is missing, and gets no further than its socket. Where it
 * would connect to does not matter, but for being an address and not a name. */
static void make_state(xmpp_conn_t *conn, xmpp_conn_handler handler, void *userdata)
{
	connecting.refuse = true;
	xmpp_connect_client(conn, "127.0.0.1", 1, handler, userdata);
	connecting.refuse = false;
}

int hg_strophe_connect(xmpp_conn_t *conn, const char *address, uint16_t port,
	xmpp_conn_handler handler, void *userdata)
{
	xmpp_conn_set_sockopt_callback(conn, on_socket);
	make_state(conn, handler, userdata);
	connecting.fd = -ECONNREFUSED;
	int rc = xmpp_connect_component(conn, address, port, handler, userdata);
	if (rc != XMPP_EOK)
		return connecting.fd < 0 ? connecting.fd : -ECONNREFUSED;
	return connecting.fd;
}

int hg_strophe_reserve(unsigned n)
{
	n = n < RESERVE_MOST ? n : RESERVE_MOST;
	while (nreserved > n)
		close(reserved[--nreserved]);
	while (nreserved < n) {
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		if (fd >= FD_SETSIZE) {
			close(fd);
			return -EMFILE;
		}
		if (fd < 0)
			return -errno;
		reserved[nreserved++] = fd;
	}
	return 0;
}

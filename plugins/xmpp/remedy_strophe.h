/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libstrophe 0.12.2 (Debian 12: 0.12.2-1) as an external component, XEP-0114:
 *
 *   - it dies at the server's <handshake/>: the stream-management state that every received stanza
 * is counted in is only made when a client connects (in 0.12.3 to 0.14.0 too, by their source);
 *   - it ends the process if its socket's descriptor is 1024 or higher, which does not fit into
 * select()'s set.
 */
#pragma once

#include <stdint.h>
#include <strophe.h>

/*
 * Connects `conn`, which has its JID and password, to a component port. The address must be a
 * literal one: libstrophe resolves names while everything else stands. Returns the descriptor,
 * which libstrophe owns and closes before it tells of the connection's end; -EMFILE: no low
 * descriptor is to be had; -ECONNREFUSED: libstrophe would not.
 */
int hg_strophe_connect(xmpp_conn_t *conn, const char *address, uint16_t port,
	xmpp_conn_handler handler, void *userdata);

/*
 * Keeps `n` low descriptors in reserve for as many connections, since clients' connections may take
 * all of them. To be called at start, and after each end of a connection to fill up. -EMFILE: there
 * were not enough left. 0 gives them back.
 */
int hg_strophe_reserve(unsigned n);

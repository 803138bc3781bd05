/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libstrophe 0.12.2 (Debian 12: 0.12.2-1; the same in 0.14.0 by its source) forgets the namespace
 * of an attribute: in
 *
 *     <presence from='romeo@xmpp.example/x' xmlns:a='urn:a' a:from='juliet@xmpp.example/y'/>
 *
 * whichever stands last is the sender. Servers check `from` and pass foreign attributes on, so
 * every user could speak in everybody's name. And it does not survive <stream:error/> without a
 * child, which a server must not send (RFC 6120 4.9.2), by looking for what stands beside it.
 */
#pragma once

#include <stdbool.h>

/* Is the guard in place? It must be in the executable, in front of libexpat. Tries it with a
 * parser. */
bool hg_attributes_guarded(void);

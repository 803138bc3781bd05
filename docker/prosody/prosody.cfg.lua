-- SPDX-License-Identifier: Apache-2.0
-- The XMPP side of ../compose.yaml: people at xmpp.example, and corp.example as the component that Heliograph is.

-- One line, the same file that Heliograph reads.
local file = assert(io.open("/run/secrets/component"))
local secret = file:read("l")
file:close()

pidfile = "/var/lib/prosody/prosody.pid"
data_path = "/var/lib/prosody"
certificates = "/var/lib/prosody"
log = { info = "*console" }

-- Clients come through the port that compose publishes, on this machine only: without TLS, but no password is said in
-- clear (SCRAM). For other machines, and for people of other servers, give Prosody a certificate and take out this part.
c2s_require_encryption = false
modules_disabled = { "s2s", "tls" }
s2s_ports = {}
c2s_direct_tls_ports = {}
s2s_direct_tls_ports = {}
http_ports = {}
https_ports = {}

modules_enabled = { "roster", "saslauth", "disco", "presence", "message", "iq", "pep", "ping", "blocklist" }
authentication = "internal_hashed"

-- Heliograph is in another container.
component_interfaces = { "*" }
component_ports = { 5347 }

VirtualHost "xmpp.example"
    disco_items = { { "corp.example", "people on Lync clients" } }

Component "corp.example"
    component_secret = secret
    -- a connection that broke unnoticed must not keep the new one out
    component_conflict_resolve = "kick_old"

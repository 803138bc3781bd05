/* SPDX-License-Identifier: Apache-2.0 */
/* The publication grammar as Lync clients are given it: which containers there are and who is in them (EP 3.5), and what they
 * should make of what their user says for each (EP 4.7.3). */
#pragma once

#include <heliograph/grammar.h>

/* containerManifestList: the containers that watchers can be in, those of the rules among them. */
void hg_container_manifest_write(struct hg_buf *, const struct hg_grammar_rule *, size_t n);

/*
 * categoryPublicationManifest: a rule for each category and container. A client has one rule for all kinds of state, and
 * knows itself which instance and expiry it publishes with. Where rules of different sources differ, the one that says
 * less counts; those for remote people alone are left out, since none of them is his own client.
 */
void hg_category_manifest_write(struct hg_buf *, const struct hg_grammar_rule *, size_t n);

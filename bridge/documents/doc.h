/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all document codecs share: limits, media types, and the error that a peer is told.
 *
 * A reader is handed a body and gives an owned result, freed by its _done function also after a
 * failure. It returns 0, -EINVAL (not such a document) or -E2BIG (a limit below was passed). A
 * writer adds bytes to a buffer and cannot fail. Element names count, their namespace must be the
 * right one or none: real clients are careless with them.
 */
#pragma once

#include <heliograph/base.h>

#define HG_DOC_MAX (256 * 1024)        /* bytes of a body */
#define HG_DOC_PAYLOAD_MAX (32 * 1024) /* bytes of one publication's payload, as it is stored */
#define HG_DOC_DEPTH_MAX 32            /* elements in each other */
#define HG_DOC_ELEMENTS_MAX 16384
#define HG_DOC_ATTRIBUTES_MAX 64 /* of one element; namespace declarations do not count */
#define HG_DOC_NAMESPACES_MAX 64 /* in scope at any one place */

/* Names the element that is wrong: "publication[2]: attribute 'container' is missing". Printable
 * ASCII without double quotes, whatever the document held, so that it can stand in a quoted header
 * parameter. */
struct hg_doc_err {
	char text[160];
};

#define HG_TYPE_CATEGORIES "application/msrtc-event-categories+xml"
#define HG_TYPE_PUBLISH "application/msrtc-category-publish+xml"
#define HG_TYPE_FAULT "application/msrtc-fault+xml"
#define HG_TYPE_BATCH "application/msrtc-adrl-categorylist+xml"
#define HG_TYPE_RLMI "application/rlmi+xml"
#define HG_TYPE_ROAMING_SELF "application/vnd-microsoft-roaming-self+xml"
#define HG_TYPE_ROAMING_CONTACTS "application/vnd-microsoft-roaming-contacts+xml"
#define HG_TYPE_PROVISIONING "application/vnd-microsoft-roaming-provisioning-v2+xml"
#define HG_TYPE_MEMBERS "application/msrtc-setcontainermembers+xml"
#define HG_TYPE_SUBSCRIBER "application/msrtc-presence-setsubscriber+xml"
#define HG_TYPE_DELEGATE "application/msrtc-setdelegate+xml"
#define HG_TYPE_SOAP "application/SOAP+xml"
/* of clients from before categories (lcs.h) */
#define HG_TYPE_LCS_PRESENTITY "text/xml+msrtc.pidf"
#define HG_TYPE_LCS_WATCHERS "text/xml+msrtc.wpending"
#define HG_TYPE_LCS_LIST "application/adrl+xml"
#define HG_TYPE_LCS_ACL "application/vnd-microsoft-roaming-acls+xml"
#define HG_TYPE_LCS_PROVISIONING "application/vnd-microsoft-roaming-provisioning+xml"
/* of SIP/SIMPLE (pidf.h, pidf_diff.h, winfo.h, dialog_info.h) */
#define HG_TYPE_PIDF "application/pidf+xml"
#define HG_TYPE_PIDF_DIFF "application/pidf-diff+xml"
#define HG_TYPE_WINFO "application/watcherinfo+xml"
#define HG_TYPE_DIALOG_INFO "application/dialog-info+xml"

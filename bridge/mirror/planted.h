/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Planted defects. The simulation must catch every one of them by the invariant that it breaks; a
 * build with -DHG_BUG=N contains defect N, an ordinary build none (tests/sim/README.md has the
 * list).
 */
#pragma once

#ifdef HG_BUG
#define HG_PLANTED(n) (HG_BUG == (n))
#else
#define HG_PLANTED(n) 0
#endif

enum {
	HG_BUG_SHARED_RECEIVED_VIEW = 1, /* one received view for all watchers of a remote person */
	HG_BUG_KEY_WITHOUT_CONTAINER,    /* fragments are looked up without the container */
	HG_BUG_BYTES_WAIT,               /* what waits for room is bytes, not desire */
	HG_BUG_NO_HOLD,             /* a change of container under way does not hold its watchers */
	HG_BUG_NO_DIRTY_AFTER_HOLD, /* what was withheld is not looked at again */
	HG_BUG_ANSWER_NOT_DELIVERY, /* what the answer said is sent once more */
	HG_BUG_APPLY_BEFORE_COMMIT, /* durable facts show before they are durable */
	HG_BUG_LINK_LOSS_IS_OFFLINE,     /* a broken link is shown as "went home" */
	HG_BUG_PROJECTION_SURVIVES_LINK, /* what was sent before the link broke counts as known */
	HG_BUG_NO_SETTLE,                /* faces that nobody confirmed stay for ever */
	HG_BUG_FLAP_AT_LINK_UP, /* old faces are dropped at link-up, before anybody answered */
	HG_BUG_UNSUBSCRIBE_ON_LAST_OUTLET, /* sign-off takes the subscription with it */
	HG_BUG_ECHO_TO_SOURCE,             /* what came from a network is sent back to it */
	HG_BUG_PARTIAL_REQUEST,            /* a request with a conflict stores its good half */
	HG_BUG_SEQUENCE_FROM_VIEW,   /* messages are numbered by the view's revision, not by the
				      outlet */
	HG_BUG_ANSWER_BEFORE_COMMIT, /* a durable request is acknowledged when its commit begins */
	HG_BUG_HINT_OVER_DURABLE,    /* what a hint brings back replaces a newer durable fact */
	HG_BUG_RESTORED_IS_CONFIRMED, /* what a hint brings back stands as if its device were there */
	HG_BUG_HALVES_NOT_LOADED,   /* who may see whom across the border is lost with a restart */
	HG_BUG_VERSIONS_NOT_LOADED, /* publications begin at version 1 again */
	HG_BUG_PENDING_NOT_ASKED_AGAIN, /* a subscription that nobody answered is asked for once */
	HG_BUG_FAREWELL_NOT_SENT,  /* whoever is shown somebody believes in him after our end */
	HG_BUG_QUEUE_WITHOUT_END,  /* requests of one person may wait in any number */
	HG_BUG_LINKED_STAYS,       /* a linked resource that is gone stands as an endpoint */
	HG_BUG_SHOWN_TO_ITSELF,    /* a linked account is shown its own person */
	HG_BUG_CONTACT_TAKES_LINK, /* deleting the contact unsubscribes from the linked account */
	HG_BUG_NAME_IS_PERSON, /* who gets the name of a user who was taken away gets his things */
	HG_BUG_LET_IN_BEFORE_COMMIT, /* who need not wait any more is let in when his commit begins */
	HG_BUG_HIDDEN_REFUSED, /* where users are hidden, who waits is refused when the user goes */
	HG_BUG_GROUP_LEFT_IN_STORE, /* contacts of a group that is deleted stay in it on the disk */
	HG_BUG_HINTS_SURVIVE_USER,  /* who gets a user's name may get what was hinted of him */
	HG_BUG_RIGHT_AT_ARRIVAL, /* what a delegate may is looked at only when his request comes */
	HG_BUG_DELEGATE_STAYS,   /* what is bound to a delegate's device stands when that is gone */
	HG_BUG_BLOCKED_NOT_HELD, /* who is being blocked is shown his last update */
	HG_BUG_SAID_AGAIN_IS_NEW, /* what a client without versions says again is stored again */
	HG_BUG_FRAGMENT_WITHOUT_TABLE, /* what another mapping table made is shown still */
	HG_BUG_TABLE_OF_ALL,    /* whose presence has a mapping table of its own has that of all */
	HG_BUG_LOOK_OF_ANOTHER, /* who asks is answered from the container of another watcher */
	HG_BUG_LOOK_NOT_HELD,   /* who asks is answered while his container is being changed */
	HG_BUG_LOOK_SHOWS_BLOCKED, /* who asks and is blocked is shown that somebody is there */
	HG_BUG_ENDED_WATCH_WAITS,  /* whose watch is over is asked about as one who waits */
	HG_BUG_ASPECT_OF_ANOTHER,  /* what was said beside a presence is kept for another watcher */
	HG_BUG_ASPECT_OUTLIVES_LANE, /* and stays though nobody said it again after the link was back */
	HG_BUG_ALSO_OF_ANY_CIRCLE, /* what a lane shows beside presences is that of colleagues */
	HG_BUG_AGAIN_IS_OLD, /* who wants to be shown it again gets what was true when he asked */
	HG_BUG_LOST_TO_ROUTE_IS_TOLD, /* what was lost on the way to a route's watcher counts as told */
	HG_BUG_ANY_LANE_SPEAKS,       /* a lane speaks for those who are behind another */
	HG_BUG_SAID_FOR_EVER,         /* what a device says stands when its time is over */
	HG_BUG_SAID_NOT_READ_AGAIN,    /* and is not read with a table that replaces another */
	HG_BUG_SINCE_OF_ANY_CIRCLE,    /* since when it is so tells of what is not shown */
	HG_BUG_TAKEN_BACK_COMES_AGAIN, /* what an adapter took back is given to its next process */
	HG_BUG_DIRECTED_OUTLIVES_LINK, /* what was said to one alone is kept when its link is gone */
	HG_BUG_GIVEN_TO_ALL_FOR_EVER, /* and given to all behind a lane, though nobody says it again */
	HG_BUG_NOBODY_IS_NOT_ASKED, /* who watches an address that is nobody's yet is let in unasked */
	HG_BUG_SILENCE_IS_CONSENT, /* who does not answer when he is asked again stays as he was */
	HG_BUG_WORDS_ALONE_COUNT,  /* what was said whole is shown as its words are read */
	HG_BUG_MEMO_NOT_LOADED,    /* what is remembered of an account is lost with a restart */
	HG_BUG_MEMO_COMES_AGAIN,   /* and comes again with one when nothing was to be remembered */
	HG_BUG_UNBLOCKED_NOT_TOLD, /* accounts hear whom their user blocks, not whom he does not any more */
	HG_BUG_AGREED_NOT_TOLD, /* nor anything when they had agreed before they became his */
	HG_BUG_LAST_WORDS_AT_HOME, /* of who appears to have gone his note is told */
	HG_BUG_LAST_WORDS_STAY,    /* what somebody said when he went is told again when he goes without a word */
	HG_BUG_COUNT
};

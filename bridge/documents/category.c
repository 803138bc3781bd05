/* SPDX-License-Identifier: Apache-2.0 */
/* One category of one view. */
#include "bridge/documents/card.h"
#include "bridge/documents/categories.h"
#include "bridge/documents/facets.h"
#include "bridge/documents/write.h"

#include <stdlib.h>

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* A view lists its publications in no order, but the same view must give the same bytes. */
static int by_place(const void *a, const void *b)
{
	const struct hg_pub *x = *(const struct hg_pub *const *)a,
			    *y = *(const struct hg_pub *const *)b;
	int order = compare(x->key.container, y->key.container);

	return order ? order : compare(x->key.instance, y->key.instance);
}

/* Of several states in a document the last one counts for pidgin-sipe (EP 4.4.13): the newest. */
static int by_time(const void *a, const void *b)
{
	const struct hg_pub *x = *(const struct hg_pub *const *)a,
			    *y = *(const struct hg_pub *const *)b;

	if (x->published != y->published)
		return x->published < y->published ? -1 : 1;
	return by_place(a, b);
}

static const struct hg_pub **sorted(
	const struct hg_view *view, int (*order)(const void *, const void *))
{
	const struct hg_pub **pub = hg_alloc(view->npubs * sizeof(const struct hg_pub *));

	for (size_t i = 0; i < view->npubs; i++)
		pub[i] = view->pub[i];
	qsort(pub, view->npubs, sizeof(const struct hg_pub *), order);
	return pub;
}

/* Is it in a container that none but the owner sees? There it says all. */
static bool is_owners(const struct hg_pub *pub)
{
	return pub->key.container <= HG_C_AGGREGATION_URGENT;
}

void hg_publication_write(
	struct hg_buf *out, const struct hg_view *view, const struct hg_pub *pub)
{
	if (pub->payload)
		hg_buf_add(out, hg_bytes_str(pub->payload));
	else if (pub->card && pub->key.category == HG_CAT_USER_PROPERTIES)
		hg_user_properties_write(out, pub->card, pub->card_fields);
	else if (pub->card)
		hg_card_write(out, pub->card, pub->card_fields);
	else if (pub->key.category == HG_CAT_STATE)
		hg_state_write(out, &pub->state);
	else if (pub->key.category == HG_CAT_NOTE)
		hg_note_write(out, &pub->note);
	else if (pub->key.category == HG_CAT_LEGACY_INTEROP)
		hg_legacy_write(out, &pub->state);
	else if (pub->services)
		hg_services_write(out, pub->services, view->presentity, is_owners(pub));
}

static void open_category(struct hg_buf *out, const struct hg_pub *pub)
{
	hg_buf_adds(out, "<category");
	hg_write_attr(out, "name", hg_str(hg_category_name(pub->key.category)));
	hg_write_number_attr(out, "instance", pub->key.instance);
	hg_write_time_attr(out, "publishTime", pub->published);
}

static void close_category(struct hg_buf *out, const struct hg_view *view, const struct hg_pub *pub)
{
	hg_buf_addc(out, '>');
	hg_publication_write(out, view, pub);
	hg_buf_adds(out, "</category>");
}

/* What a watcher is shown of a state that is not there. A client keeps the last one unless it is
 * told a number. */
static void add_no_state(struct hg_buf *out, enum hg_standing standing)
{
	bool unknown = standing == HG_UNKNOWN || standing == HG_PENDING;
	struct hg_state state = {
		.kind = HG_STATE_AGGREGATE,
		.availability = hg_band_canonical(unknown ? HG_BAND_UNKNOWN : HG_BAND_OFFLINE),
	};

	hg_buf_adds(out, "<category name=\"state\" instance=\"0\">");
	hg_state_write(out, &state);
	hg_buf_adds(out, "</category>");
}

const struct hg_pub **hg_publications_by_time(const struct hg_view *view)
{
	return sorted(view, by_time);
}

void hg_category_write(struct hg_buf *out, const struct hg_view *view)
{
	if (!view->npubs && view->part == HG_CAT_STATE)
		add_no_state(out, view->standing);
	else if (!view->npubs)
		hg_buf_addf(out, "<category name=\"%s\" instance=\"0\"></category>",
			hg_category_name(view->part));
	if (!view->npubs)
		return;

	const struct hg_pub **pub = hg_publications_by_time(view);
	for (size_t i = 0; i < view->npubs; i++) {
		open_category(out, pub[i]);
		close_category(out, view, pub[i]);
	}
	free(pub);
}

void hg_category_write_self(struct hg_buf *out, const struct hg_view *view)
{
	/* Without a container: in none of them is anything left (EP 1.2.4). */
	if (!view->npubs) {
		hg_buf_addf(out, "<category name=\"%s\"/>", hg_category_name(view->part));
		return;
	}
	const struct hg_pub **pub = sorted(view, by_place);
	for (size_t i = 0; i < view->npubs; i++) {
		open_category(out, pub[i]);
		hg_write_number_attr(out, "container", pub[i]->key.container);
		hg_write_number_attr(out, "version", pub[i]->version);
		hg_write_attr(out, "expireType", hg_str(hg_expiry_name(pub[i]->expiry)));
		close_category(out, view, pub[i]);
	}
	free(pub);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures of people. A contact card has a web address and a hash of one; XMPP wants the picture itself, or its SHA-1
 * (XEP-0084, XEP-0153). We fetch nothing from anywhere: an administrator puts the same pictures into a folder, each
 * under its hash. Read once, when we start, so that what is shown of a view does not change by itself.
 */
#include "plugins/xmpp/iq.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *type;
	size_t at;
	struct hg_str magic;
} kinds[] = {
	{ "image/png", 0, { "\x89PNG\r\n\x1a\n", 8 } },
	{ "image/jpeg", 0, { "\xff\xd8\xff", 3 } },
	{ "image/gif", 0, { "GIF8", 4 } },
	{ "image/webp", 8, { "WEBP", 4 } },
};

static const char *type_of(struct hg_str picture)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (picture.n >= kinds[i].at + kinds[i].magic.n &&
			!memcmp(picture.p + kinds[i].at, kinds[i].magic.p, kinds[i].magic.n))
			return kinds[i].type;
	return NULL;
}

static void sha1_hex(struct hg_str octets, char ret[HG_XMPP_SHA1_MAX])
{
	unsigned char digest[XMPP_SHA1_DIGEST_SIZE];

	xmpp_sha1_digest((const unsigned char *)octets.p, octets.n, digest);
	for (size_t i = 0; i < sizeof(digest); i++) {
		ret[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		ret[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	ret[2 * sizeof(digest)] = '\0';
}

/* -EFBIG: more than a stanza should carry. */
static int read_file(int folder, const char *name, struct hg_buf *ret)
{
	char part[8192];
	struct stat st;
	ssize_t n = 0;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	while (ret->n <= HG_XMPP_PHOTO_MAX && (n = read(fd, part, sizeof(part))) > 0)
		hg_buf_add(ret, (struct hg_str){ part, (size_t)n });
	close(fd);
	if (n < 0)
		return -EIO;
	return ret->n > HG_XMPP_PHOTO_MAX ? -EFBIG : 0;
}

/* "HASH.jpg" or "HASH". */
static struct hg_str hash_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? (struct hg_str){ name, (size_t)(dot - name) } : hg_str(name);
}

static void skip(const char *name, const char *why)
{
	hg_log(HG_WARN, "photo-skipped", "file=%s reason=\"%s\"", hg_log_text(hg_str(name)), why);
}

static void add_file(struct hg_xmpp *x, int folder, const char *name)
{
	struct hg_buf b = { 0 };
	int rc = read_file(folder, name, &b);
	const char *type = rc ? NULL : type_of(hg_buf_str(&b));

	if (rc == -EFBIG) {
		skip(name, "larger than 64 KB");
	} else if (rc) {
		skip(name, rc == -EINVAL ? "not a file" : "cannot be read");
	} else if (!type) {
		skip(name, "neither PNG, JPEG, GIF nor WebP");
	} else {
		hg_grow(&x->photo, &x->photos_cap, x->nphotos, sizeof(*x->photo));
		struct hg_xmpp_photo *p = &x->photo[x->nphotos++];

		p->file = hg_str_dup(hg_str(name));
		p->hash = hash_of(p->file);
		p->type = type;
		p->size = b.n;
		sha1_hex(hg_buf_str(&b), p->id);
	}
	hg_buf_done(&b);
}

static int by_hash(const void *a, const void *b)
{
	struct hg_str x = ((const struct hg_xmpp_photo *)a)->hash,
		      y = ((const struct hg_xmpp_photo *)b)->hash;
	int order = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);

	return order ? order : (x.n > y.n) - (x.n < y.n);
}

int hg_xmpp_photos_load(
	struct hg_xmpp *x, struct hg_str folder, const char *where, struct hg_err *err)
{
	char *path = hg_str_dup(folder);
	DIR *dir;
	struct dirent *entry;

	x->photo_folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(path);
	if (x->photo_folder < 0)
		return hg_err_set(err, -errno, where,
			"a folder of pictures, each under its photo-hash", "cannot open %.*s: %s",
			HG_STR_ARG(folder), strerror(errno));
	dir = fdopendir(openat(x->photo_folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			add_file(x, x->photo_folder, entry->d_name);
	if (dir)
		closedir(dir);
	if (x->nphotos)
		qsort(x->photo, x->nphotos, sizeof(*x->photo), by_hash);
	hg_log(HG_INFO, "photos-read", "pictures=%zu", x->nphotos);
	return 0;
}

void hg_xmpp_photos_done(struct hg_xmpp *x)
{
	for (size_t i = 0; i < x->nphotos; i++)
		free(x->photo[i].file);
	free(x->photo);
	free(x->photos);
	free(x->photos_where);
	if (x->photo_folder >= 0)
		close(x->photo_folder);
}

const struct hg_xmpp_photo *hg_xmpp_photo_of(const struct hg_xmpp *x, const struct hg_card *card)
{
	const struct hg_bytes *hash = card->field[HG_CARD_PHOTO_HASH];
	struct hg_xmpp_photo wanted = { .hash = hg_bytes_str(hash) };

	/* Without an address it is not shown (EP 1.6). */
	if (!hash || !x->nphotos || !(hg_card_has(card) & HG_CARD_BIT(HG_CARD_PHOTO_HASH)))
		return NULL;
	return bsearch(&wanted, x->photo, x->nphotos, sizeof(*x->photo), by_hash);
}

bool hg_xmpp_photo_add(struct hg_xmpp *x, const struct hg_xmpp_photo *p, struct hg_buf *b)
{
	struct hg_buf file = { 0 };
	char id[HG_XMPP_SHA1_MAX];
	char *text;
	bool same = false;

	if (!read_file(x->photo_folder, p->file, &file) && file.n) {
		sha1_hex(hg_buf_str(&file), id);
		same = !strcmp(id, p->id);
	}
	if (same) {
		text = hg_alloc(HG_XMPP_BASE64_SIZE(file.n));
		hg_xmpp_base64(hg_buf_str(&file), text);
		hg_buf_adds(b, text);
		free(text);
	}
	hg_buf_done(&file);
	return same;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The secret of a component: in the configuration, or in a file of its own, as containers and credential stores give it. */
#include "plugins/xmpp/xmpp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1024 };

static int read_file(const char *path, char text[MOST + 1], const char *where, struct hg_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, MOST + 1);
	int error = errno;

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return hg_err_set(err, -error, where, "it must be readable by this user",
			"cannot read %.200s: %s", path, strerror(error));
	while (n && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	if (n > MOST || !n || memchr(text, '\n', (size_t)n) || memchr(text, '\0', (size_t)n))
		return hg_err_set(err, -EINVAL, where,
			"the file holds the secret in one line, and nothing else",
			"no secret in %.200s", path);
	text[n] = '\0';
	return 0;
}

int hg_xmpp_secret(const struct hg_conf *conf, char **ret, struct hg_err *err)
{
	bool file = hg_conf_has(conf, "secret-file");
	char text[MOST + 1];

	if (file == hg_conf_has(conf, "secret"))
		return hg_err_set(err, -EINVAL, hg_conf_where(conf),
			"the XMPP server has the same one as component_secret",
			"a component needs `secret` or `secret-file`, one of them");
	if (!file) {
		*ret = hg_str_dup(hg_conf_str(conf, "secret"));
		return 0;
	}
	char *path = hg_str_dup(hg_conf_str(conf, "secret-file"));
	int rc = read_file(path, text, hg_conf_where(conf), err);

	if (!rc)
		*ret = hg_str_dup(hg_str(text));
	explicit_bzero(text, sizeof(text));
	free(path);
	return rc;
}

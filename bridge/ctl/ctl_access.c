/* SPDX-License-Identifier: Apache-2.0 */
/* Who may ask at the control socket, and whose socket it is. */
#include "bridge/ctl/ctl_private.h"

#include <heliograph/log.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool in_group(int fd, gid_t group)
{
	gid_t *groups = NULL;
	socklen_t size = 0;
	bool found = false;

	/* The first call tells how much there is. A process's groups stay what they were when it
	 * connected. */
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &size) && errno != ERANGE)
		return false;
	groups = hg_alloc(size);
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size)) {
		for (size_t i = 0; i < size / sizeof(*groups) && !found; i++)
			found = groups[i] == group;
	}
	free(groups);
	return found;
}

bool hg_ctl_may_ask(struct hg_ctl_client *c)
{
	socklen_t size = sizeof(c->who);
	struct sockaddr_un self;
	socklen_t self_size = sizeof(self);
	struct stat st;
	uv_os_fd_t fd;

	if (uv_fileno((uv_handle_t *)&c->pipe, &fd) ||
		getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c->who, &size))
		return false;
	if (c->who.uid == 0 || c->who.uid == geteuid())
		return true;
	if (getsockname(fd, (struct sockaddr *)&self, &self_size) || stat(self.sun_path, &st))
		return false;
	return c->who.gid == st.st_gid || in_group(fd, st.st_gid);
}

int hg_ctl_remove_stale(const char *path, struct hg_err *err)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct stat st;

	if (lstat(path, &st))
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return hg_err_set(err, -EEXIST, path, "give the control socket a path of its own",
			"what is there is no socket");
	strcpy(to.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int rc = connect(fd, (struct sockaddr *)&to, sizeof(to)) ? -errno : 0;
	close(fd);
	if (rc == -ECONNREFUSED && !unlink(path)) {
		hg_log(HG_INFO, "ctl-stale", "path=%s removed=yes", path);
		return 0;
	}
	return hg_err_set(err, rc == -ECONNREFUSED ? -errno : -EADDRINUSE, path,
		"stop the other one, or give this one a control socket of its own",
		rc == -ECONNREFUSED ? "a dead daemon's control socket cannot be removed"
				    : "another Heliograph answers on this control socket");
}

bool hg_ctl_folder_exists(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? hg_str_dup((struct hg_str){ path, (size_t)(slash - path) + 1 })
			     : NULL;
	bool exists = !folder || access(folder, F_OK) == 0;

	free(folder);
	return exists;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define RUNDIR_TOP  "/run/vex"
#define STATE_TOP   "/var/lib/vex"
#define CONNECTIONS 1024

char *rundir_path(const char *instance, char buf[PATH_MAX])
{
	const char *top = getenv("VEX_RUNDIR");

	snprintf(buf, PATH_MAX, "%s/%s", top != NULL && *top != '\0' ? top : RUNDIR_TOP, instance);
	return buf;
}

char *rundir_state_path(const char *instance, char buf[PATH_MAX])
{
	const char *top = getenv("VEX_STATEDIR");

	snprintf(buf, PATH_MAX, "%s/%s", top != NULL && *top != '\0' ? top : STATE_TOP, instance);
	return buf;
}

static int make_parents(const char *path)
{
	char buf[PATH_MAX];

	snprintf(buf, sizeof(buf), "%s", path);
	for (char *p = strchr(buf + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(buf, 0755) != 0 && errno != EEXIST)
			return -1;
		*p = '/';
	}
	return 0;
}

int rundir_open(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

int rundir_make(const char *path, char *err, size_t err_size)
{
	struct stat st;
	int fd = -1;

	if (make_parents(path) == 0 && (mkdir(path, 0700) == 0 || errno == EEXIST))
		fd = rundir_open(path);
	if (fd < 0 || fstat(fd, &st) != 0) {
		snprintf(err, err_size, "run directory %.160s: %s", path, strerror(errno));
	} else if (st.st_uid != geteuid()) {
		snprintf(err, err_size,
			"run directory %.120s belongs to user %u: remove it, or set VEX_RUNDIR",
			path, (unsigned int)st.st_uid);
	} else if (fchmod(fd, 0700) == 0) {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

int rundir_lock(int dir, const char *instance, char *err, size_t err_size)
{
	int fd = openat(dir, RUNDIR_LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char pid[16] = "";

	if (fd < 0) {
		snprintf(err, err_size, RUNDIR_LOCK ": %s", strerror(errno));
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		if (ftruncate(fd, 0) == 0 && dprintf(fd, "%d\n", (int)getpid()) > 0)
			return fd;
		snprintf(err, err_size, RUNDIR_LOCK ": %s", strerror(errno));
	} else if (errno == EWOULDBLOCK) {
		if (pread(fd, pid, sizeof(pid) - 1, 0) > 0)
			pid[strcspn(pid, "\n")] = '\0';
		snprintf(err, err_size,
			"instance %s is running already, supervised by process %s; stop it with "
			"`vex "
			"stop --instance %s`",
			instance, *pid != '\0' ? pid : "?", instance);
	} else {
		snprintf(err, err_size, RUNDIR_LOCK ": %s", strerror(errno));
	}
	close(fd);
	return -1;
}

static int copy_bytes(int from, int to)
{
	char buf[65536];
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, (size_t)n) != n)
			return -1;
	return n == 0 ? 0 : -1;
}

int rundir_copy(int dir, const char *name, const char *from, char *err, size_t err_size)
{
	char temporary[64];
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1, status = -1;

	snprintf(temporary, sizeof(temporary), "%s.new", name);
	if (in >= 0)
		out = openat(dir, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (out >= 0 && copy_bytes(in, out) == 0 && renameat(dir, temporary, dir, name) == 0)
		status = 0;
	else
		snprintf(err, err_size, "%.160s cannot be copied to the run directory: %s", from,
			strerror(errno));
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return status;
}

/* Through the descriptor of the directory: the path itself may be longer than an address. */
static void address(int dir, const char *name, struct sockaddr_un *sun)
{
	*sun = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(sun->sun_path, sizeof(sun->sun_path), "/proc/self/fd/%d/%s", dir, name);
}

int rundir_listen(int dir, const char *name, char *err, size_t err_size)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un sun;

	address(dir, name, &sun);
	unlinkat(dir, name, 0); /* of a dead process: the caller has the lock */
	if (fd >= 0 && bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0 &&
		listen(fd, CONNECTIONS) == 0)
		return fd;
	snprintf(err, err_size, "socket %s: %s", name, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

int rundir_connect(int dir, const char *name, char *err, size_t err_size)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un sun;

	address(dir, name, &sun);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
		return fd;
	snprintf(err, err_size, "socket %s: %s", name, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

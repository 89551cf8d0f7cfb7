/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/confdb_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/file.h"

/* Bytes of a remark line, at most. */
#define REMARK_MAX 65536

static bool step(const struct confdb_disk *d, const char *verb, const char *name)
{
	char what[CONFDB_NAME_SIZE * 2];

	if (d->step == NULL)
		return true;
	snprintf(what, sizeof what, "%s %s", verb, name);
	if (d->step(d->arg, what))
		return true;
	errno = EIO;
	return false;
}

/* Every level that is missing; the last one for its owner only. */
static int make_directories(char *path)
{
	for (char *p = path + 1; *p != '\0'; p++) {
		int failed;

		if (*p != '/')
			continue;
		*p = '\0';
		failed = mkdir(path, 0755) != 0 && errno != EEXIST;
		*p = '/';
		if (failed)
			return -1;
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : -1;
}

int confdb_disk_open(struct confdb_disk *d, const char *path)
{
	struct stat st;

	d->dir = -1;
	if (strlen(path) >= sizeof d->path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(d->path, path);
	if (make_directories(d->path) != 0)
		return -1;
	d->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->dir < 0 || fstat(d->dir, &st) != 0)
		return -1;
	if (st.st_uid != geteuid()) {
		errno = EPERM;
		return -1;
	}
	return (st.st_mode & 077) == 0 ? 0 : fchmod(d->dir, 0700);
}

void confdb_disk_close(struct confdb_disk *d)
{
	if (d->dir >= 0)
		close(d->dir);
	d->dir = -1;
}

char *confdb_disk_read(const struct confdb_disk *d, const char *name, size_t *len)
{
	int fd = openat(d->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), error;
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	char *text = NULL;

	if (f != NULL)
		text = file_read_stream(f, CFG_TEXT_MAX + REMARK_MAX, len);
	error = errno;
	if (f != NULL)
		fclose(f);
	else if (fd >= 0)
		close(fd);
	errno = error;
	return text;
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

int confdb_disk_write(
	struct confdb_disk *d, const char *name, const char *head, const char *text, size_t len)
{
	int fd, error = 0;

	/* Never through what somebody else may have opened or linked there. */
	if (confdb_disk_remove(d, name) != 0 || !step(d, "create", name))
		return -1;
	fd = openat(d->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -1;
	if (write_all(fd, head, strlen(head)) != 0 || !step(d, "write", name) ||
		write_all(fd, text, len) != 0 || !step(d, "sync", name) || fsync(fd) != 0)
		error = errno;
	if (close(fd) != 0 && error == 0)
		error = errno;
	if (error == 0)
		return 0;
	unlinkat(d->dir, name, 0);
	errno = error;
	return -1;
}

int confdb_disk_rename(struct confdb_disk *d, const char *from, const char *to)
{
	return step(d, "rename", from) ? renameat(d->dir, from, d->dir, to) : -1;
}

int confdb_disk_link(struct confdb_disk *d, const char *from, const char *to)
{
	return step(d, "link", from) ? linkat(d->dir, from, d->dir, to, 0) : -1;
}

int confdb_disk_remove(struct confdb_disk *d, const char *name)
{
	if (!confdb_disk_exists(d, name))
		return 0;
	if (!step(d, "remove", name))
		return -1;
	return unlinkat(d->dir, name, 0) == 0 || errno == ENOENT ? 0 : -1;
}

int confdb_disk_sync(struct confdb_disk *d)
{
	return step(d, "sync", ".") ? fsync(d->dir) : -1;
}

bool confdb_disk_exists(const struct confdb_disk *d, const char *name)
{
	struct stat st;

	return fstatat(d->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

time_t confdb_disk_time(const struct confdb_disk *d, const char *name)
{
	struct stat st;

	return fstatat(d->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_mtime : 0;
}

bool confdb_disk_same(const struct confdb_disk *d, const char *a, const char *b)
{
	struct stat sa, sb;

	return fstatat(d->dir, a, &sa, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstatat(d->dir, b, &sb, AT_SYMLINK_NOFOLLOW) == 0 && sa.st_ino == sb.st_ino &&
	       sa.st_dev == sb.st_dev;
}

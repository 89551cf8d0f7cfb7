/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/sup_netns.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define NETNS_DIR  "/run/netns"
#define NSFS_MAGIC 0x6e736673

char *sup_netns_name(const char *instance, char buf[SUP_NETNS_NAME_SIZE])
{
	snprintf(buf, SUP_NETNS_NAME_SIZE, "vex-%.*s", PLATFORM_INSTANCE_MAX, instance);
	return buf;
}

static int fail(char *err, size_t size, const char *name, const char *what)
{
	snprintf(err, size, "network namespace %s: %s: %s", name, what, strerror(errno));
	return -1;
}

/* ---- In the thread ---------------------------------------------------------------------------- */

struct job {
	const struct sup_netns *ns; /* to enter; NULL: make a new one */
	const char *path;
	void (*run)(void *arg);
	void *arg;
	int sock;
	const char *failed; /* what did; NULL: nothing */
	int error;
};

/* Interfaces that are made from now on have no IPv6 of their own accord. A kernel without is fine. */
static bool silence(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/default/disable_ipv6", O_WRONLY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return errno == ENOENT;
	done = write(fd, "1", 1) == 1;
	close(fd);
	return done;
}

static bool loopback_up(int sock)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};

	return ioctl(sock, SIOCSIFFLAGS, &request) == 0;
}

/* The steps of a new namespace; the name of the one that failed. */
static const char *make(struct job *job)
{
	if (unshare(CLONE_NEWNET) != 0)
		return "unshare";
	job->sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (job->sock < 0 || !loopback_up(job->sock))
		return "loopback";
	if (!silence())
		return "disable_ipv6";
	if (mount("/proc/thread-self/ns/net", job->path, NULL, MS_BIND, NULL) != 0)
		return "mount";
	return NULL;
}

static void *enter(void *arg)
{
	struct job *job = arg;

	errno = 0;
	if (job->ns == NULL)
		job->failed = make(job);
	else if (setns(job->ns->fd, CLONE_NEWNET) != 0)
		job->failed = "setns";
	else
		job->run(job->arg);
	job->error = errno;
	return NULL;
}

static bool in_thread(struct job *job)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, enter, job);
	if (errno != 0) {
		job->failed = "thread";
		return false;
	}
	pthread_join(thread, NULL);
	errno = job->error;
	return job->failed == NULL;
}

bool sup_netns_run(const struct sup_netns *ns, void (*run)(void *arg), void *arg)
{
	struct job job = {.ns = ns, .run = run, .arg = arg, .sock = -1};

	return in_thread(&job);
}

/* ---- The name --------------------------------------------------------------------------------- */

/* The directory of names, whose mounts reach every mount namespace, as ip(8) makes it. */
static bool make_directory(void)
{
	if (mkdir(NETNS_DIR, 0755) != 0 && errno != EEXIST)
		return false;
	if (mount("", NETNS_DIR, "none", MS_SHARED | MS_REC, NULL) == 0)
		return true;
	return errno == EINVAL &&
	       mount(NETNS_DIR, NETNS_DIR, "none", MS_BIND | MS_REC, NULL) == 0 &&
	       mount("", NETNS_DIR, "none", MS_SHARED | MS_REC, NULL) == 0;
}

static void remove_name(const char *path)
{
	umount2(path, MNT_DETACH);
	unlink(path);
}

/* Open a namespace and lock it: -1 with EWOULDBLOCK if it is another's, ENOENT if it is none. */
static int open_locked(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0)
		return -1;
	if (fstatfs(fd, &fs) != 0 || fs.f_type != NSFS_MAGIC) {
		close(fd);
		errno = ENOENT;
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		errno = EWOULDBLOCK;
		return -1;
	}
	return fd;
}

/* Under the lock of the directory: nobody makes or removes names meanwhile. */
static int open_in(struct sup_netns *ns, const char *path, char *err, size_t size)
{
	struct job job = {.path = path, .sock = -1};
	int fd = open_locked(path);

	if (fd < 0 && errno == EWOULDBLOCK) {
		snprintf(err, size,
			"network namespace %s belongs to another switch of this name, which runs; "
			"give this one another name",
			ns->name);
		return -1;
	}
	if (fd >= 0)
		close(fd); /* a supervisor that is no more left it */
	remove_name(path);
	fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	if (fd < 0)
		return fail(err, size, ns->name, path);
	close(fd);
	if (in_thread(&job)) {
		ns->fd = open_locked(path);
		if (ns->fd >= 0) {
			ns->sock = job.sock;
			return 0;
		}
		job.failed = "lock";
	}
	fail(err, size, ns->name, job.failed);
	if (job.sock >= 0)
		close(job.sock);
	remove_name(path);
	return -1;
}

int sup_netns_open(struct sup_netns *ns, const char *instance, char *err, size_t err_size)
{
	char path[sizeof(NETNS_DIR) + SUP_NETNS_NAME_SIZE];
	int dir, done;

	*ns = (struct sup_netns){.fd = -1, .sock = -1};
	sup_netns_name(instance, ns->name);
	snprintf(path, sizeof(path), NETNS_DIR "/%s", ns->name);
	if (!make_directory())
		return fail(err, err_size, ns->name, NETNS_DIR);
	dir = open(NETNS_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || flock(dir, LOCK_EX) != 0) {
		fail(err, err_size, ns->name, NETNS_DIR);
		done = -1;
	} else {
		done = open_in(ns, path, err, err_size);
	}
	if (dir >= 0)
		close(dir);
	return done;
}

void sup_netns_close(struct sup_netns *ns)
{
	char path[sizeof(NETNS_DIR) + SUP_NETNS_NAME_SIZE];

	if (ns->fd < 0)
		return;
	snprintf(path, sizeof(path), NETNS_DIR "/%s", ns->name);
	remove_name(path);
	close(ns->sock);
	close(ns->fd);
	ns->fd = ns->sock = -1;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/live/pfe_host.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ATTACH_LIMIT_NS UINT64_C(30000000000)

uint64_t pfe_host_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void pfe_host_ring(const struct pfe_host *h)
{
	static const uint64_t one = 1;

	if (write(h->op_event, &one, sizeof(one)) < 0 && errno != EAGAIN)
		perror("doorbell");
}

void pfe_host_wait(const struct pfe_host *h, int ms)
{
	struct pollfd p = {.fd = h->ack_event, .events = POLLIN};
	uint64_t count;

	if (poll(&p, 1, ms) > 0 && read(h->ack_event, &count, sizeof(count)) < 0 && errno != EAGAIN)
		perror("doorbell");
}

bool pfe_host_lives(const struct pfe_host *h)
{
	return waitpid(h->pid, NULL, WNOHANG) == 0;
}

/* In the child: descriptors keep their numbers. */
static void run_child(const struct pfe_host *h, const char *program, const char *platform)
{
	const int fds[] = {h->fds.ctl, h->fds.cnt, h->op_event, h->ack_event};
	char text[4][12];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; i < 4; i++) {
		fcntl(fds[i], F_SETFD, 0);
		snprintf(text[i], sizeof(text[i]), "%d", fds[i]);
	}
	execl(program, program, "--instance", "host", "--platform", platform, "--ctl-fd", text[0],
		"--cnt-fd", text[1], "--op-event-fd", text[2], "--ack-event-fd", text[3],
		(char *)NULL);
	perror(program);
	_exit(127);
}

static bool attach(struct pfe_host *h)
{
	char err[256];

	if (vex_shm_attach(&h->shm, VEX_SIDE_CONTROL, fcntl(h->fds.ctl, F_DUPFD_CLOEXEC, 0),
		    fcntl(h->fds.cnt_ro, F_DUPFD_CLOEXEC, 0), err, sizeof(err)) == 0)
		return true;
	fprintf(stderr, "%s\n", err);
	return false;
}

bool pfe_host_start(struct pfe_host *h, const char *program, const char *platform)
{
	uint64_t begin = pfe_host_ns();
	char err[256];

	*h = (struct pfe_host){.op_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.ack_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
	if (h->op_event < 0 || h->ack_event < 0 || vex_shm_create(&h->fds, err, sizeof(err)) != 0) {
		fprintf(stderr, "no shared memory\n");
		return false;
	}
	h->pid = fork();
	if (h->pid == 0)
		run_child(h, program, platform);
	if (h->pid < 0 || !attach(h))
		return false;
	while (!vex_shm_met(&h->shm)) {
		if (!pfe_host_lives(h) || pfe_host_ns() - begin > ATTACH_LIMIT_NS) {
			fprintf(stderr, "%s did not attach\n", program);
			return false;
		}
		pfe_host_wait(h, 20);
		vex_shm_sync(&h->shm);
	}
	/* It rings when everything is ready. */
	pfe_host_wait(h, 10000);
	return true;
}

bool pfe_host_stop(struct pfe_host *h)
{
	int status = -1;

	kill(h->pid, SIGTERM);
	if (waitpid(h->pid, &status, 0) != h->pid)
		status = -1;
	vex_shm_detach(&h->shm);
	vex_shm_close(&h->fds);
	close(h->op_event);
	close(h->ack_event);
	return status == 0;
}

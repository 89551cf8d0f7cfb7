/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/sup_taps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control/tap.h"

struct job {
	struct sup_taps *taps;
	const struct sup_netns *ns;
	const struct platform *platform;
	char failed[IFNAMSIZ]; /* the tap that could not be made; empty: none */
	int error;
};

void sup_taps_mac(const struct platform *platform, unsigned int port, uint8_t mac[6])
{
	uint64_t address = port;

	for (int i = 0; i < 6; i++)
		address += (uint64_t)platform->base_mac[i] << 8 * (5 - i);
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)(address >> 8 * (5 - i));
}

static bool open_tap(struct job *job, unsigned int port, const char *name)
{
	uint8_t mac[6];

	job->taps->fd[port] = tap_open(name);
	if (job->taps->fd[port] < 0)
		return false;
	job->taps->n++;
	sup_taps_mac(job->platform, port, mac);
	return tap_set_mac(job->ns->sock, name, mac) && tap_set_up(job->ns->sock, name, true);
}

/* In the namespace. */
static void open_all(void *arg)
{
	struct job *job = arg;
	char name[IFNAMSIZ];

	for (unsigned int i = 0; i < job->platform->n_ports; i++) {
		if (open_tap(job, i, tap_name(job->platform->ports[i].name, name)))
			continue;
		job->error = errno;
		memcpy(job->failed, name, sizeof(name));
		return;
	}
}

int sup_taps_open(struct sup_taps *taps, const struct sup_netns *ns,
	const struct platform *platform, char *err, size_t err_size)
{
	struct job job = {.taps = taps, .ns = ns, .platform = platform};

	*taps = (struct sup_taps){0};
	if (!sup_netns_run(ns, open_all, &job)) {
		snprintf(err, err_size, "network namespace %s: %s", ns->name, strerror(errno));
		return -1;
	}
	if (job.failed[0] == '\0')
		return 0;
	snprintf(err, err_size, "tap %s: %s%s", job.failed, strerror(job.error),
		job.error == ENOENT || job.error == ENODEV ? "; the kernel needs /dev/net/tun"
							   : "");
	sup_taps_close(taps);
	return -1;
}

void sup_taps_close(struct sup_taps *taps)
{
	for (unsigned int i = 0; i < taps->n; i++)
		close(taps->fd[i]);
	taps->n = 0;
}

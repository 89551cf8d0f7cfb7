/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices of every kind, as housekeeping sees them: opened, watched, opened again, closed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ports/ethdev_ops.h"

/* Rounds of ethdev_watch between attempts to open a device that went away; more after each failure. */
#define RETRY_ROUNDS	 10u
#define RETRY_ROUNDS_MAX 100u

static const struct ethdev_ops *find_kind(const char *kind)
{
	static const struct ethdev_ops *const own[] = {
		&ethdev_packet_socket, &ethdev_af_xdp, &ethdev_tap};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!strcmp(own[i]->kind, kind))
			return own[i];
	for (size_t i = 0; i < ethdev_dpdk_kinds; i++)
		if (!strcmp(ethdev_dpdk[i].kind, kind))
			return &ethdev_dpdk[i];
	return NULL;
}

/* False with a reason. */
static bool open_object(struct ethdev *d, char *why, size_t size)
{
	void *object;

	why[0] = '\0';
	object = d->ops->open(&d->params, why, size);
	if (!object && !why[0])
		snprintf(why, size, "%s %s cannot be opened: %s", d->ops->kind, d->argument,
			strerror(errno));
	if (!object)
		return false;
	why[0] = '\0';
	atomic_store_explicit(&d->object, object, memory_order_release);
	return true;
}

struct ethdev *ethdev_open(const struct ethdev_params *params, char *why, size_t size)
{
	const struct ethdev_ops *ops = find_kind(params->kind);
	struct ethdev *d = ops ? calloc(1, sizeof(*d)) : NULL;

	if (!ops) {
		snprintf(why, size, "'%s' is not a kind of device", params->kind);
		return NULL;
	}
	if (d)
		d->argument = strdup(params->argument);
	if (!d || !d->argument) {
		snprintf(why, size, "out of memory");
		free(d);
		return NULL;
	}
	d->ops = ops;
	d->params = *params;
	d->params.kind = ops->kind;
	d->params.argument = d->argument;
	open_object(d, why, size);
	return d;
}

void ethdev_close(struct ethdev *d)
{
	void *object = atomic_load(&d->object);

	if (d->leaving)
		d->ops->close(d->leaving);
	if (object)
		d->ops->close(object);
	free(d->argument);
	free(d);
}

bool ethdev_own_queues(const struct ethdev *d)
{
	const void *object = atomic_load_explicit(&d->object, memory_order_relaxed);

	return !d->ops->own_queues || (object && d->ops->own_queues(object));
}

static void ask_losses(const struct ethdev *d, void *object, struct ethdev_state *state)
{
	state->missed = d->past.missed;
	state->errors = d->past.errors;
	state->no_buffer = d->past.no_buffer;
	if (object && d->ops->losses)
		d->ops->losses(object, state);
}

void ethdev_watch(struct ethdev *d, struct ethdev_state *state)
{
	void *object = atomic_load_explicit(&d->object, memory_order_relaxed);
	enum ethdev_link link;
	char why[256];

	*state = (struct ethdev_state){0};
	if (!object && !d->leaving && ++d->away >= d->patience) {
		d->away = 0;
		if (d->patience < RETRY_ROUNDS_MAX)
			d->patience += RETRY_ROUNDS;
		if (open_object(d, why, sizeof(why)))
			object = atomic_load_explicit(&d->object, memory_order_relaxed);
	}
	ask_losses(d, object ? object : d->leaving, state);
	if (!object)
		return;
	link = d->ops->link(object, &state->speed_mbps);
	state->present = link != ETHDEV_GONE;
	state->up = link == ETHDEV_UP;
	if (link == ETHDEV_GONE) {
		d->leaving = object;
		atomic_store_explicit(&d->object, NULL, memory_order_release);
	}
}

bool ethdev_leaving(const struct ethdev *d)
{
	return d->leaving != NULL;
}

void ethdev_release(struct ethdev *d)
{
	ask_losses(d, d->leaving, &d->past);
	d->past.note = NULL;
	d->ops->close(d->leaving);
	d->leaving = NULL;
	d->away = 0;
	d->patience = 0; /* the first attempt is in the next round */
}

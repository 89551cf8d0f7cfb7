/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/re_punt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/tap.h"

#define PUNTS_PER_ROUND	  256 /* from the ring */
#define INJECTS_PER_ROUND 32  /* from one tap */
#define RETRY_MS	  1   /* the inject ring was full */
#define ETH_HEADER	  14u

struct re_tap {
	struct re_punt *punt;
	struct event *readable;
	int fd;
	uint16_t port;
	bool disabled; /* by the configuration */
	bool carrier;
	unsigned int mtu; /* of the payload; 0: not set yet */
	char name[IFNAMSIZ];
};

struct re_punt {
	struct event_base *base;
	struct vex_shm *shm;
	struct event *again; /* more punted frames, or the inject ring has room again */
	int doorbell;
	int netns_fd;
	bool stalled; /* the inject ring is full: taps are not read */
	struct re_punt_counts counts;
	unsigned int n;
	struct re_tap tap[VEX_PORTS_MAX];
	struct vex_punt punted;	    /* the record at hand */
	struct vex_inject injected; /* the same, the other way */
};

static void log_failure(const struct re_tap *tap, const char *what)
{
	fprintf(stderr, "tap %s: %s: %s\n", tap->name, what, strerror(errno));
}

/* ---- From the taps ---------------------------------------------------------------------------- */

static void set_reading(struct re_punt *punt, bool on)
{
	punt->stalled = !on;
	for (unsigned int i = 0; i < punt->n; i++) {
		if (on)
			event_add(punt->tap[i].readable, NULL);
		else
			event_del(punt->tap[i].readable);
	}
}

static void come_back(struct re_punt *punt, unsigned int ms)
{
	const struct timeval wait = {0, (suseconds_t)ms * 1000};

	evtimer_add(punt->again, &wait);
}

/* One frame; false if there is none, or no room for it. */
static bool inject_one(struct re_tap *tap)
{
	struct re_punt *punt = tap->punt;
	struct vex_inject *record = &punt->injected;
	ssize_t n;

	if (vex_ring_has_room(&punt->shm->inject, 1) <= 0) {
		set_reading(punt, false);
		come_back(punt, RETRY_MS);
		return false;
	}
	/* A longer frame than fits is cut by the kernel: it fills the record. */
	n = read(tap->fd, record->frame, sizeof(record->frame));
	if (n < 0)
		return false;
	if ((size_t)n < ETH_HEADER || (size_t)n == sizeof(record->frame)) {
		punt->counts.refused++;
		return true;
	}
	record->port = tap->port;
	record->length = (uint16_t)n;
	record->zero = 0;
	if (vex_ring_push(&punt->shm->inject, record, VEX_INJECT_SIZE((uint32_t)n)) == 1)
		punt->counts.from_taps++;
	return true;
}

static void on_readable(evutil_socket_t fd, short what, void *ctx)
{
	static const uint64_t one = 1;
	struct re_tap *tap = ctx;
	struct re_punt *punt = tap->punt;
	uint64_t before = punt->counts.from_taps;

	(void)fd;
	(void)what;
	for (int i = 0; i < INJECTS_PER_ROUND && inject_one(tap); i++)
		;
	if (punt->counts.from_taps == before)
		return;
	/* It cannot fail but by being full, and then it is ringing. */
	if (write(punt->doorbell, &one, sizeof(one)) < 0 && errno != EAGAIN)
		log_failure(tap, "doorbell of vex-pfe");
}

/* ---- To the taps ------------------------------------------------------------------------------ */

static bool sane(const struct re_punt *punt, int length)
{
	const struct vex_punt *p = &punt->punted;

	return p->port < punt->n && p->length >= ETH_HEADER && p->length <= VEX_FRAME_MAX &&
	       (size_t)length == VEX_PUNT_SIZE(p->length);
}

bool re_punt_step(struct re_punt *punt)
{
	int taken = 0;
	int length;

	if (punt == NULL)
		return false;
	while (taken < PUNTS_PER_ROUND &&
		(length = vex_ring_pop(&punt->shm->punt, &punt->punted)) > 0) {
		const struct vex_punt *p = &punt->punted;

		taken++;
		if (!sane(punt, length))
			punt->counts.bad++;
		else if (write(punt->tap[p->port].fd, p->frame, p->length) == p->length)
			punt->counts.to_taps++;
		else
			punt->counts.tap_full++;
	}
	punt->counts.lost += vex_ring_lost(&punt->shm->punt);
	if (taken == PUNTS_PER_ROUND)
		come_back(punt, 0);
	return taken == PUNTS_PER_ROUND;
}

static void on_again(evutil_socket_t fd, short what, void *ctx)
{
	struct re_punt *punt = ctx;

	(void)fd;
	(void)what;
	if (punt->stalled)
		set_reading(punt, true);
	re_punt_step(punt);
}

/* ---- What the taps look like ------------------------------------------------------------------ */

static void set_carrier(struct re_tap *tap)
{
	const struct vex_cnt_port *shown = &tap->punt->shm->cnt->port[tap->port];
	bool up = __atomic_load_n(&shown->up, __ATOMIC_ACQUIRE) != 0 && !tap->disabled;

	if (up == tap->carrier)
		return;
	if (!tap_set_carrier(tap->fd, up))
		log_failure(tap, "carrier");
	tap->carrier = up;
}

void re_punt_links(struct re_punt *punt)
{
	for (unsigned int i = 0; punt != NULL && i < punt->n; i++)
		set_carrier(&punt->tap[i]);
}

static void set_name(struct re_tap *tap, const char *port)
{
	char name[IFNAMSIZ];

	tap_name(port, name);
	if (strcmp(name, tap->name) == 0)
		return;
	if (!tap_rename(tap->punt->netns_fd, tap->name, name))
		log_failure(tap, name);
	else
		memcpy(tap->name, name, sizeof(name));
}

static void set_port(struct re_tap *tap, const struct vex_op_port *op)
{
	unsigned int mtu = op->mtu - ETH_HEADER;

	tap->disabled = !(op->flags & VEX_PORT_ADMIN_UP);
	if (mtu == tap->mtu)
		return;
	if (!tap_set_mtu(tap->punt->netns_fd, tap->name, mtu))
		log_failure(tap, "mtu");
	tap->mtu = mtu;
}

void re_punt_apply(struct re_punt *punt, const struct ctl_image *image)
{
	for (unsigned int i = 0; punt != NULL && i < punt->n; i++) {
		const struct chassis_port *port = chassis_port(image->chassis, i);

		if (port != NULL)
			set_name(&punt->tap[i], port->name);
	}
	for (size_t i = 0; punt != NULL && i < image->n_ops; i++)
		if (image->ops[i].type == VEX_OP_PORT_SET && image->ops[i].port.port < punt->n)
			set_port(&punt->tap[image->ops[i].port.port], &image->ops[i].port);
	re_punt_links(punt);
}

unsigned int re_punt_taps(const struct re_punt *punt)
{
	return punt != NULL ? punt->n : 0;
}

void re_punt_counts(const struct re_punt *punt, struct re_punt_counts *counts)
{
	*counts = punt != NULL ? punt->counts : (struct re_punt_counts){0};
}

/* ---- Begin and end ---------------------------------------------------------------------------- */

static bool add_tap(struct re_punt *punt, int fd)
{
	struct re_tap *tap = &punt->tap[punt->n];

	*tap = (struct re_tap){.punt = punt, .fd = fd, .port = (uint16_t)punt->n};
	punt->n++;
	/* Whether it has a carrier from an earlier life is not known: begin without. */
	if (!tap_get_name(fd, tap->name) || !tap_set_carrier(fd, false)) {
		log_failure(tap, "is no tap");
		return false;
	}
	tap->readable = event_new(punt->base, fd, EV_READ | EV_PERSIST, on_readable, tap);
	return tap->readable != NULL && event_add(tap->readable, NULL) == 0;
}

static bool add_taps(struct re_punt *punt, const char *list)
{
	char *end;

	while (list != NULL && *list != '\0') {
		long fd = strtol(list, &end, 10);

		if (end == list || (*end != ',' && *end != '\0') || punt->n == VEX_PORTS_MAX ||
			!add_tap(punt, (int)fd))
			return false;
		list = *end == ',' ? end + 1 : end;
	}
	return true;
}

struct re_punt *re_punt_create(
	struct event_base *base, struct vex_shm *shm, const struct re_punt_options *options)
{
	struct re_punt *punt = calloc(1, sizeof(*punt));

	if (punt == NULL)
		return NULL;
	punt->base = base;
	punt->shm = shm;
	punt->doorbell = options->doorbell;
	punt->netns_fd = options->netns_fd;
	punt->again = evtimer_new(base, on_again, punt);
	if (punt->again != NULL && add_taps(punt, options->tap_fds))
		return punt;
	re_punt_free(punt);
	return NULL;
}

void re_punt_free(struct re_punt *punt)
{
	if (punt == NULL)
		return;
	for (unsigned int i = 0; i < punt->n; i++) {
		if (punt->tap[i].readable != NULL)
			event_free(punt->tap[i].readable);
		close(punt->tap[i].fd);
	}
	if (punt->again != NULL)
		event_free(punt->again);
	if (punt->netns_fd >= 0)
		close(punt->netns_fd);
	free(punt);
}

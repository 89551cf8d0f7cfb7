/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames between the rings and taps of a namespace of this test's own, which it needs root for; the
 * test is the other side of the rings.
 */
#include "control/re_punt.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/tap.h"
#include "tests/unit/unit.h"

#define TAPS 2

struct bench {
	struct vex_shm_fds fds;
	struct vex_shm re, pfe;
	struct event_base *base;
	struct re_punt *punt;
	int doorbell;
	int kernel[TAPS]; /* packet sockets on the taps */
	struct vex_punt punted;
	struct vex_inject injected;
};

static void attach(struct bench *b, struct vex_shm *shm, enum vex_side side, int cnt)
{
	char err[256];

	CU_ASSERT_EQUAL_FATAL(vex_shm_attach(shm, side, fcntl(b->fds.ctl, F_DUPFD_CLOEXEC, 0),
				      fcntl(cnt, F_DUPFD_CLOEXEC, 0), err, sizeof(err)),
		0);
}

/* Taps t0 and t1, up and with a carrier, in a new namespace; the calling thread is back at home. */
static bool make_taps(struct bench *b, char list[32], int *netns)
{
	int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	char name[IFNAMSIZ];
	int fd[TAPS];
	int silence;

	if (unshare(CLONE_NEWNET) != 0) {
		close(home);
		return false;
	}
	/* Otherwise the kernel speaks by itself. A kernel without IPv6 does not. */
	silence = open("/proc/sys/net/ipv6/conf/default/disable_ipv6", O_WRONLY | O_CLOEXEC);
	CU_ASSERT(silence < 0 || write(silence, "1", 1) == 1);
	close(silence);
	*netns = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (int i = 0; i < TAPS; i++) {
		struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};

		snprintf(name, sizeof(name), "t%d", i);
		fd[i] = tap_open(name);
		CU_ASSERT_FATAL(fd[i] >= 0 && tap_set_up(*netns, name, true));
		b->kernel[i] = socket(
			AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL));
		to.sll_ifindex = (int)if_nametoindex(name);
		CU_ASSERT_EQUAL_FATAL(bind(b->kernel[i], (struct sockaddr *)&to, sizeof(to)), 0);
	}
	snprintf(list, 32, "%d,%d", fd[0], fd[1]);
	CU_ASSERT_EQUAL_FATAL(setns(home, CLONE_NEWNET), 0);
	close(home);
	return true;
}

static bool bench_open(struct bench *b)
{
	struct re_punt_options options = {.netns_fd = -1};
	char list[32], err[256];

	memset(b, 0, sizeof(*b));
	if (!make_taps(b, list, &options.netns_fd)) {
		CU_ASSERT_EQUAL(errno, EPERM);
		return false;
	}
	CU_ASSERT_EQUAL_FATAL(vex_shm_create(&b->fds, err, sizeof(err)), 0);
	attach(b, &b->pfe, VEX_SIDE_PFE, b->fds.cnt);
	attach(b, &b->re, VEX_SIDE_CONTROL, b->fds.cnt_ro);
	vex_shm_sync(&b->pfe);
	vex_shm_sync(&b->re);
	b->base = event_base_new();
	b->doorbell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	options.tap_fds = list;
	options.doorbell = b->doorbell;
	b->punt = re_punt_create(b->base, &b->re, &options);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b->punt);
	CU_ASSERT_EQUAL(re_punt_taps(b->punt), TAPS);
	b->pfe.cnt_rw->port[0].up = b->pfe.cnt_rw->port[1].up = 1;
	re_punt_links(b->punt);
	return true;
}

static void bench_close(struct bench *b)
{
	re_punt_free(b->punt);
	event_base_free(b->base);
	for (int i = 0; i < TAPS; i++)
		close(b->kernel[i]);
	close(b->doorbell);
	vex_shm_detach(&b->re);
	vex_shm_detach(&b->pfe);
	vex_shm_close(&b->fds);
}

/* One record into the punt ring: what it says of its length, and how long it is. */
static void push(struct bench *b, uint16_t port, uint16_t says, uint32_t length, uint8_t mark)
{
	b->punted = (struct vex_punt){.port = port, .length = says};
	memset(b->punted.frame, mark, sizeof(b->punted.frame));
	b->punted.frame[0] = 0x02;
	CU_ASSERT_EQUAL(
		vex_ring_push(&b->pfe.punt, &b->punted, (uint32_t)VEX_PUNT_SIZE(length)), 1);
}

/* What the kernel received on a tap by now: the frames, and the last octet of the latest. */
static unsigned int heard(struct bench *b, int tap, ssize_t *length, uint8_t *mark)
{
	uint8_t frame[VEX_FRAME_MAX + 1];
	struct sockaddr_ll from;
	unsigned int n = 0;
	ssize_t got;

	for (;;) {
		socklen_t size = sizeof(from);

		got = recvfrom(
			b->kernel[tap], frame, sizeof(frame), 0, (struct sockaddr *)&from, &size);
		if (got < 0)
			return n;
		if (from.sll_pkttype == PACKET_OUTGOING)
			continue;
		*length = got;
		*mark = frame[got - 1];
		n++;
	}
}

static void to_taps(void)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct re_punt_counts counts;
	ssize_t length = 0;
	uint8_t mark = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	if (!bench_open(b)) {
		free(b);
		return;
	}
	push(b, 0, 14, 14, 1);
	push(b, 1, VEX_FRAME_MAX, VEX_FRAME_MAX, 2);
	push(b, 1, 60, 60, 3);
	/* Wrong ones: of no port, too short, and longer or shorter than they say. */
	push(b, 2, 60, 60, 4);
	push(b, 0xffff, 60, 60, 4);
	push(b, 0, 13, 60, 4);
	push(b, 0, 0, 60, 4);
	push(b, 0, 60, 61, 4);
	push(b, 0, 61, 60, 4);
	push(b, 0, 0xffff, 60, 4);
	CU_ASSERT(!re_punt_step(b->punt));
	CU_ASSERT_EQUAL(heard(b, 0, &length, &mark), 1);
	CU_ASSERT(length == 14 && mark == 1);
	CU_ASSERT_EQUAL(heard(b, 1, &length, &mark), 2);
	CU_ASSERT(length == 60 && mark == 3);
	re_punt_counts(b->punt, &counts);
	CU_ASSERT_EQUAL(counts.to_taps, 3);
	CU_ASSERT_EQUAL(counts.bad, 7);
	CU_ASSERT_EQUAL(counts.tap_full, 0);
	/* A round is bounded; it says that there is more, and comes back by itself. */
	for (unsigned int i = 0; i < 600; i++)
		push(b, 0, 60, 60, 5);
	CU_ASSERT(re_punt_step(b->punt));
	while (counts.to_taps < 603) {
		event_base_loop(b->base, EVLOOP_ONCE);
		re_punt_counts(b->punt, &counts);
	}
	bench_close(b);
	free(b);
}

/* Sends a frame on a tap as a program of the namespace does. */
static void speak(struct bench *b, int tap, uint16_t number)
{
	uint8_t frame[60] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5};
	struct pollfd room = {.fd = b->kernel[tap], .events = POLLOUT};

	memcpy(frame + 14, &number, sizeof(number));
	CU_ASSERT_EQUAL(poll(&room, 1, 10000), 1);
	CU_ASSERT_EQUAL(send(b->kernel[tap], frame, sizeof(frame), 0), (ssize_t)sizeof(frame));
}

/* Takes what was injected, until there is nothing; each must be the next. */
static void take(struct bench *b, uint16_t *next)
{
	uint16_t number;

	while (vex_ring_pop(&b->pfe.inject, &b->injected) > 0) {
		memcpy(&number, b->injected.frame + 14, sizeof(number));
		CU_ASSERT(b->injected.port == 1 && b->injected.length == 60);
		CU_ASSERT_EQUAL(number, *next);
		(*next)++;
	}
}

/* The kernel lets frames out some time after a carrier has come: until then it loses them. */
static uint64_t wait_for_carrier(struct bench *b)
{
	struct re_punt_counts counts = {0};

	while (vex_ring_pop(&b->pfe.inject, &b->injected) <= 0) {
		speak(b, 1, 0xffff);
		event_base_loop(b->base, EVLOOP_NONBLOCK);
	}
	while (vex_ring_pop(&b->pfe.inject, &b->injected) > 0)
		;
	re_punt_counts(b->punt, &counts);
	return counts.from_taps;
}

/* More than the ring holds: the rest waits in the tap, and nothing is lost or turned round. */
static void from_taps(void)
{
	enum {
		FRAMES = VEX_INJECT_SLOTS + 300
	};
	struct bench *b = calloc(1, sizeof(*b));
	struct re_punt_counts counts = {0};
	uint16_t next = 0;
	uint64_t rung, before;

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	if (!bench_open(b)) {
		free(b);
		return;
	}
	before = wait_for_carrier(b);
	for (uint16_t sent = 0; sent < FRAMES; sent++) {
		speak(b, 1, sent);
		event_base_loop(b->base, EVLOOP_NONBLOCK);
	}
	re_punt_counts(b->punt, &counts);
	CU_ASSERT_EQUAL(counts.from_taps - before, VEX_INJECT_SLOTS);
	CU_ASSERT_EQUAL(read(b->doorbell, &rung, sizeof(rung)), (ssize_t)sizeof(rung));
	take(b, &next);
	CU_ASSERT_EQUAL(next, VEX_INJECT_SLOTS);
	while (counts.from_taps - before < FRAMES) {
		event_base_loop(b->base, EVLOOP_ONCE);
		re_punt_counts(b->punt, &counts);
	}
	take(b, &next);
	CU_ASSERT_EQUAL(next, FRAMES);
	CU_ASSERT_EQUAL(counts.refused, 0);
	bench_close(b);
	free(b);
}

static void without_taps(void)
{
	const struct re_punt_options none = {.netns_fd = -1, .doorbell = -1};
	const struct re_punt_options bad = {.tap_fds = "x", .netns_fd = -1, .doorbell = -1};
	struct event_base *base = event_base_new();
	struct vex_shm *shm = calloc(1, sizeof(*shm));
	struct re_punt *punt = re_punt_create(base, shm, &none);

	CU_ASSERT_PTR_NOT_NULL_FATAL(punt);
	CU_ASSERT_EQUAL(re_punt_taps(punt), 0);
	re_punt_links(punt);
	re_punt_free(punt);
	CU_ASSERT_PTR_NULL(re_punt_create(base, shm, &bad));
	/* Nobody made one. */
	re_punt_links(NULL);
	CU_ASSERT(!re_punt_step(NULL));
	CU_ASSERT_EQUAL(re_punt_taps(NULL), 0);
	re_punt_free(NULL);
	event_base_free(base);
	free(shm);
}

static void names(void)
{
	char name[IFNAMSIZ];

	CU_ASSERT_STRING_EQUAL(tap_name("ge-0/0/0", name), "ge-0_0_0");
	CU_ASSERT_STRING_EQUAL(tap_name("et-0/1/0:3", name), "et-0_1_0_3");
	CU_ASSERT_STRING_EQUAL(tap_name("a-name-that-is-longer-than-any", name), "a-name-that-is-");
}

static const struct unit_case cases[] = {
	{"punted frames reach their tap, whatever the ring says", to_taps},
	{"frames of a tap wait while the ring is full, and none is lost", from_taps},
	{"without taps there is nothing to do", without_taps},
	{"ports become names of interfaces", names},
};

const struct unit_suite re_punt_suite = {.name = "re_punt", .cases = cases, .n = UNIT_N(cases)};

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An idle switch on shared cores does not burn them.
 *
 * After IDLE_ROUNDS rounds without work (some 30 us) a worker sleeps in poll(): until a device has a
 * frame, until somebody wakes it, and for SLEEP_MS at most, so that its heartbeat goes on. A device
 * that nothing says that it has frames is looked at between short sleeps, which grow from NAP_MIN_US
 * to NAP_MAX_US while nothing comes. That, or the kernel's time to wake a thread, is what a frame
 * waits at most that arrives in silence.
 *
 * No wake-up is lost: the sleeper says that it sleeps and then looks for work; whoever has work
 * publishes it and then looks for sleepers; both with a full fence between. A device's descriptor is
 * level-triggered.
 */
#include <poll.h>
#include <rte_rcu_qsbr.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "dataplane/worker.h"

#define IDLE_ROUNDS 256u
#define SLEEP_MS    20
#define NAP_MIN_US  50u
#define NAP_MAX_US  1000u

/* Rounds after which naps double. */
#define NAP_STEP 16u

void worker_wake(struct worker *w)
{
	const uint64_t one = 1;

	atomic_thread_fence(memory_order_seq_cst);
	if (!atomic_load_explicit(&w->sleep.asleep, memory_order_relaxed) ||
		!atomic_exchange_explicit(&w->sleep.asleep, false, memory_order_relaxed))
		return;
	if (write(w->sleep.wake, &one, sizeof(one)) < 0)
		return; /* it has been woken already */
}

/* What the worker waits for; false if a device has nothing to wait for. */
static bool collect(const struct worker *w, struct pollfd *fds, nfds_t *n)
{
	bool all = true;

	fds[0] = (struct pollfd){.fd = w->sleep.wake, .events = POLLIN};
	*n = 1;
	for (unsigned int i = 0; i < w->ports; i++) {
		int fd = ethdev_receive_fd(w->port[i].device);

		if (fd >= 0)
			fds[(*n)++] = (struct pollfd){.fd = fd, .events = POLLIN};
		else
			all = false;
	}
	return all;
}

/* Time of the next nap: twice as long after each NAP_STEP rounds. */
static struct timespec nap(unsigned int rounds)
{
	unsigned int us = NAP_MIN_US;

	for (rounds -= IDLE_ROUNDS; rounds >= NAP_STEP && us < NAP_MAX_US; rounds -= NAP_STEP)
		us *= 2;
	return (struct timespec){.tv_nsec = (us < NAP_MAX_US ? us : NAP_MAX_US) * 1000l};
}

/* An error of a socket stays until somebody asks, and would keep poll() from waiting. */
static void take_error(int fd)
{
	socklen_t size = sizeof(int);
	int error;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
		return; /* no socket: its owner sees that it is gone */
}

static void wait_for_work(struct worker *w)
{
	struct timespec time = {.tv_nsec = SLEEP_MS * 1000000l};
	struct pollfd fds[VEX_PORTS_MAX + 1];
	bool trouble = false;
	uint64_t count;
	nfds_t n;
	int ready;

	/* Devices are asked while the worker is still waited for: one that leaves may go then. */
	if (!collect(w, fds, &n))
		time = nap(w->sleep.rounds);
	rte_rcu_qsbr_thread_offline(w->shared->grace, w->id);
	ready = ppoll(fds, n, &time, NULL);
	rte_rcu_qsbr_thread_online(w->shared->grace, w->id);
	if (ready <= 0)
		return;
	if (fds[0].revents && read(w->sleep.wake, &count, sizeof(count)) < 0)
		return; /* nobody woke it */
	for (nfds_t i = 1; i < n; i++) {
		if (!(fds[i].revents & ~POLLIN))
			continue;
		take_error(fds[i].fd);
		trouble = true;
	}
	/* A device that goes away: housekeeping sees to it. */
	if (trouble)
		nanosleep(&(struct timespec){.tv_nsec = NAP_MAX_US * 1000l}, NULL);
}

void worker_rest(struct worker *w, bool worked)
{
	struct worker_sleep *s = &w->sleep;

	s->rounds = worked ? 0 : s->rounds + 1;
	if (!w->shared->sleep_when_idle || s->rounds < IDLE_ROUNDS)
		return;
	atomic_store_explicit(&s->asleep, true, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
	if (!outlet_has_work(&w->out) && !punt_queue_waits(w->injected) &&
		!atomic_load(&w->shared->stop))
		wait_for_work(w);
	atomic_store_explicit(&s->asleep, false, memory_order_relaxed);
}

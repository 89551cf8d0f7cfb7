/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stands for vex-pfe in the tests of the supervisor and of vex-re: takes the same command line,
 * attaches to the same shared memory, acknowledges every transaction, says that all tables are
 * empty, and forwards nothing. The
 * environment FAKE_PFE makes it misbehave; words, separated by commas:
 *
 *	exit		ends at once with status 3
 *	silent		attaches, takes transactions, and never acknowledges
 *	absent		never attaches
 *	refuse=N	refuses operation N (from 1) of each transaction that has so many, with
 *			NO_RESOURCE, until it gets SIGUSR1
 *	stubborn	ignores SIGTERM
 *	event		says after each transaction that port 0 is up
 *
 * A port with a device counts as bound and up at 1000 Mb/s, and has received 7 + its index packets.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/platform.h"
#include "control/shm.h"

#define TXN_MAX 300000

struct fake {
	const char *instance, *platform, *behaviour;
	int ctl, cnt, op_event, ack_event;
	struct vex_shm shm;
	struct vex_op *taken; /* of the transaction that is open */
	size_t n_taken;
};

static volatile sig_atomic_t stopping, content;

static void on_signal(int number)
{
	if (number == SIGUSR1)
		content = 1;
	else
		stopping = 1;
}

static bool behaves(const struct fake *f, const char *word)
{
	return f->behaviour != NULL && strstr(f->behaviour, word) != NULL;
}

static void ring_doorbell(const struct fake *f)
{
	static const uint64_t one = 1;

	if (write(f->ack_event, &one, sizeof(one)) < 0 && errno != EAGAIN)
		perror("doorbell");
}

static void acknowledge(struct fake *f)
{
	const char *refuse = f->behaviour ? strstr(f->behaviour, "refuse=") : NULL;
	size_t refused = refuse ? strtoul(refuse + 7, NULL, 10) : 0;
	struct vex_event event = {.type = VEX_EVENT_LINK, .up = 1, .speed_mbps = 1000};

	for (size_t i = 0; i < f->n_taken; i++) {
		struct vex_ack ack = {.seq = f->taken[i].seq, .type = f->taken[i].type};

		if (refused > 0 && !content && refused + 2 <= f->n_taken)
			ack.status = i == refused ? VEX_NO_RESOURCE : VEX_ABORTED;
		vex_ring_push(&f->shm.ack, &ack, sizeof(ack));
	}
	if (behaves(f, "event"))
		vex_ring_push_or_lose(&f->shm.event, &event, sizeof(event));
	fprintf(stderr, "transaction of %zu operations\n", f->n_taken - 2);
	f->n_taken = 0;
	ring_doorbell(f);
}

/* Every table is empty. */
static void answer_dump(struct fake *f, const struct vex_op *op)
{
	struct vex_ack ack = {.seq = op->seq, .type = op->type};
	struct vex_op end = {.type = VEX_OP_DUMP_END,
		.dump_end = {.table = op->dump.table, .cookie = op->dump.cookie}};

	vex_ring_push(&f->shm.ack, &ack, sizeof(ack));
	vex_ring_push(&f->shm.dump, &end, sizeof(end));
	ring_doorbell(f);
}

static void serve(struct fake *f)
{
	struct vex_op op;

	if (vex_shm_sync(&f->shm))
		f->n_taken = 0;
	while (vex_shm_take(&f->shm, (uint32_t)f->n_taken, &op) == 1) {
		if (op.type == VEX_OP_DUMP) {
			answer_dump(f, &op);
			continue;
		}
		if (f->n_taken < TXN_MAX)
			f->taken[f->n_taken++] = op;
		if (op.type == VEX_OP_TXN_COMMIT && !behaves(f, "silent"))
			acknowledge(f);
	}
}

static void fill_counters(struct fake *f)
{
	struct vex_errs errs = {0};
	struct platform *p = platform_load_file(f->platform, f->instance, &errs);
	struct vex_cnt *cnt = f->shm.cnt_rw;

	for (unsigned int i = 0; p != NULL && i < p->n_ports; i++) {
		if (p->ports[i].device == PLATFORM_UNBOUND)
			continue;
		cnt->port[i].bound = 1;
		cnt->port[i].up = 1;
		cnt->port[i].speed_mbps = 1000;
		cnt->worker[0].counters.port[i].rx_packets = 7 + i;
	}
	__atomic_store_n(&cnt->pfe.n_workers, 1, __ATOMIC_RELEASE);
	platform_free(p);
	vex_errs_free(&errs);
}

static int run(struct fake *f)
{
	struct pollfd p = {.fd = f->op_event, .events = POLLIN};
	uint64_t count;
	char err[256];

	if (behaves(f, "absent")) {
		while (!stopping)
			poll(NULL, 0, 1000);
		return 0;
	}
	if (vex_shm_attach(&f->shm, VEX_SIDE_PFE, f->ctl, f->cnt, err, sizeof(err)) != 0) {
		fprintf(stderr, "%s\n", err);
		return 1;
	}
	fill_counters(f);
	fprintf(stderr, "fake vex-pfe of %s is ready\n", f->instance);
	ring_doorbell(f);
	while (!stopping || behaves(f, "stubborn")) {
		serve(f);
		if (poll(&p, 1, 50) > 0 && read(f->op_event, &count, sizeof(count)) < 0)
			return 1;
	}
	vex_shm_detach(&f->shm);
	return 0;
}

static bool parse(struct fake *f, int argc, char **argv)
{
	static const struct option options[] = {
		{"instance", required_argument, NULL, 'i'},
		{"platform", required_argument, NULL, 'p'},
		{"ctl-fd", required_argument, NULL, 'c'},
		{"cnt-fd", required_argument, NULL, 'n'},
		{"op-event-fd", required_argument, NULL, 'o'},
		{"ack-event-fd", required_argument, NULL, 'a'},
		{0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		int number = optarg ? atoi(optarg) : -1;

		if (c == 'i')
			f->instance = optarg;
		else if (c == 'p')
			f->platform = optarg;
		else if (c == 'c')
			f->ctl = number;
		else if (c == 'n')
			f->cnt = number;
		else if (c == 'o')
			f->op_event = number;
		else if (c == 'a')
			f->ack_event = number;
		else
			return false;
	}
	return f->instance && f->platform && f->ctl > 0 && f->cnt > 0 && f->op_event > 0 &&
	       f->ack_event > 0;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct fake f = {.behaviour = getenv("FAKE_PFE")};
	int status;

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	if (!parse(&f, argc, argv))
		return 2;
	if (behaves(&f, "exit")) {
		fprintf(stderr, "no memory for packet buffers\n");
		return 3;
	}
	f.taken = calloc(TXN_MAX, sizeof(*f.taken));
	if (f.taken == NULL)
		return 1;
	status = run(&f);
	free(f.taken);
	return status;
}

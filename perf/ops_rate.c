/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ops-rate: how fast table operations get from control into the tables of a live vex-pfe, and back.
 *
 *	build/perf/ops-rate build/vex-pfe PLATFORM
 *
 * This program is the control side, vex-pfe a process of its own. An operation counts as installed
 * when its acknowledgement was read. PLATFORM is a platform file; with "scale": "server" in its
 * chassis the large figures are measured too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/re_install.h"
#include "control/re_sync.h"
#include "tests/live/pfe_host.h"

#define BOX_MACS 112000u
#define SINGLES	 1000000u
#define RUNS	 5

static uint64_t now_ms(void)
{
	return pfe_host_ns() / 1000000;
}

/* CPU time in ns of the thread that applies operations, or of this one; other work does not count. */
static uint64_t cpu_ns(pid_t pid)
{
	char path[64];
	unsigned long long ns = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", pid, pid);
	f = fopen(path, "r");
	if (f == NULL || fscanf(f, "%llu", &ns) != 1)
		ns = 0;
	if (f != NULL)
		fclose(f);
	return ns;
}

/* The best of several runs. */
struct best {
	uint64_t wall, worst, pfe, control;
};

static void best_add(struct best *b, uint64_t wall, uint64_t pfe, uint64_t control)
{
	if (b->wall == 0 || wall < b->wall)
		b->wall = wall;
	if (wall > b->worst)
		b->worst = wall;
	if (b->pfe == 0 || pfe < b->pfe)
		b->pfe = pfe;
	if (b->control == 0 || control < b->control)
		b->control = control;
}

static void best_print(const struct best *b, const char *what, uint32_t n)
{
	printf("%-38s %7.1f .. %7.1f ms   %5.2f Mops/s; CPU: vex-pfe %.2f, control %.2f Mops/s\n",
		what, (double)b->wall / 1e6, (double)b->worst / 1e6, n * 1e3 / (double)b->wall,
		n * 1e3 / (double)b->pfe, n * 1e3 / (double)b->control);
}

static struct vex_op mac_op(uint16_t type, uint32_t n)
{
	struct vex_op op = {.type = type, .mac = {.bd = 10, .mac = {2}}};

	op.mac.type = type == VEX_OP_MAC_SET ? VEX_MAC_STATIC : VEX_MAC_DYNAMIC;
	for (int i = 0; i < 4; i++)
		op.mac.mac[5 - i] = (uint8_t)((n * 2654435761u) >> 8 * i);
	return op;
}

/* One transaction; ns until its last acknowledgement, 0 if it was refused. */
static uint64_t transact(struct pfe_host *h, const struct vex_op *ops, size_t n)
{
	static struct re_install in;
	uint64_t begin = pfe_host_ns();

	re_install_start(&in, &h->shm, ops, n, now_ms());
	while (in.state == RE_INSTALL_RUNNING) {
		if (re_install_step(&in, now_ms()))
			pfe_host_ring(h);
		if (in.state == RE_INSTALL_RUNNING)
			pfe_host_wait(h, in.pushed < n + 2 ? 1 : 20);
	}
	if (in.state != RE_INSTALL_DONE)
		fprintf(stderr, "%s\n", in.text);
	return in.state == RE_INSTALL_DONE ? pfe_host_ns() - begin : 0;
}

static bool transactions(struct pfe_host *h, const char *what, uint32_t n)
{
	struct vex_op *ops = calloc(n, sizeof(*ops));
	struct best best = {0};
	int run;

	for (run = 0; ops != NULL && run < RUNS; run++) {
		uint64_t pfe = cpu_ns(h->pid), control = cpu_ns(getpid()), ns;

		for (uint32_t i = 0; i < n; i++)
			ops[i] = mac_op(VEX_OP_MAC_SET, i);
		ns = transact(h, ops, n);
		best_add(&best, ns, cpu_ns(h->pid) - pfe, cpu_ns(getpid()) - control);
		for (uint32_t i = 0; i < n; i++)
			ops[i] = mac_op(VEX_OP_MAC_DEL, i);
		if (ns == 0 || transact(h, ops, n) == 0)
			break;
	}
	free(ops);
	if (run == RUNS)
		best_print(&best, what, n);
	return run == RUNS;
}

/* Pushes what the ring takes of operations that are transactions by themselves; how many now are. */
static uint32_t push_singles(struct pfe_host *h, uint32_t pushed)
{
	for (; pushed < SINGLES; pushed++) {
		struct vex_op op = mac_op(
			pushed % 2 ? VEX_OP_MAC_DEL : VEX_OP_MAC_SET, pushed / 2 % 1000);

		op.seq = pushed;
		if (vex_ring_push(&h->shm.op, &op, sizeof(op)) != 1)
			break;
	}
	return pushed;
}

static bool singles(struct pfe_host *h, const char *what)
{
	uint64_t begin = pfe_host_ns(), pfe = cpu_ns(h->pid), control = cpu_ns(getpid());
	uint32_t pushed = 0, acked = 0;
	struct best best = {0};
	struct vex_ack ack;

	while (acked < SINGLES) {
		uint32_t before = pushed;

		pushed = push_singles(h, pushed);
		if (pushed > before)
			pfe_host_ring(h);
		pfe_host_wait(h, 1);
		while (vex_ring_pop(&h->shm.ack, &ack) > 0)
			if (ack.seq != acked++ || ack.status != VEX_OK)
				return false;
	}
	best_add(&best, pfe_host_ns() - begin, cpu_ns(h->pid) - pfe, cpu_ns(getpid()) - control);
	best_print(&best, what, SINGLES);
	return true;
}

/* Compares, and installs what differs; ms, or -1. */
static double synchronise(struct pfe_host *h, const struct vex_op *ops, size_t n, size_t *sent)
{
	struct re_sync *s = re_sync_create(&h->shm);
	const struct re_sync_status *status = re_sync_status(s);
	uint64_t begin = pfe_host_ns();

	vex_shm_renew(&h->shm);
	re_sync_start(s, ops, n, now_ms());
	while (status->state != RE_SYNC_DONE && status->state != RE_SYNC_FAILED) {
		if (re_sync_step(s, now_ms()))
			pfe_host_ring(h);
		if (status->state != RE_SYNC_DONE && status->state != RE_SYNC_FAILED)
			pfe_host_wait(h, (int)re_sync_wait_ms(s));
	}
	if (status->state == RE_SYNC_FAILED) {
		fprintf(stderr, "%s\n", status->text);
		re_sync_free(s);
		return -1;
	}
	*sent = status->sent;
	re_sync_free(s);
	return (double)(pfe_host_ns() - begin) / 1e6;
}

/* As after a restart of vex-pfe (everything is sent) and of vex-re (nothing is). */
static bool restarts(struct pfe_host *h, uint32_t macs)
{
	struct vex_op *ops = calloc(macs + 2, sizeof(*ops));
	uint64_t pfe, control;
	size_t all, none;
	double first, second;

	if (ops == NULL)
		return false;
	ops[0] = (struct vex_op){.type = VEX_OP_VLAN_SET,
		.vlan = {.bd = 10,
			.vid = 10,
			.fid_bd = 10,
			.age_seconds = 300,
			.mac_limit = UINT32_MAX}};
	ops[1] = (struct vex_op){.type = VEX_OP_VLAN_PORTS,
		.vlan_ports = {.bd = 10, .set = VEX_VLAN_OUT, .ports = {{1}}}};
	for (uint32_t i = 0; i < macs; i++)
		ops[i + 2] = mac_op(VEX_OP_MAC_SET, i);
	first = synchronise(h, ops, macs + 2, &all);
	pfe = cpu_ns(h->pid);
	control = cpu_ns(getpid());
	second = synchronise(h, ops, macs + 2, &none);
	pfe = cpu_ns(h->pid) - pfe;
	control = cpu_ns(getpid()) - control;
	free(ops);
	if (first < 0 || second < 0)
		return false;
	printf("%u static MACs: everything is installed (%zu) in %.1f ms\n", macs, all, first);
	printf("%u static MACs: nothing differs (%zu) after %.1f ms; CPU: vex-pfe %.1f, control "
	       "%.1f ms\n",
		macs, none, second, (double)pfe / 1e6, (double)control / 1e6);
	return none == 0;
}

int main(int argc, char **argv)
{
	struct vex_op vlan[2] = {{.type = VEX_OP_VLAN_SET,
					 .vlan = {.bd = 10,
						 .vid = 10,
						 .fid_bd = 10,
						 .age_seconds = 300,
						 .mac_limit = VEX_MAC_UNLIMITED}},
		{.type = VEX_OP_VLAN_PORTS,
			.vlan_ports = {.bd = 10, .set = VEX_VLAN_OUT, .ports = {{1}}}}};
	struct pfe_host h;
	bool ok;

	if (argc != 3) {
		fprintf(stderr, "usage: ops-rate VEX-PFE PLATFORM\n");
		return 2;
	}
	if (!pfe_host_start(&h, argv[1], argv[2]))
		return 1;
	ok = transact(&h, vlan, 2) > 0 &&
	     transactions(&h, "112,000 static MACs, one transaction", BOX_MACS) &&
	     singles(&h, "1,000,000 single operations") && restarts(&h, BOX_MACS);
	if (ok && strstr(argv[2], "server") != NULL)
		ok = restarts(&h, 1000000);
	return pfe_host_stop(&h) && ok ? 0 : 1;
}

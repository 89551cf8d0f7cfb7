/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/ring_testlib.h"
#include "control/shm.h"

#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#define HAS(text, part) (strstr(text, part) != NULL)

/* Text of the last refusal; each test begins with it empty. */
struct segments {
	struct vex_shm_fds fds;
	char err[256];
};

static struct segments make(void)
{
	struct segments s = {0};

	if (vex_shm_create(&s.fds, s.err, sizeof(s.err)) != 0) {
		fprintf(stderr, "%s\n", s.err);
		abort();
	}
	return s;
}

/* With duplicates of the descriptors, as if another process had them. */
static int attach_fds(
	struct segments *s, struct vex_shm *shm, enum vex_side side, int ctl_fd, int cnt_fd)
{
	int ctl = fcntl(ctl_fd, F_DUPFD_CLOEXEC, 0), cnt = fcntl(cnt_fd, F_DUPFD_CLOEXEC, 0);
	int done;

	s->err[0] = 0;
	done = vex_shm_attach(shm, side, ctl, cnt, s->err, sizeof(s->err));
	if (done != 0) {
		/* They stay the caller's. */
		CU_ASSERT_EQUAL(close(ctl), ctl < 0 ? -1 : 0);
		CU_ASSERT_EQUAL(close(cnt), cnt < 0 ? -1 : 0);
	}
	return done;
}

static int attach(struct segments *s, struct vex_shm *shm, enum vex_side side)
{
	return attach_fds(
		s, shm, side, s->fds.ctl, side == VEX_SIDE_PFE ? s->fds.cnt : s->fds.cnt_ro);
}

static bool send_op(struct vex_shm *control, uint32_t seq)
{
	struct vex_op op = {.type = VEX_OP_MAC_SET, .seq = seq};

	return vex_ring_push(&control->op, &op, sizeof(op)) == 1;
}

static bool take_op(struct vex_shm *pfe, uint32_t owed, uint32_t seq)
{
	struct vex_op op;

	return vex_shm_take(pfe, owed, &op) == 1 && op.seq == seq;
}

static void all_rings_work(void)
{
	struct vex_event event = {.type = VEX_EVENT_LINK, .lport = 3}, event_out;
	struct vex_ack ack = {.seq = 5, .type = VEX_OP_MAC_SET}, ack_out;
	struct segments s = make();
	struct vex_shm control, pfe;

	CU_ASSERT_EQUAL_FATAL(attach(&s, &control, VEX_SIDE_CONTROL), 0);
	CU_ASSERT_FALSE(vex_shm_met(&control));
	CU_ASSERT_EQUAL_FATAL(attach(&s, &pfe, VEX_SIDE_PFE), 0);
	CU_ASSERT(vex_shm_met(&pfe));
	CU_ASSERT(vex_shm_sync(&control));
	CU_ASSERT(vex_shm_met(&control));
	CU_ASSERT_FALSE(vex_shm_sync(&control));
	CU_ASSERT_FALSE(vex_shm_sync(&pfe));
	CU_ASSERT_EQUAL(control.ctl->header.side[VEX_SIDE_PFE].pid, getpid());

	for (uint32_t i = 0; i < VEX_OP_SLOTS; i++)
		CU_ASSERT_FATAL(send_op(&control, i));
	CU_ASSERT_FALSE(send_op(&control, 0));
	for (uint32_t i = 0; i < VEX_OP_SLOTS; i++)
		CU_ASSERT_FATAL(take_op(&pfe, i, i));
	CU_ASSERT_EQUAL(vex_ring_push(&pfe.ack, &ack, sizeof(ack)), 1);
	CU_ASSERT_EQUAL(vex_ring_pop(&control.ack, &ack_out), (int)sizeof(ack));
	CU_ASSERT_EQUAL(ack_out.seq, 5);
	CU_ASSERT_EQUAL(vex_ring_push_or_lose(&pfe.event, &event, sizeof(event)), 1);
	CU_ASSERT_EQUAL(vex_ring_pop(&control.event, &event_out), (int)sizeof(event));
	CU_ASSERT_EQUAL(memcmp(&event, &event_out, sizeof(event)), 0);
	vex_shm_detach(&control);
	vex_shm_detach(&pfe);
	vex_shm_close(&s.fds);
}

static void operations_wait_for_acknowledgements(void)
{
	struct vex_ack ack = {0};
	struct segments s = make();
	struct vex_shm control, pfe;

	CU_ASSERT_EQUAL_FATAL(attach(&s, &pfe, VEX_SIDE_PFE), 0);
	CU_ASSERT_EQUAL_FATAL(attach(&s, &control, VEX_SIDE_CONTROL), 0);
	vex_shm_sync(&pfe);
	CU_ASSERT(send_op(&control, 1));
	/* As many owed as there are slots. */
	CU_ASSERT_FALSE(take_op(&pfe, VEX_ACK_SLOTS, 1));
	for (uint32_t i = 0; i < VEX_ACK_SLOTS; i++)
		CU_ASSERT_EQUAL_FATAL(vex_ring_push(&pfe.ack, &ack, sizeof(ack)), 1);
	CU_ASSERT_FALSE(take_op(&pfe, 0, 1));
	CU_ASSERT(vex_ring_pop(&control.ack, &ack) > 0);
	CU_ASSERT_FALSE(take_op(&pfe, 1, 1));
	CU_ASSERT(take_op(&pfe, 0, 1));
	vex_shm_detach(&control);
	vex_shm_detach(&pfe);
	vex_shm_close(&s.fds);
}

static void every_attach_is_fresh(void)
{
	struct segments s = make();
	struct vex_shm control, pfe;
	struct vex_event event = {0};
	struct vex_op op;

	CU_ASSERT_EQUAL_FATAL(attach(&s, &pfe, VEX_SIDE_PFE), 0);
	for (uint32_t life = 1; life < 20; life++) {
		CU_ASSERT_EQUAL_FATAL(attach(&s, &control, VEX_SIDE_CONTROL), 0);
		CU_ASSERT_EQUAL(control.life, life);
		CU_ASSERT(send_op(&control, life));
		CU_ASSERT_EQUAL(vex_ring_pop(&pfe.op, &op), 0);
		/* An event for the control process before is not for this one. */
		vex_ring_push_or_lose(&pfe.event, &event, sizeof(event));
		CU_ASSERT_EQUAL(vex_ring_pop(&control.event, &event), 0);
		CU_ASSERT(vex_shm_sync(&pfe));
		CU_ASSERT_EQUAL(vex_ring_pop(&control.event, &event), 0);
		CU_ASSERT(take_op(&pfe, 0, life));
		CU_ASSERT(send_op(&control, 77));
		/* vex-pfe starts again as well: the operation under way is gone. */
		vex_shm_detach(&pfe);
		CU_ASSERT_EQUAL_FATAL(attach(&s, &pfe, VEX_SIDE_PFE), 0);
		CU_ASSERT_EQUAL(vex_ring_pop(&pfe.op, &op), 0);
		CU_ASSERT(vex_shm_sync(&control));
		CU_ASSERT_EQUAL(vex_ring_pop(&pfe.op, &op), 0);
		CU_ASSERT(send_op(&control, 78));
		CU_ASSERT(take_op(&pfe, 0, 78));
		vex_shm_detach(&control);
	}
	vex_shm_detach(&pfe);
	vex_shm_close(&s.fds);
}

static void lives_come_round(void)
{
	struct segments s = make();
	struct vex_shm control, pfe;
	uint32_t word = 0xffff;

	CU_ASSERT_EQUAL(pwrite(s.fds.ctl, &word, sizeof(word),
				offsetof(struct vex_ctl, header.side[VEX_SIDE_CONTROL].life)),
		(ssize_t)sizeof(word));
	CU_ASSERT_EQUAL_FATAL(attach(&s, &pfe, VEX_SIDE_PFE), 0);
	CU_ASSERT_EQUAL(pfe.peer_life, 0xffff);
	CU_ASSERT_EQUAL_FATAL(attach(&s, &control, VEX_SIDE_CONTROL), 0);
	CU_ASSERT_EQUAL(control.life, 1);
	CU_ASSERT(vex_shm_sync(&pfe));
	CU_ASSERT(send_op(&control, 1));
	CU_ASSERT(take_op(&pfe, 0, 1));
	vex_shm_detach(&control);
	vex_shm_detach(&pfe);
	vex_shm_close(&s.fds);
}

static void lives_are_repaired(void)
{
	struct segments s = make();
	struct vex_shm control, pfe;
	uint64_t seed = 271828;

	CU_ASSERT_EQUAL_FATAL(attach(&s, &pfe, VEX_SIDE_PFE), 0);
	CU_ASSERT_EQUAL_FATAL(attach(&s, &control, VEX_SIDE_CONTROL), 0);
	for (uint32_t i = 0; i < 50; i++) {
		pfe.ctl->header.side[draw(&seed) & 1].life = (uint32_t)draw(&seed) & 0x1ffff;
		for (int n = 0; n < 3; n++) {
			vex_shm_sync(&pfe);
			vex_shm_sync(&control);
		}
		CU_ASSERT_FALSE(vex_shm_sync(&pfe));
		CU_ASSERT(send_op(&control, i));
		CU_ASSERT(take_op(&pfe, 0, i));
	}
	/* A broken ring is mended by either side. */
	for (uint32_t i = 0; i < 4; i++) {
		CU_ASSERT(send_op(&control, i));
		vex_ring_slot(&pfe.op, pfe.op.pos)->length = 9;
		CU_ASSERT_FALSE(take_op(&pfe, 0, i));
		CU_ASSERT_PTR_NOT_NULL(pfe.op.broken);
		vex_shm_renew(i & 1 ? &control : &pfe);
		CU_ASSERT(vex_shm_sync(i & 1 ? &pfe : &control));
		CU_ASSERT(send_op(&control, i));
		CU_ASSERT(take_op(&pfe, 0, i));
	}
	vex_shm_detach(&control);
	vex_shm_detach(&pfe);
	vex_shm_close(&s.fds);
}

/* One number of a header with another value, and what the refusal says. */
static const struct lie {
	bool cnt;
	size_t offset;
	uint32_t value;
	const char *part;
} lies[] = {
#define CTL(field, value, part)                                            \
	{                                                                  \
		false, offsetof(struct vex_ctl_header, field), value, part \
	}
#define CNT(field, value, part)                                           \
	{                                                                 \
		true, offsetof(struct vex_cnt_header, field), value, part \
	}
	CTL(magic, 1, "control segment: begins with 0x"),
	CTL(version, 99, "control segment: ABI version is 99, this program expects 2"),
	CTL(version, 0, "ABI version is 0, this program expects 2"),
	CTL(header_size, 8, "header size is 8"),
	CTL(total_size, 4096, "total size in the header is 4096"),
	CTL(rings, 5, "number of rings is 5, this program expects 6"),
	CTL(ring[VEX_RING_OP].offset, 64, "operation ring: offset is 64"),
	CTL(ring[VEX_RING_OP].size, 64, "operation ring: size is 64"),
	CTL(ring[VEX_RING_ACK].slots, 3, "acknowledgement ring: number of slots is 3"),
	CTL(ring[VEX_RING_EVENT].stride, 24,
		"event ring: slot size is 24, this program expects 80"),
	CTL(ring[VEX_RING_OP].record, 72, "operation ring: record size is 72"),
	CNT(magic, 0, "counters segment: begins with 0x"),
	CNT(version, 3, "counters segment: ABI version is 3, this program expects 2"),
	CNT(header_size, 1, "header size is 1"),
	CNT(total_size, UINT32_MAX, "total size in the header is 4294967295"),
	CNT(ports, 64, "number of ports is 64, this program expects 128"),
	CNT(workers, 1, "number of workers is 1"),
	CNT(drop_reasons, 1, "number of drop reasons is 1"),
	CNT(worker_size, 8, "size of a worker's counters is 8"),
#undef CTL
#undef CNT
};

static void false_headers(void)
{
	for (size_t i = 0; i < UNIT_N(lies); i++) {
		const struct lie *lie = &lies[i];
		struct segments s = make();
		int fd = lie->cnt ? s.fds.cnt : s.fds.ctl;
		struct vex_shm shm;
		uint32_t right;

		CU_ASSERT_EQUAL(pread(fd, &right, 4, (off_t)lie->offset), 4);
		CU_ASSERT_EQUAL(pwrite(fd, &lie->value, 4, (off_t)lie->offset), 4);
		for (int side = 0; side < VEX_SIDES; side++) {
			CU_ASSERT_EQUAL(attach(&s, &shm, (enum vex_side)side), -1);
			if (!HAS(s.err, lie->part))
				CU_FAIL(s.err);
		}
		/* Nothing was done to the segment. */
		CU_ASSERT_EQUAL(pwrite(fd, &right, 4, (off_t)lie->offset), 4);
		CU_ASSERT_EQUAL(attach(&s, &shm, VEX_SIDE_PFE), 0);
		CU_ASSERT_EQUAL(shm.life, 1);
		vex_shm_detach(&shm);
		vex_shm_close(&s.fds);
	}
}

/* A memfd with the first bytes of a right segment. */
static int copy_segment(int from, size_t head, size_t size, int seals)
{
	int fd = memfd_create("vex-test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	char buf[1024];

	CU_ASSERT_FATAL(fd >= 0 && head <= sizeof(buf) && head <= size);
	CU_ASSERT_EQUAL(pread(from, buf, head, 0), (ssize_t)head);
	CU_ASSERT_EQUAL(pwrite(fd, buf, head, 0), (ssize_t)head);
	CU_ASSERT_EQUAL(ftruncate(fd, (off_t)size), 0);
	CU_ASSERT_EQUAL(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

static void false_sizes(void)
{
	const int sealed = F_SEAL_SHRINK | F_SEAL_GROW;
	const size_t head = sizeof(struct vex_ctl_header), total = sizeof(struct vex_ctl);
	const struct {
		size_t head, size;
		int seals;
		const char *part;
	} sizes[] = {
		{0, 0, sealed, "control segment: truncated to 0 bytes, expected"},
		{20, 20, sealed, "truncated to 20 bytes, expected"},
		{64, 64, sealed, "size is 64, this program expects"},
		{head, head, sealed, "this program expects"},
		{head, total - 1, sealed, "this program expects"},
		{head, total + 1, sealed, "this program expects"},
		{head, total, 0, "not sealed against a change of its size"},
		{head, total, F_SEAL_GROW, "not sealed against a change of its size"},
		{head, total, F_SEAL_SHRINK, "not sealed against a change of its size"},
		{head, total, sealed | F_SEAL_WRITE, "cannot be mapped"},
		{head, total, sealed | F_SEAL_FUTURE_WRITE, "cannot be mapped"},
	};
	struct segments s = make();
	struct vex_shm shm;

	for (size_t i = 0; i < UNIT_N(sizes); i++) {
		int fd = copy_segment(s.fds.ctl, sizes[i].head, sizes[i].size, sizes[i].seals);

		CU_ASSERT_EQUAL(attach_fds(&s, &shm, VEX_SIDE_CONTROL, fd, s.fds.cnt_ro), -1);
		if (!HAS(s.err, sizes[i].part))
			CU_FAIL(s.err);
		close(fd);
	}
	vex_shm_close(&s.fds);
}

static void not_segments(void)
{
	struct segments s = make();
	struct vex_shm shm;
	char tiny[8];
	int pipes[2], null = open("/dev/null", O_RDWR | O_CLOEXEC);

	CU_ASSERT_EQUAL_FATAL(pipe(pipes), 0);
	CU_ASSERT_EQUAL(attach_fds(&s, &shm, VEX_SIDE_CONTROL, -1, s.fds.cnt_ro), -1);
	CU_ASSERT(HAS(s.err, "control segment: descriptor -1: "));
	CU_ASSERT_EQUAL(attach_fds(&s, &shm, VEX_SIDE_CONTROL, pipes[0], s.fds.cnt_ro), -1);
	CU_ASSERT(HAS(s.err, "is not shared memory made by the supervisor"));
	CU_ASSERT_EQUAL(attach_fds(&s, &shm, VEX_SIDE_CONTROL, s.fds.ctl, null), -1);
	CU_ASSERT(HAS(s.err, "counters segment: descriptor"));
	/* The two exchanged. */
	CU_ASSERT_EQUAL(attach_fds(&s, &shm, VEX_SIDE_PFE, s.fds.cnt, s.fds.ctl), -1);
	CU_ASSERT(HAS(s.err, "control segment: begins with"));
	/* A short buffer is filled, not overrun. */
	CU_ASSERT_EQUAL(vex_shm_attach(&shm, VEX_SIDE_PFE, -1, -1, tiny, sizeof(tiny)), -1);
	CU_ASSERT_STRING_EQUAL(tiny, "control");
	close(pipes[0]);
	close(pipes[1]);
	close(null);
	vex_shm_close(&s.fds);
}

static void *map(int fd, int prot)
{
	return mmap(NULL, sizeof(struct vex_cnt), prot, MAP_SHARED, fd, 0);
}

static void counters_are_read_only(void)
{
	struct segments s = make();
	struct vex_shm control, pfe;
	void *page;

	CU_ASSERT_EQUAL(attach_fds(&s, &control, VEX_SIDE_CONTROL, s.fds.ctl, s.fds.cnt), -1);
	CU_ASSERT(HAS(s.err, "counters segment: descriptor"));
	CU_ASSERT(HAS(s.err, "must be open for reading only"));
	CU_ASSERT_EQUAL(attach_fds(&s, &pfe, VEX_SIDE_PFE, s.fds.ctl, s.fds.cnt_ro), -1);
	CU_ASSERT(HAS(s.err, "must be open for reading and writing"));
	CU_ASSERT_EQUAL_FATAL(attach(&s, &control, VEX_SIDE_CONTROL), 0);
	CU_ASSERT_EQUAL_FATAL(attach(&s, &pfe, VEX_SIDE_PFE), 0);
	CU_ASSERT_PTR_NULL(control.cnt_rw);

	page = map(s.fds.cnt_ro, PROT_READ | PROT_WRITE);
	CU_ASSERT_PTR_EQUAL(page, MAP_FAILED);
	CU_ASSERT_EQUAL(errno, EACCES);
	CU_ASSERT_EQUAL(pwrite(s.fds.cnt_ro, "x", 1, 0), -1);
	page = (void *)(uintptr_t)control.cnt;
	CU_ASSERT_EQUAL(mprotect(page, VEX_PAGE, PROT_READ | PROT_WRITE), -1);
	CU_ASSERT_EQUAL(errno, EACCES);

	/* What vex-pfe writes is seen at once; the number of workers is not believed. */
	pfe.cnt_rw->worker[3].counters.port[7].rx_packets = 42;
	pfe.cnt_rw->pfe.n_workers = 1000;
	CU_ASSERT_EQUAL(control.cnt->worker[3].counters.port[7].rx_packets, 42);
	CU_ASSERT_EQUAL(vex_cnt_workers(control.cnt), VEX_WORKERS_MAX);
	CU_ASSERT_EQUAL(control.cnt->pfe.life, 1);
	vex_shm_detach(&pfe);
	CU_ASSERT_EQUAL_FATAL(attach(&s, &pfe, VEX_SIDE_PFE), 0);
	CU_ASSERT_EQUAL(control.cnt->worker[3].counters.port[7].rx_packets, 0);
	CU_ASSERT_EQUAL(vex_cnt_workers(control.cnt), 0);
	CU_ASSERT_EQUAL(control.cnt->pfe.life, 2);
	vex_shm_detach(&pfe);
	vex_shm_detach(&control);
	vex_shm_close(&s.fds);
}

static void sizes_are_sealed(void)
{
	struct segments s = make();
	const int fds[] = {s.fds.ctl, s.fds.cnt};

	for (size_t i = 0; i < UNIT_N(fds); i++) {
		CU_ASSERT_EQUAL(ftruncate(fds[i], 0), -1);
		CU_ASSERT_EQUAL(errno, EPERM);
		CU_ASSERT_EQUAL(ftruncate(fds[i], 1 << 30), -1);
		/* Nor can a peer seal the next process out. */
		CU_ASSERT_EQUAL(fcntl(fds[i], F_ADD_SEALS, F_SEAL_FUTURE_WRITE), -1);
		CU_ASSERT_NOT_EQUAL(fcntl(fds[i], F_GETFD) & FD_CLOEXEC, 0);
	}
	CU_ASSERT_NOT_EQUAL(fcntl(s.fds.cnt_ro, F_GETFD) & FD_CLOEXEC, 0);
	vex_shm_close(&s.fds);
	vex_shm_close(&s.fds);
}

/* A child that has @side until it is killed; it has attached when this returns. */
static pid_t holder(struct segments *s, enum vex_side side)
{
	int pipes[2];
	char done = 0;
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(pipe(pipes), 0);
	pid = fork();
	if (pid == 0) {
		struct vex_shm shm;

		done = attach(s, &shm, side) == 0;
		if (write(pipes[1], &done, 1) == 1)
			pause();
		_exit(0);
	}
	CU_ASSERT_EQUAL(read(pipes[0], &done, 1), 1);
	CU_ASSERT(done);
	close(pipes[0]);
	close(pipes[1]);
	return pid;
}

static void one_process_a_side(void)
{
	struct segments s = make();
	struct vex_shm control, pfe;

	for (int side = 0; side < VEX_SIDES; side++) {
		pid_t pid = holder(&s, (enum vex_side)side);
		char want[64];

		snprintf(want, sizeof(want), "another %s, process %d,",
			side == VEX_SIDE_PFE ? "vex-pfe" : "vex-re", (int)pid);
		CU_ASSERT_EQUAL(attach(&s, &control, (enum vex_side)side), -1);
		CU_ASSERT(HAS(s.err, want));
		end_child(pid);
		/* The lock goes with the process, however it ends. */
		CU_ASSERT_EQUAL_FATAL(attach(&s, &control, (enum vex_side)side), 0);
		CU_ASSERT_EQUAL(control.life, 2);
		vex_shm_detach(&control);
	}
	/* Detaching gives the side back as well, and the other side is another lock. */
	CU_ASSERT_EQUAL_FATAL(attach(&s, &control, VEX_SIDE_CONTROL), 0);
	CU_ASSERT_EQUAL_FATAL(attach(&s, &pfe, VEX_SIDE_PFE), 0);
	vex_shm_detach(&control);
	vex_shm_detach(&pfe);
	end_child(holder(&s, VEX_SIDE_CONTROL));
	vex_shm_close(&s.fds);
}

/* Any word of the segment is written over, the headers too, while both sides work. */
static void hostile_segment(void)
{
	const uint64_t room = sizeof(struct vex_ctl) / sizeof(uint64_t);
	struct segments s = make();
	struct vex_shm control, pfe;
	uint64_t seed = 1618033, taken = 0;

	CU_ASSERT_EQUAL_FATAL(attach(&s, &pfe, VEX_SIDE_PFE), 0);
	CU_ASSERT_EQUAL_FATAL(attach(&s, &control, VEX_SIDE_CONTROL), 0);
	for (unsigned int round = 0; round < 3000; round++) {
		const uint64_t heads[] = {offsetof(struct vex_ctl, op) / 8,
			offsetof(struct vex_ctl, ack) / 8, offsetof(struct vex_ctl, event) / 8, 0};
		struct vex_ack ack = {0};
		struct vex_event event = {0};
		struct vex_op op;
		uint32_t n = 0;

		for (uint64_t i = draw(&seed) % 4; i > 0; i--) {
			/* Half of them where it matters: headers, words, first slots. */
			uint64_t at = draw(&seed) & 1 ? draw(&seed) % room
						      : heads[draw(&seed) % 4] + draw(&seed) % 40;

			((uint64_t *)(void *)control.ctl)[at] = draw(&seed) & 1
									? draw(&seed)
									: control.op.generation |
										  (draw(&seed) &
											  15);
		}
		vex_shm_sync(&pfe);
		vex_shm_sync(&control);
		for (uint32_t i = 0; i < 5; i++)
			send_op(&control, i);
		while (n <= VEX_OP_SLOTS && vex_shm_take(&pfe, 0, &op) > 0) {
			n++;
			vex_ring_push(&pfe.ack, &ack, sizeof(ack));
			vex_ring_push_or_lose(&pfe.event, &event, sizeof(event));
		}
		CU_ASSERT_FATAL(n <= VEX_OP_SLOTS);
		taken += n;
		for (n = 0; n <= VEX_ACK_SLOTS && vex_ring_pop(&control.ack, &ack) > 0; n++)
			;
		CU_ASSERT_FATAL(n <= VEX_ACK_SLOTS);
		for (n = 0; n <= VEX_EVENT_SLOTS && vex_ring_pop(&control.event, &event) > 0; n++)
			;
		CU_ASSERT_FATAL(n <= VEX_EVENT_SLOTS);
		if (control.op.broken || control.ack.broken || control.event.broken)
			vex_shm_renew(&control);
		if (pfe.op.broken || pfe.ack.broken || pfe.event.broken)
			vex_shm_renew(&pfe);
	}
	CU_ASSERT(taken > 100);
	vex_shm_renew(&control);
	vex_shm_sync(&pfe);
	vex_shm_sync(&control);
	vex_shm_sync(&pfe);
	CU_ASSERT(send_op(&control, 4));
	CU_ASSERT(take_op(&pfe, 0, 4));
	vex_shm_detach(&control);
	vex_shm_detach(&pfe);
	vex_shm_close(&s.fds);
}

static const struct unit_case cases[] = {
	{"both sides attach and every ring works", all_rings_work},
	{"an operation waits for a free acknowledgement slot",
		operations_wait_for_acknowledgements},
	{"every attach makes fresh rings for both", every_attach_is_fresh},
	{"the number of a life comes round past 0", lives_come_round},
	{"a life that is written over and a broken ring are mended", lives_are_repaired},
	{"a header with any other number is refused by name", false_headers},
	{"a segment of another size or without seals is refused", false_sizes},
	{"what is not a segment is refused", not_segments},
	{"control cannot write counters", counters_are_read_only},
	{"nobody can resize a segment or seal it further", sizes_are_sealed},
	{"each side belongs to one living process", one_process_a_side},
	{"garbage in any word does no harm", hostile_segment},
};

const struct unit_suite shm_suite = {.name = "shm", .cases = cases, .n = UNIT_N(cases)};

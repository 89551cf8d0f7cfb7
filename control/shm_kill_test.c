/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vex-re or vex-pfe is killed under traffic or while it attaches, with real segments: the survivor
 * sees whole records in order, and the next process finds fresh rings that work.
 */
#include "control/ring_testlib.h"
#include "control/shm.h"

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sched.h>
#include <time.h>

struct attached {
	struct vex_shm_fds fds;
	struct vex_shm shm;
	uint32_t *stop; /* shared with the child */
};

static struct vex_op op_of(uint32_t seq, uint32_t life)
{
	struct vex_op op = {.type = VEX_OP_MAC_SET, .seq = seq};

	for (uint32_t i = 0; i < sizeof(op.raw); i++)
		op.raw[i] = (uint8_t)(seq * 31 + life * 7 + i);
	return op;
}

static bool attach(struct vex_shm *shm, enum vex_side side, const struct vex_shm_fds *fds)
{
	char err[256];
	int ctl = fcntl(fds->ctl, F_DUPFD_CLOEXEC, 0);
	int cnt = fcntl(side == VEX_SIDE_PFE ? fds->cnt : fds->cnt_ro, F_DUPFD_CLOEXEC, 0);

	return vex_shm_attach(shm, side, ctl, cnt, err, sizeof(err)) == 0;
}

static bool begin(struct attached *a, enum vex_side side)
{
	char err[256];

	a->stop = shared_memory(VEX_PAGE);
	return a->stop && vex_shm_create(&a->fds, err, sizeof(err)) == 0 &&
	       attach(&a->shm, side, &a->fds);
}

static void finish(struct attached *a)
{
	vex_shm_detach(&a->shm);
	vex_shm_close(&a->fds);
	munmap(a->stop, VEX_PAGE);
}

/* Control: sends operations 0, 1, ... and wants their acknowledgements in order, for ever. */
static int control_loop(struct vex_shm *shm)
{
	uint32_t sent = 0, acked = 0;

	for (;;) {
		struct vex_op op = op_of(sent, shm->life);
		struct vex_ack ack;
		int done = vex_ring_push(&shm->op, &op, sizeof(op));
		int got = vex_ring_pop(&shm->ack, &ack);

		if (vex_shm_sync(shm)) {
			sent = acked = 0;
			continue;
		}
		if (done < 0 || got < 0)
			return 1;
		sent += (uint32_t)done;
		if (got > 0 && (ack.seq != acked++ || ack.type != VEX_OP_MAC_SET || acked > sent))
			return 1;
		if (done == 0 && got == 0)
			sched_yield();
	}
}

/* vex-pfe, one operation: 1 taken and acknowledged, 0 none, -1 not what control sends. */
static int serve(struct vex_shm *shm, uint32_t *next)
{
	struct vex_op op, want = op_of(*next, shm->peer_life);
	struct vex_event event = {.type = VEX_EVENT_LINK};
	struct vex_ack ack = {.seq = *next, .type = VEX_OP_MAC_SET};
	int done = vex_shm_take(shm, 0, &op);

	if (done <= 0)
		return done;
	if (memcmp(&op, &want, sizeof(op)) != 0 || vex_ring_push(&shm->ack, &ack, sizeof(ack)) != 1)
		return -1;
	++*next;
	return vex_ring_push_or_lose(&shm->event, &event, sizeof(event)) < 0 ? -1 : 1;
}

static int pfe_loop(struct vex_shm *shm)
{
	uint32_t next = 0;

	for (;;) {
		int done = serve(shm, &next);

		if (vex_shm_sync(shm))
			next = 0;
		else if (done < 0)
			return 1;
		else if (done == 0)
			sched_yield();
	}
}

/* A child that attaches as @side and works until it is killed; it exits with 1 on a mistake. */
static pid_t work_in_child(struct attached *a, enum vex_side side)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct vex_shm shm;

		if (!attach(&shm, side, &a->fds))
			_exit(2);
		_exit(side == VEX_SIDE_PFE ? pfe_loop(&shm) : control_loop(&shm));
	}
	return pid;
}

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* True if the child was still at work and is dead now. */
static bool kill_at_work(pid_t pid)
{
	int status = 0;

	kill(pid, SIGKILL);
	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status);
}

#define KILLS	    60
#define LIFE_MAX_US 20000

/* A machine may be slow, but not as slow as this. */
static bool stuck(uint64_t end)
{
	return now_us() > end + 60000000;
}

static void kill_control_at_random(void)
{
	uint64_t seed = 31337, total = 0;
	struct attached a;
	uint32_t lives = 0, next = 0;

	CU_ASSERT_FATAL(begin(&a, VEX_SIDE_PFE));
	for (unsigned int i = 0; i < KILLS; i++) {
		pid_t pid = work_in_child(&a, VEX_SIDE_CONTROL);
		uint64_t end = now_us() + draw(&seed) % LIFE_MAX_US;
		bool last = i == KILLS - 1;
		int done = 0;

		/* The last one is killed only when operations have come through. */
		while (done >= 0 && (now_us() < end || (last && next < 1000 && !stuck(end)))) {
			if (vex_shm_sync(&a.shm)) {
				next = 0;
				lives++;
			}
			done = serve(&a.shm, &next);
			if (done == 0)
				sched_yield();
		}
		CU_ASSERT(kill_at_work(pid));
		CU_ASSERT(done >= 0);
		/* What it published before its death is still there, and ends. */
		if (vex_shm_sync(&a.shm)) {
			next = 0;
			lives++;
		}
		for (uint32_t n = 0; n <= VEX_OP_SLOTS && (done = serve(&a.shm, &next)) > 0;)
			n++;
		CU_ASSERT_EQUAL(done, 0);
		total += next;
	}
	CU_ASSERT(lives > 1);
	CU_ASSERT(total >= 1000);
	finish(&a);
}

/* Control, one round: sends an operation and takes an answer and an event; false: not as it must. */
static bool ask(struct vex_shm *shm, uint32_t *sent, uint32_t *acked)
{
	struct vex_op op;
	struct vex_ack ack;
	struct vex_event event;
	int done, got;

	if (vex_shm_sync(shm))
		*sent = *acked = 0;
	op = op_of(*sent, shm->life);
	done = vex_ring_push(&shm->op, &op, sizeof(op));
	got = vex_ring_pop(&shm->ack, &ack);
	*sent += done > 0;
	if (done == 0 && got == 0)
		sched_yield();
	return done >= 0 && got >= 0 && vex_ring_pop(&shm->event, &event) >= 0 &&
	       (got == 0 || (ack.seq == (*acked)++ && *acked <= *sent));
}

static void kill_pfe_at_random(void)
{
	uint64_t seed = 65537, total = 0;
	uint32_t sent = 0, acked = 0;
	struct attached a;

	CU_ASSERT_FATAL(begin(&a, VEX_SIDE_CONTROL));
	for (unsigned int i = 0; i < KILLS; i++) {
		pid_t pid = work_in_child(&a, VEX_SIDE_PFE);
		uint64_t end = now_us() + draw(&seed) % LIFE_MAX_US;
		bool right = true, last = i == KILLS - 1;
		struct vex_ack ack;

		while (right && (now_us() < end || (last && acked < 1000 && !stuck(end))))
			right = ask(&a.shm, &sent, &acked);
		CU_ASSERT(kill_at_work(pid));
		CU_ASSERT(right);
		/* The answers that it published before its death, none without an operation. */
		while (acked <= sent && vex_ring_pop(&a.shm.ack, &ack) > 0)
			right = right && ack.seq == acked++;
		CU_ASSERT(right && acked <= sent);
		CU_ASSERT_PTR_NULL(a.shm.op.broken);
		CU_ASSERT_PTR_NULL(a.shm.ack.broken);
		total += acked;
	}
	CU_ASSERT(total >= 1000);
	finish(&a);
}

static void attach_control(void *arg)
{
	struct attached *a = arg;
	struct vex_shm shm;

	attach(&shm, VEX_SIDE_CONTROL, &a->fds);
}

/* Control is killed on its way in: the next one comes in, and nothing arrives but what it sends. */
static void kill_attach(void)
{
	enum child_end end = CHILD_KILLED;
	uint64_t seed = 99991;
	struct attached a;

	CU_ASSERT_FATAL(begin(&a, VEX_SIDE_PFE));
	for (unsigned long k = 0; k < 106 && end != CHILD_LOST; k++) {
		struct vex_shm control;
		struct vex_op op;
		uint32_t next = 0;

		end = die_after(k < 100 ? k * 17 : draw(&seed) % 70000, attach_control, &a).end;
		vex_shm_sync(&a.shm);
		CU_ASSERT_EQUAL(vex_ring_pop(&a.shm.op, &op), 0);
		CU_ASSERT_FATAL(attach(&control, VEX_SIDE_CONTROL, &a.fds));
		if (k & 1)
			CU_ASSERT(vex_shm_sync(&a.shm));
		for (uint32_t i = 0; i < 20; i++) {
			op = op_of(i, control.life);
			CU_ASSERT_EQUAL(vex_ring_push(&control.op, &op, sizeof(op)), 1);
		}
		if (!(k & 1))
			CU_ASSERT(vex_shm_sync(&a.shm));
		while (serve(&a.shm, &next) > 0)
			;
		CU_ASSERT_EQUAL(next, 20);
		/* This one dies with operations under way. */
		for (uint32_t i = 20; i < 30; i++) {
			op = op_of(i, control.life);
			CU_ASSERT_EQUAL(vex_ring_push(&control.op, &op, sizeof(op)), 1);
		}
		vex_shm_detach(&control);
		while (serve(&a.shm, &next) > 0)
			;
		CU_ASSERT_EQUAL(next, 30);
	}
	CU_ASSERT_NOT_EQUAL(end, CHILD_LOST);
	finish(&a);
}

static const struct unit_case cases[] = {
	{"control may die at random under traffic", kill_control_at_random},
	{"vex-pfe may die at random under traffic", kill_pfe_at_random},
	{"control may die while it attaches", kill_attach},
};

const struct unit_suite shm_kill_suite = {.name = "shm_kill", .cases = cases, .n = UNIT_N(cases)};

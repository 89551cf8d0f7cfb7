/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_RING_TESTLIB_H
#define VEX_CONTROL_RING_TESTLIB_H

/*
 * What the tests of rings and segments share: a small ring, records that show whether they are
 * whole, a generator of reproducible numbers, a child that is killed after N instructions.
 */

#include "control/ring.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define SMALL_SLOTS 8u

/* Every word follows from the number: a record of two halves is noticed. */
struct record {
	uint64_t number;
	uint64_t word[7];
};

struct small_ring {
	struct vex_ring_ctl ctl;
	unsigned char slots[SMALL_SLOTS * VEX_SLOT_STRIDE(sizeof(struct record))];
};

static const struct vex_ring_shape small_shape = {
	SMALL_SLOTS, sizeof(struct record), sizeof(struct record)};

static inline uint64_t generation_of(unsigned int control, unsigned int pfe)
{
	return (uint64_t)control << 48 | (uint64_t)pfe << 32;
}

static inline struct record record_of(uint64_t number)
{
	struct record r = {.number = number};

	for (unsigned int i = 0; i < 7; i++)
		r.word[i] = (number + i + 1) * UINT64_C(0x9e3779b97f4a7c15);
	return r;
}

static inline bool record_is(const struct record *r, uint64_t number)
{
	struct record want = record_of(number);

	return memcmp(r, &want, sizeof(want)) == 0;
}

/* Marsaglia's xorshift; @state must not be 0. */
static inline uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Memory that a forked child shares, or NULL. */
static inline void *shared_memory(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* Kills a child and waits for it. */
static inline void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

enum child_end {
	CHILD_KILLED,	/* before @fn had returned */
	CHILD_FINISHED, /* after it */
	CHILD_LOST,	/* it could not be traced, or failed by itself */
};

struct death {
	enum child_end end;
	unsigned long steps; /* instructions that it was allowed */
};

/*
 * Runs @fn(@arg) in a child and kills it after @steps machine instructions, counted from just
 * before the call. The breakpoints that mark beginning and end report SI_KERNEL, steps do not.
 */
static inline struct death die_after(unsigned long steps, void (*fn)(void *), void *arg)
{
	struct death death = {.end = CHILD_KILLED};
	siginfo_t info;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(1);
		__asm__ volatile("int3" ::: "memory");
		fn(arg);
		__asm__ volatile("int3" ::: "memory");
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return (struct death){.end = CHILD_LOST};
	for (; death.steps < steps && death.end == CHILD_KILLED; death.steps++) {
		if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) != 0 ||
			waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
			WSTOPSIG(status) != SIGTRAP ||
			ptrace(PTRACE_GETSIGINFO, pid, NULL, &info) != 0)
			death.end = CHILD_LOST;
		else if (info.si_code == SI_KERNEL)
			death.end = CHILD_FINISHED;
	}
	end_child(pid);
	return death;
}

#endif

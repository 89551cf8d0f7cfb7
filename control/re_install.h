/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_RE_INSTALL_H
#define VEX_CONTROL_RE_INSTALL_H

/*
 * re_install: the operations of an image as one transaction over the rings.
 *
 * BEGIN, the operations, COMMIT; vex-pfe acknowledges all of them in this order. Nothing blocks: the
 * event loop calls re_install_step() when vex-pfe rings, and at least every 20 ms, until the state is
 * no longer RE_INSTALL_RUNNING. A transaction without any progress for RE_INSTALL_TIMEOUT_MS has
 * failed. When vex_shm_sync() says that the rings are fresh, start again.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/re_dump.h"
#include "control/shm.h"
#include "dataplane/ops.h"

#define RE_INSTALL_TIMEOUT_MS 5000

enum re_install_state {
	RE_INSTALL_IDLE,
	RE_INSTALL_RUNNING,
	RE_INSTALL_DONE,   /* everything was acknowledged with OK */
	RE_INSTALL_FAILED, /* see text */
};

struct re_install {
	struct vex_shm *shm;
	struct re_dump *dump;	  /* gets the acknowledgements of dumps; NULL: there are none */
	const struct vex_op *ops; /* borrowed, until the state is DONE or FAILED */
	size_t n_ops;

	enum re_install_state state;
	char text[256]; /* why it failed: names the operation */
	uint32_t seq;	/* of BEGIN */
	size_t pushed;	/* of n_ops + 2 */
	size_t acked;
	bool refused;	   /* text has the first refusal; acknowledgements are still read */
	size_t refused_at; /* that operation, from 0 */
	uint16_t refused_status;
	uint64_t progress_ms; /* time of the latest progress */
	uint64_t start_ms;
};

/* Begin; the caller steps at once. */
void re_install_start(struct re_install *in, struct vex_shm *shm, const struct vex_op *ops,
	size_t n_ops, uint64_t now_ms);

/*
 * Push what the ring takes and read what was acknowledged. True if something was pushed: ring for
 * vex-pfe.
 */
bool re_install_step(struct re_install *in, uint64_t now_ms);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_DUMP_H
#define VEX_DATAPLANE_DUMP_H

/*
 * Reading tables back (VEX_OP_DUMP) in bounded steps, so that a table of a million addresses delays
 * neither a tick nor an operation.
 *
 *	if (dump_start(&d, core, &op) == VEX_OK)
 *		while (d.active)
 *			n = dump_step(&d, core, records, DUMP_ROOM);	(between other work)
 *
 * Records are the operations that would make the table what it is: number and status zero, unused
 * bytes zero, nothing that holds by default (ops_digest.h). An operation may change tables between
 * two steps: the dump goes on in the new ones. The MAC table changes all the time; an entry that
 * stays where it is for the whole dump is read exactly once. A dynamic address carries its age in
 * seconds, as coarse as ageing marks are.
 *
 * One thread, the housekeeper.
 */

#include "dataplane/core.h"

/* Records for which dump_step needs room: of one place of a table, and the end. */
#define DUMP_PLACE 256u
#define DUMP_ROOM  (DUMP_PLACE + 1)

struct dump {
	struct vex_op_dump what;
	bool active;
	uint64_t at; /* place in the table, of the next step */
	uint64_t count;
	uint64_t digest;
	uint64_t generation;
};

/*
 * Begins a dump if none is active. VEX_NO_RESOURCE: one is; VEX_INVALID: a field is out of range or
 * an unused byte is not zero; VEX_NOT_FOUND: there is no such bridge domain or port.
 */
enum vex_status dump_start(struct dump *d, const struct core *c, const struct vex_op *op);

/*
 * Some tens of microseconds of work: writes at most room records, which is at least DUMP_ROOM, and
 * returns how many. The last one of a dump is VEX_OP_DUMP_END; active is false then.
 */
size_t dump_step(struct dump *d, const struct core *c, struct vex_op *out, size_t room);

#endif

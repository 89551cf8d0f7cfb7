/* SPDX-License-Identifier: BSD-3-Clause */
/* Enqueue: a copy into the packet memory, at its own time. */
#include "dataplane/stage.h"
#include "qos/xt_qos.h"

void stage_enqueue(struct xt *xt, struct burst *b)
{
	burst_foreach_live (b, p)
		p->drop = (uint8_t)xt_enqueue(xt, p);
}

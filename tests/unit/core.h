/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables without workers, and what is read back of them, for tests. */
#ifndef TESTS_UNIT_CORE_H
#define TESTS_UNIT_CORE_H

#include <stdlib.h>
#include <string.h>

#include "dataplane/dump.h"
#include "tests/unit/unit.h"

#define CORE_PORTS 24u

static inline bool core_no_workers(void *ctx, const struct tables *old, const struct tables *next)
{
	(void)ctx;
	(void)old;
	(void)next;
	return true;
}

static inline struct core *core_make(uint32_t macs)
{
	const struct core_params params = {
		.ports = CORE_PORTS,
		.scale = {macs, 4094, 128, 16, VEX_STP_INSTANCES_MAX},
		.seed = 1,
		.publish = core_no_workers,
	};
	struct core *c = calloc(1, sizeof(*c));

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_TRUE_FATAL(core_create(c, &params));
	return c;
}

static inline void core_free(struct core *c)
{
	core_destroy(c);
	free(c);
}

static inline void core_must_apply(struct core *c, const struct vex_op *ops, size_t n)
{
	struct vex_op *copy = malloc((n + 1) * sizeof(*copy));

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, ops, n * sizeof(*copy));
	CU_ASSERT_TRUE(core_apply(c, copy, n));
	for (size_t i = 0; i < n; i++)
		if (copy[i].status != VEX_OK)
			printf("operation %zu, %s: %s\n", i, vex_op_type_name(copy[i].type),
				vex_status_name(copy[i].status));
	free(copy);
}

static inline struct vex_op dump_of(enum vex_table table)
{
	return (struct vex_op){.type = VEX_OP_DUMP,
		.dump = {.table = (uint16_t)table,
			.bd = VEX_BD_NONE,
			.lport = VEX_LPORT_NONE,
			.cookie = 77}};
}

struct dumped {
	struct vex_op *v;
	size_t n;
	struct vex_op end;
	size_t steps;
};

/* Reads until the end, with this room in each step. */
static inline struct dumped dump_read(struct core *c, struct vex_op what, size_t room)
{
	struct dumped r = {.v = malloc(sizeof(*r.v))};
	struct vex_op *part = malloc(room * sizeof(*part));
	struct dump d = {0};

	CU_ASSERT_EQUAL_FATAL(dump_start(&d, c, &what), VEX_OK);
	while (d.active) {
		size_t n = dump_step(&d, c, part, room);

		CU_ASSERT_TRUE_FATAL(n <= room);
		r.v = realloc(r.v, (r.n + n + 1) * sizeof(*r.v));
		memcpy(r.v + r.n, part, n * sizeof(*part));
		r.n += n;
		r.steps++;
	}
	free(part);
	CU_ASSERT_TRUE_FATAL(r.n > 0 && r.v[r.n - 1].type == VEX_OP_DUMP_END);
	r.end = r.v[--r.n];
	CU_ASSERT_EQUAL(r.end.dump_end.table, what.dump.table);
	CU_ASSERT_EQUAL(r.end.dump_end.cookie, what.dump.cookie);
	if (!(what.dump.flags & VEX_DUMP_DIGEST))
		CU_ASSERT_EQUAL(r.end.dump_end.count, r.n);
	return r;
}

static inline void core_learn(struct core *c, uint16_t bd, uint16_t lport, uint64_t mac)
{
	const struct vlan *v = &c->tables->vlan[bd];
	const struct mac_source s = {
		.tables = c->tables,
		.vlan = v,
		.mac = mac,
		.hash = mac_hash(&c->mac, v->fid_bd, mac),
		.lport = lport,
		.mark = vlan_age_mark(v, c->tick),
	};
	enum vex_limit_action action;

	CU_ASSERT_EQUAL(mac_learn(&c->mac, &s, &action), MAC_LEARNED);
}

static inline int dump_compare_ops(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct vex_op));
}

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/ctl_diff_testlib.h"

#include <stdlib.h>

#include "dataplane/punt.h"
#include "tests/unit/core.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/random.h"

#define N_LAGS 4u

void diff_image_add(struct diff_image *m, struct vex_op op)
{
	CU_ASSERT_TRUE_FATAL(m->n < DIFF_OPS_MAX);
	m->v[m->n++] = op;
}

/* ---- Random tables ---------------------------------------------------------------------------- */

static void random_ports(struct diff_image *m, uint64_t *s)
{
	struct vex_op sw = op_switch(
		random_below(s, 3) ? VEX_MAC_UNLIMITED : 5000, random_below(s, 2));
	bool lag[N_LAGS];

	sw.sw.flags = random_below(s, 2) ? VEX_SWITCH_MAC_EVENTS : 0;
	diff_image_add(m, sw);
	for (unsigned int p = 0; p < CORE_PORTS; p++) {
		struct vex_op op = op_port((uint16_t)p, random_below(s, 8) != 0);

		op.port.mtu = (uint16_t)(1514 + random_below(s, 2));
		op.port.storm_kbps = random_below(s, 4) ? 0 : 800;
		op.port.storm_flags = op.port.storm_kbps ? VEX_STORM_BROADCAST : 0;
		diff_image_add(m, op);
		m->is_lport[p] = true;
	}
	for (unsigned int k = 0; k < N_LAGS; k++) {
		lag[k] = random_below(s, 2);
		m->is_lport[VEX_LPORT_LAG0 + k] = lag[k];
		if (lag[k])
			diff_image_add(m, op_lag((uint16_t)k, (uint16_t)(1 + random_below(s, 2))));
	}
	for (unsigned int p = 12; p < CORE_PORTS; p++) {
		unsigned int k = random_below(s, 2 * N_LAGS);

		if (k >= N_LAGS || !lag[k])
			continue;
		diff_image_add(m, op_member(VEX_OP_LAG_MEMBER_ADD, (uint16_t)k, (uint16_t)p));
		m->is_lport[p] = false;
	}
}

/* Bridge domains with identifiers in any order; some share the database of a primary one. */
static void random_vlans(struct diff_image *m, uint64_t *s)
{
	uint16_t vid[DIFF_BDS];
	bool plain = random_below(s, 2); /* as control does it: the identifier is the number */

	for (unsigned int i = 0; i < DIFF_BDS; i++)
		vid[i] = (uint16_t)(i + 1);
	for (unsigned int i = DIFF_BDS - 1; i > 0 && !plain; i--) {
		unsigned int k = random_below(s, i + 1);
		uint16_t was = vid[i];

		vid[i] = vid[k];
		vid[k] = was;
	}
	for (unsigned int bd = 1; bd < DIFF_BDS; bd++) {
		struct vex_op op = op_vlan((uint16_t)bd, vid[bd - 1], 300 + random_below(s, 2));

		if (random_below(s, 3) == 0)
			continue;
		op.vlan.flags = random_below(s, 2) ? VEX_VLAN_PRIVATE : 0;
		op.vlan.mac_limit = random_below(s, 4) ? VEX_MAC_UNLIMITED : 1000;
		m->vlan[bd] = op;
	}
	for (unsigned int bd = 1; bd < DIFF_BDS; bd++) {
		unsigned int primary = random_below(s, DIFF_BDS);
		bool shared = false;

		for (unsigned int i = 0; i < DIFF_BDS; i++)
			shared |= i != bd && m->vlan[i].type && m->vlan[i].vlan.fid_bd == bd;
		if (m->vlan[bd].type && m->vlan[primary].type && !shared && random_below(s, 2) &&
			(m->vlan[bd].vlan.flags & VEX_VLAN_PRIVATE) &&
			m->vlan[primary].vlan.fid_bd == primary)
			m->vlan[bd].vlan.fid_bd = (uint16_t)primary;
	}
	for (int secondary = 0; secondary <= 1; secondary++)
		for (unsigned int bd = 1; bd < DIFF_BDS; bd++)
			if (m->vlan[bd].type && (m->vlan[bd].vlan.fid_bd != bd) == secondary)
				diff_image_add(m, m->vlan[bd]);
}

static void random_sets(struct diff_image *m, uint64_t *s)
{
	for (unsigned int bd = 1; bd < DIFF_BDS; bd++)
		for (unsigned int set = 0; set < VEX_VLAN_SETS; set++) {
			struct vex_op op = op_set((uint16_t)bd, set, 0);

			if (!m->vlan[bd].type || random_below(s, 4) == 0)
				continue;
			for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++)
				if (m->is_lport[l] && random_below(s, 3))
					lport_set_add(&op.vlan_ports.ports, l);
			m->set[bd][set] = op.vlan_ports.ports;
			diff_image_add(m, op);
		}
}

static unsigned int random_bd(const struct diff_image *m, uint64_t *s)
{
	unsigned int bd = 1 + random_below(s, DIFF_BDS - 1);

	return m->vlan[bd].type ? bd : VEX_BD_NONE;
}

static void random_lports(struct diff_image *m, uint64_t *s)
{
	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		struct vex_op op = op_lport((uint16_t)l, (uint16_t)random_bd(m, s));

		if (!m->is_lport[l] || random_below(s, 3) == 0)
			continue;
		op.lport.flags = random_below(s, 4) ? 0 : VEX_LPORT_STICKY;
		op.lport.mac_limit = random_below(s, 4) ? VEX_MAC_UNLIMITED : 100;
		diff_image_add(m, op);
	}
	for (unsigned int bd = 1; bd < DIFF_BDS; bd++)
		for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++)
			if (m->vlan[bd].type && m->is_lport[l] && random_below(s, 10) == 0)
				diff_image_add(m, op_port_limit((uint16_t)bd, (uint16_t)l,
							  50 + random_below(s, 2), VEX_LIMIT_LOG));
}

static void random_rates(struct diff_image *m, uint64_t *s)
{
	for (unsigned int i = 0; i < PUNT_PROTOCOLS; i++) {
		struct vex_op op = {.type = VEX_OP_PUNT_SET,
			.punt = {.protocol = (uint16_t)i, .pps = 9, .burst = 9}};

		if (random_below(s, 4) == 0)
			diff_image_add(m, op);
	}
}

/* Addresses 1 to 12 of each database, in any VLAN of it and on any of its ports. */
static void random_macs(struct diff_image *m, uint64_t *s)
{
	bool used[DIFF_BDS][13] = {0};

	for (int i = 0; i < 80; i++) {
		unsigned int bd = random_bd(m, s), l = random_below(s, VEX_LPORT_LAG0 + N_LAGS);
		unsigned int mac = 1 + random_below(s, 12);

		if (bd == VEX_BD_NONE || used[m->vlan[bd].vlan.fid_bd][mac] ||
			(!lport_set_has(&m->set[bd][VEX_VLAN_IN], l) &&
				!lport_set_has(&m->set[bd][VEX_VLAN_OUT], l)))
			continue;
		used[m->vlan[bd].vlan.fid_bd][mac] = true;
		diff_image_add(
			m, op_mac(VEX_OP_MAC_SET, (uint16_t)bd, (uint16_t)l, 0x020000000000 | mac));
	}
}

struct diff_image *diff_random_image(uint64_t *s)
{
	struct diff_image *m = calloc(1, sizeof(*m));

	CU_ASSERT_PTR_NOT_NULL_FATAL(m);
	random_ports(m, s);
	random_vlans(m, s);
	random_sets(m, s);
	random_lports(m, s);
	random_rates(m, s);
	random_macs(m, s);
	return m;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The difference of two sets of tables. `cur` begins as the tables that there are and follows every
 * operation that is written, with what it does besides (a LAG that goes takes its port out of every
 * table), so that each step compares what will be there with what is wanted.
 */
#include "control/ctl_diff.h"

#include <stdlib.h>
#include <string.h>

#include "control/ctl_diff_int.h"
#include "dataplane/ops_digest.h"

struct build {
	struct diff_side *cur;
	struct diff_side *want; /* only marks of its addresses are written */
	struct ctl_diff out;
	size_t room;
	bool no_memory;
	bool no_vid;
};

static void emit(struct build *b, const struct vex_op *op)
{
	if (b->out.n == b->room) {
		size_t room = b->room ? 2 * b->room : 1024;
		struct vex_op *bigger = realloc(b->out.ops, room * sizeof(*bigger));

		if (bigger == NULL) {
			b->no_memory = true;
			return;
		}
		b->out.ops = bigger;
		b->room = room;
	}
	b->out.ops[b->out.n] = *op;
	b->out.ops[b->out.n].seq = (uint32_t)b->out.n;
	b->out.n++;
}

static bool exists(const struct vex_op *record)
{
	return record->type != VEX_OP_NONE;
}

static bool same(const struct vex_op *a, const struct vex_op *b)
{
	return a->type == b->type && memcmp(a->raw, b->raw, sizeof(a->raw)) == 0;
}

/* ---- Static addresses that go ----------------------------------------------------------------- */

/*
 * Deleting an address in a VLAN whose filtering database changes deletes it, when the tables are
 * new, in the new database: there it is set again.
 */
static void mark_collision(struct build *b, const struct diff_mac *gone)
{
	const struct vex_op *vlan = &b->want->vlan[gone->mac.bd];
	uint64_t key = (gone->key & ~(UINT64_C(0xffff) << 48)) | (uint64_t)vlan->vlan.fid_bd << 48;
	size_t low = 0, high = b->want->n_macs;

	if (!exists(vlan) || key == gone->key)
		return;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (b->want->macs[mid].key < key)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < b->want->n_macs && b->want->macs[low].key == key)
		b->want->macs[low].set_again = true;
}

/* They come first, while their VLAN is still there, so that their room can be used again. */
static void delete_macs(struct build *b)
{
	const struct diff_side *want = b->want;
	size_t w = 0;

	for (size_t i = 0; i < b->cur->n_macs; i++) {
		const struct diff_mac *m = &b->cur->macs[i];
		struct vex_op op = {.type = VEX_OP_MAC_DEL, .mac = {.bd = m->mac.bd}};

		while (w < want->n_macs && want->macs[w].key < m->key)
			w++;
		if (w < want->n_macs && want->macs[w].key == m->key)
			continue;
		memcpy(op.mac.mac, m->mac.mac, sizeof(op.mac.mac));
		emit(b, &op);
		mark_collision(b, m);
	}
}

static void set_macs(struct build *b)
{
	const struct diff_side *cur = b->cur;
	size_t c = 0;

	for (size_t i = 0; i < b->want->n_macs; i++) {
		const struct diff_mac *m = &b->want->macs[i];
		struct vex_op op = {.type = VEX_OP_MAC_SET, .mac = m->mac};

		while (c < cur->n_macs && cur->macs[c].key < m->key)
			c++;
		if (c < cur->n_macs && cur->macs[c].key == m->key && !m->set_again &&
			memcmp(&cur->macs[c].mac, &m->mac, sizeof(m->mac)) == 0)
			continue;
		emit(b, &op);
	}
}

/* ---- LAGs ------------------------------------------------------------------------------------- */

/* What the data plane does to a logical port that goes. */
static void forget_lport(struct diff_side *cur, unsigned int lport)
{
	size_t kept = 0;

	for (unsigned int bd = 0; bd < VEX_BDS_MAX; bd++)
		for (unsigned int set = 0; set < VEX_VLAN_SETS; set++)
			lport_set_del(&cur->set[bd][set], lport);
	cur->lport[lport] = diff_lport_default(lport);
	for (size_t i = 0; i < cur->n_limits; i++)
		if (cur->limits[i].lport != lport)
			cur->limits[kept++] = cur->limits[i];
	cur->n_limits = kept;
}

static void delete_lags(struct build *b)
{
	for (unsigned int k = 0; k < VEX_LAGS_MAX; k++) {
		struct vex_op op = {.type = VEX_OP_LAG_DEL, .lag = {.lag = (uint16_t)k}};

		if (!exists(&b->cur->lag[k]) || exists(&b->want->lag[k]))
			continue;
		emit(b, &op);
		b->cur->lag[k].type = VEX_OP_NONE;
		for (unsigned int p = 0; p < VEX_PORTS_MAX; p++)
			if (b->cur->member_of[p] == (int)k)
				b->cur->member_of[p] = DIFF_NONE;
		forget_lport(b->cur, VEX_LPORT_LAG0 + k);
	}
}

static void delete_members(struct build *b)
{
	for (unsigned int p = 0; p < VEX_PORTS_MAX; p++) {
		int lag = b->cur->member_of[p];
		struct vex_op op = {.type = VEX_OP_LAG_MEMBER_DEL};

		if (lag == DIFF_NONE || lag == b->want->member_of[p])
			continue;
		op.lag_member.lag = (uint16_t)lag;
		op.lag_member.port = (uint16_t)p;
		emit(b, &op);
		b->cur->member_of[p] = DIFF_NONE;
	}
}

static void make_lags(struct build *b)
{
	for (unsigned int k = 0; k < VEX_LAGS_MAX; k++)
		if (exists(&b->want->lag[k]) && !same(&b->want->lag[k], &b->cur->lag[k]))
			emit(b, &b->want->lag[k]);
	for (unsigned int p = 0; p < VEX_PORTS_MAX; p++) {
		int lag = b->want->member_of[p];
		struct vex_op op = {.type = VEX_OP_LAG_MEMBER_ADD};

		if (lag == DIFF_NONE || lag == b->cur->member_of[p])
			continue;
		op.lag_member.lag = (uint16_t)lag;
		op.lag_member.port = (uint16_t)p;
		emit(b, &op);
	}
}

/* ---- VLANs ------------------------------------------------------------------------------------ */

static bool is_secondary(const struct vex_op *vlan)
{
	return exists(vlan) && vlan->vlan.fid_bd != vlan->vlan.bd;
}

static void put_vlan(struct build *b, struct vex_op vlan)
{
	emit(b, &vlan);
	b->cur->vlan[vlan.vlan.bd] = vlan;
}

/* A VLAN that gets another filtering database has its own until that one can be named. */
static void detach_vlans(struct build *b)
{
	for (unsigned int bd = 0; bd < VEX_BDS_MAX; bd++) {
		struct vex_op vlan = b->cur->vlan[bd];

		if (!is_secondary(&vlan) || !exists(&b->want->vlan[bd]) ||
			b->want->vlan[bd].vlan.fid_bd == vlan.vlan.fid_bd)
			continue;
		vlan.vlan.fid_bd = (uint16_t)bd;
		put_vlan(b, vlan);
	}
}

/* What the data plane does to a VLAN that goes. */
static void forget_vlan(struct diff_side *cur, unsigned int bd)
{
	size_t kept = 0;

	cur->vlan[bd].type = VEX_OP_NONE;
	memset(cur->set[bd], 0, sizeof(cur->set[bd]));
	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++)
		if (cur->lport[l].untagged_bd == bd)
			cur->lport[l].untagged_bd = VEX_BD_NONE;
	for (size_t i = 0; i < cur->n_limits; i++)
		if (cur->limits[i].bd != bd)
			cur->limits[kept++] = cur->limits[i];
	cur->n_limits = kept;
}

static void delete_vlans(struct build *b)
{
	for (int secondary = 1; secondary >= 0; secondary--)
		for (unsigned int bd = 0; bd < VEX_BDS_MAX; bd++) {
			const struct vex_op *vlan = &b->cur->vlan[bd];
			struct vex_op op = {.type = VEX_OP_VLAN_DEL, .vlan = {.bd = (uint16_t)bd}};

			if (!exists(vlan) || exists(&b->want->vlan[bd]) ||
				is_secondary(vlan) != secondary)
				continue;
			emit(b, &op);
			forget_vlan(b->cur, bd);
		}
}

/* Gives VLANs their new identifiers; true while there is one whose identifier another one has. */
static bool move_vids(struct build *b, bool taken[VEX_VID_MAX + 1], struct vex_op *waits)
{
	bool blocked = false;

	for (unsigned int bd = 0; bd < VEX_BDS_MAX; bd++) {
		struct vex_op vlan = b->cur->vlan[bd];
		const struct vex_op *want = &b->want->vlan[bd];

		if (!exists(&vlan) || vlan.vlan.vid == want->vlan.vid)
			continue;
		if (taken[want->vlan.vid]) {
			*waits = vlan;
			blocked = true;
			continue;
		}
		taken[vlan.vlan.vid] = false;
		taken[want->vlan.vid] = true;
		vlan.vlan.vid = want->vlan.vid;
		put_vlan(b, vlan);
	}
	return blocked;
}

/* Identifiers that go round in a circle need a free one to begin with. */
static void change_vids(struct build *b)
{
	bool taken[VEX_VID_MAX + 1] = {false};
	struct vex_op waits;
	size_t before;

	for (unsigned int bd = 0; bd < VEX_BDS_MAX; bd++)
		if (exists(&b->cur->vlan[bd]))
			taken[b->cur->vlan[bd].vlan.vid] = true;
	do {
		unsigned int vid = 1;

		before = b->out.n;
		if (!move_vids(b, taken, &waits))
			return;
		if (b->out.n > before)
			continue;
		while (vid <= VEX_VID_MAX && taken[vid])
			vid++;
		if (vid > VEX_VID_MAX) {
			b->no_vid = true;
			return;
		}
		taken[waits.vlan.vid] = false;
		taken[vid] = true;
		waits.vlan.vid = (uint16_t)vid;
		put_vlan(b, waits);
	} while (!b->no_memory);
}

static void set_vlans(struct build *b)
{
	for (int secondary = 0; secondary <= 1; secondary++)
		for (unsigned int bd = 0; bd < VEX_BDS_MAX; bd++)
			if (exists(&b->want->vlan[bd]) &&
				is_secondary(&b->want->vlan[bd]) == secondary &&
				!same(&b->want->vlan[bd], &b->cur->vlan[bd]))
				put_vlan(b, b->want->vlan[bd]);
}

static void set_vlan_ports(struct build *b)
{
	for (unsigned int bd = 0; bd < VEX_BDS_MAX; bd++)
		for (unsigned int set = 0; set < VEX_VLAN_SETS; set++) {
			struct vex_op op = {.type = VEX_OP_VLAN_PORTS};

			if (!exists(&b->want->vlan[bd]) ||
				memcmp(&b->want->set[bd][set], &b->cur->set[bd][set],
					sizeof(op.vlan_ports.ports)) == 0)
				continue;
			op.vlan_ports.bd = (uint16_t)bd;
			op.vlan_ports.set = (uint16_t)set;
			op.vlan_ports.ports = b->want->set[bd][set];
			emit(b, &op);
		}
}

/* ---- Switch, ports, limits -------------------------------------------------------------------- */

static void set_switch(struct build *b)
{
	struct vex_op op = {.type = VEX_OP_SWITCH_SET, .sw = {.mac_limit = VEX_MAC_UNLIMITED}};

	if (exists(&b->want->sw))
		op = b->want->sw;
	else if (!exists(&b->cur->sw))
		return;
	if (!same(&op, &b->cur->sw))
		emit(b, &op);
}

/* Ports are always there: one of which nothing is said is as it was in the beginning. */
static void set_ports(struct build *b)
{
	for (unsigned int p = 0; p < VEX_PORTS_MAX; p++) {
		struct vex_op op = {.type = VEX_OP_PORT_SET,
			.port = {.port = (uint16_t)p, .mtu = 1514, .speed_mbps = 1000}};

		if (exists(&b->want->port[p]))
			op = b->want->port[p];
		else if (!exists(&b->cur->port[p]))
			continue;
		if (!same(&op, &b->cur->port[p]))
			emit(b, &op);
	}
}

static void set_punt_rates(struct build *b)
{
	for (unsigned int i = 0; i < PUNT_PROTOCOLS; i++) {
		const struct punt_rate *rate = &b->want->punt[i];
		struct vex_op op = {.type = VEX_OP_PUNT_SET};

		if (memcmp(rate, &b->cur->punt[i], sizeof(*rate)) == 0)
			continue;
		op.punt.protocol = (uint16_t)i;
		op.punt.pps = rate->pps;
		op.punt.burst = rate->burst;
		emit(b, &op);
	}
}

static void set_lports(struct build *b)
{
	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		struct vex_op op = {.type = VEX_OP_LPORT_SET, .lport = b->want->lport[l]};

		if (memcmp(&b->want->lport[l], &b->cur->lport[l], sizeof(op.lport)) != 0)
			emit(b, &op);
	}
}

/* Limits that go make room for those that come. */
static void set_limits(struct build *b)
{
	const struct diff_side *cur = b->cur, *want = b->want;
	struct vex_op op = {.type = VEX_OP_VLAN_PORT_LIMIT};
	size_t w = 0, c = 0;

	for (size_t i = 0; i < cur->n_limits; i++) {
		uint32_t key = diff_limit_key(&cur->limits[i]);

		while (w < want->n_limits && diff_limit_key(&want->limits[w]) < key)
			w++;
		if (w < want->n_limits && diff_limit_key(&want->limits[w]) == key)
			continue;
		op.vlan_port_limit = (struct vex_op_vlan_port_limit){.bd = cur->limits[i].bd,
			.lport = cur->limits[i].lport,
			.mac_limit = VEX_MAC_UNLIMITED};
		emit(b, &op);
	}
	for (size_t i = 0; i < want->n_limits; i++) {
		uint32_t key = diff_limit_key(&want->limits[i]);

		while (c < cur->n_limits && diff_limit_key(&cur->limits[c]) < key)
			c++;
		op.vlan_port_limit = want->limits[i];
		if (c == cur->n_limits ||
			memcmp(&cur->limits[c], &want->limits[i], sizeof(want->limits[i])) != 0)
			emit(b, &op);
	}
}

/* ---- All together ----------------------------------------------------------------------------- */

static void write_all(struct build *b)
{
	delete_macs(b);
	delete_lags(b);
	delete_members(b);
	detach_vlans(b);
	delete_vlans(b);
	change_vids(b);
	set_vlans(b);
	make_lags(b);
	set_switch(b);
	set_ports(b);
	set_punt_rates(b);
	set_vlan_ports(b);
	set_lports(b);
	set_limits(b);
	set_macs(b);
}

int ctl_diff(const struct vex_op *from, size_t n_from, const struct vex_op *to, size_t n_to,
	struct ctl_diff *out, struct vex_errs *errs)
{
	struct build b = {.cur = diff_side_read(from, n_from, errs)};
	int done = -1;

	*out = (struct ctl_diff){0};
	b.want = b.cur != NULL ? diff_side_read(to, n_to, errs) : NULL;
	if (b.want != NULL) {
		write_all(&b);
		if (b.no_memory)
			vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
		else if (b.no_vid)
			vex_err_add(errs, VEX_ERR_LIMIT, NULL, NULL, NULL,
				"VLANs swap their identifiers, and none of the %d is free to do it "
				"with; delete a VLAN first",
				VEX_VID_MAX);
		else
			done = 0;
	}
	if (done == 0)
		*out = b.out;
	else
		free(b.out.ops);
	diff_side_free(b.cur);
	diff_side_free(b.want);
	return done;
}

void ctl_diff_free(struct ctl_diff *diff)
{
	free(diff->ops);
	*diff = (struct ctl_diff){0};
}

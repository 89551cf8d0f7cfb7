/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/tables.h"

#include <stdlib.h>
#include <string.h>

#include "dataplane/stage.h"

struct tables *tables_create(uint32_t ports, const struct table_scale *scale)
{
	struct tables *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->scale = *scale;
	t->ports = ports;
	t->mac_limit = VEX_MAC_UNLIMITED;
	for (unsigned int i = 0; i < ports; i++) {
		t->port[i].speed_mbps = 1000;
		t->port[i].mtu = 1514;
	}
	for (unsigned int i = 0; i < VEX_LPORTS_MAX; i++) {
		t->lport[i].untagged_bd = VEX_BD_NONE;
		t->lport[i].mac_limit = VEX_MAC_UNLIMITED;
	}
	for (unsigned int i = 0; i < PUNT_PROTOCOLS; i++)
		t->punt[i] = punt_default(i);
	memset(t->vid_bd, 0xff, sizeof(t->vid_bd));
	memset(t->stp, 0xff, sizeof(t->stp));
	tables_derive(t);
	return t;
}

struct tables *tables_clone(const struct tables *t)
{
	struct tables *next = malloc(sizeof(*next));

	if (!next)
		return NULL;
	memcpy(next, t, sizeof(*next));
	next->generation++;
	next->gone_lports = (struct lport_set){0};
	memset(next->gone_bds, 0, sizeof(next->gone_bds));
	return next;
}

void tables_destroy(struct tables *t)
{
	free(t);
}

static void derive_ports(struct tables *t)
{
	for (unsigned int i = 0; i < t->ports; i++) {
		struct port_entry *port = &t->port[i];

		port->lport = (uint16_t)i;
		port->up = (port->flags & VEX_PORT_ADMIN_UP) && !port->shutdown && !port->link_down;
		port->features = port->storm_kbps ? FEATURE_STORM : 0;
		t->lport[i].up = port->up;
	}
}

static void derive_lags(struct tables *t)
{
	for (unsigned int k = 0; k < VEX_LAGS_MAX; k++) {
		struct lag_entry *lag = &t->lag[k];
		unsigned int active = 0;

		for (unsigned int i = 0; i < lag->members; i++) {
			struct port_entry *port = &t->port[lag->member[i]];

			t->lport[lag->member[i]].up = false;
			port->lport = (uint16_t)(VEX_LPORT_LAG0 + k);
			if (port->up)
				lag->active_member[active++] = lag->member[i];
		}
		if (!(lag->flags & VEX_PORT_ADMIN_UP) || active < lag->minimum_links)
			active = 0;
		lag->active = (uint8_t)active;
		t->lport[VEX_LPORT_LAG0 + k].up = active > 0;
	}
	/* A port of a LAG that is down takes no traffic either. */
	for (unsigned int i = 0; i < t->ports; i++)
		if (t->port[i].lport >= VEX_LPORT_LAG0)
			t->port[i].up = t->port[i].up && t->lport[t->port[i].lport].up;
}

/*
 * An entry idle for T is still known, at 2 T it is gone: with marks of 2^k ms, T/8 < 2^k <= T/4, an
 * entry whose mark is n = ceil(T / 2^k) + 1 or more behind has been idle for more than (n - 1) 2^k
 * >= T and at most n 2^k < T + 2 T/4, sweep included.
 */
static void derive_age(struct vlan *v)
{
	uint64_t ms = (uint64_t)v->age_seconds * 1000;
	uint8_t shift = 0;

	while ((UINT64_C(2) << shift) <= ms / 4)
		shift++;
	v->age_shift = shift;
	v->age_marks = (uint8_t)(((ms + (UINT64_C(1) << shift) - 1) >> shift) + 1);
}

static void derive_vlans(struct tables *t)
{
	t->age_seconds_min = 0;
	for (unsigned int bd = 0; bd < VEX_BDS_MAX; bd++) {
		struct vlan *v = &t->vlan[bd];
		const struct lport_set *forwarding = &t->stp[v->stp_instance].forwarding;

		if (!v->vid)
			continue;
		v->primary_vid = t->vlan[v->fid_bd].vid;
		derive_age(v);
		if (!t->age_seconds_min || v->age_seconds < t->age_seconds_min)
			t->age_seconds_min = v->age_seconds;
		for (unsigned int w = 0; w < VEX_LPORTS_MAX / 64; w++)
			v->flood.word[w] = v->set[VEX_VLAN_OUT].word[w] & t->up.word[w] &
					   forwarding->word[w];
	}
}

void tables_derive(struct tables *t)
{
	derive_ports(t);
	derive_lags(t);
	t->up = (struct lport_set){0};
	for (unsigned int i = 0; i < VEX_LPORTS_MAX; i++)
		if (t->lport[i].up)
			lport_set_add(&t->up, i);
	derive_vlans(t);
}

const struct vex_op_vlan_port_limit *tables_port_limit(
	const struct tables *t, uint16_t bd, uint16_t lport)
{
	uint32_t want = (uint32_t)bd << 16 | lport;
	unsigned int low = 0;
	unsigned int high = t->port_limits;

	while (low < high) {
		unsigned int mid = (low + high) / 2;
		const struct vex_op_vlan_port_limit *l = &t->port_limit[mid];
		uint32_t here = (uint32_t)l->bd << 16 | l->lport;

		if (here == want)
			return l;
		if (here < want)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Ports, LAGs and VLANs: what the configuration says of them, and how they are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/show_port.h"
#include "control/state.h"

#define IFINDEX_FIRST 501

static bool says_trunk(const struct show_ctx *ctx, unsigned int lport)
{
	char name[CTL_LPORT_NAME_SIZE];
	const struct lyd_node *node = show_interface_node(
		ctx->cfg, ctl_lport_name(ctx->image, lport, name));
	const char *mode = state_value(
		state_find(state_child(node, "unit"), "family/ethernet-switching/interface-mode"));

	return mode != NULL && strcmp(mode, "trunk") == 0;
}

/*
 * What is in a VLAN bridges. A trunk is what some VLAN leaves with a tag, unless that is the voice
 * VLAN of an access port: operations do not tell the two apart, the configuration does.
 */
static void sum_up(struct show_conf *c, const struct show_ctx *ctx)
{
	static const struct lport_set none;

	for (unsigned int bd = 0; bd < VEX_BDS_MAX; bd++) {
		const struct vex_op_vlan_ports *const *set = c->set[bd];
		const struct lport_set *in = set[VEX_VLAN_IN] ? &set[VEX_VLAN_IN]->ports : &none;
		const struct lport_set *out = set[VEX_VLAN_OUT] ? &set[VEX_VLAN_OUT]->ports : &none;
		const struct lport_set *plain = set[VEX_VLAN_UNTAGGED]
							? &set[VEX_VLAN_UNTAGGED]->ports
							: &none;

		for (unsigned int w = 0; w < VEX_LPORTS_MAX / 64; w++) {
			c->bridged.word[w] |= in->word[w] | out->word[w];
			c->trunk.word[w] |= out->word[w] & ~plain->word[w];
		}
	}
	SHOW_LPORTS(i)
	if (lport_set_has(&c->trunk, i) && !says_trunk(ctx, i))
		lport_set_del(&c->trunk, i);
}

struct show_conf *show_conf(const struct show_ctx *ctx)
{
	const struct ctl_image *image = ctx->image;
	struct show_conf *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	for (unsigned int i = 0; i < VEX_PORTS_MAX; i++)
		c->bundle[i] = -1;
	/* Numbers come from state_ops.c and are in range. */
	for (size_t i = 0; i < image->n_ops; i++) {
		const struct vex_op *op = &image->ops[i];

		if (op->type == VEX_OP_SWITCH_SET)
			c->sw = &op->sw;
		else if (op->type == VEX_OP_PORT_SET)
			c->port[op->port.port] = &op->port;
		else if (op->type == VEX_OP_LAG_SET)
			c->lag[op->lag.lag] = &op->lag;
		else if (op->type == VEX_OP_LAG_MEMBER_ADD)
			c->bundle[op->lag_member.port] = op->lag_member.lag;
		else if (op->type == VEX_OP_LPORT_SET)
			c->lport[op->lport.lport] = &op->lport;
		else if (op->type == VEX_OP_VLAN_SET)
			c->vlan[op->vlan.bd] = &op->vlan;
		else if (op->type == VEX_OP_VLAN_PORTS)
			c->set[op->vlan_ports.bd][op->vlan_ports.set] = &op->vlan_ports;
	}
	sum_up(c, ctx);
	return c;
}

bool show_in(const struct show_conf *c, unsigned int bd, enum vex_vlan_set set, unsigned int lport)
{
	const struct vex_op_vlan_ports *ports = c->set[bd][set];

	return ports != NULL && lport_set_has(&ports->ports, lport);
}

/* ---- Status ----------------------------------------------------------------------------------- */

static struct show_status port_status(
	const struct show_ctx *ctx, const struct show_conf *c, unsigned int port)
{
	struct show_link link = show_live_link(ctx->live, port);
	struct show_status s = {.changed = link.changed};
	const struct chassis_port *is = chassis_port(ctx->image->chassis, port);

	if (is == NULL)
		return s;
	s.exists = true;
	s.admin = c->port[port] != NULL && (c->port[port]->flags & VEX_PORT_ADMIN_UP) != 0;
	s.mbps = is->speed_mbps;
	if (ctx->cnt != NULL) {
		const struct vex_cnt_port *device = &ctx->cnt->port[port];
		uint32_t mbps = __atomic_load_n(&device->speed_mbps, __ATOMIC_RELAXED);

		s.cause = __atomic_load_n(&device->shutdown, __ATOMIC_RELAXED);
		s.bound = __atomic_load_n(&device->bound, __ATOMIC_RELAXED) == 1;
		s.link = s.bound && __atomic_load_n(&device->up, __ATOMIC_RELAXED) == 1;
		if (s.link && mbps > 0 && mbps < s.mbps)
			s.mbps = mbps;
	}
	s.up = s.admin && s.link && s.cause == 0;
	return s;
}

static struct show_status lag_status(
	const struct show_ctx *ctx, const struct show_conf *c, const struct ctl_lag *lag)
{
	struct show_status s = {.exists = true, .bound = lag->n_ports > 0};
	unsigned int up = 0;

	s.admin = c->lag[lag->lag] != NULL && (c->lag[lag->lag]->flags & VEX_PORT_ADMIN_UP) != 0;
	for (unsigned int i = 0; i < lag->n_ports; i++) {
		struct show_status member = port_status(ctx, c, lag->ports[i]);

		if (member.changed > s.changed)
			s.changed = member.changed;
		if (!member.up)
			continue;
		up++;
		s.mbps += member.mbps;
	}
	s.link = up > 0 && up >= lag->minimum_links;
	s.up = s.admin && s.link;
	return s;
}

struct show_status show_status(
	const struct show_ctx *ctx, const struct show_conf *c, unsigned int lport)
{
	const struct ctl_lag *lag = show_lag(ctx->image, lport);

	if (lport < VEX_LPORT_LAG0)
		return port_status(ctx, c, lport);
	return lag != NULL ? lag_status(ctx, c, lag) : (struct show_status){0};
}

const struct ctl_lag *show_lag(const struct ctl_image *image, unsigned int lport)
{
	for (size_t i = 0; i < image->n_lags; i++)
		if (image->lags[i].lport == lport)
			return &image->lags[i];
	return NULL;
}

unsigned int show_ifindex(unsigned int lport, bool logical)
{
	return IFINDEX_FIRST + 2 * lport + logical;
}

void show_port_mac(const struct show_ctx *ctx, unsigned int lport, uint8_t mac[6])
{
	const struct ctl_lag *lag = show_lag(ctx->image, lport);
	unsigned int add = lport;

	memset(mac, 0, 6);
	if (ctx->platform != NULL)
		memcpy(mac, ctx->platform->base_mac, 6);
	if (lport >= VEX_LPORT_LAG0)
		add = lag != NULL && lag->n_ports > 0 ? lag->ports[0] : 0;
	for (int i = 5; i >= 0 && add > 0; i--) {
		add += mac[i];
		mac[i] = (uint8_t)add;
		add >>= 8;
	}
}

/* ---- Names ------------------------------------------------------------------------------------ */

/* One of "0", "0-3", "0,2-5" in the brackets of a pattern; *at moves behind the number of a name. */
static bool in_brackets(const char *set, const char *end, const char **at)
{
	unsigned long n;
	char *after;

	if (**at < '0' || **at > '9')
		return false;
	n = strtoul(*at, &after, 10);
	while (set < end) {
		char *next;
		unsigned long low = strtoul(set, &next, 10), high = low;

		if (next == set)
			return false;
		if (*next == '-') {
			set = next + 1;
			high = strtoul(set, &next, 10);
		}
		if (n >= low && n <= high) {
			*at = after;
			return true;
		}
		set = next + (*next == ',');
	}
	return false;
}

bool show_match(const char *pattern, const char *name)
{
	for (; *pattern != '\0'; pattern++) {
		const char *end = *pattern == '[' ? strchr(pattern, ']') : NULL;

		if (*pattern == '*') {
			for (;; name++) {
				if (show_match(pattern + 1, name))
					return true;
				if (*name == '\0')
					return false;
			}
		}
		if (end != NULL) {
			if (!in_brackets(pattern + 1, end, &name))
				return false;
			pattern = end;
			continue;
		}
		if (*name == '\0' || (*pattern != '?' && *pattern != *name))
			return false;
		name++;
	}
	return *name == '\0';
}

bool show_select(const struct ctl_image *image, const char *pattern, struct lport_set *set,
	bool *logical, struct vex_errs *errs)
{
	char unit[CTL_LPORT_NAME_SIZE + 4], name[CTL_LPORT_NAME_SIZE];
	bool any = false;

	*set = (struct lport_set){0};
	*logical = false;
	SHOW_LPORTS(i)
	{
		if (i < VEX_LPORT_LAG0 ? i >= chassis_port_count(image->chassis)
				       : show_lag(image, i) == NULL)
			continue;
		ctl_lport_name(image, i, name);
		snprintf(unit, sizeof(unit), "%s.0", name);
		if (pattern != NULL && !show_match(pattern, name)) {
			if (!show_match(pattern, unit))
				continue;
			*logical = true;
		}
		lport_set_add(set, i);
		any = true;
	}
	if (any || pattern == NULL)
		return true;
	show_error(errs, VEX_ERR_NOT_FOUND, pattern, "device %.64s not found", pattern);
	return false;
}

const struct ctl_vlan *show_vlan(
	const struct ctl_image *image, const char *name, struct vex_errs *errs)
{
	char *end;
	unsigned long vid = strtoul(name, &end, 10);
	bool number = end != name && *end == '\0';

	for (size_t i = 0; i < image->n_vlans; i++) {
		const struct ctl_vlan *v = &image->vlans[i];

		if (strcmp(v->name, name) == 0 || (number && v->vid == vid))
			return v;
	}
	show_error(
		errs, VEX_ERR_NOT_FOUND, name, "vlan with name or tag %.64s does not exist", name);
	return NULL;
}

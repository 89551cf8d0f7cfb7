/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/show_port.h"

#include <stdio.h>
#include <string.h>

#include "control/state.h"
#include "dataplane/drop.h"

static uint64_t load(const uint64_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static void add_counts(struct port_counters *sum, const struct port_counters *one)
{
	uint64_t *to = (uint64_t *)(void *)sum;
	const uint64_t *from = (const uint64_t *)(const void *)one;

	for (size_t i = 0; i < sizeof(*sum) / sizeof(*to); i++)
		to[i] += from[i];
}

static void add_port(struct show_port *p, unsigned int port)
{
	struct show_rates rates = show_live_rates(p->ctx->live, port);
	struct port_counters one;

	show_live_port(p->ctx->live, p->ctx->cnt, port, &one);
	add_counts(&p->counts, &one);
	p->rates.rx_packets += rates.rx_packets;
	p->rates.rx_bits += rates.rx_bits;
	p->rates.tx_packets += rates.tx_packets;
	p->rates.tx_bits += rates.tx_bits;
	if (p->ctx->cnt != NULL) {
		const struct vex_cnt_port *device = &p->ctx->cnt->port[port];

		p->changes += load(&device->changes);
		p->missed += load(&device->device_missed);
		p->errors += load(&device->device_errors);
		p->no_buffer += load(&device->no_buffer);
	}
}

const struct lyd_node *show_interface_node(const struct cfg *cfg, const char *name)
{
	const struct lyd_node *i = cfg != NULL ? state_find(cfg_data(cfg), "interfaces/interface")
					       : NULL;

	while (i != NULL && strcmp(state_value(i), name) != 0)
		i = state_next(i);
	return i;
}

void show_port_of(struct show_port *p, const struct show_ctx *ctx, const struct show_conf *c,
	unsigned int lport)
{
	*p = (struct show_port){.ctx = ctx, .c = c, .lport = lport};
	ctl_lport_name(ctx->image, lport, p->name);
	p->is = lport < VEX_LPORT_LAG0 ? chassis_port(ctx->image->chassis, lport) : NULL;
	p->lag = show_lag(ctx->image, lport);
	p->node = show_interface_node(ctx->cfg, p->name);
	p->status = show_status(ctx, c, lport);
	for (unsigned int m = 0; p->lag != NULL && m < p->lag->n_ports; m++)
		add_port(p, p->lag->ports[m]);
	if (p->lag == NULL)
		add_port(p, lport);
}

static const struct lyd_node *unit_of(const struct show_port *p)
{
	return state_child(p->node, "unit");
}

const char *show_port_description(const struct show_port *p, bool logical)
{
	return state_value(state_child(logical ? unit_of(p) : p->node, "description"));
}

static uint64_t sum_drops(const struct show_port *p, bool in)
{
	uint64_t sum = 0;

	for (unsigned int r = 1; r < DROP_REASONS; r++)
		if ((drop_side(r) == DROP_SIDE_IN) == in)
			sum += p->counts.drops[r];
	return sum;
}

/* ---- The physical interface ------------------------------------------------------------------- */

static const char *media_text(const struct chassis_port *is)
{
	static const char *const texts[] = {
		[CHASSIS_COPPER] = "Copper",
		[CHASSIS_MULTIGIG] = "Copper",
		[CHASSIS_SFP] = "Fiber",
		[CHASSIS_SFP_PLUS] = "Fiber",
		[CHASSIS_SFP28] = "Fiber",
		[CHASSIS_QSFP28] = "Fiber",
		[CHASSIS_CHANNEL] = "Fiber",
	};

	return texts[is->media];
}

/* As Junos writes it: 1000mbps, 10Gbps; of a LAG 2Gbps. */
static void put_speed(json_t *o, const struct show_port *p)
{
	uint32_t mbps = p->status.mbps;

	if (mbps >= (p->lag != NULL ? 1000u : 10000u) && mbps % 1000 == 0)
		show_format(o, "speed", "%uGbps", mbps / 1000);
	else
		show_format(o, "speed", "%umbps", mbps);
}

static unsigned int mtu_of(const struct show_port *p)
{
	unsigned int port = p->lag != NULL && p->lag->n_ports > 0 ? p->lag->ports[0] : p->lport;
	const struct vex_op_port *op = port < VEX_PORTS_MAX ? p->c->port[port] : NULL;
	uint32_t otherwise = op != NULL ? op->mtu : STATE_MTU_DEFAULT;

	return p->lag != NULL ? state_number(state_child(p->node, "mtu"), otherwise) : otherwise;
}

static const char *shutdown_text(unsigned int cause)
{
	if (cause == 0)
		return "None";
	if (cause == DROP_MAC_LIMIT)
		return "MAC limit exceeded";
	if (cause == DROP_STORM_CONTROL)
		return "Storm control in effect";
	return cause < DROP_REASONS ? drop_text(cause) : "Shut down";
}

static void put_link(json_t *o, const struct show_port *p)
{
	char text[SHOW_BOTH_SIZE], mac[SHOW_MAC_SIZE];
	uint8_t address[6];
	bool alarm = p->status.admin && !p->status.link;

	show_text(o, "if-type", "Ethernet");
	show_text(o, "link-level-type", "Ethernet");
	show_number(o, "mtu", mtu_of(p));
	if (p->lag == NULL)
		show_text(o, "link-mode", "Full-duplex");
	put_speed(o, p);
	show_text(o, "ethernet-switching-error", shutdown_text(p->status.cause));
	show_text(o, "loopback", "Disabled");
	show_text(o, "source-filtering", "Disabled");
	show_text(o, "if-flow-control", "Disabled");
	if (p->is != NULL)
		show_text(o, "if-media-type", media_text(p->is));
	if (p->lag != NULL)
		show_number(o, "minimum-links-in-aggregate", p->lag->minimum_links);
	show_format(o, "if-device-flags", "Present Running%s", p->status.link ? "" : " Down");
	show_format(o, "if-config-flags", "%s%s", p->status.link ? "" : "Hardware-Down ",
		p->status.admin ? "Internal: 0x4000" : "Down Internal: 0x4000");
	show_port_mac(p->ctx, p->lport, address);
	show_text(o, "current-physical-address", show_mac(address, mac));
	show_text(o, "hardware-physical-address", mac);
	show_text(o, "interface-flapped",
		p->status.changed != 0 ? show_time_ago(p->status.changed, p->ctx->now, text)
				       : "Never");
	show_text(o, "active-alarms", alarm ? "LINK" : "None");
	show_text(o, "active-defects", alarm ? "LINK" : "None");
}

static void put_traffic(json_t *o, const struct show_port *p)
{
	json_t *t = json_object();

	show_number(t, "input-bytes", p->counts.rx_bytes);
	show_number(t, "input-bps", p->rates.rx_bits);
	show_number(t, "output-bytes", p->counts.tx_bytes);
	show_number(t, "output-bps", p->rates.tx_bits);
	show_number(t, "input-packets", p->counts.rx_packets);
	show_number(t, "input-pps", p->rates.rx_packets);
	show_number(t, "output-packets", p->counts.tx_packets);
	show_number(t, "output-pps", p->rates.tx_packets);
	json_object_set_new(o, "traffic-statistics", t);
}

static void put_errors(json_t *o, const struct show_port *p)
{
	const uint64_t *drops = p->counts.drops;
	json_t *in = json_object(), *out = json_object();

	show_number(in, "input-errors", p->errors);
	show_number(in, "input-drops", sum_drops(p, true));
	show_number(in, "input-runts", drops[DROP_RUNT]);
	show_number(in, "input-giants", drops[DROP_EXCEEDS_L2_MTU]);
	show_number(in, "input-discards", drops[DROP_STORM_CONTROL]);
	show_number(in, "input-fifo-errors", p->missed);
	show_number(in, "input-resource-errors", p->no_buffer);
	json_object_set_new(o, "input-error-list", in);
	show_number(out, "carrier-transitions", p->changes);
	show_number(out, "output-drops", sum_drops(p, false));
	show_number(out, "mtu-errors", drops[DROP_EXCEEDS_EGRESS_MTU]);
	show_number(out, "output-resource-errors", drops[DROP_DEVICE_FULL]);
	json_object_set_new(o, "output-error-list", out);
}

/* Ours: every frame that was dropped has a reason, and each has a name. */
static void put_reasons(json_t *o, const struct show_port *p)
{
	json_t *list = json_array();

	for (unsigned int r = 1; r < DROP_REASONS; r++) {
		static const char *const sides[] = {[DROP_SIDE_IN] = "input",
			[DROP_SIDE_OUT] = "output",
			[DROP_SIDE_QUEUE] = "queue"};

		if (p->counts.drops[r] == 0)
			continue;
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:I}", "drop-reason", drop_name(r),
				"drop-direction", sides[drop_side(r)], "drop-text", drop_text(r),
				"drop-packets", (json_int_t)p->counts.drops[r]));
	}
	json_object_set_new(o, "drop-statistics", list);
}

static void put_cleared(json_t *o, const struct show_port *p)
{
	unsigned int port = p->lag != NULL && p->lag->n_ports > 0 ? p->lag->ports[0] : p->lport;
	int64_t cleared = show_live_cleared(p->ctx->live, port);
	char text[SHOW_BOTH_SIZE];

	show_text(o, "statistics-cleared",
		cleared != 0 ? show_time_ago(cleared, p->ctx->now, text) : "Never");
}

json_t *show_port_tree(const struct show_port *p, enum show_level level)
{
	json_t *o = json_object(), *logical;

	show_text(o, "name", p->name);
	show_text(o, "admin-status", p->status.admin ? "up" : "down");
	show_text(o, "oper-status",
		p->status.admin && p->status.link && p->status.cause == 0 ? "up" : "down");
	if (*show_port_description(p, false) != '\0')
		show_text(o, "description", show_port_description(p, false));
	if (level >= SHOW_BRIEF) {
		show_number(o, "local-index", show_ifindex(p->lport, false) - 372);
		show_number(o, "snmp-index", show_ifindex(p->lport, false));
		put_link(o, p);
	}
	if (level == SHOW_FULL) {
		put_cleared(o, p);
		put_traffic(o, p);
		put_errors(o, p);
		put_reasons(o, p);
	}
	logical = show_port_logical(p, level);
	if (logical != NULL)
		json_object_set_new(o, "logical-interface", json_pack("[o]", logical));
	return o;
}

/* ---- The unit --------------------------------------------------------------------------------- */

/* Statistics of the members of a LAG. */
static json_t *members(const struct show_port *p)
{
	json_t *list = json_array();

	for (unsigned int m = 0; m < p->lag->n_ports; m++) {
		struct show_port member;
		json_t *o = json_object();

		show_port_of(&member, p->ctx, p->c, p->lag->ports[m]);
		show_format(o, "name", "%s.0", member.name);
		show_text(o, "oper-status", member.status.up ? "up" : "down");
		put_traffic(o, &member);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *family(const struct show_port *p)
{
	int bundle = p->lport < VEX_PORTS_MAX ? p->c->bundle[p->lport] : -1;
	json_t *o = json_object();

	if (bundle >= 0) {
		show_text(o, "address-family-name", "aenet");
		show_format(o, "ae-bundle-name", "ae%d.0", bundle);
		return o;
	}
	show_text(o, "address-family-name", "eth-switch");
	show_number(o, "mtu", mtu_of(p));
	if (lport_set_has(&p->c->trunk, p->lport))
		show_text(o, "address-family-flags", "Is-Primary, Trunk-Mode");
	else
		show_text(o, "address-family-flags", "Is-Primary");
	return o;
}

json_t *show_port_logical(const struct show_port *p, enum show_level level)
{
	bool member = p->lport < VEX_PORTS_MAX && p->c->bundle[p->lport] >= 0;
	bool bridged = state_find(unit_of(p), "family/ethernet-switching") != NULL ||
		       lport_set_has(&p->c->bridged, p->lport);
	json_t *o;

	if (!member && !bridged && unit_of(p) == NULL)
		return NULL;
	o = json_object();
	show_format(o, "name", "%s.0", p->name);
	show_text(o, "admin-status", p->status.admin ? "up" : "down");
	show_text(o, "oper-status", p->status.up ? "up" : "down");
	if (*show_port_description(p, true) != '\0')
		show_text(o, "description", show_port_description(p, true));
	if (level == SHOW_DESCRIPTIONS)
		return o;
	if (level >= SHOW_BRIEF) {
		show_number(o, "local-index", show_ifindex(p->lport, true) - 372);
		show_number(o, "snmp-index", show_ifindex(p->lport, true));
		show_text(o, "if-config-flags",
			p->status.up	  ? "Up"
			: p->status.admin ? "Device-Down"
					  : "Down");
		show_text(o, "encapsulation", member ? "ENET2" : "Ethernet-Bridge");
	}
	if (level == SHOW_FULL) {
		put_traffic(o, p);
		if (p->lag != NULL)
			json_object_set_new(o, "lag-link", members(p));
	}
	if (member || bridged)
		json_object_set_new(o, "address-family", json_pack("[o]", family(p)));
	return o;
}

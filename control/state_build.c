/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/state_build.h"

#include "dataplane/punt.h"
#include "tests/unit/unit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void state_add(struct state_text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (t->n + (size_t)n + 1 > t->cap) {
		t->cap = 2 * (t->n + (size_t)n + 1);
		t->s = realloc(t->s, t->cap);
		if (t->s == NULL)
			abort();
	}
	va_start(ap, fmt);
	vsnprintf(t->s + t->n, t->cap - t->n, fmt, ap);
	va_end(ap);
	t->n += (size_t)n;
}

static void add_limit(struct state_text *t, uint32_t limit, unsigned int action)
{
	static const char *const names[] = {"none", "log", "drop", "drop-and-log", "shutdown"};

	if (limit != VEX_MAC_UNLIMITED)
		state_add(t, " limit %u %s", limit, names[action]);
}

static void add_port(
	struct state_text *t, const struct ctl_image *image, const struct vex_op_port *p)
{
	const struct chassis_port *port = chassis_port(image->chassis, p->port);
	static const char letters[] = "bmru";
	struct state_text more = {0};

	if (p->mtu != 1514)
		state_add(&more, " mtu %u", p->mtu);
	if (p->flags != VEX_PORT_ADMIN_UP)
		state_add(&more, " down");
	if (p->speed_mbps != port->default_mbps)
		state_add(&more, " speed %u", p->speed_mbps);
	if (p->recovery_seconds != 0)
		state_add(&more, " recovery %u", p->recovery_seconds);
	if (p->storm_flags != 0) {
		state_add(&more, " storm %llu ", (unsigned long long)p->storm_kbps);
		for (unsigned int i = 0; i < 4; i++)
			if (p->storm_flags & (1u << i))
				state_add(&more, "%c", letters[i]);
		if (p->storm_flags & VEX_STORM_SHUTDOWN)
			state_add(&more, " shutdown");
	}
	if (more.n > 0)
		state_add(t, "port %u%s\n", p->port, more.s);
	free(more.s);
}

static void add_lport(struct state_text *t, const struct vex_op_lport *l)
{
	if (l->untagged_bd == VEX_BD_NONE && l->flags == 0 && l->mac_limit == VEX_MAC_UNLIMITED)
		return;
	state_add(t, "lport %u", l->lport);
	if (l->untagged_bd != VEX_BD_NONE)
		state_add(t, " vlan %u", l->untagged_bd);
	if (l->flags & VEX_LPORT_NO_LEARN)
		state_add(t, " no-learn");
	if (l->flags & VEX_LPORT_STICKY)
		state_add(t, " sticky");
	add_limit(t, l->mac_limit, l->mac_action);
	state_add(t, "\n");
}

static void add_vlan(struct state_text *t, const struct vex_op_vlan *v)
{
	CU_ASSERT_EQUAL(v->vid, v->bd);
	state_add(t, "vlan %u fid %u age %u", v->bd, v->fid_bd, v->age_seconds);
	if (v->flags & VEX_VLAN_PRIVATE)
		state_add(t, " private");
	if (v->flags & VEX_VLAN_NO_LEARN)
		state_add(t, " no-learn");
	add_limit(t, v->mac_limit, v->mac_action);
	state_add(t, "\n");
}

static void add_run(struct state_text *t, unsigned int first, unsigned int last)
{
	const char *type = first >= VEX_LPORT_LAG0 ? "ae" : "";

	first %= VEX_LPORT_LAG0;
	last %= VEX_LPORT_LAG0;
	if (first == last)
		state_add(t, " %s%u", type, first);
	else
		state_add(t, " %s%u-%u", type, first, last);
}

static void add_set(struct state_text *t, const struct vex_op_vlan_ports *s)
{
	static const char *const names[] = {"in", "out", "untagged", "primary"};
	unsigned int first = VEX_LPORTS_MAX;

	state_add(t, "set %u %s", s->bd, names[s->set]);
	for (unsigned int l = 0; l <= VEX_LPORTS_MAX; l++) {
		bool in = l < VEX_LPORTS_MAX && lport_set_has(&s->ports, l);

		if (first < VEX_LPORTS_MAX && (!in || l == VEX_LPORT_LAG0)) {
			add_run(t, first, l - 1);
			first = VEX_LPORTS_MAX;
		}
		if (in && first == VEX_LPORTS_MAX)
			first = l;
	}
	state_add(t, "\n");
}

static void add_punt(struct state_text *t, const struct vex_op_punt *p)
{
	if (p->pps != 20000 || p->burst != 20000)
		state_add(t, "punt %s %u %u\n", punt_name(p->protocol), p->pps, p->burst);
}

static void add_op(struct state_text *t, const struct ctl_image *image, const struct vex_op *op)
{
	switch (op->type) {
	case VEX_OP_SWITCH_SET:
		if (op->sw.flags & VEX_SWITCH_MAC_EVENTS)
			state_add(t, "mac events\n");
		if (op->sw.mac_limit == VEX_MAC_UNLIMITED)
			break;
		state_add(t, "switch");
		add_limit(t, op->sw.mac_limit, op->sw.mac_action);
		state_add(t, "\n");
		break;
	case VEX_OP_PORT_SET:
		add_port(t, image, &op->port);
		break;
	case VEX_OP_LAG_SET:
		state_add(t, "lag %u min %u %s\n", op->lag.lag, op->lag.minimum_links,
			op->lag.flags & VEX_PORT_ADMIN_UP ? "up" : "down");
		break;
	case VEX_OP_LAG_MEMBER_ADD:
		state_add(t, "member %u %u\n", op->lag_member.lag, op->lag_member.port);
		break;
	case VEX_OP_VLAN_SET:
		add_vlan(t, &op->vlan);
		break;
	case VEX_OP_VLAN_PORTS:
		add_set(t, &op->vlan_ports);
		break;
	case VEX_OP_LPORT_SET:
		add_lport(t, &op->lport);
		break;
	case VEX_OP_VLAN_PORT_LIMIT:
		state_add(t, "limit %u %u", op->vlan_port_limit.bd, op->vlan_port_limit.lport);
		add_limit(t, op->vlan_port_limit.mac_limit, op->vlan_port_limit.mac_action);
		state_add(t, "\n");
		break;
	case VEX_OP_MAC_SET:
		CU_ASSERT_EQUAL(op->mac.type, VEX_MAC_STATIC);
		state_add(t, "mac %u %u %02x:%02x:%02x:%02x:%02x:%02x\n", op->mac.bd, op->mac.lport,
			op->mac.mac[0], op->mac.mac[1], op->mac.mac[2], op->mac.mac[3],
			op->mac.mac[4], op->mac.mac[5]);
		break;
	case VEX_OP_PUNT_SET:
		add_punt(t, &op->punt);
		break;
	default:
		state_add(t, "type %u?\n", op->type);
	}
}

/* Fails at the caller's line, showing both texts. */
static void same(const char *got, const char *expected, const char *file, unsigned int line)
{
	struct state_text why = {0};

	if (strcmp(got, expected) == 0) {
		CU_assertImplementation(CU_TRUE, line, "", file, "", CU_FALSE);
		return;
	}
	state_add(&why, "got:\n%sexpected:\n%s", got, expected);
	CU_assertImplementation(CU_FALSE, line, why.s, file, "", CU_FALSE);
	free(why.s);
}

static void add_errors(struct state_text *t, const struct vex_errs *errs)
{
	for (size_t i = 0; i < errs->n; i++)
		state_add(t, "%u %s: %s\n", errs->v[i].line, vex_err_kind_name(errs->v[i].kind),
			errs->v[i].text);
	if (errs->lost != 0)
		state_add(t, "%zu lost\n", errs->lost);
}

struct ctl_image *state_must_load(const char *config, const char *file, unsigned int line)
{
	struct vex_errs errs = {0};
	struct ctl_image *image;
	struct state_text t = {0};

	state_add(&t, "%s", "");
	ctl_load(config, config != NULL ? strlen(config) : 0, "test.conf", &image, &errs);
	add_errors(&t, &errs);
	same(t.s, "", file, line);
	free(t.s);
	vex_errs_free(&errs);
	CU_assertImplementation(image != NULL, line, "image != NULL", file, "", CU_TRUE);
	return image;
}

void state_expect_ops(const char *config, const char *expected, const char *file, unsigned int line)
{
	struct ctl_image *image = state_must_load(config, file, line);
	struct state_text t = {0};

	state_add(&t, "%s", "");
	for (size_t i = 0; i < image->n_ops; i++)
		add_op(&t, image, &image->ops[i]);
	same(t.s, expected, file, line);
	free(t.s);
	ctl_image_free(image);
}

void state_expect_errors(
	const char *config, const char *expected, const char *file, unsigned int line)
{
	struct vex_errs errs = {0};
	struct ctl_image *image;
	struct state_text t = {0};
	int status;

	state_add(&t, "%s", "");
	status = ctl_load(config, strlen(config), "test.conf", &image, &errs);
	CU_ASSERT_EQUAL(status, image != NULL ? 0 : -1);
	CU_ASSERT_PTR_NULL(image);
	add_errors(&t, &errs);
	same(t.s, expected, file, line);
	free(t.s);
	vex_errs_free(&errs);
	ctl_image_free(image);
}

size_t state_count_ops(const struct ctl_image *image, unsigned int type)
{
	size_t n = 0;

	for (size_t i = 0; i < image->n_ops; i++)
		n += image->ops[i].type == type;
	return n;
}

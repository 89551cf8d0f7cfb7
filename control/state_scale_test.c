/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Configurations at full size, and that the data plane's tables take every operation that a large
 * and varied configuration makes.
 */
#include "control/state_build.h"

#include "control/state.h"
#include "dataplane/tables.h"
#include "ports/chassis_tables.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Sanitizers make everything several times slower; what is measured is the real program. */
#if defined(__SANITIZE_ADDRESS__)
#define LOAD_SECONDS 10.0
#else
#define LOAD_SECONDS 1.0
#endif

/* Every operation, in order, into empty tables. */
static void stage_all(const struct ctl_image *image)
{
	const struct table_scale limits = chassis_table_scale(image->chassis);
	struct tables *t = tables_create(chassis_port_count(image->chassis), &limits);
	unsigned int refused = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	for (size_t i = 0; i < image->n_ops; i++)
		refused += tables_stage(t, &image->ops[i]) != VEX_OK;
	CU_ASSERT_EQUAL(refused, 0);
	tables_derive(t);
	tables_destroy(t);
}

static char *vlans_on_a_trunk(unsigned int n)
{
	struct state_text t = {0};

	for (unsigned int i = 0; i < n; i++)
		state_add(&t,
			"set vlans users-%u vlan-id %u\nset interfaces ge-0/0/0 unit 0 family "
			"ethernet-switching vlan members users-%u\n",
			i + 2, i + 2, i + 2);
	state_add(&t,
		"set interfaces ge-0/0/0 unit 0 family ethernet-switching interface-mode trunk\n");
	return t.s;
}

static void all_vlans(void)
{
	char *config = vlans_on_a_trunk(4093);
	double start = seconds();
	struct ctl_image *image = MUST_LOAD(config);

	CU_ASSERT(seconds() - start < LOAD_SECONDS);
	CU_ASSERT_EQUAL(image->n_vlans, 4093);
	CU_ASSERT_EQUAL(state_count_ops(image, VEX_OP_VLAN_SET), 4093);
	CU_ASSERT_EQUAL(state_count_ops(image, VEX_OP_VLAN_PORTS), 2 * 4093);
	stage_all(image);
	ctl_image_free(image);
	free(config);
}

static void every_port_in_every_vlan(void)
{
	struct state_text t = {0};
	struct ctl_image *image;
	double start;

	state_add(&t, "set chassis model ex4400-48t\nset vlans v vlan-id-list 2-4094\n");
	for (unsigned int p = 0; p < 48; p++)
		state_add(&t,
			"set interfaces ge-0/0/%u unit 0 family ethernet-switching interface-mode "
			"trunk\nset interfaces ge-0/0/%u unit 0 family ethernet-switching vlan "
			"members all\n",
			p, p);
	start = seconds();
	image = MUST_LOAD(t.s);
	CU_ASSERT(seconds() - start < LOAD_SECONDS);
	CU_ASSERT_EQUAL(image->n_vlans, 4093);
	stage_all(image);
	ctl_image_free(image);
	free(t.s);
}

static void one_vlan_too_many(void)
{
	struct state_text t = {0};
	struct ctl_image *image;

	state_add(&t, "set vlans a vlan-id-list 2-4094\nset vlans last vlan-id 1\n");
	EXPECT_ERRORS(t.s,
		"2 no-resource: 4094 VLANs are too many: with `chassis scale ex4400` there are at "
		"most 4093, and VLAN last (id 1) is the first that does not fit\n");
	state_add(&t, "set chassis scale server\n");
	image = MUST_LOAD(t.s);
	CU_ASSERT_EQUAL(image->n_vlans, 4094);
	stage_all(image);
	ctl_image_free(image);
	free(t.s);
	/* VLAN default counts if a port uses it. */
	EXPECT_ERRORS("set vlans a vlan-id-list 2-4094\n"
		      "set interfaces ge-0/0/0 unit 0 family ethernet-switching\n",
		"0 no-resource: 4094 VLANs are too many: with `chassis scale ex4400` there are at "
		"most 4093, and VLAN default (id 1) is the first that does not fit\n");
}

static void all_lags(void)
{
	struct state_text t = {0};
	struct ctl_image *image;

	state_add(&t, "set chassis model ex4400-48t\n"
		      "set chassis aggregated-devices ethernet device-count 128\n"
		      "set vlans v10 vlan-id 10\n");
	for (unsigned int k = 0; k < 128; k++)
		state_add(&t,
			"set interfaces ae%u unit 0 family ethernet-switching vlan members v10\n",
			k);
	for (unsigned int p = 0; p < 48; p++)
		state_add(&t, "set interfaces ge-0/0/%u ether-options 802.3ad ae%u\n", p,
			p < 16 ? 127 : p);
	image = MUST_LOAD(t.s);
	CU_ASSERT_EQUAL(image->n_lags, 128);
	CU_ASSERT_EQUAL(image->lags[127].n_ports, 16);
	CU_ASSERT_EQUAL(image->lags[127].ports[15], 15);
	CU_ASSERT_EQUAL(state_count_ops(image, VEX_OP_LAG_SET), 128);
	CU_ASSERT_EQUAL(state_count_ops(image, VEX_OP_LAG_MEMBER_ADD), 48);
	CU_ASSERT_EQUAL(state_count_ops(image, VEX_OP_LPORT_SET), 128 + 50 - 48);
	stage_all(image);
	ctl_image_free(image);
	free(t.s);
}

static void port_limit_table(void)
{
	struct state_text t = {0};

	state_add(&t,
		"set vlans a vlan-id-list 2-4094\n"
		"set vlans a switch-options interface-mac-limit 5\n"
		"set interfaces ge-0/0/0 unit 0 family ethernet-switching interface-mode "
		"trunk\nset interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members "
		"a\n");
	{
		struct ctl_image *image = MUST_LOAD(t.s);

		CU_ASSERT_EQUAL(state_count_ops(image, VEX_OP_VLAN_PORT_LIMIT), 4093);
		stage_all(image);
		ctl_image_free(image);
	}
	state_add(&t,
		"set interfaces ge-0/0/1 unit 0 family ethernet-switching interface-mode "
		"trunk\nset interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members "
		"2-5\n");
	EXPECT_ERRORS(t.s,
		"2 no-resource: there can be 4096 limits of a VLAN on one of its ports, and those "
		"of VLAN a-vlan-4094 do not fit; limit fewer VLANs\n");
	free(t.s);
}

static const char campus[] =
	"system { host-name campus-1; }\n"
	"chassis { model ex4400-48f; extension-module em-4y;\n"
	"    aggregated-devices { ethernet { device-count 8; } }\n"
	"    fpc 0 { pic 1 { port 0 { channel-speed 25g; } } } }\n"
	"groups { edge { interfaces { <*> { mtu 9000; } } } }\n"
	"apply-groups edge;\n"
	"interfaces {\n"
	"    interface-range desks { member-range ge-0/0/0 to ge-0/0/9;\n"
	"        unit 0 { family ethernet-switching { vlan { members users; }\n"
	"            storm-control flood; recovery-timeout 60; } } }\n"
	"    ge-0/0/10 { unit 0 { family ethernet-switching { vlan { members iso; } } } }\n"
	"    ge-0/0/11 { unit 0 { family ethernet-switching { vlan { members com; } } } }\n"
	"    ge-0/0/36 { speed 1g; unit 0 { family ethernet-switching; } }\n"
	"    xe-0/0/46 { ether-options { 802.3ad ae0; } }\n"
	"    xe-0/0/47 { gigether-options { 802.3ad ae0; } }\n"
	"    ae0 { native-vlan-id 20; aggregated-ether-options { minimum-links 2; }\n"
	"        unit 0 { family ethernet-switching { interface-mode trunk;\n"
	"            vlan { members [ users 20 voice pri ]; } storm-control flood; } } }\n"
	"    et-0/1/0:0 { unit 0 { family ethernet-switching { interface-mode trunk;\n"
	"        inter-switch-link; vlan { members pri; } } } }\n"
	"    et-0/2/3 { disable; }\n"
	"}\n"
	"forwarding-options { storm-control-profiles flood {\n"
	"    all { bandwidth-percentage 5; no-registered-multicast; } action-shutdown; } }\n"
	"protocols { l2-learning { global-mac-limit 100000 { packet-action log; }\n"
	"    global-mac-table-aging-time 600; } }\n"
	"switch-options {\n"
	"    interface-mac-limit { 100; packet-action drop-and-log; }\n"
	"    voip { interface ge-0/0/0.0 { vlan voice; } }\n"
	"    interface ge-0/0/1.0 { interface-mac-limit { 2; packet-action shutdown; }\n"
	"        persistent-learning; static-mac 02:00:00:00:00:01; }\n"
	"}\n"
	"vlans {\n"
	"    users { vlan-id 10; switch-options { mac-table-size { 1000; }\n"
	"        interface-mac-limit { 50; } mac-table-aging-time 120;\n"
	"        interface ae0.0 { static-mac 02:00:00:00:00:02; } } }\n"
	"    servers { vlan-id 20; no-mac-learning; interface ge-0/0/36.0; }\n"
	"    voice { vlan-id 30; }\n"
	"    pri { vlan-id 100; isolated-vlan iso; community-vlans com; }\n"
	"    iso { vlan-id 101; private-vlan isolated; }\n"
	"    com { vlan-id 50; private-vlan community; }\n"
	"}\n";

static void tables_take_it(void)
{
	struct ctl_image *image = MUST_LOAD(campus);

	CU_ASSERT_STRING_EQUAL(image->host_name, "campus-1");
	CU_ASSERT_EQUAL(state_count_ops(image, VEX_OP_VLAN_SET), 6);
	CU_ASSERT_EQUAL(state_count_ops(image, VEX_OP_MAC_SET), 2);
	CU_ASSERT_EQUAL(state_count_ops(image, VEX_OP_VLAN_PORT_LIMIT), 11);
	stage_all(image);
	ctl_image_free(image);
}

static void very_many_errors(void)
{
	struct state_text t = {0};
	struct vex_errs errs = {0};
	struct ctl_image *image;

	state_add(&t, "set vlans a vlan-id-list 2-4094\nset interfaces ge-0/0/0 unit 0 family "
		      "ethernet-switching interface-mode trunk\n");
	for (unsigned int i = 0; i < 3000; i++)
		state_add(&t,
			"set interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members "
			"b-vlan-%u\n",
			i);
	CU_ASSERT_EQUAL(ctl_load(t.s, t.n, "x", &image, &errs), -1);
	CU_ASSERT_EQUAL(errs.n, VEX_ERRS_MAX);
	CU_ASSERT(errs.lost > 0);
	vex_errs_free(&errs);
	free(t.s);
}

static const struct unit_case cases[] = {
	{"4,093 VLANs on a trunk load within a second", all_vlans},
	{"every VLAN on every port loads within a second", every_port_in_every_vlan},
	{"one VLAN more than the scale is refused by name", one_vlan_too_many},
	{"128 LAGs, one of them with 16 members", all_lags},
	{"limits of VLANs on ports are as many as the table holds", port_limit_table},
	{"the tables take what a varied configuration makes", tables_take_it},
	{"thousands of errors are bounded", very_many_errors},
};

const struct unit_suite state_scale_suite = {
	.name = "state_scale",
	.cases = cases,
	.n = UNIT_N(cases),
};

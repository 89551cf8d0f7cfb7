/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/state_build.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

static void factory_default(void)
{
	static const char expected[] = "vlan 1 fid 1 age 300\n"
				       "set 1 in 0-23\nset 1 out 0-23\nset 1 untagged 0-23\n"
				       "lport 0 vlan 1\nlport 1 vlan 1\nlport 2 vlan 1\n"
				       "lport 3 vlan 1\nlport 4 vlan 1\nlport 5 vlan 1\n"
				       "lport 6 vlan 1\nlport 7 vlan 1\nlport 8 vlan 1\n"
				       "lport 9 vlan 1\nlport 10 vlan 1\nlport 11 vlan 1\n"
				       "lport 12 vlan 1\nlport 13 vlan 1\nlport 14 vlan 1\n"
				       "lport 15 vlan 1\nlport 16 vlan 1\nlport 17 vlan 1\n"
				       "lport 18 vlan 1\nlport 19 vlan 1\nlport 20 vlan 1\n"
				       "lport 21 vlan 1\nlport 22 vlan 1\nlport 23 vlan 1\n";
	struct ctl_image *image = MUST_LOAD(NULL);

	EXPECT_OPS("", expected);
	EXPECT_OPS("set system host-name leaf1\nset version 23.4R1\n", expected);
	EXPECT_OPS("set chassis aggregated-devices ethernet device-count 2\n", expected);
	CU_ASSERT_EQUAL(state_count_ops(image, VEX_OP_PORT_SET), 26);
	CU_ASSERT_EQUAL(state_count_ops(image, VEX_OP_LPORT_SET), 26);
	CU_ASSERT_EQUAL(image->n_ops, 1 + 26 + 1 + 3 + 26 + 9);
	CU_ASSERT_PTR_NULL(image->host_name);
	ctl_image_free(image);
}

static void operations_of_one_port(void)
{
	struct ctl_image *image = MUST_LOAD("set interfaces ge-0/0/2 description x\n");
	const struct vex_op *op = image->ops;

	CU_ASSERT_EQUAL(op->type, VEX_OP_SWITCH_SET);
	CU_ASSERT_EQUAL(op->sw.mac_limit, VEX_MAC_UNLIMITED);
	for (size_t i = 0; i < image->n_ops; i++)
		CU_ASSERT_EQUAL(image->ops[i].seq, i);
	op = &image->ops[1 + 2];
	CU_ASSERT_EQUAL(op->type, VEX_OP_PORT_SET);
	CU_ASSERT_EQUAL(op->port.port, 2);
	CU_ASSERT_EQUAL(op->port.mtu, 1514);
	CU_ASSERT_EQUAL(op->port.flags, VEX_PORT_ADMIN_UP);
	CU_ASSERT_EQUAL(op->port.speed_mbps, 1000);
	CU_ASSERT_EQUAL(op->port.storm_kbps, 0);
	op = &image->ops[1 + 26 + 2];
	CU_ASSERT_EQUAL(op->type, VEX_OP_LPORT_SET);
	CU_ASSERT_EQUAL(op->lport.lport, 2);
	CU_ASSERT_EQUAL(op->lport.untagged_bd, VEX_BD_NONE);
	CU_ASSERT_EQUAL(op->lport.mac_limit, VEX_MAC_UNLIMITED);
	ctl_image_free(image);
}

static void unconfigured_bridge_nothing(void)
{
	EXPECT_OPS("set interfaces ge-0/0/0 description x\n", "");
	EXPECT_OPS("set interfaces ge-0/0/0 unit 0 description x\n", "");
	EXPECT_OPS("set vlans v10 vlan-id 10\n", "vlan 10 fid 10 age 300\n");
}

static void port_settings(void)
{
	EXPECT_OPS("set interfaces ge-0/0/0 disable\n"
		   "set interfaces ge-0/0/1 mtu 9216\n"
		   "set interfaces ge-0/0/2 speed 100m\n"
		   "set interfaces ge-0/0/3 unit 0 family ethernet-switching recovery-timeout 60\n",
		"port 0 down\nport 1 mtu 9216\nport 2 speed 100\nport 3 recovery 60\n"
		"vlan 1 fid 1 age 300\nset 1 in 3\nset 1 out 3\nset 1 untagged 3\n"
		"lport 3 vlan 1\n");
}

static void speed_renames(void)
{
	EXPECT_OPS("set chassis model ex4400-48f\n"
		   "set interfaces ge-0/0/36 speed 1g\nset interfaces ge-0/0/36 mtu 2000\n",
		"port 36 mtu 2000 speed 1000\n");
	EXPECT_ERRORS("set chassis model ex4400-48f\nset interfaces ge-0/0/36 speed 1g\n"
		      "set vlans v vlan-id 5\nset vlans v interface xe-0/0/36.0\n",
		"4 not-found: xe-0/0/36 is named ge-0/0/36 at 1g; the ports of this ex4400-48f are "
		"ge-0/0/0-36, xe-0/0/37-47, et-0/1/0-1\n");
	EXPECT_ERRORS("set chassis model ex4400-48f\nset interfaces xe-0/0/36 speed 1g\n",
		"2 not-found: xe-0/0/36 is named ge-0/0/36 at 1g; the ports of this ex4400-48f are "
		"ge-0/0/0-36, xe-0/0/37-47, et-0/1/0-1\n");
	EXPECT_ERRORS("set interfaces ge-0/0/0 speed 40g\n",
		"1 bad-value: ge-0/0/0 does not run at 40g; its speeds are: 10m, 100m, 1g\n");
}

static void chassis_statements(void)
{
	EXPECT_OPS("set chassis fpc 0 pic 1 port 1 channel-speed 25g\n"
		   "set chassis extension-module em-4s\n"
		   "set interfaces et-0/1/1:3 disable\nset interfaces xe-0/2/0 disable\n",
		"port 28 down\nport 29 down\n");
	EXPECT_ERRORS("set chassis fpc 0 pic 0 port 3 channel-speed 25g\n",
		"1 bad-value: pic 0 port 3 cannot be split into channels; only the 100G ports can, "
		"pic "
		"1 port 0 and port 1\n");
	EXPECT_ERRORS("set interfaces xe-0/0/3 disable\n",
		"1 not-found: xe-0/0/3 is named ge-0/0/3 at 1g; the ports of this "
		"ex4400-24t are ge-0/0/0-23, et-0/1/0-1\n");
}

#define AE "set chassis aggregated-devices ethernet device-count 4\n"
#define ES " unit 0 family ethernet-switching"

static void lag(void)
{
	EXPECT_OPS(AE "set interfaces ge-0/0/9 ether-options 802.3ad ae2\n"
		      "set interfaces ge-0/0/9 mtu 9000\n"
		      "set interfaces ge-0/0/4 gigether-options 802.3ad ae2\n"
		      "set interfaces ge-0/0/5 ether-options 802.3ad ae0\n"
		      "set interfaces ge-0/0/5 disable\n"
		      "set interfaces ae2 mtu 9000\n"
		      "set interfaces ae2 aggregated-ether-options minimum-links 2\n"
		      "set interfaces ae2" ES " interface-mode trunk\n"
		      "set interfaces ae2" ES " vlan members v10\n"
		      "set interfaces ae3 disable\n"
		      "set vlans v10 vlan-id 10\nset vlans v10 interface ge-0/0/0\n"
		      "set interfaces ge-0/0/0" ES "\n",
		"port 4 mtu 9000\nport 5 down\nport 9 mtu 9000\n"
		"lag 0 min 1 up\nlag 2 min 2 up\nlag 3 min 1 down\n"
		"member 0 5\nmember 2 4\nmember 2 9\n"
		"vlan 10 fid 10 age 300\n"
		"set 10 in 0 ae2\nset 10 out 0 ae2\nset 10 untagged 0\n"
		"lport 0 vlan 10\n");
}

static void lag_errors(void)
{
	EXPECT_ERRORS("set interfaces ae0 mtu 9000\n"
		      "set interfaces ge-0/0/0 ether-options 802.3ad ae200\n",
		"1 not-found: there is no ae0, as no aggregated interface was asked for; say "
		"`chassis aggregated-devices ethernet device-count 1` or more\n"
		"2 not-found: there is no ae200, as no aggregated interface was asked for; say "
		"`chassis aggregated-devices ethernet device-count 128` or more\n");
	EXPECT_ERRORS(AE "set interfaces ge-0/0/0 ether-options 802.3ad ae4\n"
			 "set interfaces ge-0/0/1 ether-options 802.3ad ae128\n",
		"2 not-found: there is no ae4, as `chassis aggregated-devices ethernet "
		"device-count` is 4 (ae0 to ae3); set it to 5 or more\n"
		"3 no-resource: there is no ae128; device-count is at most 128 (ae0 to ae127)\n");
	EXPECT_ERRORS(AE "set interfaces ge-0/0/0 ether-options 802.3ad ae0\n"
			 "set interfaces ge-0/0/0 mtu 9000\n"
			 "set interfaces ge-0/0/0 native-vlan-id 5\n"
			 "set interfaces ge-0/0/0" ES "\n",
		"3 conflict: ge-0/0/0 is a member of ae0 and has no mtu of its own; say it for "
		"ae0\n"
		"4 conflict: ge-0/0/0 is a member of ae0 and has no native-vlan-id of its own; say "
		"it for ae0\n"
		"5 conflict: ge-0/0/0 is a member of ae0 and has no unit of its own; say it for "
		"ae0\n");
	EXPECT_ERRORS(AE "set interfaces ge-0/0/0 ether-options 802.3ad ae0\n"
			 "set interfaces ge-0/0/1 ether-options 802.3ad ae0\n"
			 "set interfaces ge-0/0/1 speed 100m\n",
		"3 conflict: ge-0/0/1 runs at 100m and ge-0/0/0, another member of ae0, at 1g; all "
		"members of a LAG have one speed\n");
	EXPECT_ERRORS(AE "set interfaces ae0 ether-options 802.3ad ae1\n"
			 "set interfaces ae0 speed 10g\n"
			 "set interfaces ge-0/0/0 aggregated-ether-options minimum-links 2\n",
		"2 conflict: ae0 is itself aggregated and cannot be a member\n"
		"3 conflict: ae0 has the speed of its members; set it there\n"
		"4 conflict: ge-0/0/0 is no aggregated interface; minimum-links belongs to aeN\n");
	EXPECT_ERRORS(AE "set interfaces ae01 mtu 9000\n",
		"2 bad-value: ae01: the number of an aggregated interface has no leading zeros\n");
	EXPECT_ERRORS(AE "set vlans v vlan-id 3\nset vlans w vlan-id 4\n"
			 "set interfaces ae1" ES " vlan members [ v w ]\n",
		"4 conflict: access port ae1 is in VLAN v already and cannot be in VLAN w too; "
		"keep one, or say `interface-mode trunk`\n");
	EXPECT_ERRORS(AE "set interfaces ge-0/0/0 ether-options 802.3ad ae0\n"
			 "set vlans v vlan-id 3\nset vlans v interface ge-0/0/0.0\n",
		"4 conflict: ge-0/0/0.0 is a member of ae0; name ae0.0 instead\n");
}

static void too_many_members(void)
{
	struct state_text t = {0};

	state_add(&t, AE);
	for (unsigned int p = 0; p < 17; p++)
		state_add(&t, "set interfaces ge-0/0/%u ether-options 802.3ad ae1\n", p);
	EXPECT_ERRORS(t.s,
		"18 no-resource: ae1 has 16 members already, which is the most; ge-0/0/16 does not "
		"fit\n");
	free(t.s);
}

static void unit_errors(void)
{
	EXPECT_ERRORS("set interfaces ge-0/0/0 unit 1 description x\n",
		"1 not-supported: unit 1 of ge-0/0/0: only unit 0 is supported\n");
	EXPECT_ERRORS("set vlans v vlan-id 3\nset vlans v interface ge-0/0/0.7\n",
		"2 not-supported: ge-0/0/0.7: only unit 0 is supported, write ge-0/0/0.0\n");
	EXPECT_ERRORS("set vlans v vlan-id 3\nset vlans v interface ge-0/0/0.0\n",
		"2 conflict: ge-0/0/0.0 is not a switching port; say `interfaces ge-0/0/0 unit 0 "
		"family ethernet-switching`\n");
	EXPECT_ERRORS("set interfaces ge-0/0/0" ES " inter-switch-link\n",
		"1 conflict: inter-switch-link needs `interface-mode trunk`\n");
	EXPECT_ERRORS("set interfaces ge-0/0/0 native-vlan-id 5\nset vlans v vlan-id 5\n",
		"1 conflict: native-vlan-id belongs to a trunk; say `unit 0 family "
		"ethernet-switching interface-mode trunk`, or make it the VLAN of an access "
		"port\n");
}

static void names(void)
{
	struct ctl_image *image = MUST_LOAD(
		AE "set system host-name leaf1\nset interfaces ae3 description x\n"
		   "set vlans v10 vlan-id 10\nset vlans v7 vlan-id 7\n");
	char buf[CTL_LPORT_NAME_SIZE];

	CU_ASSERT_STRING_EQUAL(image->host_name, "leaf1");
	CU_ASSERT_STRING_EQUAL(ctl_lport_name(image, 25, buf), "et-0/1/1");
	CU_ASSERT_STRING_EQUAL(ctl_lport_name(image, 26, buf), "?");
	CU_ASSERT_STRING_EQUAL(ctl_lport_name(image, VEX_LPORT_LAG0 + 3, buf), "ae3");
	CU_ASSERT_STRING_EQUAL(ctl_lport_name(image, VEX_LPORT_LAG0 + 2, buf), "ae2");
	CU_ASSERT_STRING_EQUAL(ctl_lport_name(image, VEX_LPORTS_MAX, buf), "?");
	CU_ASSERT_EQUAL(ctl_lport_find(image, "ge-0/0/4"), 4);
	CU_ASSERT_EQUAL(ctl_lport_find(image, "ge-0/0/4.0"), 4);
	CU_ASSERT_EQUAL(ctl_lport_find(image, "ge-0/0/4.1"), -1);
	CU_ASSERT_EQUAL(ctl_lport_find(image, "ae3.0"), VEX_LPORT_LAG0 + 3);
	CU_ASSERT_EQUAL(ctl_lport_find(image, "ae2"), -1);
	CU_ASSERT_EQUAL(ctl_lport_find(image, "a-name-longer-than-any-port"), -1);
	CU_ASSERT_EQUAL(image->n_vlans, 2);
	CU_ASSERT_STRING_EQUAL(ctl_vlan_by_bd(image, 7)->name, "v7");
	CU_ASSERT_STRING_EQUAL(ctl_vlan_by_bd(image, 10)->name, "v10");
	CU_ASSERT_PTR_NULL(ctl_vlan_by_bd(image, 8));
	CU_ASSERT_PTR_NULL(ctl_vlan_by_bd(image, 11));
	ctl_image_free(image);
}

/* Path and value are for programs; the text is for people. */
static void error_parts(void)
{
	static const char config[] = "interfaces {\n"
				     "    ge-0/0/0 {\n"
				     "        unit 0 {\n"
				     "            family ethernet-switching {\n"
				     "                vlan {\n"
				     "                    members v1O;\n"
				     "                }\n"
				     "            }\n"
				     "        }\n"
				     "    }\n"
				     "}\n"
				     "vlans {\n"
				     "    v10 {\n"
				     "        vlan-id 10;\n"
				     "    }\n"
				     "}\n";
	struct vex_errs errs = {0};
	struct ctl_image *image;

	CU_ASSERT_EQUAL(ctl_load(config, strlen(config), "a.conf", &image, &errs), -1);
	CU_ASSERT_PTR_NULL(image);
	CU_ASSERT_EQUAL_FATAL(errs.n, 1);
	CU_ASSERT_EQUAL(errs.v[0].kind, VEX_ERR_NOT_FOUND);
	CU_ASSERT_STRING_EQUAL(errs.v[0].path,
		"interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members v1O");
	CU_ASSERT_STRING_EQUAL(errs.v[0].value, "v1O");
	CU_ASSERT_STRING_EQUAL(errs.v[0].file, "a.conf");
	CU_ASSERT_EQUAL(errs.v[0].line, 6);
	CU_ASSERT_EQUAL(errs.v[0].column, 29);
	CU_ASSERT_STRING_EQUAL(errs.v[0].text, "there is no VLAN v1O; did you mean v10?");
	vex_errs_free(&errs);
}

/* A configuration from a real box shows all that is to be changed at once. */
static void errors_beside_refusals(void)
{
	EXPECT_ERRORS("set protocols rstp\n"
		      "set interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members v9\n",
		"1 not-supported: 'protocols rstp' is not supported; remove or deactivate it\n"
		"2 not-found: there is no VLAN v9; say `vlans v9 vlan-id N`\n");
}

static const struct unit_case cases[] = {
	{"without configuration every access port is in VLAN default", factory_default},
	{"an unconfigured port has the default MTU and speed and is up", operations_of_one_port},
	{"with configuration an unconfigured port bridges nothing", unconfigured_bridge_nothing},
	{"mtu, speed, disable and recovery-timeout reach the port", port_settings},
	{"the speed of an optical port names it", speed_renames},
	{"module and channels make ports", chassis_statements},
	{"a LAG has members, and its members have its MTU", lag},
	{"what contradicts itself about a LAG is refused", lag_errors},
	{"the seventeenth member of a LAG is refused", too_many_members},
	{"units and switching statements out of place are refused", unit_errors},
	{"an image knows the names of VLANs and ports", names},
	{"an error has position, path and value", error_parts},
	{"statements that are not supported hide no other mistake", errors_beside_refusals},
};

const struct unit_suite state_ports_suite = {
	.name = "state_ports",
	.cases = cases,
	.n = UNIT_N(cases),
};

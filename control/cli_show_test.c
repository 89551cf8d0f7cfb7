/* SPDX-License-Identifier: BSD-3-Clause */
/* What a person sees. The texts were written by hand after the command reference of Junos. */
#include "control/show_build.h"

#include "dataplane/drop.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define CONFIG                                                                        \
	"set system host-name leaf1\n"                                                \
	"set chassis aggregated-devices ethernet device-count 2\n"                    \
	"set interfaces ge-0/0/0 description \"to host a\"\n"                         \
	"set interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members v10\n" \
	"set interfaces ge-0/0/1 ether-options 802.3ad ae0\n"                         \
	"set interfaces ge-0/0/2 ether-options 802.3ad ae0\n"                         \
	"set interfaces ae0 unit 0 description uplink\n"                              \
	"set interfaces ae0 unit 0 family ethernet-switching interface-mode trunk\n"  \
	"set interfaces ae0 unit 0 family ethernet-switching vlan members all\n"      \
	"set interfaces ge-0/0/3 unit 0 family ethernet-switching vlan members v20\n" \
	"set interfaces ge-0/0/4 disable\n"                                           \
	"set vlans v10 vlan-id 10\n"                                                  \
	"set vlans v20 vlan-id 20\n"                                                  \
	"set vlans v20 description twenty\n"                                          \
	"set switch-options interface ge-0/0/0.0 interface-mac-limit 5\n"             \
	"set switch-options interface ge-0/0/0.0 interface-mac-limit packet-action drop\n"

static struct port_counters *counts(struct show_bench *b, unsigned int port)
{
	return &b->cnt->worker[1].counters.port[port];
}

static void terse(void)
{
	struct show_bench *b = show_bench_create(CONFIG);

	EXPECT_TEXT(b, "show interfaces", "{\"terse\": true, \"interface\": \"ge-0/0/[0-4]\"}",
		"Interface               Admin Link Proto    Local                 Remote\n"
		"ge-0/0/0                up    up\n"
		"ge-0/0/0.0              up    up   eth-switch\n"
		"ge-0/0/1                up    up\n"
		"ge-0/0/1.0              up    up   aenet    --> ae0.0\n"
		"ge-0/0/2                up    up\n"
		"ge-0/0/2.0              up    up   aenet    --> ae0.0\n"
		"ge-0/0/3                up    up\n"
		"ge-0/0/3.0              up    up   eth-switch\n"
		"ge-0/0/4                down  down\n");
	b->cnt->port[1].up = 0;
	EXPECT_TEXT(b, "show interfaces", "{\"terse\": true, \"interface\": \"ae*\"}",
		"Interface               Admin Link Proto    Local                 Remote\n"
		"ae0                     up    up\n"
		"ae0.0                   up    up   eth-switch\n");
	b->cnt->port[2].shutdown = DROP_STORM_CONTROL;
	EXPECT_TEXT(b, "show interfaces", "{\"terse\": true, \"interface\": \"ae0.0\"}",
		"Interface               Admin Link Proto    Local                 Remote\n"
		"ae0.0                   up    down eth-switch\n");
	show_bench_free(b);
}

static void descriptions(void)
{
	struct show_bench *b = show_bench_create(CONFIG);

	EXPECT_TEXT(b, "show interfaces", "{\"descriptions\": true}",
		"Interface       Admin Link Description\n"
		"ge-0/0/0        up    up   to host a\n"
		"ae0.0           up    up   uplink\n");
	EXPECT_TEXT(
		b, "show interfaces", "{\"descriptions\": true, \"interface\": \"ge-0/0/3\"}", "");
	show_bench_free(b);
}

static void one_interface(void)
{
	struct show_bench *b = show_bench_create(CONFIG);

	counts(b, 0)->rx_packets = 1000;
	counts(b, 0)->rx_bytes = 64000;
	counts(b, 0)->tx_packets = 10;
	counts(b, 0)->tx_bytes = 640;
	show_live_sample(b->ctx.live, b->cnt, 3000, SHOW_BENCH_NOW - 8);
	b->cnt->port[0].changes = 1;
	show_live_sample(b->ctx.live, b->cnt, 3000, SHOW_BENCH_NOW - 5);
	EXPECT_TEXT(b, "show interfaces", "{\"interface\": \"ge-0/0/0\"}",
		"Physical interface: ge-0/0/0, Enabled, Physical link is Up\n"
		"  Interface index: 129, SNMP ifIndex: 501\n"
		"  Description: to host a\n"
		"  Link-level type: Ethernet, MTU: 1514, Link-mode: Full-duplex, Speed: 1000mbps,\n"
		"  Ethernet-Switching Error: None, Loopback: Disabled, Source filtering: "
		"Disabled,\n"
		"  Flow control: Disabled, Media type: Copper\n"
		"  Device flags   : Present Running\n"
		"  Interface flags: Internal: 0x4000\n"
		"  Link flags     : None\n"
		"  Current address: 02:00:00:00:10:fe, Hardware address: 02:00:00:00:10:fe\n"
		"  Last flapped   : 2026-03-01 11:59:55 UTC (00:00:05 ago)\n"
		"  Input rate     : 256000 bps (500 pps)\n"
		"  Output rate    : 2560 bps (5 pps)\n"
		"  Active alarms  : None\n"
		"  Active defects : None\n"
		"\n"
		"  Logical interface ge-0/0/0.0 (Index 130) (SNMP ifIndex 502)\n"
		"    Flags: Up Encapsulation: Ethernet-Bridge\n"
		"    Input packets : 1000\n"
		"    Output packets: 10\n"
		"    Protocol eth-switch, MTU: 1514\n"
		"      Flags: Is-Primary\n"
		"\n");
	show_bench_free(b);
}

static void extensive(void)
{
	struct show_bench *b = show_bench_create(CONFIG);

	counts(b, 3)->rx_packets = 20;
	counts(b, 3)->rx_bytes = 2000;
	counts(b, 3)->tx_packets = 7;
	counts(b, 3)->tx_bytes = 700;
	counts(b, 3)->drops[DROP_RUNT] = 2;
	counts(b, 3)->drops[DROP_EXCEEDS_L2_MTU] = 3;
	counts(b, 3)->drops[DROP_STORM_CONTROL] = 4;
	counts(b, 3)->drops[DROP_EXCEEDS_EGRESS_MTU] = 5;
	counts(b, 3)->drops[DROP_DEVICE_FULL] = 6;
	b->cnt->port[3].changes = 9;
	b->cnt->port[3].device_missed = 11;
	b->cnt->port[3].device_errors = 12;
	b->cnt->port[3].no_buffer = 13;
	EXPECT_TEXT(b, "show interfaces", "{\"interface\": \"ge-0/0/3\", \"extensive\": true}",
		"Physical interface: ge-0/0/3, Enabled, Physical link is Up\n"
		"  Interface index: 135, SNMP ifIndex: 507\n"
		"  Link-level type: Ethernet, MTU: 1514, Link-mode: Full-duplex, Speed: 1000mbps,\n"
		"  Ethernet-Switching Error: None, Loopback: Disabled, Source filtering: "
		"Disabled,\n"
		"  Flow control: Disabled, Media type: Copper\n"
		"  Device flags   : Present Running\n"
		"  Interface flags: Internal: 0x4000\n"
		"  Link flags     : None\n"
		"  Current address: 02:00:00:00:11:01, Hardware address: 02:00:00:00:11:01\n"
		"  Last flapped   : Never\n"
		"  Statistics last cleared: Never\n"
		"  Traffic statistics:\n"
		"   Input  bytes  :                 2000                    0 bps\n"
		"   Output bytes  :                  700                    0 bps\n"
		"   Input  packets:                   20                    0 pps\n"
		"   Output packets:                    7                    0 pps\n"
		"  Input errors:\n"
		"    Errors: 12, Drops: 9, Runts: 2, Giants: 3,\n"
		"    Policed discards: 4, FIFO errors: 11, Resource errors: 13\n"
		"  Output errors:\n"
		"    Carrier transitions: 9, Drops: 11, MTU errors: 5, Resource errors: 6\n"
		"  Drop reasons:                     Packets\n"
		"    RUNT                                  2  input: shorter than an Ethernet "
		"header\n"
		"    EXCEEDS_L2_MTU                        3  input: longer than the MTU of the "
		"ingress port\n"
		"    EXCEEDS_EGRESS_MTU                    5  output: longer than the MTU of the "
		"egress port\n"
		"    DEVICE_FULL                           6  queue: the device took no more "
		"frames\n"
		"    STORM_CONTROL                         4  input: above the storm control rate "
		"of the port\n"
		"  Active alarms  : None\n"
		"  Active defects : None\n"
		"\n"
		"  Logical interface ge-0/0/3.0 (Index 136) (SNMP ifIndex 508)\n"
		"    Flags: Up Encapsulation: Ethernet-Bridge\n"
		"    Input packets : 20\n"
		"    Output packets: 7\n"
		"    Protocol eth-switch, MTU: 1514\n"
		"      Flags: Is-Primary\n"
		"\n");
	show_bench_free(b);
}

static void aggregate(void)
{
	struct show_bench *b = show_bench_create(CONFIG);

	counts(b, 1)->rx_packets = 5;
	counts(b, 1)->rx_bytes = 500;
	counts(b, 2)->rx_packets = 6;
	counts(b, 2)->rx_bytes = 600;
	counts(b, 2)->tx_packets = 1;
	counts(b, 2)->tx_bytes = 60;
	b->cnt->port[1].up = 0;
	EXPECT_TEXT(b, "show interfaces", "{\"interface\": \"ae0\"}",
		"Physical interface: ae0, Enabled, Physical link is Up\n"
		"  Interface index: 385, SNMP ifIndex: 757\n"
		"  Link-level type: Ethernet, MTU: 1514, Speed: 1Gbps,\n"
		"  Ethernet-Switching Error: None, Loopback: Disabled, Source filtering: "
		"Disabled,\n"
		"  Flow control: Disabled, Minimum links needed: 1\n"
		"  Device flags   : Present Running\n"
		"  Interface flags: Internal: 0x4000\n"
		"  Link flags     : None\n"
		"  Current address: 02:00:00:00:10:ff, Hardware address: 02:00:00:00:10:ff\n"
		"  Last flapped   : Never\n"
		"  Input rate     : 0 bps (0 pps)\n"
		"  Output rate    : 0 bps (0 pps)\n"
		"  Active alarms  : None\n"
		"  Active defects : None\n"
		"\n"
		"  Logical interface ae0.0 (Index 386) (SNMP ifIndex 758)\n"
		"    Description: uplink\n"
		"    Flags: Up Encapsulation: Ethernet-Bridge\n"
		"    Statistics        Packets        pps         Bytes          bps\n"
		"    Bundle:\n"
		"        Input  :            11          0          1100            0\n"
		"        Output :             1          0            60            0\n"
		"    Link:\n"
		"      ge-0/0/1.0 (down)\n"
		"        Input  :             5          0           500            0\n"
		"        Output :             0          0             0            0\n"
		"      ge-0/0/2.0\n"
		"        Input  :             6          0           600            0\n"
		"        Output :             1          0            60            0\n"
		"    Protocol eth-switch, MTU: 1514\n"
		"      Flags: Is-Primary, Trunk-Mode\n"
		"\n");
	show_bench_free(b);
}

static void vlans(void)
{
	struct show_bench *b = show_bench_create(CONFIG);

	b->cnt->port[3].up = 0;
	EXPECT_TEXT(b, "show vlans", "{}",
		"\n"
		"Routing instance        VLAN name             Tag          Interfaces\n"
		"default-switch          v10                     10\n"
		"                                                           ge-0/0/0.0*\n"
		"                                                           ae0.0*\n"
		"default-switch          v20                     20\n"
		"                                                           ge-0/0/3.0\n"
		"                                                           ae0.0*\n");
	show_bench_dump(b);
	show_bench_add_mac(b, 20, 3, 1, VEX_MAC_DYNAMIC, 0);
	EXPECT_TEXT(b, "show vlans", "{\"detail\": true, \"vlan\": \"20\"}",
		"\n"
		"Routing instance: default-switch\n"
		"  VLAN Name: v20                           State: Active\n"
		"Tag: 20\n"
		"Internal index: 20, Origin: Static\n"
		"Description: twenty\n"
		"MAC aging time: 300 seconds\n"
		"MAC learning: Enabled\n"
		"Interfaces:\n"
		"    ge-0/0/3.0,untagged,access\n"
		"    ae0.0*,tagged,trunk\n"
		"Number of interfaces: Tagged 1    , Untagged 1\n"
		"Total MAC count: 1\n");
	show_bench_free(b);
}

static void voice(void)
{
	struct show_bench *b = show_bench_create(
		CONFIG "set switch-options voip interface ge-0/0/0.0 vlan v20\n");

	show_bench_dump(b);
	EXPECT_TEXT(b, "show vlans", "{\"detail\": true, \"vlan\": \"v20\"}",
		"\n"
		"Routing instance: default-switch\n"
		"  VLAN Name: v20                           State: Active\n"
		"Tag: 20\n"
		"Internal index: 20, Origin: Static\n"
		"Description: twenty\n"
		"MAC aging time: 300 seconds\n"
		"MAC learning: Enabled\n"
		"Interfaces:\n"
		"    ge-0/0/0.0*,tagged,access\n"
		"    ge-0/0/3.0*,untagged,access\n"
		"    ae0.0*,tagged,trunk\n"
		"Number of interfaces: Tagged 2    , Untagged 1\n"
		"Total MAC count: 0\n");
	show_bench_free(b);
}

static void mac_table(void)
{
	struct show_bench *b = show_bench_create(CONFIG);

	show_bench_dump(b);
	EXPECT_TEXT(b, "show ethernet-switching table", "{}", "");
	show_bench_add_mac(b, 20, 3, 0x31, VEX_MAC_DYNAMIC, 12);
	show_bench_add_mac(b, 10, 0, 0x22, VEX_MAC_STICKY, 0);
	show_bench_add_mac(b, 10, VEX_LPORT_LAG0, 0x11, VEX_MAC_DYNAMIC, 0);
	EXPECT_TEXT(b, "show ethernet-switching table", "{}",
		"\n"
		"MAC flags (S - static MAC, D - dynamic MAC, L - locally learned, P - Persistent "
		"static\n"
		"           SE - statistics enabled, NM - non configured MAC, R - remote PE MAC, O "
		"- ovsdb MAC)\n"
		"\n"
		"\n"
		"Ethernet switching table : 3 entries, 3 learned\n"
		"Routing instance : default-switch\n"
		"    Vlan                MAC                 MAC         Age    Logical\n"
		"    name                address             flags              interface\n"
		"    v10                 02:00:00:00:00:11   D             0   ae0.0\n"
		"    v10                 02:00:00:00:00:22   P             -   ge-0/0/0.0\n"
		"    v20                 02:00:00:00:00:31   D            12   ge-0/0/3.0\n");
	EXPECT_TEXT(b, "show persistent-learning", "{\"interface\": \"ge-0/0/3\"}", "");
	EXPECT_TEXT(b, "show ethernet-switching table", "{\"summary\": true}",
		"2 MAC address learned in routing instance default-switch VLAN v10\n"
		"1 MAC address learned in routing instance default-switch VLAN v20\n");
	EXPECT_TEXT(b, "show ethernet-switching table",
		"{\"detail\": true, \"address\": \"2:0:0:0:0:31\"}",
		"MAC address: 02:00:00:00:00:31\n"
		"  Routing instance: default-switch\n"
		"  VLAN name: v20, VLAN ID: 20\n"
		"  Learning interface: ge-0/0/3.0\n"
		"  Layer 2 flags: dynamic\n"
		"  Age: 12 seconds\n"
		"\n");
	show_bench_free(b);
}

static void switching_interface(void)
{
	struct show_bench *b = show_bench_create(CONFIG);
	struct vex_op op = {.type = VEX_OP_STP_STATE,
		.stp = {.instance = 0, .lport = 3, .state = VEX_STP_DISCARDING}};

	show_bench_dump(b);
	show_bench_add(b, VEX_TABLE_STP, &op);
	b->cnt->port[3].up = 0;
	b->cnt->port[0].shutdown = DROP_MAC_LIMIT;
	EXPECT_TEXT(b, "show ethernet-switching interface", "{}",
		"Routing Instance Name : default-switch\n"
		"Logical Interface flags (DL - disable learning, AD - packet action drop,\n"
		"                         LH - MAC limit hit, DN - interface down,\n"
		"                         SCTL - shutdown by Storm-control )\n"
		"\n"
		"Logical          Vlan          TAG     MAC         STP         Logical           "
		"Tagging\n"
		"interface        members               limit       state       interface flags\n"
		"ge-0/0/0.0                             5                       AD,LH,DN          "
		"untagged\n"
		"                 v10           10      112000      Forwarding                    "
		"untagged\n"
		"ge-0/0/3.0                             112000                  DN                "
		"untagged\n"
		"                 v20           20      112000      Discarding                    "
		"untagged\n"
		"ae0.0                                  112000                                    "
		"tagged\n"
		"                 v10           10      112000      Forwarding                    "
		"tagged\n"
		"                 v20           20      112000      Forwarding                    "
		"tagged\n");
	show_bench_free(b);
}

static void system_texts(void)
{
	static const struct show_alarm alarms[] = {
		{SHOW_BENCH_NOW - 60, false, false, "Rescue configuration is not set"},
		{SHOW_BENCH_NOW - 50, true, true, "FPC 0 worker 1 hangs"}};
	static const struct show_commit commits[] = {
		{SHOW_BENCH_NOW - 90061, "admin", "cli", "new VLAN", 10},
		{SHOW_BENCH_NOW - 864000, "root", "other", NULL, 0}};
	struct show_bench *b = show_bench_create(CONFIG);

	EXPECT_TEXT(b, "show version", "{}",
		"Hostname: leaf1\nModel: ex4400-24t\nvEX: 0.1\nvEX virtual switch [0.1]\n");
	EXPECT_TEXT(b, "show system alarms", "{}", "No alarms currently active\n");
	b->ctx.alarms = alarms;
	b->ctx.n_alarms = 2;
	EXPECT_TEXT(b, "show system alarms", "{}",
		"1 alarm currently active\n"
		"Alarm time               Class  Description\n"
		"2026-03-01 11:59:00 UTC  Minor  Rescue configuration is not set\n");
	EXPECT_TEXT(b, "show chassis alarms", "{}",
		"1 alarm currently active\n"
		"Alarm time               Class  Description\n"
		"2026-03-01 11:59:10 UTC  Major  FPC 0 worker 1 hangs\n");
	b->ctx.commits = commits;
	b->ctx.n_commits = 2;
	b->ctx.confirm_until = SHOW_BENCH_NOW + 541;
	EXPECT_TEXT(b, "show system commit", "{}",
		"0   2026-02-28 10:58:59 UTC by admin via cli commit confirmed, rollback in "
		"10mins\n"
		"    new VLAN\n"
		"1   2026-02-19 12:00:00 UTC by root via other\n");
	EXPECT_TEXT(b, "show system uptime", "{}",
		"Current time: 2026-03-01 12:00:00 UTC\n"
		"Time Source:  LOCAL CLOCK\n"
		"System booted: 2026-03-01 11:00:00 UTC (01:00:00 ago)\n"
		"Protocols started: 2026-03-01 11:00:01 UTC (00:59:59 ago)\n"
		"Forwarding started: 2026-03-01 11:00:02 UTC (00:59:58 ago)\n"
		"Last configured: 2026-02-28 10:58:59 UTC (1d 01:01 ago) by admin\n"
		"12:00PM  up 1:00, 0 users\n");
	show_bench_free(b);
}

static void chassis(void)
{
	struct show_bench *b = show_bench_create(CONFIG);

	EXPECT_TEXT(b, "show chassis hardware", "{}",
		"Hardware inventory:\n"
		"Item             Version  Part number  Serial number     Description\n"
		"Chassis                                02:00:00:00:10:fe EX4400-24T\n"
		"Routing Engine 0          Virtual      Virtual           vEX Routing Engine\n"
		"FPC 0                     Virtual      Virtual           EX4400-24T\n"
		"  CPU                     Virtual      Virtual           FPC CPU\n"
		"  PIC 0                   Virtual      Virtual           24x10/100/1000 Base-T\n"
		"  PIC 1                   Virtual      Virtual           2xQSFP28\n"
		"Power Supply 0                                           Virtual\n"
		"Power Supply 1                                           Virtual\n"
		"Fan Tray 0                                               Virtual\n"
		"Fan Tray 1                                               Virtual\n");
	show_bench_free(b);
	b = show_bench_create("set chassis model ex4400-48f\nset chassis extension-module em-1c\n"
			      "set chassis fpc 0 pic 1 port 1 channel-speed 10g\n");
	EXPECT_TEXT(b, "show chassis fpc", "{\"pic-status\": true}",
		"Slot 0   Online\n"
		"  PIC 0  Online       36xSFP, 12xSFP+\n"
		"  PIC 1  Online       2xQSFP28\n"
		"  PIC 2  Online       1xQSFP28\n");
	EXPECT_TEXT(b, "show chassis environment", "{}",
		"Class Item                           Status     Measurement\n"
		"Power FPC 0 Power Supply 0           OK         Virtual\n"
		"      FPC 0 Power Supply 1           OK         Virtual\n"
		"Temp  FPC 0 Sensor                   OK         Virtual\n"
		"Fans  FPC 0 Fan Tray 0               OK         Virtual\n"
		"      FPC 0 Fan Tray 1               OK         Virtual\n");
	EXPECT_TEXT(b, "show chassis fpc", "{}",
		"                     Temp  CPU Utilization (%)   Memory    Utilization (%)\n"
		"Slot State            (C)  Total  Interrupt      DRAM (MB) Heap     Buffer\n"
		"  0  Online              -      -          -              -    -          -\n");
	show_bench_free(b);
}

/* The first is that of pipeline.def; its clocks are those of both workers. */
static void expect_stages(struct show_bench *b)
{
	json_t *tree = show_bench_make(b, "pfe-statistics", "{\"stages\": true}");
	const json_t *first = json_array_get(
		json_object_get(json_object_get(tree, "pfe-statistics"), "pfe-stage-statistics"),
		0);

	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(first, "stage")), "parse");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(first, "packets")), 160);
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(first, "clocks-per-packet")), "12.5");
	json_decref(tree);
}

static void pfe(void)
{
	struct show_bench *b = show_bench_create(CONFIG);

	EXPECT_TEXT(b, "show pfe statistics", "{\"drops\": true}", "No packets were dropped\n");
	counts(b, 0)->drops[DROP_RUNT] = 7;
	counts(b, 3)->drops[DROP_RUNT] = 1;
	EXPECT_TEXT(b, "show pfe statistics", "{\"drops\": true}",
		"Reason                          Packets  Side    Meaning\n"
		"RUNT                                  8  input   shorter than an Ethernet "
		"header\n");
	EXPECT_TEXT(b, "show pfe statistics", "{\"drops\": true, \"interface\": \"ge-0/0/*\"}",
		"Interface      Reason                          Packets  Side    Meaning\n"
		"ge-0/0/0       RUNT                                  7  input   shorter than an "
		"Ethernet header\n"
		"ge-0/0/3       RUNT                                  1  input   shorter than an "
		"Ethernet header\n");
	b->cnt->worker[0].stage_packets[0] = 100;
	b->cnt->worker[1].stage_packets[0] = 60;
	b->cnt->worker[1].stage_clocks[0] = 2000;
	expect_stages(b);
	counts(b, 0)->rx_packets = 100;
	counts(b, 3)->tx_packets = 90;
	counts(b, 0)->punted = 3;
	b->cnt->worker[0].counters.injected = 2;
	b->cnt->worker[0].counters.copies = 4;
	b->cnt->port[0].device_missed = 5;
	EXPECT_TEXT(b, "show pfe statistics", "{\"traffic\": true}",
		"Packet Forwarding Engine traffic statistics:\n"
		"    Input  packets:                  100                    0 pps\n"
		"    Output packets:                   90                    0 pps\n"
		"Packet Forwarding Engine local traffic statistics:\n"
		"    Local packets input                 :                    3\n"
		"    Local packets output                :                    2\n"
		"    Packets made by forwarding          :                    0\n"
		"    Copies made by replication          :                    4\n"
		"Packet Forwarding Engine hardware discard statistics:\n"
		"    Missed by the device       :                    5\n"
		"    Errors of the device       :                    0\n"
		"    No packet buffer           :                    0\n");
	show_bench_free(b);
}

static void pfe_table(void)
{
	struct show_bench *b = show_bench_create(CONFIG);
	struct vex_op member = {.type = VEX_OP_LAG_MEMBER_ADD, .lag_member = {.lag = 0, .port = 9}};

	show_bench_dump(b);
	EXPECT_TEXT(b, "show pfe table lag", "{}",
		"Table lag: 3 records, as configured\n"
		"configured      lag-set            lag ae0 admin up minimum-links 1\n"
		"configured      lag-member-add     lag ae0 port ge-0/0/1\n"
		"configured      lag-member-add     lag ae0 port ge-0/0/2\n");
	/* Somebody else has been at the table. */
	b->dump[VEX_TABLE_LAG][2] = member;
	EXPECT_TEXT(b, "show pfe table lag", "{}",
		"Table lag: 3 records, 1 not as configured, 1 missing\n"
		"configured      lag-set            lag ae0 admin up minimum-links 1\n"
		"configured      lag-member-add     lag ae0 port ge-0/0/1\n"
		"not configured  lag-member-add     lag ae0 port ge-0/0/9\n"
		"missing         lag-member-add     lag ae0 port ge-0/0/2\n");
	show_bench_free(b);
}

static void ddos(void)
{
	struct show_bench *b = show_bench_create(
		CONFIG "set system ddos-protection protocols lldp aggregate bandwidth 10\n"
		       "set system ddos-protection protocols lldp aggregate burst 5\n");

	b->cnt->worker[0].counters.punt[PUNT_LLDP] = (struct punt_counters){9, 0};
	b->cnt->worker[1].counters.punt[PUNT_LLDP] = (struct punt_counters){11, 4};
	EXPECT_TEXT(b, "show ddos-protection protocols", "{\"protocol\": \"lldp\"}",
		"Packet types: 1, Received traffic: 1, Currently violated: 1\n"
		"\n"
		"Protocol Group: lldp\n"
		"\n"
		"  Packet type: aggregate (link layer discovery)\n"
		"    Aggregate policer configuration:\n"
		"      Bandwidth:        10 pps\n"
		"      Burst:            5 packets\n"
		"      Configured:       Yes\n"
		"    System-wide information:\n"
		"      Aggregate bandwidth was violated\n"
		"      Received:  20                  Passed: 16\n"
		"      Dropped:   4\n");
	show_bench_free(b);
}

static const struct unit_case cases[] = {
	{"show interfaces terse", terse},
	{"show interfaces descriptions", descriptions},
	{"show interfaces ge-0/0/0", one_interface},
	{"show interfaces ge-0/0/3 extensive", extensive},
	{"show interfaces ae0", aggregate},
	{"show vlans", vlans},
	{"a voice VLAN does not make a trunk", voice},
	{"show ethernet-switching table", mac_table},
	{"show ethernet-switching interface", switching_interface},
	{"show version, show system", system_texts},
	{"show chassis", chassis},
	{"show pfe statistics", pfe},
	{"show pfe table says what is not as configured", pfe_table},
	{"show ddos-protection protocols", ddos},
};

const struct unit_suite cli_show_suite = {
	.name = "cli_show",
	.cases = cases,
	.n = UNIT_N(cases),
};

/* SPDX-License-Identifier: BSD-3-Clause */
/* show vlans, show ethernet-switching, show l2-learning, show mac-limit. */
#include <string.h>

#include "control/cli_show_util.h"

#define COUNT JSON_INTEGER_FORMAT

/* ---- vlans ------------------------------------------------------------------------------------ */

static void print_vlan(const json_t *v, FILE *out)
{
	const json_t *m;
	size_t i;

	fprintf(out, "%-24s%-22s%4" COUNT "\n", cli_show_text(v, "l2ng-l2rtb-name"),
		cli_show_text(v, "l2ng-l2rtb-vlan-name"),
		cli_show_number(v, "l2ng-l2rtb-vlan-tag"));
	json_array_foreach (json_object_get(v, "l2ng-l2rtb-vlan-member"), i, m)
		fprintf(out, "%59s%s\n", "", cli_show_text(m, "l2ng-l2rtb-vlan-member-interface"));
}

static void print_vlan_detail(const json_t *v, FILE *out)
{
	const json_t *m;
	size_t i;

	fprintf(out, "\nRouting instance: %s\n", cli_show_text(v, "l2ng-l2rtb-name"));
	fprintf(out,
		"  VLAN Name: %-30sState: %s\nTag: %" COUNT "\nInternal index: %" COUNT
		", Origin: %s\n",
		cli_show_text(v, "l2ng-l2rtb-vlan-name"), cli_show_text(v, "l2ng-l2rtb-vlan-state"),
		cli_show_number(v, "l2ng-l2rtb-vlan-tag"), cli_show_number(v, "l2ng-l2rtb-id"),
		cli_show_text(v, "l2ng-l2rtb-vlan-origin"));
	if (cli_show_has(v, "l2ng-l2rtb-vlan-description"))
		fprintf(out, "Description: %s\n", cli_show_text(v, "l2ng-l2rtb-vlan-description"));
	if (cli_show_has(v, "l2ng-l2rtb-private-vlan"))
		fprintf(out, "Private VLAN Mode: %s%s%s\n",
			cli_show_text(v, "l2ng-l2rtb-private-vlan"),
			cli_show_has(v, "l2ng-l2rtb-primary-vlan") ? ", Primary VLAN: " : "",
			cli_show_text(v, "l2ng-l2rtb-primary-vlan"));
	fprintf(out, "MAC aging time: %" COUNT " seconds\n",
		cli_show_number(v, "l2ng-l2rtb-vlan-aging-time"));
	fprintf(out, "MAC learning: %s\n", cli_show_text(v, "l2ng-l2rtb-vlan-mac-learning"));
	if (cli_show_has(v, "l2ng-l2rtb-vlan-mac-limit"))
		fprintf(out, "MAC limit: %" COUNT "\n",
			cli_show_number(v, "l2ng-l2rtb-vlan-mac-limit"));
	fputs("Interfaces:\n", out);
	json_array_foreach (json_object_get(v, "l2ng-l2rtb-vlan-member"), i, m)
		fprintf(out, "    %s,%s,%s\n", cli_show_text(m, "l2ng-l2rtb-vlan-member-interface"),
			cli_show_text(m, "l2ng-l2rtb-vlan-member-tagness"),
			cli_show_text(m, "l2ng-l2rtb-vlan-member-interface-mode"));
	fprintf(out, "Number of interfaces: Tagged %-5" COUNT ", Untagged %" COUNT "\n",
		cli_show_number(v, "l2ng-l2rtb-vlan-tagged-interface-count"),
		cli_show_number(v, "l2ng-l2rtb-vlan-untagged-interface-count"));
	if (cli_show_has(v, "l2ng-l2rtb-vlan-mac-count"))
		fprintf(out, "Total MAC count: %" COUNT "\n",
			cli_show_number(v, "l2ng-l2rtb-vlan-mac-count"));
}

static bool print_vlans(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *list = cli_show_inner(data, "l2ng-l2ald-vlan-instance-information",
			     "l2ng-l2ald-vlan-instance-group"),
		     *v;
	bool detail = cli_show_flag(args, "detail") || cli_show_flag(args, "extensive");
	size_t i;

	if (!detail)
		cli_show_line(out, "\n%-24s%-22s%-13s%s", "Routing instance", "VLAN name", "Tag",
			"Interfaces");
	json_array_foreach (list, i, v) {
		if (detail)
			print_vlan_detail(v, out);
		else
			print_vlan(v, out);
	}
	return true;
}

/* ---- ethernet-switching table ----------------------------------------------------------------- */

static void print_mac_detail(const json_t *m, const char *instance, FILE *out)
{
	static const struct {
		const char *flags, *text;
	} types[] = {{"D", "dynamic"}, {"S", "static"}, {"P", "persistent"}, {"C", "control"}};
	const char *type = "unknown";

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(cli_show_text(m, "l2ng-l2-mac-flags"), types[i].flags) == 0)
			type = types[i].text;
	fprintf(out,
		"MAC address: %s\n  Routing instance: %s\n  VLAN name: %s, VLAN ID: %" COUNT
		"\n  Learning interface: %s\n  Layer 2 flags: %s\n",
		cli_show_text(m, "l2ng-l2-mac-address"), instance,
		cli_show_text(m, "l2ng-l2-mac-vlan-name"), cli_show_number(m, "l2ng-l2-vlan-id"),
		cli_show_text(m, "l2ng-l2-mac-logical-interface"), type);
	if (cli_show_has(m, "l2ng-l2-mac-age"))
		fprintf(out, "  Age: %" COUNT " seconds\n", cli_show_number(m, "l2ng-l2-mac-age"));
	fputc('\n', out);
}

/* The list is sorted by VLAN. */
static void print_mac_summary(const json_t *macs, const char *instance, FILE *out)
{
	const char *vlan = "";
	size_t i, n = 0;
	const json_t *m;

	json_array_foreach (macs, i, m) {
		const char *name = cli_show_text(m, "l2ng-l2-mac-vlan-name");

		if (n > 0 && strcmp(name, vlan) != 0) {
			fprintf(out, "%zu MAC address learned in routing instance %s VLAN %s\n", n,
				instance, vlan);
			n = 0;
		}
		vlan = name;
		n++;
	}
	if (n > 0)
		fprintf(out, "%zu MAC address learned in routing instance %s VLAN %s\n", n,
			instance, vlan);
}

static void print_mac_table(const json_t *o, const json_t *macs, const char *instance, FILE *out)
{
	char age[CLI_SHOW_VALUE_SIZE];
	const json_t *m;
	size_t i;

	fputs("\nMAC flags (S - static MAC, D - dynamic MAC, L - locally learned, P - Persistent "
	      "static\n"
	      "           SE - statistics enabled, NM - non configured MAC, R - remote PE MAC, "
	      "O - ovsdb MAC)\n\n\n",
		out);
	fprintf(out, "Ethernet switching table : %" COUNT " entries, %" COUNT " learned\n",
		cli_show_number(o, "mac-count-global"), cli_show_number(o, "learnt-mac-count"));
	fprintf(out, "Routing instance : %s\n", instance);
	fputs("    Vlan                MAC                 MAC         Age    Logical\n"
	      "    name                address             flags              interface\n",
		out);
	json_array_foreach (macs, i, m)
		fprintf(out, "    %-20s%-20s%-12s%3s   %s\n",
			cli_show_text(m, "l2ng-l2-mac-vlan-name"),
			cli_show_text(m, "l2ng-l2-mac-address"),
			cli_show_text(m, "l2ng-l2-mac-flags"),
			cli_show_value(m, "l2ng-l2-mac-age", "-", age),
			cli_show_text(m, "l2ng-l2-mac-logical-interface"));
}

static bool print_macs(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *o = json_object_get(data, "l2ng-l2ald-rtb-macdb"), *m;
	const json_t *macs = json_object_get(o, "l2ng-mac-entry");
	const char *instance = cli_show_text(o, "l2ng-l2-mac-routing-instance");
	size_t i;

	if (cli_show_flag(args, "summary")) {
		print_mac_summary(macs, instance, out);
	} else if (cli_show_flag(args, "detail") || cli_show_flag(args, "extensive")) {
		json_array_foreach (macs, i, m)
			print_mac_detail(m, instance, out);
	} else if (json_array_size(macs) > 0) {
		print_mac_table(o, macs, instance, out);
	}
	return true;
}

/* ---- ethernet-switching interface ------------------------------------------------------------- */

static void print_switching_detail(const json_t *o, FILE *out)
{
	const json_t *e, *v;
	size_t i, k;

	json_array_foreach (json_object_get(o, "l2ng-l2ald-iff-interface-entry"), i, e) {
		fprintf(out,
			"\nInterface: %s, Index: %" COUNT ", Flags: %s\n  Frames: %s\n"
			"  MAC limit: %" COUNT ", Persistent learning: %s\n  VLAN membership:\n",
			cli_show_text(e, "l2iff-interface-name"),
			cli_show_number(e, "l2iff-interface-index"),
			*cli_show_text(e, "l2iff-interface-flags") != '\0'
				? cli_show_text(e, "l2iff-interface-flags")
				: "none",
			cli_show_text(e, "l2iff-interface-vlan-member-tagness"),
			cli_show_number(e, "l2iff-interface-mac-limit"),
			cli_show_text(e, "l2iff-interface-persistent-learning"));
		json_array_foreach (json_object_get(e, "l2iff-interface-vlan"), k, v)
			fprintf(out, "    %s, 802.1Q Tag: %" COUNT ", %s, %s\n",
				cli_show_text(v, "l2iff-interface-vlan-name"),
				cli_show_number(v, "l2iff-interface-vlan-id"),
				cli_show_text(v, "l2iff-interface-vlan-member-tagness"),
				cli_show_text(v, "l2iff-interface-vlan-member-stp-state"));
	}
}

static bool print_switching_interface(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *o = json_object_get(data, "l2ng-l2ald-iff-interface-information"), *e, *v;
	size_t i, k;

	fprintf(out, "Routing Instance Name : %s\n", cli_show_text(o, "routing-instance"));
	if (cli_show_flag(args, "detail")) {
		print_switching_detail(o, out);
		return true;
	}
	fputs("Logical Interface flags (DL - disable learning, AD - packet action drop,\n"
	      "                         LH - MAC limit hit, DN - interface down,\n"
	      "                         SCTL - shutdown by Storm-control )\n\n"
	      "Logical          Vlan          TAG     MAC         STP         Logical           "
	      "Tagging\n"
	      "interface        members               limit       state       interface flags\n",
		out);
	json_array_foreach (json_object_get(o, "l2ng-l2ald-iff-interface-entry"), i, e) {
		cli_show_line(out, "%-39s%-24" COUNT "%-18s%s",
			cli_show_text(e, "l2iff-interface-name"),
			cli_show_number(e, "l2iff-interface-mac-limit"),
			cli_show_text(e, "l2iff-interface-flags"),
			cli_show_text(e, "l2iff-interface-vlan-member-tagness"));
		json_array_foreach (json_object_get(e, "l2iff-interface-vlan"), k, v)
			cli_show_line(out, "%17s%-14s%-8" COUNT "%-12" COUNT "%-30s%s", "",
				cli_show_text(v, "l2iff-interface-vlan-name"),
				cli_show_number(v, "l2iff-interface-vlan-id"),
				cli_show_number(v, "l2iff-interface-mac-limit"),
				cli_show_text(v, "l2iff-interface-vlan-member-stp-state"),
				cli_show_text(v, "l2iff-interface-vlan-member-tagness"));
	}
	return true;
}

/* ---- statistics, limits, learning -------------------------------------------------------------- */

static bool print_statistics(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *o = json_object_get(data, "l2ng-l2ald-statistics"), *e;
	size_t i;

	(void)args;
	fprintf(out,
		"MAC learning: %" COUNT " learned, %" COUNT " moved, %" COUNT
		" not learned because the table was full\n",
		cli_show_number(o, "mac-learned"), cli_show_number(o, "mac-moved"),
		cli_show_number(o, "mac-table-full"));
	json_array_foreach (json_object_get(o, "l2ng-interface-statistics"), i, e)
		fprintf(out,
			"\nLocal interface: %s, Index: %" COUNT "\n"
			"  Input packets:               %12" COUNT "\n"
			"  Output packets:              %12" COUNT "\n"
			"  Above a MAC limit:           %12" COUNT "\n"
			"  Current MAC count:           %12" COUNT " (Limit %" COUNT ")\n",
			cli_show_text(e, "interface-name"), cli_show_number(e, "local-index"),
			cli_show_number(e, "input-packets"), cli_show_number(e, "output-packets"),
			cli_show_number(e, "mac-limit-exceeded-packets"),
			cli_show_number(e, "current-mac-count"), cli_show_number(e, "mac-limit"));
	return true;
}

static bool print_mac_limit(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *list = cli_show_inner(data, "mac-limit-information", "mac-limit-entry"), *e;
	size_t i;

	(void)args;
	if (json_array_size(list) == 0) {
		fputs("No MAC limits are configured\n", out);
		return true;
	}
	fprintf(out, "%-17s%-22s%10s %10s  %s\n", "Interface", "VLAN", "Limit", "Current",
		"Action");
	json_array_foreach (list, i, e)
		fprintf(out, "%-17s%-22s%10" COUNT " %10" COUNT "  %s\n",
			cli_show_has(e, "interface-name") ? cli_show_text(e, "interface-name")
							  : "all",
			cli_show_has(e, "vlan-name") ? cli_show_text(e, "vlan-name") : "all",
			cli_show_number(e, "mac-limit"), cli_show_number(e, "current-mac-count"),
			cli_show_text(e, "mac-limit-action"));
	return true;
}

static bool print_l2_global(const json_t *data, const json_t *args, FILE *out)
{
	static const struct {
		const char *text, *name;
	} rows[] = {{"MAC aging interval    ", "mac-aging-interval"},
		{"MAC learning          ", "mac-learning"},
		{"MAC statistics        ", "mac-statistics"},
		{"MAC limit Count       ", "mac-limit-count"},
		{"MAC limit hit         ", "mac-limit-hit"},
		{"MAC packet action drop", "mac-packet-action-drop"}};
	const json_t *o = json_object_get(data, "l2-learning-global-information");
	char value[CLI_SHOW_VALUE_SIZE];

	(void)args;
	fputs("Global Configuration:\n\n", out);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fprintf(out, "%s: %s\n", rows[i].text, cli_show_value(o, rows[i].name, "-", value));
	return true;
}

static bool print_mac_notification(const json_t *data, const json_t *args, FILE *out)
{
	static const struct {
		const char *text, *name;
	} rows[] = {{"Notification Status  ", "notification-status"},
		{"Notification Interval", "notification-interval"},
		{"Addresses learned    ", "addresses-learned"},
		{"Addresses moved      ", "addresses-moved"},
		{"Addresses removed    ", "addresses-removed"},
		{"Reads of the table   ", "table-reads"},
		{"Addresses read       ", "table-addresses"}};
	const json_t *o = json_object_get(data, "ethernet-switching-mac-notification");
	char value[CLI_SHOW_VALUE_SIZE];

	(void)args;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (cli_show_has(o, rows[i].name))
			fprintf(out, "%s: %s\n", rows[i].text,
				cli_show_value(o, rows[i].name, "-", value));
	return true;
}

/* ---- Table ------------------------------------------------------------------------------------ */

static const struct cli_param vlans_params[] = {
	{.name = "brief", .help = "Display brief output", .one_of = 1},
	{.name = "detail", .help = "Display detailed output", .one_of = 1},
	{.name = "extensive", .help = "Display extensive output", .one_of = 1},
	{.name = "vlan", .help = "Name or tag of VLAN", .value = "vlan", .bare = true},
	{0},
};

static const struct cli_param table_params[] = {
	{.name = "brief", .help = "Display brief output", .one_of = 1},
	{.name = "detail", .help = "Display detailed output", .one_of = 1},
	{.name = "extensive", .help = "Display extensive output", .one_of = 1},
	{.name = "summary", .help = "Display counts of addresses", .one_of = 1},
	{.name = "persistent-learning", .help = "Show persistent addresses only"},
	{.name = "vlan-name", .help = "Name of VLAN", .value = "vlan"},
	{.name = "interface", .help = "Name of interface", .value = "interface"},
	{.name = "address", .help = "MAC address", .value = "mac", .bare = true},
	{0},
};

static const struct cli_param switching_params[] = {
	{.name = "brief", .help = "Display brief output", .one_of = 1},
	{.name = "detail", .help = "Display detailed output", .one_of = 1},
	{.name = "interface", .help = "Name of interface", .value = "interface", .bare = true},
	{0},
};

static const struct cli_param statistics_params[] = {
	{.name = "interface", .help = "Name of interface", .value = "interface", .bare = true},
	{0},
};

const struct cli_show cli_show_switching[] = {
	{.words = "show ethernet-switching interface",
		.help = "Show Ethernet switching interface information",
		.params = switching_params,
		.rpc = "show",
		.what = "ethernet-switching-interface",
		.print = print_switching_interface},
	{.words = "show ethernet-switching mac-notification",
		.help = "Show notification of changes of the MAC table",
		.rpc = "show",
		.what = "ethernet-switching-mac-notification",
		.print = print_mac_notification},
	{.words = "show ethernet-switching statistics",
		.help = "Show statistics of learning and of interfaces",
		.params = statistics_params,
		.rpc = "show",
		.what = "ethernet-switching-statistics",
		.print = print_statistics},
	{.words = "show ethernet-switching table",
		.help = "Show media access control table",
		.params = table_params,
		.rpc = "show",
		.what = "ethernet-switching-table",
		.print = print_macs},
	{.words = "show l2-learning global-information",
		.help = "Show global information of Layer 2 learning",
		.rpc = "show",
		.what = "l2-learning-global-information",
		.print = print_l2_global},
	{.words = "show l2-learning interface",
		.help = "Show interfaces that learn",
		.params = switching_params,
		.rpc = "show",
		.what = "l2-learning-interface",
		.print = print_switching_interface},
	{.words = "show mac-limit",
		.help = "Show limits of learned addresses",
		.rpc = "show",
		.what = "mac-limit",
		.print = print_mac_limit},
	{.words = "show persistent-learning",
		.help = "Show persistent (sticky) MAC addresses",
		.params = statistics_params,
		.rpc = "show",
		.what = "persistent-learning",
		.print = print_macs},
	{.words = "show vlans",
		.help = "Show VLAN information",
		.params = vlans_params,
		.rpc = "show",
		.what = "vlans",
		.print = print_vlans},
	{0},
};

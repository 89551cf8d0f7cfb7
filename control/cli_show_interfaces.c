/* SPDX-License-Identifier: BSD-3-Clause */
/* show interfaces. */
#include <string.h>

#include "control/cli_show_util.h"

#define COUNT JSON_INTEGER_FORMAT

/* "up" as a heading has it. */
static const char *up_text(const json_t *o, const char *member, const char *up, const char *down)
{
	return strcmp(cli_show_text(o, member), "up") == 0 ? up : down;
}

/* ---- terse, descriptions ---------------------------------------------------------------------- */

static void print_terse_logical(const json_t *l, FILE *out)
{
	const json_t *family = json_array_get(json_object_get(l, "address-family"), 0);
	char local[96] = "";

	if (cli_show_has(family, "ae-bundle-name"))
		snprintf(
			local, sizeof(local), "--> %.80s", cli_show_text(family, "ae-bundle-name"));
	cli_show_line(out, "%-23s %-5s %-4s %-8s %s", cli_show_text(l, "name"),
		cli_show_text(l, "admin-status"), cli_show_text(l, "oper-status"),
		cli_show_text(family, "address-family-name"), local);
}

static void print_terse(const json_t *physical, const json_t *logical, FILE *out)
{
	const json_t *p, *l;
	size_t i, k;

	fprintf(out, "%-23s %-5s %-4s %-8s %-21s %s\n", "Interface", "Admin", "Link", "Proto",
		"Local", "Remote");
	json_array_foreach (physical, i, p) {
		cli_show_line(out, "%-23s %-5s %-4s", cli_show_text(p, "name"),
			cli_show_text(p, "admin-status"), cli_show_text(p, "oper-status"));
		json_array_foreach (json_object_get(p, "logical-interface"), k, l)
			print_terse_logical(l, out);
	}
	json_array_foreach (logical, i, l)
		print_terse_logical(l, out);
}

static void print_description(const json_t *o, FILE *out)
{
	if (cli_show_has(o, "description"))
		fprintf(out, "%-15s %-5s %-4s %s\n", cli_show_text(o, "name"),
			cli_show_text(o, "admin-status"), cli_show_text(o, "oper-status"),
			cli_show_text(o, "description"));
}

static void print_descriptions(const json_t *physical, const json_t *logical, FILE *out)
{
	const json_t *p, *l;
	size_t i, k;

	if (json_array_size(physical) + json_array_size(logical) > 0)
		fputs("Interface       Admin Link Description\n", out);
	json_array_foreach (physical, i, p) {
		print_description(p, out);
		json_array_foreach (json_object_get(p, "logical-interface"), k, l)
			print_description(l, out);
	}
	json_array_foreach (logical, i, l)
		print_description(l, out);
}

/* ---- The unit --------------------------------------------------------------------------------- */

static void print_bundle_row(const char *what, const json_t *t, const char *in, FILE *out)
{
	char packets[32], pps[32], bytes[32], bps[32];

	snprintf(packets, sizeof(packets), "%s-packets", in);
	snprintf(pps, sizeof(pps), "%s-pps", in);
	snprintf(bytes, sizeof(bytes), "%s-bytes", in);
	snprintf(bps, sizeof(bps), "%s-bps", in);
	fprintf(out, "        %-7s:%14" COUNT " %10" COUNT " %13" COUNT " %12" COUNT "\n", what,
		cli_show_number(t, packets), cli_show_number(t, pps), cli_show_number(t, bytes),
		cli_show_number(t, bps));
}

static void print_bundle_rows(const json_t *o, FILE *out)
{
	const json_t *t = json_object_get(o, "traffic-statistics");

	print_bundle_row("Input ", t, "input", out);
	print_bundle_row("Output", t, "output", out);
}

/* A LAG and its members. */
static void print_bundle(const json_t *l, FILE *out)
{
	const json_t *m;
	size_t i;

	fputs("    Statistics        Packets        pps         Bytes          bps\n"
	      "    Bundle:\n",
		out);
	print_bundle_rows(l, out);
	fputs("    Link:\n", out);
	json_array_foreach (json_object_get(l, "lag-link"), i, m) {
		fprintf(out, "      %s%s\n", cli_show_text(m, "name"),
			up_text(m, "oper-status", "", " (down)"));
		print_bundle_rows(m, out);
	}
}

static void print_family(const json_t *f, FILE *out)
{
	if (cli_show_has(f, "ae-bundle-name")) {
		fprintf(out, "    Protocol aenet, AE bundle: %s\n",
			cli_show_text(f, "ae-bundle-name"));
		return;
	}
	fprintf(out, "    Protocol %s, MTU: %" COUNT "\n", cli_show_text(f, "address-family-name"),
		cli_show_number(f, "mtu"));
	fprintf(out, "      Flags: %s\n", cli_show_text(f, "address-family-flags"));
}

static void print_logical(const json_t *l, bool brief, FILE *out)
{
	const json_t *f, *t = json_object_get(l, "traffic-statistics");
	size_t i;

	fprintf(out, "  Logical interface %s", cli_show_text(l, "name"));
	if (!brief)
		fprintf(out, " (Index %" COUNT ") (SNMP ifIndex %" COUNT ")",
			cli_show_number(l, "local-index"), cli_show_number(l, "snmp-index"));
	fputc('\n', out);
	if (cli_show_has(l, "description"))
		fprintf(out, "    Description: %s\n", cli_show_text(l, "description"));
	fprintf(out, "    Flags: %s Encapsulation: %s\n", cli_show_text(l, "if-config-flags"),
		cli_show_text(l, "encapsulation"));
	if (!brief && cli_show_has(l, "lag-link"))
		print_bundle(l, out);
	else if (!brief)
		fprintf(out, "    Input packets : %" COUNT "\n    Output packets: %" COUNT "\n",
			cli_show_number(t, "input-packets"), cli_show_number(t, "output-packets"));
	json_array_foreach (json_object_get(l, "address-family"), i, f) {
		if (brief)
			fprintf(out, "    %s\n", cli_show_text(f, "address-family-name"));
		else
			print_family(f, out);
	}
}

/* ---- The physical interface ------------------------------------------------------------------- */

static void print_head(const json_t *p, bool brief, FILE *out)
{
	fprintf(out, "Physical interface: %s, %s, Physical link is %s\n", cli_show_text(p, "name"),
		up_text(p, "admin-status", "Enabled", "Administratively down"),
		up_text(p, "oper-status", "Up", "Down"));
	if (!brief)
		fprintf(out, "  Interface index: %" COUNT ", SNMP ifIndex: %" COUNT "\n",
			cli_show_number(p, "local-index"), cli_show_number(p, "snmp-index"));
	if (cli_show_has(p, "description"))
		fprintf(out, "  Description: %s\n", cli_show_text(p, "description"));
	fprintf(out, "  Link-level type: %s, MTU: %" COUNT, cli_show_text(p, "link-level-type"),
		cli_show_number(p, "mtu"));
	if (cli_show_has(p, "link-mode"))
		fprintf(out, ", Link-mode: %s", cli_show_text(p, "link-mode"));
	fprintf(out,
		", Speed: %s,\n  Ethernet-Switching Error: %s, Loopback: %s, "
		"Source filtering: %s,\n  Flow control: %s",
		cli_show_text(p, "speed"), cli_show_text(p, "ethernet-switching-error"),
		cli_show_text(p, "loopback"), cli_show_text(p, "source-filtering"),
		cli_show_text(p, "if-flow-control"));
	if (cli_show_has(p, "if-media-type"))
		fprintf(out, ", Media type: %s", cli_show_text(p, "if-media-type"));
	if (cli_show_has(p, "minimum-links-in-aggregate"))
		fprintf(out, ", Minimum links needed: %" COUNT,
			cli_show_number(p, "minimum-links-in-aggregate"));
	fprintf(out, "\n  Device flags   : %s\n  Interface flags: %s\n",
		cli_show_text(p, "if-device-flags"), cli_show_text(p, "if-config-flags"));
	fputs("  Link flags     : None\n", out);
}

static void print_traffic(const json_t *t, FILE *out)
{
	static const char *const rows[][3] = {
		{"Input  bytes  ", "input-bytes", "input-bps"},
		{"Output bytes  ", "output-bytes", "output-bps"},
		{"Input  packets", "input-packets", "input-pps"},
		{"Output packets", "output-packets", "output-pps"},
	};

	fputs("  Traffic statistics:\n", out);
	for (int i = 0; i < 4; i++)
		fprintf(out, "   %s: %20" COUNT " %20" COUNT " %s\n", rows[i][0],
			cli_show_number(t, rows[i][1]), cli_show_number(t, rows[i][2]),
			i < 2 ? "bps" : "pps");
}

static void print_errors(const json_t *p, FILE *out)
{
	const json_t *in = json_object_get(p, "input-error-list");
	const json_t *o = json_object_get(p, "output-error-list");

	fprintf(out,
		"  Input errors:\n    Errors: %" COUNT ", Drops: %" COUNT ", Runts: %" COUNT
		", Giants: %" COUNT ",\n    Policed discards: %" COUNT ", FIFO errors: %" COUNT
		", Resource errors: %" COUNT "\n",
		cli_show_number(in, "input-errors"), cli_show_number(in, "input-drops"),
		cli_show_number(in, "input-runts"), cli_show_number(in, "input-giants"),
		cli_show_number(in, "input-discards"), cli_show_number(in, "input-fifo-errors"),
		cli_show_number(in, "input-resource-errors"));
	fprintf(out,
		"  Output errors:\n    Carrier transitions: %" COUNT ", Drops: %" COUNT
		", MTU errors: %" COUNT ", Resource errors: %" COUNT "\n",
		cli_show_number(o, "carrier-transitions"), cli_show_number(o, "output-drops"),
		cli_show_number(o, "mtu-errors"), cli_show_number(o, "output-resource-errors"));
}

static void print_reasons(const json_t *p, FILE *out)
{
	const json_t *list = json_object_get(p, "drop-statistics"), *r;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	fputs("  Drop reasons:                     Packets\n", out);
	json_array_foreach (list, i, r)
		fprintf(out, "    %-24s %14" COUNT "  %s: %s\n", cli_show_text(r, "drop-reason"),
			cli_show_number(r, "drop-packets"), cli_show_text(r, "drop-direction"),
			cli_show_text(r, "drop-text"));
}

static void print_rates(const json_t *p, FILE *out)
{
	const json_t *t = json_object_get(p, "traffic-statistics");

	fprintf(out,
		"  Input rate     : %" COUNT " bps (%" COUNT " pps)\n"
		"  Output rate    : %" COUNT " bps (%" COUNT " pps)\n",
		cli_show_number(t, "input-bps"), cli_show_number(t, "input-pps"),
		cli_show_number(t, "output-bps"), cli_show_number(t, "output-pps"));
}

static void print_physical(const json_t *p, const json_t *args, FILE *out)
{
	bool brief = cli_show_flag(args, "brief");
	bool statistics = cli_show_flag(args, "statistics");
	bool more = cli_show_flag(args, "detail") || cli_show_flag(args, "extensive");
	const json_t *l;
	size_t i;

	print_head(p, brief, out);
	if (!brief) {
		fprintf(out, "  Current address: %s, Hardware address: %s\n",
			cli_show_text(p, "current-physical-address"),
			cli_show_text(p, "hardware-physical-address"));
		fprintf(out, "  Last flapped   : %s\n", cli_show_text(p, "interface-flapped"));
		if (more || statistics)
			fprintf(out, "  Statistics last cleared: %s\n",
				cli_show_text(p, "statistics-cleared"));
		if (more)
			print_traffic(json_object_get(p, "traffic-statistics"), out);
		else
			print_rates(p, out);
		if (cli_show_flag(args, "extensive"))
			print_errors(p, out);
		else if (statistics)
			fprintf(out, "  Input errors: %" COUNT ", Output errors: %" COUNT "\n",
				cli_show_number(
					json_object_get(p, "input-error-list"), "input-drops"),
				cli_show_number(
					json_object_get(p, "output-error-list"), "output-drops"));
		if (cli_show_flag(args, "extensive"))
			print_reasons(p, out);
		fprintf(out, "  Active alarms  : %s\n  Active defects : %s\n",
			cli_show_text(p, "active-alarms"), cli_show_text(p, "active-defects"));
	}
	json_array_foreach (json_object_get(p, "logical-interface"), i, l) {
		fputc('\n', out);
		print_logical(l, brief, out);
	}
	fputc('\n', out);
}

static bool print_interfaces(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *physical = cli_show_inner(
		data, "interface-information", "physical-interface");
	const json_t *logical = cli_show_inner(data, "interface-information", "logical-interface");
	const json_t *o;
	size_t i;

	if (cli_show_flag(args, "terse")) {
		print_terse(physical, logical, out);
		return true;
	}
	if (cli_show_flag(args, "descriptions")) {
		print_descriptions(physical, logical, out);
		return true;
	}
	json_array_foreach (physical, i, o)
		print_physical(o, args, out);
	json_array_foreach (logical, i, o)
		print_logical(o, cli_show_flag(args, "brief"), out);
	return true;
}

static const struct cli_param interfaces_params[] = {
	{.name = "brief", .help = "Display brief output", .one_of = 1},
	{.name = "descriptions", .help = "Display interface description strings", .one_of = 1},
	{.name = "detail", .help = "Display detailed output", .one_of = 1},
	{.name = "extensive", .help = "Display extensive output", .one_of = 1},
	{.name = "media", .help = "Display media information", .one_of = 1},
	{.name = "statistics", .help = "Display statistics and detailed output", .one_of = 1},
	{.name = "terse", .help = "Display terse output", .one_of = 1},
	{.name = "interface",
		.help = "Name of physical or logical interface",
		.value = "interface",
		.bare = true},
	{0},
};

const struct cli_show cli_show_interfaces[] = {
	{.words = "show interfaces",
		.help = "Show interface information",
		.params = interfaces_params,
		.rpc = "show",
		.what = "interfaces",
		.print = print_interfaces},
	{0},
};

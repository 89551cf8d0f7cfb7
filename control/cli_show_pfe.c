/* SPDX-License-Identifier: BSD-3-Clause */
/* show pfe, show ddos-protection. */
#include <stdint.h>
#include <string.h>

#include "control/cli_show_util.h"

#define COUNT JSON_INTEGER_FORMAT

/* ---- statistics ------------------------------------------------------------------------------- */

static void print_traffic(const json_t *o, FILE *out)
{
	const json_t *all = json_object_get(o, "pfe-traffic-statistics");
	const json_t *local = json_object_get(o, "pfe-local-traffic-statistics");
	const json_t *hardware = json_object_get(o, "pfe-hardware-discard-statistics");

	fprintf(out,
		"Packet Forwarding Engine traffic statistics:\n"
		"    Input  packets: %20" COUNT " %20" COUNT " pps\n"
		"    Output packets: %20" COUNT " %20" COUNT " pps\n",
		cli_show_number(all, "pfe-input-packets"), cli_show_number(all, "input-pps"),
		cli_show_number(all, "pfe-output-packets"), cli_show_number(all, "output-pps"));
	fprintf(out,
		"Packet Forwarding Engine local traffic statistics:\n"
		"    Local packets input                 : %20" COUNT "\n"
		"    Local packets output                : %20" COUNT "\n"
		"    Packets made by forwarding          : %20" COUNT "\n"
		"    Copies made by replication          : %20" COUNT "\n",
		cli_show_number(local, "pfe-input-packets"),
		cli_show_number(local, "pfe-output-packets"),
		cli_show_number(local, "generated-packets"),
		cli_show_number(local, "replicated-copies"));
	fprintf(out,
		"Packet Forwarding Engine hardware discard statistics:\n"
		"    Missed by the device       : %20" COUNT "\n"
		"    Errors of the device       : %20" COUNT "\n"
		"    No packet buffer           : %20" COUNT "\n",
		cli_show_number(hardware, "device-missed"),
		cli_show_number(hardware, "device-errors"),
		cli_show_number(hardware, "no-packet-buffer"));
}

static void print_drops(const json_t *list, FILE *out)
{
	bool ports = cli_show_has(json_array_get(list, 0), "interface-name");
	const json_t *d;
	size_t i;

	if (json_array_size(list) == 0) {
		fputs("No packets were dropped\n", out);
		return;
	}
	if (ports)
		fprintf(out, "%-14s ", "Interface");
	fprintf(out, "%-24s %14s  %-6s  %s\n", "Reason", "Packets", "Side", "Meaning");
	json_array_foreach (list, i, d) {
		if (ports)
			fprintf(out, "%-14s ", cli_show_text(d, "interface-name"));
		fprintf(out, "%-24s %14" COUNT "  %-6s  %s\n", cli_show_text(d, "drop-reason"),
			cli_show_number(d, "drop-packets"), cli_show_text(d, "drop-direction"),
			cli_show_text(d, "drop-text"));
	}
}

static void print_stages(const json_t *list, FILE *out)
{
	const json_t *s;
	size_t i;

	fprintf(out, "%-14s %16s %16s %14s  %s\n", "Stage", "Packets", "Clocks", "Clocks/packet",
		"What it does");
	json_array_foreach (list, i, s)
		fprintf(out, "%-14s %16" COUNT " %16" COUNT " %14s  %s\n",
			cli_show_text(s, "stage"), cli_show_number(s, "packets"),
			cli_show_number(s, "clocks"),
			cli_show_has(s, "clocks-per-packet") ? cli_show_text(s, "clocks-per-packet")
							     : "-",
			cli_show_text(s, "stage-text"));
}

static bool print_statistics(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *o = json_object_get(data, "pfe-statistics");

	(void)args;
	if (cli_show_has(o, "pfe-drop-statistics"))
		print_drops(json_object_get(o, "pfe-drop-statistics"), out);
	else if (cli_show_has(o, "pfe-stage-statistics"))
		print_stages(json_object_get(o, "pfe-stage-statistics"), out);
	else
		print_traffic(o, out);
	return true;
}

/* ---- table ------------------------------------------------------------------------------------ */

/* A list of names in one text. */
static void print_names(const json_t *list, FILE *out)
{
	const json_t *name;
	size_t i;

	json_array_foreach (list, i, name)
		fprintf(out, "%s%s", i > 0 ? "," : "",
			json_string_value(name) != NULL ? json_string_value(name) : "?");
}

/* "MAC_SET bd 10 mac 02:... configured": records differ, so each is a line of names and values. */
static void print_record(const json_t *r, FILE *out)
{
	char buf[CLI_SHOW_VALUE_SIZE];
	const json_t *v;
	const char *key;

	fprintf(out, "%-14s  %-18s", cli_show_text(r, "agreement"), cli_show_text(r, "record"));
	json_object_foreach ((json_t *)(uintptr_t)r, key, v) {
		if (strcmp(key, "agreement") == 0 || strcmp(key, "record") == 0)
			continue;
		fprintf(out, " %s ", key);
		if (json_is_array(v))
			print_names(v, out);
		else
			fputs(cli_show_value(r, key, "?", buf), out);
	}
	fputc('\n', out);
}

static bool print_table(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *o = json_object_get(data, "pfe-table-information"), *r;
	json_int_t extra = cli_show_number(o, "not-configured-count");
	json_int_t missing = cli_show_number(o, "missing-count");
	const json_t *list = json_object_get(o, "pfe-table-entry");
	size_t i;

	(void)args;
	fprintf(out, "Table %s: %zu records, ", cli_show_text(o, "pfe-table-name"),
		json_array_size(list) - (size_t)missing);
	if (extra == 0 && missing == 0)
		fputs("as configured\n", out);
	else
		fprintf(out, "%" COUNT " not as configured, %" COUNT " missing\n", extra, missing);
	json_array_foreach (list, i, r)
		print_record(r, out);
	return true;
}

/* ---- ddos-protection -------------------------------------------------------------------------- */

static void print_parameters(const json_t *p, FILE *out)
{
	const json_t *limits = json_object_get(p, "ddos-basic-parameters");
	char bandwidth[CLI_SHOW_VALUE_SIZE], burst[CLI_SHOW_VALUE_SIZE];

	fprintf(out,
		"    Aggregate policer configuration:\n      Bandwidth:        %s%s\n"
		"      Burst:            %s packets\n      Configured:       %s\n",
		cli_show_value(limits, "policer-bandwidth", "-", bandwidth),
		json_is_integer(json_object_get(limits, "policer-bandwidth")) ? " pps" : "",
		cli_show_value(limits, "policer-burst", "-", burst),
		cli_show_text(limits, "configured"));
}

static const char *violation_text(const char *state)
{
	if (strcmp(state, "violated-now") == 0)
		return "is being violated!";
	return strcmp(state, "violated") == 0 ? "was violated" : "is never violated";
}

static void print_protocol(const json_t *g, bool parameters, FILE *out)
{
	const json_t *p = json_array_get(json_object_get(g, "ddos-protocol"), 0);
	const json_t *s = json_object_get(p, "ddos-system-statistics");

	fprintf(out, "\nProtocol Group: %s\n\n  Packet type: %s (%s)\n",
		cli_show_text(g, "group-name"), cli_show_text(p, "packet-type"),
		cli_show_text(p, "packet-type-description"));
	if (parameters)
		print_parameters(p, out);
	fprintf(out,
		"    System-wide information:\n      Aggregate bandwidth %s\n"
		"      Received:  %-20" COUNT "Passed: %" COUNT "\n      Dropped:   %" COUNT "\n",
		violation_text(cli_show_text(p, "protocol-state")),
		cli_show_number(s, "packet-received"), cli_show_number(s, "packet-passed"),
		cli_show_number(s, "packet-dropped"));
	if (cli_show_has(s, "packet-arrival-rate"))
		fprintf(out,
			"      Arrival rate: %" COUNT " pps, maximum %" COUNT
			" pps\n      Violations: %" COUNT "\n",
			cli_show_number(s, "packet-arrival-rate"),
			cli_show_number(s, "packet-arrival-rate-max"),
			cli_show_number(s, "violation-count"));
}

static bool print_ddos(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *o = json_object_get(data, "ddos-protocols-information"), *g;
	const json_t *list = json_object_get(o, "ddos-protocol-group");
	json_int_t received = 0;
	size_t i;

	json_array_foreach (list, i, g)
		received += cli_show_number(
				    json_object_get(
					    json_array_get(json_object_get(g, "ddos-protocol"), 0),
					    "ddos-system-statistics"),
				    "packet-received") > 0;
	fprintf(out,
		"Packet types: %" COUNT ", Received traffic: %" COUNT
		", Currently violated: %" COUNT "\n",
		cli_show_number(o, "total-packet-types"), received,
		cli_show_number(o, "mod-packet-types"));
	json_array_foreach (list, i, g)
		print_protocol(g, !cli_show_flag(args, "statistics"), out);
	return true;
}

static const struct cli_param statistics_params[] = {
	{.name = "drops", .help = "Show dropped packets by reason", .one_of = 1},
	{.name = "stages", .help = "Show packets and clocks of each stage", .one_of = 1},
	{.name = "traffic", .help = "Show traffic statistics", .one_of = 1},
	{.name = "interface", .help = "Drops of this interface", .value = "interface"},
	{0},
};

static const struct cli_param ddos_params[] = {
	{.name = "parameters", .help = "Show policers", .one_of = 1},
	{.name = "statistics", .help = "Show statistics", .one_of = 1},
	{.name = "violations", .help = "Show protocols that were above their rate", .one_of = 1},
	{.name = "protocol", .help = "Protocol group", .value = "ddos", .bare = true},
	{0},
};

#define TABLE(name, text)                                                     \
	{                                                                     \
		.words = "show pfe table " name, .help = text, .rpc = "show", \
		.what = "pfe-table-" name, .print = print_table,              \
	}

const struct cli_show cli_show_pfe[] = {
	{.words = "show ddos-protection protocols",
		.help = "Show policers of packets for the routing engine",
		.params = ddos_params,
		.rpc = "show",
		.what = "ddos-protection-protocols",
		.print = print_ddos},
	{.words = "show pfe statistics",
		.help = "Show Packet Forwarding Engine statistics",
		.params = statistics_params,
		.rpc = "show",
		.what = "pfe-statistics",
		.print = print_statistics},
	TABLE("lag", "Show LAGs and their members"),
	TABLE("lport", "Show logical ports"),
	TABLE("mac", "Show MAC addresses"),
	TABLE("port", "Show physical ports"),
	TABLE("port-limit", "Show limits of VLANs on ports"),
	TABLE("punt", "Show policers that are configured"),
	TABLE("stp", "Show ports that do not forward"),
	TABLE("switch", "Show what concerns the whole switch"),
	TABLE("vlan", "Show bridge domains"),
	TABLE("vlan-ports", "Show port sets of bridge domains"),
	{0},
};

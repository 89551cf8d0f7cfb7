/* SPDX-License-Identifier: BSD-3-Clause */
/* show chassis. */
#include <string.h>

#include "control/cli_show_util.h"

static void print_part(const json_t *o, unsigned int indent, FILE *out)
{
	const json_t *sub;
	size_t i;

	cli_show_line(out, "%*s%-*s%-9s%-13s%-18s%s", (int)indent, "", 17 - (int)indent,
		cli_show_text(o, "name"), "", cli_show_text(o, "part-number"),
		cli_show_text(o, "serial-number"), cli_show_text(o, "description"));
	if (indent > 4)
		return;
	json_array_foreach (json_object_get(o, "chassis-module"), i, sub)
		print_part(sub, indent, out);
	json_array_foreach (json_object_get(o, "chassis-sub-module"), i, sub)
		print_part(sub, indent + 2, out);
}

static bool print_hardware(const json_t *data, const json_t *args, FILE *out)
{
	(void)args;
	fputs("Hardware inventory:\n", out);
	cli_show_line(out, "%-17s%-9s%-13s%-18s%s", "Item", "Version", "Part number",
		"Serial number", "Description");
	print_part(cli_show_inner(data, "chassis-inventory", "chassis"), 0, out);
	return true;
}

static bool print_environment(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *list = cli_show_inner(data, "environment-information", "environment-item"),
		     *e;
	const char *class = "";
	size_t i;

	(void)args;
	fprintf(out, "%-6s%-31s%-11s%s\n", "Class", "Item", "Status", "Measurement");
	json_array_foreach (list, i, e) {
		bool same = strcmp(class, cli_show_text(e, "class")) == 0;

		class = cli_show_text(e, "class");
		cli_show_line(out, "%-6s%-31s%-11s%s", same ? "" : class, cli_show_text(e, "name"),
			cli_show_text(e, "status"), cli_show_text(e, "comment"));
	}
	return true;
}

/* ---- FPC -------------------------------------------------------------------------------------- */

static void print_row(
	const char *name, const json_t *o, const char *member, const char *unit, FILE *out)
{
	char value[CLI_SHOW_VALUE_SIZE];

	if (cli_show_has(o, member))
		cli_show_line(
			out, "  %-34s  %s%s", name, cli_show_value(o, member, "-", value), unit);
}

static void print_pics(const json_t *fpc, FILE *out)
{
	const json_t *p;
	size_t i;

	json_array_foreach (json_object_get(fpc, "pic"), i, p)
		fprintf(out, "  PIC %d  %-12s %s\n", (int)cli_show_number(p, "pic-slot"),
			cli_show_text(p, "pic-state"), cli_show_text(p, "pic-type"));
}

static void print_fpc_detail(const json_t *fpc, FILE *out)
{
	const json_t *w;
	size_t i;

	fprintf(out, "Slot %d information:\n", (int)cli_show_number(fpc, "slot"));
	print_row("State", fpc, "state", "", out);
	print_row("Temperature", fpc, "temperature", "", out);
	print_row("Total CPU DRAM", fpc, "memory-dram-size", " MB", out);
	print_row("Packet memory", fpc, "memory-buffer-size", " MB", out);
	print_row("CPU utilization of workers", fpc, "cpu-total", " percent", out);
	print_row("SIMD width", fpc, "simd-width", " bits", out);
	print_row("Generation of tables", fpc, "table-generation", "", out);
	print_row("Start time", fpc, "start-time", "", out);
	print_row("Uptime", fpc, "up-time", "", out);
	json_array_foreach (json_object_get(fpc, "worker-information"), i, w)
		fprintf(out, "  Worker %d  CPU %d\n", (int)cli_show_number(w, "worker"),
			(int)cli_show_number(w, "cpu"));
	print_pics(fpc, out);
}

static bool print_fpc(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *list = cli_show_inner(data, "fpc-information", "fpc"), *f;
	char cpu[CLI_SHOW_VALUE_SIZE], dram[CLI_SHOW_VALUE_SIZE];
	size_t i;

	if (!cli_show_flag(args, "detail") && !cli_show_flag(args, "pic-status"))
		fputs("                     Temp  CPU Utilization (%)   Memory    Utilization (%)\n"
		      "Slot State            (C)  Total  Interrupt      DRAM (MB) Heap     "
		      "Buffer\n",
			out);
	json_array_foreach (list, i, f) {
		if (cli_show_flag(args, "detail")) {
			print_fpc_detail(f, out);
		} else if (cli_show_flag(args, "pic-status")) {
			fprintf(out, "Slot %d   %s\n", (int)cli_show_number(f, "slot"),
				cli_show_text(f, "state"));
			print_pics(f, out);
		} else {
			cli_show_line(out, "%3d  %-16s %4s %6s %10s      %9s %4s %10s",
				(int)cli_show_number(f, "slot"), cli_show_text(f, "state"), "-",
				cli_show_value(f, "cpu-total", "-", cpu), "-",
				cli_show_value(f, "memory-dram-size", "-", dram), "-", "-");
		}
	}
	return true;
}

static bool print_routing_engine(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *list = cli_show_inner(data, "route-engine-information", "route-engine"), *r;
	size_t i;

	(void)args;
	fputs("Routing Engine status:\n", out);
	json_array_foreach (list, i, r) {
		fprintf(out, "  Slot %d:\n    %-31s%s\n", (int)cli_show_number(r, "slot"),
			"Current state", cli_show_text(r, "mastership-state"));
		fprintf(out, "    %-31s%" JSON_INTEGER_FORMAT " MB\n", "Memory of vex-re",
			cli_show_number(r, "process-memory"));
		if (cli_show_has(r, "cpu-average"))
			fprintf(out, "    %-31s%s percent\n", "CPU of vex-re since start",
				cli_show_text(r, "cpu-average"));
		fprintf(out, "    %-31s%s\n    %-31s%s\n    %-31s%s\n    %-31s%s\n", "Model",
			cli_show_text(r, "model"), "Serial ID", cli_show_text(r, "serial-number"),
			"Start time", cli_show_text(r, "start-time"), "Uptime",
			cli_show_text(r, "up-time"));
		if (cli_show_has(r, "load-average-one"))
			fprintf(out,
				"    Load averages:                 1 minute   5 minute  15 "
				"minute\n"
				"    %39s %10s %10s\n",
				cli_show_text(r, "load-average-one"),
				cli_show_text(r, "load-average-five"),
				cli_show_text(r, "load-average-fifteen"));
	}
	return true;
}

static const struct cli_param fpc_params[] = {
	{.name = "detail", .help = "Display detailed FPC status", .one_of = 1},
	{.name = "pic-status", .help = "Display state of PICs", .one_of = 1},
	{0},
};

const struct cli_show cli_show_chassis[] = {
	{.words = "show chassis alarms",
		.help = "Show alarm status",
		.rpc = "show",
		.what = "chassis-alarms",
		.print = cli_show_alarms},
	{.words = "show chassis environment",
		.help = "Show component status and temperature, cooling system speeds",
		.rpc = "show",
		.what = "chassis-environment",
		.print = print_environment},
	{.words = "show chassis fpc",
		.help = "Show Flexible PIC Concentrator status",
		.params = fpc_params,
		.rpc = "show",
		.what = "chassis-fpc",
		.print = print_fpc},
	{.words = "show chassis hardware",
		.help = "Show installed hardware components",
		.rpc = "show",
		.what = "chassis-hardware",
		.print = print_hardware},
	{.words = "show chassis routing-engine",
		.help = "Show Routing Engine status",
		.rpc = "show",
		.what = "chassis-routing-engine",
		.print = print_routing_engine},
	{0},
};

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Golden files: what others depend on, as text under review (README.md). A change of one of these
 * is a change of the contract; `tests/golden/update` writes the files anew on purpose.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dataplane/drop.h"
#include "dataplane/model_api.h"
#include "dataplane/pipeline.h"
#include "dataplane/pkt.h"
#include "dataplane/tbl_hash.h"
#include "qos/queue.h"
#include "tests/unit/unit.h"

struct text {
	char *text;
	size_t len;
	FILE *f;
};

static void begin(struct text *t)
{
	t->f = open_memstream(&t->text, &t->len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t->f);
}

/* The first line at which two texts differ, from 1. */
static unsigned int first_difference(const char *a, const char *b)
{
	unsigned int line = 1;

	for (; *a && *a == *b; a++, b++)
		line += *a == '\n';
	return line;
}

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 16);

	if (f && text) {
		size_t n = fread(text, 1, (1 << 16) - 1, f);

		text[n] = '\0';
	}
	if (f)
		fclose(f);
	return text;
}

/* Compares with tests/golden/NAME.txt, or writes it if the environment says so. */
static void end(struct text *t, const char *name)
{
	char path[128];
	char *golden;

	fclose(t->f);
	snprintf(path, sizeof(path), "tests/golden/%s.txt", name);
	if (getenv("VEX_GOLDEN_UPDATE")) {
		FILE *f = fopen(path, "w");

		CU_ASSERT_PTR_NOT_NULL_FATAL(f);
		fputs(t->text, f);
		fclose(f);
	}
	golden = read_file(path);
	CU_ASSERT_PTR_NOT_NULL_FATAL(golden);
	if (strcmp(golden, t->text) != 0) {
		char message[256];

		snprintf(message, sizeof(message),
			"%s is as before, also in line %u (tests/golden/README.md)", path,
			first_difference(golden, t->text));
		CU_assertImplementation(CU_FALSE, __LINE__, message, path, "", CU_FALSE);
	}
	free(golden);
	free(t->text);
}

static void pipeline(void)
{
	struct text t;

	begin(&t);
	for (unsigned int i = 0; i < PIPELINE_STAGES; i++)
		fprintf(t.f, "%s %s\n",
			pipeline_stages[i].walk == PIPELINE_INGRESS ? "ingress" : "egress",
			pipeline_stages[i].name);
	end(&t, "pipeline");
}

static void drops(void)
{
	static const char *const sides[] = {"in", "out", "queue"};
	struct text t;

	begin(&t);
	for (unsigned int r = DROP_NONE + 1; r < DROP_REASONS; r++)
		fprintf(t.f, "%s %s\n", sides[drop_side(r)], drop_name(r));
	end(&t, "drops");
}

static void transactions(void)
{
	struct text t;

	begin(&t);
	for (unsigned int x = 1; vexmodel_xt_name(x); x++)
		fprintf(t.f, "%u %s\n", x, vexmodel_xt_name(x));
	end(&t, "transactions");
}

static void operations(void)
{
	struct text t;

	begin(&t);
	for (unsigned int type = 0; type < VEX_OP_TYPES; type++)
		fprintf(t.f, "operation %u %s\n", type, vex_op_type_name(type));
	for (unsigned int s = 0; s <= VEX_ABORTED; s++)
		fprintf(t.f, "status %u %s\n", s, vex_status_name(s));
	end(&t, "operations");
}

#define SIZE(type) fprintf(t.f, "sizeof %s %zu\n", #type, sizeof(struct type))
#define FIELD(type, field)                                                           \
	fprintf(t.f, "%s.%s %zu %zu\n", #type, #field, offsetof(struct type, field), \
		sizeof(((struct type *)NULL)->field))

static void abi_ops(void)
{
	struct text t;

	begin(&t);
	SIZE(vex_op);
	FIELD(vex_op, type);
	FIELD(vex_op, status);
	FIELD(vex_op, seq);
	FIELD(vex_op, raw);
	SIZE(lport_set);
	SIZE(vex_op_switch);
	FIELD(vex_op_switch, mac_limit);
	FIELD(vex_op_switch, mac_action);
	SIZE(vex_op_port);
	FIELD(vex_op_port, port);
	FIELD(vex_op_port, mtu);
	FIELD(vex_op_port, flags);
	FIELD(vex_op_port, speed_mbps);
	FIELD(vex_op_port, recovery_seconds);
	FIELD(vex_op_port, storm_flags);
	FIELD(vex_op_port, storm_kbps);
	SIZE(vex_op_lag);
	FIELD(vex_op_lag, lag);
	FIELD(vex_op_lag, minimum_links);
	FIELD(vex_op_lag, flags);
	SIZE(vex_op_lag_member);
	FIELD(vex_op_lag_member, lag);
	FIELD(vex_op_lag_member, port);
	SIZE(vex_op_lport);
	FIELD(vex_op_lport, lport);
	FIELD(vex_op_lport, untagged_bd);
	FIELD(vex_op_lport, flags);
	FIELD(vex_op_lport, mac_limit);
	FIELD(vex_op_lport, mac_action);
	SIZE(vex_op_vlan);
	FIELD(vex_op_vlan, bd);
	FIELD(vex_op_vlan, vid);
	FIELD(vex_op_vlan, fid_bd);
	FIELD(vex_op_vlan, stp_instance);
	FIELD(vex_op_vlan, flags);
	FIELD(vex_op_vlan, age_seconds);
	FIELD(vex_op_vlan, mac_limit);
	FIELD(vex_op_vlan, mac_action);
	SIZE(vex_op_vlan_ports);
	FIELD(vex_op_vlan_ports, bd);
	FIELD(vex_op_vlan_ports, set);
	FIELD(vex_op_vlan_ports, ports);
	SIZE(vex_op_vlan_port_limit);
	FIELD(vex_op_vlan_port_limit, bd);
	FIELD(vex_op_vlan_port_limit, lport);
	FIELD(vex_op_vlan_port_limit, mac_limit);
	FIELD(vex_op_vlan_port_limit, mac_action);
	SIZE(vex_op_stp);
	FIELD(vex_op_stp, instance);
	FIELD(vex_op_stp, lport);
	FIELD(vex_op_stp, state);
	SIZE(vex_op_mac);
	FIELD(vex_op_mac, bd);
	FIELD(vex_op_mac, lport);
	FIELD(vex_op_mac, mac);
	FIELD(vex_op_mac, type);
	FIELD(vex_op_mac, age_seconds);
	SIZE(vex_op_mac_flush);
	FIELD(vex_op_mac_flush, lport);
	FIELD(vex_op_mac_flush, bd);
	FIELD(vex_op_mac_flush, flags);
	SIZE(vex_op_punt);
	FIELD(vex_op_punt, protocol);
	FIELD(vex_op_punt, pps);
	FIELD(vex_op_punt, burst);
	end(&t, "abi-ops");
}

static void abi_model(void)
{
	struct text t;

	begin(&t);
	SIZE(vexmodel_options);
	FIELD(vexmodel_options, burst);
	FIELD(vexmodel_options, seed);
	SIZE(vexmodel_frame);
	FIELD(vexmodel_frame, time_ps);
	FIELD(vexmodel_frame, port);
	FIELD(vexmodel_frame, len);
	FIELD(vexmodel_frame, header);
	FIELD(vexmodel_frame, header_len);
	FIELD(vexmodel_frame, payload_len);
	FIELD(vexmodel_frame, payload);
#define STATUS(name) fprintf(t.f, "%s %d\n", #name, name)
	STATUS(VEXMODEL_OK);
	STATUS(VEXMODEL_NO_PORT);
	STATUS(VEXMODEL_TOO_LATE);
	STATUS(VEXMODEL_NO_MEMORY);
	STATUS(VEXMODEL_INVALID);
	STATUS(VEXMODEL_REFUSED);
	STATUS(VEXMODEL_IO);
	STATUS(VEXMODEL_NO_SUPPORT);
	fprintf(t.f, "VEXMODEL_BURST_MAX %d\n", VEXMODEL_BURST_MAX);
	end(&t, "abi-model");
}

/* Sizes that the speed depends on, and that the design fixes. */
static void layouts(void)
{
	struct text t;

	begin(&t);
	SIZE(pkt);
	SIZE(tbl_bucket);
	SIZE(queue_desc);
	FIELD(pkt, data);
	FIELD(pkt, dmac);
	fprintf(t.f, "cells %u of %u bytes, %u a port\n", QUEUE_CELLS, QUEUE_CELL_BYTES,
		QUEUE_PORT_CELLS);
	end(&t, "layouts");
}

static void options(void)
{
	static const char *const programs[] = {"vex-model", "vex-pfe"};
	const char *build = getenv("VEX_BUILD");
	struct text t;

	begin(&t);
	for (size_t i = 0; i < UNIT_N(programs); i++) {
		char command[1024];
		FILE *help;

		snprintf(command, sizeof(command), "%s/%s", build ? build : "build", programs[i]);
		/* The unit program may be run without the rest of the build. */
		if (access(command, X_OK) != 0) {
			fclose(t.f);
			free(t.text);
			return;
		}
		fprintf(t.f, "%s\n", programs[i]);
		strcat(command, " --help | grep -oE -e --[a-z-]+ | LC_ALL=C sort -u");
		help = popen(command, "r");
		CU_ASSERT_PTR_NOT_NULL_FATAL(help);
		while (fgets(command, sizeof(command), help))
			fputs(command, t.f);
		CU_ASSERT_EQUAL(pclose(help), 0);
	}
	end(&t, "options");
}

static const struct unit_case cases[] = {
	{"the order of the packet walk", pipeline},
	{"drop reasons and their sides", drops},
	{"numbers of the external transactions", transactions},
	{"numbers of operations and statuses", operations},
	{"sizes and offsets of operations", abi_ops},
	{"sizes, offsets and statuses of the model's library", abi_model},
	{"sizes of packets, buckets, descriptors", layouts},
	{"options of the programs", options},
};

const struct unit_suite golden_suite = {.name = "golden", .cases = cases, .n = UNIT_N(cases)};

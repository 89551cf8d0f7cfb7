/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/clock.h"
#include "dataplane/offline.h"

enum option_id {
	OPT_OFFLINE = 256,
	OPT_CONFIG,
	OPT_IN,
	OPT_OUT,
	OPT_COUNTERS,
	OPT_TABLES,
	OPT_TRACE,
	OPT_BURST,
	OPT_SEED,
	OPT_UNTIL,
	OPT_BATCH,
	OPT_EAL,
	OPT_HELP,
};

static const struct option long_options[] = {
	{"offline", no_argument, NULL, OPT_OFFLINE},
	{"config", required_argument, NULL, OPT_CONFIG},
	{"in", required_argument, NULL, OPT_IN},
	{"out", required_argument, NULL, OPT_OUT},
	{"counters", required_argument, NULL, OPT_COUNTERS},
	{"tables", required_argument, NULL, OPT_TABLES},
	{"trace", required_argument, NULL, OPT_TRACE},
	{"burst", required_argument, NULL, OPT_BURST},
	{"seed", required_argument, NULL, OPT_SEED},
	{"until", required_argument, NULL, OPT_UNTIL},
	{"batch", required_argument, NULL, OPT_BATCH},
	{"eal", required_argument, NULL, OPT_EAL},
	{"help", no_argument, NULL, OPT_HELP},
	{NULL, 0, NULL, 0},
};

static void print_help(const char *path, bool pfe)
{
	const char *slash = strrchr(path, '/');
	const char *program = slash ? slash + 1 : path;

	printf("usage: %s%s --config FILE --in IN.pcapng --out OUT.pcapng [options]\n"
	       "       %s%s --batch DIR [--out DIR] [options]\n"
	       "\n"
	       "Runs the switch on a capture, on virtual time.\n"
	       "\n"
	       "  --config FILE       Junos configuration; without it the factory default\n"
	       "  --in FILE           pcapng; the if_name of an interface is the port\n"
	       "  --out FILE          pcapng of what the ports sent\n"
	       "  --counters FILE     counters as JSON\n"
	       "  --tables FILE       tables as JSON\n"
	       "  --trace FILE        a JSON line for each packet and stage\n"
	       "  --burst N           packets that walk together, 1 to 64 (64); changes no result\n"
	       "  --seed N            of hashes and random draws (0)\n"
	       "  --until SECONDS     stop the clock here; without it when the queues are empty\n"
	       "  --batch DIR         run every vector folder in DIR and compare its out.pcapng\n",
		program, pfe ? " --offline" : "", program, pfe ? " --offline" : "");
	if (pfe)
		printf("  --eal 'ARGUMENTS'   more arguments for DPDK\n");
	printf("  --help\n");
}

/* A whole number in [low, high]. */
static bool parse_number(const char *text, uint64_t low, uint64_t high, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && !*end && !errno && *value >= low &&
	       *value <= high;
}

/* Seconds with up to twelve decimals, in picoseconds. */
static bool parse_seconds(const char *text, uint64_t *ps)
{
	uint64_t unit = VEX_PS_PER_SEC / 10;
	uint64_t value = 0;
	const char *c = text;

	if (*c < '0' || *c > '9')
		return false;
	for (; *c >= '0' && *c <= '9'; c++) {
		value = value * 10 + (uint64_t)(*c - '0');
		if (value > VEX_TIME_MAX / VEX_PS_PER_SEC)
			return false;
	}
	*ps = value * VEX_PS_PER_SEC;
	if (*c == '.') {
		for (c++; *c >= '0' && *c <= '9' && unit; c++, unit /= 10)
			*ps += (uint64_t)(*c - '0') * unit;
	}
	return !*c && *ps <= VEX_TIME_MAX;
}

static bool take_option(struct offline_options *o, int id, const char *arg, const char **expected)
{
	uint64_t n;

	switch (id) {
	case OPT_OFFLINE:
		o->offline = true;
		return true;
	case OPT_CONFIG:
		o->config = arg;
		return true;
	case OPT_IN:
		o->in = arg;
		return true;
	case OPT_OUT:
		o->out = arg;
		return true;
	case OPT_COUNTERS:
		o->counters = arg;
		return true;
	case OPT_TABLES:
		o->tables = arg;
		return true;
	case OPT_TRACE:
		o->trace = arg;
		return true;
	case OPT_BATCH:
		o->batch = arg;
		return true;
	case OPT_EAL:
		o->eal = arg;
		return true;
	case OPT_BURST:
		*expected = "--burst takes a number from 1 to 64";
		if (!parse_number(arg, 1, VEXMODEL_BURST_MAX, &n))
			return false;
		o->model.burst = (unsigned int)n;
		return true;
	case OPT_SEED:
		*expected = "--seed takes a number from 0 to 18446744073709551615";
		return parse_number(arg, 0, UINT64_MAX, &o->model.seed);
	case OPT_UNTIL:
		*expected = "--until takes seconds, such as 2.5, up to 18000000";
		o->until_given = true;
		return parse_seconds(arg, &o->until_ps);
	default:
		*expected = "see --help";
		return false;
	}
}

/* What is missing or does not go together, NULL if nothing. */
static const char *contradiction(const struct offline_options *o, bool pfe)
{
	if (pfe && !o->offline)
		return "only --offline is available in this version; add --offline";
	if (!pfe && (o->offline || o->eal))
		return "--offline and --eal are options of vex-pfe";
	if (o->batch)
		return o->config || o->in || o->counters || o->tables || o->trace || o->until_given
			       ? "--batch goes with --out, --burst and --seed only"
			       : NULL;
	if (!o->in)
		return "--in is missing";
	return o->out ? NULL : "--out is missing";
}

bool offline_parse(
	struct offline_options *o, int argc, char **argv, bool pfe, enum offline_exit *status)
{
	const char *wrong = NULL;
	int id;

	*o = (struct offline_options){.program = argv[0]};
	*status = OFFLINE_USAGE;
	optind = 1;
	while ((id = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (id == OPT_HELP) {
			print_help(argv[0], pfe);
			*status = OFFLINE_OK;
			return false;
		}
		if (id == '?')
			return false;
		if (!take_option(o, id, optarg, &wrong)) {
			fprintf(stderr, "%s: %s\n", argv[0], wrong);
			return false;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "%s: unexpected argument '%s'; see --help\n", argv[0],
			argv[optind]);
		return false;
	}
	wrong = contradiction(o, pfe);
	if (wrong)
		fprintf(stderr, "%s: %s\n", argv[0], wrong);
	return !wrong;
}

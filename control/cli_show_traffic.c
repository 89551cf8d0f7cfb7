/* SPDX-License-Identifier: BSD-3-Clause */
/* monitor traffic: frames of the routing engine on a port, live (monitor_traffic.h). */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "control/cli_show_util.h"
#include "control/monitor_traffic.h"
#include "control/sup_netns.h"

#define LOOK_MS 50

static bool refuse(const char *text)
{
	fprintf(stderr, "error: %s\n", text);
	return false;
}

/* A number from 1; false if the text is none. Absent: 0. */
static bool number(const json_t *args, const char *name, unsigned int *n)
{
	const char *text = json_string_value(json_object_get(args, name));
	unsigned long value;
	char *end;

	*n = 0;
	if (text == NULL)
		return true;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || end == text || text[0] == '-' || value == 0 ||
		value > UINT32_MAX)
		return false;
	*n = (unsigned int)value;
	return true;
}

static bool read_options(const json_t *args, struct monitor_traffic_options *o)
{
	o->port = json_string_value(json_object_get(args, "interface"));
	o->matching = json_string_value(json_object_get(args, "matching"));
	o->file = json_string_value(json_object_get(args, "write-file"));
	o->detail = cli_show_flag(args, "detail");
	o->layer2_headers = cli_show_flag(args, "layer2-headers");
	o->print_hex = cli_show_flag(args, "print-hex");
	o->print_ascii = cli_show_flag(args, "print-ascii");
	if (!number(args, "count", &o->count) || !number(args, "size", &o->size))
		return refuse("count and size are numbers from 1");
	if (o->file != NULL && o->size > 0)
		return refuse("a file holds whole frames; leave out size");
	return true;
}

/*
 * ^C ends the capture, not the program, which has a file to finish. An interactive command line
 * holds its signals back already.
 */
static int hold_signals(sigset_t *before)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, before);
	return sigismember(before, SIGINT) ? -1 : signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool was_told_to_end(int signals)
{
	struct signalfd_siginfo info;

	return signals >= 0 && read(signals, &info, sizeof(info)) == sizeof(info);
}

static bool follow(struct cli_env *env, const struct monitor_traffic_options *o, int signals,
	FILE *out, char err[256])
{
	struct monitor_traffic *traffic = monitor_traffic_start(o, err, 256);

	if (traffic == NULL)
		return false;
	while (monitor_traffic_step(traffic, out) && !cli_env_wait(env, LOOK_MS) &&
		!was_told_to_end(signals))
		;
	return monitor_traffic_stop(traffic, out, err, 256);
}

static bool capture(struct cli_env *env, const struct monitor_traffic_options *o, FILE *out)
{
	sigset_t before;
	int signals = hold_signals(&before);
	char err[256];
	bool ok = follow(env, o, signals, out, err);

	if (signals >= 0)
		close(signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return *err != '\0' ? refuse(err) : ok;
}

static bool run_traffic(struct cli_env *env, const json_t *args, FILE *out)
{
	struct monitor_traffic_options options = {0};
	char netns[SUP_NETNS_NAME_SIZE];
	json_t *nothing, *hello;
	bool ok;

	if (!read_options(args, &options))
		return false;
	nothing = json_object();
	hello = cli_env_ask(env, "hello", nothing);
	json_decref(nothing);
	if (hello == NULL)
		return false;
	if (json_is_true(json_object_get(hello, "taps"))) {
		options.netns = sup_netns_name(cli_show_text(hello, "instance"), netns);
		ok = capture(env, &options, out);
	} else {
		ok = refuse("this switch has no taps, so there is nothing to see; `vex status` "
			    "says why");
	}
	json_decref(hello);
	return ok;
}

static const struct cli_param traffic_params[] = {
	{.name = "interface", .help = "Name of interface", .value = "interface", .required = true},
	{.name = "count", .help = "Number of packets to receive", .value = "packets"},
	{.name = "detail", .help = "Display detailed output"},
	{.name = "layer2-headers", .help = "Display link-level header on each dump line"},
	{.name = "matching",
		.help = "Expression for headers of packets to receive",
		.value = "expression"},
	{.name = "no-resolve", .help = "Don't attempt to print addresses symbolically (always)"},
	{.name = "print-ascii", .help = "Display packets in ASCII"},
	{.name = "print-hex", .help = "Display packets in hexadecimal format"},
	{.name = "size", .help = "Amount of each packet to receive", .value = "bytes"},
	{.name = "write-file", .help = "Write packets to a pcapng file", .value = "filename"},
	{0},
};

const struct cli_show cli_show_traffic[] = {
	{.words = "monitor traffic",
		.help = "Show packets of the routing engine",
		.params = traffic_params,
		.run = run_traffic},
	{0},
};

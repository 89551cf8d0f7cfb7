/* SPDX-License-Identifier: BSD-3-Clause */
/* monitor interface: a screen that is written again each second; once if there is no screen. */
#include <ctype.h>
#include <string.h>
#include <time.h>

#include "control/cli_show_util.h"

#define COUNT	  JSON_INTEGER_FORMAT
#define PERIOD_MS 1000
#define HOME	  "\033[H\033[2J"

struct screen {
	struct cli_env *env;
	FILE *out;
	bool live;  /* there is a screen */
	bool bytes; /* packets otherwise */
	int rows;
	time_t since;
	json_t *first; /* the first answer, or that when `c` was hit: deltas count from it */
};

static const json_t *interfaces(const json_t *data)
{
	return cli_show_inner(data, "interface-information", "physical-interface");
}

static void print_clock(const struct screen *s, FILE *out)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[16] = "";

	if (localtime_r(&now, &tm) != NULL)
		strftime(text, sizeof(text), "%H:%M:%S", &tm);
	fprintf(out, "%33sSeconds: %-21d Time: %s\n\n", "", (int)(now - s->since), text);
}

/* ---- All interfaces --------------------------------------------------------------------------- */

static void print_traffic(const struct screen *s, const json_t *data, FILE *out)
{
	const char *what = s->bytes ? "bytes" : "packets", *unit = s->bytes ? "bps" : "pps";
	char in[24], in_rate[24], to[24], to_rate[24], rate[32];
	const json_t *p;
	size_t i;

	snprintf(in, sizeof(in), "input-%s", what);
	snprintf(in_rate, sizeof(in_rate), "input-%s", unit);
	snprintf(to, sizeof(to), "output-%s", what);
	snprintf(to_rate, sizeof(to_rate), "output-%s", unit);
	fprintf(out, "%-12s %-5s %12s %-8s %10s %13s %-8s %10s\n", "Interface", "Link", "Input",
		what, s->bytes ? "(bps)" : "(pps)", "Output", what, s->bytes ? "(bps)" : "(pps)");
	json_array_foreach (interfaces(data), i, p) {
		const json_t *t = json_object_get(p, "traffic-statistics");

		/* Head, foot and the prompt take six rows. */
		if (s->live && (int)i >= s->rows - 6)
			break;
		snprintf(rate, sizeof(rate), "(%" COUNT ")", cli_show_number(t, in_rate));
		fprintf(out, " %-12s %-4s %21" COUNT " %10s", cli_show_text(p, "name"),
			strcmp(cli_show_text(p, "oper-status"), "up") == 0 ? "Up" : "Down",
			cli_show_number(t, in), rate);
		snprintf(rate, sizeof(rate), "(%" COUNT ")", cli_show_number(t, to_rate));
		fprintf(out, " %22" COUNT " %10s\n", cli_show_number(t, to), rate);
	}
	if (s->live)
		fputs("\nBytes=b, Clear=c, Packets=p, Quit=q or ESC\n", out);
}

/* ---- One interface ---------------------------------------------------------------------------- */

static void print_row(const char *text, const json_t *now, const json_t *first, const char *name,
	const char *rate, const char *unit, FILE *out)
{
	char value[64];
	json_int_t n = cli_show_number(now, name);

	if (rate != NULL)
		snprintf(value, sizeof(value), "%" COUNT " (%" COUNT " %s)", n,
			cli_show_number(now, rate), unit);
	else
		snprintf(value, sizeof(value), "%" COUNT, n);
	fprintf(out, "  %-21s %-39s [%" COUNT "]\n", text, value, n - cli_show_number(first, name));
}

static void print_one(const struct screen *s, const json_t *data, FILE *out)
{
	const json_t *p = json_array_get(interfaces(data), 0);
	const json_t *f = json_array_get(interfaces(s->first), 0);
	const json_t *t = json_object_get(p, "traffic-statistics");
	const json_t *tf = json_object_get(f, "traffic-statistics");
	const json_t *in = json_object_get(p, "input-error-list");
	const json_t *to = json_object_get(p, "output-error-list");

	fprintf(out, "Interface: %s, %s, Link is %s\nEncapsulation: Ethernet, Speed: %s\n",
		cli_show_text(p, "name"),
		strcmp(cli_show_text(p, "admin-status"), "up") == 0 ? "Enabled" : "Disabled",
		strcmp(cli_show_text(p, "oper-status"), "up") == 0 ? "Up" : "Down",
		cli_show_text(p, "speed"));
	fprintf(out, "%-63s %s\n", "Traffic statistics:", "Current delta");
	print_row("Input bytes:", t, tf, "input-bytes", "input-bps", "bps", out);
	print_row("Output bytes:", t, tf, "output-bytes", "output-bps", "bps", out);
	print_row("Input packets:", t, tf, "input-packets", "input-pps", "pps", out);
	print_row("Output packets:", t, tf, "output-packets", "output-pps", "pps", out);
	fputs("Error statistics:\n", out);
	print_row("Input errors:", in, json_object_get(f, "input-error-list"), "input-errors", NULL,
		"", out);
	print_row("Input drops:", in, json_object_get(f, "input-error-list"), "input-drops", NULL,
		"", out);
	print_row("Output drops:", to, json_object_get(f, "output-error-list"), "output-drops",
		NULL, "", out);
	print_row("Carrier transitions:", to, json_object_get(f, "output-error-list"),
		"carrier-transitions", NULL, "", out);
	if (s->live)
		fputs("\nClear='c', Quit='q' or ESC\n", out);
}

/* ---- The loop --------------------------------------------------------------------------------- */

/* True: go on. */
static bool handle_key(struct screen *s, int key, const json_t *data)
{
	key = key > 0 && key < 128 ? tolower(key) : key;
	if (key == 'b')
		s->bytes = true;
	if (key == 'p')
		s->bytes = false;
	if (key == 'c') {
		json_decref(s->first);
		s->first = json_deep_copy(data);
		s->since = time(NULL);
	}
	return key != 'q' && key != 033;
}

static bool round_of(struct screen *s, const json_t *request, bool all, bool *ok)
{
	json_t *data = cli_env_ask(s->env, "show", request);
	bool more;

	*ok = data != NULL;
	if (data == NULL)
		return false;
	if (s->first == NULL)
		s->first = json_incref(data);
	if (s->live)
		fputs(HOME, s->out);
	print_clock(s, s->out);
	if (all)
		print_traffic(s, data, s->out);
	else
		print_one(s, data, s->out);
	fflush(s->out);
	more = s->live && !cli_env_wait(s->env, PERIOD_MS) &&
	       handle_key(s, cli_env_key(s->env), data);
	json_decref(data);
	return more;
}

static bool run_monitor(struct cli_env *env, const json_t *args, FILE *out)
{
	const char *name = json_string_value(json_object_get(args, "interface"));
	struct screen s = {.env = env, .out = out, .since = time(NULL), .rows = 24};
	json_t *request, *inner = json_object();
	int columns;
	bool ok;

	if (name != NULL)
		json_object_set_new(inner, "interface", json_string(name));
	request = json_pack("{s:s, s:o}", "what", "interfaces", "args", inner);
	s.live = cli_env_screen(env, &s.rows, &columns);
	while (round_of(&s, request, name == NULL, &ok))
		;
	json_decref(s.first);
	json_decref(request);
	return ok;
}

static const struct cli_param monitor_params[] = {
	{.name = "traffic", .help = "Display traffic of all interfaces", .one_of = 1},
	{.name = "interface",
		.help = "Name of interface",
		.value = "interface",
		.bare = true,
		.one_of = 1},
	{0},
};

const struct cli_show cli_show_monitor[] = {
	{.words = "monitor interface",
		.help = "Show interface traffic live",
		.params = monitor_params,
		.run = run_monitor},
	{0},
};

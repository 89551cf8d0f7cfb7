/* SPDX-License-Identifier: BSD-3-Clause */
/* Trees, refusals, clears and requests. What a person sees of them is in cli_show_test.c. */
#include "control/show_build.h"

#include "control/show_util.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIG                                                                        \
	"set chassis aggregated-devices ethernet device-count 1\n"                    \
	"set interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members v10\n" \
	"set interfaces ge-0/0/1 ether-options 802.3ad ae0\n"                         \
	"set interfaces ge-0/0/2 ether-options 802.3ad ae0\n"                         \
	"set interfaces ae0 unit 0 family ethernet-switching vlan members v20\n"      \
	"set interfaces ge-0/0/3 unit 0 family ethernet-switching vlan members v20\n" \
	"set vlans v10 vlan-id 10\nset vlans v20 vlan-id 20\n"                        \
	"set switch-options interface ge-0/0/3.0 static-mac 02:00:00:00:00:aa vlan-id 20\n"

static bool has_word(const char *text, const char *word)
{
	return strstr(text, word) != NULL;
}

static void patterns(void)
{
	CU_ASSERT_TRUE(show_match("ge-0/0/1", "ge-0/0/1"));
	CU_ASSERT_FALSE(show_match("ge-0/0/1", "ge-0/0/11"));
	CU_ASSERT_TRUE(show_match("ge-0/0/*", "ge-0/0/11"));
	CU_ASSERT_TRUE(show_match("*", ""));
	CU_ASSERT_TRUE(show_match("*-0/0/?", "ge-0/0/1"));
	CU_ASSERT_FALSE(show_match("ge-0/0/?", "ge-0/0/11"));
	CU_ASSERT_TRUE(show_match("ge-0/0/[0-3,11]", "ge-0/0/11"));
	CU_ASSERT_TRUE(show_match("ge-0/0/[0-3,11]", "ge-0/0/2"));
	CU_ASSERT_FALSE(show_match("ge-0/0/[0-3,11]", "ge-0/0/1x"));
	CU_ASSERT_FALSE(show_match("ge-0/0/[0-3,11]", "ge-0/0/10"));
	CU_ASSERT_TRUE(show_match("ge-0/0/[0-3]*", "ge-0/0/1.0"));
	CU_ASSERT_FALSE(show_match("ge-0/0/[x]", "ge-0/0/1"));
	CU_ASSERT_FALSE(show_match("ge-0/0/[", "ge-0/0/1"));
	CU_ASSERT_FALSE(show_match("ge-0/0/[]", "ge-0/0/"));
}

static void durations(void)
{
	char buf[SHOW_AGO_SIZE];

	CU_ASSERT_STRING_EQUAL(show_ago(0, buf), "00:00:00");
	CU_ASSERT_STRING_EQUAL(show_ago(-5, buf), "00:00:00");
	CU_ASSERT_STRING_EQUAL(show_ago(86399, buf), "23:59:59");
	CU_ASSERT_STRING_EQUAL(show_ago(86400 + 7260, buf), "1d 02:01");
	CU_ASSERT_STRING_EQUAL(show_ago(154 * 86400LL + 19 * 3600 + 960, buf), "22w0d 19:16");
}

static void addresses(void)
{
	uint8_t mac[6];

	CU_ASSERT_TRUE(show_mac_parse("02:00:5E:0:1:ff", mac));
	CU_ASSERT_EQUAL(memcmp(mac, "\x02\x00\x5e\x00\x01\xff", 6), 0);
	CU_ASSERT_FALSE(show_mac_parse("02:00:5e:00:01", mac));
	CU_ASSERT_FALSE(show_mac_parse("02:00:5e:00:01:ff:00", mac));
	CU_ASSERT_FALSE(show_mac_parse("02:00:5e:00:01:100", mac));
	CU_ASSERT_FALSE(show_mac_parse("02:00:5e:00:01: 1", mac));
	CU_ASSERT_FALSE(show_mac_parse("", mac));
}

static void refusals(void)
{
	struct show_bench *b = show_bench_create(CONFIG);

	EXPECT_REFUSED(
		b, "interfaces", "{\"interface\": \"ge-9/0/0\"}", "device ge-9/0/0 not found");
	EXPECT_REFUSED(b, "interfaces", "{\"interface\": \"ae1\"}", "device ae1 not found");
	EXPECT_REFUSED(
		b, "interfaces", "{\"colour\": true}", "this command has no argument `colour`");
	EXPECT_REFUSED(b, "interfaces", "{\"interface\": [1]}",
		"the argument `interface` must be a text, a number or true");
	EXPECT_REFUSED(b, "interfaces", "[]", "the arguments must be an object");
	EXPECT_REFUSED(
		b, "vlans", "{\"vlan\": \"v11\"}", "vlan with name or tag v11 does not exist");
	show_bench_dump(b);
	EXPECT_REFUSED(b, "ethernet-switching-table", "{\"vlan-name\": \"v11\"}",
		"vlan with name or tag v11 does not exist");
	EXPECT_REFUSED(b, "ethernet-switching-table", "{\"address\": \"02:00\"}",
		"`02:00` is no MAC address; write six octets such as 02:00:00:00:00:01");
	EXPECT_REFUSED(b, "ddos-protection-protocols", "{\"protocol\": \"ospf\"}",
		"there is no protocol group ospf");
	show_bench_free(b);
}

static void without_forwarding(void)
{
	struct show_bench *b = show_bench_create(CONFIG);

	b->ctx.cnt = NULL;
	show_live_sample(b->ctx.live, NULL, 2000, SHOW_BENCH_NOW);
	for (size_t i = 0; show_at(i) != NULL; i++) {
		struct vex_errs errs = {0};
		json_t *tree = show_at(i)->make(&b->ctx, NULL, &errs);

		CU_ASSERT_EQUAL(tree == NULL, vex_errs_any(&errs));
		if (show_at(i)->needs_tables != 0 && !has_word(show_at(i)->name, "interface")) {
			CU_ASSERT_PTR_NULL(tree);
			CU_ASSERT_TRUE(has_word(errs.v[0].text, "vex-pfe"));
		}
		vex_errs_free(&errs);
		json_decref(tree);
	}
	EXPECT_TEXT(b, "show interfaces", "{\"terse\": true, \"interface\": \"ge-0/0/0\"}",
		"Interface               Admin Link Proto    Local                 Remote\n"
		"ge-0/0/0                up    down\n"
		"ge-0/0/0.0              up    down eth-switch\n");
	show_bench_free(b);
}

static void table_filters(void)
{
	static const struct {
		const char *args;
		size_t n;
	} rows[] = {{"{}", 5}, {"{\"vlan-name\": \"v20\"}", 3}, {"{\"vlan-name\": \"10\"}", 2},
		{"{\"interface\": \"ge-0/0/0.0\"}", 2}, {"{\"interface\": \"ae0\"}", 1},
		{"{\"interface\": \"ge-0/0/1\"}", 0}, {"{\"address\": \"02:00:00:00:00:01\"}", 2},
		{"{\"address\": \"02:00:00:00:00:01\", \"vlan-name\": \"v20\"}", 1},
		{"{\"persistent-learning\": true}", 1}};
	struct show_bench *b = show_bench_create(CONFIG);
	json_t *sticky;

	show_bench_dump(b);
	show_bench_add_mac(b, 10, 0, 1, VEX_MAC_DYNAMIC, 0);
	show_bench_add_mac(b, 10, 0, 2, VEX_MAC_STICKY, 0);
	show_bench_add_mac(b, 20, VEX_LPORT_LAG0, 1, VEX_MAC_DYNAMIC, 0);
	show_bench_add_mac(b, 20, 3, 3, VEX_MAC_DYNAMIC, 0);
	for (size_t i = 0; i < UNIT_N(rows); i++) {
		json_t *tree = show_bench_make(b, "ethernet-switching-table", rows[i].args);
		json_t *list = json_object_get(
			json_object_get(tree, "l2ng-l2ald-rtb-macdb"), "l2ng-mac-entry");

		CU_ASSERT_EQUAL(json_array_size(list), rows[i].n);
		json_decref(tree);
	}
	sticky = show_bench_make(b, "persistent-learning", "{\"interface\": \"ge-0/0/0\"}");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(
				json_object_get(sticky, "l2ng-l2ald-rtb-macdb"), "l2ng-mac-entry")),
		1);
	json_decref(sticky);
	show_bench_free(b);
}

/* A dump comes from another process: nothing in it is believed. */
static void nonsense_in_dumps(void)
{
	struct show_bench *b = show_bench_create(CONFIG);
	struct vex_op op;

	show_bench_dump(b);
	memset(&op, 0xff, sizeof(op));
	for (unsigned int t = 0; t < VEX_TABLES; t++)
		for (unsigned int type = 0; type <= VEX_OP_TYPES; type++) {
			op.type = (uint16_t)type;
			show_bench_add(b, (enum vex_table)t, &op);
		}
	for (size_t i = 0; show_at(i) != NULL; i++) {
		struct vex_errs errs = {0};
		json_t *tree = show_at(i)->make(&b->ctx, NULL, &errs);

		CU_ASSERT_EQUAL(tree == NULL, vex_errs_any(&errs));
		vex_errs_free(&errs);
		json_decref(tree);
	}
	show_bench_free(b);
}

/* Every command of the client that looks has a maker, which takes all parameters of the command. */
static void both_sides_agree(void)
{
	struct show_bench *b = show_bench_create(CONFIG);

	for (const struct cli_show *const *t = cli_show_tables; *t != NULL; t++)
		for (const struct cli_show *s = *t; s->words != NULL; s++) {
			const struct cli_param *p = s->params;

			if (s->run != NULL)
				continue;
			if (strcmp(s->rpc, "show") == 0)
				CU_ASSERT_PTR_NOT_NULL_FATAL(show_find(s->what));
			if (strcmp(s->rpc, "clear") == 0)
				CU_ASSERT_PTR_NOT_NULL_FATAL(clear_find(s->what));
			if (strcmp(s->rpc, "request") == 0)
				CU_ASSERT_PTR_NOT_NULL_FATAL(request_find(s->what));
			for (; strcmp(s->rpc, "show") == 0 && p != NULL && p->name != NULL; p++) {
				json_t *args = json_object();
				struct vex_errs errs = {0};
				json_t *tree;

				json_object_set_new(args, p->name,
					p->value != NULL ? json_string("x") : json_true());
				tree = show_find(s->what)->make(&b->ctx, args, &errs);
				if (errs.n > 0)
					CU_ASSERT_FALSE(has_word(errs.v[0].text, "no argument"));
				vex_errs_free(&errs);
				json_decref(tree);
				json_decref(args);
			}
		}
	show_bench_free(b);
}

static void expect_names(
	struct show_bench *b, const char *kind, const char *prefix, const char *expected)
{
	json_t *names = show_complete(&b->ctx, kind, prefix), *name;
	char text[256] = "";
	size_t i;

	json_array_foreach (names, i, name) {
		strncat(text, json_string_value(json_object_get(name, "name")), 32);
		strncat(text, " ", 2);
	}
	CU_ASSERT_STRING_EQUAL(text, expected);
	json_decref(names);
}

static void completion(void)
{
	struct show_bench *b = show_bench_create(CONFIG "set interfaces ge-0/0/3 description x\n");
	json_t *names;

	expect_names(
		b, "interface", "ge-0/0/2", "ge-0/0/2 ge-0/0/20 ge-0/0/21 ge-0/0/22 ge-0/0/23 ");
	expect_names(b, "interface", "a", "ae0 ");
	expect_names(b, "lag", "", "ae0 ");
	expect_names(b, "vlan", "v", "v10 v20 ");
	expect_names(b, "ddos", "ll", "lldp ");
	expect_names(b, "log", "", "");
	expect_names(b, "nothing", "", "");
	names = show_complete(&b->ctx, "interface", "ge-0/0/3");
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(json_array_get(names, 0), "help")), "x");
	json_decref(names);
	show_bench_free(b);
}

/* ---- Logs ------------------------------------------------------------------------------------- */

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fputs(text, f);
	fclose(f);
}

static void logs(void)
{
	char dir[] = "/tmp/vex-show-XXXXXX", link[64], inner[64];
	struct show_bench *b = show_bench_create(CONFIG);
	struct clear_ops ops;
	struct vex_errs errs = {0};
	json_t *args = json_pack("{s:s}", "file", "messages");

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	EXPECT_REFUSED(b, "log", "{}", "there are no log files");
	b->ctx.log_dir = dir;
	write_file(dir, "messages", "one\ntwo\nthree\n");
	snprintf(link, sizeof(link), "%s/link", dir);
	snprintf(inner, sizeof(inner), "%s/folder", dir);
	CU_ASSERT_EQUAL(symlink("/etc/passwd", link), 0);
	CU_ASSERT_EQUAL(mkdir(inner, 0700), 0);
	EXPECT_TEXT(b, "show log", "{\"file\": \"messages\"}", "one\ntwo\nthree\n");
	EXPECT_TEXT(b, "show log", "{\"file\": \"messages\", \"last\": \"2\"}", "two\nthree\n");
	EXPECT_TEXT(b, "show log", "{\"last\": \"9\"}", "one\ntwo\nthree\n");
	EXPECT_REFUSED(b, "log", "{\"last\": \"0\"}", "`last` takes a number of lines from 1");
	for (int i = 0; i < 5; i++) {
		static const char *const names[] = {
			"link", "folder", "../messages", "/etc/passwd", ".."};
		char json[64], text[128];

		snprintf(json, sizeof(json), "{\"file\": \"%s\"}", names[i]);
		snprintf(text, sizeof(text),
			"could not resolve file: %s: there is no such log file", names[i]);
		EXPECT_REFUSED(b, "log", json, text);
	}
	write_file(dir, "messages", "bell\a and \xff byte\n");
	EXPECT_TEXT(b, "show log", "{\"file\": \"messages\"}", "bell? and ? byte\n");
	CU_ASSERT_TRUE(clear_find("log")->make(&b->ctx, args, &ops, &errs));
	CU_ASSERT_EQUAL(ops.n, 0);
	EXPECT_TEXT(b, "show log", "{\"file\": \"messages\"}", "");
	unlink(link);
	rmdir(inner);
	snprintf(link, sizeof(link), "%s/messages", dir);
	unlink(link);
	CU_ASSERT_EQUAL(rmdir(dir), 0);
	json_decref(args);
	show_bench_free(b);
}

/* ---- clear, request --------------------------------------------------------------------------- */

static struct clear_ops clear(struct show_bench *b, const char *what, const char *args, bool good)
{
	json_t *a = json_loads(args, 0, NULL);
	struct vex_errs errs = {0};
	struct clear_ops ops = {0};

	CU_ASSERT_TRUE_FATAL(a != NULL && clear_find(what) != NULL);
	CU_ASSERT_EQUAL(clear_find(what)->make(&b->ctx, a, &ops, &errs), good);
	CU_ASSERT_EQUAL(vex_errs_any(&errs), !good);
	vex_errs_free(&errs);
	json_decref(a);
	return ops;
}

static void clear_table(void)
{
	struct show_bench *b = show_bench_create(CONFIG);
	struct clear_ops ops = clear(b, "ethernet-switching-table", "{}", true);

	CU_ASSERT_EQUAL_FATAL(ops.n, 1);
	CU_ASSERT_EQUAL(ops.ops[0].type, VEX_OP_MAC_FLUSH);
	CU_ASSERT_EQUAL(ops.ops[0].mac_flush.lport, VEX_LPORT_NONE);
	CU_ASSERT_EQUAL(ops.ops[0].mac_flush.bd, VEX_BD_NONE);
	CU_ASSERT_EQUAL(ops.ops[0].mac_flush.flags, 0);
	free(ops.ops);
	ops = clear(b, "ethernet-switching-table",
		"{\"interface\": \"ae0\", \"vlan-name\": \"v20\"}", true);
	CU_ASSERT_EQUAL_FATAL(ops.n, 1);
	CU_ASSERT_EQUAL(ops.ops[0].mac_flush.lport, VEX_LPORT_LAG0);
	CU_ASSERT_EQUAL(ops.ops[0].mac_flush.bd, 20);
	free(ops.ops);
	ops = clear(b, "ethernet-switching-table", "{\"interface\": \"ge-0/0/[0-4]\"}", true);
	CU_ASSERT_EQUAL(ops.n, 5);
	free(ops.ops);
	clear(b, "ethernet-switching-table", "{\"vlan-name\": \"v11\"}", false);
	clear(b, "ethernet-switching-table", "{\"address\": \"x\"}", false);
	/* An address is looked up; nothing was dumped. */
	clear(b, "ethernet-switching-table", "{\"address\": \"02:00:00:00:00:01\"}", false);
	show_bench_free(b);
}

static void clear_addresses(void)
{
	struct show_bench *b = show_bench_create(CONFIG);
	struct clear_ops ops;

	show_bench_dump(b);
	show_bench_add_mac(b, 10, 0, 1, VEX_MAC_DYNAMIC, 0);
	show_bench_add_mac(b, 10, 0, 2, VEX_MAC_STICKY, 0);
	show_bench_add_mac(b, 20, 3, 1, VEX_MAC_DYNAMIC, 0);
	show_bench_add_mac(b, 20, 3, 4, VEX_MAC_OWN, 0);
	ops = clear(b, "ethernet-switching-table", "{\"address\": \"02:00:00:00:00:01\"}", true);
	CU_ASSERT_EQUAL_FATAL(ops.n, 2);
	CU_ASSERT_EQUAL(ops.ops[0].type, VEX_OP_MAC_DEL);
	CU_ASSERT_EQUAL(ops.ops[0].mac.bd, 10);
	CU_ASSERT_EQUAL(ops.ops[1].mac.bd, 20);
	CU_ASSERT_EQUAL(ops.ops[1].mac.mac[5], 1);
	free(ops.ops);
	ops = clear(b, "ethernet-switching-table", "{\"persistent-learning\": true}", true);
	CU_ASSERT_EQUAL_FATAL(ops.n, 1);
	CU_ASSERT_EQUAL(ops.ops[0].mac.mac[5], 2);
	free(ops.ops);
	/* Neither static addresses nor those of the switch itself. */
	ops = clear(b, "ethernet-switching-table", "{\"address\": \"02:00:00:00:00:04\"}", true);
	CU_ASSERT_EQUAL(ops.n, 0);
	ops = clear(b, "ethernet-switching-table", "{\"address\": \"02:00:00:00:00:aa\"}", true);
	CU_ASSERT_EQUAL(ops.n, 0);
	show_bench_free(b);
}

static void clear_ports(void)
{
	struct show_bench *b = show_bench_create(CONFIG);
	struct clear_ops ops = clear(
		b, "ethernet-switching-port-error", "{\"interface\": \"ae0\"}", true);
	struct port_counters c;

	CU_ASSERT_EQUAL_FATAL(ops.n, 2);
	CU_ASSERT_EQUAL(ops.ops[0].type, VEX_OP_PORT_UP);
	CU_ASSERT_EQUAL(ops.ops[0].port.port, 1);
	CU_ASSERT_EQUAL(ops.ops[1].port.port, 2);
	free(ops.ops);
	for (int i = 0; i < 4; i++)
		b->cnt->worker[0].counters.port[i].rx_packets = 10;
	clear(b, "interfaces-statistics", "{\"interface\": \"ae0\"}", true);
	for (unsigned int i = 0; i < 4; i++) {
		show_live_port(b->ctx.live, b->cnt, i, &c);
		CU_ASSERT_EQUAL(c.rx_packets, i == 1 || i == 2 ? 0 : 10);
	}
	clear(b, "interfaces-statistics", "{\"all\": true}", true);
	show_live_port(b->ctx.live, b->cnt, 0, &c);
	CU_ASSERT_EQUAL(c.rx_packets, 0);
	clear(b, "interfaces-statistics", "{\"interface\": \"xe-0/0/0\"}", false);
	b->ctx.cnt = NULL;
	clear(b, "interfaces-statistics", "{}", false);
	clear(b, "pfe-statistics", "{}", false);
	show_bench_free(b);
}

static void requests(void)
{
	static const struct {
		const char *what, *args;
		enum show_request request;
	} rows[] = {{"restart", "{\"forwarding\": true}", SHOW_RESTART_PFE},
		{"restart", "{\"routing\": true}", SHOW_RESTART_RE}, {"restart", "{}", 0},
		{"system-reboot", "{}", SHOW_REBOOT}, {"system-halt", "{}", SHOW_HALT},
		{"system-power-off", "{}", SHOW_HALT}, {"system-halt", "{\"in\": \"5\"}", 0}};
	struct show_bench *b = show_bench_create(CONFIG);

	for (size_t i = 0; i < UNIT_N(rows); i++) {
		json_t *args = json_loads(rows[i].args, 0, NULL);
		struct vex_errs errs = {0};
		const char *text = NULL;

		CU_ASSERT_EQUAL(request_find(rows[i].what)->make(&b->ctx, args, &text, &errs),
			rows[i].request);
		CU_ASSERT_EQUAL(vex_errs_any(&errs), rows[i].request == SHOW_REQUEST_NONE);
		CU_ASSERT_EQUAL(text != NULL, rows[i].request != SHOW_REQUEST_NONE);
		vex_errs_free(&errs);
		json_decref(args);
	}
	show_bench_free(b);
}

static void tables_for_details(void)
{
	const struct show_what *vlans = show_find("vlans");
	json_t *detail = json_pack("{s:b}", "detail", 1);
	uint32_t macs = SHOW_TABLE(VEX_TABLE_MAC_STATIC) | SHOW_TABLE(VEX_TABLE_MAC_LEARNED);

	CU_ASSERT_EQUAL(show_needs(vlans, NULL), 0);
	CU_ASSERT_EQUAL(show_needs(vlans, detail), macs);
	CU_ASSERT_PTR_NULL(show_find("nothing"));
	CU_ASSERT_PTR_NULL(clear_find(""));
	CU_ASSERT_PTR_NULL(request_find("halt"));
	json_decref(detail);
}

static const struct unit_case cases[] = {
	{"patterns of interfaces", patterns},
	{"durations as Junos writes them", durations},
	{"MAC addresses are read", addresses},
	{"what is wrong is refused", refusals},
	{"without vex-pfe there is a tree or an error", without_forwarding},
	{"filters of the MAC table", table_filters},
	{"nonsense in dumps does no harm", nonsense_in_dumps},
	{"client and server have the same commands", both_sides_agree},
	{"names for completion", completion},
	{"logs are those of the directory only", logs},
	{"clear of the MAC table", clear_table},
	{"clear of single addresses spares what is configured", clear_addresses},
	{"clear of ports", clear_ports},
	{"requests", requests},
	{"tables that details want", tables_for_details},
};

const struct unit_suite show_suite = {
	.name = "show",
	.cases = cases,
	.n = UNIT_N(cases),
};

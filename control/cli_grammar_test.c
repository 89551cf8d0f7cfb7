/* SPDX-License-Identifier: BSD-3-Clause */
/* What lines mean, and what may come next in them: over a small schema and tables of its own. */
#include "control/cfg_testlib.h"
#include "control/cli_complete.h"
#include "control/cli_line.h"
#include "control/cli_names.h"

#include <stdlib.h>
#include <string.h>

static const char yang[] =
	"module t { yang-version 1.1; namespace \"urn:t\"; prefix t; import vex-ext { prefix ext; }"
	" container configuration {"
	"  container system { leaf host-name { description \"Name of the\n host. More.\"; type "
	"string; }"
	"   leaf-list server { type string; } }"
	"  container interfaces {"
	"   list interface { ext:omit-name; key name; leaf name { type string; }"
	"    leaf mtu { type uint16 { range 256..9216; } } leaf disable { type empty; }"
	"    leaf speed { type enumeration { enum 1g; enum 10g; enum auto { description \"Both\"; "
	"} } }"
	"    container options { leaf count { ext:omit-name; type uint16; } leaf action { type "
	"string; } }"
	"    list unit { key name; leaf name { type uint16; } leaf description { type string; } }"
	"    anydata unidirectional { ext:not-supported; } }"
	"   container interface-range { leaf x { type string; } } }"
	"  container vlans { list vlan { ext:omit-name; key name; leaf name { type string; }"
	"   leaf vlan-id { type uint16; } leaf vlan-note { type string; } "
	"   leaf-list members { type string; } } }"
	"  list pair { key \"a b\"; leaf a { type string; } leaf b { type string; } leaf x { type "
	"empty; } } } }";

static bool nothing(struct cli *cli, const struct cli_call *call)
{
	(void)cli;
	(void)call;
	return true;
}

static const struct cli_param show_params[] = {
	{.name = "brief", .help = "Short", .one_of = 1},
	{.name = "detail", .help = "Long", .one_of = 1},
	{.name = "from", .help = "Where from", .value = "interface"},
	{.name = "vlan", .help = "Name of VLAN", .value = "vlan", .bare = true},
	{0},
};

static const struct cli_param load_params[] = {
	{.name = "terminal", .help = "Type it", .one_of = 1},
	{.name = "file",
		.help = "File",
		.value = "file",
		.bare = true,
		.required = true,
		.one_of = 1},
	{.name = "quickly", .help = "Hurry"},
	{.name = "seconds",
		.help = "How quickly",
		.value = "seconds",
		.bare = true,
		.after = "quickly"},
	{0},
};

static const struct cli_param ping_params[] = {
	{.name = "host", .help = "Host", .value = "host", .bare = true, .required = true},
	{0},
};

static struct cli_command oper[] = {
	{.words = "show vlans",
		.help = "Show VLANs",
		.params = show_params,
		.run = nothing,
		.piped = CLI_PIPED},
	{.words = "show vlans extra", .help = "Show more", .run = nothing, .piped = CLI_PIPED},
	{.words = "show version", .help = "Show version", .run = nothing, .piped = CLI_PIPED},
	{.words = "load", .help = "Load", .params = load_params, .run = nothing},
	{.words = "set cli", .help = "Set the CLI", .run = nothing},
	{.words = "ping", .help = "Ping", .params = ping_params, .run = nothing},
	{.words = "show configuration",
		.help = "Show configuration",
		.rest = CLI_REST_PATH,
		.run = nothing,
		.piped = CLI_PIPED_CONFIGURATION},
};

static struct cli_command config[] = {
	{.words = "set", .help = "Set", .rest = CLI_REST_NEW, .run = nothing},
	{.words = "delete", .help = "Delete", .rest = CLI_REST_PATH, .run = nothing},
	{.words = "edit", .help = "Edit", .rest = CLI_REST_BLOCK, .run = nothing},
	{.words = "annotate", .help = "Annotate", .rest = CLI_REST_TEXT, .run = nothing},
	{.words = "copy", .help = "Copy", .rest = CLI_REST_TO, .run = nothing},
	{.words = "insert", .help = "Insert", .rest = CLI_REST_INSERT, .run = nothing},
	{.words = "top", .help = "Top", .rest = CLI_REST_TOP},
	{.words = "up", .help = "Up", .rest = CLI_REST_UP},
	{.words = "run", .help = "Run", .rest = CLI_REST_COMMAND},
};

static const struct cli_group groups[] = {{"show", "Show things"}, {"set", "Set things"}, {0}};
static const struct cli_group *const group_tables[] = {groups, NULL};
static const char *const edited[] = {"interfaces", "ge-0/0/0"};

static void names(void *ctx, const char *kind, const char *prefix, struct cli_options *o)
{
	static const char *const vlan[] = {"red", "rose"};

	(void)ctx;
	for (size_t i = 0; i < 2 && strcmp(kind, "vlan") == 0; i++) {
		if (strncmp(vlan[i], prefix, strlen(prefix)) == 0)
			cli_options_add(o, CLI_OPTION_NAME, ' ', vlan[i], "");
	}
}

static void entries(void *ctx, const char *path, struct cli_options *o)
{
	(void)ctx;
	cli_names_from_set("set interfaces ge-0/0/10 mtu 1500\nset interfaces ge-0/0/2 disable\n"
			   "set interfaces ge-0/0/2 unit 0 description \"a b\"\n"
			   "deactivate vlans old\nset vlans v10 vlan-id 10\n# set vlans no\n",
		path, o);
}

struct fixture {
	struct cfg_schema *schema;
	struct cli_grammar grammar[CLI_MODES];
	struct cli_where where;
};

static void begin(struct fixture *f, bool below)
{
	struct vex_errs errs = {0};

	f->schema = cfg_schema_create_from(yang, &errs);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f->schema);
	f->grammar[CLI_OPERATIONAL] = (struct cli_grammar){oper, UNIT_N(oper), group_tables};
	f->grammar[CLI_CONFIGURATION] = (struct cli_grammar){config, UNIT_N(config), group_tables};
	f->where = (struct cli_where){.grammar = f->grammar,
		.schema = f->schema,
		.edit = edited,
		.n_edit = below ? UNIT_N(edited) : 0,
		.names = names,
		.entries = entries};
}

/* "COMMAND|ARGS|REST|LEVEL", or which word is wrong: "unknown 2". */
static char *resolve(enum cli_mode mode, bool below, const char *text)
{
	static const char *const wrong[] = {"ok", "unknown", "ambiguous", "memory"};
	enum cli_step result = CLI_STEP_OK;
	struct cli_line line;
	struct cli_state s;
	struct fixture f;
	char *out = NULL, *args;
	size_t size, i;
	FILE *file;

	begin(&f, below);
	CU_ASSERT_FATAL(cli_line_split(&line, text));
	cli_state_init(&s, &f.where, mode);
	for (i = 0; i < line.n && result == CLI_STEP_OK; i++)
		result = cli_state_step(&s, line.v[i].text, line.v[i].quoted);
	file = open_memstream(&out, &size);
	if (result != CLI_STEP_OK) {
		fprintf(file, "%s %zu", wrong[result], i - 1);
	} else if (!cli_state_may_end(&s)) {
		fputs("incomplete", file);
	} else {
		args = json_dumps(s.args, JSON_COMPACT | JSON_SORT_KEYS);
		fprintf(file, "%s%s|%s|%s|%zu", s.run ? "run " : "",
			s.command != NULL ? s.command->words : "", args,
			s.rest != NULL ? s.rest : "", cli_state_level(&s));
		free(args);
	}
	fclose(file);
	cli_state_free(&s);
	cli_line_free(&line);
	cfg_schema_free(f.schema);
	return out;
}

/* What `?` lists, a word and its mark each, and what Tab inserts. */
static char *complete(enum cli_mode mode, bool below, const char *text)
{
	struct cli_options o = {0};
	struct cli_insert insert;
	struct fixture f;
	char *out = NULL;
	size_t size;
	FILE *file = open_memstream(&out, &size);

	begin(&f, below);
	CU_ASSERT_TRUE(cli_complete(&f.where, mode, text, true, &o, &insert));
	cli_options_sort(&o);
	for (size_t i = 0; i < o.n; i++)
		fprintf(file, "%s%c%s", i > 0 ? " " : "", o.v[i].mark == ' ' ? '\'' : o.v[i].mark,
			o.v[i].word);
	fprintf(file, "%s[%s]", insert.wrong ? "wrong" : "", insert.text);
	fclose(file);
	cli_options_free(&o);
	cfg_schema_free(f.schema);
	return out;
}

#define OPER(text, expected)	    CHECK_TEXT(resolve(CLI_OPERATIONAL, false, text), expected)
#define CONFIG(text, expected)	    CHECK_TEXT(resolve(CLI_CONFIGURATION, false, text), expected)
#define BELOW(text, expected)	    CHECK_TEXT(resolve(CLI_CONFIGURATION, true, text), expected)
#define LIST(text, expected)	    CHECK_TEXT(complete(CLI_OPERATIONAL, false, text), expected)
#define LIST_CONFIG(text, expected) CHECK_TEXT(complete(CLI_CONFIGURATION, false, text), expected)

static void words_are_abbreviated(void)
{
	OPER("show version", "show version|{}||0");
	OPER("sh ver", "show version|{}||0");
	OPER("sho v", "ambiguous 1");
	OPER("s", "ambiguous 0");
	OPER("x", "unknown 0");
	OPER("show", "incomplete");
	OPER("show version x", "unknown 2");
	OPER("\"show\" version", "unknown 0");
	OPER("", "incomplete");
}

static void parameters(void)
{
	OPER("show vlans", "show vlans|{}||0");
	OPER("show vlans det", "show vlans|{\"detail\":true}||0");
	OPER("show vlans red detail", "show vlans|{\"detail\":true,\"vlan\":\"red\"}||0");
	OPER("show vlans from ge-0/0/1 brief red",
		"show vlans|{\"brief\":true,\"from\":\"ge-0/0/1\",\"vlan\":\"red\"}||0");
	OPER("show vlans \"brief\"", "show vlans|{\"vlan\":\"brief\"}||0");
	OPER("show vlans from", "incomplete");
	OPER("show vlans red blue", "unknown 3");
	/* Of brief and detail only one; the other word is the name then. */
	OPER("show vlans brief detail", "show vlans|{\"brief\":true,\"vlan\":\"detail\"}||0");
	OPER("show vlans brief red detail", "unknown 4");
	OPER("show vlans extra", "show vlans extra|{}||0");
	OPER("show vlans brief extra", "show vlans|{\"brief\":true,\"vlan\":\"extra\"}||0");
	OPER("load", "incomplete");
	OPER("load quickly", "incomplete");
	OPER("load t", "load|{\"terminal\":true}||0");
	OPER("load a", "load|{\"file\":\"a\"}||0");
	OPER("load a t", "unknown 2");
	OPER("load a 5", "unknown 2");
	OPER("load a quickly 5", "load|{\"file\":\"a\",\"quickly\":true,\"seconds\":\"5\"}||0");
	OPER("ping", "incomplete");
	OPER("ping a", "ping|{\"host\":\"a\"}||0");
}

static void configuration_words(void)
{
	CONFIG("set sys host a", "set|{}|system host-name a|0");
	CONFIG("set system host-name \"a b\"", "set|{}|system host-name \"a b\"|0");
	CONFIG("set system host-name \"a\\\"\\\\b\"", "set|{}|system host-name \"a\\\"\\\\b\"|0");
	CONFIG("set int ge-0/0/0 sp a", "set|{}|interfaces ge-0/0/0 speed auto|0");
	CONFIG("set interfaces ge-0/0/0 speed 1", "ambiguous 4");
	CONFIG("set interfaces ge-0/0/0 speed 2g", "unknown 4");
	CONFIG("set interfaces ge-0/0/0 mtu 1500 dis",
		"set|{}|interfaces ge-0/0/0 mtu 1500 disable|0");
	CONFIG("set interfaces ge-0/0/0 un 0 desc x",
		"set|{}|interfaces ge-0/0/0 unit 0 description x|0");
	CONFIG("set interfaces ge-0/0/0 options 5 act x",
		"set|{}|interfaces ge-0/0/0 options 5 action x|0");
	CONFIG("set pair a b x", "set|{}|pair a b x|0");
	CONFIG("set pair a", "incomplete");
	CONFIG("set interfaces ge-0/0/0 mtu", "incomplete");
	CONFIG("set vlans v vl 1", "ambiguous 3");
	/* Beside names an abbreviation is a name. */
	CONFIG("set interfaces interface-r mtu 1500", "set|{}|interfaces interface-r mtu 1500|0");
	CONFIG("set vlans v members [ a b ]", "set|{}|vlans v members [ a b ]|0");
	CONFIG("set vlans v members [ a", "incomplete");
	CONFIG("set nothing", "unknown 1");
	CONFIG("set", "incomplete");
	CONFIG("set groups g system host-name a", "set|{}|groups g system host-name a|0");
	CONFIG("set interfaces ge-0/0/0 apply-groups g",
		"set|{}|interfaces ge-0/0/0 apply-groups g|0");
	CONFIG("set interfaces ge-0/0/0 unidirectional any thing",
		"set|{}|interfaces ge-0/0/0 unidirectional any thing|0");
	CONFIG("set apply-groups", "incomplete");
}

static void commands_of_configuration_mode(void)
{
	CONFIG("delete", "delete|{}||0");
	CONFIG("delete interfaces ge-0/0/0 mtu", "delete|{}|interfaces ge-0/0/0 mtu|0");
	CONFIG("edit interfaces ge-0/0/0", "edit|{}|interfaces ge-0/0/0|0");
	CONFIG("edit interfaces ge-0/0/0 mtu 1500", "incomplete");
	CONFIG("edit", "incomplete");
	CONFIG("annotate vlans \"my vlans\"", "annotate|{}|vlans \"my vlans\"|0");
	CONFIG("annotate vlans", "incomplete");
	CONFIG("annotate vlans \"a\" b", "unknown 3");
	CONFIG("copy interfaces ge-0/0/0 to ge-0/0/1", "copy|{}|interfaces ge-0/0/0 to ge-0/0/1|0");
	CONFIG("copy interfaces ge-0/0/0 unit 0 to unit 1",
		"copy|{}|interfaces ge-0/0/0 unit 0 to unit 1|0");
	CONFIG("copy interfaces ge-0/0/0 to", "incomplete");
	CONFIG("copy interfaces ge-0/0/0", "incomplete");
	CONFIG("insert vlans a bef b", "insert|{}|vlans a before b|0");
	CONFIG("top", "|{}||0");
	CONFIG("top set system host-name a", "set|{}|system host-name a|0");
	CONFIG("run sh ver", "run show version|{}||0");
	CONFIG("run", "incomplete");
	BELOW("set mtu 9000", "set|{}|mtu 9000|2");
	BELOW("top set vlans v vlan-id 1", "set|{}|vlans v vlan-id 1|0");
	BELOW("up", "|{}||1");
	BELOW("up 2", "|{}||0");
	BELOW("up 7", "|{}||0");
	BELOW("up delete ge-0/0/0", "delete|{}|ge-0/0/0|1");
	BELOW("set vlans v", "unknown 1");
}

static void completion_of_commands(void)
{
	LIST("", "'load 'ping 'set 'show[]");
	LIST("load ", "'<file> 'quickly 'terminal[]");
	LIST("load a quickly ", "'<[Enter]> '<seconds>[]");
	LIST("sh", "'show[ow ]");
	LIST("show v", "'version 'vlans[]");
	LIST("sh ve", "'version[rsion ]");
	LIST("show vlans ", "'<[Enter]> '<vlan> 'brief 'detail 'extra 'from 'red 'rose '|[]");
	LIST("show vlans ro", "'<vlan> 'rose[se ]");
	LIST("show vlans from ", "'<interface>[]");
	LIST("x ", "wrong[]");
	LIST("show \"v", "wrong[]");
	LIST("show version | co", "'count[unt ]");
	LIST("show version | display ", "'json 'xml[]");
	LIST("show configuration | display s", "'set[et ]");
	LIST("set cli | ", "wrong[]");
	LIST("show version |", "'count 'display 'except 'find 'last 'match 'no-more 'save 'trim[]");
}

static void completion_from_schema(void)
{
	LIST_CONFIG("set sy", ">system[stem ]");
	LIST_CONFIG("set system ",
		"'<[Enter]> +apply-groups +apply-groups-except 'host-name +server[]");
	LIST_CONFIG("set interfaces ge-0/0/0 speed ", "'1g '10g 'auto[]");
	LIST_CONFIG("set interfaces ge-0/0/0 mtu ", "'<mtu>[]");
	LIST_CONFIG("set interfaces ge", "'<name> 'ge-0/0/2 'ge-0/0/10[-0/0/]");
	/* What is not supported is not offered. */
	LIST_CONFIG("set interfaces ge-0/0/0 u", ">unit[nit ]");
	LIST_CONFIG("edit interfaces ge-0/0/0 m", "[]");
	LIST_CONFIG("delete vlans ", "'<[Enter]> 'old 'v10[]");
	LIST_CONFIG("delete interfaces ge-0/0/2 ", "'<[Enter]> 'disable >unit[]");
	LIST_CONFIG("set vlans v members ", "'<members> '[ 'red 'rose[]");
	LIST_CONFIG("top set vla", ">vlans[ns ]");
	LIST_CONFIG("run sh ver", "'version[sion ]");
	LIST_CONFIG("copy vlans v10 t", "'to[o ]");
}

static void help_of_statements(void)
{
	struct cli_options o = {0};
	struct cli_insert insert;
	struct fixture f;

	begin(&f, false);
	CU_ASSERT_TRUE(
		cli_complete(&f.where, CLI_CONFIGURATION, "set system host", true, &o, &insert));
	CU_ASSERT_EQUAL_FATAL(o.n, 1);
	CU_ASSERT_STRING_EQUAL(o.v[0].help, "Name of the host");
	cli_options_free(&o);
	CU_ASSERT_TRUE(cli_complete(
		&f.where, CLI_CONFIGURATION, "set interfaces a mtu ", true, &o, &insert));
	CU_ASSERT_EQUAL_FATAL(o.n, 1);
	CU_ASSERT_STRING_EQUAL(o.v[0].help, "(256..9216)");
	cli_options_free(&o);
	cfg_schema_free(f.schema);
}

/* Words of both modes in any order, and cut anywhere. */
static void random_lines_do_no_harm(void)
{
	static const char *const part[] = {"set", "delete", "copy", "insert", "annotate", "top",
		"up", "run", "show", "vlans", "interfaces", "ge-0/0/0", "unit", "0", "to", "before",
		"[", "]", "\"", "|", "match", "display", "apply-groups", "groups", "g", "speed",
		"auto", "options", "unidirectional", "configuration", "from", "detail", "?", "\\",
		"9999", "members", "pair", "a", "count", "last", "\xc3\xa4", ""};
	struct cli_options o = {0};
	struct cli_insert insert;
	struct fixture f;
	uint32_t x = 1;
	char line[512];

	begin(&f, true);
	for (unsigned int i = 0; i < 20000; i++) {
		size_t n = 0;

		for (unsigned int k = 0; k < 1 + i % 9; k++) {
			x = x * 1664525 + 1013904223;
			n += (size_t)snprintf(line + n, sizeof(line) - n, "%s%s",
				part[(x >> 8) % UNIT_N(part)], (x & 1) != 0 ? " " : "  ");
		}
		line[n > 3 ? n - (x >> 30) : n] = '\0';
		CU_ASSERT_TRUE(cli_complete(
			&f.where, (enum cli_mode)(i % CLI_MODES), line, true, &o, &insert));
		CU_ASSERT_FATAL(strlen(insert.text) < sizeof(insert.text));
		cli_options_free(&o);
	}
	cfg_schema_free(f.schema);
}

static const struct unit_case cases[] = {
	{"words are abbreviated while they are unique", words_are_abbreviated},
	{"parameters come in any order, each once", parameters},
	{"words of configuration follow the schema", configuration_words},
	{"commands of configuration mode", commands_of_configuration_mode},
	{"completion of commands and names", completion_of_commands},
	{"completion from the schema and the candidate", completion_from_schema},
	{"help comes from the schema", help_of_statements},
	{"random lines do no harm", random_lines_do_no_harm},
};

const struct unit_suite cli_grammar_suite = {
	.name = "cli_grammar", .cases = cases, .n = UNIT_N(cases)};

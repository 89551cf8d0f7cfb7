/* SPDX-License-Identifier: BSD-3-Clause */
/* Words of lines, pipes, and trees as XML. */
#include "control/cfg_testlib.h"
#include "control/cli_pipe.h"
#include "control/cli_xml.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Words --------------------------------------------------------------------------------------------- */

static char *words(const char *text)
{
	struct cli_line line;
	char *out = NULL;
	size_t size;
	FILE *f = open_memstream(&out, &size);

	CU_ASSERT_FATAL(cli_line_split(&line, text));
	for (size_t i = 0; i < line.n; i++)
		fprintf(f, "%zu:%s%s ", line.v[i].at, line.v[i].text, line.v[i].quoted ? "\"" : "");
	fprintf(f, "%s%s", line.open ? "open" : "", line.space ? "space" : "");
	fclose(f);
	cli_line_free(&line);
	return out;
}

static void lines_are_split(void)
{
	CHECK_TEXT(words(""), "space");
	CHECK_TEXT(words("a  bc"), "0:a 3:bc ");
	CHECK_TEXT(words(" a\t"), "1:a space");
	CHECK_TEXT(words("a|b"), "0:a 1:| 2:b ");
	CHECK_TEXT(words("a \"b | c\" d"), "0:a 2:b | c\" 10:d ");
	CHECK_TEXT(words("\"a\\\"b\\\\c\\d\""), "0:a\"b\\c\\d\" ");
	CHECK_TEXT(words("a \"\""), "0:a 2:\" ");
	CHECK_TEXT(words("a \"b "), "0:a 2:b \" open");
	CHECK_TEXT(words("\"|\""), "0:|\" ");
}

static void commands_are_separated(void)
{
	CU_ASSERT_STRING_EQUAL(cli_line_end("a; b", true), "; b");
	CU_ASSERT_STRING_EQUAL(cli_line_end("a; b", false), "");
	CU_ASSERT_STRING_EQUAL(cli_line_end("a \"x;y\" ; b", true), "; b");
	CU_ASSERT_STRING_EQUAL(cli_line_end("a \"x\\\";y\" ; b", true), "; b");
	CU_ASSERT_STRING_EQUAL(cli_line_end("a\nb;", true), "\nb;");
}

/* ---- Pipes --------------------------------------------------------------------------------------------- */

struct taken {
	FILE *f;
	int most; /* lines that are wanted; -1: all */
};

static bool take(void *ctx, const char *line, size_t len)
{
	struct taken *t = ctx;

	fwrite(line, 1, len, t->f);
	return t->most < 0 || --t->most > 0;
}

/* The output of a command that writes @text, or "WORD: TEXT" of a mistake. */
static char *through(const char *line_text, const char *text, int most)
{
	struct cli_mistake m = {0};
	struct cli_line line;
	struct cli_pipes *pipes;
	char *result = NULL;
	size_t size;
	struct taken t = {open_memstream(&result, &size), most};
	FILE *out;

	CU_ASSERT_FATAL(cli_line_split(&line, line_text));
	pipes = cli_pipes_parse(&line, 0, true, &m);
	if (pipes == NULL) {
		fprintf(t.f, "%zu: %s", m.word, m.text);
	} else if ((out = cli_pipes_open(pipes, take, &t)) == NULL) {
		fprintf(t.f, "%s", pipes->error);
	} else {
		/* In pieces, so that lines are put together again. */
		setvbuf(out, NULL, _IONBF, 0);
		for (size_t i = 0, len = strlen(text); i < len; i += 2)
			fwrite(text + i, 1, len - i < 2 ? 1 : 2, out);
		if (!cli_pipes_close(pipes, out))
			fprintf(t.f, "%s", pipes->error);
	}
	cli_pipes_free(pipes);
	cli_line_free(&line);
	fclose(t.f);
	return result;
}

static const char text[] = "one\nTwo\n\nthree\nfour";

static void filters(void)
{
	CHECK_TEXT(through("", text, -1), text);
	CHECK_TEXT(through("| match t", text, -1), "Two\nthree\n");
	CHECK_TEXT(through("| match ^t|f", "x\n", -1), "5: missing argument.");
	CHECK_TEXT(through("| match \"^t|f\"", text, -1), "Two\nthree\nfour");
	CHECK_TEXT(through("| except [tf]", text, -1), "one\n\n");
	CHECK_TEXT(through("| find tw", text, -1), "Two\n\nthree\nfour");
	CHECK_TEXT(through("| find none", text, -1), "");
	CHECK_TEXT(through("| count", text, -1), "Count: 5 lines\n");
	CHECK_TEXT(through("| count", "", -1), "Count: 0 lines\n");
	CHECK_TEXT(through("| last 2", text, -1), "three\nfour");
	CHECK_TEXT(through("| last 9", text, -1), text);
	CHECK_TEXT(through("| last 0", text, -1), "");
	CHECK_TEXT(through("| trim 2", text, -1), "e\no\n\nree\nur");
	CHECK_TEXT(through("| no-more", text, -1), text);
}

static void filters_are_composed(void)
{
	CHECK_TEXT(through("| match o | except one | last 1 | trim 1", text, -1), "our");
	CHECK_TEXT(through("|match o|count", text, -1), "Count: 3 lines\n");
	CHECK_TEXT(through("| count | match lines | trim 7", text, -1), "5 lines\n");
	CHECK_TEXT(through("| last 3 | count", text, -1), "Count: 3 lines\n");
	/* Nobody wants more after two lines. */
	CHECK_TEXT(through("| match .", text, 2), "one\nTwo\n");
	CHECK_TEXT(through("| last 4 | match .", text, 1), "Two\n");
}

static void output_is_saved(void)
{
	char name[] = "/tmp/vex-pipe-XXXXXX", line[64], said[64], got[64] = "";
	int fd = mkstemp(name);

	CU_ASSERT_FATAL(fd >= 0);
	snprintf(line, sizeof(line), "| match o | save %s", name);
	snprintf(said, sizeof(said), "Wrote 3 lines of output to '%s'\n", name);
	CHECK_TEXT(through(line, text, -1), said);
	CU_ASSERT_EQUAL(read(fd, got, sizeof(got) - 1), 12);
	CU_ASSERT_STRING_EQUAL(got, "one\nTwo\nfour");
	close(fd);
	unlink(name);
	CHECK_TEXT(through("| save /nowhere/x", text, -1), "/nowhere/x: No such file or directory");
	CHECK_TEXT(through("| save /dev/full", text, -1), "/dev/full: No space left on device");
}

static void mistakes_are_pointed_at(void)
{
	CHECK_TEXT(through("|", text, -1), "1: syntax error, expecting <command>.");
	CHECK_TEXT(through("| foo", text, -1), "1: syntax error, expecting <command>.");
	CHECK_TEXT(through("| co", text, -1), "1: 'co' is ambiguous.");
	CHECK_TEXT(through("| match", text, -1), "2: missing argument.");
	CHECK_TEXT(through("| last x", text, -1), "2: it must be a number, 0 to 100000.");
	CHECK_TEXT(through("| last -1", text, -1), "2: it must be a number, 0 to 100000.");
	CHECK_TEXT(through("| trim", text, -1), "2: missing argument.");
	CHECK_TEXT(through("| count 3", text, -1), "2: syntax error, expecting '|'.");
	CHECK_TEXT(through("| display", text, -1), "2: syntax error, expecting <command>.");
	CHECK_TEXT(through("| count | display json", text, -1),
		"3: 'display' stands before other pipes.");
	CHECK_TEXT(through("| compare rollback 50", text, -1), "3: it must be a number, 0 to 49.");
}

static void texts_are_chosen(void)
{
	struct cli_mistake m;
	struct cli_line line;
	struct cli_pipes *pipes;

	CU_ASSERT_FATAL(cli_line_split(&line, "| di se | no-m"));
	pipes = cli_pipes_parse(&line, 0, true, &m);
	CU_ASSERT_PTR_NOT_NULL_FATAL(pipes);
	CU_ASSERT_EQUAL(pipes->form, CLI_FORM_SET);
	CU_ASSERT_TRUE(pipes->no_more);
	cli_pipes_free(pipes);
	/* Only a configuration has set lines. */
	CU_ASSERT_PTR_NULL(cli_pipes_parse(&line, 0, false, &m));
	CU_ASSERT_EQUAL(m.word, 2);
	cli_line_free(&line);
	CU_ASSERT_FATAL(cli_line_split(&line, "| comp roll 3 | match x"));
	pipes = cli_pipes_parse(&line, 0, true, &m);
	CU_ASSERT_PTR_NOT_NULL_FATAL(pipes);
	CU_ASSERT_TRUE(pipes->compare);
	CU_ASSERT_STRING_EQUAL(pipes->compare_with, "rollback 3");
	CU_ASSERT_EQUAL(pipes->n_stages, 1);
	cli_pipes_free(pipes);
	cli_line_free(&line);
}

/* ---- XML ----------------------------------------------------------------------------------------------- */

static char *xml(const char *json)
{
	json_t *tree = json_loads(json, 0, NULL);
	char *out = NULL;
	size_t size;
	FILE *f = open_memstream(&out, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
	cli_xml_print(tree, f);
	fclose(f);
	json_decref(tree);
	return out;
}

static void trees_become_xml(void)
{
	CHECK_TEXT(xml("{}"), "<rpc-reply>\n</rpc-reply>\n");
	CHECK_TEXT(xml("{\"a\": {\"b\": [{\"c\": 1}, {\"c\": true}], \"d\": null, \"e\": []}}"),
		"<rpc-reply>\n    <a>\n        <b>\n            <c>1</c>\n        </b>\n"
		"        <b>\n            <c>true</c>\n        </b>\n        <d/>\n    </a>\n"
		"</rpc-reply>\n");
	CHECK_TEXT(xml("{\"x\": \"<a & b>\\u0001\\t\"}"),
		"<rpc-reply>\n    <x>&lt;a &amp; b&gt;&#xFFFD;\t</x>\n</rpc-reply>\n");
	CHECK_TEXT(xml("{\"802.3ad\": \"ae0\", \"@\": {}, \"@x\": 1, \"a b\": [null]}"),
		"<rpc-reply>\n    <_802.3ad>ae0</_802.3ad>\n    <_x>1</_x>\n    <a_b/>\n"
		"</rpc-reply>\n");
	CHECK_TEXT(
		xml("{\"a\": {\"@\": {\"inactive\": true}}, \"b\": {\"@\": {\"inactive\": true}, "
		    "\"c\": 1, \"@c\": {\"inactive\": true, \"comment\": [\"x\"]}, "
		    "\"d\": [1, 2], \"@d\": [null, {\"inactive\": true}]}}"),
		"<rpc-reply>\n    <a inactive=\"inactive\"/>\n    <b inactive=\"inactive\">\n"
		"        <c inactive=\"inactive\">1</c>\n        <d>1</d>\n"
		"        <d inactive=\"inactive\">2</d>\n    </b>\n</rpc-reply>\n");
	CHECK_TEXT(xml("[\"a\"]"), "<rpc-reply>\n    <output>a</output>\n</rpc-reply>\n");
}

static const struct unit_case cases[] = {
	{"lines are split into words with their places", lines_are_split},
	{"commands are separated", commands_are_separated},
	{"filters", filters},
	{"filters are composed", filters_are_composed},
	{"output is saved", output_is_saved},
	{"mistakes are pointed at", mistakes_are_pointed_at},
	{"display and compare choose the text", texts_are_chosen},
	{"trees become XML", trees_become_xml},
};

const struct unit_suite cli_pipe_suite = {.name = "cli_pipe", .cases = cases, .n = UNIT_N(cases)};

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libvexmodel as its callers use it: many instances in a process and in several threads, arguments
 * out of range, the recorder, traces, errors, and programs in C and C++ that see nothing but the
 * header and the shared library.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"
#include "tests/unit/random.h"

#define P0  "ge-0/0/0"
#define P1  "ge-0/0/1"
#define TWO VLAN("v10", "10") ACCESS(P0, "v10") ACCESS(P1, "v10")

static struct vexmodel *create(const char *text)
{
	char *error = NULL;
	struct vexmodel *m = vexmodel_create(text, strlen(text), "x.conf", NULL, &error);

	vexmodel_free(error);
	return m;
}

static uint64_t digest_text(uint64_t d, const char *text)
{
	while (*text)
		d = (d ^ (uint8_t)*text++) * UINT64_C(0x100000001b3);
	return d;
}

/* Some traffic; a digest of what the switch says afterwards. */
static uint64_t traffic(struct vexmodel *m, uint64_t seed, unsigned int frames)
{
	struct vexmodel_frame out;
	uint64_t d = 1;
	char *text;

	for (unsigned int i = 0; i < frames; i++) {
		struct frame f = frame_of(MAC(random_below(&seed, 50)),
			MAC(random_below(&seed, 50)), 0, 60 + random_below(&seed, 1000));

		vexmodel_inject(m, random_below(&seed, 2), i * PIPE_US, f.b, f.len, f.len);
	}
	vexmodel_drain(m);
	while (vexmodel_take(m, &out))
		d = (d ^ out.time_ps ^ out.len) * UINT64_C(0x100000001b3);
	text = pipe_counters_text(m);
	d = digest_text(d, text);
	free(text);
	text = pipe_tables_text(m);
	d = digest_text(d, text);
	free(text);
	return d;
}

static void many(void)
{
	struct vexmodel *m[20];
	uint64_t alone;

	m[0] = create(TWO);
	CU_ASSERT_PTR_NOT_NULL_FATAL(m[0]);
	alone = traffic(m[0], 5, 500);
	vexmodel_destroy(m[0]);
	for (unsigned int i = 0; i < UNIT_N(m); i++) {
		m[i] = create(i % 2 ? TWO : "");
		CU_ASSERT_PTR_NOT_NULL_FATAL(m[i]);
	}
	for (unsigned int i = 0; i < UNIT_N(m); i++) {
		uint64_t d = traffic(m[i], 5, 500);

		CU_ASSERT_EQUAL(d == alone, i % 2 == 1);
	}
	for (unsigned int i = 0; i < UNIT_N(m); i += 2)
		vexmodel_destroy(m[i]);
	CU_ASSERT_EQUAL(vexmodel_ports(m[1]), 26);
	for (unsigned int i = 1; i < UNIT_N(m); i += 2)
		vexmodel_destroy(m[i]);
}

struct worker {
	pthread_t thread;
	uint64_t digest[3];
};

static void *work(void *arg)
{
	struct worker *w = arg;

	for (unsigned int i = 0; i < UNIT_N(w->digest); i++) {
		struct vexmodel *m = create(TWO);

		w->digest[i] = m ? traffic(m, 9, 1500) : 0;
		vexmodel_destroy(m);
		/* Errors are made in several threads as well. */
		if (create("set nonsense here\n"))
			w->digest[i] = 0;
	}
	return NULL;
}

static void threads(void)
{
	struct worker w[6];

	for (unsigned int i = 0; i < UNIT_N(w); i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&w[i].thread, NULL, work, &w[i]), 0);
	for (unsigned int i = 0; i < UNIT_N(w); i++)
		pthread_join(w[i].thread, NULL);
	for (unsigned int i = 0; i < UNIT_N(w); i++)
		for (unsigned int k = 0; k < UNIT_N(w[i].digest); k++)
			CU_ASSERT(w[i].digest[k] && w[i].digest[k] == w[0].digest[0]);
}

static void arguments(void)
{
	struct vexmodel *m = create(TWO);
	struct frame f = frame_of(MAC(1), MAC(2), 0, 64);
	struct vexmodel_frame out;

	CU_ASSERT_PTR_NOT_NULL_FATAL(m);
	CU_ASSERT_EQUAL(vexmodel_inject(m, 26, 0, f.b, 64, 64), VEXMODEL_NO_PORT);
	CU_ASSERT_EQUAL(vexmodel_inject(m, UINT32_MAX, 0, f.b, 64, 64), VEXMODEL_NO_PORT);
	CU_ASSERT_EQUAL(vexmodel_inject(m, 0, 0, f.b, 65, 64), VEXMODEL_INVALID);
	CU_ASSERT_EQUAL(vexmodel_inject(m, 0, 0, f.b, 0, 0), VEXMODEL_INVALID);
	CU_ASSERT_EQUAL(vexmodel_inject(m, 0, 18000001 * PIPE_SEC, f.b, 64, 64), VEXMODEL_TOO_LATE);
	CU_ASSERT_EQUAL(vexmodel_advance(m, 18000001 * PIPE_SEC), VEXMODEL_TOO_LATE);
	CU_ASSERT_EQUAL(vexmodel_advance(m, UINT64_MAX), VEXMODEL_TOO_LATE);
	CU_ASSERT_EQUAL(vexmodel_fault(m, 0, 0, 1), VEXMODEL_INVALID);
	CU_ASSERT_EQUAL(vexmodel_fault(m, 1000, 0, 1), VEXMODEL_INVALID);
	CU_ASSERT_EQUAL(vexmodel_seen(m, 1000), 0);
	CU_ASSERT_PTR_NULL(vexmodel_port_name(m, 26));
	CU_ASSERT_STRING_EQUAL(vexmodel_port_name(m, 25), "et-0/1/1");
	CU_ASSERT_EQUAL(vexmodel_find_port(m, "ge-0/0/24"), -1);
	CU_ASSERT_EQUAL(vexmodel_find_port(m, ""), -1);
	CU_ASSERT_STRING_EQUAL(vexmodel_model_name(m), "ex4400-24t");
	CU_ASSERT_EQUAL(vexmodel_take(m, &out), 0);
	CU_ASSERT_EQUAL(vexmodel_drain(m), 0);
	vexmodel_destroy(m);
	vexmodel_destroy(NULL);
	vexmodel_free(NULL);
}

static void times(void)
{
	struct pipe *p = PIPE_OPEN(TWO);
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);

	/* Back in time, and before the zero: at the latest time, and counted. */
	PIPE_SEND_AT(p, P0, &f, 100 * PIPE_US);
	PIPE_SEND_AT(p, P0, &f, 50 * PIPE_US);
	PIPE_SEND_AT(p, P0, &f, VEXMODEL_BEFORE_ZERO);
	PIPE_EXPECT_AT(p, P1, &f, 100 * PIPE_US + 76 * 8000);
	PIPE_EXPECT_AT(p, P1, &f, 100 * PIPE_US + (76 + 12 + 76) * 8000);
	PIPE_EXPECT_AT(p, P1, &f, 100 * PIPE_US + (2 * 88 + 76) * 8000);
	PIPE_EXPECT_COUNT(p, P0, "time_backwards", 2);
	PIPE_CLOSE(p);
}

static void errors(void)
{
	static const char text[] = "set vlans v vlan-id 5000\nset nonsense\n";
	struct vexmodel_options bad = {.burst = 65};
	char *error = NULL;

	CU_ASSERT_PTR_NULL(vexmodel_create(text, sizeof(text) - 1, "leaf", NULL, &error));
	CU_ASSERT_PTR_NOT_NULL_FATAL(error);
	/* Every error, each with its place. */
	CU_ASSERT_PTR_NOT_NULL(strstr(error, "leaf:1:"));
	CU_ASSERT_PTR_NOT_NULL(strstr(error, "leaf:2:"));
	vexmodel_free(error);
	CU_ASSERT_PTR_NULL(vexmodel_create(NULL, 0, NULL, &bad, &error));
	CU_ASSERT_PTR_NOT_NULL(error);
	vexmodel_free(error);
}

static int count_lines(void *ctx, const char *text, size_t len)
{
	unsigned int *lines = ctx;

	for (size_t i = 0; i < len; i++)
		*lines += text[i] == '\n';
	return 0;
}

static int refuse_text(void *ctx, const char *text, size_t len)
{
	(void)ctx;
	(void)text;
	(void)len;
	return 1;
}

static void traces(void)
{
	struct vexmodel *m = create(TWO);
	struct vexmodel *plain = create(TWO);
	unsigned int lines = 0;

	CU_ASSERT_FATAL(m && plain);
	vexmodel_trace(m, count_lines, &lines);
	CU_ASSERT_EQUAL(traffic(m, 3, 50), traffic(plain, 3, 50));
	/* Parse, port, VLAN and MAC table at least for each. */
	CU_ASSERT(lines >= 50 * 4);
	lines = 0;
	vexmodel_trace(m, NULL, NULL);
	traffic(m, 3, 50);
	CU_ASSERT_EQUAL(lines, 0);
	CU_ASSERT_EQUAL(vexmodel_dump_tables(m, refuse_text, NULL), VEXMODEL_IO);
	CU_ASSERT_EQUAL(vexmodel_dump_counters(m, refuse_text, NULL), VEXMODEL_IO);
	vexmodel_destroy(m);
	vexmodel_destroy(plain);
}

static void count_refused(void *ctx, unsigned int number, uint64_t arg, int admitted)
{
	unsigned int *refused = ctx;

	(void)arg;
	if (vexmodel_xt_name(number) && !admitted)
		++*refused;
}

/*
 * Every transaction refused in turn. One switch only: some numbers are used by several stages, so
 * that which of them is the sixth depends on the burst.
 */
static void every_fault(void)
{
	for (unsigned int x = 1; vexmodel_xt_name(x); x++) {
		struct pipe *p = PIPE_OPEN_ONE(LAGS("1") VLAN("v10", "10") ACCESS(P0, "v10") MEMBER(
			P1, "ae0") ACCESS("ae0", "v10") STORM(P0, "s") PROFILE("s", "all"));
		unsigned int refused = 0;
		uint64_t seen;

		vexmodel_record(p->m[0], count_refused, &refused);
		PIPE_FAULT(p, vexmodel_xt_name(x), 5, 9);
		for (unsigned int i = 0; i < 40; i++) {
			struct frame f = frame_of(i % 3 ? MAC(i % 5) : MAC_ALL, MAC(i % 7), 0, 64);

			PIPE_SEND(p, i % 4 ? P0 : P1, &f);
		}
		PIPE_DISCARD(p);
		seen = vexmodel_seen(p->m[0], x);
		CU_ASSERT_EQUAL(refused, seen < 5 ? 0 : seen < 14 ? seen - 5 : 9);
		PIPE_CLOSE(p);
	}
}

/* In C11 and in C++11, nothing but the header and the shared library. */
static const char program[] =
	"#include \"dataplane/model_api.h\"\n"
	"#include <string.h>\n"
	"static int text(void *ctx, const char *t, size_t n)\n"
	"{ (void)t; *(size_t *)ctx += n; return 0; }\n"
	"int main(void)\n"
	"{\n"
	"	char *error = NULL; struct vexmodel_options o; struct vexmodel_frame f;\n"
	"	struct vex_op op; uint8_t b[64]; int frames = 0; size_t n = 0;\n"
	"	struct vexmodel *m;\n"
	"	memset(&o, 0, sizeof o); o.burst = 7; memset(b, 0xff, sizeof b); b[6] = 2;\n"
	"	m = vexmodel_create(NULL, 0, NULL, &o, &error);\n"
	"	if (!m) return 2;\n"
	"	if (vexmodel_inject(m, 0, 0, b, 64, 64) != VEXMODEL_OK) return 3;\n"
	"	vexmodel_drain(m);\n"
	"	while (vexmodel_take(m, &f)) frames++;\n"
	"	memset(&op, 0, sizeof op); op.type = VEX_OP_NONE;\n"
	"	if (vexmodel_apply(m, &op, 1) != VEXMODEL_REFUSED) return 4;\n"
	"	if (vexmodel_dump_counters(m, text, &n) != VEXMODEL_OK || !n) return 5;\n"
	"	if (vexmodel_dump_tables(m, text, &n) != VEXMODEL_OK) return 6;\n"
	"	vexmodel_destroy(m);\n"
	"	return frames == 23 ? 0 : 7;\n"
	"}\n";

/* Compiles, links and runs it; the exit status of the first step that fails. */
static int compiled(const char *compiler, const char *suffix)
{
	const char *build = getenv("VEX_BUILD");
	char folder[] = "/tmp/vex-api-XXXXXX";
	char command[2048];
	char path[64];
	FILE *f;
	int status;

	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/t.%s", folder, suffix);
	f = fopen(path, "w");
	if (!f)
		return -1;
	fputs(program, f);
	fclose(f);
	snprintf(command, sizeof(command),
		"%s -I. -Wall -Wextra -Werror -pedantic-errors -o %s/t %s %s/libvexmodel.so "
		"-Wl,-rpath,$(realpath %s) && %s/t",
		compiler, folder, path, build ? build : "build", build ? build : "build", folder);
	status = system(command);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	if (system(command) != 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void compile_alone(void)
{
	const char *build = getenv("VEX_BUILD");
	char library[1024];

	snprintf(library, sizeof(library), "%s/libvexmodel.so", build ? build : "build");
	/* The unit program may be run without the rest of the build. */
	if (access(library, R_OK) != 0)
		return;
#ifndef __SANITIZE_ADDRESS__
	CU_ASSERT_EQUAL(compiled("gcc -std=c11", "c"), 0);
	CU_ASSERT_EQUAL(compiled("g++ -std=c++11", "cc"), 0);
#else
	CU_ASSERT_EQUAL(compiled("gcc -std=c11 -fsanitize=address,undefined", "c"), 0);
	CU_ASSERT_EQUAL(compiled("g++ -std=c++11 -fsanitize=address,undefined", "cc"), 0);
#endif
}

static const struct unit_case cases[] = {
	{"many instances do not know of each other", many},
	{"instances in several threads do what one does", threads},
	{"arguments out of range are refused", arguments},
	{"time does not go back", times},
	{"a refused configuration gives every error", errors},
	{"a traced switch does the same; a writer's error is reported", traces},
	{"with any transaction refused, conservation holds", every_fault},
	{"programs in C and C++ need the header and the shared library alone", compile_alone},
};

const struct unit_suite instances_suite = {.name = "instances", .cases = cases, .n = UNIT_N(cases)};

/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SHOW_BUILD_H
#define VEX_CONTROL_SHOW_BUILD_H

/*
 * show_build: a switch made by hand for the suites of show_*_test.c and cli_show_test.c.
 *
 *	struct show_bench *b = show_bench_create(CONFIG);
 *	b->cnt->port[0].bound = ...
 *	EXPECT_TEXT(b, "show vlans", "{}", "Routing instance ...");
 *	show_bench_free(b);
 *
 * Everything is up and nothing has been counted; it is 2026-03-01 12:00:00 UTC.
 */

#include "control/cli_show.h"
#include "control/show.h"
#include "control/show_live.h"

#define SHOW_BENCH_NOW 1772366400

struct show_bench {
	struct show_ctx ctx;
	struct ctl_image *image;
	struct cfg *cfg;
	struct platform platform;
	struct vex_cnt *cnt;
	struct vex_op *dump[VEX_TABLES];
};

/* A segment of counters, zero; to be freed. Ends the test without memory. */
struct vex_cnt *show_bench_cnt(void);

/* Ports 0 .. 3 have a device with a link. Ends the test if the configuration is wrong. */
struct show_bench *show_bench_create(const char *config);
void show_bench_free(struct show_bench *b);

/* The tables as the configuration makes them; MAC tables empty but for static addresses. */
void show_bench_dump(struct show_bench *b);
/* One more record of a table that was dumped. */
void show_bench_add(struct show_bench *b, enum vex_table table, const struct vex_op *op);
void show_bench_add_mac(struct show_bench *b, unsigned int bd, unsigned int lport,
	unsigned int last, enum vex_mac_type type, unsigned int age);

/* The tree of a `what`; @args is JSON text. NULL if it was refused. */
json_t *show_bench_make(struct show_bench *b, const char *what, const char *args);

/* The entry of the client's tables; NULL if there is none. */
const struct cli_show *show_bench_command(const char *words);

#define EXPECT_TEXT(b, words, args, expected) \
	show_expect_text(b, words, args, expected, __FILE__, __LINE__)
/* The error instead. */
#define EXPECT_REFUSED(b, what, args, expected) \
	show_expect_refused(b, what, args, expected, __FILE__, __LINE__)

void show_expect_text(struct show_bench *b, const char *words, const char *args,
	const char *expected, const char *file, unsigned int line);
void show_expect_refused(struct show_bench *b, const char *what, const char *args,
	const char *expected, const char *file, unsigned int line);

#endif

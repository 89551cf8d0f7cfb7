/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * state_build: what the suites of control/state_*_test.c share.
 *
 * EXPECT_OPS compares the operations of a configuration with a text of one line each, in which
 * operations that only state a default (an unconfigured port, an unlimited switch) are left out:
 *
 *	switch limit 100 drop
 *	port 0 mtu 9000 down speed 1000 recovery 60 storm 80000 bmru shutdown
 *	lag 0 min 2 up
 *	member 0 4                      LAG, port
 *	vlan 10 fid 10 age 300 private no-learn limit 5 none
 *	set 10 in 0-3 ae0               in, out, untagged, primary
 *	lport 0 vlan 10 no-learn sticky limit 5 drop
 *	limit 10 0 limit 5 drop         VLAN, port
 *	mac 10 0 02:00:00:00:00:01
 *	punt lldp 10 5                  a frame rate, and how many at once
 *
 * EXPECT_ERRORS compares the errors, one line each: "LINE kind: text".
 */
#ifndef VEX_CONTROL_STATE_BUILD_H
#define VEX_CONTROL_STATE_BUILD_H

#include "control/ctl.h"

#define EXPECT_OPS(config, expected)	state_expect_ops(config, expected, __FILE__, __LINE__)
#define EXPECT_ERRORS(config, expected) state_expect_errors(config, expected, __FILE__, __LINE__)

void state_expect_ops(
	const char *config, const char *expected, const char *file, unsigned int line);
void state_expect_errors(
	const char *config, const char *expected, const char *file, unsigned int line);

/* The image of a configuration that must be right; ends the test if it is not. */
struct ctl_image *state_must_load(const char *config, const char *file, unsigned int line);
#define MUST_LOAD(config) state_must_load(config, __FILE__, __LINE__)

/* Operations of a type in an image. */
size_t state_count_ops(const struct ctl_image *image, unsigned int type);

/* A text that grows; free() it. */
struct state_text {
	char *s;
	size_t n, cap;
};
__attribute__((format(printf, 2, 3))) void state_add(struct state_text *t, const char *fmt, ...);

#endif

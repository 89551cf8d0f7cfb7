/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_CONN_H
#define VEX_CONTROL_CLI_CONN_H

/*
 * cli_conn: a client of the management socket of vex-re: requests and answers as lines of JSON.
 *
 *	struct cli_conn conn = {.dir = "/run/vex/default", .wake_fd = -1, .fd = -1};
 *	struct cli_answer answer;
 *	switch (cli_conn_ask(&conn, "hello", NULL, &answer)) ...
 *	cli_answer_free(&answer);
 *	cli_conn_close(&conn);
 *
 * It connects when it must: after a connection was lost the next request makes a new one, and waits
 * some seconds for vex-re to come back. Whatever the other side sends, it is an answer or an error.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

/* A line of vex-re is not longer. */
#define CLI_LINE_MAX (1u << 30)

enum cli_ask {
	CLI_ASK_OK,	 /* data */
	CLI_ASK_REFUSED, /* errors: an array of {kind, path, value, text, ...} */
	CLI_ASK_LOST,	 /* text: no connection, or it broke */
	CLI_ASK_STOPPED, /* woken() said so; the answer will be ignored */
};

struct cli_conn {
	const char *dir; /* the run directory; borrowed */
	int wake_fd; /* when it is readable, woken() says whether to stop; -1: nothing ends waiting */
	bool (*woken)(void *ctx);
	void (*notify)(void *ctx, const char *text);
	void *ctx;

	int fd;			 /* -1: not connected */
	unsigned int generation; /* counts connections */
	json_int_t id;
	char *in;
	size_t in_len, in_cap, scanned;
};

struct cli_answer {
	json_t *data, *errors;
	char text[512];
};

/* @args is borrowed; NULL: none. */
enum cli_ask cli_conn_ask(
	struct cli_conn *conn, const char *rpc, const json_t *args, struct cli_answer *answer);
void cli_answer_free(struct cli_answer *answer);

/* Deliver notifications that have arrived, without waiting. */
void cli_conn_poll(struct cli_conn *conn);

void cli_conn_close(struct cli_conn *conn);

#endif

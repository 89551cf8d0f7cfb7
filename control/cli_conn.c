/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_conn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "control/rundir.h"

#define READ_SIZE	65536
#define RECONNECT_MS	5000
#define RECONNECT_EVERY 50

static void disconnect(struct cli_conn *conn)
{
	if (conn->fd >= 0)
		close(conn->fd);
	conn->fd = -1;
	conn->in_len = conn->scanned = 0;
}

void cli_conn_close(struct cli_conn *conn)
{
	disconnect(conn);
	free(conn->in);
	conn->in = NULL;
	conn->in_cap = 0;
}

/* ---- Connecting ------------------------------------------------------------------------------------ */

static bool connect_once(struct cli_conn *conn, char *text, size_t size)
{
	int dir = rundir_open(conn->dir);

	if (dir < 0) {
		snprintf(text, size, "there is no instance that runs in %.400s", conn->dir);
		return false;
	}
	conn->fd = rundir_connect(dir, RUNDIR_MGMT, text, size);
	close(dir);
	if (conn->fd < 0) {
		snprintf(text, size,
			"the instance in %.400s does not run, or is only just starting", conn->dir);
		return false;
	}
	fcntl(conn->fd, F_SETFL, fcntl(conn->fd, F_GETFL) | O_NONBLOCK);
	conn->generation++;
	return true;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A connection that was there before comes back when vex-re does. */
static enum cli_ask connect_it(struct cli_conn *conn, struct cli_answer *answer)
{
	int64_t end = now_ms() + (conn->generation > 0 ? RECONNECT_MS : 0);
	struct pollfd wake = {.fd = conn->wake_fd, .events = POLLIN};

	while (!connect_once(conn, answer->text, sizeof(answer->text))) {
		if (now_ms() >= end)
			return CLI_ASK_LOST;
		if (poll(&wake, 1, RECONNECT_EVERY) > 0 && conn->woken(conn->ctx))
			return CLI_ASK_STOPPED;
	}
	return CLI_ASK_OK;
}

/* ---- Lines ----------------------------------------------------------------------------------------- */

/* Read what is there. False: the connection is of no use any more. */
static bool read_some(struct cli_conn *conn)
{
	ssize_t n;

	if (conn->in_cap - conn->in_len < READ_SIZE) {
		size_t cap = conn->in_cap > 0 ? 2 * conn->in_cap : 4 * READ_SIZE;
		char *in = cap <= 2 * (size_t)CLI_LINE_MAX ? realloc(conn->in, cap) : NULL;

		if (in == NULL)
			return false;
		conn->in = in;
		conn->in_cap = cap;
	}
	n = read(conn->fd, conn->in + conn->in_len, READ_SIZE);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	conn->in_len += (size_t)n;
	return n > 0;
}

/* The next line as an object; NULL and *bad false: it has not arrived yet. */
static json_t *next_object(struct cli_conn *conn, bool *bad)
{
	char *newline = conn->in_len > conn->scanned ? memchr(conn->in + conn->scanned, '\n',
							       conn->in_len - conn->scanned)
						     : NULL;
	size_t len;
	json_t *object;

	*bad = false;
	if (newline == NULL) {
		conn->scanned = conn->in_len;
		return NULL;
	}
	len = (size_t)(newline - conn->in);
	object = json_loadb(conn->in, len, 0, NULL);
	conn->in_len -= len + 1;
	memmove(conn->in, newline + 1, conn->in_len);
	conn->scanned = 0;
	*bad = !json_is_object(object);
	if (*bad)
		json_decref(object);
	return *bad ? NULL : object;
}

/* True if it was a notification, which is delivered. */
static bool notified(struct cli_conn *conn, const json_t *object)
{
	const char *text = json_string_value(json_object_get(object, "notify"));

	if (text != NULL && conn->notify != NULL)
		conn->notify(conn->ctx, text);
	return text != NULL;
}

static enum cli_ask broken(struct cli_conn *conn, struct cli_answer *answer, const char *text)
{
	disconnect(conn);
	snprintf(answer->text, sizeof(answer->text), "%s", text);
	return CLI_ASK_LOST;
}

/* ---- Asking ---------------------------------------------------------------------------------------- */

static enum cli_ask understand(struct cli_conn *conn, json_t *object, struct cli_answer *answer)
{
	json_t *ok = json_object_get(object, "ok"), *data = json_object_get(object, "data"),
	       *errors = json_object_get(object, "errors");

	if (json_is_true(ok) && json_is_object(data)) {
		answer->data = json_incref(data);
		return CLI_ASK_OK;
	}
	if (json_is_false(ok) && json_array_size(errors) > 0) {
		answer->errors = json_incref(errors);
		return CLI_ASK_REFUSED;
	}
	return broken(conn, answer, "the answer cannot be understood");
}

/* Look through the lines that have arrived for the answer to request conn->id. */
static enum cli_ask scan(struct cli_conn *conn, struct cli_answer *answer, bool *done)
{
	enum cli_ask result = CLI_ASK_LOST;
	json_t *object, *id;
	bool bad;

	*done = false;
	while (!*done && (object = next_object(conn, &bad)) != NULL) {
		id = json_object_get(object, "id");
		/* An older one is of a request that was given up. */
		if (!notified(conn, object) &&
			(!json_is_integer(id) || json_integer_value(id) >= conn->id)) {
			result = understand(conn, object, answer);
			*done = true;
		}
		json_decref(object);
		if (*done)
			return result;
	}
	if (!bad)
		return CLI_ASK_OK;
	*done = true;
	return broken(conn, answer, "the answer is not a line of JSON");
}

static char *request_text(struct cli_conn *conn, const char *rpc, const json_t *args)
{
	json_t *object = json_pack("{s:I, s:s}", "id", ++conn->id, "rpc", rpc);
	char *text = NULL, *line = NULL;

	if (object != NULL &&
		json_object_set_new(object, "args",
			args != NULL ? json_incref((json_t *)args) : json_object()) == 0)
		text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	if (text != NULL)
		line = realloc(text, strlen(text) + 2);
	if (line == NULL)
		free(text);
	else
		strcat(line, "\n");
	return line;
}

/* Send @text and wait for the answer. */
static enum cli_ask exchange(struct cli_conn *conn, const char *text, struct cli_answer *answer)
{
	size_t left = strlen(text);
	struct pollfd p[2];
	enum cli_ask result;
	bool done;
	ssize_t n;

	for (;;) {
		p[0] = (struct pollfd){
			.fd = conn->fd, .events = (short)(left > 0 ? POLLIN | POLLOUT : POLLIN)};
		p[1] = (struct pollfd){.fd = conn->wake_fd, .events = POLLIN};
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return broken(conn, answer, strerror(errno));
		if (p[1].revents != 0 && conn->woken(conn->ctx)) {
			/* Half a request cannot be taken back. */
			if (left > 0)
				disconnect(conn);
			return CLI_ASK_STOPPED;
		}
		if (left > 0 && (p[0].revents & POLLOUT) != 0) {
			n = send(conn->fd, text, left, MSG_NOSIGNAL);
			if (n < 0 && errno != EAGAIN && errno != EINTR)
				return broken(conn, answer, "the connection was lost");
			text += n > 0 ? n : 0;
			left -= n > 0 ? (size_t)n : 0;
		}
		if ((p[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0)
			continue;
		if (!read_some(conn))
			return broken(conn, answer, "the connection was lost");
		result = scan(conn, answer, &done);
		if (done)
			return result;
	}
}

enum cli_ask cli_conn_ask(
	struct cli_conn *conn, const char *rpc, const json_t *args, struct cli_answer *answer)
{
	enum cli_ask result = CLI_ASK_OK;
	char *text;

	*answer = (struct cli_answer){0};
	cli_conn_poll(conn);
	if (conn->fd < 0)
		result = connect_it(conn, answer);
	if (result != CLI_ASK_OK)
		return result;
	text = request_text(conn, rpc, args);
	if (text == NULL) {
		snprintf(answer->text, sizeof(answer->text), "out of memory");
		return CLI_ASK_LOST;
	}
	result = exchange(conn, text, answer);
	free(text);
	return result;
}

void cli_answer_free(struct cli_answer *answer)
{
	json_decref(answer->data);
	json_decref(answer->errors);
	*answer = (struct cli_answer){0};
}

void cli_conn_poll(struct cli_conn *conn)
{
	struct pollfd p = {.fd = conn->fd, .events = POLLIN};
	json_t *object;
	bool bad = false;

	while (conn->fd >= 0 && poll(&p, 1, 0) > 0) {
		if (!read_some(conn)) {
			disconnect(conn);
			return;
		}
		while ((object = next_object(conn, &bad)) != NULL) {
			notified(conn, object);
			json_decref(object);
		}
		if (bad)
			disconnect(conn);
	}
}

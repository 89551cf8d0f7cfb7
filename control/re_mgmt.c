/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The management socket: sessions and lines.
 *
 * A session's requests are served one after the other; while one is answered later, or while the
 * client has much left to read, the next lines stay where they are, and beyond one request's length
 * in the socket. So a client that does not read stops itself, and is thrown out when it has read
 * nothing for WRITE_WAIT_S.
 *
 * The end of a client's stream is no end of its session: what it has asked for is still done and
 * answered. The session ends when nothing is left to do, or nobody is there to write to.
 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>

#include "control/re.h"
#include "control/rundir.h"
#include "control/show.h"

#define READ_AT_ONCE	(1u << 20)
#define ANSWERS_WAITING (4u << 20)  /* no further request is served */
#define NOTIFY_WAITING	(16u << 20) /* a session that reads so little is of no use */
#define WRITE_WAIT_S	20

struct re_session {
	struct re *re;
	unsigned int id;
	char user[RE_USER_SIZE];
	char client[32];
	int pid;
	time_t since, active;
	struct bufferevent *bev;
	struct re_call *call;	   /* that is answered later */
	struct confdb_session *db; /* NULL: not needed yet */
	char terminal[32];
	size_t scanned; /* bytes of the input that hold no newline */
	bool serving;	/* below serve(): an answer does not begin the next request */
	bool eof;
	bool dead;	     /* dropped at the next turn of the loop */
	struct event *again; /* serve the next line, from the loop */
	struct re_session *next;
};

struct re_mgmt {
	struct evconnlistener *listener;
	struct re_session *sessions;
	unsigned int n, last_id;
};

static void drop(struct re_session *session)
{
	struct re_session **at = &session->re->mgmt->sessions;

	while (*at != session)
		at = &(*at)->next;
	*at = session->next;
	session->re->mgmt->n--;
	if (session->call != NULL)
		session->call->session = NULL;
	if (session->db != NULL && confdb_mode(session->db) != CONFDB_OPERATIONAL)
		re_syslog(session->re, CTL_LOG_INTERACTIVE, CTL_LOG_NOTICE, "UI_DBASE_LOGOUT_EVENT",
			"User '%s' exiting configuration mode", session->user);
	if (!re_commit_keeps(session->re, session->db))
		confdb_session_close(session->db);
	if (session->again != NULL)
		event_free(session->again);
	bufferevent_free(session->bev);
	free(session);
}

static size_t unread(const struct re_session *session)
{
	return evbuffer_get_length(bufferevent_get_output(session->bev));
}

/* A complete line, to be freed by the caller; NULL if there is none yet. */
static char *next_line(struct re_session *session, size_t *len)
{
	struct evbuffer *in = bufferevent_get_input(session->bev);
	struct evbuffer_ptr from, end;
	char *line;

	if (evbuffer_ptr_set(in, &from, session->scanned, EVBUFFER_PTR_SET) != 0)
		return NULL;
	end = evbuffer_search(in, "\n", 1, &from);
	if (end.pos < 0) {
		session->scanned = evbuffer_get_length(in);
		return NULL;
	}
	session->scanned = 0;
	*len = (size_t)end.pos;
	line = malloc(*len + 1);
	if (line == NULL)
		return NULL;
	evbuffer_remove(in, line, *len);
	line[*len] = '\0';
	evbuffer_drain(in, 1);
	return line;
}

static bool may_serve(const struct re_session *session)
{
	return session->call == NULL && unread(session) <= ANSWERS_WAITING;
}

/* One line for each turn of the loop: nobody starves beside a client that asks without end. */
static void serve(struct re_session *session)
{
	struct re *re = session->re;
	bool too_long;
	size_t len;
	char *line;

	if (!may_serve(session))
		return;
	line = next_line(session, &len);
	if (line != NULL) {
		session->active = time(NULL);
		session->serving = true;
		re_rpc_serve(re, session, line, len);
		session->serving = false;
		free(line);
		event_active(session->again, EV_TIMEOUT, 0);
		return;
	}
	too_long = evbuffer_get_length(bufferevent_get_input(session->bev)) >= RE_REQUEST_MAX;
	if (too_long)
		fprintf(stderr, "session %u of %s: a request is longer than %u bytes\n",
			session->id, session->user, RE_REQUEST_MAX);
	if (too_long || (session->eof && unread(session) == 0))
		drop(session);
}

static void on_again(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	if (((struct re_session *)ctx)->dead)
		drop(ctx);
	else
		serve(ctx);
}

static void on_read(struct bufferevent *bev, void *ctx)
{
	(void)bev;
	serve(ctx);
}

/* Everything that was answered has gone to the client. */
static void on_written(struct bufferevent *bev, void *ctx)
{
	(void)bev;
	serve(ctx);
}

static void on_event(struct bufferevent *bev, short what, void *ctx)
{
	struct re_session *session = ctx;

	(void)bev;
	if ((what & BEV_EVENT_TIMEOUT) != 0)
		fprintf(stderr, "session %u of %s: disconnected, it does not read its answers\n",
			session->id, session->user);
	if ((what & BEV_EVENT_EOF) != 0 && (what & BEV_EVENT_ERROR) == 0) {
		session->eof = true;
		serve(session);
	} else if ((what & (BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) != 0) {
		drop(session);
	}
}

void re_session_answer(struct re_session *session, json_t *answer)
{
	char *text = answer != NULL ? json_dumps(answer, JSON_COMPACT) : NULL;

	session->call = NULL;
	if (text == NULL)
		text = strdup("{\"ok\":false,\"errors\":[{\"kind\":\"internal\","
			      "\"text\":\"out of memory\"}]}");
	if (text != NULL) {
		bufferevent_write(session->bev, text, strlen(text));
		bufferevent_write(session->bev, "\n", 1);
	}
	free(text);
	json_decref(answer);
	if (!session->serving)
		event_active(session->again, EV_TIMEOUT, 0);
}

void re_session_set_call(struct re_session *session, struct re_call *call)
{
	session->call = call;
}

unsigned int re_session_id(const struct re_session *session)
{
	return session->id;
}

const char *re_session_user(const struct re_session *session)
{
	return session->user;
}

static void notify(
	struct re *re, const struct re_session *except, const char *user, const char *text)
{
	json_t *o = json_pack("{s:s}", "notify", text);
	char *line = o != NULL ? json_dumps(o, JSON_COMPACT) : NULL;

	for (struct re_session *s = re->mgmt != NULL ? re->mgmt->sessions : NULL;
		s != NULL && line != NULL; s = s->next) {
		if (s == except || (user != NULL && strcmp(user, s->user) != 0))
			continue;
		if (unread(s) > NOTIFY_WAITING) {
			s->dead = true;
			event_active(s->again, EV_TIMEOUT, 0);
			continue;
		}
		bufferevent_write(s->bev, line, strlen(line));
		bufferevent_write(s->bev, "\n", 1);
	}
	free(line);
	json_decref(o);
}

json_t *re_sessions_json(const struct re *re)
{
	json_t *list = json_array();

	for (const struct re_session *s = re->mgmt->sessions; s != NULL; s = s->next)
		json_array_append_new(
			list, json_pack("{s:I, s:s, s:I, s:I, s:I}", "session", (json_int_t)s->id,
				      "user", s->user, "pid", (json_int_t)s->pid, "since",
				      (json_int_t)s->since, "active", (json_int_t)s->active));
	return list;
}

struct confdb_session *re_session_db(struct re_session *session)
{
	const struct confdb_who who = {
		.user = session->user,
		.client = session->client,
		.terminal = *session->terminal != '\0' ? session->terminal : NULL,
		.pid = session->pid,
	};

	if (session->db == NULL)
		session->db = confdb_session_open(session->re->db, &who);
	return session->db;
}

void re_notify(struct re *re, const struct re_session *except, const char *text)
{
	notify(re, except, NULL, text);
}

void re_notify_user(struct re *re, const char *user, const char *text)
{
	notify(re, NULL, strcmp(user, "*") == 0 ? NULL : user, text);
}

size_t re_sessions_view(const struct re *re, struct show_session *v, size_t cap)
{
	size_t n = 0;

	for (const struct re_session *s = re->mgmt->sessions; s != NULL && n < cap; s = s->next)
		v[n++] = (struct show_session){.user = s->user,
			.client = s->client,
			.mode = s->db != NULL ? confdb_mode_name(confdb_mode(s->db))
					      : "operational",
			.pid = s->pid,
			.since = s->since,
			.active = s->active};
	return n;
}

void re_session_set_client(struct re_session *session, const char *client, const char *terminal)
{
	snprintf(session->client, sizeof(session->client), "%s", client);
	snprintf(session->terminal, sizeof(session->terminal), "%s", terminal);
}

/* Who is at the other end, as the kernel says. */
static void identify(struct re_session *session, int fd)
{
	struct ucred peer = {0};
	socklen_t len = sizeof(peer);
	struct passwd *entry = NULL;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0) {
		session->pid = peer.pid;
		entry = getpwuid(peer.uid);
	}
	if (entry != NULL)
		snprintf(session->user, sizeof(session->user), "%s", entry->pw_name);
	else
		snprintf(session->user, sizeof(session->user), "%u", (unsigned int)peer.uid);
}

static struct re_session *session_create(struct re *re, int fd)
{
	const struct timeval wait = {WRITE_WAIT_S, 0};
	struct re_session *session = calloc(1, sizeof(*session));

	if (session == NULL)
		return NULL;
	session->re = re;
	session->again = evtimer_new(re->base, on_again, session);
	if (session->again != NULL)
		session->bev = bufferevent_socket_new(re->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (session->bev == NULL) {
		if (session->again != NULL)
			event_free(session->again);
		free(session);
		return NULL;
	}
	identify(session, fd);
	re_session_set_client(session, "mgmt", "");
	session->id = ++re->mgmt->last_id;
	session->since = session->active = time(NULL);
	bufferevent_setwatermark(session->bev, EV_READ, 0, RE_REQUEST_MAX);
	bufferevent_set_max_single_read(session->bev, READ_AT_ONCE);
	bufferevent_set_timeouts(session->bev, NULL, &wait);
	bufferevent_setcb(session->bev, on_read, on_written, on_event, session);
	bufferevent_enable(session->bev, EV_READ | EV_WRITE);
	return session;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *addr,
	int len, void *ctx)
{
	static const char full[] = "{\"ok\":false,\"errors\":[{\"kind\":\"no-resource\",\"text\":"
				   "\"there are too many sessions: end one of them\"}]}\n";
	struct re *re = ctx;
	struct re_session *session = NULL;

	(void)listener;
	(void)addr;
	(void)len;
	if (re->mgmt->n < RE_SESSIONS_MAX)
		session = session_create(re, fd);
	if (session == NULL) {
		if (send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			fprintf(stderr, "a session was refused: %s\n", strerror(errno));
		close(fd);
		return;
	}
	session->next = re->mgmt->sessions;
	re->mgmt->sessions = session;
	re->mgmt->n++;
}

bool re_mgmt_open(struct re *re)
{
	char err[256] = "out of memory";
	int dir = rundir_open(re->options.rundir), fd = -1;

	re->mgmt = calloc(1, sizeof(*re->mgmt));
	if (dir < 0)
		snprintf(err, sizeof(err), "run directory %.160s: %s", re->options.rundir,
			strerror(errno));
	else if (re->mgmt != NULL)
		fd = rundir_listen(dir, RUNDIR_MGMT, err, sizeof(err));
	if (fd >= 0)
		re->mgmt->listener = evconnlistener_new(re->base, on_accept, re,
			LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1, fd);
	if (dir >= 0)
		close(dir);
	if (re->mgmt != NULL && re->mgmt->listener != NULL)
		return true;
	if (fd >= 0)
		close(fd);
	re_report_state(re, "failed", err);
	return false;
}

void re_mgmt_close(struct re *re)
{
	int dir = rundir_open(re->options.rundir);

	if (re->mgmt == NULL)
		return;
	while (re->mgmt->sessions != NULL) {
		struct bufferevent *bev = re->mgmt->sessions->bev;

		/* The loop is over: what the socket does not take at once is lost. */
		evbuffer_unfreeze(bufferevent_get_output(bev), 1);
		evbuffer_write(bufferevent_get_output(bev), bufferevent_getfd(bev));
		drop(re->mgmt->sessions);
	}
	if (re->mgmt->listener != NULL) {
		evconnlistener_free(re->mgmt->listener);
		unlinkat(dir, RUNDIR_MGMT, 0);
	}
	if (dir >= 0)
		close(dir);
	free(re->mgmt);
	re->mgmt = NULL;
}

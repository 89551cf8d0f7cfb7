/* SPDX-License-Identifier: BSD-3-Clause */
/* The control socket: lines of JSON in, a line of JSON out for each. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "control/rundir.h"
#include "control/sup.h"

#define CLIENTS_MAX 32
#define REQUEST_MAX 4096
#define ANSWER_MAX  (1u << 20) /* waiting for a client that does not read */

struct sup_client {
	struct sup *sup;
	struct bufferevent *bev;
	bool waits; /* for the end */
	struct sup_client *next;
};

static void drop(struct sup_client *client)
{
	struct sup_client **at = &client->sup->clients;

	while (*at != client)
		at = &(*at)->next;
	*at = client->next;
	client->sup->n_clients--;
	bufferevent_free(client->bev);
	free(client);
}

/* Takes @answer over. */
static void answer(struct sup_client *client, json_t *object)
{
	char *text = object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;

	bufferevent_write(client->bev, text != NULL ? text : "{}", text != NULL ? strlen(text) : 2);
	bufferevent_write(client->bev, "\n", 1);
	free(text);
	json_decref(object);
}

static void serve(struct sup_client *client, const char *line, size_t n)
{
	json_t *request = json_loadb(line, n, JSON_REJECT_DUPLICATES, NULL);
	const char *what = json_string_value(json_object_get(request, "do"));

	if (what == NULL) {
		answer(client, json_pack("{s:s}", "error",
				       "a request is {\"do\": \"status\"} or "
				       "{\"do\": \"stop\"}"));
	} else if (strcmp(what, "status") == 0) {
		answer(client, sup_status(client->sup));
	} else if (strcmp(what, "stop") == 0) {
		client->waits = true;
		sup_stop(client->sup);
	} else {
		answer(client,
			json_pack("{s:s}", "error", "there are only the requests status and stop"));
	}
	json_decref(request);
}

static void on_read(struct bufferevent *bev, void *ctx)
{
	struct sup_client *client = ctx;
	struct evbuffer *in = bufferevent_get_input(bev);
	size_t n;
	char *line;

	while ((line = evbuffer_readln(in, &n, EVBUFFER_EOL_LF)) != NULL) {
		serve(client, line, n);
		free(line);
	}
	if (evbuffer_get_length(in) >= REQUEST_MAX ||
		evbuffer_get_length(bufferevent_get_output(bev)) > ANSWER_MAX)
		drop(client);
}

static void on_event(struct bufferevent *bev, short what, void *ctx)
{
	(void)bev;
	if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) != 0)
		drop(ctx);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *addr,
	int len, void *ctx)
{
	struct sup *sup = ctx;
	struct sup_client *client = NULL;

	(void)listener;
	(void)addr;
	(void)len;
	if (sup->n_clients < CLIENTS_MAX)
		client = calloc(1, sizeof(*client));
	if (client != NULL)
		client->bev = bufferevent_socket_new(sup->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (client == NULL || client->bev == NULL) {
		close(fd);
		free(client);
		return;
	}
	client->sup = sup;
	client->next = sup->clients;
	sup->clients = client;
	sup->n_clients++;
	bufferevent_setwatermark(client->bev, EV_READ, 0, REQUEST_MAX);
	bufferevent_setcb(client->bev, on_read, NULL, on_event, client);
	bufferevent_enable(client->bev, EV_READ | EV_WRITE);
}

int sup_sock_open(struct sup *sup, char *err, size_t err_size)
{
	int fd = rundir_listen(sup->dir, RUNDIR_SOCKET, err, err_size);

	if (fd < 0)
		return -1;
	sup->listener = evconnlistener_new(
		sup->base, on_accept, sup, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1, fd);
	if (sup->listener != NULL)
		return 0;
	close(fd);
	strncpy(err, "control socket: out of memory", err_size);
	return -1;
}

void sup_sock_close(struct sup *sup)
{
	static const char ok[] = "{\"ok\":true}\n";

	while (sup->clients != NULL) {
		/* The loop is over: what the socket does not take at once is lost. */
		if (sup->clients->waits && send(bufferevent_getfd(sup->clients->bev), ok,
						   sizeof(ok) - 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			sup->clients->waits = false;
		drop(sup->clients);
	}
	if (sup->listener != NULL)
		evconnlistener_free(sup->listener);
	sup->listener = NULL;
	unlinkat(sup->dir, RUNDIR_SOCKET, 0);
}

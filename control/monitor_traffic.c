/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/monitor_traffic.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/tap.h"
#include "ports/pcapng.h"

#define NETNS_DIR     "/run/netns/"
#define ARGUMENTS_MAX 32
#define NO_TCPDUMP    127
#define NO_NAMESPACE  126
#define NO_TAP	      125

struct monitor_traffic {
	pid_t pid;
	int text;  /* what it says: standard error, and standard output unless a file is written */
	int bytes; /* frames, if a file is written; -1 */
	char port[64];
	struct pcapng_writer *writer;
	struct pcap_stream *stream;
	struct pcapng_error error;
	unsigned int written;
	bool failed; /* writing did: error says why */
};

/* The port of a unit: "ge-0/0/0" of "ge-0/0/0.0". */
static void port_of(const char *name, char port[64])
{
	size_t n;

	snprintf(port, 64, "%s", name);
	n = strlen(port);
	if (n > 2 && strcmp(port + n - 2, ".0") == 0)
		port[n - 2] = '\0';
}

/* ---- The child -------------------------------------------------------------------------------- */

static bool enter(const char *netns)
{
	char path[sizeof(NETNS_DIR) + 64];
	int fd;

	snprintf(path, sizeof(path), NETNS_DIR "%.63s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && setns(fd, CLONE_NEWNET) == 0;
}

static void run_tcpdump(const struct monitor_traffic_options *o, const char *tap)
{
	const char *argv[ARGUMENTS_MAX] = {
		"tcpdump", "-n", "-l", "-U", "--immediate-mode", "-i", tap};
	char count[16], size[16];
	int n = 7;

	snprintf(count, sizeof(count), "%u", o->count);
	snprintf(size, sizeof(size), "%u", o->size);
	if (o->count > 0) {
		argv[n++] = "-c";
		argv[n++] = count;
	}
	if (o->size > 0) {
		argv[n++] = "-s";
		argv[n++] = size;
	}
	if (o->file != NULL) {
		argv[n++] = "-w";
		argv[n++] = "-";
		argv[n++] = "--time-stamp-precision=nano";
	}
	if (geteuid() == 0) {
		argv[n++] = "-Z";
		argv[n++] = "root";
	}
	if (o->detail)
		argv[n++] = "-v";
	if (o->layer2_headers)
		argv[n++] = "-e";
	if (o->print_hex)
		argv[n++] = o->print_ascii ? "-XX" : "-xx";
	else if (o->print_ascii)
		argv[n++] = "-A";
	argv[n++] = "--";
	argv[n++] = o->matching;
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(NO_TCPDUMP);
}

/* In the new process. */
static void become(const struct monitor_traffic_options *o, const char *port, int text, int bytes)
{
	char tap[IFNAMSIZ];
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (!enter(o->netns))
		_exit(NO_NAMESPACE);
	if (if_nametoindex(tap_name(port, tap)) == 0)
		_exit(NO_TAP);
	dup2(bytes >= 0 ? bytes : text, STDOUT_FILENO);
	dup2(text, STDERR_FILENO);
	run_tcpdump(o, tap);
}

/* ---- Begin ------------------------------------------------------------------------------------ */

static bool open_file(
	struct monitor_traffic *t, const struct monitor_traffic_options *o, char *err, size_t size)
{
	if (o->file == NULL)
		return true;
	t->stream = calloc(1, sizeof(*t->stream));
	t->writer = t->stream != NULL ? pcapng_writer_open(o->file, &t->error) : NULL;
	if (t->writer != NULL && pcapng_write_interface(t->writer, t->port, &t->error) == 0)
		return true;
	snprintf(err, size, "%s: %s", o->file, t->stream != NULL ? t->error.text : "out of memory");
	return false;
}

static bool open_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	return true;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static bool open_child(
	struct monitor_traffic *t, const struct monitor_traffic_options *o, char *err, size_t size)
{
	int text[2] = {-1, -1}, bytes[2] = {-1, -1};
	bool ok = open_pipe(text) && (o->file == NULL || open_pipe(bytes));

	if (ok) {
		t->pid = fork();
		if (t->pid == 0)
			become(o, t->port, text[1], bytes[1]);
		ok = t->pid > 0;
	}
	if (!ok)
		snprintf(err, size, "tcpdump: %s", strerror(errno));
	close_fd(text[1]);
	close_fd(bytes[1]);
	t->text = text[0];
	t->bytes = bytes[0];
	return ok;
}

static void free_traffic(struct monitor_traffic *t)
{
	close_fd(t->text);
	close_fd(t->bytes);
	free(t->stream);
	free(t);
}

struct monitor_traffic *monitor_traffic_start(
	const struct monitor_traffic_options *options, char *err, size_t err_size)
{
	struct monitor_traffic *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		snprintf(err, err_size, "out of memory");
		return NULL;
	}
	t->text = t->bytes = -1;
	port_of(options->port, t->port);
	if (open_file(t, options, err, err_size) && open_child(t, options, err, err_size))
		return t;
	pcapng_writer_close(t->writer, &t->error);
	free_traffic(t);
	return NULL;
}

/* ---- Its output ------------------------------------------------------------------------------- */

/* True while there may be more, now or later. */
static bool read_text(struct monitor_traffic *t, FILE *out)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(t->text, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, (size_t)n, out);
	fflush(out);
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static bool write_frames(struct monitor_traffic *t)
{
	struct pcap_frame f;
	int rc;

	while ((rc = pcap_stream_next(t->stream, &f)) == 1) {
		const struct iovec piece = {(void *)(uintptr_t)f.data, f.captured};

		if (pcapng_write_packet(t->writer, 0, f.time_ns, &piece, 1, &t->error) != 0)
			return false;
		t->written++;
	}
	if (rc == 0)
		return true;
	snprintf(t->error.text, sizeof(t->error.text), "tcpdump writes no pcap of Ethernet frames");
	return false;
}

static bool read_bytes(struct monitor_traffic *t)
{
	size_t room;
	ssize_t n;

	while (t->bytes >= 0 && !t->failed) {
		uint8_t *at = pcap_stream_room(t->stream, &room);

		n = read(t->bytes, at, room);
		if (n <= 0)
			return n < 0 && (errno == EAGAIN || errno == EINTR);
		t->stream->n += (size_t)n;
		t->failed = !write_frames(t);
	}
	return false;
}

bool monitor_traffic_step(struct monitor_traffic *t, FILE *out)
{
	bool more = read_bytes(t);

	return (read_text(t, out) || more) && !t->failed;
}

/* What the child could not do; true if that has been said already, or it could. */
static bool explain(const struct monitor_traffic *t, int status, char *err, size_t size)
{
	if (WIFSIGNALED(status))
		return true;
	switch (WEXITSTATUS(status)) {
	case NO_TCPDUMP:
		snprintf(err, size, "tcpdump is not installed; `apt-get install tcpdump` does it");
		return false;
	case NO_NAMESPACE:
		snprintf(err, size,
			"the network namespace of the instance cannot be entered: it needs root, "
			"and a "
			"switch with taps (see `vex status`)");
		return false;
	case NO_TAP:
		snprintf(err, size, "%s has no traffic of its own; name a port, such as ge-0/0/0",
			t->port);
		return false;
	default:
		return true;
	}
}

bool monitor_traffic_stop(struct monitor_traffic *t, FILE *out, char *err, size_t err_size)
{
	bool closed, ok;
	int status = 0;

	err[0] = '\0';
	kill(t->pid, SIGINT);
	/* Until it has ended: what it still says belongs to it. */
	fcntl(t->text, F_SETFL, 0);
	if (t->bytes >= 0)
		fcntl(t->bytes, F_SETFL, 0);
	read_bytes(t);
	close_fd(t->bytes);
	t->bytes = -1;
	read_text(t, out);
	while (waitpid(t->pid, &status, 0) < 0 && errno == EINTR)
		;
	ok = explain(t, status, err, err_size) && WIFEXITED(status) && WEXITSTATUS(status) == 0;
	closed = t->writer == NULL || pcapng_writer_close(t->writer, &t->error) == 0;
	if (t->failed || !closed) {
		snprintf(err, err_size, "%.250s", t->error.text);
		ok = false;
	}
	free_traffic(t);
	return ok;
}

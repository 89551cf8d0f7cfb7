/* SPDX-License-Identifier: BSD-3-Clause */
/* show system processes|memory|storage: as the kernel counts them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "control/show_util.h"

static const char *const no_arguments[] = {NULL};

static const char *proc(const struct show_ctx *ctx)
{
	return ctx->proc_dir != NULL ? ctx->proc_dir : "/proc";
}

bool show_proc_read(const struct show_ctx *ctx, int pid, struct show_proc *p)
{
	unsigned long user, system;
	char *text, *rest, name[48];
	long threads, rss;

	*p = (struct show_proc){0};
	snprintf(name, sizeof(name), "%d/stat", pid);
	text = pid > 0 ? show_file(proc(ctx), name) : NULL;
	/* The name of the program is in parentheses and may hold anything. */
	rest = text != NULL ? strrchr(text, ')') : NULL;
	if (rest == NULL ||
		sscanf(rest + 1,
			" %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %ld "
			"%*d %*u %*u %ld",
			&p->state, &user, &system, &threads, &rss) != 5) {
		free(text);
		return false;
	}
	free(text);
	p->cpu_seconds = (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
	p->threads = (unsigned int)threads;
	p->rss_kb = (uint64_t)rss * (uint64_t)(sysconf(_SC_PAGESIZE) / 1024);
	return true;
}

json_t *show_system_processes(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {"extensive", NULL};
	char when[SHOW_TIME_SIZE];
	json_t *tree, *list;

	if (!show_args_ok(args, names, errs))
		return NULL;
	list = show_list(&tree, "system-process-information", "process");
	for (size_t i = 0; i < ctx->n_processes; i++) {
		const struct show_process *is = &ctx->processes[i];
		json_t *o = json_object();
		struct show_proc p;

		show_text(o, "command", is->name);
		show_number(o, "restarts", is->restarts);
		if (show_proc_read(ctx, is->pid, &p)) {
			show_number(o, "pid", (uint64_t)is->pid);
			show_format(o, "state", "%c", p.state);
			show_number(o, "thread-count", p.threads);
			show_format(o, "cpu-time", "%d:%02d.%02d", (int)p.cpu_seconds / 60,
				(int)p.cpu_seconds % 60, (int)(p.cpu_seconds * 100) % 100);
			show_number(o, "resident-size", p.rss_kb);
		} else {
			show_text(o, "state", "-");
		}
		if (is->since != 0)
			show_text(o, "start-time", show_time(is->since, when));
		json_array_append_new(list, o);
	}
	return tree;
}

/* The number after "Name:" in a text of such lines; -1 if it is not there. */
static int64_t number_in(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (; text != NULL; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (strncmp(text, name, n) == 0 && text[n] == ':')
			return strtoll(text + n + 1, NULL, 10);
	}
	return -1;
}

json_t *show_system_memory(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const rows[][2] = {{"system-memory-total", "MemTotal"},
		{"system-memory-free", "MemFree"}, {"system-memory-available", "MemAvailable"},
		{"hugepages-total", "HugePages_Total"}, {"hugepages-free", "HugePages_Free"},
		{"hugepage-size", "Hugepagesize"}};
	json_t *tree, *list, *outer;
	char *text;

	if (!show_args_ok(args, no_arguments, errs))
		return NULL;
	list = show_list(&tree, "system-memory-information", "process-memory");
	outer = json_object_get(tree, "system-memory-information");
	text = show_file(proc(ctx), "meminfo");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (number_in(text, rows[i][1]) >= 0)
			show_number(outer, rows[i][0], (uint64_t)number_in(text, rows[i][1]));
	free(text);
	for (size_t i = 0; i < ctx->n_processes; i++) {
		struct show_proc p;
		json_t *o;

		if (!show_proc_read(ctx, ctx->processes[i].pid, &p))
			continue;
		o = json_object();
		show_text(o, "name", ctx->processes[i].name);
		show_number(o, "pid", (uint64_t)ctx->processes[i].pid);
		show_number(o, "resident-size", p.rss_kb);
		json_array_append_new(list, o);
	}
	if (ctx->cnt != NULL) {
		show_text(outer, "packet-memory",
			ctx->cnt->pfe.hugepages == 1 ? "hugepages" : "ordinary pages");
		show_number(outer, "packet-memory-size",
			__atomic_load_n(&ctx->cnt->pfe.memory_kb, __ATOMIC_RELAXED));
	}
	return tree;
}

static void put_storage(json_t *list, const char *what, const char *path)
{
	struct statvfs fs;
	uint64_t kb, used, free_kb;
	json_t *o;

	if (path == NULL || statvfs(path, &fs) != 0)
		return;
	kb = (uint64_t)fs.f_blocks * fs.f_frsize / 1024;
	free_kb = (uint64_t)fs.f_bavail * fs.f_frsize / 1024;
	used = kb - (uint64_t)fs.f_bfree * fs.f_frsize / 1024;
	o = json_object();
	show_text(o, "filesystem-name", what);
	show_number(o, "total-blocks", kb);
	show_number(o, "used-blocks", used);
	show_number(o, "available-blocks", free_kb);
	show_number(o, "used-percent", used + free_kb > 0 ? used * 100 / (used + free_kb) : 0);
	show_text(o, "mounted-on", path);
	json_array_append_new(list, o);
}

json_t *show_system_storage(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	json_t *tree, *list;

	if (!show_args_ok(args, no_arguments, errs))
		return NULL;
	list = show_list(&tree, "system-storage-information", "filesystem");
	put_storage(list, "configuration", ctx->state_dir);
	put_storage(list, "logs", ctx->log_dir);
	return tree;
}

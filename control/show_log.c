/* SPDX-License-Identifier: BSD-3-Clause */
/* show log, clear log: the files of the log directory, and nothing outside it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/show_util.h"

/* Of a file at most its end is sent. */
#define LOG_BYTES_MAX (4u << 20)

static bool name_ok(const char *name)
{
	return *name != '\0' && *name != '.' && strchr(name, '/') == NULL && strlen(name) < 256;
}

static int open_dir(const struct show_ctx *ctx, struct vex_errs *errs)
{
	int dir = ctx->log_dir != NULL ? open(ctx->log_dir, O_DIRECTORY | O_RDONLY | O_CLOEXEC)
				       : -1;

	if (dir < 0)
		show_error(errs, VEX_ERR_IO, ctx->log_dir, "there are no log files");
	return dir;
}

/* A regular file of the directory; -1 with an error. */
static int open_log(const struct show_ctx *ctx, const char *name, int flags, struct vex_errs *errs)
{
	int dir = open_dir(ctx, errs), fd;
	struct stat st;

	if (dir < 0)
		return -1;
	fd = name_ok(name) ? openat(dir, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
	close(dir);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	if (fd >= 0)
		close(fd);
	show_error(errs, VEX_ERR_NOT_FOUND, name,
		"could not resolve file: %.64s: there is no such log file", name);
	return -1;
}

static json_t *list_files(const struct show_ctx *ctx, struct vex_errs *errs)
{
	char when[SHOW_TIME_SIZE];
	const struct dirent *entry;
	json_t *tree, *list;
	struct stat st;
	int fd = open_dir(ctx, errs);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	list = show_list(&tree, "directory-list", "file-information");
	while ((entry = readdir(dir)) != NULL) {
		json_t *o;

		if (!name_ok(entry->d_name) ||
			fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
			!S_ISREG(st.st_mode))
			continue;
		o = json_object();
		show_text(o, "file-name", entry->d_name);
		show_number(o, "file-size", (uint64_t)st.st_size);
		show_text(o, "file-date", show_time(st.st_mtime, when));
		json_array_append_new(list, o);
	}
	closedir(dir);
	return tree;
}

/* The last @lines lines of a text; all if 0. */
static const char *last_lines(const char *text, size_t len, unsigned long lines)
{
	const char *p = text + len;

	if (lines == 0)
		return text;
	if (p > text && p[-1] == '\n')
		p--;
	for (; p > text; p--)
		if (p[-1] == '\n' && --lines == 0)
			break;
	return p;
}

/* JSON holds UTF-8 only. */
static void make_plain(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80 ||
			((unsigned char)text[i] < ' ' && text[i] != '\n' && text[i] != '\t'))
			text[i] = '?';
}

static json_t *file_tree(int fd, const char *name, unsigned long lines)
{
	off_t size = lseek(fd, 0, SEEK_END);
	off_t from = size > (off_t)LOG_BYTES_MAX ? size - (off_t)LOG_BYTES_MAX : 0;
	char *text = malloc(LOG_BYTES_MAX + 1);
	json_t *o = json_object();
	size_t n = 0;
	ssize_t got;

	while (text != NULL && n < LOG_BYTES_MAX &&
		(got = pread(fd, text + n, LOG_BYTES_MAX - n, from + (off_t)n)) > 0)
		n += (size_t)got;
	if (text != NULL) {
		text[n] = '\0';
		make_plain(text, n);
		show_text(o, "file-name", name);
		json_object_set_new(o, "file-contents", json_string(last_lines(text, n, lines)));
	}
	free(text);
	return json_pack("{s:o}", "file-content", o);
}

json_t *show_log(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {"file", "last", NULL};
	const char *file = show_arg(args, "file"), *last = show_arg(args, "last");
	unsigned long lines = last != NULL ? strtoul(last, NULL, 10) : 0;
	json_t *tree;
	int fd;

	if (!show_args_ok(args, names, errs))
		return NULL;
	if (last != NULL && lines == 0) {
		show_error(errs, VEX_ERR_VALUE, last, "`last` takes a number of lines from 1");
		return NULL;
	}
	if (file == NULL && last == NULL)
		return list_files(ctx, errs);
	file = file != NULL ? file : "messages";
	fd = open_log(ctx, file, O_RDONLY, errs);
	if (fd < 0)
		return NULL;
	tree = file_tree(fd, file, lines);
	close(fd);
	return tree;
}

bool clear_log(const struct show_ctx *ctx, const json_t *args, struct clear_ops *ops,
	struct vex_errs *errs)
{
	static const char *const names[] = {"file", NULL};
	const char *file = show_arg(args, "file");
	bool done;
	int fd;

	*ops = (struct clear_ops){0};
	if (!show_args_ok(args, names, errs))
		return false;
	if (file == NULL) {
		show_error(errs, VEX_ERR_MISSING, NULL, "say which log file to clear");
		return false;
	}
	fd = open_log(ctx, file, O_WRONLY, errs);
	if (fd < 0)
		return false;
	done = ftruncate(fd, 0) == 0;
	if (!done)
		show_error(errs, VEX_ERR_IO, file, "%.64s cannot be cleared: %s", file,
			strerror(errno));
	close(fd);
	return done;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/confdb_testlib.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/file.h"

static const struct confdb_who root = {
	.user = "root", .client = "cli", .terminal = "pts/0", .pid = 7};

static void die(const char *what, struct vex_errs *errs)
{
	char *text = confdbt_take(errs);

	fprintf(stderr, "%s: %s\n", what, text);
	free(text);
	abort();
}

static void open_db(struct confdbt *t)
{
	t->db = confdb_open(t->dir, NULL, &t->notes, &t->errs);
	if (t->db == NULL)
		die("open", &t->errs);
	t->s = confdb_session_open(t->db, &root);
	if (confdb_configure(t->s, CONFDB_SHARED, 0, &t->notes, &t->errs) != 0)
		die("configure", &t->errs);
}

void confdbt_open(struct confdbt *t, const char *committed)
{
	*t = (struct confdbt){0};
	strcpy(t->dir, "/tmp/vex-confdb-XXXXXX");
	if (mkdtemp(t->dir) == NULL)
		abort();
	open_db(t);
	if (*committed == '\0')
		return;
	free(confdbt_load(t, CONFDB_LOAD_OVERRIDE, "", committed));
	free(confdbt_commit(t, t->s, 1000, NULL));
	if (confdb_changed(t->s))
		die("the first commit", &t->errs);
}

static void close_db(struct confdbt *t)
{
	confdb_close(t->db);
	t->db = NULL;
	vex_errs_free(&t->notes);
	vex_errs_free(&t->errs);
}

void confdbt_reopen(struct confdbt *t)
{
	close_db(t);
	open_db(t);
}

void confdbt_close(struct confdbt *t)
{
	struct dirent *e;
	DIR *d;

	close_db(t);
	d = opendir(t->dir);
	while (d != NULL && (e = readdir(d)) != NULL)
		unlinkat(dirfd(d), e->d_name, 0);
	if (d != NULL)
		closedir(d);
	CU_ASSERT_EQUAL(rmdir(t->dir), 0);
}

struct confdb_session *confdbt_session(struct confdbt *t, const char *user, enum confdb_mode mode)
{
	struct confdb_session *s = confdb_session_open(
		t->db, &(struct confdb_who){.user = user, .client = "cli", .pid = 8});

	if (mode != CONFDB_OPERATIONAL && confdb_configure(s, mode, 0, &t->notes, &t->errs) != 0)
		die(user, &t->errs);
	vex_errs_free(&t->notes);
	return s;
}

char *confdbt_take(struct vex_errs *errs)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	for (size_t i = 0; i < errs->n; i++)
		fprintf(f, "%s: %s\n", vex_err_kind_name(errs->v[i].kind), errs->v[i].text);
	fclose(f);
	vex_errs_free(errs);
	return text;
}

/* Notes and errors as one text. */
static char *outcome(struct confdbt *t)
{
	char *notes = confdbt_take(&t->notes), *errs = confdbt_take(&t->errs);
	char *both = malloc(strlen(notes) + strlen(errs) + 1);

	sprintf(both, "%s%s", notes, errs);
	free(notes);
	free(errs);
	return both;
}

char *confdbt_edit(struct confdbt *t, const char *path, const char *line)
{
	bool ok = confdb_edit(t->s, path, line, &t->notes, &t->errs) == 0;

	CU_ASSERT_EQUAL(ok, !vex_errs_any(&t->errs));
	return outcome(t);
}

char *confdbt_load(
	struct confdbt *t, enum confdb_load_mode mode, const char *path, const char *text)
{
	bool ok = confdb_load(t->s,
			  &(struct confdb_load){.mode = mode,
				  .path = path,
				  .text = text,
				  .len = strlen(text),
				  .file = "f"},
			  NULL, &t->notes, &t->errs) == 0;

	CU_ASSERT_EQUAL(ok, !vex_errs_any(&t->errs));
	return outcome(t);
}

char *confdbt_configure(struct confdbt *t, struct confdb_session *s, enum confdb_mode mode)
{
	bool ok = confdb_configure(s, mode, 1000, &t->notes, &t->errs) == 0;

	CU_ASSERT_EQUAL(ok, !vex_errs_any(&t->errs));
	return outcome(t);
}

char *confdbt_commit(struct confdbt *t, struct confdb_session *s, time_t time, const char *comment)
{
	struct confdb_commit *c = confdb_prepare(
		s, &(struct confdb_meta){.time = time, .comment = comment}, &t->notes, &t->errs);
	bool ok = c != NULL && confdb_publish(c, &t->notes, &t->errs) == 0;

	CU_ASSERT_EQUAL(ok, !vex_errs_any(&t->errs));
	return outcome(t);
}

void confdbt_must(struct confdbt *t, struct confdb_session *s, const char *lines)
{
	for (const char *end; *lines != '\0'; lines = end + (*end == '\n')) {
		char *line;

		end = strchrnul(lines, '\n');
		line = strndup(lines, (size_t)(end - lines));
		if (confdb_edit(s, "", line, &t->notes, &t->errs) != 0 || t->notes.n > 0)
			die(line, t->errs.n > 0 ? &t->errs : &t->notes);
		free(line);
	}
}

char *confdbt_get(struct confdbt *t, const char *source, const char *path, enum cfg_form form)
{
	struct confdb_source from;
	char *text = NULL;

	if (!confdb_source_parse(source, &from))
		return strdup("no such source");
	if (confdb_get(t->s, &from, path, form, false, &text, &t->errs) != 0)
		return outcome(t);
	return text;
}

char *confdbt_candidate(struct confdbt *t, struct confdb_session *s)
{
	struct confdb_source candidate = {.kind = CONFDB_CANDIDATE};
	char *text = NULL;

	if (confdb_get(s, &candidate, "", CFG_FORM_CURLY, false, &text, &t->errs) != 0)
		return outcome(t);
	return text;
}

char *confdbt_compare(struct confdbt *t, const char *path)
{
	struct confdb_source from = {.kind = CONFDB_ACTIVE}, to = {.kind = CONFDB_CANDIDATE};
	char *text = NULL;

	if (confdb_compare(t->s, &from, &to, path, &text, &t->errs) != 0)
		return outcome(t);
	return text;
}

char *confdbt_diff(struct confdbt *t, const char *from, const char *to, const char *path)
{
	struct confdb_source a = {.kind = CONFDB_TEXT, .text = from, .len = strlen(from)};
	struct confdb_source b = {.kind = CONFDB_TEXT, .text = to, .len = strlen(to)};
	char *text = NULL;

	if (confdb_compare(t->s, &a, &b, path, &text, &t->errs) != 0)
		return outcome(t);
	return text;
}

void confdbt_commit_name(struct confdbt *t, const char *name, time_t time)
{
	char line[64];

	snprintf(line, sizeof line, "set system host-name %s", name);
	confdbt_must(t, t->s, line);
	CHECK_TEXT(confdbt_commit(t, t->s, time, name), "");
}

char *confdbt_names(struct confdbt *t)
{
	char *out = calloc(1, 4096), source[32];

	for (unsigned int n = 0; n < CONFDB_ROLLBACKS; n++) {
		char *text, *name;

		snprintf(source, sizeof source, "rollback %u", n);
		text = confdbt_get(t, source, "", CFG_FORM_SET);
		name = strstr(text, "host-name ");
		if (name != NULL) {
			name[strcspn(name, "\n")] = '\0';
			sprintf(out + strlen(out), "%s%s", *out ? " " : "", name + 10);
		} else if (*text == '\0') {
			strcat(out, *out ? " -" : "-");
		}
		free(text);
	}
	return out;
}

char *confdbt_file(const struct confdbt *t, const char *name)
{
	char path[128];
	size_t len;

	snprintf(path, sizeof path, "%s/%s", t->dir, name);
	return file_read(path, 1u << 20, &len);
}

void confdbt_write_file(const struct confdbt *t, const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", t->dir, name);
	f = fopen(path, "w");
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

bool confdbt_equal(char *got, const char *expected, const char *file, int line)
{
	bool equal = got != NULL && strcmp(got, expected) == 0;

	if (!equal)
		fprintf(stderr, "%s:%d: expected\n%s\nbut got\n%s\n", file, line, expected,
			got ? got : "(nothing)");
	free(got);
	return equal;
}

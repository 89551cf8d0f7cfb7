/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/show_build.h"

#include "control/state_build.h"
#include "dataplane/ops_digest.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct vex_cnt *show_bench_cnt(void)
{
	struct vex_cnt *cnt = aligned_alloc(_Alignof(struct vex_cnt), sizeof(*cnt));

	CU_ASSERT_PTR_NOT_NULL_FATAL(cnt);
	return memset(cnt, 0, sizeof(*cnt));
}

struct show_bench *show_bench_create(const char *config)
{
	struct show_bench *b = calloc(1, sizeof(*b));
	struct vex_errs errs = {0};

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	setenv("TZ", "UTC", 1);
	tzset();
	b->image = MUST_LOAD(config);
	b->cfg = cfg_parse(config, strlen(config), "test", &errs);
	b->cnt = show_bench_cnt();
	CU_ASSERT_PTR_NOT_NULL_FATAL(b->cfg);
	memcpy(b->platform.base_mac, "\x02\x00\x00\x00\x10\xfe", 6);
	b->cnt->pfe.life = 1;
	b->cnt->pfe.n_workers = 2;
	for (int i = 0; i < 4; i++)
		b->cnt->port[i] = (struct vex_cnt_port){.bound = 1, .up = 1, .speed_mbps = 10000};
	b->ctx = (struct show_ctx){.instance = "leaf",
		.version = "0.1",
		.proc_dir = "/nowhere",
		.platform = &b->platform,
		.image = b->image,
		.cfg = b->cfg,
		.cnt = b->cnt,
		.live = show_live_create(),
		.now = SHOW_BENCH_NOW,
		.booted = SHOW_BENCH_NOW - 3600,
		.started = SHOW_BENCH_NOW - 3599,
		.pfe_started = SHOW_BENCH_NOW - 3598,
		.installed = true};
	CU_ASSERT_PTR_NOT_NULL_FATAL(b->ctx.live);
	show_live_sample(b->ctx.live, b->cnt, 1000, SHOW_BENCH_NOW - 10);
	return b;
}

void show_bench_free(struct show_bench *b)
{
	for (int t = 0; t < VEX_TABLES; t++)
		free(b->dump[t]);
	show_live_free(b->ctx.live);
	ctl_image_free(b->image);
	cfg_free(b->cfg);
	free(b->cnt);
	free(b);
}

void show_bench_add(struct show_bench *b, enum vex_table table, const struct vex_op *op)
{
	struct show_records *d = &b->ctx.dump[table];

	b->dump[table] = realloc(b->dump[table], (d->n + 1) * sizeof(*op));
	CU_ASSERT_PTR_NOT_NULL_FATAL(b->dump[table]);
	b->dump[table][d->n] = *op;
	*d = (struct show_records){b->dump[table], d->n + 1, true};
}

void show_bench_dump(struct show_bench *b)
{
	for (int t = 0; t < VEX_TABLES; t++)
		b->ctx.dump[t].known = true;
	for (size_t i = 0; i < b->image->n_ops; i++) {
		struct vex_op op = b->image->ops[i];

		op.seq = 0;
		if (!vex_op_is_default(&op))
			show_bench_add(b, vex_op_table(&op), &op);
	}
}

void show_bench_add_mac(struct show_bench *b, unsigned int bd, unsigned int lport,
	unsigned int last, enum vex_mac_type type, unsigned int age)
{
	struct vex_op op = {.type = VEX_OP_MAC_SET,
		.mac = {.bd = (uint16_t)bd,
			.lport = (uint16_t)lport,
			.mac = {2, 0, 0, 0, 0, (uint8_t)last},
			.type = (uint8_t)type,
			.age_seconds = age}};

	show_bench_add(b, VEX_TABLE_MAC_LEARNED, &op);
}

json_t *show_bench_make(struct show_bench *b, const char *what, const char *args)
{
	const struct show_what *entry = show_find(what);
	json_t *a = json_loads(args, 0, NULL), *tree;
	struct vex_errs errs = {0};

	CU_ASSERT_TRUE_FATAL(entry != NULL && a != NULL);
	tree = entry->make(&b->ctx, a, &errs);
	CU_ASSERT_EQUAL(tree == NULL, vex_errs_any(&errs));
	vex_errs_free(&errs);
	json_decref(a);
	return tree;
}

const struct cli_show *show_bench_command(const char *words)
{
	for (const struct cli_show *const *t = cli_show_tables; *t != NULL; t++)
		for (const struct cli_show *s = *t; s->words != NULL; s++)
			if (strcmp(s->words, words) == 0)
				return s;
	return NULL;
}

static void expect_equal(
	const char *text, const char *expected, const char *file, unsigned int line)
{
	bool same = strcmp(text, expected) == 0;

	if (!same)
		printf("\n--- expected\n%s--- is\n%s---\n", expected, text);
	CU_assertImplementation(same, line, "the text", file, "", CU_FALSE);
}

void show_expect_text(struct show_bench *b, const char *words, const char *args,
	const char *expected, const char *file, unsigned int line)
{
	const struct cli_show *command = show_bench_command(words);
	json_t *a = json_loads(args, 0, NULL), *tree;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	CU_ASSERT_TRUE_FATAL(command != NULL && out != NULL);
	tree = show_bench_make(b, command->what, args);
	CU_assertImplementation(tree != NULL, line, "there is a tree", file, "", CU_FALSE);
	if (tree != NULL)
		CU_ASSERT_TRUE(command->print(tree, a, out));
	fclose(out);
	expect_equal(text, expected, file, line);
	free(text);
	json_decref(tree);
	json_decref(a);
}

void show_expect_refused(struct show_bench *b, const char *what, const char *args,
	const char *expected, const char *file, unsigned int line)
{
	const struct show_what *entry = show_find(what);
	json_t *a = json_loads(args, 0, NULL), *tree;
	struct vex_errs errs = {0};

	CU_ASSERT_TRUE_FATAL(entry != NULL && a != NULL);
	tree = entry->make(&b->ctx, a, &errs);
	CU_assertImplementation(tree == NULL, line, "it is refused", file, "", CU_FALSE);
	expect_equal(errs.n > 0 ? errs.v[0].text : "no error", expected, file, line);
	vex_errs_free(&errs);
	json_decref(tree);
	json_decref(a);
}

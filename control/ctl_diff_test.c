/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The difference of two configurations, applied to tables of the first, makes the tables of the
 * second: of random tables, as one transaction and in any pieces. The oracle is the second
 * configuration applied to an empty switch.
 */
#include <stdlib.h>
#include <string.h>

#include "control/ctl.h"
#include "control/ctl_diff.h"
#include "control/ctl_diff_testlib.h"
#include "dataplane/ops_digest.h"
#include "dataplane/punt.h"
#include "tests/unit/config.h"
#include "tests/unit/core.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/random.h"

#define ROUNDS 400

static struct diff_image *copy_image(const struct diff_image *m)
{
	struct diff_image *copy = malloc(sizeof(*copy));

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	*copy = *m;
	return copy;
}

/* ---- Comparing -------------------------------------------------------------------------------- */

static void expect_same_tables(struct core *a, struct core *b, uint64_t seed)
{
	for (enum vex_table t = 0; t < VEX_TABLE_MAC_LEARNED; t++) {
		struct dumped x = dump_read(a, dump_of(t), DUMP_ROOM);
		struct dumped y = dump_read(b, dump_of(t), DUMP_ROOM);
		bool same;

		qsort(x.v, x.n, sizeof(*x.v), dump_compare_ops);
		qsort(y.v, y.n, sizeof(*y.v), dump_compare_ops);
		same = x.n == y.n && memcmp(x.v, y.v, x.n * sizeof(*x.v)) == 0;
		CU_ASSERT_TRUE(same);
		if (!same)
			printf("seed %lu: table %d differs: %zu and %zu records\n", seed, (int)t,
				x.n, y.n);
		free(x.v);
		free(y.v);
	}
}

static struct ctl_diff must_diff(
	const struct vex_op *a, size_t n_a, const struct vex_op *b, size_t n_b)
{
	struct vex_errs errs = {0};
	struct ctl_diff diff;
	int done = ctl_diff(a, n_a, b, n_b, &diff, &errs);

	CU_ASSERT_EQUAL(done, 0);
	CU_ASSERT_FALSE(vex_errs_any(&errs));
	for (size_t i = 0; i < errs.n; i++)
		printf("%s\n", errs.v[i].text);
	vex_errs_free(&errs);
	return diff;
}

/* All configured tables, as vex-re would read them back. */
static struct diff_image *read_back(struct core *c)
{
	struct diff_image *m = calloc(1, sizeof(*m));

	for (enum vex_table t = 0; t < VEX_TABLE_MAC_LEARNED; t++) {
		struct dumped r = dump_read(c, dump_of(t), DUMP_ROOM);

		for (size_t i = 0; i < r.n; i++)
			diff_image_add(m, r.v[i]);
		free(r.v);
	}
	return m;
}

static void random_pairs(void)
{
	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		uint64_t s = seed * 7919;
		struct diff_image *a = diff_random_image(&s), *b = diff_random_image(&s), *from;
		struct core *changed = core_make(1000), *fresh = core_make(1000);
		struct ctl_diff diff;

		core_must_apply(changed, a->v, a->n);
		core_must_apply(fresh, b->v, b->n);
		from = seed % 2 ? copy_image(a) : read_back(changed);
		diff = must_diff(from->v, from->n, b->v, b->n);
		core_must_apply(changed, diff.ops, diff.n);
		expect_same_tables(changed, fresh, seed);
		ctl_diff_free(&diff);
		diff = must_diff(b->v, b->n, b->v, b->n);
		CU_ASSERT_EQUAL(diff.n, 0);
		ctl_diff_free(&diff);
		core_free(changed);
		core_free(fresh);
		free(from);
		free(a);
		free(b);
	}
}

/* Any beginning of a difference is one that the data plane takes. */
static void in_pieces(void)
{
	for (uint64_t seed = 1; seed <= ROUNDS / 8; seed++) {
		uint64_t s = seed * 104729;
		struct diff_image *a = diff_random_image(&s), *b = diff_random_image(&s);
		struct core *changed = core_make(1000), *fresh = core_make(1000);
		struct ctl_diff diff = must_diff(a->v, a->n, b->v, b->n);
		size_t n;

		core_must_apply(changed, a->v, a->n);
		core_must_apply(fresh, b->v, b->n);
		for (size_t at = 0; at < diff.n; at += n) {
			n = 1 + random_below(&s, 20);
			n = n < diff.n - at ? n : diff.n - at;
			core_must_apply(changed, diff.ops + at, n);
		}
		expect_same_tables(changed, fresh, seed);
		ctl_diff_free(&diff);
		core_free(changed);
		core_free(fresh);
		free(a);
		free(b);
	}
}

static void from_nothing_and_to_nothing(void)
{
	uint64_t s = 5;
	struct diff_image *a = diff_random_image(&s);
	struct core *c = core_make(1000), *fresh = core_make(1000), *empty = core_make(1000);
	struct ctl_diff diff = must_diff(NULL, 0, a->v, a->n);

	core_must_apply(c, diff.ops, diff.n);
	core_must_apply(fresh, a->v, a->n);
	expect_same_tables(c, fresh, 5);
	ctl_diff_free(&diff);
	diff = must_diff(a->v, a->n, NULL, 0);
	core_must_apply(c, diff.ops, diff.n);
	expect_same_tables(c, empty, 5);
	ctl_diff_free(&diff);
	core_free(c);
	core_free(fresh);
	core_free(empty);
	free(a);
}

/* ---- Learned addresses ------------------------------------------------------------------------ */

struct station {
	uint64_t mac;
	uint16_t bd, lport;
};

/* A station in every VLAN of the tables on every port where one can be learned. */
static size_t learn_stations(struct core *c, const struct diff_image *m, struct station *to)
{
	size_t n = 0;

	for (uint16_t bd = 1; bd < DIFF_BDS; bd++)
		for (uint16_t l = 0; m->vlan[bd].type && l < VEX_LPORTS_MAX; l++) {
			if (!m->is_lport[l] || !lport_set_has(&c->tables->up, l) ||
				!lport_set_has(&m->set[bd][VEX_VLAN_IN], l))
				continue;
			to[n] = (struct station){0x0a0000000000 | (uint64_t)bd << 16 | l, bd, l};
			core_learn(c, bd, l, to[n].mac);
			n++;
		}
	return n;
}

/* Whether nothing that an address rests on has changed: its VLAN, its port, the port in the VLAN. */
static bool stays(const struct diff_image *a, const struct diff_image *b, const struct core *after,
	const struct station *t)
{
	return b->vlan[t->bd].type && a->vlan[t->bd].vlan.fid_bd == b->vlan[t->bd].vlan.fid_bd &&
	       b->is_lport[t->lport] && lport_set_has(&after->tables->up, t->lport) &&
	       (lport_set_has(&b->set[t->bd][VEX_VLAN_IN], t->lport) ||
		       lport_set_has(&b->set[t->bd][VEX_VLAN_OUT], t->lport));
}

static void learned_addresses_stay(void)
{
	static struct station station[DIFF_BDS * VEX_LPORTS_MAX];
	size_t stayed = 0, went = 0;

	for (uint64_t seed = 1; seed <= ROUNDS / 8; seed++) {
		uint64_t s = seed * 31;
		struct diff_image *a = diff_random_image(&s), *b = diff_random_image(&s);
		struct core *c = core_make(10000);
		struct ctl_diff diff = must_diff(a->v, a->n, b->v, b->n);
		struct dumped r;
		size_t n, expected = 0;

		core_must_apply(c, a->v, a->n);
		n = learn_stations(c, a, station);
		core_must_apply(c, diff.ops, diff.n);
		for (size_t i = 0; i < n; i++)
			expected += stays(a, b, c, &station[i]);
		r = dump_read(c, dump_of(VEX_TABLE_MAC_LEARNED), DUMP_ROOM);
		CU_ASSERT_TRUE(r.n >= expected);
		for (size_t i = 0; i < n; i++) {
			bool found = mac_counts(&c->mac, c->tables, station[i].bd, station[i].mac);

			if (stays(a, b, c, &station[i]))
				CU_ASSERT_TRUE(found);
		}
		stayed += expected;
		went += n - expected;
		free(r.v);
		ctl_diff_free(&diff);
		core_free(c);
		free(a);
		free(b);
	}
	CU_ASSERT_TRUE(stayed > 100 && went > 100);
}

/* ---- Single changes --------------------------------------------------------------------------- */

static struct ctl_image *load(const char *text)
{
	struct ctl_image *image = NULL;
	struct vex_errs errs = {0};

	CU_ASSERT_EQUAL(ctl_load(text, strlen(text), "test", &image, &errs), 0);
	for (size_t i = 0; i < errs.n; i++)
		vex_err_print(&errs.v[i], stdout);
	vex_errs_free(&errs);
	CU_ASSERT_PTR_NOT_NULL_FATAL(image);
	return image;
}

/* The operations of a change as text, "vlan-set vlan-ports"; to be freed. */
static char *change(const char *before, const char *after)
{
	struct ctl_image *a = load(before), *b = load(after);
	struct ctl_diff diff = must_diff(a->ops, a->n_ops, b->ops, b->n_ops);
	char *text = calloc(diff.n + 1, 32);

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (size_t i = 0; i < diff.n; i++) {
		CU_ASSERT_EQUAL(diff.ops[i].seq, i);
		sprintf(text + strlen(text), "%s%s", i ? " " : "",
			vex_op_type_name(diff.ops[i].type));
	}
	ctl_diff_free(&diff);
	ctl_image_free(a);
	ctl_image_free(b);
	return text;
}

#define EXPECT_CHANGE(before, after, ops)                   \
	do {                                                \
		char *text = change(before, after);         \
		CU_ASSERT_STRING_EQUAL(text, ops);          \
		if (strcmp(text, ops) != 0)                 \
			printf("%d: %s\n", __LINE__, text); \
		free(text);                                 \
	} while (0)

#define BASE                         \
	LAGS("2")                    \
	VLAN("v10", "10")            \
	VLAN("v20", "20")            \
	ACCESS("ge-0/0/0", "v10")    \
	TRUNK("ge-0/0/1", "v10 v20") \
	MEMBER("ge-0/0/2", "ae0") ACCESS("ae0", "v20")

static void what_forwarding_does_not_see(void)
{
	EXPECT_CHANGE(BASE, BASE, "");
	EXPECT_CHANGE(BASE, BASE "set vlans v10 description offices\n", "");
	EXPECT_CHANGE(BASE, BASE "set interfaces ge-0/0/0 description \"desk 4\"\n", "");
	EXPECT_CHANGE(BASE, BASE "set system host-name other\n", "");
	EXPECT_CHANGE(VLAN("old", "10") ACCESS("ge-0/0/0", "old"),
		VLAN("new", "10") ACCESS("ge-0/0/0", "new"), "");
}

static void single_changes(void)
{
	EXPECT_CHANGE(BASE, BASE VLAN("v30", "30"), "vlan-set");
	EXPECT_CHANGE(BASE VLAN("v30", "30"), BASE, "vlan-del");
	EXPECT_CHANGE(BASE, BASE MTU("ge-0/0/0", "9000"), "port-set");
	EXPECT_CHANGE(BASE, BASE DISABLE("ge-0/0/1"), "port-set");
	EXPECT_CHANGE(BASE, BASE AGE("600"), "vlan-set vlan-set");
	EXPECT_CHANGE(BASE, BASE LIMIT("ge-0/0/0", "5"), "lport-set");
	EXPECT_CHANGE(BASE LIMIT("ge-0/0/0", "5"), BASE, "lport-set");
	EXPECT_CHANGE(BASE, BASE STATIC("ge-0/0/0", "02:00:00:00:00:01", "10"), "mac-set");
	EXPECT_CHANGE(BASE STATIC("ge-0/0/0", "02:00:00:00:00:01", "10"), BASE, "mac-del");
	EXPECT_CHANGE(BASE STATIC("ge-0/0/0", "02:00:00:00:00:01", "10"),
		BASE STATIC("ge-0/0/1", "02:00:00:00:00:01", "10"), "mac-set");
	EXPECT_CHANGE(BASE, BASE MEMBER("ge-0/0/3", "ae0"), "lag-member-add");
	EXPECT_CHANGE(BASE MEMBER("ge-0/0/3", "ae0") ACCESS("ae1", "v10"),
		BASE MEMBER("ge-0/0/3", "ae1") ACCESS("ae1", "v10"),
		"lag-member-del lag-member-add");
	/* A port that no longer bridges: out of the sets of its VLAN, and no VLAN for untagged. */
	EXPECT_CHANGE(
		BASE ACCESS("ge-0/0/9", "v10"), BASE, "vlan-ports vlan-ports vlan-ports lport-set");
}

/* ---- Edges ------------------------------------------------------------------------------------ */

/* VLANs that swap identifiers keep what was learned in them. */
static void swapped_identifiers(void)
{
	const struct vex_op a[] = {op_port(0, true), op_vlan(1, 10, 300), op_vlan(2, 20, 300),
		op_vlan(3, 30, 300), op_set(1, 0, 1), op_set(2, 0, 1)};
	const struct vex_op b[] = {op_port(0, true), op_vlan(1, 20, 300), op_vlan(2, 30, 300),
		op_vlan(3, 10, 300), op_set(1, 0, 1), op_set(2, 0, 1)};
	struct ctl_diff diff = must_diff(a, UNIT_N(a), b, UNIT_N(b));
	struct core *c = core_make(100), *fresh = core_make(100);

	core_must_apply(c, a, UNIT_N(a));
	core_learn(c, 1, 0, 0x020000000001);
	core_learn(c, 2, 0, 0x020000000001);
	core_must_apply(c, diff.ops, diff.n);
	core_must_apply(fresh, b, UNIT_N(b));
	expect_same_tables(c, fresh, 0);
	CU_ASSERT_EQUAL(diff.n, 4);
	CU_ASSERT_TRUE(mac_counts(&c->mac, c->tables, 1, 0x020000000001));
	CU_ASSERT_TRUE(mac_counts(&c->mac, c->tables, 2, 0x020000000001));
	ctl_diff_free(&diff);
	core_free(c);
	core_free(fresh);
}

static void no_identifier_is_free(void)
{
	struct vex_op *a = calloc(2 * VEX_VID_MAX, sizeof(*a)), *b = a + VEX_VID_MAX;
	struct vex_errs errs = {0};
	struct ctl_diff diff;

	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	for (uint16_t i = 0; i < VEX_VID_MAX; i++) {
		a[i] = op_vlan(i, i + 1, 300);
		b[i] = op_vlan(i, (uint16_t)((i + 1) % VEX_VID_MAX + 1), 300);
	}
	CU_ASSERT_EQUAL(ctl_diff(a, VEX_VID_MAX, b, VEX_VID_MAX, &diff, &errs), -1);
	CU_ASSERT_EQUAL(diff.n, 0);
	CU_ASSERT_TRUE(errs.n == 1 && strstr(errs.v[0].text, "delete a VLAN first") != NULL);
	vex_errs_free(&errs);
	b[0].type = VEX_OP_NONE; /* one goes: then there is a free one */
	diff = must_diff(a, VEX_VID_MAX, b + 1, VEX_VID_MAX - 1);
	CU_ASSERT_TRUE(diff.n >= VEX_VID_MAX && diff.n <= VEX_VID_MAX + 1);
	ctl_diff_free(&diff);
	free(a);
}

/* A table that is full of addresses changes all of them in one transaction. */
static void full_table(void)
{
	struct vex_op a[102], b[102];
	struct core *c = core_make(100), *fresh = core_make(100);
	struct ctl_diff diff;

	a[0] = op_vlan(10, 10, 300);
	a[1] = op_set(10, 1, 1);
	b[0] = op_vlan(20, 20, 300);
	b[1] = op_set(20, 1, 2);
	for (unsigned int i = 0; i < 100; i++) {
		a[2 + i] = op_mac(VEX_OP_MAC_SET, 10, 0, 0x020000000001 + i);
		b[2 + i] = op_mac(VEX_OP_MAC_SET, 20, 1, 0x020000000051 + i);
	}
	core_must_apply(c, a, UNIT_N(a));
	core_must_apply(fresh, b, UNIT_N(b));
	diff = must_diff(a, UNIT_N(a), b, UNIT_N(b));
	core_must_apply(c, diff.ops, diff.n);
	expect_same_tables(c, fresh, 0);
	ctl_diff_free(&diff);
	core_free(c);
	core_free(fresh);
}

/* An address that goes with the database of its VLAN takes none of the new database along. */
static void joins_a_private_vlan(void)
{
	struct vex_op primary = op_vlan(30, 30, 300), secondary = op_vlan(10, 10, 300);
	struct core *c = core_make(100), *fresh = core_make(100);
	struct vex_op a[] = {primary, secondary, op_set(10, 1, 1), op_set(30, 1, 1),
		op_mac(VEX_OP_MAC_SET, 10, 0, 0x020000000001),
		op_mac(VEX_OP_MAC_SET, 30, 0, 0x020000000001)};
	struct vex_op b[] = {primary, secondary, op_set(10, 1, 1), op_set(30, 1, 1),
		op_mac(VEX_OP_MAC_SET, 30, 0, 0x020000000001)};
	struct ctl_diff diff;

	b[1].vlan.fid_bd = 30;
	b[1].vlan.flags = VEX_VLAN_PRIVATE;
	core_must_apply(c, a, UNIT_N(a));
	core_must_apply(fresh, b, UNIT_N(b));
	diff = must_diff(a, UNIT_N(a), b, UNIT_N(b));
	core_must_apply(c, diff.ops, diff.n);
	expect_same_tables(c, fresh, 0);
	ctl_diff_free(&diff);
	core_free(c);
	core_free(fresh);
}

static void refused(void)
{
	const struct vex_op none = {0};
	struct vex_op bad[] = {op_vlan_del(3), none, op_vlan(4096, 1, 300), op_vlan(1, 4095, 300),
		op_vlan(1, 0, 300), op_port(128, true), op_lag(128, 1), op_set(1, 4, 1),
		op_lport(256, 1), op_lport(1, 4096), op_member(VEX_OP_LAG_MEMBER_ADD, 0, 128),
		op_port_limit(4096, 1, 1, 0), op_mac(VEX_OP_MAC_SET, 1, 256, 1),
		{.type = VEX_OP_PUNT_SET, .punt = {.protocol = PUNT_PROTOCOLS}}, {.type = 999}};
	const struct vex_op good = op_vlan(1, 1, 300);

	for (size_t i = 0; i < UNIT_N(bad); i++) {
		const struct vex_op ops[] = {good, bad[i]};
		struct vex_errs errs = {0};
		struct ctl_diff diff = {.n = 7};

		CU_ASSERT_EQUAL(ctl_diff(ops, 2, &good, 1, &diff, &errs), -1);
		CU_ASSERT_EQUAL(ctl_diff(&good, 1, ops, 2, &diff, &errs), -1);
		CU_ASSERT_TRUE(diff.n == 0 && diff.ops == NULL);
		CU_ASSERT_TRUE(errs.n == 2 && strstr(errs.v[0].text, "operation 1 of 2") != NULL);
		vex_errs_free(&errs);
	}
}

static void dynamic_tables_are_left_alone(void)
{
	struct vex_op learned = op_mac(VEX_OP_MAC_SET, 1, 1, 1);
	const struct vex_op a[] = {op_vlan(1, 1, 300), op_stp(0, 1, VEX_STP_DISCARDING), learned};
	const struct vex_op b[] = {op_vlan(1, 1, 300), op_stp(0, 2, VEX_STP_LEARNING)};
	struct vex_op *copy = malloc(sizeof(a));
	struct ctl_diff diff;

	memcpy(copy, a, sizeof(a));
	copy[2].mac.type = VEX_MAC_STICKY;
	diff = must_diff(copy, UNIT_N(a), b, UNIT_N(b));
	CU_ASSERT_EQUAL(diff.n, 0);
	ctl_diff_free(&diff);
	free(copy);
}

static void digests(void)
{
	struct core *c = core_make(1000);
	struct ctl_digest digest[VEX_TABLES];
	uint64_t s = 77;
	struct diff_image *m = diff_random_image(&s);

	core_must_apply(c, m->v, m->n);
	ctl_diff_digests(m->v, m->n, digest);
	for (enum vex_table t = 0; t < VEX_TABLE_MAC_LEARNED; t++) {
		struct dumped r = dump_read(c, dump_of(t), DUMP_ROOM);

		CU_ASSERT_EQUAL(r.end.dump_end.count, digest[t].count);
		CU_ASSERT_EQUAL(r.end.dump_end.digest, digest[t].digest);
		free(r.v);
	}
	core_free(c);
	free(m);
}

static const struct unit_case cases[] = {
	{"random tables become other random tables", random_pairs},
	{"a difference may be applied in pieces", in_pieces},
	{"from an empty switch, and to one", from_nothing_and_to_nothing},
	{"addresses stay where nothing changed under them", learned_addresses_stay},
	{"what forwarding does not see sends nothing", what_forwarding_does_not_see},
	{"a change is as long as it must be", single_changes},
	{"VLANs swap their identifiers and keep their addresses", swapped_identifiers},
	{"identifiers that cannot be swapped", no_identifier_is_free},
	{"a full MAC table is exchanged", full_table},
	{"an address deleted with its database spares the new one", joins_a_private_vlan},
	{"operations that make no table are refused", refused},
	{"spanning tree and learned addresses are left alone", dynamic_tables_are_left_alone},
	{"digests of operations are those of the tables", digests},
};

const struct unit_suite ctl_diff_suite = {.name = "ctl_diff", .cases = cases, .n = UNIT_N(cases)};

/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/mac.h"

#include <stdlib.h>

#include "dataplane/pkt.h"

bool mac_create(struct mac_table *m, const struct table_scale *scale, uint64_t seed)
{
	*m = (struct mac_table){.capacity = scale->macs};
	m->on_bd_lport = calloc(VEX_BDS_MAX, sizeof(*m->on_bd_lport));
	if (!m->on_bd_lport || !tbl_hash_create(&m->hash, scale->macs, seed)) {
		free(m->on_bd_lport);
		*m = (struct mac_table){0};
		return false;
	}
	return true;
}

void mac_destroy(struct mac_table *m)
{
	tbl_hash_destroy(&m->hash);
	free(m->on_bd_lport);
	*m = (struct mac_table){0};
}

static bool is_learned(uint8_t type)
{
	return type == VEX_MAC_DYNAMIC || type == VEX_MAC_STICKY;
}

/* Adds one if the result is at most limit. */
static bool reserve(_Atomic uint32_t *count, uint32_t limit)
{
	if (atomic_fetch_add_explicit(count, 1, memory_order_relaxed) < limit)
		return true;
	atomic_fetch_sub_explicit(count, 1, memory_order_relaxed);
	return false;
}

static void release(_Atomic uint32_t *count)
{
	atomic_fetch_sub_explicit(count, 1, memory_order_relaxed);
}

bool mac_reserve(struct mac_table *m, uint32_t n)
{
	uint32_t had = atomic_fetch_add_explicit(&m->entries, n, memory_order_relaxed);

	if (had <= m->capacity && n <= m->capacity - had)
		return true;
	mac_unreserve(m, n);
	return false;
}

uint32_t mac_promise(struct mac_table *m, uint32_t n)
{
	atomic_fetch_add_explicit(&m->entries, n, memory_order_relaxed);
	return n;
}

void mac_unreserve(struct mac_table *m, uint32_t n)
{
	atomic_fetch_sub_explicit(&m->entries, n, memory_order_relaxed);
}

/*
 * The counters that an entry occupies, in the order in which limits apply. A move takes those of
 * the new place that differ from those of the old one, then gives the old ones back.
 */
enum part {
	PART_LPORT,
	PART_BD_LPORT,
	PART_BD,
	PART_SWITCH,
	PARTS
};

struct place {
	uint16_t lport;
	uint16_t bd;
};

static _Atomic uint32_t *part_count(struct mac_table *m, enum part part, struct place p)
{
	switch (part) {
	case PART_LPORT:
		return &m->on_lport[p.lport];
	case PART_BD_LPORT:
		return &m->on_bd_lport[p.bd][p.lport];
	case PART_BD:
		return &m->in_bd[p.bd];
	default:
		return &m->learned;
	}
}

static bool part_shared(enum part part, struct place a, struct place b)
{
	switch (part) {
	case PART_LPORT:
		return a.lport == b.lport;
	case PART_BD_LPORT:
		return a.lport == b.lport && a.bd == b.bd;
	case PART_BD:
		return a.bd == b.bd;
	default:
		return true;
	}
}

static uint32_t part_limit(
	const struct tables *t, enum part part, struct place p, enum vex_limit_action *action)
{
	const struct vex_op_vlan_port_limit *l;

	switch (part) {
	case PART_LPORT:
		*action = t->lport[p.lport].mac_action;
		return t->lport[p.lport].mac_limit;
	case PART_BD_LPORT:
		l = tables_port_limit(t, p.bd, p.lport);
		*action = l ? l->mac_action : VEX_LIMIT_NONE;
		return l ? l->mac_limit : VEX_MAC_UNLIMITED;
	case PART_BD:
		*action = t->vlan[p.bd].mac_action;
		return t->vlan[p.bd].mac_limit;
	default:
		*action = t->mac_action;
		return t->mac_limit;
	}
}

/* Gives back the first n parts of p that old, if any, does not share. */
static void release_parts(
	struct mac_table *m, unsigned int n, struct place p, const struct place *old)
{
	for (enum part part = 0; part < n; part++)
		if (!old || !part_shared(part, p, *old))
			release(part_count(m, part, p));
}

/* Takes every part of p that old, if any, does not share; all or none. */
static bool reserve_parts(struct mac_table *m, const struct tables *t, struct place p,
	const struct place *old, enum vex_limit_action *action)
{
	for (enum part part = 0; part < PARTS; part++) {
		uint32_t limit;

		if (old && part_shared(part, p, *old))
			continue;
		limit = part_limit(t, part, p, action);
		if (!reserve(part_count(m, part, p), limit)) {
			release_parts(m, part, p, old);
			return false;
		}
	}
	return true;
}

static void count_dynamic(struct mac_table *m, uint8_t type)
{
	if (type == VEX_MAC_DYNAMIC)
		atomic_fetch_add_explicit(&m->dynamic, 1, memory_order_relaxed);
}

static void uncount_dynamic(struct mac_table *m, uint8_t type)
{
	if (type == VEX_MAC_DYNAMIC)
		release(&m->dynamic);
}

/* What an entry occupied, given back after it went. */
static void release_entry(struct mac_table *m, uint64_t value)
{
	struct place p = {mac_value_lport(value), mac_value_bd(value)};

	if (mac_value_type(value) == VEX_MAC_OWN)
		return;
	uncount_dynamic(m, mac_value_type(value));
	if (is_learned(mac_value_type(value)))
		release_parts(m, PARTS, p, NULL);
	release(&m->entries);
}

static void tell_gone(struct mac_table *m, uint64_t key, uint64_t value)
{
	if (m->gone && is_learned(mac_value_type(value)))
		m->gone(m->gone_ctx, key & MAC_BROADCAST, mac_value_bd(value),
			mac_value_lport(value));
}

static enum mac_learn move(struct mac_table *m, const struct mac_source *s, uint64_t key,
	uint64_t value, enum vex_limit_action *action)
{
	struct place from = {mac_value_lport(value), mac_value_bd(value)};
	struct place to = {s->lport, s->vlan->bd};
	uint8_t type = mac_value_type(value);

	if (to.lport != from.lport && type != VEX_MAC_DYNAMIC)
		return MAC_FIXED;
	if (!is_learned(type))
		return MAC_KNOWN;
	if (to.lport != from.lport && (s->tables->lport[to.lport].flags & VEX_LPORT_STICKY))
		type = VEX_MAC_STICKY;
	if (!reserve_parts(m, s->tables, to, &from, action))
		return MAC_LIMITED;
	if (tbl_hash_update(&m->hash, key, value, MAC_MARK_BITS,
		    mac_value(to.lport, type, s->mark, to.bd)) != TBL_HASH_OK) {
		release_parts(m, PARTS, to, &from);
		return MAC_KNOWN; /* another worker was faster */
	}
	release_parts(m, PARTS, from, &to);
	if (type != VEX_MAC_DYNAMIC)
		uncount_dynamic(m, mac_value_type(value));
	if (s->from)
		*s->from = from.lport;
	return to.lport == from.lport ? MAC_KNOWN : MAC_MOVED;
}

enum mac_learn mac_learn_slow(
	struct mac_table *m, const struct mac_source *s, enum vex_limit_action *action)
{
	bool sticky = s->tables->lport[s->lport].flags & VEX_LPORT_STICKY;
	uint64_t key = mac_key(s->vlan->fid_bd, s->mac);
	struct place p = {s->lport, s->vlan->bd};
	uint8_t type = sticky ? VEX_MAC_STICKY : VEX_MAC_DYNAMIC;
	enum tbl_hash_result r;
	uint64_t value;

	if (tbl_hash_find(&m->hash, key, s->hash, &value))
		return move(m, s, key, value, action);
	if (!reserve_parts(m, s->tables, p, NULL, action))
		return MAC_LIMITED;
	if (!mac_reserve(m, 1)) {
		release_parts(m, PARTS, p, NULL);
		return MAC_FULL;
	}
	count_dynamic(m, type);
	r = tbl_hash_insert(&m->hash, key, mac_value(p.lport, type, s->mark, p.bd), &value);
	if (r == TBL_HASH_OK)
		return MAC_LEARNED;
	uncount_dynamic(m, type);
	release_parts(m, PARTS, p, NULL);
	mac_unreserve(m, 1);
	return r == TBL_HASH_EXISTS ? move(m, s, key, value, action) : MAC_FULL;
}

bool mac_counts(const struct mac_table *m, const struct tables *t, uint16_t bd, uint64_t mac)
{
	uint64_t key = mac_key(t->vlan[bd].fid_bd, mac);
	uint64_t value;

	return tbl_hash_find(&m->hash, key, tbl_hash_of(&m->hash, key), &value) &&
	       mac_value_type(value) != VEX_MAC_OWN;
}

bool mac_set(struct mac_table *m, const struct tables *t, const struct vex_op_mac *op)
{
	uint64_t key = mac_key(t->vlan[op->bd].fid_bd, load_mac(op->mac));
	uint64_t value = mac_value(op->lport, op->type, 0, op->bd);
	struct place p = {op->lport, op->bd};
	uint64_t old;

	atomic_fetch_add_explicit(&m->entries, 1, memory_order_relaxed);
	if (is_learned(op->type))
		for (enum part part = 0; part < PARTS; part++)
			atomic_fetch_add_explicit(part_count(m, part, p), 1, memory_order_relaxed);
	while (tbl_hash_insert(&m->hash, key, value, &old) == TBL_HASH_EXISTS) {
		if (tbl_hash_update(&m->hash, key, old, MAC_MARK_BITS, value) == TBL_HASH_OK) {
			release_entry(m, old);
			tell_gone(m, key, old);
			return mac_value_type(old) == VEX_MAC_OWN;
		}
	}
	return true;
}

/* Deletes an entry whose value is still this one, but for the bits of ignore. */
static bool remove_entry(struct mac_table *m, uint64_t key, uint64_t value, uint64_t ignore)
{
	if (tbl_hash_delete(&m->hash, key, value, ignore) != TBL_HASH_OK)
		return false;
	release_entry(m, value);
	tell_gone(m, key, value);
	return true;
}

bool mac_delete(struct mac_table *m, const struct tables *t, uint16_t bd, uint64_t mac)
{
	uint64_t key = mac_key(t->vlan[bd].fid_bd, mac);
	uint64_t value;

	while (tbl_hash_find(&m->hash, key, tbl_hash_of(&m->hash, key), &value))
		if (remove_entry(m, key, value, MAC_MARK_BITS))
			return true;
	return false;
}

/* A sweep over the table that deletes some entries. */
struct sweep {
	struct mac_table *m;
	const struct tables *t;
	const struct tables *old;
	const struct vex_op_mac_flush *flush;
	uint64_t ms;
	uint64_t next;
	uint32_t deleted;
	bool concurrent;
};

static void flush_visit(void *ctx, uint64_t key, uint64_t value)
{
	struct sweep *s = ctx;
	uint8_t type = mac_value_type(value);

	if (type != VEX_MAC_DYNAMIC &&
		!(type == VEX_MAC_STICKY && (s->flush->flags & VEX_FLUSH_STICKY)))
		return;
	if (s->flush->lport != VEX_LPORT_NONE && s->flush->lport != mac_value_lport(value))
		return;
	if (s->flush->bd != VEX_BD_NONE && s->flush->bd != mac_value_bd(value))
		return;
	remove_entry(s->m, key, value, MAC_MARK_BITS);
}

void mac_flush(struct mac_table *m, const struct tables *t, const struct vex_op_mac_flush *op)
{
	struct sweep s = {.m = m, .t = t, .flush = op};

	tbl_hash_foreach(&m->hash, flush_visit, &s);
}

/* Whether the tables still allow an entry. */
static bool is_valid(const struct tables *t, uint64_t key, uint64_t value)
{
	uint16_t bd = mac_value_bd(value);
	uint16_t lport = mac_value_lport(value);
	const struct vlan *v = &t->vlan[bd];

	if (!v->vid || v->fid_bd != key >> 48 || ((t->gone_bds[bd / 64] >> (bd % 64)) & 1) ||
		lport_set_has(&t->gone_lports, lport))
		return false;
	if (!lport_set_has(&v->set[VEX_VLAN_IN], lport) &&
		!lport_set_has(&v->set[VEX_VLAN_OUT], lport))
		return false;
	return mac_value_type(value) != VEX_MAC_DYNAMIC || lport_set_has(&t->up, lport);
}

/*
 * How many marks ago an entry was heard. A worker's clock may be ahead of the sweep's, which lasts:
 * then it was just now.
 */
static uint8_t marks_behind(const struct vlan *v, uint64_t ms, uint64_t value)
{
	uint8_t behind = (uint8_t)(vlan_age_mark(v, ms) - mac_value_mark(value));

	return behind <= INT8_MAX ? behind : 0;
}

/*
 * The mark, in the new unit, of an entry that is as old as it was in the old one. Workers that run
 * meanwhile have the new unit already: a mark of now, or a little ahead, is taken for theirs and
 * stays. Of 128 idle addresses that makes one young; without such workers nothing is guessed.
 */
static void convert_mark(struct sweep *s, uint64_t key, uint64_t value)
{
	const struct vlan *from = &s->old->vlan[mac_value_bd(value)];
	const struct vlan *to = &s->t->vlan[mac_value_bd(value)];
	uint64_t units = ((uint64_t)marks_behind(from, s->ms, value) << from->age_shift) >>
			 to->age_shift;
	uint8_t mark;

	if (s->concurrent && (uint8_t)(mac_value_mark(value) - vlan_age_mark(to, s->ms)) <= 1)
		return;
	if (units > to->age_marks)
		units = to->age_marks;
	mark = (uint8_t)(vlan_age_mark(to, s->ms) - units);
	tbl_hash_update(&s->m->hash, key, value, 0,
		(value & ~MAC_MARK_BITS) | (uint64_t)mark << (8 * MAC_MARK_BYTE));
}

static void revalidate_visit(void *ctx, uint64_t key, uint64_t value)
{
	struct sweep *s = ctx;
	uint16_t bd = mac_value_bd(value);

	if (mac_value_type(value) == VEX_MAC_OWN)
		return;
	if (!is_valid(s->t, key, value))
		remove_entry(s->m, key, value, MAC_MARK_BITS);
	else if (s->old->vlan[bd].age_shift != s->t->vlan[bd].age_shift)
		convert_mark(s, key, value);
}

void mac_revalidate(struct mac_table *m, const struct tables *old, const struct tables *t,
	uint64_t ms, bool concurrent)
{
	struct sweep s = {.m = m, .t = t, .old = old, .ms = ms, .concurrent = concurrent};

	tbl_hash_foreach(&m->hash, revalidate_visit, &s);
}

static void age_visit(void *ctx, uint64_t key, uint64_t value)
{
	struct sweep *s = ctx;
	const struct vlan *v = &s->t->vlan[mac_value_bd(value)];
	uint8_t behind = marks_behind(v, s->ms, value);
	uint64_t expires;

	if (mac_value_type(value) != VEX_MAC_DYNAMIC)
		return;
	/* A mark that was refreshed meanwhile saves the entry. */
	if (behind >= v->age_marks) {
		s->deleted += remove_entry(s->m, key, value, 0);
		return;
	}
	expires = ((s->ms >> v->age_shift) + (uint64_t)(v->age_marks - behind)) << v->age_shift;
	if (expires < s->next)
		s->next = expires;
}

uint32_t mac_age(struct mac_table *m, const struct tables *t, uint64_t ms, uint64_t *next)
{
	struct sweep s = {.m = m, .t = t, .ms = ms, .next = UINT64_MAX};

	tbl_hash_foreach(&m->hash, age_visit, &s);
	*next = s.next;
	return s.deleted;
}

struct visit_ctx {
	void (*visit)(void *ctx, const struct mac_entry *e);
	void *ctx;
};

static void entry_visit(void *ctx, uint64_t key, uint64_t value)
{
	struct visit_ctx *v = ctx;
	struct mac_entry e = {
		.mac = key & MAC_BROADCAST,
		.fid_bd = (uint16_t)(key >> 48),
		.bd = mac_value_bd(value),
		.lport = mac_value_lport(value),
		.type = mac_value_type(value),
		.mark = mac_value_mark(value),
	};

	v->visit(v->ctx, &e);
}

void mac_foreach(
	const struct mac_table *m, void (*visit)(void *ctx, const struct mac_entry *e), void *ctx)
{
	struct visit_ctx v = {visit, ctx};

	tbl_hash_foreach(&m->hash, entry_visit, &v);
}

bool mac_foreach_part(const struct mac_table *m, uint64_t *at, uint32_t n,
	void (*visit)(void *ctx, const struct mac_entry *e), void *ctx)
{
	struct visit_ctx v = {visit, ctx};

	return tbl_hash_foreach_part(&m->hash, at, n, entry_visit, &v);
}

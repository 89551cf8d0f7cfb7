/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_MAC_H
#define VEX_DATAPLANE_MAC_H

/*
 * The MAC table (filtering database, IEEE 802.1Q clause 8.8): address within a filtering database
 * to logical port. Workers learn and move; housekeeping ages, flushes and installs static entries.
 *
 * Limits are reserved by atomic additions before an entry is inserted and given back when it goes,
 * so no interleaving exceeds one. Dynamic and sticky entries count towards the limits of their
 * port, their VLAN and the switch; every entry but the switch's own counts towards the scale.
 *
 * An entry's value, from the least significant bit: port 16, type 8, ageing mark 8, bridge domain
 * in which it was learned 16. The mark is refreshed without a lock and therefore ignored when a
 * value is compared.
 */

#include "dataplane/tables.h"
#include "dataplane/tbl_hash.h"

#define MAC_MARK_BYTE 3u
#define MAC_MARK_BITS (UINT64_C(0xff) << 24)

struct mac_table {
	struct tbl_hash hash;
	uint32_t capacity;
	_Atomic uint32_t entries; /* all but own */
	_Atomic uint32_t learned; /* dynamic and sticky */
	_Atomic uint32_t dynamic;
	_Atomic uint32_t on_lport[VEX_LPORTS_MAX];
	_Atomic uint32_t in_bd[VEX_BDS_MAX];
	_Atomic uint32_t (*on_bd_lport)[VEX_LPORTS_MAX]; /* by bridge domain */
	/* Housekeeping's: called for each learned entry that it deletes or replaces; may be NULL. */
	void (*gone)(void *ctx, uint64_t mac, uint16_t bd, uint16_t lport);
	void *gone_ctx;
};

struct mac_entry {
	uint64_t mac;
	uint16_t fid_bd;
	uint16_t bd;
	uint16_t lport;
	uint8_t type; /* enum vex_mac_type */
	uint8_t mark;
};

/* A source address to be learned, from one packet. */
struct mac_source {
	const struct tables *tables;
	const struct vlan *vlan;
	uint64_t mac;
	uint64_t hash; /* mac_hash of it */
	uint16_t lport;
	uint8_t mark;	/* the VLAN's ageing mark now */
	uint16_t *from; /* MAC_MOVED: where it was; NULL: nobody wants to know */
};

enum mac_learn {
	MAC_KNOWN,
	MAC_LEARNED,
	MAC_MOVED,
	MAC_FIXED,   /* belongs to another port by configuration */
	MAC_LIMITED, /* a limit keeps it out; *action says what to do */
	MAC_FULL,    /* the table is full at this scale */
};

/* False without memory. Sized for scale->macs entries. */
bool mac_create(struct mac_table *m, const struct table_scale *scale, uint64_t seed);
void mac_destroy(struct mac_table *m);

/* The part of learning behind "known, and nothing to change"; use mac_learn. */
enum mac_learn mac_learn_slow(
	struct mac_table *m, const struct mac_source *s, enum vex_limit_action *action);

/* Takes room for n more entries, all or none, and gives it back; for transactions. */
bool mac_reserve(struct mac_table *m, uint32_t n);
void mac_unreserve(struct mac_table *m, uint32_t n);

/*
 * Takes room that there is not yet, but will be before it is used: nobody else gets it meanwhile.
 * Returns n.
 */
uint32_t mac_promise(struct mac_table *m, uint32_t n);

/* Whether an address is in the table, as an entry that counts towards the scale. */
bool mac_counts(const struct mac_table *m, const struct tables *t, uint16_t bd, uint64_t mac);

/*
 * Sets a static or sticky entry; replaces one of any type. No limit refuses it. True if it takes room
 * that no entry had before.
 */
bool mac_set(struct mac_table *m, const struct tables *t, const struct vex_op_mac *op);

/* Deletes an entry of any type; false if it is not there. */
bool mac_delete(struct mac_table *m, const struct tables *t, uint16_t bd, uint64_t mac);

/* Deletes the learned entries that match (VEX_OP_MAC_FLUSH). */
void mac_flush(struct mac_table *m, const struct tables *t, const struct vex_op_mac_flush *op);

/*
 * After the generation old was replaced by t, and no worker reads old any more: deletes what t does
 * not allow (VLAN or port gone, port not in the VLAN, dynamic on a port that is down), and rewrites
 * the marks of VLANs whose ageing unit changed, at the time ms.
 */
void mac_revalidate(struct mac_table *m, const struct tables *old, const struct tables *t,
	uint64_t ms, bool concurrent);

/*
 * Deletes dynamic entries that are too old at ms; returns how many. *next is the earliest time in ms
 * at which another may be, UINT64_MAX if none is left.
 */
uint32_t mac_age(struct mac_table *m, const struct tables *t, uint64_t ms, uint64_t *next);

/* Visits each entry. */
void mac_foreach(
	const struct mac_table *m, void (*visit)(void *ctx, const struct mac_entry *e), void *ctx);

/* The same in parts of n buckets (tbl_hash_foreach_part); at most 4 n entries a call. */
bool mac_foreach_part(const struct mac_table *m, uint64_t *at, uint32_t n,
	void (*visit)(void *ctx, const struct mac_entry *e), void *ctx);

static inline uint64_t mac_key(uint16_t fid_bd, uint64_t mac)
{
	return (uint64_t)fid_bd << 48 | mac;
}

static inline uint64_t mac_hash(const struct mac_table *m, uint16_t fid_bd, uint64_t mac)
{
	return tbl_hash_of(&m->hash, mac_key(fid_bd, mac));
}

static inline uint64_t mac_value(uint16_t lport, uint8_t type, uint8_t mark, uint16_t bd)
{
	return (uint64_t)bd << 32 | (uint64_t)mark << 24 | (uint64_t)type << 16 | lport;
}

static inline uint16_t mac_value_lport(uint64_t value)
{
	return (uint16_t)value;
}

static inline uint8_t mac_value_type(uint64_t value)
{
	return (uint8_t)(value >> 16);
}

static inline uint8_t mac_value_mark(uint64_t value)
{
	return (uint8_t)(value >> 24);
}

static inline uint16_t mac_value_bd(uint64_t value)
{
	return (uint16_t)(value >> 32);
}

/* Learns, moves or refreshes a source address. */
static inline enum mac_learn mac_learn(
	struct mac_table *m, const struct mac_source *s, enum vex_limit_action *action)
{
	uint64_t value;
	_Atomic uint64_t *place = tbl_hash_find(
		&m->hash, mac_key(s->vlan->fid_bd, s->mac), s->hash, &value);

	if (place && mac_value_lport(value) == s->lport && mac_value_bd(value) == s->vlan->bd) {
		if (mac_value_mark(value) != s->mark)
			tbl_hash_touch(place, MAC_MARK_BYTE, s->mark);
		return MAC_KNOWN;
	}
	return mac_learn_slow(m, s, action);
}

/* Looks a destination up; false if it is unknown. */
static inline bool mac_lookup(
	const struct mac_table *m, uint16_t fid_bd, uint64_t mac, uint64_t hash, uint64_t *value)
{
	return tbl_hash_find(&m->hash, mac_key(fid_bd, mac), hash, value) != NULL;
}

#endif

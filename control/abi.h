/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_ABI_H
#define VEX_CONTROL_ABI_H

/*
 * The shared memory between vex-re (control) and vex-pfe (the data plane), byte for byte.
 *
 * There are two segments, both sealed memfds that the supervisor makes and that outlive the
 * processes that use them:
 *
 *	struct vex_ctl	operation, acknowledgement, event, dump, punt and inject rings; both sides
 *			write
 *	struct vex_cnt	counters, links, heartbeats; vex-pfe writes, control maps it read-only
 *
 * Both begin with a header that describes the layout. It is compared with the layout of this file
 * when a program attaches, and never used again: offsets, sizes and masks are constants of the
 * program, so that a peer that writes nonsense into the header changes nothing.
 *
 * Lives. Each side counts its attaches in a word that only it writes, 1 .. 65535 and round. The
 * two numbers together are the generation: they are the upper half of every tag and every progress
 * word of the rings, so what was written in another generation is recognised word by word, and a
 * restart of either side makes fresh rings without any agreement between the two.
 *
 * Who may change this file: anyone, together with VEX_ABI_VERSION. All integers are in host byte
 * order; both programs run on one machine.
 */

#include <stddef.h>
#include <stdint.h>

#include "dataplane/counters.h"
#include "dataplane/ops.h"

#define VEX_ABI_VERSION	  2u
#define VEX_ABI_MAGIC_CTL UINT64_C(0x314c544358455600) /* "\0VEXCTL1" */
#define VEX_ABI_MAGIC_CNT UINT64_C(0x31544e4358455600) /* "\0VEXCNT1" */
#define VEX_CACHE_LINE	  64
#define VEX_PAGE	  4096

/*
 * Slots of the rings; powers of two. A transaction is acknowledged after its COMMIT, and an
 * operation is taken only when a slot for its acknowledgement is free: the acknowledgement ring
 * is therefore also the limit of a transaction.
 */
#define VEX_OP_SLOTS	 16384u
#define VEX_ACK_SLOTS	 262144u
#define VEX_EVENT_SLOTS	 16384u
#define VEX_DUMP_SLOTS	 16384u
#define VEX_PUNT_SLOTS	 1024u
#define VEX_INJECT_SLOTS 1024u
#define VEX_TXN_OPS_MAX	 (VEX_ACK_SLOTS - 2) /* beside BEGIN and COMMIT */

#define VEX_WORKERS_MAX 32u
#define VEX_STAGES_MAX	32u   /* of dataplane/pipeline.def, in its order */
#define VEX_FRAME_MAX	9240u /* longest frame that is punted or injected, with its tags */

enum vex_side {
	VEX_SIDE_CONTROL, /* vex-re: produces operations, consumes acknowledgements and events */
	VEX_SIDE_PFE,	  /* vex-pfe: the reverse */
	VEX_SIDES,
};

/* ---- rings ---------------------------------------------------------------------------------- */

/* What stands before the slots of a ring; each line has one writer. Lower halves of the words. */
struct vex_ring_ctl {
	/* Consumer: slots taken since the generation began, modulo 2^32. */
	uint64_t progress __attribute__((aligned(VEX_CACHE_LINE)));
	/* Producer: records dropped because the ring was full; stays at its greatest value. */
	uint64_t lost __attribute__((aligned(VEX_CACHE_LINE)));
};

/* A slot; the record follows. */
struct vex_slot {
	uint64_t tag;	 /* generation and number of the slot since it began; written last */
	uint32_t length; /* of the record in bytes */
	uint32_t zero;
	unsigned char record[];
};

/* Bytes from a slot to the next, for records of at most @record bytes. */
#define VEX_SLOT_STRIDE(record) (sizeof(struct vex_slot) + (((record) + 7u) & ~7u))

/* The answer to one operation. */
struct vex_ack {
	uint32_t seq;	 /* as in the operation */
	uint16_t type;	 /* as in the operation */
	uint16_t status; /* enum vex_status */
};

enum vex_event_type {
	VEX_EVENT_NONE,
	VEX_EVENT_MAC_LEARNED,	  /* bd, mac, lport; the first three: VEX_SWITCH_MAC_EVENTS */
	VEX_EVENT_MAC_MOVED,	  /* bd, mac, lport, from_lport */
	VEX_EVENT_MAC_AGED,	  /* bd, mac, lport: gone, by ageing, a flush or a change */
	VEX_EVENT_MAC_LIMIT,	  /* bd, mac, lport: above a limit, with an action that logs */
	VEX_EVENT_LINK,		  /* lport: physical port; up, speed_mbps */
	VEX_EVENT_PORT_SHUTDOWN,  /* lport: physical port; cause */
	VEX_EVENT_PORT_RECOVERED, /* lport: physical port */
	VEX_EVENT_TYPES,
};

/* Something that happened in the data plane. Unused fields are zero. */
struct vex_event {
	uint64_t time;	/* of the instance's clock, in picoseconds (dataplane/clock.h) */
	uint16_t type;	/* enum vex_event_type */
	uint16_t lport; /* logical or physical port, as the type says */
	uint16_t bd;
	uint8_t mac[6];
	uint16_t from_lport;
	uint8_t up;    /* 1 up, 0 down */
	uint8_t cause; /* enum drop_reason */
	uint32_t speed_mbps;
	uint8_t reserved[36];
};

/*
 * A frame for the routing engine, whole and as it was received. On the ring it has only as many
 * bytes as the frame needs.
 */
struct vex_punt {
	uint64_t time;	   /* of the instance's clock, in picoseconds */
	uint16_t port;	   /* physical port on which it arrived */
	uint16_t protocol; /* enum punt_protocol (dataplane/punt.h) */
	uint16_t length;   /* of the frame, without FCS */
	uint16_t zero;
	uint8_t frame[VEX_FRAME_MAX];
};

/* A frame that is to leave a physical port as it is; on the ring as short as the frame. */
struct vex_inject {
	uint16_t port;
	uint16_t length; /* of the frame, without FCS; shorter than 60 is padded */
	uint32_t zero;
	uint8_t frame[VEX_FRAME_MAX];
};

#define VEX_PUNT_SIZE(length)	(offsetof(struct vex_punt, frame) + (length))
#define VEX_INJECT_SIZE(length) (offsetof(struct vex_inject, frame) + (length))

/* ---- control segment ------------------------------------------------------------------------ */

enum vex_ring_id {
	VEX_RING_OP,
	VEX_RING_ACK,
	VEX_RING_EVENT,
	VEX_RING_DUMP,	 /* records of tables, struct vex_op: see VEX_OP_DUMP */
	VEX_RING_PUNT,	 /* struct vex_punt */
	VEX_RING_INJECT, /* struct vex_inject; the only one beside VEX_RING_OP that control fills */
	VEX_RINGS,
};

/* Where a ring is; sizes in bytes. */
struct vex_abi_ring {
	uint64_t offset; /* of its struct vex_ring_ctl */
	uint64_t size;	 /* with all slots */
	uint32_t slots;
	uint32_t stride;
	uint32_t record;
	uint32_t zero;
};

/* One side; written by it alone. */
struct vex_abi_side {
	uint32_t life __attribute__((aligned(VEX_CACHE_LINE))); /* 0: never attached */
	int32_t pid; /* for people; 0 after it detached */
};

struct vex_ctl_header {
	uint64_t magic;
	uint32_t version;
	uint32_t header_size;
	uint64_t total_size;
	uint32_t rings;
	uint32_t zero;
	struct vex_abi_ring ring[VEX_RINGS];
	struct vex_abi_side side[VEX_SIDES];
};

#define VEX_ABI_RING(name, n, type)                                     \
	struct {                                                        \
		struct vex_ring_ctl ctl;                                \
		unsigned char slots[(n)*VEX_SLOT_STRIDE(sizeof(type))]; \
	} name __attribute__((aligned(VEX_PAGE)))

struct vex_ctl {
	struct vex_ctl_header header;
	VEX_ABI_RING(op, VEX_OP_SLOTS, struct vex_op);
	VEX_ABI_RING(ack, VEX_ACK_SLOTS, struct vex_ack);
	VEX_ABI_RING(event, VEX_EVENT_SLOTS, struct vex_event);
	VEX_ABI_RING(dump, VEX_DUMP_SLOTS, struct vex_op);
	VEX_ABI_RING(punt, VEX_PUNT_SLOTS, struct vex_punt);
	VEX_ABI_RING(inject, VEX_INJECT_SLOTS, struct vex_inject);
};

/* ---- counters segment ----------------------------------------------------------------------- */

struct vex_cnt_header {
	uint64_t magic;
	uint32_t version;
	uint32_t header_size;
	uint64_t total_size;
	uint32_t ports;	       /* elements of port[] */
	uint32_t workers;      /* elements of worker[] */
	uint32_t drop_reasons; /* DROP_REASONS */
	uint32_t worker_size;  /* bytes of one element of worker[] */
};

/* The state of vex-pfe as a whole; housekeeping writes it. */
struct vex_cnt_pfe {
	uint32_t life
		__attribute__((aligned(VEX_CACHE_LINE))); /* all counts began at zero with it */
	uint32_t n_workers;	 /* of worker[]; read it through vex_cnt_workers() */
	uint64_t heartbeat;	 /* counts rounds of housekeeping */
	uint64_t generation;	 /* of the tables */
	uint32_t simd_bits;	 /* width that the data plane uses: 128, 256 or 512 */
	uint32_t hugepages;	 /* 1: packet memory is in hugepages */
	uint64_t memory_kb;	 /* of DPDK */
	uint64_t punt_lost;	 /* frames for control that found the punt ring full */
	uint64_t inject_refused; /* frames of control for no port, one that is down, or too long */
	uint64_t inject_lost;	 /* frames of control that a worker or memory had no room for */
};

/* A physical port as its device sees it; housekeeping writes it. */
struct vex_cnt_port {
	uint32_t bound __attribute__((aligned(VEX_CACHE_LINE))); /* 1: it has a device */
	uint32_t up;
	uint32_t speed_mbps;
	uint32_t
		shutdown; /* enum drop_reason for which the data plane shut it down; 0: it did not */
	uint64_t changes;	/* of the link */
	uint64_t device_missed; /* frames that the device dropped for want of room */
	uint64_t device_errors; /* frames that the device refused */
	uint64_t no_buffer;	/* frames that found no packet buffer */
	uint64_t changed;	/* Unix time of the last change of the link, 0: none was */
};

/* A worker; it alone writes this. It hangs when heartbeat stands still while it is polling. */
struct vex_cnt_worker {
	uint64_t heartbeat __attribute__((aligned(VEX_CACHE_LINE))); /* counts rounds of its loop */
	uint32_t cpu;
	uint32_t tid;
	uint64_t busy_clocks; /* CPU clocks in rounds that had packets */
	uint64_t idle_clocks;
	uint64_t stage_packets[VEX_STAGES_MAX];
	uint64_t stage_clocks[VEX_STAGES_MAX];
	struct counters counters __attribute__((aligned(VEX_CACHE_LINE)));
};

struct vex_cnt {
	struct vex_cnt_header header;
	struct vex_cnt_pfe pfe;
	struct vex_cnt_port port[VEX_PORTS_MAX];
	struct vex_cnt_worker worker[VEX_WORKERS_MAX] __attribute__((aligned(VEX_PAGE)));
};

/* Workers of vex-pfe: never more than there are elements, whatever the segment says. */
static inline uint32_t vex_cnt_workers(const struct vex_cnt *cnt)
{
	uint32_t n = __atomic_load_n(&cnt->pfe.n_workers, __ATOMIC_ACQUIRE);

	return n < VEX_WORKERS_MAX ? n : VEX_WORKERS_MAX;
}

_Static_assert(sizeof(struct vex_op) == 64, "operations are records of 64 bytes");
_Static_assert(sizeof(struct vex_event) == 64, "events are records of 64 bytes");
_Static_assert(sizeof(struct vex_ack) == 8, "acknowledgements are records of 8 bytes");
_Static_assert(sizeof(struct vex_slot) == 16, "a slot has 16 bytes before its record");

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_PORTS_ETHDEV_H
#define VEX_PORTS_ETHDEV_H

/*
 * Devices behind ports, of the kinds that the platform file has (ports/README.md lists them).
 *
 * A device is promiscuous and changes no packet: every offload that would is off, and a tag that
 * the kernel took out of a frame is put back with the TPID that it had. It has one receive queue
 * and a transmit queue for each worker. Frames that it does not take at once are drops with a name;
 * frames that it loses before they are received are counted by it.
 *
 * A device may go away and come back while the switch runs (an interface is deleted and made
 * again): its port is down meanwhile. Housekeeping calls ethdev_watch every 20 ms or so; workers
 * call ethdev_receive, ethdev_put and ethdev_flush and need not know.
 *
 *	struct ethdev *d = ethdev_open(&params, why, sizeof(why));
 *	...
 *	ethdev_watch(d, &state);
 *	if (ethdev_leaving(d) && (every worker has passed a quiescent state since))
 *		ethdev_release(d);
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/counters.h"
#include "dataplane/pkt.h"

struct buf_pools;
struct ethdev;

#define ETHDEV_BURST 32u

/* The transmit side of one worker: frames collected for each port until they are flushed. */
struct ethdev_tx_port {
	struct ethdev *device; /* NULL: unbound */
	uint16_t n;
	struct buf *frame[ETHDEV_BURST];
};

struct ethdev_tx {
	struct counters *counters;
	uint16_t queue;	  /* of every device: this worker's own, below ethdev_params.tx_queues */
	uint32_t waiting; /* ports with frames */
	uint16_t wait[VEX_PORTS_MAX];
	struct ethdev_tx_port port[VEX_PORTS_MAX];
};

struct ethdev_params {
	uint32_t port;		 /* number of the port, for names */
	const char *kind;	 /* platform_device_name() */
	const char *argument;	 /* platform_device_argument(); what it means depends on the kind */
	uint16_t tx_queues;	 /* at least 1 */
	struct buf_pools *pools; /* received frames go there */
};

/*
 * Makes a device and opens what is behind it. If that cannot be opened now, for the reason in why,
 * ethdev_watch tries again; why is empty otherwise. NULL with a reason if there is no such kind.
 */
struct ethdev *ethdev_open(const struct ethdev_params *params, char *why, size_t size);

/* Gives the device back as it was. No worker may use it any more. */
void ethdev_close(struct ethdev *d);

struct ethdev_state {
	bool present;	     /* the device is open */
	bool up;	     /* and has a link */
	uint32_t speed_mbps; /* 0: unknown */
	/* Frames that were lost in the device since ethdev_open; zero what it does not count. */
	uint64_t missed;    /* for want of room */
	uint64_t errors;    /* refused, either way */
	uint64_t no_buffer; /* for want of a packet buffer */
	/* Something to tell people, once; NULL mostly. Lives as long as the device. */
	const char *note;
};

/*
 * Whether each of params.tx_queues is a queue of the device's own. If not, or as long as nobody
 * knows, one worker should send for all: several would wait for each other.
 */
bool ethdev_own_queues(const struct ethdev *d);

/* Asks for the link and the losses; opens again what went away. For one thread. */
void ethdev_watch(struct ethdev *d, struct ethdev_state *state);

/* What was behind the device went away, and workers may still use it. */
bool ethdev_leaving(const struct ethdev *d);

/* Closes that, a grace period after ethdev_leaving was true. */
void ethdev_release(struct ethdev *d);

/*
 * Receives up to n frames into p[0 .. n), which is zeroed but for buf, data, len and hlen. One that
 * is longer than PKT_LEN_MAX has only its first bytes, hlen < len.
 */
unsigned int ethdev_receive(struct ethdev *d, struct pkt *p, unsigned int n);

/*
 * A descriptor that can be read when there are frames to be received, for poll(): level-triggered,
 * -1 if the device has none (then nothing says that frames have come). Good until the next quiescent
 * state, but for a device that goes away meanwhile: then poll() says nothing, or too much. For the
 * worker that receives.
 */
int ethdev_receive_fd(const struct ethdev *d);

/* Makes the buffer of a packet say what the packet says, padded to the shortest frame. */
struct buf *ethdev_seal(const struct pkt *p);

/* Takes a sealed frame for a port. */
void ethdev_put(struct ethdev_tx *tx, uint16_t port, struct buf *buf);

/* Hands everything that was collected to the devices. */
void ethdev_flush(struct ethdev_tx *tx);

#endif

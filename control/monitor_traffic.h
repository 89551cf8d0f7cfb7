/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_MONITOR_TRAFFIC_H
#define VEX_CONTROL_MONITOR_TRAFFIC_H

/*
 * monitor_traffic: what `monitor traffic interface` shows: the frames that a port punts to the
 * routing engine, and those that the routing engine sends there. As on an EX, frames that the data
 * plane forwards are not among them.
 *
 * tcpdump does the work, on the tap of the port in the instance's namespace (tap.h): as text, or
 * into a pcapng file with the name of the port. It is a child of the caller, who asks it to go on:
 *
 *	traffic = monitor_traffic_start(&options, err, sizeof(err));
 *	while (monitor_traffic_step(traffic, out) && !interrupted())
 *		wait a little
 *	ok = monitor_traffic_stop(traffic, out, err, sizeof(err));
 *
 * It needs the privilege to enter the namespace and to capture there (root).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct monitor_traffic_options {
	const char *netns;    /* "vex-NAME" */
	const char *port;     /* "ge-0/0/0", perhaps with ".0" */
	const char *matching; /* an expression of pcap-filter(7); NULL: every frame */
	const char *file;     /* to write; NULL: text */
	unsigned int count;   /* frames, then it ends; 0: until stopped */
	unsigned int size;    /* bytes that are kept of each; 0: all */
	bool detail;
	bool layer2_headers;
	bool print_hex;
	bool print_ascii;
};

struct monitor_traffic;

/* NULL with a sentence in @err (256 bytes are enough). */
struct monitor_traffic *monitor_traffic_start(
	const struct monitor_traffic_options *options, char *err, size_t err_size);

/* Takes what there is, without waiting; false when tcpdump has ended. */
bool monitor_traffic_step(struct monitor_traffic *traffic, FILE *out);

/*
 * Ends tcpdump, writes what it says at its end, and frees. True if it did what it was to do;
 * otherwise @err says what went wrong, or is empty if tcpdump said it itself.
 */
bool monitor_traffic_stop(struct monitor_traffic *traffic, FILE *out, char *err, size_t err_size);

/*
 * A stream of pcap(5) as tcpdump writes it: frames come out of bytes in whatever pieces. Bytes
 * of this machine's order with stamps of ns or us, Ethernet; anything else is refused.
 */
struct pcap_stream {
	uint8_t buf[16 + (1 << 18)];
	size_t n;
	size_t taken; /* of them, by the frame that was given out last */
	bool begun;
	uint32_t ns_per_unit;
};

struct pcap_frame {
	uint64_t time_ns;
	const uint8_t *data; /* until the next call */
	uint32_t captured;
	uint32_t original;
};

/* Room for more bytes: where, and how many. Not 0 after pcap_stream_next() returned 0. */
uint8_t *pcap_stream_room(struct pcap_stream *s, size_t *room);

/* The next frame: 1; 0 if more bytes are needed; -1 if this is no such stream. */
int pcap_stream_next(struct pcap_stream *s, struct pcap_frame *frame);

#endif

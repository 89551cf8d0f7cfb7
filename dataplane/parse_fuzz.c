/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzz entry of the packet walk: frames into a switch that uses every feature, in bursts of 1 and
 * of 64. Both must send the same and count the same, and both must conserve packets.
 *
 * Input: records of {port, gap, cut, length, bytes}. port: modulo the ports; gap: 0 .. 255 squared
 * times 100 ns; cut: bytes that the capture lacks, 0 for most; length: high and low byte, of the
 * bytes that follow. A frame may be repeated: lengths beyond the end of the input take what is there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/model.h"
#include "qos/queue.h"

#define BRIDGE(port) "set interfaces " port " unit 0 family ethernet-switching "

static const char config[] =
	"set chassis aggregated-devices ethernet device-count 1\n"
	"set vlans v10 vlan-id 10\nset vlans v20 vlan-id 20\n"
	"set vlans pri vlan-id 100\nset vlans pri isolated-vlan iso\n"
	"set vlans iso vlan-id 101\nset vlans iso private-vlan isolated\n"
	"set interfaces ge-0/0/1 mtu 9216\n" BRIDGE("ge-0/0/0") "vlan members v10\n" BRIDGE(
		"ge-0/0/0") "storm-control slow\n"
			    "set forwarding-options "
			    "storm-control-profiles slow "
			    "all "
			    "bandwidth-level 1000\n" BRIDGE(
				    "ge-0/0/1") "interface-mode trunk\n" BRIDGE("ge-0/0/1") "vlan "
											    "member"
											    "s [ "
											    "v10 "
											    "v20 "
											    "pri "
											    "]\n"
											    "set "
											    "interf"
											    "aces "
											    "ge-0/"
											    "0/2 "
											    "native"
											    "-vlan-"
											    "id "
											    "20"
											    "\n" BRIDGE("ge-0/0/2") "interface-mode trunk\n" BRIDGE("ge-0/0/2") "vlan members [ v10 v20 ]\n" BRIDGE(
												    "ge"
												    "-0"
												    "/0"
												    "/"
												    "3") "vlan members iso\n"
													 "set interfaces ge-0/0/4 ether-options 802.3ad ae0\n"
													 "set interfaces ge-0/0/5 ether-options 802.3ad ae0\n" BRIDGE(
														 "ae0") "interface-mode trunk\n" BRIDGE("ae0") "vlan members [ v10 v20 ]\n"
																			       "set switch-options interface ge-0/0/0.0 interface-mac-limit 4\n"
																			       "set switch-options interface ge-0/0/0.0 interface-mac-limit packet-action drop\n";

#define PORTS 7u /* the one after those of the configuration bridges nothing */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "parse_fuzz: does not hold: %s\n", what);
	abort();
}

/* A switch of the configuration, which is loaded once, with a small MAC table. */
static struct vexmodel create(unsigned int burst)
{
	static struct ctl_image *image;
	struct engine_params params = {
		.scale = {.macs = 24, .vlans = 8, .lags = 2, .lag_members = 4, .stp_instances = 1},
		.base_mac = UINT64_C(0x02ee44000000),
		.burst = burst,
	};
	struct vex_errs errs = {0};
	char why[256] = "";
	struct vexmodel m;

	if (!image)
		must(ctl_load(config, strlen(config), "fuzz", &image, &errs) == 0,
			"the configuration");
	params.ports = chassis_port_count(image->chassis);
	m = (struct vexmodel){.image = image, .engine = engine_create(&params, why, sizeof(why))};
	must(m.engine != NULL, why);
	must(engine_apply(m.engine, image->ops, image->n_ops), "the image is applied");
	return m;
}

static uint64_t drops_of(const struct port_counters *c, enum drop_side side)
{
	uint64_t n = 0;

	for (unsigned int r = DROP_NONE + 1; r < DROP_REASONS; r++)
		n += drop_side(r) == side ? c->drops[r] : 0;
	return n;
}

static void check_conservation(const struct vexmodel *m)
{
	const struct counters *c = &m->engine->counters;
	uint64_t in = c->copies + c->generated + c->injected + c->released;
	uint64_t out = 0;

	for (uint16_t i = 0; i < vexmodel_ports(m); i++) {
		const struct port_counters *p = &c->port[i];

		must(p->rx_packets == drops_of(p, DROP_SIDE_IN) + p->consumed + p->punted +
					      p->held + p->passed,
			"every received packet ends once");
		must(p->enqueued == p->tx_packets + drops_of(p, DROP_SIDE_QUEUE),
			"every queued packet ends once");
		in += p->passed;
		out += p->enqueued + drops_of(p, DROP_SIDE_OUT);
	}
	must(in == out, "every packet to send is queued or dropped");
}

/* Takes what both have sent, which must be the same. */
static void compare(struct vexmodel *a, struct vexmodel *b)
{
	struct vexmodel_frame fa, fb;

	while (vexmodel_take(a, &fa)) {
		must(vexmodel_take(b, &fb) != 0, "both send a frame");
		must(fa.port == fb.port && fa.time_ps == fb.time_ps && fa.len == fb.len &&
				fa.header_len == fb.header_len,
			"both send it at the same time and port");
		must(fa.len >= 60 && fa.len == fa.header_len + fa.payload_len,
			"a sent frame has its length");
		must(memcmp(fa.header, fb.header, fa.header_len) == 0 &&
				(!fa.payload_len ||
					memcmp(fa.payload, fb.payload, fa.payload_len) == 0),
			"both send the same bytes");
	}
	must(!vexmodel_take(b, &fb), "neither sends more");
}

static void inject(struct vexmodel *m, uint32_t port, uint64_t time, const uint8_t *bytes,
	uint32_t captured, uint32_t original)
{
	must(vexmodel_inject(m, port, time, bytes, captured, original) == VEXMODEL_OK,
		"a frame is taken");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vexmodel m[2] = {create(1), create(64)};
	uint64_t time = 0;
	size_t at = 0;

	while (size - at >= 5) {
		uint32_t port = data[at] % PORTS;
		uint32_t gap = data[at + 1];
		uint32_t cut = data[at + 2] < 240 ? 0 : data[at + 2] - 239u;
		uint32_t len = (uint32_t)data[at + 3] << 8 | data[at + 4];
		uint8_t *exact;

		at += 5;
		if (len > size - at)
			len = (uint32_t)(size - at);
		if (len + cut == 0)
			cut = 1;
		time += (uint64_t)gap * gap * 100000;
		exact = malloc(len ? len : 1);
		must(exact != NULL, "there is memory");
		memcpy(exact, data + at, len);
		inject(&m[0], port, time, exact, len, len + cut);
		inject(&m[1], port, time, exact, len, len + cut);
		free(exact);
		at += len;
	}
	time = vexmodel_drain(&m[0]);
	must(vexmodel_drain(&m[1]) == time, "both are empty at the same time");
	compare(&m[0], &m[1]);
	check_conservation(&m[0]);
	must(memcmp(&m[0].engine->counters, &m[1].engine->counters, sizeof(struct counters)) == 0,
		"both count the same");
	engine_destroy(m[0].engine);
	engine_destroy(m[1].engine);
	return 0;
}

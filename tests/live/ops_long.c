/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ops-long: what a live vex-pfe does while a long transaction is installed.
 *
 *	build/tests/ops-long VEX-PFE PLATFORM INTERFACE
 *
 * The control side is this program, so that it knows what came before the first acknowledgement and
 * what after it. Port 0 of the platform is behind the other end of INTERFACE. Between COMMIT and
 * the first acknowledgement LLDP frames that arrive there are punted, its link goes and that is
 * reported, and housekeeping goes its rounds; each is asked for again with another transaction if
 * it did not happen in the time that one takes. Exit status 0: all of it did.
 */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/live/pfe_host.h"
#include "tests/unit/ops_build.h"

#define MACS	 112000u
#define VLANS	 4093u
#define BD	 10u
#define TRIES	 100
#define LIMIT_NS UINT64_C(60000000000)

struct bench {
	struct pfe_host host;
	const char *interface;
	int sock;
	struct vex_punt punt;
};

/* What was seen before the first acknowledgement. */
struct seen {
	unsigned int punted;
	unsigned int links;
	uint64_t rounds;
};

/* ---- The wire --------------------------------------------------------------------------------- */

static bool wire_open(struct bench *b)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET,
		.sll_protocol = htons(0x88cc),
		.sll_ifindex = (int)if_nametoindex(b->interface)};

	b->sock = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(0x88cc));
	if (b->sock >= 0 && bind(b->sock, (struct sockaddr *)&to, sizeof(to)) == 0)
		return true;
	perror(b->interface);
	return false;
}

static void send_lldp(const struct bench *b)
{
	static const uint8_t frame[60] = {
		0x01, 0x80, 0xc2, 0, 0, 0x0e, 2, 0, 0, 0, 0, 1, 0x88, 0xcc};

	if (send(b->sock, frame, sizeof(frame), 0) < 0)
		perror("an LLDP frame");
}

static bool set_link(const struct bench *b, bool up)
{
	struct ifreq r = {0};

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", b->interface);
	if (ioctl(b->sock, SIOCGIFFLAGS, &r) != 0)
		return false;
	r.ifr_flags = (short)(up ? r.ifr_flags | IFF_UP : r.ifr_flags & ~IFF_UP);
	return ioctl(b->sock, SIOCSIFFLAGS, &r) == 0;
}

/* ---- Rings ------------------------------------------------------------------------------------ */

static unsigned int take_punted(struct bench *b)
{
	unsigned int n = 0;

	while (vex_ring_pop(&b->host.shm.punt, &b->punt) > 0)
		n++;
	return n;
}

/* How many changes of the link of port 0 to this there were. */
static unsigned int take_links(struct bench *b, bool up)
{
	struct vex_event event;
	unsigned int n = 0;

	while (vex_ring_pop(&b->host.shm.event, &event) > 0)
		n += event.type == VEX_EVENT_LINK && event.lport == 0 && event.up == up;
	return n;
}

static uint64_t rounds(const struct bench *b)
{
	return __atomic_load_n(&b->host.shm.cnt->pfe.heartbeat, __ATOMIC_RELAXED);
}

static bool late(const struct bench *b, uint64_t begin, const char *what)
{
	if (pfe_host_lives(&b->host) && pfe_host_ns() - begin < LIMIT_NS)
		return false;
	fprintf(stderr, "%s: vex-pfe is silent or died\n", what);
	return true;
}

static bool push(struct bench *b, struct vex_op op, uint32_t seq)
{
	uint64_t begin = pfe_host_ns();

	op.seq = seq;
	while (vex_ring_push(&b->host.shm.op, &op, sizeof(op)) != 1) {
		if (late(b, begin, "an operation"))
			return false;
		pfe_host_ring(&b->host);
		pfe_host_wait(&b->host, 1);
	}
	return true;
}

static bool push_all(struct bench *b, const struct vex_op *ops, uint32_t n)
{
	struct vex_op bracket = {.type = VEX_OP_TXN_BEGIN, .txn = {n}};

	if (!push(b, bracket, 0))
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (!push(b, ops[i], i + 1))
			return false;
	bracket.type = VEX_OP_TXN_COMMIT;
	return push(b, bracket, n + 1);
}

/* Until an acknowledgement is there, which is taken; what is in *seen came before it. */
static bool watch(struct bench *b, struct seen *seen, bool sends, struct vex_ack *ack)
{
	uint64_t begin = pfe_host_ns(), first = rounds(b);

	for (;;) {
		struct seen now = *seen;

		now.punted += take_punted(b);
		now.links += take_links(b, false);
		now.rounds = rounds(b) - first;
		if (vex_ring_pop(&b->host.shm.ack, ack) > 0)
			return true;
		*seen = now;
		if (late(b, begin, "the first acknowledgement"))
			return false;
		if (sends)
			send_lldp(b);
		pfe_host_wait(&b->host, 1);
	}
}

/* The acknowledgements of a transaction of n operations, the first of which was taken. */
static bool take_acks(struct bench *b, struct vex_ack *ack, uint32_t n)
{
	uint64_t begin = pfe_host_ns();

	for (uint32_t i = 0;;) {
		if (ack->seq != i || ack->status != VEX_OK) {
			fprintf(stderr, "operation %u: number %u, status %u\n", i, ack->seq,
				ack->status);
			return false;
		}
		if (++i == n + 2)
			return true;
		while (vex_ring_pop(&b->host.shm.ack, ack) <= 0) {
			if (late(b, begin, "acknowledgements"))
				return false;
			pfe_host_wait(&b->host, 1);
		}
	}
}

/* ---- Transactions ----------------------------------------------------------------------------- */

enum event {
	NOTHING,
	FRAMES,
	LINK_GOES,
};

static bool transact(
	struct bench *b, const struct vex_op *ops, uint32_t n, enum event event, struct seen *seen)
{
	struct vex_ack ack;

	if (!push_all(b, ops, n))
		return false;
	take_punted(b);
	take_links(b, false);
	if (event == LINK_GOES && !set_link(b, false))
		return false;
	pfe_host_ring(&b->host);
	return watch(b, seen, event == FRAMES, &ack) && take_acks(b, &ack, n);
}

static bool wait_link(struct bench *b)
{
	uint64_t begin = pfe_host_ns();

	while (!__atomic_load_n(&b->host.shm.cnt->port[0].up, __ATOMIC_RELAXED)) {
		if (late(b, begin, "the link"))
			return false;
		pfe_host_wait(&b->host, 1);
	}
	return true;
}

/* Until everything was seen while the operations were installed. */
static bool check(struct bench *b, const char *what, const struct vex_op *ops, uint32_t n,
	const struct vex_op *undo, uint32_t undo_n)
{
	unsigned int punted = 0, links = 0;
	uint64_t most = 0;
	int tries = 0;

	while (tries++ < TRIES && (!punted || !links || most < 2)) {
		struct seen seen = {0}, ignored = {0};

		if (!transact(b, ops, n, punted ? LINK_GOES : FRAMES, &seen) ||
			!set_link(b, true) || !transact(b, undo, undo_n, NOTHING, &ignored) ||
			!wait_link(b))
			return false;
		punted += seen.punted;
		links += seen.links;
		most = seen.rounds > most ? seen.rounds : most;
	}
	printf("%s: %u frames punted, %u links reported, %lu rounds before the first "
	       "acknowledgement, in %d transactions\n",
		what, punted, links, (unsigned long)most, tries - 1);
	return punted && links && most >= 2;
}

static bool check_macs(struct bench *b)
{
	struct vex_op *set = calloc(MACS, sizeof(*set)), *del = calloc(MACS, sizeof(*del));
	bool ok;

	for (uint32_t i = 0; set && del && i < MACS; i++) {
		set[i] = op_mac(VEX_OP_MAC_SET, BD, 1, UINT64_C(0x020000000000) + i);
		del[i] = op_mac(VEX_OP_MAC_DEL, BD, 0, UINT64_C(0x020000000000) + i);
	}
	ok = set && del && check(b, "112,000 static MACs", set, MACS, del, MACS);
	free(set);
	free(del);
	return ok;
}

/* As many as there may be beside the one that there is. */
static bool check_vlans(struct bench *b)
{
	struct vex_op *set = calloc(3 * VLANS, sizeof(*set)), *del = calloc(VLANS, sizeof(*del));
	uint32_t n = 0, vlans = 0;
	bool ok;

	for (uint16_t vid = 1; set && del && vlans < VLANS - 1; vid++) {
		if (vid == BD)
			continue;
		set[n++] = op_vlan(vid, vid, 300);
		set[n++] = op_set(vid, VEX_VLAN_IN, 3);
		set[n++] = op_set(vid, VEX_VLAN_OUT, 3);
		del[vlans++] = op_vlan_del(vid);
	}
	ok = set && del && check(b, "VLANs up to 4,093", set, n, del, vlans);
	free(set);
	free(del);
	return ok;
}

int main(int argc, char **argv)
{
	const struct vex_op setup[] = {op_port(0, true), op_port(1, true), op_vlan(BD, BD, 300),
		op_set(BD, VEX_VLAN_IN, 3), op_set(BD, VEX_VLAN_OUT, 3)};
	static struct bench b;
	struct seen seen = {0};
	bool ok;

	if (argc != 4) {
		fprintf(stderr, "usage: ops-long VEX-PFE PLATFORM INTERFACE\n");
		return 2;
	}
	b.interface = argv[3];
	if (!wire_open(&b) || !pfe_host_start(&b.host, argv[1], argv[2]))
		return 1;
	ok = transact(&b, setup, sizeof(setup) / sizeof(setup[0]), NOTHING, &seen) &&
	     wait_link(&b) && check_macs(&b) && check_vlans(&b);
	ok = pfe_host_stop(&b.host) && ok;
	close(b.sock);
	return ok ? 0 : 1;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A kernel interface through packet sockets (AF_PACKET).
 *
 * Receive: one socket with a ring of frames that the kernel shares with us (PACKET_MMAP,
 * TPACKET_V2: a block of TPACKET_V3 is handed over when it is full or after a millisecond, which is
 * too late for two hosts that talk). No fanout, which joins fragments; not what leaves by the
 * interface. The kernel keeps the outer tag beside the frame: it is put back with its own TPID. A
 * sender on the same machine (veth) may leave the checksum to hardware that is not there: the header
 * before the frame (PACKET_VNET_HDR) says where, and it is completed here.
 *
 * Send: a socket for each worker, bound to no protocol, past the queueing disciplines; one sendmmsg a
 * burst, which never waits. (A ring would need the copy that send makes, plus a second one where the
 * frame goes to a veth, and would tell less about the frames that failed.) What the kernel does not
 * take is not counted as sent.
 *
 * Promiscuity is a membership of the socket, so it ends with the process, however that ends.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ports/ethdev_ops.h"
#include "ports/netif.h"

/*
 * Frames of the ring: the kernel's header of at most 96 bytes, then the frame. Two fit a block of
 * whole pages without rest.
 */
#define HEADER_MAX   96u
#define SMALL_BYTES  2048u
#define SMALL_FRAMES 2048u
#define LARGE_BYTES  10240u
#define LARGE_FRAMES 512u
#define BLOCK_BYTES  20480u

#define SEND_BUFFER  (8 << 20)
#define SEGMENTS_MAX 4u
#define TAG_BYTES    4u

struct packet_socket {
	/* The receive side. */
	uint8_t *ring;
	uint32_t frame_bytes;
	uint32_t frames;
	uint32_t next;
	struct buf_pools *pools;
	_Atomic uint64_t no_buffer;
	_Atomic uint64_t segments; /* frames that the sender left to be cut */
	_Atomic uint64_t refused;  /* to send */
	/* The rest. */
	struct netif netif;
	size_t ring_bytes;
	uint64_t missed; /* asking the kernel forgets it */
	int receive_fd;
	bool noted;
	char note[160];
	uint16_t queues;
	int send_fd[];
};

static int set_option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value));
}

static int bind_to(const struct packet_socket *s, int fd, uint16_t protocol)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htobe16(protocol),
		.sll_ifindex = (int)s->netif.index,
	};

	return bind(fd, (const struct sockaddr *)&address, sizeof(address));
}

/* Whether small frames have room for all that the interface takes: its MTU and the tags beside it. */
static bool small_suffices(const struct packet_socket *s)
{
	uint32_t mtu = netif_mtu(&s->netif);

	return mtu && mtu + ETH_HLEN + 2 * TAG_BYTES + HEADER_MAX <= SMALL_BYTES;
}

static void choose_ring(struct packet_socket *s)
{
	bool small = small_suffices(s);

	s->frame_bytes = small ? SMALL_BYTES : LARGE_BYTES;
	s->frames = small ? SMALL_FRAMES : LARGE_FRAMES;
}

static int map_ring(struct packet_socket *s, int fd)
{
	struct tpacket_req request = {
		.tp_block_size = BLOCK_BYTES,
		.tp_frame_size = s->frame_bytes,
		.tp_frame_nr = s->frames,
	};
	void *ring;

	request.tp_block_nr = s->frames / (BLOCK_BYTES / s->frame_bytes);
	request.tp_frame_nr = request.tp_block_nr * (BLOCK_BYTES / s->frame_bytes);
	s->frames = request.tp_frame_nr;
	s->ring_bytes = (size_t)request.tp_block_nr * BLOCK_BYTES;
	if (setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request)) != 0)
		return -1;
	ring = mmap(NULL, s->ring_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (ring == MAP_FAILED)
		return -1;
	s->ring = ring;
	return 0;
}

static int open_receive(struct packet_socket *s)
{
	const struct packet_mreq all = {
		.mr_ifindex = (int)s->netif.index,
		.mr_type = PACKET_MR_PROMISC,
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	s->receive_fd = fd;
	if (fd < 0 || set_option(fd, SOL_PACKET, PACKET_VERSION, TPACKET_V2) != 0 ||
		set_option(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1) != 0 ||
		set_option(fd, SOL_PACKET, PACKET_VNET_HDR, 1) != 0 || map_ring(s, fd) != 0 ||
		setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)) != 0 ||
		bind_to(s, fd, ETH_P_ALL) != 0)
		return -1;
	return 0;
}

static int open_send(struct packet_socket *s, uint16_t queue)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	s->send_fd[queue] = fd;
	if (fd < 0 || set_option(fd, SOL_PACKET, PACKET_QDISC_BYPASS, 1) != 0 ||
		bind_to(s, fd, 0) != 0)
		return -1;
	set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, SEND_BUFFER);
	return 0;
}

static void close_socket(void *object)
{
	struct packet_socket *s = object;

	for (uint16_t i = 0; i < s->queues; i++)
		if (s->send_fd[i] >= 0)
			close(s->send_fd[i]);
	if (s->ring)
		munmap(s->ring, s->ring_bytes);
	if (s->receive_fd >= 0)
		close(s->receive_fd);
	netif_give_back(&s->netif);
	netif_close(&s->netif);
	free(s);
}

static void *open_socket(const struct ethdev_params *params, char *why, size_t size)
{
	struct packet_socket *s = calloc(1, sizeof(*s) + params->tx_queues * sizeof(s->send_fd[0]));
	int rc;

	if (!s) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	if (!netif_open(&s->netif, params->argument, why, size)) {
		free(s);
		return NULL;
	}
	s->pools = params->pools;
	s->receive_fd = -1;
	s->queues = params->tx_queues;
	memset(s->send_fd, 0xff, s->queues * sizeof(s->send_fd[0]));
	netif_take(&s->netif);
	choose_ring(s);
	rc = open_receive(s);
	for (uint16_t i = 0; i < s->queues && rc == 0; i++)
		rc = open_send(s, i);
	if (rc == 0)
		return s;
	snprintf(why, size, "af_packet %s cannot be opened: %s", params->argument, strerror(errno));
	close_socket(s);
	return NULL;
}

/* ---- Receive ---------------------------------------------------------------------------------- */

static struct tpacket2_hdr *frame_at(const struct packet_socket *s, uint32_t i)
{
	uint32_t a_block = BLOCK_BYTES / s->frame_bytes;

	return (struct tpacket2_hdr *)(s->ring + (size_t)(i / a_block) * BLOCK_BYTES +
				       (size_t)(i % a_block) * s->frame_bytes);
}

/* The sum that the sender left out. The field holds that of the pseudo header. */
static void complete_checksum(uint8_t *data, uint32_t len, uint32_t start, uint32_t offset)
{
	uint64_t sum = 0;
	uint16_t word;

	if (start + offset + 2 > len)
		return;
	for (uint32_t i = start; i + 1 < len; i += 2) {
		memcpy(&word, data + i, 2);
		sum += word;
	}
	if ((len - start) & 1)
		sum += data[len - 1]; /* the first octet of a word: the low one here */
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	word = (uint16_t)~sum;
	if (!word)
		word = 0xffff;
	memcpy(data + start + offset, &word, 2);
}

/* Copies a frame with its tag. False if there is no buffer. */
static bool take_frame(
	struct packet_socket *s, const struct tpacket2_hdr *h, uint32_t status, struct pkt *p)
{
	const uint8_t *data = (const uint8_t *)h + h->tp_mac;
	uint32_t tag = status & TP_STATUS_VLAN_VALID && h->tp_snaplen >= 12 ? TAG_BYTES : 0;
	uint32_t len = h->tp_len + tag;
	bool whole = len <= PKT_LEN_MAX && h->tp_snaplen == h->tp_len;
	uint32_t keep = whole ? len : PKT_HEAD_MAX;
	struct virtio_net_hdr offload;

	if (keep > h->tp_snaplen + tag)
		keep = h->tp_snaplen + tag;
	if (!buf_alloc(s->pools, keep, p))
		return false;
	if (tag) {
		uint16_t type = status & TP_STATUS_VLAN_TPID_VALID ? h->tp_vlan_tpid : ETH_P_8021Q;

		memcpy(p->data, data, 12);
		store_be16(p->data + 12, type);
		store_be16(p->data + 14, h->tp_vlan_tci);
		memcpy(p->data + 16, data + 12, keep - 16);
	} else {
		memcpy(p->data, data, keep);
	}
	p->len = len;
	memcpy(&offload, data - sizeof(offload), sizeof(offload));
	if (offload.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM && whole)
		complete_checksum(p->data, len, offload.csum_start + tag, offload.csum_offset);
	if (offload.gso_type != VIRTIO_NET_HDR_GSO_NONE)
		atomic_fetch_add_explicit(&s->segments, 1, memory_order_relaxed);
	return true;
}

static unsigned int receive(void *object, struct pkt *p, unsigned int n)
{
	struct packet_socket *s = object;
	unsigned int got = 0;

	while (got < n) {
		struct tpacket2_hdr *h = frame_at(s, s->next);
		uint32_t status = __atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE);

		if (!(status & TP_STATUS_USER))
			break;
		s->next = s->next + 1 < s->frames ? s->next + 1 : 0;
		__builtin_prefetch(frame_at(s, s->next));
		pkt_clear(&p[got]);
		if (take_frame(s, h, status, &p[got]))
			got++;
		else
			atomic_fetch_add_explicit(&s->no_buffer, 1, memory_order_relaxed);
		__atomic_store_n(&h->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	}
	return got;
}

static int receive_fd(const void *object)
{
	const struct packet_socket *s = object;

	return s->receive_fd;
}

/* ---- Send ------------------------------------------------------------------------------------- */

/* The segments of a frame: its header, and a payload that it shares. */
static size_t describe(struct iovec vector[SEGMENTS_MAX], struct rte_mbuf *m)
{
	size_t n = 0;

	for (; m && n < SEGMENTS_MAX; m = m->next)
		vector[n++] = (struct iovec){rte_pktmbuf_mtod(m, void *), m->data_len};
	return n;
}

static struct ethdev_sent send_burst(
	void *object, uint16_t queue, struct rte_mbuf **frames, uint16_t n)
{
	struct packet_socket *s = object;
	struct iovec vector[ETHDEV_BURST][SEGMENTS_MAX];
	struct mmsghdr message[ETHDEV_BURST] = {0};
	struct ethdev_sent sent = {0};
	uint16_t at = 0;

	for (uint16_t i = 0; i < n; i++) {
		message[i].msg_hdr.msg_iov = vector[i];
		message[i].msg_hdr.msg_iovlen = describe(vector[i], frames[i]);
	}
	while (at < n) {
		int done = sendmmsg(s->send_fd[queue], message + at, n - at, MSG_DONTWAIT);

		for (int i = 0; i < done; i++)
			sent.bytes += frames[at + i]->pkt_len;
		if (done > 0) {
			sent.frames += (unsigned int)done;
			at += (uint16_t)done;
			continue;
		}
		if (errno == EINTR)
			continue;
		/* Too long for the interface, or it is away: not for want of room. */
		if (errno != EAGAIN && errno != ENOBUFS)
			atomic_fetch_add_explicit(&s->refused, 1, memory_order_relaxed);
		if (errno != EMSGSIZE && errno != EINVAL)
			break;
		at++;
	}
	rte_pktmbuf_free_bulk(frames, n);
	return sent;
}

/* ---- State ------------------------------------------------------------------------------------ */

static enum ethdev_link ask_link(void *object, uint32_t *speed_mbps)
{
	struct packet_socket *s = object;

	/* With another MTU it is another device: one whose ring has room. */
	if (!netif_exists(&s->netif) || (s->frame_bytes == SMALL_BYTES && !small_suffices(s)))
		return ETHDEV_GONE;
	return netif_link(&s->netif, speed_mbps) ? ETHDEV_UP : ETHDEV_DOWN;
}

static void ask_losses(void *object, struct ethdev_state *state)
{
	struct packet_socket *s = object;
	struct tpacket_stats stats;
	socklen_t size = sizeof(stats);

	if (getsockopt(s->receive_fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) == 0)
		s->missed += stats.tp_drops;
	state->missed += s->missed;
	state->errors += atomic_load_explicit(&s->refused, memory_order_relaxed);
	state->no_buffer += atomic_load_explicit(&s->no_buffer, memory_order_relaxed);
	if (!s->noted && atomic_load_explicit(&s->segments, memory_order_relaxed)) {
		s->noted = true;
		snprintf(s->note, sizeof(s->note),
			"the sender behind %s leaves it to others to cut its frames; on its side: "
			"ethtool -K DEV tx off tso off gso off",
			s->netif.name);
		state->note = s->note;
	}
}

const struct ethdev_ops ethdev_packet_socket = {
	.kind = "af_packet",
	.open = open_socket,
	.close = close_socket,
	.receive = receive,
	.receive_fd = receive_fd,
	.send = send_burst,
	.link = ask_link,
	.losses = ask_losses,
};

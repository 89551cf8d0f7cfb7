/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A kernel interface through packet sockets (AF_PACKET).
 *
 * Receive: one socket with a ring of frames that the kernel shares with us (PACKET_MMAP,
 * TPACKET_V2: a block of TPACKET_V3 is handed over when it is full or after a millisecond, which is
 * too late for two hosts that talk). No fanout, which joins fragments; not what leaves by the
 * interface. The kernel keeps the outer tag beside the frame: it is put back with its own TPID. A
 * sender on the same machine (veth) may leave checksums, and frames of up to 64 KiB to be cut, to
 * hardware that is not there: the header before the frame (PACKET_VNET_HDR) says so, and both are
 * done here. What does not fit into the ring is read from the socket's queue (PACKET_COPY_THRESH).
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
#include "ports/segment.h"

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

#define SOCKET_BUFFER (8 << 20)
#define WHOLE_BYTES   (65536u + 256u) /* of a frame that is to be cut, with all headers */
#define SEGMENTS_MAX  4u
#define TAG_BYTES     4u

struct packet_socket {
	/* The receive side. */
	uint8_t *ring;
	uint32_t frame_bytes;
	uint32_t frames;
	uint32_t next;
	struct buf_pools *pools;
	_Atomic uint64_t no_buffer;
	_Atomic uint64_t lost;	  /* in ways that the kernel does not count */
	_Atomic uint64_t refused; /* to send */
	/* The rest. */
	struct netif netif;
	size_t ring_bytes;
	uint64_t missed; /* asking the kernel forgets it */
	int receive_fd;
	uint16_t queues;
	/* A frame that is being cut. */
	bool cutting;
	struct segment segment;
	uint8_t whole[WHOLE_BYTES];
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
		set_option(fd, SOL_PACKET, PACKET_VNET_HDR, 1) != 0 ||
		set_option(fd, SOL_PACKET, PACKET_COPY_THRESH, 1) != 0 ||
		set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, SOCKET_BUFFER) != 0 ||
		map_ring(s, fd) != 0 ||
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
	set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, SOCKET_BUFFER);
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
	uint16_t sum;

	if (start + offset + 2 > len)
		return;
	sum = checksum_end(checksum_add(0, data + start, len - start));
	store_be16(data + start + offset, sum ? sum : 0xffff);
}

/* Copies the first bytes of a frame; a tag goes behind the addresses. */
static void copy_frame(uint8_t *to, const uint8_t *data, uint32_t keep, const uint8_t *tag)
{
	if (!tag) {
		memcpy(to, data, keep);
		return;
	}
	memcpy(to, data, 12);
	memcpy(to + 12, tag, TAG_BYTES);
	memcpy(to + 16, data + 12, keep - 16);
}

/* A frame of the ring. */
struct arrival {
	const uint8_t *data;
	uint32_t snap, len; /* bytes there; of the frame, without the tag */
	uint32_t tag_len;   /* TAG_BYTES or 0 */
	uint8_t tag[TAG_BYTES];
	bool copy; /* the whole frame is in the queue of the socket */
	struct virtio_net_hdr offload;
};

static void read_header(struct arrival *a, const struct tpacket2_hdr *h, uint32_t status)
{
	uint16_t type = status & TP_STATUS_VLAN_TPID_VALID ? h->tp_vlan_tpid : ETH_P_8021Q;

	a->data = (const uint8_t *)h + h->tp_mac;
	a->snap = h->tp_snaplen;
	a->len = h->tp_len;
	a->tag_len = status & TP_STATUS_VLAN_VALID && h->tp_snaplen >= 12 ? TAG_BYTES : 0;
	a->copy = status & TP_STATUS_COPY;
	store_be16(a->tag, type);
	store_be16(a->tag + 2, h->tp_vlan_tci);
	memcpy(&a->offload, a->data - sizeof(a->offload), sizeof(a->offload));
}

/* Copies a frame with its tag. False if there is no buffer. */
static bool take_frame(struct packet_socket *s, const struct arrival *a, struct pkt *p)
{
	uint32_t len = a->len + a->tag_len;
	bool whole = len <= PKT_LEN_MAX && a->snap == a->len;
	uint32_t keep = whole ? len : PKT_HEAD_MAX;

	if (keep > a->snap + a->tag_len)
		keep = a->snap + a->tag_len;
	if (!buf_alloc(s->pools, keep, p)) {
		atomic_fetch_add_explicit(&s->no_buffer, 1, memory_order_relaxed);
		return false;
	}
	copy_frame(p->data, a->data, keep, a->tag_len ? a->tag : NULL);
	p->len = len;
	if (a->offload.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM && whole)
		complete_checksum(
			p->data, len, a->offload.csum_start + a->tag_len, a->offload.csum_offset);
	return true;
}

/* Reads what did not fit into the ring; its length, 0 if it is not there. */
static uint32_t read_whole(struct packet_socket *s, const struct arrival *a)
{
	uint8_t *room = s->whole + a->tag_len;
	struct virtio_net_hdr ignored;
	struct iovec parts[2] = {{&ignored, sizeof(ignored)}, {room, WHOLE_BYTES - a->tag_len}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t n = recvmsg(s->receive_fd, &message, MSG_DONTWAIT);

	if (n <= (ssize_t)sizeof(ignored) + 12)
		return 0;
	if (a->tag_len) {
		memmove(s->whole, room, 12);
		memcpy(s->whole + 12, a->tag, TAG_BYTES);
	}
	return (uint32_t)n - (uint32_t)sizeof(ignored) + a->tag_len;
}

/* Begins to cut a frame that the sender left whole. False if it cannot be cut. */
static bool start_cutting(struct packet_socket *s, const struct arrival *a)
{
	uint32_t len = a->len + a->tag_len;

	if (a->copy)
		len = read_whole(s, a);
	else if (a->snap == a->len && len <= WHOLE_BYTES)
		copy_frame(s->whole, a->data, len, a->tag_len ? a->tag : NULL);
	else
		return false;
	s->cutting = len && segment_start(&s->segment, s->whole, len, a->offload.gso_size,
				    a->offload.csum_start + a->tag_len);
	return s->cutting;
}

/* The next frame that is cut; false if that was all. */
static bool take_segment(struct packet_socket *s, struct pkt *p)
{
	uint32_t n = s->segment.header + s->segment.size;

	if (!buf_alloc(s->pools, n, p)) {
		atomic_fetch_add_explicit(&s->no_buffer, 1, memory_order_relaxed);
		s->cutting = false;
		return false;
	}
	n = segment_next(&s->segment, p->data);
	p->len = n;
	p->hlen = (uint16_t)n;
	s->cutting = n != 0;
	if (!n)
		buf_free(p->buf);
	return n != 0;
}

/*
 * A frame that is one, from the ring or from the queue. False if it is not there as a whole, though a
 * port may accept its length: nobody would miss what is behind its first bytes.
 */
static bool take_single(struct packet_socket *s, const struct arrival *a, struct pkt *p)
{
	struct arrival whole = *a;

	if (a->copy) {
		whole.data = s->whole;
		whole.len = whole.snap = read_whole(s, a);
		whole.tag_len = 0;
		whole.offload.csum_start = (uint16_t)(a->offload.csum_start + a->tag_len);
	}
	if (!whole.len || (whole.snap < whole.len && whole.len + whole.tag_len <= PKT_LEN_MAX)) {
		atomic_fetch_add_explicit(&s->lost, 1, memory_order_relaxed);
		return false;
	}
	return take_frame(s, &whole, p);
}

/* What is in the ring as a frame, or as the beginning of several; false if it is none. */
static bool take_arrival(struct packet_socket *s, const struct arrival *a, struct pkt *p)
{
	if (a->offload.gso_type == VIRTIO_NET_HDR_GSO_NONE)
		return take_single(s, a, p);
	if (start_cutting(s, a))
		return take_segment(s, p);
	atomic_fetch_add_explicit(&s->lost, 1, memory_order_relaxed);
	return false;
}

static unsigned int receive(void *object, struct pkt *p, unsigned int n)
{
	struct packet_socket *s = object;
	unsigned int got = 0;

	while (got < n) {
		struct tpacket2_hdr *h = frame_at(s, s->next);
		struct arrival arrival;
		uint32_t status;

		pkt_clear(&p[got]);
		if (s->cutting) {
			got += take_segment(s, &p[got]);
			continue;
		}
		status = __atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE);
		if (!(status & TP_STATUS_USER))
			break;
		s->next = s->next + 1 < s->frames ? s->next + 1 : 0;
		__builtin_prefetch(frame_at(s, s->next));
		read_header(&arrival, h, status);
		got += take_arrival(s, &arrival, &p[got]);
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
	state->missed += s->missed + atomic_load_explicit(&s->lost, memory_order_relaxed);
	state->errors += atomic_load_explicit(&s->refused, memory_order_relaxed);
	state->no_buffer += atomic_load_explicit(&s->no_buffer, memory_order_relaxed);
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

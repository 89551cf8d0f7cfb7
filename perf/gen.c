/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Makes the bench's input: 64-byte frames (60 without FCS) between the hosts of a bridged VLAN.
 *
 *	gen PACKETS MACS SPACING_NS PORT... > in.pcapng
 *
 * Host h sits behind port h % PORTS. First each host sends one frame, host 0 to everybody and the
 * others to host 0, so that all addresses are known after MACS frames and one flood. Then frames
 * go between random pairs of hosts on different ports, each SPACING_NS after the one before. The
 * same arguments make the same bytes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME	    60
#define BLOCK	    (8 + 20 + FRAME + 4)
#define BLOCKS	    4096 /* written at once */
#define FIRST_STAMP UINT64_C(1700000000000000000)

static void put32(uint8_t *at, uint32_t v)
{
	memcpy(at, &v, 4);
}

/* Marsaglia's xorshift64: the same everywhere. */
static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 11;
}

static void put_mac(uint8_t *at, uint32_t host)
{
	at[0] = 0x02;
	at[1] = 0x10;
	at[2] = (uint8_t)(host >> 24);
	at[3] = (uint8_t)(host >> 16);
	at[4] = (uint8_t)(host >> 8);
	at[5] = (uint8_t)host;
}

/* An enhanced packet block with a UDP datagram of 18 bytes; stamp and addresses are left open. */
static void make_block(uint8_t *block)
{
	uint8_t *frame = block + 28;
	static const uint8_t ip[] = {0x45, 0, 0, 46, 0, 0, 0, 0, 64, 17, 0xf6, 0xbd, 192, 0, 2, 1,
		192, 0, 2, 2, 0x13, 0x89, 0x13, 0x8a, 0, 26, 0, 0};

	memset(block, 0, BLOCK);
	put32(block, 6);
	put32(block + 4, BLOCK);
	put32(block + 20, FRAME);
	put32(block + 24, FRAME);
	frame[12] = 0x08;
	memcpy(frame + 14, ip, sizeof(ip));
	put32(block + BLOCK - 4, BLOCK);
}

static int write_head(char **ports, uint32_t n)
{
	static const uint8_t section[28] = {0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b,
		0x1a, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 28};
	int ok = fwrite(section, sizeof(section), 1, stdout) == 1;

	for (uint32_t i = 0; i < n && ok; i++) {
		uint8_t block[128] = {1};
		uint32_t len = (uint32_t)strlen(ports[i]);
		uint32_t padded = (len + 3) / 4 * 4;
		uint32_t total = 16 + 4 + padded + 8 + 4 + 4;

		if (len > 63)
			return 0;
		put32(block + 4, total);
		block[8] = 1;
		put32(block + 12, 262144);
		block[16] = 2;
		block[18] = (uint8_t)len;
		memcpy(block + 20, ports[i], len);
		block[20 + padded] = 9;
		block[22 + padded] = 1;
		block[24 + padded] = 9;
		put32(block + total - 4, total);
		ok = fwrite(block, total, 1, stdout) == 1;
	}
	return ok;
}

/* Source and destination of packet i. */
static void choose(
	uint64_t i, uint32_t macs, uint32_t ports, uint64_t *state, uint32_t *src, uint32_t *dst)
{
	if (i < macs) {
		*src = (uint32_t)i;
		*dst = 0;
		return;
	}
	*src = (uint32_t)(draw(state) % macs);
	do
		*dst = (uint32_t)(draw(state) % macs);
	while (*dst % ports == *src % ports);
}

static int write_packets(uint64_t packets, uint32_t macs, uint64_t spacing, uint32_t ports)
{
	static uint8_t blocks[BLOCKS][BLOCK];
	uint64_t state = 88172645463325252;
	uint64_t stamp = FIRST_STAMP;

	for (uint32_t i = 0; i < BLOCKS; i++)
		make_block(blocks[i]);
	for (uint64_t i = 0; i < packets; i += BLOCKS) {
		uint64_t n = packets - i < BLOCKS ? packets - i : BLOCKS;

		for (uint64_t k = 0; k < n; k++, stamp += spacing) {
			uint8_t *block = blocks[k];
			uint32_t src, dst;

			choose(i + k, macs, ports, &state, &src, &dst);
			put32(block + 8, src % ports);
			put32(block + 12, (uint32_t)(stamp >> 32));
			put32(block + 16, (uint32_t)stamp);
			put_mac(block + 28, dst);
			put_mac(block + 34, src);
			if (i + k == 0)
				memset(block + 28, 0xff, 6);
		}
		if (fwrite(blocks, BLOCK, n, stdout) != n)
			return 0;
	}
	return 1;
}

int main(int argc, char **argv)
{
	uint64_t packets, spacing;
	uint32_t macs, ports;

	if (argc < 6) {
		fprintf(stderr, "usage: gen PACKETS MACS SPACING_NS PORT PORT...\n");
		return 2;
	}
	packets = strtoull(argv[1], NULL, 10);
	macs = (uint32_t)strtoul(argv[2], NULL, 10);
	spacing = strtoull(argv[3], NULL, 10);
	ports = (uint32_t)argc - 4;
	if (macs < ports || !write_head(argv + 4, ports) ||
		!write_packets(packets, macs, spacing, ports) || fflush(stdout) != 0) {
		perror("gen");
		return 1;
	}
	return 0;
}

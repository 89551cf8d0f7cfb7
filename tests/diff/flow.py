# SPDX-License-Identifier: BSD-3-Clause
"""The member of a LAG that a frame takes: fields, and the hash of dataplane/hash.h."""

NEVER = float("inf")


def crc32c(data):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc


def fmix32(h):
    h ^= h >> 16
    h = h * 0x85EBCA6B & 0xFFFFFFFF
    h ^= h >> 13
    h = h * 0xC2B2AE35 & 0xFFFFFFFF
    return h ^ h >> 16


def fmix64(h):
    h ^= h >> 33
    h = h * 0xFF51AFD7ED558CCD & (1 << 64) - 1
    h ^= h >> 33
    h = h * 0xC4CEB9FE1A85EC53 & (1 << 64) - 1
    return h ^ h >> 33


def be16(data, off):
    return data[off] << 8 | data[off + 1]


L4_HEADER = {6: 20, 17: 8}  # protocols whose ports count


def flow_of(data):
    """The bytes of a frame that choose a member: addresses and ports of IP, or MAC addresses."""
    macs = data[:12]
    off, tags = 12, 0
    while be16(data, off) in (0x8100, 0x88A8) and tags < 2:
        off, tags = off + 4, tags + 1
    kind, off = be16(data, off), off + 2
    if kind <= 1500:
        if data[off:off + 6] != b"\xaa\xaa\x03\0\0\0" or len(data) < off + 8:
            return macs
        kind, off = be16(data, off + 6), off + 8
    ip = data[off:]
    if kind == 0x0800:
        return flow_of_ipv4(ip) or macs
    if kind == 0x86DD:
        return flow_of_ipv6(ip) or macs
    return macs


def flow_of_ipv4(ip):
    if len(ip) < 20 or ip[0] >> 4 != 4:
        return None
    header, total = (ip[0] & 15) * 4, be16(ip, 2)
    if header < 20 or total < header or total > len(ip):
        return None
    addresses, l4 = ip[12:20], ip[header:total]
    if be16(ip, 6) & 0x3FFF or len(l4) < L4_HEADER.get(ip[9], NEVER):
        return addresses
    return addresses + l4[:4]


def flow_of_ipv6(ip):
    if len(ip) < 40 or ip[0] >> 4 != 6 or 40 + be16(ip, 4) > len(ip):
        return None
    addresses, kind, rest = ip[8:40], ip[6], ip[40:40 + be16(ip, 4)]
    while kind in (0, 43, 60, 51, 44):
        if len(rest) < 8 or kind == 44:
            return addresses  # a fragment: the ports may be elsewhere
        size = (rest[1] + 2) * 4 if kind == 51 else (rest[1] + 1) * 8
        kind, rest = rest[0], rest[size:]
    if len(rest) < L4_HEADER.get(kind, NEVER):
        return addresses
    return addresses + rest[:4]

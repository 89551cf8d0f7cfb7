/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/platform.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/file.h"

#define MACHINE_ID_FILE "/etc/machine-id"

static const char *const device_names[PLATFORM_DEVICES] = {
	[PLATFORM_UNBOUND] = "unbound",
	[PLATFORM_AF_PACKET] = "af_packet",
	[PLATFORM_AF_XDP] = "af_xdp",
	[PLATFORM_TAP] = "tap",
	[PLATFORM_MEMIF] = "memif",
	[PLATFORM_VHOST_USER] = "vhost_user",
	[PLATFORM_VIRTIO_USER] = "virtio_user",
	[PLATFORM_PCI] = "pci",
	[PLATFORM_NULL] = "null",
	[PLATFORM_PCAP] = "pcap",
};

const char *platform_device_name(enum platform_device device)
{
	return (unsigned int)device < PLATFORM_DEVICES ? device_names[device] : "?";
}

unsigned int platform_device_mtu(enum platform_device device)
{
	return device == PLATFORM_AF_XDP ? PLATFORM_AF_XDP_MTU : 0;
}

static void pcap_argument(const struct platform_port *port, char *buf)
{
	bool both = port->rx != NULL && port->tx != NULL;

	snprintf(buf, PLATFORM_ARGUMENT_SIZE, "%s%s%s%s%s", port->rx != NULL ? "rx_pcap=" : "",
		port->rx != NULL ? port->rx : "", both ? "," : "",
		port->tx != NULL ? "tx_pcap=" : "", port->tx != NULL ? port->tx : "");
}

char *platform_device_argument(const struct platform_port *port, char *buf)
{
	bool server = port->role == PLATFORM_SERVER;
	size_t size = PLATFORM_ARGUMENT_SIZE;

	buf[0] = '\0';
	switch (port->device) {
	case PLATFORM_AF_PACKET:
		snprintf(buf, size, "%s", port->interface);
		break;
	case PLATFORM_AF_XDP:
		snprintf(buf, size, "%s %s", port->interface,
			port->management != NULL ? port->management : "own");
		break;
	case PLATFORM_TAP:
		snprintf(buf, size, "%s%s", port->interface, port->persistent ? " persistent" : "");
		break;
	case PLATFORM_MEMIF:
		snprintf(buf, size, "role=%s,id=%u,socket=%s,socket-abstract=no",
			server ? "server" : "client", port->id, port->socket);
		break;
	case PLATFORM_VHOST_USER:
		snprintf(buf, size, "iface=%s,client=%d,queues=1", port->socket, !server);
		break;
	case PLATFORM_VIRTIO_USER:
		snprintf(buf, size, "path=%s,server=0,queues=1", port->socket);
		break;
	case PLATFORM_PCI:
		snprintf(buf, size, "%s", port->address);
		break;
	case PLATFORM_NULL:
		/* Unasked, the driver receives frames of zeros as fast as it can. */
		snprintf(buf, size, "no-rx=1");
		break;
	case PLATFORM_PCAP:
		pcap_argument(port, buf);
		break;
	default:
		break;
	}
	return buf;
}

char *platform_device_text(const struct platform_port *port, char *buf, size_t size)
{
	const char *name = port->interface != NULL ? port->interface
			   : port->socket != NULL  ? port->socket
						   : port->address;

	if (port->device == PLATFORM_PCAP)
		snprintf(buf, size, "%s > %s", port->rx != NULL ? port->rx : "-",
			port->tx != NULL ? port->tx : "-");
	else
		snprintf(buf, size, "%s", name != NULL ? name : "-");
	return buf;
}

bool platform_instance_ok(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n > PLATFORM_INSTANCE_MAX || name[0] == '-')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '-' && name[i] != '_')
			return false;
	return true;
}

/* FNV-1a: this is no secret, only unlikely to agree. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
	do {
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	} while (*text++ != '\0');
	return hash;
}

void platform_derive_mac(const char *machine, const char *instance, uint8_t mac[6])
{
	uint64_t hash = hash_text(hash_text(UINT64_C(0xcbf29ce484222325), machine), instance);

	hash ^= hash >> 29;
	hash *= UINT64_C(0xbf58476d1ce4e5b9);
	hash ^= hash >> 32;
	for (int i = 0; i < 5; i++)
		mac[i] = (uint8_t)(hash >> (8 * i));
	mac[0] = (mac[0] & 0xfcu) | 0x02u;
	mac[5] = 0;
}

char *platform_mac_text(const uint8_t mac[6], char buf[PLATFORM_MAC_TEXT_SIZE])
{
	snprintf(buf, PLATFORM_MAC_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
		mac[2], mac[3], mac[4], mac[5]);
	return buf;
}

void platform_free(struct platform *platform)
{
	if (platform == NULL)
		return;
	for (size_t i = 0; i < CHASSIS_PORTS_MAX; i++) {
		free(platform->ports[i].interface);
		free(platform->ports[i].management);
		free(platform->ports[i].socket);
		free(platform->ports[i].address);
		free(platform->ports[i].rx);
		free(platform->ports[i].tx);
	}
	chassis_free(platform->chassis);
	free(platform->file);
	free(platform->model);
	free(platform->scale);
	free(platform->extension_module);
	free(platform);
}

struct platform *platform_load_file(const char *file, const char *instance, struct vex_errs *errs)
{
	const struct vex_pos at = {.file = file};
	struct platform *platform;
	size_t len, machine_len;
	char *text = file_read(file, PLATFORM_TEXT_MAX, &len);
	char *machine;

	if (text == NULL) {
		vex_err_add(errs, VEX_ERR_IO, &at, NULL, NULL, "%s", strerror(errno));
		return NULL;
	}
	machine = file_read(MACHINE_ID_FILE, 128, &machine_len);
	platform = platform_parse(text, len, file, machine, instance, errs);
	free(machine);
	free(text);
	return platform;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The devices of a platform file: what each is made from, and what would make no sense. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/platform_int.h"
#include "ports/management.h"

/* Characters of the path of a UNIX socket. */
#define SOCKET_MAX 107

static void read_id(struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	json_int_t n = json_integer_value(value);

	if (n < 0 || n > UINT32_MAX)
		platform_refuse(r, VEX_ERR_VALUE, path, NULL, "must be 0 to %u", UINT32_MAX);
	*(unsigned int *)what = (unsigned int)n;
}

static void read_bool(struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	(void)r;
	(void)path;
	*(bool *)what = json_is_true(value);
}

static void read_role(struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	const char *s = json_string_value(value);
	enum platform_role *role = what;
	char name[48];

	*role = strcmp(s, "server") == 0 ? PLATFORM_SERVER : PLATFORM_CLIENT;
	if (*role == PLATFORM_CLIENT && strcmp(s, "client") != 0)
		platform_refuse(r, VEX_ERR_VALUE, path, platform_shown(s, name),
			"must be \"server\" or \"client\", not \"%s\"", name);
}

/* A list of services and sources, as the text that management_parse() reads. */
static char *management_list(struct platform_reader *r, const char *path, const json_t *list)
{
	char text[MANAGEMENT_TEXT], why[192], at[PLATFORM_PATH_SIZE + 16];
	struct management m = {0};
	const json_t *entry;
	size_t i, used = 0;

	json_array_foreach (list, i, entry) {
		const char *s = json_string_value(entry);

		snprintf(at, sizeof(at), "%s %zu", path, i);
		if (s == NULL)
			platform_refuse(r, VEX_ERR_VALUE, at, NULL, "must be a string, not %s",
				platform_type_name(json_typeof(entry)));
		else if (!management_add(&m, s, why, sizeof(why)))
			platform_refuse(r, VEX_ERR_VALUE, at, NULL, "%s", why);
		else if (used < sizeof(text))
			used += (size_t)snprintf(
				text + used, sizeof(text) - used, "%s%s", i ? "," : "", s);
	}
	return strdup(used != 0 ? text : "none");
}

static void read_management(
	struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	char **text = what;

	if (json_is_boolean(value))
		*text = strdup(json_is_true(value) ? "own" : "none");
	else if (json_is_array(value))
		*text = management_list(r, path, value);
	else
		platform_refuse(r, VEX_ERR_VALUE, path, NULL,
			"must be true, false, or a list of services (\"tcp/22\") and sources "
			"(\"192.0.2.0/24\"), not %s",
			platform_type_name(json_typeof(value)));
}

#define MEMBERS_MAX  3
#define MEMBER(name) offsetof(struct platform_port, name)
#define STRING(text, name)                                            \
	{                                                             \
		text, JSON_STRING, platform_read_string, MEMBER(name) \
	}
#define SOCKET_MEMBER STRING("socket", socket)
#define ROLE_MEMBER                                          \
	{                                                    \
		"role", JSON_STRING, read_role, MEMBER(role) \
	}

/* What a device is made from; the first member must be there. */
static const struct platform_member device_members[PLATFORM_DEVICES][MEMBERS_MAX] = {
	[PLATFORM_AF_PACKET] = {STRING("interface", interface)},
	[PLATFORM_AF_XDP] = {STRING("interface", interface),
		{"management", JSON_NULL, read_management, MEMBER(management)}},
	[PLATFORM_TAP] = {STRING("name", interface),
		{"persistent", JSON_TRUE, read_bool, MEMBER(persistent)}},
	[PLATFORM_MEMIF] = {SOCKET_MEMBER, ROLE_MEMBER, {"id", JSON_INTEGER, read_id, MEMBER(id)}},
	[PLATFORM_VHOST_USER] = {SOCKET_MEMBER, ROLE_MEMBER},
	[PLATFORM_VIRTIO_USER] = {SOCKET_MEMBER},
	[PLATFORM_PCI] = {STRING("address", address)},
	[PLATFORM_PCAP] = {STRING("rx", rx), STRING("tx", tx)},
};

static void list_devices(char *buf, size_t size)
{
	size_t used = 0;

	for (int d = PLATFORM_UNBOUND + 1; d < PLATFORM_DEVICES && used < size; d++)
		used += (size_t)snprintf(buf + used, size - used, "%s%s",
			d == PLATFORM_UNBOUND + 1  ? ""
			: d + 1 < PLATFORM_DEVICES ? ", "
						   : " and ",
			platform_device_name(d));
}

static void read_kind(struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	const char *s = json_string_value(value);
	struct platform_port *port = what;
	char name[48], known[160];

	for (int d = PLATFORM_UNBOUND + 1; d < PLATFORM_DEVICES; d++) {
		if (strcmp(s, platform_device_name(d)) == 0) {
			port->device = d;
			return;
		}
	}
	list_devices(known, sizeof(known));
	platform_refuse(r, VEX_ERR_VALUE, path, platform_shown(s, name),
		"there is no device \"%s\", only %s", name, known);
}

static bool same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static void check_interface(struct platform_reader *r, const char *path, const char *member,
	const struct platform_port *port)
{
	const char *name = port->interface;
	char at[PLATFORM_PATH_SIZE + 16], seen[48];

	snprintf(at, sizeof(at), "%s %s", path, member);
	if (name == NULL) {
		platform_refuse(r, VEX_ERR_MISSING, at, NULL,
			"the name of the kernel interface is missing");
		return;
	}
	if (strlen(name) > PLATFORM_INTERFACE_MAX || strpbrk(name, "/ \t\n,=:") != NULL ||
		strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		platform_refuse(r, VEX_ERR_VALUE, at, platform_shown(name, seen),
			"\"%s\" cannot be the name of a kernel interface: at most %d characters, "
			"no space and none of / , = :",
			seen, PLATFORM_INTERFACE_MAX);
		return;
	}
	for (unsigned int i = 0; i < r->p->n_ports; i++)
		if (&r->p->ports[i] != port && same(r->p->ports[i].interface, name))
			platform_refuse(r, VEX_ERR_DUPLICATE, at, name,
				"%s is the interface of %s already; a port needs its own", name,
				r->p->ports[i].name);
}

static void check_file(
	struct platform_reader *r, const char *path, const char *member, const char *name)
{
	char at[PLATFORM_PATH_SIZE + 16], seen[48];

	snprintf(at, sizeof(at), "%s %s", path, member);
	if (name != NULL && (strlen(name) > PLATFORM_FILE_MAX || strpbrk(name, ",=[]") != NULL))
		platform_refuse(r, VEX_ERR_VALUE, at, platform_shown(name, seen),
			"\"%s\" cannot be the file of a pcap device: at most %d characters and "
			"none of , = [ ]",
			seen, PLATFORM_FILE_MAX);
}

/* One file must not be written by two ports. */
static void check_pcap(
	struct platform_reader *r, const char *path, const struct platform_port *port)
{
	if (port->rx == NULL && port->tx == NULL)
		platform_refuse(r, VEX_ERR_MISSING, path, NULL,
			"a pcap device needs \"rx\", the file it receives from, or \"tx\", the "
			"file it sends to");
	check_file(r, path, "rx", port->rx);
	check_file(r, path, "tx", port->tx);
	for (unsigned int i = 0; port->tx != NULL && i < r->p->n_ports; i++) {
		const struct platform_port *other = &r->p->ports[i];

		if ((other != port && same(other->tx, port->tx)) || same(other->rx, port->tx))
			platform_refuse(r, VEX_ERR_DUPLICATE, path, port->tx,
				"%s is written here and used by %s", port->tx, other->name);
	}
}

/* A memif socket may have several ports, which their ids tell apart. */
static void check_socket(
	struct platform_reader *r, const char *path, const struct platform_port *port)
{
	char at[PLATFORM_PATH_SIZE + 16], seen[48];

	snprintf(at, sizeof(at), "%s socket", path);
	if (port->socket == NULL) {
		platform_refuse(
			r, VEX_ERR_MISSING, at, NULL, "the path of the UNIX socket is missing");
		return;
	}
	if (port->socket[0] != '/' || strlen(port->socket) > SOCKET_MAX ||
		strpbrk(port->socket, ",=[]") != NULL)
		platform_refuse(r, VEX_ERR_VALUE, at, platform_shown(port->socket, seen),
			"\"%s\" cannot be the path of a UNIX socket: it begins with /, has at most "
			"%d characters and none of , = [ ]",
			seen, SOCKET_MAX);
	for (unsigned int i = 0; i < r->p->n_ports; i++) {
		const struct platform_port *other = &r->p->ports[i];
		bool memif = port->device == PLATFORM_MEMIF && other->device == PLATFORM_MEMIF;

		if (other == port || !same(other->socket, port->socket))
			continue;
		if (!memif)
			platform_refuse(r, VEX_ERR_DUPLICATE, at, NULL,
				"the socket of %s already; a port needs its own", other->name);
		else if (other->role != port->role)
			platform_refuse(r, VEX_ERR_CONFLICT, at, NULL,
				"%s has the other role on the same socket", other->name);
		else if (other->id == port->id)
			platform_refuse(r, VEX_ERR_DUPLICATE, at, NULL,
				"%s has id %u on the same socket already", other->name, port->id);
	}
}

static void check_address(
	struct platform_reader *r, const char *path, const struct platform_port *port)
{
	static const char shape[] = "xxxx:xx:xx.o";
	const char *a = port->address;
	char at[PLATFORM_PATH_SIZE + 16], seen[48];
	size_t i = 0;

	snprintf(at, sizeof(at), "%s address", path);
	if (a == NULL) {
		platform_refuse(r, VEX_ERR_MISSING, at, NULL,
			"the address of the PCI device is missing, such as \"0000:03:00.0\"");
		return;
	}
	while (shape[i] != '\0' && (shape[i] == 'x'	     ? isxdigit((unsigned char)a[i]) != 0
					   : shape[i] == 'o' ? a[i] >= '0' && a[i] <= '7'
							     : a[i] == shape[i]))
		i++;
	if (shape[i] != '\0' || a[i] != '\0')
		platform_refuse(r, VEX_ERR_VALUE, at, platform_shown(a, seen),
			"\"%s\" is no PCI address; write it as \"0000:03:00.0\"", seen);
	for (unsigned int p = 0; p < r->p->n_ports; p++)
		if (&r->p->ports[p] != port && r->p->ports[p].address != NULL &&
			strcasecmp(r->p->ports[p].address, a) == 0)
			platform_refuse(r, VEX_ERR_DUPLICATE, at, NULL, "%s has it already",
				r->p->ports[p].name);
}

static void check_device(
	struct platform_reader *r, const char *path, const struct platform_port *port)
{
	switch (port->device) {
	case PLATFORM_AF_PACKET:
	case PLATFORM_AF_XDP:
	case PLATFORM_TAP:
		check_interface(r, path, device_members[port->device][0].name, port);
		break;
	case PLATFORM_MEMIF:
	case PLATFORM_VHOST_USER:
	case PLATFORM_VIRTIO_USER:
		check_socket(r, path, port);
		break;
	case PLATFORM_PCI:
		check_address(r, path, port);
		break;
	case PLATFORM_PCAP:
		check_pcap(r, path, port);
		break;
	default:
		break;
	}
}

void platform_read_device(struct platform_reader *r, const char *path, const json_t *value,
	struct platform_port *port)
{
	const json_t *device = json_object_get(value, "device");
	struct platform_member members[1 + MEMBERS_MAX] = {{"device", JSON_STRING, read_kind, 0}};
	size_t n = 1;

	if (device == NULL) {
		platform_refuse(r, VEX_ERR_MISSING, path, NULL, "\"device\" is missing");
		return;
	}
	if (json_is_string(device))
		read_kind(r, path, device, port);
	if (json_is_string(device) && port->device == PLATFORM_UNBOUND)
		return; /* reported; the rest cannot be judged */
	for (size_t i = 0; i < MEMBERS_MAX && device_members[port->device][i].name != NULL; i++)
		members[n++] = device_members[port->device][i];
	platform_read_members(r, path, value, members, n, port);
	check_device(r, path, port);
	r->p->n_bound++;
}

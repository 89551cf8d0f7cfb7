/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/platform.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct platform *parse(const char *text, struct vex_errs *errs)
{
	*errs = (struct vex_errs){0};
	return platform_parse(text, strlen(text), "p.json", "machine", "one", errs);
}

/* The platform of a text that must be right. */
static struct platform *good(const char *text)
{
	struct vex_errs errs;
	struct platform *p = parse(text, &errs);

	if (p == NULL)
		vex_err_print(&errs.v[0], stderr);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_FALSE(vex_errs_any(&errs));
	return p;
}

/* A text is refused with exactly these lines. */
static void refused(const char *text, const char *expected, int line)
{
	struct vex_errs errs;
	struct platform *p = parse(text, &errs);
	char *got = NULL;
	size_t n;
	FILE *f = open_memstream(&got, &n);

	for (size_t i = 0; i < errs.n; i++)
		vex_err_print(&errs.v[i], f);
	fclose(f);
	if (strcmp(got, expected) != 0)
		fprintf(stderr, "line %d: got\n%sexpected\n%s", line, got, expected);
	CU_ASSERT_STRING_EQUAL(got, expected);
	CU_ASSERT_PTR_NULL(p);
	platform_free(p);
	free(got);
	vex_errs_free(&errs);
}
#define REFUSED(text, expected) refused(text, expected, __LINE__)

static void empty_is_a_24t(void)
{
	struct platform *p = good("{}");

	CU_ASSERT_STRING_EQUAL(chassis_model(p->chassis), "ex4400-24t");
	CU_ASSERT_EQUAL(p->n_ports, 26);
	CU_ASSERT_EQUAL(p->n_bound, 0);
	CU_ASSERT_EQUAL(p->workers, 1);
	CU_ASSERT_EQUAL(p->memory_mb, 0);
	CU_ASSERT_EQUAL(p->idle, PLATFORM_SLEEP);
	CU_ASSERT_STRING_EQUAL(p->ports[25].name, "et-0/1/1");
	CU_ASSERT_EQUAL(p->ports[25].device, PLATFORM_UNBOUND);
	platform_free(p);
}

static void every_member_arrives(void)
{
	struct platform *p = good(
		"{\"model\": \"ex4400-48f\", \"scale\": \"server\", \"extension-module\": "
		"\"em-4s\","
		" \"channel-speed\": {\"et-0/1/1\": \"25g\"}, \"base-mac\": \"02:AB:00:00:10:80\","
		" \"workers\": 2, \"cores\": [3, 0], \"memory-mb\": 512, \"idle\": \"poll\", "
		"\"ports\": {"
		"  \"ge-0/0/1\": {\"device\": \"af_packet\", \"interface\": \"veth0\"},"
		"  \"ge-0/0/36\": {\"device\": \"tap\", \"name\": \"vex-t\"},"
		"  \"et-0/1/1:2\": {\"device\": \"null\"},"
		"  \"xe-0/2/3\": {\"device\": \"pcap\", \"rx\": \"a\", \"tx\": \"b\"}}}");
	static const uint8_t mac[6] = {0x02, 0xab, 0, 0, 0x10, 0x80};
	char text[64], argument[PLATFORM_ARGUMENT_SIZE];

	CU_ASSERT_EQUAL(p->n_ports, 48 + 1 + 4 + 4);
	CU_ASSERT_EQUAL(p->n_bound, 4);
	CU_ASSERT_EQUAL(memcmp(p->base_mac, mac, 6), 0);
	CU_ASSERT_EQUAL(p->workers, 2);
	CU_ASSERT_EQUAL_FATAL(p->n_cores, 2);
	CU_ASSERT_EQUAL(p->cores[0], 3);
	CU_ASSERT_EQUAL(p->cores[1], 0);
	CU_ASSERT_EQUAL(p->memory_mb, 512);
	CU_ASSERT_EQUAL(p->idle, PLATFORM_POLL);
	CU_ASSERT_STRING_EQUAL(p->ctl.chassis.model, "ex4400-48f");
	CU_ASSERT_STRING_EQUAL(p->ports[1].interface, "veth0");
	CU_ASSERT_EQUAL(p->ports[36].device, PLATFORM_TAP);
	CU_ASSERT_STRING_EQUAL(p->ports[36].name, "ge-0/0/36"); /* of an xe- port at 1g */
	CU_ASSERT_EQUAL(p->ports[51].device, PLATFORM_NULL);
	CU_ASSERT_STRING_EQUAL(platform_device_text(&p->ports[56], text, sizeof(text)), "a > b");
	CU_ASSERT_STRING_EQUAL(
		platform_device_argument(&p->ports[56], argument), "rx_pcap=a,tx_pcap=b");
	CU_ASSERT_STRING_EQUAL(platform_device_argument(&p->ports[36], argument), "vex-t");
	CU_ASSERT_STRING_EQUAL(platform_device_argument(&p->ports[51], argument), "no-rx=1");
	platform_free(p);
}

static void syntax_has_a_place(void)
{
	REFUSED("{\n  \"model\" \"ex4400-24t\"\n}",
		"p.json:2:22: not JSON: ':' expected near '\"ex4400-24t\"'\n");
	REFUSED("[]", "p.json: a platform is a JSON object, not an array\n");
	REFUSED("{\"workers\": 1, \"workers\": 2}",
		"p.json:1:24: not JSON: duplicate object key near '\"workers\"'\n");
}

static void members_are_checked(void)
{
	REFUSED("{\"modle\": 1}",
		"p.json: modle: there is no such member here, only model, scale, "
		"extension-module, channel-speed, base-mac, workers, cores, memory-mb, "
		"idle, ports\n");
	REFUSED("{\"model\": 3}", "p.json: model: must be a string, not a whole number\n");
	REFUSED("{\"cores\": []}", "p.json: cores: must be a list of 1 to 32 numbers of CPUs\n");
	REFUSED("{\"cores\": [0, \"1\", -1, 1024]}",
		"p.json: cores 1: must be a whole number, not a string\n"
		"p.json: cores 2: must be 0 to 1023, not -1\n"
		"p.json: cores 3: must be 0 to 1023, not 1024\n");
	REFUSED("{\"workers\": 0, \"memory-mb\": 2.5, \"idle\": \"nap\"}",
		"p.json: workers: must be 1 to 32, not 0\n"
		"p.json: memory-mb: must be a whole number, not a number with a fraction\n"
		"p.json: idle: must be \"sleep\" or \"poll\", not \"nap\"\n");
	REFUSED("{\"base-mac\": \"03:00:00:00:00:00\"}",
		"p.json: base-mac: 03:00:00:00:00:00 is not the address of one station\n");
	REFUSED("{\"base-mac\": \"02:00:00:00:00\"}",
		"p.json: base-mac: \"02:00:00:00:00\" is no MAC address; write it as "
		"\"02:00:00:00:10:00\"\n");
	REFUSED("{\"base-mac\": \"02:00:00:00:00:81\"}",
		"p.json: base-mac: the ports have the addresses after it: the last octet must be "
		"at "
		"most 80\n");
	REFUSED("{\"channel-speed\": {\"et-0/1/2\": \"10g\", \"et-0/1/0\": \"40g\"}}",
		"p.json: channel-speed et-0/1/2: only et-0/1/0 and et-0/1/1 can be split into "
		"channels\n"
		"p.json: channel-speed et-0/1/0: must be \"10g\" or \"25g\"\n");
}

static void devices_are_checked(void)
{
	REFUSED("{\"ports\": {\"ge-0/0/0\": {\"device\": \"wire\"}}}",
		"p.json: ports ge-0/0/0: there is no device \"wire\", only af_packet, af_xdp, tap, "
		"memif, vhost_user, virtio_user, pci, null and pcap\n");
	REFUSED("{\"ports\": {\"ge-0/0/0\": {\"device\": \"af_packet\"}, \"ge-0/0/1\": {}, "
		"\"ge-0/0/2\": 3}}",
		"p.json: ports ge-0/0/0 interface: the name of the kernel interface is missing\n"
		"p.json: ports ge-0/0/1: \"device\" is missing\n"
		"p.json: ports ge-0/0/2: must be an object, not a whole number\n");
	REFUSED("{\"ports\": {\"ge-0/0/0\": {\"device\": \"tap\", \"interface\": \"t\"}}}",
		"p.json: ports ge-0/0/0 interface: there is no such member here, only device, "
		"name, persistent\n"
		"p.json: ports ge-0/0/0 name: the name of the kernel interface is missing\n");
	REFUSED("{\"ports\": {\"ge-0/0/0\": {\"device\": \"tap\", \"name\": \"a,b=c\"}}}",
		"p.json: ports ge-0/0/0 name: \"a,b=c\" cannot be the name of a kernel interface: "
		"at "
		"most 15 characters, no space and none of / , = :\n");
	REFUSED("{\"ports\": {\"ge-0/0/0\": {\"device\": \"pcap\"}}}",
		"p.json: ports ge-0/0/0: a pcap device needs \"rx\", the file it receives from, or "
		"\"tx\", the file it sends to\n");
}

#define PORT "{\"ports\": {\"ge-0/0/0\": {\"device\": "

static void shared_interfaces_are_checked(void)
{
	REFUSED(PORT "\"af_xdp\"}}}",
		"p.json: ports ge-0/0/0 interface: the name of the kernel interface is missing\n");
	REFUSED(PORT "\"af_xdp\", \"interface\": \"v\", \"management\": 22}}}",
		"p.json: ports ge-0/0/0 management: must be true, false, or a list of services "
		"(\"tcp/22\") and sources (\"192.0.2.0/24\"), not a whole number\n");
	REFUSED(PORT "\"af_xdp\", \"interface\": \"v\", \"management\": [\"ssh\", 22]}}}",
		"p.json: ports ge-0/0/0 management 0: \"ssh\" is neither a service (\"tcp/22\", "
		"\"udp/161\", \"icmp\") nor a source (\"192.0.2.0/24\", \"2001:db8::/32\")\n"
		"p.json: ports ge-0/0/0 management 1: must be a string, not a whole number\n");
}

static void sockets_are_checked(void)
{
	REFUSED(PORT "\"memif\", \"role\": \"master\", \"id\": -1}}}",
		"p.json: ports ge-0/0/0 role: must be \"server\" or \"client\", not \"master\"\n"
		"p.json: ports ge-0/0/0 id: must be 0 to 4294967295\n"
		"p.json: ports ge-0/0/0 socket: the path of the UNIX socket is missing\n");
	REFUSED(PORT "\"vhost_user\", \"socket\": \"a\"}}}",
		"p.json: ports ge-0/0/0 socket: \"a\" cannot be the path of a UNIX socket: it "
		"begins with /, has at most 107 characters and none of , = [ ]\n");
	REFUSED(PORT "\"memif\", \"socket\": \"/a\", \"id\": 1}, \"ge-0/0/1\": {\"device\": "
		     "\"memif\", \"socket\": \"/a\", \"id\": 1}, \"ge-0/0/2\": {\"device\": "
		     "\"memif\", \"socket\": \"/a\", \"id\": 2, \"role\": \"server\"}}}",
		"p.json: ports ge-0/0/1 socket: ge-0/0/0 has id 1 on the same socket already\n"
		"p.json: ports ge-0/0/2 socket: ge-0/0/0 has the other role on the same socket\n"
		"p.json: ports ge-0/0/2 socket: ge-0/0/1 has the other role on the same socket\n");
	REFUSED(PORT "\"vhost_user\", \"socket\": \"/a\"}, \"ge-0/0/1\": {\"device\": "
		     "\"virtio_user\", \"socket\": \"/a\"}}}",
		"p.json: ports ge-0/0/1 socket: the socket of ge-0/0/0 already; a port needs its "
		"own\n");
}

static void cards_are_checked(void)
{
	REFUSED(PORT "\"pci\"}}}",
		"p.json: ports ge-0/0/0 address: the address of the PCI device is "
		"missing, such as \"0000:03:00.0\"\n");
	REFUSED(PORT "\"pci\", \"address\": \"03:00.0\"}}}",
		"p.json: ports ge-0/0/0 address: \"03:00.0\" is no PCI address; write it as "
		"\"0000:03:00.0\"\n");
	REFUSED(PORT "\"pci\", \"address\": \"0000:0a:00.0\"}, \"ge-0/0/1\": {\"device\": "
		     "\"pci\", \"address\": \"0000:0A:00.0\"}}}",
		"p.json: ports ge-0/0/1 address: ge-0/0/0 has it already\n");
}

static void arguments_of_devices(void)
{
	static const struct {
		const char *device, *argument, *text;
	} all[] = {
		{"\"af_packet\", \"interface\": \"v\"", "v", "v"},
		{"\"af_xdp\", \"interface\": \"v\"", "v own", "v"},
		{"\"af_xdp\", \"interface\": \"v\", \"management\": true", "v own", "v"},
		{"\"af_xdp\", \"interface\": \"v\", \"management\": false", "v none", "v"},
		{"\"af_xdp\", \"interface\": \"v\", \"management\": []", "v none", "v"},
		{"\"af_xdp\", \"interface\": \"v\", \"management\": [\"tcp/22\", \"::/0\"]",
			"v tcp/22,::/0", "v"},
		{"\"tap\", \"name\": \"t\"", "t", "t"},
		{"\"tap\", \"name\": \"t\", \"persistent\": true", "t persistent", "t"},
		{"\"tap\", \"name\": \"t\", \"persistent\": false", "t", "t"},
		{"\"memif\", \"socket\": \"/m\", \"role\": \"server\", \"id\": 7",
			"role=server,id=7,socket=/m,socket-abstract=no", "/m"},
		{"\"vhost_user\", \"socket\": \"/m\", \"role\": \"server\"",
			"iface=/m,client=0,queues=1", "/m"},
		{"\"virtio_user\", \"socket\": \"/m\"", "path=/m,server=0,queues=1", "/m"},
		{"\"pci\", \"address\": \"0000:03:00.0\"", "0000:03:00.0", "0000:03:00.0"},
		{"\"null\"", "no-rx=1", "-"},
	};
	char text[256], argument[PLATFORM_ARGUMENT_SIZE];

	for (size_t i = 0; i < UNIT_N(all); i++) {
		struct platform *p;

		snprintf(text, sizeof(text), PORT "%s}}}", all[i].device);
		p = good(text);
		CU_ASSERT_STRING_EQUAL(
			platform_device_argument(&p->ports[0], argument), all[i].argument);
		CU_ASSERT_STRING_EQUAL(
			platform_device_text(&p->ports[0], text, sizeof(text)), all[i].text);
		platform_free(p);
	}
}

static void files_are_checked(void)
{
	REFUSED("{\"ports\": {\"ge-0/0/0\": {\"device\": \"pcap\", \"rx\": \"a,b\"}}}",
		"p.json: ports ge-0/0/0 rx: \"a,b\" cannot be the file of a pcap device: at most "
		"1024 "
		"characters and none of , = [ ]\n");
	REFUSED("{\"ports\": {\"ge-0/0/0\": {\"device\": \"pcap\", \"tx\": \"a\"},"
		"\"ge-0/0/1\": {\"device\": \"pcap\", \"rx\": \"b\", \"tx\": \"a\"}}}",
		"p.json: ports ge-0/0/1: a is written here and used by ge-0/0/0\n");
}

static void ports_are_unique(void)
{
	REFUSED("{\"ports\": {\"ge-0/0/0\": {\"device\": \"af_packet\", \"interface\": \"v\"}, "
		"\"ge-0/0/1\": {\"device\": \"tap\", \"name\": \"v\"}}}",
		"p.json: ports ge-0/0/1 name: v is the interface of ge-0/0/0 already; a port needs "
		"its own\n");
	REFUSED("{\"model\": \"ex4400-48f\", \"ports\": {\"ge-0/0/36\": {\"device\": \"null\"}, "
		"\"xe-0/0/36\": {\"device\": \"null\"}}}",
		"p.json: ports xe-0/0/36: xe-0/0/36 and ge-0/0/36 are one port\n");
	REFUSED("{\"ports\": {\"ge-0/0/24\": {\"device\": \"null\"}}}",
		"p.json: ports ge-0/0/24: there is no port ge-0/0/24; the ports of this "
		"ex4400-24t are ge-0/0/0-23, et-0/1/0-1\n");
}

static void addresses_differ(void)
{
	uint8_t a[6], b[6], c[6], again[6];

	platform_derive_mac("machine", "one", a);
	platform_derive_mac("machine", "two", b);
	platform_derive_mac("other", "one", c);
	platform_derive_mac("machine", "one", again);
	CU_ASSERT_EQUAL(memcmp(a, again, 6), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(a, b, 6), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(a, c, 6), 0);
	CU_ASSERT_EQUAL(a[0] & 3, 2);
	CU_ASSERT_EQUAL(a[5], 0);
	/* The end of one text is not the beginning of the other. */
	platform_derive_mac("machineo", "ne", b);
	CU_ASSERT_NOT_EQUAL(memcmp(a, b, 6), 0);
}

static void names_of_instances(void)
{
	CU_ASSERT(platform_instance_ok("leaf-1_A"));
	CU_ASSERT_FALSE(platform_instance_ok(""));
	CU_ASSERT_FALSE(platform_instance_ok("-x"));
	CU_ASSERT_FALSE(platform_instance_ok("../x"));
	CU_ASSERT_FALSE(platform_instance_ok("a123456789012345678901234567890123"));
}

/* ---- Configurations on a platform -------------------------------------------------------------- */

/* Load a configuration on a platform; the errors, or the number of ports, as a text to be freed. */
static char *load_on(const char *platform, const char *config)
{
	struct platform *p = good(platform);
	struct ctl_image *image = NULL;
	struct vex_errs errs = {0};
	char *got = NULL;
	size_t n;
	FILE *f = open_memstream(&got, &n);

	if (ctl_load_on(&p->ctl, config, strlen(config), "c.conf", &image, &errs) == 0)
		fprintf(f, "%s %u %s", chassis_model(image->chassis),
			chassis_port_count(image->chassis), chassis_scale(image->chassis)->name);
	for (size_t i = 0; i < errs.n; i++)
		vex_err_print(&errs.v[i], f);
	fclose(f);
	ctl_image_free(image);
	platform_free(p);
	vex_errs_free(&errs);
	return got;
}

static void loads(const char *platform, const char *config, const char *expected)
{
	char *got = load_on(platform, config);

	if (strcmp(got, expected) != 0)
		fprintf(stderr, "got\n%s\nexpected\n%s\n", got, expected);
	CU_ASSERT_STRING_EQUAL(got, expected);
	free(got);
}

static void platform_is_the_chassis(void)
{
	static const char p[] = "{\"model\": \"ex4400-48t\", \"scale\": \"server\", "
				"\"extension-module\": \"em-4y\"}";

	loads(p, "", "ex4400-48t 54 server");
	loads(p, "chassis { model ex4400-48t; scale server; extension-module em-4y; }",
		"ex4400-48t 54 server");
	/* A port without a device is a port. */
	loads(p, "interfaces ge-0/0/47 { mtu 2000; }", "ex4400-48t 54 server");
	/* Wildcards go over the platform's ports. */
	loads(p,
		"interfaces { interface-range all { member ge-0/0/4*; mtu 2000; } }\n"
		"interfaces { ge-0/0/47 { description last; } }",
		"ex4400-48t 54 server");
}

static void contradictions_are_refused(void)
{
	loads("{}", "chassis { model ex4400-48f; }",
		"c.conf:1:11: the configuration says model ex4400-48f, the platform p.json has "
		"ex4400-24t; delete the statement or change the platform file\n");
	loads("{\"scale\": \"server\"}", "chassis { scale ex4400; }",
		"c.conf:1:11: the configuration says scale ex4400, the platform p.json has server; "
		"delete the statement or change the platform file\n");
	loads("{}", "chassis { extension-module em-4s; }",
		"c.conf:1:11: the configuration says extension-module em-4s, the platform p.json "
		"has "
		"no module; delete the statement or change the platform file\n");
	loads("{}", "chassis { fpc 0 { pic 1 { port 0 { channel-speed 10g; } } } }",
		"c.conf:1:36: the configuration splits et-0/1/0 into channels of 10g, the platform "
		"p.json has no channels; say \"channel-speed\": {\"et-0/1/0\": \"10g\"} there\n");
	loads("{\"channel-speed\": {\"et-0/1/0\": \"10g\"}}",
		"chassis { fpc 0 { pic 1 { port 0 { channel-speed 10g; } } } }",
		"ex4400-24t 29 ex4400");
}

static void mtu_fits_the_device(void)
{
#define XDP "{\"ports\": {\"ge-0/0/0\": {\"device\": \"af_xdp\", \"interface\": \"v\"}}}"
	loads(XDP, "interfaces { ge-0/0/0 { mtu 3832; } ge-0/0/1 { mtu 9216; } }",
		"ex4400-24t 26 ex4400");
	loads(XDP, "interfaces { ge-0/0/0 { mtu 3833; } }",
		"c.conf:1:25: mtu 3833 does not fit ge-0/0/0: its device, af_xdp, takes no frame "
		"longer than a page of memory, which is mtu 3832 at most\n");
	loads(XDP,
		"chassis { aggregated-devices { ethernet { device-count 1; } } } interfaces { ae0 "
		"{ "
		"mtu 9000; } ge-0/0/0 { ether-options { 802.3ad ae0; } } }",
		"c.conf:1:131: mtu 9000 does not fit ge-0/0/0: its device, af_xdp, takes no frame "
		"longer than a page of memory, which is mtu 3832 at most\n");
}

static const struct unit_case cases[] = {
	{"an empty object is a 24T without devices", empty_is_a_24t},
	{"every member arrives", every_member_arrives},
	{"a mistake of syntax has line and column", syntax_has_a_place},
	{"unknown members, wrong types and values are refused by path", members_are_checked},
	{"devices are checked", devices_are_checked},
	{"interfaces shared with the host are checked", shared_interfaces_are_checked},
	{"sockets are checked", sockets_are_checked},
	{"PCI addresses are checked", cards_are_checked},
	{"what each device is told", arguments_of_devices},
	{"files of pcap devices are checked", files_are_checked},
	{"a port and an interface are used once", ports_are_unique},
	{"derived addresses differ by machine and instance", addresses_differ},
	{"names of instances", names_of_instances},
	{"the platform is the chassis of a configuration", platform_is_the_chassis},
	{"an mtu that the device does not take is refused", mtu_fits_the_device},
	{"a configuration that contradicts its platform is refused", contradictions_are_refused},
};

const struct unit_suite platform_suite = {.name = "platform", .cases = cases, .n = UNIT_N(cases)};

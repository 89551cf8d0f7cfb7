/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pieces of configuration, as string literals that a test joins:
 *
 *	PIPE_OPEN(VLAN("v10", "10") ACCESS("ge-0/0/0", "v10") TRUNK("ge-0/0/1", "v10"))
 */
#ifndef TESTS_UNIT_CONFIG_H
#define TESTS_UNIT_CONFIG_H

#define VLAN(name, id)	   "set vlans " name " vlan-id " id "\n"
#define BRIDGE(port)	   "set interfaces " port " unit 0 family ethernet-switching "
#define ACCESS(port, vlan) BRIDGE(port) "vlan members " vlan "\n"
#define TRUNK(port, vlans) \
	BRIDGE(port) "interface-mode trunk\n" BRIDGE(port) "vlan members [ " vlans " ]\n"
#define NATIVE(port, id)  "set interfaces " port " native-vlan-id " id "\n"
#define MTU(port, bytes)  "set interfaces " port " mtu " bytes "\n"
#define DISABLE(port)	  "set interfaces " port " disable\n"
#define LAGS(n)		  "set chassis aggregated-devices ethernet device-count " n "\n"
#define MEMBER(port, lag) "set interfaces " port " ether-options 802.3ad " lag "\n"
#define MIN_LINKS(lag, n) "set interfaces " lag " aggregated-ether-options minimum-links " n "\n"
#define MODEL(model)	  "set chassis model " model "\n"
#define AGE(seconds)	  "set protocols l2-learning global-mac-table-aging-time " seconds "\n"
#define LIMIT(port, n)	  "set switch-options interface " port " interface-mac-limit " n "\n"
#define LIMIT_ACTION(port, action) \
	"set switch-options interface " port " interface-mac-limit packet-action " action "\n"
#define STATIC(port, mac, id) \
	"set switch-options interface " port " static-mac " mac " vlan-id " id "\n"
#define STORM(port, profile) BRIDGE(port) "storm-control " profile "\n"
#define PROFILE(name, what)  "set forwarding-options storm-control-profiles " name " " what "\n"

#endif

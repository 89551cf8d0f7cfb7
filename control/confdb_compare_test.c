/* SPDX-License-Identifier: BSD-3-Clause */
/* The format of `show | compare`, from what boxes print. */
#include "control/confdb_testlib.h"

#include <stdlib.h>
#include <string.h>

#define DIFF(from, to, path, expected)                                  \
	do {                                                            \
		struct confdbt t;                                       \
                                                                        \
		confdbt_open(&t, "");                                   \
		CHECK_TEXT(confdbt_diff(&t, from, to, path), expected); \
		confdbt_close(&t);                                      \
	} while (0)

static void equal_is_empty(void)
{
	DIFF("vlans { a { vlan-id 1; } b { vlan-id 2; } }",
		"vlans { b { vlan-id 2; } a { vlan-id 1; } }", "", "");
	DIFF("", "", "", "");
}

static void new_top_level(void)
{
	DIFF("", "vlans { MEETING { vlan-id 40; } }", "",
		"[edit]\n"
		"+  vlans {\n"
		"+      MEETING {\n"
		"+          vlan-id 40;\n"
		"+      }\n"
		"+  }\n");
}

static void entries_share_a_header(void)
{
	DIFF("vlans { a { vlan-id 1; } }",
		"vlans { a { vlan-id 1; } data { vlan-id 11; } voice { vlan-id 12; } }", "",
		"[edit vlans]\n"
		"+   data {\n"
		"+       vlan-id 11;\n"
		"+   }\n"
		"+   voice {\n"
		"+       vlan-id 12;\n"
		"+   }\n");
	DIFF("vlans { a { vlan-id 1; } data { vlan-id 11; } }", "vlans { a { vlan-id 1; } }", "",
		"[edit vlans]\n"
		"-   data {\n"
		"-       vlan-id 11;\n"
		"-   }\n");
}

static void changed_value(void)
{
	DIFF("system { host-name ex4200-7; }", "system { host-name newhostname; }", "",
		"[edit system]\n"
		"-  host-name ex4200-7;\n"
		"+  host-name newhostname;\n");
	DIFF("interfaces { ge-0/0/4 { description \"Available port\"; mtu 1514; } }",
		"interfaces { ge-0/0/4 { description \"Reserved port\"; mtu 1514; } }", "",
		"[edit interfaces ge-0/0/4]\n"
		"-   description \"Available port\";\n"
		"+   description \"Reserved port\";\n");
}

static void unit_and_family(void)
{
	static const char before[] = "interfaces { ge-0/0/1 { unit 0; } }";

	DIFF(before, "interfaces { ge-0/0/1 { unit 0 { description \"to vsrx02\"; } } }", "",
		"[edit interfaces ge-0/0/1 unit 0]\n"
		"+    description \"to vsrx02\";\n");
	DIFF(before,
		"interfaces { ge-0/0/1 { unit 0 { family ethernet-switching { interface-mode "
		"access; } } } }",
		"",
		"[edit interfaces ge-0/0/1 unit 0]\n"
		"+     family ethernet-switching {\n"
		"+         interface-mode access;\n"
		"+     }\n");
	/* What stands inside `family` shows under the unit, one level deeper. */
	DIFF("interfaces { ge-0/0/1 { unit 0 { family { inet; } } } }",
		"interfaces { ge-0/0/1 { unit 0 { family { inet; inet6; } } } }", "",
		"[edit interfaces ge-0/0/1 unit 0]\n"
		"+      family inet6;\n");
}

static void values_of_a_list_change_together(void)
{
	DIFF("interfaces { ae1 { unit 0 { family ethernet-switching { vlan { members [ 103 v100 ]; "
	     "} "
	     "} } } }",
		"interfaces { ae1 { unit 0 { family ethernet-switching { vlan { members [ 103 110 "
		"v100 "
		"]; } } } } }",
		"",
		"[edit interfaces ae1 unit 0 family ethernet-switching vlan]\n"
		"-       members [ 103 v100 ];\n"
		"+       members [ 103 110 v100 ];\n");
}

static void container_below_an_entry(void)
{
	DIFF("interfaces { ge-0/0/0 { mtu 1514; unit 0; } }",
		"interfaces { ge-0/0/0 { mtu 1514; ether-options { 802.3ad ae0; } inactive: unit "
		"0; } }",
		"",
		"[edit interfaces ge-0/0/0]\n"
		"+    ether-options {\n"
		"+        802.3ad ae0;\n"
		"+    }\n"
		"[edit interfaces ge-0/0/0]\n"
		"!     inactive: unit 0 { ... }\n");
}

static void activation(void)
{
	DIFF("interfaces { inactive: ge-0/0/0 { mtu 1514; } }",
		"interfaces { ge-0/0/0 { mtu 9000; } }", "",
		"[edit interfaces]\n"
		"!    active: ge-0/0/0 { ... }\n"
		"[edit interfaces ge-0/0/0]\n"
		"-   mtu 1514;\n"
		"+   mtu 9000;\n");
	DIFF("interfaces { ge-0/0/0 { mtu 1514; } }",
		"interfaces { ge-0/0/0 { inactive: mtu 1514; } }", "",
		"[edit interfaces ge-0/0/0]\n"
		"!    inactive: mtu 1514;\n");
}

static void levels_follow_each_other(void)
{
	DIFF("system { host-name a; } interfaces { ge-0/0/0 { mtu 1514; } }",
		"system { host-name b; } interfaces { ge-0/0/0 { mtu 9000; } ge-0/0/1 { disable; } "
		"} "
		"vlans { v { vlan-id 2; } }",
		"",
		"[edit system]\n"
		"-  host-name a;\n"
		"+  host-name b;\n"
		"[edit interfaces ge-0/0/0]\n"
		"-   mtu 1514;\n"
		"+   mtu 9000;\n"
		"[edit interfaces]\n"
		"+   ge-0/0/1 {\n"
		"+       disable;\n"
		"+   }\n"
		"[edit]\n"
		"+  vlans {\n"
		"+      v {\n"
		"+          vlan-id 2;\n"
		"+      }\n"
		"+  }\n");
}

static void ordered_entries_show_their_place(void)
{
#define RANGE(inner) "interfaces { interface-range r { " inner " mtu 1514; } }"
#define A	     "member-range ge-0/0/0 to ge-0/0/1; "
#define B	     "member-range ge-0/0/4 to ge-0/0/5; "
#define C	     "member-range ge-0/0/8 to ge-0/0/9; "
#define D	     "member-range ge-0/0/12 to ge-0/0/13; "
	DIFF(RANGE(A B), RANGE(A B C), "",
		"[edit interfaces interface-range r]\n"
		"     member-range ge-0/0/4 { ... }\n"
		"+    member-range ge-0/0/8 to ge-0/0/9;\n");
	DIFF(RANGE(A B C), RANGE(C A B), "",
		"[edit interfaces interface-range r]\n"
		"!    member-range ge-0/0/8 { ... }\n");
	DIFF(RANGE(A B C D), RANGE(A C D B), "",
		"[edit interfaces interface-range r]\n"
		"     member-range ge-0/0/12 { ... }\n"
		"!    member-range ge-0/0/4 { ... }\n");
}

static void below_a_path(void)
{
	static const char from[] = "system { host-name a; } vlans { v { vlan-id 2; } }";
	static const char to[] = "system { host-name b; } vlans { v { vlan-id 3; } }";
	static const char v[] = "[edit vlans v]\n"
				"-   vlan-id 2;\n"
				"+   vlan-id 3;\n";

	DIFF(from, to, "vlans", v);
	DIFF(from, to, "vlans v", v);
	DIFF(from, to, "vlans v vlan-id", v);
	DIFF(from, to, "interfaces", "");
	DIFF("", "interfaces { ge-0/0/0 { disable; } }", "interfaces ge-0/0/0",
		"[edit interfaces]\n"
		"+   ge-0/0/0 {\n"
		"+       disable;\n"
		"+   }\n");
	DIFF(from, to, "nonsense", "unknown-statement: unknown statement 'nonsense'\n");
}

static void groups_have_one_level(void)
{
	DIFF("groups { g { system { host-name a; } } }", "groups { g { system { host-name b; } } }",
		"",
		"[edit groups g system]\n"
		"-   host-name a;\n"
		"+   host-name b;\n");
}

static void not_supported_is_compared_as_text(void)
{
	DIFF("system { services { ssh; } }", "system { services { ssh; telnet; } }", "",
		"[edit system]\n"
		"-   services {\n"
		"-       ssh;\n"
		"-   }\n"
		"+   services {\n"
		"+       ssh;\n"
		"+       telnet;\n"
		"+   }\n");
}

static const struct unit_case cases[] = {
	{"what says the same differs in nothing, in whatever order", equal_is_empty},
	{"a statement of the top level is indented by three", new_top_level},
	{"entries of one list share a header", entries_share_a_header},
	{"a changed value is a line less and a line more", changed_value},
	{"unit and family are levels as Junos counts them", unit_and_family},
	{"values of a leaf-list change together", values_of_a_list_change_together},
	{"another kind of statement gets a header of its own", container_below_an_entry},
	{"(de)activation has a mark", activation},
	{"levels follow each other", levels_follow_each_other},
	{"entries that the user orders show their place", ordered_entries_show_their_place},
	{"a path limits the comparison", below_a_path},
	{"groups have one level", groups_have_one_level},
	{"what is not supported is compared as text", not_supported_is_compared_as_text},
};

const struct unit_suite confdb_compare_suite = {
	.name = "confdb_compare",
	.cases = cases,
	.n = UNIT_N(cases),
};

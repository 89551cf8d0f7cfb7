# SPDX-License-Identifier: BSD-3-Clause
"""Bad samples for check_includes."""
import check_includes
from sample import LintTest

PIPELINE = 'STAGE(INGRESS, guard, FEATURE_ALWAYS, "text")\n'
STAGE = '#include "dataplane/xt.h"\n'


class EdgeTest(LintTest):
    def setUp(self):
        super().setUp()
        for name in ("dataplane/pkt.h", "dataplane/xt.h", "control/cfg.h", "acl/acl.h", "qos/qos.h"):
            self.write(name, "")

    def include(self, name, header):
        return {name: f"#include {header}\n"}

    def test_feature_may_include_dataplane_and_itself(self):
        self.assert_clean(check_includes.edges, {
            "acl/a.c": '#include "acl/acl.h"\n#include "dataplane/pkt.h"\n#include <stdint.h>\n'})

    def test_dataplane_may_not_include_control(self):
        self.assert_found(check_includes.edges, self.include("dataplane/a.c", '"control/cfg.h"'),
                          "dataplane/a.c:1: ")

    def test_dataplane_may_not_include_a_feature(self):
        self.assert_found(check_includes.edges, self.include("dataplane/a.h", '"acl/acl.h"'), "edge")

    def test_features_may_not_include_each_other(self):
        self.assert_found(check_includes.edges, self.include("acl/a.c", '"qos/qos.h"'), "edge")

    def test_control_may_not_include_packets(self):
        self.assert_found(check_includes.edges, self.include("control/a.c", '"dataplane/pkt.h"'), "edge")

    def test_control_side_of_a_feature_may_include_control(self):
        self.assert_clean(check_includes.edges, self.include("acl/acl_ctl.c", '"control/cfg.h"'))

    def test_programs_and_tests_may_include_both_halves(self):
        for name in ("dataplane/main_pfe.c", "acl/a_test.c"):
            self.assert_clean(check_includes.edges, {
                name: '#include "control/cfg.h"\n#include "dataplane/pkt.h"\n'})

    def test_dpdk_stays_in_its_seam(self):
        self.assert_clean(check_includes.edges, self.include("dataplane/pkt_dpdk.h", "<rte_mbuf.h>"))
        for name in ("dataplane/xt.h", "control/a.c", "acl/a.c"):
            with self.subTest(name):
                self.write("dataplane/xt.h", "")
                self.write("control/a.c", "")
                self.assert_found(check_includes.edges, self.include(name, "<rte_mbuf.h>"), "rte_mbuf")

    def test_paths_are_written_from_the_top(self):
        self.assert_found(check_includes.edges, self.include("acl/a.c", '"acl.h"'), "from the top")

    def test_indented_include_is_seen(self):
        self.assert_found(check_includes.edges, self.include("acl/a.c", ' "control/cfg.h"'), "edge")


class StageTest(LintTest):
    def stage(self, body, top=STAGE):
        return {"dataplane/pipeline.def": PIPELINE,
                "acl/guard.c": f"{top}void stage_guard(struct xt *xt, struct burst *b)\n{{\n{body}\n}}\n"}

    def test_stage_over_transactions_is_clean(self):
        own = STAGE + "static int one(int a)\n{\n\treturn a;\n}\n"
        self.assert_clean(check_includes.stages,
                          self.stage("\tif (one(1))\n\t\txt_fdb_learn(xt, b); /* not fdb_learn() */", own))

    def test_stage_may_not_include_a_table(self):
        self.assert_found(check_includes.stages, self.stage("", '#include "dataplane/fdb.h"\n'),
                          "acl/guard.c:1: ", "dataplane/fdb.h")

    def test_stage_may_not_call_a_table(self):
        self.assert_found(check_includes.stages, self.stage("\tfdb_learn(b);"), ":4: ", "fdb_learn")

    def test_stage_may_not_declare_around_the_check(self):
        self.assert_found(check_includes.stages, self.stage("", STAGE + "extern int counter;\n"), "extern")

    def test_stage_may_not_reach_into_the_context(self):
        self.assert_found(check_includes.stages, self.stage("\txt->mac = 0;"), ":4: ", "struct xt")

    def test_only_stage_files_are_held_to_it(self):
        self.assert_clean(check_includes.stages, {"dataplane/pipeline.def": PIPELINE,
                                                  "dataplane/fdb.c": '#include "dataplane/fdb.h"\n'})

    def test_stage_without_file_is_found(self):
        self.assert_found(check_includes.stage_per_file, {"dataplane/pipeline.def": PIPELINE}, "stage_guard")

    def test_two_stages_in_a_file_are_found(self):
        self.assert_found(check_includes.stage_per_file, {
            "dataplane/pipeline.def": PIPELINE + PIPELINE.replace("guard", "storm"),
            "acl/a.c": "void stage_guard(void)\n{\n}\nvoid stage_storm(void)\n{\n}\n"}, "one file each")

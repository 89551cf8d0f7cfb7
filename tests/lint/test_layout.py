# SPDX-License-Identifier: BSD-3-Clause
"""Bad samples for check_layout."""
import check_layout
from sample import LintTest

MAKEFILE = "include $(wildcard */module.mk)\nprint-%:\n\t@echo $($*)\n"
SUITES = "tests/unit/suites.def"
VECTOR = {f"acl/vectors/one/{name}": "" for name in check_layout.VECTOR_FILES}
READMES = {"acl/README.md": "", "tests/README.md": ""}
README = "make demo\nmake test\nNot affiliated with Juniper\n"


class LayoutTest(LintTest):
    def test_listed_source_is_clean(self):
        self.assert_clean(check_layout.sources, {
            "Makefile": MAKEFILE, "acl/module.mk": "CORE_SRC += acl/a.c\n", "acl/a.c": ""})

    def test_unlisted_source_is_found(self):
        self.assert_found(check_layout.sources, {"Makefile": MAKEFILE, "acl/a.c": ""}, "acl/a.c", "no module.mk")

    def test_absent_source_is_found(self):
        self.assert_found(check_layout.sources, {
            "Makefile": MAKEFILE, "acl/module.mk": "CTL_SRC += acl/b.c\n"}, "acl/b.c", "absent")

    def test_source_listed_twice_is_found(self):
        self.assert_found(check_layout.sources, {
            "Makefile": MAKEFILE, "acl/module.mk": "CTL_SRC += acl/b.c\nCORE_SRC += acl/b.c\n",
            "acl/b.c": ""}, "twice")

    def test_registered_suite_is_clean(self):
        self.assert_clean(check_layout.suites, {
            SUITES: "/* SUITE(X) is a line */\nSUITE(a)\n",
            "acl/a_test.c": "const struct unit_suite a_suite = {\n"})

    def test_unregistered_suite_is_found(self):
        self.assert_found(check_layout.suites, {
            SUITES: "", "acl/a_test.c": "const struct unit_suite a_suite = {\n"}, "add SUITE(a)")

    def test_suite_without_file_is_found(self):
        self.assert_found(check_layout.suites, {SUITES: "SUITE(a)\n"}, "a_test.c")

    def test_suite_of_another_name_is_found(self):
        self.assert_found(check_layout.suites, {
            SUITES: "SUITE(a)\n", "acl/a_test.c": "const struct unit_suite b_suite = {\n"}, "a_suite")

    def test_complete_vector_is_clean(self):
        self.assert_clean(check_layout.vectors, dict(VECTOR, **{"tests/vectors/run.py": ""}))

    def test_vector_without_maker_is_found(self):
        files = dict(VECTOR)
        del files["acl/vectors/one/make.py"]
        self.assert_found(check_layout.vectors, files, "acl/vectors/one", "make.py")

    def test_drop_that_a_test_names_is_clean(self):
        self.assert_clean(check_layout.drops, {
            "acl/acl_drops.def": 'DROP(SAMPLE_DENY, IN, "text")\n', "acl/a_test.c": "x(DROP_SAMPLE_DENY);\n"})

    def test_drop_that_no_test_names_is_found(self):
        self.assert_found(check_layout.drops, {
            "acl/acl_drops.def": 'DROP(SAMPLE_DENY, IN, "text")\n', "acl/a_test.c": "SAMPLE_DENY_ALL;\n",
            "acl/a.c": "DROP_SAMPLE_DENY"}, "acl/acl_drops.def:1: ", "SAMPLE_DENY")

    def test_fuzz_target_without_inputs_is_found(self):
        self.assert_found(check_layout.fuzz_corpus, {"acl/a_fuzz.c": ""}, "tests/fuzz/a_fuzz")
        self.assert_clean(check_layout.fuzz_corpus, {"tests/fuzz/a_fuzz/seed": ""})

    def test_folder_without_readme_is_found(self):
        self.assert_found(check_layout.readmes, {
            "README.md": README, "tests/README.md": "", "acl/a.c": ""}, "acl: has no README.md")

    def test_top_readme_names_the_commands(self):
        self.assert_clean(check_layout.readmes, dict(READMES, **{"README.md": README}))
        self.assert_found(check_layout.readmes, {"README.md": README.replace("make demo", "")}, "make demo")

# SPDX-License-Identifier: BSD-3-Clause
"""Bad samples for check_text."""
import check_text
from sample import C, LintTest


class TextTest(LintTest):
    def test_formatted_source_is_clean(self):
        self.assert_clean(check_text.clang_format, {"acl/a.c": C + "int a;\n"})

    def test_bad_format_is_found_with_its_line(self):
        self.assert_found(check_text.clang_format, {"acl/a.c": C + "int  a;\n"}, "acl/a.c:2: ")

    def test_licence_is_in_the_first_line(self):
        self.assert_clean(check_text.licence, {
            "acl/a.h": C, "tests/a.py": "#!/usr/bin/python3\n# SPDX-License-Identifier: BSD-3-Clause\n"})

    def test_missing_licence_is_found(self):
        self.assert_found(check_text.licence, {"acl/a.c": "int a;\n" + C}, "acl/a.c:1: ")

    def test_interpreter_found_by_path_is_found(self):
        self.assert_found(check_text.interpreter, {"tests/a.py": "#!/usr/bin/env python3\n"}, "tests/a.py:1: ")
        self.assert_clean(check_text.interpreter, {"tests/a.py": "#!/usr/bin/python3\n"})

    def test_leftover_markers_are_found(self):
        for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"):
            self.assert_found(check_text.words, {"acl/a.c": f"{C}/* {word}: later */\n"}, ":2: ", word)

    def test_template_of_a_temporary_name_is_no_marker(self):
        self.assert_clean(check_text.words, {"acl/a.c": f'char t[] = "/tmp/a-{"X" * 6}";\n'})

    def test_native_build_is_found(self):
        self.assert_found(check_text.words, {"acl/module.mk": "F := -march=" + "native\n"}, ":1: ")

    def test_path_of_one_machine_is_found(self):
        self.assert_found(check_text.words, {"acl/README.md": "see /" + "work/x\n"}, ":1: ")

    def test_long_file_is_found(self):
        self.assert_found(check_text.length, {"acl/a.c": "\n" * 601}, "601 lines")
        self.assert_clean(check_text.length, {"acl/a.c": "\n" * 600})

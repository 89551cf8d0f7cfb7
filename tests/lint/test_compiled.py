# SPDX-License-Identifier: BSD-3-Clause
"""Bad samples for check_headers and check_symbols."""
import subprocess

import check_headers
import check_symbols
from sample import LintTest

MAKEFILE = "CORE_SRC := a.c\nprint-%:\n\t@echo $($*)\n"


class HeaderTest(LintTest):
    def test_header_that_stands_alone_is_clean(self):
        self.assert_clean(check_headers.headers, {
            "acl/a.h": "#include <stdint.h>\nuint8_t acl_a(void);\n"})

    def test_header_that_needs_another_is_found_by_both_compilers(self):
        found = self.findings(check_headers.headers, **{"acl/a.h": "uint8_t acl_a(void);\n"})
        self.assertEqual(len(found), 2)
        self.assertIn("acl/a.h: alone, with gcc", found[0])

    def test_model_header_is_c11_and_cxx(self):
        self.assert_clean(check_headers.headers, {"build/include/vexmodel.h": "int vexmodel_a(int b);\n"})
        found = self.findings(check_headers.headers,
                              **{"build/include/vexmodel.h": "int vexmodel_a(int class);\n"})
        self.assertTrue(found)
        self.assertTrue(all("c++11" in line for line in found))


class SymbolTest(LintTest):
    def library(self, source):
        """Compiles `source` as the library and returns the findings."""
        self.write("Makefile", MAKEFILE)
        self.write("build/a.c", source)
        for command in (["gcc", "-w", "-O1", "-fPIC", "-c", "a.c"], ["ar", "qc", "libvexmodel.a", "a.o"],
                        ["gcc", "-shared", "-o", "libvexmodel.so", "a.o"]):
            subprocess.run(command, cwd=f"{self.top}/build", check=True)
        return self.findings(check_symbols.symbols)

    def test_pure_library_is_clean(self):
        self.assertEqual(self.library(
            'static const char *const names[] = {"a", "b"};\n'
            "const char *vexmodel_a(int i) { return names[i]; }\n"), [])

    def test_library_that_ends_the_process_is_found(self):
        for call in ("exit(1)", "abort()"):
            with self.subTest(call):
                self.setUp()
                found = self.library(f"void vexmodel_a(void) {{ {call}; }}\n")
                self.assertEqual(len(found), 1, found)
                self.assertIn(call.split("(")[0], found[0])

    def test_library_that_prints_is_found(self):
        found = self.library('#include <stdio.h>\nvoid vexmodel_a(int a) { printf("%d", a); }\n')
        self.assertIn("a.o refers to printf", found[0])

    def test_state_is_found(self):
        for state in ("static int seen;", "static int seen = 3;", "static __thread int seen;"):
            with self.subTest(state):
                self.setUp()
                found = self.library(f"int vexmodel_a(void) {{ {state} return ++seen; }}\n")
                self.assertEqual(len(found), 1, found)
                self.assertIn("writable state", found[0])

    def test_foreign_export_is_found(self):
        found = self.library("int helper(void) { return 1; }\n")
        self.assertEqual(len(found), 1, found)
        self.assertIn("exports helper", found[0])

    def test_library_that_was_not_built_is_found(self):
        self.write("Makefile", MAKEFILE)
        self.assertIn("not built", self.findings(check_symbols.symbols)[0])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each check must find the fault it is for, in a small tree made for it, and nothing in a clean tree."""
import tempfile
import unittest
from pathlib import Path

import check

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"
TABLE = """| level | folder | knows | may use | libraries |
|---|---|---|---|---|
| 0 | `sync/record` | events | | libsodium |
| 0 | `printer/receipt` | boxes | | Pango |
| 1 | `sync/store` | rows | `sync/record` | sqlite |
| 2 | `kiosk/ui` | widgets | | SDL2 |
"""
README = "# A folder\n\nWhat it is.\n\nIt may use nothing.\n\nIt must not talk.\n"


class Checks(unittest.TestCase):
    def findings(self, name, files):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for path, text in {"README.md": TABLE, **files}.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            tree = check.Tree(root)
            check.CHECKS[name](tree)
            return tree.findings

    def assert_found(self, name, files, text):
        found = self.findings(name, files)
        self.assertTrue(any(text in line for line in found), f"{name} found {found}, not '{text}'")

    def test_a_clean_tree_has_no_findings(self):
        files = {
            "sync/store/README.md": README,
            "sync/store/log.h": SPDX + '#include "sync/record/event.h"\n',
            "sync/record/event.h": SPDX + "#include <vector>\n",
            "sync/record/README.md": README,
        }
        for name in set(check.CHECKS) - {"format"}:
            self.assertEqual(self.findings(name, files), [], name)

    def test_layers(self):
        include = lambda path, header: {path: f"{SPDX}#include {header}\n"}
        self.assert_found("layers", include("sync/record/a.cpp", '"sync/store/log.h"'), "sync/store is not in its row")
        self.assert_found("layers", include("sync/record/a.cpp", '<sync/store/log.h>'), "sync/store is not in its row")
        self.assert_found("layers", include("printer/receipt/a.cpp", '"sync/record/event.h"'), "sync/record is not in its row")
        self.assert_found("layers", include("sync/store/a.cpp", "<imgui.h>"), "Dear ImGui")
        self.assert_found("layers", include("sync/new/a.cpp", "<vector>"), "sync/new has no row")
        self.assert_found("layers", include("sync/store/a.cpp", '"log.h"'), "not a path from the repository's root")
        wrong = TABLE.replace("| widgets | |", "| widgets | `sync/central` |")
        self.assert_found("layers", {"README.md": wrong}, "no row of its own")
        wrong = TABLE.replace("| events | |", "| events | `sync/store` |")
        self.assert_found("layers", {"README.md": wrong}, "only smaller levels")
        wrong = TABLE.replace("| 0 | `printer/receipt` | boxes | |", "| 1 | `printer/receipt` | boxes | `sync/record` |")
        self.assert_found("layers", {"README.md": wrong}, "printer depends on neither")
        wrong = TABLE.replace("| 1 | `sync/store` | rows | `sync/record` |", "| 3 | `sync/store` | rows | `kiosk/ui` |")
        self.assert_found("layers", {"README.md": wrong}, "sync never depends on kiosk")
        self.assert_found("layers", {"README.md": "# Nothing\n"}, "level table is missing")

    def test_slow_headers(self):
        self.assert_found("slow_headers", {"sync/record/a.h": SPDX + "#include <nlohmann/json.hpp>\n"}, "slow to compile")

    def test_spdx(self):
        self.assert_found("spdx", {"sync/record/a.h": "int a();\n"}, "needs one line")
        self.assert_found("spdx", {"image/run": "#!/usr/bin/env bash\ntrue\n"}, "needs one line")

    def test_length(self):
        self.assert_found("length", {"sync/record/a.cpp": SPDX + "\n" * 600}, "split it")

    def test_unfinished(self):
        self.assert_found("unfinished", {"sync/record/a.cpp": SPDX + "// TO" + "DO later\n"}, "finish it")

    def test_names(self):
        self.assert_found("names", {"sync/utils/a.cpp": SPDX}, "says nothing")
        self.assert_found("names", {"sync/record/print_helper.cpp": SPDX}, "says nothing")
        self.assert_found("names", {"sync/record/PrintJob.cpp": SPDX}, "snake_case")
        self.assert_found("names", {"sync/record/a.h": SPDX + "class PrintManager {\n"}, "says nothing")

    def test_readmes(self):
        self.assert_found("readmes", {"sync/record/a.cpp": SPDX}, "sync/record/README.md:1: missing")
        self.assert_found("readmes", {"sync/record/README.md": "# Record\n"}, "too short")

    def test_sleeps(self):
        self.assert_found("sleeps", {"tests/unit/a.cpp": SPDX + "std::this_thread::sleep_for(1s);\n"}, "never for a time")

    def test_sql(self):
        for line in ['db.run(fmt::format("SELECT * FROM event WHERE id = {}", id));', 'db.prepare("DELETE FROM event WHERE id = " + id);',
                     'db.prepare(std::string("INSERT INTO event") + values);', 'fmt::format(\n    "UPDATE event SET a = {}", a);']:
            self.assert_found("sql", {"sync/store/a.cpp": SPDX + line + "\n"}, "SQL put together from values")
        self.assertEqual(self.findings("sql", {"sync/store/a.cpp": SPDX + 'db.prepare("SELECT a FROM event WHERE id = ?");\n'}), [])

    def test_locks(self):
        self.assert_found("locks", {"tests/e2e/package-lock.json": '{\n"resolved": "x"\n}\n'}, "an address")
        self.assert_found("locks", {"tests/e2e/package.json": '{"dependencies": {"a": "^1.0.0"}}'}, "pin the exact version")

    def test_bash(self):
        self.assert_found("bash", {"image/dev/a.sh": "if true; then\n"}, "syntax error")

    def test_words(self):
        screen = SPDX + 'void draw() { tr("Ya"); tr("{} dari {}"); tr("Satu "\n"dua"); }\n'
        good = ('msgid ""\nmsgstr ""\n"Language: en\\n"\n\nmsgid "Ya"\nmsgstr "Yes"\n\nmsgid "{} dari {}"\nmsgstr "{} of {}"\n\n'
                'msgid "Satu dua"\nmsgstr "One two"\n')
        files = {"kiosk/screens/a.cpp": screen, "assets/locale/en.po": good}
        self.assertEqual(self.findings("words", files), [])
        for wrong, finding in [(good.replace('"Ya"', '"Yo"'), 'kiosk/screens/a.cpp:2: "Ya" has no English'),
                               (good + '\nmsgid "Lama"\nmsgstr "Old"\n', 'no screen says "Lama"'),
                               (good.replace('"Yes"', '""'), '"Ya" is not translated'),
                               (good.replace("{} of {}", "{} of all"), "another count")]:
            self.assert_found("words", {**files, "assets/locale/en.po": wrong}, finding)

    def test_format(self):
        self.assert_found("format", {"sync/record/a.cpp": "int  a( );\n", ".clang-format": "BasedOnStyle: Google\n"}, "not formatted")


if __name__ == "__main__":
    unittest.main()

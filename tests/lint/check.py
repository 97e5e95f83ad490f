#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The project's own rules, as checks that ctest runs: check.py [--root FOLDER] CHECK [CHECK...] | all

Every finding is printed as FILE:LINE: what is wrong and what to do. Exit 0 means none. Only files that git
tracks are looked at (every file, where there is no git), so that half-written work of a colleague does not count.
"""
import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

SOURCE = {".cpp", ".h"}
SCRIPT = {".sh", ".py", ".mjs", ".js", ".css", ".html", ".cmake", ".awk"}
MAX_LINES = 600

# The library behind an include; the level table in README.md says which folder may use which.
LIBRARIES = [
    ("sodium", "libsodium"), ("nlohmann/", "nlohmann-json"), ("simdjson", "simdjson"), ("fmt/", "fmt"), ("tl/", "tl-expected"), ("spdlog/", "spdlog"),
    ("toml++/", "toml++"), ("CLI/", "CLI11"), ("sqlite3", "sqlite"), ("curl/", "libcurl"), ("boost/", "Beast"),
    ("pango/", "Pango"), ("cairo", "Cairo"), ("ZXing/", "ZXing-C++"), ("cups/", "libcups"), ("SDL", "SDL2"),
    ("imgui", "Dear ImGui"), ("ft2build.h", "FreeType"), ("freetype", "FreeType"), ("libpq", "libpq"),
    ("espeak-ng/", "espeak-ng"), ("libudev", "libudev"), ("openssl/", "OpenSSL"),
    ("turbojpeg", "TurboJPEG"), ("png.h", "libpng"), ("libexif/", "libexif"), ("sndfile", "libsndfile"),
]
# Used everywhere, so not worth a word in each row of the table.
EVERYWHERE = {"fmt", "tl-expected"}
# Each of these costs seconds a file: never in a header (a forward header is no cost).
SLOW = ("nlohmann/json.hpp", "simdjson.h", "toml++/", "CLI/", "boost/")
WORDS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
BANNED_NAMES = {"util", "utils", "common", "helper", "helpers", "manager", "misc"}
BANNED_TYPE = re.compile(r"\b(?:class|struct|namespace)\s+(\w*(?:Manager|Helper|Utils?|Misc)|utils?|common|helpers?|misc)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


class Tree:
    def __init__(self, root):
        self.root = root
        git = subprocess.run(["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-z"], capture_output=True, check=False)
        if git.returncode == 0 and git.stdout:
            names = [name for name in git.stdout.decode().split("\0") if name]
        else:
            names = [str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()]
        self.files = sorted(name for name in names if (root / name).is_file() and not name.startswith("build/"))
        self.findings = []

    def text(self, name):
        return (self.root / name).read_text(encoding="utf-8", errors="replace")

    def lines(self, name):
        return enumerate(self.text(name).splitlines(), 1)

    def sources(self):
        return [name for name in self.files if Path(name).suffix in SOURCE]

    def scripts(self):
        return [name for name in self.files
                if Path(name).suffix in SCRIPT or Path(name).name == "CMakeLists.txt" or self.is_bash(name)]

    def is_bash(self, name):
        if Path(name).suffix not in {"", ".sh"}:
            return False
        with open(self.root / name, "rb") as file:
            return Path(name).suffix == ".sh" or file.read(19) == b"#!/usr/bin/env bash"

    def report(self, name, line, text):
        self.findings.append(f"{name}:{line}: {text}")


def level_table(tree):
    """{folder: (level, set of our folders, set of libraries)} from the table in README.md."""
    table = {}
    for number, line in tree.lines("README.md"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 5 or not cells[0].isdigit():
            continue
        folder = cells[1].strip("`")
        ours = set(re.findall(r"`([^`]+)`", cells[3]))
        theirs = {name.strip() for name in cells[4].split(",") if name.strip()}
        if folder in table:
            tree.report("README.md", number, f"{folder} stands twice in the level table")
        table[folder] = (int(cells[0]), ours, theirs)
    return table


def folder_of(name):
    parts = name.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def library_of(header):
    return next((library for prefix, library in LIBRARIES if header.startswith(prefix)), None)


def check_layers(tree):
    table = level_table(tree)
    if len(table) < 2:
        tree.report("README.md", 1, "the level table is missing")
    for folder, (level, ours, _) in table.items():
        for other in ours:
            if other not in table:
                tree.report("README.md", 1, f"{folder} may use {other}, which has no row of its own")
            elif table[other][0] >= level:
                tree.report("README.md", 1, f"{folder} (level {level}) may not use {other} (level {table[other][0]}): only smaller levels")
            elif folder.startswith("printer/") and not other.startswith("printer/"):
                tree.report("README.md", 1, f"{folder} uses {other}: printer depends on neither kiosk nor sync")
            elif folder.startswith("sync/") and other.startswith("kiosk/"):
                tree.report("README.md", 1, f"{folder} uses {other}: sync never depends on kiosk")
    for name in tree.sources():
        if name.split("/")[0] not in {"kiosk", "printer", "sync"}:
            continue
        folder = folder_of(name)
        if folder not in table:
            tree.report(name, 1, f"{folder} has no row in the level table of README.md")
            continue
        _, ours, theirs = table[folder]
        for number, line in tree.lines(name):
            found = INCLUDE.match(line)
            if not found:
                continue
            quote, header = found.groups()
            if header.split("/")[0] in {"kiosk", "printer", "sync", "tests"}:
                other = folder_of(header)
                if other != folder and other not in ours:
                    tree.report(name, number, f"{folder} may not include {header}: {other} is not in its row of README.md's level table")
            elif library_of(header) not in theirs | EVERYWHERE | {None}:
                tree.report(name, number, f"{folder} may not use {library_of(header)} ({header}): not in its row of README.md's level table")
            elif quote == '"' and not (tree.root / header).exists() and library_of(header) is None:
                tree.report(name, number, f'"{header}" is not a path from the repository\'s root')


def check_slow_headers(tree):
    for name in tree.sources():
        if name.endswith(".h"):
            for number, line in tree.lines(name):
                found = INCLUDE.match(line)
                if found and found.group(2).startswith(SLOW):
                    tree.report(name, number, f"{found.group(2)} is slow to compile: include it in one .cpp only")


def check_spdx(tree):
    for name in tree.sources() + tree.scripts():
        head = [number for number, line in tree.lines(name) if "SPDX-License-Identifier: Apache-2.0" in line and number <= 5]
        if len(head) != 1:
            tree.report(name, 1, "needs one line 'SPDX-License-Identifier: Apache-2.0' at its head")


def check_length(tree):
    for name in tree.sources() + tree.scripts():
        count = tree.text(name).count("\n")
        if count > MAX_LINES:
            tree.report(name, count, f"{count} lines, more than {MAX_LINES}: it has more than one job, split it")


def check_unfinished(tree):
    for name in tree.sources() + tree.scripts():
        for number, line in tree.lines(name):
            if WORDS.search(line):
                tree.report(name, number, "a mark of unfinished work: finish it")


def check_names(tree):
    for name in tree.files:
        parts = Path(name).parts
        stem = parts[-1].split(".")[0].lower()
        for part in [part.lower() for part in parts[:-1]] + [stem]:
            words = set(re.split(r"[_\-]", part))
            if words & BANNED_NAMES:
                tree.report(name, 1, f"'{part}' says nothing about its job: name what it does")
        if Path(name).suffix in SOURCE and not re.fullmatch(r"[a-z0-9_]+\.(h|cpp)", parts[-1]):
            tree.report(name, 1, "source files are snake_case")
    for name in tree.sources():
        for number, line in tree.lines(name):
            found = BANNED_TYPE.search(line)
            if found:
                tree.report(name, number, f"'{found.group(1)}' says nothing about its job: name what it does")


def check_readmes(tree):
    folders = {folder_of(name) for name in tree.files
               if name.split("/")[0] in {"kiosk", "printer", "sync"} and name.count("/") > 1}
    folders |= {name.split("/")[0] for name in tree.files if name.split("/")[0] in {"tests", "image", "assets"}}
    for folder in sorted(folders):
        readme = f"{folder}/README.md"
        if readme not in tree.files:
            tree.report(readme, 1, "missing: say in 5 to 15 lines what the folder is, what it may use and what it must not")
        elif len([line for line in tree.text(readme).splitlines() if line.strip()]) < 3:
            tree.report(readme, 1, "too short to tell what the folder is, may use and must not")


def check_sleeps(tree):
    for name in tree.sources() + tree.scripts():
        if name.startswith("tests/") and not name.startswith(("tests/bench/", "tests/lint/")):
            for number, line in tree.lines(name):
                if re.search(r"\b(sleep_for|usleep|nanosleep)\s*\(|^\s*sleep [0-9]|setTimeout\(|waitForTimeout", line):
                    tree.report(name, number, "a test waits for a condition, never for a time")


# Threat 22: values reach a database as parameters, never as text. Constant pieces may be joined; a value may not.
SQL = r'(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|DROP TABLE|ALTER TABLE|VACUUM|ATTACH)\b'


def check_sql(tree):
    for name in tree.sources():
        if not name.startswith("sync/"):
            continue
        text = "\n".join(line for _, line in tree.lines(name))
        for found in re.finditer(rf'fmt::format(_to)?\(\s*"{SQL}|"{SQL}[^"\n]*"\s*\+\s*[a-z]|\bstd::string\("{SQL}[^"]*"\)\s*\+', text):
            tree.report(name, text.count("\n", 0, found.start()) + 1, "SQL put together from values: bind them instead")


def check_locks(tree):
    for name in tree.files:
        if Path(name).name == "package-lock.json":
            for number, line in tree.lines(name):
                if '"resolved"' in line:
                    tree.report(name, number, "an address in the lock file: run npm with this folder's .npmrc")
        elif Path(name).name == "package.json":
            for group in ("dependencies", "devDependencies"):
                for package, version in json.loads(tree.text(name)).get(group, {}).items():
                    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
                        tree.report(name, 1, f"{package} {version}: pin the exact version")


def check_bash(tree):
    for name in tree.files:
        if tree.is_bash(name):
            done = subprocess.run(["bash", "-n", str(tree.root / name)], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                tree.report(name, 1, done.stderr.strip())


def check_format(tree):
    names = tree.sources()
    for start in range(0, len(names), 200):
        try:
            done = subprocess.run(["clang-format-19", "--dry-run", "--Werror", *names[start:start + 200]],
                                  cwd=tree.root, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            tree.report(".clang-format", 1, "clang-format-19 is not installed: ./dev test installs it")
            return
        seen = set()
        for found in re.finditer(r"^(\S+?):(\d+):\d+: error:", done.stderr, re.M):
            if found.group(1) not in seen:
                seen.add(found.group(1))
                tree.report(found.group(1), found.group(2), "not formatted: ./dev lint --fix")
        if done.returncode != 0 and not seen:
            tree.report(".clang-format", 1, done.stderr.strip())


def po_entries(text):
    """{msgid: (line of the msgid, msgstr, place)} of a catalogue; the header, whose msgid is empty, is left out."""
    entries = {}
    place, current, texts, line = "", "", {}, 0
    for number, row in enumerate([*text.splitlines(), ""], 1):
        if row.startswith("#: "):
            place = row[3:].split()[0]
        elif word := re.match(r'(msgid|msgstr) "(.*)"$', row):
            current = word[1]
            line = number if current == "msgid" else line
            texts[current] = word[2]
        elif row.startswith('"'):
            texts[current] += row[1:-1]
        elif not row.strip() and texts.get("msgid"):
            entries[texts["msgid"]] = (line, texts.get("msgstr", ""), place)
        if not row.strip():
            texts, place = {}, ""
    return entries


def check_words(tree):
    """Every word of the screens has its English, none is left over, and both take the same numbers."""
    sources = [name for name in tree.sources() if name.startswith("kiosk/")]
    catalogue = "assets/locale/en.po"
    if not sources or catalogue not in tree.files:
        return
    found = subprocess.run(["xgettext", "--language=C++", "--from-code=UTF-8", "--keyword=tr", "--output=-", *sources],
                           cwd=tree.root, capture_output=True, encoding="utf-8", check=True)
    wanted = po_entries(found.stdout)
    given = po_entries(tree.text(catalogue))
    for indonesian, (_, _, place) in wanted.items():
        if indonesian not in given:
            tree.report(*place.rsplit(":", 1), f'"{indonesian}" has no English in {catalogue}')
    for indonesian, (line, english, _) in given.items():
        if indonesian not in wanted:
            tree.report(catalogue, line, f'no screen says "{indonesian}" any more: remove it')
        elif not english:
            tree.report(catalogue, line, f'"{indonesian}" is not translated')
        elif indonesian.count("{}") != english.count("{}"):
            tree.report(catalogue, line, f'"{english}" takes another count of {{}} than "{indonesian}"')


CHECKS = {name[len("check_"):]: function for name, function in globals().items() if name.startswith("check_")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("checks", nargs="+", choices=[*CHECKS, "all"], metavar="CHECK", help=", ".join(CHECKS) + " or all")
    arguments = parser.parse_args()
    tree = Tree(arguments.root.resolve())
    for check in CHECKS if "all" in arguments.checks else arguments.checks:
        CHECKS[check](tree)
    for finding in tree.findings:
        print(finding)
    print(f"{len(tree.files)} files looked at, {len(tree.findings)} findings")
    return 1 if tree.findings else 0


if __name__ == "__main__":
    sys.exit(main())

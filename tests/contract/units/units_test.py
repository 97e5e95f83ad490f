#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The units of terminal and centre, and what ./dev image installs beside the programs: systemd must understand each
word of the units and find them shut enough; the folders that the scheduler, its backends and the kiosk need must be
made, and open to who needs them."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[3]
UNITS = sorted((TOP / "image/units").glob("*.service"))
RULE = TOP / "printer/queue/60-anjungan-printer.rules"
# Of systemd's 100; anjungan.service has 15.
MOST_EXPOSED = 25


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def words(unit, name):
    return [line.split("=", 1)[1] for line in unit.read_text().splitlines() if line.startswith(name + "=")]


def folders():
    """Path to (mode, user, group) of tmpfiles.conf."""
    out = {}
    for line in (TOP / "image/units/tmpfiles.conf").read_text().splitlines():
        if line and not line.startswith("#"):
            _, path, mode, user, group, _ = line.split()
            out[path] = (int(mode, 8), user, group)
    return out


def may_pass(user, group, folder):
    mode, owner, its_group = folder
    return bool(mode & (0o100 if owner == user else 0o010 if its_group == group else 0o001))


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed; `./dev test` installs it")
class Units(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        self.units = self.root / "etc/systemd/system"
        self.units.mkdir(parents=True)
        for name in ("basic", "multi-user", "network", "network-online", "shutdown", "sysinit"):
            (self.units / f"{name}.target").write_text("[Unit]\nDescription=there\n")
        for unit in UNITS:
            shutil.copy(unit, self.units)
            for command in words(unit, "ExecStart"):
                program = self.root / command.split()[0].lstrip("/")
                program.parent.mkdir(parents=True, exist_ok=True)
                program.write_text("")
                program.chmod(0o755)

    def verify(self, unit):
        return run("systemd-analyze", f"--root={self.root}", "verify", unit)[1]

    def test_each_word_is_understood(self):
        for unit in UNITS:
            self.assertNotRegex(self.verify(unit.name), rf"{unit.name}.*(Unknown|Invalid|Failed|ignoring|not )", unit.name)

    def test_a_wrong_word_would_be_seen(self):
        unit = self.units / UNITS[0].name
        unit.write_text(unit.read_text().replace("ProtectHome=", "ProtectHom="))
        self.assertRegex(self.verify(unit.name), "Unknown key.*ProtectHom")

    def test_each_is_shut_enough(self):
        for unit in UNITS:
            code, said = run("systemd-analyze", f"--root={self.root}", "security", "--offline=yes",
                             f"--threshold={MOST_EXPOSED}", unit.name)
            self.assertEqual(code, 0, said[-200:])


class Places(unittest.TestCase):
    def test_the_backends_reach_the_receipts(self):
        script = (TOP / "printer/queue/apply_settings").read_text()
        spool = pathlib.PurePosixPath(re.search(r"^RequestRoot (\S+)$", script, re.M).group(1))
        made = folders()
        self.assertIn(str(spool), made)
        for part in [spool, *spool.parents]:
            if str(part) in made:
                self.assertTrue(may_pass("lp", "lp", made[str(part)]), f"{part} is shut to CUPS's backends")
            else:
                self.assertIn(str(part), ("/run", "/"), "who makes it?")

    def test_what_a_unit_writes_to_is_made(self):
        made = folders()
        for unit in UNITS:
            own = {"/run/" + name for name in words(unit, "RuntimeDirectory")}
            own |= {"/var/lib/" + name for name in words(unit, "StateDirectory")}
            for line in words(unit, "ReadWritePaths"):
                for path in line.split():
                    self.assertTrue(path in made or path in own or path == "/var/cache/cups", f"{unit.name}: {path}")

    def test_the_watch_is_one_that_the_image_enables(self):
        image = (TOP / "image/dev/image.sh").read_text()
        for name in ("anjungan.service", "anjungan-sync.service", "anjungan-struk.service"):
            self.assertRegex(image, rf"systemctl --quiet enable .*{re.escape(name)}")
            self.assertIn(TOP / "image/units" / name, UNITS)

    def test_the_rule_is_understood(self):
        if not shutil.which("udevadm") or run("udevadm", "verify", "--help")[0] != 0:
            self.skipTest("this udevadm cannot verify a rule (Debian 13's can)")
        code, said = run("udevadm", "verify", str(RULE))
        self.assertEqual(code, 0, said)


if __name__ == "__main__":
    unittest.main()

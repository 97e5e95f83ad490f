# SPDX-License-Identifier: Apache-2.0
"""Alarms as an administrator, cron, a Prometheus server and the log see them."""

import datetime
import json
import pathlib
import shutil
import sys
import tempfile
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "independent_client"))

import record  # noqa: E402
import terminal as client  # noqa: E402
from centre import Centre, run  # noqa: E402

QUIET = ["--disk-low-mib", "0"]  # whatever this machine has


class Alarms(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="anjungan-alarms-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.centre = Centre(self.folder, QUIET)
        self.addCleanup(lambda: self.centre.end())

    def alarms(self, *words):
        return run("anjunganctl", "central", "--data", self.centre.data, "alarms", *words)

    def told(self):
        done = self.alarms("--json")
        found = json.loads(done.stdout)["alarms"]
        self.assertEqual(done.returncode, 1 if found else 0)
        return {(one["kind"], one["device"]) for one in found}

    def metrics(self):
        with urllib.request.urlopen(f"http://{self.centre.authority}/metrics") as answer:
            return answer.read().decode()

    def log(self):
        return (self.folder / "central.log").read_text()

    def enrolled(self):
        terminal = client.Terminal(self.centre.authority)
        code = self.centre.new_code()
        terminal.ask_to_enrol(code)
        self.centre.ctl("confirm", terminal.fingerprint())
        self.assertEqual(terminal.ask_to_enrol(code)[0], 200)
        return terminal

    def test_a_copied_disk_is_told_until_it_is_unlocked(self):
        terminal = self.enrolled()
        terminal.complain({"story": "Lubang besar di depan Pasar Misal."})
        terminal.sync()
        self.assertEqual(self.told(), set())
        self.assertIn("OK", self.alarms().stdout)
        self.assertIn('anjungan_alarms{kind="locked"} 0\n', self.metrics())
        self.assertEqual(client.post(self.centre.authority, "/v1/sync", terminal.request(join=2**62))[0], 200)
        self.assertEqual(self.told(), {("locked", terminal.name)})
        shown = self.alarms()
        self.assertEqual(shown.returncode, 1)
        for words in ("ALARM: 1", terminal.name, "MPP Kota Contoh", "since 20", "Remedy: "):
            self.assertIn(words, shown.stdout)
        metrics = self.metrics()
        self.assertIn('anjungan_alarms{kind="locked"} 1\n', metrics)
        self.assertIn(f'anjungan_alarm_since_seconds{{kind="locked",terminal="{terminal.name}"}} 1', metrics)
        self.assertNotIn("MPP", metrics)
        begins = f"alarm begins: kind=locked terminal={terminal.name} since="
        self.assertEqual(self.log().count(begins), 1, "each look tells what is new alone")
        self.centre.end()
        self.centre.start(options=QUIET)
        self.assertEqual(self.told(), {("locked", terminal.name)})
        self.assertEqual(self.log().count(begins), 1, "a restart is no news")
        self.centre.ctl("unlock", terminal.name)
        self.assertEqual(self.told(), set())
        self.assertIn(f"alarm ends: kind=locked terminal={terminal.name} since=", self.log())

    def test_a_lost_report_is_told_until_somebody_accepts_that(self):
        terminal = self.enrolled()
        self.assertEqual(self.told(), set())
        number = terminal.complain({"story": "Lubang besar di depan Pasar Misal."})
        # Its event does not survive the way, and the terminal hears that it has been dealt with.
        self.assertEqual(client.post(self.centre.authority, "/v1/sync", terminal.request(events=[b"{\xff"]))[0], 200)
        minutes = (datetime.datetime.now(datetime.timezone.utc) - record.MINUTES_FROM) // datetime.timedelta(minutes=1)
        token = record.make_token(terminal.receipt_seed, number, 1, minutes, bytes(12), terminal.hash_of(1))
        body = json.dumps({"token": "https://lapor.example.go.id/t#" + record.to_base64url(token)}).encode()
        seen = client.post(self.centre.authority, "/t/receipt", body, {"Content-Type": "application/json"})
        self.assertEqual((seen[0], json.loads(seen[1])["state"]), (200, "missing"))
        self.assertEqual(self.told(), {("loss", terminal.name), ("quarantine", terminal.name)})
        self.assertIn(f"--accept {number}", self.alarms().stdout)
        other = self.alarms("--accept", record.tracking_number(*terminal.device, 77))
        self.assertEqual(other.returncode, 3)
        self.assertIn(number, other.stderr)
        self.assertEqual(self.alarms("--accept", "nonsense").returncode, 2)
        self.assertEqual(self.alarms("--accept", "").returncode, 2)
        done = self.alarms("--accept", number.replace("-", ""))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"{number} is accepted as lost", done.stdout)
        self.assertIn('anjungan_alarms{kind="loss"} 0\n', self.metrics())
        self.assertIn(f"alarm ends: kind=loss terminal={terminal.name} since=", self.log())
        self.assertEqual(self.told(), {("quarantine", terminal.name)})

    def test_a_full_disk_is_the_centres_own(self):
        self.centre.end()
        self.centre.start(options=["--disk-low-mib", str(1 << 30)])
        self.assertEqual(self.told(), {("disk", "")})
        self.assertIn('anjungan_alarm_since_seconds{kind="disk",terminal=""} 1', self.metrics())

    def test_nobody_there_is_no_alarm_and_no_peace(self):
        nowhere = self.folder / "nowhere"
        nowhere.mkdir()
        self.assertEqual(run("anjunganctl", "central", "--data", nowhere, "alarms").returncode, 5)


if __name__ == "__main__":
    unittest.main(verbosity=2)

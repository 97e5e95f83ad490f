# SPDX-License-Identifier: Apache-2.0
"""A hall without a network: a person carries a stick between the real terminal and the real centre."""

import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "independent_client"))

import terminal as client  # noqa: E402
from centre import BIN, CATALOGUE, Centre, run  # noqa: E402

NOWHERE = "127.0.0.1:9"  # nobody listens on the discard port


class Terminal:
    """A terminal's folders and programs. It has a network only where a test gives it one."""

    def __init__(self, folder, centre):
        self.folder, self.centre, self.agent = folder, centre, None
        folder.mkdir()
        self.config = folder / "terminal.toml"
        self.network(True)
        self.enrol()
        self.network(False)

    def network(self, there):
        authority = self.centre.authority if there else NOWHERE
        self.config.write_text(
            f'[terminal]\ndata = "{self.folder}/data"\nruntime = "{self.folder}/run"\noffice = "MPP Kota Contoh"\n'
            f'region = 3273\nballast_mib = 1\nlow_water_mib = 1\n[centre]\nurl = "http://{authority}"\n'
            f'[catalogue]\nfolder = "{CATALOGUE}"\n[sync]\nbase_s = 1\ncap_s = 1\nbatch = 10\npoll_s = 1\n'
        )

    def run(self, *words):
        return run("anjunganctl", words[0], "--config", self.config, *words[1:])

    def json(self, *words):
        done = self.run(*words, "--json")
        if done.returncode != 0:
            raise AssertionError(f"{words}: {done.stderr}")
        return json.loads(done.stdout)

    def enrol(self):
        command = [BIN / "anjunganctl", "enrol", "--config", self.config, "--code", self.centre.new_code()]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as enrolling:
            for line in enrolling.stdout:
                if line.startswith("Fingerprint:"):
                    fingerprint = line.split(":", 1)[1].strip()
                if "The centre knows this terminal" in line:
                    self.centre.ctl("confirm", fingerprint)
        if enrolling.returncode != 0:
            raise AssertionError("not enrolled")
        self.device = self.status()["device"]

    def status(self):
        return self.json("status")

    def file(self, count, seed=1):
        """Complaints; their numbers."""
        filed = self.json("seed", "--complaints", str(count), "--seed", str(seed))["complaints"]
        return [one["tracking_number"] for one in filed]

    def sync_once(self):
        return run("anjungan-sync", "--config", self.config, "--once").returncode

    def start_agent(self):
        command = [BIN / "anjungan-sync", "--config", self.config]
        self.agent = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in self.agent.stderr:
            if " sync.failed " in line:
                return
        raise AssertionError("the agent ended")

    def end_agent(self, how=signal.SIGTERM):
        if self.agent is None:
            return
        self.agent.send_signal(how)
        self.agent.communicate(timeout=60)
        self.agent = None


class Carried(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="anjungan-carried-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.centre = Centre(self.folder)
        self.addCleanup(lambda: self.centre.end())
        self.hall = self.terminal("hall")

    def terminal(self, name):
        terminal = Terminal(self.folder / name, self.centre)
        self.addCleanup(terminal.end_agent)
        return terminal

    def stick(self, name="stick"):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder

    def bring(self, stick):
        """To the centre: what became of each file."""
        return self.centre.json("import", "--from", str(stick))["files"]

    def expect_whole(self, terminal, numbers):
        """Every complaint and every event is at the centre once, and the terminal knows it."""
        status, stats = terminal.status(), self.centre.stats(terminal.device)
        self.assertEqual((stats["events"], stats["acked_seq"]), (status["events"], status["events"]))
        self.assertEqual((status["waiting"], stats["conflicts"], stats["quarantined"]), (0, 0, 0))
        there = self.centre.json("list", "--limit", "10000")["complaints"]
        self.assertEqual(sorted(one["number"] for one in there if one["device"] == terminal.device), sorted(numbers))

    def test_weeks_without_a_network(self):
        numbers = self.hall.file(25)
        events = self.hall.status()["events"]
        stick = self.stick()
        out = self.hall.json("export", "--to", str(stick))
        self.assertEqual((out["events"], len(out["files"])), (events, -(-events // 10)))
        self.assertEqual(sorted(one.name for one in stick.iterdir()), sorted(one["file"] for one in out["files"]))
        said = self.bring(stick)
        self.assertEqual(sum(one["stored"] for one in said), events)
        self.assertEqual(self.hall.status()["waiting"], events, "only the centre's answer confirms")
        self.hall.start_agent()
        first = self.stick("first")
        shutil.copy(stick / said[0]["answer_file"], first)
        taken = self.hall.json("import", "--from", str(first))
        self.assertEqual((taken["acked_seq"], taken["waiting"]), (10, events - 10))
        self.assertEqual(self.hall.status()["waiting"], events - 10)
        taken = self.hall.json("import", "--from", str(stick))
        self.assertEqual([one["outcome"] for one in taken["files"]], ["known"] + ["taken"] * (len(said) - 1))
        self.expect_whole(self.hall, numbers)
        self.hall.end_agent()
        # The network comes back.
        self.hall.network(True)
        numbers += self.hall.file(3, seed=2)
        self.assertEqual(self.hall.sync_once(), 0)
        self.expect_whole(self.hall, numbers)

    def test_threat_02_sticks_that_are_lost_late_or_come_twice(self):
        numbers = self.hall.file(15)
        lost, late = self.stick("lost"), self.stick("late")
        self.hall.json("export", "--to", str(lost))
        self.hall.json("export", "--to", str(late))
        self.hall.network(True)
        self.assertEqual(self.hall.sync_once(), 0)
        self.hall.network(False)
        for _ in range(2):
            said = self.bring(late)
            self.assertEqual(sum(one["stored"] for one in said), 0)
            self.assertEqual(sum(one["duplicates"] for one in said), self.hall.status()["events"])
        taken = self.hall.json("import", "--from", str(late))
        self.assertEqual({one["outcome"] for one in taken["files"]}, {"known"})
        self.expect_whole(self.hall, numbers)
        self.hall.network(True)
        numbers += self.hall.file(1, seed=2)
        self.assertEqual(self.hall.sync_once(), 0, "and the join counter is where it was")
        self.expect_whole(self.hall, numbers)

    def test_files_in_any_order(self):
        numbers = self.hall.file(25)
        stick = self.stick()
        names = [one["file"] for one in self.hall.json("export", "--to", str(stick))["files"]]
        for name in reversed(names):
            one = self.stick(name + ".d")
            (stick / name).rename(one / name)
            self.bring(one)
        answers = sorted(self.folder.glob("*.d/*.answer"))
        for answer in [answers[1], answers[0], *answers[2:]]:
            self.hall.json("import", "--from", str(answer.parent))
        self.expect_whole(self.hall, numbers)

    def test_threat_11_what_is_spoiled_foreign_or_replayed_keeps_nothing_else_out(self):
        numbers = self.hall.file(25)
        other = self.terminal("other")
        other.file(2)
        stick = self.stick()
        names = [one["file"] for one in self.hall.json("export", "--to", str(stick))["files"]]
        good = {name: (stick / name).read_bytes() for name in names}
        other.json("export", "--to", str(stick))
        bitten = bytearray(good[names[0]])
        bitten[200] ^= 1
        (stick / names[0]).write_bytes(bitten)
        (stick / names[1]).write_bytes(good[names[1]][:-100])
        (stick / "holiday.request").write_bytes(b"\xff\xd8 a picture")
        (stick / (names[2] + ".new")).write_bytes(good[names[2]][:50])
        (stick / "link.request").symlink_to("/etc/hostname")
        done = run("anjunganctl", "central", "--data", self.centre.data, "import", "--from", stick, "--json")
        self.assertIn(done.returncode, (2, 4))
        outcome = {one["file"]: one["outcome"] for one in json.loads(done.stdout)["files"]}
        refused = [name for name, what in outcome.items() if what == "refused"]
        self.assertEqual(sorted(refused), sorted([names[0], names[1], "holiday.request"]))
        self.assertIn(f"{names[0]}: ", done.stderr)
        self.assertIn("export it again", done.stderr)
        self.assertIn(f"{names[1]}: sync request: cut short", done.stderr)
        self.assertEqual(self.centre.stats(other.device)["events"], other.status()["events"])
        # A stick that somebody found speaks for nobody over the network.
        self.assertEqual(client.post(self.centre.authority, "/v1/sync", good[names[0]])[0], 400)
        self.assertEqual(self.centre.stats(self.hall.device)["state"], "active")

        for name, data in good.items():
            (stick / name).write_bytes(data)
        (stick / "holiday.request").unlink()
        said = {one["file"]: one for one in self.bring(stick)}
        self.assertEqual(said[names[-1]]["acked_seq"], self.hall.status()["events"])
        taken = self.hall.json("import", "--from", str(stick))
        self.assertGreater(taken["others"], 0)
        self.expect_whole(self.hall, numbers)

    def test_threat_25_nothing_but_the_centres_signed_answer_confirms(self):
        numbers = self.hall.file(15)
        events = self.hall.status()["events"]
        stick = self.stick()
        self.hall.json("export", "--to", str(stick))
        said = self.bring(stick)
        answers = [stick / one["answer_file"] for one in said]
        requests = [stick / one["file"] for one in said]
        whole = [answer.read_bytes() for answer in answers]
        heads = [request.read_bytes() for request in requests]
        bitten = bytearray(whole[0])
        bitten[len(heads[0]) + 60] ^= 1
        mixed = heads[0] + whole[1][len(heads[1]) :]
        trials = [bytes(bitten), whole[0][:-1], whole[0] + b"\0", heads[0], mixed, whole[0][len(heads[0]) :], b"", b"x" * 700_000]
        for trial in trials:
            forged = self.stick("forged")
            (forged / answers[0].name).write_bytes(trial)
            done = self.hall.run("import", "--from", forged)
            self.assertIn(done.returncode, (2, 4), done.stdout)
            self.assertIn(answers[0].name, done.stderr)
            self.assertEqual(self.hall.status()["waiting"], events)
        foreign = self.terminal("other")
        done = foreign.run("import", "--from", stick)
        self.assertEqual(done.returncode, 3)
        self.assertIn("no answers for terminal", done.stderr)
        renamed = self.stick("renamed")
        (renamed / f"anjungan-{foreign.device}-0000000001-0000000010.answer").write_bytes(whole[0])
        done = foreign.run("import", "--from", renamed)
        self.assertEqual(done.returncode, 4)
        self.assertIn(f"it is for terminal {self.hall.device}", done.stderr)
        self.hall.json("import", "--from", str(stick))
        self.expect_whole(self.hall, numbers)

    def test_threat_05_a_centre_from_a_backup(self):
        numbers = self.hall.file(5)
        early, later = self.stick("early"), self.stick("later")
        self.hall.json("export", "--to", str(early))
        self.bring(early)
        self.hall.json("import", "--from", str(early))
        self.centre.ctl("backup", str(self.folder / "backup"))
        numbers += self.hall.file(20, seed=2)
        self.hall.json("export", "--to", str(later))
        self.bring(later)
        held = shutil.copytree(later, self.folder / "held")
        self.hall.json("import", "--from", str(later))
        self.expect_whole(self.hall, numbers)

        self.centre.end(signal.SIGKILL)
        shutil.rmtree(self.centre.data)
        (self.folder / "backup").rename(self.centre.data)
        self.centre.start(self.centre.authority)
        after = self.stick("after")
        self.hall.json("export", "--to", str(after))
        self.bring(after)
        taken = self.hall.json("import", "--from", str(after))
        self.assertGreater(taken["waiting"], 0, "what the centre forgot waits again")
        stale = self.hall.json("import", "--from", str(held))
        self.assertEqual({one["outcome"] for one in stale["files"]}, {"overtaken"})
        self.assertEqual(self.hall.status()["waiting"], taken["waiting"])
        again = self.stick("again")
        self.hall.json("export", "--to", str(again))
        self.bring(again)
        self.hall.json("import", "--from", str(again))
        self.expect_whole(self.hall, numbers)

    def test_news_comes_back_once(self):
        numbers = self.hall.file(2)
        stick = self.stick()
        self.hall.json("export", "--to", str(stick))
        self.bring(stick)
        self.hall.json("import", "--from", str(stick))
        self.centre.ctl("verify", numbers[0])
        self.centre.ctl("dispose", numbers[0], "--agency", "dsdabm")
        news = self.stick("news")
        out = self.hall.json("export", "--to", str(news))
        self.assertEqual((out["events"], len(out["files"])), (0, 1))
        self.bring(news)
        self.assertGreater(self.hall.json("import", "--from", str(news))["news"], 0)
        self.assertEqual(self.hall.json("import", "--from", str(news))["news"], 0)
        self.hall.network(True)
        self.assertEqual(self.hall.sync_once(), 0)
        self.expect_whole(self.hall, numbers)

    def test_an_agent_that_was_killed_leaves_the_import_to_the_command(self):
        numbers = self.hall.file(3)
        stick = self.stick()
        self.hall.json("export", "--to", str(stick))
        self.bring(stick)
        self.hall.start_agent()
        self.hall.end_agent(signal.SIGKILL)
        self.assertTrue((self.hall.folder / "run/control-sync.sock").exists())
        self.hall.json("import", "--from", str(stick))
        self.expect_whole(self.hall, numbers)

    def test_threat_08_a_revoked_terminal_confirms_nothing(self):
        self.hall.file(2)
        stick = self.stick()
        self.hall.json("export", "--to", str(stick))
        self.centre.ctl("revoke", self.hall.device)
        self.bring(stick)
        events = self.hall.status()["events"]
        done = self.hall.run("import", "--from", stick)
        self.assertEqual(done.returncode, 4)
        self.assertIn("revoked", done.stderr)
        self.assertEqual((self.hall.status()["waiting"], self.hall.status()["standing"]), (events, "revoked"))

    def test_threat_06_a_copied_disk_shows_in_the_chain(self):
        self.hall.file(2)
        self.hall.end_agent()
        twin = self.folder / "twin"
        shutil.copytree(self.hall.folder, twin)
        self.hall.file(2, seed=2)
        mine, its = self.stick("mine"), self.stick("its")
        self.hall.json("export", "--to", str(mine))
        copy = Terminal.__new__(Terminal)
        copy.folder, copy.centre, copy.agent, copy.config = twin, self.centre, None, twin / "terminal.toml"
        copy.network(False)
        copy.file(3, seed=3)
        copy.json("export", "--to", str(its))
        self.bring(mine)
        self.bring(its)
        stats = self.centre.stats(self.hall.device)
        self.assertEqual(stats["state"], "locked")
        self.assertGreater(stats["quarantined"], 0, "both histories are kept")
        done = copy.run("import", "--from", its)
        self.assertEqual(done.returncode, 4)
        self.assertEqual(copy.status()["acked_seq"], 0)

    def test_folders_that_are_not_there(self):
        done = self.hall.run("export", "--to", self.folder / "unmounted")
        self.assertEqual(done.returncode, 3)
        self.assertIn("is the stick mounted?", done.stderr)
        self.assertFalse((self.folder / "unmounted").exists())
        self.assertEqual(self.hall.run("import", "--from", self.folder / "unmounted").returncode, 3)
        empty = self.stick("empty")
        done = run("anjunganctl", "central", "--data", self.centre.data, "import", "--from", empty)
        self.assertEqual(done.returncode, 3)
        self.assertIn("anjunganctl export", done.stderr)


if __name__ == "__main__":
    unittest.main()

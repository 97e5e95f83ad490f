# SPDX-License-Identifier: Apache-2.0
"""The real centre against a terminal written from PROTOCOL.md and FORMAT.md alone."""

import json
import pathlib
import secrets
import shutil
import signal
import tempfile
import unittest

import record
import terminal as client
import wire
from centre import Centre

NOBODY = "00000000-0000-0000-0000-000000000000"
STORY = {"story": "Lubang besar di depan Pasar Misal.", "name": "Sumiati Contoh", "phone": "0812 0000 0000"}


class AgainstTheCentre(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="anjungan-client-"))
        cls.centre = Centre(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.centre.end()
        code = cls.centre.process.returncode
        shutil.rmtree(cls.folder)
        if code != 0:
            raise AssertionError(f"the centre ended with {code}")

    def enrolled(self):
        terminal = client.Terminal(self.centre.authority)
        code = self.centre.new_code()
        self.assertEqual(terminal.ask_to_enrol(code)[0], 202)
        self.centre.ctl("confirm", terminal.fingerprint())
        self.assertEqual(terminal.ask_to_enrol(code)[0], 200)
        return terminal

    def refused(self, request, path="/v1/sync", headers=None):
        status, _ = client.post(self.centre.authority, path, request, headers)
        return status

    # Enrolment

    def test_enrolment(self):
        terminal = client.Terminal(self.centre.authority)
        code = self.centre.new_code()
        status, answer = terminal.ask_to_enrol(code)
        self.assertEqual((status, answer["confirmed"]), (202, False))
        listed = [one["fingerprint"] for one in self.centre.json("devices")["devices"] if one["state"] == "waiting"]
        self.assertEqual(listed, [terminal.fingerprint()], "both people see the same")
        self.assertEqual(client.Terminal(self.centre.authority).ask_to_enrol(code)[0], 409, "bound to the first keys")
        self.centre.ctl("confirm", terminal.fingerprint())
        first = terminal.ask_to_enrol(code)
        self.assertEqual(first[0], 200)
        self.assertEqual(first[1]["office"], "MPP Kota Contoh")
        self.assertEqual(terminal.device[0], 3273)
        again = terminal.ask_to_enrol(code)
        for name in ("region", "terminal", "root", "manifest", "join"):
            self.assertEqual(again[1][name], first[1][name], "a lost answer costs nothing")
        unknown = record.with_check([secrets.randbelow(32) for _ in range(12)])
        self.assertEqual(client.Terminal(self.centre.authority).ask_to_enrol(unknown)[0], 404)

    def test_nobody_else_is_heard(self):
        terminal = self.enrolled()
        terminal.complain(STORY)
        request = terminal.request()
        self.assertEqual(self.refused(request[:-1] + bytes([request[-1] ^ 1])), 401, "signature")
        self.assertEqual(self.refused(terminal.request(seed=secrets.token_bytes(32))), 401, "another key")
        self.assertEqual(self.refused(terminal.request(root=secrets.token_bytes(32))), 401, "meant for another centre")
        self.assertEqual(self.refused(request, headers={"Content-Type": "application/vnd.anjungan.v1"}), 400)
        self.assertEqual(self.refused(request[:-1]), 400)
        self.assertEqual(self.refused(request + b"\0"), 400)
        self.assertEqual(self.refused(bytes(wire.MAX_MESSAGE + 1)), 413)
        self.assertEqual(terminal.sync()["results"], [wire.STORED], "and none of that did any harm")

    # Batches

    def test_batches_are_stored_and_acknowledged(self):
        terminal = self.enrolled()
        numbers = [terminal.complain(STORY) for _ in range(450)]
        answer = terminal.sync()
        self.assertEqual(answer["results"], [wire.STORED] * len(answer["results"]))
        self.assertEqual(answer["acked_seq"], len(answer["results"]))
        self.assertEqual(answer["acked_hash"], terminal.hash_of(answer["acked_seq"]))
        terminal.sync_all()
        self.assertEqual(terminal.acked_seq, 450)
        there = self.centre.json("list", "--limit", "10000")["complaints"]
        self.assertEqual(sorted(one["number"] for one in there if one["number"] in numbers), sorted(numbers))
        self.assertEqual(self.centre.stats(terminal.name)["events"], 450)

    def test_a_lost_answer_leaves_duplicates(self):
        terminal = self.enrolled()
        for _ in range(3):
            terminal.complain(STORY)
        request = terminal.request()
        self.assertEqual(terminal.send(request)["results"], [wire.STORED] * 3)  # and the answer is lost
        for _ in range(5):
            self.assertEqual(terminal.send(terminal.request())["results"], [wire.DUPLICATE] * 3)
        answer = terminal.sync()
        self.assertEqual((answer["standing"], answer["acked_seq"]), (wire.WELCOME, 3))
        self.assertEqual(self.centre.stats(terminal.name)["events"], 3)

    def test_other_bytes_are_a_conflict_and_the_first_stays(self):
        terminal = self.enrolled()
        terminal.complain(STORY)
        terminal.complain(STORY)
        terminal.sync_all()
        other = terminal.event("device.clock", NOBODY, {}, seq=2)
        answer = terminal.send(terminal.request(from_seq=2, events=[other]))
        self.assertEqual(answer["results"][:1], [wire.CONFLICT])
        self.assertEqual(self.centre.stats(terminal.name)["conflicts"], 1)
        terminal.join = answer["join"]
        answer = terminal.send(terminal.request(from_seq=1, events=terminal.events))
        self.assertEqual(answer["standing"], wire.LOCKED, "two histories: somebody has to look")
        self.centre.ctl("unlock", terminal.name)
        answer = terminal.sync(terminal.request(from_seq=1, events=terminal.events))
        self.assertEqual(answer["results"], [wire.DUPLICATE] * 2, "the first bytes stayed")
        self.assertEqual(answer["acked_hash"], terminal.hash_of(2))

    def test_what_cannot_be_read_holds_nothing_up(self):
        terminal = self.enrolled()
        terminal.complain(STORY)
        terminal.events.append(b"\x00\xff not an event")
        terminal.complain(STORY)
        terminal.events.append(terminal.event("device.clock", NOBODY, {}, prev=b"\7" * 32))
        terminal.events.append(b"")
        terminal.complain(STORY)
        answer = terminal.sync()
        bad, good = wire.QUARANTINED, wire.STORED
        self.assertEqual(answer["results"], [good, bad, good, bad, bad, good])
        self.assertEqual((answer["acked_seq"], answer["acked_hash"]), (6, terminal.hash_of(6)))
        stats = self.centre.stats(terminal.name)
        self.assertEqual((stats["events"], stats["quarantined"]), (3, 3))

    def test_a_gap_is_asked_for(self):
        terminal = self.enrolled()
        for _ in range(6):
            terminal.complain(STORY)
        answer = terminal.sync(terminal.request(from_seq=5))
        self.assertEqual((answer["acked_seq"], answer["results"]), (0, [wire.STORED] * 2))
        self.assertEqual(answer["need"][0][0], 1)
        terminal.sync_all()
        self.assertEqual(terminal.acked_seq, 6)
        self.assertEqual(self.centre.stats(terminal.name)["events"], 6)

    # Standings

    def test_an_old_request_is_doubted_and_a_copied_disk_is_locked(self):
        terminal = self.enrolled()
        terminal.complain(STORY)
        old = terminal.request()
        terminal.sync()
        terminal.sync()
        terminal.sync()
        answer = terminal.send(old)
        self.assertEqual((answer["standing"], answer["join"]), (wire.DOUBTED, 1 << 62))
        self.assertEqual(terminal.sync()["standing"], wire.WELCOME, "what the network repeats harms nobody")
        terminal.complain(STORY)
        answer = terminal.send(terminal.request(join=1 << 62))
        self.assertEqual((answer["standing"], answer["acked_seq"]), (wire.LOCKED, 1))
        self.assertEqual(terminal.sync()["standing"], wire.LOCKED)
        self.centre.ctl("unlock", terminal.name)
        self.assertEqual(terminal.sync_all()["standing"], wire.WELCOME)
        self.assertEqual((terminal.acked_seq, self.centre.stats(terminal.name)["events"]), (2, 2))

    def test_a_revoked_terminal_is_told_so(self):
        terminal = self.enrolled()
        terminal.complain(STORY)
        terminal.sync()
        self.centre.ctl("revoke", terminal.name)
        terminal.complain(STORY)
        answer = terminal.sync()
        self.assertEqual((answer["standing"], answer["acked_seq"]), (wire.REVOKED, 1))
        self.assertEqual(self.centre.stats(terminal.name)["events"], 1)

    # Sticks

    def test_a_stick_there_and_back(self):
        terminal = self.enrolled()
        terminal.complain(STORY)
        terminal.sync_all()
        join = terminal.join
        for _ in range(5):
            terminal.complain(STORY)
        stick = self.folder / f"stick-{terminal.name}"
        stick.mkdir()
        terminal.write_requests(stick, batch=2)
        said = self.centre.json("import", "--from", str(stick))["files"]
        self.assertEqual([one["stored"] for one in said], [2, 2, 1])
        self.assertEqual(terminal.send(terminal.request(from_seq=2, events=[]))["standing"], wire.WELCOME)
        for answer in sorted(stick.glob("*.answer"), reverse=True):
            self.assertEqual(terminal.read_answer(answer.read_bytes())["standing"], wire.WELCOME)
            whole = answer.read_bytes()
            self.assertRaises(record.Refused, terminal.read_answer, whole[:-1] + bytes([whole[-1] ^ 1]))
        self.assertEqual((terminal.acked_seq, terminal.join), (6, join))
        self.assertEqual(self.refused(terminal.request(join=wire.CARRIED)), 400, "not over the network")
        self.assertEqual(terminal.sync_all()["standing"], wire.WELCOME)
        self.assertEqual(self.centre.stats(terminal.name)["events"], 6)

    # News and questions

    def test_news_questions_and_seals(self):
        terminal = self.enrolled()
        number = terminal.complain(STORY)
        terminal.sync_all()
        self.centre.ctl("verify", number)
        self.centre.ctl("dispose", number, "--agency", "dsdabm")
        terminal.sync_all()
        cases = [json.loads(body) for kind, subject, body in terminal.news if (kind, subject) == ("case", number)]
        self.assertEqual([step["kind"] for step in cases[-1]["steps"]][-2:], ["verified", "disposed"])
        self.assertIn("agency", cases[-1])
        seen = len(terminal.news)
        terminal.sync_all()
        self.assertEqual(len(terminal.news), seen, "told once")
        finding, case = terminal.ask(terminal.codes[number])
        self.assertEqual((finding, case["number"]), (wire.FOUND, number))
        self.assertNotIn("Sumiati", json.dumps(case))
        self.assertEqual(terminal.ask(record.new_code()), (wire.UNKNOWN, None))

    def test_a_terminal_changes_its_keys(self):
        terminal = self.enrolled()
        terminal.complain(STORY)
        terminal.sync_all()
        terminal.complain(STORY)  # waits under the old keys
        old_receipt, old_device = terminal.receipt_seed, terminal.device_seed
        receipt, device = secrets.token_bytes(32), secrets.token_bytes(32)
        request = terminal.rotation(receipt, device)
        self.assertEqual(terminal.ask_to_rotate(request[:-1] + bytes([request[-1] ^ 1]))[0], 401)
        self.assertEqual(terminal.ask_to_rotate(terminal.rotation(receipt, device, secrets.token_bytes(32)))[0], 401)
        first = terminal.ask_to_rotate(request)
        self.assertEqual(first[0], 200)
        self.assertEqual(terminal.ask_to_rotate(request), first, "a lost answer costs nothing")
        self.assertEqual(self.refused(terminal.request()), 401, "what the old key signs is refused")
        terminal.receipt_seed, terminal.device_seed = receipt, device
        terminal.complain(STORY)
        terminal.sync_all()
        self.assertEqual((terminal.acked_seq, terminal.standing), (3, wire.WELCOME))
        self.assertEqual(terminal.ask_to_rotate(terminal.rotation(old_receipt, secrets.token_bytes(32)))[0], 409)
        theft = wire.make_rotation(
            terminal.device, terminal.root, old_receipt, old_device, old_receipt, secrets.token_bytes(32)
        )
        self.assertEqual(terminal.ask_to_rotate(theft)[0], 401)
        alone = terminal.rotation(receipt, secrets.token_bytes(32))
        self.assertEqual(terminal.ask_to_rotate(alone)[0], 200, "one key alone")
        self.assertEqual(terminal.ask_to_rotate(request), first, "whatever came after")
        listed = self.centre.json("receipt-keys")["terminals"]
        keys = next(one["receipt_keys"] for one in listed if one["device"] == terminal.name)
        public = record.public_of
        self.assertEqual([k["key"] for k in keys], [public(old_receipt).hex(), public(receipt).hex(), public(receipt).hex()])
        self.assertEqual([k["ended_by_seq"] for k in keys], [3, None, None], "the first event that names a later key")

    def test_the_centre_asks_for_new_keys(self):
        terminal = self.enrolled()
        self.centre.ctl("ask-rotation", terminal.name)
        terminal.sync()
        self.assertIn(("rotate", terminal.fingerprint(), b"both"), terminal.news)

    def test_keys_change_in_two_steps(self):
        terminal = self.enrolled()
        before = terminal.manifest
        self.centre.ctl("announce-key")
        terminal.sync_all()
        self.assertEqual(terminal.manifest["serial"], before["serial"] + 1)
        self.assertEqual(set(before["signing"]) - set(terminal.manifest["signing"]), set())
        self.assertEqual(len(terminal.manifest["signing"]), 2)


class AfterABackup(unittest.TestCase):
    def test_a_new_epoch_brings_everything_back(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="anjungan-client-"))
        self.addCleanup(shutil.rmtree, folder)
        centre = Centre(folder)
        self.addCleanup(lambda: centre.end())
        terminal = client.Terminal(centre.authority)
        code = centre.new_code()
        terminal.ask_to_enrol(code)
        centre.ctl("confirm", terminal.fingerprint())
        terminal.ask_to_enrol(code)
        early = terminal.complain(STORY)
        terminal.sync_all()
        centre.ctl("backup", str(folder / "backup"))
        centre.ctl("verify", early)
        for _ in range(4):
            terminal.complain(STORY)
            terminal.sync_all()
        epoch = terminal.epoch
        centre.end(signal.SIGKILL)
        shutil.rmtree(centre.data)
        (folder / "backup").rename(centre.data)
        centre.start(centre.authority)
        answer = terminal.sync()
        self.assertNotEqual(terminal.epoch, epoch)
        self.assertEqual((answer["acked_seq"], terminal.cursor), (1, 0))
        terminal.sync_all()
        self.assertEqual(terminal.acked_seq, 5)
        stats = centre.stats(terminal.name)
        self.assertEqual((stats["events"], stats["conflicts"], stats["quarantined"]), (5, 0, 0))


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""The written vectors, read and made anew by a client that knows only the documents."""

import json
import os
import pathlib
import unittest

import record
import wire
from nacl.public import PrivateKey

TESTS = pathlib.Path(os.environ["ANJUNGAN_TESTS"])
RECORD = json.loads((TESTS / "unit/sync_record/vectors/record.json").read_text())
ROOT, CENTRE, RECEIPT, DEVICE = (bytes([n]) * 32 for n in (1, 2, 3, 4))
NEXT_RECEIPT, NEXT_DEVICE = b"\x09" * 32, b"\x0a" * 32
SEALING = [(1, b"\x05" * 32), (2, b"\x06" * 32)]
TERMINAL = (3273, 12)
CODE = "7K3M9QXT2B4DKA"


def vector(name):
    return bytes.fromhex("".join((TESTS / f"unit/sync_wire/vectors/{name}.hex").read_text().split()))


class RecordVectors(unittest.TestCase):
    def test_tracking_numbers(self):
        for one in RECORD["tracking_numbers"]:
            text = record.tracking_number(one["region"], one["terminal"], one["running"])
            self.assertEqual(text, one["text"])
            self.assertEqual(record.pack_number(text).hex(), one["packed"])
            self.assertEqual(record.unpack_number(bytes.fromhex(one["packed"])), text)
            wrong = text[:-1] + str((int(text[-1]) + 1) % 10)
            self.assertRaises(record.Refused, record.digits_of_number, wrong)

    def test_access_codes(self):
        for one in RECORD["access_codes"]:
            code = record.read_code(one["text"].lower())
            self.assertEqual(record.code_hash(code).hex(), one["code_hash"])
            for at in range(16):
                wrong = code[:at] + ("1" if code[at] != "1" else "2") + code[at + 1 :]
                self.assertRaises(record.Refused, record.read_code, wrong)

    def test_receipt_tokens(self):
        for one in RECORD["receipt_tokens"]:
            public = bytes.fromhex(one["public_key"])
            self.assertEqual(record.public_of(bytes.fromhex(one["seed"])), public)
            token = record.read_token(one["url"], public)
            for name in ("flags", "number", "seq", "minutes"):
                self.assertEqual(token[name], one[name])
            self.assertEqual(token["secret_hash"].hex(), one["secret_hash"])
            self.assertRaises(record.Refused, record.read_token, one["url"], record.public_of(DEVICE))
            flipped = one["url"][:-10] + ("A" if one["url"][-10] != "A" else "B") + one["url"][-9:]
            self.assertRaises(record.Refused, record.read_token, flipped, public)

    def test_events_are_read_hashed_and_opened(self):
        prev = record.NO_HASH
        for one in RECORD["events"]:
            data = one["bytes"].encode()
            event = record.read_event(data)
            self.assertEqual(event["seq"], one["seq"])
            self.assertEqual(event["prev"], prev.hex())
            prev = record.blake(data)
            self.assertEqual(prev.hex(), one["hash"])
            self.assertEqual(record.write_event(event), data, "members in the order in which they are written")
            if "sealed" in event:
                secret = bytes.fromhex(one["sealing_secret"])
                self.assertEqual(record.unseal(event, secret).decode(), one["plain"])
                event["seq"] += 1
                self.assertRaises(record.Refused, record.unseal, event, secret)

    def test_what_is_refused(self):
        self.assertGreater(len(RECORD["refused_events"]), 0)
        for one in RECORD["refused_events"]:
            with self.subTest(one["why"]):
                self.assertRaises(record.Refused, record.read_event, one["bytes"].encode())

    def test_what_is_sealed_here_is_opened_here(self):
        private = PrivateKey.generate()
        id_ = record.event_id(1786512720000)
        sealed = record.seal({"story": "Lampu jalan padam."}, [bytes(private.public_key)], "3273-0012", 9, id_)
        event = {"device": "3273-0012", "seq": 9, "id": str(id_), "sealed": sealed}
        self.assertEqual(record.unseal(event, bytes(private)), '{"story":"Lampu jalan padam."}'.encode())


class WireVectors(unittest.TestCase):
    def manifest(self):
        return wire.make_manifest(ROOT, 1, 1786512720000, [record.public_of(CENTRE)], SEALING)

    def test_manifest(self):
        self.assertEqual(self.manifest(), vector("key_manifest"))
        opened = wire.open_manifest(vector("key_manifest"), record.public_of(ROOT))
        self.assertEqual(opened["signing"], [record.public_of(CENTRE)])
        self.assertEqual(opened["sealing"], SEALING)

    def test_enrolment(self):
        code = wire.read_enrol_code("7K3M-9QXT-2B4D-KA")
        self.assertEqual(code, CODE)
        self.assertRaises(record.Refused, wire.read_enrol_code, "7K3M-9QXT-2B4D-KB")
        request = wire.make_enrol_request(code, RECEIPT, DEVICE, "anjungan 0.1.0")
        self.assertEqual(request, vector("enrol_request"))
        pending = wire.open_enrol_answer(vector("enrol_answer_pending"), code, request)
        self.assertEqual(pending, {"server_time": 0, "confirmed": False})
        grant = wire.open_enrol_answer(vector("enrol_answer_confirmed"), code, request)
        self.assertEqual((grant["region"], grant["terminal"]), TERMINAL)
        self.assertEqual(
            (grant["office"], grant["place"], grant["public_url"], grant["server_time"], grant["join"]),
            ("MPP Kota Bandung", "Lantai 1", "https://lapor.example.go.id", 1786512721500, 1),
        )
        self.assertEqual((grant["root"], grant["epoch"]), (record.public_of(ROOT), b"\xe0" * 16))
        self.assertEqual(grant["manifest"], self.manifest())

    def sync_request(self):
        events = [b'{"v":1,"seq":427}', b"not an event at all \x01\xff", b""]
        return wire.make_sync_request(
            DEVICE, TERMINAL, record.public_of(ROOT), b"\xe0" * 16, 7, 427, b"\xaa" * 32, 430, 99, 1786512720000,
            86400000, events,
        )  # fmt: skip

    def test_sync(self):
        request = self.sync_request()
        self.assertEqual(request, vector("sync_request"))
        answer = wire.open_sync_answer(vector("sync_answer"), [record.public_of(CENTRE)], TERMINAL, request)
        self.assertEqual(
            answer,
            {
                "standing": wire.WELCOME,
                "epoch": b"\xe1" * 16,
                "acked_seq": 428,
                "acked_hash": b"\xbb" * 32,
                "results": [wire.STORED, wire.QUARANTINED, wire.CONFLICT],
                "need": [(430, 430), (500, 510)],
                "server_time": 1786512721500,
                "join": 8,
                "feed": [
                    (100, "case", "3273-0012-000427-5", b'{"state":"verified"}'),
                    (103, "keys", "", self.manifest()),
                ],
                "feed_more": True,
            },
        )

    def test_question(self):
        reply = bytes(PrivateKey(b"\x08" * 32).public_key)
        question = wire.make_question(
            DEVICE, TERMINAL, record.public_of(ROOT), b"\xcc" * 16, b"\xdd" * 32, reply, 1786512720000
        )
        self.assertEqual(question, vector("question"))
        answer = wire.open_question_answer(vector("question_answer"), [record.public_of(CENTRE)], TERMINAL, question)
        self.assertEqual((answer["finding"], answer["retry_after"]), (wire.FOUND, 0))
        self.assertEqual((answer["sealed"], answer["server_time"]), (b"\x5a" * 1072, 1786512720700))

    def test_rotation(self):
        root, centre = record.public_of(ROOT), [record.public_of(CENTRE)]
        request = wire.make_rotation(TERMINAL, root, RECEIPT, DEVICE, NEXT_RECEIPT, NEXT_DEVICE)
        self.assertEqual(request, vector("rotation_request"))
        receipt_alone = wire.make_rotation(TERMINAL, root, RECEIPT, DEVICE, NEXT_RECEIPT, DEVICE)
        self.assertEqual(receipt_alone, vector("rotation_request_receipt"))
        answer = wire.open_rotation_answer(vector("rotation_answer"), centre, TERMINAL, request)
        self.assertEqual(answer, {"changed": 1786512720700})
        self.assertRaises(
            record.Refused, wire.open_rotation_answer, vector("rotation_answer"), centre, TERMINAL, receipt_alone
        )

    def test_every_bit_of_an_answer_counts(self):
        request = self.sync_request()
        answer, keys = vector("sync_answer"), [record.public_of(CENTRE)]
        for at in range(len(answer)):
            spoiled = answer[:at] + bytes([answer[at] ^ 1 << at % 8]) + answer[at + 1 :]
            self.assertRaises(record.Refused, wire.open_sync_answer, spoiled, keys, TERMINAL, request)
        for end in range(len(answer)):
            self.assertRaises(record.Refused, wire.open_sync_answer, answer[:end], keys, TERMINAL, request)
        self.assertRaises(record.Refused, wire.open_sync_answer, answer + b"\0", keys, TERMINAL, request)
        other = [record.public_of(DEVICE)]
        self.assertRaises(record.Refused, wire.open_sync_answer, answer, other, TERMINAL, request)
        self.assertRaises(record.Refused, wire.open_sync_answer, answer, keys, (3273, 13), request)
        self.assertRaises(record.Refused, wire.open_sync_answer, answer, keys, TERMINAL, request + b"\0")


if __name__ == "__main__":
    unittest.main()

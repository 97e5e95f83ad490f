# SPDX-License-Identifier: Apache-2.0
"""A terminal that another team could have written: keys, a chain of events, and exchanges over HTTP."""

import base64
import hashlib
import http.client
import json
import secrets
import time

import record
import wire
from nacl.public import PrivateKey, SealedBox

PATHS = {wire.ENROL: "/v1/enrol", wire.SYNC: "/v1/sync", wire.QUESTION: "/v1/question", wire.ROTATION: "/v1/rotate"}
NO_EPOCH = bytes(16)


def now_ms():
    return time.time_ns() // 1_000_000


def post(authority, path, body, headers=None):
    """Status and body. `headers` replaces the ones that a message needs."""
    if headers is None:
        content = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {"Content-Type": "application/vnd.anjungan.v1", "Content-Digest": f"sha-256=:{content}:"}
    connection = http.client.HTTPConnection(authority, timeout=60)
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


class Terminal:
    """One enrolment. What it was told lasts as long as this object."""

    def __init__(self, authority):
        self.authority = authority
        self.receipt_seed, self.device_seed = secrets.token_bytes(32), secrets.token_bytes(32)
        self.grant = self.device = self.root = self.manifest = None
        self.epoch, self.join, self.cursor = NO_EPOCH, 0, 0
        self.acked_seq, self.acked_hash, self.standing, self.need = 0, record.NO_HASH, wire.WELCOME, []
        self.events, self.news, self.codes = [], [], {}

    # Enrolment

    def enrol_request(self, code):
        return wire.make_enrol_request(wire.read_enrol_code(code), self.receipt_seed, self.device_seed, "python 1")

    def ask_to_enrol(self, code):
        """Status, and the answer if there is one; a grant is taken."""
        request = self.enrol_request(code)
        status, body = post(self.authority, PATHS[wire.ENROL], request)
        if status not in (200, 202):
            return status, None
        answer = wire.open_enrol_answer(body, wire.read_enrol_code(code), request)
        record.require(answer["confirmed"] == (status == 200), "the status says another thing than the answer")
        if answer["confirmed"]:
            self.take_grant(answer)
        return status, answer

    def take_grant(self, grant):
        self.grant, self.root = grant, grant["root"]
        self.device = (grant["region"], grant["terminal"])
        self.manifest = wire.open_manifest(grant["manifest"], self.root)
        self.epoch, self.join = grant["epoch"], grant["join"]

    @property
    def name(self):
        return f"{self.device[0]:04}-{self.device[1]:04}"

    def fingerprint(self):
        return wire.fingerprint(record.public_of(self.receipt_seed), record.public_of(self.device_seed))

    # Events

    def hash_of(self, seq):
        return record.blake(self.events[seq - 1]) if seq else record.NO_HASH

    def event(self, type_, subject, public, plain=None, seq=None, prev=None):
        """The bytes of an event that would come next (or at `seq`)."""
        seq = seq or len(self.events) + 1
        at, id_ = now_ms(), record.event_id(now_ms())
        fields = {
            "v": 1, "device": self.name, "seq": seq, "id": str(id_), "type": type_, "subject": str(subject),
            "time": record.iso_time(at), "boot": "py-boot", "mono": time.monotonic_ns() // 1_000_000,
            "office": self.grant["office"], "public": public,
        }  # fmt: skip
        if plain:
            fields["sealed"] = record.seal(plain, [key for _, key in self.manifest["sealing"]], self.name, seq, id_)
        fields["blobs"] = []
        fields["prev"] = (self.hash_of(seq - 1) if prev is None else prev).hex()
        data = record.write_event(fields)
        record.read_event(data)
        return data

    def complain(self, plain):
        """Files a complaint; its number. The access code is kept in `codes`."""
        number = record.tracking_number(*self.device, len(self.codes) + 1)
        code, secret, subject = record.new_code(), secrets.token_bytes(12), record.event_id(now_ms())
        public = {
            "number": number, "class": "complaint", "privacy": "open", "lang": "id", "channel": "kiosk",
            "category": "jalan.lubang", "code_hash": record.code_hash(code).hex(),
            "secret_hash": record.h("anjungan/secret/1", secret).hex(),
            "receipt_key": record.key_id(record.public_of(self.receipt_seed)).hex(), "attachments": "0",
            "utc_offset_min": "420", "due_verify": "2030-01-02", "due_answer": "2030-01-03", "due_close": "2030-01-04",
            "due_ombudsman": "2030-01-05",
        }  # fmt: skip
        self.events.append(self.event("complaint.created", subject, public, plain))
        self.codes[number] = code
        return number

    # Exchanges

    def request(self, from_seq=None, events=None, join=None, root=None, seed=None, prev=None):
        """A batch: the ranges that are needed, else what follows the acknowledgement."""
        if from_seq is None:
            from_seq = self.need[0][0] if self.need else self.acked_seq + 1
        if events is None:
            last = self.need[0][1] if self.need and self.need[0][0] == from_seq else len(self.events)
            events = self.events[from_seq - 1 : last][: wire.MAX_EVENTS]
            while sum(map(len, events)) > wire.MAX_EVENT_BYTES:
                events.pop()
        return wire.make_sync_request(
            seed or self.device_seed, self.device, root or self.root, self.epoch, self.join if join is None else join,
            from_seq, self.hash_of(from_seq - 1) if prev is None else prev,
            max(len(self.events), from_seq - 1 + len(events)), self.cursor, now_ms(),
            time.monotonic_ns() // 1_000_000, events,
        )  # fmt: skip

    def send(self, request):
        """The opened answer to a request; nothing of it is taken yet."""
        status, body = post(self.authority, PATHS[wire.SYNC], request)
        record.require(status == 200, f"status {status}: {body[:200]!r}")
        return wire.open_sync_answer(body, self.manifest["signing"], self.device, request)

    def take(self, answer):
        """What a terminal does with an answer, in one step."""
        if answer["standing"] == wire.WELCOME:
            record.require(answer["acked_seq"] <= len(self.events), "acknowledged what this terminal never had")
            record.require(answer["acked_hash"] == self.hash_of(answer["acked_seq"]), "acknowledged other bytes")
            self.acked_seq, self.acked_hash = answer["acked_seq"], answer["acked_hash"]
            for cursor, kind, subject, body in answer["feed"]:
                if kind == "keys":
                    manifest = wire.open_manifest(body, self.root)
                    if manifest["serial"] > self.manifest["serial"]:
                        self.manifest = manifest
                self.news.append((kind, subject, body))
                self.cursor = cursor
            if answer["epoch"] != self.epoch:
                self.epoch, self.cursor = answer["epoch"], 0
            self.need = answer["need"]
        self.standing, self.join = answer["standing"], answer["join"]
        return answer

    def sync(self, request=None):
        return self.take(self.send(request or self.request()))

    def ask_to_rotate(self, request):
        """Status, and the opened answer if there is one."""
        status, body = post(self.authority, PATHS[wire.ROTATION], request)
        if status != 200:
            return status, None
        return status, wire.open_rotation_answer(body, self.manifest["signing"], self.device, request)

    def rotation(self, next_receipt_seed, next_device_seed, device_seed=None):
        seeds = (self.receipt_seed, device_seed or self.device_seed, next_receipt_seed, next_device_seed)
        return wire.make_rotation(self.device, self.root, *seeds)

    def write_requests(self, folder, batch=wire.MAX_EVENTS):
        """Everything that is not acknowledged, as files for a person to carry."""
        seq = self.acked_seq + 1
        while seq <= len(self.events):
            events = self.events[seq - 1 :][:batch]
            name = f"anjungan-{self.name}-{seq:010}-{seq + len(events) - 1:010}.request"
            (folder / name).write_bytes(self.request(from_seq=seq, events=events, join=wire.CARRIED))
            seq += len(events)

    def read_answer(self, data):
        """Takes an answer file; what it says. Within one epoch the acknowledgement does not fall."""
        request, message = wire.split_carried_answer(data)
        body, covered, proof = wire.take_apart(wire.SYNC, request, 64)
        public = record.public_of(self.device_seed)
        record.require(record.signature_holds(public, wire.domain(wire.SYNC), covered, proof), "not our request")
        answer = wire.open_sync_answer(message, self.manifest["signing"], self.device, request)
        record.require(answer["join"] == wire.CARRIED, "made for the network")
        record.require(answer["acked_hash"] == self.hash_of(answer["acked_seq"]), "acknowledged other bytes")
        record.require(answer["epoch"] == self.epoch, "another epoch")
        if answer["acked_seq"] > self.acked_seq:
            self.acked_seq, self.acked_hash = answer["acked_seq"], answer["acked_hash"]
        return answer

    def sync_all(self):
        """Exchanges until nothing is left to say on either side."""
        for _ in range(1000):
            answer = self.sync()
            if answer["standing"] != wire.WELCOME:
                return answer
            if self.acked_seq == len(self.events) and not self.need and not answer["feed_more"]:
                return answer
        raise AssertionError("no end after 1000 exchanges")

    def ask(self, code):
        """The finding, and the case if there is one."""
        reply = PrivateKey.generate()
        question = wire.make_question(
            self.device_seed, self.device, self.root, secrets.token_bytes(16), record.code_hash(code),
            bytes(reply.public_key), now_ms(),
        )  # fmt: skip
        status, body = post(self.authority, PATHS[wire.QUESTION], question)
        record.require(status == 200, f"status {status}")
        answer = wire.open_question_answer(body, self.manifest["signing"], self.device, question)
        if answer["finding"] != wire.FOUND:
            return answer["finding"], None
        plain = SealedBox(reply).decrypt(answer["sealed"])
        record.require(len(plain) % 1024 == 0, "a case betrays its length")
        return answer["finding"], json.loads(plain)

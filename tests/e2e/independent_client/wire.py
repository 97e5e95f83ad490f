# SPDX-License-Identifier: Apache-2.0
"""The messages between a terminal and its centre, written from sync/wire/PROTOCOL.md alone."""

import hmac

from record import ALPHABET, Refused, blake, check_values, h, key_id, public_of, require, sign, signature_holds

MAGIC = b"ANJ\x01"
MANIFEST, ENROL, ENROL_ANSWER, SYNC, SYNC_ANSWER, QUESTION, QUESTION_ANSWER = 0x01, 0x10, 0x11, 0x20, 0x21, 0x30, 0x31
ROTATION, ROTATION_ANSWER = 0x50, 0x51
MAX_MESSAGE, MAX_EVENTS, MAX_EVENT_BYTES = 327_680, 200, 262_144

WELCOME, LOCKED, REVOKED, DOUBTED = 1, 2, 3, 4
STORED, DUPLICATE, CONFLICT, QUARANTINED = 1, 2, 3, 4
FOUND, UNKNOWN, THROTTLED = 1, 2, 3


class Writer:
    def __init__(self):
        self.bytes = b""

    def u(self, size, value):
        self.bytes += value.to_bytes(size, "big")
        return self

    def i64(self, value):
        self.bytes += value.to_bytes(8, "big", signed=True)
        return self

    def raw(self, data):
        self.bytes += data
        return self

    def text(self, value):
        data = value.encode()
        return self.u(2, len(data)).raw(data)

    def block(self, data):
        return self.u(4, len(data)).raw(data)


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def raw(self, size):
        require(self.at + size <= len(self.data), "the message ends too early")
        self.at += size
        return self.data[self.at - size : self.at]

    def u(self, size):
        return int.from_bytes(self.raw(size), "big")

    def i64(self):
        return int.from_bytes(self.raw(8), "big", signed=True)

    def text(self, most):
        size = self.u(2)
        require(size <= most, "a text is too long")
        try:
            value = self.raw(size).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refused("a text is not UTF-8") from error
        require(all(ord(c) >= 0x20 and ord(c) != 0x7F for c in value), "a control character in a text")
        return value

    def block(self, most):
        size = self.u(4)
        require(size <= most, "a block is too long")
        return self.raw(size)

    def choice(self, *allowed):
        value = self.u(1)
        require(value in allowed, "an unknown value")
        return value

    def end(self):
        require(self.at == len(self.data), "bytes are left over")


def digest(message):
    return h("anjungan/message/1", message)


def root_id(root):
    return h("anjungan/root/1", root)[:8]


def domain(kind):
    return f"anjungan/wire/1/{kind:02x}"


def enclose(kind, body):
    return MAGIC + bytes([kind]) + len(body).to_bytes(4, "big") + body


def signed(kind, body, *seeds):
    message = enclose(kind, body)
    for seed in seeds:
        message += sign(seed, domain(kind), message)
    return message


def take_apart(kind, message, proof_bytes):
    """Body, what the (last) proof covers, and the proofs."""
    require(len(message) <= MAX_MESSAGE, "the message is too long")
    reader = Reader(message)
    require(reader.raw(4) == MAGIC, "not a message of version 1")
    require(reader.u(1) == kind, "another kind of message")
    body = reader.block(MAX_MESSAGE)
    proofs = reader.raw(proof_bytes)
    reader.end()
    return body, message[:-proof_bytes], proofs


# Key manifest --------------------------------------------------------------------------------------------------------


def make_manifest(root_seed, serial, issued, signing, sealing):
    out = Writer().u(8, serial).i64(issued).u(2, len(signing))
    for key in signing:
        out.raw(key)
    out.u(2, len(sealing))
    for purpose, key in sealing:
        out.u(1, purpose).raw(key)
    return signed(MANIFEST, out.bytes, root_seed)


def open_manifest(message, root):
    body, covered, proof = take_apart(MANIFEST, message, 64)
    require(signature_holds(root, domain(MANIFEST), covered, proof), "the root has not signed this manifest")
    reader = Reader(body)
    manifest = {"serial": reader.u(8), "issued": reader.i64()}
    count = reader.u(2)
    require(1 <= count <= 8, "number of signing keys")
    manifest["signing"] = [reader.raw(32) for _ in range(count)]
    count = reader.u(2)
    require(1 <= count <= 4, "number of sealing keys")
    manifest["sealing"] = [(reader.choice(1, 2), reader.raw(32)) for _ in range(count)]
    require(any(purpose == 1 for purpose, _ in manifest["sealing"]), "no sealing key of the centre")
    reader.end()
    return manifest


# Enrolment -----------------------------------------------------------------------------------------------------------


def read_enrol_code(text):
    code = "".join(c for c in text.upper() if c not in "- ").replace("O", "0").replace("I", "1").replace("L", "1")
    require(len(code) == 14 and all(c in ALPHABET for c in code), "not a code")
    values = [ALPHABET.index(c) for c in code]
    require(check_values(values[:12]) == values[12:], "the code is mistyped")
    return code


def enrol_mac(code, data):
    return blake(data, key=h("anjungan/enrol-mac/1", code.encode()))


def fingerprint(receipt_key, device_key):
    text = h("anjungan/enrol-fingerprint/1", receipt_key + device_key)[:10].hex()
    return " ".join(text[at : at + 4] for at in range(0, 20, 4))


def make_enrol_request(code, receipt_seed, device_seed, software):
    lookup = h("anjungan/enrol-id/1", code.encode())[:16]
    body = Writer().raw(lookup).raw(public_of(receipt_seed)).raw(public_of(device_seed)).text(software).bytes
    message = signed(ENROL, body, receipt_seed, device_seed)
    return message + enrol_mac(code, message)


def open_enrol_answer(message, code, request):
    body, covered, proof = take_apart(ENROL_ANSWER, message, 32)
    require(hmac.compare_digest(enrol_mac(code, covered), proof), "the sender does not know the code")
    reader = Reader(body)
    require(reader.raw(32) == digest(request), "an answer to another request")
    answer = {"server_time": reader.i64(), "confirmed": reader.choice(0, 1) == 1}
    if answer["confirmed"]:
        answer["region"], answer["terminal"] = reader.u(2), reader.u(2)
        require(answer["region"] <= 9999 and 1 <= answer["terminal"] <= 9999, "no such device")
        answer["office"], answer["place"], answer["public_url"] = (reader.text(200) for _ in range(3))
        require(answer["office"], "no office")
        answer["root"], answer["manifest"] = reader.raw(32), reader.block(1024)
        answer["epoch"], answer["join"] = reader.raw(16), reader.u(8)
    reader.end()
    return answer


# Sync ----------------------------------------------------------------------------------------------------------------


def make_sync_request(seed, device, root, epoch, join, from_seq, prev, last_seq, cursor, created, monotonic, events):
    out = Writer().u(2, device[0]).u(2, device[1]).raw(root_id(root)).raw(epoch).u(8, join)
    out.u(8, from_seq).raw(prev).u(8, last_seq).u(8, cursor).i64(created).u(8, monotonic).u(2, len(events))
    for event in events:
        out.block(event)
    return signed(SYNC, out.bytes, seed)


def open_sync_answer(message, signing_keys, device, request):
    body, covered, proof = take_apart(SYNC_ANSWER, message, 64)
    keys = [key for key in signing_keys if key_id(key) == body[:4]]
    require(
        any(signature_holds(key, domain(SYNC_ANSWER), covered, proof) for key in keys), "the centre has not signed this"
    )
    reader = Reader(body)
    reader.raw(4)
    require((reader.u(2), reader.u(2)) == device, "an answer for another device")
    require(reader.raw(32) == digest(request), "an answer to another request")
    answer = {"standing": reader.choice(WELCOME, LOCKED, REVOKED, DOUBTED), "epoch": reader.raw(16)}
    answer["acked_seq"], answer["acked_hash"] = reader.u(8), reader.raw(32)
    count = reader.u(2)
    require(count <= MAX_EVENTS, "too many results")
    answer["results"] = [reader.choice(STORED, DUPLICATE, CONFLICT, QUARANTINED) for _ in range(count)]
    count = reader.u(2)
    require(count <= 64, "too many ranges")
    answer["need"] = [(reader.u(8), reader.u(8)) for _ in range(count)]
    last = 0
    for first, end in answer["need"]:
        require(last < first <= end, "ranges that do not ascend")
        last = end
    answer["server_time"], answer["join"] = reader.i64(), reader.u(8)
    count = reader.u(2)
    require(count <= 100, "too much news")
    answer["feed"] = [(reader.u(8), reader.text(32), reader.text(64), reader.block(65_536)) for _ in range(count)]
    cursors = [item[0] for item in answer["feed"]]
    require(cursors == sorted(set(cursors)), "cursors that do not ascend")
    answer["feed_more"] = reader.choice(0, 1) == 1
    reader.end()
    return answer


# Carried by hand ----------------------------------------------------------------------------------------------------

CARRIED = (1 << 64) - 1


def split_carried_answer(data):
    """The request and the answer in an answer file."""
    require(data[:5] == MAGIC + bytes([SYNC]), "not an answer file")
    end = 9 + int.from_bytes(data[5:9], "big") + 64
    require(end < len(data), "cut short")
    return data[:end], data[end:]


# Questions -----------------------------------------------------------------------------------------------------------


def make_question(seed, device, root, question_id, code_hash, reply_key, created):
    body = Writer().u(2, device[0]).u(2, device[1]).raw(root_id(root)).raw(question_id)
    return signed(QUESTION, body.raw(code_hash).raw(reply_key).i64(created).bytes, seed)


def open_question_answer(message, signing_keys, device, request):
    body, covered, proof = take_apart(QUESTION_ANSWER, message, 64)
    keys = [key for key in signing_keys if key_id(key) == body[:4]]
    require(
        any(signature_holds(key, domain(QUESTION_ANSWER), covered, proof) for key in keys),
        "the centre has not signed this",
    )
    reader = Reader(body)
    reader.raw(4)
    require((reader.u(2), reader.u(2)) == device, "an answer for another device")
    require(reader.raw(32) == digest(request), "an answer to another request")
    answer = {"finding": reader.choice(FOUND, UNKNOWN, THROTTLED), "retry_after": reader.u(4)}
    answer["sealed"], answer["server_time"] = reader.block(MAX_MESSAGE), reader.i64()
    require((answer["finding"] == FOUND) == bool(answer["sealed"]), "a case where none belongs")
    reader.end()
    return answer


# Rotation ------------------------------------------------------------------------------------------------------------


def make_rotation(device, root, receipt_seed, device_seed, next_receipt_seed, next_device_seed):
    """A seed that stays is given again."""
    keys = [public_of(seed) for seed in (receipt_seed, device_seed, next_receipt_seed, next_device_seed)]
    require(keys[0] != keys[2] or keys[1] != keys[3], "no key changes")
    head = Writer().u(2, device[0]).u(2, device[1]).raw(root_id(root)).bytes
    proof = bytes(64)
    if keys[0] != keys[2]:
        proof = sign(next_receipt_seed, "anjungan/receipt-key/1", head + keys[2])
    return signed(ROTATION, head + b"".join(keys) + proof, next_device_seed, device_seed)


def open_rotation_answer(message, signing_keys, device, request):
    body, covered, proof = take_apart(ROTATION_ANSWER, message, 64)
    keys = [key for key in signing_keys if key_id(key) == body[:4]]
    require(
        any(signature_holds(key, domain(ROTATION_ANSWER), covered, proof) for key in keys),
        "the centre has not signed this",
    )
    reader = Reader(body)
    reader.raw(4)
    require((reader.u(2), reader.u(2)) == device, "an answer for another device")
    require(reader.raw(32) == digest(request), "an answer to another request")
    answer = {"changed": reader.i64()}
    reader.end()
    return answer

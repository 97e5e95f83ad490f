# SPDX-License-Identifier: Apache-2.0
"""Numbers, codes, receipts, events and sealing, written from sync/record/FORMAT.md alone.

Nothing here is shared with the programs: what this file and they agree on is what the document says.
"""

import base64
import datetime
import hashlib
import json
import re
import secrets
import uuid

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
EVENT_TYPES = frozenset(
    """complaint.created attachment.added receipt.printed receipt.reprinted receipt.voided receipt.reissued
    assistance.requested complaint.verified disposition followup.added status.changed feedback.given escalated
    correction shift.closed device.booted device.clock device.printer device.command
    device.tamper""".split()
)
MAX_EVENT_BYTES = 128 * 1024
NO_HASH = bytes(32)


class Refused(Exception):
    """The bytes are not what the document allows."""


def require(condition, why):
    if not condition:
        raise Refused(why)


def blake(data, key=b""):
    return hashlib.blake2b(data, digest_size=32, key=key).digest()


def h(domain, data):
    return blake(domain.encode() + b"\0" + data)


def sign(seed, domain, data):
    return SigningKey(seed).sign(domain.encode() + b"\0" + data).signature


def signature_holds(public, domain, data, signature):
    try:
        VerifyKey(public).verify(domain.encode() + b"\0" + data, signature)
        return True
    except CryptoError:
        return False


def public_of(seed):
    return bytes(SigningKey(seed).verify_key)


def key_id(public):
    return h("anjungan/key/1", public)[:4]


def to_base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text):
    require(re.fullmatch(r"[A-Za-z0-9_-]*", text), "not base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise Refused("not base64url") from error
    require(to_base64url(data) == text, "base64url with unused bits")
    return data


# Tracking number -----------------------------------------------------------------------------------------------------

QUASIGROUP = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def damm(digits):
    interim = 0
    for digit in digits:
        interim = int(QUASIGROUP[interim][int(digit)])
    return interim


def tracking_number(region, terminal, running):
    digits = f"{region:04}{terminal:04}{running:06}"
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}-{damm(digits)}"


def digits_of_number(text):
    digits = re.sub("[- ]", "", text)
    require(re.fullmatch(r"[0-9]{15}", digits), "a tracking number has 15 digits")
    require(damm(digits) == 0, "the check digit does not fit")
    return digits


def pack_number(text):
    return int(digits_of_number(text)[:14]).to_bytes(6, "big")


def unpack_number(packed):
    digits = f"{int.from_bytes(packed, 'big'):014}"
    require(len(digits) == 14, "a packed number is too large")
    return tracking_number(int(digits[:4]), int(digits[4:8]), int(digits[8:]))


# Access code ---------------------------------------------------------------------------------------------------------


def _times(a, b):
    """Product in GF(32), modulus x^5 + x^2 + 1."""
    product = 0
    for bit in range(5):
        if b >> bit & 1:
            product ^= a << bit
    for bit in range(8, 4, -1):
        if product >> bit & 1:
            product ^= 0b100101 << (bit - 5)
    return product


def check_values(values):
    """The two check values: remainder of the division by x^2 + 6x + 8, the higher power first."""
    high = low = 0
    for value in list(values) + [0, 0]:
        lead = high
        high = low ^ _times(lead, 6)
        low = value ^ _times(lead, 8)
    return [high, low]


def with_check(values):
    return "".join(ALPHABET[value] for value in list(values) + check_values(values))


def new_code(data_characters=14):
    return with_check([secrets.randbelow(32) for _ in range(data_characters)])


def read_code(text, characters=16):
    plain = re.sub("[- ]", "", text).upper().replace("O", "0").replace("I", "1").replace("L", "1")
    require(len(plain) == characters and all(c in ALPHABET for c in plain), "not a code")
    values = [ALPHABET.index(c) for c in plain]
    require(values[-2:] == check_values(values[:-2]), "the code is mistyped")
    return plain


def code_hash(code):
    return h("anjungan/code/1", code.encode())


# Receipt token -------------------------------------------------------------------------------------------------------

RECEIPT_DOMAIN = "anjungan/receipt/1"
MINUTES_FROM = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)


def make_token(seed, number, seq, minutes, secret, event_hash, flags=0):
    body = bytes([1, flags]) + key_id(public_of(seed)) + pack_number(number)
    body += seq.to_bytes(5, "big") + minutes.to_bytes(3, "big") + secret + event_hash[:8]
    return body + sign(seed, RECEIPT_DOMAIN, body)


def read_token(url, public):
    """The token's fields, if the receipt key signed it."""
    require("/t#" in url, "not the address of a receipt")
    token = from_base64url(url.split("/t#", 1)[1])
    require(len(token) == 104, "a token has 104 bytes")
    require(token[0] == 1, "unknown version")
    require(token[1] & ~3 == 0, "unknown flag")
    require(token[2:6] == key_id(public), "another key")
    require(signature_holds(public, RECEIPT_DOMAIN, token[:40], token[40:]), "not genuine")
    return {
        "flags": token[1],
        "number": unpack_number(token[6:12]),
        "seq": int.from_bytes(token[12:17], "big"),
        "minutes": int.from_bytes(token[17:20], "big"),
        "secret_hash": h("anjungan/secret/1", token[20:32]),
    }


# Events --------------------------------------------------------------------------------------------------------------

MEMBERS = {"v", "device", "seq", "id", "type", "subject", "time", "boot", "mono", "office", "public", "blobs", "prev"}


def event_id(unix_ms):
    """A UUID of version 7."""
    value = unix_ms << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)


def iso_time(unix_ms):
    moment = datetime.datetime.fromtimestamp(unix_ms // 1000, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + f".{unix_ms % 1000:03}Z"


def write_event(fields):
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _once(pairs):
    names = [name for name, _ in pairs]
    require(len(names) == len(set(names)), "a member stands twice")
    return dict(pairs)


def _whole(value, below, why):
    require(type(value) is int and 0 <= value < below, why)


def _text(value, most, why):
    require(type(value) is str and len(value.encode()) <= most, why)


def _hash(value, why):
    require(type(value) is str and re.fullmatch("[0-9a-f]{64}", value), why)


def read_event(data):
    """The members of an event; Refused unless every rule of the document holds."""
    require(len(data) <= MAX_EVENT_BYTES, "longer than 128 KiB")
    try:
        event = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except ValueError as error:
        raise Refused("not JSON in UTF-8") from error
    require(type(event) is dict, "not an object")
    require(MEMBERS <= set(event) <= MEMBERS | {"sealed"}, "a member is missing or unknown")
    require(type(event["v"]) is int and event["v"] == 1, "another version")
    _text(event["device"], 64, "device")
    _whole(event["seq"], 1 << 40, "seq")
    require(event["seq"] >= 1, "seq")
    for name in ("id", "subject"):
        require(
            type(event[name]) is str
            and re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", event[name]),
            name,
        )
    require(uuid.UUID(event["id"]).version == 7, "id is not of version 7")
    require(event["type"] in EVENT_TYPES, "unknown type")
    require(
        type(event["time"]) is str
        and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"], re.ASCII),
        "time",
    )
    _text(event["boot"], 64, "boot")
    _whole(event["mono"], 1 << 64, "mono")
    _text(event["office"], 200, "office")
    require(type(event["public"]) is dict and len(event["public"]) <= 64, "public")
    for name, value in event["public"].items():
        require(1 <= len(name.encode()) <= 64, "a name in public")
        _text(value, 4096, "a value in public")
    require(type(event["blobs"]) is list and len(event["blobs"]) <= 64, "blobs")
    for blob in event["blobs"]:
        _hash(blob, "blobs")
    _hash(event["prev"], "prev")
    return event


# Sealing -------------------------------------------------------------------------------------------------------------


def _sealed_for(device, seq, id_):
    return b"anjungan/seal/1\0" + device.encode() + b"\0" + seq.to_bytes(8, "big") + uuid.UUID(str(id_)).bytes


def seal(plain, recipients, device, seq, id_):
    """`plain` is a dictionary of texts, `recipients` X25519 public keys."""
    key, nonce = secrets.token_bytes(32), secrets.token_bytes(24)
    data = write_event({name: text for name, text in plain.items() if text})
    cipher = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(data, _sealed_for(device, seq, id_), nonce, key)
    keys = [
        {"to": key_id(one).hex(), "box": to_base64url(SealedBox(PublicKey(one)).encrypt(key))} for one in recipients
    ]
    return {"keys": keys, "nonce": to_base64url(nonce), "cipher": to_base64url(cipher)}


def unseal(event, secret):
    """The plain JSON's bytes, with one recipient's X25519 secret."""
    private = PrivateKey(secret)
    mine = key_id(bytes(private.public_key)).hex()
    boxes = [key["box"] for key in event["sealed"]["keys"] if key["to"] == mine]
    require(len(boxes) == 1, "not sealed to this key")
    try:
        key = SealedBox(private).decrypt(from_base64url(boxes[0]))
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            from_base64url(event["sealed"]["cipher"]),
            _sealed_for(event["device"], event["seq"], event["id"]),
            from_base64url(event["sealed"]["nonce"]),
            key,
        )
    except CryptoError as error:
        raise Refused("the seal does not hold") from error

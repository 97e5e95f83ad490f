#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A bucket in memory that believes a request only with a right AWS Signature Version 4: s3_server.py KEY_ID SECRET REGION

Written from Amazon's description of the signature, without looking at any client: canonical request, string to sign, derived key.
Prints its port. PUT, GET and HEAD of one object each; a wrong signature, an unsigned header that should be signed, a body with
another digest or a clock more than 15 minutes away gets 403, as S3 does; a query gets 400, so that nobody relies on signing one.
"""
import hashlib
import hmac
import re
import sys
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY_ID, SECRET, REGION = sys.argv[1:4]
OBJECTS = {}
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})")


def signed(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(secret, date, region, stamp, canonical):
    key = ("AWS4" + secret).encode()
    for part in (date, region, "s3", "aws4_request"):
        key = signed(key, part)
    scope = f"{date}/{region}/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


# The GET Object example of Amazon's documentation (examplebucket, test.txt): this verifier agrees with it before it judges others.
EXAMPLE = ("GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\nrange:bytes=0-9\n"
           "x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\nx-amz-date:20130524T000000Z\n\n"
           "host;range;x-amz-content-sha256;x-amz-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
assert signature("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524", "us-east-1", "20130524T000000Z", EXAMPLE) == \
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"


class Bucket(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def why_not(self, body):
        found = AUTHORIZATION.fullmatch(self.headers.get("Authorization", ""))
        if not found:
            return "no signature"
        key_id, date, region, names, given = found.groups()
        stamp = self.headers.get("x-amz-date", "")
        digest = self.headers.get("x-amz-content-sha256", "")
        try:
            at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
        except ValueError:
            return "no date"
        if (key_id, region, date) != (KEY_ID, REGION, stamp[:8]):
            return "another key, region or date"
        if abs(datetime.now(timezone.utc) - at) > timedelta(minutes=15):
            return "the clock"
        listed = names.split(";")
        if listed != sorted(listed) or not {"host", "x-amz-content-sha256", "x-amz-date"} <= set(listed):
            return "a header that must be signed is not"
        if digest != hashlib.sha256(body).hexdigest():
            return "another body"
        canonical = "\n".join([self.command, self.path, ""] +
                              [f"{name}:{' '.join(self.headers.get(name, '').split())}" for name in listed] + ["", names, digest])
        if not hmac.compare_digest(given, signature(SECRET, date, region, stamp, canonical)):
            return "another signature"
        return None

    def answer(self, status, body=b"", length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "?" in self.path:
            return self.answer(400)
        why = self.why_not(body)
        if why:
            print(f"refused: {why}", file=sys.stderr, flush=True)
            return self.answer(403, b"" if self.command == "HEAD" else why.encode())
        if self.command == "PUT":
            OBJECTS[self.path] = body
            return self.answer(200)
        found = OBJECTS.get(self.path)
        if found is None:
            return self.answer(404)
        return self.answer(200, b"" if self.command == "HEAD" else found, len(found))

    do_PUT = do_GET = do_HEAD = handle_one


SERVER = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
SERVER.daemon_threads = True
print(SERVER.server_address[1], flush=True)
SERVER.serve_forever()

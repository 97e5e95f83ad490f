#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Requests that two servers could read differently, each on a TLS connection of its own: smuggle.py ROOT.pem ADDRESS:PORT

Prints one JSON object: for each request the status of the first answer, and how many answers came before the end.
"""
import json
import re
import socket
import ssl
import sys

NEXT = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
REQUESTS = {
    "two lengths": b"POST /t/code HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 44\r\n\r\n{}" + NEXT,
    "length and chunks": b"POST /t/code HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT,
    "chunks in HTTP/1.0": b"POST /t/code HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT,
    "chunks by another name": b"POST /t/code HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + NEXT,
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n",
    "a negative length": b"POST /t/code HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "a body that is a bomb": b"POST /v1/sync HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1073741824\r\n\r\n",
    "a compressed body": b"POST /t/code HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "a header without end": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
    "a NUL in the path": b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "not HTTP": b"\x16\x03\x01hello\r\n\r\n",
}


def answers(context, where, request):
    with context.wrap_socket(socket.create_connection(where, timeout=30), server_hostname="localhost") as line:
        got = b""
        try:
            line.sendall(request)
            while piece := line.recv(65536):
                got += piece
                # An answer after which the server waits for another request ends this one.
                if b"\r\nConnection: close" not in got:
                    line.settimeout(2)
        except (TimeoutError, ConnectionError, ssl.SSLError):
            pass
    statuses = re.findall(rb"HTTP/1\.[01] (\d{3}) ", got)
    return {"status": int(statuses[0]) if statuses else 0, "answers": len(statuses)}


def main():
    address, port = sys.argv[2].split(":")
    context = ssl.create_default_context(cafile=sys.argv[1])
    print(json.dumps({name: answers(context, (address, int(port)), request) for name, request in REQUESTS.items()}))


main()

# SPDX-License-Identifier: Apache-2.0
"""The real anjungan-central as a child process, and its administrator's command line."""

import json
import os
import pathlib
import signal
import subprocess

BIN = pathlib.Path(os.environ["ANJUNGAN_BIN"])
CATALOGUE = os.environ["ANJUNGAN_CATALOGUE"]


def run(program, *words):
    return subprocess.run([BIN / program, *words], capture_output=True, text=True, timeout=120)


class Centre:
    """anjungan-central with a data folder, and the administrator's command line."""

    def __init__(self, folder, options=()):
        self.folder, self.data, self.process = folder, folder / "central", None
        self.start(options=options)

    def start(self, listen="127.0.0.1:0", options=()):
        log = open(self.folder / "central.log", "ab")
        command = [BIN / "anjungan-central", "--listen", listen, "--data", self.data, "--catalogue", CATALOGUE]
        command += ["--public-url", "https://lapor.example.go.id", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        log.close()
        for line in self.process.stdout:
            if "listening on " in line:
                self.authority = line.split("listening on ")[1].split()[0]
                return
        raise AssertionError((self.folder / "central.log").read_text())

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(60)
        self.process.stdout.close()

    def ctl(self, *words):
        done = run("anjunganctl", "central", "--data", self.data, *words)
        if done.returncode != 0:
            raise AssertionError(f"{words}: {done.stderr}")
        return done.stdout

    def json(self, *words):
        return json.loads(self.ctl(*words, "--json"))

    def stats(self, device):
        return next(one for one in self.json("stats")["devices"] if one["device"] == device)

    def new_code(self):
        return self.ctl("enrol-code", "--office", "MPP Kota Contoh", "--region", "3273").split("\n")[0]

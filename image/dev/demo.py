#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What ./dev run looks at during its walk, and the summary it leaves. Each command exits 0 only if it saw what it names."""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import urllib.error
import urllib.request


class Walk:
    def __init__(self, options):
        self.folder = pathlib.Path(options.folder)
        self.receipts = pathlib.Path(options.receipts)
        self.options = options

    def case(self, name):
        """What the robot saw: number, code and address stood on the kiosk's screen."""
        return json.loads((self.folder / f"{name}.json").read_text())

    def row(self, name):
        """The terminal's own word for this report's receipt."""
        out = subprocess.run([self.options.ctl, "receipts", "--config", self.options.config, "--json"],
                             check=True, capture_output=True, text=True).stdout
        number = self.case(name)["tracking_number"]
        return next(row for row in json.loads(out)["receipts"] if row["number"] == number)

    def number(self, name):
        print(self.case(name)["tracking_number"])

    def track_script(self, name):
        """The robot's way to this report by its access code, as somebody would type it."""
        script = pathlib.Path(__file__).with_name("walk") / "track.robot"
        print(script.read_text().replace("CODE", self.case(name)["access_code"].replace("-", "")), end="")

    def tracked(self, name):
        """The kiosk itself showed the case."""
        screens = self.case(name)["screens"]
        sys.exit(0 if self.case(name)["tracked_status"] == "in_progress" and "track_result" in screens else 1)

    def check_receipt(self, name):
        """It says printed, both files are there, and an independent reader finds the receipt's own address in the picture."""
        case = self.case(name)
        if self.row(name)["print"] != "printed":
            sys.exit(f"{case['tracking_number']} is not printed")
        newest_first = sorted(self.receipts.glob("*.png"), key=lambda path: path.stat().st_mtime, reverse=True)
        for picture in newest_first[:5]:
            seen = subprocess.run(["zbarimg", "-q", "--nodbus", "--raw", picture], capture_output=True, text=True)
            if seen.stdout.strip() == case["receipt_url"]:
                for ending in ("png", "pdf"):
                    shutil.copy(picture.with_suffix("." + ending), self.folder / "receipts" / f"{name}.{ending}")
                return
        sys.exit("no printed picture has a QR code with the receipt's address")

    def delivered(self, name):
        sys.exit(0 if self.row(name)["delivered"] else 1)

    def not_delivered(self, name):
        sys.exit(1 if self.row(name)["delivered"] else 0)

    def look(self, name):
        token = self.case(name)["receipt_url"].split("#", 1)[1]
        request = urllib.request.Request(self.options.url + "/t/receipt", json.dumps({"token": token}).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def page(self, name, state, status=None):
        """The tracking page opens, and what it is told fits."""
        with urllib.request.urlopen(self.options.url + "/t", timeout=10) as page:
            if b"/s/track.js" not in page.read():
                sys.exit("the tracking page is not what it should be")
        sight = self.look(name)
        if sight["state"] != state or (status and sight["case"]["status"] != status):
            sys.exit(f"the tracking page says {sight['state']}")

    def told(self, name):
        case, row = self.case(name), self.row(name)
        return {
            "tracking_number": case["tracking_number"],
            "access_code": case["access_code"],
            "receipt_url": case["receipt_url"],
            "tracking_page_url": self.options.url + "/t#" + case["receipt_url"].split("#", 1)[1],
            "acked": row["delivered"],
        }

    def summary(self):
        out = self.told("online")
        out["offline_case"] = self.told("offline")
        out["screens"] = sorted(str(p.relative_to(self.folder)) for p in self.folder.glob("screens/*.png"))
        out["receipts"] = sorted(str(p.relative_to(self.folder)) for p in self.folder.glob("receipts/*"))
        shown = self.case("online")["screens"]
        if not (out["acked"] and out["offline_case"]["acked"] and len(out["receipts"]) == 4 and len(out["screens"]) >= 20
                and {"attract", "review", "done", "thanks"} <= set(shown)):
            sys.exit("something of the walk is missing")
        (self.folder / "summary.json").write_text(json.dumps(out, indent=2) + "\n")

    def tell(self):
        out = json.loads((self.folder / "summary.json").read_text())
        for title, case in (("with the network up", out), ("with the server down, delivered later", out["offline_case"])):
            print(f"    {title}: {case['tracking_number']}, access code {case['access_code']}")
            print(f"      {case['tracking_page_url']}")
        print(f"    {len(out['screens'])} screens: build/demo/screens/, receipts: build/demo/receipts/, summary: build/demo/summary.json")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("folder", "receipts", "ctl", "config", "url"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("command")
    parser.add_argument("arguments", nargs="*")
    options = parser.parse_args()
    try:
        getattr(Walk(options), options.command.replace("-", "_"))(*options.arguments)
    except (OSError, urllib.error.URLError, subprocess.CalledProcessError, StopIteration, KeyError, ValueError) as error:
        sys.exit(f"{options.command}: {error}")


if __name__ == "__main__":
    main()

// SPDX-License-Identifier: Apache-2.0
// SIGKILL while a report is saved and printed, again and again, at moments seen from outside: the screen's name, the
// number on it, the receipt in the printer's folder. After each restart every number that was shown or printed is in
// the store exactly once and its receipt is printed; at the end the centre takes the whole chain.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { Hall, until } from "../../e2e/receipt_to_page/programs.mjs";
import { Kiosk } from "../../e2e/kiosk/robot.mjs";

const lanes = 3;
const rounds = 8;
const report = ["until attract", "tap start", "tap language.id", "tap consent.yes", "tap kind.complaint", "tap category.lampu",
  "tap category.lampu.padam", "until story", "type gelap", "tap next", "tap district.none", "until place", "tap next", "until when",
  "tap next", "until who", "tap next", "until how", "tap next", "tap identity.anonymous", "until review", "tap submit", "until done",
  "until printed", "tap finish", "until attract"];

/** What a stranger can see, and how long after it at most the blow falls (the disk and the printer are quick). */
const moments = [
  ["the review screen", (one) => one.screen === "review", 700],
  ["the saving screen", (one) => one.screen === "saving" || one.number, 20],
  ["the number", (one) => one.number, 15],
  ["the number, a little later", (one) => one.number, 150],
  ["the receipt", (one, lane) => lane.pictures().length > lane.before, 30],
];

class Lane {
  hall = new Hall();
  shown = new Set();
  outcomes = new Set();

  pictures() {
    const folder = this.hall.file("receipts");
    return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith(".png")) : [];
  }
  rows() { return JSON.parse(this.hall.terminal("receipts", "--json")).receipts; }
  kiosk(lines) { return new Kiosk(this.hall.folder, this.hall.file("terminal.toml"), lines); }

  async open() {
    await this.hall.startCentral();
    this.hall.writeConfig();
    await this.hall.enrol();
  }

  async kill(moment) {
    const [name, seen, longest] = moment;
    this.before = this.pictures().length;
    const one = this.running = this.kiosk(report);
    Object.defineProperty(one, "number", { get: () => one.said.match(/^number (\S+)$/m)?.[1] });
    // Inside a step there is nothing to wait for: chance picks the moment, the clock tells it.
    const later = Math.random() * longest;
    let since;
    await new Promise((done, fail) => {
      const look = () => {
        if (one.child.exitCode !== null) return fail(new Error(`it ended before ${name}: ${one.errors}${one.said}`));
        if (since === undefined && seen(one, this)) since = performance.now();
        return since !== undefined && performance.now() - since >= later ? done() : setImmediate(look);
      };
      look();
    });
    one.child.kill("SIGKILL");
    assert.equal(await one.ended, "SIGKILL");
    if (one.number) this.shown.add(one.number);
    const printed = this.pictures().length > this.before;
    this.outcomes.add(printed ? "printed" : one.number ? "shown, not printed" : "not shown");
  }

  /** Starts it again until everything it has on its disk is printed. */
  async recover() {
    const one = this.running = this.kiosk(["until attract", "until thanks"]);
    await until("the kiosk", () => one.screen === "attract", 30);
    await until("every receipt on paper", () => this.rows().every((row) => row.print === "printed"), 15);
    one.child.kill("SIGTERM");
    assert.equal(await one.ended, 0, one.errors);
    const numbers = this.rows().map((row) => row.number);
    assert.equal(new Set(numbers).size, numbers.length, "a number is there twice");
    for (const number of this.shown) assert.ok(numbers.includes(number), `${number} was shown and is lost`);
    const printed = new Set(this.pictures().map((name) => name.slice(0, 18)));
    for (const number of printed) assert.ok(numbers.includes(number), `${number} was printed and is lost`);
    for (const number of numbers) assert.ok(printed.has(number), `${number} has no receipt`);
  }

  async run() {
    await this.open();
    for (let round = 0; round < rounds; round++) {
      await this.kill(moments[round % moments.length]);
      await this.recover();
    }
    for (const name of this.pictures()) {
      const seen = execFileSync("zbarimg", ["-q", "--nodbus", "--raw", this.hall.file("receipts/" + name)], { encoding: "utf8" });
      assert.match(seen, /\/t#/);
    }
    this.hall.startAgent();
    for (const row of this.rows()) await this.hall.delivered(row.number);
    return this.rows().length;
  }

  async end() {
    this.running?.child.kill("SIGKILL");
    await this.running?.ended;
    await this.hall.end();
  }
}

const all = Array.from({ length: lanes }, () => new Lane());
try {
  const counts = await Promise.all(all.map((lane) => lane.run()));
  const outcomes = new Set(all.flatMap((lane) => [...lane.outcomes]));
  assert.equal(outcomes.size, 3, "the blows fell at one kind of moment only: " + [...outcomes]);
  console.log(`${lanes * rounds} kills, ${counts.reduce((sum, one) => sum + one, 0)} reports on disk, ` +
    `${all.reduce((sum, lane) => sum + lane.shown.size, 0)} numbers seen before the blow; none lost, none twice, all printed and delivered`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await Promise.all(all.map((lane) => lane.end()));
}

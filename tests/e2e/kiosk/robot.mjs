// SPDX-License-Identifier: Apache-2.0
// A kiosk that a robot touches: its lines, its report, and what it says while it goes.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** What a citizen types; none of it may ever be found on the terminal's disk. */
export const typed = {
  story: "Lampu jalan padam, gang Kelinci gelap",
  place: "Jl. Umpama 7",
  name: "Euis Karangan",
  phone: "080012349876",
  nik: "0000005505800007",
};

const start = ["until attract", "tap start", "tap language.id", "tap consent.yes", "tap kind.complaint", "tap category.lampu",
  "tap category.lampu.padam", "until story", "type " + typed.story, "tap next", "tap district.coblong",
  "tap village.coblong.dago", "until place", "type " + typed.place, "tap next", "tap when.week", "tap next",
  "until who", "tap next", "until how", "tap next"];

/** To the review screen, with name, phone and NIK. */
export const named = [...start, "tap identity.open", "until name", "type " + typed.name, "tap next", "until phone",
  "type " + typed.phone, "tap next", "until nik", "type " + typed.nik, "tap next", "until address", "tap next", "until review"];
/** The same without a name: shorter. */
export const anonymous = [...start, "tap identity.anonymous", "until review"];
export const home = ["tap finish", "until thanks", "until attract"];
export const follow = (code) => ["until attract", "tap track", "until track_code", "type " + code, "tap track.ask", "until answered"];

export class Kiosk {
  /** Starts it; `before` is a command line that starts it in turn (faketime, unshare). */
  constructor(folder, config, lines, { shots = "", before = [], environment = {} } = {}) {
    const script = path.join(folder, "citizen.robot");
    this.file = path.join(folder, "citizen.json");
    fs.rmSync(this.file, { force: true });
    fs.writeFileSync(script, lines.join("\n") + "\n");
    const command = [...before, path.join(process.env.ANJUNGAN_BIN, "anjungan"), "--config", config, "--robot", script,
      "--robot-report", this.file, ...(shots ? ["--shots", shots] : [])];
    this.child = spawn(command[0], command.slice(1), { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
    this.said = this.errors = "";
    this.child.stdout.on("data", (data) => { this.said += data; });
    this.child.stderr.on("data", (data) => { this.errors += data; });
    this.ended = new Promise((done) => this.child.once("close", (code, signal) => done(code ?? signal)));
    this.child.once("error", (error) => { this.errors += error; });
  }

  get screen() { return this.said.match(/^screen (\S+)$/gm)?.at(-1).slice(7); }

  /** The report, once every line was done. */
  async done() {
    const status = await this.ended;
    if (status !== 0) throw new Error(`the kiosk ended with ${status}: ${this.errors.slice(-3000)}\n${this.said}`);
    return JSON.parse(fs.readFileSync(this.file, "utf8"));
  }
}

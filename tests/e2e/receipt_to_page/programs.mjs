// SPDX-License-Identifier: Apache-2.0
// The programs of a hall and its centre in a folder of their own: started, awaited by what they say, stopped by process id.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setInterval } from "node:timers/promises";

const bin = process.env.ANJUNGAN_BIN;

/** Waits until `look` gives something true; fails with `what` after `seconds`. */
export async function until(what, look, seconds = 30) {
  const deadline = Date.now() + seconds * 1000;
  for await (const _ of setInterval(50)) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s for ${what}`);
  }
}

export class Hall {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "anjungan-e2e-"));
    this.running = new Map();
    this.port = 0;
  }

  file(name) { return path.join(this.folder, name); }
  log(name) { return fs.existsSync(this.file(name + ".log")) ? fs.readFileSync(this.file(name + ".log"), "utf8") : ""; }

  start(name, program, ...options) {
    const out = fs.openSync(this.file(name + ".log"), "a");
    const child = spawn(path.join(bin, program), options, { stdio: ["ignore", out, out] });
    fs.closeSync(out);
    const one = { child, status: undefined };
    one.ended = new Promise((done) => child.once("exit", (code, signal) => done(one.status = code ?? signal)));
    this.running.set(name, one);
    return one.ended;
  }

  /** Asks to end and waits; gives the exit status. */
  async stop(name) {
    const one = this.running.get(name);
    if (!one) return undefined;
    this.running.delete(name);
    one.child.kill("SIGTERM");
    await until(`the end of ${name}`, () => one.status !== undefined, 15).catch(() => one.child.kill("SIGKILL"));
    return one.ended;
  }

  async startCentral() {
    fs.rmSync(this.file("central.log"), { force: true });
    this.start("central", "anjungan-central", "--listen", `127.0.0.1:${this.port}`, "--data", this.file("central"));
    const line = await until("the central server", () => this.log("central").match(/listening on 127\.0\.0\.1:(\d+)/), 60);
    this.port = Number(line[1]);
    this.url = `http://127.0.0.1:${this.port}`;
  }

  writeConfig() {
    fs.writeFileSync(this.file("terminal.toml"), `[terminal]
data = "${this.file("terminal")}"
runtime = "${this.file("run")}"
place = "Lantai 1"
region = 3273
[centre]
url = "${this.url}"
[printer]
kind = "virtual"
folder = "${this.file("receipts")}"
[sync]
base_s = 1
cap_s = 2
poll_s = 1
`);
  }

  ctl(...options) {
    return execFileSync(path.join(bin, "anjunganctl"), options, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }
  terminal(verb, ...options) { return this.ctl(verb, "--config", this.file("terminal.toml"), ...options); }
  staff(...options) { return this.ctl("central", "--data", this.file("central"), ...options); }

  async enrol() {
    const code = this.staff("enrol-code", "--office", "MPP Kota Bandung", "--place", "Lantai 1", "--region", "3273").trim();
    const enrolled = this.start("enrol", "anjunganctl", "enrol", "--config", this.file("terminal.toml"), "--code", code);
    const device = await until("the terminal's request", () => this.staff("devices").match(/^(\d{4}-\d{4}) +waiting/m));
    this.staff("confirm", device[1]);
    if ((await enrolled) !== 0) throw new Error("enrolment failed: " + this.log("enrol"));
    this.running.delete("enrol");
  }

  startAgent() { this.start("agent", "anjungan-sync", "--config", this.file("terminal.toml")); }

  report(seed, photos = 0) {
    return JSON.parse(this.terminal("seed", "--complaints", "1", "--seed", String(seed), "--photos", String(photos), "--print", "--json")).complaints[0];
  }
  /** Events as a courier brings them: their attachments stay behind. The agent must not run. */
  carryEvents() {
    const stick = this.file("stick");
    fs.mkdirSync(stick);
    this.terminal("export", "--to", stick);
    this.staff("import", "--from", stick);
    this.terminal("import", "--from", stick);
    fs.rmSync(stick, { recursive: true });
  }
  attached(number) {
    return until(`the attachments of ${number}`, () => JSON.parse(this.staff("--json", "attachments", number)).attachments.every((one) => one.held), 60);
  }
  receipt(number) {
    return JSON.parse(this.terminal("receipts", "--json")).receipts.find((one) => one.number === number);
  }
  delivered(number) { return until(`${number} at the centre`, () => this.receipt(number).delivered, 60); }

  async end() {
    for (const name of [...this.running.keys()].reverse()) await this.stop(name);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

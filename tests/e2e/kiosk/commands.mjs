// SPDX-License-Identifier: Apache-2.0
// What an administrator orders from the centre, with the real programs: a restart of each, a resend, a new catalogue, new
// settings, refusals, one that is taken back, and two by stick. A loop stands for systemd: it starts each program again when it ends, as the units do.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Hall, until } from "../receipt_to_page/programs.mjs";
import { Kiosk } from "./robot.mjs";

const out = process.env.ANJUNGAN_OUT;
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });

const hall = new Hall();
const units = new Map();

/** Starts it, and again whenever it ends cleanly; with `known`, as systemd does it, it can tell who started it. */
function unit(name, program, { known = true } = {}) {
  const one = { starts: 0, wanted: true };
  units.set(name, one);
  const start = () => {
    const log = fs.openSync(hall.file(name + ".log"), "a");
    const command = known ? 'SYSTEMD_EXEC_PID=$$ exec "$0" "$@"' : 'exec "$0" "$@"';
    one.child = spawn("sh", ["-c", command, path.join(process.env.ANJUNGAN_BIN, program), "--config", hall.file("terminal.toml")],
      { stdio: ["ignore", log, log] });
    fs.closeSync(log);
    one.starts++;
    one.ended = new Promise((done) => one.child.once("exit", (code, signal) => { one.status = code ?? signal; done(); }));
    one.ended.then(() => { if (one.wanted) start(); });
  };
  start();
  return one;
}
async function stop(name, signal = "SIGTERM") {
  const one = units.get(name);
  units.delete(name);
  one.wanted = false;
  one.child.kill(signal);
  await one.ended;
}

const commands = (...device) => JSON.parse(hall.staff("--json", "commands", ...device)).commands;
const named = (id) => commands().find((one) => one.id === id);
const order = (...words) => hall.staff("command", device, ...words).trim().split("\n").at(-1);
const ended = (id, what) => until(`${what} (${JSON.stringify(named(id))})`, () => named(id).outcome !== "", 120).then(() => named(id));
const events = (text) => fs.readFileSync(hall.file("kiosk.log"), "utf8").split("\n").filter((line) => line.includes(text)).length;

let device = "";
try {
  await hall.startCentral();
  hall.writeConfig();
  await hall.enrol();
  device = JSON.parse(hall.staff("--json", "devices")).devices[0].device;
  for (const seed of [1, 2, 3]) hall.report(seed);
  const agent = unit("agent", "anjungan-sync");
  const kiosk = unit("kiosk", "anjungan");
  await until("three reports at the centre", () => JSON.parse(hall.staff("--json", "stats")).devices[0].events >= 3, 60);

  console.log("resend: the centre gets what it has once more");
  const before = JSON.parse(hall.staff("--json", "stats")).devices[0];
  const resend = order("resend", "1", "3");
  const resent = await ended(resend, "the resend");
  assert.equal(resent.outcome, "done");
  assert.equal(resent.reason, "events 1 to 3");
  assert.equal(resent.by, "admin");
  assert.equal(resent.received, true);
  assert.ok(resent.outcome_ms > 0 && resent.ordered_ms > 0);
  const after = JSON.parse(hall.staff("--json", "stats")).devices[0];
  assert.equal(after.duplicates - before.duplicates, 3);
  assert.equal(after.conflicts, 0);

  console.log("restart: each program ends cleanly and its unit brings it back");
  const both = hall.staff("command", device, "restart", "both").trim().split("\n");
  assert.equal(both.length, 2);
  for (const id of both) assert.equal((await ended(id, "the restart")).outcome, "done");
  assert.equal(kiosk.starts, 2);
  assert.equal(agent.starts, 2);
  assert.equal(events("screen.opened"), 2, "the new kiosk shows its screen");

  console.log("catalogue: laid down, read whole, taken up when nobody is there, seen by the next citizen");
  const folder = hall.file("kota");
  fs.cpSync(process.env.ANJUNGAN_CATALOGUE, folder, { recursive: true });
  const change = (file, edit) => fs.writeFileSync(path.join(folder, file), edit(fs.readFileSync(path.join(folder, file), "utf8")));
  change("categories.toml", (text) => text.replaceAll('"lampu"', '"penerangan"').replaceAll('"lampu.', '"penerangan.'));
  change("holidays.toml", (text) => `# ${"x".repeat(150_000)}\n${text}`);
  const fresh = await ended(order("catalogue", folder), "the catalogue");
  assert.equal(fresh.outcome, "done", fresh.reason);
  assert.equal(kiosk.starts, 2, "the same process goes on");
  assert.match(JSON.parse(hall.terminal("status", "--json")).catalogue_from_afar, /^[0-9a-f]{32}$/);

  console.log("a catalogue of another region is refused by the terminal, with the reason; the old one stays");
  change("region.toml", (text) => text.replace("3273", "3578"));
  const foreign = await ended(order("catalogue", folder), "the refusal of the catalogue");
  assert.equal(foreign.outcome, "refused");
  assert.match(foreign.reason, /region\.toml: code/);
  change("agencies.toml", (text) => text + "\n[[agency]]\nid = 7\n");
  assert.throws(() => order("catalogue", folder), /agencies\.toml:\d+/, "one that cannot be read goes nowhere");

  console.log("settings: the same, with field and remedy");
  fs.writeFileSync(hall.file("from-afar.toml"), '[brand]\nhall = "Balai Umpama"\n[session]\nidle_s = 90\n');
  assert.equal((await ended(order("settings", hall.file("from-afar.toml")), "the settings")).outcome, "done");
  assert.equal(JSON.parse(hall.terminal("status", "--json")).settings_from_afar["brand.hall"], "Balai Umpama");
  assert.match(hall.terminal("status"), /from afar +session\.idle_s = 90/);
  fs.writeFileSync(hall.file("from-afar.toml"), '[centre]\nurl = "https://elsewhere.example"\n');
  assert.throws(() => order("settings", hall.file("from-afar.toml")), /centre\.url: cannot be set from afar/);

  await stop("kiosk");
  const robot = new Kiosk(hall.folder, hall.file("terminal.toml"), ["until attract", "see Balai Umpama", "tap start", "tap language.id", "tap consent.yes",
    "tap kind.complaint", "tap category.penerangan", "tap category.penerangan.padam", "until story", "shot new-topic"], { shots: out });
  await robot.done();

  console.log("and back to the technician's own");
  unit("kiosk", "anjungan");
  for (const what of ["catalogue", "settings"]) assert.equal((await ended(order(what), what)).outcome, "done");
  const own = JSON.parse(hall.terminal("status", "--json"));
  assert.deepEqual([own.catalogue_from_afar, own.settings_from_afar], ["", {}]);

  console.log("killed before it could: what was ordered is still done, once");
  await stop("kiosk", "SIGKILL");
  const late = order("restart", "kiosk");
  await until("the command on the terminal", () => named(late).received, 60);
  assert.equal(named(late).outcome, "", "nobody is there to do it");
  const again = unit("kiosk", "anjungan");
  assert.equal((await ended(late, "the restart after the kill")).outcome, "done");
  assert.equal(again.starts, 1, "a process that is younger than the order has been restarted");

  console.log("outside systemd a restart is refused with the reason, at the centre to be read");
  await stop("kiosk");
  const alone = unit("kiosk", "anjungan", { known: false });
  const refused = await ended(order("restart", "kiosk"), "the refusal");
  assert.equal(refused.outcome, "refused");
  assert.match(refused.reason, /systemd/);
  assert.equal(alone.starts, 1);
  assert.match(hall.staff("commands", device), /refused .*systemd/);

  console.log("taken back before the terminal hears of it, it is not done");
  await stop("agent");
  const taken = order("restart", "agent");
  assert.match(hall.staff("command-cancel", taken), new RegExp(device));
  const calm = unit("agent", "anjungan-sync");
  assert.equal((await ended(taken, "the cancelled one")).outcome, "cancelled");
  assert.equal(calm.starts, 1);

  console.log("by stick both ways: orders come with the centre's answer, their ends go with the next stick");
  await stop("agent");
  fs.writeFileSync(hall.file("from-afar.toml"), '[brand]\nhall = "Balai Tongkat"\n');
  const brought = order("settings", hall.file("from-afar.toml"));
  const forAgent = order("restart", "agent");
  hall.carryEvents();
  const done = (id) => events(`command.ended id=${id} outcome=done`) === 1;
  await until("the settings that the stick brought", () => done(brought), 60);
  assert.equal(named(brought).outcome, "", "the centre hears of it from a stick alone");
  hall.carryEvents();
  assert.equal(named(brought).outcome, "done");
  assert.equal(JSON.parse(hall.terminal("status", "--json")).settings_from_afar["brand.hall"], "Balai Tongkat");
  assert.equal(named(forAgent).outcome, "", "nobody but the agent can say that it was restarted");
  const fromStick = unit("agent", "anjungan-sync");
  assert.equal((await ended(forAgent, "the restart that waited for the agent")).outcome, "done");
  assert.equal(fromStick.starts, 1, "younger than the order");

  assert.throws(() => hall.staff("command", "3273-0999", "restart", "kiosk"), /no such terminal/);
  assert.throws(() => hall.staff("command", device, "restart", "sh"), /program/);
  assert.throws(() => hall.staff("command", device, "--until", "2020-01-01", "restart", "kiosk"), /future/);
  assert.match(hall.staff("audit-verify"), /lines of the audit/);
} finally {
  for (const name of [...units.keys()]) await stop(name);
  for (const name of ["kiosk", "agent", "central"]) {
    if (fs.existsSync(hall.file(name + ".log"))) fs.copyFileSync(hall.file(name + ".log"), path.join(out, name + ".log"));
  }
  await hall.end();
}
console.log("done");

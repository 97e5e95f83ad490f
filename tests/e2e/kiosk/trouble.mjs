// SPDX-License-Identifier: Apache-2.0
// What a hall does to a kiosk: no enrolment, a wrong configuration, a printer that is off, a disk that is full, read-only or
// damaged, a dead clock, and fields that are wrong. Each shows a clear screen, loses nothing, and is over by itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Hall, until } from "../receipt_to_page/programs.mjs";
import { Kiosk, anonymous, home } from "./robot.mjs";

const out = process.env.ANJUNGAN_OUT;
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });

const hall = new Hall();
let mounted = "";

function kiosk(lines, options = {}) {
  return new Kiosk(hall.folder, hall.file("terminal.toml"), lines.flat(), { shots: path.join(out, options.name ?? "more"), ...options });
}
function setting(change) {
  const file = hall.file("terminal.toml");
  fs.writeFileSync(file, change(fs.readFileSync(file, "utf8")));
}
const seen = (one, screen) => until(`${screen} (${one.said})`, () => one.screen === screen, 40);
const numbers = () => JSON.parse(hall.terminal("receipts", "--json")).receipts.filter((row) => !row.voided).map((row) => row.number);

async function configuration() {
  console.log("a wrong configuration names file, line and key");
  setting((text) => text.replace("poll_s = 1", 'poll_s = 1\n[brand]\nacent = "#000000"'));
  const one = kiosk(["until attract"]);
  assert.equal(await one.ended, 2);
  assert.match(one.errors, /terminal\.toml:\d+.*acent/);
  setting((text) => text.replace(/\n\[brand\]\nacent.*/, ""));
}

async function enrolment() {
  console.log("not enrolled: out of service, and in service as soon as it is");
  const one = kiosk(["until out_of_service", "shot out-of-service", "until attract", "tap start", "until language"], { name: "enrolment" });
  await seen(one, "out_of_service");
  await hall.enrol();
  await one.done();
}

async function printer() {
  console.log("the printer is off: the number stays, and the receipt comes when it is on");
  fs.mkdirSync(hall.file("receipts"), { recursive: true });
  fs.writeFileSync(hall.file("receipts/state"), "offline\n");
  const one = kiosk([anonymous, "tap submit", "until done", "until not-printed", "see Printer tidak terhubung", "shot not-printed",
    "until printed", "shot printed-later", home], { name: "printer" });
  await seen(one, "done");
  await until("the screen that says so", () => fs.existsSync(path.join(out, "printer")) && fs.readdirSync(path.join(out, "printer")).length > 0, 40);

  console.log("the command line sees it and gives orders to the running kiosk");
  const order = (...words) => hall.ctl("printer", ...words, "--config", hall.file("terminal.toml"));
  const orders = (...words) => JSON.parse(order(...words, "--json"));
  assert.equal(orders("status").printers[0].state, "offline");
  assert.equal(orders("status").printers[0].waiting, 1);
  const [job] = orders("jobs").jobs;
  assert.equal(job.reason, "offline");
  assert.match(order("pause"), /done/);
  await until("the pause", () => orders("status").printers[0].state === "paused", 40);
  fs.writeFileSync(hall.file("receipts/state"), "ready\n");
  assert.match(order("test-page"), /paper came out/);
  assert.equal(orders("jobs").jobs[0].id, job.id, "paused: it still waits");
  assert.match(order("resume"), /ready/);
  const report = await one.done();
  assert.equal(report.tracking_number, job.number);
  assert.equal(hall.receipt(report.tracking_number).print, "printed");
  assert.ok(fs.existsSync(hall.file(`receipts/${report.tracking_number}.png`)));

  console.log("without a kiosk the order waits in the store");
  assert.match(order("reprint", report.tracking_number), /does not run/);
  assert.equal(orders("jobs").jobs[0].copy, 1);
  assert.throws(() => order("reprint", report.tracking_number), /not printed yet/);
  await kiosk(["until attract", "tap start", "until language"], { name: "reprint" }).done();
  await until("the reprint", () => fs.existsSync(hall.file(`receipts/${report.tracking_number}-copy-1.png`)), 40);
}

async function staff() {
  console.log("the staff panel: five taps on the corner, the PIN, and what staff do reaches the printer");
  execFileSync(path.join(process.env.ANJUNGAN_BIN, "anjunganctl"), ["staff-pin", "--config", hall.file("terminal.toml")],
    { input: "271828\n" });
  fs.writeFileSync(hall.file("receipts/state"), "media-empty\n");
  const job = JSON.parse(hall.terminal("receipts", "--json")).receipts.length + 1;
  const one = kiosk([anonymous, "tap submit", "until done", "until not-printed", "tap corner", "until staff_pin",
    "type 111112", "tap staff.open", "see PIN ini tidak tepat", "type 271828", "tap staff.open", "until staff",
    "see Kertas habis", "shot staff", "tap staff.printer.struk", "until staff_printer", "tap staff.pause", "see Dihentikan",
    "tap staff.test", "see Halaman uji tidak tercetak", "shot staff-printer", "tap back", `tap staff.job.${job}`, "until staff_job",
    "shot staff-job", "tap back", "tap staff.printer.struk", "tap staff.resume", "until printed", "tap staff.paper", "tap back",
    "see Tidak ada struk", "tap staff.receipts", "until staff_receipts", "shot staff-receipts", "tap back", "tap back", "until done", home],
  { name: "staff" });
  await until("the resume", () => one.said.includes("screen staff_job"), 60);
  fs.writeFileSync(hall.file("receipts/state"), "ready\n");
  const report = await one.done();
  assert.equal(hall.receipt(report.tracking_number).print, "printed");
  assert.match(one.errors, /staff\.pin_wrong[^]*staff\.panel_opened[^]*staff\.panel_closed/);
  assert.doesNotMatch(one.errors + one.said, /271828|111112/);
}

async function fields() {
  console.log("fields that are wrong say what and how to mend it");
  const wrong = ["until attract", "tap start", "tap language.id", "tap consent.yes", "tap kind.complaint", "tap category.air",
    "tap category.air.banjir", "until story", "tap next", "see Belum diisi", "shot empty", "type Banjir", "tap next", "until district",
    "tap district.none", "until place", "tap next", "tap next", "tap next", "tap next", "until identity", "tap identity.open", "until name",
    "tap next", "see Nama belum diisi", "type Budi Rekaan", "tap next", "until phone", "type 0812", "tap next", "see 8 sampai 15 angka",
    "type 0000", "tap next", "until nik", "type 000000550580000", "tap next", "see NIK berisi 16 angka", "shot nik",
    "tap pad.backspace", "tap pad.backspace", "tap pad.backspace", "tap pad.backspace", "tap pad.backspace", "tap pad.backspace",
    "tap pad.backspace", "tap pad.backspace", "tap pad.backspace", "type 3002800007", "tap next", "see Tanggal lahir", "shot date"];
  // Back from every screen, to the very first.
  const back = ["nik", "phone", "name", "identity", "how", "who", "when", "place", "district", "story", "subcategory", "category", "kind",
    "consent", "language"].flatMap((screen) => ["until " + screen, "tap back"]);
  await kiosk([...wrong, ...back, "until attract"], { name: "fields" }).done();
}

async function clock() {
  console.log("a clock at 1970: intake goes on, the receipt has no dates");
  const library = fs.readdirSync("/usr/lib").map((name) => path.join("/usr/lib", name, "faketime/libfaketimeMT.so.1")).find(fs.existsSync);
  assert.ok(library, "libfaketime is missing");
  const report = await kiosk([anonymous, "tap submit", "until done", "until printed", "shot number", home], { name: "clock",
    environment: { LD_PRELOAD: library, FAKETIME: "@1970-01-02 03:04:05", DONT_FAKE_MONOTONIC: "1",
      ASAN_OPTIONS: "verify_asan_link_order=0" } }).done();
  assert.equal(hall.receipt(report.tracking_number).print, "printed");
}

/** The terminal's data on a small disk of its own, copied there. */
function smallDisk(megabytes) {
  const data = hall.file("terminal");
  fs.renameSync(data, data + ".kept");
  fs.mkdirSync(data);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", data]);
  mounted = data;
  execFileSync("cp", ["-a", data + ".kept/.", data]);
}

async function disk() {
  if (process.getuid() !== 0) {
    console.log("*** NOT TESTED: full and read-only disks; this user may not mount a tmpfs: run as root ***");
    return;
  }
  setting((text) => text.replace("[terminal]", "[terminal]\nballast_mib = 0\nlow_water_mib = 8"));
  fs.rmSync(hall.file("terminal/ballast"), { force: true });
  smallDisk(32);
  const before = numbers().length;
  const filler = hall.file("terminal/filler");
  console.log("the disk fills up in the middle of a session: nothing is issued, what was typed goes in later");
  let one = kiosk([anonymous, "until storage_fault", "see penyimpanan penuh", "shot full", "until review", "tap submit", "until done",
    "until printed", home], { name: "full" });
  await seen(one, "review");
  try { fs.writeFileSync(filler, Buffer.alloc(40 << 20)); } catch (error) { assert.equal(error.code, "ENOSPC"); }
  await seen(one, "storage_fault");
  assert.equal(numbers().length, before);
  await until("the picture of it", () => fs.readdirSync(path.join(out, "full")).length > 0, 40);
  fs.rmSync(filler);
  const full = await one.done();
  assert.equal(numbers().filter((number) => number === full.tracking_number).length, 1);

  console.log("a read-only disk: out of order, and in service as soon as it can be written");
  execFileSync("mount", ["-o", "remount,ro", mounted]);
  one = kiosk(["until storage_fault", "see tidak dapat ditulisi", "shot read-only", anonymous, "tap submit", "until done",
    "until printed", home], { name: "read-only" });
  await seen(one, "storage_fault");
  await until("the picture of it", () => fs.existsSync(path.join(out, "read-only")) && fs.readdirSync(path.join(out, "read-only")).length > 0, 40);
  execFileSync("mount", ["-o", "remount,rw", mounted]);
  const after = await one.done();
  assert.equal(numbers().length, before + 2);
  assert.equal(hall.receipt(after.tracking_number).print, "printed");

  console.log("a damaged database is copied aside and rebuilt: every number is still there, once");
  const file = hall.file("terminal/intake.db");
  fs.writeFileSync(file, Buffer.concat([Buffer.from("not a database"), fs.readFileSync(file).subarray(14)]));
  fs.truncateSync(file + "-wal", 0);  // closed and written back: else it would heal the first page by itself
  one = kiosk([anonymous, "tap submit", "until done", "until printed", "shot rebuilt", home], { name: "damaged" });
  const rebuilt = await one.done();
  assert.equal(numbers().length, before + 3);
  assert.equal(new Set(numbers()).size, before + 3);
  assert.equal(numbers().filter((number) => number === rebuilt.tracking_number).length, 1);
  assert.ok(fs.readdirSync(hall.file("terminal")).some((name) => name.startsWith("damaged-")));
}

try {
  await hall.startCentral();
  hall.writeConfig();
  await configuration();
  await enrolment();
  await printer();
  await staff();
  await fields();
  await clock();
  await disk();
  console.log("passed; pictures in " + out);
} catch (error) {
  console.error(error);
  console.error(`--- central\n${hall.log("central").slice(-3000)}`);
  process.exitCode = 1;
} finally {
  await Promise.all([...hall.running.keys()].map((name) => hall.stop(name)));
  // A kiosk that a failed test left behind still holds the disk.
  if (mounted) execFileSync("umount", ["-l", mounted]);
  await hall.end();
}

// SPDX-License-Identifier: Apache-2.0
// Touch -> receipt (PNG) -> zbarimg -> headless Chromium opens the address -> sees the case; the agency's resolution on
// the page and on the kiosk; the same with the centre down for the whole session. Nothing typed is left on the disk.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Hall } from "../receipt_to_page/programs.mjs";
import { Kiosk, anonymous, follow, home, named, typed } from "./robot.mjs";

const { chromium } = createRequire(process.env.ANJUNGAN_NPM + "/")("playwright-core");
const out = process.env.ANJUNGAN_OUT;
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });

const hall = new Hall();
let browser;
let visits = 0;

function visit(...lines) {
  visits += 1;
  return new Kiosk(hall.folder, hall.file("terminal.toml"), lines.flat(), { shots: path.join(out, `visit-${visits}`) }).done();
}

function readQr(number) {
  return execFileSync("zbarimg", ["-q", "--nodbus", "--raw", hall.file(`receipts/${number}.png`)], { encoding: "utf8" }).trim();
}

async function page(url, name) {
  const view = await browser.newPage({ viewport: { width: 390, height: 844 }, locale: "id-ID" });
  await view.goto(url);
  await view.waitForFunction(() => document.querySelector("h1") && !/Sedang memeriksa/.test(document.querySelector("h1").textContent));
  await view.screenshot({ path: path.join(out, name + ".png"), fullPage: true });
  const text = await view.innerText("main");
  await view.close();
  return text;
}

function resolve(number) {
  hall.staff("dispose", number, "--agency", "dishub");
  hall.staff("resolve", number, "--text", "Lampu sudah menyala.", "--evidence", "foto-1.jpg");
}

function files(folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile()).map((one) => path.join(one.parentPath ?? one.path, one.name));
}

/** No word of what was typed in any file of the terminal, nor in what the programs said. */
function nothingTypedIsLeft() {
  const words = [typed.name, typed.phone, typed.nik, ...typed.story.split(" ").filter((word) => word.length > 5), typed.place];
  for (const file of [...files(hall.file("terminal")), ...files(hall.file("run")), hall.file("agent.log")]) {
    const bytes = fs.readFileSync(file);
    for (const word of words) assert.equal(bytes.indexOf(word), -1, `"${word}" is in ${file}`);
  }
}

async function walk() {
  await hall.startCentral();
  hall.writeConfig();
  await hall.enrol();
  hall.startAgent();
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });

  console.log("a report by touch, with the network up");
  const first = await visit(named, "shot review", "tap submit", "until done", "shot number", "until printed", "shot printed", home);
  assert.deepEqual(first.screens.slice(-5), ["review", "saving", "done", "thanks", "attract"]);
  assert.match(first.tracking_number, /^3273-\d{4}-\d{6}-\d$/);
  assert.equal(hall.receipt(first.tracking_number).print, "printed");
  const address = readQr(first.tracking_number);
  assert.equal(address, first.receipt_url);
  await hall.delivered(first.tracking_number);
  assert.match(await page(address, "1-received"), new RegExp(first.tracking_number));
  nothingTypedIsLeft();

  console.log("the agency resolves it: page and kiosk show it");
  resolve(first.tracking_number);
  assert.match(await page(address, "2-resolved"), /Sudah diselesaikan/);
  await visit(follow(first.access_code), "see Sudah diselesaikan", "see " + first.tracking_number, "see Lampu sudah menyala.",
    "shot resolved", "tap finish", "until attract");

  console.log("the centre is down for a whole session");
  await hall.stop("central");
  const second = await visit(anonymous, "tap submit", "until done", "until printed", "shot printed", home);
  assert.notEqual(second.tracking_number, first.tracking_number);
  assert.equal(readQr(second.tracking_number), second.receipt_url);
  assert.equal(hall.receipt(second.tracking_number).delivered, false);
  await visit(follow(second.access_code), "see Pusat sedang tidak terhubung", "shot not-connected", "tap finish", "until attract");

  console.log("and back");
  await hall.startCentral();
  await hall.delivered(second.tracking_number);
  assert.match(await page(second.receipt_url, "3-delivered-later"), /Sudah diterima/);
  resolve(second.tracking_number);
  assert.match(await page(second.receipt_url, "4-resolved-later"), /Sudah diselesaikan/);
  await visit(follow(second.access_code), "see Sudah diselesaikan", "shot resolved-later", "tap finish", "until attract");

  console.log("a code that nobody has");
  await visit("until attract", "tap track", "until track_code", "type 7K4M-Q2XD-9TRN-H5W0", "tap track.ask", "see belum tepat", "tap back",
    "until attract");
  nothingTypedIsLeft();
}

try {
  await walk();
  console.log("passed; pictures in " + out);
} catch (error) {
  console.error(error);
  for (const name of ["central", "agent"]) console.error(`--- ${name}\n${hall.log(name).slice(-3000)}`);
  process.exitCode = 1;
} finally {
  if (browser) await browser.close();
  await hall.end();
}

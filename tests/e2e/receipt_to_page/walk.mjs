// SPDX-License-Identifier: Apache-2.0
// receipt (PNG) -> zbarimg -> headless Chromium opens the address -> sees the case; then the agency's answer, the server
// down for a whole report, forged, voided and unknown codes, and what the page must never do.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Hall, until } from "./programs.mjs";

const { chromium } = createRequire(process.env.ANJUNGAN_NPM + "/")("playwright-core");
const out = process.env.ANJUNGAN_OUT;
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });

const hall = new Hall();
let browser;
const foreign = [];

function readQr(number) {
  return execFileSync("zbarimg", ["-q", "--nodbus", "--raw", hall.file(`receipts/${number}.png`)], { encoding: "utf8" }).trim();
}

async function open(url, name, size = { width: 390, height: 844 }) {
  const context = await browser.newContext({ viewport: size, locale: "id-ID" });
  const page = await context.newPage();
  page.on("request", (request) => { if (!request.url().startsWith(hall.url)) foreign.push(request.url()); });
  page.on("pageerror", (error) => foreign.push("script error: " + error.message));
  page.on("console", (message) => { if (message.text().includes("Content Security Policy")) foreign.push(message.text()); });
  page.on("dialog", (dialog) => { foreign.push("dialog: " + dialog.message()); dialog.dismiss(); });
  const answer = await page.goto(url);
  assert.match(answer.headers()["content-security-policy"], /default-src 'none'; script-src 'self'/);
  assert.equal(answer.headers()["referrer-policy"], "no-referrer");
  assert.equal(answer.headers()["cache-control"], "no-store");
  await page.waitForFunction(() => document.querySelector("h1") && !/Sedang memeriksa/.test(document.querySelector("h1").textContent));
  // Nothing is wider than the phone, and body text is at least 16 px, captions 14.
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name}: scrolls sideways`);
  assert.ok(await page.evaluate(() => [...document.querySelectorAll("main *")].every((one) => !one.textContent.trim() || parseFloat(getComputedStyle(one).fontSize) >= 14)));
  await page.screenshot({ path: path.join(out, name + ".png"), fullPage: true });
  return page;
}

async function text(page) { return page.innerText("main"); }

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

  console.log("a report with the network up");
  const first = hall.report(11);
  assert.equal(hall.receipt(first.tracking_number).print, "printed");
  const address = readQr(first.tracking_number);
  assert.equal(address, first.receipt_url);
  await hall.delivered(first.tracking_number);
  let page = await open(address, "1-received");
  assert.match(await text(page), /Tanda terima asli/);
  assert.match(await text(page), new RegExp(first.tracking_number));
  assert.match(await text(page), /Sudah diterima/);
  assert.match(await text(page), /Dijawab paling lambat/);

  console.log("the agency answers; what staff types stays text");
  const polyglot = `Sudah diperiksa. "><img src=x onerror=alert(1)><script>alert(2)</script> javascript:alert(3) {{7*7}}`;
  hall.staff("dispose", first.tracking_number, "--agency", "dsdabm");
  hall.staff("follow-up", first.tracking_number, "--text", polyglot);
  page = await open(address, "2-in-progress");
  assert.match(await text(page), /Sedang dikerjakan/);
  assert.match(await text(page), /Dinas Sumber Daya Air dan Bina Marga/);
  assert.equal(await page.locator("main img, main script").count(), 0);
  hall.staff("resolve", first.tracking_number, "--text", "Lubang sudah ditambal.", "--evidence", "foto-1.jpg");
  page = await open(address, "3-resolved", { width: 1280, height: 800 });
  assert.match(await text(page), /Sudah diselesaikan/);
  assert.match(await text(page), /Ditutup paling lambat/);
  await page.click("#lang");
  assert.match(await text(page), /Resolved/);
  await until("the news at the terminal", () => fs.existsSync(hall.file("terminal/sync.db")));

  console.log("the access code alone");
  page = await open(hall.url + "/", "4-look-up", { width: 360, height: 640 });
  await page.fill("#code", "7K4M-Q2XD-9TRN-H5W0");
  await page.click("form button");
  assert.match(await text(page), /keliru/);
  await page.fill("#code", first.access_code.toLowerCase());
  await page.click("form button");
  await page.waitForSelector(".number");
  assert.match(await text(page), new RegExp(first.tracking_number));

  console.log("a report with the server down");
  await hall.stop("central");
  const second = hall.report(12);
  assert.equal(readQr(second.tracking_number), second.receipt_url);
  assert.equal(hall.receipt(second.tracking_number).delivered, false);
  await hall.stop("agent");
  await hall.startCentral();
  page = await open(second.receipt_url, "5-waiting");
  assert.match(await text(page), /Menunggu dikirim/);
  assert.match(await text(page), /Anda tidak perlu melapor ulang/);
  hall.startAgent();
  await hall.delivered(second.tracking_number);
  page = await open(second.receipt_url, "6-delivered-later");
  assert.match(await text(page), /Sudah diterima/);

  console.log("attachments that come after their report");
  await hall.stop("agent");
  const third = hall.report(13, 2);
  hall.carryEvents();
  page = await open(third.receipt_url, "11-attachments-coming");
  assert.match(await text(page), /Lampiran menyusul: 0 dari 2 sudah diterima/);
  await page.click("#lang");
  assert.match(await text(page), /Attachments still on their way: 0 of 2 received/);
  await open(third.receipt_url, "11-attachments-coming-wide", { width: 1280, height: 800 });
  hall.startAgent();
  await hall.attached(third.tracking_number);
  page = await open(third.receipt_url, "12-attachments-whole");
  assert.match(await text(page), /Lampiran lengkap \(2\)/);
  assert.doesNotMatch(await text(await open(second.receipt_url, "13-without")), /ampiran/);

  console.log("codes that are not ours");
  const token = second.receipt_url.split("#")[1];
  const flipped = token.slice(0, -2) + (token.at(-2) === "A" ? "B" : "A") + token.at(-1);
  page = await open(`${hall.url}/t#${flipped}`, "7-forged");
  assert.match(await text(page), /Tanda terima tidak sah/);
  page = await open(`${hall.url}/t#${encodeURIComponent("<img src=x onerror=alert(1)>")}`, "8-rubbish");
  assert.match(await text(page), /Tanda terima tidak sah/);

  console.log("unknown codes get one answer, and only a few tries");
  const answers = new Set();
  let refused = false;
  for (let n = 0; n < 8 && !refused; n++) {
    const code = n === 0 ? "0000000000000000" : "not a code at all";
    const answer = await fetch(hall.url + "/t/code", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ code }) });
    refused = answer.status === 429;
    if (!refused) answers.add(answer.status + (await answer.text()));
  }
  assert.ok(refused, "guessing is never stopped");
  assert.equal(answers.size, 1, [...answers].join(" | "));

  console.log("the server goes while the page is open, and comes back");
  page = await open(hall.url + "/", "9-before");
  await hall.stop("central");
  await page.fill("#code", second.access_code);
  await page.click("form button");
  await page.waitForFunction(() => /tidak dapat terhubung/.test(document.querySelector("main").innerText));
  await page.screenshot({ path: path.join(out, "10-no-connection.png") });
  await hall.startCentral();
  await page.click("main .button");
  await page.waitForSelector(".number");
  assert.match(await text(page), new RegExp(second.tracking_number));
  assert.deepEqual(foreign, [], "the page asked or ran what it must not");
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

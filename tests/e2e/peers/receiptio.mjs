// SPDX-License-Identifier: Apache-2.0
// receiptio, a receipt program of others that knows printers' states, asks our simulated printer: it must understand
// each answer.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';

const require = createRequire(path.join(process.env.ANJUNGAN_NPM, 'none.js'));
const net = require('node:net');
const folder = path.join(process.env.ANJUNGAN_OUT, 'receiptio');
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true });

const simulator = spawn(path.join(process.env.ANJUNGAN_BIN, 'struk-simulator'), ['--out', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
const port = await new Promise((resolve, reject) => {
  createInterface({ input: simulator.stdout }).once('line', (line) => resolve(Number(/:(\d+)$/.exec(line)[1])));
  simulator.once('exit', (code) => reject(new Error(`struk-simulator ended with ${code}`)));
});

// It knows port 9100 alone; which port is free is not ours to say.
const connect = net.connect;
net.connect = (at, host) => connect(at === 9100 ? port : at, host);
const receiptio = require('receiptio');

/** Asked until it says that, at most 20 s. */
async function says(wanted, markdown = '') {
  const deadline = Date.now() + 20_000;
  let said;
  do said = await receiptio.print(markdown, `-d 127.0.0.1 -p generic -t 5 ${markdown === '' ? '-q' : ''}`);
  while (said !== wanted && Date.now() < deadline);
  assert.equal(said, wanted);
  console.log(`${markdown === '' ? 'asked' : 'printing'}: ${said}`);
}

function state(word) {
  fs.writeFileSync(path.join(folder, 'state.new'), word);
  fs.renameSync(path.join(folder, 'state.new'), path.join(folder, 'state'));
}

try {
  await says('online');
  state('media-empty');
  await says('paperempty');
  state('cover-open');
  await says('coveropen');
  state('low-paper');
  await says('online');
  await says('success', 'Tanda terima\n');
  state('media-empty');
  await says('paperempty', 'Tanda terima\n');
} finally {
  simulator.removeAllListeners('exit');
  const ended = new Promise((resolve) => simulator.once('exit', resolve));
  simulator.kill();
  await ended;
}

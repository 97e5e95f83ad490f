// SPDX-License-Identifier: Apache-2.0
// node peer.js DOCUMENT: for every line on stdin one round of receipts; answers like bench_receipt. ReceiptLine leaves
// text to the printer's own fonts; `generic` draws the QR code as a raster, `svg` draws everything as a picture's text.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');
const { createRequire } = require('module');
const receiptline = createRequire(path.join(process.env.ANJUNGAN_NODE_MODULES, 'none.js'))('receiptline');

const A_ROUND = 40;
const text = fs.readFileSync(process.argv[2], 'utf8');
const url = /\{code:([^;]+);/.exec(text)[1];
const generic = { cpl: 48, encoding: 'multilingual', command: 'generic' };
const svg = { cpl: 48, encoding: 'multilingual', command: 'svg' };

function took(work) {
  const start = process.hrtime.bigint();
  if (!work().length) throw new Error('an empty receipt');
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(values) {
  values.sort((a, b) => a - b);
  return values[Math.round((values.length - 1) / 2)];
}

const whole = () => took(() => receiptline.transform(text, generic));
const first = whole();
for (let n = 0; n < 2 * A_ROUND; n++) whole();  // the compiler of the engine has seen it all before the first round

readline.createInterface({ input: process.stdin }).on('line', () => {
  const parts = { whole: [], svg: [], qr: [] };
  for (let n = 0; n < A_ROUND; n++) {
    parts.whole.push(whole());
    parts.svg.push(took(() => receiptline.transform(text, svg)));
    parts.qr.push(took(() => receiptline.qrcode.generate({ data: url, type: 'qrcode', cell: 6, level: 'm', quietZone: false })));
  }
  console.log(JSON.stringify({ first, bytes: receiptline.transform(text, generic).length, whole: median(parts.whole), svg: median(parts.svg), qr: median(parts.qr) }));
});

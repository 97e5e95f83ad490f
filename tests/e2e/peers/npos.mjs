// SPDX-License-Identifier: Apache-2.0
// npos, an ESC/POS reader of others, takes apart every golden receipt: it must find the commands, dots and words that
// our own interpreter finds. It refuses a command that it does not know.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(process.env.ANJUNGAN_NPM, 'none.js'));
const npos = require('npos');
const rules = require('npos/lib/parser/rules');
const symbols = require('npos/lib/parser/symbols');
rules[symbols.GS]['(k'] = [0, 'd16'];  // 2D codes: the one command of ours that its table lacks

const folder = path.join(process.env.ANJUNGAN_OUT, 'receipts');
fs.rmSync(folder, { recursive: true, force: true });
execFileSync(path.join(process.env.ANJUNGAN_TEST_BIN, 'peers_receipts'), [folder], { stdio: 'inherit' });

/** A picture as rows of '0' and '1'. */
function readPbm(file) {
  const bytes = fs.readFileSync(file);
  const end = bytes.indexOf(0x0a, 3);
  const [width, height] = bytes.subarray(3, end).toString().split(' ').map(Number);
  const stride = Math.ceil(width / 8);
  const rows = [];
  for (let y = 0; y < height; y++) {
    let row = '';
    for (const byte of bytes.subarray(end + 1 + y * stride, end + 1 + (y + 1) * stride)) row += byte.toString(2).padStart(8, '0');
    rows.push(row.slice(0, width));
  }
  return rows;
}

function rowsOf(image) {
  const rows = [];
  for (let y = 0; y < image.height; y++) {
    let row = '';
    for (let x = 0; x < image.width; x++) row += image.getPixel(x, y) === 0 ? '1' : '0';
    rows.push(row);
  }
  return rows;
}

const twice = (rows) => rows.flatMap((row) => { const wide = row.replace(/./g, '$&$&'); return [wide, wide]; });

/** Where the rows lie in the picture, at that column; -1: nowhere. */
function find(picture, rows, left) {
  return picture.findIndex((_, y) => rows.every((row, i) => picture[y + i]?.slice(left, left + row.length) === row.slice(0, picture[0].length - left)));
}

const bare = (text) => text.replace(/\s/g, '');
const names = fs.readdirSync(folder).filter((file) => file.endsWith('.bytes')).map((file) => file.slice(0, -6));
assert.equal(names.length, 30);
for (const name of names) {
  const bytes = fs.readFileSync(path.join(folder, `${name}.bytes`));
  const picture = readPbm(path.join(folder, `${name}.pbm`));
  const ast = await npos.parser(rules).parse(bytes);
  const images = ast.entries.filter((entry) => entry.type === 'raster').map((entry) => ({ rows: rowsOf(entry.data), mode: bytes[entry.nodes[0].offset - 5] }));
  const words = ast.tree.filter((node) => node.ascii === 'STX').map((node) => bytes.subarray(node.offset, node.offset + node.length).toString('latin1')).join('');
  assert.equal(bare(words), bare(fs.readFileSync(path.join(folder, `${name}.txt`), 'latin1')), `${name}: its words`);
  const qr = fs.readFileSync(path.join(folder, `${name}.qr`), 'latin1');
  if (name.startsWith('raster')) {
    assert.equal(images.length, 1, name);
    assert.equal(words, '', `${name}: no byte of it is a letter`);
    assert.deepEqual(images[0].rows, picture, `${name}: its dots`);
  } else if (name.startsWith('text')) {
    const code = images.find((image) => image.mode === 3);
    assert.ok(code, `${name}: a picture of the code, its dots doubled`);
    const rows = twice(code.rows);
    assert.ok(find(picture, rows, (picture[0].length - rows[0].length) / 2) > 0, `${name}: the code stands where our interpreter has it`);
  } else {
    const parts = ast.tree.filter((node) => node.fn === '(k').map((node) => bytes.subarray(node.offset, node.offset + node.length));
    const stored = parts.filter((part) => part[6] === 80);
    assert.equal(stored.length, 1, name);
    assert.equal(stored[0].subarray(8).toString('latin1'), qr, `${name}: what the code says`);
    assert.equal(parts.at(-1)[6], 81, `${name}: it is printed last`);
  }
  for (const image of images.filter((one) => one.mode === 0)) {
    assert.ok(find(picture, image.rows, 0) >= 0, `${name}: each drawn line is on the paper`);
  }
}
console.log(`npos reads ${names.length} receipts as our interpreter does`);

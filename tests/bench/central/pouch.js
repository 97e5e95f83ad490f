// SPDX-License-Identifier: Apache-2.0
// pouch.js FOLDER: express-pouchdb on LevelDB in FOLDER, the smallest set of routes that it has. Prints its port; ends
// when its standard input does. Needs ANJUNGAN_NODE_MODULES.
"use strict";
const path = require("node:path");
const modules = (name) => require(path.join(process.env.ANJUNGAN_NODE_MODULES, name));
const express = modules("express");
const PouchDB = modules("pouchdb-core").plugin(modules("pouchdb-adapter-leveldb"));

const folder = process.argv[2] + path.sep;
const Stored = PouchDB.defaults({ prefix: folder, adapter: "leveldb" });
const app = express();
app.use("/", modules("express-pouchdb")(Stored, { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: folder + "log" }));
const server = app.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
server.keepAliveTimeout = 600_000;
process.stdin.on("end", () => process.exit(0)).resume();

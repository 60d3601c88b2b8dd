// Validates the lines of an NDJSON file with ajv: node ajv_lines.mjs NODE_MODULES SCHEMA FILE
import fs from "node:fs";
import { createRequire } from "node:module";

const [modules, schema, file] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const Ajv = require("ajv/dist/2020.js");
const addFormats = require("ajv-formats");

const ajv = new Ajv({ strict: false });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(fs.readFileSync(schema, "utf8")));
let bad = 0;
for (const line of fs.readFileSync(file, "utf8").split("\n")) {
  if (line && !validate(JSON.parse(line))) bad += 1;
}
process.exit(bad ? 1 : 0);

// Judges JSON files with ajv: node ajv_judge.mjs PACKAGES SCHEMA FILE…; prints true or false for each.
import fs from "node:fs";
import { createRequire } from "node:module";

const [packages, schema, ...files] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const Ajv = require("ajv/dist/2020.js");
const addFormats = require("ajv-formats");

const ajv = new Ajv({ strict: false });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(fs.readFileSync(schema, "utf8")));
for (const file of files) console.log(validate(JSON.parse(fs.readFileSync(file, "utf8"))));

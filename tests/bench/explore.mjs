// How quickly the table of participants shows its first rows and answers a key, in headless Chromium.
// Arguments: folder of the Node packages, program of the browser, address of the page.
import { createRequire } from "node:module";

const [packages, program, address] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const { chromium } = require("playwright-core");
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });
const median = (items) => items.sort((a, b) => a - b)[Math.floor(items.length / 2)];
const first = [];
const keys = [];
for (let round = 0; round < 3; round += 1) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(address, { waitUntil: "commit" });
  await page.waitForFunction(() => document.querySelector("#filters:not([hidden])") && document.querySelectorAll("#rows tr").length >= 50);
  first.push(await page.evaluate(() => performance.now()));
  await page.waitForTimeout(500);
  keys.push(...await page.evaluate(async () => {
    const input = document.getElementById("q");
    const times = [];
    for (const text of ["d", "de", "del", "dele", "deleg", "delegate", "delegate 4", "delegate 4 встреча", ""]) {
      const start = performance.now();
      input.value = text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      // Until the new rows have been laid out.
      document.getElementById("rows").getBoundingClientRect();
      times.push(performance.now() - start);
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    }
    return times;
  }));
  await page.close();
}
await browser.close();
console.log(JSON.stringify({ first: median(first), key: median([...keys]), slowest: Math.max(...keys) }));

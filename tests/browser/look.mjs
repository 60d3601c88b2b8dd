// Opens pages in Chromium, each on a phone in light and on a desk in dark, and prints what it finds as JSON.
// Arguments: folder of the Node packages, program of the browser, then the files.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, program, ...files] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// Without these, Chromium calls its maker's servers.
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const sizes = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 800 } };
const schemes = { phone: "light", desk: "dark" };

async function look(browser, file, size, colorScheme) {
  const context = await browser.newContext({ viewport: sizes[size], colorScheme });
  const page = await context.newPage();
  const console = [];
  const requests = [];
  page.on("console", (message) => console.push(message.text()));
  page.on("pageerror", (error) => console.push(String(error)));
  page.on("dialog", (dialog) => { console.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => requests.push(request.url()));
  const address = pathToFileURL(file).href;
  await page.goto(address);
  const closed = await page.evaluate(() => document.querySelectorAll("details:not([open])").length);
  await page.evaluate(() => document.querySelectorAll("details").forEach((item) => { item.open = true; }));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run());
  const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
  const tabs = [];
  for (let press = 0; press < 3; press += 1) {
    await page.keyboard.press("Tab");
    tabs.push(await page.evaluate(() => document.activeElement.tagName.toLowerCase()));
  }
  const styled = await page.evaluate(() => getComputedStyle(document.querySelector("h1")).lineHeight !== "normal");
  await context.close();
  return {
    file,
    size,
    colorScheme,
    violations: violations.map((item) => `${item.id}: ${item.nodes.map((node) => node.html).join(" ").slice(0, 300)}`),
    console,
    requests: requests.filter((item) => item !== address),
    overflow: width - sizes[size].width,
    closed,
    styled,
    tabs,
  };
}

const browser = await chromium.launch({ executablePath: program, args });
const found = [];
for (const file of files) {
  for (const size of Object.keys(sizes)) {
    found.push(await look(browser, file, size, schemes[size]));
  }
}
await browser.close();
console.log(JSON.stringify(found));

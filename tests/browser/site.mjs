// Opens a built site in Chromium, as people do, and prints what it finds as JSON.
// Argument: a JSON file with {packages, program, bases, pages, queries, screens, hostile}.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const require = createRequire(`${plan.packages}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// Without these, Chromium calls its maker's servers.
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: plan.program, args });
const heard = [];

async function open(options, base) {
  const context = await browser.newContext({ acceptDownloads: true, ...options });
  // Whatever is asked of another place is noted, and goes nowhere.
  await context.route("**/*", (route) => {
    const address = route.request().url();
    if (address.startsWith(base) || address.startsWith("blob:")) return route.continue();
    heard.push(`request: ${address}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on("console", (message) => heard.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => heard.push(`error: ${error}`));
  page.on("dialog", (dialog) => { heard.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  return { context, page };
}

// Each kind of page: three widths, light and dark; axe on the phone, and on the desk where colours meet.
const sizes = [[360, "light", () => true], [768, "light", () => false], [1280, "dark", (name) => plan.dark.includes(name)]];
async function look(base) {
  const found = [];
  for (const [width, colorScheme, judged] of sizes) {
    const { context, page } = await open({ viewport: { width, height: 900 }, colorScheme }, base);
    for (const name of plan.pages) {
      await page.goto(base + name);
      await page.evaluate(() => document.querySelectorAll("details").forEach((item) => { item.open = true; }));
      if (plan.screens) {
        mkdirSync(plan.screens, { recursive: true });
        await page.screenshot({ path: `${plan.screens}/${name.replaceAll(/[^a-z0-9]+/gi, "-")}-${width}.png` });
      }
      const facts = await page.evaluate(() => ({
        overflow: document.scrollingElement.scrollWidth - innerWidth,
        styled: getComputedStyle(document.querySelector("h1")).fontFamily.includes("Charter"),
        empty: [...document.querySelectorAll("section")].filter((item) => item.innerText.trim().split("\n").length < 2).map((item) => item.id),
        unsourced: [...document.querySelectorAll("figure")].filter((item) => !item.querySelector("figcaption a")).length,
      }));
      let violations = [];
      if (judged(name)) {
        await page.evaluate(axe);
        violations = (await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }))).violations.map((item) => `${item.id}: ${item.nodes.map((node) => node.html).join(" ").slice(0, 300)}`);
      }
      found.push({ name, width, ...facts, violations });
    }
    await context.close();
  }
  return found;
}

const text = (page, selector) => page.locator(selector).innerText();
const rows = (page) => page.locator("#rows tr").evaluateAll((items) => items.map((item) => [...item.cells].map((cell) => cell.innerText)));
async function saved(page, selector) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

async function explore(base) {
  const found = {};
  const { context, page } = await open({ viewport: { width: 1280, height: 900 } }, base);
  await page.goto(`${base}index.html`);
  await page.click("text=Search the data");
  await page.waitForFunction(() => document.querySelector("#filters:not([hidden])"));
  found.all = await text(page, "#count");
  await page.click("#table thead th:nth-child(1) button");
  found.oldest = (await rows(page))[0];
  found.sorted = await page.getAttribute("#table thead th:nth-child(1)", "aria-sort");
  await page.click("#table thead th:nth-child(1) button");
  found.newest = (await rows(page))[0];
  await page.selectOption("#f-format", "videoconference");
  await page.selectOption("#f-year", "2020");
  found.filtered = await text(page, "#count");
  found.address = new URL(page.url()).hash;
  found.csv = await saved(page, "#csv");
  found.json = await saved(page, "#json");
  await page.reload();
  found.reloaded = await text(page, "#count");
  found.kept = await page.inputValue("#f-year");
  await page.click("button[type=reset]");
  found.cleared = await text(page, "#count");
  // Keys alone: from the search to the first link of a row.
  await page.focus("#q");
  await page.keyboard.type(plan.queries[0].text);
  found.typed = await text(page, "#count");
  const reached = [];
  for (let press = 0; press < 20; press += 1) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.closest("tbody") ? "row" : document.activeElement.id || document.activeElement.tagName));
  }
  found.reached = reached;
  await page.keyboard.press("Enter");
  await page.waitForSelector("article.record, #rows");
  found.searches = [];
  for (const query of plan.queries) {
    await page.goto(`${base}explore/${query.table}.html#q=${encodeURIComponent(query.text)}`);
    // The same page with another state is not loaded again, but hears of it.
    await page.waitForFunction((words) => !document.getElementById("filters").hidden && document.getElementById("q").value === words, query.text);
    found.searches.push({ ...query, count: await text(page, "#count"), first: (await rows(page))[0] ?? [] });
  }
  await page.goto(`${base}explore/participants.html`);
  const before = (await rows(page))[0];
  await page.click("#after");
  found.turned = [await text(page, "#page"), (await rows(page))[0].join() !== before.join()];
  await page.click("#rows a[href*='/meetings/']");
  found.meeting = [await text(page, "h1"), await page.locator("nav.trail a").count()];
  await page.click("nav.trail a >> nth=1");
  found.list = await text(page, "h1");
  await page.goto(`${base}codes/${plan.code}.html`);
  found.code = await text(page, "h1");
  await context.close();
  return found;
}

async function withoutScript(base) {
  const { context, page } = await open({ javaScriptEnabled: false }, base);
  await page.goto(`${base}explore/participants.html`);
  const found = { rows: await page.locator("#rows tr").count(), form: await page.locator("#filters").isVisible(), note: await page.locator("noscript").first().isVisible() };
  await page.goto(`${base}meetings/index.html`);
  found.listed = await page.locator("main tbody tr").count();
  await page.goto(`${base}pictures.html`);
  found.drawn = await page.locator("figure svg rect").count();
  await context.close();
  return found;
}

// Every page that shows hostile data; scripts of the page run, those of the data do not.
async function hostile() {
  const { base, pages } = plan.hostile;
  const { context, page } = await open({ viewport: { width: 360, height: 900 } }, base);
  const found = [];
  for (const name of pages) {
    await page.goto(base + name);
    await page.evaluate(() => document.querySelectorAll("details").forEach((item) => { item.open = true; }));
    found.push(await page.evaluate((name) => ({
      name,
      scripts: [...document.scripts].map((item) => item.src.split("/").pop() || item.type),
      handlers: [...document.querySelectorAll("*")].filter((item) => [...item.attributes].some((one) => one.name.startsWith("on"))).length,
      schemes: [...new Set([...document.links].map((item) => item.protocol))],
      images: document.querySelectorAll("main img").length,
      overflow: document.scrollingElement.scrollWidth - innerWidth,
    }), name));
  }
  await context.close();
  return found;
}

const result = { looks: await look(plan.bases.http) };
for (const [name, base] of Object.entries(plan.bases)) {
  result[name] = { explore: await explore(base), without: await withoutScript(base) };
}
result.hostile = plan.hostile ? await hostile() : [];
await browser.close();
console.log(JSON.stringify({ ...result, heard }));

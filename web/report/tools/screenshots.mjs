// Pictures of a report: node tools/screenshots.mjs REPORT.html PICTURES [--docs DOCS]
// PICTURES gets screenshots (PNG). With --docs, DOCS gets drawings of the same page as SVG text, for the documentation.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { launch, open } from "../tests/browser.mjs";
import { vector } from "./vector.mjs";

const [report, pictures] = process.argv.slice(2);
const docs = process.argv.includes("--docs") ? process.argv[process.argv.indexOf("--docs") + 1] : null;
const SECTIONS = ["account", "done", "scree", "map", "classes", "classifier"];
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const LOOKS = [
  ["desktop", {}], ["dark", { colorScheme: "dark" }], ["french", { locale: "fr-FR" }], ["phone", PHONE], ["phone-dark", { ...PHONE, colorScheme: "dark" }],
];

async function drawn(browser, options) {
  const page = await open(browser, resolve(report), options);
  await page.waitForSelector("[data-drawn]", { timeout: 60_000 });
  return page;
}

async function photograph(browser, [name, options]) {
  const page = await drawn(browser, options);
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  await page.locator(".top").evaluate((bar) => (bar.style.position = "static"));  // it would cover what is tall
  for (const section of SECTIONS) {
    const part = page.locator(`#${section}`);
    if (await part.count()) await part.screenshot({ path: join(pictures, `${name}-${section}.png`) });
  }
  await page.context().close();
}

/** The map's points, as the file carries them. */
function points() {
  const text = readFileSync(report, "latin1");
  const data = JSON.parse(text.match(/id="report">([^<]*)/)[1]);
  const block = (id) => {
    const bytes = Buffer.from(text.match(new RegExp(`id="block-${id}">([^<]*)`))[1], "base64");
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  };
  const labels = data.classes.length <= 256 ? new Uint8Array(block("labels")) : new Uint16Array(block("labels"));
  return { map: data.map, labels, positions: [0, 1].map((c) => new Uint16Array(block(`component-${c}`))) };
}

async function draw(browser, dark) {
  const page = await drawn(browser, { viewport: { width: 1180, height: 900 }, colorScheme: dark ? "dark" : "light" });
  const data = points();
  for (const [name, selector] of [["map", "#map"], ["scree", "#scree"], ["confusion", "#classifier .matrix-figure"]]) {
    const svg = await vector(page, selector, data, { dark });
    writeFileSync(join(docs, `report-${name}${dark ? "-dark" : ""}.svg`), svg);
  }
  await page.context().close();
}

mkdirSync(pictures, { recursive: true });
const browser = await launch();
for (const look of LOOKS) await photograph(browser, look);
if (docs) {
  mkdirSync(docs, { recursive: true });
  for (const dark of [false, true]) await draw(browser, dark);
}
await browser.close();

// The report of a real run, 4,000 photos with 60 damaged ones among them, against what others read out of the dataset.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { alone, assertQuiet, at, difference, holds, json, openDrawn, PHONE, places, SECTIONS, violations } from "./real.mjs";

const FILE = at("out", "report.html");
let browser, wanted, page, box;

before(async () => {
  browser = await launch();
  wanted = json("expected.json");
  ({ page, box } = await openDrawn(browser, FILE));
});
after(() => browser?.close());

const numbers = (selector) => page.$$eval(selector, (all) => all.map((each) => Number(each.textContent.replaceAll(",", ""))));
const source = (path) => readFileSync(at("photos", path));

test("every section stands, and all that was drawn is accounted for", async () => {
  assert.deepEqual(await page.$$eval("section[id]", (sections) => sections.map((section) => section.id)), SECTIONS);
  for (const id of SECTIONS) assert.ok((await page.locator(`#${id}`).boundingBox()).height > 200, id);
  assert.equal(wanted.listed, 4060);
  assert.deepEqual(await numbers("#account .figure strong"), [wanted.listed, wanted.paths.length, wanted.rejects.length]);
  assert.equal(await page.getAttribute(".map-stage", "data-drawn"), String(wanted.paths.length));
  assertQuiet(page);
});

test("the rejects are those of the dataset, by reason and by name", async () => {
  const reasons = await page.$$eval(".reasons tbody tr", (rows) => rows.map((row) => [row.querySelector("code").textContent, Number(row.querySelector("td.number").textContent)]));
  assert.deepEqual(Object.fromEntries(reasons), wanted.reasons);
  while (await page.locator(".reject-box > button").isVisible()) await page.click(".reject-box > button");
  const listed = await page.$$eval(".reject", (all) => all.map((each) => each.querySelector(".reject-path").textContent));
  assert.deepEqual(listed.sort(), wanted.rejects.map((reject) => reject.path).sort());
  assert.equal(listed.length, Object.keys(wanted.damaged).length);
  const [reason, count] = Object.entries(wanted.reasons)[0];
  await page.selectOption("#account select", reason);
  assert.equal(await page.locator(".reject").count(), Math.min(25, count));
  await page.selectOption("#account select", "");
});

test("a damaged photo shows what stands before the damage; one that is no picture shows none", async () => {
  await page.fill("#account input[type=search]", "truncated-");
  const pictured = await page.locator(".reject .picture:not(.none)").count();
  assert.ok(pictured > 10, `${pictured} pictures`);
  await page.fill("#account input[type=search]", "text-");
  assert.equal(await page.locator(".reject .picture:not(.none)").count(), 0);
  assert.equal(await page.locator(".reject .picture.none").count(), 6);
  await page.fill("#account input[type=search]", "");
});

test("the CSV holds every reject", async () => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#account .fields button")]);
  const lines = readFileSync(await download.path(), "utf8").trim().split("\r\n");
  assert.equal(lines.length, 61);
  for (const { path, stage, reason } of wanted.rejects) assert.ok(lines.some((line) => line.startsWith(`"${path}","${stage}","${reason}"`)), path);
});

test("where the time went: every stage, and what limits the rate", async () => {
  const stages = await page.$$eval(".times tbody th", (all) => all.map((each) => each.textContent));
  assert.deepEqual(stages.slice(0, 8), ["Listing", "Reading", "Decoding", "Resizing", "Inference", "Writing", "Fitting", "Reduction"]);
  assert.match(await page.textContent("#done .lead"), /\d photos a second.*What limits the rate: inference/);
});

test("what another k would keep, as NumPy tells it", async () => {
  for (const k of [1, wanted.k, Math.min(600, wanted.cumulative.length)]) {
    await page.locator("#scree-k").evaluate((slider, value) => {
      slider.value = String(value);
      slider.dispatchEvent(new Event("input"));
    }, k);
    const share = Number((await page.textContent("#scree output")).match(/keeps ([\d.]+)/)[1]);
    assert.ok(Math.abs(share - 100 * wanted.cumulative[k - 1]) < 0.02, `k = ${k}: ${share}`);
  }
  assert.ok((await page.textContent("#scree .rule text")).includes(String(wanted.k)));
});

test("hover shows the right photo at the right point", async () => {
  await page.locator(".map-stage").evaluate((stage) => stage.scrollIntoView({ block: "center", behavior: "instant" }));
  box = await page.locator(".map-surface").boundingBox();
  const seen = [];
  for (const { i, place } of alone(places(wanted, [0, 1], box), 6, box)) {
    if (seen.length === 6) break;
    await page.mouse.move(box.x + place[0] + 1, box.y + place[1] - 1);
    await page.waitForFunction((path) => document.querySelector(".card:not([hidden]) .card-path")?.textContent === path, wanted.paths[i]);
    assert.equal(await page.textContent(".card-class"), wanted.labels[i]);
    if (await page.locator(".card .picture.none").count()) continue;
    const bytes = source(wanted.paths[i]);
    assert.equal(createHash("sha256").update(bytes).digest("hex"), wanted.sha256[i]);
    const right = await difference(page, ".card .picture", bytes);
    assert.ok(right < 8, `${wanted.paths[i]}: ${right}`);
    for (const other of seen) assert.ok((await difference(page, ".card .picture", source(other))) > right, `${wanted.paths[i]} looks more like ${other}`);
    seen.push(wanted.paths[i]);
  }
  assert.equal(seen.length, 6);
});

test("the lasso's count is that of the Parquet's rows", async () => {
  const all = places(wanted, [0, 1], box);
  let polygon = [[0.22, 0.2], [0.7, 0.16], [0.56, 0.5], [0.8, 0.82], [0.3, 0.7]].map(([x, y]) => [Math.round(x * box.width), Math.round(y * box.height)]);
  while (all.some((place) => holds(polygon, place) < 0)) polygon = polygon.map(([x, y]) => [x + 1, y]);
  await page.click(".map-tools button:text('Lasso')");
  await page.mouse.move(box.x + polygon[0][0], box.y + polygon[0][1]);
  await page.mouse.down();
  for (const [x, y] of polygon.slice(1)) await page.mouse.move(box.x + x, box.y + y);
  await page.mouse.up();
  await page.waitForSelector(".selection:not([hidden])");
  const inside = all.flatMap((place, i) => (holds(polygon, place) ? [i] : []));
  assert.ok(inside.length > 100 && inside.length < 3900);
  assert.equal(Number(await page.getAttribute(".selection", "data-count")), inside.length);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(".selection-head button:first-of-type")]);
  const csv = readFileSync(await download.path(), "utf8").trim().split("\r\n").slice(1);
  assert.deepEqual(csv.sort(), inside.map((i) => `"${wanted.paths[i]}","${wanted.labels[i]}"`).sort());
  await page.click(".map-tools button:text('Move')");
});

test("the classes are those of the rows, and their photos are theirs", async () => {
  const counts = new Map();
  for (const label of wanted.labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const more = page.locator("#classes button:text('more')");
  while (await more.isVisible()) await more.click();
  const cards = await page.$$eval(".class-card", (all) => all.map((card) => [card.querySelector("h3").textContent, Number(card.querySelector(".note").textContent.match(/\d+/)[0]), card.querySelectorAll(".photo").length]));
  assert.deepEqual(Object.fromEntries(cards.map(([name, count]) => [name, count])), Object.fromEntries(counts));
  assert.ok(cards.every(([, , photos]) => photos === 10));
  for (const nth of [0, 7, 19]) {
    const photo = page.locator(".class-card .photo").nth(10 * nth);
    const path = await photo.getAttribute("title");
    assert.equal(path.split("/")[0], cards[nth][0]);
    await photo.click();
    await page.waitForFunction((text) => document.querySelector(".card:not([hidden]) .card-path")?.textContent === text, path);
    assert.ok((await difference(page, ".card .picture", source(path))) < 8);
  }
});

test("the classifier's figures are scikit-learn's", async () => {
  const { heldBack } = wanted;
  assert.match(await page.textContent("#classifier .lead"), new RegExp(`cross-validation on ${heldBack.photos.toLocaleString("en-GB")} photos`));
  const accuracy = Number((await page.textContent("#classifier .figure strong")).replace("%", ""));
  assert.ok(Math.abs(accuracy - 100 * heldBack.accuracy) < 0.006);
  const rows = await page.$$eval(".per-class tbody tr", (all) => all.map((row) => [row.querySelector("th").textContent, ...[...row.querySelectorAll("td")].map((cell) => cell.textContent)]));
  assert.equal(rows.length, heldBack.classes.length);
  for (const [name, precision, recall, , support] of rows) {
    const figures = heldBack.per_class[heldBack.classes.indexOf(name)];
    assert.equal(Number(support), figures[3], name);
    assert.ok(Math.abs(Number(recall.replace("%", "")) - 100 * figures[1]) < 0.051, name);
    if (precision !== "–") assert.ok(Math.abs(Number(precision.replace("%", "")) - 100 * figures[0]) < 0.051, name);
  }
  const mistakes = await page.$$eval(".mistakes .photo", (all) => all.map((each) => each.title));
  assert.deepEqual(mistakes, heldBack.mistakes);
  assert.equal(await page.locator(".mistakes .picture.none").count(), 0);
});

test("a cell of the confusion matrix shows its count and its photos", async () => {
  const { heldBack } = wanted;
  const [label, predicted, paths] = heldBack.cells.filter(([truth, answer]) => truth !== answer).sort((a, b) => b[2].length - a[2].length)[0];
  const names = await page.$$eval("#classifier .matrix-names text[text-anchor]", (all) => all.map((each) => each.textContent));
  const short = (name) => (name.length > 18 ? `${name.slice(0, 17)}…` : name);
  const area = await page.locator("#classifier .matrix image").evaluate((image) => {
    image.scrollIntoView({ block: "center", behavior: "instant" });
    const { x, y, width } = image.getBoundingClientRect();
    return { x, y, cell: width };
  });
  const place = (name) => ((names.indexOf(short(name)) + 0.5) * area.cell) / names.length;
  await page.mouse.click(area.x + place(predicted), area.y + place(label));
  assert.equal(await page.textContent(".cell-photos h4"), `${label} answered as ${predicted}: ${paths.length}`);
  const shown = await page.$$eval(".cell-photos .photo", (all) => all.map((each) => each.title));
  assert.equal(shown.length, Math.min(12, paths.length));
  for (const path of shown) assert.ok(paths.includes(path), path);
  await page.focus("#classifier .matrix");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  assert.notEqual(await page.textContent(".cell-photos h4"), `${label} answered as ${predicted}: ${paths.length}`);
});

test("nothing was asked of a network until the end", () => assertQuiet(page));

for (const [locale, colorScheme] of [["en-GB", "light"], ["en-GB", "dark"], ["fr-FR", "light"]]) {
  test(`axe finds nothing: ${locale}, ${colorScheme}`, async () => {
    const { page: other } = await openDrawn(browser, FILE, { locale, colorScheme });
    await other.click("#map .map-tools > button");  // a selection, and a card
    await other.click("#classes .class-card .photo");
    await other.waitForSelector(".card:not([hidden])");
    assert.deepEqual(await violations(other), []);
    assertQuiet(other);
    await other.context().close();
  });
}

test("a phone, 390 px wide, shows no sideways scroll", async () => {
  for (const locale of ["en-GB", "fr-FR"]) {
    const { page: other } = await openDrawn(browser, FILE, { ...PHONE, locale });
    const [content, screen] = await other.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.equal(screen, 390);
    assert.ok(content <= 390, `${locale}: ${content} px wide`);
    await other.context().close();
  }
});

test("every control can be reached by the Tab key", async () => {
  const { page: other } = await openDrawn(browser, FILE);
  const all = await other.evaluate(() => {
    const controls = [...document.querySelectorAll("a[href], button, select, input, [tabindex='0']")].filter((each) => each.checkVisibility());
    controls.forEach((each, i) => (each.dataset.control = i));
    document.body.addEventListener("focusin", ({ target }) => (target.dataset.reached = "yes"));
    return controls.length;
  });
  for (let i = 0; i < all + 2; i++) await other.keyboard.press("Tab");
  const left = await other.$$eval("[data-control]:not([data-reached])", (missed) => missed.map((each) => each.outerHTML.slice(0, 120)));
  assert.deepEqual(left, []);
  await other.context().close();
});

test("on paper: light, whole, with nothing to press", async () => {
  const { page: other } = await openDrawn(browser, FILE, { colorScheme: "dark" });
  await other.emulateMedia({ media: "print", colorScheme: "dark" });
  const [background, buttons] = await other.evaluate(() => [getComputedStyle(document.body).backgroundColor, [...document.querySelectorAll("button:not(.photo), select, input")].filter((each) => each.checkVisibility()).length]);
  assert.equal(background, "rgb(255, 255, 255)");
  assert.equal(buttons, 0);
  assert.equal(await other.locator(".class-card").count(), new Set(wanted.labels).size);
  await other.context().close();
});

test("the page without its sheet of pictures is below 1.5 MB", () => {
  const text = readFileSync(FILE, "latin1");
  const sheet = text.match(/id="block-sprite">([^<]*)/)[1].length;
  assert.ok(sheet > 1_000_000);
  assert.ok(text.length - sheet < 1_500_000, `${text.length - sheet} bytes`);
});

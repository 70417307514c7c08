// A million points: how long it takes to open, how much memory it holds. Not part of the tests: `npm run measure` prints it.
// POMONA_REPORT_PAGE names a real report (benchmarks/page.py 1000000 makes one); else the data are made up.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, open } from "./browser.mjs";
import { report } from "./reports.mjs";

let browser, made;
before(async () => {
  const file = process.env.POMONA_REPORT_PAGE;
  made = file ? { file, bytes: statSync(file).size } : report({ points: 1_000_000, components: 8 });
  browser = await launch();
});
after(() => browser?.close());

/** Resident memory in MB and processor time in ms of the largest renderer among this process's descendants. */
function renderer() {
  const rows = execFileSync("ps", ["-eo", "pid,ppid,rss,args"], { encoding: "utf8" }).split("\n").slice(1).map((line) => line.trim().split(/\s+/));
  const ours = new Set([String(process.pid)]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [pid, parent] of rows) if (ours.has(parent) && !ours.has(pid)) grown = Boolean(ours.add(pid));
  }
  const renderers = rows.filter(([pid, , , ...args]) => ours.has(pid) && args.join(" ").includes("--type=renderer"));
  const [pid, , rss] = renderers.sort((a, b) => b[2] - a[2])[0];
  const [user, system] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ").slice(11, 13).map(Number);
  return { megabytes: Number(rss) / 1000, processor: (user + system) * 10 };
}

test("how long a large report takes to open", async (t) => {
  const start = performance.now();
  const page = await open(browser, made.file);
  await page.waitForSelector("[data-ready]", { timeout: 60_000 });
  const ready = performance.now() - start;
  const { processor } = renderer();
  await page.waitForSelector("[data-drawn]", { timeout: 60_000 });
  const drawn = performance.now() - start;
  const heap = await page.evaluate(() => performance.memory.usedJSHeapSize / 1e6);
  const points = Number(await page.getAttribute(".map-stage", "data-drawn"));
  t.diagnostic(`${points} points, file ${(made.bytes / 1e6).toFixed(1)} MB; ready ${ready.toFixed(0)} ms (renderer's processor time ${processor} ms); all points drawn ${drawn.toFixed(0)} ms (${renderer().processor} ms); renderer ${renderer().megabytes.toFixed(0)} MB, JS heap ${heap.toFixed(0)} MB`);
  assert.ok(points >= 1000);

  const box = await page.locator(".map-surface").boundingBox();
  const before = performance.now();
  await page.locator(".map-stage").evaluate((stage) => stage.scrollIntoView({ block: "center", behavior: "instant" }));
  await page.mouse.move(box.x + box.width / 2, 450);
  await page.waitForSelector(".card:not([hidden])");
  t.diagnostic(`first hover ${(performance.now() - before).toFixed(0)} ms`);

  const path = await page.textContent(".card-path");
  const searching = performance.now();
  await page.fill("#map-search", path);
  await page.waitForSelector(".hits button", { timeout: 60_000 });
  t.diagnostic(`search by path ${(performance.now() - searching).toFixed(0)} ms`);
  assert.deepEqual(page.problems, []);
});

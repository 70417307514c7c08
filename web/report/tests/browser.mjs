// Debian's Chromium, without a network. POMONA_CHROMIUM names another one.
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

export const launch = (...more) =>
  chromium.launch({ executablePath: process.env.POMONA_CHROMIUM ?? "/usr/bin/chromium", headless: true, args: [...FLAGS, "--enable-unsafe-swiftshader", ...more] });

/** Opens a file; page.problems gathers errors of the page, page.requests all that it asked for. */
export async function open(browser, file, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", reducedMotion: "reduce", acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.problems = [];
  page.requests = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  page.on("request", (request) => page.requests.push(request.url()));
  await page.goto(`file://${file}`);
  return page;
}

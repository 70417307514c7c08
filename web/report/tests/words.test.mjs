// English and French: the same messages, all of them, each in its own language.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { en } from "../src/i18n/en.ts";
import { fr } from "../src/i18n/fr.ts";
import { launch } from "./browser.mjs";
import { at, openDrawn } from "./real.mjs";

/** { path of the message: its text }, with what goes into it written as «0», «1», ... */
function messages(words, prefix = "") {
  return Object.entries(words).flatMap(([key, value]) => {
    if (typeof value === "object") return messages(value, `${prefix}${key}.`);
    return [[`${prefix}${key}`, typeof value === "function" ? value("«0»", "«1»", "«2»") : value]];
  });
}
const slots = (text) => [...text.matchAll(/«\d»/g)].map(String).sort();

test("no message is missing, empty, or without what goes into it", () => {
  const [english, french] = [messages(en), messages(fr)];
  assert.deepEqual(french.map(([key]) => key), english.map(([key]) => key));
  english.forEach(([key, text], i) => {
    assert.ok(text.trim() && french[i][1].trim(), key);
    assert.deepEqual(slots(french[i][1]), slots(text), key);
  });
});

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test("the French page speaks no English, and the language changes in place", async () => {
  const { page } = await openDrawn(browser, at("out", "report.html"), { locale: "fr-FR" });
  assert.equal(await page.evaluate(() => document.documentElement.lang), "fr");
  const french = new Map(messages(fr));
  const sentences = messages(en).filter(([key, text]) => text.length > 12 && !text.includes("«") && french.get(key) !== text).map(([, text]) => text);
  assert.ok(sentences.length > 60, `${sentences.length} sentences`);
  const said = () => page.evaluate(() => document.querySelector("#app").innerText + [...document.querySelectorAll("[aria-label]")].map((each) => each.ariaLabel).join("\n"));
  const text = await said();
  assert.deepEqual(sentences.filter((sentence) => text.includes(sentence)), []);
  await page.click("button[lang=en]");
  await page.waitForSelector("[data-drawn]");
  assert.equal(await page.textContent("#account-title"), en.account.title);
  assert.equal((await said()).includes(fr.account.lead.run), false);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

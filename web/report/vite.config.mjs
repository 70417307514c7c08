// Builds src/main.ts and its styles into one file, dist/template.html, with a Content-Security-Policy that admits exactly
// that script and that style sheet by their hashes. src/report (C++) puts the data where src/skeleton.html says so.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

const hash = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;

function policy(script, style) {
  return [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

// Neither text may hold what ends its element, or what opens an HTML comment inside a script.
function checked(text, name) {
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${name} holds markup that would end its element`);
  return text.trim();
}

function singleFile() {
  return {
    name: "single-file",
    enforce: "post",
    generateBundle(_options, bundle) {
      const files = Object.values(bundle);
      const script = checked(files.find((file) => file.type === "chunk").code, "the script");
      const style = checked(files.find((file) => file.fileName.endsWith(".css")).source.toString(), "the style sheet");
      const skeleton = readFileSync(new URL("src/skeleton.html", import.meta.url), "utf8");
      const parts = { policy: policy(script, style), style, script };
      const source = skeleton.replace(/\{\{(\w+)\}\}/g, (_all, name) => parts[name]);
      for (const file of files) delete bundle[file.fileName];
      this.emitFile({ type: "asset", fileName: "template.html", source });
    },
  };
}

export default defineConfig({
  plugins: [singleFile()],
  build: {
    target: "es2022",
    outDir: process.env.POMONA_REPORT_DIST ?? "dist",
    emptyOutDir: true,
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: { input: "src/main.ts", output: { format: "iife" } },
  },
});

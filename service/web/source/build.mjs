// Sources in, the served files out: `node build.mjs` writes them into the folder above, `node build.mjs DIR` into DIR.
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const folder = process.argv[2] ?? "..";
const shared = {
  bundle: true,
  minify: true,
  target: ["chrome111", "firefox113", "safari16.4"],
  charset: "utf8",
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".css": "css" },
  outdir: folder,
  logLevel: "warning",
};

await build({ ...shared, entryPoints: { app: "page/app.tsx", style: "style/page.css" }, format: "esm" });
await build({ ...shared, entryPoints: { theme: "page/theme.ts" }, format: "iife" });
await build({
  ...shared,
  entryPoints: { widget: "widget/widget.tsx" },
  format: "iife",
  plugins: [{ name: "css-as-text", setup: cssAsText }],
});

// The licences of what is built in ask to go wherever it goes.
const licences = ["preact", "@preact/signals", "@preact/signals-core"].map(async (name) => {
  const text = await readFile(`node_modules/${name}/LICENSE`, "utf8");
  return `${name}\n\n${text.trim()}\n`;
});
await writeFile(`${folder}/licences.txt`, (await Promise.all(licences)).join("\n\n"));

/** `import css from "./x.css"` in the widget is the minified style sheet as a string, for its shadow root. A page may set
 * the size of `rem` as it likes; the widget's is its own, except in media queries, where it is the browser's anyway. */
function cssAsText({ onLoad }) {
  onLoad({ filter: /\.css$/ }, async ({ path }) => {
    const { outputFiles } = await build({ ...shared, entryPoints: [path], write: false });
    const parts = outputFiles[0].text.split(/(@media[^{]*)/);
    const own = parts.map((part) => (part.startsWith("@media") ? part : part.replace(/(\d*\.?\d+)rem/g, "calc($1*16px)")));
    return { contents: own.join(""), loader: "text" };
  });
}

// Builds dist/page/ from page/: one script for the browser with everything in it, the stylesheet, the page and its icon, and
// the pictures as a module for Node.js.
import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const page = fileURLToPath(new URL("../page/", import.meta.url));
const dist = fileURLToPath(new URL("../dist/page/", import.meta.url));

export async function buildPage() {
  mkdirSync(dist, { recursive: true });
  await build({
    entryPoints: { page: `${page}main.tsx` },
    outdir: dist,
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "inline",
    logLevel: "warning",
  });
  await build({
    entryPoints: [`${page}pictures.ts`],
    outdir: dist,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20",
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "inline",
    logLevel: "warning",
  });
  await build({ entryPoints: [`${page}page.css`], outdir: dist, minify: true, target: "es2022", logLevel: "warning" });
  for (const file of ["index.html", "favicon.svg"]) copyFileSync(`${page}${file}`, `${dist}${file}`);
}

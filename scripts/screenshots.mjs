// Makes the pictures of the documentation (docs/pictures/) from real studies: npm run screenshots [-- FOLDER].
// It takes Python 3, Chromium (or what HPO_CHROMIUM names), and a few minutes. Studies that FOLDER has are not run again.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { terminalSvg } from "./terminal-svg.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const pictures = join(root, "docs/pictures");
const MAIN = join(root, "dist/cli/main.js");
const SIZES = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const TERMINAL = { columns: 96, rows: 30, seconds: 1.6 };
const FRAMES = 9;
const SPEC = "search-spaces/digits/space.json";

const ALL = "All trials, at their last values";

/** What is pictured: its file, where it is in the dashboard, and what is done there first. */
const SHOTS = [
  { file: "studies", hash: "#/" },
  { file: "overview", hash: "#/study/digits" },
  { file: "overview-dark", hash: "#/study/digits", theme: "dark" },
  { file: "overview-phone", hash: "#/study/digits", size: "phone" },
  { file: "trials", hash: "#/study/digits/trials" },
  { file: "trial", hash: "#/study/digits/trial/BEST" },
  { file: "compare", hash: "#/compare/branin/branin-random" },
  { file: "history", hash: "#/study/digits/view/history" },
  { file: "curves", hash: "#/study/digits/view/curves", hover: [0.35, 0.3] },
  {
    file: "parallel",
    hash: "#/study/digits/view/parallel",
    check: ALL,
    drag: { x: 0.947, from: 0.9, to: 0.55 },
  },
  { file: "slice", hash: "#/study/hartmann6/view/slice" },
  { file: "contour", hash: "#/study/branin/view/contour" },
  { file: "importance", hash: "#/study/hartmann6/view/importance" },
  { file: "rank", hash: "#/study/branin/view/rank" },
  { file: "ecdf", hash: "#/study/digits/view/ecdf", check: ALL },
  { file: "timeline", hash: "#/study/digits/view/timeline" },
  { file: "saved", hash: "#/study/digits/view/saved" },
];

const [given] = process.argv.slice(2);
const folder = given === undefined ? mkdtempSync(join(tmpdir(), "hpo-pictures-")) : resolve(given);
mkdirSync(folder, { recursive: true });
mkdirSync(pictures, { recursive: true });
try {
  await runStudies();
  await drawTerminal();
  await photograph();
} finally {
  if (given === undefined) rmSync(folder, { recursive: true });
}

async function runStudies() {
  if (!existsSync(join(folder, "search-spaces")))
    symlinkSync(join(root, "search-spaces"), join(folder, "search-spaces"));
  const [branin, hartmann] = ["branin", "hartmann6"].map((name) => `search-spaces/functions/${name}.space.json`);
  const quick = ["--trials", "60", "--seed", "5", "--quiet"];
  await study("branin", [branin, "--strategy", "bayesian", ...quick]);
  await study("branin-random", [branin, "--strategy", "random", ...quick]);
  await study("hartmann6", [hartmann, "--strategy", "bayesian", ...quick]);
  await study("digits", [SPEC, "--trials", "48", "--seed", "3", "--cpus", "2"]);
}

/** Runs a study in a terminal, and keeps what that showed. */
async function study(name, words) {
  if (existsSync(join(folder, "studies", name))) return;
  process.stdout.write(`${name} runs\n`);
  const { columns, rows } = TERMINAL;
  const argv = [`${columns}`, `${rows}`, process.execPath, MAIN, "study", "start", ...words, "--name", name];
  const env = { ...process.env, TERM: "xterm-256color", FORCE_COLOR: "1" };
  const child = spawn("python3", [join(root, "scripts/in-terminal.py"), ...argv], { cwd: folder, env });
  const recording = [];
  const began = performance.now();
  child.stdout
    .setEncoding("utf8")
    .on("data", (text) => recording.push({ at: Math.round(performance.now() - began), text }));
  child.stderr.pipe(process.stderr);
  const code = await new Promise((ended) => child.once("close", ended));
  if (code !== 0) throw new Error(`hpo study start ${words.join(" ")} left with ${code}`);
  writeFileSync(join(folder, `${name}.recording.json`), JSON.stringify(recording));
}

async function drawTerminal() {
  const recording = JSON.parse(readFileSync(join(folder, "digits.recording.json"), "utf8"));
  const end = recording.at(-1).at;
  const moments = Array.from({ length: FRAMES }, (_, i) => (i === FRAMES - 1 ? end : (end * (i + 1)) / FRAMES));
  const title = `hpo study start ${SPEC}`;
  const words = "A study in the terminal: its best trial, what each slot does, and what happened, with reasons";
  writeFileSync(join(pictures, "terminal.svg"), await terminalSvg(recording, moments, { ...TERMINAL, title, words }));
}

async function photograph() {
  const dashboard = spawn(process.execPath, [MAIN, "dashboard", "--port", "0"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const executablePath = process.env.HPO_CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const home = await new Promise((told) => dashboard.stdout.setEncoding("utf8").once("data", told));
    for (const shot of SHOTS) await photo(browser, home.split("\n")[0], shot);
  } finally {
    await browser.close();
    dashboard.kill();
  }
}

async function photo(browser, home, { file, hash, theme = "light", size = "desk", check, hover, drag }) {
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme: theme, deviceScaleFactor: 1 });
  const page = await context.newPage();
  await page.goto(`${home}${await withBest(page, home, hash)}`);
  await page.locator("h1").waitFor();
  if (check !== undefined) await page.getByLabel(check).check();
  // What is drawn comes to rest.
  await page.waitForTimeout(1500);
  const box = await page
    .locator(".chart-canvas canvas")
    .first()
    .boundingBox({ timeout: 2000 })
    .catch(() => null);
  const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
  if (hover !== undefined) await page.mouse.move(...at(...hover));
  if (drag !== undefined) {
    await page.mouse.move(...at(drag.x, drag.from));
    await page.mouse.down();
    await page.mouse.move(...at(drag.x, drag.to), { steps: 8 });
    await page.mouse.up();
    await page.mouse.move(0, 0);
  }
  if (hover !== undefined || drag !== undefined) await page.waitForTimeout(800);
  await page.screenshot({ path: join(pictures, `${file}.png`) });
  await context.close();
}

async function withBest(page, home, hash) {
  if (!hash.includes("BEST")) return hash;
  const answer = await page.request.get(`${home.replace(/\/$/, "")}/api/studies/digits?since=-1`);
  return hash.replace("BEST", (await answer.json()).head.best.number);
}

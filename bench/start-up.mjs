// How long `hpo study start` takes to its first objective call, beside a bare Node that forks a bare Node, in turn.
// Prints milliseconds from the start of the process to the call: medians with quartiles, and the paired difference.
//   npm run build && node bench/start-up.mjs [pairs]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const pairs = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), "hpo-start-up-"));
const called = join(folder, "called");
const cli = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const note = `writeFileSync(${JSON.stringify(called)}, String(performance.timeOrigin + performance.now()));`;

writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
writeFileSync(
  join(folder, "objective.js"),
  `import { writeFileSync } from "node:fs";\nexport default () => { ${note} return { loss: 1 }; };\n`,
);
writeFileSync(join(folder, "child.js"), `import { writeFileSync } from "node:fs";\n${note}\n`);
writeFileSync(
  join(folder, "bare.js"),
  'import { fork } from "node:child_process";\nfork(new URL("./child.js", import.meta.url));\n',
);
writeFileSync(
  join(folder, "space.json"),
  JSON.stringify({
    name: "start-up",
    objective: { module: "./objective.js" },
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    stop: { trials: 1 },
    seed: 1,
  }),
);

async function time(...words) {
  const start = performance.timeOrigin + performance.now();
  const [code] = await once(spawn(process.execPath, words, { stdio: "ignore" }), "exit");
  if (code !== 0) throw new Error(`${words.join(" ")} exited with ${code}`);
  return Number(readFileSync(called, "utf8")) - start;
}

const measured = { bare: [], hpo: [], difference: [] };
for (let pair = -1; pair < pairs; pair++) {
  const bare = await time(join(folder, "bare.js"));
  const hpo = await time(
    cli,
    "study",
    "start",
    join(folder, "space.json"),
    "--directory",
    join(folder, `studies-${pair}`),
  );
  if (pair < 0) continue; // the first pair warms the disk's cache
  measured.bare.push(bare);
  measured.hpo.push(hpo);
  measured.difference.push(hpo - bare);
}
for (const [name, values] of Object.entries(measured)) {
  values.sort((a, b) => a - b);
  const at = (share) => values[Math.round(share * (values.length - 1))].toFixed(0);
  console.log(
    `${name.padEnd(10)} median ${at(0.5)} ms, quartiles ${at(0.25)} … ${at(0.75)}, range ${at(0)} … ${at(1)}`,
  );
}
rmSync(folder, { recursive: true });

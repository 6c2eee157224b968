import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { hpo } from "./session.mjs";

/**
 * Every kind of fault: what is done to a session that has told something. Each resolves when the session is over and the world is
 * mended again, as its user would mend it, and throws where the session took the fault wrongly.
 */

const { ENOSPC, EIO, EDQUOT, EACCES, EMFILE, EROFS } = constants.errno;

/** Whether namespaces can be had: they take root, or a kernel that lends them. */
const hasNamespaces = (flags) => spawnSync("unshare", [...flags, "true"]).status === 0;

export function kinds(shim) {
  const disk = shim === undefined ? {} : Object.fromEntries(DISK.map(([name, fault]) => [name, withDisk(shim, fault)]));
  const shared = ELSEWHERE.filter(({ flags }) => flags.length === 0 || hasNamespaces(flags));
  const writers = shared.flatMap(({ where, flags }) =>
    WRITERS.map(({ name, words }) => [`${name} ${where}`, secondWriter(words, flags)]),
  );
  return {
    ...disk,
    kill,
    ...Object.fromEntries(writers),
    ...Object.fromEntries(DISPLACED),
    "resumed twice": resumedTwice,
  };
}

const PARTS = { journal: "s/journal.jsonl", lock: "journal.lock", spec: "spec.json", socket: "control" };

const DISK = [
  ["full", ["write", ENOSPC, 1, PARTS.journal]],
  ["full for good", ["write", ENOSPC, 10_000, PARTS.journal]],
  ["quota", ["write", EDQUOT, 1, PARTS.journal]],
  ["write fails", ["write", EIO, 1, PARTS.journal]],
  ["short writes", ["write", 0, 5, PARTS.journal]],
  ["sync fails", ["sync", EIO, 1, PARTS.journal]],
  ["sync finds it full", ["sync", ENOSPC, 2, PARTS.journal]],
  ["cut fails", ["truncate", EIO, 1, PARTS.journal]],
  ["no descriptors", ["open", EMFILE, 1, PARTS.journal]],
  ["may not open", ["open", EACCES, 1, PARTS.journal]],
  ["read-only", ["open", EROFS, 1, PARTS.lock]],
  ["lock full", ["write", ENOSPC, 1, PARTS.lock]],
  ["spec full", ["write", ENOSPC, 1, PARTS.spec]],
  ["socket not placed", ["rename", EIO, 1, PARTS.socket]],
];

/** Calls that a session makes once or twice fail at the first; those that it makes again and again, at any. */
function withDisk(shim, [call, code, times, part]) {
  return async (study, random) => {
    const often = (call === "write" || call === "sync") && part === PARTS.journal;
    const first = 1 + random.below(often ? 30 : 2);
    const session = study.start({ LD_PRELOAD: shim, HPO_FAULT: `${call} ${code} ${first} ${times} ${part}` });
    return endedInWords(await session.ended);
  };
}

async function kill(study, random) {
  const session = study.start();
  await study.told(session, random.below(60));
  session.child.kill("SIGKILL");
  await session.ended;
}

const ELSEWHERE = [
  { where: "here", flags: [] },
  { where: "in another network", flags: ["-n"] },
  { where: "in another process space", flags: ["-p", "-f", "--mount-proc"] },
];

const WRITERS = [
  { name: "note", words: ["study", "note", "s", "a note"] },
  { name: "stop", words: ["study", "stop", "s"] },
];

/** While the study is held up, so that both write at once. */
function secondWriter(words, flags) {
  return async (study, random) => {
    writeFileSync(study.hold, "");
    const session = study.start();
    await study.told(session, 3 + random.below(5));
    const wrapper = flags.length === 0 ? [] : ["unshare", ...flags];
    const { text } = await hpo([...words, "--directory", study.directory], study.place, wrapper);
    rmSync(study.hold);
    if (/bug in hpo/.test(text)) throw new Error(`${words.join(" ")}: ${text}`);
    endedInWords(await session.ended);
  };
}

/** Of two sessions that begin at once, one runs and the other says who does. */
async function resumedTwice(study) {
  const ended = await Promise.all([study.start(), study.start(), study.start()].map((session) => session.ended));
  for (const end of ended) endedInWords(end);
  if (ended.filter(({ code }) => code === 0).length === 0)
    throw new Error(`none of three ran: ${ended.map(({ words }) => words).join("; ")}`);
}

/** What takes the journal away, and what its user does about it where the session did not notice because it was over. */
const TAKEN = [
  ["folder removed", (study) => renameSync(study.folder, `${study.folder}.away`), (study) => restoreFolder(study)],
  [
    "journal replaced",
    (study) => {
      linkSync(study.journal, join(study.place, "own"));
      copyFileSync(study.journal, join(study.place, "copy"));
      renameSync(join(study.place, "copy"), study.journal);
    },
    (study) => renameSync(join(study.place, "own"), study.journal),
  ],
  [
    "journal removed",
    (study) => renameSync(study.journal, join(study.place, "own")),
    (study) => renameSync(join(study.place, "own"), study.journal),
  ],
  [
    "a folder in its place",
    (study) => {
      renameSync(study.journal, join(study.place, "own"));
      mkdirSync(study.journal);
    },
    (study) => {
      rmSync(study.journal, { recursive: true });
      renameSync(join(study.place, "own"), study.journal);
    },
  ],
  [
    "a pipe in its place",
    (study) => {
      renameSync(study.journal, join(study.place, "own"));
      execFileSync("mkfifo", [study.journal]);
    },
    (study) => renameSync(join(study.place, "own"), study.journal),
  ],
  ["all studies away", (study) => renameSync(study.directory, `${study.directory}.away`), (study) => restoreAll(study)],
  [
    "journal cut",
    (study) => {
      linkSync(study.journal, join(study.place, "own"));
      truncateSync(study.journal, 100);
    },
    undefined,
  ],
];

function restoreFolder(study) {
  rmSync(study.folder, { recursive: true, force: true });
  renameSync(`${study.folder}.away`, study.folder);
}

function restoreAll(study) {
  rmSync(study.directory, { recursive: true, force: true });
  renameSync(`${study.directory}.away`, study.directory);
}

const DISPLACED = TAKEN.map(([name, take, giveBack]) => [name, displaced(take, giveBack)]);

/** A session that notices must say so and keep everything elsewhere; its user puts that in the journal's place. */
function displaced(take, giveBack) {
  return async (study, random) => {
    writeFileSync(study.hold, "");
    const session = study.start();
    await study.told(session, 3 + random.below(5));
    const isOver = session.over || !existsSync(study.journal);
    if (!isOver) take(study);
    rmSync(study.hold);
    const { code, words } = await session.ended;
    if (isOver) return;
    const kept = /all that was told is kept in (.+?)\. To go on/.exec(words)?.[1];
    if (kept === undefined) {
      if (code === 0 || giveBack === undefined) throw new Error(`it did not notice: ${code} ${words}`);
      endedInWords({ code, words });
      giveBack(study);
    } else {
      const own = join(study.place, "rescued");
      copyFileSync(kept, own);
      rmSync(kept);
      if (giveBack !== undefined) giveBack(study);
      rmSync(study.journal, { force: true });
      renameSync(own, study.journal);
      chmodSync(study.journal, 0o644);
    }
    rmSync(join(study.place, "own"), { force: true });
  };
}

function endedInWords({ code, words }) {
  if (words.includes("BUG: ") || (code !== 0 && words === "")) throw new Error(`no words of ours: ${code} ${words}`);
}

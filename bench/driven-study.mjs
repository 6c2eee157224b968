// What programs that ask and tell share.
import seedrandom from "seedrandom";

/** The next run; undefined when the study is over, "blocked" when only an open run can tell what is next. */
export async function askUnlessBlocked(study, mayWait) {
  try {
    return await study.ask();
  } catch (error) {
    if (mayWait && error.code === "would-wait") return "blocked";
    throw error;
  }
}

/**
 * What is told of a training that diverged. A study gives up when its first three trials fail alike; here that is no fault in
 * the program, so that each failure says something else.
 */
export function diverged(number) {
  return { state: "failed", cause: `trial ${inLetters(number)} diverged` };
}

/** How long a trial lasts against others: 0.5 to 1.5, uniform by seed and number. */
export function durationOf(seed, number) {
  return 0.5 + seedrandom(`${seed}/${number}`)();
}

const inLetters = (number) => String(number).replaceAll(/\d/g, (digit) => "abcdefghij"[digit]);

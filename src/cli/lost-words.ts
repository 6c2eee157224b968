import { refusalOf } from "../files/system-error.ts";
import { EXIT } from "./exit-codes.ts";

/** What becomes of a process whose words cannot be written any more: a full disk, a pipe whose reader has gone. */

let hasWork = false;

/** From here on this process does something that is worth more than its words: it goes on without them. */
export function goOnWithoutWords(): void {
  hasWork = true;
}

/**
 * A command that only tells something ends where nobody reads it, as with `hpo study list | head -1`; a study goes on. What is
 * wrong with a disk is said once, where it still can be.
 *
 * @param other where that is said
 */
export function survive(stream: NodeJS.WriteStream, other: NodeJS.WriteStream): void {
  let said = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // A terminal that was closed: SIGHUP has come with it, and interrupts as it should.
    if (error.code === "EIO" && stream.isTTY) return;
    // Of a stream that has failed, each later word fails again.
    if (said || error.code === "ERR_STREAM_DESTROYED") return;
    said = true;
    const isUnread = error.code === "EPIPE";
    if (isUnread && !hasWork) process.exit(EXIT.interrupted);
    const why = isUnread ? "nobody reads them" : (refusalOf(error)?.says ?? error.message);
    other.write(`hpo: words are lost: ${why}${hasWork ? "; the study goes on without them" : ""}\n`);
    if (!hasWork) process.exitCode = EXIT.failed;
  });
}

import type { Socket } from "node:net";

/** The longest line that is taken from another process, in bytes: a large configuration fits. */
export const LONGEST_LINE: number = 1 << 20;

/** Calls `hear` with the first line that comes, or `refuse` when it is longer than that; what follows is not read. */
export function readShortLine(socket: Socket, hear: (line: string) => void, refuse: () => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const listen = (chunk: Buffer): void => {
    const end = chunk.indexOf(0x0a);
    const part = end === -1 ? chunk : chunk.subarray(0, end);
    chunks.push(part);
    length += part.length;
    if (end === -1 && length <= LONGEST_LINE) return;
    socket.off("data", listen).resume();
    if (length > LONGEST_LINE) refuse();
    else hear(Buffer.concat(chunks).toString("utf8"));
  };
  socket.on("data", listen);
}

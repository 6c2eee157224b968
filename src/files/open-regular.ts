import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { HpoError } from "../errors.ts";

/**
 * Opens a file for reading, and nothing that blocks: a pipe would wait for its writer for good.
 *
 * @throws HpoError "invalid-argument" where it is a pipe, a device, a socket or a folder; any error of the file system
 */
export function openRegular(file: string): number {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new HpoError(
    "invalid-argument",
    `${file} is no regular file: expected one, found a folder, a pipe or a device`,
  );
}

import { closeSync, fsyncSync, openSync } from "node:fs";

/** What file systems say that cannot sync a folder: shared folders of virtual machines, some CIFS and FUSE. */
const CANNOT = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EBADF", "EISDIR"]);

/** Makes the names in a folder durable, where its file system can. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } catch (error) {
    if (!CANNOT.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    closeSync(descriptor);
  }
}

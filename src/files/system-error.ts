import { HpoError } from "../errors.ts";

/** What the operating system refuses, in words and with what to do: the one place that knows its codes. */

interface Refusal {
  readonly says: string;
  readonly cure: string;
  /** The user cures it by giving something else: another path, another folder. */
  readonly isInput?: boolean;
}

const NOT_ALLOWED: Refusal = {
  says: "this user may not do that",
  cure: "change the permissions, or run hpo as the user who owns it",
  isInput: true,
};

const UNSUPPORTED: Refusal = {
  says: "its file system does not support that",
  cure: "use a folder on another file system",
  isInput: true,
};

const NOT_REACHED: Refusal = {
  says: "the file system does not answer",
  cure: "check the connection to the machine that holds it",
};

const REFUSALS: Readonly<Record<string, Refusal>> = {
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: {
    says: "it is on a read-only file system",
    cure: "mount that for writing, or use a copy in a folder that can be written",
    isInput: true,
  },
  ENOENT: { says: "there is nothing at that path", cure: "check the path", isInput: true },
  ENOTDIR: { says: "a part of the path is a file, not a folder", cure: "check the path", isInput: true },
  EISDIR: { says: "it is a folder, not a file", cure: "name a file", isInput: true },
  EEXIST: { says: "something is there already, perhaps a link that leads nowhere", cure: "remove it", isInput: true },
  ENOTEMPTY: { says: "the folder is not empty", cure: "empty it", isInput: true },
  ELOOP: { says: "its links lead in a circle", cure: "remove the link", isInput: true },
  ENAMETOOLONG: { says: "the path is too long", cure: "choose a shorter name or folder", isInput: true },
  ENXIO: { says: "it is no regular file", cure: "name a regular file", isInput: true },
  ENODEV: { says: "it is no regular file", cure: "name a regular file", isInput: true },
  EINVAL: UNSUPPORTED,
  ENOTSUP: UNSUPPORTED,
  EOPNOTSUPP: UNSUPPORTED,
  ENOSYS: UNSUPPORTED,
  EXDEV: UNSUPPORTED,
  ERR_FS_FILE_TOO_LARGE: { says: "the file is larger than 2 GiB", cure: "name a smaller one", isInput: true },
  ENOSPC: { says: "the disk is full", cure: "free space on it" },
  EDQUOT: { says: "the disk quota of this user is used up", cure: "free space, or have the quota raised" },
  EFBIG: { says: "the file may not grow further", cure: "raise the limit of file sizes (ulimit -f)" },
  EIO: { says: "the disk or the connection to it fails", cure: "look into the system's log (dmesg)" },
  ESTALE: { says: "the network file system has lost the file", cure: "mount it again" },
  ETIMEDOUT: NOT_REACHED,
  EHOSTDOWN: NOT_REACHED,
  EHOSTUNREACH: NOT_REACHED,
  ENOTCONN: NOT_REACHED,
  EREMOTEIO: NOT_REACHED,
  EMFILE: { says: "this process has too many files open", cure: "raise the limit (ulimit -n)" },
  ENFILE: { says: "this machine has too many files open", cure: "end other programs" },
  ENOMEM: { says: "there is no memory left", cure: "end other programs" },
  EAGAIN: { says: "there is no process or memory left", cure: "end other programs, or raise the limit (ulimit -u)" },
  EBUSY: { says: "something else uses it", cure: "end that first" },
};

/** Of our own mistakes: what no world can be blamed for. */
const OWN = new Set(["EBADF", "EFAULT", "ENOTSOCK"]);

/** What went wrong, without the path; undefined where `error` is none of the operating system's. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || OWN.has(code)) return undefined;
  const known = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  if (known !== undefined) return { ...known, says: `${known.says} (${code})` };
  return syscall === undefined ? undefined : { says: error.message, cure: "look at what it names" };
}

/**
 * An error of the operating system as one of ours: what could not be done to which path, why, and what to do.
 *
 * @returns `error` itself where it is none of the operating system's
 */
export function systemError(error: unknown): unknown {
  const refusal = refusalOf(error);
  if (refusal === undefined || error instanceof HpoError) return error;
  const { says, cure, isInput = false } = refusal;
  const { syscall = "", path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  const places = [path, dest].filter((place) => place !== undefined && place !== "").join(" → ");
  const what = `cannot ${VERBS[syscall] ?? (syscall || "read")}${places === "" ? "" : ` ${places}`}`;
  return new HpoError(isInput ? "invalid-argument" : "system", `${what}: ${says}; ${cure}`, { cause: error });
}

const VERBS: Readonly<Record<string, string>> = {
  open: "open",
  read: "read",
  write: "write",
  fsync: "sync",
  fdatasync: "sync",
  ftruncate: "shorten",
  stat: "look at",
  lstat: "look at",
  fstat: "look at",
  access: "look at",
  realpath: "find",
  scandir: "list",
  opendir: "list",
  mkdir: "make the folder",
  mkdtemp: "make a temporary folder",
  rename: "rename",
  unlink: "remove",
  rmdir: "remove",
  rm: "remove",
  copyfile: "copy",
  link: "link",
  listen: "listen on",
  connect: "connect to",
};

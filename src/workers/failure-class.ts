import type { CauseKind } from "../history/events.ts";

/** Tells what a program ran out of by what it says at its end. */

/** Lines at the end of what it said that are looked at: the last word is the reason, what came long before it is not. */
const LINES = 8;

const SIGNS: readonly (readonly [CauseKind, RegExp])[] = [
  ["disk", /no space left on device|disk quota exceeded|\bENOSPC\b|\bEDQUOT\b|\[Errno (?:28|122)\]/i],
  [
    "device-lost",
    /GPU is lost|fallen off the bus|\bXid\b|device (?:was )?lost|cudaErrorDevicesUnavailable|no CUDA-capable device/i,
  ],
  [
    "device-memory",
    /(?:CUDA|HIP|GPU|device)[ _:]*(?:error: )?out of memory|CUDA_ERROR_OUT_OF_MEMORY|torch(?:\.cuda)?\.OutOfMemoryError|cudaErrorMemoryAllocation|RESOURCE_EXHAUSTED|CUBLAS_STATUS_ALLOC_FAILED|OOM when allocating/i,
  ],
  [
    "host-memory",
    /\bMemoryError\b|std::bad_alloc|cannot allocate memory|\bENOMEM\b|heap out of memory|java\.lang\.OutOfMemoryError|(?:buffer|memory) allocation failed/i,
  ],
];

/** @returns the class that the last of these lines names; undefined where none does */
export function classOf(words: string): CauseKind | undefined {
  const lines = words.split("\n").filter((line) => line.trim() !== "");
  for (const line of lines.slice(-LINES).toReversed())
    for (const [kind, sign] of SIGNS) if (sign.test(line)) return kind;
  return undefined;
}

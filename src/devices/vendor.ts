import type { Gpu } from "./gpu.ts";

/** What a vendor's tool tells. */
export interface VendorGpus {
  readonly gpus: readonly Gpu[];
  /** What is not known, or why there are none, in words. */
  readonly problems: readonly string[];
}

/** A tool printed something that this version does not understand. */
export class NotUnderstood extends Error {
  constructor(tool: string, line: string) {
    super(`${tool} printed what is not understood: ${JSON.stringify(line.slice(0, 120))}`);
  }
}

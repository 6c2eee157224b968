import { HpoError } from "../errors.ts";

export const GPUS_OPTION = {
  gpus: { type: "text", describe: "GPU slots: auto, none or a list such as 0,1 (they come with a later release)" },
} as const;

const LATER = "GPU slots come with a later release";

/**
 * What to say about the wish for GPU slots.
 *
 * @param flag of the command line @param spec the spec's `workers.gpus`
 * @throws HpoError "not-supported" when certain GPUs were asked for by the flag
 */
export function gpuNote(flag: string | undefined, spec: unknown): string | undefined {
  const wish = flag ?? spec;
  if (wish === undefined || wish === "none") return undefined;
  if (flag !== undefined && flag !== "auto")
    throw new HpoError("not-supported", `--gpus ${flag}: ${LATER}; leave it out, or give --gpus none with --cpus N`);
  return `${LATER}; this study runs on CPU slots`;
}

import type { Gpu } from "./gpu.ts";
import { runTool } from "./run-tool.ts";
import { NotUnderstood, type VendorGpus } from "./vendor.ts";

/** AMD's GPUs, as `rocm-smi --json` tells them: { "card0": { "Unique ID": "0x592c190172fd5d40", "Card Series": "…" }, … } */

const WORDS = ["--showid", "--showuniqueid", "--showproductname", "--showmeminfo", "vram", "--json"] as const;

/** @param file rocm-smi's path @param environment for it */
export async function askAmd(file: string, environment: NodeJS.ProcessEnv, patience?: number): Promise<VendorGpus> {
  const answer = await runTool(file, WORDS, environment, patience);
  if ("problem" in answer) return { gpus: [], problems: [answer.problem] };
  const gpus = parseCards(answer.output);
  return { gpus, problems: gpus.length === 0 ? ["rocm-smi lists no GPU"] : [] };
}

function parseCards(output: string): readonly Gpu[] {
  const entries = Object.entries(parse(output));
  return entries.flatMap(([key, facts]) => {
    const index = /^card(\d+)$/.exec(key)?.[1];
    if (index === undefined || typeof facts !== "object" || facts === null) return [];
    // The keys' capitals have changed between versions.
    const fact = new Map(Object.entries(facts).map(([name, value]) => [name.toLowerCase(), String(value)]));
    const unique = /^0x([0-9a-f]+)$/i.exec(fact.get("unique id") ?? "")?.[1];
    const bytes = (name: string): number | null => {
      const text = fact.get(name) ?? "";
      return /^\d+$/.test(text) ? Number(text) : null;
    };
    return [
      {
        vendor: "amd" as const,
        slot: `gpu-${index}`,
        index: Number(index),
        uuid: unique === undefined ? index : `GPU-${unique.toLowerCase().padStart(16, "0")}`,
        name: fact.get("card series") ?? fact.get("device name") ?? "AMD GPU",
        memory: bytes("vram total memory (b)"),
        used: bytes("vram total used memory (b)"),
        mig: false,
        processes: [],
      },
    ];
  });
}

function parse(output: string): object {
  try {
    const value: unknown = JSON.parse(output);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // told below
  }
  throw new NotUnderstood("rocm-smi", output);
}

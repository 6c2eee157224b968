// Writes space.schema.json, which users name in `$schema`: the spec's schema with the words that the built engine knows,
// so that editors complete them.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const root = new URL("..", import.meta.url);

/** `words`: { strategies, samplers, schedulers }, each a list of words; an empty one leaves any word allowed. */
export function withWords(schema, words) {
  const result = structuredClone(schema);
  const { sampler, scheduler } = result.definitions;
  allowOnly(result.properties.strategy, words.strategies);
  for (const [component, known] of [
    [sampler, words.samplers],
    [scheduler, words.schedulers],
  ]) {
    allowOnly(component, known);
    if (known.length > 0) component.properties.name.enum = known;
  }
  return result;
}

function allowOnly(schema, words) {
  if (words.length > 0) schema.anyOf = [{ enum: words }, { type: "object" }];
}

async function knownWords() {
  const registry = new URL("dist/study/strategies.js", root);
  const {
    STRATEGY_WORDS = [],
    SAMPLER_WORDS = [],
    SCHEDULER_WORDS = [],
  } = existsSync(registry) ? await import(registry) : {};
  return { strategies: STRATEGY_WORDS, samplers: SAMPLER_WORDS, schedulers: SCHEDULER_WORDS };
}

export async function generateSchema() {
  const schema = JSON.parse(readFileSync(new URL("src/space/spec.schema.json", root), "utf8"));
  const target = new URL("space.schema.json", root);
  writeFileSync(target, `${JSON.stringify(withWords(schema, await knownWords()), null, 2)}\n`);
}

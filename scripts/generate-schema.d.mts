/** The words that editors complete; an empty list leaves any word allowed. */
export interface Words {
  readonly strategies: readonly string[];
  readonly samplers: readonly string[];
  readonly schedulers: readonly string[];
}

export function withWords(schema: unknown, words: Words): unknown;
export function generateSchema(): Promise<void>;

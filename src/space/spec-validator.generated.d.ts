/** What `scripts/generate-validator.mjs` makes of `spec.schema.json`. */

export interface SchemaError {
  /** JSON pointer to the value that is wrong. */
  readonly instancePath: string;
  /** JSON pointer to the rule that it breaks. */
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema that the rule stands in. */
  readonly parentSchema: Readonly<Record<string, unknown>>;
  /** The value that is wrong. */
  readonly data: unknown;
  /** The key that is wrong, inside `propertyNames`. */
  readonly propertyName?: string;
}

/** Sets `errors` on itself to all that was found, or to null. */
export const validate: {
  (document: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
};

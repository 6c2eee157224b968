/** What may vary, as users write it in `parameters`. */

/** A value of one parameter. */
export type ParameterValue = number | string | boolean | null;

/**
 * Makes a parameter conditional: it is active only when every named parent is active and has one of the listed values.
 * Parents are categorical, ordinal or int parameters.
 */
export type When = Readonly<Record<string, readonly ParameterValue[]>>;

export interface FloatParameter {
  readonly type: "float";
  /** Smallest value, inclusive; above 0 when `log`. */
  readonly low: number;
  /** Largest value, inclusive. */
  readonly high: number;
  /** Sample uniformly in the logarithm. @default false */
  readonly log?: boolean;
  /** Only values `low + k·step`; not together with `log`. @default continuous */
  readonly step?: number;
  readonly when?: When;
}

export interface IntParameter {
  readonly type: "int";
  readonly low: number;
  readonly high: number;
  /** @default false */
  readonly log?: boolean;
  /** @default 1 */
  readonly step?: number;
  readonly when?: When;
}

/** Values with an order, such as batch sizes; numbers or words, listed from least to greatest. */
export interface OrdinalParameter {
  readonly type: "ordinal";
  readonly values: readonly (number | string)[];
  readonly when?: When;
}

/** Values without an order. */
export interface CategoricalParameter {
  readonly type: "categorical";
  readonly choices: readonly ParameterValue[];
  readonly when?: When;
}

export type Parameter = FloatParameter | IntParameter | OrdinalParameter | CategoricalParameter;

export type Parameters = Readonly<Record<string, Parameter>>;

/** One configuration: a value for every active parameter, in the order of the spec; inactive ones are left out. */
export type Params = Readonly<Record<string, ParameterValue>>;

type ValueOf<P> = P extends { type: "float" | "int" }
  ? number
  : P extends { type: "ordinal"; values: readonly (infer V)[] }
    ? V
    : P extends { type: "categorical"; choices: readonly (infer V)[] }
      ? V
      : never;

/** The configuration's type that follows from `parameters`: a categorical is the union of its choices, a conditional parameter may be undefined. */
export type ParamsOf<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends { when: When } ? ValueOf<P[K]> | undefined : ValueOf<P[K]>;
};

/** An Optuna study as its storages hold it, whatever their format. */

export const OPTUNA_STATES = ["RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING"] as const;
export type OptunaState = (typeof OPTUNA_STATES)[number];

export const OPTUNA_DIRECTIONS = ["NOT_SET", "MINIMIZE", "MAXIMIZE"] as const;
export type OptunaDirection = (typeof OPTUNA_DIRECTIONS)[number];

export type Attributes = Readonly<Record<string, unknown>>;

/** A value in Optuna's own coding: the number itself, or the index of a choice; with its distribution as JSON text. */
export interface OptunaParam {
  readonly internal: number;
  readonly distribution: string;
}

export interface OptunaTrial {
  readonly number: number;
  readonly state: OptunaState;
  /** One for each objective; null where there is none. May be infinite. */
  readonly values: readonly number[] | null;
  /** Milliseconds since 1970; null where it has not come to that. */
  readonly start: number | null;
  readonly complete: number | null;
  readonly params: ReadonlyMap<string, OptunaParam>;
  /** By step, as reported; may be NaN or infinite. */
  readonly intermediate: ReadonlyMap<number, number>;
  readonly userAttributes: Attributes;
  readonly systemAttributes: Attributes;
}

export interface OptunaStudy {
  readonly name: string;
  /** One for each objective. */
  readonly directions: readonly OptunaDirection[];
  readonly userAttributes: Attributes;
  readonly systemAttributes: Attributes;
  /** By their numbers, from 0 without gaps. */
  readonly trials: readonly OptunaTrial[];
}

/** As a reader fills it in. */
export interface MutableTrial extends OptunaTrial {
  state: OptunaState;
  values: number[] | null;
  start: number | null;
  complete: number | null;
  readonly params: Map<string, OptunaParam>;
  readonly intermediate: Map<number, number>;
  readonly userAttributes: Record<string, unknown>;
  readonly systemAttributes: Record<string, unknown>;
}

export interface MutableStudy extends OptunaStudy {
  readonly userAttributes: Record<string, unknown>;
  readonly systemAttributes: Record<string, unknown>;
  readonly trials: MutableTrial[];
}

/** A trial of which nothing is known yet. */
export function newTrial(number: number, state: OptunaState): MutableTrial {
  return {
    number,
    state,
    values: null,
    start: null,
    complete: null,
    params: new Map(),
    intermediate: new Map(),
    userAttributes: {},
    systemAttributes: {},
  };
}

/** Where the configuration of a trial that waits stands among its system attributes. */
export const FIXED_PARAMS = "fixed_params";
/** Where the names of the metrics stand among a study's system attributes. */
export const METRIC_NAMES = "study:metric_names";
/** What hpo writes among the user attributes begins so. */
export const OWN = "hpo:";

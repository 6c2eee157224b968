import type { Path } from "./finding.ts";

/** Words of other tools (Optuna, Ray Tune, W&B sweeps, Hyperopt), and how a spec says the same. */

const IN_SPEC: Readonly<Record<string, string>> = {
  direction: 'write "metric": { "name": …, "goal": "minimize" } or "maximize"',
  directions: 'write "metric": { "name": …, "goal": "minimize" } or "maximize"',
  mode: 'write "metric": { "name": …, "goal": "minimize" } or "maximize"',
  trials: 'write "stop": { "trials": … }',
  n_trials: 'write "stop": { "trials": … }',
  nTrials: 'write "stop": { "trials": … }',
  max_trials: 'write "stop": { "trials": … }',
  num_samples: 'write "stop": { "trials": … }',
  timeout: 'write "stop": { "time": "30m" } for the study, or "trial": { "timeout": "10m" } for each run',
  sampler: 'write "strategy": { "sampler": …, "scheduler": "full" }, or a strategy\'s word',
  pruner: 'write "strategy": { "sampler": …, "scheduler": … }, or a strategy\'s word',
  scheduler: 'write "strategy": { "sampler": …, "scheduler": … }, or a strategy\'s word',
  method: 'write "strategy": "bayesian", "random" or "grid"',
  algorithm: 'write "strategy": "bayesian", "random" or another strategy',
  early_terminate: 'write "strategy": "hyperband", and a "budget"',
  space: 'write "parameters"',
  search_space: 'write "parameters"',
  params: 'write "parameters"',
  study_name: 'write "name"',
  command: 'write "objective": { "command": […] }',
  program: 'write "objective": { "command": […] }',
  module: 'write "objective": { "module": "./train.js" }',
  n_jobs: 'write "workers": { "cpus": … }',
  parallelism: 'write "workers": { "cpus": … }',
  epochs: 'write "budget": { "max": …, "unit": "epochs" }',
};

const IN_METRIC: Readonly<Record<string, string>> = {
  direction: 'write "goal": "minimize" or "maximize"',
  mode: 'write "goal": "minimize" or "maximize"',
};

const IN_PARAMETER: Readonly<Record<string, string>> = {
  min: 'write "low"',
  max: 'write "high"',
  lower: 'write "low"',
  upper: 'write "high"',
  distribution: 'write "type": "float" or "int", and "log": true for a logarithmic scale',
  sampling: 'write "log": true for a logarithmic scale',
  scale: 'write "log": true for a logarithmic scale',
  q: 'write "step"',
};

const TYPES: Readonly<Record<string, string>> = {
  uniform: 'write "float"',
  double: 'write "float"',
  number: 'write "float", or "int" for whole numbers',
  real: 'write "float"',
  loguniform: 'write "float" with "log": true',
  log_uniform: 'write "float" with "log": true',
  log_uniform_values: 'write "float" with "log": true',
  quniform: 'write "float" with "step"',
  discrete_uniform: 'write "float" with "step"',
  q_uniform: 'write "float" with "step"',
  randint: 'write "int", whose "high" is included',
  int_uniform: 'write "int"',
  integer: 'write "int"',
  lograndint: 'write "int" with "log": true',
  bool: 'write "categorical" with "choices": [true, false]',
  boolean: 'write "categorical" with "choices": [true, false]',
  choice: 'write "categorical" with "choices"',
  enum: 'write "categorical" with "choices"',
  discrete: 'write "ordinal" with "values" from least to greatest',
};

/** What a key means that no spec has, from other tools' words; undefined for a word of none. */
export function foreignKey(parent: Path, written: string): string | undefined {
  if (parent.length === 0) return own(IN_SPEC, written);
  if (parent.length === 1 && parent[0] === "metric") return own(IN_METRIC, written);
  return parent.length === 2 && parent[0] === "parameters" ? own(IN_PARAMETER, written) : undefined;
}

/** What a parameter's type means, likewise. */
export function foreignType(written: unknown): string | undefined {
  return typeof written === "string" ? own(TYPES, written.toLowerCase()) : undefined;
}

function own(words: Readonly<Record<string, string>>, written: string): string | undefined {
  return Object.hasOwn(words, written) ? words[written] : undefined;
}

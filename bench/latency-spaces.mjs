// The spaces on which suggestions are timed, with a smooth loss over each; optuna_latency.py has the same.

const float = { type: "float", low: 0, high: 1 };

export const SPACES = {
  float10: Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`f${index}`, float])),
  mixed10: {
    lr: { type: "float", low: 1e-5, high: 1e-1, log: true },
    decay: { type: "float", low: 1e-6, high: 1e-2, log: true },
    f0: float,
    f1: float,
    f2: float,
    layers: { type: "int", low: 1, high: 8 },
    units: { type: "int", low: 16, high: 512 },
    warmup: { type: "int", low: 0, high: 100 },
    optimizer: { type: "categorical", choices: ["sgd", "momentum", "adam"] },
    activation: { type: "categorical", choices: ["relu", "gelu", "tanh", "silu"] },
  },
};

const TARGET = { lr: 3e-3, decay: 1e-4, layers: 3, units: 200, warmup: 30, optimizer: "adam", activation: "gelu" };

/** Sum of squared distances to a target, each parameter on its own scale. */
export function loss(parameters, params) {
  let sum = 0;
  for (const [name, parameter] of Object.entries(parameters)) {
    const target = TARGET[name] ?? 0.3;
    if (parameter.type === "categorical") sum += params[name] === target ? 0 : 0.5;
    else {
      const scale = (value) => (parameter.log ? Math.log(value) : value);
      const width = scale(parameter.high) - scale(parameter.low);
      sum += ((scale(params[name]) - scale(target)) / width) ** 2;
    }
  }
  return sum;
}

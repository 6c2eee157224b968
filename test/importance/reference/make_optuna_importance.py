"""Three studies and what Optuna says of their parameters: writes optuna-importance.json beside this file.

python -m venv venv && venv/bin/pip install optuna scikit-learn && venv/bin/python make_optuna_importance.py

A study's space is written as this project writes spaces. All `fanova` are of Optuna's FanovaImportanceEvaluator, of ten seeds the
mean and the standard deviation; `ped_anova` is its PedAnovaImportanceEvaluator, which draws nothing.

Optuna's fANOVA takes parameters on a log scale for uniform all the same, and a categorical for as many numbers from 0 to 1 as it has
choices, most combinations of which are no choice. `fanova` has what it says of the parameters as they are; `fanova_of_positions` what
it says of the same trials with numbers of one uniform scale in their place: logarithms, and the index of a choice, each index one
wide. Optuna's fANOVA only knows parameters that every trial has, so that of the conditional study these have no more; `within` is
`fanova_of_positions` once more for each group of parameters that trials share, on these trials alone.
"""

import json
import math
import pathlib
import sys
import warnings

import numpy as np
import optuna
import sklearn
from optuna.importance import FanovaImportanceEvaluator, PedAnovaImportanceEvaluator, get_param_importances
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler
from sklearn.svm import SVC

SEEDS = range(10)

NUMERIC = {
    "rate": {"type": "float", "low": 1e-4, "high": 1, "log": True},
    "width": {"type": "int", "low": 8, "high": 512, "log": True},
    "layers": {"type": "int", "low": 1, "high": 6},
    "decay": {"type": "float", "low": 0, "high": 1},
    "dropout": {"type": "float", "low": 0, "high": 0.5},
    "warmup": {"type": "float", "low": 0, "high": 1},
}


def numeric(p):
    """A sum of curves with one interaction; the last parameter does nothing."""
    return (
        (math.log10(p["rate"]) + 2) ** 2
        + 0.7 * abs(math.log2(p["width"] / 64))
        + 0.15 * (p["layers"] - 3) ** 2
        + 0.5 * p["decay"] * (p["layers"] - 1) / 5
        + 0.6 * p["dropout"]
    )


MIXED = {
    "kernel": {"type": "categorical", "choices": ["linear", "rbf", "sigmoid"]},
    "scaling": {"type": "categorical", "choices": ["none", "standard", "minmax"]},
    "c": {"type": "float", "low": 1e-3, "high": 1e3, "log": True},
    "gamma": {"type": "float", "low": 1e-4, "high": 10, "log": True},
    "coef0": {"type": "float", "low": -1, "high": 1},
}

SCALERS = {"none": FunctionTransformer, "standard": StandardScaler, "minmax": MinMaxScaler}


def error_on_wine(scaling, model):
    features, labels = load_wine(return_X_y=True)
    return 1 - float(cross_val_score(make_pipeline(SCALERS[scaling](), model), features, labels, cv=3).mean())


def mixed(p):
    """Error of a support vector classifier."""
    model = SVC(kernel=p["kernel"], C=p["c"], gamma=p["gamma"], coef0=p["coef0"], max_iter=3000)
    return error_on_wine(p["scaling"], model)


CONDITIONAL = {
    "model": {"type": "categorical", "choices": ["svc", "neighbours", "forest"]},
    "scaling": {"type": "categorical", "choices": ["none", "standard", "minmax"]},
    "noise": {"type": "float", "low": 0, "high": 1},
    "c": {"type": "float", "low": 1e-3, "high": 1e3, "log": True, "when": {"model": ["svc"]}},
    "gamma": {"type": "float", "low": 1e-4, "high": 10, "log": True, "when": {"model": ["svc"]}},
    "neighbours": {"type": "int", "low": 1, "high": 100, "log": True, "when": {"model": ["neighbours"]}},
    "depth": {"type": "int", "low": 1, "high": 8, "when": {"model": ["forest"]}},
    "trees": {"type": "int", "low": 1, "high": 32, "log": True, "when": {"model": ["forest"]}},
}


def conditional(p):
    """Error of one of three classifiers; `noise` does nothing."""
    if p["model"] == "svc":
        model = SVC(C=p["c"], gamma=p["gamma"], max_iter=3000)
    elif p["model"] == "neighbours":
        model = KNeighborsClassifier(p["neighbours"])
    else:
        model = RandomForestClassifier(p["trees"], max_depth=p["depth"], random_state=0, n_jobs=1)
    return error_on_wine(p["scaling"], model)


def suggest(trial, space):
    params = {}
    for name, spec in space.items():
        if any(params.get(parent) not in allowed for parent, allowed in spec.get("when", {}).items()):
            continue
        if spec["type"] == "categorical":
            params[name] = trial.suggest_categorical(name, spec["choices"])
        elif spec["type"] == "int":
            params[name] = trial.suggest_int(name, spec["low"], spec["high"], log=spec.get("log", False))
        else:
            params[name] = trial.suggest_float(name, spec["low"], spec["high"], log=spec.get("log", False))
    return params


def fanova(study, params=None):
    runs = [get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=seed), params=params) for seed in SEEDS]
    return {
        name: {"mean": float(np.mean([run[name] for run in runs])), "deviation": float(np.std([run[name] for run in runs], ddof=1))}
        for name in runs[0]
    }


def position(value, distribution):
    if isinstance(distribution, optuna.distributions.CategoricalDistribution):
        return distribution.choices.index(value)
    return math.log(value) if distribution.log else value


def positions(distribution):
    if isinstance(distribution, optuna.distributions.CategoricalDistribution):
        return optuna.distributions.FloatDistribution(-0.5, len(distribution.choices) - 0.5)
    # A whole number owns half a unit to each side.
    half = 0.5 if isinstance(distribution, optuna.distributions.IntDistribution) else 0
    ends = distribution.low - half, distribution.high + half
    return optuna.distributions.FloatDistribution(*(math.log(end) if distribution.log else end for end in ends))


def with_positions(study):
    other = optuna.create_study()
    for trial in study.trials:
        other.add_trial(
            optuna.trial.create_trial(
                value=trial.value,
                params={name: position(value, trial.distributions[name]) for name, value in trial.params.items()},
                distributions={name: positions(each) for name, each in trial.distributions.items()},
            )
        )
    return other


def record(space, function, sampler, trials, groups=()):
    study = optuna.create_study(sampler=sampler)
    study.optimize(lambda trial: function(suggest(trial, space)), n_trials=trials)
    return {
        "parameters": space,
        "sampler": type(sampler).__name__,
        "trials": [{"params": trial.params, "value": trial.value} for trial in study.trials],
        "fanova": fanova(study),
        "fanova_of_positions": fanova(with_positions(study)),
        "within": [fanova(with_positions(study), list(group)) for group in groups],
        "ped_anova": get_param_importances(study, evaluator=PedAnovaImportanceEvaluator()),
    }


warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.WARNING)
result = {
    "made_with": {"python": sys.version.split()[0], "optuna": optuna.__version__, "scikit-learn": sklearn.__version__},
    "studies": {
        "numeric": record(NUMERIC, numeric, optuna.samplers.RandomSampler(seed=1), 200),
        "mixed": record(MIXED, mixed, optuna.samplers.TPESampler(seed=2, n_startup_trials=60), 150),
        "conditional": record(
            CONDITIONAL,
            conditional,
            optuna.samplers.RandomSampler(seed=3),
            200,
            [("scaling", "noise", "c", "gamma"), ("scaling", "noise", "neighbours"), ("scaling", "noise", "depth", "trees")],
        ),
    },
}
path = pathlib.Path(__file__).with_name("optuna-importance.json")
path.write_text(json.dumps(result, indent=1) + "\n")

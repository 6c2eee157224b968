"""Prints, as JSON, what Optuna reads of the first study in a storage: a journal's file, or an SQLite database."""

import json
import logging
import sys
import warnings

import optuna

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(logging.ERROR)


def storage_of(file):
    if not file.endswith(".log"):
        return f"sqlite:///{file}"
    try:
        from optuna.storages.journal import JournalFileBackend
    except ImportError:  # before 4.0
        from optuna.storages import JournalFileStorage as JournalFileBackend
    return optuna.storages.JournalStorage(JournalFileBackend(file))


def number(value):
    """JSON proper, with what is no number as its word."""
    return value if value - value == 0 else str(float(value))


def proper(value):
    """JSON proper of any JSON of Python."""
    return json.loads(json.dumps(value), parse_constant=str)


def milliseconds(time):
    return None if time is None else time.isoformat(timespec="milliseconds")


storage = storage_of(sys.argv[1])
name = optuna.get_all_study_names(storage=storage)[0]
study = optuna.load_study(study_name=name, storage=storage)
if len(sys.argv) > 2:  # goes on for so many trials, with the newest distributions
    for _ in range(int(sys.argv[2])):
        trial = study.ask({"lr": optuna.distributions.FloatDistribution(1e-4, 0.1, log=True)})
        study.tell(trial, 0.0)
try:
    best = study.best_trial.number
except ValueError:
    best = None
print(
    json.dumps(
        {
            "version": optuna.__version__,
            "name": name,
            "direction": study.direction.name,
            "metricNames": getattr(study, "metric_names", None),
            "userAttributes": proper(study.user_attrs),
            "best": best,
            "trials": [
                {
                    "number": trial.number,
                    "state": trial.state.name,
                    "values": trial.values and [number(value) for value in trial.values],
                    "params": trial.params,
                    "fixed": trial.system_attrs.get("fixed_params"),
                    "intermediate": [[step, number(value)] for step, value in trial.intermediate_values.items()],
                    "start": milliseconds(trial.datetime_start),
                    "complete": milliseconds(trial.datetime_complete),
                    "userAttributes": proper(trial.user_attrs),
                }
                for trial in study.get_trials()
            ],
        }
    )
)

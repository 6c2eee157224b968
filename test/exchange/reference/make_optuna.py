"""Writes what an Optuna makes of one study: a journal, a database, and what it reads of the first.

Run by a Python that has it, in this folder, for each of 3.6.2, 4.5.0 and 5.0.0:
    TZ=UTC python make_optuna.py
The files are named after its version.
"""

import json
import logging
import os
import subprocess
import sys
import warnings

import optuna

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(logging.CRITICAL)
try:
    from optuna.storages.journal import JournalFileBackend
except ImportError:  # before 4.0
    from optuna.storages import JournalFileStorage as JournalFileBackend

name = f"optuna-{optuna.__version__}"
for end in (".log", ".db", ".json"):
    if os.path.exists(name + end):
        os.remove(name + end)


class Broken(Exception):
    pass


def objective(trial):
    if trial.number == 4:
        raise Broken("before any parameter")
    lr = trial.suggest_float("lr", 1e-4, 0.1, log=True)
    optimizer = trial.suggest_categorical("optimizer", ["sgd", "adam", None])
    if optimizer == "sgd":
        trial.suggest_float("momentum", 0.5, 0.99)
        if trial.suggest_categorical("nesterov", [False, True]):
            trial.suggest_int("warmup", 0, 20, step=5)
    layers = trial.suggest_int("layers", 1, 4)
    for layer in range(2, layers + 1):
        trial.suggest_int(f"units{layer}", 8, 512, log=True)
    dropout = trial.suggest_float("dropout", 0.0, 0.6, step=0.05)
    trial.suggest_float("fixed", 0.5, 0.5)
    trial.suggest_categorical("mixed", [1, 2.5, "NaN", True])
    trial.set_user_attr("host", f"node{trial.number % 3}")
    if trial.number == 5:
        trial.set_user_attr("odd", {"a": [1, None, float("inf")], "text": "é NaN \"quoted\""})
    if trial.number == 6:
        raise Broken("after the parameters")
    for step in range(6):
        loss = abs(lr - 0.01) * 10 + layers / (step + 1) + dropout / 10
        if trial.number == 7 and step == 2:
            loss = float("nan")
        if trial.number == 8 and step == 3:
            loss = float("inf")
        trial.report(loss, step)
        if trial.number % 5 == 4 and step == 3:
            raise optuna.TrialPruned()
    if trial.number == 9:
        return float("nan")
    if trial.number == 10:
        return float("inf")
    return loss


def fill(storage):
    study = optuna.create_study(study_name="demo", storage=storage, sampler=optuna.samplers.RandomSampler(seed=3))
    study.set_user_attr("note", "a study of everything")
    study.optimize(objective, n_trials=32, catch=(Broken,))
    study.enqueue_trial(
        {"lr": 0.02, "optimizer": "adam", "layers": 1, "dropout": 0.1, "fixed": 0.5, "mixed": "NaN"},
        user_attrs={"why": "a hunch"},
    )
    running = study.ask()  # takes the one that waits
    for each, distribution in study.trials[1].distributions.items():
        if each in ("lr", "optimizer", "layers", "dropout", "fixed", "mixed"):
            running._suggest(each, distribution)
    running.report(0.5, 0)
    study.enqueue_trial({"lr": 0.03, "optimizer": None, "layers": 1, "dropout": 0.2, "fixed": 0.5, "mixed": 1})
    study.enqueue_trial({"lr": 0.03})


fill(optuna.storages.JournalStorage(JournalFileBackend(name + ".log")))
fill(f"sqlite:///{name}.db")
reader = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "read_optuna.py")
read = json.loads(subprocess.check_output([sys.executable, reader, name + ".log"]))
with open(name + ".json", "w") as file:
    json.dump(read, file)
    file.write("\n")

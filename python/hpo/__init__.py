"""Hyperparameter optimization from Python.

In a script that a study runs as its command::

    import hpo

    trial = hpo.trial({"lr": 0.1, "layers": 2}, budget=10)  # what the script uses when no study runs it
    model = build(lr=trial.params.lr, layers=trial.params.layers)
    for epoch in trial.steps():
        trial.report(epoch, loss=train_one_epoch(model))

In a notebook, ``hpo.Study`` asks for configurations and is told their results. Nothing but the standard library is needed,
and nothing has to be installed: a study puts this module on the path of the commands that it starts.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any, Dict, Iterator, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

__version__ = "0.7.0"
__all__ = [
    "Asked",
    "Best",
    "Checkpoint",
    "Decision",
    "HpoError",
    "Params",
    "Study",
    "Trial",
    "keras_callback",
    "lightning_callback",
    "transformers_callback",
    "trial",
    "xgboost_callback",
]


class HpoError(Exception):
    """What the engine refuses. ``code`` is one of its stable codes, such as "invalid-spec"."""

    def __init__(self, message: str, code: str = "invalid-argument") -> None:
        super().__init__(message)
        self.code = code


class Decision(NamedTuple):
    """The answer to a report."""

    action: str
    """"continue" or "stop"."""
    reason: str = ""
    """Why the run should stop."""

    @property
    def stop(self) -> bool:
        """Whether the run should end now."""
        return self.action == "stop"


class Params(Dict[str, Any]):
    """A configuration: ``params["lr"]``, ``params.lr``, ``params.get("momentum", 0.9)``, ``**params``."""

    def __missing__(self, name: str) -> Any:
        raise KeyError(self._unknown(name))

    def __getattr__(self, name: str) -> Any:
        if name in self:
            return self[name]
        raise AttributeError(self._unknown(name))

    def _unknown(self, name: str) -> str:
        there = ", ".join(self) or "none"
        return f"expected one of the parameters {there}, received {name!r}; an inactive one is left out (use .get)"


class Checkpoint:
    """What a run saves, so that its trial can go on later, and what this run starts from."""

    def __init__(self, folder: Optional[str], start_step: int, channel: Optional[_Channel]) -> None:
        self._folder = None if folder is None else Path(folder)
        self._start_step = start_step
        self._channel = channel

    @property
    def directory(self) -> Optional[Path]:
        """The files that this run starts from; None when it starts at step 1."""
        return self._parent() / str(self._start_step - 1) if self._start_step > 1 else None

    @contextlib.contextmanager
    def load(self) -> Iterator[Optional[Path]]:
        """``with trial.checkpoint.load() as directory:`` the files to start from, or None when there are none."""
        yield self.directory

    @contextlib.contextmanager
    def save(self, step: int) -> Iterator[Path]:
        """``with trial.checkpoint.save(step) as directory:`` fill the empty folder with the state after ``step``.

        The checkpoint counts, whole, when the block ends: the study has recorded it then. When the block raises, nothing
        of it stays. ``step`` is whole, at least the run's start step, and larger than the last one saved.
        """
        if int(step) != step or step < self._start_step:
            raise ValueError(f"checkpoint.save: expected a whole step of at least {self._start_step}, received {step!r}")
        target = self._parent() / str(int(step))
        unfinished = target.with_name(f".unfinished-{int(step)}")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        try:
            yield unfinished
            shutil.rmtree(target, ignore_errors=True)
            unfinished.rename(target)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        if self._channel is not None:
            self._channel.ask({"checkpoint": int(step)})
        elif "HPO_CHECKPOINT" in os.environ:
            print(json.dumps({"checkpoint": int(step)}), flush=True)

    def _parent(self) -> Path:
        if self._folder is None:  # no study: kept until the script ends
            self._folder = Path(tempfile.mkdtemp(prefix="hpo-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder


class Trial:
    """One run of a configuration. ``hpo.trial()`` gives it."""

    def __init__(self, defaults: Mapping[str, Any], budget: float) -> None:
        env = os.environ
        self.number = int(env.get("HPO_TRIAL", 0))
        """Numbered 0, 1, 2, … over the study."""
        self.seed = int(env.get("HPO_SEED", 0))
        """An unsigned 32-bit integer, the same in every attempt of the trial; 0 without a study."""
        self.budget: Union[int, float] = _number(env["HPO_BUDGET"] if "HPO_UNIT" in env else budget)
        """The last step to do, in the unit of the study's budget. Without one it is the ``budget`` given to ``hpo.trial``."""
        self.start_step = int(env.get("HPO_START_STEP", 1))
        """The first step to do: 1, or the one after the checkpoint."""
        self.params = Params(defaults)
        """The values to train with. What the study does not give comes from the defaults given to ``hpo.trial``."""
        self.params.update(json.loads(env.get("HPO_PARAMS", "{}")))
        self.metric: Optional[str] = env.get("HPO_METRIC")
        """The name of the metric that the study optimizes; None without a study."""
        self.slot = env.get("HPO_SLOT", "cpu-0")
        """The name of the place where the run computes, such as "gpu-0"."""
        address = env.get("HPO_CHANNEL")
        self._channel = _Channel(address) if address else None
        self.checkpoint = Checkpoint(env.get("HPO_CHECKPOINT"), self.start_step, self._channel)
        """What to save and what to start from."""
        self._stopped: Optional[Decision] = None
        self._step: Optional[float] = None
        self._metrics: Dict[str, float] = {}

    def __reduce__(self) -> Tuple[Any, ...]:
        return (trial, (dict(self.params), self.budget))  # a worker process makes its own

    @property
    def device(self) -> str:
        """ "cuda" where the run has a GPU, else "cpu": what PyTorch's ``.to(…)`` takes. The run sees no other GPUs than its own."""
        if "HPO_SLOT" in os.environ:
            return "cuda" if os.environ.get("HPO_GPUS") else "cpu"
        torch = sys.modules.get("torch")
        return "cuda" if torch is not None and torch.cuda.is_available() else "cpu"

    @property
    def stopped(self) -> bool:
        """Whether the run was told to stop; looks for what has come since the last report."""
        if self._stopped is None and self._channel is not None:
            reason = self._channel.look()
            if reason is not None:
                self._stopped = Decision("stop", reason)
        return self._stopped is not None

    def steps(self) -> Iterator[int]:
        """The steps from ``start_step`` to ``budget``. They end early when the run is told to stop."""
        step = self.start_step
        while step <= self.budget and not self.stopped:
            yield step
            step += 1

    def report(self, step: Optional[float] = None, **metrics: Any) -> Decision:
        """Tells how far the run is: ``trial.report(epoch, loss=0.4, accuracy=0.9)``; answers whether to go on.

        Metrics are numbers, or what ``float`` makes one of, such as a tensor with one element. Two reports of a step
        count as one with the metrics of both. Without a step the metrics are the result of the whole run. A metric that is
        not finite is passed on: where it is the study's own, the trial fails.
        """
        if not metrics:
            raise TypeError("trial.report: expected at least one metric, such as trial.report(step, loss=0.5)")
        numbers = {name: _metric(name, value) for name, value in metrics.items()}
        if step is None:
            return self._send({"report": numbers})
        step = _number(step)
        if not 0 <= step < math.inf:
            raise ValueError(f"trial.report: expected a step of at least 0, received {step!r}")
        self._metrics = {**(self._metrics if step == self._step else {}), **numbers}
        self._step = step
        return self._send({"step": step, "report": self._metrics})

    def _send(self, request: Dict[str, Any]) -> Decision:
        if self._channel is None:
            # No study listens. A line of JSON is what one would read, and what a person can.
            print(json.dumps({**({"step": request["step"]} if "step" in request else {}), **request["report"]}), flush=True)
            return Decision("continue")
        report = {name: _in_json(value) for name, value in request["report"].items()}
        answer = self._channel.ask({**request, "report": report})
        decision = Decision(answer.get("action", "continue"), answer.get("reason", ""))
        if decision.stop:
            self._stopped = decision
        return decision


_trial: Optional[Trial] = None


def trial(defaults: Optional[Mapping[str, Any]] = None, budget: float = 1) -> Trial:
    """The trial that this script runs; the same object at each call.

    ``defaults`` are the values to train with when no study runs the script, and those of the parameters that a study does
    not vary. ``budget`` is the last step when no study says it. Without a study, reports are printed.
    """
    global _trial
    if _trial is None:
        _trial = Trial(defaults or {}, budget)
    else:
        for name, value in (defaults or {}).items():
            _trial.params.setdefault(name, value)
    return _trial


class _Channel:
    """The private line to the study: a local socket, lines of JSON. A fork or a thread does not disturb it."""

    def __init__(self, address: str) -> None:
        self._address, _, self._secret = address.rpartition(":")
        self._reset()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._reset)
        with self._lock:
            self._connect()  # at once: from here on the output is only a log

    def _reset(self) -> None:
        """In a fork too: it has a copy of its parent's connection, and must not speak on it."""
        old: Optional[socket.socket] = getattr(self, "_socket", None)
        if old is not None:
            old.close()
        self._lock = threading.RLock()
        self._socket: Optional[socket.socket] = None
        self._received = b""
        self._ids = 0
        self._stop: Optional[str] = None

    def ask(self, request: Dict[str, Any]) -> Dict[str, Any]:
        """Sends a request and waits for its answer."""
        with self._lock:
            self._ids += 1
            own = self._ids
            self._connect().sendall(json.dumps({"id": own, **request}, allow_nan=False).encode() + b"\n")
            while True:
                answer = self._next(wait=True)
                if answer is None or answer.get("id", 0) not in (own, None):
                    continue
                if "error" in answer:
                    raise HpoError(answer["error"])
                return answer

    def look(self) -> Optional[str]:
        """Why the run should stop, if it was told meanwhile."""
        if self._lock.acquire(blocking=False):  # another thread that asks will hear of it
            try:
                if self._socket is not None:
                    while self._next(wait=False) is not None:
                        pass
            finally:
                self._lock.release()
        return self._stop

    def _connect(self) -> socket.socket:
        if self._socket is None:
            name = self._address
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.connect(b"\0" + name[1:].encode() if name.startswith("@") else name)
                connection.sendall(self._secret.encode() + b"\n")
            except OSError as error:
                connection.close()
                raise HpoError(f"the run has ended: nobody listens on its channel any more ({error})", "run-closed") from error
            self._socket = connection
            while self._next(wait=True) != {"welcome": True}:
                pass
        return self._socket

    def _next(self, wait: bool) -> Optional[Dict[str, Any]]:
        """The next message; None for a stop, which is kept, and where nothing has come and none is to be waited for."""
        assert self._socket is not None
        while b"\n" not in self._received:
            try:
                chunk = self._socket.recv(65536, 0 if wait else socket.MSG_DONTWAIT)
            except BlockingIOError:
                return None
            except OSError:
                chunk = b""
            if not chunk:
                raise HpoError("the study has closed the run's channel: it has ended, or the run has", "run-closed")
            self._received += chunk
        line, _, self._received = self._received.partition(b"\n")
        message: Dict[str, Any] = json.loads(line)
        if "stop" in message:
            self._stop = message["stop"]
            return {} if not wait else None
        return message


def _number(value: Any) -> Union[int, float]:
    """A whole number as an int, so that it can index and count."""
    number = float(value)
    return int(number) if number.is_integer() else number


def _metric(name: str, value: Any) -> float:
    if isinstance(value, (str, bytes)):
        raise TypeError(f"trial.report: expected a number as {name}, received {value!r}")
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(f"trial.report: expected a number as {name}, received {value!r}") from error


def _in_json(number: float) -> Union[float, str]:
    """JSON has no number for what is not finite."""
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _with_metric(logs: Mapping[str, Any], own: Trial) -> Dict[str, float]:
    """What a framework measured, as metrics. The study's own has to be among them."""
    numbers = {name: _metric(name, value) for name, value in logs.items() if name != "step" and not isinstance(value, (str, bytes))}
    if own.metric is not None and own.metric not in numbers:
        there = ", ".join(numbers) or "none"
        raise HpoError(f"expected the study's metric {own.metric!r} among what is measured, which is {there}; rename metric.name")
    return numbers


def keras_callback(save: Optional[str] = None) -> Any:
    """A Keras callback that reports each epoch's logs, and ends the training when the run is told to stop.

    ``model.fit(…, initial_epoch=trial.start_step - 1, epochs=trial.budget, callbacks=[hpo.keras_callback()])``

    ``save``: the name of a file, such as "model.keras", in which each epoch's model is saved as a checkpoint.
    """
    own = trial()
    try:
        from keras.callbacks import Callback
    except ImportError:
        from tensorflow.keras.callbacks import Callback

    class HpoCallback(Callback):  # type: ignore[misc, unused-ignore]
        def on_epoch_end(self, epoch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
            if save is not None:
                with own.checkpoint.save(epoch + 1) as directory:
                    self.model.save(directory / save)
            if own.report(epoch + 1, **_with_metric(logs or {}, own)).stop:
                self.model.stop_training = True

    return HpoCallback()


def lightning_callback() -> Any:
    """A Lightning callback that reports the logged metrics after each validation, and ends the training when told to stop.

    ``Trainer(max_epochs=trial.budget, callbacks=[hpo.lightning_callback()])``
    """
    own = trial()
    try:
        from lightning.pytorch.callbacks import Callback
    except ImportError:
        from pytorch_lightning.callbacks import Callback

    class HpoCallback(Callback):  # type: ignore[misc, unused-ignore]
        def on_validation_end(self, trainer: Any, module: Any) -> None:
            if trainer.sanity_checking or not trainer.is_global_zero:
                return
            if own.report(trainer.current_epoch + 1, **_with_metric(trainer.callback_metrics, own)).stop:
                trainer.should_stop = True

    return HpoCallback()


def transformers_callback(unit: str = "epochs") -> Any:
    """A callback of Hugging Face's Trainer that reports each evaluation, and ends the training when told to stop.

    ``unit``: what the study's budget counts, "epochs" or "steps". The names of metrics are the Trainer's, such as "eval_loss".
    """
    if unit not in ("epochs", "steps"):
        raise ValueError(f'transformers_callback: expected the unit "epochs" or "steps", received {unit!r}')
    own = trial()
    from transformers import TrainerCallback

    class HpoCallback(TrainerCallback):  # type: ignore[misc, unused-ignore]
        def on_evaluate(self, args: Any, state: Any, control: Any, metrics: Any = None, **_: Any) -> None:
            if not state.is_world_process_zero:
                return
            step = state.global_step if unit == "steps" else round(state.epoch, 6)
            if own.report(step, **_with_metric(metrics or {}, own)).stop:
                control.should_training_stop = True

    return HpoCallback()


def xgboost_callback(save: Optional[str] = None) -> Any:
    """An XGBoost callback that reports after each round, and ends the training when the run is told to stop.

    ``xgboost.train(…, num_boost_round=trial.budget, evals=[(valid, "valid")], callbacks=[hpo.xgboost_callback()])``

    ``save``: the name of a file, such as "model.ubj", in which each round's model is saved as a checkpoint. A run that starts
    from one trains ``trial.budget - trial.start_step + 1`` rounds more on it.

    The names of metrics are those that XGBoost prints, such as "valid-logloss"; those of the last set in ``evals`` are also
    reported without its name, as "logloss".
    """
    own = trial()
    from xgboost.callback import TrainingCallback

    class HpoCallback(TrainingCallback):  # type: ignore[misc, unused-ignore]
        def after_iteration(self, model: Any, epoch: int, evals_log: Mapping[str, Mapping[str, Sequence[Any]]]) -> bool:
            logs: Dict[str, Any] = {}
            for data, metrics in evals_log.items():
                for name, values in metrics.items():
                    last = values[-1][0] if isinstance(values[-1], tuple) else values[-1]
                    logs[f"{data}-{name}"] = logs[name] = last
            step = own.start_step + epoch  # XGBoost counts from 0 in each call
            if save is not None:
                with own.checkpoint.save(step) as directory:
                    model.save_model(directory / save)
            return own.report(step, **_with_metric(logs, own)).stop

    return HpoCallback()


class Asked(NamedTuple):
    """A run that ``Study.ask`` handed out."""

    number: int
    """The trial's number: 0, 1, 2, … A promotion gives the same number again, with a larger budget."""
    run: int
    attempt: int
    params: Params
    budget: Union[int, float]
    """The last step to do; 1 in a study without a budget."""
    start_step: int
    """The first step to do."""
    seed: int


class Best(NamedTuple):
    """The best trial so far."""

    number: int
    params: Params
    value: float


class Study:
    """A study that this program drives::

        with hpo.Study("space.json", trials=20) as study:
            for asked in study:
                study.tell(asked, loss=train(asked.params))
            print(study.best)

    ``spec`` is the path of a spec, or the same as a dict. A study that is there already goes on where it ended. The engine runs
    in a process of its own, which needs Node.js: the one that this module lies beside, the one in ``node_modules`` here or in
    a folder above, or ``hpo`` on the path; or ``command`` starts it.
    """

    def __init__(
        self,
        spec: Union[str, os.PathLike[str], Mapping[str, Any]],
        *,
        name: Optional[str] = None,
        directory: Union[str, os.PathLike[str]] = "studies",
        trials: Optional[int] = None,
        command: Optional[Sequence[str]] = None,
    ) -> None:
        words = ["study", "drive", "-" if isinstance(spec, Mapping) else os.fspath(spec), "--directory", os.fspath(directory)]
        words += [] if name is None else ["--name", name]
        words += [] if trials is None else ["--trials", str(trials)]
        self._ids = 0
        self._lock = threading.Lock()
        self._errors = tempfile.TemporaryFile("w+")
        # A session of its own: Ctrl-C in a notebook ends a cell, and not the study.
        self._process = subprocess.Popen(
            [*(command or _find_engine()), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            start_new_session=True,
        )
        if isinstance(spec, Mapping):
            self._write(spec)
        ready = self._read()
        if "ready" not in ready:
            self.close()
            raise HpoError(ready["error"]["message"], ready["error"]["code"])
        self.name: str = ready["ready"]["name"]
        """The study's name."""
        self.folder = Path(ready["ready"]["folder"])
        """The study's folder, with its journal."""
        self._floats = frozenset(ready["ready"]["floats"])

    def ask(self) -> Optional[Asked]:
        """The next run to do; None when the study is over. HpoError "would-wait" when an open run has to be told first."""
        got = self._ask("ask", {})
        if got is None:
            return None
        return Asked(
            got["number"],
            got["run"],
            got["attempt"],
            self._params(got["params"]),
            _number(got["budget"]),
            got["startStep"],
            got["seed"],
        )

    def __iter__(self) -> Iterator[Asked]:
        """What ``ask`` gives until the study is over."""
        while True:
            asked = self.ask()
            if asked is None:
                return
            yield asked

    def report(self, asked: Asked, step: float, **metrics: Any) -> Decision:
        """Tells how far a run is; answers whether to go on. After a stop, ``tell(asked, state="pruned")`` closes the run."""
        got = self._ask("report", {"run": asked.run, "step": _number(step), "metrics": self._metrics(metrics)})
        return Decision(got["action"], got.get("reason", ""))

    def tell(self, asked: Asked, *, state: Optional[str] = None, cause: Optional[str] = None, **metrics: Any) -> None:
        """Ends a run: ``tell(asked, loss=0.4)``, or ``state="pruned"``, or ``state="failed"`` with a ``cause``."""
        body: Dict[str, Any] = {"run": asked.run}
        if state is None:
            body["metrics"] = self._metrics(metrics)
        else:
            body.update({"state": state} if cause is None else {"state": state, "cause": cause})
        self._ask("tell", body)

    def checkpoint(self, asked: Asked, step: int) -> None:
        """Notes that this program has saved the state after ``step``: the trial's next run starts behind it."""
        self._ask("checkpoint", {"run": asked.run, "step": step})

    def enqueue(self, params: Mapping[str, Any]) -> None:
        """Tries a configuration next, as given."""
        self._ask("enqueue", {"params": dict(params)})

    @property
    def best(self) -> Optional[Best]:
        """The best trial so far; None while none has completed."""
        got = self._ask("best", {})
        return None if got is None else Best(got["number"], self._params(got["params"]), got["value"])

    def close(self) -> None:
        """Closes the study. The same spec opens it again."""
        with contextlib.suppress(OSError):
            _pipe(self._process.stdin).close()
        self._process.wait()
        _pipe(self._process.stdout).close()
        self._errors.close()

    def __enter__(self) -> Study:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _params(self, values: Mapping[str, Any]) -> Params:
        return Params({name: float(value) if name in self._floats else value for name, value in values.items()})

    def _metrics(self, metrics: Mapping[str, Any]) -> Dict[str, Any]:
        return {name: _in_json(_metric(name, value)) for name, value in metrics.items()}

    def _ask(self, word: str, body: Mapping[str, Any]) -> Any:
        with self._lock:
            self._ids += 1
            self._write({"id": self._ids, word: body})
            answer = self._read()
            while answer.get("id") != self._ids:  # of a request that an interrupted cell did not wait for
                answer = self._read()
        if "error" in answer:
            raise HpoError(answer["error"]["message"], answer["error"]["code"])
        return answer["result"]

    def _write(self, message: Any) -> None:
        try:
            _pipe(self._process.stdin).write(json.dumps(message) + "\n")
            _pipe(self._process.stdin).flush()
        except (OSError, ValueError) as error:
            raise HpoError("the study is closed, or its process has ended: open it again", "run-closed") from error

    def _read(self) -> Dict[str, Any]:
        line = _pipe(self._process.stdout).readline()
        if line == "":
            self._process.wait()
            self._errors.seek(0)
            raise HpoError(f"the study's process has ended: {self._errors.read().strip()}", "run-closed")
        message: Dict[str, Any] = json.loads(line)
        return message


def _pipe(stream: Optional[IO[str]]) -> IO[str]:
    assert stream is not None
    return stream


def _find_engine() -> Sequence[str]:
    """The command that starts the engine."""
    main = Path("dist", "cli", "main.js")
    here = Path(__file__).resolve().parents[2] / main
    near = [folder / "node_modules" / "hpo" / main for folder in (Path.cwd(), *Path.cwd().parents)]
    for file in (here, *near):
        if file.is_file():
            return ["node", str(file)]
    found = shutil.which("hpo")
    if found is not None:
        return [found]
    raise HpoError(f"expected the engine in a node_modules folder above {Path.cwd()}, or hpo on the path: npm install hpo")

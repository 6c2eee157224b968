"""A small network that learns a curve. Put your own data and model in its place."""

import hpo
import keras
import numpy as np

# What it trains with when no study runs it.
trial = hpo.trial({"lr": 0.01, "hidden": 16, "activation": "relu"}, budget=9)
params = trial.params
keras.utils.set_random_seed(trial.seed)

x = np.linspace(-1, 1, 256).reshape(-1, 1)
y = np.sin(3 * x)

with trial.checkpoint.load() as directory:  # what an earlier run of this trial saved; None at its first
    if directory:
        model = keras.models.load_model(directory / "model.keras")
    else:
        model = keras.Sequential([
            keras.layers.Input((1,)),
            keras.layers.Dense(params.hidden, activation=params.activation),
            keras.layers.Dense(1),
        ])
        model.compile(keras.optimizers.Adam(params.lr), "mse")

model.fit(
    x[::2],
    y[::2],
    validation_data=(x[1::2], y[1::2]),
    initial_epoch=trial.start_step - 1,
    epochs=trial.budget,
    verbose=2,
    callbacks=[hpo.keras_callback(save="model.keras")],
)

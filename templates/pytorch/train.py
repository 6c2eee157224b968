"""A small network that learns a curve. Put your own data and model in its place."""

import hpo
import torch

# What it trains with when no study runs it.
trial = hpo.trial({"lr": 0.01, "hidden": 16, "activation": "relu"}, budget=9)
params = trial.params
torch.manual_seed(trial.seed)
torch.set_num_threads(1)

x = torch.linspace(-1, 1, 256, device=trial.device).unsqueeze(1)
y = torch.sin(3 * x)

activation = torch.nn.ReLU() if params.activation == "relu" else torch.nn.Tanh()
model = torch.nn.Sequential(torch.nn.Linear(1, params.hidden), activation, torch.nn.Linear(params.hidden, 1))
model.to(trial.device)
optimizer = torch.optim.Adam(model.parameters(), lr=params.lr)

with trial.checkpoint.load() as directory:  # what an earlier run of this trial saved; None at its first
    if directory:
        saved = torch.load(directory / "model.pt", map_location=trial.device)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])

for epoch in trial.steps():
    for batch in torch.randperm(len(x), device=trial.device).split(32):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x[batch]), y[batch]).backward()
        optimizer.step()
    with trial.checkpoint.save(epoch) as directory:
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, directory / "model.pt")
    with torch.no_grad():
        trial.report(epoch, loss=torch.nn.functional.mse_loss(model(x), y))

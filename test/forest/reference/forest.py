"""Makes forest.json: regression trees and a random forest, by scikit-learn.

Run: python3 test/forest/reference/forest.py && npx prettier --write test/forest/reference/forest.json
Made with Python 3.11, NumPy and scikit-learn.

`trees`: points, targets, and for each point the leaf of a tree of depth 3 that it lies in. `forest`: points, targets, places, what a
forest of 2,000 trees predicts there, and the mean squared error of its out-of-bag predictions. Forests here cut halfway between two
points, those of this project anywhere between them: they agree where points are dense.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestRegressor
from sklearn.tree import DecisionTreeRegressor

rng = np.random.default_rng(1)


def loss(x):
    return np.floor(4 * x[:, 0]) + np.sin(5 * x[:, 1]) + x[:, 2] * (x[:, 0] > 0.5)


trees = []
for count in (12, 40, 90):
    points = rng.random((count, 4)).round(6)
    targets = (loss(points) + 0.2 * rng.standard_normal(count)).round(6)
    leaves = DecisionTreeRegressor(max_depth=3, random_state=0).fit(points, targets).apply(points)
    trees.append({"points": points.tolist(), "targets": targets.tolist(), "leaves": leaves.tolist()})

points = rng.random((200, 3)).round(6)
targets = (loss(points) + 0.2 * rng.standard_normal(200)).round(6)
places = rng.random((40, 3)).round(6)
forest = RandomForestRegressor(2000, max_features=1.0, oob_score=True, random_state=0).fit(points, targets)
path = Path(__file__).with_suffix(".json")
path.write_text(
    json.dumps(
        {
            "trees": trees,
            "forest": {
                "points": points.tolist(),
                "targets": targets.tolist(),
                "places": places.tolist(),
                "predictions": forest.predict(places).round(6).tolist(),
                "outOfBagError": float(np.mean((targets - forest.oob_prediction_) ** 2)),
            },
        }
    )
)

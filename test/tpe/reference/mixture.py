"""Makes mixture.json: logarithms of the densities of Parzen estimators, by SciPy.

Run: python3 test/tpe/reference/mixture.py && npx prettier --write test/tpe/reference/mixture.json
Made with Python 3.11, NumPy and SciPy 1.17.1.

Each case has axes as src/tpe/axis.ts has them, points, places and the log density at each place: the mean of the kernels of
all points and of the uniform law.
"""

import json
from pathlib import Path

import numpy as np
from scipy.special import logsumexp
from scipy.stats import truncnorm

rng = np.random.default_rng(1)


def kernel(axis, own, value, width, others):
    if axis["kind"] == "choice":
        return np.log((1 if own == value else others) / (1 + (axis["count"] - 1) * others))
    if axis["kind"] == "cells":
        edges, centre = axis["edges"], axis["centres"][int(own)]
        law = truncnorm(-centre / width, (1 - centre) / width, centre, width)
        # Above the centre, the difference of the upper tails keeps its digits.
        low, high = edges[int(value)], edges[int(value) + 1]
        return np.log(law.sf(low) - law.sf(high) if low > centre else law.cdf(high) - law.cdf(low))
    return truncnorm.logpdf(value, -own / width, (1 - own) / width, own, width)


def prior(axis, value):
    if axis["kind"] == "choice":
        return -np.log(axis["count"])
    if axis["kind"] == "cells":
        return np.log(axis["edges"][int(value) + 1] - axis["edges"][int(value)])
    return 0.0


def density(axes, points, place):
    n = len(points)
    width = max(0.2 * min(1, len(axes) / 6) ** 0.5 * max(n, 1) ** (-1 / (len(axes) + 4)), 0.02)
    terms = [sum(prior(axis, v) for axis, v in zip(axes, place))]
    for point in points:
        terms.append(sum(kernel(a, own, v, width, 1 / (n + 1)) for a, own, v in zip(axes, point, place)))
    return float(logsumexp(terms) - np.log(n + 1))


def draw(axis):
    if axis["kind"] == "line":
        return float(rng.choice([round(rng.random(), 6), 0.0, 1.0], p=[0.8, 0.1, 0.1]))
    return float(rng.integers(axis["count"] if axis["kind"] == "choice" else len(axis["centres"])))


LINE = {"kind": "line"}
CHOICE = {"kind": "choice", "count": 3}
EVEN = {"kind": "cells", "edges": [0, 0.25, 0.5, 0.75, 1], "centres": [0.125, 0.375, 0.625, 0.875]}
UNEVEN = {"kind": "cells", "edges": [0, 0.5, 0.75, 0.9, 1], "centres": [0.3, 0.65, 0.8, 0.95]}

cases = []
for axes in ([LINE], [CHOICE], [EVEN], [LINE, LINE], [UNEVEN, LINE, CHOICE], [LINE] * 10, [LINE, CHOICE, EVEN] * 6):
    for count in (0, 1, 7, 30):
        points = [[draw(axis) for axis in axes] for _ in range(count)]
        places = [[draw(axis) for axis in axes] for _ in range(5)]
        values = [density(axes, points, place) for place in places]
        cases.append({"axes": axes, "points": points, "places": places, "values": values})

path = Path(__file__).with_suffix(".json")
path.write_text(json.dumps(cases))

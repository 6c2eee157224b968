"""Makes sobol.json: points of SciPy's unscrambled Sobol sequence, as digests.

Run: python3 test/numerics/reference/sobol.py && npx prettier --write test/numerics/reference/sobol.json
Made with Python 3.11.7, NumPy 2.4.6 and SciPy 1.17.1.

first is the SHA-256 of the first 1024 points as little-endian doubles, one point after another; directions is that of points
2^k - 1 for k = 1 ... 24, each of which is direction number k (the first 1024 points show only ten of them); last is the last coordinate of a few points, to
show by how much a wrong sequence is wrong.
"""

import hashlib
import json
from pathlib import Path

import numpy
from scipy.stats.qmc import Sobol

SHOWN = [1, 2, 3, 100, 1023]



def sha256(points):
    return hashlib.sha256(points.astype("<f8").tobytes()).hexdigest()


def point(dimensions, index):
    return Sobol(dimensions, scramble=False).fast_forward(index).random(1)


cases = []
for dimensions in [1, 2, 7, 40, 256]:
    points = Sobol(dimensions, scramble=False).random(1024)
    directions = numpy.concatenate([point(dimensions, 2**k - 1) for k in range(1, 25)])
    last = [[i, float(points[i, -1])] for i in SHOWN]
    case = {"dimensions": dimensions, "first": sha256(points), "directions": sha256(directions), "last": last}
    cases.append(case)
Path(__file__).with_suffix(".json").write_text(json.dumps(cases, indent=2) + "\n")

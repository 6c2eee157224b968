"""Makes normal.json: values of the normal distribution's functions at doubles, to more than 50 digits, rounded once.

Run: python3 test/numerics/reference/normal.py && npx prettier --write test/numerics/reference/normal.json
Made with Python 3.11.7 and mpmath 1.3.0.

Each table is a list of [argument, value]. The grids cover every branch of src/numerics/normal.ts and of the formulas in
Ament et al. (2023), with both neighbours of every threshold.
"""

import json
import sys
from math import inf, nextafter
from pathlib import Path

from mpmath import erfc, erfinv, exp, expm1, log, log1p, mp, mpf, ncdf, npdf, sqrt

# h(z) near z = -1e8 cancels 32 digits, which leaves more than 50.
mp.dps = 90


def around(*values):
    return [v for x in values for v in (nextafter(x, -inf), x, nextafter(x, inf))]


def steps(first, last, count):
    return [first + (last - first) * i / (count - 1) for i in range(count)]


def powers(first, last):
    return [1.37 * 10.0**k for k in range(first, last + 1)]


def mirrored(values):
    return [-x for x in values] + values


def cdf(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def h(z):
    return npdf(z) + z * cdf(z)


def quantile(p):
    """By Newton's method on log Phi, from the leading term."""
    p = mpf(p)
    if p == mpf(1) / 2:
        return mpf(0)
    tail = min(p, 1 - p)
    x = -sqrt(-2 * log(tail)) if tail < 0.02 else sqrt(mpf(2)) * erfinv(2 * tail - 1)
    for _ in range(200):
        step = (log(cdf(x)) - log(tail)) * cdf(x) / npdf(x)
        x -= step
        if abs(step) < abs(x) * mpf(10) ** -60:
            break
    else:
        sys.exit(f"no quantile for {p}")
    return x if p < 0.5 else -x


moderate = steps(-8.1, 8.3, 83)
thresholds = [-6.7108864e7, -1e8, -1e4, -1.0, -40.0, -37.0]
z_grid = moderate + mirrored(powers(-12, 7)) + around(*thresholds, 1.0, 1e8) + [0.0]

tables = {
    "erfcx": (
        lambda x: exp(x * x) * erfc(x),
        steps(0, 12, 61) + steps(-26.6, 0, 61)[:-1] + mirrored(powers(-12, 0)) + powers(1, 8) + around(26.5, 5.0, 0.46875),
    ),
    "pdf": (npdf, moderate + steps(-37.4, 37.4, 23) + around(1e-9)),
    "logPdf": (lambda x: -x * x / 2 - log(2 * mp.pi) / 2, moderate + mirrored(powers(1, 8))),
    "cdf": (cdf, moderate + steps(-37.4, 37.4, 45) + mirrored(powers(-12, 0))),
    "logCdf": (lambda x: log(cdf(x)) if x < 0 else log1p(-cdf(-x)), moderate + steps(-1000, 38, 60) + mirrored(powers(-12, 0)) + [-1e4, -1e6, -1e8]),
    "log1mexp": (lambda a: log(-expm1(-a)), powers(-300, -290) + powers(-20, 2) + steps(0.01, 5, 60) + around(0.6931471805599453)),
    "logEi": (lambda z: log(h(z)), z_grid),
    "logEiSlope": (lambda z: cdf(z) / h(z), z_grid),
    "quantile": (
        quantile,
        steps(0.001, 0.999, 101)
        + around(0.075, 0.925, 1e-10, 1.388794386496401e-11, 1 - 1e-10)
        + [10.0**-k for k in [*range(2, 20), *range(20, 308, 9)]]
        + [5e-324, 1e-320, 1 - 2.0**-53, 0.5 - 2.0**-54, 0.5 + 2.0**-53],
    ),
}


out = {name: [[x, float(function(mpf(x)))] for x in sorted(set(xs))] for name, (function, xs) in tables.items()}
text = ",\n".join(
    json.dumps(name) + ": [\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]" for name, rows in out.items()
)
Path(__file__).with_suffix(".json").write_text("{\n" + text + "\n}\n")

"""Makes lbfgsb.json: minima by SciPy's L-BFGS-B of the problems in test/numerics/minimization-problems.ts.

Run: python3 test/numerics/reference/lbfgsb.py && npx prettier --write test/numerics/reference/lbfgsb.json
Made with Python 3.11.7, NumPy 2.4.6 and SciPy 1.17.1.

value is that of a tight run (gtol 1e-10, ftol 0); evaluations are those with the defaults of
src/numerics/lbfgsb.ts (10 pairs, gtol 1e-5) but ftol 0 and 2000 iterations; active counts the variables at a bound.
"""

import json
from pathlib import Path

import numpy
from numpy import cos, inf, pi, sin
from scipy.optimize import minimize, rosen, rosen_der


def rosenbrock(x):
    return rosen(x), rosen_der(x)


def chain(x):
    """A tridiagonal quadratic whose minimum in [0, 1]^n lies on many bounds."""
    n = len(x)
    b = 3 * sin(numpy.arange(1, n + 1))
    ax = 2.5 * x
    ax[1:] -= x[:-1]
    ax[:-1] -= x[1:]
    return x @ ax / 2 - b @ x, ax - b


def beale(p):
    x, y = p
    value, gradient = 0.0, numpy.zeros(2)
    for k, c in enumerate([1.5, 2.25, 2.625], 1):
        r = c - x + x * y**k
        value += r * r
        gradient += 2 * r * numpy.array([y**k - 1, k * x * y ** (k - 1)])
    return value, gradient


def branin(p):
    x, y = p
    b, c, s = 5.1 / (4 * pi**2), 5 / pi, 10 * (1 - 1 / (8 * pi))
    r = y - b * x * x + c * x - 6
    return r * r + s * cos(x) + 10, numpy.array([2 * r * (c - 2 * b * x) - s * sin(x), 2 * r])


def scaled(x):
    """A sum of squares and fourth powers whose curvatures span six decades."""
    w = 10.0 ** (6 * numpy.arange(len(x)) / (len(x) - 1) - 2)
    d = x - 0.3
    return (w * d * d).sum() + (d**4).sum(), 2 * w * d + 4 * d**3


def alternating(n):
    return numpy.where(numpy.arange(n) % 2 == 0, -1.2, 1.0)


def box(n, low, high):
    return numpy.full(n, low), numpy.full(n, high)


problems = {}
for n in [2, 10, 40]:
    problems[f"Rosenbrock {n}"] = (rosenbrock, alternating(n), *box(n, -inf, inf))
    problems[f"Rosenbrock {n} in a box"] = (rosenbrock, alternating(n), *box(n, -5, 5))
    lower, upper = box(n, 0.2, 2.0)
    upper[1::3] = 0.5
    problems[f"Rosenbrock {n} with active bounds"] = (rosenbrock, alternating(n).clip(lower, upper), lower, upper)
problems["chain 30"] = (chain, numpy.full(30, 0.5), *box(30, 0, 1))
problems["chain 60"] = (chain, numpy.full(60, 0.1), *box(60, 0, 1))
problems["chain 12, half bounded"] = (chain, numpy.full(12, 0.5), *box(12, 0, inf))
problems["Beale"] = (beale, numpy.array([1.0, 1.0]), *box(2, -4.5, 4.5))
problems["Beale with an active bound"] = (beale, numpy.array([1.0, 1.0]), *box(2, -4.5, 2.0))
problems["Branin"] = (branin, numpy.array([2.5, 7.5]), numpy.array([-5.0, 0.0]), numpy.array([10.0, 15.0]))
problems["Branin at a corner"] = (branin, numpy.array([-4.0, 1.0]), numpy.array([-5.0, 0.0]), numpy.array([-3.5, 10.0]))
problems["scaled 20"] = (scaled, numpy.full(20, 0.9), *box(20, 0, 1))

cases = []
for name, (f, start, lower, upper) in problems.items():
    bounds = list(zip(lower, upper))
    run = lambda **options: minimize(f, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    tight = run(gtol=1e-10, ftol=0, maxiter=5000, maxfun=100000)
    same = run(gtol=1e-5, ftol=0, maxcor=10, maxiter=2000)
    cases.append(
        {
            "name": name,
            "start": list(map(float, start)),
            "value": float(tight.fun),
            "evaluations": same.nfev,
            "active": int(((tight.x <= lower) | (tight.x >= upper)).sum()),
        }
    )
Path(__file__).with_suffix(".json").write_text(json.dumps(cases, indent=2) + "\n")

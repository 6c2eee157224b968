"""Makes cholesky.json: factors, solutions and log determinants of a few matrices, by SciPy (LAPACK).

Run: python3 test/numerics/reference/cholesky.py && npx prettier --write test/numerics/reference/cholesky.json
Made with Python 3.11.7, NumPy 2.4.6 and SciPy 1.17.1.

test/numerics/cholesky.test.ts makes the same matrices; of a factor the diagonal and the last row are given.
"""

import json
from pathlib import Path

import numpy
from scipy.linalg import cholesky, cho_solve, hilbert, solve_triangular


def dyadic(n):
    """Small integers and exact fractions only: B Bᵀ + I with B[i][j] = ((3 i + 5 j + i j) mod 7 - 3) / 4."""
    i, j = numpy.indices((n, n))
    b = ((3 * i + 5 * j + i * j) % 7 - 3) / 4
    return b @ b.T + numpy.eye(n)


matrices = {f"dyadic {n}": dyadic(n) for n in [1, 2, 5, 50]} | {"Hilbert 8": hilbert(8)}
cases = []
for name, a in matrices.items():
    n = len(a)
    b = numpy.arange(1, n + 1) / 8
    factor = cholesky(a, lower=True)
    cases.append(
        {
            "name": name,
            "n": n,
            "diagonal": list(numpy.diag(factor)),
            "lastRow": list(factor[-1]),
            "lower": list(solve_triangular(factor, b, lower=True)),
            "transposed": list(solve_triangular(factor, b, lower=True, trans="T")),
            "solution": list(cho_solve((factor, True), b)),
            "logDeterminant": 2 * float(numpy.log(numpy.diag(factor)).sum()),
            "condition": float(numpy.linalg.cond(a)),
        }
    )
Path(__file__).with_suffix(".json").write_text(json.dumps(cases, indent=2) + "\n")

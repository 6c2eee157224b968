"""Makes src/numerics/normal-coefficients.ts: Chebyshev series behind erfcx and log EI, fitted to 60 digits.

Run: python3 scripts/normal-coefficients.py && npx prettier --write src/numerics/normal-coefficients.ts
Made with Python 3.11.7 and mpmath 1.3.0.

Both functions are taken on t = (x - 5) / (x + 5), which maps x = 0 ... infinity onto -1 ... 1, after a factor that cancels
their decay (the method of Shepherd & Laframboise, Mathematics of Computation 36, 1981). Terms below 1e-18 are left out.
"""

from pathlib import Path

from mpmath import cos, erfc, exp, mp, mpf, pi, sqrt

mp.dps = 60
NODES = 90
SMALLEST = mpf("1e-18")
CENTRE = 5


def erfcx(x):
    if x < 100:
        return exp(x * x) * erfc(x)
    term = total = 1 / (x * sqrt(pi))
    for k in range(1, 40):
        term *= -(2 * k - 1) / (2 * x * x)
        total += term
    return total


def one_minus_x_mills(x):
    """h(-x) / phi(x) = 1 - x M(x), where M is Mills' ratio; by its asymptotic series where the difference would cancel."""
    if x < 300:
        return 1 - x * sqrt(pi / 2) * erfcx(x / sqrt(2))
    term = total = 1 / (x * x)
    for k in range(1, 40):
        term *= -(2 * k + 1) / (x * x)
        total += term
    return total


def chebyshev(function):
    """Coefficients c of sum c_j T_j(t), with c_0 already halved."""
    angles = [pi * (k + mpf(1) / 2) / NODES for k in range(NODES)]
    values = [function(CENTRE * (1 + cos(angle)) / (1 - cos(angle))) for angle in angles]
    series = [2 * sum(v * cos(j * a) for v, a in zip(values, angles)) / NODES for j in range(NODES)]
    series[0] /= 2
    last = max(j for j, c in enumerate(series) if abs(c) > SMALLEST)
    return series[: last + 1]


def array(name, comment, series):
    numbers = ",\n".join(repr(float(c)) for c in series)
    return f"/** {comment} */\nexport const {name}: readonly number[] = [\n{numbers},\n];\n"


text = "// Made by scripts/normal-coefficients.py, which says how. Both series are in T_j(t), t = (x - 5) / (x + 5), x >= 0.\n\n"
text += array("ERFCX", "(x + 1/2) erfcx(x)", chebyshev(lambda x: (x + mpf(1) / 2) * erfcx(x)))
text += "\n"
text += array(
    "ONE_MINUS_X_MILLS",
    "(1 + 5/4 x + x²) (1 - x M(x)), M(x) = Φ(-x) / φ(x)",
    chebyshev(lambda x: (1 + 5 * x / 4 + x * x) * one_minus_x_mills(x)),
)
Path(__file__).parents[1].joinpath("src/numerics/normal-coefficients.ts").write_text(text)

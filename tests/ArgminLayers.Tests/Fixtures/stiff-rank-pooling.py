"""Writes stiff-rank-pooling.json: rank pooling solved with 100 digits, for the tests of the runtime at extreme C and feature scales.

    python3 stiff-rank-pooling.py > stiff-rank-pooling.json        (needs mpmath)

    u* = argmin ½‖u‖² + ½C Σ_t [|v_t·u − t| − ε]₊²,   ε = 1/8,   t = 1…T

Frames v·s and C give u*(C s², v)/s, so only the product C s² matters; s is a power of two, which makes v·s exact. For every product the file holds u, a = −C·e
(u = Vᵀa), λ = H⁻¹g and h = C·1[active]·(Vλ), which is ∂(gᵀu)/∂t; ∂(gᵀu)/∂v = a λᵀ − h uᵀ.
"""
import json
import random

from mpmath import matrix, mp, mpf, lu_solve, nstr

mp.dps = 100
COSTS = [f"1e{c}" for c in (-8, -4, 0, 4, 8)]
SCALES = [2.0 ** s for s in (-20, -10, 0, 10, 20)]
EPSILON = mpf(1) / 8


def grid(x):
    return round(x * 4096) / 4096


def normal(rng, t, d):
    return [[grid(rng.gauss(0, 1) / d ** 0.5) for _ in range(d)] for _ in range(t)]


def smooth(rng, t, d):
    total, rows = [0.0] * d, []
    for i in range(t):
        total = [x + rng.gauss(0, 1) for x in total]
        root = [(abs(x / (i + 1)) ** 0.5) * (1 if x > 0 else -1) for x in total]
        length = sum(x * x for x in root) ** 0.5
        rows.append([grid(x / length) for x in root])
    return rows


def repeated(rng, t, d):
    few = normal(rng, t // 3, d)
    return [few[i // 3] for i in range(t)]


def gram(v):
    return [[sum(a * b for a, b in zip(p, q)) for q in v] for p in v]


def excess(z, t):
    r = z - t
    return mpf(0) if abs(r) < EPSILON else r - EPSILON * (1 if r > 0 else -1)


def system(k, c, active):
    n = len(k)
    return matrix([[(c * k[i][j] if active[i] else mpf(0)) + (1 if i == j else 0) for j in range(n)] for i in range(n)])


def solve(v, c):
    """Newton in the span, a + C e(Ka) = 0, with a search for the root of the directional derivative."""
    n = len(v)
    k = gram(v)
    times = lambda a: [sum(x * y for x, y in zip(row, a)) for row in k]
    a, z = [mpf(0)] * n, [mpf(0)] * n
    for _ in range(1000):
        r = [a[i] + c * excess(z[i], i + 1) for i in range(n)]
        size = max(abs(x) for x in r)
        if size <= mpf(10) ** -70 * max(max(abs(x) for x in a), mpf(10) ** -30):
            return k, a, z
        active = [abs(z[i] - (i + 1)) >= EPSILON for i in range(n)]
        step = list(lu_solve(system(k, c, active), matrix([-x for x in r])))
        along = times(step)
        slope = lambda s: sum((a[i] + s * step[i] + c * excess(z[i] + s * along[i], i + 1)) * along[i] for i in range(n))
        s = mpf(1)
        if slope(s) > 0:
            low, high = mpf(0), s
            for _ in range(60):
                s = (low + high) / 2
                low, high = (s, high) if slope(s) <= 0 else (low, s)
        a = [x + s * d for x, d in zip(a, step)]
        z = times(a)
    raise RuntimeError("no convergence")


def transposed(v, a):
    return [sum(a[i] * v[i][j] for i in range(len(v))) for j in range(len(v[0]))]


def record(v, g, c):
    k, a, z = solve(v, c)
    active = [abs(z[i] - (i + 1)) >= EPSILON for i in range(len(v))]
    p = [sum(x * y for x, y in zip(row, g)) for row in v]
    h = list(lu_solve(system(k, c, active), matrix([c * p[i] if active[i] else mpf(0) for i in range(len(v))])))
    back = transposed(v, h)
    number = lambda xs: [float(nstr(x, 25)) for x in xs]
    return {"u": number(transposed(v, a)), "a": number(a), "lambda": number([x - y for x, y in zip(g, back)]), "h": number(h)}


def main():
    rng = random.Random(5)
    problems = []
    for name, build, t, d in [("normal", normal, 12, 20), ("smooth", smooth, 30, 40), ("long", smooth, 24, 6), ("repeated", repeated, 12, 16)]:
        frames = build(rng, t, d)
        g = [grid(rng.gauss(0, 1)) for _ in range(d)]
        v = [[mpf(x) for x in row] for row in frames]
        solutions = [
            {"cost": float(cost), "scale": scale, **record(v, [mpf(x) for x in g], mpf(float(cost)) * mpf(scale) ** 2)}
            for cost in COSTS for scale in SCALES
        ]
        problems.append({"name": name, "frames": frames, "g": g, "solutions": solutions})
    print("[" + ",\n".join(json.dumps(problem) for problem in problems) + "]")


main()

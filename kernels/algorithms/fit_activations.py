#!/usr/bin/env python3
"""Fits the forms of activations: what is in kernels/algorithms/activation_fits.cpp.

.deps/venv/bin/python kernels/algorithms/fit_activations.py           writes the file; about a minute
.deps/venv/bin/python kernels/algorithms/fit_activations.py --check   exit 1 when the file says otherwise

A form is P(v) = s_m(...s_1(poly(v))), s_i(q) = q*q + squares[i], in
    silu(x) = x / P(z)     sigmoid(x) = 1 / P(z)     P(z) ~ 1 + e^-z     z = min(x, limit)
    gelu(x) = max(x, 0) - a * P(a)                   P(a) ~ Phi(-a)      a = min(|x|, limit)
(see activation.cpp). What is fitted is the error of the whole function, where networks use it: over
normal inputs of the means and deviations below, the mean of the squared error, plus that of
the mean error, squared, times SIGNED. An error of one sign is what hurts: later sums, means and
normalisations add it up over hundreds of pixels and layers, where one that alternates cancels. So a
form that errs by 1e-6 here and there, and by 1e-8 in the mean, does a network no harm, and the best
one by largest error (a minimax fit) is ten times worse than that. FLOOR keeps the tails.

Levenberg-Marquardt in double from the Taylor polynomial (gelu: from a least-squares one), then, since
squaring multiplies what rounding a coefficient to f32 did, a search over the last bits of all
coefficients with the form computed as it runs: in f32 with fused multiply-adds.
"""
import math
import pathlib
import sys

import numpy

MEANS, DEVIATIONS = (-1, -0.5, 0, 0.5, 1), (0.5, 1, 2)  # also those of activation_test.cpp
SIGNED = 100
FLOOR = 0.01
POINTS = 20001

# function, level (-1: precise), degree of poly, squarings, limit, points span [-reach, reach]
FORMS = [
    ("gelu", -1, 7, 3, 5.6, 8), ("gelu", 0, 4, 2, 4.5, 8),
    ("gelu", 1, 4, 3, 5.0, 8), ("gelu", 2, 5, 3, 5.5, 8),
    ("silu", 0, 3, 4, 16.0, 18), ("silu", 1, 4, 4, 16.0, 18),
    ("sigmoid", 0, 3, 4, 15.0, 18), ("sigmoid", 1, 4, 4, 16.0, 18),
]


def phi(x):
    return numpy.array([0.5 * math.erfc(-v / math.sqrt(2)) for v in x])


class Form:
    def __init__(self, function, level, degree, squarings, limit, reach):
        self.function, self.level, self.degree, self.limit = function, level, degree, limit
        self.tail = function == "gelu"
        self.last = [] if self.tail else [1.0]  # of the squares, not free: P is 1 where e^-z is none
        self.x = numpy.linspace(-reach, reach, POINTS)
        exact = phi(self.x) if self.tail else 1 / (1 + numpy.exp(-self.x))
        self.exact = exact if function == "sigmoid" else self.x * exact
        if self.tail:
            a = numpy.linspace(0, limit, 400)
            poly = numpy.polyfit(a, phi(-a) ** (0.5 ** squarings), degree)
        else:
            k = 0.5 ** squarings
            poly = [(-k) ** i / math.factorial(i) for i in range(degree, -1, -1)]
        self.free = numpy.concatenate([poly, numpy.zeros(squarings - len(self.last))])
        densities = []
        for mean in MEANS:
            for deviation in DEVIATIONS:
                weight = numpy.exp(-(((self.x - mean) / deviation) ** 2) / 2)
                densities.append(weight / weight.sum())
        densities = numpy.array(densities)
        self.each = numpy.sqrt(densities.mean(0) + FLOOR / POINTS)
        self.mean = math.sqrt(SIGNED / len(densities)) * densities

    def squares(self, free):
        return [*free[self.degree + 1:], *self.last]

    def argument(self, x):
        return numpy.minimum(abs(x) if self.tail else x, x.dtype.type(self.limit))

    def in_double(self, free):
        """What is to be made small, and its derivatives."""
        v = self.argument(self.x)
        q = numpy.polyval(free[:self.degree + 1], v)
        slopes = [v ** (self.degree - i) for i in range(self.degree + 1)]
        for i, added in enumerate(self.squares(free)):
            slopes = [2 * q * s for s in slopes]
            if self.degree + 1 + i < len(free):
                slopes.append(numpy.ones_like(v))
            q = q * q + added
        if self.tail:
            value, slope = numpy.maximum(self.x, 0) - v * q, -v
        else:
            over = self.x if self.function == "silu" else 1.0
            value, slope = over / q, -over / q**2
        slopes = numpy.array(slopes).T * slope[:, None]
        return self.rows(value - self.exact), numpy.concatenate([self.each[:, None] * slopes,
                                                                self.mean @ slopes])

    def rows(self, error):
        return numpy.concatenate([self.each * error, self.mean @ error])

    def cost_in_float(self, free):
        """The same as it runs."""
        x = self.x.astype(numpy.float32)
        free = [float(numpy.float32(c)) for c in free]

        def rounded(values):
            return values.astype(numpy.float32).astype(numpy.float64)

        v = self.argument(x).astype(numpy.float64)
        q = numpy.full_like(v, free[0])
        for c in free[1:self.degree + 1]:
            q = rounded(q * v + c)
        for c in self.squares(free):
            q = rounded(q * q + c)
        if self.tail:
            value = rounded(numpy.maximum(x, 0) - v * q)
        else:
            value = rounded((x if self.function == "silu" else 1.0) / q)
        rows = self.rows(value - self.exact)
        return rows @ rows

    def fit(self):
        damping = 1e-3
        rows, slopes = self.in_double(self.free)
        for _ in range(400):
            scale = numpy.sqrt((slopes**2).sum(0))
            q, r = numpy.linalg.qr(slopes / scale)
            towards = -(q.T @ rows)
            for _ in range(12):
                both = numpy.vstack([r, math.sqrt(damping) * numpy.eye(len(scale))])
                step = numpy.linalg.lstsq(both, numpy.append(towards, 0 * scale), rcond=None)[0]
                with numpy.errstate(all="ignore"):
                    next_rows, next_slopes = self.in_double(self.free + step / scale)
                if next_rows @ next_rows < rows @ rows:
                    break
                damping *= 4
            else:
                return
            done = next_rows @ next_rows > (1 - 1e-10) * (rows @ rows)
            self.free = self.free + step / scale
            rows, slopes, damping = next_rows, next_slopes, max(damping / 6, 1e-16)
            if done:
                return

    def polish(self):
        self.free = self.free.astype(numpy.float32)
        best, moved = self.cost_in_float(self.free), True
        while moved:
            moved = False
            for i in range(len(self.free)):
                for bits in (1, -1, 2, -2, 5, -5, 13, -13, 40, -40):
                    tried = self.free.copy()
                    tried[i] += numpy.float32(bits) * numpy.spacing(abs(tried[i]))
                    cost = self.cost_in_float(tried)
                    if cost < best * (1 - 1e-6):
                        best, self.free, moved = cost, tried, True

    def settle_limit(self):
        """Where P is least, and is made 1: beyond it silu(x) is x, however large."""
        if self.tail:
            return
        z = numpy.arange(10, 18, 1 / 64)
        q = numpy.polyval(self.free[:self.degree + 1].astype(float), z)
        for added in self.free[self.degree + 1:].astype(float):
            q = q * q + added
        self.limit = float(z[numpy.argmin(abs(q))])
        over = float(numpy.min(q * q))
        if over > 2**-23:  # an ulp of P
            self.last = [1 - over]

    def text(self):
        def numbers(values):
            return "{" + ", ".join(f"{numpy.float32(v):.9g}" for v in values) + "}"

        poly, squares = self.free[:self.degree + 1], self.squares(self.free)
        return (f"      {{Act::{self.function}, {self.level}, {self.limit:g},\n"
                f"       {numbers(poly)},\n       {numbers(squares)}}},\n")


def table():
    rows = ""
    for spec in FORMS:
        form = Form(*spec)
        form.fit()
        form.polish()
        form.settle_limit()
        rows += form.text()
        print(f"{spec[0]} {spec[1]}: cost {form.cost_in_float(form.free):.3g}", file=sys.stderr)
    return f"""// Made by kernels/algorithms/fit_activations.py, which says how; not to be changed by hand.
#include "kernels/algorithms/activation_fit.h"

namespace halcyon {{

const std::vector<ActivationFit>& activation_fits() {{
  // clang-format off
  static const std::vector<ActivationFit> fits = {{
{rows}  }};
  // clang-format on
  return fits;
}}

}}  // namespace halcyon
"""


def main(arguments):
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    path = pathlib.Path(__file__).with_name("activation_fits.cpp")
    made = table()
    if arguments:
        return 0 if path.read_text() == made else 1
    path.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

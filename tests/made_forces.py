"""Made-up changes and rates of made-up forces, seeded, among them the extremes; and what their pictures must hold."""

import re
from itertools import combinations, pairwise, product
from types import SimpleNamespace

import numpy as np
import pandas as pd

from panelpack.rendering.funnel_chart import Rates, places_along
from panelpack.rendering.palette import INK, LINE, SAME
from panelpack.rendering.strip_chart import Changes
from picture_checking import SVG, TOUCH, box_of, check_pictures, elements, texts_of

COUNTS = (10, 43)
NAMES = ("Ex", "Northwestshire", "Great Northern and Westshire")
CHANGES = {
    "usual": lambda rng, n: (rng.normal(-5, 12, n), rng.normal(-5, 12)),
    "all equal": lambda rng, n: (np.zeros(n), 0.0),
    "all equal, and far from 0": lambda rng, n: (np.full(n, 40.0), 40.0),
    "own far above": lambda rng, n: (rng.normal(-5, 5, n), 400.0),
    "own far below": lambda rng, n: (rng.normal(30, 5, n), -100.0),
    "one at +400%": lambda rng, n: (np.append(rng.normal(0, 8, n - 1), 400), rng.normal(0, 8)),
    "both ends": lambda rng, n: (np.append(rng.normal(0, 2, n - 2), [-100, 400]), 0.4),
    "all fell to none": lambda rng, n: (np.full(n, -100.0), -99.0),
    "huge": lambda rng, n: (rng.uniform(-100, 400, n), rng.uniform(-100, 400)),
    "hardly any": lambda rng, n: (rng.normal(0, 0.2, n), 0.1),
    "some without a change": lambda rng, n: (np.where(np.arange(n) % 3 == 1, np.nan, rng.normal(3, 9, n)), 3.0),
}
RATES = {
    "usual": lambda rng, n: (_forces(rng, n), rng.gamma(20, 0.2, n)),
    "all equal": lambda rng, n: (_forces(rng, n), np.full(n, 4.0)),
    "all of one size": lambda rng, n: (np.full(n, 1e6), rng.gamma(20, 0.2, n)),
    "own far above": lambda rng, n: (_forces(rng, n), np.append(40.0, rng.gamma(20, 0.2, n - 1))),
    "own none": lambda rng, n: (_forces(rng, n), np.append(0.0, rng.gamma(20, 0.2, n - 1))),
    "none anywhere": lambda rng, n: (_forces(rng, n), np.zeros(n)),
    "own the largest": lambda rng, n: (np.append(8e6, _forces(rng, n - 1)), rng.gamma(20, 0.2, n)),
    "own the smallest": lambda rng, n: (np.append(2e5, _forces(rng, n - 1)), rng.gamma(20, 0.2, n)),
    "high and alike": lambda rng, n: (_forces(rng, n), rng.normal(95, 1, n)),
    "rare": lambda rng, n: (_forces(rng, n), rng.gamma(0.5, 0.02, n)),
    "districts": lambda rng, n: (rng.uniform(3e4, 3.5e5, n), rng.gamma(10, 6, n)),
    "some without a rate": lambda rng, n: (_forces(rng, n), np.where(np.arange(n) % 4 == 1, np.nan, 3.0)),
}


def _forces(rng, n):
    return np.append(np.exp(rng.normal(14, 0.5, n - 1)), 8.2e6)


def made_changes(kind, count, seed=0):
    """The changes of a made-up force and of all others but it."""
    rng = np.random.default_rng([seed, count])
    others, own = CHANGES[kind](rng, count - 1)
    low, high = np.nanquantile(others, [0.1, 0.9])
    return Changes(NAMES[seed % 3], float(own), others, float(np.nanmean(others)), float(low), float(high))


def made_rates(kind, count, seed=0):
    """The rates of made-up forces, the first the own one, four of its region, with limits as of a spread of a third."""
    rng = np.random.default_rng([seed, count])
    size, rate = RATES[kind](rng, count)
    forces = pd.DataFrame({"size": size, "rate": rate, "is_own": False, "in_region": np.arange(count) < 5})
    forces.loc[0, "is_own"] = True
    together = float(np.nansum(size * rate) / size[np.isfinite(rate)].sum())
    limits = pd.DataFrame({"size": places_along(size)})
    width = np.sqrt(1 / np.maximum(limits["size"] * together / 1000, 1) + (0.05 if kind == "rare" else 0.33) ** 2)
    for name, z in (("95", 1.96), ("99_8", 3.09)):
        limits[f"lower_{name}"], limits[f"upper_{name}"] = together * np.exp(-z * width), together * np.exp(z * width)
    return Rates(NAMES[seed % 3], forces.sample(frac=1, random_state=seed), limits, together, region="Mid Shires")


def marks(svg, fill=None):
    """The boxes of the marks of forces, of one colour or all; diamonds and circles."""
    found = [element for element in elements(svg) if element.tag == f"{SVG}circle" or _is_diamond(element)]
    return [box_of(element) for element in found if fill in (None, element.get("fill"))]


def _is_diamond(element):
    return (
        element.tag == f"{SVG}path"
        and element.get("fill") != "none"
        and len(re.findall("[ML]", element.attrib["d"])) == 4
        and _is_small(element)
    )


def _is_small(element):
    box = box_of(element)
    return (
        max(box.right - box.left, box.bottom - box.top) < 12 and abs(box.right - box.left - box.bottom + box.top) < 0.1
    )


def strokes(svg, *colours):
    """Places along all lines of some colours, axes apart, a hundredth of each piece apart."""
    for element in elements(svg):
        is_line = element.tag == f"{SVG}path" and element.get("fill") == "none"
        if is_line and element.get("stroke") in colours and element.get("stroke-width") != "0.6":
            for piece in element.attrib["d"].split("M")[1:]:
                ends = np.array(re.findall(r"-?\d+(?:\.\d+)?", piece), float).reshape(-1, 2)
                for start, end in pairwise(ends):
                    yield start + np.linspace(0, 1, 100)[:, None] * (end - start)


def check(*svgs):
    """Nothing is cut, and no words cover words, marks, or the lines of what they name."""
    check_pictures(SimpleNamespace(svg=svgs[0], narrow=svgs[-1]))
    for svg in svgs:
        words = [(text.words, text.box()) for text in texts_of(svg)]
        for (said, box), mark in product(words, marks(svg)):
            assert not box.covers(mark), f"{said!r} covers a mark"
        along = np.vstack([*strokes(svg, INK, LINE, SAME)])
        for said, box in words:
            is_across = (along[:, 0] > box.left + TOUCH) & (along[:, 0] < box.right - TOUCH)
            is_down = (along[:, 1] > box.top + TOUCH) & (along[:, 1] < box.bottom - TOUCH)
            assert not (is_across & is_down).any(), f"{said!r} is crossed by a line"


def hidden(boxes):
    """Pairs of marks of which one hides more than half of the other."""
    middles = [((box.left + box.right) / 2, (box.top + box.bottom) / 2, box.right - box.left) for box in boxes]
    return [(a, b) for a, b in combinations(middles, 2) if np.hypot(a[0] - b[0], a[1] - b[1]) < 0.4 * max(a[2], b[2])]

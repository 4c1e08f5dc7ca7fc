"""Charts for print, screen and notebook: a series in time with its usual range, and a projection with its own.

A chart is drawn twice, for a page and for a telephone, as SVG that is the same to the byte each time. Its title says
what happened; its lines are labelled where they end; colour and shape say what a point means, so that it is told apart
in grey too: better is a circle, worse a square, a change that is neither a diamond, anything else a small grey dot.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from panelpack.formats import Form
from panelpack.rendering.chart_frame import (
    LOW,
    NARROW,
    WIDE,
    Frame,
    Label,
    Note,
    Scale,
    Values,
    add_title,
    canvas,
    draw_labels,
    draw_note,
    draw_periods,
    place_note,
    scale_of,
)
from panelpack.rendering.chart_html import chart_html, chart_typst
from panelpack.rendering.chart_svg import Drawing, width_of
from panelpack.rendering.chart_text import kinds_of, last_known, newest_run, value_text
from panelpack.rendering.palette import BAND, BETTER, CHANGED, INK, LINE, SAME, WORSE
from panelpack.rendering.prose import Block

RANGE = "#D5DDE4"  # the inner of two bands: darker than BAND
# The mark of a point by what it means: colour, shape, points across.
MARKS = {
    "better": (BETTER, "circle", 6.4),
    "worse": (WORSE, "square", 5.8),
    "changed": (CHANGED, "diamond", 5.2),
    "same": (SAME, "circle", 2.6),
}
SMALLER = 0.75  # the size of marks on a telephone, where they stand closer
RING = 5.5  # points across: the newest point, where it is as usual


@dataclass(frozen=True)
class Chart(Block):
    """A drawn chart and its words: what the title says, what the subtitle says it is of, and what stands below.

    svg: the picture for a page, without title; narrow: for a telephone; titled and image: with the title, as SVG and as
    PNG, for notebooks. alt: one sentence. Title and subtitle are plain words, the caption is inline Markdown.
    """

    svg: str
    narrow: str
    titled: str
    image: bytes
    title: str
    subtitle: str
    alt: str
    caption: str = ""

    def html(self) -> str:
        """Return it for the web."""
        return chart_html(self.svg, self._said())

    def typst(self) -> str:
        """Return it for print."""
        return chart_typst(self.svg, self._said())

    def plain(self) -> str:
        """Return its alternative text."""
        return self.alt

    def _said(self) -> dict[str, str]:
        words = {"title": self.title, "subtitle": self.subtitle, "caption": self.caption}
        return {"alt": self.alt, **words, "narrow": self.narrow}

    def _repr_mimebundle_(  # type: ignore[override]
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        """Return the picture with its title, and as PNG, which a notebook that is not trusted shows too.

        What a page shows of it, its words and its other pictures, goes along as metadata.
        """
        image = base64.b64encode(self.image).decode()
        data = {"image/svg+xml": self.titled, "image/png": image, "text/plain": self.alt}
        return data, {"image/svg+xml": self._said() | {"page": self.svg}, "image/png": {"alt": self.alt}}


def made(drawn: Sequence[Drawing], scale: Scale | None, *, title: str, subtitle: str, alt: str, caption: str) -> Chart:
    """Return the chart of two drawings: for a page, and for a telephone. scale: None for one that explains itself."""
    wide, narrow = drawn
    subtitle = scale.subtitled(subtitle) if scale else subtitle
    add_title(wide, title, subtitle)
    return Chart(wide.svg(), narrow.svg(), wide.svg(titled=True), wide.png(), title, subtitle, alt, caption)


@dataclass(frozen=True)
class Reference:
    """A level that a series without a usual range is held against: its value in the chart's unit, and its words."""

    value: float
    words: str


def run_chart(
    points: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    form: Form,
    alt: str,
    caption: str = "",
    run: str = "",
    reference: Reference | None = None,
    low: bool = False,
) -> Chart:
    """A series in time with its average, its usual range as a pale band, and its signals marked by what they mean.

    points: one row a period, in order, with label, value (without its season where `adjusted`), recorded, adjusted,
    mean, lower, upper (NaN where there are none), special_cause ("" for none), side, segment, and where there are any
    variation (what a signal means: a key of chart_text.KIND_OF) and target. A missing value leaves a gap. form: how its
    values are printed. run: words for the newest of its runs of signals. reference: drawn where the newest points have
    no usual range. low: on a page that has another picture too.
    """
    points = points.reset_index(drop=True)
    reference = reference if pd.isna(points["lower"].iloc[-1]) else None
    columns = [name for name in ("value", "recorded", "lower", "upper", "target") if name in points]
    values = np.append(points[columns].to_numpy(float), [] if reference is None else [reference.value])
    scale, labels = scale_of(values, form), _labels(points, form, reference)
    newest = newest_run(points) if run else []
    drawings = []
    for size in (LOW if low else WIDE, NARROW):
        frame, note = Frame.around(size, scale, labels, len(points)), None
        if newest:
            frame, note = _noted(frame, points, newest, run, reference)
        page = canvas(frame, scale)
        _draw_levels(page, frame, points, reference)
        if points["adjusted"].any():
            _draw_values(page, frame, points["recorded"], SAME, 0.7, (1, 1))
        _draw_values(page, frame, points["value"], LINE, 1.2)
        _draw_points(page, frame, points)
        draw_periods(page, frame, list(points["label"]))
        draw_labels(page, frame, labels)
        if note:
            draw_note(page, note, MARKS[kinds_of(points)[newest[-1]]][0])
        drawings.append(page)
    return made(drawings, scale, title=title, subtitle=subtitle, alt=alt, caption=caption)


def _noted(
    frame: Frame, points: pd.DataFrame, newest: list[int], run: str, reference: Reference | None
) -> tuple[Frame, Note | None]:
    drawn = [points[name].to_numpy(float) for name in ("value", "recorded")]
    marks = np.array([(place, points["value"][place]) for place in newest])
    levels = [reference.value] if reference else [*points["mean"].where(points["lower"].notna()).dropna().unique()]
    return place_note(frame, run, marks, drawn, levels)


def _labels(points: pd.DataFrame, form: Form, reference: Reference | None) -> list[Label]:
    """Return the words beside the ends of the lines: the newest value first, then the levels."""
    known = points[points["recorded"].notna()]
    labels = []
    if len(known):
        last = known.iloc[-1]
        kind = kinds_of(points)[known.index[-1]]
        colour = INK if kind == "same" else MARKS[kind][0]
        when = _lines_of(last["label"])
        if last["adjusted"]:
            labels.append(Label(last["value"], (value_text(last["value"], form), "for the season"), colour, bold=True))
            labels.append(Label(last["recorded"], (f"{value_text(last['recorded'], form)} as", "recorded")))
        else:
            labels.append(Label(last["value"], (value_text(last["value"], form), *when), colour, bold=True))
    if reference:
        labels.append(Label(reference.value, (f"{reference.words}", value_text(reference.value, form))))
    elif points["lower"].notna().iloc[-1]:
        low, high, mean = (points[name].iloc[-1] for name in ("lower", "upper", "mean"))
        labels.append(Label(mean, (f"average {value_text(mean, form)}",)))
        ends = f"{value_text(low, form)} to {value_text(high, form)}"
        labels.append(Label(high, ("usual range", ends)))
    if "target" in points and np.isfinite(target := last_known(points["target"])):
        labels.append(Label(target, (f"target {value_text(target, form)}",)))
    return labels


def _lines_of(label: str) -> tuple[str, ...]:
    """Return a label of a period in lines short enough to stand beside a chart."""
    return tuple(label.split("\n"))


def _draw_values(
    page: Drawing, frame: Frame, values: pd.Series, colour: str, width: float, dashes: tuple[float, ...] = ()
) -> None:
    places = np.arange(len(values))
    page.line(frame.across(places), frame.up(values.to_numpy(float)), colour, width, dashes)


def _draw_levels(page: Drawing, frame: Frame, points: pd.DataFrame, reference: Reference | None) -> None:
    """Draw usual range, average and target of each part that has them; the reference of one that has none."""
    limited = points[points["lower"].notna()]
    for _, part in limited.groupby("segment"):
        # Limits may move from point to point, with the answers behind it: a step each.
        edges = frame.across(np.repeat(np.arange(part.index[0], part.index[-1] + 2) - 0.5, 2)[1:-1])
        low, mean, high = (
            frame.up(np.repeat(part[name].reindex(range(part.index[0], part.index[-1] + 1)).ffill().to_numpy(float), 2))
            for name in ("lower", "mean", "upper")
        )
        page.area(edges, low, high, BAND)
        page.line(edges, mean, SAME, 0.9)
    ends = [frame.left, frame.right]
    if reference:
        page.line(ends, [frame.up(reference.value)] * 2, SAME, 0.9, (3, 2))
    if "target" in points and np.isfinite(target := last_known(points["target"])):
        page.line(ends, [frame.up(target)] * 2, INK, 0.9, (5, 2, 1, 2))


def _draw_points(page: Drawing, frame: Frame, points: pd.DataFrame) -> None:
    """Draw a mark a point by what it means, and a line of its colour along neighbours that mean the same."""
    kinds, values = np.array(kinds_of(points)), points["value"].to_numpy(float)
    for kind, (colour, *_) in MARKS.items():
        if kind != "same" and (kinds == kind).any():
            _draw_values(page, frame, points["value"].where(kinds == kind), colour, 2)
    known = np.flatnonzero(np.isfinite(values))
    for place in known:
        is_ring = place == known[-1] and kinds[place] == "same"
        draw_mark(page, frame.across(place), frame.up(values[place]), kinds[place], is_ring)


def draw_mark(page: Drawing, x: float, y: float, kind: str, is_ring: bool = False) -> None:
    """Draw the mark of a point by what it means; the newest is a ring where it is as usual."""
    colour, shape, across = MARKS[kind]
    if is_ring:
        page.spot(x, y, "circle", RING, "#FFFFFF", colour, 1.4)
    else:
        page.spot(x, y, shape, across * (SMALLER if page.width == NARROW.width else 1), colour)


def projection_chart(
    points: pd.DataFrame,
    fan: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    form: Form,
    baseline: float,
    baseline_label: str,
    kind: str,
    alt: str,
    caption: str = "",
) -> Chart:
    """Rolling 12-month totals, then projected years with the ranges that 4 and 19 in 20 of such totals fall in.

    points: label and value, a row a quarter, in order. fan: a row a projected year, in order, with label, quarters
    (from the last point to the end of the year), total, lower_80, upper_80, lower_95, upper_95; the last is the one
    that is judged. All values and the baseline are in the unit of the points. kind: what the judged total means, a key
    of MARKS; for any other it is marked as usual.
    """
    values, count = points["value"].to_numpy(float), len(points)
    kind = kind if kind in MARKS else "same"
    ends = fan[["lower_95", "upper_95"]].to_numpy(float).ravel()
    scale = scale_of(np.concatenate([values, ends, [baseline]]), form)
    judged, places = fan.iloc[-1], [count - 1, *(count - 1 + fan["quarters"])]
    colour = INK if kind == "same" else MARKS[kind][0]
    said = [value_text(judged[name], form) for name in ("lower_95", "upper_95", "lower_80", "upper_80")]
    labels = [
        Label(judged["total"], (value_text(judged["total"], form), "projected"), colour, bold=True),
        Label(judged["upper_95"], ("19 in 20:", f"{said[0]} to {said[1]}")),
        Label(judged["lower_80"], ("4 in 5:", f"{said[2]} to {said[3]}")),
        Label(baseline, (baseline_label, value_text(baseline, form)), INK),
    ]
    periods = [*points["label"], *[""] * int(fan["quarters"].iloc[-1])]
    for place, label in zip(places[1:], fan["label"], strict=True):
        periods[place] = f"{label}\nprojected"
    drawings = []
    for size in (WIDE, NARROW):
        frame = Frame.around(size, scale, labels, len(periods))
        page = canvas(frame, scale)
        across = frame.across(np.array(places))
        for level, ground in (("95", BAND), ("80", RANGE)):
            lower, upper = (np.array([values[-1], *fan[f"{end}_{level}"]]) for end in ("lower", "upper"))
            page.area(across, frame.up(lower), frame.up(upper), ground)
        page.line([frame.left, frame.right], [frame.up(baseline)] * 2, INK, 0.9, (3, 2))
        page.line(frame.across(np.arange(count)), frame.up(values), LINE, 1.2)
        page.line(across, frame.up(np.array([values[-1], *fan["total"]])), LINE, 1.2, (2, 1.5))
        for place in range(count):
            draw_mark(page, frame.across(place), frame.up(values[place]), "same")
        draw_mark(page, across[-1], frame.up(judged["total"]), kind, is_ring=kind == "same")
        _name_latest(page, frame, count - 1, values, form)
        draw_periods(page, frame, periods, always=[place for place in places[1:] if place > count - 1])
        draw_labels(page, frame, labels)
        drawings.append(page)
    return made(drawings, scale, title=title, subtitle=subtitle, alt=alt, caption=caption)


def _name_latest(page: Drawing, frame: Frame, place: int, values: Values, form: Form) -> None:
    """Write the latest counted total at its place, on the side of the line that is free."""
    words, value = f"{value_text(values[-1], form)} now", float(values[-1])
    before = values[-2] if len(values) > 1 and np.isfinite(values[-2]) else value
    above = (before <= value and frame.up(value) + 16 < frame.size.height) or frame.up(value) - 16 < frame.bottom
    x = max(frame.across(place) - 3, frame.left + width_of(words, bold=True) + 3)
    page.write(x, frame.up(value) + (6 if above else -14), words, INK, bold=True, side="right")

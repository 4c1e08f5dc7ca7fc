"""What explains a difference: which changed file an indicator reads, which moved figure a page shows."""

import re
from collections.abc import Iterator

from panelpack.differences import Change, Differences
from panelpack.plan import Plan

UNEXPLAINED = "no input, code or version differs: unexplained"
# Inputs below these move no figure: expectations only refuse data, the others are shown beside the figures.
NO_FIGURE = ("expectations/", "data/published/", "data/recorded_later/", "data/spc/")


def causes_of_figure(indicator: str, differences: Differences, plan: Plan) -> list[str]:
    """Return the changed files and versions that an indicator or measure rests on."""
    raw = set(_raw_files(indicator, plan))
    named = [cause.name for cause in differences.causes if _may_move(cause.name, raw)]
    return named or [UNEXPLAINED]


def _may_move(name: str, raw: set[str]) -> bool:
    if name.startswith("data/raw/"):
        return name.rpartition("/")[2] in raw
    return not name.startswith(NO_FIGURE) and not name.endswith(".md")


def _raw_files(indicator: str, plan: Plan) -> Iterator[str]:
    """Yield the raw files that a figure reads."""
    figure = plan.figures.get(indicator)
    for name in (getattr(figure, key, None) for key in ("series", "baseline_series")):
        if name in plan.series:
            yield plan.tables[plan.series[name].table].file


def causes_of_paragraph(number: str, differences: Differences) -> list[str]:
    """Return what explains a changed paragraph: the moved figures that it cites, else the changed commentary."""
    moved = [name for name in differences.cited.get(number, ()) if name in differences.moved]
    if moved:
        return list(dict.fromkeys(moved))
    return [cause.name for cause in differences.causes if cause.name.startswith("params/")] or _any(differences)


def causes_of_output(output: Change, differences: Differences) -> list[str]:
    """Return what explains an output that differs: moved figures, changed paragraphs, else what could change it."""
    box = re.search(r"(?<![A-Z0-9])([A-Z]+\d+[A-Z]?)\.", output.name)
    of_box = (lambda name: name.startswith(f"{box[1]}.")) if box else (lambda name: True)
    moved = [name for name in differences.moved if of_box(name)]
    said = [f"paragraph {change.name}" for change in differences.paragraphs] if not box else []
    return [*moved, *said] or _any(differences)


def _any(differences: Differences) -> list[str]:
    return [cause.name for cause in differences.causes] or [UNEXPLAINED]


def line(differences: Differences, quarter: str) -> str:
    """Return the outcome in one line."""
    if differences.identical:
        return f"{quarter} reproduced: every output, figure and paragraph is identical."
    if differences.rendering_only:
        count = len(differences.results)
        return f"{quarter} differs in rendering only: {count} pages or notebooks differ, every figure and text agrees."
    parts = [
        _counted(len(differences.inputs), "input", [change.name for change in differences.inputs]),
        _counted(len(differences.files["code"]), "code file", [change.name for change in differences.files["code"]]),
        _counted(len(differences.versions), "version", [change.name for change in differences.versions]),
        _counted(len(differences.moved), "indicator", list(differences.moved), "moved"),
        _counted(len(differences.paragraphs), "paragraph", [change.name for change in differences.paragraphs]),
        _counted(len(differences.results), "output", []),
    ]
    return f"{quarter} differs: {'; '.join(filter(None, parts))}."


def _counted(count: int, noun: str, names: list[str], verb: str = "changed") -> str:
    if not count:
        return ""
    shown = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    return f"{count} {noun}{'s' * (count != 1)} {verb}" + (f" ({shown})" if names else "")

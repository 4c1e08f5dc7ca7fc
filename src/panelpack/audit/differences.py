"""What differs between two manifests of a quarter, down to the figure, and what explains it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from panelpack.config.plan import Plan
from panelpack.publishing.inputs import KEYED, NO_SALT
from panelpack.publishing.manifest import COMPARED_WITH, FILES

MOST_NAMED = 5  # things of a kind that a line names
FIGURE_FILES = (".csv", ".xlsx")  # outputs that hold figures and nothing of how a page looks


@dataclass(frozen=True)
class Change:
    """One thing that differs: what it is called, what the recorded manifest has, and what was found."""

    name: str
    recorded: str
    found: str

    @property
    def kind(self) -> str:
        """'changed', 'missing' or 'new'."""
        return "new" if not self.recorded else "changed" if self.found else "missing"


@dataclass(frozen=True)
class Differences:
    """All that differs between the recorded manifest of a quarter and that of a run.

    files: changes by section of manifest.FILES (sha256); figures: changes named 'indicator.field', values as the tables
    have them; paragraphs: by number (sha256 of the text); parameters: by step; versions: of Python and packages, which
    are no difference of the packs but may explain one. unchecked: guarded inputs of which nobody can say whether they
    differ, since their salts are not there.
    """

    files: Mapping[str, tuple[Change, ...]]
    versions: tuple[Change, ...]
    parameters: tuple[Change, ...]
    figures: tuple[Change, ...]
    paragraphs: tuple[Change, ...]
    cited: Mapping[str, tuple[str, ...]]
    unchecked: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[Change, ...]:
        """Changes of files that the pack is made from."""
        return self.files["inputs"]

    @cached_property
    def moved(self) -> dict[str, tuple[Change, ...]]:
        """The changes of each indicator or measure that moved, fields without the indicator's name."""
        by_indicator: dict[str, list[Change]] = {}
        for change in self.figures:
            indicator, _, field = change.name.rpartition(".")
            by_indicator.setdefault(indicator, []).append(Change(field, change.recorded, change.found))
        return {indicator: tuple(changes) for indicator, changes in by_indicator.items()}

    def says(self, indicator: str) -> list[str]:
        """Return the numbers of the changed paragraphs that cite an indicator."""
        return [change.name for change in self.paragraphs if indicator in self.cited.get(change.name, ())]

    @property
    def causes(self) -> tuple[Change, ...]:
        """All that can explain a difference: inputs, code, notebooks, versions, parameters."""
        return (*self._made_from, *self.versions)

    @property
    def _made_from(self) -> tuple[Change, ...]:
        return (*self.inputs, *self.files["code"], *self.files["notebooks"], *self.parameters)

    @property
    def results(self) -> tuple[Change, ...]:
        """Outputs of any kind that differ."""
        return (*self.files["intermediate"], *self.files["outputs"], *self.files["pages"])

    @property
    def identical(self) -> bool:
        """Whether nothing differs, but for versions."""
        return not (self._made_from or self.results or self.figures or self.paragraphs)

    @property
    def rendering_only(self) -> bool:
        """Whether only pages and notebooks differ: every figure, paragraph and table agrees, and every input."""
        tables = [change for change in self.results if change.name.endswith(FIGURE_FILES)]
        inside = [*self.inputs, *self.files["intermediate"], *self.figures, *self.paragraphs, *tables]
        return bool(self.results) and not inside


def between(
    recorded: Mapping[str, Any],
    found: Mapping[str, Any],
    runs: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {}),
) -> Differences:
    """Compare two manifests of one quarter. runs: what run.json says of the one, and would say of the other."""
    paragraphs = {name: part["sha256"] for name, part in recorded["paragraphs"].items()}
    paragraphs_found = {name: part["sha256"] for name, part in found["paragraphs"].items()}
    hashes = {section: (_hashes(recorded, section), _hashes(found, section)) for section in FILES}
    in_both = hashes["inputs"][0].keys() & hashes["inputs"][1].keys()
    unchecked = {name for name in in_both if NO_SALT in {side[name] for side in hashes["inputs"]}}
    for side in hashes["inputs"]:
        for name in unchecked:
            del side[name]
    return Differences(
        files={section: _changes(*pair) for section, pair in hashes.items()},
        versions=_changes(*map(_versions, runs)) if all("packages" in run for run in runs) else (),
        parameters=_changes(_told(recorded), _told(found)),
        figures=_changes(_fields(recorded["figures"]), _fields(found["figures"])),
        paragraphs=_changes(paragraphs, paragraphs_found),
        cited={
            name: (*recorded["paragraphs"].get(name, {}).get("figures", ()), *part["figures"])
            for name, part in (recorded["paragraphs"] | found["paragraphs"]).items()
        },
        unchecked=tuple(sorted(unchecked)),
    )


def _changes(recorded: Mapping[str, str], found: Mapping[str, str]) -> tuple[Change, ...]:
    names = sorted({*recorded, *found}, key=_in_order)
    pairs = ((name, recorded.get(name, ""), found.get(name, "")) for name in names)
    return tuple(Change(*pair) for pair in pairs if pair[1] != pair[2])


def _in_order(name: str) -> tuple[int, str]:
    """Numbers by their size, before names."""
    return (int(name), "") if name.isdecimal() else (10**9, name)


def _hashes(manifest: Mapping[str, Any], section: str) -> dict[str, str]:
    return {name: entry.get(KEYED) or entry["sha256"] for name, entry in manifest.get(section, {}).items()}


def _versions(run: Mapping[str, Any]) -> dict[str, str]:
    return {"Python": run.get("python", ""), **run.get("packages", {})}


def _told(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return what a run was given besides files: parameters, and the last pack, which it looks back to."""
    before = {"the last pack": part} if (part := manifest.get(COMPARED_WITH)) else {}
    return _texts(manifest["parameters"] | before)


def _texts(parts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {name: ", ".join(f"{key} = {value}" for key, value in part.items()) for name, part in parts.items()}


def _fields(figures: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {f"{name}.{field}": value for name, part in figures.items() for field, value in part.items()}


UNEXPLAINED = "no input, code or version differs: unexplained"
# Inputs below these move no figure: expectations only refuse data, the others are shown beside the figures.
NO_FIGURE = ("expectations/", "data/published/", "data/recorded_later/", "data/spc/", "data/verdicts/")


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
            yield plan.tables[plan.series[name].table].pattern


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
    texts = [f"paragraph {change.name}" for change in differences.paragraphs] if not box else []
    return [*moved, *texts] or _any(differences)


def _any(differences: Differences) -> list[str]:
    return [cause.name for cause in differences.causes] or [UNEXPLAINED]


def line(differences: Differences, quarter: str) -> str:
    """Return the outcome in one line."""
    return " ".join(filter(None, [_outcome(differences, quarter), not_checked(differences)]))


def not_checked(differences: Differences) -> str:
    """Say of which inputs nobody can say whether they differ; '' where there are none."""
    names = ", ".join(differences.unchecked)
    return f"Not checked: {NO_SALT} for {names}." if names else ""


def _outcome(differences: Differences, quarter: str) -> str:
    if differences.identical:
        return f"{quarter} reproduced: every output, figure and paragraph is identical.{_other_versions(differences)}"
    if differences.rendering_only:
        count = len(differences.results)
        said = f"{quarter} differs in rendering only: {count} pages or notebooks differ, every figure and text agrees."
        return said + _other_versions(differences)
    notebooks = differences.files["notebooks"]
    parts = [
        _counted(len(differences.inputs), "input", [change.name for change in differences.inputs]),
        _counted(len(differences.files["code"]), "code file", [change.name for change in differences.files["code"]]),
        _counted(len(notebooks), "notebook", [change.name for change in notebooks]),
        _counted(len(differences.versions), "version", [change.name for change in differences.versions]),
        _counted(len(differences.moved), "indicator", list(differences.moved), "moved"),
        _counted(len(differences.paragraphs), "paragraph", [change.name for change in differences.paragraphs]),
        _counted(len(differences.results), "output", []),
    ]
    return f"{quarter} differs: {'; '.join(filter(None, parts))}."


def _other_versions(differences: Differences) -> str:
    """Say which versions are others than those that made the pack; '' where none is known to be."""
    changes = [f"{c.name} {c.recorded or 'none'}, here {c.found or 'none'}" for c in differences.versions]
    more = f"; and {len(changes) - MOST_NAMED} more" * (len(changes) > MOST_NAMED)
    return f" It was made with other versions: {'; '.join(changes[:MOST_NAMED])}{more}." if changes else ""


def _counted(count: int, noun: str, names: list[str], verb: str = "changed") -> str:
    if not count:
        return ""
    shown = ", ".join(names[:MOST_NAMED]) + (", ..." if len(names) > MOST_NAMED else "")
    return f"{count} {noun}{'s' * (count != 1)} {verb}" + (f" ({shown})" if names else "")

"""The page of the kinds of measure: how each is written in a plan, its row and verdict, and what a wrong use gets.

All of it is of the made-up office in examples/kinds: its plan, its figures, and what is said when its plan is changed.
"""

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from panelpack.config.configuration import Configuration
from panelpack.config.strict_yaml import read_yaml
from panelpack.errors import PanelPackError
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.indicators.results import IndicatorResult
from panelpack.pages.figure_words import baseline_words, latest_words
from panelpack.periods import Quarter
from panelpack.project import Project
from tools.reference.markdown import page, sentence, table

KINDS_OFFICE = "examples/kinds"  # from the project folder
LIST = "twenty_kinds.yml"
PLAN = "params/plan.yml"
REPORTED = Quarter.parse("2022Q4")


@dataclass(frozen=True)
class WrongUse:
    """A change of the plan, or of a file, that is refused. put, in_file: as in the list; message: what it says."""

    what: str
    put: dict[str, Any]
    in_file: dict[str, tuple[str, str]]
    message: str


@dataclass(frozen=True)
class KindShown:
    """A kind of measure, the indicators that show it, and wrong uses of it. is_of_twenty: of those asked for first."""

    title: str
    indicators: tuple[str, ...]
    wrong: tuple[WrongUse, ...]
    is_of_twenty: bool


def kinds_shown(office: Path) -> list[KindShown]:
    """Return every kind of the office's list, the twenty first."""
    listed = yaml.safe_load((office / LIST).read_text(encoding="utf-8"))
    return [
        KindShown(
            entry["title"],
            (entry["indicator"], *entry.get("also", ())),
            tuple(
                WrongUse(use["what"], use.get("put", {}), use.get("in_file", {}), use["message"])
                for use in entry["wrong"]
            ),
            part == "kinds",
        )
        for part in ("kinds", "more")
        for entry in listed[part]
    ]


def kinds_page(root: Path) -> str:
    """Return the page of the kinds of measure; one that says so where the project has no such office."""
    office = root / KINDS_OFFICE
    if not (office / LIST).exists():
        return page("Kinds of measure", f"This project has no `{KINDS_OFFICE}`, so there is nothing to show here.")
    data = data_of_raw_files(Configuration.read(Project(root, office), REPORTED))
    results = {result.indicator: result for result in compute_every(data)}
    blocks = _Blocks.read(office / PLAN)
    every = kinds_shown(office)
    parts = [
        "Twenty kinds of measure stand in published plans. Here is how each is written, what its row says, and what a "
        "wrong use of it gets, after its file and line. [Write each kind of measure](../how-to/measures.md) tells how "
        "to choose.",
        f"All of it is of the made-up office in `{KINDS_OFFICE}`, {REPORTED.words}: "
        f"`make quarter OFFICE={KINDS_OFFICE} Q={REPORTED}` makes its pack. The figures are made up.",
    ]
    for kind in every:
        if kind is next(other for other in every if not other.is_of_twenty):
            parts.append("## More")
        number = f"{every.index(kind) + 1}. " if kind.is_of_twenty else ""
        parts.append(f"{'##' if kind.is_of_twenty else '###'} {number}{kind.title}")
        parts += ["```yaml\n" + blocks.of(kind.indicators) + "```"]
        parts += [_rows([results[name] for name in kind.indicators])]
        parts += [sentence(results[name].evidence) for name in kind.indicators]
        parts += [table(["Wrong use", "What it gets"], [[use.what, _told(use.message)] for use in kind.wrong])]
    return page("Kinds of measure", *parts)


def _rows(results: list[IndicatorResult]) -> str:
    """Return the rows of indicators as their dashboard has them; a column that none needs is left out."""
    rows = [_row(result) for result in results]
    heads = [head for head in rows[0] if any(row[head] for row in rows)]
    return table(heads, [[row[head] for head in heads] for row in rows])


def _row(result: IndicatorResult) -> dict[str, str]:
    form = result.form
    return {
        "Indicator": result.title,
        "Baseline": _dated(baseline_words(result), result.baseline_period),
        "Latest": _dated(latest_words(result), result.latest_period),
        "Change": "" if result.printed_change is None else form.change_cell(result.printed_change),
        "Year before": "" if result.year_before is None else form.cell(result.year_before),
        "Target": result.target,
        "Verdict": result.verdict_words,
        "How sure": result.how_sure_words,
    }


def _dated(words: str, period: str) -> str:
    return f"{words}, {period}" if words and period else words


def _told(message: str) -> str:
    """Return what is said as the cell of a table: every sentence on a line of its own, without what would be markup."""
    return "<br>".join(line.replace("|", "\\|") for line in message.splitlines())


@dataclass(frozen=True)
class _Blocks:
    """A plan's text, cut into the blocks of its tables, series and indicators."""

    text: list[str]
    plan: Any
    lines: Any

    @classmethod
    def read(cls, path: Path) -> "_Blocks":
        """Read a plan."""
        plan, lines = read_yaml(path)
        return cls(path.read_text(encoding="utf-8").splitlines(keepends=True), plan, lines)

    def of(self, indicators: tuple[str, ...]) -> str:
        """Return the tables, series and indicators behind some indicators, as the plan writes them."""
        places = [
            (("priorities", i, "indicators", j), indicator)
            for i, box in enumerate(self.plan["priorities"])
            for j, indicator in enumerate(box["indicators"])
            if indicator["id"] in indicators
        ]
        series = list(dict.fromkeys(found for _, indicator in places if (found := indicator.get("series"))))
        specs = [self.plan["series"][name] for name in series]
        per = [spec["per"]["table"] for spec in specs if spec.get("per")]
        before = [change["before"] for spec in specs for change in spec.get("redefined", ()) if change.get("before")]
        tables = dict.fromkeys([*(spec["table"] for spec in specs), *per])
        parts = []
        for key, names in (("tables", tables), ("series", [*series, *before])):
            if names:
                parts += [f"{key}:\n", *(self._cut((key, name)) for name in names)]
        parts += ["# of a priority:\n", "indicators:\n", *(self._cut(place) for place, _ in places)]
        return "".join(parts)

    def _cut(self, place: tuple[str | int, ...]) -> str:
        """Return the lines of an entry: from its first up to one that stands no further in."""
        start = self.lines[place] - 1
        indent = len(self.text[start]) - len(self.text[start].lstrip())
        end = start + 1
        while end < len(self.text) and _indent(self.text[end]) > indent:
            end += 1
        return "".join(self.text[start:end])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip()) if line.strip() else 0


def use_wrongly(project: Project, use: WrongUse) -> str:
    """Change a copy of the office as a wrong use does, and return what is said; '' where nothing is."""
    plan = project.office / PLAN
    if use.put:
        plan.write_text(yaml.safe_dump(changed(read_yaml(plan)[0], use.put), sort_keys=False), encoding="utf-8")
    for name, (old, new) in use.in_file.items():
        path = project.raw(REPORTED) / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    try:
        data_of_raw_files(Configuration.read(project, REPORTED))
    except PanelPackError as error:
        return str(error)
    return ""


def changed(plan: Any, put: dict[str, Any]) -> Any:
    """Return the data of a plan with each place of `put` set to its value, or removed where that is None."""
    plan = deepcopy(plan)  # what was read is kept for the next reader
    for place, value in put.items():
        first, *keys = place.split("/")
        here = plan[first] if first in plan else _indicator(plan, first)
        for key in keys[:-1]:
            here = here[key]
        if value is None:
            here.pop(keys[-1])
        else:
            here[keys[-1]] = value
    return plan


def _indicator(plan: Any, name: str) -> Any:
    every = (indicator for box in plan["priorities"] for indicator in box["indicators"])
    return next(indicator for indicator in every if indicator["id"] == name)

"""The list of an office's measures: a line each, as an analyst writes it in a spreadsheet.

docs/how-to/list-measures.md says what each column may hold. A line is held to the official table, to the kinds of
measure and to the rules here; what only a whole plan can tell is told by plan_file.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, get_args

from panelpack.config.layout import Layout
from panelpack.config.plan import Polarity
from panelpack.errors import ConfigurationError, SourceError
from panelpack.formats import listed
from panelpack.intake.containers.reading import read_grids
from panelpack.kinds import KINDS
from panelpack.named_periods import period_length
from panelpack.periods import parse_year, year_label

NEEDED = ("id", "priority", "title")
COLUMNS = (*NEEDED, "kind", "series", "unit", "polarity", "baseline", "rule", "target", "part_of")
ALL = "all"  # of the column series: every offence
AWAITED = "awaited:"  # of the column series: before the words that say why there is no series yet
NOTHING = "none"  # of the column part_of: of nothing, whatever it shares with others
OF_OFFENCES = ("count", "rate")  # the kinds of measure that counts of offences can be
# The rules that a line can say all of; bands and assessments need more than a line.
RULES_OF_A_LINE = ("significance", "printed_precision", "target", "projection", "none")
SERIES_FORMS = "all, or a column of the table and its values (Offence Subgroup=Arson; Criminal damage), or awaited: why"
TARGET_FORMS = "a number (90), a number and a year (90 by 2022/23), a path (2022/23=90; ...), lower or higher"
MISTAKES_SHOWN = 10
# Of the latest period: the first that is as long as the baseline is compared with it.
LATEST = ("rolling_12_months", "quarter", "ytd", "half_year")
BASELINE = "baseline_year"


@dataclass(frozen=True)
class Measure:
    """A line of the list. row: where it stands in the list. where: the rows of the table, by column; None where no
    figures are there yet, and then `awaited` says why.
    """

    row: int
    id: str
    priority: str
    title: str
    kind: str = "count"
    where: Mapping[str, tuple[str, ...]] | None = None
    awaited: str = ""
    unit: str = ""
    polarity: str = "neither"
    baseline: str = BASELINE
    latest: str = LATEST[0]
    rule: str = "significance"
    target: Mapping[str, object] = field(default_factory=dict)
    part_of: str = ""


class _Wrong(Exception):
    """What is wrong with a cell: its column, and a sentence."""


class _NoRows(_Wrong):
    """The force has no rows of a value that a line picks."""


def read_measures(
    path: Path, choices: Mapping[str, tuple[str, ...]], any_force: bool = False
) -> tuple[list[Measure], list[str]]:
    """Return the measures of a list (csv, or a sheet of a workbook) in order, and a sentence for each left out.

    choices: the columns of the official table that rows may be picked by, and the values of each. any_force: whether
    the list was made for any force, so that a line is left out of which this one has no rows. Raises ConfigurationError
    that lists every mistake, one sentence a line.
    """
    cells = _cells(path)
    heads = [" ".join(head.split()).casefold() for head in cells[0]]
    _check_heads(path, heads)
    measures, mistakes, left_out = [], [], []
    for number, row in enumerate(cells[1:], start=2):
        if not any(row):
            continue
        try:
            if any(row[len(heads) :]):
                _wrong("", f"{len(row)} cells, expected {len(heads)}. Put a text with a comma into quotation marks.")
            line = {head: " ".join(cell.split()) for head, cell in zip(heads, row, strict=False)}
            measures.append(_measure(number, {name: line.get(name, "") for name in COLUMNS}, choices))
        except _NoRows as wrong:
            if any_force:
                left_out.append(f"{line['title']}: {wrong.args[1].partition('. ')[0].rstrip('.')}.")
            else:
                mistakes.append((number, wrong.args))
        except _Wrong as wrong:
            mistakes.append((number, wrong.args))
    mistakes += list(_together(measures))
    if mistakes:
        raise list_error(path, [(row, ": ".join(filter(None, wrong))) for row, wrong in mistakes])
    if not measures:
        raise ConfigurationError(f"{path}: found no measure below the heads, expected a line each. Write one.")
    return measures, left_out


def list_error(path: Path, mistakes: list[tuple[int, str]]) -> ConfigurationError:
    """Return the error that lists mistakes of a list's rows, each row's first one."""
    first: dict[int, str] = {}
    for row, words in sorted(mistakes):
        first.setdefault(row, words)
    lines = [f"{path}, row {row}: {words}" for row, words in first.items()]
    if (more := len(lines) - MISTAKES_SHOWN) > 0:
        lines[MISTAKES_SHOWN:] = [f"{path}: {more} more rows have mistakes that are not shown."]
    return ConfigurationError("\n".join(lines))


def _cells(path: Path) -> list[list[str]]:
    if not path.exists():
        raise ConfigurationError(f"MEASURES={str(path)!r}: there is no such file. Give the list of measures.")
    try:
        cells = read_grids(path, Layout(), NEEDED)[0].cells
    except SourceError as error:
        finding = re.split(r"(?<=[^.])\. (?=[A-Z])", str(error).splitlines()[0])[0].rstrip(".")
        advice = f"Save it as csv (UTF-8, with commas) with the columns {', '.join(COLUMNS)}."
        raise ConfigurationError(f"{finding}. {advice}") from None
    return cells or [[]]


def _check_heads(path: Path, heads: list[str]) -> None:
    expected = f"expected {', '.join(COLUMNS)}"
    for name in NEEDED:
        if name not in heads:
            raise ConfigurationError(f"{path}, row 1: there is no column {name!r}, {expected}. Add it.")
    for name in heads:
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            meant = f"Did you mean {near[0]!r}?" if near else "Remove it."
            raise ConfigurationError(f"{path}, row 1: found the column {name!r}, {expected}. {meant}")
        if heads.count(name) > 1:
            raise ConfigurationError(f"{path}, row 1: the column {name!r} stands twice. Remove one.")


def _measure(row: int, line: Mapping[str, str], choices: Mapping[str, tuple[str, ...]]) -> Measure:
    for name in NEEDED:
        if not line[name]:
            _wrong(name, "nothing stands there. Write it.")
    for name in ("priority", "title", "series", "unit"):
        if "{" in line[name] or "}" in line[name]:
            _wrong(name, f"found a brace in {line[name]!r}, which a text would take for a reference. Remove it.")
    if not line["title"][0].isalnum():
        _wrong("title", f"found {line['title']!r}, expected a title that begins with a letter or digit. Correct it.")
    if not re.fullmatch("[a-z][a-z0-9_]*", line["id"]):
        _wrong("id", f"found {line['id']!r}, expected small letters, digits and _, such as knife_crime. Correct it.")
    kind = _one_of(line, "kind", tuple(KINDS), "count")
    polarity = _one_of(line, "polarity", get_args(Polarity), "neither")
    if line["series"].casefold().startswith(AWAITED):
        words = line["series"][len(AWAITED) :].strip()
        if not words:
            _wrong("series", "found no words after 'awaited:', expected why there are no figures yet. Write them.")
        return Measure(row, line["id"], line["priority"], line["title"], kind, None, words, polarity=polarity)
    where = _where(line["series"], choices)
    if kind not in OF_OFFENCES:
        _wrong(
            "kind",
            f"found {kind!r}, but the table counts offences, expected {' or '.join(OF_OFFENCES)}. Change the kind, or "
            "write under series what is awaited (awaited: the survey of victims).",
        )
    target = _target(line["target"])
    usual = "target" if target else RULES_OF_A_LINE[0]
    rule = _one_of(line, "rule", RULES_OF_A_LINE, usual)
    if (rule == "target") != bool(target):
        said = "no target is given" if rule == "target" else f"a target is given, and the rule is {rule!r}"
        _wrong("target", f"{said}, expected both or neither. Write {TARGET_FORMS}.")
    baseline, latest = _periods(line["baseline"])
    return Measure(
        row, line["id"], line["priority"], line["title"], kind, where, "", line["unit"], polarity, baseline, latest,
        rule, target, line["part_of"],
    )  # fmt: skip


def _one_of(line: Mapping[str, str], name: str, known: tuple[str, ...], usual: str) -> str:
    text = line[name].casefold() or usual
    if text not in known:
        near = difflib.get_close_matches(text, known, n=1)
        meant = f"Did you mean {near[0]!r}?" if near else "Correct it."
        _wrong(name, f"found {line[name]!r}, expected {', '.join(known[:-1])} or {known[-1]}. {meant}")
    return text


def _where(text: str, choices: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Return which values of which columns a text names."""
    if text.casefold() == ALL:
        return {}
    if not text:
        _wrong("series", f"nothing stands there, expected {SERIES_FORMS}. Write it.")
    where: dict[str, tuple[str, ...]] = {}
    for part in text.split(" | "):
        name, sign, values = (piece.strip() for piece in part.partition("="))
        if not sign:
            _wrong("series", f"found {part!r}, expected {SERIES_FORMS}.{_meant(name, choices)}")
        column = next((known for known in choices if known.casefold() == name.casefold()), None)
        if column is None:
            near = difflib.get_close_matches(name, choices, n=1)
            meant = f"Did you mean {near[0]!r}?" if near else "Correct it."
            _wrong("series", f"the table has no column {name!r} to pick by, expected {listed(list(choices))}. {meant}")
        if column in where:
            _wrong("series", f"{column!r} stands twice. Put its values behind one, with ; between them.")
        where[column] = _values(column, values, choices)
    return where


def _values(column: str, text: str, choices: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    names = [name.strip() for name in text.split(";") if name.strip()]
    if not names:
        _wrong("series", f"no value stands behind {column!r}. Write at least one.")
    known, found = {value.casefold(): value for value in choices[column]}, []
    for name in names:
        value = known.get(name.casefold())
        if value is None:
            near = difflib.get_close_matches(name.casefold(), known, n=1)
            meant = f" Did you mean {known[near[0]]!r}?" if near else _meant(name, choices)
            raise _NoRows("series", f"the force has no rows with {column} {name!r}.{meant or ' Correct it.'}")
        if value in found:
            _wrong("series", f"{value!r} stands twice. Remove one.")
        found.append(value)
    return tuple(found)


def _meant(name: str, choices: Mapping[str, tuple[str, ...]]) -> str:
    """Say under which column a value stands, where it stands under one."""
    first = name.partition(";")[0].strip().casefold()
    column = next((c for c, values in choices.items() if first in {value.casefold() for value in values}), None)
    return f" Write {column}={name}." if column else ""


def _periods(text: str) -> tuple[str, str]:
    """Return the baseline as a plan names it, and the latest period that is as long."""
    if not text:
        return BASELINE, LATEST[0]
    try:
        length = period_length(text)
    except ConfigurationError as error:
        _wrong("baseline", str(error))
    latest = next((name for name in LATEST if period_length(name) == length), None)
    if latest is None:
        _wrong("baseline", f"{text!r} is {length}, expected twelve months, a quarter or a year to date. Name one.")
    return text, latest


def _target(text: str) -> Mapping[str, object]:
    """Return a target as the plan writes it; an empty one where none is given."""
    if not text:
        return {}
    if text.casefold() in ("lower", "higher"):
        return {"direction": text.casefold()}
    if "=" in text:
        path: dict[str, float] = {}
        for step in text.split(";"):
            year, _, value = (piece.strip() for piece in step.partition("="))
            path[_target_year(year, text)] = _target_value(value, text)
        return {"path": path}
    value, by, year = (piece.strip() for piece in text.partition(" by "))
    return {"value": _target_value(value, text), **({"by": _target_year(year, text)} if by else {})}


def _target_value(text: str, whole: str) -> float:
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        _wrong("target", f"found {whole!r}, expected {TARGET_FORMS}. Write one of these.")
    return float(text) if "." in text else int(text)


def _target_year(text: str, whole: str) -> str:
    try:
        return year_label(parse_year(text))
    except ConfigurationError:
        _wrong("target", f"found {whole!r}, expected {TARGET_FORMS}. Write the year as in 2022/23.")


def _together(measures: list[Measure]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield what lines say against each other: the row, the column and a sentence."""
    rows: dict[str, int] = {}
    for measure in measures:
        if measure.id in rows:
            yield measure.row, ("id", f"{measure.id!r} stands in row {rows[measure.id]} too. Give each its own.")
        rows.setdefault(measure.id, measure.row)
    for measure in measures:
        if measure.part_of and measure.part_of != NOTHING and measure.part_of not in rows:
            yield measure.row, ("part_of", f"there is no measure {measure.part_of!r}. Write an id, or {NOTHING}.")
        if measure.part_of == measure.id:
            yield measure.row, ("part_of", f"{measure.id!r} cannot be part of itself. Write another id, or {NOTHING}.")


def _wrong(column: str, words: str) -> NoReturn:
    raise _Wrong(column, words)

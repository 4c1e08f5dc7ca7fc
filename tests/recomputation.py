"""Work out every figure of a published workbook again, from nothing but that workbook."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from panelpack.comparators.comparison import compare_with_others
from panelpack.comparators.counts import read_official_counts_of_forces
from panelpack.indicators.comparator_tables import comparators_table, is_compared, other_forces_table
from panelpack.indicators.compared_totals import compared_totals
from panelpack.indicators.dictionary import dictionary_rows
from panelpack.indicators.published_tables import published_files
from panelpack.indicators.results import FLAGS, RESULT_NUMBERS, dashboard_rows
from panelpack.indicators.shown_series import shown_series
from panelpack.make_quarter import paper_of
from panelpack.publishing.workbook import write_workbook

WHOLE = "All areas together"
ROLES = {
    "Baseline": "baseline",
    "Latest": "latest",
    "Same quarter, latest": "year_latest",
    "Same quarter, a year before": "year_before",
}
SIGNS = ("[c]", "[x]", "[z]")


@dataclass(frozen=True)
class Book:
    """The tables of a workbook: rows by the names of their sheets, heads without the notes on them."""

    tables: Mapping[str, Sequence[Mapping[str, object]]]

    @classmethod
    def read(cls, path: Path) -> "Book":
        """Read the one table of each sheet that has one."""
        book = openpyxl.load_workbook(path)
        return cls({sheet.title: list(_rows(sheet)) for sheet in book if sheet.tables})

    def points(self, sheet: str, first: str, last: str) -> list[Mapping[str, object]]:
        """Return the points of the whole from the first to the last."""
        rows = [row for row in self.tables[sheet] if row.get("Area", WHOLE) == WHOLE]
        codes = [row["Period code"] for row in rows]
        return rows[codes.index(first) : codes.index(last) + 1]


def _rows(sheet) -> Iterator[dict[str, object]]:
    (table,) = sheet.tables.values()
    heads, *body = ([cell.value for cell in row] for row in sheet[table.ref])
    names = [re.sub(r"\n\[note \d+\]$", "", str(head)) for head in heads]
    for cells in body:
        yield dict(zip(names, cells, strict=True))


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def from_points(book: Book, row: Mapping[str, object]) -> float:
    """Work a total out of the points on the sheet of its series."""
    points = book.points(str(row["Sheet of the points"]), str(row["First point"]), str(row["Last point"]))
    values, numerators, bases = ([point.get(name) for point in points] for name in ("Value", "Numerator", "Base"))
    whole, years = 100 if row["Unit"] == "percent" else 1, row["Years"]
    match row["How it is put together"]:
        case "sum of values":
            return sum(values) / years
        case "sum of numerators over sum of bases":
            return whole * sum(numerators) / sum(bases)
        case "sum of numerators over the base":
            assert len(set(bases)) == 1
            return sum(numerators) / bases[0] / years
        case "mean weighted by bases":
            return sum(value * base for value, base in zip(values, bases, strict=True)) / sum(bases)
        case "mean of values":
            return sum(values) / len(values)
        case "last value":
            return values[-1]
        case "the one value":
            (value,) = values
            return value
    raise AssertionError(f"nobody knows how {row} is put together")


def from_parts(row: Mapping[str, object]) -> float | None:
    """Work a total out of its numerator and its base; None where it has none."""
    if not (is_number(row["Numerator"]) and is_number(row["Base"])):
        return None
    return (100 if row["Unit"] == "percent" else 1) * row["Numerator"] / row["Base"]


def work_out(book: Book) -> tuple[dict[tuple[str, str], str], list[str]]:
    """Return how each total was worked out again, by figure and role, and what did not come out as published.

    The ways: 'points', 'parts', or 'stated' for a total of which it tells no more; a sign where none is shown.
    """
    ways, wrong, values = {}, [], {}
    for row in book.tables["Periods compared"]:
        key = (str(row["Code"]), ROLES[str(row["Role"])])
        value = row["Value"]
        if not is_number(value):
            assert value in SIGNS, row
            ways[key] = str(value)
            continue
        values[key] = value
        again = from_points(book, row) if row["First point"] != "[z]" else None
        parts = from_parts(row)
        ways[key] = "points" if again is not None else "parts" if parts is not None else "stated"
        found = (one for one in (again, parts) if one is not None)
        wrong += [f"{key}: {value} is {one}" for one in found if not _same(one, value)]
    wrong += list(_wrong_indicators(book, values))
    return ways, wrong


def _wrong_indicators(book: Book, values: Mapping[tuple[str, str], float]) -> Iterator[str]:
    """Yield the numbers of the sheets Indicators and Dashboard that do not follow from the totals compared."""
    for row, plain in zip(book.tables["Indicators"], book.tables["Dashboard"], strict=True):
        name = str(row["indicator"])
        known = {role: values.get((name, role)) for role in ROLES.values()}
        expected = dict(known)
        for latest, before, change, percent in (
            ("latest", "baseline", "change", "pct_change"),
            ("year_latest", "year_before", "year_change", "year_pct_change"),
        ):
            if known[latest] is not None and known[before] is not None:
                expected[change] = known[latest] - known[before]
                if is_number(row[percent]):
                    expected[percent] = 100 * expected[change] / known[before]
        for column, value in expected.items():
            if (value is not None) != is_number(row[column]) or (value is not None and not _same(row[column], value)):
                yield f"{name}, {column}: {row[column]} is {value}"
        for head, role in (("Baseline", "baseline"), ("Latest", "latest"), ("Value a year before", "year_before")):
            if is_number(plain[head]) and not _same(plain[head], known[role]):
                yield f"{plain['Indicator']}, {head}: {plain[head]} is {known[role]}"
        if is_number(plain["Change"]) and abs(plain["Change"] - expected["change"]) > 10.0 ** -int(row["decimals"]):
            yield f"{plain['Indicator']}, change: {plain['Change']} is {expected['change']}"


def wrong_of_forces(book: Book) -> list[str]:
    """Return what the sheet of comparisons says that does not follow from the forces' own numbers on the other one.

    Where a change lies rests on every force's single quarters, which no sheet has; all else is worked out again.
    """
    return [fault for row in book.tables.get("Compared with others", ()) for fault in _wrong_comparison(book, row)]


def _wrong_comparison(book: Book, row: Mapping[str, object]) -> Iterator[str]:
    forces = [one for one in book.tables.get("Other forces", ()) if one["Code"] == row["Code"]]
    if row["Why there is no comparison"] != "[z]":
        if forces or is_number(row["Offences before"]):
            yield f"{row['Code']} is not compared, and has numbers"
        return
    (own,) = (one for one in forces if one["Own force"] == "yes")
    others = [one for one in forces if one["Own force"] == "no"]
    changes = [one["Change in percent"] for one in others if is_number(one["Change in percent"])]
    before, latest = (sum(one[head] for one in others) for head in ("Offences before", "Offences latest"))
    named = str(row["Most similar forces"]).split("; ")
    expected = {
        "Force": own["Force"],
        **{head: own[head] for head in ("Offences before", "Offences latest", "Change in percent", "Rate")},
        "Other forces": len(others),
        "Others before": before,
        "Others latest": latest,
        "Change of the others": 100 * (latest / before - 1),
        "10th centile": float(np.quantile(changes, 0.1)),
        "90th centile": float(np.quantile(changes, 0.9)),
        "Rate of the others": _rate(others),
        "Rate of the region": _rate([one for one in others if one["Region"] == row["Region"]]),
        "Rate of the nation": _rate([one for one in others if one["Nation"] == row["Nation"]]),
        "Rate of most similar forces": _rate([one for one in others if one["Force"] in named]),
    }
    for one in forces:
        if is_number(one["Change in percent"]):
            expected_change = 100 * (one["Offences latest"] / one["Offences before"] - 1)
            if not _same(one["Change in percent"], expected_change):
                yield f"{row['Code']}, {one['Force']}: {one['Change in percent']} is {expected_change}"
        if is_number(one["Rate"]) and not _same(one["Rate"], _rate([one])):
            yield f"{row['Code']}, {one['Force']}: {one['Rate']} is {_rate([one])}"
    sized = [one for one in forces if is_number(one["People or households"])]
    if len(sized) >= 10 and own in sized:
        expected["Where the rate lies"] = yield from _wrong_limits(row, own, sized)
    for head, value in expected.items():
        if not (_same(row[head], value) if is_number(value) else row[head] == value):
            yield f"{row['Code']}, {head}: {row[head]} is {value}"


def _rate(forces: Sequence[Mapping[str, object]]) -> float | str:
    """Work out offences per 1,000 of some forces together; the sign of what does not apply for none."""
    sized = [one for one in forces if is_number(one["People or households"])]
    if not sized:
        return "[z]"
    return 1000 * sum(one["Offences latest"] for one in sized) / sum(one["People or households"] for one in sized)


def _wrong_limits(row: Mapping[str, object], own: Mapping[str, object], sized: Sequence[Mapping[str, object]]):
    """Yield far limits that do not follow from counts and sizes by the additive model; return where the rate lies."""
    common = _rate(sized) / 1000
    expected = [one["People or households"] * common for one in sized]
    logs = [math.log(one["Offences latest"] / e) for one, e in zip(sized, expected, strict=True)]
    z = [log * math.sqrt(e) for log, e in zip(logs, expected, strict=True)]
    low, high = np.quantile(z, [0.1, 0.9])
    beyond = sum(min(max(one, low), high) ** 2 for one in z) - (len(z) - 1)
    tau2 = max(0.0, beyond / (sum(expected) - sum(e**2 for e in expected) / sum(expected)))
    for one, e in zip(sized, expected, strict=True):
        reach = math.exp(3.0902323 * math.sqrt(1 / e + tau2))
        for head, limit in (("Lower far limit", 1000 * common / reach), ("Upper far limit", 1000 * common * reach)):
            if one[head] != pytest.approx(limit, rel=1e-6):
                yield f"{row['Code']}, {one['Force']}, {head}: {one[head]} is {limit}"
    place = next(place for place, one in enumerate(sized) if one is own)
    distance = logs[place] / math.sqrt(1 / expected[place] + tau2)
    if abs(distance) <= 1.959964:
        return "Within what differs between forces anyway"
    return f"Outside what differs between forces anyway, {'above' if distance > 0 else 'below'} it"


def _same(found: object, value: object) -> bool:
    return found == pytest.approx(value, rel=1e-8, abs=1e-8)


def faults_of_access(path: Path) -> Iterator[str]:
    """Yield what the essential items of the Analysis Function's checklist ask for and a workbook has not."""
    book = openpyxl.load_workbook(path)
    notes_told = {str(row["Note number"]) for row in Book.read(path).tables.get("Notes", ())}
    notes_used = set()
    if book.sheetnames[0] != "Cover" or book.sheetnames[1] != "Contents":
        yield "the first sheets are not the cover and the contents"
    if not book.properties.title:
        yield "the workbook has no title"
    listed = [str(row["Sheet"]) for row in Book.read(path).tables["Contents"]]
    if listed != [name for name in book.sheetnames if name not in ("Cover", "Contents", "Notes")]:
        yield f"the contents list {listed}"
    for sheet in book:
        if sheet.merged_cells.ranges:
            yield f"{sheet.title}: merged cells"
        if not isinstance(sheet["A1"].value, str):
            yield f"{sheet.title}: no title in A1"
        if sheet.sheet_state != "visible":
            yield f"{sheet.title}: hidden"
        if any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row):
            yield f"{sheet.title}: a formula"
        if sheet.title == "Cover":
            continue
        if len(sheet.tables) != 1:
            yield f"{sheet.title}: {len(sheet.tables)} tables"
            continue
        (table,) = sheet.tables.values()
        if not any("contains one table" in str(row[0]) for row in sheet.iter_rows(max_row=4, values_only=True)):
            yield f"{sheet.title}: does not say that it contains one table"
        cells = [cell for row in sheet[table.ref] for cell in row]
        if blank := [cell.coordinate for cell in cells if cell.value is None or not str(cell.value).strip()]:
            yield f"{sheet.title}: blank cells {blank[:5]}"
        if sheet.freeze_panes is None:
            yield f"{sheet.title}: the heads do not stay in view"
        heads = [str(cell.value) for cell in sheet[table.ref][0]]
        if len(set(heads)) < len(heads):
            yield f"{sheet.title}: two heads are the same"
        notes_used |= set(re.findall(r"\[note (\d+)\]", " ".join(heads)))
        above = " ".join(
            str(row[0]) for row in sheet.iter_rows(max_row=sheet[table.ref][0][0].row - 1, values_only=True)
        )
        there = {str(cell.value) for cell in cells} & {*SIGNS, "[low]"}
        if missing := [
            sign for sign in sorted(there) if sign not in above and sheet.title not in ("Contents", "Notes")
        ]:
            yield f"{sheet.title}: no word on the signs {missing}"
        if sheet.title not in ("Contents", "Notes", "Data dictionary", "Indicators") and "Unit" not in " ".join(heads):
            yield f"{sheet.title}: no units"
    if notes_used != notes_told:
        yield f"notes {sorted(notes_used)} are referred to, {sorted(notes_told)} are told"


def compared_with_others(office):
    """Yield each indicator that counts offences of the official table, with how forces compare."""
    figures = [
        figure for box in office.plan.priorities for figure in box.indicators if is_compared(office.plan, figure)
    ]
    if figures:
        counts = read_official_counts_of_forces(office.project)
        yield from ((figure, compare_with_others(office, counts, figure)) for figure in figures)


def workbook_of(data, results, folder: Path) -> Path:
    """Write the published tables of computed results into a folder, and their workbook; return its path."""
    plan = data.plan
    shown = shown_series(data, dict.fromkeys(name for box in plan.priorities for name in box.series))
    compared = compared_totals(data, [(figure, results[figure.id]) for figure in plan.figures.values()])
    tables = {
        "indicators.csv": dashboard_rows(result for result in results.values() if not result.measure),
        "series.csv": shown,
        "periods.csv": compared,
        "dictionary.csv": dictionary_rows(published_files(plan)),
    }
    if "comparators.csv" in published_files(plan):
        compared = list(compared_with_others(data.office))
        tables |= {"comparators.csv": comparators_table(compared), "other_forces.csv": other_forces_table(compared)}
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, lineterminator="\n")
    kinds = {**dict.fromkeys(RESULT_NUMBERS, float), **dict.fromkeys(FLAGS, bool)}
    write_workbook(folder / "indicators.xlsx", folder, paper_of(data.office), kinds)
    return folder / "indicators.xlsx"

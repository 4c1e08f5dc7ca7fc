"""indicators.xlsx: which sheets it has, and what stands on each, from the published tables alone."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from panelpack.formats import Form
from panelpack.indicators.comparator_tables import COMPARATOR_NUMBERS
from panelpack.indicators.sheets import (
    COMPARATORS,
    COMPARATORS_FILE,
    DASHBOARD,
    DICTIONARY,
    DICTIONARY_FILE,
    INDICATORS,
    INDICATORS_FILE,
    OTHER_FORCES,
    OTHER_FORCES_FILE,
    PERIODS,
    PERIODS_FILE,
    SERIES_FILE,
)
from panelpack.publishing.accessible_workbook import Cell, Note, Sheet, write_book
from panelpack.publishing.tables import Kinds, columns_of, rows_of
from panelpack.rendering.paper import Paper
from panelpack.rules.verdict import HOW_SURE_WORDS, REASON_WORDS, VERDICT_WORDS
from panelpack.shorthand import NOT_APPLICABLE, NOT_AVAILABLE, strongest

NUMBERS = {"value": float, "numerator": float, "base": float, "years": float, "decimals": float}
NOTE_CHANGE, NOTE_RESULT, NOTE_SURE, NOTE_UNIT, NOTE_CODES = "change", "result", "sure", "unit", "codes"
NOTE_PARTS, NOTE_PERIOD, NOTE_WAY = "parts", "period", "way"
NOTE_OFFICIAL, NOTE_MIDDLE, NOTE_ANYWAY, NOTE_LIMITS = "official", "middle", "anyway", "limits"
ALL_NOTES: tuple[Note, ...] = (
    (NOTE_UNIT, "Values are in the unit that stands beside them. They are shown rounded, as in the pack; a cell holds "
     "the number in full where it is not said to be rounded."),
    (NOTE_CHANGE, "The latest value less the baseline, both as shown: in the unit, of a percentage in percentage "
     "points. Change in percent is of the baseline, from the values in full."),
    (NOTE_RESULT, "Better or worse by the rule of the office's plan, whatever chance may have done. The pack's pages "
     "on methods state the rules."),
    (NOTE_SURE, "How sure the result is: the first thing that speaks against it, or that nothing does. The next column "
     "says why."),
    (NOTE_CODES, f"What each column and code says stands on the sheet {DICTIONARY}."),
    (NOTE_PARTS, "A percentage is 100 times the numerator over the base, a rate the numerator over the base. A figure "
     "that came worked out has no numerator."),
    (NOTE_PERIOD, "The code of the period: YYYY-MM is a month, YYYYQ1 the first quarter of the financial year from "
     "April YYYY, YYYYH1 a half, YYYY/YY a financial year, YYYY a calendar year, YYYY-MM-DD a position on a day."),
    (NOTE_WAY, "How the value is worked out of the points from the first to the last on the sheet of the series. A "
     "sum of values that is the mean of several years is divided by their number."),
    (NOTE_OFFICIAL, "From the official table by police force, the office's own force too, so it may differ from the "
     "supplier's figure elsewhere in the pack. Offences a year."),
    (NOTE_MIDDLE, "One in ten of the other forces changed by less than the 10th centile, one in ten by more than the "
     "90th."),
    (NOTE_ANYWAY, "Whether it lies within what differs between forces anyway, or outside: above it or below it. No "
     "force has a rank, and no result rests on it. The pack's page on methods has the formula."),
    (NOTE_LIMITS, "What rates of forces of that size differ by anyway, at 99.8%: they widen with how much forces "
     "differ beyond chance."),
)  # fmt: skip
INTRO = (
    "The figures behind the pack: each table on a sheet of its own, with its title in cell A1.",
    f"{DASHBOARD}: every indicator in plain words. {INDICATORS}: all that was computed of each, by code names, which "
    f"the sheet {DICTIONARY} explains.",
    f"{PERIODS}: the totals that each figure compares, with what they are made of. The sheets after it hold the points "
    "of one series each, so that every figure can be worked out again.",
    "No cell of a table is empty: where there is no number, a sign says why. Above each table stands what its signs "
    "mean.",
)
HEADS = {
    "period_words": "Period",
    "period": "Period code",
    "value": "Value",
    "numerator": "Numerator",
    "base": "Base",
    "area": "Area",
    "unit": "Unit",
}
WHOLE = "All areas together"
POSITIONS = {
    "within": "Within what differs between forces anyway",
    "above": "Outside what differs between forces anyway, above it",
    "below": "Outside what differs between forces anyway, below it",
}


def write_workbook(path: Path, folder: Path, about: Paper, kinds: Kinds | None = None) -> None:
    """Write the workbook of the tables in a folder: indicators.csv, and beside it the others of published_tables.

    kinds: the columns of numbers and of truths in indicators.csv; without it as their cells are. Raises RenderError for
    a text that no cell of a workbook can hold.
    """
    write_book(path, list(sheets_of(folder, kinds)), ALL_NOTES, about, INTRO)


def sheets_of(folder: Path, kinds: Kinds | None = None) -> Iterator[Sheet]:
    """Yield the sheets in their order: dashboard, indicators, data dictionary, totals compared, forces, each series."""
    indicators = columns_of(folder / INDICATORS_FILE, kinds)
    yield _dashboard(indicators)
    yield _indicators(indicators)
    if (folder / DICTIONARY_FILE).exists():
        yield _dictionary(list(rows_of(folder / DICTIONARY_FILE)))
    if (folder / PERIODS_FILE).exists():
        periods = columns_of(folder / PERIODS_FILE, NUMBERS)
        if periods["indicator"]:
            yield _periods(periods)
    if (folder / COMPARATORS_FILE).exists():
        numbers = dict.fromkeys(COMPARATOR_NUMBERS, float)
        compared = _rows(columns_of(folder / COMPARATORS_FILE, numbers))
        yield _comparators(compared)
        if forces := _rows(columns_of(folder / OTHER_FORCES_FILE, numbers | {"is_own": bool})):
            yield _other_forces(forces, {str(row["indicator"]): str(row["offences"]) for row in compared})
    if (folder / PERIODS_FILE).exists():
        yield from _series(columns_of(folder / SERIES_FILE, NUMBERS))


# ---------------------------------------------------------------------------------------- indicators
def _rows(columns: Mapping[str, Sequence[Cell]]) -> list[dict[str, Cell]]:
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _sign(row: Mapping[str, Cell], *names: str) -> str:
    """Return the sign in the place of what needs some values of a row: the strongest of theirs."""
    signs = [str(row.get(f"{name}_shorthand") or "").split(" ")[0] for name in names]
    return strongest(signs) or NOT_APPLICABLE


def _form(row: Mapping[str, Cell]) -> Form:
    labels = tuple(str(row.get("labels") or "").split(", ")) if row.get("labels") else ()
    unit = row.get("unit")
    return Form(None if unit is None else str(unit), int(float(str(row.get("decimals") or 0))), labels)


def _dashboard(columns: Mapping[str, Sequence[Cell]]) -> Sheet:
    """Return every indicator in plain words; values rounded by the format of their cells, changes as printed."""
    rows = _rows(columns)
    made = [_plain_row(row) for row in rows]
    heads = list(made[0]) if made else ["Indicator"]
    decimals = [int(float(str(row.get("decimals") or 0))) for row in rows]
    shown = {head: decimals for head in ("Baseline", "Latest", "Change", "Value a year before")}
    return Sheet(
        DASHBOARD,
        "Dashboard: every indicator with its baseline, its latest value, the change and the result",
        {head: [row[head] for row in made] for head in heads},
        notes={"Unit": NOTE_UNIT, "Change": NOTE_CHANGE, "Result": NOTE_RESULT, "How sure": NOTE_SURE} if made else {},
        decimals={head: every for head, every in {**shown, "Change in percent": [0] * len(rows)}.items() if made},
    )


def _plain_row(row: Mapping[str, Cell]) -> dict[str, Cell]:
    form = _form(row)
    has_number = row.get("unit") not in (None, "assessment", "narrative")
    both = _sign(row, "baseline", "latest")
    baseline, latest = row.get("baseline"), row.get("latest")
    change: Cell = both
    if isinstance(baseline, float) and isinstance(latest, float):
        change = form.difference(latest, baseline)
    verdict, reason = str(row.get("verdict") or ""), str(row.get("reason") or "")
    result = str(row.get("word") or VERDICT_WORDS.get(verdict, ""))
    return {
        "Priority": row.get("priority"),
        "Indicator": row.get("title"),
        "Unit": form.unit_words if has_number else None,
        "Baseline period": row.get("baseline_period"),
        "Baseline": _sign(row, "baseline") if baseline is None else baseline,
        "Latest period": row.get("latest_period"),
        "Latest": _sign(row, "latest") if latest is None else latest,
        "Change": change,
        "Change in percent": both if row.get("pct_change") is None else row.get("pct_change"),
        "Result": f"{result} ({REASON_WORDS.get(reason, reason)})" if reason else result or "Not scored",
        "How sure": HOW_SURE_WORDS.get(str(row.get("how_sure"))),
        "Why": row.get("how_sure_reason") or row.get("evidence"),
        "Target": row.get("target"),
        "Period a year before": row.get("year_before_period"),
        "Value a year before": row.get("year_before"),
        "What to know": row.get("note"),
    }


def _indicators(columns: Mapping[str, Sequence[Cell]]) -> Sheet:
    """Return all columns of indicators.csv by their code names; a number that is not there has its sign."""
    rows = _rows(columns)
    needs = {
        "baseline": ("baseline",),
        "latest": ("latest",),
        "baseline_base": ("baseline",),
        "latest_base": ("latest",),
        "change": ("baseline", "latest"),
        "pct_change": ("baseline", "latest"),
    }
    cells = {
        name: [
            _sign(row, *needs[name]) if value is None and name in needs else value
            for row, value in zip(rows, values, strict=True)
        ]
        for name, values in columns.items()
    }
    return Sheet(
        INDICATORS,
        "Indicators: all that was computed of each, unrounded, by code names",
        cells,
        notes={next(iter(columns)): NOTE_CODES} if columns else {},
    )


# ---------------------------------------------------------------------------------------- what they are made of
def _signed(rows: Sequence[Mapping[str, Cell]], name: str) -> list[Cell]:
    """Return a column of numbers, with the sign of a row in the place of a value that is not shown."""
    if name == "value":
        return [row["shorthand"] or NOT_AVAILABLE if row[name] is None else row[name] for row in rows]
    return [row["shorthand"] if row[name] is None and row["shorthand"] else row[name] for row in rows]


def _decimals(rows: Sequence[Mapping[str, Cell]]) -> list[int | None]:
    return [int(float(str(row["decimals"] or 0))) for row in rows]


ROLES = {
    "baseline": "Baseline",
    "latest": "Latest",
    "year_latest": "Same quarter, latest",
    "year_before": "Same quarter, a year before",
}


def _periods(columns: Mapping[str, Sequence[Cell]]) -> Sheet:
    rows = _rows(columns)
    return Sheet(
        PERIODS,
        "Periods compared: the totals that each figure is worked out from, with numerators and bases",
        {
            "Code": [row["indicator"] for row in rows],
            "Figure": [row["title"] for row in rows],
            "Role": [ROLES[str(row["role"])] for row in rows],
            "Period": [row["period"] for row in rows],
            **{HEADS[name]: _signed(rows, name) for name in ("value", "numerator", "base")},
            "Unit": [row["unit"] for row in rows],
            "Sheet of the points": [row["sheet"] for row in rows],
            "First point": [row["first"] for row in rows],
            "Last point": [row["last"] for row in rows],
            "Years": [row["years"] for row in rows],
            "How it is put together": [row["put_together"] for row in rows],
            "Supplier": [row["source"] for row in rows],
        },
        notes={
            "Value": NOTE_UNIT,
            "Numerator": NOTE_PARTS,
            "First point": NOTE_PERIOD,
            "How it is put together": NOTE_WAY,
        },
        decimals={"Value": _decimals(rows)},
    )


def _comparators(rows: Sequence[Mapping[str, Cell]]) -> Sheet:
    """Return how each figure compares with other forces, in plain words; one that was refused says why."""
    places = {head: [decimals] * len(rows) for head, decimals in {
        **dict.fromkeys(("Offences before", "Offences latest", "Others before", "Others latest"), 0),
        **dict.fromkeys(("Change in percent", "Change of the others", "10th centile", "90th centile"), 1),
        **dict.fromkeys(("Rate", "Rate of the others", "Rate of the region", "Rate of the nation"), 2),
        "Rate of most similar forces": 2,
    }.items()}  # fmt: skip
    return Sheet(
        COMPARATORS,
        "Compared with others: each figure's offences in the office's force and in the other forces",
        {
            "Code": [row["indicator"] for row in rows],
            "Figure": [row["title"] for row in rows],
            "Offences counted": [row["offences"] for row in rows],
            "Force": [row["force"] for row in rows],
            "Period before": [row["before_period"] for row in rows],
            "Period latest": [row["latest_period"] for row in rows],
            "Offences before": [row["before"] for row in rows],
            "Offences latest": [row["latest"] for row in rows],
            "Change in percent": [row["pct_change"] for row in rows],
            "Other forces": [row["others"] for row in rows],
            "Others before": [row["others_before"] for row in rows],
            "Others latest": [row["others_latest"] for row in rows],
            "Change of the others": [row["others_pct_change"] for row in rows],
            "10th centile": [row["p10_pct_change"] for row in rows],
            "90th centile": [row["p90_pct_change"] for row in rows],
            "Where the change lies": [POSITIONS.get(str(row["change_position"])) for row in rows],
            "Unit of the rates": [_unit_of_rates(row) for row in rows],
            "Rate": [row["per_1000"] for row in rows],
            "Rate of the others": [row["others_per_1000"] for row in rows],
            "Rate of the region": [row["region_per_1000"] for row in rows],
            "Rate of the nation": [row["nation_per_1000"] for row in rows],
            "Rate of most similar forces": [row["group_per_1000"] for row in rows],
            "Where the rate lies": [POSITIONS.get(str(row["rate_position"])) for row in rows],
            "Region": [row["region"] for row in rows],
            "Nation": [row["nation"] for row in rows],
            "Most similar forces": [row["group"] for row in rows],
            "Most similar by": [_named_by(row) for row in rows],
            "Not compared": [
                "; ".join(str(row[name]) for name in ("incomplete", "small") if row[name]) or None for row in rows
            ],
            "As revised by": [row["release"] for row in rows],
            "What to know": [row["caution"] for row in rows],
            "Why there is no comparison": [row["why_not"] for row in rows],
        },
        about=["Changes and centiles are in percent of the period before."],
        notes={
            "Offences before": NOTE_OFFICIAL,
            "10th centile": NOTE_MIDDLE,
            "Where the change lies": NOTE_ANYWAY,
            "Where the rate lies": NOTE_ANYWAY,
        },
        decimals=places,
    )


def _unit_of_rates(row: Mapping[str, Cell]) -> str | None:
    return f"offences {row['per']}, {row['vintage']}" if row["per"] else None


def _named_by(row: Mapping[str, Cell]) -> str | None:
    return f"{row['group_source']}, {row['group_year']:.0f}" if row["group_source"] else None


def _other_forces(rows: Sequence[Mapping[str, Cell]], offences: Mapping[str, str]) -> Sheet:
    """Return every force's numbers. offences: which each indicator counts, by its code."""
    decimals = {"Offences before": 0, "Offences latest": 0, "Change in percent": 1, "People or households": 0}
    decimals |= dict.fromkeys(("Rate", "Lower far limit", "Upper far limit"), 2)
    return Sheet(
        OTHER_FORCES,
        "Other forces: the offences of every force, in the order of regions and names",
        {
            "Code": [row["indicator"] for row in rows],
            "Offences counted": [offences[str(row["indicator"])] for row in rows],
            "Region": [row["region"] for row in rows],
            "Nation": [row["nation"] for row in rows],
            "Force": [row["force"] for row in rows],
            "Own force": ["yes" if row["is_own"] else "no" for row in rows],
            "Offences before": [row["before"] for row in rows],
            "Offences latest": [row["latest"] for row in rows],
            "Change in percent": [row["pct_change"] for row in rows],
            "People or households": [row["size"] for row in rows],
            "Unit of the rate": [f"offences {row['per']}" if row["per"] else None for row in rows],
            "Rate": [row["per_1000"] for row in rows],
            "Lower far limit": [row["lower_99_8_per_1000"] for row in rows],
            "Upper far limit": [row["upper_99_8_per_1000"] for row in rows],
        },
        about=[f"The periods of each figure stand on the sheet {COMPARATORS}, and which release they are from."],
        notes={"Offences before": NOTE_OFFICIAL, "Lower far limit": NOTE_LIMITS},
        decimals={head: [places] * len(rows) for head, places in decimals.items()},
    )


def _series(columns: Mapping[str, Sequence[Cell]]) -> Iterator[Sheet]:
    by_sheet: dict[str, list[dict[str, Cell]]] = {}
    for row in _rows(columns):
        by_sheet.setdefault(str(row["sheet"]), []).append(row)
    for name, rows in by_sheet.items():
        first = rows[0]
        parts = [part for part in ("numerator", "base") if any(row[part] is not None for row in rows)]
        has_areas = any(row["area"] for row in rows)
        yield Sheet(
            name,
            str(first["title"]),
            {
                **({HEADS["area"]: [row["area"] or WHOLE for row in rows]} if has_areas else {}),
                HEADS["period_words"]: [row["period_words"] for row in rows],
                HEADS["period"]: [row["period"] for row in rows],
                HEADS["value"]: _signed(rows, "value"),
                **{HEADS[part]: _signed(rows, part) for part in parts},
                HEADS["unit"]: [row["unit"] for row in rows],
            },
            about=[f"Unit: {first['unit']}."],
            source=str(first["source"] or ""),
            notes={"Period code": NOTE_PERIOD, "Value": NOTE_UNIT} | ({"Base": NOTE_PARTS} if parts else {}),
            decimals={"Value": _decimals(rows)},
        )


def _dictionary(rows: Sequence[Mapping[str, str]]) -> Sheet:
    return Sheet(
        DICTIONARY,
        "Data dictionary: what each column of the published tables says",
        {
            "Table": [row["table"] for row in rows],
            "Column": [row["column"] for row in rows],
            "Kind": [row["kind"] for row in rows],
            "Meaning": [row["meaning"] for row in rows],
        },
        about=[f"The sheet {INDICATORS} is indicators.csv, {PERIODS} is periods.csv, and the sheets of series together "
               "are series.csv. "
               f"Where forces are compared, {COMPARATORS} is comparators.csv and {OTHER_FORCES} is other_forces.csv."],
    )  # fmt: skip

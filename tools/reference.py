"""The pages of the reference that are written from the code: configuration, commentary, rules, commands, tables.

What a key or a column means stands in docs/reference/meanings.yml; all else comes from the models, the registry of
rules, the parser, the Makefile and the office's own plan. A page says so where a project has no plan.
"""

import argparse
import html
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel

from panelpack import formats
from panelpack.__main__ import command_line
from panelpack.config.configuration import Configuration
from panelpack.config.corrections import Corrections
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Plan
from panelpack.config.sources import Sources
from panelpack.errors import CommentaryError
from panelpack.indicators import quarter_report, reconciliation, reference_tables, references, results, series
from panelpack.indicators.references import Resolver, number_words
from panelpack.intake import restated
from panelpack.periods import PERIOD_NAMES, SHIFTED, Quarter, split_period
from panelpack.project import Project
from panelpack.publishing.approvals import Approvals
from panelpack.rules.rule import RULES
from panelpack.rules.verdict import REASON_WORDS, VERDICT_WORDS
from panelpack.statistics.backtest_scores import SUMMARY
from panelpack.statistics.projection import BASIS, KEY, LEARNED
from panelpack.validation.messages import summary

MEANINGS = "docs/reference/meanings.yml"
SPECIFICATION = "tests/unit/rules/specification.yml"
NO_PLAN = "This project has no `params/plan.yml`, so there is nothing to list here."
GENERATED = "*This page is written from the code by `make docs`.*"
# Numbers as a figure may have them (unit, field, value), to show what the formats make of them.
SAMPLES = {
    "count": ("count", "latest", 58318),
    "percent": ("percent", "latest", 83.456),
    "£ million": ("gbp_million", "latest", 27.84),
    "change of a count": ("count", "change", -487),
    "change of a percentage": ("percent", "change", 2.31),
    "pct_change": ("count", "pct_change", -0.83),
}
MOST_POINTS = 4  # of a period are listed one by one
STYLES = ("", "count", "percent", "percent0", "gbp_m", "signed", "signed_percent", "magnitude", "magnitude_percent")


class Schema(NamedTuple):
    """A page about a configuration file: its name, title, the file that it is about, and the model of it."""

    page: str
    title: str
    file: str
    model: type[BaseModel]


SCHEMAS = (
    Schema("plan", "The plan", "params/plan.yml", Plan),
    Schema("parameters", "The quarter's parameters", "params/<quarter>.yml", Parameters),
    Schema("corrections", "Corrections", "params/corrections.yml", Corrections),
    Schema("sources", "Sources", "data/raw/<quarter>/sources.yml", Sources),
    Schema("approvals", "Approvals", "params/approvals.yml", Approvals),
)


class Written(NamedTuple):
    """A table that the software or the office writes: the name of its meanings, where it lies, and who writes it."""

    meanings: tuple[str, ...]
    path: str
    columns: Sequence[str]
    writer: str


def written_tables() -> list[Written]:
    """Return every table of data/processed, of the pack, and of what research left, with the columns of the code."""
    indicators = list(results.dashboard_rows([]).columns)
    calibration = [*KEY, *LEARNED, *BASIS]
    return [
        Written(("checks",), "data/processed/<quarter>/checks.csv", list(summary([]).columns), "1_validate"),
        Written(("series",), "data/processed/<quarter>/series/<table>.csv", series.SERIES_COLUMNS, "2_prepare"),
        Written(("reconstructed",), "data/processed/<quarter>/reconstructed.csv", ["table"], "2_prepare"),
        Written(
            ("revisions",), "data/processed/<quarter>/revisions/<table>.csv", restated.RESTATED_COLUMNS, "2_prepare"
        ),
        Written(("figures",), "data/processed/<quarter>/figures/<box>.csv", results.RESULT_COLUMNS, "3_priority"),
        Written(
            ("commentary",), "data/processed/<quarter>/commentary/<box>.csv", quarter_report.COMMENTARY, "3_priority"
        ),
        Written(("figures", "indicators"), "outputs/<quarter>/pack/indicators.csv", indicators, "4_dashboard"),
        Written(("headline",), "data/processed/<quarter>/headline.csv", ["name", "value"], "4_dashboard"),
        Written(
            ("reconciliation",),
            "data/processed/<quarter>/reconciliation.csv",
            reconciliation.RECONCILIATION_COLUMNS,
            "4_dashboard, where a printed paper is at hand",
        ),
        Written(("commentary",), "outputs/<quarter>/pack/commentary.csv", quarter_report.COMMENTARY, "5_report"),
        Written(
            ("published",),
            "data/published/<quarter>.csv",
            reconciliation.PRINTED_COLUMNS,
            "the office, from a printed paper",
        ),
        Written(("calibration",), "data/projection/calibration.csv", calibration, "make backtest"),
        Written(
            ("calibration_then", "calibration"),
            "data/projection/calibration_then.csv",
            ["origin", *KEY, *LEARNED],
            "make backtest",
        ),
        Written(("summary",), "data/projection/summary.csv, summary_choosing.csv", SUMMARY, "make backtest"),
        Written(("false_alarms",), "data/spc/false_alarms.csv", reference_tables.FALSE_ALARMS, "make bench-statistics"),
        Written(
            ("recorded_later",), "data/recorded_later/<quarter>.csv", reference_tables.RECORDED_LATER, "the office"
        ),
    ]


@dataclass
class Meanings:
    """meanings.yml, and which of it was used: what is missing or left over is a mistake."""

    known: dict[str, Any]
    missing: list[str]
    used: set[tuple[str, ...]]

    @classmethod
    def read(cls, root: Path) -> "Meanings":
        """Read the file of a project."""
        return cls(yaml.safe_load((root / MEANINGS).read_text(encoding="utf-8")), [], set())

    def of(self, section: str, *places: tuple[str, ...]) -> str:
        """Return the meaning at the first of the places of a section that has one; note it where none has."""
        for place in places:
            found: Any = self.known[section]
            for name in place:
                found = found.get(name, {}) if isinstance(found, dict) else {}
            if isinstance(found, str):
                self.used.add((section, *place))
                return found
        self.missing.append(f"{MEANINGS}: {' '.join((section, *places[0]))} has no meaning. Add it.")
        return ""

    def mistakes(self) -> list[str]:
        """Return a sentence for each meaning that is missing or left over."""
        left = sorted(set(_leaves(self.known)) - self.used)
        return [
            *dict.fromkeys(self.missing),
            *(f"{MEANINGS}: {' '.join(place)} is no key or column, or needs no meaning. Remove it." for place in left),
        ]


def _leaves(tree: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, branch in tree.items():
        if isinstance(branch, dict):
            yield from _leaves(branch, (*above, name))
        else:
            yield (*above, name)


def pages(root: Path) -> tuple[dict[str, str], list[str]]:
    """Return the Markdown of each generated page by its name, and a sentence for each mistake of meanings.yml."""
    meanings, office = Meanings.read(root), latest_office(root)
    written = {schema.page: schema_page(schema, meanings) for schema in SCHEMAS}
    written |= {
        "references": references_page(office, meanings),
        "periods": periods_page(office, meanings),
        "rules": rules_page(root),
        "command-line": command_line_page(),
        "make": make_page(root),
        "supplied-tables": supplied_tables_page(office, meanings),
        "written-tables": written_tables_page(meanings),
    }
    return written, meanings.mistakes()


def latest_office(root: Path) -> Configuration | None:
    """Return the configuration of the latest quarter; None where the project has no plan or no quarter."""
    project = Project(root)
    if not project.plan.exists() or not project.quarters():
        return None
    return Configuration.read(project, Quarter.parse(project.quarters()[-1]))


# ---------------------------------------------------------------------------------------------------- Markdown
def code(text: object) -> str:
    """Return a text as code. A bar in it ends no cell of a table: the site's Markdown knows better than others."""
    return f"`{text}`"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def page(title: str, *parts: str) -> str:
    """Return a page from its title and its parts."""
    return "\n\n".join([f"# {title}", GENERATED, *(part.strip() for part in parts if part.strip())]) + "\n"


def words_of(name: str) -> str:
    """Return the name of a model as words: 'Supplier file'."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def sentence(text: str) -> str:
    """Return a text that begins with a capital letter and ends with a full stop."""
    return text and f"{text[0].upper()}{text[1:].rstrip('.')}."


# ----------------------------------------------------------------------------------------- configuration files
def schema_page(schema: Schema, meanings: Meanings) -> str:
    """Return the page of a configuration file, from the JSON Schema of its model: a section an object."""
    whole = schema.model.model_json_schema()
    objects = {schema.model.__name__: whole, **whole.get("$defs", {})}
    order = sorted(objects, key=_in_order_of_use(schema.model.__name__, objects).index)
    parts = [f"The keys of {code(schema.file)}. An unknown key is an error, which names the line."]
    for name in order:
        described = objects[name]
        rows = [
            [
                code(key),
                _kind(entry),
                _default(entry, key in described.get("required", ())),
                sentence(entry.get("description") or meanings.of("models", (name, key))),
            ]
            for key, entry in described["properties"].items()
        ]
        about = "" if name == schema.model.__name__ else str(described.get("description", ""))
        heading = "The file" if name == schema.model.__name__ else words_of(name)
        parts += [f"## {heading}", about, table(["Key", "Value", "Default", "Meaning"], rows)]
    return page(schema.title, *parts)


def _in_order_of_use(start: str, objects: Mapping[str, Any]) -> list[str]:
    """Return the objects from the outside inwards, in the order in which keys name them."""
    found = [start]
    for name in found:
        found += [used for used in dict.fromkeys(_named(objects[name]["properties"])) if used not in found]
    return found


def _named(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, branch in tree.items():
            if key == "$ref":
                yield branch.rpartition("/")[2]
            else:
                yield from _named(branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from _named(branch)


def _kind(entry: Mapping[str, Any]) -> str:
    """Return in words what a value of the schema may be."""
    if reference := entry.get("$ref"):
        words = words_of(reference.rpartition("/")[2])
        return f"[{words.lower()}](#{words.lower().replace(' ', '-')})"
    if options := entry.get("anyOf"):
        return " or ".join(_kind(option) for option in options if option.get("type") != "null")
    if values := entry.get("enum"):
        return " or ".join(code(value) for value in values)
    if isinstance(entry["type"], list):
        return "text, as it stands in the file"
    if entry["type"] == "array":
        return f"list of: {_kind(entry['items'])}"
    if entry["type"] == "object":
        inner = entry.get("additionalProperties") or next(iter(entry["patternProperties"].values()))
        return f"names, each with: {_kind(inner)}"
    if entry.get("format") == "date":
        return "date"
    if "pattern" in entry:
        return f"text like {code(entry['pattern'])}"
    least = f" of {entry['minimum']} or more" if "minimum" in entry else ""
    return {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}[
        entry["type"]
    ] + least


def _default(entry: Mapping[str, Any], required: bool) -> str:
    if required:
        return "needed"
    default = entry.get("default")
    return "none" if default in (None, "", [], {}) else code(str(default).lower() if default is True else default)


# -------------------------------------------------------------------------------------------------- commentary
def references_page(office: Configuration | None, meanings: Meanings) -> str:
    """Return the page of what a commentary may refer to, and how a reference is written as words."""
    fields = [*references.IN_UNIT, "change", "pct_change", *references.BASES, *references.TEXTS, *references.ALIASES]
    field_rows = [[code(f), sentence(meanings.of("tables", ("figures", f)) if f not in references.ALIASES
                                     else meanings.of("fields", (f,)))] for f in fields]  # fmt: skip
    headline = [code(f"headline.{name}") for name in results.count_verdicts([])]
    return page(
        "References and formats of the commentary",
        "How to write a commentary is told in [Write the commentary](../how-to/commentary.md); this page lists all "
        "that a reference may name.",
        "## Fields of a figure",
        "After the id of an indicator or measure, and a full stop. A field that has no value stops the run.",
        table(["Field", "Meaning"], field_rows),
        "## Formats of a number",
        f"After {code('|')}. Without a format a number is written in its unit. An empty cell: the format is not for "
        "such a number.",
        table(["Format", *(f"{value:,} ({words})" for words, (_, _, value) in SAMPLES.items())], _format_rows()),
        "## Words for a change",
        "The change is taken as it is printed: one that rounds to nothing did not change.",
        table(
            ["Format", "below", "none", "above"],
            [[code(name), *words] for name, words in formats.DIRECTION_WORDS.items()],
        ),
        "## The headline",
        "Counts of scored indicators. Each takes `_share` at its end, for its share in percent.",
        ", ".join(headline) + ".",
        "## Periods, dates, the office",
        _context_examples(office),
        "## Verdicts and reasons",
        table(["Verdict", "In words"], [[code(name), words] for name, words in VERDICT_WORDS.items()]),
        table(["Reason", "In words"], [[code(name), words] for name, words in REASON_WORDS.items()]),
    )


def _format_rows() -> Iterator[list[str]]:
    for style in STYLES:
        cells = []
        for unit, field, value in SAMPLES.values():
            try:
                cells.append(number_words(value, field, unit, style))
            except CommentaryError:
                cells.append("")
        yield [code(style) if style else "none", *cells]


def _context_examples(office: Configuration | None) -> str:
    """Return what references to periods, dates and the office become in the latest quarter."""
    if office is None:
        return NO_PLAN
    names = [
        *("quarter", "quarter-1", "quarter.months", "quarter-4.months", "month", "month-5", "span:month-5..month"),
        *("financial_year", "financial_year-1", "baseline_year", "meeting_date", "meeting_date | weekday"),
        *(f"date:{label}" for label in list(office.parameters.dates)[:1]),
        *(f"date:{label} | month" for label in list(office.parameters.dates)[:1]),
        *(f"office.{name}" for name in office.plan.office.model_dump()),
    ]

    def nothing(*_: object) -> Any:
        raise AssertionError("a reference to a period needs no figure")

    resolver = Resolver(office, nothing, nothing)
    written = [f"{{{{ {name} }}}}" for name in names]
    rows = [[code(text), resolver.resolve(text, lambda at: "tools/reference.py").text] for text in written]
    return f"In {office.quarter.words}:\n\n" + table(["Reference", "Becomes"], rows)


def periods_page(office: Configuration | None, meanings: Meanings) -> str:
    """Return the page of the period names that a plan compares."""
    rows = []
    for name in PERIOD_NAMES:
        kind, _ = split_period(name)
        shifted = code(f"{name}-1") if kind in SHIFTED else ""
        rows.append([code(name), sentence(meanings.of("periods", (name,))), shifted, *_periods_now(office, name)])
    now = [f"In {office.quarter.words}"] if office else []
    return page(
        "Periods",
        "The periods that an indicator or measure may compare, under `compare` in the plan. A number after a name goes "
        "back so many months (month, rolling_12_months), quarters (quarter) or years (financial_year, ytd).",
        table(["Period", "Meaning", "Earlier", *now], rows),
        "" if office else NO_PLAN,
    )


def _periods_now(office: Configuration | None, name: str) -> list[str]:
    return [office.period(name).words] if office else []


# ------------------------------------------------------------------------------------------------------- rules
def rules_page(root: Path) -> str:
    """Return the page of the verdict rules, with the table of examples that their tests are made of."""
    parts = [
        "An indicator names its rule in the plan. How a verdict comes about is told in "
        "[How verdicts are given](../explanation/verdicts.md).",
        table(
            ["Rule", "Judges", "Fits the units", "Needs"],
            [
                [code(name), rule.title or "nothing", ", ".join(sorted(rule.units)) or "any", ", ".join(_needs(rule))]
                for name, rule in RULES.items()
            ],
        ),
        *(rule.methods.replace("### ", "## ", 1) for rule in RULES.values()),
    ]
    path = root / SPECIFICATION
    if path.exists():
        parts += ["## Examples", f"Each is a test ({code(SPECIFICATION)}).", *_examples(path)]
    return page("Rules", *parts)


def _needs(rule: Any) -> Iterator[str]:
    wanted = {
        "needs_series": "a series",
        "needs_projection_year": "a projection year",
        "needs_assessment": "an assessment of a board",
    }
    yield from (words for name, words in wanted.items() if getattr(rule, name))


def _examples(path: Path) -> Iterator[str]:
    """Yield a heading and a table for each rule of the specification: a list of examples, each a mapping."""
    ends = ("example", "verdict", "reason", "evidence")  # all else is what the rule is given
    for rule, examples in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        rows: list[list[str]] = []
        for row in examples:
            given = "; ".join(f"{name} {_given(value)}" for name, value in row.items() if name not in ends)
            verdict = ", ".join(filter(None, (row["verdict"], row.get("reason")))) or "none"
            rows.append([sentence(row["example"]), sentence(given), verdict, row["evidence"]])
        yield f"### Examples of {rule}"
        yield table(["Example", "Given", "Verdict", "Evidence"], rows)


def _given(value: object) -> str:
    """Return a value of an example in words: a list is the points of a period."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_given(inner)}" for name, inner in value.items())
    if isinstance(value, list) and len(value) > MOST_POINTS:
        return f"{sum(value):,} in {len(value)} points"
    if isinstance(value, list):
        return formats.listed(list(map(_given, value)))
    return "none" if value is None else f"{value:,}" if isinstance(value, int | float) else str(value)


# ---------------------------------------------------------------------------------------------------- commands
def command_line_page() -> str:
    """Return the page of the command line: the help of the whole and of every command."""
    os.environ["COLUMNS"] = "100"  # argparse fits its help to the terminal
    parser = command_line()
    commands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction)).choices
    parts = [
        "`make` calls this; who has the packages may call it as `python -m panelpack`. It ends with 0 when all went "
        "well, 1 for a failure to mend, 2 for a command typed wrongly; `verify` ends with 0 reproduced, 1 differs, 2 "
        "could not run.",
        f"```text\n{parser.format_help()}```",
    ]
    for name, command in commands.items():
        parts += [f"## {name}", f"```text\n{command.format_help()}```"]
    return page("The command line", *parts)


def make_page(root: Path) -> str:
    """Return the page of the verbs of make, grouped as the Makefile groups them."""
    parts = ["Q names a quarter of the financial year: `Q=2015Q1` is April to June 2015."]
    rows: list[list[str]] = []
    for line in (root / "Makefile").read_text(encoding="utf-8").splitlines():
        if group := re.fullmatch(r"##@ (.*)", line):
            parts += [_verbs(rows), f"## {group[1]}"]
            rows = []
        elif verb := re.fullmatch(r"([a-z-]+):.*## (.*)", line):
            rows.append([code(f"make {verb[1]}"), sentence(html.escape(verb[2], quote=False))])
    return page("The verbs of make", *parts, _verbs(rows))


def _verbs(rows: Sequence[Sequence[str]]) -> str:
    return table(["Verb", "What it does"], rows) if rows else ""


# ------------------------------------------------------------------------------------------------------ tables
def supplied_tables_page(office: Configuration | None, meanings: Meanings) -> str:
    """Return the data dictionary of what the suppliers send, from the plan and the latest drop's sources."""
    names = list(meanings.known["kinds"])
    kinds = table(["Kind", "Meaning"], [[code(name), sentence(meanings.of("kinds", (name,)))] for name in names])
    if office is None:
        return page("Supplied tables", NO_PLAN, "## Kinds of columns", kinds)
    plan, sources = office.plan, office.sources.by_table
    parts = [
        f"The tables of {plan.office.plan}, as {code('params/plan.yml')} declares them. Supplier and sensitivity are "
        f"those of the drop of {office.quarter}.",
        "## Kinds of columns",
        kinds,
    ]
    for name, supplied in plan.tables.items():
        source = sources.get(name)
        where = f"sheet {supplied.sheet!r}, heads in row {supplied.header_row}" if supplied.sheet else ""
        drawn = [code(series) for series, spec in plan.series.items() if spec.table == name]
        facts = {
            "File": code(supplied.file) + (f", {where}" if where else ""),
            "Supplier": source.supplier if source else "not known",
            "Sensitivity": source.sensitivity if source else "not known",
            "Key": ", ".join(map(code, supplied.key)),
            "Series drawn from it": ", ".join(drawn) or "none",
        }
        parts += [
            f"## {name}",
            "\n".join(f"- **{head}.** {words}" for head, words in facts.items()),
            table(["Column", "Kind"], [[code(column), code(kind)] for column, kind in supplied.columns.items()]),
        ]
    return page("Supplied tables", *parts)


def written_tables_page(meanings: Meanings) -> str:
    """Return the data dictionary of what notebooks, the pack and research write."""
    parts = [
        "Tables are UTF-8 csv with a head. A number that is not known is an empty cell. "
        "`pack/indicators.xlsx` has the columns of `pack/indicators.csv`."
    ]
    for written in written_tables():
        rows = [
            [code(column), sentence(meanings.of("tables", *((name, column) for name in written.meanings)))]
            for column in written.columns
        ]
        title = re.sub(r"^(data/processed|outputs)/<quarter>/", "", written.path)
        parts += [
            f"## {html.escape(title)}",
            f"{code(written.path)}, written by {written.writer}.",
            table(["Column", "Meaning"], rows),
        ]
    return page("Written tables", *parts)

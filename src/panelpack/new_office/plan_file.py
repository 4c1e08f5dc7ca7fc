"""The plan of a new office: as data, which the plan's own checks are held to, and as the text of params/plan.yml."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from panelpack.config.disclosure import Disclosure
from panelpack.config.official import OfficialOffences, official_text
from panelpack.config.plan import NO_FORCE, VERSION, Plan
from panelpack.config.plan_checks import find_mistakes
from panelpack.config.presets import Preset, with_presets
from panelpack.config.strict_yaml import Location
from panelpack.config.yaml_edit import key_text
from panelpack.errors import ConfigurationError
from panelpack.intake.published_table import PRESET
from panelpack.new_office import residents as population
from panelpack.new_office.measure_list import BASELINE, Measure, list_error
from panelpack.new_office.order import Order
from panelpack.new_office.residents import Residents
from panelpack.periods import Quarter, year_label

TABLE = "official_crime"
FILE = "official_crime.csv.gz"
RESIDENTS = "residents"
RATE_PER = 1000
AUTHORITY = "usual; no rule of the office is known"
SECTIONS = {
    "version": "of the shape of this file",
    "office": "Whose report it is. Correct what is called otherwise here: it is printed.",
    "baseline_year": "What figures are compared with, where an indicator names no baseline of its own.",
    "disclosure": "From how many answers, or people, a number is shown. Correct it, and name the authority.",
    "bedding_in_months": "Counts from the first months of a new recording practice are no comparator.",
    "limits_from": "The limits of the control charts come from the first 12 quarters from here.",
    "tables": "The suppliers' files. A preset of params/layouts says how a public file is laid out.",
    "series": "One line on a chart: rows of a table, picked and put together by quarter.",
    "updates": "The sections of the report, and below them the boxes of the dashboard.",
}


@dataclass(frozen=True)
class Drafted:
    """What is known of a measure's series: when it began, where it counts something else, what it is part of.

    official: the same offences in the table by which forces are compared.
    """

    began: str = ""
    redefined: Sequence[tuple[str, str]] = ()
    part_of: str = ""
    official: OfficialOffences | None = None


def boxes_of(measures: Iterable[Measure]) -> dict[str, str]:
    """Return the id of each priority's box by its title, in the order of the list."""
    titles = dict.fromkeys(measure.priority for measure in measures)
    return {title: f"P{number}" for number, title in enumerate(titles, start=1)}


def figure_ids(measures: Sequence[Measure]) -> dict[str, str]:
    """Return the id of each measure's indicator by the measure's own."""
    boxes = boxes_of(measures)
    return {measure.id: f"{boxes[measure.priority]}.{measure.id}" for measure in measures}


def plan_data(
    order: Order,
    force: str,
    measures: Sequence[Measure],
    drafted: Mapping[str, Drafted],
    table: Mapping[str, str],
    known_forces: Sequence[str],
    residents: Residents | None,
) -> dict[str, Any]:
    """Return the plan as data. table: what the published table calls its `force` and `offences`."""
    boxes, ids = boxes_of(measures), figure_ids(measures)
    data: dict[str, Any] = {
        "version": VERSION,
        "office": _office(force, force if force in known_forces else NO_FORCE),
        BASELINE: order.baseline,
        "disclosure": {name: {"fewest": limit.fewest, "authority": AUTHORITY} for name, limit in Disclosure()},
        "bedding_in_months": 12,
        "limits_from": BASELINE,
        "tables": {TABLE: {"file": FILE, "preset": PRESET, "layout": {"only": {table["force"]: force}}}},
        "series": {},
        "updates": [{"id": box, "number": number} for number, box in enumerate(boxes.values(), start=1)],
        "priorities": [],
    }
    if residents:
        data["tables"][RESIDENTS] = {"file": population.FILE, "preset": population.PRESET}
    for measure in measures:
        if measure.where is not None:
            per = _per(force, residents) if measure.kind == "rate" and residents else {}
            data["series"][measure.id] = _series(measure, drafted[measure.id], table["offences"], per)
    for number, (title, box) in enumerate(boxes.items(), start=1):
        own = [measure for measure in measures if measure.priority == title]
        indicators = [_indicator(measure, ids, drafted.get(measure.id, Drafted()), order.quarter) for measure in own]
        priority = {"id": box, "number": str(number), "update": box, "title": title, "indicators": indicators}
        data["priorities"].append(priority)
    return data


def check_plan(
    data: Mapping[str, Any], measures: Sequence[Measure], presets: Mapping[str, Preset], source: Path
) -> Plan:
    """Return the plan, held to the checks that every plan is held to.

    Raises ConfigurationError that names the row of the list for each mistake that a measure's line makes.
    """
    rows = {measure.id: measure.row for measure in measures}
    boxes = boxes_of(measures)
    in_order = [[m for m in measures if m.priority == title] for title in boxes]

    def row_of(at: Location) -> int:
        if at[:1] == ("series",) and len(at) > 1:
            return rows[str(at[1])]
        if at[:1] == ("priorities",) and len(at) > 3 and isinstance(at[1], int) and isinstance(at[3], int):
            return in_order[at[1]][at[3]].row
        raise ConfigurationError(f"params/plan.yml, {'.'.join(map(str, at))}: the plan that was made has a mistake.")

    try:
        plan = with_presets(Plan.model_validate(data), presets)
    except ValidationError as error:
        wrong = [
            (row_of(one["loc"]), f"{one['loc'][-1]}: {one['msg'].removeprefix('Value error, ')}. Correct it.")
            for one in error.errors()
        ]
        raise list_error(source, wrong) from None
    if mistakes := [(row_of(at), words) for at, words in find_mistakes(plan)]:
        raise list_error(source, mistakes)
    return plan


def plan_text(data: Mapping[str, Any]) -> str:
    """Return the text of params/plan.yml, which reads as the data."""
    lines = ["# The Police and Crime Plan as data: begun by make new-office, kept by the office."]
    for key, value in data.items():
        if key in SECTIONS and key != "version":
            lines += ["", f"# {SECTIONS[key]}"]
        lines += _block({key: value}, 0)
    lines[1:1] = [""]
    return "\n".join(lines) + "\n"


# -------------------------------------------------------------------------------------------------- its parts
def _office(force: str, official: str) -> dict[str, str]:
    parts = force.replace(" & ", " and ").removesuffix(" Police").split(", ")
    plain = " ".join(reversed(parts))  # 'B, A of' is 'A of B'
    return {
        "commissioner": f"Police and Crime Commissioner for {plain}",
        "short": "PCC",
        "panel": f"{plain} Police and Crime Panel",
        "force": f"{plain} Police",
        "official_force": official,
        "plan": "Police and Crime Plan",
    }


def _per(force: str, residents: Residents) -> dict[str, Any]:
    where = {"table": RESIDENTS, "value": "residents", "where": {"pfa": force}}
    return {**where, "on": residents.day.isoformat(), "of": RATE_PER}


def _series(measure: Measure, drafted: Drafted, value: str, per: Mapping[str, Any]) -> dict[str, Any]:
    series: dict[str, Any] = {"title": measure.title}
    if measure.kind != "count":
        series["kind"] = measure.kind
    series |= {"table": TABLE, "value": value}
    if measure.where:
        series["where"] = {name: picked[0] if len(picked) == 1 else [*picked] for name, picked in measure.where.items()}
    if drafted.official:
        series["official"] = official_text(drafted.official)
    if per:
        series["per"] = dict(per)
    if measure.unit:
        series["unit"] = measure.unit
    if drafted.began:
        series["began"] = drafted.began
    if drafted.redefined:
        series["redefined"] = [{"from": month, "reason": reason} for month, reason in drafted.redefined]
    return series


def _indicator(measure: Measure, ids: Mapping[str, str], drafted: Drafted, quarter: Quarter) -> dict[str, Any]:
    indicator: dict[str, Any] = {"id": ids[measure.id], "title": measure.title, "polarity": measure.polarity}
    if measure.where is None:
        return {**indicator, "rule": "none", "status": {"reason": "awaited", "words": _as_sentence(measure.awaited)}}
    indicator |= {"rule": measure.rule, "series": measure.id}
    indicator["compare"] = {"baseline": measure.baseline, "latest": measure.latest}
    if measure.rule == "projection":
        # In the last quarter of a year nothing of it is left to project.
        indicator["projection_year"] = year_label(quarter.year + (quarter.number == 4))
    if measure.rule == "none":
        indicator["scored"] = False
    if measure.target:
        indicator["target"] = dict(measure.target)
    if drafted.part_of:
        indicator["part_of"] = ids[drafted.part_of]
    return indicator


def _as_sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


# -------------------------------------------------------------------------------------------------- as text
def _block(value: Any, indent: int) -> list[str]:
    """Return the lines of a mapping, of which each value that holds mappings stands on lines of its own."""
    lines = []
    for key, inner in value.items():
        name = f"{' ' * indent}{key_text(key)}:"
        if isinstance(inner, dict) and inner and (indent == 0 or _holds_mappings(inner) or len(inner) > 3):
            lines += [name, *_block(inner, indent + 2)]
        elif isinstance(inner, list) and inner and isinstance(inner[0], dict):
            lines.append(name)
            for item in inner:
                first, *rest = _block(item, indent + 4)
                lines += [" " * (indent + 2) + "- " + first.strip(), *rest]
        else:
            lines.append(f"{name} {flow(inner)}")
    return lines


def _holds_mappings(value: Mapping[str, Any]) -> bool:
    return any(isinstance(inner, dict) for inner in value.values())


def flow(value: Any) -> str:
    """Return a value as YAML writes it in one line."""
    text: str = yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6)
    return text.strip()[1:-1]

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
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.periods import Quarter
from panelpack.project import Project

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

"""The office's folder of a force and a quarter: that of make new-office, with what a person would fill in.

A person sets the day of the meeting, and the day on which each file came. Here both are the first day on which the
figures of the quarter had been published, and every page of the pack says so.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from panelpack.config.official import Release, load_comparator_table, release_of
from panelpack.config.sources import SOURCES_FILE
from panelpack.config.yaml_edit import YamlEdit
from panelpack.config.yaml_text import Location
from panelpack.intake.published_table import PublishedTable
from panelpack.new_office.office_folder import draft
from panelpack.new_office.order import Order
from panelpack.new_office.plan_file import flow
from panelpack.periods import Quarter, shift_month
from panelpack.project import Project

NOTICE = (
    "Made by a program from public data alone: no office has written or checked it. The day of the meeting is assumed: "
    "the first on which the figures of this quarter had been published."
)
ASSUMED = "Set by make atlas: the first day on which the figures of the quarter had been published."
TO_SET = re.compile(r"^# .* set it\.$", re.MULTILINE)  # the comment on a day that is to be set


def office_files(software: Project, order: Order, table: PublishedTable) -> dict[str, bytes]:
    """Return the files of an office's folder, by their path in it. Raises as make new-office does."""
    order = replace(order, release=release_name(software, order.release, table))
    files = dict(draft(software, order, table).files)
    day = first_day_released(load_comparator_table(software.comparators).source, order.quarter).isoformat()
    plan, parameters = "params/plan.yml", f"params/{order.quarter}.yml"
    sources = f"data/raw/{order.quarter}/{SOURCES_FILE}"
    files[plan] = _edited(files[plan], plan, {}, NOTICE)
    files[parameters] = _edited(files[parameters], parameters, {("meeting_date",): day})
    names = [Path(name).name for name in files if name.startswith("data/raw/") and name.count("/") > 2]
    received: dict[Location, str] = {("files", name, "received"): day for name in names if name != SOURCES_FILE}
    files[sources] = _edited(files[sources], sources, received)
    return files


def release_name(software: Project, typed: str, table: PublishedTable) -> str:
    """Return what the release of a table is called: as typed, as data/comparators calls its own, by its checksum."""
    return typed or release_of(software.comparators, table.checksum) or f"table {table.checksum[:12]}"


def first_day_released(source: Release, quarter: Quarter) -> date:
    """Return the first day on which the figures of a quarter had been published: the first of a month."""
    published = shift_month(quarter.months[-1], source.released_after_months)
    return date.fromisoformat(f"{shift_month(published, 1)}-01")


def _edited(content: bytes, name: str, values: Mapping[Location, str], notice: str = "") -> bytes:
    """Return a file with values in their places, or with a notice of the office; comments that ask for them say why."""
    edit = YamlEdit(content.decode("utf-8"), name)
    for at, value in values.items():
        edit.set(at, value)
    if notice:
        edit.add(("office", "notice"), flow(notice), after="plan")
    text = TO_SET.sub(f"# {ASSUMED}", edit.text) if values else edit.text
    return text.encode("utf-8")

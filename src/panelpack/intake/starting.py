"""A quarter begins: parameters, commentary and sources of an earlier one, without what was true of that one alone.

What would be false in the new quarter without anybody noticing is emptied: the day of the meeting, when files are due
and when they came, of which release they are, their checksums and numbers of rows, dates of the commentary, until when
figures may not be shown, why figures were restated, what the boards assessed, answers to queries, editions, and flags.
A table that was awaited is expected now. Of next steps only the question comes along, what became of each. What an
emptied key means for the pack is told when the file is read.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from panelpack.config.sources import NOT_RECEIVED, SOURCES_FILE
from panelpack.config.strict_yaml import AsWritten, load, read_text, read_yaml
from panelpack.config.yaml_edit import YamlEdit
from panelpack.config.yaml_text import parse_yaml
from panelpack.errors import UsageError, shown
from panelpack.intake.arrivals import KEYED, PLAIN
from panelpack.intake.decisions import decisions, is_step, mapping
from panelpack.intake.receiving import Awaited, Listed
from panelpack.periods import Quarter
from panelpack.project import Project

# Of the parameters: what is emptied, and what is taken out.
EMPTIED = ("meeting_date", "data_due")
EMPTY = {"answers": "[]", "editions": "[]", "flags": "{}", "flags_for_review": "[]"}
# Of a table's availability: until when it may not be shown.
UNTIL = ("release_date", "until")
# Of each file in sources.yml: what was true of the earlier file alone.
OF_ONE_FILE = ("rows", "revisions", "derived_from")


def new_quarter(project: Project, label: str, start_from: str = "") -> list[str]:
    """Start a quarter from the latest earlier one, or from one that is named; say what is to be decided.

    Raises UsageError for a malformed label, a quarter that exists, when there is none to start from, and for a gap of
    more than one quarter unless `start_from` names the quarter to start from.
    """
    if not label:
        raise UsageError("Q is missing: expected the label of the quarter to start, Q=YYYYQn.")
    quarter = Quarter.parse(label)
    before = _before(project, quarter, start_from)
    made = [project.params(quarter), project.commentary(quarter), project.raw(quarter) / SOURCES_FILE]
    for path in made:
        if path.exists():
            raise UsageError(
                f"{shown(path)}: it exists already, so {label} was started before. Remove it to start again."
            )
    copied = [project.params(before), project.commentary(before), project.raw(before) / SOURCES_FILE]
    for path in copied:
        if not path.is_file():
            raise UsageError(f"{shown(path)}: it is missing, and {label} would start from it. Restore it first.")
    data, listed = read_yaml(copied[0])[0], load(copied[2], Listed).files
    params, commentary, sources = (path.read_bytes().decode("utf-8-sig") for path in copied if read_text(path))
    texts = [
        _parameters(params, mapping(data), quarter, shown(copied[0])),
        commentary,
        _sources(sources, listed),
    ]
    project.raw(quarter).mkdir(parents=True, exist_ok=True)
    for path, text in zip(made, texts, strict=True):
        path.write_bytes(text.encode("utf-8"))
    return [
        *(f"made {shown(path)} (from {before})" for path in made),
        "To decide, each in its place:",
        *(f"  {line}" for line in decisions(project, quarter, before)),
        f"Next: put the suppliers' files into {shown(project.raw(quarter))}, go through these lines, then: "
        f"make receive Q={label}",
    ]


def _before(project: Project, quarter: Quarter, start_from: str) -> Quarter:
    earlier = [name for name in project.quarters() if name < str(quarter)]
    if start_from:
        if start_from not in earlier:
            known = ", ".join(earlier) or "none"
            raise UsageError(f"FROM={start_from!r}: expected an earlier quarter under data/raw ({known}). Correct it.")
        return Quarter.parse(start_from)
    if not earlier:
        raise UsageError(
            f"Q={str(quarter)!r}: there is no earlier quarter under data/raw to start from. Write "
            f"{shown(project.params(quarter))}, {shown(project.commentary(quarter))} and "
            f"{shown(project.raw(quarter) / SOURCES_FILE)} of a first quarter by hand: docs/how-to/another-office.md "
            "says how."
        )
    before = Quarter.parse(earlier[-1])
    if (gap := quarter.since(before)) > 1:
        raise UsageError(
            f"Q={str(quarter)!r}: the latest earlier quarter is {before}, {gap} quarters before. Start "
            f"{before.shift(1)} first, or type make new-quarter Q={quarter} FROM={before}"
        )
    return before


def _parameters(text: str, keys: Mapping[str, Any], quarter: Quarter, source: str) -> str:
    """Return the parameters of an earlier quarter for a new one."""
    edit = YamlEdit(text, source)
    edit.set(("quarter",), str(quarter))
    for key in EMPTIED:
        if key in keys:
            edit.set((key,), "")
    for key, nothing in EMPTY.items():
        if keys.get(key):
            edit.set((key,), nothing)
    for name in mapping(keys.get("dates")):
        edit.set(("dates", name), "")
    _empty_availability(edit, mapping(keys.get("availability")))
    for name, entry in mapping(keys.get("assessments")).items():
        edit.set(("assessments", name, "assessment"), "")
        if "note" in mapping(entry):
            edit.remove(("assessments", name, "note"))
    steps = mapping(keys.get("next_steps"))
    told = _without(edit, "next_steps", [name for name, entry in steps.items() if not is_step(entry)], steps)
    for name in told:
        edit.set_mapping(("next_steps", name), {"became": ""})
    parse_yaml(edit.text, source, AsWritten)
    return edit.text


def _empty_availability(edit: YamlEdit, entries: Mapping[str, Any]) -> None:
    """Empty until when figures may not be shown, and take out tables that were awaited."""
    awaited = [name for name, entry in entries.items() if mapping(entry).get("status") == "awaited"]
    for name in _without(edit, "availability", awaited, entries):
        for key in UNTIL:
            if key in mapping(entries[name]):
                edit.set(("availability", name, key), "")


def _without(edit: YamlEdit, key: str, gone: Sequence[str], entries: Mapping[str, Any]) -> list[str]:
    """Take entries of a mapping out, and return the names of those that are left."""
    left = [name for name in entries if name not in gone]
    if entries and not left:
        edit.set((key,), "{}")
    else:
        for name in gone:
            edit.remove((key, name))
    return left


def _sources(text: str, files: Mapping[str, Awaited]) -> str:
    """Return the sources of an earlier quarter for a new one, in which nothing has been received yet."""
    edit = YamlEdit(text, SOURCES_FILE)
    for name, source in files.items():
        for key in (key for key in OF_ONE_FILE if key in source.model_fields_set):
            edit.remove(("files", name, key))
        for key in ("received", "release", "embargoed_until"):
            if key in source.model_fields_set:
                edit.set(("files", name, key), "")
        for key in (PLAIN, KEYED):
            if key in source.model_fields_set:  # of several files it names each, often with a date
                edit.set(("files", name, key), NOT_RECEIVED)
    parse_yaml(edit.text, SOURCES_FILE, AsWritten)
    return edit.text

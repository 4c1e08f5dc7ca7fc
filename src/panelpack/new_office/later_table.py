"""The official table of a later quarter: cut to the office's force and put beside the quarter's other raw files."""

from pathlib import Path

from panelpack.config.plan import Plan
from panelpack.config.plan_checks import load_plan
from panelpack.config.sources import SOURCES_FILE
from panelpack.config.strict_yaml import load
from panelpack.config.yaml_edit import YamlEdit
from panelpack.errors import UsageError, shown
from panelpack.intake.arrivals import PLAIN
from panelpack.intake.published_table import PRESET, read_published
from panelpack.intake.receiving import Listed
from panelpack.new_office import residents as population
from panelpack.new_office.office_folder import cut_residents, cut_table
from panelpack.new_office.plan_file import flow
from panelpack.new_office.quarter_files import Cut
from panelpack.new_office.residents import read_residents
from panelpack.periods import Quarter
from panelpack.project import Project

VERB = "official-table"


def official_table(project: Project, label: str, data: str) -> list[str]:
    """Cut the official table to the office's force, up to a quarter, into the quarter's raw data; say what was made.

    Its checksum, and what it was cut from, are written into sources.yml. Raises UsageError, SourceError or
    ConfigurationError for what cannot be: then nothing is written.
    """
    quarter = project.quarter(label)
    if not data:
        raise UsageError("DATA is missing: expected the official table. Type make official-table Q=... DATA=FILE")
    plan = load_plan(project.plan(quarter), *project.layouts)
    name, force = _its_table(plan)
    table = read_published(project, Path(data).expanduser())
    force = table.force(force)
    if str(quarter) not in table.quarters(force):
        first, last = table.quarters(force)[0], table.quarters(force)[-1]
        raise UsageError(f"Q={label!r}: {data} covers {first} to {last} of {force}. Give a later release.")
    cuts = [(name, cut_table(project, table, force, quarter, VERB))]
    for other, spec in plan.tables.items():
        if spec.preset == population.PRESET and not (project.raw(quarter) / (spec.file or "")).is_file():
            cuts.append((other, cut_residents(project, read_residents(project, force, quarter), VERB)))
    return _write(project, quarter, plan, cuts)


def _its_table(plan: Plan) -> tuple[str, str]:
    """Return which table of the plan is the official one, and the force whose rows it reads."""
    for name, spec in plan.tables.items():
        force = next(iter(spec.layout.only.values()), None)
        if spec.preset == PRESET and spec.file and isinstance(force, str):
            return name, force
    raise UsageError(
        f"params/plan.yml: no table has the preset {PRESET!r}, one file and one force (layout: only), so there is no "
        "official table to cut. Declare one."
    )


def _write(project: Project, quarter: Quarter, plan: Plan, cuts: list[tuple[str, Cut]]) -> list[str]:
    sources = project.raw(quarter) / SOURCES_FILE
    listed = load(sources, Listed).files
    edit = YamlEdit(sources.read_bytes().decode("utf-8"), shown(sources))
    files, is_keyed, unnamed = {}, False, list[str]()
    for table, cut in cuts:
        name = plan.tables[table].file or cut.name
        path = project.raw(quarter) / name
        if path.exists() and path.read_bytes() != cut.content:
            raise UsageError(f"{shown(path)}: another file is there already. Remove it first.")
        if name not in listed:
            raise UsageError(f"{shown(sources)}: it has no entry {name!r}. Add one, with table, supplier and licence.")
        derived = {"file": cut.made_from, PLAIN: cut.made_from_sha256, "by": cut.how}
        after = "table"
        told = {PLAIN: cut.sha256, "rows": str(cut.rows), "derived_from": flow(derived)}
        if listed[name].is_keyed:
            is_keyed = True
            told = {"derived_from": flow({key: value for key, value in derived.items() if key != PLAIN})}
        if cut.release:
            at, value = ("files", name, "release"), flow(cut.release)
            if edit.has(at):
                edit.set(at, value)
            else:
                edit.add(at, value, after="table")
        elif cut.preset.revised_in_releases:
            unnamed.append(name)
        for key, value in told.items():
            at = ("files", name, key)
            if edit.has(at):
                edit.set(at, value)
            else:
                edit.add(at, value, after=after)
            after = PLAIN if PLAIN in told else after
        files[path] = cut
    text = edit.text.encode("utf-8")
    for path, cut in files.items():
        path.write_bytes(cut.content)
    sources.write_bytes(text)
    return [
        *(f"made {shown(path)}: {cut.rows:,} row{'s' * (cut.rows != 1)}" for path, cut in files.items()),
        f"Write in {shown(sources)} the day on which the table came (received)"
        f"{', and which release it is of (release)' * bool(unnamed)}.",
        *([f"Type make receive Q={quarter}, which records the keyed hash."] if is_keyed else []),
    ]

"""A new office's folder: everything is made in memory and held to the checks, then written, all of it or nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from panelpack.comparators.counts import read_kinds
from panelpack.config.official import release_of
from panelpack.config.plan import Plan
from panelpack.config.presets import load_presets
from panelpack.config.sources import SOURCES_FILE
from panelpack.config.study import load_offences
from panelpack.errors import ConfigurationError, UsageError
from panelpack.formats import listed
from panelpack.intake.published_table import PRESET, PublishedTable, cut_bytes, read_published
from panelpack.intake.salts import IGNORED
from panelpack.named_periods import resolve_period
from panelpack.new_office import residents as population
from panelpack.new_office.measure_list import Measure, list_error, read_measures
from panelpack.new_office.offences import (
    Offences,
    began,
    choices_of,
    count_offences,
    find_gap,
    official_of,
    overlaps,
    periods_of,
    redefinitions,
    wholes,
)
from panelpack.new_office.order import Order, find_faults
from panelpack.new_office.plan_file import (
    FILE,
    RESIDENTS,
    TABLE,
    Drafted,
    check_plan,
    figure_ids,
    plan_data,
    plan_text,
)
from panelpack.new_office.quarter_files import Cut, commentary_text, next_steps, parameters_text, sources_text
from panelpack.new_office.residents import Residents, read_residents
from panelpack.periods import Quarter, shift_month
from panelpack.project import Project, sha256


@dataclass(frozen=True)
class NewOffice:
    """A new office: its plan, its files by their path in the folder, and what a person should know of them."""

    plan: Plan
    files: Mapping[str, bytes]
    remarks: tuple[str, ...]


def new_office(software: Project, order: Order) -> list[str]:
    """Make an office's folder; return what was made, what should be known of it, and what is next.

    Raises UsageError, ConfigurationError or SourceError for what cannot be: then nothing is written.
    """
    _refuse_existing(order.folder, [f"params/{name}" for name in ("plan.yml", *_of_quarter(order.quarter))])
    table = read_published(software, order.data)
    made = draft(software, order, table)
    _refuse_existing(order.folder, list(made.files))
    _write(order.folder, made.files)
    return [*(f"made {order.folder / name}" for name in made.files), *made.remarks]


def draft(software: Project, order: Order, table: PublishedTable) -> NewOffice:
    """Return a new office as it would be written. Raises as new_office does."""
    force = table.force(order.force)
    in_table = table.quarters(force)
    if faults := list(find_faults(order, force, in_table)):
        raise UsageError("\n".join(faults))
    rows, study = table.of_force(force, order.quarter), load_offences(software.projection)
    in_table = [label for label in in_table if label <= str(order.quarter)]
    source = order.measures or software.usual_measures
    measures, left_out = read_measures(source, choices_of(rows, table.columns), order.measures is None)
    offences = count_offences(rows, table.columns, study, measures)
    measures, without = _without_gaps(order, measures, offences, in_table, source)
    residents = _residents(software, force, order.quarter, measures, source)
    parts = wholes(measures, offences)
    kinds = read_kinds(software) if force in study.forces else []
    drafted = {
        measure.id: Drafted(
            began(measure, offences, in_table),
            redefinitions(measure, offences, in_table),
            parts.get(measure.id, ""),
            official_of(measure, offences, kinds) if kinds else None,
        )
        for measure in measures
        if measure.where is not None
    }
    named = {"force": table.columns.force, "offences": table.columns.offences}
    data = plan_data(order, force, measures, drafted, named, study.forces, residents)
    presets = load_presets(*software.layouts)
    plan = check_plan(data, measures, presets, source)
    cuts = [cut_table(software, table, force, order.quarter)]
    cuts[0] = replace(cuts[0], release=order.release or cuts[0].release)
    if residents:
        cuts.append(cut_residents(software, residents))
    words = {measure.id: _periods_shown(plan, order, measure) for measure in measures if measure.id in drafted}
    raw = f"data/raw/{order.quarter}"
    files = {
        "params/plan.yml": plan_text(data).encode("utf-8"),
        f"params/{order.quarter}.yml": parameters_text(order.quarter).encode("utf-8"),
        f"params/{order.quarter}.md": commentary_text(measures, words).encode("utf-8"),
        **{f"{raw}/{cut.name}": cut.content for cut in cuts},
        f"{raw}/{SOURCES_FILE}": sources_text(cuts).encode("utf-8"),
        "data/raw/.gitignore": IGNORED.encode("utf-8"),
    }
    remarks = [
        *(f"left out: {words}" for words in (*left_out, *without)),
        *_remarks(measures, offences, parts),
        *_compared_across(order, measures, drafted),
        *next_steps(str(order.folder), order.quarter, measures, cuts),
    ]
    return NewOffice(plan, files, tuple(remarks))


def cut_table(software: Project, table: PublishedTable, force: str, quarter: Quarter, verb: str = "new-office") -> Cut:
    """Return the published table cut to a force, up to a quarter. verb: of make, that cuts it."""
    rows = table.of_force(force, quarter)
    content = cut_bytes(rows, table.spec)
    how = f"make {verb}: the rows of {force} up to {quarter}, with the columns as published"
    preset = load_presets(*software.layouts)[PRESET]
    made_from = f"{preset.title} ({table.source.name})"
    release = release_of(software.comparators, table.checksum)
    return Cut(FILE, TABLE, content, len(rows), sha256(content), preset, made_from, table.checksum, how, release)


def cut_residents(software: Project, residents: Residents, verb: str = "new-office") -> Cut:
    """Return the shipped table of residents cut to a force. verb: of make, that cuts it."""
    preset = load_presets(*software.layouts)[population.PRESET]
    how = f"make {verb}: the row of the force, with the columns as they are there"
    made_from = software.residents_by_force.relative_to(software.root).as_posix()
    content = residents.content
    return Cut(
        population.FILE, RESIDENTS, content, 1, sha256(content), preset, made_from, sha256(residents.source), how
    )


# ------------------------------------------------------------------------------------------------ its measures
def _without_gaps(
    order: Order, measures: list[Measure], offences: Offences, in_table: list[str], source: Path
) -> tuple[list[Measure], list[str]]:
    """Return the measures whose periods the table can give; those of the shipped list that it cannot are left out."""
    gaps = {
        measure.id: words
        for measure in measures
        if measure.where is not None
        and (words := find_gap(measure, offences, periods_of(measure, order.quarter, order.baseline_year), in_table))
    }
    if gaps and order.measures is not None:
        raise list_error(source, [(m.row, f"baseline: {gaps[m.id]}") for m in measures if m.id in gaps])
    kept = [replace(m, part_of="" if m.part_of in gaps else m.part_of) for m in measures if m.id not in gaps]
    return kept, [f"{m.title}: {gaps[m.id]}" for m in measures if m.id in gaps]


def _residents(
    software: Project, force: str, quarter: Quarter, measures: list[Measure], source: Path
) -> Residents | None:
    rates = [measure for measure in measures if measure.kind == "rate" and measure.where is not None]
    if not rates:
        return None
    try:
        residents = read_residents(software, force, quarter)
    except ConfigurationError as error:
        raise list_error(source, [(measure.row, f"kind: {error}") for measure in rates]) from None
    if residents.too_few:
        words = f"kind: a rate of residents says nothing of {force}: {residents.too_few}. Write count."
        raise list_error(source, [(measure.row, words) for measure in rates])
    return residents


def _periods_shown(plan: Plan, order: Order, measure: Measure) -> dict[str, str]:
    """Return the words of the periods that a measure shows; a baseline of its first months is no comparator."""
    names = {"latest": measure.latest, "baseline": measure.baseline}
    if began_in := plan.series[measure.id].began:
        settled = shift_month(began_in, plan.bedding_in_months)
        names = {
            which: name for which, name in names.items() if which == "latest" or min(_months(name, order)) >= settled
        }
    return {
        which: resolve_period(name, order.quarter.months[-1], order.baseline_year).words
        for which, name in names.items()
    }


def _months(name: str, order: Order) -> tuple[str, ...]:
    """Return the months of a period of the new quarter's report."""
    period = resolve_period(name, order.quarter.months[-1], order.baseline_year)
    return tuple(month for part in (period.parts or (period,)) for month in part.months)


def _remarks(measures: list[Measure], offences: Offences, parts: Mapping[str, str]) -> list[str]:
    """Say which measures are parts of others, and which share offences though neither is a part."""
    titles = {measure.id: measure.title for measure in measures}
    ids = figure_ids(measures)
    lines = []
    for whole in dict.fromkeys(parts.values()):
        names = listed([titles[name] for name in parts if parts[name] == whole])
        lines.append(f"part of {titles[whole]} ({ids[whole]}), so not counted beside it in the headline: {names}")
    for one, other in overlaps(measures, offences, parts):
        lines.append(f"{one} and {other} share offences, and both count in the headline: write one under part_of")
    return lines


def _compared_across(order: Order, measures: list[Measure], drafted: Mapping[str, Drafted]) -> Iterator[str]:
    """Yield which measures count something else in the latest period than in the baseline."""
    for measure in measures:
        if measure.id not in drafted:
            continue
        first = min(_months(measure.baseline, order))
        for month, reason in drafted[measure.id].redefined:
            if month > first:
                yield f"not like with like, and the pack says so: {measure.title}, from {month}: {reason}"


# -------------------------------------------------------------------------------------------------- on the disk
def _of_quarter(quarter: Quarter) -> tuple[str, str]:
    return f"{quarter}.yml", f"{quarter}.md"


def _refuse_existing(folder: Path, names: list[str]) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"TO={str(folder)!r}: this is a file, expected a folder. Name another.")
    for name in names:
        if (folder / name).exists():
            raise UsageError(
                f"{folder / name}: it exists already, and is never overwritten. Name another folder (TO=), or "
                "start the next quarter of this office with make new-quarter."
            )


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write every file, or none: what was written before a failure is taken away again."""
    written: list[Path] = []
    made: list[Path] = []
    try:
        for name, content in files.items():
            path = folder / name
            for parent in reversed([path.parent, *path.parent.parents]):
                if not parent.exists():
                    parent.mkdir()
                    made.append(parent)
            written.append(path)
            path.write_bytes(content)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        for parent in reversed(made):
            parent.rmdir()
        raise UsageError(f"TO={str(folder)!r}: it cannot be written ({error.strerror}). Name another folder.") from None

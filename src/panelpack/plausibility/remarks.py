"""What was noticed while files were read and must be answered, and files of the quarter before that are gone."""

from collections.abc import Iterator

from panelpack.config.configuration import Configuration
from panelpack.config.sources import SOURCES_FILE
from panelpack.config.strict_yaml import load
from panelpack.errors import ConfigurationError, shown
from panelpack.intake.received import ReceivedTable
from panelpack.intake.receiving import Listed
from panelpack.plausibility.query import Query, few

ALL_TABLES = "all tables"  # in the place of a table's name


def asked_remarks(table: ReceivedTable) -> Iterator[Query]:
    """Yield the remarks of reading that the analyst must answer."""
    asked: dict[str, list[str]] = {}
    for remark in table.remarks:
        if remark.asks:
            where = f"{remark.where}: " if remark.where and not table.spec.is_about_persons else ""
            asked.setdefault(remark.kind, []).append(where + remark.words)
    for kind, found in asked.items():
        others = len(found) - 1
        more = f" There {'is one' if others == 1 else f'are {others}'} more like it." if others else ""
        yield Query(table.name, kind, "", "", f"{found[0].removesuffix('.')}.{more}")


def lost_earlier_files(office: Configuration) -> Iterator[Query]:
    """Yield one query where files of the quarter before are gone, so that nothing restated can be seen.

    A first quarter has none before it: neither its folder nor its parameters.
    """
    before = office.quarter.shift(-1)
    folder = office.project.raw(before)
    where = shown(folder)
    consequence = "so what was restated since cannot be seen"
    if not folder.is_dir():
        if office.project.params(before).is_file():
            yield Query(ALL_TABLES, "earlier_files", "", str(before), f"{where} is gone, {consequence}.")
        return
    if not (folder / SOURCES_FILE).is_file():
        yield Query(ALL_TABLES, "earlier_files", "", str(before), f"{where} has no {SOURCES_FILE}, {consequence}.")
        return
    try:
        listed = load(folder / SOURCES_FILE, Listed).files  # of what was awaited then, not all need be written
        names = [file for name, source in listed.items() for file in source.named(name)]
    except ConfigurationError as error:
        words = f"{where}/{SOURCES_FILE} cannot be read, {consequence}: {str(error).splitlines()[0]}"
        yield Query(ALL_TABLES, "earlier_files", "", str(before), words)
        return
    lost = [name for name in names if not (folder / name).is_file()]
    if lost:
        words = f"{where} has lost {few(sorted(lost))}, {consequence}."
        yield Query(ALL_TABLES, "earlier_files", "", str(before), words)

"""Files arrive: their checksums and numbers of rows are recorded in sources.yml, and what changed is told."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from panelpack.config.configuration import Configuration
from panelpack.config.day import DayOrNone
from panelpack.config.parameters import NOT_SUPPLIED
from panelpack.config.sources import NOT_RECEIVED, SOURCES_FILE, Sha256, Source, find_misplaced
from panelpack.config.strict_yaml import Mistake, Strict, load
from panelpack.config.supplied_table import is_pattern
from panelpack.config.yaml_edit import YamlEdit
from panelpack.errors import PanelPackError, SourceError, UsageError, shown
from panelpack.intake.arrivals import SHORT, fits, links, unnamed
from panelpack.periods import Quarter
from panelpack.project import Project, digest

RowsReceived = Callable[[Configuration, str], int]


class Awaited(Source):
    """What is known of a file that may not have come yet."""

    received: DayOrNone = None  # type: ignore[assignment]
    sha256: Sha256 | dict[str, Sha256] | None = None  # type: ignore[assignment]


class Listed(Strict):
    """data/raw/<quarter>/sources.yml while files arrive: what is still to be written may be open."""

    files: dict[str, Awaited]

    def find_mistakes(self) -> Iterator[Mistake]:
        """Yield names that are none of files in the folder."""
        yield from find_misplaced(self.files)


@dataclass
class Arrival:
    """A table whose files came, changed or went since the last time: its name or pattern, and what to say of it."""

    name: str
    table: str
    words: str
    replaced: bool = False


def receive(folder: Path, rows_received: RowsReceived | None = None) -> list[str]:
    """Write checksums and numbers of rows of a raw folder's files into its sources.yml, and say what changed.

    Where the plan names the files of a table by a pattern, those that fit it are listed, and those that are gone are
    taken out. rows_received counts the rows of a table; they are written for tables that may be shown, and taken out
    of others. Nothing else of the file changes. Raises ConfigurationError when sources.yml is not one, SourceError
    for a link.
    """
    path, quarter = folder / SOURCES_FILE, folder.name
    if linked := links(folder):
        raise SourceError("\n".join(linked))
    before = load(path, Listed).files
    arrivals = list(_record_checksums(path, before))
    after = load(path, Listed).files
    office = _office(folder)
    rows = _record_rows(path, after, office, rows_received) if rows_received else {}
    lines = []
    for arrival in arrivals:
        was, now = before[arrival.name].rows, rows.get(arrival.name)
        words = f", {now:,} rows" if now is not None else ""
        if now is not None and was is not None and arrival.replaced:
            words = f", rows: {was:,} before, now {now:,}"
        lines.append(f"{arrival.name}: {arrival.words}{words}{_restated(arrival, office)}")
    told = {arrival.name for arrival in arrivals}
    lines += [f"{name}: {now:,} rows" for name, now in rows.items() if name not in told and now != before[name].rows]
    if not lines:
        lines.append(f"{shown(path)}: every checksum is up to date")
    if rows_received and isinstance(office, str):
        lines.append(f"Rows are not counted yet: {office}")
    lines += _awaited_no_more(path, after, office)
    lines += _still_to_write(path, after, {arrival.name for arrival in arrivals if arrival.replaced})
    return lines + unnamed(folder, list(before), quarter)


def _record_checksums(path: Path, files: dict[str, Awaited]) -> Iterator[Arrival]:
    _give_places(path, files)
    edit = YamlEdit(_text_of(path), shown(path))
    arrivals: list[Arrival] = []
    expected: dict[str, dict[str, object]] = {}
    for name, source in files.items():
        at = ("files", name, "sha256")
        there = _checksums(path.parent, name)
        if is_pattern(name):
            known = source.sha256 if isinstance(source.sha256, dict) else {}
            if not there and not known:
                arrivals.append(Arrival(name, source.table, "not received yet"))
                continue
            if there != known:
                edit.set_mapping(at, there)
                expected[name] = {"sha256": there}
                arrivals.append(Arrival(name, source.table, _files_words(known, there), bool(known)))
            continue
        old = source.sha256 if isinstance(source.sha256, str) else NOT_RECEIVED
        if name not in there:
            gone = f"the file is gone (sha256 {old[:SHORT]}). Put it back"
            arrivals.append(Arrival(name, source.table, "not received yet" if old == NOT_RECEIVED else gone))
        elif there[name] != source.sha256:
            edit.set(at, there[name])
            expected[name] = {"sha256": there[name]}
            new = there[name][:SHORT]
            words = (
                f"received, sha256 {new}"
                if old == NOT_RECEIVED
                else f"replaced, sha256 {old[:SHORT]} before, now {new}"
            )
            arrivals.append(Arrival(name, source.table, words, old != NOT_RECEIVED))
    if expected:
        _write(path, edit.text, expected)
    yield from arrivals


def _give_places(path: Path, files: dict[str, Awaited]) -> None:
    """Add the key sha256 to entries that have none."""
    edit = YamlEdit(_text_of(path), shown(path))
    without: dict[str, dict[str, object]] = {}
    for name, source in files.items():
        if "sha256" not in source.model_fields_set:
            edit.add(("files", name, "sha256"), NOT_RECEIVED, after="table")
            without[name] = {"sha256": NOT_RECEIVED}
    if without:
        _write(path, edit.text, without)


def _checksums(folder: Path, name: str) -> dict[str, str]:
    """Return the checksum of each file that is there of a name or pattern."""
    paths = [path for path in sorted(folder.iterdir()) if fits(path.name, name) and path.name != SOURCES_FILE]
    return {path.name: digest(path) for path in paths if path.is_file()}


def _files_words(known: dict[str, str], there: dict[str, str]) -> str:
    """Say which of several files came, changed and went."""
    came = [f"{name} received, sha256 {there[name][:SHORT]}" for name in there if name not in known]
    changed = [
        f"{name} replaced, sha256 {known[name][:SHORT]} before, now {there[name][:SHORT]}"
        for name in there
        if name in known and known[name] != there[name]
    ]
    went = [f"{name} is gone and was taken out" for name in known if name not in there]
    return "; ".join([*came, *changed, *went])


def _record_rows(
    path: Path, files: dict[str, Awaited], office: Configuration | str, rows_received: RowsReceived
) -> dict[str, int]:
    """Write how many rows each table has that may be shown; return them by the name of its files."""
    if isinstance(office, str):
        return {}
    edit = YamlEdit(_text_of(path), shown(path))
    counted: dict[str, int] = {}
    expected: dict[str, dict[str, object]] = {}
    for name, source in files.items():
        if _may_be_shown(source, office) and source.sha256 not in (None, NOT_RECEIVED, {}):
            with suppress(PanelPackError):  # make validate says what is wrong with the file
                counted[name] = rows_received(office, source.table)
        if counted.get(name) == source.rows:
            continue
        at = ("files", name, "rows")
        expected[name] = {"rows": counted.get(name)}
        if name not in counted:
            edit.remove(at)
        elif edit.has(at):
            edit.set(at, str(counted[name]))
        else:
            edit.add(at, str(counted[name]), after="sha256")
    if expected:
        _write(path, edit.text, expected)
    return counted


def _may_be_shown(source: Awaited, office: Configuration) -> bool:
    """Whether the number of a table's rows may stand in a file that is published."""
    spec = office.plan.tables.get(source.table)
    is_withheld = source.sensitivity != "public" or bool(office.parameters.withheld(source.table))
    return spec is not None and not spec.is_about_persons and not is_withheld


def _office(folder: Path) -> Configuration | str:
    """Return the office's configuration, or the first sentence of what is wrong with it."""
    try:
        return Configuration.read(Project.of(folder.absolute().parent.parent.parent), Quarter.parse(folder.name))
    except PanelPackError as error:
        return str(error).splitlines()[0]


def _restated(arrival: Arrival, office: Configuration | str) -> str:
    """Say how many figures a replaced file gives otherwise than the drop of the quarter before; '' if not known."""
    if not arrival.replaced or isinstance(office, str):
        return ""
    before = office.quarter.shift(-1)
    if not office.project.raw(before).is_dir():
        return ""
    from panelpack.intake.restated import find_restated  # here: it loads pandas

    try:
        restated = int((find_restated(office)["table"] == arrival.table).sum())
    except PanelPackError:
        return ""
    if not restated:
        return ""
    if restated == 1:
        return f"; 1 figure of an earlier period differs from that of {before}"
    return f"; {restated:,} figures of earlier periods differ from those of {before}"


def _awaited_no_more(path: Path, files: dict[str, Awaited], office: Configuration | str) -> Iterator[str]:
    """Yield the files that are there although the parameters say that they are awaited, or come no more."""
    availability = {} if isinstance(office, str) else office.parameters.availability
    for name, source in files.items():
        entry = availability.get(source.table)
        if not isinstance(office, str) and entry and entry.status in NOT_SUPPLIED and _checksums(path.parent, name):
            params = shown(office.project.params(office.quarter))
            yield f"{name}: {params} says that it is {entry.status}. Remove the status there, under availability."


def _still_to_write(path: Path, files: dict[str, Awaited], replaced: set[str]) -> Iterator[str]:
    """Yield what only a person knows of the files that are there."""
    here = {name: source for name, source in files.items() if _checksums(path.parent, name)}
    unset = [name for name, source in here.items() if source.received is None]
    if unset:
        yield f"Write in {shown(path)} the day on which each came (received): {', '.join(unset)}"
    for name in sorted(replaced & here.keys()):
        if day := here[name].received:
            yield f"{name}: received says {day.isoformat()}. Correct it in {shown(path)} if this file came later."


def _text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8")  # bytes, so that the line ends stay as they are


def _write(path: Path, text: str, expected: dict[str, dict[str, object]]) -> None:
    """Write sources.yml with new values, if it then says just that. Raises UsageError where it would say otherwise."""
    old = path.read_bytes()
    before = load(path, Listed).files
    wanted = {name: source.model_copy(update=expected.get(name, {})) for name, source in before.items()}
    path.write_bytes(text.encode("utf-8"))
    try:
        fits = load(path, Listed).files == wanted
    except PanelPackError:
        fits = False
    if not fits:
        path.write_bytes(old)
        values = "; ".join(f"{name}: {value}" for name, value in expected.items())
        raise UsageError(
            f"{shown(path)}: it is written in a way that this command cannot change, and was left as it is. "
            f"Write by hand: {values}"
        )

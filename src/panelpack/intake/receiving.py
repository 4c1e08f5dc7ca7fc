"""Files arrive: their checksums and numbers of rows are recorded in sources.yml, and what changed is told.

Of a guarded file (config/guarded.py) only a keyed hash is recorded, and the salt that it needs is drawn here, once.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from panelpack.config.configuration import Configuration
from panelpack.config.day import DayOrNone
from panelpack.config.guarded import why_guarded
from panelpack.config.parameters import NOT_SUPPLIED, Begun, Parameters, load_parameters
from panelpack.config.plan import Plan
from panelpack.config.plan_checks import load_plan
from panelpack.config.sources import NOT_RECEIVED, SOURCES_FILE, Digests, Sha256, Source, find_misplaced
from panelpack.config.strict_yaml import Mistake, Strict, load
from panelpack.config.supplied_table import is_pattern
from panelpack.config.yaml_edit import YamlEdit
from panelpack.errors import PanelPackError, SourceError, UsageError, shown
from panelpack.intake.arrivals import KEYED, PLAIN, SHORT, fits, links, unnamed
from panelpack.intake.salts import draw_salt, keyed_digest, read_salt, salt_file
from panelpack.periods import Quarter
from panelpack.project import CORRECTIONS, Project, digest

RowsReceived = Callable[[Configuration, str], int]


class Awaited(Source):
    """What is known of a file that may not have come yet."""

    received: DayOrNone = None  # type: ignore[assignment]
    release: str | None = None  # type: ignore[assignment]
    sha256: Sha256 | dict[str, Sha256] | None = None  # type: ignore[assignment]

    def named(self, name: str) -> dict[str, str]:
        """Return what is recorded of each file that came, by its name. name: that of the entry."""
        digests = self.digests or {}
        every = {name: digests} if isinstance(digests, str) else digests
        return {file: digest for file, digest in every.items() if digest != NOT_RECEIVED}


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
    words: str = ""
    replaced: bool = False
    drawn: list[str] = field(default_factory=list)  # the files for which a salt was drawn


def receive(folder: Path, rows_received: RowsReceived | None = None) -> list[str]:
    """Write checksums and numbers of rows of a raw folder's files into its sources.yml, and say what changed.

    Where the plan names the files of a table by a pattern, those that fit it are listed, and those that are gone are
    taken out. rows_received counts the rows of a table; they are written for tables that may be shown, and taken out
    of others. Of a guarded file a keyed hash takes the place of both; where it has no salt yet, one is drawn. Nothing
    else of the file changes. Raises ConfigurationError when sources.yml is not one, SourceError for a link.
    """
    path, quarter = folder / SOURCES_FILE, folder.name
    if linked := links(folder):
        raise SourceError("\n".join(linked))
    before = load(path, Listed).files
    office = _office(folder)
    arrivals = list(_record_checksums(path, before, _why(path, before, office)))
    after = load(path, Listed).files
    rows = _record_rows(path, after, office, rows_received) if rows_received else {}
    lines = []
    for arrival in arrivals:
        was, now = before[arrival.name].rows, rows.get(arrival.name)
        words = f", {now:,} rows" if now is not None else ""
        if now is not None and was is not None and arrival.replaced:
            words = f", rows: {was:,} before, now {now:,}"
        lines.append(f"{arrival.name}: {arrival.words}{words}{_restated(arrival, office)}")
    if drawn := [file for arrival in arrivals for file in arrival.drawn]:
        lines.append(
            f"A salt was drawn for {', '.join(drawn)}. Keep each with its file, never in git: "
            "docs/how-to/guarded-files.md"
        )
    lines += _salted_corrections(folder)
    told = {arrival.name for arrival in arrivals}
    lines += [f"{name}: {now:,} rows" for name, now in rows.items() if name not in told and now != before[name].rows]
    if not lines:
        lines.append(f"{shown(path)}: every checksum is up to date")
    if rows_received and isinstance(office, str):
        lines.append(f"Rows are not counted yet: {office}")
    lines += _awaited_no_more(path, after, office)
    lines += _still_to_write(path, after, {arrival.name for arrival in arrivals if arrival.replaced})
    return lines + unnamed(folder, list(before), quarter)


def _salted_corrections(folder: Path) -> Iterator[str]:
    """Draw a salt for the corrections of guarded files, if there are any, which are guarded themselves; and say so."""
    path = folder / CORRECTIONS
    if path.is_file() and not read_salt(path):
        draw_salt(path)
        yield f"A salt was drawn for {path.name}. Keep it with the file, never in git: docs/how-to/guarded-files.md"


def _why(path: Path, files: dict[str, Awaited], office: Configuration | str) -> dict[str, str]:
    """Return why files are guarded, by the names of their entries, as far as plan and parameters can be read yet."""
    plan, parameters = _declared(path.parent, office)
    every = {name: why_guarded(source, plan, parameters) for name, source in files.items()}
    return {name: why for name, why in every.items() if why}


def _declared(folder: Path, office: Configuration | str) -> tuple[Plan | None, Parameters | None]:
    """Return the plan and the parameters, as far as they can be read: much of a quarter that is begun is open."""
    if isinstance(office, Configuration):
        return office.plan, office.parameters
    plan, parameters = None, None
    with suppress(PanelPackError):
        project, quarter = _project(folder), Quarter.parse(folder.name)
        plan = load_plan(project.plan(quarter), *project.layouts)
        parameters = load_parameters(project.params(quarter), quarter, plan, Begun)
    return plan, parameters


def _is_keyed_now(path: Path, name: str, source: Awaited, why: Mapping[str, str]) -> bool:
    """Whether an entry has a keyed hash, or gets one.

    Of a guarded file that is gone the plain checksum is all that is left, so it stays until the file is back.
    """
    return source.is_keyed or (name in why and bool(_files(path.parent, name) or not source.named(name)))


def _give_places(path: Path, files: dict[str, Awaited], why: Mapping[str, str]) -> None:
    """Add the key of the checksum to entries that have none, and take out what gives a guarded file away."""
    edit = YamlEdit(_text_of(path), shown(path))
    expected: dict[str, dict[str, object]] = {}
    for name, source in files.items():
        is_keyed, given = _is_keyed_now(path, name, source, why), source.model_fields_set
        key = KEYED if is_keyed else PLAIN
        if key not in given:
            edit.add(("files", name, key), NOT_RECEIVED, after=PLAIN if PLAIN in given else "table")
            expected[name] = {key: NOT_RECEIVED}
        if not is_keyed:
            continue
        for gone in (gone for gone in (PLAIN, "rows") if gone in given):
            edit.remove(("files", name, gone))
            expected.setdefault(name, {})[gone] = None
        if source.derived_from and source.derived_from.sha256:
            edit.remove(("files", name, "derived_from", PLAIN))
            expected.setdefault(name, {})["derived_from"] = source.derived_from.model_copy(update={PLAIN: None})
    if expected:
        _write(path, edit.text, expected)


def _record_checksums(path: Path, files: dict[str, Awaited], why: Mapping[str, str]) -> Iterator[Arrival]:
    _give_places(path, files, why)
    edit = YamlEdit(_text_of(path), shown(path))
    arrivals: list[Arrival] = []
    expected: dict[str, dict[str, object]] = {}
    for name, source in files.items():
        if _is_keyed_now(path, name, source, why):
            key, (arrival, digests) = KEYED, _keyed_arrival(path, name, source)
        else:
            key, (arrival, digests) = PLAIN, _arrival(path, name, source, is_silent=name in why)
        if isinstance(digests, str):
            edit.set(("files", name, key), digests)
        elif digests is not None:
            edit.set_mapping(("files", name, key), digests)
        if digests is not None:
            expected[name] = {key: digests}
        if arrival.words:
            arrivals.append(arrival)
    if expected:
        _write(path, edit.text, expected)
    yield from arrivals


def _arrival(path: Path, name: str, source: Awaited, *, is_silent: bool) -> tuple[Arrival, Digests | None]:
    """Return what came of an entry, and its new checksums; None where they stay. is_silent: none may be told."""
    there, arrival = _checksums(path.parent, name), Arrival(name, source.table)
    if is_pattern(name):
        known = source.sha256 if isinstance(source.sha256, dict) else {}
        if not there and not known:
            return replace(arrival, words="not received yet"), None
        if there == known:
            return arrival, None
        return replace(arrival, words=_files_words(known, there), replaced=bool(known)), there
    old = source.sha256 if isinstance(source.sha256, str) else NOT_RECEIVED
    if name not in there:
        gone = "the file is gone. Put it back" if is_silent else f"the file is gone (sha256 {old[:SHORT]}). Put it back"
        return replace(arrival, words="not received yet" if old == NOT_RECEIVED else gone), None
    new = there[name]
    if new == source.sha256:
        return arrival, None
    if old == NOT_RECEIVED:
        return replace(arrival, words=f"received, sha256 {new[:SHORT]}"), new
    return replace(arrival, words=f"replaced, sha256 {old[:SHORT]} before, now {new[:SHORT]}", replaced=True), new


def _keyed_arrival(path: Path, name: str, source: Awaited) -> tuple[Arrival, Digests | None]:
    """Return what came of the entry of a guarded file, and its new keyed hashes; None where they stay.

    A salt is drawn for each file that has none. Where a keyed hash was recorded and the salt is not there, no other is
    drawn: with another nobody would see that the file can no longer be checked.
    """
    known = source.named(name) if source.is_keyed else {}
    plain = {} if source.is_keyed else source.named(name)
    there: dict[str, str] = {}
    words, drawn, is_replaced = [], [], False
    for file in _files(path.parent, name):
        label, old = f"{file.name} " if is_pattern(name) else "", known.get(file.name)
        salt = read_salt(file)
        if not salt and old:
            there[file.name] = old
            words.append(
                f"{label}its salt ({salt_file(file).name}) is not there, so nobody can check that this is the file "
                f"that was received. Put the salt back; if it is lost, take its {KEYED} out of {shown(path)} and type "
                f"make receive Q={path.parent.name} once more, which commits to the file as it now is"
            )
            continue
        if not salt:
            draw_salt(file)
            drawn.append(file.name)
            salt = read_salt(file)
        new = there[file.name] = keyed_digest(file, salt)
        if old and old != new:
            words.append(f"{label}replaced, {KEYED} {old[:SHORT]} before, now {new[:SHORT]}")
        elif was := plain.get(file.name):
            is_same = was == digest(file)
            is_replaced |= not is_same
            how = f"its sha256 gave it away, now {KEYED}" if is_same else f"replaced, now {KEYED}"
            words.append(f"{label}{how} {new[:SHORT]}")
        elif not old:
            words.append(f"{label}received, {KEYED} {new[:SHORT]}")
        is_replaced |= bool(old and old != new)
    gone = [file for file in known | plain if file not in there]
    if is_pattern(name):
        words += [f"{file} is gone and was taken out" for file in gone]
    elif gone:
        words.append("the file is gone. Put it back")
    if not there and not gone:
        words.append("not received yet")
    arrival = Arrival(name, source.table, "; ".join(words), is_replaced, drawn)
    if is_pattern(name):
        return arrival, there if there != known and (there or known) else None
    return arrival, there[name] if there and there[name] != known.get(name) else None


def _files(folder: Path, name: str) -> list[Path]:
    """Return the files that are there of a name or pattern."""
    paths = (path for path in sorted(folder.iterdir()) if fits(path.name, name) and path.name != SOURCES_FILE)
    return [path for path in paths if path.is_file()]


def _checksums(folder: Path, name: str) -> dict[str, str]:
    """Return the checksum of each file that is there of a name or pattern."""
    return {path.name: digest(path) for path in _files(folder, name)}


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
    is_guarded = source.is_keyed or bool(office.why_guarded(source))
    return spec is not None and not is_guarded and not office.withheld(source.table)


def _office(folder: Path) -> Configuration | str:
    """Return the office's configuration, or the first sentence of what is wrong with it."""
    try:
        return Configuration.read(_project(folder), Quarter.parse(folder.name))
    except PanelPackError as error:
        return str(error).splitlines()[0]


def _project(folder: Path) -> Project:
    """Return the office that a raw folder belongs to."""
    return Project.of(folder.absolute().parent.parent.parent)


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
        if not isinstance(office, str) and entry and entry.status in NOT_SUPPLIED and _files(path.parent, name):
            params = shown(office.project.params(office.quarter))
            yield f"{name}: {params} says that it is {entry.status}. Remove the status there, under availability."


def _still_to_write(path: Path, files: dict[str, Awaited], replaced: set[str]) -> Iterator[str]:
    """Yield what only a person knows of the files that are there."""
    here = {name: source for name, source in files.items() if _files(path.parent, name)}
    unset = [name for name, source in here.items() if source.received is None]
    if unset:
        yield f"Write in {shown(path)} the day on which each came (received): {', '.join(unset)}"
    if unnamed_yet := [n for n, source in here.items() if "release" in source.model_fields_set and not source.release]:
        yield f"Write in {shown(path)} which release each is of (release): {', '.join(unnamed_yet)}"
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

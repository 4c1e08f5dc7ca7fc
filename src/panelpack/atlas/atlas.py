"""The atlas: for every force and quarter of the official table the pack that make new-office would begin."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from panelpack.atlas.chunks import Basis, Chunk, Pack, divide, fingerprint_of_code
from panelpack.atlas.cluster import client_of, make_chunks, workers_of
from panelpack.atlas.listing import Failure, write_listing
from panelpack.atlas.office import release_name
from panelpack.atlas.order import AtlasOrder, chosen_baseline, chosen_forces, titles
from panelpack.atlas.progress import Progress, counted, in_words
from panelpack.atlas.store import Release, Store, slug
from panelpack.errors import UsageError
from panelpack.intake.published_table import PublishedTable, read_published
from panelpack.periods import Quarter
from panelpack.project import Project

NONE_MADE = 1
MOST_RED = 10  # that are named once more at the end


def make_atlas(software: Project, order: AtlasOrder, say: Callable[[str], None]) -> int:
    """Make the packs that are not there yet, the index of all that are, and the page; return the exit code.

    NONE_MADE: not one of the packs that were asked for is there. Raises UsageError, ConfigurationError or SourceError
    for an order that cannot be; a pack that cannot be made is a row of the index.
    """
    table = read_published(software, order.data)
    forces, baseline = chosen_forces(order, table), chosen_baseline(order, table)
    titles(forces)
    release = release_of(software, order, table)
    basis = Basis(table, release.name, baseline, order.measures)
    store = Store(order.folder / slug(release.name))
    size = f"{counted(len(forces), 'force')}, {counted(len(order.quarters), 'quarter')}"
    say(f"Atlas {release.name!r}: {size}, compared with {baseline}")
    with store.alone():
        store.begin_release(release)
        store.tidy()
        code = fingerprint_of_code(software)
        wanted = [packs_of(force, order.quarters, basis, code) for force in forces]
        to_make = [[pack for pack in packs if not _is_made(software, store, pack)] for packs in wanted]
        number, left = sum(map(len, wanted)), sum(map(len, to_make))
        say(f"{number - left} of {counted(number, 'pack')} there as they would be made, {left} to be made")
        failures: list[Failure] = []
        if left:
            with client_of(order.scheduler, order.jobs) as client:
                pieces = divide([packs for packs in to_make if packs], workers_of(client))
                chunks = [chunk_of(software, store, basis, packs) for packs in pieces]
                failures = run(client, chunks, code, Progress(left, say))
        store.tidy()
        if fingerprint_of_code(software) != code:
            raise UsageError("the code was changed while the atlas was made. Type make atlas again.")
        asked = {(pack.force, str(pack.quarter)) for packs in wanted for pack in packs}
        page = write_listing(software, store, basis, failures, asked)
        records = [record for record in store.records() if (record.force, record.quarter) in asked]
    for failure in failures[:MOST_RED]:
        say(f"RED {failure.force} {failure.quarter}: {failure.message}")
    if (more := len(failures) - MOST_RED) > 0:
        say(f"and {more} more, each with its reason in the index")
    cost = sum(record.cpu_seconds for record in records)
    megabytes = sum(record.bytes for record in records) / 1e6
    say(f"{number - len(failures)} of {counted(number, 'pack')} there, {len(failures)} red")
    say(f"made in {in_words(cost)} of one processor, {megabytes:,.0f} MB")
    say(f"  {page}")
    return NONE_MADE if len(failures) == number else 0


def run(client: Any, chunks: Sequence[Chunk], code: str, progress: Progress) -> list[Failure]:
    """Make chunks on a cluster; return the packs that were not made."""
    failures = []
    for chunk, outcomes, why in make_chunks(client, chunks, code, progress.heard, progress.lost):
        for outcome in [*outcomes, *_lost(chunk, outcomes, why)]:
            progress.heard(outcome)
            if outcome["exit"]:
                failures.append(Failure(outcome["force"], outcome["quarter"], outcome["exit"], outcome["message"]))
    return failures


def release_of(software: Project, order: AtlasOrder, table: PublishedTable) -> Release:
    """Return which release the table is."""
    return Release(release_name(software, order.release, table), table.source.name, table.checksum)


def packs_of(force: str, quarters: Sequence[Quarter], basis: Basis, code: str) -> list[Pack]:
    """Return the packs of a force for some quarters."""
    return [Pack(force, quarter, basis.fingerprint(code, force, quarter)) for quarter in quarters]


def chunk_of(software: Project, store: Store, basis: Basis, packs: tuple[Pack, ...]) -> Chunk:
    """Return the chunk of some packs of a force."""
    return Chunk(software.root, store.folder, packs, basis.of_force(packs[0].force))


def _is_made(software: Project, store: Store, pack: Pack) -> bool:
    return store.is_made(software, pack.force, pack.quarter, pack.fingerprint)


def _lost(chunk: Chunk, outcomes: Sequence[dict[str, Any]], why: str) -> Iterator[dict[str, Any]]:
    """Yield an outcome for each pack of a chunk that has none, since its process was lost each time it was tried."""
    if not why:
        return
    heard, store = {(outcome["force"], outcome["quarter"]) for outcome in outcomes}, Store(chunk.store)
    for pack in chunk.packs:
        key = pack.force, str(pack.quarter)
        if key not in heard and not store.is_made(Project(chunk.software), pack.force, pack.quarter, pack.fingerprint):
            yield {"force": key[0], "quarter": key[1], "exit": NONE_MADE, "message": why, "cpu_seconds": 0.0}

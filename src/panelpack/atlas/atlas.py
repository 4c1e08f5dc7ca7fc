"""The atlas: for every force and quarter of the official table the pack that make new-office would begin."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from panelpack.atlas.chunks import Chunk, Pack, divide, fingerprint_of_code, fingerprint_of_pack
from panelpack.atlas.cluster import client_of, make_chunks, workers_of
from panelpack.atlas.listing import Failure, write_listing
from panelpack.atlas.order import AtlasOrder, chosen_baseline, chosen_forces, titles
from panelpack.atlas.progress import Progress, in_words
from panelpack.atlas.store import Release, Store, slug
from panelpack.config.official import release_of
from panelpack.errors import UsageError
from panelpack.intake.published_table import PublishedTable, read_published
from panelpack.project import Project

NONE_MADE = 1


def make_atlas(software: Project, order: AtlasOrder, say: Callable[[str], None]) -> int:
    """Make the packs that are not there yet, the index of all that are, and the page; return the exit code.

    NONE_MADE: not one of the packs that were asked for is there. Raises UsageError, ConfigurationError or SourceError
    for an order that cannot be; a pack that cannot be made is a row of the index.
    """
    table = read_published(software, order.data)
    forces, baseline = chosen_forces(order, table), chosen_baseline(order, table)
    titles(forces)
    release = release_named(software, order, table)
    store = Store(order.folder / slug(release.name))
    say(f"Atlas {release.name!r}: {len(forces)} forces, {len(order.quarters)} quarters, compared with {baseline}")
    with store.alone():
        store.begin_release(release)
        store.tidy()
        code = fingerprint_of_code(software)
        wanted = [packs_of(force, order, table, baseline, code) for force in forces]
        to_make = [[pack for pack in packs if not _is_made(software, store, pack)] for packs in wanted]
        number, left = sum(map(len, wanted)), sum(map(len, to_make))
        say(f"{number - left} of {number} packs are there as they would be made, {left} are to be made")
        failures: list[Failure] = []
        if left:
            with client_of(order.scheduler, order.jobs) as client:
                pieces = divide([packs for packs in to_make if packs], workers_of(client))
                chunks = [chunk_of(software, store, order, table, baseline, packs) for packs in pieces]
                failures = run(client, chunks, code, Progress(left, say))
        store.tidy()
        if fingerprint_of_code(software) != code:
            raise UsageError("the code was changed while the atlas was made. Type make atlas again.")
        asked = {(pack.force, str(pack.quarter)) for packs in wanted for pack in packs}
        page = write_listing(software, store, table, order.measures, failures, asked, baseline)
        records = [record for record in store.records() if (record.force, record.quarter) in asked]
    for failure in failures:
        say(f"RED {failure.force} {failure.quarter}: {failure.message}")
    cost = sum(record.cpu_seconds for record in records)
    size = sum(record.bytes for record in records) / 1e6
    say(f"{number - len(failures)} of {number} packs are there, {len(failures)} are red.")
    say(f"They took {in_words(cost)} of one processor, and have {size:,.0f} MB.")
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


def release_named(software: Project, order: AtlasOrder, table: PublishedTable) -> Release:
    """Return which release the table is: as RELEASE calls it, else as data/comparators does, else by its checksum."""
    known = order.release or release_of(software.comparators, table.checksum)
    return Release(known or f"table {table.checksum[:12]}", table.source.name, table.checksum)


def packs_of(force: str, order: AtlasOrder, table: PublishedTable, baseline: str, code: str) -> list[Pack]:
    """Return the packs of a force that are asked for."""
    return [
        Pack(force, quarter, fingerprint_of_pack(code, table, force, quarter, baseline, order.measures))
        for quarter in order.quarters
    ]


def _is_made(software: Project, store: Store, pack: Pack) -> bool:
    return store.is_made(software, pack.force, pack.quarter, pack.fingerprint)


def chunk_of(
    software: Project, store: Store, order: AtlasOrder, table: PublishedTable, baseline: str, packs: tuple[Pack, ...]
) -> Chunk:
    """Return the chunk of some packs of a force, with the force's rows of the table."""
    own = table.rows[table.rows[table.columns.force] == packs[0].force]
    return Chunk(software.root, store.folder, packs, replace(table, rows=own), baseline, order.measures)


def _lost(chunk: Chunk, outcomes: Sequence[dict[str, Any]], why: str) -> Iterator[dict[str, Any]]:
    """Yield an outcome for each pack of a chunk that has none, since its process was lost each time it was tried."""
    if not why:
        return
    heard, store = {(outcome["force"], outcome["quarter"]) for outcome in outcomes}, Store(chunk.store)
    for pack in chunk.packs:
        key = pack.force, str(pack.quarter)
        if key not in heard and not store.is_made(Project(chunk.software), pack.force, pack.quarter, pack.fingerprint):
            yield {"force": key[0], "quarter": key[1], "exit": NONE_MADE, "message": why, "cpu_seconds": 0.0}

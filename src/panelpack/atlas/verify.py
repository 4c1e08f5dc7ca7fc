"""Make some packs of an atlas again, elsewhere, from the parameters and the raw data that lie in the store."""

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from panelpack.atlas.atlas import run
from panelpack.atlas.chunks import Chunk, Pack, divide, fingerprint_of_code
from panelpack.atlas.cluster import client_of, workers_of
from panelpack.atlas.index import FILE
from panelpack.atlas.order import FOLDER, folder_of, read_address, read_number, read_release
from panelpack.atlas.progress import Progress, counted
from panelpack.atlas.store import Record, Store, find_damage, slug
from panelpack.audit import differences
from panelpack.errors import UsageError
from panelpack.periods import Quarter
from panelpack.pipeline.scheduler import cores
from panelpack.project import Project
from panelpack.publishing.manifest import MANIFEST_FILE, read_manifest, read_run, this_run

USUAL_NUMBER, USUAL_SEED = 20, 1
AGREES, DIFFERS = 0, 1
SHORT = 12  # characters of a seal by which it is told


@dataclass(frozen=True)
class Sample:
    """Which packs are to be made again: so many of a release, chosen by a seed."""

    store: Store
    number: int
    seed: int
    jobs: int
    scheduler: str

    def chosen(self) -> list[Record]:
        """Return the packs, in the order of their folders; all where there are fewer. Raises UsageError for none."""
        records = self.store.records()
        if not records:
            raise UsageError(f"{self.store.folder}: there is no pack in it, expected one. Type make atlas first.")
        chosen = random.Random(self.seed).sample(range(len(records)), min(self.number, len(records)))
        return [records[place] for place in sorted(chosen)]


def read_sample(software: Project, given: Mapping[str, str]) -> Sample:
    """Return the sample from what was given, by the name that make knows it by.

    Raises UsageError for what is no number, and for a release that is not there.
    """
    said = {name: text.strip() for name, text in given.items()}
    number = read_number("N", said["N"], USUAL_NUMBER, 1)
    seed = read_number("SEED", said["SEED"], USUAL_SEED, 0)
    jobs, scheduler = cores(), read_address(said["SCHEDULER"])
    store = _store(folder_of(software, said["TO"]), read_release(said["RELEASE"]))
    return Sample(store, number, seed, jobs, scheduler)


def verify_atlas(software: Project, sample: Sample, say: Callable[[str], None]) -> int:
    """Make the packs of a sample again in a temporary folder and compare their seals; say what differs.

    Returns AGREES, or DIFFERS where one does not have the seal that it has in the store.
    """
    chosen, store = sample.chosen(), sample.store
    say(f"Making {len(chosen)} of {counted(len(store.records()), 'pack')} in {store.folder} again (SEED={sample.seed})")
    code = fingerprint_of_code(software)
    with tempfile.TemporaryDirectory(prefix="panelpack-atlas-", dir=_shared(sample)) as folder:
        again = Store(Path(folder))
        packs = [_pack(store, record) for record in chosen]
        with client_of(sample.scheduler, sample.jobs) as client:
            chunks = [Chunk(software.root, again.folder, piece) for piece in divide([packs], workers_of(client))]
            failures = run(client, chunks, code, Progress(len(packs), say))
        why = {(failure.force, failure.quarter): failure.message for failure in failures}
        sentences = list(find_differences(software, store, again, chosen, why))
    for sentence in sentences:
        say(sentence)
    say(f"{len(chosen) - len(sentences)} of {counted(len(chosen), 'pack')} reproduced, with the same seal")
    return DIFFERS if sentences else AGREES


def find_differences(
    software: Project, store: Store, again: Store, chosen: Sequence[Record], why: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    """Yield a sentence for each pack that is not as it was made, or was made otherwise now.

    why: the reason for each that could not be made again.
    """
    for record in chosen:
        quarter, name = Quarter.parse(record.quarter), f"{record.force} {record.quarter}"
        here = Project(software.root, store.office(record.force, quarter))
        if damage := find_damage(here, quarter, record.seal):
            yield f"{name} is not as it was made: {damage}"
        elif reason := why.get((record.force, record.quarter)):
            yield f"{name} could not be made again: {reason}"
        else:
            there = Project(software.root, again.office(record.force, quarter))
            found, recorded = (read_manifest(p.outputs(quarter) / MANIFEST_FILE) for p in (there, here))
            if found["seal"] != recorded["seal"]:
                runs = read_run(here.outputs(quarter)), this_run(software)
                differs = differences.between(recorded, found, runs)
                line = f"{name} was made by other code than this: type make atlas again."
                if not (differs.files["code"] or differs.files["notebooks"]):
                    line = differences.line(differs, name)
                yield f"{line} Its seal is {recorded['seal'][:SHORT]}, made again {found['seal'][:SHORT]}."


def _pack(store: Store, record: Record) -> Pack:
    """Return a pack that is made again from what lies in the store."""
    quarter = Quarter.parse(record.quarter)
    return Pack(record.force, quarter, record.fingerprint, store.office(record.force, quarter))


def _store(folder: Path, release: str) -> Store:
    """Return the store of a release; without a name, the one that was made last. Raises UsageError for none."""
    made = sorted(folder.glob(f"*/{FILE}"), key=lambda path: path.stat().st_mtime)
    names = sorted(path.parent.name for path in made)
    if release and slug(release) not in names:
        there = f"found {', '.join(names)}" if names else "found none"
        raise UsageError(f"RELEASE={release!r}: there is no atlas of it in {folder}, {there}. Correct the name.")
    if not made:
        raise UsageError(f"{folder}: there is no atlas, expected one (by default in {FOLDER}). Type make atlas first.")
    return Store(folder / slug(release) if release else made[-1].parent)


def _shared(sample: Sample) -> Path | None:
    """Return the folder in which packs are made again: where a cluster elsewhere sees it, else the usual one."""
    return sample.store.folder.parent if sample.scheduler else None

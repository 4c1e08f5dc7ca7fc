"""Somebody has all that is published and the rows of a small table up to the newest, and tries every newest row.

A plain hash of the file would tell which is right, in less than a second. That this finds nothing would mean little if
it could find nothing, so it is given such a hash too, and then finds the row.
"""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from panelpack.audit.verify import STAND_IN
from running import QUARTER

RAW = f"data/raw/{QUARTER}"
DIGEST = re.compile(rb"[0-9a-f]{64}")
# Of each table: its file, and every newest row that could be. Of the one about persons who was reported last, and when.
SMALL = {
    "under embargo": (
        "drug_treatment.csv",
        [f"{QUARTER},{completions},{again}" for completions in range(150, 401) for again in range(61)],
    ),
    "about persons": (
        "missing_people.csv",
        [f"R{report:03},{month},P{who:02}" for report in range(60, 90) for month in ("2015-04", "2015-05", "2015-06")
         for who in range(100)],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def published(made_run) -> list[Path]:
    """All that such an office has in git and publishes: nothing of data/raw but sources.yml, no review copies."""
    root, outputs = made_run.root, made_run.root / "outputs" / QUARTER
    kept = [path for name in ("params", "expectations", "notebooks", "src") for path in (root / name).rglob("*")]
    kept += [path for path in (root / "data").rglob("*") if "processed" not in path.parts]
    kept = [path for path in kept if "raw" not in path.parts or path.name in ("sources.yml", ".gitignore")]
    kept += [*outputs.glob("*.*"), *(outputs / "pack").iterdir()]
    return [path for path in kept if path.is_file() and path.suffix != ".pyc"]


@pytest.fixture(scope="module")
def digests(published) -> set[str]:
    """Every hash that stands anywhere in what is published."""
    return {found.decode() for path in published for found in DIGEST.findall(path.read_bytes())}


def guesses(known: bytes, rows: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each newest row with every hash that may stand for it.

    Of the file, as it is usually written; of the row and its parts; of their sum; of the file keyed by a salt that
    everybody knows.
    """
    for line_end in (b"\n", b"\r\n"):
        before = hashlib.sha256(known.replace(b"\n", line_end))
        for row in rows:
            for last in (b"", line_end):
                whole = before.copy()
                whole.update(row.encode() + last)
                yield row, whole.hexdigest()
    for row in rows:
        numbers = [int(part) for part in row.split(",") if part.isdecimal()]
        for text in (row, f"{row}\n", row.partition(",")[2], *map(str, numbers), str(sum(numbers))):
            yield row, hashlib.sha256(text.encode()).hexdigest()
        for salt in ("", STAND_IN):
            yield row, hmac.digest(bytes.fromhex(salt), known + row.encode() + b"\n", "sha256").hex()


def guess(known: bytes, rows: list[str], digests: set[str]) -> tuple[str, int, float]:
    """Return the row whose hash is among those published ('' if none is), the number of guesses, and the seconds."""
    began, count = time.perf_counter(), 0
    for row, digest in guesses(known, rows):
        count += 1
        if digest in digests:
            return row, count, time.perf_counter() - began
    return "", count, time.perf_counter() - began


@pytest.mark.slow
@pytest.mark.parametrize("table", SMALL)
def test_no_hash_that_is_published_tells_the_newest_row(made_run, digests, table, capsys):
    name, rows = SMALL[table]
    content = (made_run.root / RAW / name).read_bytes()
    known, newest = content.removesuffix(b"\n").rsplit(b"\n", 1)
    assert newest.decode() in rows
    found, tried, seconds = guess(known + b"\n", rows, digests)
    given, fewer, less = guess(known + b"\n", rows, digests | {hashlib.sha256(content).hexdigest()})
    with capsys.disabled():
        said = f"{tried:,} guesses in {seconds:.2f} s against {len(digests):,} hashes: found {found or 'nothing'}"
        print(f"\n{name}: {said}")
        print(f"{name}: with its plain sha256, {fewer:,} guesses in {less:.2f} s: found {given}")
    assert found == ""
    assert given == newest.decode() and fewer <= tried


def stated(data: object, name: str) -> Iterator[object]:
    """Yield every single value that stands beside the name of a file, or below it."""
    if isinstance(data, list):
        for part in data:
            yield from stated(part, name)
    elif isinstance(data, dict):
        is_named = any(isinstance(value, str) and value.endswith(name) for value in data.values())
        for key, value in data.items():
            if is_named or str(key).endswith(name):
                yield from leaves(value)
            else:
                yield from stated(value, name)


def leaves(data: object) -> Iterator[object]:
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else None
    if parts is None:
        yield data
    else:
        for part in parts:
            yield from leaves(part)


@pytest.mark.slow
@pytest.mark.parametrize("table", SMALL)
def test_no_size_and_no_number_of_rows_is_published(made_run, published, table):
    name, _ = SMALL[table]
    content = (made_run.root / RAW / name).read_bytes()
    rows = content.count(b"\n")
    read = {".json": json.loads, ".yml": yaml.safe_load, ".cwl": json.loads}
    documents = {path: read[path.suffix](path.read_text(encoding="utf-8")) for path in published if path.suffix in read}
    beside = {path.name: {str(value) for value in stated(data, name)} for path, data in documents.items()}
    assert {file for file, values in beside.items() if values} >= {
        "manifest.json",
        "ro-crate-metadata.json",
        "sources.yml",
    }
    for file in ("manifest.json", "ro-crate-metadata.json", "sources.yml", "run.json", "workflow.cwl"):
        assert not beside[file] & {str(len(content)), str(rows), str(rows - 1)}, file

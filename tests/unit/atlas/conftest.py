"""A store with packs that were never made: as much of each as the store looks at."""

import json
from functools import partial

import pytest

from panelpack.atlas.store import Record, Store, write_record
from panelpack.periods import Quarter
from panelpack.project import digest
from panelpack.publishing.manifest import seal

TABLE = "indicator,priority,title,unit,latest,baseline,pct_change,verdict,how_sure,how_sure_reason\n"
TABLE += "P1.theft,P1,Theft,count,900,1000,-10,improved,clear,Clear.\n"
QUARTER = Quarter.parse("2015Q1")


def fill(office, quarter=QUARTER, raw="a,b\n", table=TABLE):
    """Write the files of a pack and their manifest; return its seal."""
    outputs = office / "outputs" / str(quarter)
    texts = {office / "data" / "raw" / str(quarter) / "table.csv": raw, outputs / "pack" / "indicators.csv": table}
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    listed = [
        (path.relative_to(folder).as_posix(), path) for path, folder in zip(texts, (office, outputs), strict=True)
    ]
    (inputs, made) = ({name: {"sha256": digest(path), "bytes": 1}} for name, path in listed)
    manifest = {"quarter": str(quarter), "parameters": {}, "inputs": inputs, "code": {}, "notebooks": {}}
    manifest |= {"intermediate": {}, "figures": {}, "paragraphs": {}, "outputs": made}
    manifest |= {"seal": seal(manifest), "pages": {}}
    (outputs / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return manifest["seal"]


def put(store, force="Westmoor", quarter=QUARTER, fingerprint="f", **content):
    """Put a pack into a store as it comes there, and return its record."""
    made = store.begin(force, quarter)
    record = Record(force, str(quarter), fingerprint, fill(made, quarter, **content), 2.0, 1.0, 10)
    write_record(made, record)
    store.put_in_place(made, force, quarter)
    return record


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return Store(tmp_path / "store")


@pytest.fixture
def again(tmp_path):
    """Another store, in which packs of the first are made again."""
    (tmp_path / "again").mkdir()
    return Store(tmp_path / "again")


@pytest.fixture
def add(store):
    """Return a function that puts a pack into the store, and returns its record."""
    return partial(put, store)


@pytest.fixture
def add_again(again):
    """Return a function that puts a pack into the other store."""
    return partial(put, again)

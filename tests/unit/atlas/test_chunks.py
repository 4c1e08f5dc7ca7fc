"""How packs are put into chunks, and what makes one be made again."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

import running
from panelpack.atlas.chunks import Basis, Pack, divide, fingerprint_of_code
from panelpack.periods import Quarter
from panelpack.project import Project


def groups(*sizes):
    quarters = [Quarter.parse("2012Q1").shift(by) for by in range(max(sizes))]
    return [[Pack(f"force {n}", quarter, "") for quarter in quarters[:size]] for n, size in enumerate(sizes)]


@pytest.mark.parametrize(
    ("sizes", "workers", "pieces"),
    [
        ((2, 2), 2, [2, 1, 1]),
        ((8,) * 12, 2, [8] * 10 + [8, 4, 2, 1, 1]),
        ((1, 3), 1, [3, 1]),
        ((4,), 8, [1, 1, 1, 1]),
    ],
)
def test_chunks_are_large_first_and_small_at_the_end(sizes, workers, pieces):
    made = list(divide(groups(*sizes), workers))
    assert [len(piece) for piece in made] == pieces
    assert all(len({pack.force for pack in piece}) == 1 for piece in made)
    assert sorted(map(str, (pack for piece in made for pack in piece))) == sorted(
        str(pack) for group in groups(*sizes) for pack in group
    )


def test_no_worker_waits_long_for_the_last_chunk():
    made = [len(piece) for piece in divide(groups(*(40,) * 43), 16)]
    assert sum(made) == 43 * 40 and made[0] == 40 and max(made[-16:]) <= 2


def fingerprint(code="code", force="A", label="2015Q1", checksum="1", name="table.csv", **other):
    table = SimpleNamespace(checksum=checksum, source=Path(name))
    basis = Basis(table, **{"release": "October", "baseline": "2012/13", **other})
    return basis.fingerprint(code, force, Quarter.parse(label))


def test_a_fingerprint_is_of_everything_that_a_pack_is_made_from(tmp_path):
    listed = tmp_path / "measures.csv"
    listed.write_text("id", encoding="utf-8")
    changes = [{"code": "other"}, {"force": "B"}, {"label": "2015Q2"}, {"checksum": "2"}, {"name": "other.csv"}]
    changes += [{"release": "April"}, {"baseline": "2013/14"}, {"measures": listed}]
    assert len({fingerprint(), *(fingerprint(**change) for change in changes)}) == 1 + len(changes)
    assert fingerprint() == fingerprint()


@pytest.mark.parametrize(
    "name",
    [
        *("src/panelpack/periods.py", "src/panelpack/rendering/templates/pack.css", "requirements.lock"),
        *("data/projection/offences.yml", "data/verdicts/ordinary_movement.csv", "notebooks/1_validate.ipynb"),
        "params/layouts/official_table_by_force.yml",
    ],
)
def test_the_fingerprint_of_the_code_is_of_all_that_is_shipped(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    before = fingerprint_of_code(Project(tmp_path))
    if (running.ROOT / name).exists():
        shutil.copyfile(running.ROOT / name, path)
    else:
        path.write_text("a text", encoding="utf-8")
    assert fingerprint_of_code(Project(tmp_path)) != before

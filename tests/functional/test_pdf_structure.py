"""The PDFs of a quarter as a reader's software finds them, by a walk that is not the one which makes them."""

import os

import pytest

import pdf_structure

LONG = bool(os.environ.get("PANELPACK_LONG"))
SAMPLE = ("pack/panel-pack.pdf", "review/1_validate.pdf", "review/2_prepare.pdf", "review/5_report.pdf")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pdfs(made_quarter):
    """The pack, and a sample of the review copies; with PANELPACK_LONG every one."""
    first_priority = min(made_quarter.glob("review/3_*.pdf"))
    return sorted(made_quarter.rglob("*.pdf")) if LONG else [*map(made_quarter.joinpath, SAMPLE), first_priority]


def test_figures_tables_headings_bookmarks_and_links_are_told_in_tags(pdfs):
    found = {path.name: pdf_structure.faults(path.read_bytes()) for path in pdfs}
    assert not {name: faults for name, faults in found.items() if faults}


def test_the_pack_has_pictures_tables_and_links_to_look_at(made_quarter):
    found = pdf_structure.structure_of((made_quarter / "pack" / "panel-pack.pdf").read_bytes())
    for kind in ("/Figure", "/Table", "/Link", "/H2", "/H3"):
        assert found.named(kind), kind


def test_page_one_names_the_parts_of_the_pack(made_quarter):
    found = pdf_structure.structure_of((made_quarter / "pack" / "panel-pack.pdf").read_bytes())
    assert "In this pack:" in found.reader.pages[0].extract_text()

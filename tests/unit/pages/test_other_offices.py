"""What the packs of other offices say: nothing of another's paper, no heading without a text, nothing that they lack."""

import re

import pytest

from notebook_pages import run_pack, words
from panelpack.config.configuration import Configuration
from panelpack.periods import Quarter
from panelpack.rendering.prose import Heading, Text
from panelpack.rendering.table import Table
from plain_office import QUARTER, make_plain_office
from running import copy_office
from panelpack.project import Project


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    project = make_plain_office(tmp_path_factory.mktemp("plain"))
    office = Configuration.read(project, Quarter.parse(QUARTER))
    return run_pack(project, QUARTER, [box.id for box in office.plan.priorities])


# What only some offices have, and a pack of one that has none of it may not speak of.
NOT_THEIRS = re.compile(
    r"(?i)strategic|printed|SPC variance|month|survey|people asked|responses|percentages|p′|projection|projected|"
    r"partner board|police and crime panel|no change and not assessed|reconstructed|back-test|None\.|Priority|season"
)


def public(shown):
    return [(step, one) for step, cells in shown.items() if step[0] > "2" for one in cells if not one.for_review]


def test_a_pack_speaks_of_nothing_that_its_office_has_not(plain):
    said = [(step, match[0], text) for step, one in public(plain) for text in [words(one)]
            for match in NOT_THEIRS.finditer(text)]  # fmt: skip
    assert said == []


def test_no_heading_stands_alone(plain):
    for step, cells in plain.items():
        blocks = [one.block for one in cells]
        levels = [level_of(block) for block in blocks]
        for place, level in enumerate(levels):
            if level:
                following = levels[place + 1] if place + 1 < len(levels) else 9
                assert following == 0 or following > level and place + 1 < len(levels), (step, blocks[place])


def level_of(block):
    """The level of a heading, 0 for what is none."""
    if isinstance(block, Heading):
        return block.level
    heading = re.fullmatch(r"(#+) [^\n]+", block.markdown) if isinstance(block, Text) else None
    return len(heading[1]) if heading else 0


def test_no_table_is_empty(plain):
    tables = [one.block for cells in plain.values() for one in cells if isinstance(one.block, Table)]
    assert len(tables) > 20 and all(table.rows for table in tables)

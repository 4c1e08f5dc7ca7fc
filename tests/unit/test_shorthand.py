import pytest

from panelpack import shorthand
from panelpack.shorthand import CONFIDENTIAL, LOW, NOT_APPLICABLE, NOT_AVAILABLE, REVISED


@pytest.mark.parametrize(
    ("meaning", "sign"),
    [
        ("confidential", CONFIDENTIAL),
        ("suppressed", CONFIDENTIAL),
        ("missing", NOT_AVAILABLE),
        ("not_applicable", NOT_APPLICABLE),
    ],
)
def test_a_gap_has_the_sign_of_what_it_means(meaning, sign):
    assert shorthand.sign_of_gap(meaning) == sign


@pytest.mark.parametrize(
    ("signs", "sign"),
    [
        ([NOT_AVAILABLE, CONFIDENTIAL], CONFIDENTIAL),
        ([NOT_APPLICABLE, "12", NOT_AVAILABLE], NOT_AVAILABLE),
        ([NOT_APPLICABLE], NOT_APPLICABLE),
        (["12", LOW, ""], ""),
    ],
)
def test_what_lacks_several_numbers_has_the_sign_that_protects_people_before_any_other(signs, sign):
    assert shorthand.strongest(signs) == sign


def test_signs_are_explained_in_one_order_each_once_whatever_the_order_of_the_cells():
    cells = ["12 [r]", LOW, NOT_AVAILABLE, CONFIDENTIAL, LOW, NOT_APPLICABLE]
    line = shorthand.explained(cells)
    assert [line.index(f"{sign} ") for sign in shorthand.SENTENCES] == sorted(line.index(f"{sign} ") for sign in
                                                                             shorthand.SENTENCES)  # fmt: skip
    assert line == shorthand.explained(reversed(cells)) and line.count(REVISED) == 1


def test_a_table_that_is_read_without_its_page_has_signs_with_their_words():
    assert [shorthand.in_words(sign) for sign in (CONFIDENTIAL, "")] == ["[c] confidential", ""]

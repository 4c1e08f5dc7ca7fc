"""Numbers as a reader sees them: rounded half away from zero, with their signs, units and words."""

from decimal import Decimal

import pytest

from panelpack import formats


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (22.5, 0, "23"),
        (21.5, 0, "22"),
        (0.5, 0, "1"),
        (-0.5, 0, "-1"),
        (-22.5, 0, "-23"),
        (0.285, 2, "0.29"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (81.449, 1, "81.4"),
        (81.451, 1, "81.5"),
        (81.45, 1, "81.5"),
        (0.05, 1, "0.1"),
        (62.5, 1, "62.5"),
        (1e15, 0, "1000000000000000"),
    ],
)
def test_rounding_is_half_away_from_zero(value, decimals, expected):
    assert formats.rounded(value, decimals) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "decimals", "plus", "expected"),
    [
        (58318, 0, False, "58,318"),
        (58805.0, 0, False, "58,805"),
        (36, 0, False, "36"),
        (0, 0, False, "0"),
        (-487, 0, True, "−487"),
        (487, 0, True, "+487"),
        (0, 0, True, "0"),
        (-0.0, 0, False, "0"),
        (-0.4, 0, True, "0"),
        (0.4, 0, True, "0"),
        (-0.04, 1, True, "0.0"),
        (0.04, 1, True, "0.0"),
        (-1234.56, 1, False, "−1,234.6"),
    ],
)
def test_number(value, decimals, plus, expected):
    assert formats.number(value, decimals, plus=plus) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "plus", "expected"),
    [
        (83.45864661654136, 1, False, "83.5%"),
        (76.0, 1, False, "76.0%"),
        (-51.12443778110944, 0, True, "−51%"),
        (16.348, 1, True, "+16.3%"),
        (81.94444444444444, 0, False, "82%"),
        (-0.2, 0, True, "0%"),
    ],
)
def test_percent(value, decimals, plus, expected):
    assert formats.percent(value, decimals, plus=plus) == expected


@pytest.mark.parametrize(
    ("value", "plus", "expected"),
    [
        (27.8, False, "£27.8m"),
        (23.8, False, "£23.8m"),
        (4, False, "£4.0m"),
        (21.7 + 2.1, False, "£23.8m"),
        (-6.1, False, "−£6.1m"),
        (6.1, True, "+£6.1m"),
        (0, True, "£0.0m"),
        (-0.04, False, "£0.0m"),
        (0.04, True, "£0.0m"),
        (1234.5, False, "£1,234.5m"),
    ],
)
def test_gbp_million(value, plus, expected):
    assert formats.gbp_million(value, plus=plus) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(58318, "count", "58,318"), (58318, None, "58,318"), (86.31, "percent", "86.3%"), (21.7, "gbp_million", "£21.7m")],
)
def test_in_unit(value, unit, expected):
    assert formats.in_unit(value, unit) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (-3.0179, "percent", "−3.0 pts"),
        (1.0, "percent", "+1.0 pts"),
        (-1.0, "percent", "−1.0 pts"),
        (1.04, "percent", "+1.0 pts"),
        (1.05, "percent", "+1.1 pts"),
        (0.0, "percent", "0.0 pts"),
        (-341, "count", "−341"),
        (-6.1, "gbp_million", "−£6.1m"),
    ],
)
def test_change_in_unit(value, unit, expected):
    assert formats.change_in_unit(value, unit) == expected


@pytest.mark.parametrize(("value", "words"), [(1.0, "1.0 percentage point"), (8.06, "8.1 percentage points")])
def test_a_change_of_a_percentage_without_its_sign_is_in_full_words(value, words):
    assert PERCENT.change(value, plus=False) == words


@pytest.mark.parametrize(
    ("change", "decimals", "verb", "noun", "adjective", "more"),
    [
        (-3.0, 1, "fell", "a fall", "lower", "fewer"),
        (-0.05, 1, "fell", "a fall", "lower", "fewer"),
        (-0.049, 1, "did not change", "no change", "the same", "no more"),
        (0.0, 0, "did not change", "no change", "the same", "no more"),
        (0.049, 1, "did not change", "no change", "the same", "no more"),
        (0.4, 0, "did not change", "no change", "the same", "no more"),
        (0.5, 0, "rose", "a rise", "higher", "more"),
        (10.2, 1, "rose", "a rise", "higher", "more"),
    ],
)
def test_the_word_of_a_direction_is_that_of_the_printed_change(change, decimals, verb, noun, adjective, more):
    words = {"verb": verb, "noun": noun, "adjective": adjective, "more": more}
    assert {style: formats.direction(change, decimals, style) for style in words} == words


@pytest.mark.parametrize(("unit", "decimals"), [("count", 0), (None, 0), ("percent", 1), ("gbp_million", 1)])
def test_decimals_of(unit, decimals):
    assert formats.decimals_of(unit) == decimals


@pytest.mark.parametrize(("count", "words"), [(0, "no"), (1, "one"), (6, "six"), (9, "nine"), (10, "10"), (12, "12")])
def test_count_words(count, words):
    assert formats.count_words(count) == words


@pytest.mark.parametrize(
    ("items", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_listed(items, words):
    assert formats.listed(items) == words


PERCENT, POUNDS, RATE = formats.Form("percent", 1), formats.Form("gbp_million", 1), formats.Form("rate", 2)
MINUTES, COUNT = formats.Form("minutes", 1), formats.Form("count")


@pytest.mark.parametrize(
    ("value", "form", "cell", "text"),
    [
        (0.049, PERCENT, "[low]", "less than 0.05%"),
        (0.05, PERCENT, "0.1%", "0.1%"),
        (-0.04, PERCENT, "[low]", "less than 0.05% below zero"),
        (0.0, PERCENT, "0.0%", "0.0%"),
        (-0.0, PERCENT, "0.0%", "0.0%"),
        (0.004, RATE, "[low]", "less than 0.005 rate"),
        (0.04, POUNDS, "[low]", "less than £0.05m"),
        (0.04, MINUTES, "[low]", "less than 0.05 minutes"),
        (0.4, formats.Form("gbp"), "[low]", "less than £0.5"),
        (0, COUNT, "0", "0"),
        (1, COUNT, "1", "1"),
        (0.4, COUNT, "0", "0"),
        (0.2, formats.Form("grade", 0, ("Poor", "Good")), "Poor", "Poor"),
    ],
)
def test_a_value_that_rounds_to_zero_is_low_and_a_count_never_is(value, form, cell, text):
    assert (form.cell(value), form.in_text(value)) == (cell, text)


@pytest.mark.parametrize(
    ("change", "form", "cell"),
    [
        (-0.04, PERCENT, "[low]"),
        (-0.0, PERCENT, "0.0 pts"),
        (-0.05, PERCENT, "−0.1 pts"),
        (0.04, POUNDS, "[low]"),
        (-1, COUNT, "−1"),
    ],
)
def test_a_change_that_rounds_to_zero_is_low(change, form, cell):
    assert form.change_cell(change) == cell


@pytest.mark.parametrize(
    ("value", "signed", "size"),
    [
        (-51.12, "−51%", "51%"),
        (5.6, "+6%", "6%"),
        (0.49, "0%", "0%"),
        (-0.49, "0%", "0%"),
        (-0.0, "0%", "0%"),
        (0.5, "+1%", "1%"),
        (1234.5, "+1,235%", "1,235%"),
    ],
)
def test_a_change_in_percent_is_a_whole_percent(value, signed, size):
    assert (formats.percent_change(value), formats.percent_change(abs(value), plus=False)) == (signed, size)


@pytest.mark.parametrize(
    ("value", "limits", "words"),
    [
        (5.3, (-5, 5), "+5.3%"),  # the whole percent would stand on the threshold itself
        (4.6, (-5, 5), "+4.6%"),
        (5.0, (-5, 5), "+5%"),
        (5.04, (-5, 5), "+5%"),  # is held against it as 5.0
        (-5.2, (-5, 5), "−5.2%"),
        (7.4, (-5, 5), "+7%"),
        (2.6, (2.5,), "+3%"),
        (2.5, (2.5,), "+2.5%"),
        (2.4, (2.5,), "+2%"),
    ],
)
def test_a_change_in_percent_stands_on_the_side_of_a_threshold_that_it_was_judged_to_be_on(value, limits, words):
    assert formats.percent_change(value, beside=limits) == words


@pytest.mark.parametrize(
    ("value", "plus", "words"),
    [(5, False, "5%"), (0.1 * 3 * 10, True, "+3%"), (2.5, True, "+2.5%"), (-10, True, "−10%")],
)
def test_a_percentage_that_somebody_chose_is_written_as_it_was_given(value, plus, words):
    assert formats.plain_percent(value, plus=plus) == words


@pytest.mark.parametrize(
    ("lower", "upper", "unit", "words"),
    [
        (-59.8, -40.6, "%", "−60% to −41%"),
        (-0.2, 14.4, "%", "−0.2% to +14%"),  # else nobody would see on which side of no change the end lies
        (0.002, 1.8, "%", "+0.002% to +2%"),
        (0.0, 3.0, "%", "0% to +3%"),
        (-100.0, 2000.0, "%", "−100% to more than +1,000%"),
        (-5.94, 4.51, formats.POINTS, "−5.9 to +4.5 pts"),
        (-0.04, 0.3, formats.POINTS, "−0.04 to +0.3 pts"),
        (-1.2, 3.4, "", "−1.2 to +3.4"),
        (-1.2, 2000.0, "", "−1.2 to +2,000.0"),
    ],
)
def test_the_ends_of_an_interval_have_their_signs_and_are_never_a_zero_that_is_none(lower, upper, unit, words):
    assert formats.interval_words(lower, upper, unit) == words


@pytest.mark.parametrize(
    ("change", "pct_change", "words"),
    [
        (-1, -0.4, ("hardly changed", "almost no change", "about the same", "fewer")),
        (-1, -0.5, ("fell", "a fall", "lower", "fewer")),
        (2, 0.49, ("hardly changed", "almost no change", "about the same", "more")),
        (0, 0.0, ("did not change", "no change", "the same", "no more")),
        (-1, None, ("fell", "a fall", "lower", "fewer")),
    ],
)
def test_a_change_that_rounds_to_nothing_in_percent_is_no_rise_and_no_fall(change, pct_change, words):
    styles = ("verb", "noun", "adjective", "more")
    assert tuple(formats.direction(change, 0, style, pct_change) for style in styles) == words

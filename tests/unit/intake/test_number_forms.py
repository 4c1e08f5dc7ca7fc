"""Numbers as suppliers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.config.layout import Layout
from panelpack.intake.number_forms import OWN_FORM, number_reader

COMMA = {"thousands": ","}
POINT = {"thousands": ".", "decimal": ","}
READ = [
    ({}, "count", "1234", "1234"),
    ({}, "count", "12.0", "12"),
    ({}, "count", "12.00", "12"),
    ({}, "count", "12.5", ""),
    ({}, "count", "−3", "-3"),
    ({}, "count", " 7 ", "7"),
    ({}, "count", "1,234", ""),
    ({}, "count", "+5", ""),
    ({}, "count", "5-", ""),
    ({}, "count", "1e3", ""),
    ({}, "count", "٣", ""),
    ({}, "count", "12.", ""),
    ({}, "decimal", "12.0", "12.0"),
    ({}, "decimal", ".5", ""),
    ({}, "decimal", "-0.25", "-0.25"),
    ({}, "decimal", "£5", ""),
    (COMMA, "count", "1,234", "1234"),
    (COMMA, "count", "-1,234,567", "-1234567"),
    (COMMA, "count", "1,234.0", "1234"),
    (COMMA, "count", "1234", "1234"),
    (COMMA, "count", "12,34", ""),
    (COMMA, "count", "1,23,4", ""),
    (COMMA, "count", "1234,567", ""),
    (COMMA, "count", ",234", ""),
    (COMMA, "decimal", "1,234.567", "1234.567"),
    (COMMA, "decimal", "0.123,456", ""),
    (POINT, "decimal", "1.234,5", "1234.5"),
    (POINT, "decimal", "1.23", ""),
    (POINT, "count", "12,0", "12"),
    ({"thousands": " "}, "count", "1 234", "1234"),
    ({"thousands": " "}, "count", "1\u202f234\u00a0567", "1234567"),
    ({"thousands": "'"}, "count", "1’234", "1234"),
    ({"signs": ["£"]}, "decimal", "£1234.50", "1234.50"),
    ({"signs": ["£"]}, "decimal", "-£5", "-5"),
    ({"signs": ["£"]}, "decimal", "£ −5", "-5"),
    ({"signs": ["£"]}, "decimal", "-£-5", ""),
    ({"signs": ["£"]}, "decimal", "££5", ""),
    ({"signs": ["£"]}, "decimal", "(£5)", ""),
    ({"signs": ["£", "%"]}, "decimal", "£5%", ""),
    ({"signs": ["%"]}, "decimal", "78.2 %", "78.2"),
    ({"signs": ["£", "£m"]}, "decimal", "£m2.5", "2.5"),
    ({"signs": ["$."]}, "decimal", "$x5", ""),
]


@pytest.mark.parametrize(("layout", "kind", "text", "expected"), READ)
def test_a_number_is_read_as_its_layout_says_or_not_at_all(layout, kind, text, expected):
    assert number_reader(Layout(**layout), kind)(text) == expected


@given(
    st.integers(-(10**12), 10**12),
    st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), (None, ".")]),
    st.sampled_from(["", "£", "%"]),
    st.booleans(),
)
def test_any_whole_number_grouped_and_signed_reads_back(number, signs, sign, is_behind):
    thousands, decimal = signs
    grouped = f"{abs(number):,}".replace(",", thousands or "")
    text = ("−" if number < 0 else "") + (f"{grouped}{sign}" if is_behind else f"{sign}{grouped}")
    layout = Layout(thousands=thousands, decimal=decimal, signs=["£", "%"])
    assert number_reader(layout, "count")(text) == str(number)
    assert number_reader(layout, "count")(f"{text}{decimal}0" if not (sign and is_behind) else text) == str(number)


@given(st.text(alphabet="0123456789.,-−£% '", max_size=12), st.sampled_from(["count", "decimal"]))
def test_whatever_is_read_has_the_same_digits_in_the_same_order(text, kind):
    read = number_reader(Layout(thousands=",", signs=["£", "%"]), kind)(text)
    if read:
        assert OWN_FORM.fullmatch(read)
        digits = "".join(character for character in text if character.isdigit())
        assert digits.startswith(read.strip("-").replace(".", "")) and not digits[
            len(read.strip("-").replace(".", "")) :
        ].strip("0")

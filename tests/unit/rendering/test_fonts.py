"""Which characters can be printed: what is called so is, in the PDF itself, and what is not is refused there too."""

import base64
import io

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from panelpack.errors import RenderError
from panelpack.rendering import pdf
from panelpack.rendering.fonts import lacking, named, web_font
from panelpack.rendering.markdown import quoted
from panelpack.rendering.paper import Paper

PAPER = Paper("Fonts", office="Office", panel="Panel", marking="Public", date_text="Today", notice="")
WORDS = (
    "dŵr tŷ Ŵyl Ŷd Ŵ ŵ ŷ Ïo Łódź Gdańsk Świętokrzyskie źdźbło ÅÄÖ Ștefan Béla naïve Škoda Þór "
    "£5 €5 ≥3 ≤4 ½ ¾ 20°C ± × – — ‘’ “” … ▲ ▼ † ‡ ² ③ ✓ Ελλάδα Київ"
)


def printed(text):
    """Return the words of a document that holds a text, in regular and in bold letters."""
    markup = f"= {'Heading'}\n#{quoted(text)}\n\n#strong({quoted(text)})"
    made = pdf.pdf(pdf.included("texts"), {"texts": markup}, PAPER)
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def test_letters_of_other_languages_and_signs_stand_in_the_pdf():
    assert lacking(WORDS) == []
    found = printed(WORDS).split()
    assert [word for word in WORDS.split() if found.count(word) < 2] == []


@pytest.mark.parametrize("character", "🚓漢𒀀\ue0ff\x07\x7f\ufffe")
def test_what_is_lacking_is_refused_by_the_compiler_too(character):
    assert lacking(character) == [character]
    with pytest.raises(RenderError, match="could not be made"):
        printed(f"a{character}b")


@settings(max_examples=60)
@given(st.lists(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20))
def test_what_is_not_lacking_can_be_printed(characters):
    printed("".join(["a", *(c for c in characters if not lacking(c)), "b"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", []),
        ("a 🚑 and a 🚑 and 漢", ["🚑", "漢"]),
        ("two\nlines\tand a soft\u00adhyphen, a no-break\u00a0space, a joiner\u200d, e\u0301", []),
        ("a mark\ufeff in the middle", ["\ufeff"]),
        ("\x00", ["\x00"]),
    ],
)
def test_each_is_found_once_in_order(text, found):
    assert lacking(text) == found


@pytest.mark.parametrize(
    ("character", "name"),
    [("🚑", "'🚑' (U+1F691 AMBULANCE)"), ("\x07", "(U+0007)"), ("\ufeff", "(U+FEFF ZERO WIDTH NO-BREAK SPACE)")],
)
def test_a_character_is_named_by_its_number_and_its_name(character, name):
    assert named(character) == name


def test_a_page_carries_the_letters_of_our_words_in_all_weights_and_the_same_bytes():
    carried = web_font()
    assert carried == web_font.__wrapped__()
    kind, _, letters = carried.partition(";base64,")
    font = TTFont(io.BytesIO(base64.b64decode(letters)))
    assert kind == "data:font/woff" and len(carried) < 60_000
    assert not [letter for letter in WORDS if letter.isascii() and ord(letter) not in font.getBestCmap()]
    assert not [letter for letter in "ŵŷłźÅțñ£€±×–—‘’“”…†≥≤½°−²" if ord(letter) not in font.getBestCmap()]
    assert (font["fvar"].axes[0].minValue, font["fvar"].axes[0].maxValue) == (200, 900)


def test_figures_are_of_one_width_so_that_columns_line_up():
    font = TTFont(io.BytesIO(base64.b64decode(web_font().partition(";base64,")[2])))
    assert len({font["hmtx"][font.getBestCmap()[ord(figure)]][0] for figure in "0123456789"}) == 1

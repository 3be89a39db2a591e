"""Pictures for cards of social networks: how they are laid out, and that they are the same."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from importlib.resources import files
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from broadsheet.planning.file_views import SocialImage
from broadsheet.planning.social_images import _DRAWN
from broadsheet.workers import drawing
from broadsheet.workers.drawing import draw_social_image, fit_title, wrap_words

VIEW = SocialImage(site="A digest", title="Étale cohomology in O(n²)", authors="A. Weil")


def pixels(view: SocialImage) -> Image.Image:
    return Image.open(BytesIO(draw_social_image(view)))


def test_a_picture_has_the_size_that_its_tags_say() -> None:
    image = pixels(VIEW)
    assert (image.format, image.size) == ("PNG", (1200, 630))


def test_another_process_draws_the_same_bytes() -> None:
    code = (
        "import sys; from broadsheet.planning.file_views import SocialImage;"
        "from broadsheet.workers.drawing import draw_social_image;"
        f"view = SocialImage(site={VIEW.site!r}, title={VIEW.title!r}, authors={VIEW.authors!r});"
        "sys.stdout.buffer.write(draw_social_image(view))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert found.stdout == draw_social_image(VIEW)


@pytest.mark.parametrize("part", ["site", "title", "authors"])
def test_whatever_is_said_stays_within_the_margins(part: str) -> None:
    words = {"site": "Name", "title": "Title", "authors": "Author"}
    image = pixels(SocialImage(**(words | {part: "Wide words and Ŵord " * 60})))
    inked = image.point([0, *[255] * 255], "L").getbbox()
    assert inked is not None
    left, top, right, bottom = inked
    assert (left >= 70, top, right <= 1130, bottom < 600) == (True, 56, True, True)


def test_a_short_title_is_larger_than_a_long_one() -> None:
    long = "On the many ways of saying very little in a great number of words, and why " * 2
    sizes = [fit_title(title)[0] for title in ("Attention", long, long * 4)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3


def test_what_has_no_room_ends_in_an_ellipsis() -> None:
    assert fit_title("word " * 200)[1][-1].endswith("…")


@given(st.lists(st.text("abcÉW", min_size=1, max_size=60), min_size=1, max_size=30))
@settings(max_examples=30, deadline=None)
def test_wrapping_loses_no_letter_and_no_line_is_too_wide(words: list[str]) -> None:
    font = drawing._font("SourceSerifPro-Bold.otf", 60)
    lines = wrap_words(" ".join(words), font)
    assert "".join(lines).replace(" ", "") == "".join(words)
    assert all(font.getlength(line) <= 1056 for line in lines)


@pytest.mark.parametrize("weight", ["Bold", "Regular"])
def test_the_font_has_a_sign_for_all_that_is_drawn(weight: str) -> None:
    path = files("font_source_serif_pro") / "files" / f"SourceSerifPro-{weight}.otf"
    signs = set(TTFont(str(path)).getBestCmap())
    drawn = {code for code in range(32, 0x110000) if _DRAWN.fullmatch(chr(code))}
    assert drawn - signs == set()
    assert not {c for c in drawn if unicodedata.category(chr(c)) in ("Mn", "Cf", "Cc")}

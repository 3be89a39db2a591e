"""Pictures for cards of social networks, in the site's look.

Responsible for drawing one from its view: the same bytes for the same view, wherever it runs, since
the font comes with the extra `social` and nothing of the machine's is used. Not responsible for
which papers have one (`planning.social_images`) or for keeping them (`effects.kept_images`).
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning.file_views import SocialImage

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

# Counts how often the way from a view to a picture has changed.
_RECIPE = 1
_PACKAGES = ("PIL", "font_source_serif_pro")
_BOLD, _REGULAR = "SourceSerifPro-Bold.otf", "SourceSerifPro-Regular.otf"

WIDTH, HEIGHT = 1200, 630
_LEFT, _RIGHT = 72, 1128
_MEASURE = _RIGHT - _LEFT
_TITLE_TOP, _TITLE_HEIGHT = 176, 296
_TITLE_SIZES = (84, 76, 68, 60, 54, 48, 42)
_AUTHORS_FOOT = 574

# Colours are numbers of a palette of 16: from the paper to the ink of `broadsheet.css`, and the
# accent. A picture takes a third of the bytes that it has in full colour.
_PAPER, _INK, _ACCENT = (0xFC, 0xFC, 0xFA), (0x15, 0x18, 0x1C), (0x17, 0x47, 0xA6)
_DARKEST, _GREY, _HAIRLINE = 14, 10, 3
_ACCENT_NUMBER = 15


def check_drawing(source: str) -> tuple[Finding, ...]:
    """Return an error where the packages are missing that pictures are drawn with.

    Args:
        source: Path of the settings that ask for pictures.
    """
    if all(map(find_spec, _PACKAGES)):
        return ()
    finding = Finding(
        code=Code.EXTRA_MISSING,
        message="'social_images' needs packages that are not installed",
        source=source,
        field=("social_images",),
        hint="pip install 'broadsheet[social]', or leave the setting out",
    )
    return (finding,)


def drawing_key() -> tuple[int, str]:
    """Return what decides a picture's bytes beside its view."""
    # As dear to import as an unchanged digest is to recognise.
    from importlib.metadata import version

    return _RECIPE, version("pillow")


def draw_social_image(view: SocialImage) -> bytes:
    """Return a picture as PNG, 1200 by 630 pixels.

    Args:
        view: What stands on it.

    Raises:
        ModuleNotFoundError: The extra `social` is not installed.
    """
    from PIL import Image, ImageDraw

    # Grey until it is done, so that the edges of letters are mixed from the numbers in between.
    image = Image.new("L", (WIDTH, HEIGHT), 0)
    draw = ImageDraw.Draw(image)
    draw.rectangle((_LEFT, 56, _RIGHT - 1, 62), fill=_DARKEST)
    _write(draw, 78, (cut_line(view.site, _font(_BOLD, 40)),), _font(_BOLD, 40), 48, _DARKEST)
    draw.rectangle((_LEFT, 140, _RIGHT - 1, 142), fill=_DARKEST)
    draw.rectangle((_LEFT, 147, _RIGHT - 1, 147), fill=_HAIRLINE)
    size, lines = fit_title(view.title)
    _write(draw, _TITLE_TOP, lines, _font(_BOLD, size), _leading(size), _DARKEST)
    authors = wrap_words(view.authors, _font(_REGULAR, 34), most=2)
    top = _AUTHORS_FOOT - 42 * len(authors)
    draw.rectangle((_LEFT, top - 12, _LEFT + 95, top - 7), fill=_ACCENT_NUMBER)
    _write(draw, top, authors, _font(_REGULAR, 34), 42, _GREY)
    image.putpalette(_palette())
    target = BytesIO()
    # At level 9 a picture takes ten times as long for a twentieth of its bytes.
    image.save(target, "PNG", bits=4, compress_level=6)
    return target.getvalue()


def fit_title(title: str) -> tuple[int, tuple[str, ...]]:
    """Return the largest size at which a title has room, in pixels, and its lines.

    At the smallest one what has no room is cut off, with an ellipsis.
    """
    for size in _TITLE_SIZES:
        lines = wrap_words(title, _font(_BOLD, size))
        if len(lines) * _leading(size) <= _TITLE_HEIGHT:
            return size, lines
    size = _TITLE_SIZES[-1]
    return size, wrap_words(title, _font(_BOLD, size), most=_TITLE_HEIGHT // _leading(size))


def wrap_words(text: str, font: FreeTypeFont, most: int | None = None) -> tuple[str, ...]:
    """Return text in lines that fit the picture; a word that is too long is broken.

    Args:
        text: One line, its words parted by single spaces.
        font: What it is written in.
        most: Lines at most; what comes after them is cut off, with an ellipsis.
    """
    lines: list[str] = []
    rest = text
    while rest:
        if most is not None and len(lines) == most - 1:
            return (*lines, cut_line(rest, font))
        line, rest = _break_line(rest, font)
        lines.append(line)
    return tuple(lines)


def cut_line(text: str, font: FreeTypeFont) -> str:
    """Return text as it is where it fits a line, else cut with an ellipsis."""
    if font.getlength(text) <= _MEASURE:
        return text
    end = _longest(text, font, _MEASURE - font.getlength("…"))
    return text[:end].rstrip(" ,;:") + "…"


def _break_line(text: str, font: FreeTypeFont) -> tuple[str, str]:
    if font.getlength(text) <= _MEASURE:
        return text, ""
    end = _longest(text, font, _MEASURE)
    # The space after the last word may stand beyond the margin.
    space = text.rfind(" ", 0, end + 1)
    if space > 0:
        return text[:space], text[space + 1 :]
    return text[:end], text[end:]


def _longest(text: str, font: FreeTypeFont, width: float) -> int:
    """Return how many letters of text fit, one at least."""
    end = 1
    while end < len(text) and font.getlength(text[: end + 1]) <= width:
        end += 1
    return end


def _write(
    draw: ImageDraw,
    top: int,
    lines: tuple[str, ...],
    font: FreeTypeFont,
    leading: int,
    colour: int,
) -> None:
    for number, line in enumerate(lines):
        draw.text((_LEFT, top + number * leading), line, fill=colour, font=font)


def _leading(size: int) -> int:
    return size * 112 // 100


def _palette() -> list[int]:
    shades = [
        round(paper + (ink - paper) * number / _DARKEST)
        for number in range(_DARKEST + 1)
        for paper, ink in zip(_PAPER, _INK, strict=True)
    ]
    return [*shades, *_ACCENT]


@cache
def _font(name: str, size: int) -> FreeTypeFont:
    from importlib.resources import files

    from PIL import ImageFont

    path = files("font_source_serif_pro") / "files" / name
    # The other layout engine is not part of every build of Pillow.
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)

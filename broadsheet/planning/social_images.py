"""Pictures for cards of social networks, one a paper.

Responsible for which papers have one, where it lies and what stands on it. Not responsible for
drawing it (`workers.drawing`) or for the tags that name it (`base.html`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from broadsheet.domain.records import Paper
from broadsheet.planning import addresses
from broadsheet.planning.cards import marked_title
from broadsheet.planning.edition import Edition
from broadsheet.planning.file_views import SocialImage
from broadsheet.planning.outlines import Filled, Outline

# Name of the format, among those of `workers.data_files`.
SOCIAL_IMAGE = "social-image"

# What the font of `workers.drawing` has signs for and what is drawn letter by letter, which a test
# compares with the font: Latin, Greek, Cyrillic, and what titles hold of mathematics.
_DRAWN = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u012b\u012e-\u0131\u0134-\u0149\u014c-\u0165\u0168-\u017f\u018f\u0192"
    "\u01a0\u01a1\u01af\u01b0\u01cd-\u01dc\u01e6\u01e7\u01f8\u01f9\u0218-\u021b\u0237\u0259"
    "\u02bb\u02bc\u02be\u02bf\u02c6\u02d8-\u02dd\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce"
    "\u0400-\u045f\u0462\u0463\u0472-\u0475\u0490-\u0493\u0496-\u049b\u04a0-\u04a3\u04ae-\u04b3"
    "\u04ba\u04bb\u04d4-\u04d9\u04e2\u04e3\u04e6-\u04e9\u04ee\u04ef\u1e0c-\u1e0f\u1e20\u1e21"
    "\u1e24\u1e25\u1e2a\u1e2b\u1e36-\u1e3b\u1e42-\u1e49\u1e5a-\u1e63\u1e6c-\u1e6f\u1e80-\u1e85"
    "\u1e92\u1e93\u1e9e\u1ea0-\u1ef9\u2007\u2010\u2012-\u2015\u2018-\u201a\u201c-\u201e"
    "\u2020-\u2022\u2025\u2026\u2030\u2032\u2033\u2039\u203a\u2044\u2070\u2071\u2074-\u2079"
    "\u207d-\u2089\u208d\u208e\u20ac\u2113\u2116\u2122\u2126\u2153\u2154\u215b-\u215e"
    "\u2190-\u2193\u2196-\u2199\u2202\u2206\u220f\u2211\u2212\u2215\u2219\u221a\u221e\u222b"
    "\u2248\u2260\u2264\u2265\u2713\ufb00-\ufb04]*"
)


def plan_social_images(edition: Edition) -> Iterator[Outline]:
    """Plan a picture for each paper that has one.

    Args:
        edition: What is being planned.
    """
    for paper in edition.library.papers.values() if edition.settings.social_images else ():
        if url := social_image_url(edition, paper):
            yield Outline(
                url=url,
                template=SOCIAL_IMAGE,
                fill=partial(_fill_image, paper=paper),
                lists=partial(_list_paper, paper=paper),
                sources=(paper.source,),
                is_page=False,
            )


def social_image_url(edition: Edition, paper: Paper) -> str:
    """Return where a paper's picture lies, or nothing where the site's stands in for it.

    It does where pictures are not asked for, and where the font lacks a sign of what would stand
    on it: Chinese, Japanese, Korean, Arabic, Hebrew, rare signs of mathematics.
    """
    if not edition.settings.social_images:
        return ""
    view = _show(edition, paper)
    words = (view.site, view.title, view.authors)
    return addresses.social_image_url(paper.id) if all(map(_DRAWN.fullmatch, words)) else ""


def _show(edition: Edition, paper: Paper) -> SocialImage:
    card = edition.cards[paper.id]
    return SocialImage(
        site=_fold(edition.settings.title),
        title=_fold(marked_title(card).plain),
        authors=_fold(card.by),
    )


def _fold(text: str) -> str:
    """Return text on one line, its accents on their letters."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _list_paper(_edition: Edition, paper: Paper) -> tuple[str, ...]:
    return (paper.id,)


def _fill_image(edition: Edition, paper: Paper) -> Filled:
    return Filled(_show(edition, paper))

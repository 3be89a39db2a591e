"""The plan of one output, and the head that every page has.

Responsible for the value that passes from the plan to the workers. Not responsible for which plans
there are (`plan`).
"""

from __future__ import annotations

import msgspec

from broadsheet.domain.identifiers import direction_of
from broadsheet.domain.settings import Settings
from broadsheet.planning.addresses import output_path, root_of
from broadsheet.planning.site_views import FeedLink, PageHead
from broadsheet.planning.views import View

MAX_DESCRIPTION = 200
# White space that is folded at the beginning of most texts, at most.
_SPARE = 20


class PagePlan(msgspec.Struct, frozen=True, kw_only=True):
    """One output of the build, filled.

    Attributes:
        url: Its address within the site.
        template: Name of the template that renders it, or of a format of `workers.data_files`.
        view: The frozen value that holds exactly what the template may see.
        head: What the page knows of itself; None for files that are not pages.
        key: Hash over everything that decides its bytes.
    """

    url: str
    template: str
    view: View
    head: PageHead | None
    key: str

    @property
    def path(self) -> str:
        """Return the output file, relative to the output folder."""
        return output_path(self.url)


def make_head(
    settings: Settings,
    url: str,
    *,
    title: str,
    description: str = "",
    section: str = "",
    is_section: bool = False,
    source: str = "",
    feeds: tuple[FeedLink, ...] = (),
    root: str = "",
    image: str = "",
) -> PageHead:
    """Return a page's head.

    Args:
        settings: The digest's settings.
        url: The page's address within the site.
        title: The document's title, without the site's name.
        description: Plain text; cut at a word to about 200 characters.
        section: Key of the navigation item it belongs to.
        is_section: Whether it is that section's own page.
        source: Path of the record it is made from, or empty.
        feeds: Feeds it offers beside the site's.
        root: Way to the root; by default worked out from the address.
        image: Address within the site of a picture for cards of social networks, or empty.
    """
    return PageHead(
        url=url,
        root=root or root_of(url),
        title=title,
        description=cut_at_word(description, MAX_DESCRIPTION),
        section=section,
        is_section=is_section,
        language=settings.language,
        direction=direction_of(settings.language),
        feeds=feeds,
        image=image,
        source=source,
    )


def own_language(settings: Settings, language: str) -> tuple[str, str]:
    """Return the language and direction of a text that stands on a page of the site.

    Args:
        settings: The digest's settings.
        language: The text's BCP 47 tag; empty means the site's.

    Returns:
        The tag, and `ltr` or `rtl`; both empty where the text is in the site's language, as the
        page around it is.
    """
    if not language or language.casefold() == settings.language.casefold():
        return "", ""
    return language, direction_of(language)


def cut_at_word(text: str, limit: int) -> str:
    """Return text folded to one line and cut at a word, with an ellipsis where it was cut."""
    # Of a whole abstract, what is left at the end need not be folded.
    folded = " ".join(text[: limit + _SPARE].split())
    if len(folded) <= limit < len(text):
        folded = " ".join(text.split())
    if len(folded) <= limit:
        return folded
    return folded[:limit].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"

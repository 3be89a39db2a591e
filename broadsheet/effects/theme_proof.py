"""Whether what a theme made of a fixture is sound.

Responsible for looking through the pages of a built site on behalf of a theme. Not responsible for
building it (`assembly.commands.theme`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from broadsheet.effects.site_links import find_broken_links
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Diagnostic, Span, error_at, sort_diagnostics
from broadsheet.workers.page_faults import find_page_faults


def find_theme_faults(
    output: Path, base_url: str, templates: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    """Return a `theme-fault` error for each page that a theme made wrong, by its template.

    Args:
        output: The built fixture.
        base_url: Complete address of the root that it was built for, or empty.
        templates: What messages call the template of each file, by the file's path.
    """
    return sort_diagnostics(
        (*_page_faults(output, templates), *_links(output, base_url, templates))
    )


def _page_faults(output: Path, templates: Mapping[str, str]) -> Iterator[Diagnostic]:
    seen: set[tuple[str, str]] = set()
    for path, template in sorted(templates.items()):
        if path.endswith(".html"):
            for fault in find_page_faults((output / path).read_text(encoding="utf-8")):
                if (template, fault) not in seen:
                    seen.add((template, fault))
                    yield _fault(template, fault, path)


def _links(output: Path, base_url: str, templates: Mapping[str, str]) -> Iterator[Diagnostic]:
    for link in find_broken_links(output, base_url):
        template = templates.get(link.page, link.page)
        yield _fault(template, f"the link '{link.address}' {link.reason}", link.page)


def _fault(template: str, message: str, page: str) -> Diagnostic:
    return error_at(Code.THEME_FAULT, message, Span(template), f"seen on the example page '{page}'")

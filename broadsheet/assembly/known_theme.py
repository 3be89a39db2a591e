"""What is known of a theme's templates: what is wrong with them, and what each depends on.

Responsible for finding it out once for each theme. Not responsible for how (`template_checks`,
`template_references`), or for reading templates (`effects.theme_files`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from broadsheet.assembly.build_inputs import hash_theme
from broadsheet.effects.caching import read_cached, write_cached
from broadsheet.effects.program import identify_program
from broadsheet.effects.theme_files import ThemeFiles
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.hashing import hash_value
from broadsheet.workers.template_checks import check_theme
from broadsheet.workers.template_references import find_references, hash_closures

CACHE_FILE = "theme"


class KnownTemplates(msgspec.Struct, frozen=True):
    """What is known of templates.

    Attributes:
        problems: What is wrong with them.
        closures: Hash over the closure of each template, by its name.
    """

    problems: tuple[Diagnostic, ...]
    closures: dict[str, str]


def know_templates(
    theme: ThemeFiles, cache: Path, *, is_kept: bool
) -> tuple[KnownTemplates, tuple[Diagnostic, ...]]:
    """Look into a theme's templates, unless the last build did.

    Args:
        theme: The theme.
        cache: Folder of the cache.
        is_kept: Whether to keep what is found for the next build.

    Returns:
        What is known of them, and what was wrong with the cache.

    Raises:
        OSError: The disk refused.
    """
    key = hash_value((identify_program(), hash_theme(theme)))
    known, problems = read_cached(cache / CACHE_FILE, key, KnownTemplates)
    if known is None:
        references = find_references(theme.theme)
        wrong = check_theme(theme.theme, references)
        known = KnownTemplates(wrong, hash_closures(theme.theme, references))
        if is_kept:
            write_cached(cache / CACHE_FILE, key, known)
    return known, problems

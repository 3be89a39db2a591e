"""Related papers, from the cache or anew.

Responsible for the key of the cached lists. Not responsible for the ranking.
"""

from __future__ import annotations

from pathlib import Path

from broadsheet import __version__
from broadsheet.domain.library import Library
from broadsheet.effects.caching import read_cached, write_cached
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.foundations.hashing import hash_value
from broadsheet.planning.relations import Related, RelatedPaper, collect_traits
from broadsheet.planning.texts import Texts

CACHE_FILE = "related"


def find_related(
    library: Library, texts: Texts, cache: Path
) -> tuple[Related, tuple[Diagnostic, ...]]:
    """Return the papers beside each paper; an unchanged library costs a look at the cache.

    Args:
        library: All records.
        texts: Converted texts by the path of the record.
        cache: Folder of the cache.

    Returns:
        The lists by id, and what was wrong with the cache.
    """
    traits = collect_traits(library, texts)
    key = hash_value((__version__, traits))
    path = cache / CACHE_FILE
    related, problems = read_cached(path, key, dict[str, tuple[RelatedPaper, ...]])
    if related is None:
        # numpy and scipy take longer to import than an unchanged digest to build.
        from broadsheet.workers.relating.ranking import relate_papers

        related = relate_papers(traits)
        write_cached(path, key, related)
    return related, problems

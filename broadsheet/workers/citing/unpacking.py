"""Citations from what plans carry of them, worked out once a worker.

Responsible for remembering them: a paper stands in the files of the site, of its topics and of its
digests, in three formats each. Not responsible for what a citation says (`domain.citations`).
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from broadsheet.domain.citations import Citation, cite_paper
from broadsheet.planning.citation_views import CitedPaper

# Papers that a worker remembers: about 5 kB each with their entries.
REMEMBERED = 12_000

_DECODER = msgspec.msgpack.Decoder(CitedPaper)


@lru_cache(maxsize=REMEMBERED)
def unpack_citation(packed: bytes) -> tuple[CitedPaper, Citation]:
    """Return what a citation is made of, and how the paper is cited.

    Args:
        packed: A `CitedPaper`, packed by `citation_views.pack_cited`.
    """
    cited = _DECODER.decode(packed)
    return cited, cite_paper(cited.paper, cited.page_url)

"""Files with the citations of many papers, in each of the three formats.

Responsible for what stands between entries, and for writing each entry once a process: a paper
stands in the files of the site, of its topics and of its digests. Not responsible for an entry
(`bibtex`, `csl_json`, `ris`) or for what it says (`domain.citations`).
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from broadsheet.domain.citations import cite_paper
from broadsheet.planning.citation_views import Bibliography, CitedPaper
from broadsheet.workers.citing.bibtex import write_entry
from broadsheet.workers.citing.csl_json import write_csl_item
from broadsheet.workers.citing.ris import write_ris_record

# Papers whose entries a process remembers, each of 2 kB. What an entry is made of takes twice as
# much, so it is not remembered and all three are written at once; and a list that is longer than
# what is remembered would find nothing of it the next time.
REMEMBERED = 120_000

_DECODER = msgspec.msgpack.Decoder(CitedPaper)


class _Entries(msgspec.Struct, frozen=True):
    """A paper's entries, encoded as they are written."""

    bibtex: bytes
    csl: bytes
    ris: bytes


@lru_cache(maxsize=REMEMBERED)
def _write_entries(packed: bytes) -> _Entries:
    cited = _DECODER.decode(packed)
    citation = cite_paper(cited.paper, cited.page_url)
    return _Entries(
        bibtex=f"{write_entry(citation, cited.title_tex)}\n".encode("utf-8", "replace"),
        csl=write_csl_item(citation, cited),
        ris=write_ris_record(citation, cited).encode("utf-8", "replace"),
    )


def write_bibtex(view: Bibliography) -> bytes:
    """Return a BibTeX file: entries, one paragraph each.

    Args:
        view: The papers.
    """
    return b"\n".join([_write_entries(packed).bibtex for packed in view.entries])


def write_csl_json(view: Bibliography) -> bytes:
    """Return a CSL-JSON file: an array of items, one a line.

    Args:
        view: The papers.
    """
    items = [_write_entries(packed).csl for packed in view.entries]
    return b"[\n" + b",\n".join(items) + b"\n]\n" if items else b"[]\n"


def write_ris(view: Bibliography) -> bytes:
    """Return a RIS file: records with an empty line between them.

    Args:
        view: The papers.
    """
    return b"\r\n".join([_write_entries(packed).ris for packed in view.entries])

"""Files with citations: of all papers of the site, of a topic, of a digest, and of one paper.

Responsible for which papers stand in them and in which order. Not responsible for what a citation
says (`domain.citations`) or for the formats (`workers.citing`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from broadsheet.domain.citations import OUT_OF_BIBLIOGRAPHIES
from broadsheet.domain.records import Paper
from broadsheet.domain.settings import CITATION_FILES
from broadsheet.planning import addresses
from broadsheet.planning.citation_views import Bibliography, CitationFile, make_bibliography
from broadsheet.planning.edition import Edition, sort_newest_first
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.views import Fact, FactValue

# Ending: format of `workers.data_files`, name in words, media type.
_FORMATS = {
    "bib": ("bibtex", "BibTeX", "application/x-bibtex"),
    "ris": ("ris", "RIS", "application/x-research-info-systems"),
    "csl.json": ("csl-json", "CSL-JSON", "application/vnd.citationstyles.csl+json"),
}


def plan_bibliographies(edition: Edition) -> Iterator[Outline]:
    """Plan the files of the site, of each topic and of each digest, in all formats.

    Args:
        edition: What is being planned.
    """
    library = edition.library
    newest = partial(sort_newest_first, library)
    yield from _plan_files(addresses.FRONT, cache(partial(newest, library.papers)))
    for slug, papers in library.topics.papers.items():
        yield from _plan_files(addresses.topic_url(slug), cache(partial(newest, papers)))
    for key, digest in library.digests.items():
        yield from _plan_files(addresses.digest_url(key), partial(tuple, digest.papers))


def plan_exports(edition: Edition) -> Iterator[Outline]:
    """Plan the files of each paper that `exports` asks for, with its abstract."""
    endings = _citation_exports(edition)
    for paper in edition.library.papers.values() if endings else ():
        for ending in endings:
            yield Outline(
                url=addresses.citation_url(paper.id, ending),
                template=_FORMATS[ending][0],
                fill=partial(_fill_export, paper=paper),
                shows=(paper.source,),
                lists=partial(_list_papers, papers=partial(tuple, (paper.id,))),
                sources=(paper.source,),
                is_page=False,
            )


def bibliography_files(list_url: str) -> tuple[CitationFile, ...]:
    """Return links to the citations of a list's papers.

    Args:
        list_url: The list's own address; of the site's, the root's.
    """
    return tuple(
        _name_file(addresses.bibliography_url(list_url, ending), ending)
        for ending in CITATION_FILES
    )


def bibliography_fact(list_url: str) -> Fact:
    """Return the same links as a line of a details list."""
    files = bibliography_files(list_url)
    values = tuple(FactValue(text=file.text, url=file.url) for file in files)
    return Fact(term="Citations", values=values)


def paper_files(edition: Edition, paper: Paper) -> tuple[CitationFile, ...]:
    """Return links to the files with one paper's citation."""
    return tuple(
        _name_file(addresses.citation_url(paper.id, ending), ending)
        for ending in _citation_exports(edition)
    )


def _citation_exports(edition: Edition) -> tuple[str, ...]:
    return tuple(ending for ending in edition.settings.exports if ending in CITATION_FILES)


def _plan_files(list_url: str, papers: Callable[[], Iterable[str]]) -> Iterator[Outline]:
    for ending in CITATION_FILES:
        yield Outline(
            url=addresses.bibliography_url(list_url, ending),
            template=_FORMATS[ending][0],
            fill=partial(_fill_bibliography, papers=papers),
            lists=partial(_list_papers, papers=papers),
            is_page=False,
            kin="citations",
        )


def _list_papers(_edition: Edition, papers: Callable[[], Iterable[str]]) -> Iterable[str]:
    return papers()


def _fill_bibliography(edition: Edition, papers: Callable[[], Iterable[str]]) -> Filled:
    known = edition.library.papers
    cited = (i for i in papers() if known[i].status not in OUT_OF_BIBLIOGRAPHIES)
    return Filled(Bibliography(entries=tuple(edition.cited[paper_id] for paper_id in cited)))


def _fill_export(edition: Edition, paper: Paper) -> Filled:
    abstract = edition.texts[paper.source].abstract
    plain = abstract.plain if abstract is not None else ""
    return Filled(make_bibliography((edition.cited.make(paper.id, plain),)))


def _name_file(url: str, ending: str) -> CitationFile:
    _, text, media_type = _FORMATS[ending]
    return CitationFile(text=text, url=url, type=media_type)

"""The records as JSON under `/api/v1/`, and `llms.txt`.

Papers stand in shards by month, so that an edit rewrites one file, and who polls fetches one: of
10,000 papers a year takes 18 MB and a month 2. Responsible for what is in them and for the schema.
Not responsible for their shape (`api_views`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, partial

import msgspec

from broadsheet.domain.digests import Digest
from broadsheet.domain.identifiers import slugify
from broadsheet.domain.records import Paper, Status
from broadsheet.foundations.words import fold
from broadsheet.planning import addresses
from broadsheet.planning import api_views as api
from broadsheet.planning.cards import marked_title
from broadsheet.planning.edition import Edition
from broadsheet.planning.file_views import TextFile
from broadsheet.planning.outlines import Filled, Outline
from broadsheet.planning.plan_discovery import outline_text
from broadsheet.planning.plan_twins import has_twins

VERSION = 1
ROOT = "api/v1/"
_SCHEMA_TITLE = "The records of a Broadsheet digest, version 1"


def plan_api(edition: Edition) -> Iterator[Outline]:
    """Plan the files of the interface, and `llms.txt`.

    Args:
        edition: What is being planned.
    """
    shards = _shards(edition)
    days = edition.library.digests_of("day")
    fill = partial(_fill_index, shards=shards)
    topics = tuple(t.source for t in edition.library.topics.by_slug.values() if t.source)
    yield Outline(url="llms.txt", template="text", fill=_fill_llms, shows=topics, is_page=False)
    yield Outline(url=f"{ROOT}index.json", template="json", fill=fill, is_page=False)
    yield Outline(
        url=f"{ROOT}topics.json", template="json", fill=_fill_topics, shows=topics, is_page=False
    )
    yield outline_text(f"{ROOT}schema.json", write_schema(edition.settings.base_url))
    for period, papers in shards.items():
        yield Outline(
            url=_shard_url(period),
            template="json-shard",
            fill=partial(_fill_shard, period=period, papers=papers),
            shows=tuple(paper.source for paper in papers),
            lists=partial(_list_papers, papers=papers),
            is_page=False,
        )
    for digest in days:
        papers = _listed(edition, digest)
        yield Outline(
            url=_day_url(digest),
            template="json-shard",
            fill=partial(_fill_day, url=_day_url(digest), papers=papers),
            shows=tuple(paper.source for paper in papers),
            lists=partial(_list_papers, papers=papers),
            is_page=False,
        )


def _list_papers(_edition: Edition, papers: tuple[Paper, ...]) -> list[str]:
    return [paper.id for paper in papers]


def _fill_llms(edition: Edition) -> Filled:
    """Return `llms.txt`: what language models are to know of the site, in Markdown."""
    settings = edition.settings
    lines = [f"# {settings.title}", ""]
    about = settings.description or settings.tagline
    lines += [f"> {about}", ""] if about else []
    files = (
        (f"{ROOT}index.json", "all papers as JSON, with a schema"),
        (addresses.FEED, "new papers, full text"),
        (addresses.feed_url(addresses.DIGESTS), "the digests, one entry an issue"),
    )
    lines += ["## Data", ""]
    lines += [f"- [{url}]({settings.base_url}{url}): {words}" for url, words in files]
    if has_twins(settings):
        words = "each paper's page as Markdown, at its own address and `index.md`"
        lines.append(f"- `{settings.base_url}{addresses.twin_url('<id>')}`: {words}")
    lines += ["", "## Topics", ""]
    for topic in edition.library.topics.by_slug.values():
        about = f": {topic.description}" if topic.description else ""
        lines.append(
            f"- [{topic.name}]({settings.base_url}{addresses.topic_url(topic.slug)}){about}"
        )
    return Filled(TextFile(text="\n".join((*lines, ""))))


@cache
def write_schema(base_url: str) -> str:
    """Return the JSON Schema of all files (draft 2020-12)."""
    kinds = (api.ApiIndex, api.PaperShard, api.TopicList, tuple[api.DailyPaper, ...])
    some, definitions = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{base_url}{ROOT}schema.json",
        "title": _SCHEMA_TITLE,
        "anyOf": list(some),
        "$defs": definitions,
    }
    return msgspec.json.format(msgspec.json.encode(schema), indent=1).decode() + "\n"


def _shard_url(period: str) -> str:
    return f"{ROOT}papers/{period}.json"


def _day_url(digest: Digest) -> str:
    return f"{ROOT}daily_papers/{digest.key}.json"


def _shards(edition: Edition) -> dict[str, tuple[Paper, ...]]:
    shards: dict[str, list[Paper]] = {}
    for paper in edition.library.papers.values():
        if paper.status is not Status.DRAFT:
            shards.setdefault(_period(paper), []).append(paper)
    return {period: tuple(shards[period]) for period in sorted(shards)}


def _period(paper: Paper) -> str:
    """Return the month in which a paper appeared or was featured, or its year where that is all."""
    when = paper.date or paper.featured
    if when is None:
        return "undated"
    return f"{when.year:04}-{when.month:02}" if when.month else f"{when.year:04}"


def _listed(edition: Edition, digest: Digest) -> tuple[Paper, ...]:
    papers = (edition.library.papers[i] for i in digest.papers)
    return tuple(paper for paper in papers if paper.status is not Status.DRAFT)


def _fill_index(edition: Edition, shards: dict[str, tuple[Paper, ...]]) -> Filled:
    base = edition.settings.base_url or addresses.root_of(f"{ROOT}index.json")
    view = api.ApiIndex(
        version=VERSION,
        title=edition.settings.title,
        home_page_url=base,
        schema_url=f"{base}{ROOT}schema.json",
        topics_url=f"{base}{ROOT}topics.json",
        papers=tuple(
            api.ShardLink(name=period, url=base + _shard_url(period), count=len(papers))
            for period, papers in shards.items()
        ),
        daily_papers=tuple(
            api.ShardLink(name=d.key, url=base + _day_url(d), count=len(_listed(edition, d)))
            for d in edition.library.digests_of("day")
        ),
    )
    return Filled(api.JsonFile(content=view))


def _fill_topics(edition: Edition) -> Filled:
    base = edition.settings.base_url or addresses.root_of(f"{ROOT}topics.json")
    library = edition.library.topics
    topics = tuple(
        api.ApiTopic(
            slug=topic.slug,
            name=topic.name,
            url=base + addresses.topic_url(topic.slug),
            count=len(library.papers[topic.slug]),
            short=topic.short if topic.short != topic.name else "",
            description=topic.description,
            parent=topic.parent,
        )
        for topic in library.by_slug.values()
    )
    return Filled(api.JsonFile(content=api.TopicList(version=VERSION, topics=topics)))


def _fill_shard(edition: Edition, period: str, papers: tuple[Paper, ...]) -> Filled:
    url = _shard_url(period)
    base = edition.settings.base_url or addresses.root_of(url)
    entries = _fill_entries(edition, url, papers, partial(_api_paper, edition, base=base))
    head = api.PaperShard(version=VERSION, period=period, papers=())
    return Filled(api.JsonShard(head=head, entries=entries))


def _fill_day(edition: Edition, url: str, papers: tuple[Paper, ...]) -> Filled:
    entries = _fill_entries(edition, url, papers, partial(_daily_paper, edition))
    return Filled(api.JsonShard(head=None, entries=entries))


def _fill_entries(
    edition: Edition,
    url: str,
    papers: tuple[Paper, ...],
    fill: Callable[[Paper], api.ApiPaper | api.DailyPaper],
) -> tuple[bytes, ...]:
    """Return a paper's entry in a file each, written; only what changed is filled anew."""
    known = edition.known_entries(url, tuple(paper.id for paper in papers))
    return tuple(known.get(paper.id) or msgspec.json.encode(fill(paper)) for paper in papers)


def _api_paper(edition: Edition, paper: Paper, base: str) -> api.ApiPaper:
    lines = edition.cards.lines(paper.id)
    title, tldr = lines["title"].plain, lines.get("tldr")
    abstract = edition.texts[paper.source].abstract
    return api.ApiPaper(
        id=paper.id,
        url=base + addresses.paper_url(paper.id),
        title=title,
        status=paper.status.value,
        title_tex=paper.title if paper.title != title else "",
        authors=tuple(
            [api.ApiAuthor(a.name, a.orcid, a.affiliation, a.url) for a in paper.authors]
        ),
        date=str(paper.date or ""),
        updated=str(paper.updated or ""),
        featured=paper.featured.isoformat() if paper.featured is not None else "",
        topics=edition.library.topics.of_paper[paper.id],
        categories=paper.categories,
        tldr=tldr.plain if tldr is not None else "",
        abstract=abstract.plain if abstract is not None else "",
        arxiv=paper.arxiv,
        doi=paper.doi,
        openreview=paper.openreview,
        acl=paper.acl,
        pmid=paper.pmid,
        venue=msgspec.convert(paper.venue, api.ApiVenue, from_attributes=True)
        if paper.venue is not None
        else None,
        links={link.kind: link.href for link in paper.links},
        votes=paper.votes,
        curator=paper.curator,
        keywords=paper.keywords,
        language=paper.language,
        status_note=paper.status_note,
        superseded_by=paper.superseded_by,
        aliases=paper.aliases,
    )


def _daily_paper(edition: Edition, paper: Paper) -> api.DailyPaper:
    text = edition.texts[paper.source]
    links = {link.kind: link.href for link in paper.links}
    shown = text.abstract or text.body
    summary = fold(shown.plain) if shown is not None else ""
    day = _midnight(paper.featured or date.min)
    title = marked_title(edition.cards[paper.id]).plain
    submitter = _submitter(paper.curator or edition.settings.curator)
    tldr = edition.cards[paper.id].tldr
    record = api.DailyRecord(
        id=paper.arxiv or paper.id,
        authors=tuple(
            api.DailyAuthor(key=_opaque(f"{paper.id} {n} {a.name}"), name=a.name)
            for n, a in enumerate(paper.authors)
        ),
        title=title,
        summary=summary,
        submitted_on_daily_at=day,
        published_at=_midnight(paper.date.first_day()) if paper.date is not None else "",
        submitted_on_daily_by=submitter,
        upvotes=paper.votes,
        project_page=links.get("project", ""),
        github_repo=links.get("code", ""),
        ai_summary=tldr.plain if tldr is not None else "",
        ai_keywords=paper.keywords,
    )
    return api.DailyPaper(
        paper=record, title=title, summary=summary, published_at=day, submitted_by=submitter
    )


def _submitter(name: str) -> api.DailySubmitter | None:
    if not name:
        return None
    handle = slugify(name)
    return api.DailySubmitter(key=_opaque(name), fullname=name, name=handle, user=handle)


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


def _opaque(text: str) -> str:
    """Return an id as Hugging Face's look: 24 hexadecimal digits, the same in every build."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]

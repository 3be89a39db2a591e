"""The forest of topics, and the papers of each.

Responsible for resolving the words that records use for topics, for parents and cycles, and for
listing each topic's papers. Not responsible for suggesting topics or for counting by time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from broadsheet.domain.identifiers import is_id, is_reserved, normalise_name, slugify
from broadsheet.domain.records import Paper, Records, Topic
from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding
from broadsheet.foundations.schema import ask_for, nearest


class TopicIndex(msgspec.Struct, frozen=True, kw_only=True):
    """Topics with their papers.

    Attributes:
        by_slug: Topics in the order of their slugs.
        children: Slugs of the topics directly below each topic.
        papers: For each topic, ids of the papers that carry it or a topic below it, by id.
        of_paper: For each paper, the slugs it carries, resolved, the primary first.
        words: Slug by any other word for a topic: its aliases and its name, normalised.
    """

    by_slug: Mapping[str, Topic]
    children: Mapping[str, tuple[str, ...]]
    papers: Mapping[str, tuple[str, ...]]
    of_paper: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str] = {}

    def ancestors(self, slug: str) -> tuple[str, ...]:
        """Return the slugs above a topic, the nearest first."""
        above: list[str] = []
        parent = self.by_slug[slug].parent
        while parent:
            above.append(parent)
            parent = self.by_slug[parent].parent
        return tuple(above)


def index_topics(
    records: Records, papers: Mapping[str, Paper], *, open_topics: bool
) -> tuple[TopicIndex, tuple[Finding, ...]]:
    """Resolve the topics of all papers.

    Args:
        records: Everything that was read; topics come from here.
        papers: The papers that exist, by id.
        open_topics: Whether a paper may name a topic that has no record.

    Returns:
        The index, and unknown topics, unknown parents, cycles and words that mean two topics.
    """
    declared = {topic.slug: topic for topic in sorted(records.topics, key=lambda t: t.slug)}
    findings = list(_check_parents(declared, records.broken))
    declared = _cut_bad_parents(declared, findings)
    words, conflicts = _index_words(declared.values())
    findings += conflicts
    if open_topics:
        opened = _open_topics(papers.values(), declared, words)
        words |= {_normalise(word): topic.slug for word, topic in opened.items()}
        declared |= {topic.slug: topic for topic in opened.values()}
    of_paper: dict[str, tuple[str, ...]] = {}
    for paper in papers.values():
        slugs: list[str] = []
        for position, word in enumerate(paper.topics):
            slug = _resolve(word, declared, words)
            if slug is None:
                if f"topics/{word}" not in records.broken:
                    findings.append(_unknown_topic(paper, position, word, declared, words))
            elif slug not in slugs:
                slugs.append(slug)
        of_paper[paper.id] = tuple(slugs)
    declared = dict(sorted(declared.items()))
    return _make_index(declared, of_paper, words), tuple(findings)


def _make_index(
    declared: dict[str, Topic], of_paper: dict[str, tuple[str, ...]], words: dict[str, str]
) -> TopicIndex:
    children: dict[str, list[str]] = {slug: [] for slug in declared}
    for topic in declared.values():
        if topic.parent:
            children[topic.parent].append(topic.slug)
    index = TopicIndex(
        by_slug=declared,
        children={slug: tuple(below) for slug, below in children.items()},
        papers={},
        of_paper=of_paper,
        words=words,
    )
    above = {slug: (slug, *index.ancestors(slug)) for slug in declared}
    papers: dict[str, list[str]] = {slug: [] for slug in declared}
    for paper_id, slugs in of_paper.items():
        for name in dict.fromkeys(name for slug in slugs for name in above[slug]):
            papers[name].append(paper_id)
    listed = {slug: tuple(ids) for slug, ids in papers.items()}
    return msgspec.structs.replace(index, papers=listed)


def _open_topics(
    papers: Iterable[Paper], declared: Mapping[str, Topic], words: Mapping[str, str]
) -> dict[str, Topic]:
    """Make a topic of every word that only papers know.

    Words that differ by case or by a hyphen for a space are one topic; all others are different
    topics, whose slugs differ however little of them an address can hold (`C`, `C++`, `C#`).

    Returns:
        The topics by normalised word. A word that is a slug keeps it; the others are served in
        their own order, so that the order of papers plays no part.
    """
    spellings: dict[str, set[str]] = {}
    for paper in papers:
        for word in paper.topics:
            if _resolve(word, declared, words) is None:
                spellings.setdefault(_normalise(word), set()).add(word)
    slugs = {word: word for word in spellings if is_id(word) and not is_reserved(word)}
    taken = {*declared, *slugs}
    for word in sorted(spellings.keys() - slugs.keys()):
        slugs[word] = slugify(word, taken)
        taken.add(slugs[word])
    return {word: _undeclared(slugs[word], spellings[word]) for word in sorted(spellings)}


def _undeclared(slug: str, spellings: set[str]) -> Topic:
    named = sorted(word for word in spellings if word != slug)
    name = named[0] if named else slug.replace("-", " ").replace("_", " ").capitalize()
    return Topic(slug=slug, source="", name=name, short=name[:24])


def _normalise(word: str) -> str:
    """Return the form under which two words for a topic count as the same."""
    return "-".join(normalise_name(word).split())


def _resolve(word: str, declared: Mapping[str, Topic], words: Mapping[str, str]) -> str | None:
    key = _normalise(word)
    return key if key in declared else words.get(key)


def _index_words(topics: Iterable[Topic]) -> tuple[dict[str, str], list[Finding]]:
    """Map every other word for a topic to its slug; a name that two topics have means neither."""
    topics = tuple(topics)
    slugs = {topic.slug: topic for topic in topics}
    words: dict[str, str] = {}
    findings = []
    for topic in topics:
        for position, alias in enumerate(topic.aliases):
            if alias.startswith("/"):  # an old address, not a word
                continue
            word = _normalise(alias)
            other = words.get(word) or (word if word in slugs else "")
            if other and other != topic.slug:
                findings.append(
                    Finding(
                        code=Code.ALIAS_CONFLICT,
                        message=f"'{alias}' already means the topic '{other}'",
                        source=topic.source,
                        field=("aliases", position),
                        hint="delete it in one of the two records",
                        related=(slugs[other].source,),
                    )
                )
            else:
                words[word] = topic.slug
    names = Counter(_normalise(topic.name) for topic in topics)
    for topic in topics:
        word = _normalise(topic.name)
        if names[word] == 1 and word not in slugs:
            words.setdefault(word, topic.slug)
    return words, findings


def _check_parents(declared: Mapping[str, Topic], broken: frozenset[str]) -> Iterable[Finding]:
    for topic in declared.values():
        is_unknown = topic.parent not in declared and f"topics/{topic.parent}" not in broken
        if topic.parent and is_unknown:
            yield Finding(
                code=Code.UNKNOWN_TOPIC,
                message=f"the parent '{topic.parent}' is not a topic",
                source=topic.source,
                field=("parent",),
                hint=ask_for(nearest(topic.parent, declared)) or "declare it in content/topics/",
            )
        elif (cycle := _cycle_from(topic, declared)) and topic.slug == min(cycle):
            yield Finding(
                code=Code.TOPIC_CYCLE,
                message="the topic stands above itself: " + " > ".join((*cycle, topic.slug)),
                source=topic.source,
                field=("parent",),
                hint="delete one of the parents",
                related=tuple(declared[slug].source for slug in cycle[1:]),
            )


def _cycle_from(topic: Topic, declared: Mapping[str, Topic]) -> tuple[str, ...]:
    """Return the topics on the way round from a topic to itself, or nothing."""
    way = [topic.slug]
    parent = topic.parent
    while parent in declared and parent not in way:
        way.append(parent)
        parent = declared[parent].parent
    return tuple(way) if parent == topic.slug else ()


def _cut_bad_parents(declared: dict[str, Topic], findings: list[Finding]) -> dict[str, Topic]:
    cut = {f.source for f in findings}
    return {
        slug: msgspec.structs.replace(topic, parent="")
        if topic.source in cut or topic.parent not in declared
        else topic
        for slug, topic in declared.items()
    }


def _unknown_topic(
    paper: Paper,
    position: int,
    word: str,
    declared: Mapping[str, Topic],
    words: Mapping[str, str],
) -> Finding:
    near = nearest(word, declared) or words.get(nearest(word, words), "")
    return Finding(
        code=Code.UNKNOWN_TOPIC,
        message=f"the topic '{word}' is not declared",
        source=paper.source,
        field=("topics", position),
        hint=ask_for(near)
        or f"add content/topics/{slugify(word)}.md, or 'topics: open' to site.yaml",
    )


def count_shared(index: TopicIndex, slug: str) -> dict[str, int]:
    """Count the papers that a topic shares with every other topic, itself and its kin left out."""
    kin = {slug, *index.ancestors(slug), *index.children[slug]}
    shared: dict[str, int] = defaultdict(int)
    for paper_id in index.papers[slug]:
        for other in index.of_paper[paper_id]:
            if other not in kin:
                shared[other] += 1
    return dict(shared)

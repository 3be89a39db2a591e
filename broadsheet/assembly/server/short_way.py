"""The short way: what follows from an edit that changes nothing but papers' own texts.

Responsible for telling such an edit from any other and for the state that follows from it, in a few
milliseconds however many papers there are. What it leaves out (problems between records, links from
other bodies by title, what is worked out once for all topics) is made up for when everything is
made anew (`updating`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from broadsheet.assembly.project import Project
from broadsheet.assembly.server.known_files import FileContent
from broadsheet.assembly.server.updating import Made
from broadsheet.domain.reading import Record, read_record
from broadsheet.domain.records import Paper
from broadsheet.effects.scanning import scan_file
from broadsheet.foundations.diagnostics import Outcome, sort_diagnostics
from broadsheet.foundations.hashing import hash_bytes
from broadsheet.planning.cards import code_of
from broadsheet.planning.edition import make_edition
from broadsheet.planning.texts import ConvertedText, make_job, shorten_text
from broadsheet.workers.kept_records import strip_record
from broadsheet.workers.markup import convert_batch

# What a paper's own page, cards and feeds show of it, and nothing is sorted, listed or counted by.
_TEXT_FIELDS = ("title", "tldr", "abstract", "body", "keywords", "status_note", "curator", "links")
_NO_TEXT: dict[str, object] = {
    field.name: field.default
    for field in msgspec.structs.fields(Paper)
    if field.name in _TEXT_FIELDS
} | {"title": ""}


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """Files that were saved.

    Attributes:
        contents: What each file holds now.
        read: What reading it gave.
    """

    contents: Mapping[str, FileContent]
    read: Mapping[str, Outcome[Record | None]]

    def has_new_errors(self, made: Made) -> bool:
        """Tell whether a file that was sound has errors now; it may be in the middle of a save."""
        broken = {path for path, read in self.read.items() if read.value is None}
        return bool(broken - made.files.broken.keys())


def read_edit(project: Project, made: Made, paths: frozenset[str]) -> Edit | None:
    """Read files that may have changed; None where one is no paper that is shown.

    Args:
        project: Where the digest lies.
        made: What was made last.
        paths: The files.
    """
    contents: dict[str, FileContent] = {}
    read: dict[str, Outcome[Record | None]] = {}
    for path in paths:
        paper_id = path.rpartition("/")[2].removesuffix(".md")
        shown = made.library.papers.get(paper_id)
        raw, problem = scan_file(project.root, path)
        if raw is None and problem is None and path not in made.files.survey.digests:
            # It was only there for the time of a save.
            continue
        if shown is None or shown.source != path or raw is None or problem is not None:
            return None
        digest = hash_bytes(raw.content)
        if digest != made.seen.get(path, made.files.survey.digests.get(path)):
            contents[path] = FileContent(digest, raw.content)
            read[path] = read_record(raw)
    return Edit(contents=contents, read=read)


def make_edit(made: Made, edit: Edit) -> Made | None:
    """Return what follows from an edit, or None when it has changed more than texts.

    Args:
        made: What was made last.
        edit: The edit.
    """
    papers: dict[str, Paper] = {}
    for path, read in edit.read.items():
        paper = read.value
        if paper is None:
            continue
        shown = made.library.papers.get(paper.id) if isinstance(paper, Paper) else None
        if not isinstance(paper, Paper) or shown is None or not _is_text_edit(shown, paper):
            return None
        if "[[" in paper.body.text:
            return None
        papers[path] = paper
    jobs = tuple(make_job(paper, ()) for paper in papers.values())
    texts = dict(zip(papers, convert_batch(made.markup, jobs), strict=True))
    others = [d for d in made.diagnostics if d.span.path not in edit.read]
    own = [d for read in edit.read.values() for d in read.diagnostics]
    good = {path: edit.contents[path] for path in papers}
    seen = {path: content.digest for path, content in edit.contents.items()}
    return msgspec.structs.replace(
        _put(made, papers, texts),
        diagnostics=sort_diagnostics((*others, *own)),
        edited={**made.edited, **good},
        seen={**made.seen, **seen},
    )


def _put(made: Made, papers: Mapping[str, Paper], texts: Mapping[str, ConvertedText]) -> Made:
    """Put papers and their texts in the place of earlier ones."""
    if not papers:
        return made
    old = made.plan.edition
    stripped = {paper.id: strip_record(paper) for paper in papers.values()}
    library = msgspec.structs.replace(old.library, papers={**old.library.papers, **stripped})
    short = {**old.short, **{path: shorten_text(text) for path, text in texts.items()}}
    edition = make_edition(library, short, _Edited(old.texts, texts), old.related, old.settings)
    plan = msgspec.structs.replace(made.plan, edition=edition)
    return msgspec.structs.replace(made, plan=plan)


def _is_text_edit(was: Paper, now: Paper) -> bool:
    if bool(code_of(was)) != bool(code_of(now)):
        return False  # digests say how many of their papers have code
    return msgspec.structs.replace(was, **_NO_TEXT) == msgspec.structs.replace(now, **_NO_TEXT)


class _Edited(Mapping[str, ConvertedText]):
    """Converted texts, some of them replaced."""

    def __init__(
        self, texts: Mapping[str, ConvertedText], edited: Mapping[str, ConvertedText]
    ) -> None:
        self._texts = texts
        self._edited = edited

    def __getitem__(self, path: str) -> ConvertedText:
        edited = self._edited.get(path)
        return edited if edited is not None else self._texts[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

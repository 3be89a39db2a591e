"""From files to what the preview shows: the stages of a build, on what has changed.

Responsible for making everything from the files, with records and texts that are known taken from
memory and the cache, and for related papers that fit an edited library. Not responsible for looking
at files (`known_files`), for the short way (`short_way`), for rendering (`preview`) or for when it
is done (`keeping_up`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from broadsheet import __version__
from broadsheet.assembly.build_values import BuildOptions
from broadsheet.assembly.checking import check_extras, find_in_texts, library_rules, markup_options
from broadsheet.assembly.project import Project
from broadsheet.assembly.reading import Content, ContentCache, read_content
from broadsheet.assembly.server.known_files import FileContent, KnownFiles
from broadsheet.assembly.stopwatch import Stopwatch
from broadsheet.domain.identifiers import normalise_name
from broadsheet.domain.library import Library, build_library
from broadsheet.effects.executors import open_executor
from broadsheet.effects.program import identify_program
from broadsheet.effects.source_files import SourceFiles
from broadsheet.foundations.diagnostics import Diagnostic, sort_diagnostics
from broadsheet.foundations.location import locate_findings
from broadsheet.planning.edition import make_edition
from broadsheet.planning.plan import PlanKeys, SitePlan, plan_site
from broadsheet.planning.relations import Related, RelatedPaper
from broadsheet.planning.texts import MarkupOptions
from broadsheet.workers.rendering import RenderSpec
from broadsheet.workers.theme import pack_theme


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What the preview's state follows from.

    Attributes:
        files: The files.
        content: The records with their texts.
        markup: What decides how texts are converted.
        plan: The outputs.
        spec: What pages are rendered with.
        diagnostics: Everything that is wrong, sorted.
        edited: The last good content of files that were edited the short way since.
        seen: Hash of the newest content of these files, good or not.
    """

    files: KnownFiles
    content: Content
    markup: MarkupOptions
    plan: SitePlan
    spec: RenderSpec
    diagnostics: tuple[Diagnostic, ...]
    edited: Mapping[str, FileContent] = {}
    seen: Mapping[str, str] = {}

    @property
    def library(self) -> Library:
        """All records that are sound."""
        return self.plan.edition.library


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What is made, beside what the files say.

    Attributes:
        project: Where the digest lies.
        has_drafts: Whether drafts are shown.
        executor: Where batches run.
        related: The papers beside each paper, of this state or an earlier one.
    """

    project: Project
    has_drafts: bool = True
    executor: str = "auto"
    related: Related = {}


class Maker:
    """Makes states of one digest, and remembers records and texts from one to the next."""

    def __init__(self) -> None:
        """Remember nothing."""
        self._cache: ContentCache | None = None
        self._markup: MarkupOptions | None = None
        self._unwritten: Content | None = None

    def make(
        self, known: KnownFiles, reach: Reach, pause: Callable[[], None] = lambda: None
    ) -> Made:
        """Make everything.

        Args:
            known: The files.
            reach: What is made, beside what they say.
            pause: Called between the stages; what it raises ends them, and nothing is lost but what
                they have made.
        """
        markup = markup_options(known.settings)
        cache = self._open(reach.project, markup)
        survey = known.as_shown()
        files = SourceFiles(reach.project.root, survey)
        with open_executor(reach.executor) as executor:
            watch = Stopwatch(lambda _: pause())
            content = read_content(
                files, survey.records, known.people, markup, cache, executor, watch
            )
        cache.remember(content)
        self._unwritten = content
        pause()
        options = BuildOptions(has_drafts=reach.has_drafts)
        library, findings = build_library(content.records, library_rules(known.settings, options))
        related = SettledRelated(reach.related, library)
        pause()
        theme = known.theme.sound
        plan, conflicts = plan_site(
            make_edition(library, content.short, content.texts, related, known.settings),
            theme.addresses(),
            survey.static,
            # Pages are told apart by their bytes here, so that no key of a template is asked for.
            PlanKeys(__version__, {}),
        )
        pause()
        written = (*find_in_texts(content.short, markup), *check_extras(known.settings))
        found = (*findings, *conflicts, *written)
        # The bytes that were read are in the records now, or will not be asked for.
        bare = msgspec.structs.replace(known.survey, contents={})
        return Made(
            files=msgspec.structs.replace(known, survey=bare),
            content=content,
            markup=markup,
            plan=plan,
            spec=RenderSpec(plan.site, pack_theme(theme.theme)),
            diagnostics=_collect(known, content, locate_findings(found, files)),
        )

    def keep(self) -> None:
        """Write what has been made, so that the next start finds it, and forget it here.

        Raises:
            OSError: The disk refused.
        """
        if self._cache is not None and self._unwritten is not None:
            self._cache.keep(self._unwritten)
            self._cache.forget()
            self._unwritten = None

    def _open(self, project: Project, markup: MarkupOptions) -> ContentCache:
        if self._cache is None or self._markup != markup:
            self._cache = ContentCache(project.cache, identify_program(), markup)
            self._markup = markup
        return self._cache


def with_related(made: Made, related: Related) -> Made:
    """Return the same with other related papers."""
    settled = SettledRelated(related, made.library)
    edition = msgspec.structs.replace(made.plan.edition, related=settled)
    plan = msgspec.structs.replace(made.plan, edition=edition)
    return msgspec.structs.replace(made, plan=plan)


class SettledRelated(Mapping[str, tuple[RelatedPaper, ...]]):
    """Related papers without those that have gone, and without ties that no longer hold.

    A list is settled when it is asked for, since a preview asks for few.
    """

    def __init__(self, related: Related, library: Library) -> None:
        """Begin with nothing settled.

        Args:
            related: Lists that were made from this library or an earlier one.
            library: The library.
        """
        self._related = related
        self._library = library

    def __getitem__(self, paper_id: str) -> tuple[RelatedPaper, ...]:
        """Return the papers beside a paper."""
        papers, others = self._library.papers, self._related[paper_id]
        if paper_id not in papers:
            raise KeyError(paper_id)
        return tuple(_settle(o, paper_id, self._library) for o in others if o.id in papers)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids of the papers that have a list."""
        return (paper_id for paper_id in self._related if paper_id in self._library.papers)

    def __len__(self) -> int:
        """Return the number of lists."""
        return sum(1 for _ in self)


def _settle(other: RelatedPaper, paper_id: str, library: Library) -> RelatedPaper:
    if other.tie == "topic":
        topics = library.topics.of_paper
        holds = bool({*topics[paper_id]} & {*topics[other.id]})
    elif other.tie == "author":
        one, two = library.papers[paper_id], library.papers[other.id]
        names = {normalise_name(author.name) for author in one.authors}
        holds = any(normalise_name(author.name) in names for author in two.authors)
    else:
        holds = True
    return other if holds else RelatedPaper(other.id, other.reasons)


def _collect(
    known: KnownFiles, content: Content, located: Iterable[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong; of a broken record that is what is wrong with it now."""
    read = (d for d in (*content.diagnostics, *located) if d.span.path not in known.broken)
    return sort_diagnostics(
        (
            *known.survey.diagnostics,
            *read,
            *(d for problems in known.broken.values() for d in problems),
            *known.setting_problems,
            *known.people_problems,
            *known.theme.diagnostics,
        )
    )

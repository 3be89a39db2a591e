"""The process that makes what takes seconds: `python -m broadsheet.assembly.server.catching_up`.

Responsible for reading the digest, for the lists of related papers and for the search index, both
left in the cache, where a build finds them too. Its job comes by the standard input, its result
goes to the standard output. Not responsible for when it runs (`background`).
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from broadsheet.assembly.project import Project
from broadsheet.assembly.relating import find_related
from broadsheet.assembly.server.known_files import look_first
from broadsheet.assembly.server.updating import Maker, Reach
from broadsheet.effects.locking import hold_lock
from broadsheet.effects.own_processes import end_when_asked, end_with, give_way
from broadsheet.effects.searching import hash_search_input, make_search_index
from broadsheet.planning.relations import RelatedPaper
from broadsheet.planning.search_records import plan_search_records


class CaughtUpJob(msgspec.Struct, frozen=True):
    """What is to be done.

    Attributes:
        root: The digest's root.
        parent: Number of the process that wants it.
    """

    root: str
    parent: int


class CaughtUp(msgspec.Struct, frozen=True, kw_only=True):
    """What has been done.

    Attributes:
        bundle: Folder of the index; empty when there is none.
        files: Its files, relative to the folder.
        key: What the index was made from.
        related: The papers beside each paper.
        failure: Why it was not done, or empty.
    """

    bundle: str = ""
    files: tuple[str, ...] = ()
    key: str = ""
    related: dict[str, tuple[RelatedPaper, ...]] = {}
    failure: str = ""


def main() -> int:
    """Do one job."""
    give_way()
    end_when_asked()
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=CaughtUpJob)
    end_with(job.parent)
    result = catch_up(Project(Path(job.root)))
    sys.stdout.buffer.write(msgspec.msgpack.encode(result))
    return 0


def catch_up(project: Project) -> CaughtUp:
    """Make the lists of related papers and the search index of a digest, or find them cached.

    Drafts are in neither, as in a build, so that a build and the preview share what is cached.

    Args:
        project: Where the digest lies.
    """
    reach = Reach(project=project, has_drafts=False, executor="serial")
    made = Maker().make(look_first(project), reach)
    with hold_lock(project.workspace / "lock", lambda: None):
        related, _ = find_related(made.library, made.content, made.markup, project.cache)
        records = plan_search_records(made.plan.edition) if made.plan.has_search else ()
        language = made.files.settings.language
        bundle, problems = make_search_index(records, language, project.cache)
    found = CaughtUp(related=dict(related.papers))
    if bundle is None:
        failure = "; ".join(problem.message for problem in problems)
        return msgspec.structs.replace(found, failure=failure)
    files = (path for path in bundle.rglob("*") if path.is_file())
    return msgspec.structs.replace(
        found,
        bundle=str(bundle),
        files=tuple(path.relative_to(bundle).as_posix() for path in files),
        key=hash_search_input(records, language),
    )


if __name__ == "__main__":
    raise SystemExit(main())

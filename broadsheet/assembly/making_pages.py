"""Outputs from their outlines to their bytes: fill, render, write to the fresh tree.

Responsible for which outputs stand as they are published and for doing all of an output's work in
one process, so that neither its view nor its bytes pass between two; where work must be what can be
pickled, pages are filled and written here, and rendered there. Not responsible for how one is
filled or rendered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import chain
from pathlib import Path

import msgspec

from broadsheet.effects.executors import iterate_batches, map_batches, shares_memory
from broadsheet.effects.fresh_files import write_fresh
from broadsheet.effects.kept_images import find_image, keep_image
from broadsheet.effects.manifest import Manifest
from broadsheet.foundations.diagnostics import Diagnostic
from broadsheet.planning.outlines import Outline
from broadsheet.planning.plan import SitePlan, fill_page
from broadsheet.planning.plan_types import PagePlan
from broadsheet.workers.rendering import RenderedPage, RenderSpec, render_batch


class PageMaker(msgspec.Struct, frozen=True, kw_only=True):
    """What outputs are made with.

    Attributes:
        plan: The plan that they belong to.
        spec: What pages are rendered with.
        published: What of the published tree may be relied on.
        is_ours: Whether this very program made that; another's pages may differ though the key,
            which knows versions, does not.
        tree: The fresh tree.
        cache: Folder of the cache.
    """

    plan: SitePlan
    spec: RenderSpec
    published: Manifest
    is_ours: bool
    tree: Path
    cache: Path


class MadePage(msgspec.Struct, frozen=True):
    """What became of an output.

    Attributes:
        path: File, relative to the output folder.
        key: Hash over everything that decides its bytes.
        content: Hash of its bytes; empty when it was not rendered, since it stands as it is
            published, or failed.
        problems: Why it failed, or what was wrong with the cache.
    """

    path: str
    key: str
    content: str = ""
    problems: tuple[Diagnostic, ...] = ()


def make_pages(
    maker: PageMaker,
    outlines: Sequence[Outline],
    executor: Executor,
    on_done: Callable[[int], None],
) -> list[MadePage]:
    """Make outputs, each of them once.

    Args:
        maker: What they are made with.
        outlines: The outputs.
        executor: Where batches run.
        on_done: Called with the number of outputs that are done.

    Raises:
        OSError: The disk refused.
    """
    if shares_memory(executor):
        work = partial(make_batch, maker)
        ordered, first = _gather_kin(outlines)
        return map_batches(executor, work, ordered, on_done=on_done, first=first)
    return list(_make_afar(maker, outlines, executor, on_done))


def _gather_kin(outlines: Sequence[Outline]) -> tuple[list[Outline], tuple[int, ...]]:
    """Return outputs with those of one kin behind each other, and how many each kin has.

    They come first, so that at the end nobody is left with much to do for whom others wait.
    """
    kin: dict[str, list[Outline]] = {}
    for outline in outlines:
        kin.setdefault(outline.kin, []).append(outline)
    others = kin.pop("", [])
    return [*chain.from_iterable(kin.values()), *others], tuple(map(len, kin.values()))


def make_batch(maker: PageMaker, outlines: Sequence[Outline]) -> list[MadePage]:
    """Fill, render and write several outputs.

    Args:
        maker: What they are made with.
        outlines: The outputs.

    Raises:
        OSError: The disk refused.
    """
    return [_make(maker, outline) for outline in outlines]


def _make(maker: PageMaker, outline: Outline) -> MadePage:
    """Make one output; what it takes is gone before the next begins, and some take megabytes."""
    found = _look(maker, outline)
    if isinstance(found, MadePage):
        return found
    (rendered,) = render_batch(maker.spec, (found.page,))
    return _write_new(maker, found, rendered)


def _make_afar(
    maker: PageMaker,
    outlines: Sequence[Outline],
    executor: Executor,
    on_done: Callable[[int], None],
) -> Iterator[MadePage]:
    """Fill and write outputs here, and render them where nothing of this process is known."""
    settled: list[MadePage] = []
    waiting: deque[_Waiting] = deque()

    def fill() -> Iterator[PagePlan]:
        for outline in outlines:
            found = _look(maker, outline)
            if isinstance(found, MadePage):
                settled.append(found)
            else:
                waiting.append(found)
                yield found.page

    work = partial(render_batch, maker.spec)
    for rendered in iterate_batches(executor, work, fill(), on_done=on_done):
        yield _write_new(maker, waiting.popleft(), rendered)
    yield from settled


class _Waiting(msgspec.Struct, frozen=True):
    """An output that must be rendered.

    Attributes:
        page: The output.
        problems: What was wrong with the cache.
    """

    page: PagePlan
    problems: tuple[Diagnostic, ...]


def _look(maker: PageMaker, outline: Outline) -> MadePage | _Waiting:
    """Fill an output, and see whether it need be rendered."""
    page = fill_page(maker.plan, outline)
    if maker.is_ours and maker.published.keys.get(page.path) == page.key:
        return MadePage(page.path, page.key)
    image, problems = find_image(maker.cache, page)
    if image is None:
        return _Waiting(page, problems)
    return MadePage(page.path, page.key, _write(maker, page.path, image))


def _write_new(maker: PageMaker, waiting: _Waiting, rendered: RenderedPage) -> MadePage:
    page, problems = waiting.page, waiting.problems
    if rendered.diagnostic is not None:
        return MadePage(page.path, page.key, problems=(*problems, rendered.diagnostic))
    keep_image(maker.cache, page, rendered.content)
    content = _write(maker, page.path, rendered.content)
    return MadePage(page.path, page.key, content, problems)


def _write(maker: PageMaker, path: str, content: bytes) -> str:
    return write_fresh(maker.tree, path, content, maker.published.files.get(path))

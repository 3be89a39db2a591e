"""What the preview shows when saves and the work that was put off meet."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from preview_server import wait_until
from scenarios import paper, write_digest

from broadsheet.assembly.project import Project
from broadsheet.assembly.server import keeping_up
from broadsheet.assembly.server.background import Background
from broadsheet.assembly.server.keeping_up import KeepingUp
from broadsheet.assembly.server.known_files import KnownFiles, look_first
from broadsheet.assembly.server.preview_state import PreviewState
from broadsheet.assembly.server.updating import Made, Maker, Reach, SettledRelated
from broadsheet.planning.relations import RelatedPaper
from broadsheet.workers.template_code import FastEnvironment

ALPHA = "content/papers/alpha.md"
FILES = {
    ALPHA: paper("Alpha", "Note.", topics="[]", authors="[Ada L]"),
    "content/papers/beta.md": paper("Beta", authors="[Ada L]"),
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(Background, "catch_up", lambda _self, _generation: None)
    return write_digest(tmp_path / "digest", FILES)


def follow(root: Path, changed: Callable[[PreviewState], None]) -> KeepingUp:
    def fail(remark: str) -> None:
        raise AssertionError(remark)

    return KeepingUp(Project(root), changed, fail, polls=False, is_strict=False)


def title_in(state: PreviewState) -> str:
    return state.plan.edition.library.papers["alpha"].title


def test_a_save_that_comes_while_everything_is_made_anew_is_shown_first(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []

    class InterruptedMaker(Maker):
        def make(
            self, known: KnownFiles, reach: Reach, pause: Callable[[], None] = lambda: None
        ) -> Made:
            begun.append(len(begun))
            if len(begun) == 2:
                beside = root / "content" / "papers" / ".alpha.saving"
                beside.write_text(FILES[ALPHA].replace("Alpha", "Saved meanwhile"), "utf-8")
                beside.replace(root / ALPHA)
                # Nothing but the pause ends this: what it raises when the save is known.
                while True:
                    pause()
            return super().make(known, reach, pause)

    monkeypatch.setattr(keeping_up, "Maker", InterruptedMaker)
    shown: list[tuple[str, int]] = []
    with follow(root, lambda state: shown.append((title_in(state), len(begun)))) as keeping:
        wait_until(lambda: len(begun) >= 3 and len(shown) >= 2, "all is made anew after the save")
        assert title_in(keeping.preview.state) == "Saved meanwhile"
    # Once by the short way, while nothing but the interrupted work had been begun; then anew.
    assert shown[0] == ("Saved meanwhile", 2)
    assert shown[1] == ("Saved meanwhile", 3)


def test_no_collection_looks_through_what_is_made(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    were_on: list[bool] = []

    class WatchedMaker(Maker):
        def make(
            self, known: KnownFiles, reach: Reach, pause: Callable[[], None] = lambda: None
        ) -> Made:
            made = super().make(known, reach, pause)
            were_on.append(gc.isenabled())
            return made

    monkeypatch.setattr(keeping_up, "Maker", WatchedMaker)
    with follow(root, lambda _: None) as keeping:
        wait_until(lambda: keeping.preview.state.generation > 1, "all is made anew")
    assert were_on == [False, False]
    assert gc.isenabled()
    assert not any(keeping.preview.state.plan is one for one in gc.get_objects())
    gc.unfreeze()


def test_related_papers_are_settled_when_they_are_asked_for(root: Path) -> None:
    project = Project(root)
    made = Maker().make(look_first(project), Reach(project=project, executor="serial"))
    beside = (
        RelatedPaper("beta", (), "author"),
        RelatedPaper("beta", (), "topic"),
        RelatedPaper("gone", (), "author"),
    )
    settled = SettledRelated({"alpha": beside, "gone": beside}, made.library)
    assert dict(settled) == {
        "alpha": (RelatedPaper("beta", (), "author"), RelatedPaper("beta", ()))
    }
    assert len(settled) == 1
    assert settled.get("gone", ()) == ()


def test_templates_as_they_were_are_let_go_of(root: Path) -> None:
    with follow(root, lambda _: None) as keeping:

        def is_shown(number: int) -> bool:
            theme = keeping.preview.state.spec.theme
            return f"number {number}".encode() in theme and not keeping._owes_whole

        for number in range(6):
            text = f"{{% extends 'default/paper.html' %}}{{# number {number} #}}"
            write_digest(root, {"templates/paper.html": text})
            wait_until(partial(is_shown, number), "the template is shown, and all is quiet")
    gc.unfreeze()
    environments = [one for one in gc.get_objects() if isinstance(one, FastEnvironment)]
    assert len(environments) < 5

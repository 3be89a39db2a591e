"""The commands: what each word does, and with which code the command ends."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from builds import ROOT, tree
from scenarios import paper, write_digest

from broadsheet.assembly import making, pipeline
from broadsheet.assembly.commands import main
from broadsheet.planning.plan_types import PagePlan
from broadsheet.workers.rendering import RenderedPage, RenderSpec, render_batch

DRAFT = paper("Draft paper", status="draft")
BROKEN = "---\ntitel: x\n---\n"
UNKNOWN_FIELD = """\
content/papers/bad.md:2:1: error[unknown-field] unknown field 'titel'
    2 | titel: x
      | ^^^^^ did you mean 'title'?
1 error
"""


def run(root: Path, *words: str) -> int:
    return main(["-C", str(root), *words])


def test_build_writes_the_site_and_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "build") == 0
    said = capsys.readouterr()
    assert said.err == ""
    built = tree(root / "site")
    pages = sum(path.endswith(".html") for path in built)
    where = re.escape(str(root / "site"))
    counts = f"2 papers, {pages} pages written, 0 reused, 0 removed"
    assert re.fullmatch(rf"{counts} in \d\.\d s( \(.*\))?: {where}\n", said.out)
    assert (root / "site/papers/a/index.html").is_file()
    assert (root / "site/pagefind/pagefind.js").is_file()


def test_one_paper_is_no_papers(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "content" / "papers" / "later.md").unlink()
    (root / "content" / "papers" / "draft.md").unlink()
    assert run(root, "build", "--no-search") == 0
    assert capsys.readouterr().out.startswith("1 paper, ")
    assert run(root, "check") == 0
    assert capsys.readouterr().out == "1 paper, nothing to report\n"


def test_quiet_says_nothing_when_nothing_is_wrong(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "build", "--quiet", "--no-search") == 0
    assert tuple(capsys.readouterr()) == ("", "")
    assert not (root / "site/pagefind").exists()


@pytest.mark.parametrize("why", ["it is not wanted", "there is no paper", "every paper is a draft"])
def test_without_an_index_nothing_speaks_of_search(root: Path, why: str) -> None:
    words = ["--no-search"] if why == "it is not wanted" else ["--drafts"]
    if why == "there is no paper":
        shutil.rmtree(root / "content" / "papers")
    if why == "every paper is a draft":
        write_digest(root, {f"content/papers/{n}.md": DRAFT for n in ("a", "later", "draft")})
    assert run(root, "build", "--quiet", *words) == 0
    site = root / "site"
    assert not (site / "search").exists()
    assert not (site / "pagefind").exists()
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.[hx]*ml"))}
    assert len(texts) >= 9
    assert {path for path, text in texts.items() if re.search(r"\b[Ss]earch(?!ed)", text)} == set()


def test_timings_list_the_stages_in_their_order(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "build", "--timings") == 0
    stages = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    order = [
        "examine",
        "scan",
        "theme",
        "parse",
        "convert",
        "library",
        "relate",
        "plan",
        "render",
        "index",
        "stage",
        "publish",
        "keep",
    ]
    assert stages == [*order, "total"]


def test_content_errors_end_with_1_and_leave_the_site(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "build", "--quiet") == 0
    before = tree(root / "site")
    write_digest(root, {"content/papers/bad.md": BROKEN})
    assert run(root, "build") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == UNKNOWN_FIELD
    assert tree(root / "site") == before


@pytest.mark.parametrize("command", ["build", "check"])
def test_json_is_one_array_on_the_standard_output(
    root: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    write_digest(root, {"content/papers/bad.md": "---\ntitle: x\ntopics: [gone]\n---\n"})
    assert run(root, command, "--format", "json") == 1
    said = capsys.readouterr()
    assert said.err == ""
    assert json.loads(said.out) == [
        {
            "code": "unknown-topic",
            "severity": "error",
            "message": "the topic 'gone' is not declared",
            "span": {
                "path": "content/papers/bad.md",
                "line": 3,
                "column": 10,
                "end_line": 3,
                "end_column": 14,
                "excerpt": "topics: [gone]",
                "excerpt_column": 1,
            },
            "hint": "add content/topics/gone.md, or 'topics: open' to site.yaml",
            "related": [],
        }
    ]


def test_json_without_problems_is_an_empty_array(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "build", "--format", "json", "--no-search") == 0
    assert tuple(capsys.readouterr()) == ("[]\n", "")


def test_github_annotations_stand_on_the_standard_output(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_digest(root, {"content/papers/bad.md": "---\ntitle: x\ntitel: y\n---\n"})
    assert run(root, "check", "--format", "github") == 1
    assert capsys.readouterr().out == (
        "::error file=content/papers/bad.md,line=3,col=1,endLine=3,endColumn=6,"
        "title=unknown-field::unknown field 'titel' (did you mean 'title'?)\n"
    )


def test_warnings_are_errors_when_strict(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_digest(root, {"content/papers/notes.txt": "x"})
    assert run(root, "build", "--no-search") == 0
    before = tree(root / "site")
    write_digest(root, {"content/papers/a.md": paper("Another title")})
    assert run(root, "check", "--strict") == 1
    assert run(root, "build", "--no-search", "--strict") == 1
    assert tree(root / "site") == before
    assert "warning[unexpected-file]" in capsys.readouterr().err


def test_check_reports_and_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "check") == 0
    assert capsys.readouterr().out == "3 papers, nothing to report\n"
    assert sorted(path.name for path in root.iterdir()) == ["content"]


REFUSED_TEMPLATES: dict[str, str | bytes] = {
    "it extends itself": '{% extends "paper.html" %}',
    "its macro calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "its parent does not exist": '{% extends "nope.html" %}',
    "a part does not exist": '{% include "nope.html" %}',
    "a name does not exist": "{{ view.nope }}",
    "an asset does not exist": '{{ site.assets["nope.css"] }}',
    "it is not UTF-8": b"\xff",
}


@pytest.mark.parametrize("what", REFUSED_TEMPLATES)
def test_check_reports_of_templates_what_build_refuses(
    root: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    write_digest(root, {"templates/paper.html": REFUSED_TEMPLATES[what]})
    assert run(root, "check", "--format", "json") == 1
    checked = json.loads(capsys.readouterr().out)
    assert sorted(path.name for path in root.iterdir()) == ["content", "templates"]
    assert run(root, "build", "--no-search", "--format", "json") == 1
    assert json.loads(capsys.readouterr().out) == checked
    assert [(found["span"]["path"], found["span"]["line"]) for found in checked] == [
        ("templates/paper.html", 1)
    ]
    assert not (root / "site").exists()


def test_check_renders_the_pages_of_own_templates_and_no_others(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []

    def note(spec: RenderSpec, plans: tuple[PagePlan, ...]) -> tuple[RenderedPage, ...]:
        rendered.extend(plan.template for plan in plans)
        return render_batch(spec, plans)

    monkeypatch.setattr(making, "render_batch", note)
    assert run(root, "check") == 0
    assert rendered == []
    write_digest(root, {"templates/paper.html": '{% extends "default/paper.html" %}'})
    assert run(root, "check") == 0
    assert rendered == ["paper.html"] * 3


def test_as_of_leaves_out_what_is_featured_later(root: Path) -> None:
    assert run(root, "build", "--quiet", "--no-search", "--as-of", "2025-01-19") == 0
    assert not (root / "site/papers/later").exists()
    assert not (root / "site/digests/2025-01-20").exists()
    assert run(root, "build", "--quiet", "--no-search", "--as-of", "2025-01-20") == 0
    assert (root / "site/papers/later/index.html").is_file()


def test_drafts_are_built_on_request_and_marked(root: Path) -> None:
    assert run(root, "build", "--quiet", "--no-search") == 0
    assert not (root / "site/papers/draft").exists()
    assert run(root, "build", "--quiet", "--no-search", "--drafts") == 0
    page = (root / "site/papers/draft/index.html").read_text(encoding="utf-8")
    assert '<meta name="robots" content="noindex">' in page
    assert '<span class="badge draft">Draft</span>' in page


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://x.example", "https://x.example/"),
        ("https://x.example/a/b", "https://x.example/a/b/"),
        ("http://localhost:8000/", "http://localhost:8000/"),
    ],
)
def test_base_url_replaces_the_setting(root: Path, given: str, meant: str) -> None:
    assert run(root, "build", "--quiet", "--no-search", "--base-url", given) == 0
    page = (root / "site/papers/a/index.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{meant}papers/a/">' in page


def test_a_build_without_an_address_says_what_that_costs_and_goes_on(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_digest(root, {"content/site.yaml": "title: A digest\n"})
    assert run(root, "check", "--strict") == 0
    assert run(root, "build", "--quiet", "--no-search", "--strict") == 1
    assert not (root / "site").exists()
    capsys.readouterr()
    assert run(root, "build", "--quiet", "--no-search") == 0
    assert "content/site.yaml: warning[no-base-url]" in capsys.readouterr().err
    address = ("--base-url", "https://x.example/")
    assert run(root, "build", "--quiet", "--no-search", "--strict", *address) == 0
    assert capsys.readouterr().err == ""


def test_output_may_be_elsewhere(root: Path, tmp_path: Path) -> None:
    assert run(root, "build", "--quiet", "--no-search", "-o", str(tmp_path / "x" / "y")) == 0
    assert (tmp_path / "x/y/index.html").is_file()
    assert not (root / "site").exists()


WRONG = {
    "an unknown command": (["bulid"], "No such command 'bulid'"),
    "no command": ([], "Usage: broadsheet"),
    "an unknown option": (["build", "--fast"], "--fast"),
    "a word too many": (["build", "site"], "unexpected extra argument (site)"),
    "a relative address": (["build", "--base-url", "/a/"], "not a complete http or https"),
    "a query": (["build", "--base-url", "https://x.example/?a"], "without query or fragment"),
    "an address of mail": (["build", "--base-url", "mailto:a@b.c"], "not a complete http or https"),
    "no day": (["build", "--as-of", "2025-02-30"], "'2025-02-30' is not a day"),
    "half a day": (["check", "--as-of", "2025-02"], "'2025-02' is not a day"),
    "an unknown format": (["check", "--format", "xml"], "'xml' is not one of"),
    "no executor": (["build", "--executor", "many"], "is none of auto, serial, process:N"),
    "no processes": (["build", "--executor", "process:0"], "is none of auto, serial, process:N"),
    "no module": (["build", "--executor", "gone:x"], "cannot be imported: No module named 'gone'"),
    "no factory": (["build", "--executor", "os:gone"], "cannot be imported: module 'os' has no"),
    "no callable": (["build", "--executor", "os:sep"], "it cannot be called"),
    "a factory that fails": (["build", "--executor", "os:system"], "makes no executor: system()"),
    "a factory of text": (["build", "--executor", "os:getcwd"], "makes no concurrent.futures."),
    "a file as output": (["build", "-o", str(ROOT / "build.py")], "is a file"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_usage_ends_with_2(root: Path, capsys: pytest.CaptureFixture[str], what: str) -> None:
    words, message = WRONG[what]
    assert run(root, *words) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""
    assert not (root / "site").exists()


def test_no_digest_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "build") == 2
    assert f"no content/site.yaml in '{tmp_path}' or above" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_ends_with_2(tmp_path: Path) -> None:
    assert run(tmp_path / "gone", "build") == 2


def test_a_bug_ends_with_3_and_its_traceback(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr(pipeline, "survey_content", fail)
    assert run(root, "build") == 3
    said = capsys.readouterr()
    assert "ZeroDivisionError: a mistake of ours" in said.err
    assert said.err.endswith("this is a bug of ours; please report the lines above\n")


def test_a_disk_that_refuses_ends_with_3_in_one_line(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "stage_site", fail)
    assert run(root, "build") == 3
    assert capsys.readouterr().err == "broadsheet: [Errno 28] No space left on device\n"


def test_an_interruption_ends_with_130(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "stage_site", interrupt)
    assert run(root, "build") == 130
    assert capsys.readouterr().err.strip() == "interrupted"
    assert sorted(path.name for path in root.iterdir()) == [".broadsheet", "content"]

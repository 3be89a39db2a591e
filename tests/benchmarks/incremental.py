"""What a build costs after a change: nothing, an abstract, a title, a topic, a template.

Usage: python tests/benchmarks/incremental.py SHARED [--folder DIR] [--papers N]

SHARED is the folder with the real records. Whole processes are timed, by the clock and by the
processor, without the search index; related papers are told apart, as the program times them. Of
three builds after the same kind of change the middle one is shown. The
digest is kept in DIR, where one is given.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "sources")]

from benchmarks.all_records import ROOT, read_all, write_content  # noqa: E402 - as above
from benchmarks.conditions import compile_modules, describe_python, set_aside  # noqa: E402 - as above

_STAGE = re.compile(r"^(\w+) +([\d.]+) s$", re.MULTILINE)
_WRITTEN = re.compile(r"([\d,]+) pages? written")
_ROUNDS = 3
TOPIC = "content/topics/language.md"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One build.

    Attributes:
        seconds: Of the whole process, by the clock.
        apart: Seconds of it that went into related papers.
        processor: Seconds of processor time, of all its processes.
        memory: Peak of the largest process, in MB.
        pages: Pages that were written.
        stages: Seconds of each stage.
    """

    seconds: float
    apart: float
    processor: float
    memory: float
    pages: str
    stages: dict[str, float]


def build(root: Path, command: Sequence[str] = ()) -> Run:
    """Build a digest as its owner would.

    Args:
        root: The digest.
        command: What is run, but for the words of the command; by default the program.

    Raises:
        RuntimeError: The build failed.
    """
    command = command or (sys.executable, str(ROOT / "build.py"), "-C", str(root))
    words = (*command, "build", "--no-search", "--timings")
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(words, stdout=said, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode()
    if process.returncode:
        raise RuntimeError(f"the build failed:\n{text[-2_000:]}")
    stages = {name: float(number) for name, number in _STAGE.findall(text)}
    written = _WRITTEN.search(text)
    return Run(
        seconds=seconds,
        apart=stages.get("relate", 0.0),
        processor=usage.ru_utime + usage.ru_stime,
        memory=usage.ru_maxrss / 1024,
        pages=written[1] if written else "?",
        stages=stages,
    )


def edit_abstract(root: Path, turn: int) -> None:
    """Change one paper's abstract."""
    _edit(_paper(root), "abstract: |\n  ", f"abstract: |\n  Turn {turn}. ")


def edit_title(root: Path, turn: int) -> None:
    """Change one paper's title."""
    _edit(_paper(root), 'title: "', f'title: "{turn} ')


def edit_topic(root: Path, turn: int) -> None:
    """Change one topic's description."""
    _edit(root / TOPIC, "description: ", f"description: {turn} ")


def edit_template(root: Path, turn: int) -> None:
    """Change the template of papers."""
    text = '{% extends "default/paper.html" %}\n{% block after %}'
    text += f"<!-- {turn} -->{{% endblock %}}\n"
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates/paper.html").write_text(text, encoding="utf-8")


EDITS: dict[str, Callable[[Path, int], None]] = {
    "nothing changed": lambda _root, _turn: None,
    "one abstract": edit_abstract,
    "one title": edit_title,
    "one topic description": edit_topic,
    "one template": edit_template,
}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--papers", type=int, default=10_000)
    words = parser.parse_args()
    compile_modules()
    print(describe_python(), file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=words.folder and words.folder.parent) as scratch:
        root = (words.folder or Path(scratch) / "digest").resolve()
        aside = Path(scratch, "aside")
        aside.mkdir()
        if not (root / "content").is_dir():
            write_content(read_all(words.shared, words.papers), root, words.papers)
        _prepare(root, aside)
        print("| what | s | of it related | without | processor s | MB | pages written |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        _report("cold", [build(root)])
        runs = []
        for _ in range(_ROUNDS):
            forget(root, aside, all_but="related")
            runs.append(build(root))
        _report("cold, related papers known", runs)
        # The first change makes the second generation; it is not what an editor waits for.
        edit_abstract(root, 0)
        _report("first change", [build(root)])
        for name, edit in EDITS.items():
            rounds = 1 if name == "one template" else _ROUNDS
            runs = []
            for turn in range(1, rounds + 1):
                edit(root, turn)
                runs.append(build(root))
            _report(name, runs)


def _prepare(root: Path, aside: Path) -> None:
    """Give the digest a topic, no author pages, and no traces of earlier builds."""
    forget(root, aside)
    set_aside(root / "templates", aside)
    site = root / "content/site.yaml"
    text = site.read_text(encoding="utf-8")
    if "min_papers" not in text:
        site.write_text(f"{text}authors: {{min_papers: 0}}\n", encoding="utf-8")
    (root / "content/topics").mkdir(exist_ok=True)
    topic = "---\nname: Language\naliases: [cs.CL]\ndescription: Models of language.\n---\n"
    (root / TOPIC).write_text(topic, encoding="utf-8")


def forget(root: Path, aside: Path, all_but: str = "") -> None:
    """Put aside what earlier builds left, but for the caches whose names begin as given."""
    kept = list((root / ".broadsheet/cache").glob(f"{all_but}*")) if all_but else []
    with tempfile.TemporaryDirectory(dir=root) as folder:
        for path in kept:
            path.rename(Path(folder, path.name))
        for name in ("site", ".broadsheet"):
            set_aside(root / name, aside)
        (root / ".broadsheet/cache").mkdir(parents=True)
        for path in kept:
            Path(folder, path.name).rename(path)


def _paper(root: Path) -> Path:
    """Return a paper in the middle of the digest."""
    papers = sorted((root / "content/papers").rglob("*.md"))
    return papers[len(papers) // 2]


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise RuntimeError(f"{path} holds no {old!r}")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _report(name: str, runs: list[Run]) -> None:
    runs.sort(key=lambda run: run.seconds - run.apart)
    middle = runs[len(runs) // 2]
    print(
        f"| {name} | {middle.seconds:.2f} | {middle.apart:.2f} "
        f"| {middle.seconds - middle.apart:.2f} | {middle.processor:.2f} | {middle.memory:.0f} "
        f"| {middle.pages} |",
        flush=True,
    )
    print(f"  {middle.stages}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

"""What a build takes that makes the pages that Hugo makes, with templates that say the same.

Usage: python tests/benchmarks/peer_pages.py DIGEST [--rounds N]

The counterpart of `peer_hugo.py`: of the same records a page for each paper, topic and month, a
front page, a feed and a sitemap, with that script's templates in Jinja's words. The program has no
switch for leaving out the rest, so it is left out of the plan by a process that replaces two
functions of it; all else is the program. Related papers are known, as they are timed apart.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "sources")]

from benchmarks.conditions import compile_modules, describe_python, set_aside  # noqa: E402 - as above
from benchmarks.incremental import build, forget  # noqa: E402

from broadsheet.planning.edition import Edition  # noqa: E402
from broadsheet.planning.outlines import Outline  # noqa: E402
from broadsheet.planning.plan_digests import plan_digests  # noqa: E402
from broadsheet.planning.plan_discovery import plan_sitemap  # noqa: E402
from broadsheet.planning.plan_feeds import plan_feeds  # noqa: E402
from broadsheet.planning.plan_front import plan_front  # noqa: E402
from broadsheet.planning.plan_papers import plan_papers  # noqa: E402
from broadsheet.planning.plan_topics import plan_topics  # noqa: E402

SETTINGS = """title: Papers
base_url: https://papers.example/
topics: open
digests: [month]
authors: {min_papers: 0}
page_sizes: {front: 30, topic: 1000, digest: 1000}
"""
HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ page.title }} - {{ site.title }}</title>
<link rel="canonical" href="{{ site.base_url }}{{ page.url }}">
<link rel="alternate" href="{{ root }}feed.xml"></head>
<body><header><a href="{{ root }}">{{ site.title }}</a>
<nav>{% for item in site.navigation %}
<a href="{{ root }}{{ item.url }}">{{ item.text }}</a>{% endfor %}</nav></header><main>
"""
FOOT = """</main><footer>{{ site.title }}</footer></body></html>
"""
CARD = """<li><a href="{{ root }}{{ card.url }}">{{ card.title }}</a><p>{{ card.by }}</p></li>"""
GROUPS = f"""<ol>{{% for group in view.groups %}}{{% for card in group.cards %}}
{CARD}{{% endfor %}}{{% endfor %}}</ol>
"""
TEMPLATES = {
    "paper.html": f"""{HEAD}<article><h1>{{{{ view.title }}}}</h1>
<p>{{% for author in view.authors %}}{{{{ author.name }}}}{{% if not loop.last %}}, {{% endif %}}
{{%- endfor %}}</p>
<ul>{{% for topic in view.topics %}}
<li><a href="{{{{ root }}}}{{{{ topic.url }}}}">{{{{ topic.text }}}}</a></li>{{% endfor %}}</ul>
{{% if view.tldr %}}<p>{{{{ view.tldr }}}}</p>{{% endif %}}
{{% if view.digest %}}{{{{ view.digest.text }}}}{{% endif %}}
{{{{ view.abstract }}}}{{% if view.note %}}{{{{ view.note }}}}{{% endif %}}</article>{FOOT}""",
    "topic.html": f"{HEAD}<h1>{{{{ view.name }}}}</h1>{GROUPS}{FOOT}",
    "digest.html": f"{HEAD}<h1>{{{{ view.date.text }}}}</h1>{GROUPS}{FOOT}",
    "front.html": f"""{HEAD}<h1>{{{{ site.title }}}}</h1>
<ol>{{% for card in view.rest %}}{CARD}{{% endfor %}}</ol>{FOOT}""",
}


def main() -> int:
    """Print what a build of the peers' pages takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("digest", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--build", action="store_true", help="build DIGEST, with fewer pages")
    words, options = parser.parse_known_args()
    if words.build:
        return build_fewer(["-C", str(words.digest), *options])
    compile_modules()
    print(describe_python(), file=sys.stderr)
    with tempfile.TemporaryDirectory() as scratch:
        root, aside = Path(scratch, "digest"), Path(scratch, "aside")
        aside.mkdir()
        make_digest(words.digest, root)
        command = [sys.executable, __file__, str(root), "--build"]
        build(root, command)
        runs = []
        for _ in range(words.rounds):
            forget(root, aside, all_but="related")
            runs.append(build(root, command))
        runs.sort(key=lambda run: run.seconds)
        middle = runs[len(runs) // 2]
        files = sum(path.is_file() for path in (root / "site").rglob("*"))
        print("| the peers' pages | s | processor s | MB | files |")
        print("| --- | ---: | ---: | ---: | ---: |")
        print(
            f"| cold, related papers known | {middle.seconds:.2f} | {middle.processor:.2f} "
            f"| {middle.memory:.0f} | {files:,} |"
        )
        print(middle.stages, file=sys.stderr)
        set_aside(root / "site", aside)
    return 0


def make_digest(source: Path, root: Path) -> None:
    """Copy a digest's papers, and give them the templates and settings of this comparison."""
    shutil.copytree(source / "content/papers", root / "content/papers")
    (root / "content/site.yaml").write_text(SETTINGS, encoding="utf-8")
    (root / "templates").mkdir()
    for name, text in TEMPLATES.items():
        (root / "templates" / name).write_text(text, encoding="utf-8")


def build_fewer(arguments: list[str]) -> int:
    """Run the program with a plan of the peers' pages alone."""
    from broadsheet.assembly.commands import main as run
    from broadsheet.planning import plan

    with (
        mock.patch.object(plan, "_plan_pages", plan_pages),
        mock.patch.object(plan, "_plan_files", plan_files),
    ):
        return run(arguments)


def plan_pages(edition: Edition, *, has_search: bool) -> Iterator[Outline]:
    """Plan the front page and the pages of papers, topics and months."""
    assert not has_search
    yield plan_front(edition)
    yield from plan_papers(edition)
    yield from (outline for outline in plan_topics(edition) if outline.template == "topic.html")
    yield from (outline for outline in plan_digests(edition) if outline.template == "digest.html")


def plan_files(
    _whole: Edition, edition: Edition, pages: tuple[Outline, ...], *_: object, **__: object
) -> Iterator[Outline]:
    """Plan the feed and the sitemap."""
    yield from (outline for outline in plan_feeds(edition) if outline.url == "feed.xml")
    yield from plan_sitemap(edition, pages)


if __name__ == "__main__":
    raise SystemExit(main())

"""What Hugo takes for the same records on the same machine: the measure of the bars for builds.

Usage: python tests/benchmarks/peer_hugo.py DIGEST [--rounds N]

DIGEST is a digest of real records, such as `incremental.py --folder` leaves. Hugo reads the very
files of its papers and makes a page for each paper, topic and year, a front page, feeds and a
sitemap, with templates that show of a paper its title, authors, topics, summary and abstract. They
say less than the default theme, so that Hugo has less to do. Needs Debian's `hugo`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.conditions import set_aside

CONFIG = """
baseURL = "https://papers.example/"
title = "Papers"
timeout = "120s"
[taxonomies]
topic = "topics"
"""
LAYOUTS = {
    "_default/baseof.html": """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ .Title }} - {{ site.Title }}</title>
<link rel="canonical" href="{{ .Permalink }}">
{{ with .OutputFormats.Get "rss" }}<link rel="{{ .Rel }}" href="{{ .Permalink }}">{{ end }}
</head><body><header><a href="{{ site.BaseURL }}">{{ site.Title }}</a>
<nav>{{ range site.Sections }}
<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</nav></header>
<main>{{ block "main" . }}{{ end }}</main><footer>{{ site.Title }}</footer></body></html>
""",
    "_default/single.html": """{{ define "main" }}<article><h1>{{ .Title }}</h1>
<p>{{ with .Params.authors }}{{ delimit . ", " }}{{ end }}</p>
<ul>{{ range .GetTerms "topics" }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
{{ with .Params.tldr }}<p>{{ . }}</p>{{ end }}
<time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time>
{{ .Params.abstract | markdownify }}{{ .Content }}</article>{{ end }}
""",
    "_default/list.html": """{{ define "main" }}<h1>{{ .Title }}</h1><ol>
{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>
<p>{{ with .Params.authors }}{{ delimit . ", " }}{{ end }}</p></li>{{ end }}</ol>{{ end }}
""",
    "_default/terms.html": """{{ define "main" }}<h1>{{ .Title }}</h1><ul>
{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
""",
    "index.html": """{{ define "main" }}<h1>{{ .Title }}</h1><ol>
{{ range first 30 site.RegularPages.ByDate.Reverse }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ol>{{ end }}
""",
}


def main() -> int:
    """Print what Hugo takes: from nothing, where nothing has changed, and after one abstract."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("digest", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    words = parser.parse_args()
    if shutil.which("hugo") is None:
        print("there is no hugo here: apt-get install hugo", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        site, aside = Path(scratch, "site"), Path(scratch, "aside")
        aside.mkdir()
        for name, text in LAYOUTS.items():
            path = site / "layouts" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (site / "config.toml").write_text(CONFIG, encoding="utf-8")
        shutil.copytree(words.digest / "content/papers", site / "content")
        print("| Hugo | s | processor s | MB | files |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for what in ("cold", "nothing changed", "one abstract"):
            runs = []
            for turn in range(words.rounds):
                if what == "cold":
                    set_aside(site / "public", aside)
                if what == "one abstract":
                    edit_abstract(site, turn)
                runs.append(time_hugo(site))
            seconds, processor, memory = (statistics.median(row) for row in zip(*runs, strict=True))
            files = sum(len(names) for _, _, names in os.walk(site / "public"))
            print(f"| {what} | {seconds:.2f} | {processor:.2f} | {memory:.0f} | {files:,} |")
    return 0


def time_hugo(site: Path) -> tuple[float, float, float]:
    """Return seconds by the clock and of the processor, and the peak of memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(["hugo", "--quiet", "--source", str(site)])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError("hugo failed")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def edit_abstract(site: Path, turn: int) -> None:
    """Change one paper's abstract."""
    papers = sorted((site / "content").rglob("*.md"))
    path = papers[len(papers) // 2]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("abstract: |\n  ", f"abstract: |\n  Turn {turn}. ", 1), "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())

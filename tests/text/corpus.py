"""The real texts that the text model is held against, and what is known about them.

Responsible for reading the corpus, the committed sample and the repository's own papers as fields,
and for the lists of exceptions, each of which was read. Not responsible for the checks.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import NamedTuple

from builds import ROOT

from broadsheet.domain.reading import read_record
from broadsheet.domain.records import Paper
from broadsheet.foundations.sources import RawFile

SAMPLE = ROOT / "tests" / "fixtures" / "corpus_sample.jsonl.gz"

# Amounts of money, which keep their dollar.
CURRENCY = {
    "2505.00774": "$1,900",
    "2505.03005": "$2,000",
    "2505.09655": "$55",
    "2505.12649": "$4000",
    "2505.14174": "$0.46 $0.039",
    "2505.20609": "$0.08 $4.2",
    "2505.21495": "$200",
    "2505.21497": "$0.005",
    "2506.00430": "$0.0028 $0.0172",
    "2506.10328": "$8",
    "2506.10954": "$0.045 $0.024",
    "2506.11791": "$0.87",
    "2506.15787": "$300",
    "2508.01370": "$1",
    "2508.15835": "$2",
    "2508.21368": "$10",
    "2509.01322": "$0.70",
    "2509.02437": "$50.5 $56.8",
    "2509.25803": "$13",
    "2509.26461": "$1",
    "2511.02207": "$2",
    "2511.02832": "$250",
    "2511.08822": "$3,000",
    "2511.20216": "$30.009",
    "2512.11824": "$250.00",
    "2512.14277": "$0.01",
    "2512.14410": "$160",
}
# Braces that are meant: sets and alternatives, in text or by a formula's `\{`.
BRACES = {
    "2505.21068": "{verb,what,where/with}",
    "2506.07530": "{-1, 0, 1}",
    "2506.14435": "{-1, 0, 1}",
    "2508.16998": "{3, 8}B",
    "2509.09679": "{+1, −1}",
    "2509.16898": "{(xᵢ, yᵢ⁺, zᵢ⁻)}",
    "2509.22824": "{True, False}",
    "2512.19453": "{move/rotate, end-effector status change, relationship with the environment}",
}
# Other signs, each with the reason.
OTHER = {
    "2509.26507": (r"\$n\$", "the authors escaped both dollars"),
    "2510.22118": (r"\$here\$", "the authors escaped both dollars"),
    "2408.11029": ("$L(s) … S_2$", "backslashes were lost upstream, and prose stands within"),
}
# Formulas that appear as their source: commands of the authors' own.
FALLBACKS = {
    "2509.20703": (r"\SE(3)",),
    "2510.02342": (r"\myalgo", r"\myalgo", r"\myalgo"),
}
# Letters that are no text, which the simple reference does not know about.
LETTERS = {
    "2312.00678": "the command url without its backslash",
    "2505.04021": r"\unicode{x2014}",
    "2506.07339": r"\unicode{x2014}, twice",
    "2506.12239": r"\unicode{x2013}",
    "2506.14012": r"\unicode{x2014}, twice",
    "2506.16895": r"\unicode{x2014}",
    "2508.18976": r"\unicode{x2014}",
    "2509.21057": r"\unicode{x2013}",
    "2509.22150": r"\replaced{new}{old}: the old words",
    "2509.26004": r"\unicode{x2013}",
    "2510.17858": r"\unicode{x2014}",
    "2510.22118": r"\unicode{x2014}, twice",
    "2512.04542": r"\replaced[]{new}{old}: the old words",
    "2301.12942": "mathcal O(…), whose command lost its backslash",
    "2502.07154": "{it …}, twice, whose command lost its backslash",
}


class Field(NamedTuple):
    """A field of a record.

    Attributes:
        paper: The record's id.
        name: `title`, `tldr` or `abstract`.
        text: As the authors wrote it.
    """

    paper: str
    name: str
    text: str


def read_records(path: Path) -> list[Field]:
    """Return titles and abstracts of a file of records, one in JSON a line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        Field(record["arxiv_id"], name, record[name])
        for record in records
        for name in ("title", "abstract")
        if record.get(name)
    ]


def read_repository() -> list[Field]:
    """Return titles, TL;DRs and abstracts of the repository's own papers."""
    files = sorted((ROOT / "content" / "papers").rglob("*.md"))
    raw = (RawFile(path.relative_to(ROOT).as_posix(), path.read_bytes()) for path in files)
    papers = [record for record in (read_record(file).value for file in raw) if record is not None]
    assert len(papers) == 90
    return [
        Field(paper.id, name, text)
        for paper in papers
        if isinstance(paper, Paper)
        for name in ("title", "tldr", "abstract")
        if (text := getattr(paper, name))
    ]

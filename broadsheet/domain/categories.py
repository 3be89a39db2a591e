"""arXiv's categories.

Responsible for their form and for the archives that there are. Not responsible for what a category
means on this site: topics claim categories as aliases (`topics`).
"""

from __future__ import annotations

import re

_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[a-z]+)*)?")

# Source: arXiv's category taxonomy, and its list of archives that were merged into others.
ARCHIVES = frozenset(
    [
        "astro-ph",
        "cond-mat",
        "cs",
        "econ",
        "eess",
        "gr-qc",
        "hep-ex",
        "hep-lat",
        "hep-ph",
        "hep-th",
        "math",
        "math-ph",
        "nlin",
        "nucl-ex",
        "nucl-th",
        "physics",
        "q-bio",
        "q-fin",
        "quant-ph",
        "stat",
    ]
)
FORMER_ARCHIVES = frozenset(
    [
        "acc-phys",
        "adap-org",
        "alg-geom",
        "ao-sci",
        "atom-ph",
        "bayes-an",
        "chao-dyn",
        "chem-ph",
        "cmp-lg",
        "comp-gas",
        "dg-ga",
        "funct-an",
        "mtrl-th",
        "patt-sol",
        "plasm-ph",
        "q-alg",
        "solv-int",
        "supr-con",
    ]
)


def parse_category(text: str) -> str | None:
    """Return an arXiv category as given (`cs.CL`, `hep-th`), or None when it cannot be one."""
    return text if _CATEGORY.fullmatch(text) else None


def archive_of(category: str) -> str:
    """Return the archive that a category belongs to, whether arXiv has it or not."""
    return category.split(".", maxsplit=1)[0]

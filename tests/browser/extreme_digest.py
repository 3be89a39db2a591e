"""A digest of extremes, for what the first edition does not contain.

Responsible for records whose words do not break, whose authors are many or none, whose language
runs from right to left, whose text is an attack, and for enough days, notices and pages that every
part of the theme shows. Not responsible for building it.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

UNBROKEN = (
    "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft" + "x" * 19
)
FORMULA = (
    r"$\sum_{i=1}^{n} \frac{\alpha_i + \beta_i + \gamma_i + \delta_i}{\sqrt{1 + x_i^2}} + "
    + (r" + ".join(rf"\theta_{{{n}}} x^{{{n}}}" for n in range(9)) + "$")
)

# Whatever of this runs sets a global; whatever of it becomes an element asks for a file.
MARK = "owned=1"
SHORT_ATTACK = f"<script>{MARK}</script><img src=stolen.png onerror={MARK}>"
ATTACK = (
    f"<script>{MARK}</script>"
    f'"><img src=stolen.png onerror="{MARK}">'
    f"'><svg onload={MARK}></title></textarea></template></noscript><script>{MARK}</script>"
    "{{ 7 * 7 }}&lt;b&gt;"
)
ATTACK_TEX = (
    rf"{ATTACK} $\href{{javascript:{MARK}}}{{x}}$ $\text{{<img src=stolen.png onerror={MARK}>}}$ "
    rf"\url{{javascript:{MARK}}}"
)
# A body that leads somewhere unsafe is an error (`attack_corpus`); this one builds.
ATTACK_MARKDOWN = f"""{ATTACK.replace(" src=stolen.png", "")}

<javascript:{MARK}> [words](https://elsewhere.example/ '" onmouseover="{MARK}')

<iframe srcdoc="<script>parent.{MARK}</script>"></iframe>
<details open ontoggle="{MARK}"><summary>more</summary></details>
<math><mtext><table><mglyph><style><img title="--></style>" onerror="{MARK}"></style></mglyph>
</table></mtext></math>
<form action="https://elsewhere.example/"><input autofocus onfocus="{MARK}"><button>Go</button>
</form>
<style>body {{ display: none }}</style>
<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">

```html
<script>{MARK}</script>
```
"""

TODAY = date(2025, 3, 19)


def write_extreme_digest(root: Path, language: str = "en") -> None:
    """Write `content/` of the digest of extremes.

    Args:
        root: The folder to hold it.
        language: The site's own language.
    """
    content = root / "content"
    _write(
        content / "site.yaml",
        {
            "title": f"Extremes {SHORT_ATTACK}",
            "tagline": f"{UNBROKEN} {SHORT_ATTACK}",
            "description": ATTACK,
            "base_url": "https://broadsheet.example/",
            "language": language,
            "curator": ATTACK,
            "source_url": "https://code.example/edit/",
            "page_sizes": {"papers": 6, "topic": 4, "digest": 4, "authors": 60, "topics": 2},
        },
    )
    _write_topics(content / "topics")
    _write_papers(content / "papers")
    digests = content / "digests"
    _write(
        digests / "2025-03-19.md",
        {"title": f"{UNBROKEN} {ATTACK}", "number": "56", "curator": ATTACK, "lead": "hostile"},
        ATTACK_MARKDOWN,
    )
    _write(digests / "2025-03-18.md", {"title": "A long day", "lead": "long-words"}, UNBROKEN)
    _write(
        content / "pages" / "about.md",
        {"title": f"{UNBROKEN} {ATTACK}", "description": f"{UNBROKEN} {ATTACK}"},
        _rich_text() + ATTACK_MARKDOWN,
    )


def _write_topics(folder: Path) -> None:
    _write(
        folder / "long.md",
        {"name": UNBROKEN, "short": "W" * 24, "description": UNBROKEN},
        _rich_text(),
    )
    _write(folder / "inner.md", {"name": "Inner", "short": "Inner", "parent": "long"})
    _write(
        folder / "attacks.md",
        {"name": SHORT_ATTACK, "short": "<b>Attacks</b>", "description": ATTACK, "parent": "inner"},
        ATTACK_MARKDOWN,
    )
    _write(folder / "empty.md", {"name": "Nothing yet", "short": "Nothing yet"})


def _write_papers(folder: Path) -> None:
    _write(
        folder / "long-words.md",
        {
            "title": f"{UNBROKEN}: {UNBROKEN} {FORMULA}",
            "authors": [
                {"name": UNBROKEN, "affiliation": UNBROKEN, "orcid": "0000-0002-1825-0097"},
                UNBROKEN[::-1],
            ],
            "date": "2025-03-17",
            "featured": "2025-03-18",
            "topics": ["long", "inner", "attacks"],
            "tldr": f"{UNBROKEN} {FORMULA}",
            "venue": {"name": UNBROKEN, "year": "2025"},
            "links": {
                "code": f"https://code.example/{UNBROKEN}",
                "project": f"https://{UNBROKEN[:60]}.example/{UNBROKEN}",
            },
            "curator": UNBROKEN,
            "keywords": [UNBROKEN],
            "abstract": f"{UNBROKEN} {FORMULA}\n\n${FORMULA}$\n",
        },
        _rich_text(),
    )
    _write(
        folder / "many-authors.md",
        {
            "title": "A measurement by many",
            "authors": [f"Given{n} Family{n}" for n in range(169)]
            + [{"name": "Last Author", "affiliation": "An Institute"}],
            "date": "2025-03",
            "featured": "2025-03-19",
            "topics": ["long"],
            "tldr": "One hundred and seventy people measure one thing.",
            "abstract": "We measure it.",
        },
    )
    _write(folder / "bare.md", {"title": "Only a title", "featured": "2025-03-19"})
    _write(
        folder / "arabic.md",
        {
            "title": "تعلم الآلة للرياضيات $x^2 + y^2$",
            "authors": ["محمد بن موسى", "عمر الخيام"],
            "date": "2024",
            "featured": "2025-03-19",
            "language": "ar",
            "topics": ["long"],
            "tldr": "ملخص قصير عن ورقة عن الجبر.",
            "abstract": "نقدم طريقة جديدة لحل المعادلات $a x^2 + b x + c = 0$.",
        },
        "ملاحظة المحرر.",
    )
    _write(
        folder / "hostile.md",
        {
            "title": ATTACK_TEX,
            "authors": [{"name": ATTACK, "affiliation": ATTACK}, ATTACK],
            "date": "2025-03-18",
            "featured": "2025-03-19",
            "topics": ["attacks"],
            "tldr": ATTACK_TEX,
            "venue": {"name": ATTACK, "publisher": ATTACK, "pages": ATTACK},
            "curator": ATTACK,
            "keywords": [ATTACK],
            "status": "corrected",
            "status_note": ATTACK,
            "abstract": ATTACK_TEX,
        },
        ATTACK_MARKDOWN,
    )
    _write(
        folder / "retracted.md",
        {
            "title": "A claim that did not hold for $n > 3$",
            "authors": ["A. Author"],
            "featured": "2025-03-19",
            "topics": ["long"],
            "status": "retracted",
            "aliases": ["retracted-v1", "/old/claims.html"],
            "status_note": "The proof of Lemma 2 is wrong.",
            "superseded_by": "bare",
            "abstract": "We claim it.",
        },
    )
    for n in range(24):
        _write(
            folder / f"plain-{n:02}.md",
            {
                "title": f"Plain paper number {n} about counting",
                "authors": [f"Given{n} Family{n}", "Someone Else"],
                "date": str(TODAY - timedelta(days=40 * n + 1)),
                "featured": str(TODAY - timedelta(days=(n * 7) // 4)),
                "topics": ["long", "inner"] if n % 2 else ["inner"],
                "tldr": f"Counts to {n}.",
                "links": {"code": f"https://code.example/{n}"} if n % 3 else {},
                "votes": str(n),
                "abstract": f"We count to {n}.",
            },
        )


def _rich_text() -> str:
    """Return Markdown with everything that can be wide."""
    cells = " | ".join(["a heading"] * 9)
    rule = " | ".join(["---"] * 9)
    return (
        f"## A part\n\n{UNBROKEN} `{UNBROKEN}` https://code.example/{UNBROKEN}\n\n"
        f"### {UNBROKEN}\n\n| {cells} |\n| {rule} |\n| {cells} |\n\n"
        f"```python\nline = '{UNBROKEN * 3}'\n```\n\n"
        f"1. one\n    - two {UNBROKEN}\n\n> {UNBROKEN}\n\n"
        "A note.[^1]\n\n[^1]: At the foot.\n"
    )


def _write(path: Path, fields: dict[str, Any], body: str = "") -> None:
    """Write a record; each value is JSON, which is YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    if path.suffix == ".md":
        lines = ["---", *lines, "---", body]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

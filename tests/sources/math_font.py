"""The math font of the default theme: a subset of TeX Gyre Termes Math.

Responsible for choosing the characters and for the subset, which is committed as
`templates/static/math.woff2`. Not run by the build. Needs fonttools and brotli, and the font from
Debian's package fonts-texgyre-math (GUST Font License).

    python tests/sources/math_font.py TERMES_MATH.otf templates/static/math.woff2
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# Operators and letters that formulas of papers use most.
COMMON = (
    "±×÷·∓∗∘∙⋅⊕⊗∪∩∧∨¬∀∃∅∈∉⊂⊆⊤∥∣≤≥≪≫≠≈≃≅≡≲≳∼∝∞∂∇√∑∏∫→←↔⇒⇐⇔"
    "↦↑↓⟨⟩⌈⌉⌊⌋‖′″…⋯ℓ†‡°∖⊥−ˆ˜¯˙⃗⏟ℎℬℰℱℋℐℒℳℛℂℕℙℚℝℤ𝔼𝕀𝕊𝟙"
)
# What else the formulas of 13,967 real records hold.
MEASURED = " óϕϵ–—’⋆⪯︀𝒈𝖠𝖢𝖤𝖦𝖫𝖭𝖮𝖯𝖱𝖲𝖳𝖻𝗂𝗇𝗌𝗎𝗑𝙼𝙾𝚄𝚆𝚫𝛥𝛩𝛬𝛷𝛺𝝀𝝅𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"
# Marks that math-core sets over and under letters; they stretch.
MARKS = "\u0302\u0332\u23de"
RANGES = (
    (0x20, 0x7E),
    (0x1D434, 0x1D467),  # italic
    (0x1D6FC, 0x1D71B),  # italic Greek
    (0x1D400, 0x1D433),  # bold
    (0x1D49C, 0x1D4B5),  # script capitals
)


def characters() -> set[int]:
    """Return the code points that the subset holds."""
    chosen = {ord(char) for char in COMMON + MEASURED + MARKS}
    for first, last in RANGES:
        chosen |= set(range(first, last + 1))
    return chosen


def main(arguments: list[str]) -> int:
    """Write the subset."""
    source, target = arguments
    points = ",".join(f"U+{point:04X}" for point in sorted(characters()))
    subprocess.run(
        [
            *(sys.executable, "-m", "fontTools.subset", source, f"--unicodes={points}"),
            *("--layout-features=", "--flavor=woff2", "--no-hinting", "--desubroutinize"),
            f"--output-file={target}",
        ],
        check=True,
    )
    print(f"{Path(target).stat().st_size:,} bytes, {len(characters())} characters")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

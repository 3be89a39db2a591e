"""Words as messages and pages write them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.foundations.words import fold

SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))


@given(st.text(st.sampled_from(f"ab  é\u200b{SPACES}")) | st.text())
def test_folded_text_is_what_its_words_make(text: str) -> None:
    assert fold(text) == " ".join(text.split())

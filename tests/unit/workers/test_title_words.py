"""Which words of a title keep their capitals."""

from __future__ import annotations

import pytest

from broadsheet.workers.tex.escaping import escape_words
from broadsheet.workers.tex.title_words import words_to_keep

TITLES = {
    "Mark My Words: Analyzing Language Models": "Mark My Words: Analyzing Language Models",
    "GPT-4 and (LLMs), BioBERT": "{GPT}-4 and ({LLMs}), {BioBERT}",
    "3D Vision with T5": "{3D} Vision with {T5}",
    "Deep Q-Learning in C++": "Deep {Q}-Learning in {C++}",
    "A Study: A Plan": "A Study: A Plan",
    "Which One Should I Use?": "Which One Should {I} Use?",
    "Fast Gaussian Splatting": "Fast {Gaussian} Splatting",
    "A survey of methods used in Kenya": "A survey of methods used in {Kenya}",
    "THE MOVES OF THE WORLD": "THE MOVES OF THE WORLD",
    "Über {x} & 5%": r"{\"U}ber \textbraceleft{}x\textbraceright{} \& 5\%",
    "Set $HOME first": r"Set {{\$HOME}} first",
}


@pytest.mark.parametrize("title", TITLES)
def test_only_words_that_need_it_are_protected(title: str) -> None:
    assert escape_words(title, words_to_keep(title)) == TITLES[title]

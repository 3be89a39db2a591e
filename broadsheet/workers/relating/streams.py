"""From texts to streams of words, which are kept from build to build.

Responsible for finding words, and for putting streams together again. Not responsible for what a
word means (`terms`) or for caching.

What has been counted before decides nothing: a stream that was put together from parts of others is
the one that its texts give.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray

from broadsheet.planning.relations import PaperText, WordStream

# Scripts that write no spaces: each sign is a word.
_SOLID = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_WORD = rf"[{_SOLID}]|[^\W\d_{_SOLID}][^\W_{_SOLID}]*(?:-[^\W_{_SOLID}]+)*"
# A word, or what keeps the words on its sides from being a pair: signs and numbers. A line's end
# tells where the next chunk begins.
_TOKEN = re.compile(rf"{_WORD}|[^\w\s]+|[\d_]+|\n")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b(?:[\w-]+\.)+(?:com|edu|io|net|org)\b(?:/\S*)?")
_GAP = "."
# Chunks that are taken apart together, and those that are put in a row together.
_LINES = 4_096
_CHUNKS = 1 << 19
PARTS = 3  # title, text, keywords
END = -1
BREAK = -2

Numbers = NDArray[np.int32]


def read_words(texts: Iterable[PaperText]) -> WordStream:
    """Return the words of texts.

    What stands between two spaces is looked through once, however often it occurs: no word spans a
    space, and a library of 20 million signs has 140,000 such chunks.

    Args:
        texts: One for each paper.
    """
    chunks: defaultdict[str, int] = defaultdict(count().__next__)
    numbers = array("i")
    for text in texts:
        for part in (text.title, text.text, "\n\n".join(text.keywords)):
            spaced = part.replace("\n\n", f" {_GAP} ")
            numbers.extend(map(chunks.__getitem__, spaced.split()))
            numbers.append(END)
    forms, tokens, lengths = _split_chunks(chunks)
    stream = np.frombuffer(numbers, dtype=np.intc).astype(np.int32, copy=False)
    return _settle(forms, _spread(stream, tokens, lengths))


def join_streams(known: WordStream, fresh: WordStream, chosen: Sequence[int | None]) -> WordStream:
    """Return the stream of papers some of which are known.

    Args:
        known: The stream of papers of an earlier build.
        fresh: The stream of the others, in their order.
        chosen: For each paper its place among the known ones, or None where it is not known.
    """
    if not known.numbers:
        return fresh
    numbers = read_numbers(known)
    news = read_numbers(fresh)
    news = np.where(news < 0, news, news + len(known.forms)).astype(np.int32)
    ends, new_ends = (
        np.concatenate(([0], find_ends(part)[PARTS - 1 :: PARTS] + 1)).tolist()
        for part in (numbers, news)
    )
    places = count()
    pieces = [
        news[new_ends[place := next(places)] : new_ends[place + 1]]
        if row is None
        else numbers[ends[row] : ends[row + 1]]
        for row in chosen
    ]
    joined = np.concatenate(pieces) if pieces else np.empty(0, dtype=np.int32)
    return _settle([*known.forms, *fresh.forms], joined)


def read_numbers(stream: WordStream) -> Numbers:
    """Return the numbers of a stream."""
    return np.frombuffer(stream.numbers, dtype="<i4")


def find_ends(numbers: Numbers) -> NDArray[np.int64]:
    """Return where titles, texts and keywords end."""
    return np.flatnonzero(numbers == END)


def _split_chunks(chunks: Iterable[str]) -> tuple[list[str], Numbers, Numbers]:
    """Return all forms, the numbers of those of each chunk one after the other, and how many."""
    forms: defaultdict[str, int] = defaultdict(count().__next__)
    numbers, lines = array("i"), (f"{_drop_addresses(chunk)}\n" for chunk in chunks)
    while some := "".join(islice(lines, _LINES)):
        numbers.extend(map(forms.__getitem__, _TOKEN.findall(some)))
    found = np.frombuffer(numbers, dtype=np.intc)
    is_end = found == forms["\n"]
    lengths = np.diff(np.flatnonzero(is_end), prepend=-1).astype(np.int32) - 1
    is_word = np.array([form[0].isalpha() for form in forms], dtype=bool)
    tokens = found[~is_end]
    return [*forms], np.where(is_word[tokens], tokens, BREAK).astype(np.int32), lengths


def _spread(stream: Numbers, tokens: Numbers, lengths: Numbers) -> Numbers:
    """Return a stream of chunks as one of tokens; the end of a part stays what it is."""
    tokens = np.append(tokens, np.int32(END))
    lengths = np.append(lengths, np.int32(1))  # of the last, which `END` is the number of
    begins = np.cumsum(lengths, dtype=np.int32) - lengths
    spread = [tokens[:0]]
    for first in range(0, len(stream), _CHUNKS):
        some = stream[first : first + _CHUNKS]
        each = lengths[some]
        places = np.repeat(begins[some] - (np.cumsum(each, dtype=np.int32) - each), each)
        places += np.arange(len(places), dtype=np.int32)
        spread.append(tokens[places])
    return np.concatenate(spread)


def _settle(forms: Sequence[str], numbers: Numbers) -> WordStream:
    """Return a stream with only the forms that occur, each once and in order."""
    occurs = np.zeros(len(forms) + 2, dtype=bool)
    occurs[numbers] = True  # what is no form is one of the last two
    occurring = np.flatnonzero(occurs[: len(forms)])
    written = [forms[number] for number in occurring.tolist()]
    ordered = sorted(set(written))
    rank = dict(zip(ordered, count()))
    meaning = np.empty(len(forms) + 2, dtype=np.int32)
    meaning[occurring] = [rank[form] for form in written]
    meaning[[BREAK, END]] = BREAK, END
    return WordStream(tuple(ordered), meaning[numbers].astype("<i4").tobytes())


def _drop_addresses(chunk: str) -> str:
    """Return a chunk without web addresses, whose parts are not words of its subject."""
    if "." not in chunk and "://" not in chunk:
        return chunk
    return _ADDRESS.sub(_GAP, chunk)

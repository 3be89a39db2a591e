"""Names in their parts."""

from __future__ import annotations

import pytest

from broadsheet.domain.person_names import shown_name, split_name

# Name: given | particle | family | suffix, or the whole name alone.
NAMES = {
    "Ada Lovelace": "Ada||Lovelace|",
    "Tony Q. S. Quek": "Tony Q. S.||Quek|",
    "Vincent van Gogh": "Vincent|van|Gogh|",
    "Luc Van Gool": "Luc||Van Gool|",
    "Aaron van den Oord": "Aaron|van den|Oord|",
    "Anton Van Den Hengel": "Anton||Van Den Hengel|",
    "Jesse F. d'Almeida": "Jesse F.||d'Almeida|",
    "Helen de Andrade Abreu": "Helen|de|Andrade Abreu|",
    "Tomás de la Rosa": "Tomás|de la|Rosa|",
    "Ahmed al-Rashid": "Ahmed||al-Rashid|",
    "Yang li": "Yang||li|",
    "danah boyd": "danah||boyd|",
    "Hung Le Nguyen": "Hung Le||Nguyen|",
    "Nguyen Van Thanh": "Nguyen Van||Thanh|",
    "Quoc V. Le": "Quoc V.||Le|",
    "Martin Luther King Jr.": "Martin Luther||King|Jr.",
    "John Smith III": "John||Smith|III",
    "Lovelace, Ada": "Ada||Lovelace|",
    "van Gogh, Vincent": "Vincent|van|Gogh|",
    "King, Jr., Martin": "Martin||King|Jr.",
    "Martin King, Jr.": "Martin||King|Jr.",
    'John "Four" Flynn': 'John "Four"||Flynn|',
    "Wei Ai": "Wei||Ai|",
    "OpenAI": "OpenAI",
    "Plato": "Plato",
    "王芳": "王芳",
    "김 철수": "김 철수",
    "Gemini Team": "Gemini Team",
    "TCV team": "TCV team",
    "Inclusion AI": "Inclusion AI",
    "The ATLAS Collaboration": "The ATLAS Collaboration",
    "GLM-4. 5 Team": "GLM-4. 5 Team",
    "Black and White": "Black and White",
    "Wei Chen (Facebook)": "Wei Chen (Facebook)",
    "Jane Roe, PhD": "Jane Roe, PhD",
    "a, b, c, d": "a, b, c, d",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_split_as_bibliographies_sort_it(name: str) -> None:
    found = split_name(name)
    parts = found.literal or f"{found.given}|{found.particle}|{found.family}|{found.suffix}"
    assert parts == NAMES[name]


@pytest.mark.parametrize("name", [name for name in NAMES if "," not in name])
def test_a_split_name_reads_as_it_was_written(name: str) -> None:
    assert shown_name(split_name(name)) == name


@pytest.mark.parametrize("word", ["Team", "labs", "Inc.", "for", "AI", "Laboratories", "3D", "&"])
def test_a_group_is_one_however_its_words_are_joined(word: str) -> None:
    joined = (f"Gemini {word} X", f"Gemini-{word} X", f"{word}, Gemini", f"G. {word}.")
    assert [split_name(name).literal for name in joined] == list(joined)


def test_words_that_only_begin_like_a_group_s_are_a_name() -> None:
    assert [split_name(name).literal for name in ("Ann Teamster", "Theo Aim", "Ford Inca")] == [
        ""
    ] * 3

"""Names of authors in their parts, as bibliographies sort and shorten them.

Responsible for telling the family name from the given ones, particles, suffixes, and names that
have no such parts. Not responsible for which names are the same person (`names`).
"""

from __future__ import annotations

import re

import msgspec


def _words(text: str) -> frozenset[str]:
    """Read a set that is written as words."""
    return frozenset(text.split())


_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV")
_DEGREE = re.compile(r"Ph\.?\s?D\.?|M\.?D\.?|M\.?Sc\.?|Dr\.?")
# Words that stand between given and family name, in lower case.
_PARTICLES = _words(
    """
    a af al am an auf av ben bin bint d da das dal de degli dei del dela della delle delli
    dello den der des di do dos du e el ibn i la le li lo los of op 't ten ter thoe till tot u
    uit und v. van vande vanden vander ver vom von vor y z zu zum zur
    """
)
# The same words with a capital belong to the family name: Luc Van Gool.
_CAPITAL_PARTICLES = _words(
    """
    Da Dal De Degli Dei Del Della Den Der Des Di Do Dos Du El La Le Lo Van Vander Von
    """
)
# Where these are family names, `Van` and `Le` are middle names.
_VIETNAMESE = _words(
    """
    Bui Cao Chu Dang Dao Dinh Do Doan Duong Ha Ho Hoang Huynh Lam Le Luong Luu Ly Mai Ngo
    Nguyen Phan Pham Phung Quach Ta Thai To Tran Trinh Truong Vo Vu Vuong
    """
)
# Words that stand in the names of groups.
_GROUP_WORDS = _words(
    """
    Team Teams team teams Group group Collaboration Collaborations collaboration collaborations
    Consortium consortium Committee committee Project project Initiative initiative
    Institute Institutes institute institutes University university Foundation foundation
    Society society Association association Laboratory Laboratories laboratory laboratories
    Lab Labs lab labs Center center Centre centre Network network Company company
    Corporation corporation Inc Ltd LLC GmbH AI Google Microsoft NVIDIA OpenAI DeepMind Research
    and for
    """
)
_GROUP = re.compile(rf"\b(?:{'|'.join(sorted(_GROUP_WORDS))})\b|^The\s|[0-9&]")
# Scripts whose names are written as one piece, the family name first.
_WHOLE_SCRIPTS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


class CitedName(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A name in the parts that CSL knows.

    Attributes:
        family: What it is sorted under.
        given: The other names.
        particle: `van`, `de la`: before the family name, and not sorted by.
        suffix: `Jr.`, `III`.
        literal: The whole name, where it has no parts: a group, a single name, `王芳`. The other
            attributes are empty then.
    """

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""


def split_name(name: str) -> CitedName:
    """Split a name as written on a paper.

    Nothing is added or dropped: the parts hold every word of the name. Where it is not clear how a
    name is built, the last word is the family name.

    Args:
        name: `Ada Lovelace`, `Lovelace, Ada`, `Luc Van Gool`, `Gemini Team`, `王芳`.
    """
    words = name.split()
    if len(words) < 2 or _is_whole(name, words):
        return CitedName(literal=" ".join(words))
    if "," in name:
        parts = [part.strip() for part in name.split(",")]
        return _split_at_commas(parts) or CitedName(literal=" ".join(words))
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    last = words[-1]
    if not last.isalpha() and (not any(map(str.isalpha, last)) or last.startswith("(")):
        return CitedName(literal=" ".join(name.split()))
    return _split_words(words, suffix)


def shown_name(name: CitedName) -> str:
    """Return a name as its owner writes it: `Luc van Gool`."""
    if name.literal:
        return name.literal
    if not name.particle and not name.suffix:
        return f"{name.given} {name.family}" if name.given else name.family
    parts = (name.given, name.particle, name.family, name.suffix)
    return " ".join([part for part in parts if part])


def _is_whole(name: str, words: list[str]) -> bool:
    """Tell whether a name has no parts: a group's, or one of a script that writes it as one."""
    if not name.isascii() and _WHOLE_SCRIPTS.search(name):
        return True
    if not "".join(words).isalpha():
        words = name.replace(".", " ").replace("-", " ").split()
    if "".join(words).isalpha() and words[0] != "The":
        # Nearly all names; what the pattern finds is one of these words.
        return not _GROUP_WORDS.isdisjoint(words)
    return _GROUP.search(name) is not None


def _split_words(words: list[str], suffix: str) -> CitedName:
    if len(words) == 2:
        return CitedName(given=words[0], family=words[1], suffix=suffix)
    start = len(words) - 1
    if words[-1] not in _VIETNAMESE and words[0] not in _VIETNAMESE:
        while start > 1 and words[start - 1] in _CAPITAL_PARTICLES:
            start -= 1
    first = start
    while first > 1 and _is_particle(words[first - 1]):
        first -= 1
    if first == start:
        first, start = _find_inner_particles(words, start)
    return CitedName(
        given=" ".join(words[:first]),
        particle=" ".join(words[first:start]),
        family=" ".join(words[start:]),
        suffix=suffix,
    )


def _find_inner_particles(words: list[str], start: int) -> tuple[int, int]:
    """Return where particles before a family name of two words begin and end: `de la Cruz Gil`."""
    inner = start - 1
    if inner < 2 or not words[inner - 1].islower() or not _is_particle(words[inner - 1]):
        return start, start
    if words[inner - 1] in ("e", "i", "y", "und") or words[inner].endswith("."):
        return start, start
    first = inner - 1
    while first > 1 and _is_particle(words[first - 1]):
        first -= 1
    return first, inner


def _is_particle(word: str) -> bool:
    return word in _PARTICLES


def _split_at_commas(parts: list[str]) -> CitedName | None:
    """Read `Family, Given`, `Family, Jr., Given` and `Given Family, Jr.`; None for others."""
    if not all(parts) or len(parts) > 3:
        return None
    if len(parts) == 3:
        family, suffix, given = parts
        if not _SUFFIX.fullmatch(suffix):
            return None
        return _with_particle(family, given, suffix)
    family, given = parts
    if _SUFFIX.fullmatch(given):
        words = family.split()
        return _split_words(words, given) if len(words) > 1 else None
    return None if _DEGREE.fullmatch(given) else _with_particle(family, given, "")


def _with_particle(family: str, given: str, suffix: str) -> CitedName:
    words = family.split()
    count = 0
    while count < len(words) - 1 and _is_particle(words[count]):
        count += 1
    return CitedName(
        family=" ".join(words[count:]), given=given, particle=" ".join(words[:count]), suffix=suffix
    )

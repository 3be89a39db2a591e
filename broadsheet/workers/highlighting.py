"""Code blocks with their words marked, at build time.

Responsible for turning a fenced block's text into spans with Pygments' short classes, which the
theme styles in both schemes. Not responsible for finding the blocks (`bodies`).
"""

from __future__ import annotations

from html import escape

MAX_HIGHLIGHTED = 50_000


def highlight_code(code: str, language: str) -> str:
    """Return code as HTML: escaped, with spans where the language is known.

    Args:
        code: The text of the block.
        language: What stands behind the fence; may be empty or unknown.
    """
    if language and len(code) <= MAX_HIGHLIGHTED:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import get_lexer_by_name
        from pygments.util import ClassNotFound

        try:
            lexer = get_lexer_by_name(language, stripnl=False)
        except ClassNotFound:
            return escape(code, quote=False)
        return str(highlight(code, lexer, HtmlFormatter(nowrap=True)))
    return escape(code, quote=False)

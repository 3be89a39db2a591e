"""What every page needs, whatever theme made it.

Responsible for the few things without which a page fails its readers: a language, a title, one main
heading, a main part. Not responsible for links (`html_links`) or for looks.
"""

from __future__ import annotations

import re

_LANGUAGE = re.compile(r"<html\b[^>]*\blang=[\"']?[a-zA-Z]", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s*[^\s<]", re.IGNORECASE)
_HEADING = re.compile(r"<h1[\s>]", re.IGNORECASE)
_MAIN = re.compile(r"<main[\s>]", re.IGNORECASE)
_REFRESH = re.compile(r"<meta\b[^>]*\brefresh\b", re.IGNORECASE)
_VIEWPORT = re.compile(r"<meta\b[^>]*\bname=[\"']?viewport\b", re.IGNORECASE)
# A view, a function or a macro where its text was meant.
_REPRESENTATION = re.compile(r"\b[A-Z]\w+\([a-z_]+=|&lt;(?:function|built-in|bound method|Macro) ")


def find_page_faults(text: str) -> list[str]:
    """Return what a page lacks, each as a sentence without its stop.

    Args:
        text: The page.
    """
    faults = []
    if not _LANGUAGE.search(text):
        faults.append("the page names no language (<html lang>)")
    if not _TITLE.search(text):
        faults.append("the page has no title (<title>)")
    if _REPRESENTATION.search(text):
        faults.append("the page shows a value of the program instead of its text")
    if _REFRESH.search(text):
        return faults
    headings = len(_HEADING.findall(text))
    if headings != 1:
        faults.append(f"the page has {headings} main headings (<h1>) instead of one")
    if not _MAIN.search(text):
        faults.append("the page has no main part (<main>)")
    if not _VIEWPORT.search(text):
        faults.append("the page does not fit itself to a phone (<meta name=viewport>)")
    return faults

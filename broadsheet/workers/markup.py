"""Records' text to HTML and plain text, safely.

Responsible for titles, TL;DRs and abstracts, which are TeX-flavoured text, and for calling the
conversion of bodies, which are Markdown (`bodies`). A pure function on batches. Not responsible for
where the text is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadsheet.foundations.diagnostics import Finding
from broadsheet.planning.texts import ConvertedText, MarkupOptions, TextJob
from broadsheet.workers.tex.escaping import escape_words
from broadsheet.workers.tex.lines import convert_line, convert_paragraphs
from broadsheet.workers.tex.mathml import convert_formula
from broadsheet.workers.tex.parsing import TexReport
from broadsheet.workers.tex.reports import fallback_finding
from broadsheet.workers.tex.segments import Segment
from broadsheet.workers.tex.title_words import words_to_keep
from broadsheet.workers.tex.writing import (
    MATH,
    collect_formulas,
    plain_formulas,
    to_bibtex,
)

if TYPE_CHECKING:
    from broadsheet.workers.bodies import ConvertedBody


def convert_batch(options: MarkupOptions, jobs: tuple[TextJob, ...]) -> tuple[ConvertedText, ...]:
    """Convert the texts of several records; the same as one after the other.

    Args:
        options: What decides how text is converted.
        jobs: The texts.
    """
    return tuple(_convert(options, job) for job in jobs)


def _convert(options: MarkupOptions, job: TextJob) -> ConvertedText:
    report = TexReport()
    findings: list[Finding] = []
    lines = {}
    title_tex = ""
    for name, text in job.lines:
        line, segments = convert_line(options.macros, text, report, has_links=name != "title")
        lines[name] = line
        findings += _report_formulas(options, job.source, segments)
        if name == "title":
            kept = words_to_keep(line.plain)
            title_tex = (
                to_bibtex(segments, options.macros, kept)
                if segments
                else escape_words(line.plain, kept)
            )
    abstract = None
    formulas: tuple[str, ...] = ()
    if job.abstract:
        abstract, segments = convert_paragraphs(options.macros, job.abstract, report)
        findings += _report_formulas(options, job.source, segments)
        plain = plain_formulas(segments, options.macros, has_links=True) if segments else {}
        formulas = tuple(plain[math] for math in MATH.findall(abstract.html)) if plain else ()
    body = _convert_body(options, job) if job.body.text else None
    return ConvertedText(
        lines=lines,
        title_tex=title_tex,
        abstract=abstract,
        body=body.text if body is not None else None,
        written=job.body.text if job.lines else "",
        targets=body.targets if body is not None else (),
        formulas=(*(body.formulas if body is not None else ()), *formulas),
        anchors=body.anchors if body is not None else (),
        findings=(*findings, *(body.findings if body is not None else ())),
        unknown_commands=tuple(report.unknown),
    )


def _convert_body(options: MarkupOptions, job: TextJob) -> ConvertedBody:
    # Most papers have none, and Markdown takes a tenth of the start of a build to import.
    from broadsheet.workers.bodies import convert_body

    return convert_body(options, job)


def _report_formulas(
    options: MarkupOptions, source: str, segments: tuple[Segment, ...]
) -> list[Finding]:
    findings = []
    for formula in collect_formulas(segments):
        converted = convert_formula(formula.tex, options.macros, is_display=formula.is_display)
        if converted.failure:
            findings.append(fallback_finding(source, formula.tex, converted.failure))
    return findings

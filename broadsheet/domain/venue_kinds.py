"""What kind of publication a venue is, and the parts of its name.

Responsible for telling journals, conferences, preprint servers, theses, reports and books apart by
their names, where the record does not say. Not responsible for names as indices (`names`).
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from broadsheet.domain.records import Venue

VENUE_KINDS = ("journal", "conference", "preprint", "thesis", "report", "book", "chapter")

_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
# `Journal of Things 23(154), 2022`: volume and issue behind the name.
_VOLUME = re.compile(
    r"^(?P<name>.*?\D)[\s,]+(?:[Vv]ol\.?\s*)?(?P<volume>\d+)\s*\((?P<issue>[^()]+)\)$"
)
_YEAR_AT_END = re.compile(r"[\s,(]*\b((?:19|20)\d\d)\b\)?\s*$")

_THESIS = re.compile(r"\b(?:thesis|dissertation)\b", re.IGNORECASE)
_REPORT = re.compile(
    r"\btech(?:nical|\.)?\s+rep(?:ort|\.)?\b|\bworking paper\b|\bwhite ?paper\b"
    r"|\bresearch report\b",
    re.IGNORECASE,
)
_PREPRINT = re.compile(
    r"\b(?:arxiv|corr|\w*rxiv|ssrn|preprints?(?:\.org)?|research square|osf|zenodo)\b",
    re.IGNORECASE,
)
_CHAPTER = re.compile(r"\b(?:handbook|encyclopa?edia|companion)\b", re.IGNORECASE)
_BOOK = re.compile(r"\b(?:press|publish(?:er|ers|ing)|verlag)\b", re.IGNORECASE)
# Journals whose names say "proceedings".
_JOURNAL_PROCEEDINGS = re.compile(
    r"\bproceedings of the (?:national academy|ieee$|royal society|vldb endowment|acm on\b"
    r"|american mathematical|london mathematical|institution)|\bpvldb\b|\bpacm\w*\b|\bpnas\b",
    re.IGNORECASE,
)
_CONFERENCE = re.compile(
    r"\b(?:proceedings|proc\.?|conference|conf\.?|workshops?|symposium|symposia|meeting|congress"
    r"|colloquium|findings|lecture notes|advances in neural|summit|challenge|track|seminar"
    r"|icml|neurips|nips|iclr|cvpr|iccv|eccv|wacv|bmvc|accv|acl|emnlp|naacl|eacl|aacl|coling|conll"
    r"|lrec|colm|aaai|ijcai|ecai|kdd|www|sigir|cikm|wsdm|recsys|ecir|aistats|uai|colt|alt|corl"
    r"|icra|iros|rss|interspeech|icassp|ismir|asru|slt|chi|uist|cscw|iui|siggraph|acm mm|mlsys|osdi"
    r"|sosp|nsdi|eurosys|asplos|isca|micro|hpca|sc|ics|ppopp|pldi|popl|icse|fse|ase|issta|msr|ccs"
    r"|usenix|ndss|crypto|eurocrypt|stoc|focs|soda|icalp|sigmod|vldb|icde|edbt|miccai|isbi|midl"
    r"|automl|collas|gecco|aamas|icaps|facct|aies|log|dac|iccad|date|infocom|sigcomm|imc|mobicom)\b",
    re.IGNORECASE,
)
_JOURNAL = re.compile(
    r"\b(?:journal|transactions|trans\.|letters|review|reviews|annals|magazine|bulletin|quarterly"
    r"|archives?|acta|nature|science|cell|lancet|plos|elife|jmlr|tmlr|tacl|tpami|dmlr|jair|ijcv|tip"
    r"|toplas|tochi|jacm|cacm|communications|ieee access|frontiers|machine learning|neurocomputing"
    r"|neural networks|neural computation|pattern recognition|artificial intelligence"
    r"|computational linguistics|software engineering|information sciences|physica|physics|optica"
    r"|bioinformatics|biometrika|nucleic acids|statistics|econometrica|entropy|sensors)\b",
    re.IGNORECASE,
)


class VenueParts(msgspec.Struct, frozen=True, kw_only=True):
    """A venue as a citation names it.

    Attributes:
        kind: One of `VENUE_KINDS`.
        name: A journal's without year, volume and issue; a conference's as written.
        volume: From the record, else from the name; or empty.
        issue: The same.
        year: The same; or 0.
    """

    kind: str
    name: str
    volume: str
    issue: str
    year: int


@lru_cache(maxsize=4_000)
def read_venue(venue: Venue) -> VenueParts:
    """Tell what a venue is.

    The record's own `kind` decides. Without it the name does: by the words that such venues bear,
    else a volume or an issue makes a journal, a year behind the name makes an event.

    Args:
        venue: As written in the record.
    """
    written = _YEAR_AT_END.search(venue.name)
    bare = venue.name[: written.start()].rstrip(" ,") if written else venue.name
    found = _VOLUME.match(bare)
    volume, issue = venue.volume, venue.issue
    if found and not volume:
        bare, volume, issue = found["name"].rstrip(" ,"), found["volume"], issue or found["issue"]
    years = _YEAR.findall(venue.name)
    kind = venue.kind or _guess_kind(venue, bare, has_volume=bool(volume or issue))
    keeps_year = kind in ("conference", "chapter")
    return VenueParts(
        kind=kind,
        name=venue.name if keeps_year and not found else (bare or venue.name),
        volume=volume,
        issue=issue,
        year=venue.year or (int(years[-1]) if years else 0),
    )


def _guess_kind(venue: Venue, bare: str, *, has_volume: bool) -> str:
    name = venue.name
    for kind, words in (("thesis", _THESIS), ("report", _REPORT), ("preprint", _PREPRINT)):
        if words.search(name):
            return kind
    if _JOURNAL_PROCEEDINGS.search(bare):
        return "journal"
    if _CHAPTER.search(name):
        return "chapter"
    # "Transactions of the ACL" names a conference's society, "Workshop on Nature" a journal.
    is_conference, is_journal = _CONFERENCE.search(name), _JOURNAL.search(name)
    if is_conference and is_journal:
        return "conference" if is_conference.start() < is_journal.start() else "journal"
    if is_conference:
        return "conference"
    if is_journal or has_volume:
        return "journal"
    if _BOOK.search(name):
        return "book"
    is_event = bare != name or re.fullmatch(r"[A-Z][A-Za-z-]*[A-Z][A-Za-z-]*", bare)
    return "conference" if is_event else "journal"

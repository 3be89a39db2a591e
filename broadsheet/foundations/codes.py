"""The closed list of problems that Broadsheet reports.

Responsible for the names of the codes and one line on each. The page `docs/diagnostics.md` explains
them at length; a test compares the two. Codes are permanent: CI set-ups and editors match them.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """A kind of problem. The value is what users see and match."""

    # Reading a file
    ENCODING = "encoding"
    CONTROL_CHARACTER = "control-character"
    FRONT_MATTER_MISSING = "front-matter-missing"
    FRONT_MATTER_UNCLOSED = "front-matter-unclosed"
    FRONT_MATTER_TOO_LONG = "front-matter-too-long"
    FILE_TOO_LONG = "file-too-long"
    UNEXPECTED_FILE = "unexpected-file"
    UNREADABLE_FILE = "unreadable-file"

    # YAML
    YAML_SYNTAX = "yaml-syntax"
    YAML_ANCHOR = "yaml-anchor"
    YAML_TAG = "yaml-tag"
    YAML_MERGE_KEY = "yaml-merge-key"
    YAML_DUPLICATE_KEY = "yaml-duplicate-key"
    YAML_TOO_DEEP = "yaml-too-deep"
    YAML_KEY = "yaml-key"
    YAML_COMMENT = "yaml-comment"
    YAML_ESCAPE = "yaml-escape"

    # Fields
    UNKNOWN_FIELD = "unknown-field"
    MISSING_FIELD = "missing-field"
    WRONG_TYPE = "wrong-type"
    EMPTY_VALUE = "empty-value"
    LOOKS_EMPTY = "looks-empty"
    TOO_LONG = "too-long"
    INVALID_CHOICE = "invalid-choice"
    INVALID_NUMBER = "invalid-number"
    INVALID_DATE = "invalid-date"
    INVALID_SLUG = "invalid-slug"
    INVALID_URL = "invalid-url"
    UNSAFE_URL = "unsafe-url"
    INVALID_IDENTIFIER = "invalid-identifier"
    INVALID_ADDRESS = "invalid-address"
    UNKNOWN_CATEGORY = "unknown-category"
    INVALID_LANGUAGE = "invalid-language"
    INVALID_TIME_ZONE = "invalid-time-zone"
    DUPLICATE_VALUE = "duplicate-value"
    SUSPICIOUS_AUTHORS = "suspicious-authors"
    FIELD_CONFLICT = "field-conflict"

    # Ids and addresses
    INVALID_ID = "invalid-id"
    RESERVED_ID = "reserved-id"
    DUPLICATE_ID = "duplicate-id"
    ADDRESS_CONFLICT = "address-conflict"

    # Between records
    UNKNOWN_TOPIC = "unknown-topic"
    TOPIC_CYCLE = "topic-cycle"
    ALIAS_CONFLICT = "alias-conflict"
    UNKNOWN_PAPER = "unknown-paper"
    NOT_IN_DIGEST = "not-in-digest"
    DUPLICATE_PAPER = "duplicate-paper"
    NAME_CONFLICT = "name-conflict"
    BROKEN_LINK = "broken-link"
    FEATURED_GAP = "featured-gap"
    FOREIGN_PDF = "foreign-pdf"

    # Published addresses
    PERMALINK_INVALID = "permalink-invalid"
    PERMALINK_VANISHED = "permalink-vanished"
    PERMALINK_UNRECORDED = "permalink-unrecorded"

    # Text
    MATH_NOT_CONVERTED = "math-not-converted"
    TEX_UNKNOWN_COMMAND = "tex-unknown-command"
    BODY_TOO_DEEP = "body-too-deep"

    # Templates and output
    TEMPLATE_SYNTAX = "template-syntax"
    TEMPLATE_MISSING = "template-missing"
    TEMPLATE_CYCLE = "template-cycle"
    TEMPLATE_FAILED = "template-failed"
    OUTPUT_REFUSED = "output-refused"
    OUTPUT_CHANGED = "output-changed"
    EXTRA_MISSING = "extra-missing"
    SEARCH_FAILED = "search-failed"
    NO_CONTENT = "no-content"
    NO_BASE_URL = "no-base-url"
    CACHE_DAMAGED = "cache-damaged"
    FILE_EXISTS = "file-exists"
    GUARD_TRIPPED = "guard-tripped"
    HOST_REFUSES = "host-refuses"
    NOT_VERIFIED = "not-verified"
    THEME_FAULT = "theme-fault"

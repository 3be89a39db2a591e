"""Broadsheet turns a folder of Markdown records into a research-paper digest."""

__version__ = "0.1.0"

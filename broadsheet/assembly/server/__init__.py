"""The preview: a digest served from memory while it is written."""

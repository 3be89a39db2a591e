"""The preview: a digest served from memory while it is written, brought up to date as files change."""

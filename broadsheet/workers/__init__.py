"""Pure functions that run anywhere in batches: text to HTML, views to pages."""

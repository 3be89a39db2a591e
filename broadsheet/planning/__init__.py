"""What the site consists of: addresses, views and one plan for each output."""

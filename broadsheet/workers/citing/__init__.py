"""Citations in the formats that reference managers and readers use."""

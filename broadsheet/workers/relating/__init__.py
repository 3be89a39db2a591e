"""Which papers belong beside each other, and why: LSA over the words of a whole library."""

"""Papers, topics, digests, people and the library of them: frozen values without I/O."""

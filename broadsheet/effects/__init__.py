"""What touches the disk or another program: reading, executors, staging, publishing, indexing."""

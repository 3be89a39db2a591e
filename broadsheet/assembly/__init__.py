"""The one place that knows the order of the stages, and the commands on top of it."""

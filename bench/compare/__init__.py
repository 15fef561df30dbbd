"""Wicketgate beside what people use instead, in one run on one machine, at the same work."""

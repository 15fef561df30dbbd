"""Bytes that no honest client sends, for everything that reads what somebody else wrote.

A target (`targets/`) reads any bytes and raises when a promise is broken. `make test` gives it valid inputs with
something changed; `make fuzz` lets a fuzzer look for inputs that reach code that no other reached.
"""

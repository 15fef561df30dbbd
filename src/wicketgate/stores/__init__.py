"""Where users are kept. Every store passes one contract suite; `memory.py` is the reference."""

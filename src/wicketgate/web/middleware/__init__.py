"""Plain ASGI, one class a file: computed once in `__init__`, decided in `__call__`."""

"""`wicketgate serve` with seconds that are shorter: `python hurried.py PORT SECOND CONNECTIONS`."""

from __future__ import annotations

import argparse
import sys
from functools import partial

import uvicorn

from wicketgate import asgi
from wicketgate.cli.patience import Bounds, Patience
from wicketgate.cli.protocol import BoundedProtocol
from wicketgate.cli.serve import options

if __name__ == "__main__":
    port, second, connections = sys.argv[1:]
    chosen = argparse.Namespace(host="127.0.0.1", port=int(port), workers=1, connections=int(connections))
    bounds = Bounds(second=float(second), connections=int(connections))
    uvicorn.run(asgi.create(), **{**options(chosen), "http": partial(BoundedProtocol, patience=Patience(bounds))})

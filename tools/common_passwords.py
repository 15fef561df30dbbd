"""Makes the list of common passwords: `python tools/common_passwords.py passwords.json common-passwords.txt.gz`.

The first is from npm's `@zxcvbn-ts/language-common` (`npm pack`, then `src/passwords.json`), the second from Django
(`django/contrib/auth/`). Only what could be chosen at all is kept, in one spelling, sorted, so that the same sources
make the same bytes. `src/wicketgate/guesses/NOTICE` names their versions and must be kept true.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from wicketgate.core.fields import PASSWORD_MAX, PASSWORD_MIN
from wicketgate.core.quality import folded, predictable

TARGET = Path(__file__).parents[1] / "src" / "wicketgate" / "guesses" / "common.txt.gz"


def entries(zxcvbn: Path, django: Path) -> list[str]:
    """What both know, without what is refused anyway."""
    known = [*json.loads(zxcvbn.read_text()), *gzip.decompress(django.read_bytes()).decode().splitlines()]
    spelled = {folded(word.strip()) for word in known}
    return sorted(word for word in spelled if PASSWORD_MIN <= len(word) <= PASSWORD_MAX and not predictable(word))


def main() -> None:
    """Writes the list and says how long it is."""
    found = entries(*map(Path, sys.argv[1:3]))
    plain = "".join(f"\n{word}" for word in found) + "\n"
    TARGET.write_bytes(gzip.compress(plain.encode(), mtime=0))
    print(f"{len(found)} passwords, {len(plain.encode())} bytes, {TARGET.stat().st_size} compressed")


if __name__ == "__main__":
    main()

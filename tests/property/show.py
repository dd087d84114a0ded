"""``python -m tests.property.show SEED [CAUSE...]``: the world of a seed, and what sddoctor says about it."""

from __future__ import annotations

import sys

import yaml

from tests.in_process import judge
from tests.property.worlds import healthy


def main(seed: int, causes: list[str]) -> None:
    sketch = healthy(seed)
    if causes:
        from tests.property.faults import FAULTS, forget

        forget(sketch)
        for code in causes:
            next(f for f in FAULTS if f.code == code).inject(sketch)
    print(yaml.safe_dump(sketch.data, sort_keys=False, allow_unicode=True))
    print(", ".join(sketch.notes))
    print(judge(sketch.build()).in_words())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

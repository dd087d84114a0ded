"""Judging a saved case: the CPU time of ``diagnose`` in this process, for cases of 2 and of 200 tasks that serve."""

from __future__ import annotations

import time

from benchmarks.measure import Result, Row, spread
from sddoctor.diagnosis.diagnose import diagnose
from tests.unit.causes.ecs.ecs_case import service, task
from tests.unit.stations.path_case import a, denial, path_case

TARGET = "at most 5"


def measure(rounds: int) -> Result:
    """Diagnose a sound case, and one that nothing answers, ``rounds`` times each."""
    rows = []
    for count in (2, 200):
        tasks = tuple(task(n, addresses=(f"10.10.{n // 200}.{n % 200 + 1}",)) for n in range(1, count + 1))
        every = tuple(x for t in tasks for x in t.addresses)
        of = service(desired=count, running=count)
        sound = path_case(tasks, of=of, answered=every, vpc=a(*every[:8]), gets=every[:8])
        broken = path_case(tasks, of=of, answered=every, vpc=denial(), gets="not found")
        for what, case, verdict in (("sound", sound, "healthy"), ("without an answer", broken, "broken")):
            assert diagnose(case).verdict == verdict
            took = []
            for _ in range(rounds):
                began = time.process_time()
                diagnose(case)
                took.append((time.process_time() - began) * 1000)
            rows.append(Row(f"{count} tasks, {what}", "ms of CPU", spread(took), TARGET))
    return Result("Judging", f"In one process, {rounds} times each.", rows)

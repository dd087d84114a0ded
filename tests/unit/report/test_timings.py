from sddoctor.observe.timing import Timing
from sddoctor.report import timings


def test_calls_in_the_order_in_which_they_began() -> None:
    calls = [
        Timing("ecs:DescribeTasks", 2, 90, 3, 61, "ok"),
        Timing("dns @10.10.0.2\x1b[2J A", 1, 5, 0, 12, "NXDOMAIN"),
    ]
    assert timings.render("a.example", calls).splitlines() == [
        "Calls for a.example",
        "call                 round    began ms    wait ms    took ms  outcome",
        "dns @10.10.0.2 A         1           5          0         12  NXDOMAIN",
        "ecs:DescribeTasks        2          90          3         61  ok",
    ]


def test_nothing_was_called() -> None:
    assert timings.render("a.example", []) == "No calls were made for a.example.\n"

from sddoctor.observe.timing import Timing
from sddoctor.report import timings


def test_calls_in_the_order_in_which_they_began_and_what_they_waited_for() -> None:
    calls = [
        Timing("ecs:DescribeTasks", 2, 90, 3, 61, "ok"),
        Timing("ec2:DescribeVpcs\x1b[2J", 1, 5, 0, 12, "denied"),
        Timing("servicediscovery:DiscoverInstances", 1, 5, 0, 80, "ok"),
        Timing("sts:GetCallerIdentity", 1, 6, 0, 90, "ok"),
    ]
    assert timings.render("a.example", calls).splitlines() == [
        "Calls for a.example",
        "    call                                  round    began ms    wait ms    took ms  outcome",
        "    ec2:DescribeVpcs                          1           5          0         12  denied",
        "*   servicediscovery:DiscoverInstances        1           5          0         80  ok",
        "    sts:GetCallerIdentity                     1           6          0         90  ok",
        "*   ecs:DescribeTasks                         2          90          3         61  ok",
        "* critical path: 2 calls, 141 of 151 ms; the rest is local work",
    ]


def test_a_round_may_be_left_out_of_the_path() -> None:
    """A call of round 3 that also needed one of round 1 which ended last."""
    calls = [
        Timing("a", 1, 0, 0, 10), Timing("b", 2, 10, 0, 10), Timing("slow", 1, 0, 0, 100), Timing("c", 3, 100, 0, 5),
    ]  # fmt: skip
    assert [c.call for c in timings.critical_path(calls)] == ["slow", "c"]


def test_nothing_was_called() -> None:
    assert timings.render("a.example", []) == "No calls were made for a.example.\n"

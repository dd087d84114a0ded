import pytest

from sddoctor.case.seen import Seen
from sddoctor.lab import gallery
from sddoctor.lab.routes import route_to
from sddoctor.lab.world import Expect, WorldError
from sddoctor.observe.budget import Budget
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.host.source import open_root
from sddoctor.resolution.choose import choose

CAUSES = [
    "vpn-down",
    "split-dns-missing",
    "resolver-file-wrong-nameserver",
    "rebind-protection",
    "hosts-file-override",
    "zone-not-associated",
    "namespace-not-found",
    "service-not-found",
    "api-only",
    "service-not-attached",
    "service-scaled-to-zero",
    "tasks-not-starting",
    "health-check-failing",
    "stale-instance",
    "health-propagating",
    "srv-only",
]
HEALTHY = [
    "article",
    "healthy-linux",
    "healthy-srv",
    "healthy-many",
    "healthy-weighted",
    "healthy-deployment",
    "healthy-no-custom-health",
    "healthy-mixed-case-hosts",
]


def test_the_package_has_these_worlds():
    assert set(gallery.names()) >= {*CAUSES, *HEALTHY}


@pytest.mark.parametrize("name", gallery.names())
def test_a_world_says_what_is_to_be_found_in_it(name):
    world = gallery.find(name)
    assert world.title
    assert world.about
    healthy = world.expect.verdict == "healthy"
    assert not (world.expect.root_causes and world.expect.verdict in ("healthy", "inconclusive"))
    assert healthy or not name.startswith("healthy-")
    assert not set(world.expect.root_causes) & set(world.expect.also)


@pytest.mark.parametrize("name", gallery.names())
def test_a_host_can_be_read_without_a_gap(name, host):
    it = host(name)
    observer = HostObserver(it.state.world.name, open_root(it.root), Budget(30))
    facts = observer.facts()
    choice = choose(it.state.world.name, facts)
    assert isinstance(choice, Seen)
    assert isinstance(observer.addresses(), Seen)
    assert [look.final_dot for look in facts.lookups] == [False, True]
    assert all(isinstance(look.outcome, Seen) for look in facts.lookups)
    servers = tuple(dict.fromkeys([*it.files.named_servers(), *(s.address for s in choice.value.servers)]))
    routes = {r.destination: r.route for r in observer.routes(servers)}
    assert set(routes) == set(servers)
    for server, route in routes.items():
        assert isinstance(route, Seen), server
        if {f"ip route get {server}", f"route -n get {server}"} & it.state.world.host.commands.keys():
            continue  # the world records its own
        expected = route_to(it.state.world, server)
        assert route.value.kind == expected.kind, server
        assert route.value.interface == expected.interface or expected.kind == "local", server


def test_a_file_and_an_unknown_name(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("title: mine\n")
    assert gallery.find(str(path)).title == "mine"
    with pytest.raises(WorldError, match="lab list"):
        gallery.find("no-such-world")


def test_what_is_expected_is_never_taken_from_the_base(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("base: service-scaled-to-zero\ntitle: mine\n", encoding="utf-8")
    assert gallery.find(str(path)).expect == Expect()

"""The ECS side of a healthy world: task definitions, tasks, and deployments at every stage."""

from __future__ import annotations

from tests.property.sketch import Data, Sketch

PORT = 8080
_CHECK = {"command": ["CMD-SHELL", f"wget -q -O /dev/null http://127.0.0.1:{PORT}/health || exit 1"]}


def draw_definitions(sketch: Sketch) -> None:
    """Draw the task definition, in two revisions: one or several containers, with and without checks."""
    rng = sketch.rng
    family = sketch.ecs["task_definition"]
    main: Data = {"name": "app", "image": f"example/app:{rng.randrange(100)}", "port": PORT}
    if sketch.mode != "awsvpc" and rng.random() < 0.5:
        main["host_port"] = PORT
    if sketch.mode == "host":
        main["host_port"] = PORT
    containers = [main]
    checked = rng.random() < 0.7
    if checked:
        main["health_check"] = {**_CHECK, "interval": rng.choice((5, 10, 30)), "start_period": rng.choice((0, 30, 120))}
    sketch.note("checked" if checked else "unchecked")
    for number in range(rng.choice((0, 0, 1, 2))):
        sidecar: Data = {"name": f"sidecar-{number}", "image": "example/agent:3", "essential": rng.random() < 0.5}
        if rng.random() < 0.3:
            sidecar["health_check"] = {"command": ["CMD", "/agent", "health"]}
        if rng.random() < 0.3:
            sidecar["port"] = 9000 + number
        if checked and rng.random() < 0.2:
            sidecar["depends_on"] = {"app": "HEALTHY"}
        containers.append(sidecar)
        sketch.note(f"{'essential' if sidecar['essential'] else 'loose'} sidecar")
    rng.shuffle(containers)
    sketch.data["task_definitions"] += [
        {"family": family, "revision": revision, "network_mode": sketch.mode, "containers": containers}
        for revision in (6, 7)
    ]
    for container in containers:
        container.setdefault("essential", True)
    sketch.ecs["_checked"] = any(c["essential"] and "health_check" in c for c in containers)


def draw_hosts(sketch: Sketch) -> None:
    """Draw the container instances of a service on EC2; one of them may be draining."""
    if sketch.ecs["launch_type"] != "EC2":
        return
    hosts = [
        {
            "id": sketch.hex(32),
            "address": sketch.vpc.address(),
            "ec2_instance_id": f"i-0{sketch.hex(16)}",
        }
        for _ in range(sketch.rng.randrange(1, 5))
    ]
    if len(hosts) > 1 and sketch.chance(0.25):
        hosts[-1]["status"] = "DRAINING"
        sketch.note("draining host")
    sketch.cluster["container_instances"] = hosts


def draw_tasks(sketch: Sketch) -> None:
    """Draw the tasks, and the deployments that brought them."""
    rng = sketch.rng
    count = rng.choice((1, 1, 2, 2, 3, rng.randrange(4, 13), rng.randrange(4, 13), rng.randrange(13, 201)))
    if sketch.ecs["launch_type"] == "EC2" and sketch.mode == "host":
        count = min(count, len(sketch.cluster["container_instances"]))
    sketch.ecs["desired"] = count
    sketch.ecs["tasks"] = [_task(sketch, rng.uniform(900, 9e6)) for _ in range(count)]
    sketch.note(f"{count} tasks")
    stage = rng.choice((_steady, _steady, _rolling, _rolling, _rolled, _scaling_out, _scaling_in, _two_task_sets))
    if sketch.mode == "host" and stage in (_rolling, _scaling_out):
        stage = _steady  # the ports of the hosts are taken
    sketch.note(stage.__name__.strip("_"))
    stage(sketch)
    _history(sketch)
    del sketch.ecs["_checked"]


def _task(sketch: Sketch, started_ago: float | None, **more: object) -> Data:
    """Return one running task with what its network mode needs."""
    rng = sketch.rng
    task: Data = {"id": sketch.hex(32), "started_ago": started_ago, **more}
    if started_ago is not None:
        task["created_ago"] = started_ago + rng.uniform(15, 60)
    types = {r["type"] for r in sketch.service["records"]}
    if sketch.mode == "awsvpc":
        if types != {"AAAA"} or rng.random() < 0.5:
            task["address"] = sketch.vpc.address()
        if "AAAA" in types:
            task["ipv6"] = f"2406:da14:1:{rng.randrange(0xD000, 0xD0FF):x}::{rng.randrange(0x10, 0xFFFF):x}"
    if sketch.ecs["launch_type"] == "EC2":
        hosts = sketch.cluster["container_instances"]
        used = [t["container_instance"] for t in sketch.ecs.get("tasks", ())]
        free = [h["id"] for h in hosts if h["id"] not in used]
        task["container_instance"] = rng.choice(free if sketch.mode == "host" and free else [h["id"] for h in hosts])
    if sketch.mode == "bridge":
        task["containers"] = [{"name": "app", "host_port": rng.randrange(32768, 61000)}]
    return task


def _steady(sketch: Sketch) -> None:
    sketch.ecs["events"] = [
        {"message": f"(service {sketch.ecs['name']}) has reached a steady state.", "ago": sketch.rng.uniform(60, 600)}
    ]


def _starting(sketch: Sketch, age: float, *more_states: str) -> Data:
    """Return a task of that age on its way: not running yet, not judged yet, or running."""
    rng = sketch.rng
    state = rng.choice(("PROVISIONING", "PENDING", "ACTIVATING", "unjudged", "ready", "ready", *more_states))
    if state in ("PROVISIONING", "PENDING", "ACTIVATING"):
        return _task(sketch, None, created_ago=age, last_status=state, health="UNKNOWN")
    started = age * rng.uniform(0.3, 0.9)
    if state == "unjudged" and sketch.ecs["_checked"] and started < 100:
        return _task(sketch, started, health="UNKNOWN")
    if state == "propagating" and sketch.ecs["_checked"] and sketch.service["health"] == "custom" and started < 100:
        return _task(sketch, started, instance_health="UNHEALTHY", health_known=rng.random() < 0.7)
    if started < 40 and rng.random() < 0.3:
        return _task(sketch, started, registered=False)
    return _task(sketch, started)


def _rolling(sketch: Sketch) -> None:
    """A rolling deployment: every old task serves, and new ones are at every stage of their start."""
    rng, ecs = sketch.rng, sketch.ecs
    age = rng.uniform(20, 420)
    new = [
        _starting(sketch, age * rng.uniform(0.5, 0.95), "propagating")
        for _ in range(rng.randrange(1, min(ecs["desired"], 20) + 1))
    ]
    name = ecs["task_definition"]
    for task, (deployment, revision) in [(t, ("old", 6)) for t in ecs["tasks"]] + [(t, ("new", 7)) for t in new]:
        task["deployment"] = f"ecs-svc/{1 if deployment == 'old' else 2:019d}"
        task["task_definition"] = f"{name}:{revision}"
    ecs["deployments"] = [
        {
            "id": f"ecs-svc/{2:019d}",
            "created_ago": age,
            "rollout_state": "IN_PROGRESS",
            "task_definition": f"{name}:7",
            "desired": ecs["desired"],
            "running": sum(t.get("last_status") is None for t in new),
            "pending": sum(t.get("last_status") is not None for t in new),
        },
        {
            "id": f"ecs-svc/{1:019d}",
            "status": "ACTIVE",
            "created_ago": 86400 * 3,
            "task_definition": f"{name}:6",
            "desired": ecs["desired"],
            "running": len(ecs["tasks"]),
        },
    ]
    if sketch.chance(0.2):
        ecs["strategy"] = rng.choice(("BLUE_GREEN", "CANARY", "LINEAR"))
    ecs["tasks"] += new
    started = " ".join(f"(task {t['id']})" for t in new[:10])
    ecs["events"] = [
        {"message": f"(service {ecs['name']}) has started {len(new)} tasks: {started}.", "ago": age * 0.95}
    ]


def _rolled(sketch: Sketch) -> None:
    """A deployment that has just ended: the new tasks serve, the old ones are stopping or have stopped a moment ago."""
    rng, ecs = sketch.rng, sketch.ecs
    for task in ecs["tasks"]:
        task["started_ago"] = rng.uniform(130, 400)
        task["created_ago"] = task["started_ago"] + 30
        task["deployment"] = f"ecs-svc/{2:019d}"
    ecs["deployments"] = [
        {
            "id": f"ecs-svc/{2:019d}",
            "created_ago": 460,
            "rollout_state": rng.choice(("COMPLETED", "IN_PROGRESS")),
            "task_definition": f"{ecs['task_definition']}:7",
        }
    ]
    ecs["tasks"] += [_leaving(sketch) for _ in range(rng.randrange(1, min(ecs["desired"], 10) + 1))]
    _steady(sketch)


def _leaving(sketch: Sketch) -> Data:
    rng = sketch.rng
    since = rng.uniform(3, 60)
    task = _task(sketch, rng.uniform(90000, 900000), desired_status="STOPPED", stopping_ago=since)
    task |= {
        "deployment": f"ecs-svc/{1:019d}",
        "stop_code": "ServiceSchedulerInitiated",
        "stopped_reason": f"Scaling activity initiated by (deployment ecs-svc/{2:019d})",
    }
    state = rng.choice(("RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED"))
    task["last_status"] = state
    if state == "RUNNING":
        task["registered"] = rng.random() < 0.5
    if state == "STOPPED":
        task |= {"stopped_ago": since * 0.5, "health": "UNKNOWN"}
    return task


def _scaling_out(sketch: Sketch) -> None:
    """More tasks are wanted than a moment ago."""
    rng, ecs = sketch.rng, sketch.ecs
    more = [_starting(sketch, rng.uniform(5, 200)) for _ in range(rng.randrange(1, 6))]
    ecs["tasks"] += more
    ecs["desired"] += len(more)
    _steady(sketch)
    ecs["events"].append({"message": f"(service {ecs['name']}) has started {len(more)} tasks.", "ago": 50})


def _scaling_in(sketch: Sketch) -> None:
    """Fewer tasks are wanted than a moment ago."""
    sketch.ecs["tasks"] += [_leaving(sketch) for _ in range(sketch.rng.randrange(1, 4))]
    _steady(sketch)


def _two_task_sets(sketch: Sketch) -> None:
    """Blue/green with task sets: both colours are registered, as an external controller or CodeDeploy leaves them."""
    rng, ecs = sketch.rng, sketch.ecs
    registries, ecs["registries"] = ecs["registries"], []
    ecs["controller"] = rng.choice(("EXTERNAL", "CODE_DEPLOY"))
    both = sketch.chance(0.7)
    names = ("blue", "green") if both else ("blue",)
    ecs["task_sets"] = [
        {
            "id": f"ecs-svc/{name}",
            "external_id": name if ecs["controller"] == "EXTERNAL" else f"d-{name}",
            "status": "PRIMARY" if name == "blue" else "ACTIVE",
            "created_ago": 86400 if name == "blue" else 1500,
            "task_definition": f"{ecs['task_definition']}:{6 if name == 'blue' else 7}",
            "registries": registries,
        }
        for name in names
    ]
    for task in ecs["tasks"]:
        task["deployment"] = "ecs-svc/blue"
    if both:
        green = [_task(sketch, rng.uniform(300, 1400), deployment="ecs-svc/green") for _ in range(ecs["desired"])]
        if sketch.mode != "host":
            ecs["tasks"] += green
    ecs["running"] = len(ecs["tasks"])


def _history(sketch: Sketch) -> None:
    """Add tasks that stopped long enough ago: scaled away, or one that failed before the service was steady again."""
    rng = sketch.rng
    if rng.random() < 0.6:
        return
    stopped = rng.uniform(700, 3300)
    reasons = (
        ("ServiceSchedulerInitiated", "Scaling activity initiated by (deployment ecs-svc/1)"),
        ("EssentialContainerExited", "Essential container in task exited"),
        ("UserInitiated", "Task stopped by user"),
        ("SpotInterruption", "Your Spot Task was interrupted."),
    )
    code, reason = rng.choice(reasons)
    task = _task(sketch, stopped + rng.uniform(100, 90000))
    task |= {
        "last_status": "STOPPED",
        "desired_status": "STOPPED",
        "health": "UNKNOWN",
        "stopping_ago": stopped + 30,
        "stopped_ago": stopped,
        "stop_code": code,
        "stopped_reason": reason,
    }
    sketch.ecs["tasks"].append(task)
    sketch.note("history")

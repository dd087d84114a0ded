"""Places in clusters, in clouds and in CI: what each is, and what forwards for it."""

from __future__ import annotations

from tests.product_files import AMAZON, DMI, ENGINE, ID, POD, TOKEN, Place, conf

CLOUDS: dict[str, Place] = {
    "kubeadm": (
        conf(POD.format("10.96.0.10"), **{TOKEN: "web"}),
        "eth0 10.244.1.7/24",
        "pod (Kubernetes)",
        "the DNS of the cluster",
    ),
    "pod without a token, of a cluster with a domain of its own": (
        conf("search a.svc.k8s.corp svc.k8s.corp k8s.corp\nnameserver 172.20.0.10\noptions ndots:5\n"),
        "eth0 10.42.0.7/24",
        "pod (Kubernetes)",
        "the DNS of the cluster",
    ),
    "pod with its node's servers": (
        conf("nameserver 192.168.178.1\n", **{"etc/hosts": "# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n"}),
        "eth0 192.168.178.5/24",
        "pod (Kubernetes)",
        None,
    ),
    "eks": (
        conf(POD.format("172.20.0.10"), **{TOKEN: "web", f"{DMI}/sys_vendor": "Amazon EC2\n"}),
        "eth0 10.10.3.7/20",
        "pod (Kubernetes) in instance (Amazon EC2)",
        "the DNS of the cluster",
    ),
    "node with a cache": (
        conf("nameserver 169.254.25.10\n"),
        "eth0 10.1.2.3/24, nodelocaldns 169.254.25.10/32",
        "node (Kubernetes)",
        None,
    ),
    "k3s server": ({"etc/rancher/k3s/k3s.yaml": ""}, "eth0 10.1.2.3/24", "node (Kubernetes)", None),
    "nitro instance": (
        conf("nameserver 10.10.0.2\n", **{f"{DMI}/sys_vendor": "Amazon EC2\n", f"{DMI}/board_asset_tag": "i-0abc\n"}),
        "ens5 10.10.4.77/24",
        "instance (Amazon EC2)",
        None,
    ),
    "xen instance": ({"sys/hypervisor/uuid": "ec2e1916-9099-7caf-fd21-012345abcdef\n"}, "", "instance (Amazon EC2)", None),
    "azure": (
        conf("nameserver 168.63.129.16\n", **{f"{DMI}/chassis_asset_tag": "7783-7084-3265-9085-8269-3286-77\n", f"{DMI}/product_name": "Virtual Machine\n"}),
        "eth0 10.1.0.4/24",
        "virtual machine (Azure)",
        None,
    ),
    "google cloud": (
        conf("nameserver 169.254.169.254\n", **{f"{DMI}/sys_vendor": "Google\n"}),
        "ens4 10.128.0.3/32",
        "virtual machine (Google Cloud)",
        None,
    ),
    "pod by its control group": (
        conf("nameserver 192.168.178.1\n", **{"proc/1/cgroup": f"11:memory:/kubepods/besteffort/pod4c1f-9c/{ID}\n"}),
        "eth0 192.168.178.5/24",
        "pod (Kubernetes)",
        None,
    ),
    "openshift": (
        conf(POD.format("172.30.0.10"), **{TOKEN: "web", TOKEN.replace("namespace", "service-ca.crt"): "x"}),
        "eth0 10.128.2.7/23",
        "pod (OpenShift)",
        "the DNS of the cluster",
    ),
    "aks": (
        conf("search a.svc.cluster.local svc.cluster.local cluster.local x1y2.hx.internal.cloudapp.net\nnameserver 10.0.0.10\noptions ndots:5\n"),
        "eth0 10.244.0.7/24",
        "pod (Kubernetes) in virtual machine (Azure)",
        "the DNS of the cluster",
    ),
    "task by its control group": (
        conf("nameserver 10.10.0.2\n", **{"proc/1/cgroup": "1:name=systemd:/ecs/5d1b2f2e4f6a4d7e9a0b1c2d3e4f5a6b/5d1b-2531612879\n"}),
        "eth1 10.10.4.77/24",
        "task (Amazon ECS)",
        None,
    ),
    "task of docker by its control group": (
        conf(f"{ENGINE}nameserver 10.10.0.2\n", **{".dockerenv": "", "proc/1/cgroup": f"0::/ecstasks-5d1b.slice/docker-{ID}.scope\n"}),
        "eth0 172.17.0.2/16",
        "task (Amazon ECS)",
        None,
    ),
    "function by its runtime": (
        conf("nameserver 10.10.0.2\n", **{"var/runtime/bootstrap": "", "proc/version": AMAZON}),
        "",
        "function (AWS Lambda)",
        None,
    ),
    "image of a function on an instance": (
        {"var/runtime/bootstrap": "", "proc/version": AMAZON, ".dockerenv": "", f"{DMI}/sys_vendor": "Amazon EC2\n"},
        "eth0 172.17.0.2/16",
        "container (Docker) in instance (Amazon EC2)",
        None,
    ),
    "instance by cloud-init": (
        conf("nameserver 10.10.0.2\n", **{"run/cloud-init/cloud-id": "aws\n"}),
        "ens5 10.10.4.77/24",
        "instance (Amazon EC2)",
        None,
    ),
    "google cloud by its other path": (
        conf("nameserver 169.254.169.254\n", **{"sys/class/dmi/id/product_name": "Google Compute Engine\n"}),
        "ens4 10.128.0.3/32",
        "virtual machine (Google Cloud)",
        None,
    ),
    "runner of github": (
        conf("nameserver 127.0.0.53\n", **{"home/runner/work/_temp/x": "", "opt/hostedtoolcache/x": "", "proc/1/cgroup": "0::/init.scope\n",
                "commands/resolvectl_status": "Global\n\nLink 2 (eth0)\n    Current Scopes: DNS\nDNS Servers: 168.63.129.16\n"}),
        "eth0 10.1.0.4/20",
        "CI runner (GitHub Actions) in virtual machine (Azure)",
        None,
    ),
    "hosted runner of another": ({"opt/hostedtoolcache/x": ""}, "eth0 10.1.0.4/20", "CI runner", None),
    "amazon linux in the office": (
        {"proc/version": AMAZON, f"{DMI}/sys_vendor": "VMware, Inc.\n"},
        "eth0 192.168.178.61/24",
        "virtual machine (VMware)",
        None,
    ),
}  # fmt: skip

"""The script that ``sddoctor probe`` prints.

It runs in any POSIX shell (busybox ash, dash, bash) with whatever tools are installed. It only reads, and prints no
values of environment variables. As a here-document it can be pasted into any interactive shell; for the same reason
there is no tab (completion) and no exclamation mark (history) in it.
https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sddoctor.case.dns import PUBLIC_NAME, Server
from sddoctor.case.name import BadNameError, parse_name

#: The header of the output; the version changes when older readers cannot read it any more.
FORMAT = "sddoctor.probe"
VERSION = 1
#: The most servers that are queried, those of ``--nameserver`` first.
MOST_SERVERS = 8
_ADDRESS = re.compile(r"[0-9a-fA-F.:]+")

_SCRIPT = r"""sh <<'SDDOCTOR_PROBE_ENDS'
# sddoctor probe: reads resolver settings and asks name servers for one name. It changes nothing.
name='@NAME@' given='@GIVEN@' PATH="$PATH:/usr/sbin:/sbin" LC_ALL=C
export PATH LC_ALL
set -f
has() { command -v "$1" >/dev/null 2>&1; }
cr=$(printf '\r')
if has sed && has cat; then :; else echo 'sddoctor probe: sed and cat are missing here.' >&2; exit 1; fi
quoted() { printf '%s\n' "$1" | sed -e 's/%/%25/g' -e "s/$cr/%0D/g" -e 's/^/|/'; }
file() {
  for f in "$@"; do
    if [ -f "$f" ] && [ -r "$f" ]; then
      printf '@file %s\n' "$f"; quoted "$(dd bs=1024 count=64 2>/dev/null <"$f")"; echo @end
    elif [ -e "$f" ]; then printf '@unreadable %s\n' "$f"
    else printf '@nofile %s\n' "$f"; fi
  done
}
run() {
  if has "$1"; then
    out=$("$@" 2>&1 </dev/null); status=$?
    printf '@run %s\n' "$*"; quoted "$out"; echo "@end $status"
  else printf '@notool %s\n' "$*"; fi
}
only() {
  pattern=$1; shift
  if has "$1"; then
    out=$("$@" 2>&1 </dev/null | sed -n -E "/$pattern/p")
    printf '@run %s\n' "$*"; quoted "$out"; echo '@end 0'
  else printf '@notool %s\n' "$*"; fi
}
if has dig; then tool=dig; elif has host; then tool=host; elif has nslookup; then tool=nslookup; else tool=none; fi
question() {
  s=${1%#*} p=${1#*#}
  case $tool/$3 in
    dig/udp) dig +tries=1 +time=2 +ignore +bufsize=1232 -p "$p" "@$s" -q "$4." -t "$2" ;;
    dig/plain) dig +tries=1 +time=2 +ignore +noedns -p "$p" "@$s" -q "$4." -t "$2" ;;
    dig/tcp) dig +tries=1 +time=2 +tcp +bufsize=1232 -p "$p" "@$s" -q "$4." -t "$2" ;;
    dig/dnssec) dig +tries=1 +time=2 +ignore +bufsize=1232 +dnssec +cdflag -p "$p" "@$s" -q "$4." -t "$2" ;;
    host/udp) host -v -W 2 -R 1 -p "$p" -t "$2" "$4." "$s" ;;
    host/tcp) host -v -W 2 -R 1 -T -p "$p" -t "$2" "$4." "$s" ;;
    nslookup/udp) nslookup "-type=$2" -timeout=2 -retry=1 "-port=$p" "$4." "$s" ;;
    *) return 1 ;;
  esac
}
ask() {
  if out=$(question "$@" 2>&1 </dev/null) || [ -n "$out" ] || [ $tool/$3 = none/udp ]; then
    printf '@dns %s %s %s %s %s\n' "$tool" "$@"; quoted "$out"; echo @end
  fi
}
questions() {
  ask "$1" A udp "$name"
  case $out in
    *'timed out'* | *'no servers'* | *nreachable* | *'onnection refused'* | '')
      ask "$1" A udp "$name"; ask "$1" A plain "$name"; ask "$1" A tcp "$name"; return ;;
  esac
  first=$out
  ask "$1" A udp "$name"; ask "$1" AAAA udp "$name"; ask "$1" A tcp "$name"
  case $name in _*) ask "$1" SRV udp "$name" ;; esac
  case $first in
    *'ANSWER: 0'* | *"can't find"* | *SERVFAIL* | *REFUSED* | *'No answer'*)
      ask "$1" SOA udp "$name"; ask "$1" TXT udp "$name"; ask "$1" A dnssec "$name"
      ask "$1" A udp @PUBLIC@ ;;
  esac
}
printf '@FORMAT@/%s begin %s %s %s\n' @VERSION@ "$name" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(uname -n 2>/dev/null)"
for s in $given; do echo "@given $s"; done
run uname -s
if [ -n "$ECS_CONTAINER_METADATA_URI_V4$ECS_CONTAINER_METADATA_URI$AWS_EXECUTION_ENV" ]; then aws=1; else aws=; fi
case $(cat /sys/devices/virtual/dmi/id/sys_vendor 2>/dev/null) in 'Amazon EC2'*) aws=1 ;; esac
if [ -n "$aws" ]; then echo '@mark aws'; fi
for f in /.dockerenv /run/.containerenv /var/run/secrets/kubernetes.io/serviceaccount/namespace \
  /var/run/secrets/kubernetes.io/serviceaccount/service-ca.crt /dev/termination-log /etc/kubernetes/kubelet.conf \
  /etc/rancher/k3s/k3s.yaml /run/lima-boot-done /dev/.cros_milestone /dev/lxd/sock /dev/incus/sock /run/.toolboxenv \
  /etc/profile.d/distrobox_profile.sh /workspaces/.codespaces /vscode/vscode-server /__e /home/runner/work/_temp \
  /opt/hostedtoolcache /var/runtime/bootstrap /proc/sys/fs/binfmt_misc/WSLInterop; do if [ -e "$f" ]; then echo "@mark exists $f"; fi; done
for m in KUBERNETES_SERVICE_HOST= ECS_CONTAINER_METADATA_URI_V4= AWS_EXECUTION_ENV= AWS_EXECUTION_ENV=AWS_ECS_FARGATE \
  AWS_EXECUTION_ENV=AWS_ECS_EC2 AWS_LAMBDA_FUNCTION_NAME= CODESPACES= REMOTE_CONTAINERS= GITHUB_ACTIONS= GITLAB_CI= CI= \
  WSL_DISTRO_NAME=rancher-desktop; do
  eval "v=\${${m%%=*}}" w=${m#*=}
  if [ -n "$v" ] && { [ -z "$w" ] || [ "$v" = "$w" ]; }; then echo "@mark variable $m"; fi
done
v=
for t in dnsmasq nmcli resolvconf resolvectl systemctl unbound; do if has $t; then echo "@mark program $t"; fi; done
d=/sys/devices/virtual/dmi/id
file $d/sys_vendor $d/product_name $d/bios_vendor $d/board_asset_tag $d/chassis_asset_tag $d/chassis_type
file /sys/hypervisor/uuid /run/cloud-init/cloud-id /run/systemd/container /run/host/container-manager /etc/hostname
file /proc/version /proc/sys/kernel/osrelease /proc/1/cgroup /proc/self/cgroup
# Of the mounts only the root and what lies over the files of the image.
mounted=$(sed -n -E '/^([^ ]+ ){4}(\/|\/etc\/(resolv.conf|hosts|hostname)) /p' /proc/self/mountinfo 2>/dev/null)
if [ -n "$mounted" ]; then printf '@file /proc/self/mountinfo\n'; quoted "$mounted"; echo @end; fi
case $(cat /proc/version 2>/dev/null) in
  *icrosoft*) file /etc/wsl.conf; set +f; file /mnt/c/Users/*/.wslconfig; set -f; run wslinfo --networking-mode ;;
esac
file /etc/resolv.conf /etc/hosts /etc/nsswitch.conf /etc/os-release /etc/alpine-release /etc/mdns.allow
file /run/nscd/nscd.pid /etc/nscd.conf
set +f
for f in /lib/ld-musl-*; do if [ -e "$f" ]; then echo '@mark musl'; fi; done
file /sys/class/net/*/type /sys/class/net/*/uevent /sys/class/net/*/tun_flags
set -f
run ldd --version
run getent ahosts "$name"
run getent ahosts "$name."
run resolvectl --json=short status
case $out in *'nrecognized option'* | *'nknown option'*) run resolvectl status ;; esac
if ip -brief address >/dev/null 2>&1; then run ip -brief address; else file /proc/net/fib_trie /proc/net/if_inet6; fi
# Of what runs only VPN clients, and of a VPN client only its name servers.
clients='ailscale|etbird|erotier|wingate|[Ww]arp|WARP|PanGP|GlobalProtect|isco|orti|scaler|ord[Ll]ayer'
only "$clients|pen[Vv][Pp][Nn]|VPN|ACVC|unnelblick|ire[Gg]uard" ps -axo comm
run tailscale dns status
only '^Nameservers:| for .* is ' netbird status -d
run ip route
if has ip; then run ip -6 route; else file /proc/net/route; fi
if [ "$(uname -s)" = Darwin ]; then
  run scutil --dns; run scutil --nc list; run systemextensionsctl list; run sw_vers
  run ifconfig; run netstat -rn -f inet; run dscacheutil -q host -a name "$name"
  set +f; file /etc/resolver/*; set -f
fi
listed=$(sed -n 's/^nameserver[[:space:]]\{1,\}\([0-9a-fA-F.:]\{1,\}\)[[:space:]]*$/\1#53/p' /etc/resolv.conf 2>/dev/null)
case " $(echo $listed) " in '  ' | *' 127.'* | *' ::1#'*)
  # The forwarder on this host: what runs, by the same network, and what it reads.
  own=$(readlink /proc/self/ns/net 2>/dev/null)
  set +f
  for p in /proc/[0-9]*; do
    c=; read -r c 2>/dev/null <"$p/comm"
    case $c in dnsmasq | pihole-FTL | unbound | named | coredns) ;; *) continue ;; esac
    its=$(readlink "$p/ns/net" 2>/dev/null)
    case $its in '' | "$own") ;; *) continue ;; esac
    file "$p/cgroup"
    printf '@file %s\n' "$p/cmdline"; quoted "$(tr '\0' '\n' 2>/dev/null <"$p/cmdline")"; echo @end
  done
  file /proc/self/cgroup /etc/dnsmasq.conf /etc/dnsmasq.d/* /etc/default/dnsmasq /etc/conf.d/dnsmasq
  file /etc/NetworkManager/NetworkManager.conf /etc/NetworkManager/conf.d/* /etc/NetworkManager/dnsmasq.d/*
  file /usr/lib/NetworkManager/conf.d/* /run/NetworkManager/conf.d/* /run/NetworkManager/no-stub-resolv.conf
  file /etc/unbound/unbound.conf /etc/unbound/unbound.conf.d/* /etc/unbound/conf.d/* /etc/unbound/local.d/*
  set -f ;;
esac
linked=$(resolvectl dns 2>/dev/null </dev/null | tr ' ' '\n' | sed -n 's/^\([0-9a-fA-F:]*[.:][0-9a-fA-F.:]*[0-9a-fA-F]\)$/\1#53/p')
scoped=$(scutil --dns 2>/dev/null </dev/null | sed -n 's/.*nameserver\[[0-9]*\] : \([0-9a-fA-F.:]*\)$/\1#53/p')
asked=' ' count=0
for s in $given ${listed:-127.0.0.1#53} $linked $scoped ${aws:+169.254.169.253#53}; do
  case $asked in *" $s "*) continue ;; esac
  if [ $count -ge @MOST@ ]; then break; fi
  asked="$asked$s " count=$((count + 1))
  if [ "$(uname -s)" = Darwin ]; then run route -n get "${s%#*}"; else run ip route get "${s%#*}"; fi
  questions "$s"
done
echo '@FORMAT@/@VERSION@ end'
SDDOCTOR_PROBE_ENDS
"""


def script(name: str, nameservers: Sequence[Server] = ()) -> str:
    """Return the script for a name. Raises :class:`BadNameError` for a name or address that it cannot contain.

    Only letters, digits, dots, hyphens, underscores and, in addresses, colons are inserted: nothing that a shell
    interprets, quoted or not.
    """
    name = parse_name(name)
    if name.startswith("-"):
        raise BadNameError(f"'{name}' begins with a hyphen: programs would take it for an option.")
    for server in nameservers:
        if not _ADDRESS.fullmatch(server.address):  # a zone (fe80::1%en0) may hold any character
            raise BadNameError(f"'{server.address}' is an address of one link only; a probe asks none such.")
    given = " ".join(f"{s.address}#{s.port:d}" for s in nameservers[:MOST_SERVERS])
    values = {
        "@NAME@": name,
        "@GIVEN@": given,
        "@PUBLIC@": PUBLIC_NAME,
        "@FORMAT@": FORMAT,
        "@VERSION@": str(VERSION),
        "@MOST@": str(MOST_SERVERS),
    }
    text = _SCRIPT
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text

"""Words that identify nobody: those of AWS's messages, of sddoctor's own texts, of resolvers and shells.

In free text every other word is replaced, so a word that is missing here costs only readability.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: In lower case. Those of resolv.conf's options must be among them: which server is asked depends on them.
ORDINARY = _words(
    """
a aaaa able aborted about above absent accepts access account accounts action activatable active activity
adapter additional addr address addresses addrfamily adds after again agent agents ahosts ai alias aliases all
allow allows along alpine although always am amazon amazonaws amazonlinux among an anchor and another answer
answered answers any anycast apigateway append apple appropriate arch are area argument arn arns arpa as ascii
ash aside ask asked asks asset associated association associations assume at attachment attachments attempt
attempted attempts attribute attributes attributevalue auth authentication authoritative authority authorization
authorized auto autodefined automatic automatically autoscaling availability available awdl aws awsdns awsvpc b
bad bak balancer bandwidth base based bash be because become been before begin beginning begins behind belongs
below best better between bin binary bindings blackhole blank blanks block bookworm booted both boto bottom
bound box br break bridge brief broadcast bs budget bufsize build bullseye bundle buster busybox but by byte
bytes c ca cachedb caller came can cannot canonical canonname capacity carriage case cases cat cdflag centos
central certificate changes character characters check checks cidr circle circuit class client clients closed
closest cloud cloudformation cloudmap cluster clusters cmd cname code cold colors column com come command
commands comment commits compat complete completed completes compressed concurrent condition conf config configd
configuration configurations configured connect connected connection connections connectivity connman
consistently consulted contact contain container containers contains continue control controller converged copy
cost could count covers cpu cr crash create created creation credential credentials critical cs cscotun curl
current custom cygwin d daemon damaged darwin dash data date day days dd deactivating debian debug default
definition definitions delegation delete deleted demand denied deny depends deploy deploying deployment
deployments deprovisioning depth deregister deregistered deregistering describe description desired desktop
destination detail details deviate devices dhclient dhcp dhcpcd did died dig dir direct direction directly
directory disabled disconnected discover discovery disk dist distroless dkr dmi dname dns dnsmasq dnssec dnstap
do docker does doing domain domains done dot dots down dpkg drain drained draining drivers dscacheutil due dumps
during dynamodb e each eai east ec echo ecr ecs edge edns effect effective either elapsed elastic
elasticloadbalancing elb elbv elif eligible else elsewhere empty en enable enabled encoded encountered end ended
endpoint endpoints ends engine eni eno enough enp ens ensure entries entry env epoch eq errno error errors esac
essential etc eth ethernet ethers evaluate event events every everything exceeded except exception exceptions
exe exec execution exhausted exists exit exited expect expected expired export ext external extservers f fa fact
fail failed failure failures fallback family fargate faults fc fd fe fec fetch feth fi fib file files fill final
find finished firewall first fit fixed flags follow follows for format forward forwarder forwards found
foundation free from frozen full g gateway ge generated generation get getaddrinfo getattr getent gets give
given gives glibc global globalaccelerator glued gnu gnueabi gnueabihf go gov gpd grace gre grep group groups
grs gshadow h handed has have header health healthcheck healthy held here high hint hold home host hosted
hostedzone hostmaster hostname hostnames hosts hour hours how http https hypervisor hyphen i iam id idea
identifier identity idle ids if ifconfig ignore image impaired import in inactive inbound incomplete index inet
information infrastructure initgroups initialization initiated insecure inspect installed instance instances
instead insufficient interactive interface interfaces internal internationalised internet interpret interpreter
interval intervention into invalid io ip ipconfig ipip ips ipsec ipv is isready it iterator its itself j job
json judged just k keep keeps key keys keyword keywords killed killing kms know known knows l label lambda lan
language large last latency later latest launch launched lc ld ldd leading leads least leaves left less level
lib libc libnss lifecycle likely limit line lines link linked links linux list listed lists little live llmnr
llw lo load loaded local localhost login logs long longer longest look looked looks lookup lookups loopback
loose low lower lxc m mac machine macos made main maintenance make makes malformed man managed manager manifest
manual many map mappings maps mark mask match matches matching matter max maximum may mdns mean mechanism mem
memory merge message met metadata method metric mi min minimal minimum minute minutes missing mnt mode module
more most mount much multi multicast musl must mx n name named names nameserver nameservers namespace namespaces nat ndots
needed needs negative neither net netgroup netif netmask netstat network networkmanager networks never new newer
next nexthop nginx no nobody nodata noedns noerror nofile non noname nonblock none nor north northeast northwest
not note notfound nothing notice notool nrpt ns nslookup nss nsswitch nstld nta null number numeric nxdomain o
object octal of off ok on once one only oom opaque opcode open openvpn operation operations opt option options
or order origin os other others out outofmemory output outside over override overrides owner owners owning owns p pager
pages parse parser part partial passwd path pause payload peer pending percent perform period permanent
permission permissions permissive permit php ping place placed placement plain platform please policy pool port
ports possible power powershell ppp pptp prefix prefixes prefixlen previously primary principal print printed
printf prior priority private probe probes problem proc process processes product profile profiles program
programs progress prohibit properties protocol protocols provided provision provisioning proxy pseudo ptr public
publickey published pull pulled pulling push pv python q qtype queries query question questions quick quota
quoted r range ranges rate rather rb rds reach reachability reachable reached reaches read readable reads ready
reason rebalance rebind receive received recent recently record recorded records recover redacted redirect
reduce ref refuse refused reg region register registered registers registries registry regular reject related
release remain remaining remote remove removed replace replaced replacement replaces report request requested
requests required requirements reserved reset resolution resolv resolvconf resolve resolvectl resolved resolver
resolvers resource resources respond responded responding responds response rest restart restarted restarting
result resume retain retried retries retrieval retry return returned revert review revision right rn role roll
rollback rolled rolling rollout rollouts root route routes routing row rpc rr rslvr rule rules run running runs
s safe same save saved say sbin scale scaled scaling schedule scheduled scheduler scheme scope scoped scopes
script scutil sddoctor search sec second seconds secrets secretsmanager section security sed see seen sees self
send sends sent separate server servers servfail service servicediscovery services serving session set sets
setting settings several sh shadow shell should show shown shows shut shutdown sid sig sigkill sign signature
sigterm since sit size skips sleep slim slow small snapshot so soa sock socket software soon sortaddr sortlist
sound source south southeast southwest space specific split spot src srv ssl ssm sso stable standard stands
start started starting startswith startup state statement static status stay steady stop stopped stopping
strategy stream strerror sts stub stuck subnet subnets success successful successfully such sudo sufficient
summaries summary supplemental support supported surrogateescape suspend svc sw swap symbolic sys system systemd
systemroot sz t table tag tags tailscale take taken tap target targets task tasks tc tcp temporary terminate
terminated terminating termination test text than that the their them then there these they thing this thread
three throttle throttled throttling throw time timed timeout timeouts timing tls tmp tnl to today together token
too tool top total tp tr traffic transient transit trie tried tries trigger triggered troubleshooting true
truncated trust trusted try tryagain ttl tun tunnel turn two txt type types u ubuntu udp unable uname
unauthenticated unauthorized unavail unbound unchanged under understood unexpected unhealthy unicast unicode
unknown unpacks unreachable unreadable unrecognized unreliable until unused up update updated updates upgrade
uplink upon ups uri url urls use used user users usr utf utun uuid v val valid validation validator value values
var vcpu vendor verify verisign vers version versions veth via view views virbr virtual vmnet volume vp vpc vpcs
vpn vpns vti w wait waiting walks wanted warm warning was watch way weight weighted well were west wg wget what
where which who whois whole whose wi will win windows wins with within without wl wlan wlp word work working
would write writes written wrong wrote wsl wt x xfrm y year yes yields you your z za zcctun zero zonal zone zones
cloudflarewarp netbird sdwan warp wireguard kubernetes nscd metrics short
ad bytestring dotint nocheck reload reopen rotate single strict tld vc
"""
)

#: Last labels of domains, kept as they are: judgement depends on some (``local``), and they are nobody's.
LAST_LABELS = _words(
    """
ai app arpa biz cloud co com corp dev edu eu example gov home info int internal intranet invalid io lan local
localdomain localhost mil net onion online org private site tech test uk us
"""
)

#: Labels that stay wherever they are in a domain, so that it still ends in, or goes on from, what it did.
ANY_LABELS = _words("_tcp _udp svc internal local lan com net org conf bak")

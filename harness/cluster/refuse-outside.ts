/** k3s's defaults, and our own node's: the addresses of pods and of Services. */
const clusterNetworks = ["10.42.0.0/16", "10.43.0.0/16"];

/** An address of TEST-NET-1 (RFC 5737): nobody has it. */
const nobody = "192.0.2.1";

/** A port of the node on which nobody listens (tcpmux, RFC 1078, which nobody speaks). */
const closedPort = 1;

/** Where the kernel shows who was refused what: a table for each of tcp, udp and other, `refused-<protocol>`. */
export const refusedTables = "/proc/net/ipt_hashlimit";

/** How often the same address is counted for the same asker. From 25 on the kernel's 64 bits could overflow at 1/hour. */
export const mostCounted = 20;

/**
 * A table with a line for each asker, address and port. The match limits nothing: it stands in rules without a target, for the
 * sake of what it remembers, since it is the only memory of whole connections that kernels, Debian's iptables and k3s's
 * have in common. A line goes a day after it was last asked for; one attempt an hour is forgotten.
 */
const remembering = [
  `-m hashlimit --hashlimit-upto 1/hour --hashlimit-burst ${mostCounted}`,
  "--hashlimit-mode srcip,dstip,dstport --hashlimit-htable-max 65536",
  "--hashlimit-htable-expire 86400000 --hashlimit-htable-gcinterval 3600000 --hashlimit-name",
].join(" ");

/**
 * What a node does with connections of its own and of its pods to where nobody of the run is: the internet, the house's network, a
 * cloud's metadata, this machine's other addresses. Without it they end in silence, or on this machine.
 *
 * It turns them to the node itself, where nobody listens and the kernel refuses at once; what has no ports goes to an address that
 * the node's routes prohibit. In the table nat, for that only sees the first packet of a connection, never an answer, and nobody
 * else decides there about addresses outside. In filter a rule of ours would come too late: k3s's network policies
 * accept what each pod may do before it.
 */
const script = `set -eu
routes=$(ip -4 route)

# Without a gateway the node reaches what is on its own network: other nodes, the mirror, the stand-ins.
inside() {
  printf '%s\\n' ${clusterNetworks.join(" ")}
  echo "$routes" | while read -r network way; do
    case "$network $way" in default*|*" via "*) ;; *) echo "$network" ;; esac
  done
}

rules() {
  echo '*nat'
  echo ':HARNESS-OUTSIDE - [0:0]'
  inside | while read -r network; do echo "-A HARNESS-OUTSIDE -d $network -j RETURN"; done
  for kind in LOCAL BROADCAST MULTICAST; do echo "-A HARNESS-OUTSIDE -m addrtype --dst-type $kind -j RETURN"; done
  for protocol in tcp udp; do
    [ -z "$1" ] || echo "-A HARNESS-OUTSIDE -p $protocol $1 refused-$protocol"
    echo "-A HARNESS-OUTSIDE -p $protocol -j REDIRECT --to-ports ${closedPort}"
  done
  [ -z "$1" ] || echo "-A HARNESS-OUTSIDE $1 refused-other"
  echo '-A HARNESS-OUTSIDE -j DNAT --to-destination ${nobody}'
  echo '-A PREROUTING -j HARNESS-OUTSIDE'
  echo '-A OUTPUT -j HARNESS-OUTSIDE'
  echo 'COMMIT'
}

# The container's engine has rules of its own there, for DNS.
load() { rules "$1" | iptables-restore --wait --noflush; }

ip route replace prohibit ${nobody}
load '${remembering}' && exit
echo 'addresses outside are refused, but not remembered: this kernel has no xt_hashlimit' >&2
load ''
`;

/** Runs at each start of a node, since its network is a new one each time. */
export const refuseOutside = { target: "/etc/rancher/k3s/refuse-outside.sh", content: script };

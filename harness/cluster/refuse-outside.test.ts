import { chmod, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { privateEnvironment } from "../engine/index.ts";
import { mayOpenMachine } from "../machine/test-machine.ts";
import { refuseOutside } from "./refuse-outside.ts";
import { keepRefused, refusedAddresses } from "./refused-addresses.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "outside-"));
  await writeFile(join(dir, "refuse-outside.sh"), refuseOutside.content);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe("the rules of a node", () => {
  const routes =
    "default via 172.20.0.1 dev eth0\n10.9.0.0/16 via 172.20.0.7 dev eth0\n172.20.0.0/16 dev eth0 proto kernel scope link src 172.20.0.2";

  /** Runs it with an iptables-restore that shows what it gets; `refuses` is a word for which it fails. */
  async function run({ refuses = "nothing", shown = `echo "${routes}"` } = {}) {
    await program("ip", `[ "$2" != route ] || ${shown}`);
    await program(
      "iptables-restore",
      `rules=$(cat)\ncase $rules in *${refuses}*) exit 2 ;; esac\necho "$*"; echo "$rules"`,
    );
    const env = { PATH: `${dir}:/usr/bin:/bin` };
    return execa("sh", [join(dir, "refuse-outside.sh")], { env, extendEnv: false, reject: false });
  }

  async function program(name: string, text: string): Promise<void> {
    await writeFile(join(dir, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(dir, name), 0o755);
  }

  it("let pass what is of the run, and leave the rules of others as they are", async () => {
    const { stdout, exitCode } = await run();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^--wait --noflush\n\*nat\n/);
    const passed = [...stdout.matchAll(/-d (\S+) -j RETURN/g)].map(([, network]) => network);
    expect(passed).toEqual(["10.42.0.0/16", "10.43.0.0/16", "172.20.0.0/16"]);
    expect(stdout).toContain("--dst-type LOCAL -j RETURN");
    expect(stdout.trimEnd()).toMatch(
      /-A PREROUTING -j HARNESS-OUTSIDE\n-A OUTPUT -j HARNESS-OUTSIDE\nCOMMIT$/,
    );
  });

  it("refuse all the same where the kernel cannot remember, and the node says so", async () => {
    const { stdout, stderr, exitCode } = await run({ refuses: "hashlimit" });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining("not remembered") });
    expect(stdout).toContain("-p tcp -j REDIRECT");
  });

  it.each([
    ["no rule is taken", { refuses: "nat" }],
    ["the routes cannot be read", { shown: "exit 1" }],
  ])("keep a node from starting when %s: it would not be closed", async (_, trouble) => {
    expect((await run(trouble)).exitCode).not.toBe(0);
  });
});

/** A node, a pod on it, and a stand-in beside it, as network namespaces of a machine that has nothing else. */
const world = `set -eu
mount -t tmpfs none /run; mount -t tmpfs none /var/log
ip link set lo up
ip link add eth0 type veth peer name far0
for other in far pod; do ip netns add $other; ip -n $other link set lo up; done
ip link set far0 netns far; ip -n far addr add 172.20.0.3/16 dev far0; ip -n far link set far0 up
ip addr add 172.20.0.2/16 dev eth0; ip link set eth0 up; ip route add default via 172.20.0.3
if [ "$1" = closed ]; then sh "$2"; fi
echo 1 > /proc/sys/net/ipv4/ip_forward
ip link add cni0 type veth peer name eth0 netns pod
ip addr add 10.42.1.1/24 dev cni0; ip link set cni0 up
ip -n pod addr add 10.42.1.5/24 dev eth0; ip -n pod link set eth0 up; ip -n pod route add default via 10.42.1.1
ip -n far route add 10.42.0.0/16 via 172.20.0.2
ask() {
  code=0; ip netns exec pod timeout 2 bash -c ": < /dev/$1" 2> /dev/null || code=$?
}
# The links have just come up: neighbours are asked for their hardware's addresses first.
for attempt in 1 2 3 4 5; do ask tcp/172.20.0.3/9; [ $code = 124 ] || break; done
for address in $3; do
  ask $address; echo "pod $address $code" >&3
done
ip netns exec pod bash -c ': > /dev/udp/8.8.8.8/53; echo > /dev/udp/8.8.8.8/53'
code=0; timeout 2 bash -c ': < /dev/tcp/192.168.1.10/443' 2> /dev/null || code=$?
echo "node tcp/192.168.1.10/443 $code" >&3
shift 3
exec "$@"
`;

const environment = privateEnvironment();
const iptables = execaSync("sh", ["-c", "command -v iptables"], {
  env: environment,
  extendEnv: false,
  reject: false,
}).stdout;
const hasAll = mayOpenMachine && iptables !== "";
if (!hasAll) process.stderr.write("not tried on a kernel: that needs root and iptables\n");

describe.skipIf(!hasAll)("on a kernel", () => {
  /** Its answers: 1 is a refusal, 124 silence. */
  let answers: string[];
  const exec = (how: "closed" | "open", asked: string[]) => async (command: string[]) => {
    const bin = await mkdtemp(join(dir, "bin-"));
    await symlink(await realpath(iptables), join(bin, "iptables-restore"));
    const options = ["--mount", "--net", "--pid", "--fork", "--kill-child", "bash", "-c", world, "bash", how];
    const { stdout, stderr, stdio, exitCode } = await execa(
      "unshare",
      [...options, join(dir, "refuse-outside.sh"), asked.join(" "), ...command],
      {
        env: { ...environment, PATH: `${bin}:${environment.PATH}` },
        extendEnv: false,
        reject: false,
        stdio: ["ignore", "pipe", "pipe", "pipe"],
      },
    );
    answers = String(stdio[3]).split("\n");
    return { output: `${stdout}\n${stderr}`, exitCode: exitCode ?? 1 };
  };

  it("refuses at once what a pod and the node ask of addresses outside, and remembers that alone", async () => {
    const outside = ["tcp/140.82.112.3/443", "tcp/140.82.112.3/443", "tcp/169.254.169.254/80"];
    const inside = ["tcp/172.20.0.3/9", "tcp/10.42.1.1/9"]; // nobody listens
    const refused = await refusedAddresses({ exec: exec("closed", [...outside, ...inside]) });
    expect(answers).toEqual([
      ...[...outside, ...inside].map((address) => `pod ${address} 1`),
      "node tcp/192.168.1.10/443 1",
    ]);
    const told = refused.map(
      ({ clientIp, address, port, count }) => `${clientIp} ${address} ${port} ${count}`,
    );
    expect(told.sort()).toEqual([
      "10.42.1.5 140.82.112.3 443 2",
      "10.42.1.5 169.254.169.254 80 1",
      "10.42.1.5 8.8.8.8 53 1",
      "172.20.0.2 192.168.1.10 443 1",
    ]);
  });

  it("would leave them in silence without the rules, and say that nothing is remembered", async () => {
    const node = { exec: exec("open", ["tcp/140.82.112.3/443", "tcp/172.20.0.3/9"]) };
    await expect(refusedAddresses(node)).rejects.toThrow("remembers none");
    expect(answers).toEqual([
      "pod tcp/140.82.112.3/443 124",
      "pod tcp/172.20.0.3/9 1",
      "node tcp/192.168.1.10/443 124",
    ]);
  });

  it("still knows what was refused before the node went", async () => {
    let keep: string[] = [];
    await keepRefused({
      exec: async (command) => {
        keep = command;
        return { output: "", exitCode: 0 };
      },
    });
    const kept = exec("closed", ["tcp/140.82.112.3/443"]);
    const refused = await refusedAddresses({
      exec: (show) => kept(["sh", "-c", '"$1" "$2" "$3" && exec "$4" "$5" "$6"', "sh", ...keep, ...show]),
    });
    expect(refused.filter(({ address }) => address === "140.82.112.3")).toHaveLength(2);
  });
});

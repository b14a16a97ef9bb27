import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { bytesOf, coresOf } from "../../reading/quantities.ts";
import { rule } from "../../rule.ts";

/** OpenCode 1.18 takes 0.8 GB for the provider list that its page asks for (manifests/README.md). */
const enough = 800e6;

const least = 200e6;

/** More than a node of a home has, and what 500 and 1000 without a unit ask for. */
const cores = 64;

const memoryOfNode = 128 * 2 ** 30;

/** Below it OpenCode's start alone takes a minute: 5 s of a whole processor, by 10 s at 500m (manifests/README.md). */
const slow = 0.1;
const startsWith = 5;

function resources({ facts, containers, app, at }: InspectedWorkspace): Fault[] {
  return containers.flatMap(({ container }) => {
    const { name, resources: { limits = {}, requests = {} } = {} } = container;
    const place = at(key(name), key("resources"));
    const memory = limits.memory === undefined ? undefined : bytesOf(limits.memory);
    const floor = container === app ? least : 4e6;
    const tooSmall =
      memory !== undefined && memory < (container === app ? enough : floor)
        ? [
            {
              message: `container ${name} of ${facts.name} has ${limits.memory} of memory (${Math.floor(memory)} bytes), and ${container === app ? "OpenCode needs 0.8 GB: it is killed" : "cannot start"}`,
              remedy: container === app ? "let limits.memory be 1Gi" : "give it 512Mi",
              ...(memory < floor ? {} : { severity: "warning" as const }),
              ...at(key(name), key("resources"), key("limits"), key("memory")),
            },
          ]
        : [];
    // Who asks for nothing asks for his limit.
    const asked = requests.cpu ?? limits.cpu;
    const tooMany =
      asked !== undefined && coresOf(asked) > cores
        ? [
            {
              message: `container ${name} of ${facts.name} asks for ${asked} processors, which no node has: the pod stays Pending`,
              remedy: `write ${asked}m for thousandths of one`,
              ...place,
            },
          ]
        : [];
    const share = limits.cpu === undefined ? undefined : coresOf(limits.cpu);
    const tooSlow =
      container === app && share !== undefined && share < slow
        ? [
            {
              message: `container ${name} of ${facts.name} has ${limits.cpu} of a processor: OpenCode takes ${Math.round(startsWith / share)} s to start, and as much longer for all else`,
              remedy: "let limits.cpu be 500m, or leave it out",
              severity: "warning" as const,
              ...at(key(name), key("resources"), key("limits"), key("cpu")),
            },
          ]
        : [];
    const held = requests.memory ?? limits.memory;
    const tooMuch =
      held !== undefined && bytesOf(held) > memoryOfNode
        ? [
            {
              message: `container ${name} of ${facts.name} asks for ${held} of memory, which no node of a home has: the pod stays Pending`,
              remedy: "let requests.memory be 256Mi",
              severity: "warning" as const,
              ...place,
            },
          ]
        : [];
    const disk = limits["ephemeral-storage"];
    const tooFull =
      disk !== undefined && bytesOf(disk) < 64 * 2 ** 20
        ? [
            {
              message: `container ${name} of ${facts.name} may write ${disk} beside its volumes, logs included: the kubelet evicts the pod as soon as it has more`,
              remedy: "leave ephemeral-storage out",
              severity: "warning" as const,
              ...at(key(name), key("ephemeral-storage")),
            },
          ]
        : [];
    return [...tooSmall, ...tooMany, ...tooSlow, ...tooMuch, ...tooFull];
  });
}

export const resourceRules = [
  rule({
    id: "resources",
    title: "memory and processors are in units that are meant",
    find: eachWorkspace(resources),
  }),
];

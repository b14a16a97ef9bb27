import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { isFound } from "../../reading/secret-origins.ts";
import { rule } from "../../rule.ts";

interface Spec {
  data?: { remoteRef?: { key?: string } }[];
  dataFrom?: { extract?: { key?: string }; find?: Parameters<typeof isFound>[1] }[];
}

interface PushSpec {
  selector?: { secret?: { name?: string } };
}

/** Keys of the store that workspaces name one by one, each for itself. */
function ownKeys({ workspaces, of }: Inspected): Map<string, string> {
  const all = workspaces.flatMap(({ facts }) =>
    facts.externalSecrets.flatMap(({ name }) =>
      of("ExternalSecret")
        .filter(
          ({ object: { metadata } }) => metadata.name === name && metadata.namespace === facts.namespace,
        )
        .flatMap((one) =>
          (specOf<Spec>(one).data ?? []).map(({ remoteRef }) => [remoteRef?.key ?? "", facts.name] as const),
        ),
    ),
  );
  return new Map(all);
}

const isOfWorkspace = ({ workspaces }: Inspected, { object: { kind, metadata } }: OwnedObject) =>
  kind === "ExternalSecret" &&
  workspaces.some(
    ({ facts }) =>
      facts.namespace === metadata.namespace &&
      facts.externalSecrets.some(({ name }) => name === metadata.name),
  );

/** Another Secret with a workspace's password, token or login: whoever reads that one has it too. */
function readers(inspected: Inspected): Fault[] {
  const { outside, blind } = inspected.home;
  const keys = [...ownKeys(inspected)].filter(([name]) =>
    /^(?:pat|password|login|ssh-key)$/.test(outside.doppler[name]?.shape ?? ""),
  );
  if (blind.length > 0) return [];
  return [...inspected.of("ExternalSecret"), ...inspected.of("ClusterExternalSecret")]
    .filter((one) => !isOfWorkspace(inspected, one))
    .flatMap((one) => {
      const { externalSecretSpec, ...own } = specOf<Spec & { externalSecretSpec?: Spec }>(one);
      const { data = [], dataFrom = [] } = externalSecretSpec ?? own;
      const isRead = (name: string) =>
        data.some(({ remoteRef }) => remoteRef?.key === name) ||
        dataFrom.some(({ extract, find }) => extract?.key === name || (find && isFound(name, find)));
      // What volumes are backed up with is for all of them.
      const [name, workspace] = keys.find(([one]) => /OPENCODE|COPILOT/i.test(one) && isRead(one)) ?? [];
      if (name === undefined) return [];
      return {
        message: `${titleOf(one)} brings ${name} into another Secret than that of ${workspace}: whoever reads that one has it too`,
        remedy: "name the keys that are needed there, one by one",
        ...inspected.placeOf(
          one,
          key("spec"),
          data.some(({ remoteRef }) => remoteRef?.key === name) ? name : /\bfind:/,
        ),
      };
    });
}

/** A Secret of a workspace that is written back into a store, under another key or to another place. */
function pushed(inspected: Inspected): Fault[] {
  return inspected.of("PushSecret").flatMap((one) => {
    const secret = specOf<PushSpec>(one).selector?.secret?.name;
    const workspace = inspected.workspaces.find(
      ({ facts }) =>
        facts.namespace === one.object.metadata.namespace &&
        facts.externalSecrets.some((external) => external.secret === secret),
    );
    if (!workspace || secret === undefined) return [];
    return {
      message: `${titleOf(one)} writes Secret ${secret} of ${workspace.facts.name} into a store: it is kept there once more, under a name that nobody rotates`,
      remedy: "take it out: the store is where the Secret comes from",
      ...inspected.placeOf(one, /\bselector:/),
    };
  });
}

export const foreignReaderRules = [
  rule({
    id: "secret-elsewhere",
    title: "a workspace's secrets are in its own Secret alone",
    pitfalls: [3],
    find: (inspected) => [...readers(inspected), ...pushed(inspected)],
  }),
];

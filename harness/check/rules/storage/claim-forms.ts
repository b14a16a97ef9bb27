import type { Fault } from "../../finding.ts";
import { type ClaimSpec, claimSpecOf, claimsOf } from "../../reading/claims.ts";
import type { Inspected, InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

type Told = [is: boolean, message: string, remedy: string, field: string];

/** Forms of a claim by which no volume is made, or none that a workspace can use. */
function formsOf(inspected: Inspected, workspace: InspectedWorkspace): Fault[] {
  const { app, workload, facts } = workspace;
  return claimsOf(inspected, workspace).flatMap((claim) => {
    const {
      volumeMode,
      volumeName,
      accessModes = [],
      selector,
    } = claimSpecOf(claim) as ClaimSpec & { selector?: object };
    const { name } = claim.object.metadata;
    const volume = workload.pod.volumes?.find(
      ({ persistentVolumeClaim: of }) => of?.claimName === name,
    )?.name;
    const isMounted = app.volumeMounts?.some((mount) => mount.name === volume);
    const isMade = inspected.of("PersistentVolume").some(({ object }) => object.metadata.name === volumeName);
    const told: Told[] = [
      [
        volumeMode === "Block" && isMounted === true,
        `claim ${name} is a bare device (volumeMode: Block), and ${facts.name} mounts it as a directory: the kubelet refuses its pods`,
        "leave volumeMode out",
        "volumeMode",
      ],
      [
        accessModes.length > 0 && accessModes.every((mode) => mode === "ReadOnlyMany"),
        `claim ${name} is for reading only: OpenCode can write neither sessions nor code`,
        "write ReadWriteOnce",
        "accessModes",
      ],
      [
        selector !== undefined && inspected.of("PersistentVolume").length === 0,
        `claim ${name} chooses its volume by labels (selector), and no driver makes one for such a claim: it stays Pending`,
        "leave selector out",
        "selector",
      ],
      [
        volumeName !== undefined && !isMade,
        `claim ${name} wants PersistentVolume ${volumeName}, which nobody in the tree makes: where it is not there it stays Pending`,
        "leave volumeName out",
        "volumeName",
      ],
    ];
    return told.flatMap(([is, message, remedy, field]) =>
      is
        ? [
            {
              message,
              remedy,
              // It may have been made by hand.
              ...(field === "volumeName" ? { severity: "warning" as const } : {}),
              ...inspected.placeOf(claim, key(field)),
            },
          ]
        : [],
    );
  });
}

/** Whether a claim gets a volume that a workspace can use. */
export const claimFormRules = [
  rule({
    id: "claim-unusable",
    title: "claims get volumes that workspaces can write to",
    pitfalls: [6],
    find: (inspected) => inspected.workspaces.flatMap((workspace) => formsOf(inspected, workspace)),
  }),
];

import { it } from "vitest";
import { documents, expectFound, expectNothing, expectSilence, release, text } from "../test-check.ts";

const asStatefulSet = text(release, "        strategy: Recreate\n", "        type: statefulset\n");

const inPassing = (words: string) =>
  text(
    `${documents}/login-expired.md`,
    "# The Copilot login has expired\n",
    `# The Copilot login has expired\n\n${words}\n`,
  );

it("finds documents of Deployments where a workspace is none", () =>
  expectFound("manifests", [
    [
      asStatefulSet,
      "document-of-other-kind",
      /wait deployment --all/,
      /opencode-ha is a StatefulSet: the step passes it over .* deployment,statefulset/,
    ],
    [() => {}, "document-of-other-kind", /scale deployment "\$WORKSPACE" --replicas=0/, /none of that name/],
    [() => {}, "document-of-other-kind", /rollout status deployment/, /write statefulset/],
    [
      inPassing("See `kubectl -n opencode logs\ndeploy/opencode-ha`."),
      "document-of-other-kind",
      /kubectl -n opencode logs/,
      /write statefulset\/opencode-ha/,
    ],
  ]));

it("finds what is told of a workspace in passing", () =>
  expectFound("manifests", [
    [
      inPassing("See `kubectl -n opencode-ha logs deploy/opencode-ha`."),
      "document-of-other-kind",
      /-n opencode-ha/,
      /write -n opencode/,
    ],
    [
      text(
        `${documents}/node-lost.md`,
        "# The node is lost\n",
        "# The node is lost\n\n```sh\nkubectl -n opencode logs deploy/opencode-ha -c clone\n```\n",
      ),
      "document-of-other-kind",
      /-c clone/,
      /name one that it has: git-clone/,
    ],
  ]));

it("has nothing against documents that name both kinds, and other applications'", () =>
  expectNothing("manifests", [
    asStatefulSet,
    text(`${documents}/node-lost.md`, "wait deployment --all", "wait deployment,statefulset --all"),
    (tree) => tree.remove(`${documents}/volume-lost.md`),
    inPassing("`kubectl -n media logs deploy/plex`, `kubectl -n opencode logs sts/opencode-ha -c git-clone`"),
  ]));

it("has nothing against what is right", () =>
  expectSilence("manifests", [
    inPassing(
      "`kubectl -n opencode logs deploy/opencode-ha -c git-clone`, `kubectl -n $NS get deploy opencode-flux`",
    ),
    inPassing(
      "`kubectl exec deploy/opencode-ha -- sh -c 'head -n 5 /etc/passwd'`, `kubectl -n opencode debug deploy/opencode-ha -it --image=alpine -c debugger`",
    ),
  ]));

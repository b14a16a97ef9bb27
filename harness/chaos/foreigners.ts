/** What the others' container runs, and where. */
export const foreignProgram = "/usr/bin/sleep";
export const foreignImage = "foreign/app:1";

/** An image of nothing but the program and the libraries that it needs, also under the name of a local registry. */
const things = (options: string) => `
libraries=$(ldd ${foreignProgram} | grep --only-matching '/[^ ]*')
tar --create --dereference --absolute-names --file - ${foreignProgram} $libraries | docker import - ${foreignImage}
docker tag ${foreignImage} 127.0.0.1:5000/foreign:1
docker network create ${options} foreign
docker volume create foreign
docker run --detach --name foreign --network foreign --volume foreign:/data ${foreignImage} ${foreignProgram} `;

/** Of the machine's own. */
export const foreignBridge = "foreign1";

/** What others have in an engine: an image, a network, a volume, and a container that uses all three, and runs or has ended. */
export async function plantForeigners(
  run: (command: string[]) => Promise<unknown>,
  state: "running" | "ended",
): Promise<void> {
  // An engine leaves the bridge of a network behind when it is stopped, unless the machine has had it before.
  const bridge = state === "running" ? "" : `--opt com.docker.network.bridge.name=${foreignBridge}`;
  await run(["sh", "-euc", `${things(bridge)}${state === "running" ? "infinity" : "0"}`]);
}

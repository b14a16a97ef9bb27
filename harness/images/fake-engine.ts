import type { DockerResult, Engine } from "../engine/index.ts";

/*
 * Stands in for the docker client and an engine in the unit tests of this room. Like them it keeps images, and labelled
 * containers, networks and volumes, refuses to remove what is in use, makes a volume that is mounted and missing anew without labels, and filters
 * lists by label. Unlike them it runs nothing and holds no content; of formats it knows those that this room asks for.
 */
export interface FakeEngine {
  engine: Engine;
  /** Name and tag of each image. */
  images: Set<string>;
  /** Ids of those that are another one under a second name; the others' are made of their names. */
  ids: Map<string, string>;
  /** Labels of each container and network, by id. */
  containers: Map<string, Map<string, string>>;
  networks: Map<string, Map<string, string>>;
  /** Labels of each volume, by name. */
  volumes: Map<string, Map<string, string>>;
  /** Images and volumes that a container uses. */
  inUse: Set<string>;
  /** Every command line. */
  calls: string[];
}

export function fakeEngine(): FakeEngine {
  const fake = {
    images: new Set<string>(),
    ids: new Map<string, string>(),
    containers: new Map<string, Map<string, string>>(),
    networks: new Map<string, Map<string, string>>(),
    volumes: new Map<string, Map<string, string>>(),
    inUse: new Set<string>(),
    calls: [] as string[],
  };
  const docker: Engine["docker"] = async (args, options = {}) => {
    fake.calls.push(args.join(" "));
    const result = answer(fake, args);
    if (result.exitCode !== 0 && options.reject !== false) throw new Error(`docker ${args.join(" ")} failed`);
    return result;
  };
  const engine: Engine = {
    kind: "private",
    host: "unix:///nowhere",
    client: "docker",
    environment: {},
    docker,
  };
  return { ...fake, engine };
}

type State = Omit<FakeEngine, "engine">;

const done = (stdout = ""): DockerResult => ({ stdout, stderr: "", exitCode: 0 });
const refused: DockerResult = { stdout: "", stderr: "in use", exitCode: 1 };

function answer(state: State, args: readonly string[]): DockerResult {
  for (const volume of valuesOf(args, "--volume").map((mount) => mount.split(":")[0] ?? "")) {
    if (!volume.startsWith("/") && !state.volumes.has(volume)) state.volumes.set(volume, new Map());
  }
  const last = args.at(-1) ?? "";
  if (args[0] === "ps") return listed(state.containers, args);
  if (args[0] === "rm") return removed(state.containers, args.slice(1));
  if (args[0] === "tag") return tagged(state, args[1] ?? "", last);
  switch (args.slice(0, 2).join(" ")) {
    case "image ls":
      return done([...state.images].join("\n"));
    case "image inspect": {
      if (args[3] === "{{.Id}}") return state.images.has(last) ? done(idOf(state, last)) : refused;
      const found = args.slice(4).filter((image) => state.images.has(image));
      return { ...done(found.map((image) => `7 ${image}`).join("\n")), exitCode: 1 };
    }
    case "image rm":
      if (state.inUse.has(last)) return refused;
      state.images.delete(last);
      state.ids.delete(last);
      return done();
    case "network ls":
      return listed(state.networks, args);
    case "network rm":
      return removed(state.networks, args.slice(2));
    case "volume create":
      state.volumes.set(last, labelsIn(args));
      return done(last);
    case "volume rm":
      if (state.inUse.has(last)) return refused;
      state.volumes.delete(last);
      return done();
    case "volume ls": {
      const label = valuesOf(args, "--filter")[0]?.replace("label=", "") ?? "";
      const found = [...state.volumes].filter(([, labels]) => label === "" || labels.has(label));
      return done(found.map(([name, labels]) => `${name} ${labels.get(label) ?? ""}`).join("\n"));
    }
    default:
      return done();
  }
}

const idOf = ({ ids }: State, image: string) => ids.get(image) ?? `sha256:${image}`;

function tagged(state: State, image: string, tag: string): DockerResult {
  if (!state.images.has(image)) return refused;
  state.ids.set(tag, idOf(state, image));
  state.images.add(tag);
  return done();
}

/** Id and labels as the format asks for them. */
function listed(things: State["containers"], args: readonly string[]): DockerResult {
  const [key, value] = (valuesOf(args, "--filter")[0] ?? "").replace("label=", "").split("=");
  const wanted = [...(valuesOf(args, "--format")[0] ?? "").matchAll(/Label "([^"]+)"/g)].map(
    ([, name]) => name,
  );
  const found = [...things].filter(([, labels]) => labels.get(key ?? "") === value);
  return done(
    found
      .map(([id, labels]) => [id, ...wanted.map((name) => labels.get(name ?? "") ?? "")].join(" "))
      .join("\n"),
  );
}

function removed(things: State["containers"], args: readonly string[]): DockerResult {
  for (const id of args) things.delete(id);
  return done();
}

function labelsIn(args: readonly string[]): Map<string, string> {
  return new Map(valuesOf(args, "--label").map((label) => label.split("=") as [string, string]));
}

function valuesOf(args: readonly string[], option: string): string[] {
  return args.flatMap((arg, index) => (args[index - 1] === option ? [arg] : []));
}

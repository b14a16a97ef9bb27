import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Docker, dockerAt } from "../engine/index.ts";

/*
 * Stands in for the API of a container engine in the unit tests of this room: real requests over a real socket. Like one
 * it lists by label, creates, removes, says 404 for what is not there, and makes a volume that is mounted and missing
 * anew without labels. Unlike one it runs nothing: a container that is started has ended at once.
 */
export interface Thing {
  kind: "containers" | "volumes" | "networks";
  name: string;
  labels: Record<string, string>;
  image?: string;
  /** What it would run. */
  command?: string;
}

export interface FakeDocker extends AsyncDisposable {
  docker: Docker;
  things: Thing[];
  /** Commands of the containers that were started. */
  ran: string[];
}

export async function fakeDocker(): Promise<FakeDocker> {
  const dir = await mkdtemp(join(tmpdir(), "docker-"));
  const socket = join(dir, "docker.sock");
  const state: State = { things: [], ran: [] };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { status, value } = answer(state, request.method ?? "", request.url ?? "", body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value) ?? "");
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    ...state,
    docker: dockerAt(`unix://${socket}`),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

interface State {
  things: Thing[];
  ran: string[];
}

interface Answer {
  status: number;
  value?: object;
}

function answer({ things, ran }: State, method: string, url: string, body: string): Answer {
  const { pathname, searchParams } = new URL(url, "http://docker");
  const [, kind, name, act] = pathname.split("/");
  if (!isKind(kind)) return { status: 404 };
  if (method === "GET" && (name === undefined || name === "json")) {
    const wanted = (JSON.parse(searchParams.get("filters") ?? "{}") as { label?: string[] }).label ?? [];
    const listed = things.filter((thing) => thing.kind === kind && hasLabels(thing, wanted)).map(described);
    return { status: 200, value: kind === "volumes" ? { Volumes: listed } : listed };
  }
  if (method === "POST" && name === "create") {
    const made = created(kind, JSON.parse(body), things);
    things.push(made);
    return { status: 201, value: described(made) };
  }
  const found = things.find((thing) => thing.kind === kind && thing.name === name);
  if (!found) return { status: 404, value: { message: `no such thing: ${name}` } };
  if (method === "DELETE") things.splice(things.indexOf(found), 1);
  if (act === "start") ran.push(found.command ?? "");
  if (method === "GET") return { status: 200, value: described(found) };
  return act === "wait" ? { status: 200, value: { StatusCode: 0 } } : { status: 204 };
}

function isKind(word: string | undefined): word is Thing["kind"] {
  return ["containers", "volumes", "networks"].includes(word ?? "");
}

function created(kind: Thing["kind"], body: CreateBody, things: Thing[]): Thing {
  for (const bind of body.HostConfig?.Binds ?? []) {
    const volume = bind.split(":")[0] ?? "";
    if (!things.some((thing) => thing.kind === "volumes" && thing.name === volume))
      things.push({ kind: "volumes", name: volume, labels: {} });
  }
  const name = body.Name ?? `made-${things.length}`;
  const command = body.Entrypoint?.at(-1);
  return {
    kind,
    name,
    labels: body.Labels ?? {},
    ...(body.Image ? { image: body.Image } : {}),
    ...(command ? { command } : {}),
  };
}

interface CreateBody {
  Name?: string;
  Image?: string;
  Entrypoint?: string[];
  Labels?: Record<string, string>;
  HostConfig?: { Binds?: string[] };
}

function described({ name, labels, image }: Thing) {
  return { Id: name, Name: name, Labels: labels, Image: image };
}

function hasLabels({ labels }: Thing, wanted: string[]): boolean {
  return wanted.every((each) => {
    const [key = "", value] = each.split("=");
    return labels[key] === value;
  });
}

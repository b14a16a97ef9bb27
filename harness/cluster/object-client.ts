import {
  ApiException,
  type Configuration,
  type HttpLibrary,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  wrapHttpLibrary,
} from "@kubernetes/client-node";
import isNetworkError from "is-network-error";
import { patiently } from "../base/index.ts";

/** Which objects are meant: one by name, or all that a label selector finds. No namespace: cluster-scoped, or all. */
export interface ObjectSelection {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name?: string;
  labelSelector?: string;
}

/** A Kubernetes object whose kind is not known to the compiler; parts are read with `as` at the place that knows. */
export interface AnyObject extends KubernetesObject {
  // biome-ignore lint/suspicious/noExplicitAny: custom resources have no types here; every reader checks what it reads.
  spec?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  status?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above (Secret and ConfigMap).
  data?: any;
}

interface ObjectList {
  items?: AnyObject[];
  metadata?: { resourceVersion?: string };
}

const fieldManager = "opencode-harness";

/** The query that leaves only what is meant: the name and the label selector. */
export function selectors({ name, labelSelector }: ObjectSelection): Record<string, string> {
  return {
    ...(name ? { fieldSelector: `metadata.name=${name}` } : {}),
    ...(labelSelector ? { labelSelector } : {}),
  };
}

/** Objects of any kind through the API server's own discovery: apply, read, list, delete, and the paths to watch. */
export class ObjectClient extends KubernetesObjectApi {
  constructor(configuration: Configuration) {
    super({ ...configuration, httpApi: patient(configuration.httpApi) });
  }

  static override makeApiClient(config: KubeConfig): ObjectClient {
    return config.makeApiClient(ObjectClient);
  }

  /**
   * Server-side apply; takes over fields that another manager holds. Sends the object as it is: the client's own
   * models drop what they call by another name, of a CustomResourceDefinition `default`, `enum` and `x-kubernetes-…`.
   */
  async apply(object: KubernetesObject): Promise<AnyObject> {
    const request = await this.#request(object, "patch", "PATCH");
    request.setHeaderParam("Content-Type", PatchStrategy.ServerSideApply);
    request.setQueryParam("force", "true");
    return this.requestPromise<AnyObject>(request);
  }

  /** Creates it, which costs the API server half of what an apply does; applies it where it is there already. */
  async createOrApply(object: KubernetesObject): Promise<AnyObject> {
    const request = await this.#request(object, "create", "POST");
    request.setHeaderParam("Content-Type", "application/json");
    try {
      return await this.requestPromise<AnyObject>(request);
    } catch (error) {
      // A connection that broke leaves open whether it is there.
      if (isNetworkError(error) || (error instanceof ApiException && error.code === 409))
        return this.apply(object);
      throw error;
    }
  }

  async #request(
    object: KubernetesObject,
    action: "create" | "patch",
    method: "POST" | "PATCH",
    subresource: "" | "/status" = "",
  ) {
    const path = `${await this.specUriPath(object, action)}${subresource}`;
    const request = this.configuration.baseServer.makeRequestContext(path, method);
    request.setHeaderParam("Accept", "application/json");
    request.setQueryParam("fieldManager", fieldManager);
    request.setBody(JSON.stringify(object));
    return request;
  }

  /** A JSON merge patch of one object. */
  merge(object: AnyObject): Promise<AnyObject> {
    return this.patch<AnyObject>(
      object,
      undefined,
      undefined,
      fieldManager,
      undefined,
      PatchStrategy.MergePatch,
    );
  }

  /** A JSON merge patch of the object's status, as its controller would write it. */
  async mergeStatus(object: AnyObject): Promise<AnyObject> {
    const request = await this.#request(object, "patch", "PATCH", "/status");
    request.setHeaderParam("Content-Type", PatchStrategy.MergePatch);
    return this.requestPromise<AnyObject>(request);
  }

  /** The object, or undefined where there is none. */
  async find(selection: ObjectSelection & { name: string }): Promise<AnyObject | undefined> {
    const { apiVersion, kind, name, namespace } = selection;
    try {
      return await this.read<AnyObject>({
        apiVersion,
        kind,
        metadata: { name, ...(namespace ? { namespace } : {}) },
      });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** All objects of a kind, in one namespace or in all. */
  async all(selection: ObjectSelection): Promise<AnyObject[]> {
    const { apiVersion, kind, namespace, labelSelector } = selection;
    const list = await this.list<AnyObject>(
      apiVersion,
      kind,
      namespace,
      undefined,
      undefined,
      undefined,
      undefined,
      labelSelector,
    );
    return list.items;
  }

  /**
   * All objects that are meant as the API server has them at one moment, in the form of a watch's events, and the
   * version from which a watch goes on.
   */
  async snapshot(selection: ObjectSelection): Promise<{ objects: AnyObject[]; resourceVersion: string }> {
    const request = this.configuration.baseServer.makeRequestContext(await this.pathOf(selection), "GET");
    request.setHeaderParam("Accept", "application/json");
    for (const [name, value] of Object.entries(selectors(selection))) request.setQueryParam(name, value);
    // "any": no models, which would make dates of what a watch gives as text.
    const list = (await this.requestPromise(request, "any")) as unknown as ObjectList;
    return { objects: list.items ?? [], resourceVersion: list.metadata?.resourceVersion ?? "" };
  }

  /** What the API server answers at this path, as plain JSON: for what is no object, a kubelet's figures for instance. */
  async get(path: string, query: Record<string, string> = {}): Promise<unknown> {
    const request = this.configuration.baseServer.makeRequestContext(path, "GET");
    request.setHeaderParam("Accept", "application/json");
    for (const [name, value] of Object.entries(query)) request.setQueryParam(name, value);
    return this.requestPromise(request, "any");
  }

  /** Deletes it and what it owns; fine if there is none. */
  async remove(selection: ObjectSelection & { name: string; gracePeriodSeconds?: number }): Promise<void> {
    const { apiVersion, kind, name, namespace, gracePeriodSeconds } = selection;
    const object = { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) } };
    try {
      await this.delete(object, undefined, undefined, gracePeriodSeconds, undefined, "Background");
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** The collection's path on the API server, for a watch. Throws when the API server does not know the kind (yet). */
  async pathOf({ apiVersion, kind, namespace }: ObjectSelection): Promise<string> {
    const resource = await this.resource(apiVersion, kind);
    if (!resource) throw new UnknownKindError(apiVersion, kind);
    const scope = resource.namespaced && namespace ? `/namespaces/${namespace}` : "";
    return `${this.apiVersionPath(apiVersion)}${scope}/${resource.name}`;
  }
}

/** The client's own way to the API server, which keeps it waiting while it starts, or both are short of cores. */
function patient(http: HttpLibrary): HttpLibrary {
  return wrapHttpLibrary({
    send: (request) =>
      patiently(request.getHttpMethod(), () => http.send(request).toPromise(), request.getSignal()),
  });
}

/** The API server has no such kind: its CustomResourceDefinition is not there (yet). */
export class UnknownKindError extends Error {
  constructor(apiVersion: string, kind: string) {
    super(`the API server does not know ${kind} of ${apiVersion}`);
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiException && error.code === 404;
}

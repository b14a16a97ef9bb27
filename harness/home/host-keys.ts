import { Tree } from "../gitops/index.ts";

/** Kind of a host's key, as known_hosts names it, to its public half in base64. */
export type HostKeys = Readonly<Record<string, string>>;

/** Those of github.com, as it publishes them (api.github.com/meta, `ssh_keys`). */
export const gitHubHostKeys: HostKeys = {
  "ssh-ed25519": "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
  "ecdsa-sha2-nistp256":
    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=",
  "ssh-rsa":
    "AAAAB3NzaC1yc2EAAAADAQABAAABgQCj7ndNxQowgcQnjshcLrqPEiiphnt+VTTvDP6mHBL9j1aNUkY4Ue1gvwnGLVlOhGeYrnZaMgRK6+PKCUXaDbC7qtbW8gIkhL7aGCsOr/C56SJMy/BCZfxd1nWzAOxSDPgVsmerOBYfNqltV9/hWCqBywINIR+5dIg6JTJ72pcEpEjcYgXkE2YEFXV1JHnsKgbLWNlhScqb2UmyRkQyytRLtL+38TGxkxCflmO+5Z8CSSNY7GidjMIZ7Q4zMjA2n1nGrlTDkzwDCsw+wqFPGQA179cnfGWOWRVruj16z6XyvxvjJwbz0wQZ75XK5tKSb7FNyeIEs4TT4jk+S4dhPeAUC5y+bDYirYgM4GC7uEnztnZyaVWQ7B381AK4Qdrwt51ZqExKbQpTUNn+EjqoTwvqNj4kqx5QUCI0ThS/YkOxJCXmPUWZbhjpCg56i+2aB6CmK2JGhn57K5mj0MNdBXA4/WnwH6XoPWJzK5Nyu2zB3nAZp+S5hpQs+p1vN1/wsjk=",
};

/**
 * The tree with the stand-in's keys in place of github.com's own, whose private halves nobody has: a tree that pins them
 * finds the host that it expects, and any other key is refused as it would be at home.
 */
export function withHostKeys(tree: Tree, keys: HostKeys): Tree {
  const pinned = new Set(filesWithHostKeys(tree));
  return new Tree(
    [...tree.files].map(([path, file]) => {
      if (!pinned.has(path)) return [path, file];
      const text = Object.entries(gitHubHostKeys).reduce(
        (before, [kind, key]) => before.replaceAll(key, keys[kind] ?? key),
        file.content.toString(),
      );
      return [path, { ...file, content: Buffer.from(text) }];
    }),
  );
}

/** Files in which a key of github.com's stands. */
export function filesWithHostKeys(tree: Tree): string[] {
  const keys = Object.values(gitHubHostKeys);
  return [...tree.files]
    .filter(([, { content, mode }]) => mode !== "120000" && keys.some((key) => content.includes(key)))
    .map(([path]) => path);
}

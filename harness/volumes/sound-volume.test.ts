import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mountObstacle, titleWith } from "../../fixtures/ceph/testing/root-only.ts";
import { examine, troubleIn } from "./sound-volume.ts";

const sound = [
  "Filesystem state:         clean",
  "e2fsck 1.47.2 (1-Jan-2025)",
  "Pass 1: Checking inodes, blocks, and sizes",
  "e2fsck: 0",
  "sqlite: opencode-data/opencode.db: ok",
];
const withLine = (from: string, ...to: string[]) =>
  sound.flatMap((line) => (line.startsWith(from) ? to : line)).join("\n");

describe("troubleIn", () => {
  it("finds none when every checker is content", () => {
    expect(troubleIn(sound.join("\n"))).toBeUndefined();
    expect(troubleIn(withLine("sqlite"), false)).toBeUndefined();
  });

  it.each([
    [
      "the superblock's state",
      withLine("Filesystem state", "Filesystem state:         clean with errors"),
      'state is "clean with errors"',
    ],
    [
      "errors that the kernel has met",
      withLine("e2fsck 1", "FS Error count:           3"),
      "the kernel has met 3 errors",
    ],
    ["faults that e2fsck finds", withLine("e2fsck: ", "e2fsck: 4"), "e2fsck finds faults (exit code 4)"],
    [
      "a damaged database",
      withLine("sqlite", "sqlite: a.db: ok", "sqlite: b.db: row 7 missing from index"),
      "b.db: row 7 missing from index",
    ],
    ["a volume without a database", withLine("sqlite"), "there is no SQLite database on it"],
    ["an examination that ended early", "", "e2fsck finds faults (exit code none)"],
  ])("tells %s", (_, findings, trouble) => {
    expect(troubleIn(findings)).toContain(trouble);
  });
});

const obstacle = mountObstacle("debugfs", "fsfreeze", "findmnt");

describe.skipIf(obstacle)(titleWith(obstacle, "examine"), () => {
  let directory: string;
  let image: string;
  let place: string;
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { encoding: "utf8", stdio: "pipe" });
  const look = () => troubleIn(spawnSync("sh", ["-c", examine, "sh", image], { encoding: "utf8" }).stdout);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "harness-sound-"));
    image = join(directory, "image");
    place = join(directory, "mounted");
    mkdirSync(place);
    run("truncate", "--size=16M", image);
    run("mkfs.ext4", "-q", "-F", image);
    run("mount", "-o", "loop", image, place);
    mkdirSync(join(place, "opencode-data"));
  });
  afterEach(() => {
    spawnSync("umount", [place]);
    rmSync(directory, { recursive: true });
  });

  /** As OpenCode has it: open, and with what it has written last in the log beside it. */
  function openDatabase(name = "opencode.db"): DatabaseSync {
    const database = new DatabaseSync(join(place, "opencode-data", name));
    database.exec("PRAGMA journal_mode=WAL; CREATE TABLE session(id INTEGER PRIMARY KEY, title TEXT)");
    const insert = database.prepare("INSERT INTO session(title) VALUES(?)");
    for (let number = 0; number < 200; number++) insert.run(`session ${number} ${"x".repeat(100)}`);
    return database;
  }

  const damage = (name: string) =>
    run(
      "dd",
      "if=/dev/urandom",
      `of=${place}/opencode-data/${name}`,
      "bs=512",
      "seek=8",
      "count=16",
      "conv=notrunc",
    );

  it("finds a volume sound while somebody writes to it, and lets them go on", () => {
    using database = openDatabase();
    expect(look()).toBeUndefined();
    database.exec("INSERT INTO session(title) VALUES('later')");
  });

  it("finds a damaged database", () => {
    openDatabase().close();
    damage("opencode.db");
    expect(look()).toMatch(/SQLite finds a database damaged: opencode-data\/opencode\.db: /);
  });

  it("looks at each of two databases of one name", () => {
    using database = openDatabase();
    for (const [name, seek] of [
      ["a", "8"],
      ["z", ""],
    ] as const) {
      mkdirSync(join(place, name));
      run("cp", join(place, "opencode-data", "opencode.db"), join(place, name));
      database.exec("INSERT INTO session(title) VALUES('its log goes on')");
      if (seek) writeFileSync(join(place, name, "opencode.db"), "no header of SQLite");
    }
    const found = look();
    expect(found).toContain("a/opencode.db: ");
    expect(found).not.toContain("z/opencode.db");
    expect(found).not.toContain("opencode-data/opencode.db");
  });

  it("knows a database of another name by its log", () => {
    using database = openDatabase("sessions.sqlite");
    expect(look()).toBeUndefined();
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    damage("sessions.sqlite");
    expect(look()).toMatch(/SQLite finds a database damaged: opencode-data\/sessions\.sqlite: /);
  });

  it("lets somebody's work have files of that name which are no databases", () => {
    using _ = openDatabase();
    writeFileSync(join(place, "Thumbs.db"), "pictures");
    expect(look()).toBeUndefined();
  });

  it("tells that there is no database but such files", () => {
    writeFileSync(join(place, "Thumbs.db"), "pictures");
    expect(look()).toContain("there is no SQLite database on it");
  });

  it("finds a damaged file system", () => {
    openDatabase().close();
    run("umount", place);
    run("debugfs", "-w", "-R", "setb 3000", image); // a block that is in use and belongs to nobody
    run("mount", "-o", "loop", image, place);
    expect(look()).toContain("e2fsck finds faults (exit code 4)");
  });
});

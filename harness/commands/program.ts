import { Argument, Command, CommanderError } from "commander";
import { exitCodes } from "../base/index.ts";
import { failureOf, paintFor, quoted } from "../report/index.ts";
import { benchCommand } from "./bench.ts";
import { chaosCommand, kindNames } from "./chaos.ts";
import { checkCommand } from "./check.ts";
import { compareCommand } from "./compare/compare.ts";
import { complete, completionCommand, shells } from "./completion.ts";
import type { CommandContext } from "./context.ts";
import { doctorCommand } from "./doctor.ts";
import { downCommand } from "./down.ts";
import { examplesOf } from "./examples.ts";
import { imagesCommand } from "./images.ts";
import { mutantsCommand } from "./mutants.ts";
import { openCommand } from "./open.ts";
import {
  clustersOption,
  collect,
  imagesOption,
  jsonOption,
  keepOption,
  manifestsOption,
  noCheckOption,
  outsideOption,
  parseCount,
  storeOption,
  writable,
} from "./options.ts";
import { reportCommand } from "./report.ts";
import { scenarioCommand } from "./scenario.ts";
import { upCommand } from "./up.ts";

const exitCodeHelp = `
Exit codes: 0 all passed; 1 a scenario failed; 2 wrong usage or a manifest that cannot be read;
3 this machine cannot run it; 130 interrupted, cleaned up.`;

/** Reads the arguments (without node and the file), runs the command, returns the exit code. */
export async function runProgram(args: string[], context: CommandContext): Promise<number> {
  let exitCode = 0;
  const finish = (code: number) => {
    exitCode = code;
  };
  const program = buildProgram(context, finish);
  program
    .command("complete", { hidden: true }) // what shells ask; see completion.ts
    .argument("[words...]")
    .action(async (words) => finish(await complete(context, buildProgram(context, finish), words)));
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    return explain(error, context);
  }
}

function buildProgram(context: CommandContext, finish: (exitCode: number) => void): Command {
  const program = new Command("npm run");
  const command = (name: string, description: string) =>
    program.command(name).description(description).exitOverride().addHelpText("after", examplesOf(name));
  program
    .description(
      "Proves that the manifests keep OpenCode's sessions, code and secrets safe on a real cluster.",
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .showHelpAfterError("(--help shows what there is)")
    .addHelpText("after", exitCodeHelp);

  command("scenario", "run scenarios against the manifests")
    .argument("[names...]", "names of scenarios, or all")
    .option(
      "--list",
      "show the scenarios and what they cover; with --manifests also the facts of that tree",
      false,
    )
    .addOption(manifestsOption())
    .option("--mutant <name>", "edit the tree with this mutant first")
    .option("--long", "also the steps that take minutes of waiting", false)
    .addOption(clustersOption())
    .addOption(keepOption())
    .addOption(imagesOption())
    .addOption(outsideOption())
    .addOption(storeOption())
    .addOption(noCheckOption())
    .addOption(jsonOption())
    .option("--junit <file>", "write JUnit XML", writable)
    .option("--watch", "again with each save of the tree, in a world that is kept warm", false)
    .option("--reuse", "in the world that was kept last (--keep, or npm run up)", false)
    .action(async (names, options, command) => {
      const isTreeGiven = command.getOptionValueSource("manifests") === "cli";
      finish(await scenarioCommand(context, names, { ...options, isTreeGiven }));
    });

  command("check", "say in seconds, without a cluster, what cannot work")
    .addOption(manifestsOption())
    .addOption(outsideOption())
    .addOption(jsonOption())
    .option(
      "--base <ref>",
      "also what is applied otherwise than at this commit, branch or tag, or where HEAD has left it; in a pull request's workflow its base",
    )
    .option("--sarif <file>", "write the findings as SARIF; - is standard output", writable)
    .action(async (options) => finish(await checkCommand(context, options)));

  command("mutants", "show that each mutant is caught, for the right reason")
    .argument("[names...]", "scenarios whose mutants to run; all if none is named")
    .option("--mutant <name>", "only this mutant (may be repeated)", collect, [])
    .addOption(clustersOption())
    .addOption(manifestsOption())
    .addOption(keepOption())
    .addOption(imagesOption())
    .addOption(outsideOption())
    .addOption(storeOption())
    .addOption(noCheckOption())
    .addOption(jsonOption())
    .action(async (names, options) => finish(await mutantsCommand(context, names, options)));

  command("compare", "what a change does: run the scenarios on a base and on the tree as it is")
    .argument("[names...]", "names of scenarios; all if none is named")
    .option(
      "--base <ref>",
      "a commit, branch or tag of the repository that the tree is in; in a pull request's workflow its base if not given",
    )
    .option("--runs <count>", "runs of each tree; medians are compared", parseCount, 1)
    .addOption(manifestsOption())
    .option("--long", "also the steps that take minutes of waiting", false)
    .addOption(imagesOption())
    .addOption(outsideOption())
    .addOption(storeOption())
    .addOption(noCheckOption())
    .option("--markdown <file>", "write it for a pull request", writable)
    .option("--json <file>", "write it as JSON", writable)
    .action(async (names, options) => finish(await compareCommand(context, names, options)));

  command("up", "leave a cluster with both workspaces running")
    .addOption(manifestsOption())
    .addOption(imagesOption())
    .addOption(outsideOption())
    .addOption(storeOption())
    .addOption(noCheckOption())
    .option("--open", "show them in a browser of their own, and wait until it is closed", false)
    .action(async (options) => finish(await upCommand(context, options)));

  command("report", "open the page of a run")
    .argument("[run]", "its name or a part of it, or its directory; the last run if none is named")
    .option("--no-open", "only say where it is")
    .action(async (run, options) => finish(await reportCommand(context, run, options)));

  command("open", "show workspaces of the cluster that up left, in a browser of their own")
    .argument("[workspaces...]", "flux, ha, …; all if none is named")
    .action(async (names) => finish(await openCommand(context, names)));

  command("down", "remove kept clusters, stop the private engine").action(async () =>
    finish(await downCommand(context)),
  );

  command("doctor", "what this machine has and lacks")
    .addOption(jsonOption("[file]").preset("-"))
    .action(async (options) => finish(await doctorCommand(context, options.json)));

  command("images", "prepare the images only")
    .addOption(imagesOption())
    .action(async (options) => finish(await imagesCommand(context, options.images)));

  command("bench", "measure what it must reach")
    .argument(
      "[names...]",
      "images, cluster, world, persistence, watch, all, mutants; everything if none is named",
    )
    .option("--runs <count>", "runs of what takes less than minutes; the median counts", parseCount, 3)
    .addOption(imagesOption())
    .addOption(jsonOption())
    .action(async (names, options) => finish(await benchCommand(context, names, options)));

  command("chaos", "bad luck for the harness itself, on a machine inside of this one")
    .option("--rounds <count>", "how many; every kind comes once before any comes twice", parseCount)
    .option("--seed <seed>", "what a run with a finding has printed: the same rounds again")
    .option("--only <kind...>", `only these kinds: ${kindNames.join(", ")}`)
    .option("--list", "show the kinds", false)
    .option("--plan", "print the rounds and play none", false)
    .addOption(jsonOption())
    .action(async (options) => finish(await chaosCommand(context, options)));

  command("completion", "print what completes the commands in a shell")
    .addArgument(new Argument("<shell>", "whose script").choices(shells))
    .action(async (shell) => finish(await completionCommand(context, shell)));
  return program;
}

/** What was thrown outside of a run: one message, what to do, the exit code. */
function explain(error: unknown, { stderr, env, signal }: CommandContext): number {
  const failure = failureOf(error);
  const paint = paintFor({ isTTY: stderr.isTTY === true, env });
  const lines = [
    `${paint("red", "error:")} ${failure.message}`,
    ...(failure.remedy === undefined ? [] : [failure.remedy]),
    ...(failure.where === undefined ? [] : [`Where to look: ${failure.where.join("; ")}`]),
    ...(failure.details === undefined ? [] : [failure.details]),
  ];
  stderr.write(quoted(`${lines.join("\n")}\n`, env));
  return signal.aborted ? exitCodes.interrupted : exitCodes[failure.code ?? "environment"];
}

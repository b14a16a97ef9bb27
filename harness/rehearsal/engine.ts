import { silent } from "../base/index.ts";
import { startPrivateEngine, stopPrivateEngine } from "../engine/index.ts";

/** `node harness/rehearsal/engine.ts start|stop`: run inside of a scene, whose network and names the engine has from then on. */
if (process.argv[2] === "stop") await stopPrivateEngine();
else process.stdout.write((await startPrivateEngine(silent)).host);

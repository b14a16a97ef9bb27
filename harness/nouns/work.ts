/** What a user leaves in a workspace and must find again: a session, files and commits, the login. */
export {
  expectKept,
  expectSameAuth,
  expectSameWork as expectSame,
  LeftTraces,
  readTraces,
  type Traces,
} from "../workspace/index.ts";

export { type WorkspaceFacts, workspaceFacts } from "./workspace-facts.ts";

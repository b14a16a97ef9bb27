/** The images of the home's workspaces, which name no user of their own. */
export const ofRoot = /(^|\/)(anomalyco\/opencode|alpine\/git)[:@]/;

/** OpenCode's official image is Alpine without bash and git. */
export const officialImage = /(^|\/)anomalyco\/opencode[:@]/;

/** Images whose tools are busybox's, and which have no bash. */
export const ofBusybox = /(^|\/)(alpine|busybox|alpine\/git|anomalyco\/opencode)[:@]/;

/** The images of the home's workspaces, which name no user of their own. */
export const ofRoot = /(^|\/)(anomalyco\/opencode|alpine\/git)[:@]/;

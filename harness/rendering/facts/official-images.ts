/** OpenCode's official image, under both of its names: Alpine without bash and git. */
export const officialImage = /(?:^|\/)(?:anomalyco|sst)\/opencode(?=[:@]|$)/;

/** Images that name no user of their own: it is root, unless the pod says otherwise. */
export const ofRoot = /(?:^|\/)(?:(?:anomalyco|sst)\/opencode|alpine\/git)(?=[:@]|$)/;

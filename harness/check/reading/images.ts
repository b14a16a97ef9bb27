/** Images whose tools are busybox's, and which have no bash. */
export const ofBusybox = /(?:^|\/)(?:alpine|busybox|alpine\/git|(?:anomalyco|sst)\/opencode)(?=[:@]|$)/;

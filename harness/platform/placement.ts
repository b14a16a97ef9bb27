/** The server's taint keeps workspaces off it; the platform lives there, so that draining an agent never moves it. */
export const onTheServer = {
  nodeSelector: { "node-role.kubernetes.io/control-plane": "true" },
  tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }],
};

/** Little, because the limits of a home cluster's machines are not what a run proves. */
export const smallRequests = { requests: { cpu: "10m", memory: "32Mi" } };

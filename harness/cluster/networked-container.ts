import type { StartedNetwork } from "testcontainers";
import { LocalContainer } from "./local-container.ts";

/**
 * A container whose one network is the run's, where it has this name. Testcontainers' own network aliases put a
 * container on the engine's default bridge first, which all runs share, and connect the network afterwards.
 */
export class NetworkedContainer extends LocalContainer {
  constructor(image: string, network: StartedNetwork, alias: string) {
    super(image);
    this.withNetwork(network);
    Object.assign(this.createOpts, onlyOn(network, alias));
  }
}

/** Create options that give the container its name on the network. */
export function onlyOn(network: StartedNetwork, alias: string): { NetworkingConfig: object } {
  return { NetworkingConfig: { EndpointsConfig: { [network.getName()]: { Aliases: [alias] } } } };
}

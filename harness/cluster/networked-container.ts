import type { StartedNetwork } from "testcontainers";
import { LocalContainer } from "./local-container.ts";

/**
 * A container whose one network is the run's, where it has these names. Testcontainers' own network aliases put a
 * container on the engine's default bridge first, which all runs share, and connect the network afterwards.
 */
export class NetworkedContainer extends LocalContainer {
  constructor(image: string, network: StartedNetwork, ...aliases: string[]) {
    super(image);
    this.withNetwork(network);
    Object.assign(this.createOpts, onlyOn(network, aliases));
  }
}

/** Create options that give the container its names on the network. */
export function onlyOn(network: StartedNetwork, aliases: string[]): { NetworkingConfig: object } {
  return { NetworkingConfig: { EndpointsConfig: { [network.getName()]: { Aliases: aliases } } } };
}

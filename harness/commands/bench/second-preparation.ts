import type { Probe } from "./measure.ts";

const name = "second preparation of the images";

/** How long it takes to see that everything is there. */
export const secondPreparation: Probe = {
  name: "images",
  title: "Second preparation",
  measures: [{ name, unit: "s", limit: 1 }],
  async run({ context: { rooms, signal }, images, progress }) {
    const { prepareImages } = rooms;
    const prepare = () => prepareImages({ source: images, progress, signal });
    await prepare();
    const startedAt = performance.now();
    await prepare();
    return { [name]: (performance.now() - startedAt) / 1_000 };
  },
};

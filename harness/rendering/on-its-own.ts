/**
 * Options for helm and kubectl, which read what is anybody's: of our own variables they get none, they find no program to
 * start, no settings but in the directory, which is ours, and ask nobody on the network. (No proxy is asked for what is on
 * this machine; `confined.ts` sees to that.)
 */
export const onItsOwn = (directory: string) => ({
  cwd: directory,
  env: {
    HOME: directory,
    PATH: "",
    KUBERC: "off",
    HTTPS_PROXY: "http://127.0.0.1:9",
    HTTP_PROXY: "http://127.0.0.1:9",
  },
  extendEnv: false,
});

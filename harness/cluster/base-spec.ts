/** Where the nodes have the certificate that every container of theirs is to trust, and the spec that says so. */
export const nodeCaFile = "/etc/rancher/k3s/ca.crt";
const specFile = "/etc/rancher/k3s/base-spec.json";

/** Where Debian, Alpine and Go programs look for the authorities that they trust. */
const trustStore = "/etc/ssl/certs/ca-certificates.crt";

/** Bun and Node have lists of their own, OpenSSL elsewhere another place: these say where to look. */
const trusting = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"].map((name) => `${name}=${trustStore}`);

const capabilities = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FSETID",
  "CAP_FOWNER",
  "CAP_MKNOD",
  "CAP_NET_RAW",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETFCAP",
  "CAP_SETPCAP",
  "CAP_NET_BIND_SERVICE",
  "CAP_SYS_CHROOT",
  "CAP_KILL",
  "CAP_AUDIT_WRITE",
];

const mount = (destination: string, type: string, source: string, ...options: string[]) => ({
  destination,
  type,
  source,
  options,
});

/**
 * What containerd makes every container of a pod from before it looks at the pod: its own default, as `ctr oci spec` of
 * containerd 1.7 prints it, and the run's certificate over the image's trust store. So an image needs no layer of ours,
 * and none has a certificate in it that outlives the run.
 */
export const baseSpec = {
  ociVersion: "1.2.0",
  process: {
    user: { uid: 0, gid: 0 },
    env: trusting,
    cwd: "/",
    capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
    rlimits: [{ type: "RLIMIT_NOFILE", hard: 1024, soft: 1024 }],
    noNewPrivileges: true,
  },
  root: { path: "rootfs" },
  mounts: [
    mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
    mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
    mount(
      "/dev/pts",
      "devpts",
      "devpts",
      "nosuid",
      "noexec",
      "newinstance",
      "ptmxmode=0666",
      "mode=0620",
      "gid=5",
    ),
    mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
    mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
    mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
    mount("/run", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
    mount(trustStore, "bind", nodeCaFile, "rbind", "ro"),
  ],
  linux: {
    resources: { devices: [{ allow: false, access: "rwm" }] },
    cgroupsPath: "/default",
    namespaces: ["pid", "ipc", "uts", "mount", "network"].map((type) => ({ type })),
    maskedPaths: [
      "/proc/acpi",
      "/proc/asound",
      "/proc/kcore",
      "/proc/keys",
      "/proc/latency_stats",
      "/proc/timer_list",
      "/proc/timer_stats",
      "/proc/sched_debug",
      "/sys/firmware",
      "/sys/devices/virtual/powercap",
      "/proc/scsi",
    ],
    readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
  },
};

const k3sContainerd = "/var/lib/rancher/k3s/agent/etc/containerd";

/**
 * Files that make a node use it, in k3s's own way: its template for containerd's configuration, extended by a directory
 * of drop-ins (which k3s has by itself from April 2026 on: then the template must go, TOML takes `imports` once only). Our
 * own node image knows the spec by its place.
 */
export const trustFiles = (caPem: string): { content: string; target: string }[] => [
  { content: caPem, target: nodeCaFile },
  { content: JSON.stringify(baseSpec), target: specFile },
  {
    content: `imports = ["${k3sContainerd}/config-v3.toml.d/*.toml"]\n{{ template "base" . }}\n`,
    target: `${k3sContainerd}/config-v3.toml.tmpl`,
  },
  {
    content: `version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]\n  base_runtime_spec = "${specFile}"\n`,
    target: `${k3sContainerd}/config-v3.toml.d/harness.toml`,
  },
];

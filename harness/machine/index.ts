export { removeControlGroups } from "./control-groups.ts";
export { copyCheckout } from "./copy-checkout.ts";
export { childOf, type Machine, type MachineOptions, openMachine } from "./machine.ts";
export { addresses, openWayOut, type WayOut } from "./way-out.ts";

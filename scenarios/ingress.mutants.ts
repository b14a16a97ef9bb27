import type { Mutant } from "../harness/index.ts";
import {
  app,
  domain,
  editRelease,
  gatewayApp,
  inBoth,
  inValues,
  noPassword,
  replaceInBoth,
  secretsElsewhere,
} from "./edits.ts";
import { plainHttp } from "./ingress.plain-http.ts";

const certificateKs = "kubernetes/apps/opencode/opencode-certificate/ks.yaml";

/** A filter on the one rule of both routes, as somebody adds who hardens a page. */
const onResponses = (change: object) =>
  inValues(({ route }) => {
    for (const rule of route?.app.rules ?? []) {
      rule.filters = [{ type: "ResponseHeaderModifier", responseHeaderModifier: change }];
    }
  });

const ready = "Flux reports everything Ready at the published revision";
const accepted = "the gateway has accepted each route, on its listener with TLS, and found its Service";
const covered = "a Ready Certificate covers each host, and the gateway serves it";
const published = "public DNS has records of the hosts that their owner publishes, and of no others";
const redirected = "plain HTTP redirects to HTTPS";
const closed = "a wrong host, a wrong password and no password get nothing";
const offered = "GitHub Copilot's models are offered in both workspaces";
const renewed = "the certificate is renewed without a drop";
const shown =
  "a browser that trusts the authority is asked for the password, shows OpenCode and opens a session";

/*
 * None makes "a browser that does not know the authority refuses each page" fail alone: nothing of the tree gives a browser
 * an authority. Its control is harness/workspace/browser-visit.test.ts.
 */
export const mutants: Mutant[] = [
  {
    name: "section-name-http",
    title: "the routes ask for listener http",
    pitfall: 9,
    overRunning: true,
    edit: replaceInBoth("helmrelease.yaml", "sectionName: https", "sectionName: http"),
    caughtBy: { step: accepted, message: /is not accepted by listener http .*NotAllowedByListeners/ },
  },
  {
    name: "parent-in-own-namespace",
    title: "the routes look for the Gateway in their own namespace",
    pitfall: 9,
    overRunning: true,
    edit: replaceInBoth(
      "helmrelease.yaml",
      "namespace: network\n            #",
      "namespace: opencode\n            #",
    ),
    caughtBy: {
      step: accepted,
      message: /asks Gateway opencode\/envoy-internal to take it, not network\/envoy-internal/,
    },
  },
  {
    name: "ingress-instead-of-route",
    title: "`ingress:` stands in place of `route:`",
    pitfall: 9,
    overRunning: true,
    edit: inValues((values, workspace) => {
      const names = values.route?.app.hostnames ?? [];
      const paths = [{ path: "/", service: { identifier: "app", port: "http" } }];
      const hosts = names.map((host) => ({ host, paths }));
      delete values.route;
      values.ingress = { app: { hosts, tls: [{ hosts: names, secretName: `${workspace}-tls` }] } };
    }),
    caughtBy: { step: accepted, message: /no HTTPRoute in namespace opencode leads to the Service/ },
  },
  {
    name: "service-port",
    title: "the Service has another port than the route asks for",
    pitfall: 9,
    overRunning: true,
    edit: replaceInBoth(
      "helmrelease.yaml",
      "port: 4096\n            # Pitfall 4.",
      "port: 8080\n            # Pitfall 4.",
    ),
    caughtBy: { step: accepted, message: /has no resolved references: PortNotFound/ },
  },
  {
    name: "target-port",
    title: "the Service leads to a port on which nobody listens",
    pitfall: 9,
    overRunning: true,
    edit: replaceInBoth(
      "helmrelease.yaml",
      "port: 4096\n            # Pitfall 4.",
      "port: 4096\n            targetPort: 8080\n            # Pitfall 4.",
    ),
    caughtBy: { step: closed, message: /did not answer within [\d.]+ s[\s\S]*last: 503/ },
  },
  {
    name: "one-label-wildcard",
    title: "the certificate is for *.angryninja.cloud only",
    pitfall: 9,
    overRunning: true,
    edit: (tree) =>
      tree.replaceText(`${gatewayApp}/certificate.yaml`, `"*.opencode.${domain}"`, `"*.${domain}"`),
    caughtBy: {
      step: covered,
      message: /no Certificate covers (flux|ha)\.opencode.*opencode-production has \*\.angryninja\.cloud/,
    },
  },
  {
    name: "certificate-in-app-namespace",
    title: "the Certificate and its Secret are in the namespace of the workspaces",
    pitfall: 9,
    // Not over running workspaces: Flux may apply this revision once more to the namespace that it had before.
    edit: (tree) => {
      tree.replaceText(certificateKs, "namespace: network", "namespace: opencode");
      tree.replaceText(certificateKs, "targetNamespace: network", "targetNamespace: opencode");
      tree.replaceText(`${gatewayApp}/certificate.yaml`, "namespace: network", "namespace: opencode");
    },
    caughtBy: {
      step: covered,
      message:
        /is in Secret opencode\/opencode-production-tls, and Gateway network\/envoy-internal serves only/,
    },
  },
  {
    name: "secret-in-another-namespace",
    title: "the ExternalSecrets make their Secrets in namespace network",
    pitfall: 5,
    edit: secretsElsewhere,
    caughtBy: { step: ready, message: /secret "opencode-(flux|ha)-secret" not found/ },
  },
  {
    name: "published-internal-host",
    title: "the routes carry the annotation by which external-dns makes public records",
    overRunning: true,
    edit: inValues(({ route }) => {
      if (route) route.app.annotations = { "external-dns.home.arpa/enabled": "true" };
    }),
    caughtBy: {
      step: published,
      message: /external-dns publishes (flux|ha)\.opencode.* CNAME internal\..*everybody can look up/,
    },
  },
  {
    name: "plain-http",
    title: "a route of the Gateway's namespace serves the hosts without TLS",
    pitfall: 9,
    overRunning: true,
    edit: plainHttp,
    caughtBy: { step: redirected, message: /http:\/\/(flux|ha)\.opencode.* answers 401, not a redirect/ },
  },
  {
    name: "wildcard-host",
    title: "a route takes every host below opencode",
    pitfall: 9,
    overRunning: true,
    edit: (tree) =>
      editRelease(tree, "opencode-flux", ({ values }) => {
        values.route?.app.hostnames.push(`*.opencode.${domain}`);
      }),
    caughtBy: {
      step: closed,
      message: /https:\/\/nobody\.opencode.* answers 401: a host that is no workspace/,
    },
  },
  {
    name: "no-password",
    title: "OpenCode gets no password",
    overRunning: true,
    edit: noPassword,
    caughtBy: {
      step: closed,
      message: /answers 200 (without a password|with a wrong (password|user)), not 401/,
    },
  },
  {
    name: "copilot-login-mixed-up",
    title: "auth.json is made of the password's key",
    pitfall: 11,
    edit: inBoth((tree, workspace) => {
      const file = `${app(workspace)}/externalsecret.yaml`;
      const key = workspace.replace("-", "_").toUpperCase();
      tree.replaceText(file, `{{ .${key}_COPILOT_AUTH_JSON }}`, `{{ .${key}_SERVER_PASSWORD }}`);
    }),
    caughtBy: { step: offered, message: /should offer GitHub Copilot's models, and offers those of/ },
  },
  {
    name: "request-timeout-3s",
    title: "the policy gives a request 3 seconds",
    pitfall: 4,
    overRunning: true,
    edit: replaceInBoth("backendtrafficpolicy.yaml", "requestTimeout: 0s", "requestTimeout: 3s"),
    caughtBy: {
      step: renewed,
      // What OpenCode itself takes longer for has 504.
      message: /the busy event stream of opencode-(flux|ha) was cut after [34]\.\d\d s|answered 504/,
    },
  },
  {
    name: "no-challenge",
    title: "a filter of the routes takes the header away that asks for the password",
    overRunning: true,
    edit: onResponses({ remove: ["WWW-Authenticate"] }),
    caughtBy: {
      step: shown,
      message: /should ask a browser for a password, and has status 401, and no WWW-Authenticate/,
    },
  },
  {
    name: "content-security-policy",
    title: "a filter of the routes forbids the page its own scripts",
    overRunning: true,
    edit: onResponses({ set: [{ name: "Content-Security-Policy", value: "default-src 'none'" }] }),
    caughtBy: {
      step: shown,
      message: /a browser at https:\/\/(flux|ha)\.opencode.* should show OpenCode, and does not/,
    },
  },
];

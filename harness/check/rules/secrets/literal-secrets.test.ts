import { expect, it } from "vitest";
import { knownTokens } from "./literal-secrets.ts";

const address = (password: string) =>
  `  DATABASE_URL: "postgresql://chess:${password}@db.games.svc:5432/chess"\n`;

it.each(["REPLACE_ME_CHESS_PASSWORD", "change-me-please", "<password>", "your_password", "xxxxxxxx"])(
  "takes %s for what is there to be replaced",
  async (password) => {
    expect(await knownTokens(address(password))).toEqual([]);
  },
);

it.each(["tooth".repeat(5), "chess_replaced_123", "changeling77"])(
  "takes %s for a password",
  async (password) => {
    expect(await knownTokens(`# example\n${address(password)}`)).toMatchObject([{ line: 2 }]);
  },
);

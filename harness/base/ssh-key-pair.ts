import ssh2 from "ssh2";

/**
 * A key pair as `ssh-keygen -t ed25519` makes it: OpenSSH's private key, and a line of authorized_keys. ssh2 takes zero bytes
 * off the beginning of a public key, with which one in 256 begins (lib/keygen.js of 1.17): such a pair nobody can read, and
 * another one is made.
 */
export function newEd25519Pair(): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

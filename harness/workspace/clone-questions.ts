/* What a clone is asked with git's own words, wherever it came from and whatever its owner calls that. */

/** The address that it was cloned from: that of `origin`, or of the one remote that it has. */
export const remoteAddress = 'git remote get-url "$(git remote | grep -x origin || git remote | head -n 1)"';

/** Sets $published to what is known of GitHub; of a clone whose branch follows none, that of its remote. */
const published = `published=$(git rev-parse --quiet --verify '@{upstream}' 2>/dev/null ||
  git for-each-ref --count=1 --format='%(objectname)' refs/remotes)`;

/** What its user has done there, in the order of the answers; each is one answer. */
export const workQuestions = [
  `${published}
{ git diff --name-only "\${published:-HEAD}"; git ls-files --others --exclude-standard; } | sort | xargs -r -d '\\n' sha256sum`,
  remoteAddress,
  "git rev-parse HEAD",
  `git log --format='%H %s' "\${published:-HEAD}..HEAD"`,
  "git status --porcelain",
  "git diff",
];

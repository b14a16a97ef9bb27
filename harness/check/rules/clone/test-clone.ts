export const isThere = 'echo "$repo is there, not cloned again"';
export const aside = 'mv "$repo" "$repo.without-git.$(date +%s)"';

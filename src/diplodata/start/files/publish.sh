#!/bin/sh
# Publish this version beside the earlier ones: they live on the branch "releases", which a web server can serve.
set -eu
git config user.name "${GIT_AUTHOR_NAME:-data}"
git config user.email "${GIT_AUTHOR_EMAIL:-data@localhost}"
git fetch origin releases:refs/remotes/origin/releases 2>/dev/null || true
if git rev-parse --verify --quiet origin/releases >/dev/null; then
    git worktree add -B releases .releases origin/releases
else
    # The first release: a branch without a history of its own.
    empty=$(git commit-tree "$(git hash-object -w -t tree --stdin </dev/null)" -m "Begin the releases")
    git worktree add -B releases .releases "$empty"
fi
diplodata publish .releases
cd .releases
git add --all
if ! git diff --cached --quiet; then
    git commit --quiet --message "Publish $(git -C .. describe --tags --always)"
fi
git push origin releases

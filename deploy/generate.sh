#!/bin/sh
# Writes the manual pages and the shells' completions of careerbot, for packages.
#
#   deploy/generate.sh DIR [COMMAND…]
#
# makes DIR/man and DIR/completions by running COMMAND, which is "go run ./cmd/careerbot" unless it is given; that needs
# the repository's root as working directory. SOURCE_DATE_EPOCH, in seconds, sets the date in the pages.
set -eu

dir=${1:?usage: deploy/generate.sh DIR [COMMAND…]}
shift
[ $# -gt 0 ] || set -- go run ./cmd/careerbot

mkdir -p "$dir/man" "$dir/completions"
"$@" man "$dir/man"
"$@" completion bash >"$dir/completions/careerbot.bash"
"$@" completion zsh >"$dir/completions/_careerbot"
"$@" completion fish >"$dir/completions/careerbot.fish"
"$@" completion powershell >"$dir/completions/careerbot.ps1"

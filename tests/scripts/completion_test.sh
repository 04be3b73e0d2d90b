#!/bin/bash
# The completion scripts, loaded by each shell, completing real lines. No database: names of blogs and
# uploads are then simply not offered. $DEVY_PROGRAM: the built program.
# shellcheck disable=SC2016,SC2317 # other shells expand, and expect() calls by name
set -u
program=${DEVY_PROGRAM:?the built devy-upload}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/work/posts"
cd "$folder/work" || exit 1
echo >posts/a.md
path=$(dirname "$program"):$PATH
export PATH=$path HOME=$folder DEVY_CLUSTER_DIRECTORY=$folder/none
failures=0

expect() {  # shell, line, expected words in any order
  local found wanted
  found=$(complete_"$1" "$2" 2>&1 | sort | tr '\n' ' ')
  wanted=$(tr ' ' '\n' <<<"$3" | sort | tr '\n' ' ')
  if [ "$found" = "$wanted" ]; then echo "ok: $1: $2"
  else
    echo "failed: $1: '$2' gave '$found', not '$wanted'"
    failures=$((failures + 1))
  fi
}

complete_bash() {
  bash --norc -c '
    source <(devy-upload completion bash)
    COMP_LINE=$1 COMP_POINT=${#1}
    _devy_upload
    printf "%s\n" "${COMPREPLY[@]}"' bash "$1"
}

complete_fish() {
  fish --no-config -c 'devy-upload completion fish | source; complete -C $argv[1]' "$1" |
    sed 's/\t.*//; s|/$||'
}

# zsh completes only at a prompt: a pseudo-terminal of its own, TAB, and what compadd was given.
complete_zsh() {
  zsh -f -c '
    zmodload zsh/zpty
    zpty -b shell zsh -f -i
    zpty -w shell "PROMPT=; autoload -Uz compinit; compinit -u -d $HOME/.zcompdump"
    zpty -w shell "source <(devy-upload completion zsh)"
    zpty -w shell "compadd() { local -a given; builtin compadd -O given \"\$@\"
      print -rl -- \$given >>\$HOME/given; }; zle -C complete-word complete-word _generic
      complete-and-tell() { zle complete-word; : >\$HOME/completed; }; zle -N complete-and-tell
      bindkey \"^I\" complete-and-tell; : >\$HOME/given; rm -f \$HOME/completed; echo loa\"\"ded"
    zpty -r -m shell line "*loaded*"
    zpty -n -w shell "$1"$'"'\\t'"'
    for i in {1..400}; do [[ -e $HOME/completed ]] && break; sleep 0.05; done
    zpty -d shell' zsh "$1" >/dev/null
  sort -u "$folder/given"
}

# Names of uploads come from the program that is completed.
cat >fake <<'END'
#!/bin/bash
[[ $* == 'completion --candidates upload --of='* ]] && printf '%s\n' @last @last-failed
END
chmod +x fake
expect bash './fake inspect @l' '@last @last-failed'
expect bash './fake watch @last-' '@last-failed'

for shell in bash zsh fish; do
  if ! command -v "$shell" >/dev/null; then
    echo "failed: $shell is not installed: run scripts/install-deps"
    failures=$((failures + 1))
    continue
  fi
  expect "$shell" 'devy-upload tr' 'trigger'
  expect "$shell" 'devy-upload blog ' 'connect disconnect list remove set show'
  expect "$shell" 'devy-upload completion ' 'bash fish zsh'
  expect "$shell" 'devy-upload -c posts/a.md db st' 'start status stop'
  expect "$shell" 'devy-upload blog connect --br' '--branch'
  expect "$shell" 'devy-upload --color ' 'always auto never'
  expect "$shell" 'devy-upload check po' 'posts'
done
exit "$failures"

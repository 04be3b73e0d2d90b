#include "cli/commands/platform/completion.hpp"

namespace devy::cli {
namespace {

// The line is split at blanks here: bash would also split it at = and :, and would then expect only
// the part behind the last of them. It splits at @ too, but replaces the @ with what is behind it.
constexpr std::string_view driver = R"sh(
__devy_upload_reply() {
  local cur=$1 kind=$2
  case "$kind" in
    file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
    directory) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
    words\ *) mapfile -t COMPREPLY < <(compgen -W "${kind#words }" -- "$cur") ;;
    blog|upload|account|post|delivery)
      mapfile -t COMPREPLY < <(compgen -W \
        "$("$__devy_upload_program" completion --candidates "$kind" --of="$3" 2>/dev/null)" -- "$cur") ;;
  esac
}

_devy_upload() {
  local line=${COMP_LINE:0:COMP_POINT} words=() word cur command='' group='' kind='' ended='' index=0
  read -r -a words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  __devy_upload_program=${words[0]/#\~/$HOME}
  cur=${words[${#words[@]}-1]}
  COMPREPLY=()
  for word in "${words[@]:1:${#words[@]}-2}"; do
    if [[ -n $kind ]]; then kind=''
    elif [[ -n $ended || $word != -* ]]; then
      if [[ -n $command ]]; then index=$((index + 1))
      elif [[ -n $group ]]; then command="$group $word"
      elif [[ -n $(__devy_upload_commands "$word") ]]; then group=$word
      else command=$(__devy_upload_canonical "$word")
      fi
    elif [[ $word == -- ]]; then ended=1
    else kind=$(__devy_upload_value "$command" "$word")
    fi
  done
  if [[ -n $kind ]]; then __devy_upload_reply "$cur" "$kind"
  elif [[ -z $ended && $cur == --*=* ]]; then
    word=${cur%%=*}
    kind=$(__devy_upload_value "$command" "$word")
    [[ -n $kind ]] || kind=$(__devy_upload_value "$command" "$word=")
    __devy_upload_reply "${cur#*=}" "$kind"
    return
  elif [[ -z $ended && $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(__devy_upload_options "$command")" -- "$cur")
  elif [[ -z $command ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(__devy_upload_commands "$group")" -- "$cur")
  else
    __devy_upload_reply "$cur" "$(__devy_upload_positional "$command" "$index")" \
      "${words[${#words[@]}-2]}"
  fi
  local head=${cur%"${cur##*[:=]}"}
  COMPREPLY=("${COMPREPLY[@]#"$head"}")
}
complete -F _devy_upload devy-upload
)sh";

}  // namespace

std::string bash_completion(const CommandTable& table) {
  return "# bash completion for devy-upload, made by `devy-upload completion bash`.\n" +
         shell_facts(table) + std::string(driver.substr(1));
}

}  // namespace devy::cli

#include "cli/commands/platform/completion.hpp"

namespace devy::cli {
namespace {

constexpr std::string_view zsh_driver = R"sh(
__devy_upload_reply() {
  case "$1" in
    file) _files ;;
    directory) _files -/ ;;
    words\ *) compadd -- ${=1#words } ;;
    blog|upload|account|post|delivery)
      compadd -- ${(f)"$("$__devy_upload_program" completion --candidates "$1" --of="$2" 2>/dev/null)"} ;;
  esac
}

_devy_upload() {
  local word command='' group='' kind='' ended='' index=0
  local cur=${words[CURRENT]}
  __devy_upload_program=${(Q)~words[1]}
  for word in "${(@)words[2,CURRENT-1]}"; do
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
  if [[ -n $kind ]]; then __devy_upload_reply "$kind"
  elif [[ -z $ended && $cur == --*=* ]]; then
    word=${cur%%=*}
    kind=$(__devy_upload_value "$command" "$word")
    [[ -n $kind ]] || kind=$(__devy_upload_value "$command" "$word=")
    compset -P 1 '*='
    __devy_upload_reply "$kind"
  elif [[ -z $ended && $cur == -* ]]; then compadd -- ${=$(__devy_upload_options "$command")}
  elif [[ -z $command ]]; then compadd -- ${=$(__devy_upload_commands "$group")}
  else
    __devy_upload_reply "$(__devy_upload_positional "$command" "$index")" "${words[CURRENT-1]}"
  fi
}

# As a file of $fpath it is called; sourced, it announces itself.
if [[ ${funcstack[1]} == _devy_upload || ${funcstack[1]} == _devy-upload ]]; then _devy_upload "$@"
else compdef _devy_upload devy-upload
fi
)sh";

}  // namespace

std::string zsh_completion(const CommandTable& table) {
  return "#compdef devy-upload\n# Made by `devy-upload completion zsh`.\n" + shell_facts(table) +
         std::string(zsh_driver.substr(1));
}

}  // namespace devy::cli

#pragma once
// A command of devy-upload as data: its words, arguments, options and help, and the function that
// runs it. command_line.cpp parses by it, command_help.cpp prints it, `completion` and the man page
// test read it. Values that are built once; any thread may read them.

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace devy::cli {

class Arguments;
class Context;

// The type of a value; it decides how the value is checked and how shells complete it.
enum class ValueKind {
  text,
  number,
  duration,
  moment,  // moment.hpp
  file,
  directory,
  blog,
  upload,
  account,
  post,      // a slug of the blog that stands before it
  delivery,  // its GUID
};

struct Option {
  std::string name = {};   // "since" is given as --since
  char short_name = '\0';  // 'n' is given as -n
  std::string value = {};  // placeholder in help, "D"; empty: a flag
  std::string help = {};   // one line, lower case, no full stop
  ValueKind kind = ValueKind::text;
  std::string default_value = {};  // empty: absent unless given
  // When set, the option's value may be omitted, and only `--name=value` gives one: --wait[=120s].
  std::string implied_value = {};
  bool is_repeatable = false;  // may be given several times, or separated by commas
  std::vector<std::string> choices = {};
  std::int64_t least = 0;  // the smallest allowed number
  std::int64_t most = std::numeric_limits<std::int32_t>::max();
};

struct Positional {
  std::string name = {};  // "blog" is shown as <blog>
  std::string help = {};
  ValueKind kind = ValueKind::text;
  bool is_optional = false;
  bool is_repeatable = false;  // takes all remaining arguments
  std::vector<std::string> choices = {};
};

struct Command {
  std::string name = {};                   // "list", "blog connect"
  std::vector<std::string> aliases = {};   // other first words: "ls"
  std::string summary = {};                // one line, no full stop
  std::string help = {};                   // paragraphs; sentences
  std::vector<std::string> examples = {};  // whole command lines
  std::vector<Positional> positionals = {};
  std::vector<Option> options = {};
  // The field of an element of its JSON document that names it, for `--output name`.
  std::string name_field = "id";
  // Its text for people may be long: it goes through a pager (pager.hpp).
  bool is_paged = false;
  // Returns the exit status. Throws base::Error, also of kind usage for arguments that contradict
  // each other.
  int (*run)(Context&, const Arguments&) = nullptr;
};

// Options that are accepted before and after every command.
[[nodiscard]] const std::vector<Option>& global_options();

}  // namespace devy::cli

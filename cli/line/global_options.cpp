#include "cli/line/command.hpp"

namespace devy::cli {

const std::vector<Option>& global_options() {
  static const std::vector<Option> options{
      {.name = "config",
       .short_name = 'c',
       .value = "FILE",
       .help = "read this file instead of ./devy-upload.toml or /etc/devy/devy-upload.toml",
       .kind = ValueKind::file},
      {.name = "db", .value = "CONNINFO", .help = "the PostgreSQL to use, as libpq writes it"},
      {.name = "json", .help = "print one JSON document"},
      {.name = "output",
       .short_name = 'o',
       .value = "FORM",
       .help =
           "how lists are printed: as a table, a wide one that is not cut, names alone, one JSON "
           "document, or JSON by the line",
       .choices = {"table", "wide", "name", "json", "jsonl"}},
      {.name = "sort",
       .value = "NAME",
       .help = "sort what is listed by a column, or by a field of the JSON; =-NAME: from the end",
       .is_repeatable = true},
      {.name = "jq", .value = "FILTER", .help = "print what this filter of jq makes of the JSON"},
      {.name = "quiet", .short_name = 'q', .help = "no progress and no remarks on stderr"},
      {.name = "verbose", .short_name = 'v', .help = "log what happens; twice: in detail"},
      {.name = "color",
       .value = "WHEN",
       .help = "colour the output: auto, always or never",
       .choices = {"auto", "always", "never"}},
      {.name = "no-pager", .help = "print long output as it is"},
      {.name = "yes", .short_name = 'y', .help = "do not ask before bulk or destructive acts"},
      {.name = "dry-run", .help = "say what would be done and change nothing"},
      {.name = "help", .short_name = 'h', .help = "show help"},
      {.name = "version", .help = "show the version"},
  };
  return options;
}

}  // namespace devy::cli

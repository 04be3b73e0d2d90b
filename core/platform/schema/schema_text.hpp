#pragma once
// Splits the statements of schema.sql into two sorts: the structure (tables, types, indexes, first
// rows), which only an upgrade step changes, and the definitions (functions, views, triggers,
// comments), each `create or replace` or `comment on`, which may be applied again at any time.
// Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace devy::schema {

struct SchemaText {
  std::string definitions;         // a script, in the order of the text
  std::string structure_digest;    // hexadecimal SHA-256 of the statements without comments
  std::string definitions_digest;  // likewise
  // Their names as they are written there: "claim", "github.apply_issue".
  std::vector<std::string> tables, views, functions;
};

// A statement ends with a semicolon at the end of a line, outside of $$ … $$.
[[nodiscard]] SchemaText read_schema(std::string_view sql);

}  // namespace devy::schema

#pragma once
// schema.sql as statements of two sorts: the structure (tables, types, indexes, first rows), which
// only an upgrade step changes, and the definitions (functions, views, triggers, comments), which
// may be applied again at any time: each is `create or replace` or `comment on`. Pure; any thread.

#include <string>
#include <string_view>

namespace devy::store {

struct SchemaText {
  std::string definitions;         // a script, in the order of the text
  std::string structure_digest;    // hexadecimal SHA-256 of the statements, comments left out
  std::string definitions_digest;  // likewise
};

// What a statement ends with: a semicolon at the end of a line, outside of $$ … $$.
[[nodiscard]] SchemaText read_schema(std::string_view sql);

}  // namespace devy::store

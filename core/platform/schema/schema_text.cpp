#include "core/platform/schema/schema_text.hpp"

#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"

namespace devy::schema {
namespace {

bool is_definition(std::string_view statement) {
  return statement.starts_with("create or replace ") || statement.starts_with("comment on ");
}

bool has_odd_dollars(std::string_view line) {
  bool is_odd = false;
  for (auto at = line.find("$$"); at != line.npos; at = line.find("$$", at + 2))
    is_odd = !is_odd;
  return is_odd;
}

// Empty lines and whole lines of comment, where no statement's text is quoted.
bool is_remark(std::string_view line) {
  const auto begin = line.find_first_not_of(' ');
  return begin == line.npos || line.substr(begin).starts_with("--");
}

// "devy.x" of "create table devy.x (…"; empty unless the statement begins with `what`.
std::string created_name(std::string_view statement, std::string_view what) {
  if (!statement.starts_with(what)) return {};
  const auto rest = statement.substr(what.size());
  return std::string(rest.substr(0, rest.find_first_of(" (;\n")));
}

void note_created(std::string_view statement, SchemaText& read) {
  const auto note = [&](std::string_view what, std::vector<std::string>& names) {
    if (auto name = created_name(statement, what); !name.empty()) names.push_back(std::move(name));
  };
  note("create table ", read.tables);
  note("create or replace view ", read.views);
  note("create or replace function ", read.functions);
  // One that others were made like, and that is gone when all are made.
  if (const auto dropped = created_name(statement, "drop table "); !dropped.empty())
    std::erase(read.tables, dropped);
}

}  // namespace

SchemaText read_schema(std::string_view sql) {
  SchemaText read;
  base::Sha256Stream structure, definitions;
  std::string statement;
  bool is_quoted = false;
  while (!sql.empty()) {
    const auto line = sql.substr(0, sql.find('\n'));
    sql.remove_prefix(std::min(sql.size(), line.size() + 1));
    if (!is_quoted && is_remark(line)) continue;
    if (has_odd_dollars(line)) is_quoted = !is_quoted;
    statement.append(line).append("\n");
    if (is_quoted || !line.ends_with(';')) continue;
    note_created(statement, read);
    (is_definition(statement) ? definitions : structure).field(statement);
    if (is_definition(statement)) read.definitions += statement;
    statement.clear();
  }
  structure.field(statement);  // what has no end is not lost
  read.structure_digest = base::to_hex(structure.finish());
  read.definitions_digest = base::to_hex(definitions.finish());
  return read;
}

}  // namespace devy::schema

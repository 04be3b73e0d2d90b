// TOML by toml++, behind config/toml_guard's check.
#include <toml++/toml.h>

#include <sstream>

#include "core/platform/config/toml_guard.hpp"
#include "core/publishing/post/front_matter_reader.hpp"

namespace devy::post {
namespace {

markdown::Place to_place(const toml::source_region& source) {
  // The block's first line is the file's second.
  return {source.begin.line + 1, source.begin.column};
}

template <class Printable>
std::string print(const Printable& value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}

Value convert(const toml::node& node, markdown::Place fallback) {
  Value value;
  value.place = node.source().begin ? to_place(node.source()) : fallback;
  switch (node.type()) {
    case toml::node_type::table:
      value.kind = Value::Kind::map;
      for (const auto& [key, member] : *node.as_table())
        value.members.push_back({std::string(key.str()), convert(member, to_place(key.source()))});
      break;
    case toml::node_type::array:
      value.kind = Value::Kind::list;
      for (const auto& item : *node.as_array())
        value.items.push_back(convert(item, value.place));
      break;
    case toml::node_type::string:
      value.kind = Value::Kind::text;
      value.text = node.as_string()->get();
      break;
    case toml::node_type::integer:
      value.kind = Value::Kind::integer;
      value.text = std::to_string(node.as_integer()->get());
      break;
    case toml::node_type::floating_point:
      value.kind = Value::Kind::real;
      value.text = print(node.as_floating_point()->get());
      break;
    case toml::node_type::boolean:
      value.kind = Value::Kind::boolean;
      value.text = node.as_boolean()->get() ? "true" : "false";
      break;
    case toml::node_type::date:
      value.kind = Value::Kind::date;
      value.text = print(node.as_date()->get());
      break;
    case toml::node_type::time:
      value.kind = Value::Kind::date;
      value.text = print(node.as_time()->get());
      break;
    case toml::node_type::date_time:
      value.kind = Value::Kind::date;
      value.text = print(node.as_date_time()->get());
      break;
    case toml::node_type::none: break;
  }
  return value;
}

}  // namespace

std::variant<Value, ReadFailure> read_toml(std::string_view block) {
  if (auto problem = config::find_toml_problem(block))
    return ReadFailure{{problem->line + 1, problem->column},
                       "front matter has " + problem->message};
  try {
    const toml::table table = toml::parse(block);
    return convert(table, {2, 1});
  } catch (const toml::parse_error& error) {
    return ReadFailure{to_place(error.source()),
                       "unable to read the front matter: " + std::string(error.description())};
  }
}

}  // namespace devy::post

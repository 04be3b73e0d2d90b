// TOML by toml++, behind config/toml_guard's check.
#include <toml++/toml.h>

#include <array>
#include <sstream>

#include "core/platform/config/toml_guard.hpp"
#include "core/publishing/post/front_matter_reader.hpp"
#include "core/publishing/post/yaml_advice.hpp"

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

struct TomlAdvice {
  std::string_view words;  // of toml++'s description
  std::string_view why;
};

constexpr std::string_view text_in_quotes =
    "the value is no text in quotes, number, date, true or false; put the value in quotes";
// The first whose words are in the description is given.
constexpr std::array toml_advice{
    TomlAdvice{"expected '=', saw ':'", "TOML has '=' and not ':' between a key and its value"},
    TomlAdvice{"expected '='",
               "'=' is missing between the key and its value; a key of several words stands in "
               "quotes"},
    TomlAdvice{"cannot redefine", "the key is there twice; keep one of the two"},
    TomlAdvice{"comma or closing ']'",
               "the list needs a comma between its values, and ']' at its end"},
    TomlAdvice{"inline table",
               "a map in braces stands on one line, with a comma between its values and none at "
               "its end"},
    TomlAdvice{"table header", "the name in brackets is not closed by ']'"},
    TomlAdvice{"expected a comment or whitespace",
               "text follows the value; put the value in quotes of the other kind"},
    TomlAdvice{"control characters", unclosed_quote},
    TomlAdvice{"end-of-file", "a quote or a bracket is not closed before the front matter ends"},
    TomlAdvice{"hex digit",
               "a backslash in double quotes begins an escape that TOML does not know; write two, "
               "or put the value in single quotes"},
    TomlAdvice{"escape sequence",
               "a backslash in double quotes begins an escape that TOML does not know; write two, "
               "or put the value in single quotes"},
    TomlAdvice{"parsing date", "write the date as 2024-01-02, or put the value in quotes"},
    TomlAdvice{"parsing time", "write the time as 10:30:00, or put the value in quotes"},
    TomlAdvice{"expected value", "the key has no value; write one, or take the key away"},
    TomlAdvice{"expected keys", "the line is no 'key = value'"},
    TomlAdvice{"parsing boolean", text_in_quotes},
    TomlAdvice{"parsing value", text_in_quotes},
    TomlAdvice{"integer", "the number cannot be read; put the value in quotes"},
    TomlAdvice{"floating-point", "the number cannot be read; put the value in quotes"},
};

ReadFailure advise_toml(std::string_view block, markdown::Place place, std::string_view message) {
  for (const auto& [words, why] : toml_advice) {
    if (message.find(words) == std::string_view::npos) continue;
    // toml++ stops at the end of the line; the fault is where its last value begins.
    if (why == unclosed_quote) {
      const auto line = YamlText(block).line(place.line - 2).text;
      const auto quote = line.find_first_of("\"'");
      if (quote != std::string_view::npos) place.column = static_cast<std::uint32_t>(quote + 1);
    }
    return unreadable(place, why);
  }
  return unreadable(place, "the line cannot be read as 'key = value'; put the value in quotes");
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
    return advise_toml(block, to_place(error.source()), error.description());
  }
}

}  // namespace devy::post

#include "core/platform/config/toml_file.hpp"

#include <toml++/toml.h>

#include <vector>

#include "core/platform/base/closest_name.hpp"
#include "core/platform/config/setting.hpp"
#include "core/platform/config/toml_guard.hpp"

namespace devy::config {
namespace {

std::string place(const std::string& name, const toml::source_position& at) {
  return name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::optional<Value> to_value(const toml::node& node) {
  if (const auto* truth = node.as_boolean()) return Value{truth->get()};
  if (const auto* number = node.as_integer()) return Value{number->get()};
  if (const auto* text = node.as_string()) return Value{text->get()};
  const auto* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& item : *array) {
    if (!item.is_string()) return std::nullopt;
    texts.push_back(item.as_string()->get());
  }
  return Value{std::move(texts)};
}

bool is_section(std::string_view key) {
  const std::string prefix = std::string(key) + ".";
  for (const auto& setting : settings())
    if (setting.key.starts_with(prefix)) return true;
  return false;
}

// Suggests keys and sections that could be meant: for "git.url_hots" whole keys, for "gti" sections
// too.
std::string unknown_key(const std::string& key) {
  std::vector<std::string_view> candidates;
  for (const auto& setting : settings()) {
    candidates.push_back(setting.key);
    const auto dot = setting.key.find('.');
    if (dot != std::string_view::npos) candidates.push_back(setting.key.substr(0, dot));
  }
  std::string message = "unknown key " + in_quotes(key);
  if (const auto meant = base::closest_name(key, candidates)) {
    message += ", did you mean " + in_quotes(*meant) + "?";
    return message;
  }
  // The right name in the wrong section.
  const auto own = key.substr(key.rfind('.') + 1);
  for (const auto& setting : settings())
    if (setting.key.ends_with("." + own))
      return message + ", did you mean " + in_quotes(setting.key) + "?";
  return message;
}

class Reader {
 public:
  Reader(const std::string& name, Loaded& loaded, Places& places)
      : name_(name), loaded_(loaded), places_(places) {}

  void read_table(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string full = prefix + std::string(key.str());
      const std::string where = place(name_, key.source().begin);
      if (const auto* setting = find_setting(full)) read_value(*setting, node, where);
      else if (!is_section(full)) problem(where, unknown_key(full), true);
      else if (const auto* section = node.as_table()) read_table(*section, full + ".");
      else problem(where, in_quotes(full) + " must be a section: [" + full + "]", false);
    }
  }

  void problem(std::string where, std::string message, bool is_warning) {
    loaded_.problems.push_back({std::move(where), std::move(message), is_warning});
  }

 private:
  void read_value(const Setting& setting, const toml::node& node, const std::string& where) {
    const std::string key(setting.key);
    places_[key] = where;
    // A value that fits no kind at all gets the message of one that fits another.
    const Value value = to_value(node).value_or(Value{std::vector<std::string>{""}});
    if (const auto fault = assign(setting, loaded_.config, value))
      problem(where, key + " " + *fault, false);
    else loaded_.origins[key] = "file";
  }

  const std::string& name_;
  Loaded& loaded_;
  Places& places_;
};

}  // namespace

void read_toml(std::string_view text, const std::string& name, Loaded& loaded, Places& places) {
  Reader reader(name, loaded, places);
  if (text.size() > file_bytes_max) {
    reader.problem(name, "is larger than 64 KiB, which no configuration needs", false);
    return;
  }
  if (const auto problem = find_toml_problem(text)) {
    reader.problem(
        name + ":" + std::to_string(problem->line) + ":" + std::to_string(problem->column),
        problem->message, false);
    return;
  }
  try {
    reader.read_table(toml::parse(text), "");
  } catch (const toml::parse_error& error) {
    reader.problem(place(name, error.source().begin), std::string(error.description()), false);
  }
}

}  // namespace devy::config

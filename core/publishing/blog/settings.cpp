#include "core/publishing/blog/settings.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/platform/base/closest_name.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/config/toml_guard.hpp"
#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/post/document.hpp"
#include "core/publishing/post/timezone.hpp"

namespace devy::blog {
namespace {

using snapshot::FileError;

constexpr std::string_view file_name = "devy.toml";
constexpr std::array<std::string_view, 9> known_keys{
    "name",   "description",       "root", "branch", "ignore", "static", "timezone",
    "drafts", "max_delete_percent"};
constexpr std::size_t name_bytes_max = 200;
constexpr std::size_t description_bytes_max = 2'000;
constexpr std::size_t branch_bytes_max = 250;
constexpr std::size_t globs_max = 100;
constexpr std::size_t glob_bytes_max = 256;
constexpr std::size_t static_folders_max = 20;  // each costs a look for each link that is not found
constexpr std::size_t problems_max = 20;        // shown at once

std::string in_quotes(std::string_view text) {
  constexpr std::size_t shown_bytes_max = 80;
  return base::in_quotes(text, shown_bytes_max);
}

std::string joined_problems(const std::vector<FileError>& problems) {
  std::string text;
  for (const auto& problem : problems)
    text += (text.empty() ? "" : "; ") + snapshot::to_string(problem);
  return text;
}

[[noreturn]] void throw_broken(std::uint32_t line, std::uint32_t column, std::string message) {
  throw BrokenSettings({FileError{std::string(file_name), line, column, std::move(message)}});
}

// Returns nothing for a path that would leave the repository.
std::optional<std::string> normalize_root(std::string_view root, std::size_t bytes_max) {
  if (root.size() > bytes_max || base::has_control_character(root) ||
      root.find('\\') != std::string_view::npos)
    return std::nullopt;
  std::string normal;
  while (!root.empty()) {
    const auto slash = root.find('/');
    const auto part = root.substr(0, slash);
    root.remove_prefix(slash == std::string_view::npos ? root.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") return std::nullopt;
    normal.append(normal.empty() ? "" : "/").append(part);
  }
  return normal.empty() ? "." : normal;
}

// The rules of git-check-ref-format(1) for a branch's short name.
bool is_branch_name(std::string_view name) {
  if (name.empty() || name.size() > branch_bytes_max || base::has_control_character(name))
    return false;
  if (name.find_first_of(" ~^:?*[\\") != std::string_view::npos) return false;
  for (const std::string_view bad : {"..", "//", "@{", "/.", ".lock/"})
    if (name.find(bad) != std::string_view::npos) return false;
  const char last = name.back();
  return name != "@" && name.front() != '-' && name.front() != '/' && name.front() != '.' &&
         last != '/' && last != '.' && !name.ends_with(".lock");
}

std::string_view name_of(toml::node_type type) {
  switch (type) {
    case toml::node_type::none: return "nothing";
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "a list";
    case toml::node_type::string: return "a text";
    case toml::node_type::integer: return "a whole number";
    case toml::node_type::floating_point: return "a fraction";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time: return "a date or time";
  }
  return "something else";
}

// Reads key after key, collecting what is wrong instead of stopping at the first.
class Reader {
 public:
  Reader(const toml::table& table, const config::Limits& limits) : table_(table), limits_(limits) {}

  ParsedSettings read() {
    auto& settings = parsed_.settings;
    settings.name = line("name", name_bytes_max);
    settings.description = line("description", description_bytes_max);
    read_root(settings);
    read_branch(settings);
    read_ignore(settings);
    read_static(settings);
    read_timezone(settings);
    read_numbers(settings);
    warn_of_unknown_keys();
    if (!problems_.empty()) throw BrokenSettings(problems_);
    return std::move(parsed_);
  }

 private:
  void fail(const toml::source_region& where, std::string message) {
    if (problems_.size() < problems_max)
      problems_.push_back(
          {std::string(file_name), where.begin.line, where.begin.column, std::move(message)});
  }

  void expect(std::string_view key, const toml::node& node, std::string_view expected) {
    fail(node.source(), in_quotes(key) + " must be " + std::string(expected) + ", and not " +
                            std::string(name_of(node.type())));
  }

  const std::string* text(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return nullptr;
    if (const auto* value = node->as_string()) return &value->get();
    expect(key, *node, "a text");
    return nullptr;
  }

  // One line for people, like a title.
  std::optional<std::string> line(std::string_view key, std::size_t bytes_max) {
    const auto* value = text(key);
    if (value == nullptr) return std::nullopt;
    if (value->size() > bytes_max) {
      fail(table_.get(key)->source(),
           in_quotes(key) + " is longer than " + std::to_string(bytes_max) + " bytes");
      return std::nullopt;
    }
    std::string plain = markdown::plain_text(*value);
    return plain.empty() ? std::nullopt : std::optional(std::move(plain));
  }

  void read_root(Settings& settings) {
    const auto* value = text("root");
    if (value == nullptr) return;
    const auto root = normalize_root(*value, limits_.path_bytes_max);
    if (root) settings.root = *root;
    else
      fail(table_.get("root")->source(),
           "'root' must be a folder of the repository, and not " + in_quotes(*value));
  }

  void read_branch(Settings& settings) {
    const auto* value = text("branch");
    if (value == nullptr) return;
    if (is_branch_name(*value)) settings.branch = *value;
    else fail(table_.get("branch")->source(), in_quotes(*value) + " is no name for a branch");
  }

  void read_ignore(Settings& settings) {
    const toml::node* node = table_.get("ignore");
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr) return expect("ignore", *node, "a list of globs");
    if (list->size() > globs_max)
      return fail(node->source(),
                  "'ignore' holds more than " + std::to_string(globs_max) + " globs");
    for (const auto& item : *list) {
      const auto* glob = item.as_string();
      if (glob == nullptr) expect("ignore", item, "a list of globs");
      else if (glob->get().size() > glob_bytes_max)
        fail(item.source(), "a glob is longer than " + std::to_string(glob_bytes_max) + " bytes");
      else settings.ignore.push_back(glob->get());
    }
  }

  // One folder is the usual case: it needs no list.
  void read_static(Settings& settings) {
    const toml::node* node = table_.get("static");
    if (node == nullptr) return;
    if (node->is_string()) return add_static(*node, settings);
    const auto* list = node->as_array();
    if (list == nullptr) return expect("static", *node, "a list of folders");
    if (list->size() > static_folders_max)
      return fail(node->source(),
                  "'static' holds more than " + std::to_string(static_folders_max) + " folders");
    for (const auto& item : *list)
      add_static(item, settings);
  }

  void add_static(const toml::node& item, Settings& settings) {
    const auto* text = item.as_string();
    if (text == nullptr) return expect("static", item, "a list of folders");
    const auto folder = normalize_root(text->get(), limits_.path_bytes_max);
    if (folder) settings.static_folders.push_back(*folder);
    else
      fail(item.source(),
           "'static' must name folders of the repository, and not " + in_quotes(text->get()));
  }

  void read_timezone(Settings& settings) {
    const auto* value = text("timezone");
    if (value == nullptr) return;
    if (post::Timezone::load(*value)) settings.timezone = *value;
    else
      fail(table_.get("timezone")->source(), "time zone " + in_quotes(*value) + " is unknown here");
  }

  void read_numbers(Settings& settings) {
    if (const toml::node* node = table_.get("drafts")) {
      if (const auto* value = node->as_boolean()) settings.drafts = value->get();
      else expect("drafts", *node, "true or false");
    }
    if (const toml::node* node = table_.get("max_delete_percent")) {
      const auto* value = node->as_integer();
      if (value == nullptr) return expect("max_delete_percent", *node, "a whole number");
      if (value->get() < 0 || value->get() > 100)
        return fail(node->source(), "'max_delete_percent' must be from 0 to 100, and not " +
                                        std::to_string(value->get()));
      settings.max_delete_percent = static_cast<int>(value->get());
    }
  }

  void warn_of_unknown_keys() {
    for (const auto& [key, node] : table_) {
      if (std::ranges::find(known_keys, key.str()) != known_keys.end()) continue;
      if (parsed_.warnings.size() >= problems_max) return;
      std::string message = "unknown key " + in_quotes(key.str());
      const auto closest = base::closest_name(key.str(), known_keys);
      if (closest) message += ", did you mean " + in_quotes(*closest) + "?";
      const auto where = key.source().begin;
      parsed_.warnings.push_back({std::string(file_name), where.line, where.column, message});
    }
  }

  const toml::table& table_;
  const config::Limits& limits_;
  ParsedSettings parsed_;
  std::vector<FileError> problems_;
};

}  // namespace

BrokenSettings::BrokenSettings(std::vector<FileError> problems)
    : Error(base::ErrorKind::rejected, joined_problems(problems),
            "Correct devy.toml in the repository and push again; the blog stays as it is until "
            "then.",
            "settings_broken"),
      problems_(std::move(problems)) {}

ParsedSettings parse_settings(std::string_view toml, const config::Limits& limits) {
  if (toml.size() > limits.settings_bytes_max)
    throw_broken(0, 0,
                 "file is larger than " + std::to_string(limits.settings_bytes_max) + " bytes");
  if (const auto problem = config::find_toml_problem(toml))
    throw_broken(problem->line, problem->column, problem->message);
  try {
    const toml::table table = toml::parse(toml);
    return Reader(table, limits).read();
  } catch (const toml::parse_error& error) {
    const auto where = error.source().begin;
    throw_broken(where.line, where.column, std::string(error.description()));
  }
}

std::string origin_digest(const Settings& settings) {
  // FNV-1a is stable; it need not resist attacks, because a collision would only harm the author's
  // own blog.
  std::uint64_t digest = 0xcbf29ce484222325;
  const auto add = [&](std::string_view text) {
    for (const char byte : text)
      digest = (digest ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    digest = (digest ^ 0xffU) * 0x100000001b3;  // ends a field: no UTF-8 has this byte
  };
  add(std::to_string(post::renderer_version));
  add(settings.timezone);
  add(settings.root);
  add(settings.drafts ? "drafts" : "");
  std::string hex(16, '0');
  for (std::size_t i = hex.size(); i-- > 0; digest >>= 4U)
    hex[i] = base::hex_digit(static_cast<unsigned>(digest & 15U));
  return hex;
}

}  // namespace devy::blog

#include "core/platform/webhook/payload.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/webhook/event.hpp"
#include "core/platform/webhook/select_members.hpp"

namespace devy::webhook {

using nlohmann::json;

void throw_invalid(const std::string& cause) {
  throw base::Error(base::ErrorKind::rejected, "unable to read a webhook's payload: " + cause, {},
                    "payload_invalid");
}

struct Payload::Tree {
  explicit Tree(std::string_view text) : root(json::parse(text)) {}

  // Null where any part of the path is absent.
  [[nodiscard]] const json* find(std::string_view path) const {
    const json* at = &root;
    while (!path.empty()) {
      const auto end = std::min(path.find('/'), path.size());
      if (!at->is_object()) return nullptr;
      const auto found = at->find(std::string(path.substr(0, end)));
      if (found == at->end()) return nullptr;
      at = &*found;
      path.remove_prefix(std::min(end + 1, path.size()));
    }
    return at->is_null() ? nullptr : at;
  }

  json root;
};

namespace {

constexpr std::array<std::string_view, 15> kept_keys{"action",
                                                     "after",
                                                     "changes",
                                                     "created",
                                                     "deleted",
                                                     "head_commit",
                                                     "hook",
                                                     "hook_id",
                                                     "installation",
                                                     "ref",
                                                     "before",
                                                     "repositories",
                                                     "repositories_added",
                                                     "repositories_removed",
                                                     "repository"};

bool is_kept(std::string_view key) {
  return key == "zen" || std::find(kept_keys.begin(), kept_keys.end(), key) != kept_keys.end();
}

[[noreturn]] void throw_kind(std::string_view path, const char* kind) {
  throw_invalid("'" + std::string(path) + "' must be " + kind);
}

std::optional<std::int64_t> id_of(const json& value) {
  if (!value.is_number_integer()) return std::nullopt;
  // A number over 2^63 is stored unsigned; as signed it is below 1.
  const auto id = value.get<std::int64_t>();
  if (id < 1) return std::nullopt;
  return id;
}

std::string checked_text(const json& value, std::string_view path) {
  if (!value.is_string()) throw_kind(path, "a text");
  const auto& text = value.get_ref<const std::string&>();
  if (text.find('\0') != std::string::npos || !base::is_valid_utf8(text))
    throw_kind(path, "a text without U+0000");
  return text;
}

}  // namespace

Payload::Payload(std::string_view text) {
  if (text.size() > payload_bytes_max)
    throw_invalid("it is over " + std::to_string(payload_bytes_max) + " bytes");
  const auto kept = select_members(text, payload_depth_max, is_kept);
  if (!kept) throw_invalid("it is no JSON object, or nested too deep");
  try {
    tree_ = std::make_unique<Tree>(*kept);
  } catch (const json::exception&) {
    // The library's own message quotes the payload.
    throw_invalid("it is no JSON");
  }
}

Payload::~Payload() = default;

bool Payload::has(std::string_view path) const {
  return tree_->find(path) != nullptr;
}

std::optional<std::string> Payload::maybe_text(std::string_view path) const {
  const auto* found = tree_->find(path);
  if (found == nullptr) return std::nullopt;
  return checked_text(*found, path);
}

std::string Payload::text(std::string_view path) const {
  auto found = maybe_text(path);
  if (!found) throw_kind(path, "there");
  return *std::move(found);
}

std::optional<bool> Payload::maybe_truth(std::string_view path) const {
  const auto* found = tree_->find(path);
  if (found == nullptr) return std::nullopt;
  if (!found->is_boolean()) throw_kind(path, "true or false");
  return found->get<bool>();
}

bool Payload::boolean(std::string_view path) const {
  const auto found = maybe_truth(path);
  if (!found) throw_kind(path, "there");
  return *found;
}

std::optional<std::int64_t> Payload::maybe_id(std::string_view path) const {
  const auto* found = tree_->find(path);
  if (found == nullptr) return std::nullopt;
  const auto id = id_of(*found);
  if (!id) throw_kind(path, "a number above 0");
  return id;
}

std::optional<base::TimePoint> Payload::maybe_time(std::string_view path) const {
  const auto* found = tree_->find(path);
  if (found == nullptr) return std::nullopt;
  if (found->is_number_integer()) {
    constexpr std::int64_t seconds_max = 253'402'300'799;  // the end of the year 9999
    const auto seconds = found->get<std::int64_t>();
    if (seconds < 0 || seconds > seconds_max) throw_kind(path, "a time");
    return base::TimePoint(std::chrono::seconds(seconds));
  }
  const auto time = base::parse_rfc3339(checked_text(*found, path));
  if (!time) throw_kind(path, "a time");
  return time;
}

std::vector<std::string> Payload::texts(std::string_view path) const {
  std::vector<std::string> texts;
  const auto* found = tree_->find(path);
  if (found == nullptr) return texts;
  if (!found->is_array()) throw_kind(path, "a list");
  for (const auto& entry : *found)
    texts.push_back(checked_text(entry, path));
  return texts;
}

std::vector<std::int64_t> Payload::ids(std::string_view path, std::size_t count_max) const {
  std::vector<std::int64_t> ids;
  const auto* found = tree_->find(path);
  if (found == nullptr) return ids;
  if (!found->is_array() || found->size() > count_max) throw_kind(path, "a list of repositories");
  for (const auto& entry : *found) {
    const auto id = entry.is_object() && entry.contains("id") ? id_of(entry["id"]) : std::nullopt;
    if (!id) throw_kind(path, "a list of repositories");
    ids.push_back(*id);
  }
  return ids;
}

}  // namespace devy::webhook

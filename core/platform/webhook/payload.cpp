#include "core/platform/webhook/payload.hpp"

#include <algorithm>
#include <array>

#include "core/platform/base/time_text.hpp"
#include "core/platform/webhook/event.hpp"

namespace devy::webhook {
namespace {

// A name may come twice, and the last one counts, as for most readers: a payload is only a hint,
// and the remote is asked.
constexpr json::Format payload_format{.name = "a webhook's payload",
                                      .bytes_max = payload_bytes_max,
                                      .depth_max = payload_depth_max,
                                      .repeated = json::Repeated::last_counts,
                                      .kind = base::ErrorKind::rejected,
                                      .code = "payload_invalid"};

constexpr std::array<std::string_view, 23> kept_names{"action",
                                                      "after",
                                                      "before",
                                                      "changes",
                                                      "comment",
                                                      "created",
                                                      "deleted",
                                                      "head_commit",
                                                      "hook",
                                                      "hook_id",
                                                      "installation",
                                                      "issue",
                                                      "label",
                                                      "member",
                                                      "milestone",
                                                      "pull_request",
                                                      "ref",
                                                      "repositories",
                                                      "repository",
                                                      "zen",
                                                      "repositories_added",
                                                      "repositories_removed",
                                                      "sender"};

bool is_kept(std::string_view name) {
  return std::find(kept_names.begin(), kept_names.end(), name) != kept_names.end();
}

}  // namespace

void throw_invalid(const std::string& cause) {
  json::refuse(payload_format, cause);
}

json::Value parse_payload(std::string_view text) {
  return json::parse_selected(text, payload_format, is_kept);
}

std::optional<std::int64_t> maybe_id(const json::Value& payload, std::string_view path) {
  const auto id = payload.if_integer(path);
  if (id ? *id < 1 : payload.has(path)) payload.refuse(path, "a number above 0");
  return id;
}

std::optional<base::TimePoint> maybe_time(const json::Value& payload, std::string_view path) {
  if (const auto seconds = payload.if_integer(path)) {
    constexpr std::int64_t seconds_max = 253'402'300'799;  // the end of the year 9999
    if (*seconds < 0 || *seconds > seconds_max) payload.refuse(path, "a time");
    return base::TimePoint(std::chrono::seconds(*seconds));
  }
  const auto text = payload.maybe_text(path);
  if (!text) return std::nullopt;
  const auto time = base::parse_rfc3339(*text);
  if (!time) payload.refuse(path, "a time");
  return time;
}

std::vector<std::int64_t> ids_of(const json::Value& payload, std::string_view path,
                                 std::size_t count_max) {
  constexpr const char* wanted = "a list of repositories";
  std::vector<std::int64_t> ids;
  const auto list = payload.find(path);
  if (!list) return ids;
  if (!list->is_array() || list->size() > count_max) payload.refuse(path, wanted);
  ids.reserve(list->size());
  for (const auto& entry : list->items()) {
    const auto id = entry.if_integer("id");
    if (!id || *id < 1) payload.refuse(path, wanted);
    ids.push_back(*id);
  }
  return ids;
}

}  // namespace devy::webhook

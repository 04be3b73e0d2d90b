#pragma once
// Documents of GitHub as text, and the columns of the records that they become. For tests of the
// mirror; any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/mirror/records/process.hpp"
#include "core/mirror/records/records.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::testing {

inline json::Value document(std::string_view text) {
  constexpr json::Format format{.name = "a document", .bytes_max = 8'000'000};
  return json::parse(text, format);
}

inline base::TimePoint time_at(std::string_view text) {
  return base::parse_rfc3339(text).value();
}

// An answer of the API for repository 5, requested and dated at noon.
inline records::Origin api_origin() {
  return {.via = records::Via::api,
          .fetched_at = time_at("2026-05-01T12:00:00Z"),
          .github_at = time_at("2026-05-01T12:00:01Z"),
          .repository_id = 5};
}

// A delivery of repository 5, signed by the secret that repository `scope` has for itself.
inline records::Origin scoped_origin(std::int64_t scope = 5) {
  auto origin = api_origin();
  origin.via = records::Via::webhook;
  origin.scope = scope;
  return origin;
}

inline records::Records process(records::Process read, std::string_view text,
                                const records::Origin& origin = api_origin()) {
  records::Records records;
  read(document(text), origin, records);
  return records;
}

// The column as JSON; "absent" when the record has none of the name.
inline std::string column(const records::Record* record, std::string_view name) {
  if (record == nullptr) return "no record";
  for (const auto& [known, value] : record->columns)
    if (known == name) return value.compact();
  return "absent";
}

// All columns, as one object.
inline std::string columns(const records::Record* record) {
  return record == nullptr ? "no record" : json::Json::object(record->columns).compact();
}

// The text of the error that processing throws, or "".
inline std::string refusal(records::Process read, std::string_view text,
                           const records::Origin& origin = api_origin()) {
  try {
    static_cast<void>(process(read, text, origin));
  } catch (const base::Error& error) {
    return error.code() + ": " + error.text();
  }
  return "";
}

}  // namespace devy::testing

#pragma once
// How members of a document become columns: each table is a list of these, to be read beside the
// table's definition. Private to this folder. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::records {

enum class Type {
  id,     // bigint
  count,  // int
  boolean,
  time,  // timestamptz; RFC 3339, or seconds since 1970 as in a push
  text,
  texts,     // text[]
  document,  // jsonb; without members called `secret`
};

// GitHub counts characters, of up to four bytes: 256 of a title, 65 536 of a body.
inline constexpr std::size_t title_bytes_max = std::size_t{1} << 10U;
inline constexpr std::size_t body_bytes_max = std::size_t{256} << 10U;
// GitHub leaves out the patch of a file at about this size.
inline constexpr std::size_t patch_bytes_max = std::size_t{1} << 20U;
// Names, states, one-line descriptions; as long as a title.
inline constexpr std::size_t short_bytes_max = title_bytes_max;
// Addresses, which browsers cut at about this length.
inline constexpr std::size_t address_bytes_max = std::size_t{2} << 10U;
// A file's name is part of a key, and an entry of an index takes 2 704 bytes at most.
inline constexpr std::size_t filename_bytes_max = 2560;
// A hook's configuration and last response.
inline constexpr std::size_t document_bytes_max = std::size_t{16} << 10U;
// Topics (20) and a hook's events (about 70).
inline constexpr std::size_t texts_max = 256;

struct Column {
  const char* name;
  const char* path;  // in the document, as json::Value reads it
  Type type;
  std::size_t bytes_max = short_bytes_max;  // of a text
};

// The columns whose members the document has, in the list's order. A member is null too where a
// document on the way to it is null: `user_id` of an issue whose `user` is null.
[[nodiscard]] json::Json::Fields read_columns(const json::Value& document,
                                              std::span<const Column> columns);

// Nothing when the member is absent or of another type.
[[nodiscard]] std::optional<json::Json> read_column(const json::Value& document,
                                                    const Column& column);

[[nodiscard]] std::optional<base::TimePoint> read_time(const json::Value& document,
                                                       std::string_view path);

// A text that is short enough, or cut where a character ends.
[[nodiscard]] std::string cut_text(std::string text, std::size_t bytes_max);

// Sets a column that is made of something else than one member; the last value counts.
void set_column(json::Json::Fields& columns, std::string_view name, json::Json value);
[[nodiscard]] const json::Json* find_column(const json::Json::Fields& columns,
                                            std::string_view name);

}  // namespace devy::records

#pragma once
// The process functions share these: a record begun from a document, and nested documents. Private
// to this folder. Pure; any thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/mirror/records/column.hpp"
#include "core/mirror/records/origin.hpp"
#include "core/mirror/records/process.hpp"
#include "core/mirror/records/record.hpp"
#include "core/mirror/records/records.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::records {

// "unable to read a document of table 'issue': 'issue/user/id' must be a number above 0"
[[nodiscard]] std::string invalid_reason(Relation relation, const json::Value& document,
                                         std::string_view path, std::string_view wanted);
[[noreturn]] void refuse_document(Relation relation, const json::Value& document,
                                  std::string_view path, std::string_view wanted);

// A number above 0; nothing for anything else.
[[nodiscard]] std::optional<std::int64_t> id_at(const json::Value& document, std::string_view path);
// Throws `document_invalid` for anything else.
[[nodiscard]] std::int64_t require_id(Relation relation, const json::Value& document,
                                      std::string_view path = "id");
// The number of an issue or a pull request, as its column holds it; 0 for anything else.
[[nodiscard]] std::int64_t number_of(const json::Value& document);
// The repository that a document belongs to: told by the document at `path`, else by its origin.
[[nodiscard]] std::int64_t require_repository(Relation relation, const json::Value& document,
                                              std::string_view path, const Origin& origin);

// A scoped source is believed about its repository alone.
[[nodiscard]] bool is_believed(const Origin& origin, std::int64_t repository_id);

// A record of a row of `repository_id` with the document's columns. It is dated by the document's
// `updated_at`, and only added when it has none.
[[nodiscard]] Record dated_record(Relation relation, const json::Value& document,
                                  std::span<const Column> columns, std::int64_t repository_id,
                                  const Origin& origin);
// Dates the record of a table without times by its origin. One that is not believed is only added.
void date_by_origin(Record& record, bool is_believed, const Origin& origin);

// The origin of the documents in this one.
[[nodiscard]] Origin inside(const json::Value& document, std::int64_t repository_id,
                            const Origin& origin);

// Processes the object at the path, if one is there; one without an id is counted as skipped.
void process_nested(const json::Value& document, std::string_view path, Relation relation,
                    Process process, const Origin& origin, Records& into);

// Process the users in a list, or the labels; return the whole set, or nothing when the list is
// absent, or an element of it cannot be read.
[[nodiscard]] std::optional<std::vector<std::int64_t>> process_users(const json::Value& document,
                                                                     std::string_view path,
                                                                     const Origin& origin,
                                                                     Records& into);
[[nodiscard]] std::optional<std::vector<LabelLink>> process_labels(const json::Value& document,
                                                                   std::string_view path,
                                                                   const Origin& origin,
                                                                   Records& into);

}  // namespace devy::records

#include "core/publishing/store/file_error_json.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::publishing {
namespace {

using json::Json;
using snapshot::ChangeKind;

// These read what to_json() wrote. A changeset has up to five values for each changed file.
constexpr json::Format warnings_format{.name = "an upload's warnings",
                                       .bytes_max = std::size_t{16} * 1024 * 1024,
                                       .kind = base::ErrorKind::internal};
constexpr json::Format changeset_format{.name = "a changeset",
                                        .bytes_max = std::size_t{256} * 1024 * 1024,
                                        .values_max = 10'000'000,
                                        .kind = base::ErrorKind::internal};

std::string_view letter(ChangeKind kind) {
  return snapshot::to_string(kind).substr(0, 1);
}

ChangeKind kind_of(const std::string& letter) {
  for (const auto kind :
       {ChangeKind::created, ChangeKind::updated, ChangeKind::renamed, ChangeKind::deleted})
    if (letter == snapshot::to_string(kind).substr(0, 1)) return kind;
  throw base::Error(base::ErrorKind::internal,
                    "unable to read a changeset: unknown change '" + letter + "'");
}

}  // namespace

std::string to_json(const std::vector<snapshot::FileError>& errors) {
  auto list = Json::array();
  for (const auto& error : errors) {
    if (list.size() >= warnings_max) break;
    list.push(Json::object({{"path", error.path},
                            {"line", error.line},
                            {"column", error.column},
                            {"message", error.message}}));
  }
  return list.compact();
}

std::vector<snapshot::FileError> file_errors_from_json(std::string_view text) {
  std::vector<snapshot::FileError> errors;
  for (const auto& item : json::parse(text, warnings_format).items())
    errors.push_back({item.text("path"), item.integer<std::uint32_t>("line"),
                      item.integer<std::uint32_t>("column"), item.text("message")});
  return errors;
}

std::string to_json(const snapshot::Changeset& changeset) {
  auto list = Json::array();
  for (const auto& change : changeset.changes) {
    auto item = Json::array();
    item.push(letter(change.kind)).push(change.path).push(change.blob.hex());
    if (change.kind == ChangeKind::renamed) item.push(change.from);
    list.push(std::move(item));
  }
  return list.compact();
}

snapshot::Changeset changeset_from_json(std::string_view text, std::size_t unchanged) {
  snapshot::Changeset changeset;
  changeset.unchanged = unchanged;
  for (const auto& item : json::parse(text, changeset_format).items()) {
    snapshot::Change change;
    change.kind = kind_of(item.text("0"));
    change.path = item.text("1");
    change.blob = snapshot::BlobId::parse(item.text("2")).value_or(snapshot::BlobId{});
    if (change.kind == ChangeKind::renamed) change.from = item.text("3");
    changeset.changes.push_back(std::move(change));
  }
  return changeset;
}

}  // namespace devy::publishing

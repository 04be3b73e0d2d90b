#include "core/publishing/store/file_error_json.hpp"

#include <nlohmann/json.hpp>

#include "core/platform/base/error.hpp"

namespace devy::publishing {
namespace {

using nlohmann::json;
using snapshot::ChangeKind;

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

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
  auto list = json::array();
  for (const auto& error : errors) {
    if (list.size() >= warnings_max) break;
    list.push_back({{"path", error.path},
                    {"line", error.line},
                    {"column", error.column},
                    {"message", error.message}});
  }
  return dump(list);
}

std::vector<snapshot::FileError> file_errors_from_json(std::string_view text) {
  std::vector<snapshot::FileError> errors;
  for (const auto& item : json::parse(text))
    errors.push_back({item.at("path").get<std::string>(), item.at("line").get<std::uint32_t>(),
                      item.at("column").get<std::uint32_t>(),
                      item.at("message").get<std::string>()});
  return errors;
}

std::string to_json(const snapshot::Changeset& changeset) {
  auto list = json::array();
  for (const auto& change : changeset.changes) {
    auto item = json::array({letter(change.kind), change.path, change.blob.hex()});
    if (change.kind == ChangeKind::renamed) item.push_back(change.from);
    list.push_back(std::move(item));
  }
  return dump(list);
}

snapshot::Changeset changeset_from_json(std::string_view text, std::size_t unchanged) {
  snapshot::Changeset changeset;
  changeset.unchanged = unchanged;
  for (const auto& item : json::parse(text)) {
    snapshot::Change change;
    change.kind = kind_of(item.at(0).get<std::string>());
    change.path = item.at(1).get<std::string>();
    change.blob =
        snapshot::BlobId::parse(item.at(2).get<std::string>()).value_or(snapshot::BlobId{});
    if (change.kind == ChangeKind::renamed) change.from = item.at(3).get<std::string>();
    changeset.changes.push_back(std::move(change));
  }
  return changeset;
}

}  // namespace devy::publishing

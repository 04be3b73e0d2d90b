#include "core/mirror/store/sent_document.hpp"

namespace devy::mirror {
namespace {

using json::Json;
using records::Record;
using records::Relation;

// Whole seconds hide changes within one; the rest is allowed to clocks of GitHub's own servers.
constexpr std::chrono::seconds settled_after{2};

bool is_settled(const Record& record, const ApplyOptions& options) {
  if (options.via != records::Via::api || !options.date || !record.github_at) return false;
  // A label or a hook that was asked for has no time but the answer's, and is as new as that.
  if (!record.has_own_time && record.relation == options.main) return true;
  return *options.date >= *record.github_at + settled_after;
}

void set_key(const Record& record, Json& document) {
  switch (record.relation) {
    case Relation::user_repository:
      document.set("user_id", record.id).set("repository_id", record.second_id);
      return;
    case Relation::pull_request_file:
      document.set("pull_request_id", record.id).set("filename", record.filename);
      return;
    default: document.set("id", record.id);
  }
}

Json ids_json(const std::vector<std::int64_t>& ids) {
  auto array = Json::array();
  for (const auto id : ids)
    array.push(id);
  return array;
}

void set_links(const records::Links& links, Json& document) {
  if (links.labels) {
    auto labels = Json::array();
    for (const auto& [id, name] : *links.labels)
      labels.push(Json::object({{"id", id}, {"name", name}}));
    document.set("labels", labels);
  }
  if (links.assignees) document.set("assignees", ids_json(*links.assignees));
  if (links.requested_reviewers) document.set("reviewers", ids_json(*links.requested_reviewers));
}

}  // namespace

Json sent_document(const Record& record, const ApplyOptions& options) {
  auto columns = Json::object();
  set_key(record, columns);
  for (const auto& [name, value] : record.columns)
    columns.set(name, value);
  auto document = Json::object();
  set_key(record, document);
  document.set("github_at", record.github_at)
      .set("is_settled", is_settled(record, options))
      .set("is_added_only", record.is_added_only)
      .set("mergeable_is_unknown", record.mergeable_is_unknown)
      .set("columns", columns);
  set_links(record.links, document);
  return document;
}

Json sent_documents(const records::Records& records, const ApplyOptions& options) {
  auto documents = Json::object();
  for (const auto relation : records::relations) {
    auto array = Json::array();
    for (const auto* record : records.of(relation))
      array.push(sent_document(*record, options));
    if (array.size() > 0) documents.set(std::string(to_string(relation)), std::move(array));
  }
  return documents;
}

}  // namespace devy::mirror

#include "core/sync/store/task_document.hpp"

namespace devy::sync {

using json::Json;

namespace {

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json difference_json(const Difference& difference) {
  return Json::object({{"id", text_or_null(difference.id)},
                       {"kind", difference.kind},
                       {"repository", difference.repository},
                       {"github_key", difference.github_key},
                       {"fields", difference.fields}});
}

}  // namespace

Json person_json(const Person& person) {
  const bool is_nobody = person.username.empty() && person.github_login.empty();
  return Json::object(
      {{"username", text_or_null(person.username)},
       {"github_login", is_nobody ? Json("ghost") : text_or_null(person.github_login)}});
}

Json task_json(const Task& task, const RecordState& state, const std::string& site) {
  return Json::object({{"id", task.id},
                       {"project", task.project},
                       {"project_id", task.project_id},
                       {"number", task.number},
                       {"connection_id", task.connection_id},
                       {"title", task.title},
                       {"body", task.body},
                       {"state", task.state},
                       {"state_reason", task.state_reason},
                       {"labels", task.labels},
                       {"milestone", task.milestone},
                       {"list", task.list},
                       {"is_pull_request", task.is_pull_request},
                       {"is_merged", task.is_merged},
                       {"is_draft", task.is_draft},
                       {"is_locked", task.is_locked},
                       {"is_archived", task.is_archived},
                       {"author", person_json(task.author)},
                       {"edited_by", text_or_null(task.edited_by)},
                       {"assignees", json::json_array(task.assignees, person_json)},
                       {"comments", task.comments},
                       {"version", task.version},
                       {"created_at", task.created_at},
                       {"updated_at", task.updated_at},
                       {"closed_at", task.closed_at},
                       {"deleted_at", task.deleted_at},
                       {"sync", sync_json(state, site)}});
}

Json comment_json(const Comment& comment, const RecordState& state, const std::string& site) {
  return Json::object({{"id", comment.id},
                       {"task_id", comment.task_id},
                       {"body", comment.body},
                       {"author", person_json(comment.author)},
                       {"edited_by", text_or_null(comment.edited_by)},
                       {"version", comment.version},
                       {"created_at", comment.created_at},
                       {"updated_at", comment.updated_at},
                       {"deleted_at", comment.deleted_at},
                       {"sync", sync_json(state, site)}});
}

Json version_json(const Version& version) {
  return Json::object({{"version", version.version},
                       {"origin", version.origin},
                       {"author", person_json(version.author)},
                       {"fields", Json::stored(version.fields)},
                       {"is_lost", version.is_lost},
                       {"lost_to", version.lost_to},
                       {"operation", text_or_null(version.operation)},
                       {"at", version.at}});
}

Json record_operation_json(const RecordOperation& operation) {
  Json error;
  if (!operation.error_code.empty() || !operation.error_text.empty())
    error = Json::object({{"code", text_or_null(operation.error_code)},
                          {"message", text_or_null(operation.error_text)},
                          {"hint", text_or_null(operation.error_hint)}});
  return Json::object({{"id", operation.id},
                       {"kind", operation.kind},
                       {"state", operation.state},
                       {"direction", operation.direction},
                       {"source", operation.source},
                       {"action", text_or_null(operation.action)},
                       {"outcome", text_or_null(operation.outcome)},
                       {"fields", operation.fields},
                       {"api_calls", operation.api_calls},
                       {"attempt", operation.attempt},
                       {"delivery", text_or_null(operation.delivery)},
                       {"created_at", operation.created_at},
                       {"run_at", operation.run_at},
                       {"finished_at", operation.finished_at},
                       {"error", error}});
}

Json project_json(const Project& project) {
  return Json::object({{"id", project.id},
                       {"project", project.address()},
                       {"owner", project.owner},
                       {"slug", project.slug},
                       {"title", project.title},
                       {"is_private", project.is_private},
                       {"conflict", project.conflict},
                       {"on_task_delete", project.on_task_delete},
                       {"open_tasks", project.open_tasks},
                       {"connections", project.connections},
                       {"created_at", project.created_at}});
}

Json member_json(const Member& member) {
  return Json::object(
      {{"username", member.username}, {"role", member.role}, {"is_owner", member.is_owner}});
}

Json connection_json(const Connected& connection) {
  Json reason;
  if (!connection.reason.empty()) {
    const auto text = explain_reason(connection.reason);
    reason = Json::object({{"code", connection.reason},
                           {"message", text.message},
                           {"hint", text_or_null(text.hint)}});
  }
  auto labels = Json::object();
  for (const auto& [name, ours] : connection.labels)
    labels.set(name, ours);
  return Json::object({{"id", connection.id},
                       {"project", connection.project},
                       {"repository", text_or_null(connection.repository)},
                       {"repository_id", connection.repository_id},
                       {"state", connection.state},
                       {"reason", reason},
                       {"export", connection.export_mode},
                       {"labels", labels},
                       {"done", connection.done},
                       {"total", connection.total},
                       {"installation", connection.installation},
                       {"verified_at", connection.verified_at},
                       {"operation", text_or_null(connection.operation)},
                       {"operation_state", text_or_null(connection.operation_state)}});
}

Json installation_json(const Installation& installation) {
  auto permissions = Json::object();
  for (const auto& [name, level] : installation.permissions)
    permissions.set(name, level);
  return Json::object({{"id", installation.id},
                       {"github_account_id", installation.github_account_id},
                       {"login", installation.login},
                       {"account_type", installation.account_type},
                       {"state", installation.state},
                       {"permissions", permissions},
                       {"missing", installation.missing},
                       {"repositories", installation.repositories},
                       {"remaining", installation.remaining}});
}

Json comparison_json(const std::string& project, const Comparison& comparison) {
  return Json::object({{"project", project},
                       {"equal", comparison.equal},
                       {"missing", json::json_array(comparison.missing, difference_json)},
                       {"extra", json::json_array(comparison.extra, difference_json)},
                       {"different", json::json_array(comparison.different, difference_json)},
                       {"is_more", comparison.is_more}});
}

}  // namespace devy::sync

#include "core/sync/store/edit_store.hpp"

#include <algorithm>
#include <array>

#include "core/platform/base/error.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/json/json.hpp"
#include "core/sync/record/fields.hpp"
#include "core/sync/record/marker.hpp"

namespace devy::sync {
namespace {

using base::Error;
using base::ErrorKind;

constexpr pg::Statement call_task_add{"task_add", R"sql(
  select o_id, o_number, o_version, o_is_new, coalesce(o_operation::text, '') as o_operation
  from task_add($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::text, $7::text[], $8::text,
                $9::uuid[], $10::text, $11::text, $12::bytea))sql"};
constexpr pg::Statement call_task_edit{"task_edit", R"sql(
  select o_version, coalesce(o_operation::text, '') as o_operation
  from task_edit($1::uuid, $2::uuid, $3::integer, $4::jsonb))sql"};
constexpr pg::Statement call_task_delete{"task_delete", R"sql(
  select coalesce(task_delete($1::uuid, $2::uuid, $3::integer)::text, '') as o_operation)sql"};
constexpr pg::Statement call_comment_add{"comment_add", R"sql(
  select o_id, o_version, o_is_new, coalesce(o_operation::text, '') as o_operation
  from comment_add($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::bytea))sql"};
constexpr pg::Statement call_comment_edit{"comment_edit", R"sql(
  select o_version, coalesce(o_operation::text, '') as o_operation
  from comment_edit($1::uuid, $2::uuid, $3::integer, $4::text))sql"};
constexpr pg::Statement call_comment_delete{"comment_delete", R"sql(
  select coalesce(comment_delete($1::uuid, $2::uuid, $3::integer)::text, '') as o_operation)sql"};
constexpr pg::Statement call_restore{"record_restore", R"sql(
  select o_version, coalesce(o_operation::text, '') as o_operation
  from record_restore($1::uuid, $2::integer, $3::uuid))sql"};
constexpr pg::Statement call_ask{"sync_ask", R"sql(
  select coalesce(sync_ask($1::uuid, $2::text)::text, '') as o_operation)sql"};

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

[[noreturn]] void refuse_value(const char* code, const char* cause, const char* hint) {
  throw Error(ErrorKind::usage, std::string("unable to keep the text: ") + cause, hint, code);
}

std::string checked_text(std::string_view given) {
  auto text = record::normal_text(given);
  if (text.find('\0') != std::string::npos)
    refuse_value("body_invalid", "it has a character U+0000", "Take it out.");
  if (record::has_reserved(text))
    refuse_value("text_reserved", "it has a comment '<!-- devy:', which only this program writes",
                 "Take it out, or write it with a space more.");
  return text;
}

std::string checked_title(std::string_view given) {
  auto title = checked_text(given);
  if (title.empty() || count_characters(title) > title_characters_max ||
      title.find('\n') != std::string::npos)
    refuse_value("title_invalid", "a title is one line of 1 to 256 characters", "Shorten it.");
  return title;
}

std::string checked_body(std::string_view given) {
  auto body = checked_text(given);
  if (count_characters(body) > body_characters_max)
    refuse_value("body_invalid", "it has more than 65 000 characters", "Shorten it, or split it.");
  return body;
}

std::string checked_comment(std::string_view given) {
  auto body = checked_body(given);
  if (body.empty()) refuse_value("body_invalid", "a comment says something", "Write a text.");
  return body;
}

const std::vector<std::string>& checked_labels(const std::vector<std::string>& labels) {
  const auto is_wrong = [](const std::string& label) {
    return label.empty() || count_characters(label) > label_characters_max ||
           label != record::normal_text(label) || label.find_first_of("\n,") != std::string::npos ||
           label.find('\0') != std::string::npos;
  };
  if (labels.size() > labels_max || std::ranges::any_of(labels, is_wrong))
    refuse_value("label_invalid", "a label has 1 to 50 characters and no comma",
                 "A task has at most 100 of them.");
  return labels;
}

const std::vector<std::string>& checked_assignees(const std::vector<std::string>& accounts) {
  if (accounts.size() > assignees_max)
    refuse_value("field_invalid", "a task has at most 10 assignees", "Name fewer.");
  return accounts;
}

const std::optional<std::string>& checked_milestone(const std::optional<std::string>& title) {
  if (title && (title->empty() || count_characters(*title) > title_characters_max ||
                *title != record::normal_text(*title)))
    refuse_value("milestone_invalid", "a milestone has a title of 1 to 256 characters",
                 "Name one as its repository does.");
  return title;
}

void check_word(const std::optional<std::string>& word, const auto& words, const char* cause) {
  if (word && std::ranges::find(words, *word) == std::ranges::end(words))
    refuse_value("field_invalid", cause, "Give one of these.");
}

constexpr std::array<std::string_view, 4> lists{"inbox", "doing", "done", "pull_requests"};
constexpr std::array<std::string_view, 2> states{"open", "closed"};
constexpr std::array<std::string_view, 3> known_state_reasons{"completed", "not_planned",
                                                              "duplicate"};
constexpr const char* lists_text = "a list is inbox, doing, done or pull_requests";

// Says in words what the functions of edits.sql mean; DV017 begins with a code.
[[noreturn]] void throw_said(const Error& error) {
  const auto colon = error.text().find("': ");
  const auto cause = colon == std::string::npos ? error.text() : error.text().substr(colon + 3);
  if (error.code() == "DV003")
    throw Error(ErrorKind::not_found, "unable to change the record: " + cause,
                "It may have been deleted.", "record_unknown");
  if (error.code() == "DV016")
    throw Error(ErrorKind::conflict, "unable to change the record: " + cause,
                "Read it again, and change that version.", "version_differs");
  if (error.code() == "DV018")
    throw Error(ErrorKind::conflict, "unable to repeat the request: " + cause,
                "Give each request a key of its own.", "key_reused");
  if (error.code() != "DV017") throw error;
  const auto end = std::min(cause.find(": "), cause.size());
  throw Error(ErrorKind::conflict,
              "unable to change the record: " + cause.substr(std::min(end + 2, cause.size())),
              "`devy-upload explain` says more of each code.", cause.substr(0, end));
}

pg::Result call(pg::Connection& connection, const pg::Statement& statement,
                const pg::Params& params) {
  try {
    return connection.one(statement, params);
  } catch (const Error& error) {
    throw_said(error);
  }
}

void add_request(pg::Params& params, const std::optional<RequestKey>& request) {
  if (!request) {
    params.add(std::nullopt).add(std::nullopt);
    return;
  }
  if (request->key.empty() || count_characters(request->key) > 255)
    refuse_value("field_invalid", "the key of a request has 1 to 255 characters", "Shorten it.");
  const auto digest = base::sha256(request->body);
  params.add(request->key)
      .add(
          pg::Bytes{std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size())});
}

Edited edited(const pg::Result& rows) {
  return {static_cast<int>(rows[0].integer("o_version")), rows[0].text("o_operation")};
}

Added added(const pg::Result& rows) {
  Added result;
  result.id = rows[0].text("o_id");
  result.version = static_cast<int>(rows[0].integer("o_version"));
  result.is_new = rows[0].boolean("o_is_new");
  result.operation = rows[0].text("o_operation");
  return result;
}

json::Json changed_fields(const TaskChange& change) {
  check_word(change.state, states, "a task is open or closed");
  check_word(change.state_reason, known_state_reasons,
             "a closed task is completed, not_planned or a duplicate");
  check_word(change.list, lists, lists_text);
  auto fields = json::Json::object();
  if (change.title) fields.set("title", checked_title(*change.title));
  if (change.body) fields.set("body", checked_body(*change.body));
  if (change.state) fields.set("state", *change.state);
  if (change.state_reason) fields.set("state_reason", *change.state_reason);
  if (change.labels) fields.set("labels", checked_labels(*change.labels));
  if (change.milestone) fields.set("milestone", checked_milestone(*change.milestone));
  if (change.assignees) fields.set("assignees", checked_assignees(*change.assignees));
  if (change.list) fields.set("list", *change.list);
  if (change.is_archived) fields.set("is_archived", *change.is_archived);
  return fields;
}

}  // namespace

Added add_task(pg::Connection& connection, const NewTask& task) {
  check_word(task.list, lists, lists_text);
  pg::Params params(base::system_random().uuid(), task.project_id, task.author_id,
                    task.connection_id, checked_title(task.title), checked_body(task.body),
                    checked_labels(task.labels), checked_milestone(task.milestone),
                    checked_assignees(task.assignees), task.list);
  add_request(params, task.request);
  const auto rows = call(connection, call_task_add, params);
  auto result = added(rows);
  result.number = static_cast<int>(rows[0].integer("o_number"));
  return result;
}

Edited edit_task(pg::Connection& connection, const std::string& id,
                 const std::optional<std::string>& editor_id, std::optional<int> version,
                 const TaskChange& change) {
  return edited(call(connection, call_task_edit,
                     pg::Params(id, editor_id, version, changed_fields(change).compact())));
}

std::string delete_task(pg::Connection& connection, const std::string& id,
                        const std::optional<std::string>& editor_id, std::optional<int> version) {
  return call(connection, call_task_delete, pg::Params(id, editor_id, version))[0].text(
      "o_operation");
}

Added add_comment(pg::Connection& connection, const NewComment& comment) {
  pg::Params params(base::system_random().uuid(), comment.task_id, comment.author_id,
                    checked_comment(comment.body));
  add_request(params, comment.request);
  return added(call(connection, call_comment_add, params));
}

Edited edit_comment(pg::Connection& connection, const std::string& id,
                    const std::optional<std::string>& editor_id, std::optional<int> version,
                    const std::string& body) {
  return edited(call(connection, call_comment_edit,
                     pg::Params(id, editor_id, version, checked_comment(body))));
}

std::string delete_comment(pg::Connection& connection, const std::string& id,
                           const std::optional<std::string>& editor_id,
                           std::optional<int> version) {
  return call(connection, call_comment_delete, pg::Params(id, editor_id, version))[0].text(
      "o_operation");
}

Edited restore_record(pg::Connection& connection, const std::string& id, int version,
                      const std::optional<std::string>& editor_id) {
  return edited(call(connection, call_restore, pg::Params(id, version, editor_id)));
}

std::string ask_sync(pg::Connection& connection, const std::string& id,
                     const std::string& requested_by) {
  return call(connection, call_ask, pg::Params(id, requested_by))[0].text("o_operation");
}

}  // namespace devy::sync

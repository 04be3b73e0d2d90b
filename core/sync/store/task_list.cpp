#include "core/sync/store/task_list.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/platform/base/error.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::sync {
namespace {

using base::Error;
using base::ErrorKind;

// Absent parameters are constants when it is planned, and their conditions go.
constexpr pg::Statement select_tasks{"select_tasks", R"sql(
  select t.*, p.slug, o.username as owner, coalesce(e.username, '') as editor,
         coalesce(n.o_account_id::text, '') as author_account,
         coalesce(n.o_username, '') as author_name, coalesce(n.o_github_login, '') as author_login,
         (extract(epoch from t.updated_at) * 1000000)::bigint as place,
         (select count(*) from comment m where m.task_id = t.id and m.deleted_at is null) as comments
    from task t
    join project p on p.id = t.project_id
    join account o on o.id = p.account_id
    left join account e on e.id = t.edited_by
    left join lateral person_named(t.author_id, t.github_author_id) n on true
   where ($1::uuid is null or t.project_id = $1::uuid)
     and ($2::text is null or t.state = $2::text)
     and ($3::text is null or $3::text = any (t.labels))
     and ($4::text is null or exists (
           select from task_assignee s
             left join lateral person_named(s.account_id, s.github_user_id) a on true
            where s.task_id = t.id and (a.o_username = lower($4::text) or lower(a.o_github_login) = lower($4::text))))
     and ($5::text is null or t.list = $5::text)
     and ($6::text is null or coalesce((select s.state from record_sync s where s.record_id = t.id), case when t.connection_id is null then 'local' else 'queued' end) = $6::text)
     and ($7::text is null or strpos(lower(t.title), lower($7::text)) > 0
                           or strpos(lower(t.body), lower($7::text)) > 0
                           or 't-' || t.number = lower($7::text)
                           or exists (select from sync_link l where l.id = t.id and '#' || l.github_key = $7::text))
     and t.is_archived = $8::boolean and t.deleted_at is null
     and ($9::bigint is null or (t.updated_at, t.id) < (timestamptz 'epoch' + $9::bigint * interval '1 microsecond', $10::uuid))
   order by t.updated_at desc, t.id desc
   limit $11::integer)sql"};

// By a range of ids, or by the project and the number there.
constexpr pg::Statement select_task{"select_task", R"sql(
  select t.*, p.slug, o.username as owner, coalesce(e.username, '') as editor,
         coalesce(n.o_account_id::text, '') as author_account,
         coalesce(n.o_username, '') as author_name, coalesce(n.o_github_login, '') as author_login,
         (extract(epoch from t.updated_at) * 1000000)::bigint as place,
         (select count(*) from comment m where m.task_id = t.id and m.deleted_at is null) as comments
    from task t
    join project p on p.id = t.project_id
    join account o on o.id = p.account_id
    left join account e on e.id = t.edited_by
    left join lateral person_named(t.author_id, t.github_author_id) n on true
   where ($1::uuid is null or t.id between $1::uuid and $2::uuid)
     and ($3::text is null or (o.username = $3::text and p.slug = $4::text and t.number = $5::integer))
   limit 2)sql"};

constexpr pg::Statement select_assignees{"select_task_assignees", R"sql(
  select s.task_id, coalesce(n.o_account_id::text, '') as account,
         coalesce(n.o_username, '') as name, coalesce(n.o_github_login, '') as login
    from task_assignee s
    left join lateral person_named(s.account_id, s.github_user_id) n on true
   where s.task_id = any ($1::uuid[])
   order by name, login)sql"};

constexpr pg::Statement select_shown_comments{"select_shown_comments", R"sql(
  select m.*, t.project_id, coalesce(e.username, '') as editor,
         coalesce(n.o_account_id::text, '') as author_account,
         coalesce(n.o_username, '') as author_name, coalesce(n.o_github_login, '') as author_login,
         (extract(epoch from m.created_at) * 1000000)::bigint as place
    from comment m
    join task t on t.id = m.task_id
    left join account e on e.id = m.edited_by
    left join lateral person_named(m.author_id, m.github_author_id) n on true
   where ($1::uuid is null or m.task_id = $1::uuid)
     and ($2::uuid is null or m.id between $2::uuid and $3::uuid)
     and ($4::bigint is null or (m.created_at, m.id) > (timestamptz 'epoch' + $4::bigint * interval '1 microsecond', $5::uuid))
   order by m.created_at, m.id
   limit $6::integer)sql"};

Person read_author(const pg::Row& row) {
  return {row.text("author_account"), row.text("author_name"), row.text("author_login")};
}

Person read_person(const pg::Row& row) {
  return {row.text("account"), row.text("name"), row.text("login")};
}

Task read_task(const pg::Row& row) {
  Task task;
  task.id = row.text("id");
  task.project_id = row.text("project_id");
  task.project = row.text("owner") + "/" + row.text("slug");
  task.number = static_cast<int>(row.integer("number"));
  task.connection_id = row.maybe_text("connection_id");
  task.author = read_author(row);
  task.edited_by = row.text("editor");
  task.title = row.text("title");
  task.body = row.text("body");
  task.state = row.text("state");
  task.list = row.text("list");
  task.state_reason = row.maybe_text("state_reason");
  task.milestone = row.maybe_text("milestone");
  task.labels = row.texts("labels");
  std::ranges::sort(task.labels);
  task.is_pull_request = row.boolean("is_pull_request");
  task.is_merged = row.boolean("is_merged");
  task.is_draft = row.boolean("is_draft");
  task.is_locked = row.boolean("is_locked");
  task.is_archived = row.boolean("is_archived");
  task.version = static_cast<int>(row.integer("version"));
  task.comments = row.integer("comments");
  task.created_at = row.time("created_at");
  task.updated_at = row.time("updated_at");
  task.closed_at = row.maybe_time("closed_at");
  task.deleted_at = row.maybe_time("deleted_at");
  return task;
}

Comment read_shown_comment(const pg::Row& row) {
  Comment comment;
  comment.id = row.text("id");
  comment.task_id = row.text("task_id");
  comment.project_id = row.text("project_id");
  comment.author = read_author(row);
  comment.edited_by = row.text("editor");
  comment.body = row.text("body");
  comment.version = static_cast<int>(row.integer("version"));
  comment.created_at = row.time("created_at");
  comment.updated_at = row.time("updated_at");
  comment.deleted_at = row.maybe_time("deleted_at");
  return comment;
}

void add_assignees(pg::Connection& connection, std::vector<Task>& tasks) {
  std::vector<std::string> ids;
  std::map<std::string, Task*> by_id;
  for (auto& task : tasks) {
    ids.push_back(task.id);
    by_id[task.id] = &task;
  }
  for (const auto row : connection.query(select_assignees, pg::Params(ids)))
    by_id.at(row.text("task_id"))->assignees.push_back(read_person(row));
}

// A cursor is the place of the last row of a page: microseconds, a point, the row's id.
struct Place {
  std::optional<std::int64_t> microseconds;
  std::optional<std::string> id;
};
Place read_place(const std::string& cursor) {
  if (cursor.empty()) return {};
  std::int64_t microseconds = 0;
  const auto point = cursor.find('.');
  const auto read =
      std::from_chars(cursor.data(), cursor.data() + std::min(point, cursor.size()), microseconds);
  const auto id = point == std::string::npos ? std::string() : cursor.substr(point + 1);
  if (read.ec != std::errc() || read.ptr != cursor.data() + point || !base::OperationId::parse(id))
    throw Error(ErrorKind::usage, "unable to go on in a list: no page has said that cursor",
                "Leave the cursor out, or send the one of the page before.", "cursor_unknown");
  return {microseconds, id};
}

std::string place_of(const pg::Row& row) {
  return row.text("place") + "." + row.text("id");
}

// The least and the greatest id that begin so; nothing for what no id begins with.
struct IdRange {
  std::string first, last;
};
constexpr std::size_t id_digits = 32;
constexpr std::size_t prefix_digits_min = 4;
std::optional<IdRange> range_of(const std::string& prefix) {
  std::string digits;
  for (const char character : prefix) {
    if (character == '-') continue;
    const bool is_digit = (character >= '0' && character <= '9') ||
                          (character >= 'a' && character <= 'f') ||
                          (character >= 'A' && character <= 'F');
    if (!is_digit) return std::nullopt;
    digits += character;
  }
  if (digits.size() < prefix_digits_min || digits.size() > id_digits) return std::nullopt;
  const auto rest = id_digits - digits.size();
  return IdRange{digits + std::string(rest, '0'), digits + std::string(rest, 'f')};
}

[[noreturn]] void throw_unknown(const char* noun, const std::string& address, const char* hint) {
  throw Error(ErrorKind::not_found,
              std::string("unable to find ") + noun + " " +
                  base::in_quotes(base::safe_text(address)) + ": there is none",
              hint, std::string(noun) + "_unknown");
}

[[noreturn]] void throw_ambiguous(const char* noun, const std::string& address) {
  throw Error(ErrorKind::not_found,
              std::string("unable to find ") + noun + " " +
                  base::in_quotes(base::safe_text(address)) + ": several ids begin so",
              "Write more of the id.", std::string(noun) + "_ambiguous");
}

struct NumberedTask {
  std::string owner, slug;
  int number = 0;
};
// "alice/plans#T-12"
std::optional<NumberedTask> read_numbered(const std::string& address) {
  const auto slash = address.find('/');
  const auto hash = address.find('#');
  if (slash == std::string::npos || hash == std::string::npos || hash < slash) return std::nullopt;
  NumberedTask found{address.substr(0, slash), address.substr(slash + 1, hash - slash - 1), 0};
  auto number = std::string_view(address).substr(hash + 1);
  if (number.starts_with("T-") || number.starts_with("t-")) number.remove_prefix(2);
  const auto read = std::from_chars(number.data(), number.data() + number.size(), found.number);
  if (read.ec != std::errc() || read.ptr != number.data() + number.size()) return std::nullopt;
  return found;
}

std::vector<Task> tasks_of(pg::Connection& connection, const pg::Params& params) {
  std::vector<Task> tasks;
  for (const auto row : connection.query(select_task, params))
    tasks.push_back(read_task(row));
  add_assignees(connection, tasks);
  return tasks;
}

}  // namespace

std::string Person::shown() const {
  if (!username.empty()) return username;
  return github_login.empty() ? "ghost" : github_login;
}

TaskPage list_tasks(pg::Connection& connection, const TaskFilter& filter) {
  using base::unless_empty;
  const auto place = read_place(filter.cursor);
  TaskPage page;
  std::string last;
  for (const auto row : connection.query(
           select_tasks, pg::Params(unless_empty(filter.project_id), unless_empty(filter.state),
                                    unless_empty(filter.label), unless_empty(filter.assignee),
                                    unless_empty(filter.list), unless_empty(filter.sync),
                                    unless_empty(filter.text), filter.is_archived,
                                    place.microseconds, place.id, filter.limit + 1))) {
    if (std::cmp_equal(page.tasks.size(), filter.limit)) {
      page.cursor = last;
      break;
    }
    page.tasks.push_back(read_task(row));
    last = place_of(row);
  }
  add_assignees(connection, page.tasks);
  return page;
}

std::optional<Task> find_task(pg::Connection& connection, const std::string& id) {
  if (!base::OperationId::parse(id)) return std::nullopt;
  auto found = tasks_of(connection, pg::Params(id, id, std::nullopt, std::nullopt, std::nullopt));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Task need_task(pg::Connection& connection, const std::string& address) {
  static constexpr const char* hint =
      "A task is its id, the beginning of one, or <user>/<slug>#T-12; `devy-upload task list` "
      "shows "
      "them.";
  std::vector<Task> found;
  if (const auto numbered = read_numbered(address))
    found = tasks_of(connection, pg::Params(std::nullopt, std::nullopt, numbered->owner,
                                            numbered->slug, numbered->number));
  else if (const auto range = range_of(address))
    found = tasks_of(connection, pg::Params(range->first, range->last, std::nullopt, std::nullopt,
                                            std::nullopt));
  if (found.empty()) throw_unknown("task", address, hint);
  if (found.size() > 1) throw_ambiguous("task", address);
  return std::move(found.front());
}

CommentPage list_comments(pg::Connection& connection, const std::string& task_id,
                          const std::string& cursor, int limit) {
  const auto place = read_place(cursor);
  CommentPage page;
  std::string last;
  for (const auto row : connection.query(select_shown_comments,
                                         pg::Params(task_id, std::nullopt, std::nullopt,
                                                    place.microseconds, place.id, limit + 1))) {
    if (std::cmp_equal(page.comments.size(), limit)) {
      page.cursor = last;
      break;
    }
    page.comments.push_back(read_shown_comment(row));
    last = place_of(row);
  }
  return page;
}

std::optional<Comment> find_comment(pg::Connection& connection, const std::string& id) {
  if (!base::OperationId::parse(id)) return std::nullopt;
  const auto rows = connection.query(
      select_shown_comments, pg::Params(std::nullopt, id, id, std::nullopt, std::nullopt, 1));
  if (rows.empty()) return std::nullopt;
  return read_shown_comment(rows[0]);
}

Comment need_comment(pg::Connection& connection, const std::string& id) {
  static constexpr const char* hint =
      "A comment is its id or the beginning of one; `devy-upload comment list` shows them.";
  const auto range = range_of(id);
  if (!range) throw_unknown("comment", id, hint);
  const auto rows = connection.query(
      select_shown_comments,
      pg::Params(std::nullopt, range->first, range->last, std::nullopt, std::nullopt, 2));
  if (rows.empty()) throw_unknown("comment", id, hint);
  if (rows.size() > 1) throw_ambiguous("comment", id);
  return read_shown_comment(rows[0]);
}

}  // namespace devy::sync

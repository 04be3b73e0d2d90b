#include "tests/integration/sync/inbound/inbound_fixture.hpp"

#include <array>
#include <cstdio>
#include <memory>

#include "core/mirror/kinds.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/platform/webhook/intake.hpp"
#include "core/sync/kinds.hpp"

namespace devy::testing {
namespace {

constexpr const char* setup = R"sql(
  insert into devy.account (id, username) values ('aaaaaaaa-0000-4000-8000-000000000001', 'alice');
  insert into devy.resource (kind, key, owner) values ('connection', 'c', 'sync/alice');
  insert into devy.project (id, account_id, slug, title)
  values ('bbbbbbbb-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000001', 'work', 'Work');
  insert into github.repository (id, name, owner_login, is_mirrored) values (7, 'notes', 'alice', true);
  insert into devy.project_repository (id, project_id, repository_id, resource_id, state)
  select 'cccccccc-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-000000000001', 7, id, 'synced'
    from devy.resource where kind = 'connection')sql";

std::string time_of(int second) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "2026-05-01T%02d:%02d:%02dZ", second / 3600,
                second / 60 % 60, second % 60);
  return text.data();
}

}  // namespace

InboundTest::InboundTest() : connection_(pg::Connection::open(database_.conninfo(), {}, "test")) {
  config_.mirror.enabled = true;
  config_.mirror.comments = true;
  config_.sync.enabled = true;
  database_.execute(setup);
}

Document InboundTest::issue(int number, const std::string& title, int second) {
  return {{"id", 1000 + number},
          {"number", number},
          {"title", title},
          {"body", "as it was"},
          {"state", "open"},
          {"locked", false},
          {"labels", Document::array()},
          {"assignees", Document::array()},
          {"milestone", nullptr},
          {"user", {{"id", 42}, {"login", "bob"}, {"type", "User"}}},
          {"comments", 0},
          {"created_at", "2026-05-01T00:00:00Z"},
          {"updated_at", time_of(second)},
          {"closed_at", nullptr}};
}

Document InboundTest::comment(std::int64_t id, const std::string& body, int second) {
  return {{"id", id},
          {"body", body},
          {"user", {{"id", 42}, {"login", "bob"}, {"type", "User"}}},
          {"issue_url", "https://api.github.com/repos/alice/notes/issues/1"},
          {"created_at", "2026-05-01T00:00:00Z"},
          {"updated_at", time_of(second)}};
}

std::string InboundTest::tell_as(const std::string& guid, const std::string& event,
                                 const std::string& action, const Document& members) {
  auto payload = members;
  payload["action"] = action;
  // A copy under another GUID would be known by its digest.
  payload["zen"] = guid;
  payload["repository"] = {{"id", 7},
                           {"name", "notes"},
                           {"full_name", "alice/notes"},
                           {"owner", {{"id", 5}, {"login", "alice"}}}};
  const std::string body = payload.dump();
  webhook::Incoming incoming;
  incoming.guid = guid;
  incoming.event = event;
  incoming.scope = webhook::Scope::of_repository(7);
  incoming.body = body;
  incoming.payload = body;
  const std::array<const webhook::Subscriber*, 2> subscribers{&mirror_, &sync_};
  const auto recorded =
      webhook::record_delivery(connection_, config_, subscribers, webhook::read_delivery(incoming));
  std::string states;
  for (const auto& id : recorded.operations) {
    const auto state = database_.scalar(
        "select (select state from devy.operation where kind like '%\\_sync' and id = '" +
        id.text() + "')");
    if (!state.empty()) states += (states.empty() ? "" : " ") + state;
  }
  return states;
}

std::string InboundTest::tell(const std::string& event, const std::string& action,
                              const Document& members) {
  std::array<char, 40> guid{};
  std::snprintf(guid.data(), guid.size(), "00000000-0000-4000-8000-%012d", ++deliveries_);
  return tell_as(guid.data(), event, action, members);
}

std::string InboundTest::tell_again(const std::string& event, const std::string& action,
                                    const Document& members) {
  --deliveries_;
  return tell(event, action, members);
}

std::string InboundTest::tell_issue(const std::string& action, const Document& issue) {
  return tell("issues", action, {{"issue", issue}});
}

std::string InboundTest::tell_comment(const std::string& action, const Document& comment,
                                      const Document& issue) {
  return tell("issue_comment", action, {{"comment", comment}, {"issue", issue}});
}

void InboundTest::run(bool with_mirror) {
  const queue::OnProgress on_progress;
  const queue::HandlerContext context{config_, base::system_clock(), base::system_random(),
                                      on_progress};
  const mirror::RowObservers observers{&observer_};
  std::vector<std::unique_ptr<queue::Handler>> handlers;
  const queue::RunnerOptions options{queue::worker_name(0), database_.conninfo(), config_.database,
                                     config_.queue};
  queue::Runner runner(options, base::system_clock(), base::system_random());
  auto kinds = sync::operation_kinds();
  if (with_mirror)
    for (auto& kind : mirror::operation_kinds(observers))
      kinds.push_back(std::move(kind));
  for (const auto& kind : kinds) {
    if (kind.lane != queue::work_lane) continue;
    handlers.push_back(kind.make_handler(context));
    runner.add_handler(kind.name, *handlers.back());
  }
  runner.run_all({}, 200);
}

std::string InboundTest::make_task(const Document& issue) {
  EXPECT_EQ(tell_issue("opened", issue), "verified");
  run();
  return task("id", issue["number"].get<int>());
}

void InboundTest::edit_here(int number, const std::string& assignment) const {
  const auto id = task("id", number);
  database_.execute(
      "begin; update devy.task set version = version + 1, " + assignment + " where id = '" + id +
      "'; insert into devy.record_version (record_id, version, origin, fields) select id, version, "
      "'local', devy.sync_task_fields(id) from devy.task where id = '" +
      id + "'; update devy.sync_link set owed = owed + 1 where id = '" + id + "'; commit");
}

std::string InboundTest::task(const std::string& columns, int number) const {
  return database_.scalar("select concat_ws('|', " + columns +
                          ") from devy.task where id = (select l.id from devy.sync_link l where "
                          "kind = 'task' and github_key = " +
                          std::to_string(number) + ")");
}

std::string InboundTest::link(const std::string& columns, int number) const {
  return database_.scalar(
      "select concat_ws('|', " + columns +
      ") from devy.sync_link where kind = 'task' and github_key = " + std::to_string(number));
}

std::string InboundTest::outcomes() const {
  return database_.scalar(
      "select string_agg(coalesce(s.outcome, o.state::text), ' ' order by o.arrival) "
      "from devy.operation o join devy.sync_operation s on s.operation_id = o.id "
      "where o.direction = 'inbound'");
}

std::string InboundTest::versions(int number) const {
  return database_.scalar(
      "select string_agg(version || ' ' || origin || case when is_lost then ' lost to ' || lost_to "
      "else '' end, ', ' order by version) from devy.record_version where record_id = (select id "
      "from devy.sync_link where kind = 'task' and github_key = " +
      std::to_string(number) + ")");
}

}  // namespace devy::testing

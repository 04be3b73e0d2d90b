#include "tests/integration/sync/outbound/outbound_fixture.hpp"

#include "core/sync/store/verify_store.hpp"

namespace devy::testing {

OutboundFixture::OutboundFixture() {
  control(R"([
    {"do": "create_user", "login": "alice"},
    {"do": "create_repository", "owner": "alice", "name": "notes"},
    {"do": "create_issue", "repository": "alice/notes", "title": "The first", "body": "was there"},
    {"do": "create_comment", "repository": "alice/notes", "number": 1, "body": "so was this"},
    {"do": "create_label", "repository": "alice/notes", "name": "wanted"},
    {"do": "create_milestone", "repository": "alice/notes", "title": "First"},
    {"do": "token", "token": "ghp_mirror", "user": "alice", "scopes": ["repo"]}])");
  add_project();
  alice_ = scalar("select id from devy.account where username = 'alice'");
  bob_ = scalar("select id from devy.account where username = 'bob'");
  connection_ = connect();
  run_all();
  github_.forget_requests();
  github_.forget_deliveries();
}

sync::Added OutboundFixture::add_task(const std::string& title, const std::string& body) {
  auto connection = open();
  sync::NewTask task;
  task.project_id = project_;
  task.author_id = alice_;
  task.title = title;
  task.body = body;
  return sync::add_task(connection, task);
}

sync::Added OutboundFixture::add_comment(const std::string& task, const std::string& body) {
  auto connection = open();
  return sync::add_comment(connection, {task, alice_, body, std::nullopt});
}

sync::Edited OutboundFixture::edit(const std::string& task, const sync::TaskChange& change) {
  auto connection = open();
  return sync::edit_task(connection, task, alice_, std::nullopt, change);
}

void OutboundFixture::run_again() {
  database_.execute(
      "update devy.operation set run_at = clock_timestamp() where state = 'verified';"
      "update devy.sync_link set intent = jsonb_set(intent, '{at}', to_jsonb(now() - interval '1 "
      "hour')) "
      "where intent is not null;"
      "delete from devy.api_pause; delete from devy.owner_gate");
  run_all();
}

std::string OutboundFixture::first_task() const {
  return scalar("select id from devy.task order by number limit 1");
}

nlohmann::json OutboundFixture::issue(std::int64_t number) const {
  const auto state = nlohmann::json::parse(github_.state());
  for (const auto& issue : state["repositories"][0]["issues"])
    if (issue["number"] == number) return issue;
  return nullptr;
}

std::vector<nlohmann::json> OutboundFixture::comments() const {
  std::vector<nlohmann::json> found;
  const auto state = nlohmann::json::parse(github_.state());
  for (const auto& comment : state["repositories"][0]["issue_comments"])
    if (comment["deleted_reason"].is_null()) found.push_back(comment);
  return found;
}

std::int64_t OutboundFixture::number_of(const std::string& task) const {
  return std::stoll(
      scalar("select coalesce(github_key, 0) from devy.sync_link where id = '" + task + "'"));
}

std::vector<std::string> OutboundFixture::requests() const {
  std::vector<std::string> found;
  for (const auto& request : nlohmann::json::parse(github_.requests()))
    found.push_back(request["method"].get<std::string>() + " " +
                    request["path"].get<std::string>());
  return found;
}

std::vector<std::string> OutboundFixture::writes() const {
  auto found = requests();
  std::erase_if(found, [](const auto& request) { return request.starts_with("GET "); });
  return found;
}

std::string OutboundFixture::outcome(const std::string& record) const {
  return scalar(
      "select concat_ws(' ', o.state, s.outcome, o.error_code) from devy.sync_operation s "
      "join devy.operation o on o.id = s.operation_id "
      "where s.link_id = '" +
      record + "' and o.direction = 'outbound' order by o.arrival desc limit 1");
}

std::string OutboundFixture::column(const std::string& record, const std::string& name) const {
  return scalar("select " + name + " from devy.sync_link where id = '" + record + "'");
}

bool OutboundFixture::is_equal() const {
  auto connection = open();
  return sync::compare(connection, connection_).is_equal();
}

}  // namespace devy::testing

#include "tests/integration/gists/outbox/outbox_fixture.hpp"

#include <sys/stat.h>

#include "core/crm/marker.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/queue/rescue.hpp"

namespace devy::outbox {
namespace {

constexpr int turns_max = 200;  // runs until everything has been sent

}  // namespace

int run_lane(const std::string& conninfo, const config::Config& config, int max) {
  const queue::OnProgress on_progress = [](const queue::Progress&) {};
  const queue::HandlerContext context{config, base::system_clock(), base::system_random(),
                                      on_progress};
  CrmHandler handler(context);
  queue::RunnerOptions options{queue::worker_name(7), conninfo, config.database, config.queue};
  options.lane = "crm";
  queue::Runner runner(options, base::system_clock(), base::system_random());
  runner.add_handler(gists::crm_kind, handler);
  return runner.run_all({}, max);
}

// Node takes longer to start than most tests take.
devy::testing::PipedriveState& OutboxFixture::shared_crm() {
  static devy::testing::PipedriveState crm;
  return crm;
}

OutboxFixture::OutboxFixture() {
  crm_.control(R"([{"do": "clear"}, {"do": "reset_faults"}, {"do": "token", "token": ")" +
               std::string(devy::testing::PipedriveState::token) + R"("}])");
  crm_.forget_requests();
  base::log::configure(base::log::Level::error, base::log::Format::logfmt);
  config_.crm.company = "acme";
  config_.crm.api_url = crm_.api_url();
  config_.crm.token_file = folder_ / "token";
  config_.crm.requests_per_2s = 1'000'000;
  devy::testing::write_text(config_.crm.token_file,
                            std::string(devy::testing::PipedriveState::token) + "\n");
  chmod(config_.crm.token_file.c_str(), 0600);
  devy::testing::track_alice(database_);
}

std::string OutboxFixture::value(const std::string& sql) const {
  return database_.scalar(sql);
}

std::vector<std::string> OutboxFixture::rows(const std::string& sql) const {
  return database_.rows(sql);
}

void OutboxFixture::execute(const std::string& sql) const {
  database_.execute(sql);
}

std::string OutboxFixture::store(const std::string& path, const std::string& text) const {
  return devy::testing::store_gist_file(
      database_, path, text, {config_.crm.company, config_.crm.mode, config_.crm.on_edit});
}

void OutboxFixture::wake() const {
  auto connection = pg::Connection::open(database_.conninfo(), config::Database{}, "test");
  static_cast<void>(gists::sweep_crm(connection, crm_settings(config_.crm), {}));
}

void OutboxFixture::let_time_pass() const {
  // In one statement, for a session is quicker than a process of psql.
  static_cast<void>(value(
      "with p as (delete from api_pause), "
      "i as (update crm_item set absent_at = absent_at - interval '1 hour' "
      "where absent_at is not null), "
      "o as (update operation set run_at = clock_timestamp() where state = 'verified') select 1"));
}

int OutboxFixture::run_once() {
  return run_lane(database_.conninfo(), config_, 1);
}

int OutboxFixture::run() {
  int ran = 0;
  for (int turn = 0; turn < turns_max; ++turn) {
    let_time_pass();
    wake();
    const auto now = run_once();
    ran += now;
    if (now == 0) return ran;
  }
  ADD_FAILURE() << "operations do not end: " << states();
  return ran;
}

Document OutboxFixture::entries(const char* kind) const {
  auto there = Document::array();
  const auto state = Document::parse(crm_.state());
  for (const auto& entry : state[kind])
    if (!entry["is_deleted"]) there.push_back(entry);
  return there;
}

std::vector<std::string> OutboxFixture::requests() const {
  std::vector<std::string> lines;
  for (const auto& request : Document::parse(crm_.requests())) {
    const std::string path = request["path"];
    lines.push_back(request["method"].get<std::string>() + " " + path.substr(0, path.find('?')));
  }
  return lines;
}

int OutboxFixture::requests(const std::string& method) const {
  int count = 0;
  for (const auto& line : requests())
    count += line.starts_with(method + " ") ? 1 : 0;
  return count;
}

std::string OutboxFixture::states() const {
  return value(
      "select coalesce(string_agg(count || ' ' || state, ', ' order by state), '') from "
      "(select state, count(*) from crm_item group by state) s");
}

void OutboxFixture::expect_all_sent() const {
  std::map<std::string, std::pair<int, std::string>> notes;  // by item: the number and the note
  for (const auto& activity : activities()) {
    const std::string note = activity["note"];
    const auto marker = crm::marker_of(note);
    ASSERT_TRUE(marker.has_value()) << note;
    EXPECT_TRUE(notes.emplace(marker->item, std::pair{marker->number, note}).second)
        << marker->item << " is there twice";
  }
  const auto items = rows(
      "select c.id, c.state, c.wanted, c.sent, convert_from(v.content, 'UTF8') from crm_item c "
      "join gist_version v on v.gist_file_id = c.gist_file_id and v.number = c.wanted "
      "order by c.id");
  EXPECT_EQ(notes.size(), items.size());
  for (const auto& item : items) {
    const auto id = item.substr(0, item.find('|'));
    const auto& [number, note] = notes[id];
    const auto version = std::to_string(number);
    const auto expected = id + "|sent|" + version + "|" + version + "|";
    ASSERT_TRUE(item.starts_with(expected)) << item << " against " << version;
    EXPECT_NE(note.find("<pre>\n" + item.substr(expected.size()) + "</pre>"), std::string::npos)
        << item << note;
  }
}

}  // namespace devy::outbox

#include "tests/support/publishing/upload_fixture.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "core/platform/base/log.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/systems_run.hpp"
#include "tests/oracle/database.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {

config::Config make_test_config(const std::string& runtime_directory) {
  config::Config config;
  config.runtime_directory = runtime_directory;
  std::filesystem::create_directories(runtime_directory);
  config.git.url_schemes = {"https", "http", "file"};
  config.git.url_hosts = {"127.0.0.1", "localhost"};
  config.git.allow_private_addresses = true;
  config.git.token_host = "127.0.0.1";
  return config;
}

void keep_log_quiet() {
  const bool is_wanted = std::getenv("DEVY_TEST_LOG") != nullptr;
  base::log::configure(is_wanted ? base::log::Level::debug : base::log::Level::off,
                       base::log::Format::logfmt);
}

UploadTest::UploadTest()
    : author_(folder_ / "work"),
      server_(folder_ / "srv"),
      config_(make_test_config(folder_ / "run")),
      conninfo_(database_.conninfo()),
      connection_(pg::Connection::open(database_.conninfo(), config_.database, "test")) {
  keep_log_quiet();
  testing::make_bare_repository(bare());
  publishing::add_account(connection_, "alice", false);
  const auto blog = publishing::connect_blog(
      connection_, {"alice", "blog", server_.url("alice/blog.git"), std::nullopt, std::nullopt});
  blog_id_ = blog.id;
  oracle_.conninfo = database_.conninfo();
  oracle_.blog = blog.id.text();
  oracle_.repository = author_.folder();
}

void UploadTest::TearDown() {
  for (const auto& broken : testing::broken_promises(oracle_))
    ADD_FAILURE() << broken;
  for (const auto& broken : testing::broken_queue_invariants(oracle_.conninfo))
    ADD_FAILURE() << broken;
  EXPECT_EQ(clone_folders(), Lines());
}

std::string UploadTest::push(const std::string& message) {
  auto commit = author_.commit(message);
  author_.force_push(bare());
  oracle_.head = commit;
  return commit;
}

base::UploadId UploadTest::record(const publishing::UploadRequest& request) {
  return publishing::record_upload(connection_, blog(), request).id;
}

publishing::Upload UploadTest::run(const base::UploadId& id, const queue::OnProgress& on_progress) {
  systems::run_here(conninfo_, config_, {.only = id}, on_progress, {});
  return load(id);
}

publishing::Upload UploadTest::push_and_publish() {
  push();
  auto upload = publish();
  EXPECT_EQ(ending(upload), "completed") << upload.error_text.value_or("");
  return upload;
}

publishing::Upload UploadTest::load(const base::UploadId& id) {
  return publishing::load_upload(connection_, id);
}

void UploadTest::make_due() {
  execute("update operation set run_at = clock_timestamp() where state = 'verified'");
}

std::vector<std::string> UploadTest::rows(std::string_view sql) const {
  return database_.rows("set search_path = devy; " + std::string(sql));
}

std::string UploadTest::value(std::string_view sql) const {
  const auto found = rows(sql);
  return found.size() == 1 ? found[0] : "(" + std::to_string(found.size()) + " rows)";
}

void UploadTest::execute(std::string_view sql) const {
  database_.execute("set search_path = devy; " + std::string(sql));
}

std::vector<std::string> UploadTest::posts() const {
  return rows("select path || ' ' || slug from post order by path collate \"C\"");
}

std::vector<std::string> UploadTest::redirects() const {
  return rows(
      "select r.slug || ' ' || p.path from redirect r join post p on p.id = r.post_id "
      "order by r.slug collate \"C\"");
}

std::vector<std::string> UploadTest::file_errors() const {
  std::vector<std::string> texts;
  for (const auto& row :
       rows("select path || ':' || line || ':' || col || ': ' || message from file_error "
            "order by path collate \"C\""))
    texts.push_back(row);
  return texts;
}

std::string UploadTest::row_version(const std::string& path) const {
  return value("select xmin || '/' || version from post where path = '" + path + "'");
}

std::string UploadTest::digest() const {
  return value(
      "select md5(coalesce((select string_agg(p::text, ',' order by id) from post p), '')"
      " || coalesce((select string_agg(r::text, ',' order by r.slug) from redirect r), '')"
      " || coalesce((select string_agg(v::text, ',' order by post_id, version) from revision v),"
      " ''))");
}

std::vector<std::string> UploadTest::clone_folders() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(config_.runtime_directory))
    names.push_back(entry.path().filename());
  return names;
}

bool UploadTest::wait_for(const std::function<bool()>& condition) {
  constexpr std::chrono::seconds upload_patience{20};
  const auto deadline =
      std::chrono::steady_clock::now() + devy::testing::time_factor * upload_patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    pause_before_looking_again();
  }
  return true;
}

bool UploadTest::wait_for_a_blocked_session() const {
  return wait_for([&] {
    return value(
               "select count(*) > 0 from pg_stat_activity where wait_event_type = 'Lock'"
               " and datname = current_database()") == "t";
  });
}

publishing::Blog UploadTest::blog() {
  return publishing::find_blog_by_id(connection_, blog_id_);
}

std::string changes_text(const publishing::Upload& upload) {
  if (!upload.changes) return "none";
  const auto& changes = *upload.changes;
  std::string text;
  for (const auto count : {changes.created, changes.updated, changes.renamed, changes.deleted,
                           changes.unchanged, changes.file_errors})
    text += (text.empty() ? "" : " ") + std::to_string(count);
  return text;
}

std::string ending(const publishing::Upload& upload) {
  const std::string state(queue::to_string(upload.state));
  return upload.error_code ? state + "/" + *upload.error_code : state;
}

}  // namespace devy::testing

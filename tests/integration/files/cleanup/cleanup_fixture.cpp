#include "tests/integration/files/cleanup/cleanup_fixture.hpp"

#include <filesystem>

#include "core/platform/base/hex.hpp"
#include "core/systems_run.hpp"

namespace devy::cleanup {

CleanupFixture::CleanupFixture() {
  config_.files.enabled = true;
  config_.files.directory = folder_ / "files";
  const auto storage = files::add_storage(connection_, config_.files.node, config_.files.directory);
  storage::Disk::prepare(config_.files.directory, storage.instance);
  disk_ = receive::open_disk(connection_, config_.files);
  owner_ = files::find_owner(connection_, {7, "", "alice"});
}

pg::Connection CleanupFixture::open() const {
  return pg::Connection::open(database_.conninfo(), config::Database{}, "test");
}

receive::Stored CleanupFixture::upload(const std::string& name, const std::string& bytes,
                                       bool is_temporary) {
  receive::Batch batch(config_.files, *disk_, {owner_, is_temporary});
  batch.begin_file();
  batch.write(bytes);
  batch.end_file(name, "");
  return batch.store(connection_);
}

std::string CleanupFixture::run(const char* kind) {
  auto connection = open();
  return run(
      files::record_operation(connection, kind, config_.files.node, queue::Source::operator_).id);
}

std::string CleanupFixture::run(const base::OperationId& id) {
  constexpr int turns_max = 10;
  for (int turn = 0; turn < turns_max; ++turn)
    if (systems::run_here(database_.conninfo(), config_, {.only = id},
                          [](const queue::Progress&) {}, {}) == 0)
      break;
  return value("select state from operation where id = '" + id.text() + "'");
}

std::string CleanupFixture::value(const std::string& sql) const {
  return database_.scalar("set search_path = devy; " + sql);
}

void CleanupFixture::execute(const std::string& sql) const {
  database_.execute("set search_path = devy; " + sql);
}

void CleanupFixture::delete_long_ago(const files::File& file) {
  EXPECT_EQ(files::delete_file(connection_, file.id, {}, "test"), "deleted");
  execute("update file set deleted_at = now() - interval '25 hours' where id = '" + file.id.text() +
          "'");
}

std::string CleanupFixture::place(const std::string& bytes) const {
  const auto hex = base::to_hex(base::sha256(bytes));
  return folder_ / ("files/objects/" + hex.substr(0, 2) + "/" + hex.substr(2, 2) + "/" + hex);
}

std::string CleanupFixture::state_of(const std::string& bytes) const {
  return value("select coalesce((select state || ' ' || storage from content where sha256 = '\\x" +
               base::to_hex(base::sha256(bytes)) + "'), 'absent')");
}

bool CleanupFixture::is_there(const std::string& bytes) const {
  return std::filesystem::exists(place(bytes));
}

void CleanupFixture::write_orphan(const std::string& bytes, int age) const {
  const std::filesystem::path path = place(bytes);
  std::filesystem::create_directories(path.parent_path());
  devy::testing::write_text(path, bytes);
  std::filesystem::last_write_time(
      path, std::filesystem::file_time_type::clock::now() - std::chrono::seconds(age));
}

bool CleanupFixture::is_clean() {
  return comparison::verify(connection_, *disk_, {config_.files.node, {}, true}).is_clean();
}

}  // namespace devy::cleanup

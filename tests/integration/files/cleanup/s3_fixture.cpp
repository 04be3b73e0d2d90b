#include "tests/integration/files/cleanup/s3_fixture.hpp"

#include "core/files/receive/depot.hpp"

namespace devy::cleanup {

std::string large_bytes(char seed) {
  constexpr std::size_t size = 11UL * 1024 * 1024;
  std::string bytes(size, seed);
  for (std::size_t i = 0; i < size; i += 1000)
    bytes[i] = static_cast<char>(i / 1000);
  return bytes;
}

S3Fixture::S3Fixture() {
  config_.files.storage = "s3";
  config_.files.free_bytes_min = 0;
  config_.files.s3 = devy::testing::Swift::shared().settings();
  config_.files.s3.part_bytes = 5 * config::mebibyte;
  client_ = s3::make_client(config_.files.s3);
}

files::File S3Fixture::upload_and_settle(const std::string& name, const std::string& bytes) {
  auto stored = upload(name, bytes);
  receive::Depot(config_.files)
      .settle(stored.files, *disk_,
              [&](const std::function<void(pg::Connection&)>& work) { work(connection_); });
  return stored.files.front();
}

std::string S3Fixture::store(const std::string& bytes) {
  const auto sha256 = base::sha256(bytes);
  auto id = files::find_store(connection_, sha256);
  if (!id)
    id = files::record_store(connection_, sha256, config_.files.node, queue::Source::operator_);
  return run(*id);
}

files::Placed S3Fixture::placed(const std::string& bytes) {
  return files::find_placed(connection_, base::sha256(bytes)).value_or(files::Placed{});
}

std::string S3Fixture::key(const std::string& bytes) {
  return storing::key_of(config_.files.s3, base::sha256(bytes), placed(bytes).generation);
}

std::string S3Fixture::object(const std::string& bytes) {
  std::string found;
  const bool is_right = storing::read_content(*client_, config_.files.s3, placed(bytes),
                                              [&](std::string_view piece) { found += piece; });
  return is_right ? found : "absent";
}

std::string S3Fixture::in_s3() {
  int objects = 0, open = 0;
  client_->list([&](const s3::Object&) { ++objects; });
  client_->list_multiparts([&](const s3::OpenMultipart&) { ++open; });
  return std::to_string(objects) + " objects, " + std::to_string(open) + " open";
}

comparison::Findings S3Fixture::verify(bool reads_content) {
  comparison::Request request;
  request.node = config_.files.node;
  request.reads_content = reads_content;
  request.s3 = client_.get();
  request.s3_settings = &config_.files.s3;
  return comparison::verify(connection_, *disk_, request);
}

void S3Fixture::use_wrong_key() {
  config_.files.s3.credentials_file = folder_ / "wrong";
  devy::testing::write_credentials(folder_ / "wrong", "test:tester", "wrong");
}

}  // namespace devy::cleanup

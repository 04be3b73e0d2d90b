#include "tests/integration/platform/git/fixture.hpp"

#include <filesystem>

namespace devy::git {

FetchTest::FetchTest()
    : author_(folder_ / "work"), server_(folder_ / "srv"), url_(server_.url("alice/blog.git")) {
  testing::make_bare_repository(bare());
  config_.runtime_directory = folder_ / "run";
  std::filesystem::create_directories(config_.runtime_directory);
  config_.git.url_schemes = {"https", "http", "file"};
  config_.git.url_hosts = {"127.0.0.1", "localhost"};
  config_.git.allow_private_addresses = true;
  config_.git.token_host = "127.0.0.1";
}

std::string FetchTest::publish(const std::string& text) {
  author_.write_file("posts/hello.md", text);
  auto commit = author_.commit();
  author_.force_push(bare());
  return commit;
}

Clone FetchTest::fetch(const FetchRequest& request) {
  return Clone::fetch(config_, request, {});
}

base::Error FetchTest::error_of(const FetchRequest& request) {
  try {
    static_cast<void>(fetch(request));
  } catch (const base::Error& error) {
    return error;
  }
  ADD_FAILURE() << "the fetch worked";
  return {base::ErrorKind::internal, ""};
}

std::vector<std::string> FetchTest::clone_folders() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(config_.runtime_directory))
    names.push_back(entry.path().filename());
  return names;
}

std::vector<std::string> FetchTest::paths_of(const Clone& clone, std::string_view root,
                                             std::vector<snapshot::FileError>* warnings) {
  std::vector<std::string> paths;
  std::vector<snapshot::FileError> ignored;
  clone.walk(
      root, [](std::string_view) { return true; },
      [&](const TreeFile& file) {
        paths.push_back(file.path + (file.kind == FileKind::symlink     ? "@"
                                     : file.kind == FileKind::submodule ? "%"
                                                                        : ""));
      },
      warnings == nullptr ? ignored : *warnings);
  return paths;
}

CommitId commit_id(const std::string& hex) {
  return CommitId::parse(hex).value();
}

}  // namespace devy::git

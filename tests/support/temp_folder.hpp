#pragma once
// A folder of one test, gone with it. Other users may pass through it, because PostgreSQL runs as
// one of them where root runs the tests. Throws std::runtime_error. Move nothing into a thread that
// outlives it.

#include <filesystem>
#include <string_view>

namespace devy::testing {

class TempFolder {
 public:
  explicit TempFolder(std::string_view name = "test");
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace devy::testing

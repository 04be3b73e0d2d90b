#pragma once
// A folder for one test, removed with everything in it when the object goes. In memory where that
// is possible: the tests write a lot of small files. Move-only; any thread.

#include <string>
#include <string_view>

namespace devy::testing {

class TempFolder {
 public:
  TempFolder();
  TempFolder(TempFolder&& other) noexcept;
  TempFolder& operator=(TempFolder&&) = delete;
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();

  [[nodiscard]] const std::string& path() const { return path_; }
  // path() + "/" + name
  [[nodiscard]] std::string operator/(std::string_view name) const;

 private:
  std::string path_;
};

// Whole files, folders above them made as needed. Throw std::runtime_error.
void write_text(const std::string& path, std::string_view text);
[[nodiscard]] std::string read_text(const std::string& path);

}  // namespace devy::testing

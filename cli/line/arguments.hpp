#pragma once
// The values given to one command, by the names of its positionals and options. They were checked
// against their kind and choices; defaults are filled in. A value type; any thread may read it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"

namespace devy::cli {

class Arguments {
 public:
  void set(std::string name, std::vector<std::string> values);

  // True when it was given or has a default; for flags, when it was given.
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;  // the last one
  [[nodiscard]] std::string required(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;
  [[nodiscard]] std::optional<base::Duration> duration(std::string_view name) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace devy::cli

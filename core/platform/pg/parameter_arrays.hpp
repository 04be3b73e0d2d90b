#pragma once
// Converts a statement's parameters to the arrays that libpq expects. They live on the stack of a
// call and borrow from Params. Private to this folder. Throws Error(internal) for more parameters
// than it has room for.

#include <array>
#include <string>

#include "core/platform/base/error.hpp"
#include "core/platform/pg/statement.hpp"

namespace devy::pg {

class ParameterArrays {
 public:
  ParameterArrays(const Statement& statement, const Params& params) {
    const auto& values = params.values();
    if (values.size() > pointers_.size())
      throw base::Error(base::ErrorKind::internal,
                        std::string("too many parameters for ") + statement.name);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto& [content, is_binary] = values[i];
      pointers_[i] = content ? content->c_str() : nullptr;
      // Libpq reads it for binary parameters only.
      lengths_[i] = content ? static_cast<int>(content->size()) : 0;
      formats_[i] = is_binary ? 1 : 0;
      bytes_ += content ? content->size() : 0;
    }
    count_ = static_cast<int>(values.size());
  }
  [[nodiscard]] const char* const* data() const { return pointers_.data(); }
  [[nodiscard]] const int* lengths() const { return lengths_.data(); }
  [[nodiscard]] const int* formats() const { return formats_.data(); }
  [[nodiscard]] int count() const { return count_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t count_max = 48;
  std::array<const char*, count_max> pointers_{};
  std::array<int, count_max> lengths_{}, formats_{};
  std::size_t bytes_ = 0;
  int count_ = 0;
};

}  // namespace devy::pg

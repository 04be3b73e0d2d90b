#pragma once
// An untrusted JSON document from a server: its depth is bounded, and a member of another type than
// requested counts as absent. Private to core/github. A value; one thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace devy::github {

class Document {
 public:
  // Throws Error(unavailable, "github_garbage") for invalid JSON, such as a proxy's page or a
  // truncated response; another try may succeed.
  [[nodiscard]] static Document parse(std::string_view json);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  [[nodiscard]] bool is_array() const;
  // Reads a member of an object; returns nothing when it is absent or of another type.
  [[nodiscard]] std::optional<std::string> text(const char* name) const;
  [[nodiscard]] std::optional<std::int64_t> number(const char* name) const;
  [[nodiscard]] bool boolean(const char* name) const;
  [[nodiscard]] std::optional<Document> object(const char* name) const;
  [[nodiscard]] std::vector<std::string> texts(const char* name) const;
  // Returns those elements of an array that are objects.
  [[nodiscard]] std::vector<Document> elements() const;

 private:
  struct Value;
  explicit Document(std::unique_ptr<Value> value);
  std::unique_ptr<Value> value_;
};

}  // namespace devy::github
